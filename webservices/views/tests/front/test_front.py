"""The front answers calls as Django's views do, and leaves all else to them."""

import re
from dataclasses import replace
from io import BytesIO
from urllib.parse import unquote_to_bytes

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, transaction

from config.front import build_front
from webservices.endpoint import serve
from webservices.tests.test_round_trip import CASES, sample
from webservices.wire.credentials import Password
from webservices.wire.dialects.oracle.dialect import ORACLE_2_0
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.messages import WireRequest

CHANGING = re.compile(rb"[\w.~-]{32,}|\d+")  # ids, tokens, moments, durations


def build_environ(request, **changes):
    path = unquote_to_bytes(request.path).decode("latin-1")
    headers = {
        {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}.get(
            name.lower(), f"HTTP_{name.upper().replace('-', '_')}"
        ): value
        for name, value in request.headers.items()
    }
    return {
        "REQUEST_METHOD": request.method,
        "PATH_INFO": path,
        "QUERY_STRING": request.query,
        "SCRIPT_NAME": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "HTTP_HOST": "localhost",
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.input": BytesIO(request.body),
        **headers,
        **changes,
    }


def ask(application, environ):
    """Return status, headers and body; what changes from call to call is a star."""
    started = []
    answer = application(environ, lambda *arguments: started.append(arguments))
    body = b"".join(answer)
    answer.close()
    [(status, headers)] = started
    headers = {name.lower(): CHANGING.sub(b"*", value.encode()) for name, value in headers}
    return status, headers, CHANGING.sub(b"*", body)


@pytest.fixture
def looks(monkeypatch):
    """Counts the looks at the connection, which a test in a transaction must not lose."""
    found = []
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: found.append(True))
    return found


@pytest.fixture
def both(ada, looks):
    """Asks both, each undone before the other is asked; Django may not be asked twice where a call is expected."""
    django = WSGIHandler()
    fallbacks = []

    def pages(environ, start_response):
        fallbacks.append(environ["PATH_INFO"])
        return django(environ, start_response)

    front = build_front(pages)

    def ask_both(request, **changes):
        answers = []
        for application in (django, front):
            with transaction.atomic():
                answers.append(ask(application, build_environ(request, **changes)))
                transaction.set_rollback(True)
        return answers

    ask_both.fallbacks = fallbacks
    return ask_both


def cases(dialect):
    return [case.values[1:] for case in CASES if case.values[0] is dialect]


def build_request(dialect, operation, context):
    who = dialect.credentials(operation, Password("ada", "ada-ada!"))
    return dialect.build_request(replace(sample(dialect, operation, context), credentials=who), context)


BROKEN = (b"", b"<a", b"{", b"\xff")


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda each: each.name)
def test_every_call_is_answered_as_by_its_view(both, dialect):
    differences = {}

    requests = [build_request(dialect, *case) for case in cases(dialect)]
    for asked in (*requests, *(replace(requests[-1], body=body) for body in BROKEN)):
        by_view, by_front = both(asked)
        if by_view != by_front:
            differences[asked.method, asked.path, asked.body] = by_view, by_front

    assert differences == {}
    # EcoSys' XML shares its addresses with the schema that a GET asks for.
    assert not both.fallbacks or dialect.name == "ecosys-rest-xml"


CHANGES = {
    "another host": {"HTTP_HOST": "evil.example"},
    "no host": {"HTTP_HOST": ""},
    "a proxy": {"HTTP_X_FORWARDED_FOR": "10.0.0.7", "HTTP_X_FORWARDED_PROTO": "https"},
    "a stranger": {"REMOTE_ADDR": "10.0.0.7"},
    "TLS": {"wsgi.url_scheme": "https", "SERVER_PORT": "443"},
    "no length": {"CONTENT_LENGTH": ""},
    "no number": {"CONTENT_LENGTH": "many"},
    "below a path": {"SCRIPT_NAME": "/hub"},
    "a page is wanted": {"HTTP_ACCEPT": "text/html"},
    "anything is wanted": {"HTTP_ACCEPT": "*/*"},
    "JSON is wanted": {"HTTP_ACCEPT": "application/json, text/plain, */*"},
    "nothing is wanted": {"HTTP_ACCEPT": " "},
    "nobody": {"HTTP_AUTHORIZATION": ""},
    "DRF's format": {"QUERY_STRING": "format=api"},
    "HEAD": {"REQUEST_METHOD": "HEAD"},
    "GET": {"REQUEST_METHOD": "GET"},
    "OPTIONS": {"REQUEST_METHOD": "OPTIONS"},
    "lower case": {"REQUEST_METHOD": "post"},
    "a method of nobody": {"REQUEST_METHOD": "BREW"},
}


@pytest.mark.parametrize("https", [False, True], ids=["", "HTTPS"])
@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda each: each.name)
def test_whatever_surrounds_a_call_counts_as_for_its_view(both, settings, dialect, https):
    settings.HTTPS, settings.ALLOWED_HOSTS = https, ["localhost", "127.0.0.1"]
    request = build_request(dialect, *cases(dialect)[0])

    answers = {name: both(request, **changes) for name, changes in CHANGES.items()}

    assert {name: by_front for name, (_, by_front) in answers.items()} == {
        name: by_view for name, (by_view, _) in answers.items()
    }


PAGES = {
    "GET": ["/", "/admin/", "/api/v1/", "/api/v1/parts/", "/v2_0/receiver/parts?wsdl", "/help/", "/ecosys/api/", "/0"],
    "POST": ["/v2_0/receiver/parts/deeper", "/ecosys/api/", "/CrmIntegrationWebservice/", "/healthz"],
}


@pytest.mark.parametrize("method, path", [(method, path) for method, paths in PAGES.items() for path in paths])
def test_pages_are_left_to_django(both, method, path):
    path, _, query = path.partition("?")

    by_view, by_front = both(WireRequest(method, path, query=query))

    assert by_front == by_view
    assert both.fallbacks == [path]


def test_a_stream_that_nobody_takes_is_closed(ada, looks):
    """Otherwise its cursor would stay, and its exchange be missing."""
    request = build_request(ORACLE_2_0, *cases(ORACLE_2_0)[0])
    closed = []

    class Chunks:
        def __iter__(self):
            return self

        def __next__(self):
            return b"<a/>"

        def close(self):
            closed.append(True)

    def answer(dialect, asked):
        return replace(serve(dialect, asked), body=b"", chunks=Chunks())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("webservices.views.calls.serve", answer)
        started = []
        chunks = build_front(WSGIHandler())(build_environ(request), lambda *arguments: started.append(arguments))
        first = next(iter(chunks))
        chunks.close()

    assert first == b"<a/>"
    assert closed == looks == [True]
    assert "content-length" not in {name.lower() for name, _ in started[0][1]}
