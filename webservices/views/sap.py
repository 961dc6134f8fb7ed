"""
SAP CPQ's addresses: `POST` makes a call, `GET …?wsdl` gives the WSDL, any other `GET` lists the functions.

    POST /wsAPI/CPQAPI.asmx         a SOAP request; `/wsapi/cpqapi.asmx` likewise
    GET  /wsAPI/CPQAPI.asmx?wsdl    the WSDL
    GET  /wsAPI/CPQAPI.asmx?xsd     the schema of the customers inside it
    …    /wsAPI/wssrv.asmx          all the same as the service WsSrv: where old clients look for doUSeeMe
"""

import re

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import re_path
from django.utils.html import format_html, format_html_join
from django.views.decorators.csrf import csrf_exempt

from webservices.conf import configured_settings
from webservices.endpoint import serve
from webservices.views.calls import CallAddress
from webservices.views.contracts import (
    METHODS,
    contract_response,
    drop_body_for_head,
    method_not_allowed,
    wsdl_parameter,
)
from webservices.views.http import http_response, server_address, wire_request
from webservices.wire.dialects.sap.dialect import SAP
from webservices.wire.dialects.sap.names import SERVICES
from webservices.wire.dialects.sap.wsdl import SAYS, schema, wsdl
from webservices.wire.operations import Operations

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{service} Web Service</title></head>
<body><h1>{service}</h1>
<p>The following operations are supported. For a formal definition, see the
<a href="{path}?wsdl">Service Description</a>
and the <a href="{path}?xsd">schema of customers</a>. Send SOAP requests by POST to this address.</p>
<dl>{functions}</dl></body></html>
"""


PATHS = {path.rpartition("/")[2].lower(): path for path in SERVICES}  # by the file's name


@csrf_exempt
def asmx(request: HttpRequest, name: str) -> HttpResponseBase:
    """Serve CustomerAdministration and doUSeeMe."""
    if request.method == "POST":
        return http_response(serve(SAP, wire_request(request)))
    if request.method not in METHODS:
        return method_not_allowed(request)
    return drop_body_for_head(request, _contract_or_page(request, PATHS[name.lower()]))


def _contract_or_page(request: HttpRequest, path: str) -> HttpResponseBase:
    if wsdl_parameter(request) is not None:
        return contract_response(request, _write, server_address(request) + path, configured_settings(SAP).limits)
    if any(name.lower() == "xsd" for name in request.GET):
        return contract_response(request, schema)
    functions = format_html_join("", "<dt>{}</dt><dd>{}</dd>", SAYS.items())
    return HttpResponse(format_html(PAGE, service=SERVICES[path], path=path, functions=functions))


def _write(address: str, limits: str, operations: Operations) -> bytes:
    return wsdl(address, operations, limits)


ADDRESS = r"ws(?:API|api)/(?P<name>(?i:cpqapi|wssrv)\.asmx)/?"
CALLS = (CallAddress(re.compile(f"/{ADDRESS}"), SAP),)
SERVICE_PREFIXES = ("/wsAPI/", "/wsapi/")
urlpatterns = [re_path(f"^{ADDRESS}$", asmx)]
