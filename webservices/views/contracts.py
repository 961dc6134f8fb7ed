"""
The parts that the views of all wires share: contracts with their ETag, who may read one, plain text, and HEAD.
"""

from collections.abc import Callable, Hashable
from functools import lru_cache
from hashlib import sha256

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers

from records.shapes.problems import Family
from webservices import publishing
from webservices.access.identity import AuthenticationFailed
from webservices.conf import server_settings
from webservices.views.http import mark_compressible, mark_logged
from webservices.views.sign_in import STATUS, identify_reader
from webservices.wire.credentials import read_authorization

TEXT = "text/plain; charset=UTF-8"
METHODS = ("GET", "HEAD", "POST")

Writer = Callable[..., bytes]


def wsdl_parameter(request: HttpRequest) -> str | None:
    """Return the value of the parameter `wsdl`, in any case; None when the query has none."""
    return next((str(value) for name, value in request.GET.items() if name.lower() == "wsdl"), None)


def contract_response(
    request: HttpRequest, write: Writer, *arguments: Hashable, content_type: str = "text/xml; charset=UTF-8"
) -> HttpResponseBase:
    """
    Return a contract as the site has it now, or the refusal to give it.

    write  makes it of the arguments and the operations: `write(*arguments, operations)`. Its results are cached, so the
           arguments must be few: an address is one that ALLOWED_HOSTS has
    """
    if refusal := contract_refusal(request):
        return refusal
    content, etag = _write(write, arguments, publishing.current_operations().generation)
    response = HttpResponse(content, content_type=content_type)
    response["ETag"] = etag
    # A client may keep it but asks again each time: a custom field is in the contract as soon as it is defined.
    response["Cache-Control"] = "no-cache"
    return finish_contract(request, response)


def finish_contract(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    """Return a contract that may be compressed; or, to who has it already, that it is the same."""
    mark_compressible(response)
    patch_vary_headers(response, ["Accept-Encoding"])  # before a 304 takes it over
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


@lru_cache(maxsize=128)
def _write(write: Writer, arguments: tuple[Hashable, ...], generation: int) -> tuple[bytes, str]:
    """The contract and its ETag."""
    content = write(*arguments, publishing.operations(generation))
    # Of the content, not of the generation: every process, and one that has started anew, gives the same ETag.
    return content, f'"{sha256(content).hexdigest()[:32]}"'


def contract_refusal(request: HttpRequest) -> HttpResponse | None:
    """Return the refusal to give a contract, where it is for known callers only; None: it may be given."""
    if server_settings().public_contracts:
        return None
    credentials = read_authorization(request.headers.get("authorization", ""))
    try:
        identify_reader(request, credentials)
    except AuthenticationFailed as refusal:
        response = text_response(refusal.problem.sentence(), STATUS[refusal.problem.family])
        if refusal.problem.family is Family.UNAUTHENTICATED:
            response["WWW-Authenticate"] = 'Basic realm="Counterpart", charset="UTF-8"'
        if refusal.retry_after is not None:
            response["Retry-After"] = str(refusal.retry_after)
        return response
    return None


def method_not_allowed(request: HttpRequest, *methods: str) -> HttpResponse:
    """Refuse a method, and name those that the address takes."""
    taken = methods or METHODS
    response = text_response(f"{(request.method or '')[:20]} means nothing here; {', '.join(taken)} do.", 405)
    response["Allow"] = ", ".join(taken)
    return response


def text_response(words: str, status: int = 200) -> HttpResponse:
    """Return words for people."""
    response = HttpResponse(words, content_type=TEXT, status=status)
    # Django logs the address of what is not found, and that may hold anything, a password too.
    mark_logged(response)
    return response


def drop_body_for_head(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Answer HEAD with the same headers and no body: not every server strips it."""
    if request.method == "HEAD" and isinstance(response, StreamingHttpResponse):
        response.streaming_content = ()  # the stream itself stays among what is closed with the response
    elif request.method == "HEAD" and isinstance(response, HttpResponse):
        response["Content-Length"] = str(len(response.content))
        response.content = b""
    return response
