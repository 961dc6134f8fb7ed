"""
Oracle CPQ's addresses: `POST` makes a call, `GET …?wsdl` gives the contract, any other `GET` words.

    POST /v2_0/receiver/parts          a SOAP request
    GET  /v2_0/receiver/parts?wsdl     its WSDL; `?WSDL`, `?wsdl=parts` likewise
    POST /v1_0/receiver                a SOAP request of any service
    GET  /v1_0/receiver?wsdl=parts     the WSDL of one
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
from webservices.wire.dialects.oracle.dialect import ORACLE_1_0, ORACLE_2_0, Oracle
from webservices.wire.dialects.oracle.headers import Version
from webservices.wire.dialects.oracle.wsdl import wsdl
from webservices.wire.operations import Operations


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
    plural, parameter = plurals.get(service.lower()), wsdl_parameter(request)
    if plural is None:
        return _words(request, version, service)
    place = server_address(request) + version.address(plural)
    if parameter is None:
        return text_response(
            f"The SOAP service {service}, Oracle CPQ {version.name}.\nPOST requests to {place}\nWSDL: {place}?wsdl\n"
        )
    return contract_response(request, _write, version, plural, place, configured_settings(dialect).limits)


def _write(version: Version, plural: str, address: str, limits: str, operations: Operations) -> bytes:
    return wsdl(version, plural, address, operations, limits)


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
SERVICE_PREFIXES = ("/v1_0/receiver", "/v2_0/receiver")
urlpatterns = [
    re_path(r"^v1_0/receiver/?$", oracle_1_0),
    path("v2_0/receiver", oracle_2_0),
    re_path(r"^v2_0/receiver/(?P<service>.*?)/?$", oracle_2_0),
]
