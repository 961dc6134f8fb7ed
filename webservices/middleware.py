"""
The middleware that knows the service addresses: what becomes of plain HTTP, and a short way to services.

Both stand before Django's own; any other request goes on to that. The time limits of the database's work begin with
`services_first`: those of a call, or of a page.
"""

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

from records import timeouts
from records.timeouts import Work
from webservices.access.identify import NOT_OVER_TLS
from webservices.conf import server_settings
from webservices.urls import is_service
from webservices.views.contracts import text_response
from webservices.views.environ import is_private
from webservices.views.http import server_address
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
