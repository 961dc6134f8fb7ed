"""
SAP CPQ's addresses: `POST` makes a call, `GET …?wsdl` gives the WSDL, any other `GET` a page for people.

    POST /wsAPI/wssrv.asmx                                 a SOAP request; the address is taken in any case
    GET  /wsAPI/wssrv.asmx                                 the functions of the service
    GET  /wsAPI/wssrv.asmx?op=SimpleProductAdministration  one of them, with samples of its messages
    GET  /wsAPI/wssrv.asmx?wsdl                            the WSDL
    GET  /wsAPI/wssrv.asmx?xsd                             the schema of the documents inside the messages
    …    /wsAPI/wssrv.asmx/SimpleProductAdministration     refused: neither service takes parameters by GET or as a form
    …    /wsAPI/CPQAPI.asmx                                likewise, with the functions for customers
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
    text_response,
    wsdl_parameter,
)
from webservices.views.http import http_response, server_address, wire_request
from webservices.wire.dialects.sap.dialect import SAP
from webservices.wire.dialects.sap.functions import ADMIN_PATH, SERVICES, Function, functions_at
from webservices.wire.dialects.sap.product_schema import product_schema
from webservices.wire.dialects.sap.samples import sample_request, sample_response
from webservices.wire.dialects.sap.wsdl import schema, wsdl
from webservices.wire.operations import Operations
from webservices.wire.soap.versions import SOAP_11, SOAP_12

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>{title}</title></head>
<body><h1>{service}</h1>
{content}</body></html>
"""
LIST = """<p>The following operations are supported. For a formal definition, see the
<a href="{path}?wsdl">Service Description</a>
and the <a href="{path}?xsd">schema of the documents</a>. Send SOAP requests by POST to this address.</p>
<dl>{functions}</dl>
"""
FUNCTION = """<p>Click <a href="{path}">here</a> for a complete list of operations.</p>
<h2>{name}</h2><p>{says}</p>
{samples}
"""
SAMPLE = """<h3>SOAP {version}</h3>
<p>A sample request and answer. The values must be replaced by actual ones.</p>
<pre>{request}</pre><pre>{response}</pre>
"""


PATHS = {path.rpartition("/")[2].lower(): path for path in SERVICES}  # by the file's name
SCHEMAS = {ADMIN_PATH: product_schema}


@csrf_exempt
def asmx(request: HttpRequest, name: str) -> HttpResponseBase:
    """Serve the functions of one of the files."""
    if request.method == "POST":
        return http_response(serve(SAP, wire_request(request)))
    if request.method not in METHODS:
        return method_not_allowed(request)
    return drop_body_for_head(request, _contract_or_page(request, PATHS[name.lower()]))


@csrf_exempt
def asmx_function(request: HttpRequest, name: str) -> HttpResponse:
    """Refuse a call in the form of HTTP GET or POST, for which neither of the vendor's WSDLs has a binding."""
    address = server_address(request) + PATHS[name.lower()]
    return text_response(f"Calls are SOAP messages: send them by POST to {address}. See {address}?wsdl.", 404)


def _contract_or_page(request: HttpRequest, path: str) -> HttpResponseBase:
    if wsdl_parameter(request) is not None:
        return contract_response(request, _write, server_address(request) + path, configured_settings(SAP).limits)
    parameters = {name.lower(): value for name, value in request.GET.items()}
    if "xsd" in parameters:
        return contract_response(request, SCHEMAS.get(path, schema))
    functions = {each.name.lower(): each for each in functions_at(path)}
    if (function := functions.get(str(parameters.get("op", "")).lower())) is not None:
        return _page(path, function.name, _describe(function, path, server_address(request)))
    links = (("?".join((path, f"op={each.name}")), each.name, each.says) for each in functions.values())
    listed = format_html_join("", '<dt><a href="{}">{}</a></dt><dd>{}</dd>', links)
    return _page(path, "Web Service", format_html(LIST, path=path, functions=listed))


def _page(path: str, title: str, content: str) -> HttpResponse:
    service = SERVICES[path]
    return HttpResponse(format_html(PAGE, title=f"{service} {title}", service=service, content=content))


def _describe(function: Function, path: str, address: str) -> str:
    samples = format_html_join(
        "",
        SAMPLE,
        (
            {
                "version": version.name,
                "request": sample_request(function, path, address, version),
                "response": sample_response(function, version),
            }
            for version in (SOAP_11, SOAP_12)
        ),
    )
    return format_html(FUNCTION, path=path, name=function.name, says=function.says, samples=samples)


def _write(address: str, limits: str, operations: Operations) -> bytes:
    return wsdl(address, operations, limits)


ADDRESS = r"[wW][sS][aA][pP][iI]/(?P<name>(?i:(?:cpqapi|wssrv)\.asmx))"
CALLS = (CallAddress(re.compile(f"/{ADDRESS}/?"), SAP),)
SERVICE_PREFIXES = ("/wsAPI/",)
urlpatterns = [re_path(f"^{ADDRESS}/?$", asmx), re_path(f"^{ADDRESS}/[^/]+$", asmx_function)]
