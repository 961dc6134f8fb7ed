"""
The middleware that knows the service addresses: what becomes of plain HTTP, compressed answers, and a short way to
services.

All stand before Django's own; any other request goes on to that. The time limits of the database's work begin with
`services_first`: those of a call, or of a page.
"""

import logging
from collections.abc import Callable, Iterable
from typing import cast

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

from records import timeouts
from records.timeouts import Work
from webservices.access.verification import NOT_OVER_TLS
from webservices.conf import server_settings
from webservices.urls import is_service
from webservices.views.contracts import text_response
from webservices.views.environ import is_private, settle_forwarded_host
from webservices.views.http import is_compressible, server_address
from webservices.wire.compression import SHORTEST, CompressedChunks, compress, prepare_headers
from webservices.wire.dialects.rest.names import BASE

log = logging.getLogger(__name__)

Service = Callable[[HttpRequest], HttpResponseBase]


def require_tls(get_response: Service) -> Service:
    """
    Return the middleware that lets plain HTTP come to nothing, where the setting HTTPS says so.

    A call         is refused by the endpoint, in the form of its wire: redirected, it would be sent in clear each time,
                   and many clients would send it again without its body
    GET and HEAD   are redirected, unless they bring credentials
    anything else  is refused

    Services of this machine's own callers, and of all where ALLOW_CLEAR_PASSWORDS says so, are as without it.
    """
    if not settings.HTTPS:
        raise MiddlewareNotUsed
    if not settings.TRUST_PROXY:
        log.warning(
            "HTTPS=1 without TRUST_PROXY=1: no proxy is believed that TLS ended there, so all counts as plain HTTP."
        )

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.is_secure():
            return get_response(request)
        if is_service(request.path_info) or request.path_info.startswith(BASE):
            response = get_response(request)
            # The endpoint alone names a call. What else there is has no effects: contracts, words, a list of addresses.
            if response.has_header("X-Call-Id") or is_private(request.META) or server_settings().allow_clear_passwords:
                return response
        if request.method in ("GET", "HEAD") and "HTTP_AUTHORIZATION" not in request.META:
            host = server_address(request).partition("://")[2]
            return HttpResponsePermanentRedirect(f"https://{host}{request.get_full_path()}")
        return text_response(NOT_OVER_TLS.sentence(), 403)

    return middleware


def settle_host(get_response: Service) -> Service:
    """Return the middleware by which the host that a trusted proxy names is read in one way, by pages as well."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        settle_forwarded_host(request.META)
        return get_response(request)

    return middleware


def compress_answers(get_response: Service) -> Service:
    """Return the middleware that compresses what is marked so, for who accepts it; no other answer."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.method != "HEAD" and is_compressible(response):
            _compress(response, request.META.get("HTTP_ACCEPT_ENCODING", ""))
        return response

    return middleware


def _compress(response: HttpResponseBase, accepted: str) -> None:
    match response:
        case StreamingHttpResponse():
            if prepare_headers(response.headers, accepted):
                chunks = iter(cast(Iterable[bytes], response.streaming_content))
                response.streaming_content = CompressedChunks(chunks)  # those that it was given are closed by Django
        case HttpResponse() if len(response.content) >= SHORTEST and prepare_headers(response.headers, accepted):
            response.content = compress(response.content)
            response.headers.pop("Content-Length", None)


def services_first(get_response: Service) -> Service:
    """Return the middleware that calls a service's view itself: it needs no session, no CSRF token and no messages."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        for_service = is_service(request.path_info)
        timeouts.switch(Work.CALL if for_service or request.path_info.startswith(BASE) else Work.PAGE)
        if for_service:
            try:
                view, arguments, keywords = resolve(request.path_info)
            except Resolver404:
                return get_response(request)
            return view(request, *arguments, **keywords)
        return get_response(request)

    return answer
