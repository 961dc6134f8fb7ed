"""
Expandable's addresses: `POST` on a call goes through the door, `GET` on a help page shows it.

    POST /api/customer-part-create      a call
    GET  /help/                         all calls
    GET  /help/customer-part-create     what it takes and answers, with a console to try it
    GET  /help/openapi.json             the same of all calls, for programs
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from webservices.conf import settings_of
from webservices.endpoint import serve
from webservices.publishing.site_operations import current_operations
from webservices.views.contracts import contract, refused, without_body
from webservices.views.http import http_response, wire_request
from webservices.views.rest.contract import POLICY
from webservices.wire.dialects.expandable.dialect import EXPANDABLE
from webservices.wire.dialects.expandable.help import help_page, menu
from webservices.wire.dialects.expandable.openapi import document
from webservices.wire.json import write_json
from webservices.wire.operations import Operations


@csrf_exempt
def call(request: HttpRequest) -> HttpResponse:
    """Any call; what is no call, or no POST, is refused in the same form."""
    return without_body(request, http_response(serve(EXPANDABLE, wire_request(request))))


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All calls."""
    return refused(request) or _page(request, "index", {"menu": menu(current_operations())})


@require_safe
def page(request: HttpRequest, name: str) -> HttpResponse:
    """One call; of what is none, all calls."""
    if refusal := refused(request):
        return refusal
    operations = current_operations()
    found = help_page(name, operations, settings_of(EXPANDABLE))
    shown = {"menu": menu(operations), "page": found, "unknown": name[:60]}
    return _page(request, "page" if found else "index", shown, 200 if found else 404)


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    return contract(request, _openapi, content_type="application/json")


def _openapi(operations: Operations) -> bytes:
    return write_json(document(operations), indent=1).encode()


def _page(request: HttpRequest, name: str, shown: dict, status: int = 200) -> HttpResponse:
    response = render(request, f"webservices/expandable/{name}.html", shown, status=status)
    response["Content-Security-Policy"] = POLICY
    response._has_been_logged = True  # the address may hold anything
    return response
