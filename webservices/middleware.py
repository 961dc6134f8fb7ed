"""
A short way to the service addresses: they need no session, no CSRF token, no messages, so none of that is asked.

Stands before the other middleware; what is not a service goes on to them.
"""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

from webservices.urls import SERVICE_PREFIXES

Service = Callable[[HttpRequest], HttpResponseBase]


def services_first(get_response: Service) -> Service:
    """The middleware that calls a service's view itself."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(SERVICE_PREFIXES):
            try:
                view, arguments, named = resolve(request.path_info)
            except Resolver404:
                return get_response(request)
            return _of_known_length(view(request, *arguments, **named))
        return get_response(request)

    return answer


def _of_known_length(response: HttpResponseBase) -> HttpResponseBase:
    """With its length, which Django's own middleware would have added: else it travels in chunks, as streams do."""
    if response.status_code != 304 and not response.streaming:
        response.headers.setdefault("Content-Length", str(len(response.content)))
    return response
