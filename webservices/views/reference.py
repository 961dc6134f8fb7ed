"""
The reference pages: every operation and field of every dialect, as this site has them.

    GET /docs/reference/                       all dialects
    GET /docs/reference/oracle-2.0/            its kinds of record, what it does not offer and why, its contracts
    GET /docs/reference/oracle-2.0/parts/      operations, fields and an example of each call

`manage.py export_reference` writes the same pages to files.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import path
from django.views.decorators.http import require_safe

from records.shapes.resources import Resource
from webservices.conf import configured_settings
from webservices.publishing import for_site
from webservices.views.contracts import contract_response, text_response
from webservices.wire.dialects.base import Dialect
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.operations import Operations
from webservices.wire.reference.pages import contract_addresses, reference_page, resource_plurals

ADDRESS = "/docs/reference/"
STYLESHEET = "webservices/documentation.css"
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Links:
    """
    The targets of a page's links, which differ between the site and files.

    root        of the index, with a slash at its end
    file        the name of a page in its folder; "" on the site
    stylesheet  the address of the style sheet
    site        before addresses of the site that are no reference pages
    """

    root: str
    file: str
    stylesheet: str
    site: str = ""


@dataclass(frozen=True)
class DialectEntry:
    """A dialect for the templates: the resources that it offers, those that it does not with the reasons, contracts."""

    name: str
    label: str
    resources: Sequence[Resource]
    declined: Sequence[tuple[Resource, str]]
    contracts: Sequence[tuple[str, str]]
    limits: str


@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    return _page(request)


@require_safe
def dialect_page(request: HttpRequest, dialect: str) -> HttpResponseBase:
    return _page(request, dialect)


@require_safe
def resource_page(request: HttpRequest, dialect: str, plural: str) -> HttpResponseBase:
    return _page(request, dialect, plural)


urlpatterns = [
    path("", index, name="reference"),
    path("<str:dialect>/", dialect_page, name="reference-dialect"),
    path("<str:dialect>/<str:plural>/", resource_page, name="reference-resource"),
]


class UnknownPageError(LookupError):
    """No dialect of this name, or none that offers these records."""


def _page(request: HttpRequest, *names: str) -> HttpResponseBase:
    """A page from the cache of contracts, to whom contracts are given."""
    try:
        return contract_response(request, _write, names, content_type=HTML)
    except UnknownPageError:
        return text_response("There is no such page; /docs/reference/ lists all.", 404)


def _write(names: tuple[str, ...], operations: Operations) -> bytes:
    """Write the page that the names in its address mean."""
    dialects = {dialect.name: for_site(dialect, operations.generation) for dialect in DIALECTS}
    return render_page(names, dialects, operations, Links(ADDRESS, "", static(STYLESHEET))).encode()


def render_page(names: Sequence[str], dialects: dict[str, Dialect], operations: Operations, links: Links) -> str:
    """
    Render the index, the page of a dialect or that of a resource, by the names in its address.

    Raises UnknownPageError.
    """
    values: dict[str, object] = {"dialects": [*dialects.values()], "links": links}
    match names:
        case []:
            values["dialects"] = [dialect_entry(dialect, operations) for dialect in dialects.values()]
            return render_to_string("webservices/reference/index.html", values)
        case [name] if name in dialects:
            values["dialect"] = dialect_entry(dialects[name], operations)
            return render_to_string("webservices/reference/dialect.html", values)
        case [name, plural] if name in dialects:
            page = reference_page(dialects[name], plural, operations)
            if page is not None:
                values |= {"dialect": dialect_entry(dialects[name], operations), "page": page}
                return render_to_string("webservices/reference/resource.html", values)
    # Raised, not returned: exceptions are not cached, so made-up names push no page out of the cache.
    raise UnknownPageError("/".join(names))


def dialect_entry(dialect: Dialect, operations: Operations) -> DialectEntry:
    """Collect what a dialect offers of the operations, what it declines, and its contracts."""
    resources = {operation.resource.plural: operation.resource for operation in operations}
    offered = resource_plurals(dialect, operations)
    # An admin may have published what the dialect declines by itself.
    declined = [(resources[plural], reason) for plural, reason in dialect.declined.items() if plural not in offered]
    offered_resources = [resources[plural] for plural in offered]
    contracts, limits = contract_addresses(dialect, operations), configured_settings(dialect).limits
    return DialectEntry(dialect.name, dialect.label, offered_resources, declined, contracts, limits)
