"""
The front of the site: the WSGI application that gives calls to their endpoint, and all else to Django.

A call needs no session, no CSRF token and no page, so it needs no HttpRequest either. What Django does around each
request for its connection to the database is done here, too.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from http.client import responses
from typing import Any

from django.core.handlers.wsgi import get_path_info
from django.db import connection

from config.headers import add_headers, find_message_policy
from webservices.urls import CALLS
from webservices.views.calls import compress_response, takes_short_way
from webservices.views.environ import settle_forwarded_host
from webservices.wire.messages import WireResponse

Environ = dict[str, Any]  # as WSGI has it
StartResponse = Callable[[str, list[tuple[str, str]]], object]
Application = Callable[[Any, Any], Iterable[bytes]]


def build_front(pages: Application) -> Application:
    """
    Build the application around Django's.

    pages  Django's own handler, which serves calls as well
    """

    def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        settle_forwarded_host(environ)
        if takes_short_way(environ):
            path = get_path_info(environ)
            for address in CALLS:
                if address.fits(environ, path):
                    accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
                    return _Message(*address.answer(environ, path), accepted).start(start_response)
        return pages(environ, start_response)

    return application


class _Message:
    """
    The answer of a call, as WSGI takes it: its body in pieces, and a `close` that must be called.

    accepted  the Accept-Encoding of the request
    """

    def __init__(self, response: WireResponse, headers: Mapping[str, str], accepted: str) -> None:
        self.headers = dict(headers)
        self.response = compress_response(response, self.headers, accepted)

    def start(self, start_response: StartResponse) -> Iterable[bytes]:
        response, headers = self.response, self.headers
        add_headers(headers, find_message_policy(response.status, headers.get("Content-Type", "")))
        if response.chunks is None and response.status != 304:
            headers.setdefault("Content-Length", str(len(response.body)))
        reason = response.reason or responses.get(response.status, "Unknown Status Code")
        start_response(f"{response.status} {reason}", [*headers.items()])
        return self

    def __iter__(self) -> Iterator[bytes]:
        return iter((self.response.body,)) if self.response.chunks is None else self.response.chunks

    def close(self) -> None:
        if callable(close := getattr(self.response.chunks, "close", None)):
            close()
        connection.close_if_unusable_or_obsolete()
