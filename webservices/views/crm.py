"""
CRM-service's addresses: a documentation page, and one service per manager.

    GET  /CrmIntegrationWebservice/                                        all managers, methods and types
    GET  /CrmIntegrationWebservice/service.php?class=productManager        those of one manager
    GET  /CrmIntegrationWebservice/service.php?class=productManager&wsdl   its WSDL
    GET  /CrmIntegrationWebservice/encoding.xsd                            what that imports
    POST /CrmIntegrationWebservice/service.php?class=productManager        a SOAP request
"""

import re
from typing import cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from records.shapes.problems import ProblemError
from webservices.conf import configured_settings, server_settings
from webservices.endpoint import serve
from webservices.publishing import current_operations
from webservices.views.calls import CallAddress
from webservices.views.contracts import (
    METHODS,
    contract_refusal,
    contract_response,
    drop_body_for_head,
    method_not_allowed,
    text_response,
    wsdl_parameter,
)
from webservices.views.http import http_response, server_address, wire_request
from webservices.wire.contracts.wsdl_rpc import encoding_schema
from webservices.wire.dialects.crm.context import CrmSettings
from webservices.wire.dialects.crm.dialect import CRM
from webservices.wire.dialects.crm.documentation import documentation
from webservices.wire.dialects.crm.methods import MANAGERS
from webservices.wire.dialects.crm.names import PLACE, SERVICE
from webservices.wire.dialects.crm.read import find_manager
from webservices.wire.dialects.crm.wsdl import wsdl
from webservices.wire.operations import Operations


@csrf_exempt
def service(request: HttpRequest) -> HttpResponseBase:
    """Serve the manager that the query names."""
    if request.method == "POST":
        return http_response(serve(CRM, wire_request(request)))
    if request.method not in METHODS:
        return method_not_allowed(request)
    return drop_body_for_head(request, _contract_or_page(request))


def _contract_or_page(request: HttpRequest) -> HttpResponseBase:
    try:
        manager = find_manager(request.META.get("QUERY_STRING", ""))
    except ProblemError as refusal:
        return text_response(f"{refusal.problem.sentence()}\n", 404)
    if wsdl_parameter(request) is None:
        return _page(request, manager)
    address = f"{server_address(request)}{SERVICE}?class={manager}"
    return contract_response(request, wsdl, manager, address, configured_settings(CRM))


def documentation_page(request: HttpRequest) -> HttpResponseBase:
    """Show all managers."""
    if request.method not in ("GET", "HEAD"):
        return method_not_allowed(request, "GET", "HEAD")
    return drop_body_for_head(request, _page(request))


def encoding_contract(request: HttpRequest) -> HttpResponseBase:
    """Give the schema that the WSDLs import."""
    if request.method not in ("GET", "HEAD"):
        return method_not_allowed(request, "GET", "HEAD")
    return drop_body_for_head(request, contract_response(request, _write_encoding))


def _write_encoding(operations: Operations) -> bytes:
    return encoding_schema()


def _page(request: HttpRequest, manager: str = "") -> HttpResponseBase:
    if refusal := contract_refusal(request):
        return refusal
    settings = cast(CrmSettings, configured_settings(CRM))
    context = {
        "described": documentation(current_operations(), settings, manager),
        "manager": manager,
        "links": [(name, f"{SERVICE}?class={name}" if manager else f"#{name}") for name in MANAGERS],
        "address": server_address(request),
        "minutes": server_settings().key_session_minutes,
    }
    return render(request, "webservices/crm/documentation.html", context)


CALLS = (CallAddress(re.compile(re.escape(SERVICE)), CRM),)
SERVICE_PREFIXES = (SERVICE,)  # the pages stand outside: they are rendered as any page of the site
urlpatterns = [
    path(PLACE[1:], documentation_page, name="crm-documentation"),
    path(f"{PLACE[1:]}encoding.xsd", encoding_contract),
    path(SERVICE[1:], service),
]
