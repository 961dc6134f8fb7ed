"""REST in a browser: DRF's browsable page around the same answer."""

from collections.abc import Mapping
from typing import Any

from django.forms import Form
from rest_framework.renderers import BaseRenderer, BrowsableAPIRenderer
from rest_framework.request import Request

from records.shapes.ordering import DESCENDING, is_sortable
from records.shapes.problems import ProblemError
from records.shapes.resources import Resource
from webservices.wire.contracts.examples import example_record
from webservices.wire.dialects.rest.names import BASE, LINES_TYPE, Entry, collection_path
from webservices.wire.dialects.rest.values import request_tree
from webservices.wire.json import Json, read_json, write_json
from webservices.wire.messages import WireResponse


class WireRenderer(BaseRenderer):
    """The dialect's own bytes, as they are; indented inside a page."""

    media_type = "application/json"
    format = "json"
    # The bytes are encoded already: DRF would name this charset in the Content-Type of JSON, which has none.
    charset = None

    def render(self, data: WireResponse, accepted_media_type=None, renderer_context=None) -> bytes:
        # DRF's page sets `indent` where it shows the answer; a program gets the bytes as they are.
        if "indent" not in (renderer_context or {}) or not data.body:
            return data.body
        try:
            return write_json(read_json(data.body), indent=2).encode()
        except ProblemError:
            return data.body


class LinesRenderer(WireRenderer):
    """The bytes of a list whose records are lines."""

    media_type = LINES_TYPE
    format = "ndjson"


class BrowsableRenderer(BrowsableAPIRenderer):
    """The page; its forms begin with the record that was answered, or with the declared example."""

    renderer_context: dict[str, Any]

    def get_context(self, data, accepted_media_type, renderer_context) -> dict[str, Any]:
        # The style sheet of its coloured examples would stand in the page, and there are none.
        context = super().get_context(data, accepted_media_type, renderer_context) | {"code_style": ""}
        view, request = renderer_context["view"], renderer_context["request"]
        resource: Resource | None = getattr(view, "resource", None)
        return context | (_list_form(resource, request) if resource and view.entry is Entry.MANY else {})

    def get_breadcrumbs(self, request: Request) -> list[tuple[str, str]]:
        view = self.renderer_context["view"]
        crumbs = [("REST", BASE)]
        if resource := getattr(view, "resource", None):
            crumbs.append((resource.label_plural, collection_path(resource)))
            if view.entry is not Entry.MANY:
                crumbs.append((view.kwargs.get("key", "batch"), request.get_full_path()))
        return crumbs

    def get_raw_data_form(self, data: WireResponse, view, method: str, request: Request) -> Form | None:
        form = super().get_raw_data_form(data, view, method, request)
        resource: Resource | None = getattr(view, "resource", None)
        if form is None or resource is None:
            return form
        form.fields["_content"].initial = write_json(_proposal(data, view.entry, resource), indent=2)
        form.fields["_content"].widget.attrs["spellcheck"] = "false"
        return form


def _list_form(resource: Resource, request: Request) -> dict[str, object]:
    """Return what the form of a list shows: its words and its order; other parameters stay, but for the cursor."""
    names = [field.name for field in resource.fields if is_sortable(field)]
    parameters = request.query_params
    ordering = parameters.get("ordering", "")
    orders = [("Ascending", names), ("Descending", [f"{DESCENDING}{name}" for name in names])]
    # One that the address alone can say: by several fields.
    if ordering and not any(ordering in listed for _, listed in orders):
        orders.insert(0, ("As it is", [ordering]))
    list_form = {
        "many": resource.label_plural.lower(),
        "search": parameters.get("search", ""),
        "ordering": ordering,
        "own_order": ", ".join(resource.order),
        "orders": orders,
        "others": [
            (name, value)
            for name, values in parameters.lists()
            for value in values
            if name not in ("search", "ordering", "cursor")
        ],
    }
    return {"list_form": list_form}


def _proposal(answer: WireResponse, entry: Entry, resource: Resource) -> Json | Mapping:
    """Return the record that a form proposes to send."""
    example = request_tree(resource, example_record(resource))
    match entry:
        case Entry.BATCH:
            # A dry run, so that the first press of the page's button changes nothing.
            return {"verb": "put", "records": [example], "dry_run": True, "all_or_none": False}
        case Entry.ONE if answer.status == 200:
            return read_json(answer.body)
    return example
