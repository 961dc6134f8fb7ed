"""
EcoSys' addresses, for every API that the site publishes.

    /ecosys/api/                            what is published, in words
    /ecosys/api/soap/{Api}                  POST a SOAP request; GET ?wsdl gives the WSDL, any other GET words
    /ecosys/api/restxml/{Api}/…             Read, CreateOrUpdate, Create, Update, Delete; GET ?xsd gives the schema
    /ecosys/api/restjson/{Api}/…            the same in JSON
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import cast
from urllib.parse import quote

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import re_path
from django.views.decorators.csrf import csrf_exempt

from webservices.endpoint import serve
from webservices.publishing import dialect_settings
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
from webservices.wire.dialects.base import Dialect
from webservices.wire.dialects.ecosys.context import SoapContext
from webservices.wire.dialects.ecosys.dialect import ECOSYS, ECOSYS_REST_JSON, ECOSYS_REST_XML
from webservices.wire.dialects.ecosys.names import (
    REST_JSON_PATH,
    REST_XML_PATH,
    SOAP_PATH,
    VERBS,
    list_enabled,
)
from webservices.wire.dialects.ecosys.published import EcoSysSettings, PublishedApi
from webservices.wire.dialects.ecosys.schema import rest_schema
from webservices.wire.dialects.ecosys.wsdl import wsdl
from webservices.wire.operations import Operations

REST_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


# A POST gets the plain 405 below; without this it would get Django's page about a missing token.
@csrf_exempt
def list_apis(request: HttpRequest) -> HttpResponseBase:
    """Name what is published, in words."""
    if request.method not in ("GET", "HEAD"):
        return method_not_allowed(request, "GET", "HEAD")
    apis = _settings().apis
    listed = "\n".join(_words(server_address(request), api) for api in apis) or "None yet.\n"
    return drop_body_for_head(request, text_response(f"The APIs that are published here:\n\n{listed}"))


@csrf_exempt
def soap(request: HttpRequest, name: str) -> HttpResponseBase:
    """Serve one API over SOAP."""
    if request.method == "POST":
        return http_response(serve(ECOSYS, wire_request(request)))
    if request.method not in METHODS:
        return method_not_allowed(request)
    return drop_body_for_head(request, _describe(request, name, wsdl_parameter(request) is not None, _wsdl))


@csrf_exempt
def rest_xml(request: HttpRequest, name: str, steps: str = "") -> HttpResponseBase:
    """Serve one API over REST, in XML."""
    wants_schema = any(parameter.lower() == "xsd" for parameter in request.GET)
    if wants_schema and request.method in ("GET", "HEAD"):
        return drop_body_for_head(request, _describe(request, name, True, _xsd))
    return _rest(request, ECOSYS_REST_XML)


@csrf_exempt
def rest_json(request: HttpRequest, name: str, steps: str = "") -> HttpResponseBase:
    """Serve one API over REST, in JSON."""
    return _rest(request, ECOSYS_REST_JSON)


def _rest(request: HttpRequest, dialect: Dialect) -> HttpResponseBase:
    if request.method not in REST_METHODS:
        return method_not_allowed(request, *REST_METHODS)
    # WSGI has decoded the path, and the dialect decodes its steps: so it is encoded again.
    wire = replace(wire_request(request), path=quote(request.path_info, safe="/"))
    return drop_body_for_head(request, http_response(serve(dialect, wire)))


def _settings() -> EcoSysSettings:
    return cast(EcoSysSettings, dialect_settings(ECOSYS))


def _describe(
    request: HttpRequest, name: str, wants_contract: bool, write: Callable[[SoapContext, str, str, Operations], bytes]
) -> HttpResponseBase:
    """Return the contract of an API, or words about it."""
    settings, address = _settings(), server_address(request)
    api = next((api for api in settings.apis if api.name == name), None)
    if api is None:
        known = "".join(f"{address}{SOAP_PATH}{api.name}\n" for api in settings.apis)
        return text_response(f"There is no API {name[:60]!r} here. These are the APIs:\n{known}", 404)
    if not wants_contract:
        return text_response(_words(address, api))
    context = SoapContext(api, settings.language, settings.currency)
    return contract_response(request, write, context, f"{address}{SOAP_PATH}{api.name}", settings.limits)


def _wsdl(context: SoapContext, address: str, limits: str, operations: Operations) -> bytes:
    return wsdl(context, address, operations, limits)


def _xsd(context: SoapContext, address: str, limits: str, operations: Operations) -> bytes:
    return rest_schema(context, operations, limits)


def _words(address: str, api: PublishedApi) -> str:
    enabled = ", ".join(VERBS[verb] for verb in list_enabled(api)) or "none"
    addresses = {
        "SOAP": f"POST requests to {address}{SOAP_PATH}{api.name}",
        "WSDL": f"{address}{SOAP_PATH}{api.name}?wsdl",
        "REST XML": f"{address}{REST_XML_PATH}{api.name}/",
        "XSD": f"{address}{REST_XML_PATH}{api.name}/?xsd",
        "REST JSON": f"{address}{REST_JSON_PATH}{api.name}/",
    }
    lines = [f"The API {api.name}; enabled: {enabled}.", *(f"{name}: {where}" for name, where in addresses.items())]
    return "\n".join(lines) + "\n"


SOAP_ADDRESS = "ecosys/api/soap/(?P<name>[^/]+)/?"
REST_XML_ADDRESS, REST_JSON_ADDRESS = (
    f"ecosys/api/{form}/(?P<name>[^/]+)(?:/(?P<steps>.*))?" for form in ("restxml", "restjson")
)
WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
CALLS = (
    CallAddress(re.compile(f"/{SOAP_ADDRESS}"), ECOSYS),
    # GET ?xsd asks for the schema.
    CallAddress(re.compile(f"/{REST_XML_ADDRESS}"), ECOSYS_REST_XML, WRITING, is_encoded=True),
    CallAddress(re.compile(f"/{REST_JSON_ADDRESS}"), ECOSYS_REST_JSON, WRITING | {"GET"}, is_encoded=True),
)
SERVICE_PREFIXES = ("/ecosys/api/",)
urlpatterns = [
    re_path(r"^ecosys/api/?$", list_apis),
    re_path(f"^{SOAP_ADDRESS}$", soap),
    re_path(f"^{REST_XML_ADDRESS}$", rest_xml),
    re_path(f"^{REST_JSON_ADDRESS}$", rest_json),
]
