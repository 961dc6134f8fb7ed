"""
What the views of all dialects share: contracts with their ETag, sentences in plain text, HEAD, who may read a contract.
"""

from collections.abc import Callable, Hashable
from functools import lru_cache
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from webservices.access.identify import AuthenticationFailed, identify
from webservices.conf import server_settings
from webservices.endpoint import now
from webservices.publishing import site_operations
from webservices.views.http import peer_of, wire_request
from webservices.wire.authorization import read_authorization

TEXT = "text/plain; charset=UTF-8"
METHODS = ("GET", "HEAD", "POST")
STATUS = {"unauthenticated": 401, "forbidden": 403, "busy": 503}

Writer = Callable[..., bytes]


def asked_wsdl(request: HttpRequest) -> str | None:
    """The value of the parameter `wsdl`, in any case; None when the query has none."""
    return next((value for name, value in request.GET.items() if name.lower() == "wsdl"), None)


def contract(request: HttpRequest, write: Writer, *arguments: Hashable, content_type: str = "text/xml; charset=UTF-8"):
    """
    A contract as the site has it now, or why it is not given.

    write  makes it of the arguments and the operations: `write(*arguments, operations)`. What it makes is kept, so the
           arguments must be few: an address is one that ALLOWED_HOSTS has
    """
    if refusal := refused(request):
        return refusal
    content, etag = _written(write, arguments, site_operations.current_operations().generation)
    response = HttpResponse(content, content_type=content_type)
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"
    return get_conditional_response(request, etag=etag, response=response)


@lru_cache(maxsize=128)
def _written(write: Writer, arguments: tuple[Hashable, ...], generation: int) -> tuple[bytes, str]:
    """The contract and its ETag."""
    content = write(*arguments, site_operations.operations(generation))
    return content, f'"{sha256(content).hexdigest()[:32]}"'


def refused(request: HttpRequest) -> HttpResponse | None:
    """Why a contract is not given, where it is for known callers only."""
    if server_settings().public_contracts:
        return None
    wire = wire_request(request)
    credentials = read_authorization(wire.headers.get("authorization", ""))
    try:
        identify(credentials, call_id="", secure=wire.secure, at=now(), peer=peer_of(request))
    except AuthenticationFailed as refusal:
        response = text(refusal.problem.sentence(), STATUS[refusal.problem.family])
        if response.status_code == STATUS["unauthenticated"]:
            response["WWW-Authenticate"] = 'Basic realm="Counterpart", charset="UTF-8"'
        if refusal.retry_after is not None:
            response["Retry-After"] = str(refusal.retry_after)
        return response
    return None


def not_allowed(request: HttpRequest, *methods: str) -> HttpResponse:
    """In one sentence, the methods that an address takes."""
    taken = methods or METHODS
    response = text(f"{(request.method or '')[:20]} means nothing here; {', '.join(taken)} do.", 405)
    response["Allow"] = ", ".join(taken)
    return response


def text(words: str, status: int = 200) -> HttpResponse:
    """Words for people; Django does not log the address, which may hold anything."""
    response = HttpResponse(words, content_type=TEXT, status=status)
    response._has_been_logged = True
    return response


def without_body(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """For HEAD, the same headers and no body: not every server strips it."""
    if request.method == "HEAD" and response.streaming:
        response.streaming_content = ()  # what it was is closed with the response
    elif request.method == "HEAD":
        response["Content-Length"] = str(len(response.content))
        response.content = b""
    return response
