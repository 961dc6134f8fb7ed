"""
Oracle CPQ's addresses: `POST` makes a call, `GET …?wsdl` gives the contract, any other `GET` words.

    POST /v2_0/receiver/parts          a SOAP request
    GET  /v2_0/receiver/parts?wsdl     its WSDL; `?WSDL`, `?wsdl=parts` likewise
    GET  /v2_0/receiver/parts?wsdl=generic   with every classic custom field, whatever the site has defined
    POST /v1_0/receiver                a SOAP request of any service
    GET  /v1_0/receiver?wsdl=parts     the WSDL of one; `?wsdl=generic`: that of parts, as above
    GET  /bmfsweb/acme/schema/v1_0/parts/Parts.xsd     the schema inside the WSDL of one, for any company
"""

import re

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import path, re_path
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
from webservices.wire.contracts.pretty import schema_file
from webservices.wire.dialects.oracle.dialect import ORACLE_1_0, ORACLE_2_0, Oracle
from webservices.wire.dialects.oracle.headers import SCHEMA_VERSION, SCHEMAS, VERSION_1_0, Version
from webservices.wire.dialects.oracle.wsdl import GENERIC, GENERIC_PLURAL, generic_operations, wsdl
from webservices.wire.operations import Operations

READING = ("GET", "HEAD")
DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'


@csrf_exempt
def oracle_2_0(request: HttpRequest, service: str = "") -> HttpResponseBase:
    """Oracle CPQ 2.0: one address per service."""
    return _receiver(request, ORACLE_2_0, service)


@csrf_exempt
def oracle_1_0(request: HttpRequest) -> HttpResponseBase:
    """Oracle CPQ 1.0: one address for all services; the parameter `wsdl` names the one that is described."""
    return _receiver(request, ORACLE_1_0, wsdl_parameter(request) or "")


def _receiver(request: HttpRequest, dialect: Oracle, service: str) -> HttpResponseBase:
    # A deeper address names no service; a POST there gets the list of services, as a GET does.
    if request.method == "POST" and "/" not in service:
        return http_response(serve(dialect, wire_request(request)))
    if request.method not in METHODS:
        return method_not_allowed(request)
    return drop_body_for_head(request, _contract_or_words(request, dialect, service))


def _contract_or_words(request: HttpRequest, dialect: Oracle, service: str) -> HttpResponseBase:
    version = dialect.version
    plurals = {name.lower(): plural for plural, name in version.services.items()}
    parameter = wsdl_parameter(request)
    # In version 1.0 the parameter is the service.
    is_generic = (parameter or "").lower() == GENERIC
    plural = GENERIC_PLURAL if is_generic and not version.service_in_path else plurals.get(service.lower())
    if plural is None:
        return _words(request, version, service)
    place = server_address(request) + version.address(plural)
    if parameter is None:
        return text_response(
            f"The SOAP service {service}, Oracle CPQ {version.name}.\nPOST requests to {place}\nWSDL: {place}?wsdl\n"
        )
    write = _write_generic if is_generic and plural == GENERIC_PLURAL else _write
    return contract_response(request, write, version, plural, place, configured_settings(dialect).limits)


def _write(version: Version, plural: str, address: str, limits: str, operations: Operations) -> bytes:
    return wsdl(version, plural, address, operations, limits)


def _write_generic(version: Version, plural: str, address: str, limits: str, operations: Operations) -> bytes:
    return wsdl(version, plural, address, generic_operations(operations), limits)


def oracle_schema(request: HttpRequest, company: str, file: str) -> HttpResponseBase:
    """The schema of a service of version 1.0, at the address that its messages name, in any case."""
    if request.method not in READING:
        return method_not_allowed(request, *READING)
    paths = {VERSION_1_0.schema_path(plural): plural for plural in VERSION_1_0.services}
    plural = next((plural for path, plural in paths.items() if path.lower() == file.lower()), None)
    if plural is None:
        place = f"{server_address(request)}{SCHEMAS}counterpart{SCHEMA_VERSION}"
        known = "".join(f"{place}{path}\n" for path in paths)
        return drop_body_for_head(
            request, text_response(f"There is no such schema. These are the schemas:\n{known}", 404)
        )
    place = server_address(request) + VERSION_1_0.address(plural)
    return drop_body_for_head(request, contract_response(request, _write_schema, plural, place))


def _write_schema(plural: str, address: str, operations: Operations) -> bytes:
    return DECLARATION + schema_file(wsdl(VERSION_1_0, plural, address, operations)).encode()


def _words(request: HttpRequest, version: Version, service: str) -> HttpResponseBase:
    """List the services, where the address names none of them."""
    known = "".join(f"{server_address(request)}{version.contract_path(plural)}\n" for plural in version.services)
    if version.service_in_path or wsdl_parameter(request) is not None:
        return text_response(f"There is no service {service[:60]!r} here. These are the services:\n{known}", 404)
    return text_response(f"The SOAP services of Oracle CPQ {version.name}: POST requests to this address.\n{known}")


CALLS = (
    CallAddress(re.compile("/v1_0/receiver/?"), ORACLE_1_0),
    CallAddress(re.compile("/v2_0/receiver(/[^/]*/?)?"), ORACLE_2_0),
)
SERVICE_PREFIXES = ("/v1_0/receiver", "/v2_0/receiver", SCHEMAS)
urlpatterns = [
    re_path(r"^v1_0/receiver/?$", oracle_1_0),
    path("v2_0/receiver", oracle_2_0),
    path(f"{SCHEMAS[1:]}<str:company>{SCHEMA_VERSION}<path:file>", oracle_schema),
    re_path(r"^v2_0/receiver/(?P<service>.*?)/?$", oracle_2_0),
]
