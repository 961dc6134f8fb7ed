"""
The service addresses: `POST` goes through the door, `GET …?wsdl` gives the contract, any other `GET` says what this is.

    POST /v2_0/receiver/parts          a SOAP request
    GET  /v2_0/receiver/parts?wsdl     its WSDL; `?WSDL`, `?wsdl=parts` likewise
"""

from functools import lru_cache
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.csrf import csrf_exempt

from webservices import site
from webservices.access import NotLetIn, identify
from webservices.access.authorization import from_authorization
from webservices.dialects.oracle.dialect import ORACLE_2_0
from webservices.dialects.oracle.headers import VERSION_2_0
from webservices.dialects.oracle.spelling import camel_case
from webservices.dialects.oracle.wsdl import wsdl
from webservices.door import now, serve
from webservices.http import address_of, http_response, peer_of, wire_request
from webservices.terms import server_terms

TEXT = "text/plain; charset=UTF-8"
METHODS = ("GET", "HEAD", "POST")
STATUS = {"unauthenticated": 401, "forbidden": 403, "busy": 503}


@csrf_exempt
def oracle_2_0(request: HttpRequest, service: str = "") -> HttpResponse:
    """Oracle CPQ 2.0: one address per service."""
    if request.method == "POST" and "/" not in service:
        return http_response(serve(ORACLE_2_0, wire_request(request)))
    if request.method not in METHODS:
        response = _text(f"A service takes POST; {(request.method or '')[:20]} means nothing here.", 405)
        response["Allow"] = ", ".join(METHODS)
        return response
    return _without_body(request, _contract_or_words(request, service))


def _contract_or_words(request: HttpRequest, service: str) -> HttpResponse:
    operations = site.current_operations()
    services = {camel_case(operation.resource.plural): operation.resource.plural for operation in operations}
    receiver = f"{address_of(request)}{VERSION_2_0.path}/"
    if service not in services:
        known = "\n".join(f"{receiver}{name}?wsdl" for name in services)
        return _text(f"There is no service {service[:60]!r} here. These are the services:\n{known}\n", 404)
    place = receiver + service
    if not asks_for_wsdl(request):
        return _text(f"The SOAP service {service}, Oracle CPQ 2.0.\nPOST requests to {place}\nWSDL: {place}?wsdl\n")
    return _refused(request) or _wsdl(request, services[service], operations.generation, place)


def asks_for_wsdl(request: HttpRequest) -> bool:
    """Whether the query has a parameter `wsdl`, in any case, with or without a value."""
    return any(name.lower() == "wsdl" for name in request.GET)


def _wsdl(request: HttpRequest, plural: str, generation: int, address: str) -> HttpResponse:
    content, etag = _written(plural, generation, address)
    response = HttpResponse(content, content_type="text/xml; charset=UTF-8")
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"
    return get_conditional_response(request, etag=etag, response=response)


@lru_cache(maxsize=32)
def _written(plural: str, generation: int, address: str) -> tuple[bytes, str]:
    """The WSDL and its ETag. The addresses are few: those that ALLOWED_HOSTS has."""
    content = wsdl(site.operations(generation), plural, address)
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
