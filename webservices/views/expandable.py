"""
Expandable's addresses: `POST` makes a call, `GET` on a help page shows it.

    POST /api/customer-part-create      a call
    POST /api/CustomerPart/Create       the same in the older generation
    GET  /help/                         all calls
    GET  /help/customer-part-create     what it takes and answers, with a console to try it
    GET  /help/openapi.json             the same of all calls, for programs
"""

import re
from typing import cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from webservices.conf import configured_settings
from webservices.endpoint import serve
from webservices.publishing import current_operations
from webservices.views.calls import CallAddress
from webservices.views.contracts import contract_refusal, contract_response, drop_body_for_head
from webservices.views.http import http_response, mark_logged, wire_request
from webservices.wire.dialects.expandable.calls import ADDRESS_PREFIXES, OLD_ADDRESS
from webservices.wire.dialects.expandable.context import ExpandableSettings
from webservices.wire.dialects.expandable.dialect import EXPANDABLE
from webservices.wire.dialects.expandable.help import help_page, menu, request_examples
from webservices.wire.dialects.expandable.openapi import document
from webservices.wire.json import write_json
from webservices.wire.operations import Operations


@csrf_exempt
def call(request: HttpRequest) -> HttpResponseBase:
    """Make any call; refuse what is no call, or no POST, in the same form."""
    return drop_body_for_head(request, http_response(serve(EXPANDABLE, wire_request(request))))


@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    """Show all calls."""
    return contract_refusal(request) or _page(
        request, "index", {"menu": menu(current_operations()), "limits": configured_settings(EXPANDABLE).limits}
    )


@require_safe
def page(request: HttpRequest, name: str) -> HttpResponseBase:
    """Show one call; for an unknown name, all calls."""
    if refusal := contract_refusal(request):
        return refusal
    operations = current_operations()
    settings = cast(ExpandableSettings, configured_settings(EXPANDABLE))
    call_page = help_page(name, operations, settings)
    values = {"menu": menu(operations), "page": call_page, "unknown": name[:60], "limits": settings.limits}
    return _page(request, "page" if call_page else "index", values, 200 if call_page else 404)


@require_safe
def openapi(request: HttpRequest) -> HttpResponseBase:
    return contract_response(request, _openapi, configured_settings(EXPANDABLE).limits, content_type="application/json")


def _openapi(limits: str, operations: Operations) -> bytes:
    settings = cast(ExpandableSettings, configured_settings(EXPANDABLE))
    examples = request_examples(operations, settings)
    return write_json(document(operations, limits=limits, examples=examples, settings=settings), indent=1).encode()


def _page(request: HttpRequest, name: str, values: dict, status: int = 200) -> HttpResponseBase:
    response = render(request, f"webservices/expandable/{name}.html", values, status=status)
    mark_logged(response)  # the address may hold anything
    return response


# Every call has a hyphen in its name, or the resource of the older generation, which keeps REST's own /api/v1/ out.
ADDRESS = f"(?:api/[^/]+-[^/]+/?|{OLD_ADDRESS})"
CALLS = (CallAddress(re.compile(f"/{ADDRESS}"), EXPANDABLE),)
SERVICE_PREFIXES = ADDRESS_PREFIXES  # the help pages stand outside: they are rendered as any page of the site
urlpatterns = [
    re_path(f"^{ADDRESS}$", call),
    path("help/", index, name="expandable-help"),
    path("help/openapi.json", openapi, name="expandable-openapi"),
    re_path(r"^help/(?P<name>[^/]+)/?$", page, name="expandable-help-page"),
]
