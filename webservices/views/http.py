"""Django's requests and responses, turned into those of the wire and back."""

import logging
import sys

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template import loader
from django.views import defaults

from records.retry import find_outage, first_line
from webservices.gateway import retry_after
from webservices.views.environ import build_wire_request, find_place
from webservices.wire.messages import WireRequest, WireResponse

log = logging.getLogger(__name__)


def wire_request(request: HttpRequest) -> WireRequest:
    """Return the request as bytes; of a body that is too long, no more is read than shows that it is."""
    return build_wire_request(request.META, request.path_info)


def http_response(response: WireResponse) -> HttpResponseBase:
    """Return the response for Django to send."""
    response_class = HttpResponse if response.chunks is None else StreamingHttpResponse
    answer = response_class(
        response.body if response.chunks is None else response.chunks,
        content_type=response.content_type,
        status=response.status,
        reason=response.reason or None,
    )
    for name, value in response.headers.items():
        answer[name] = value
    mark_logged(answer)  # by the endpoint, in one line; a fault is no error of Django's
    if not response.secret:
        mark_compressible(answer)
    return answer


def mark_compressible(response: HttpResponseBase) -> None:
    """Let the response be compressed: it has no secret whose length could tell of it."""
    response.__dict__["_is_compressible"] = True


def is_compressible(response: HttpResponseBase) -> bool:
    """True if the response was marked so."""
    return bool(response.__dict__.get("_is_compressible"))


def mark_logged(response: HttpResponseBase) -> None:
    """Keep Django from logging the response as an error, with its address, as it does with any above 399."""
    response.__dict__["_has_been_logged"] = True  # the mark that Django itself sets and looks for


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for a page that has failed (Django's `handler500`): 503 where the database has, else Django's own page."""
    error = sys.exc_info()[1]
    problem = find_outage(error)
    if error is None or problem is None:
        return defaults.server_error(request)
    log.warning("%s %s has failed: %s", request.method, request.path, first_line(error))
    if request.get_preferred_type(["text/plain", "text/html"]) == "text/html":
        context = {"sentence": problem.sentence(), "is_post": request.method == "POST"}
        response = HttpResponse(loader.render_to_string("503.html", context), status=503)
    else:
        response = HttpResponse(problem.sentence() + "\n", status=503, content_type="text/plain; charset=UTF-8")
    response["Retry-After"] = str(retry_after(problem))
    response["Cache-Control"] = "no-store"
    mark_logged(response)
    return response


def server_address(request: HttpRequest) -> str:
    """Return scheme and host as the caller reached us; of a host that ALLOWED_HOSTS lacks, the first that it has."""
    return find_place(request.META).address
