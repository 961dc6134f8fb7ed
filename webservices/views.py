"""
The service addresses: `POST` goes through the door, `GET …?wsdl` gives the contract, any other `GET` says what this is.

    POST /v2_0/receiver/parts          a SOAP request
    GET  /v2_0/receiver/parts?wsdl     its WSDL; `?WSDL`, `?wsdl=parts` likewise
    POST /v1_0/receiver                a SOAP request of any service
    GET  /v1_0/receiver?wsdl=parts     the WSDL of one
"""

from functools import lru_cache
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.csrf import csrf_exempt

from webservices import site
from webservices.access import NotLetIn, identify
from webservices.access.authorization import from_authorization
from webservices.dialects.oracle.dialect import ORACLE_1_0, ORACLE_2_0, VERSIONS
from webservices.dialects.oracle.headers import VERSION_1_0, VERSION_2_0, Version, contract_path
from webservices.dialects.oracle.wsdl import wsdl
from webservices.dialects.shape import Dialect
from webservices.door import now, serve
from webservices.http import address_of, http_response, peer_of, wire_request
from webservices.terms import server_terms

TEXT = "text/plain; charset=UTF-8"
METHODS = ("GET", "HEAD", "POST")
STATUS = {"unauthenticated": 401, "forbidden": 403, "busy": 503}


@csrf_exempt
def oracle_2_0(request: HttpRequest, service: str = "") -> HttpResponse:
    """Oracle CPQ 2.0: one address per service."""
    return _receiver(request, ORACLE_2_0, VERSION_2_0, service)


@csrf_exempt
def oracle_1_0(request: HttpRequest) -> HttpResponse:
    """Oracle CPQ 1.0: one address for all services; the parameter `wsdl` names the one that is described."""
    return _receiver(request, ORACLE_1_0, VERSION_1_0, asked_wsdl(request) or "")


def _receiver(request: HttpRequest, dialect: Dialect, version: Version, service: str) -> HttpResponse:
    if request.method == "POST" and "/" not in service:
        return http_response(serve(dialect, wire_request(request)))
    if request.method not in METHODS:
        response = _text(f"A service takes POST; {(request.method or '')[:20]} means nothing here.", 405)
        response["Allow"] = ", ".join(METHODS)
        return response
    return _without_body(request, _contract_or_words(request, version, service))


def _contract_or_words(request: HttpRequest, version: Version, service: str) -> HttpResponse:
    plurals = {name.lower(): plural for plural, name in version.services.items()}
    plural, asked = plurals.get(service.lower()), asked_wsdl(request)
    if plural is None:
        return _words(request, version, service)
    place = address_of(request) + version.address(plural)
    if asked is None:
        return _text(
            f"The SOAP service {service}, Oracle CPQ {version.name}.\nPOST requests to {place}\nWSDL: {place}?wsdl\n"
        )
    return _refused(request) or _wsdl(request, version, plural, place)


def _words(request: HttpRequest, version: Version, service: str) -> HttpResponse:
    """Which services there are, where none of them was asked for."""
    known = "".join(f"{address_of(request)}{contract_path(version, plural)}\n" for plural in version.services)
    if version.service_in_path or asked_wsdl(request) is not None:
        return _text(f"There is no service {service[:60]!r} here. These are the services:\n{known}", 404)
    return _text(f"The SOAP services of Oracle CPQ {version.name}: POST requests to this address.\n{known}")


def asked_wsdl(request: HttpRequest) -> str | None:
    """The value of the parameter `wsdl`, in any case; None when the query has none."""
    return next((value for name, value in request.GET.items() if name.lower() == "wsdl"), None)


def _wsdl(request: HttpRequest, version: Version, plural: str, address: str) -> HttpResponse:
    content, etag = _written(version.name, plural, site.current_operations().generation, address)
    response = HttpResponse(content, content_type="text/xml; charset=UTF-8")
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"
    return get_conditional_response(request, etag=etag, response=response)


@lru_cache(maxsize=64)
def _written(version: str, plural: str, generation: int, address: str) -> tuple[bytes, str]:
    """The WSDL and its ETag. The addresses are few: those that ALLOWED_HOSTS has."""
    content = wsdl(VERSIONS[version], site.operations(generation), plural, address)
    return content, f'"{sha256(content).hexdigest()[:32]}"'


def _refused(request: HttpRequest) -> HttpResponse | None:
    """Why the contract is not given, where it is for known callers only."""
    if server_terms().public_contracts:
        return None
    wire = wire_request(request)
    credentials = from_authorization(wire.headers.get("authorization", ""))
    try:
        identify(credentials, call_id="", secure=wire.secure, at=now(), peer=peer_of(request))
    except NotLetIn as refused:
        response = _text(refused.problem.sentence(), STATUS[refused.problem.family])
        if response.status_code == STATUS["unauthenticated"]:
            response["WWW-Authenticate"] = 'Basic realm="Counterpart", charset="UTF-8"'
        if refused.retry_after is not None:
            response["Retry-After"] = str(refused.retry_after)
        return response
    return None


def _text(text: str, status: int = 200) -> HttpResponse:
    response = HttpResponse(text, content_type=TEXT, status=status)
    response._has_been_logged = True  # an address may hold anything; Django would log it
    return response


def _without_body(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """For HEAD, the same headers and no body: not every server strips it."""
    if request.method == "HEAD":
        response["Content-Length"] = str(len(response.content))
        response.content = b""
    return response
