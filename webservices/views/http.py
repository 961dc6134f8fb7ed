"""Django's requests and responses, turned into those of the wire and back."""

import logging
import sys
from ipaddress import ip_address

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template import loader
from django.views import defaults

from records.retry import find_outage, first_line
from webservices.conf import server_settings
from webservices.gateway import retry_after
from webservices.wire.messages import WireRequest, WireResponse

log = logging.getLogger(__name__)

FORWARDERS = {"HTTP_VIA", "HTTP_X_REAL_IP", "HTTP_X_CLIENT_IP", "HTTP_TRUE_CLIENT_IP", "HTTP_CF_CONNECTING_IP"}


def wire_request(request: HttpRequest) -> WireRequest:
    """Return the request as bytes; of a body that is too long, no more is read than shows that it is."""
    peer = peer_address(request)
    return WireRequest(
        method=request.method or "",
        path=request.path_info,
        body=_body(request, server_settings().max_body_bytes + 1),
        headers={name.lower(): value for name, value in request.headers.items()},
        query=request.META.get("QUERY_STRING", ""),
        address=server_address(request),
        peer=peer,
        secure=is_private(request),
    )


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
    return answer


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
    try:
        host = request.get_host()
    except DisallowedHost:
        # `*` names no host, and `.example.com` means every host below it.
        host = next((name.lstrip(".") for name in settings.ALLOWED_HOSTS if name.strip(".*")), "localhost")
        port = "" if server_settings().trust_proxy else request.get_port()  # a proxy's callers do not know ours
        host += f":{port}" if port not in ("", "80", "443") else ""
    return f"{request.scheme}://{host}"


def peer_address(request: HttpRequest) -> str:
    """Return the address that the request came from: the last that a trusted proxy names, else the other end."""
    if server_settings().trust_proxy and (forwarded := request.META.get("HTTP_X_FORWARDED_FOR", "")):
        # A caller can write anything before it: only the last address was added by the proxy itself.
        return forwarded.rpartition(",")[2].strip()
    return request.META.get("REMOTE_ADDR", "")


def is_private(request: HttpRequest) -> bool:
    """True if nobody on the way could read the request: it came over TLS, or from this machine itself."""
    return request.is_secure() or _is_local(request, peer_address(request))


def _is_local(request: HttpRequest, peer: str) -> bool:
    """
    True if the request never left this machine.

    One that names a forwarder came through a proxy, so it may have come from anywhere, unless a trusted one says where.
    """
    is_named = server_settings().trust_proxy and request.META.get("HTTP_X_FORWARDED_FOR")
    if not is_named and any(name in FORWARDERS or "FORWARDED" in name for name in request.META):
        return False
    try:
        address = ip_address(peer)
    except ValueError:
        return False
    # A socket that takes both families names an IPv4 peer ::ffff:127.0.0.1.
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def _body(request: HttpRequest, at_most: int) -> bytes:
    """Read the body, at most so many bytes of it."""
    # Not `request.body`: its limit is meant for forms. And of a chunked request Django reads nothing, as it has no
    # Content-Length, so the server's own stream is read, which ends where the body ends.
    chunked = "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower()
    if chunked and request.META.get("wsgi.input_terminated"):
        return request.META["wsgi.input"].read(at_most)
    return request.read(at_most)
