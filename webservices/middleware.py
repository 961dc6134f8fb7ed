"""
A short way to the service addresses: they need no session, no CSRF token and no messages, so they get none.

It stands before the other middleware; any other request goes on to them. The time limits of the database's work begin
here: those of a call, or of a page.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

from records import timeouts
from records.timeouts import Work
from webservices.urls import SERVICE_PREFIXES
from webservices.wire.dialects.rest.names import BASE

Service = Callable[[HttpRequest], HttpResponseBase]


def services_first(get_response: Service) -> Service:
    """Return the middleware that calls a service's view itself."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        is_service = request.path_info.startswith(SERVICE_PREFIXES)
        timeouts.switch(Work.CALL if is_service or request.path_info.startswith(BASE) else Work.PAGE)
        if is_service:
            try:
                view, arguments, keywords = resolve(request.path_info)
            except Resolver404:
                return get_response(request)
            return _add_length(view(request, *arguments, **keywords))
        return get_response(request)

    return answer


def _add_length(response: HttpResponseBase) -> HttpResponseBase:
    """Add the length, as Django's own middleware would have done: else the body travels in chunks, as streams do."""
    if response.status_code != 304 and isinstance(response, HttpResponse):
        response.headers.setdefault("Content-Length", str(len(response.content)))
    return response
