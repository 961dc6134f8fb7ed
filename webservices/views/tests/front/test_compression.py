"""Answers are compressed for who accepts that, by the front and by views, but for what gives a secret."""

import gzip
from dataclasses import replace

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, transaction
from django.test import Client

from config.front import build_front
from parts.models import Part
from records.tests.cast import NOW
from records.tests.rows import insert_rows
from webservices.declarations import OPERATIONS
from webservices.models import Exchange
from webservices.tests.api_keys import ALL, key_for
from webservices.tests.test_round_trip import CASES, sample
from webservices.views.tests.front.test_front import build_environ
from webservices.wire.credentials import Password
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.messages import WireRequest
from webservices.wire.operations import Kind

NOTHING = b""


@pytest.fixture(autouse=True)
def surroundings(settings, monkeypatch):
    """Exchanges are stored at once, and the front leaves the test its connection."""
    settings.EXCHANGE_DELAY_MS = 0
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)


@pytest.fixture
def short_too(monkeypatch):
    """However short an answer is, it is compressed."""
    monkeypatch.setattr("webservices.views.calls.SHORTEST", 1)
    monkeypatch.setattr("webservices.middleware.SHORTEST", 1)


def send(request, application, accepted="gzip"):
    """Return status, headers by lower-case name and body as sent; what it did is undone."""
    started = []
    with transaction.atomic():
        answer = application(
            build_environ(request, HTTP_ACCEPT_ENCODING=accepted), lambda *arguments: started.append(arguments)
        )
        body = b"".join(answer)
        answer.close()
        transaction.set_rollback(True)
    status, headers = started[0]
    return int(status[:3]), {name.lower(): value for name, value in headers}, body


def build(dialect, operation, context):
    who = dialect.credentials(operation, Password("ada", "ada-ada!"))
    return dialect.build_request(replace(sample(dialect, operation, context), credentials=who), context)


both = pytest.mark.parametrize("application", [build_front(WSGIHandler()), WSGIHandler()], ids=["the front", "views"])


@both
@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda each: each.name)
def test_each_wire_compresses_for_who_accepts_it(ada, short_too, dialect, application):
    reads = [each.values for each in CASES if each.values[0] is dialect and each.values[1].kind is not Kind.ACTION]
    request = build(*reads[0])

    _, plain_headers, plain = send(request, application, "br")
    _, headers, body = send(request, application)

    assert (headers["content-encoding"], headers["content-length"]) == ("gzip", str(len(body)))
    assert "content-encoding" not in plain_headers
    assert "accept-encoding" in headers["vary"].lower()
    assert headers["vary"] == plain_headers["vary"]
    changing = {"content-encoding", "content-length", "server-timing", "x-call-id"}
    assert {*headers} - changing == {*plain_headers} - changing
    assert headers.get("etag") == plain_headers.get("etag")
    # Ids of calls and durations differ.
    assert abs(len(gzip.decompress(body)) - len(plain)) < 20


@both
def test_a_short_answer_stays_as_it_is(ada, application):
    request = WireRequest("GET", "/api/v1/parts/", headers={"authorization": "Basic YWRhOmFkYS1hZGEh"})

    _, headers, body = send(request, application)

    assert body.startswith(b'{"results"')
    assert "content-encoding" not in headers


@both
def test_a_stream_is_compressed_chunk_by_chunk(ada, application):
    insert_rows(Part, {"number": "'P-' || n", "notes": "repeat('Part ' || n, 80)", "created_at": "now()",
                       "changed_at": "now()"}, "generate_series(1, 1500) AS n", {})  # fmt: skip
    request = WireRequest(
        "GET", "/api/v1/parts/",
        headers={"authorization": "Basic YWRhOmFkYS1hZGEh", "accept": "application/x-ndjson"},
    )  # fmt: skip

    _, headers, body = send(request, application)
    lines = gzip.decompress(body).splitlines()

    assert headers["content-encoding"] == "gzip"
    assert "content-length" not in headers
    assert len(lines) == 1500
    assert len(body) < sum(map(len, lines)) / 5


SECRET = [each.values for each in CASES if each.values[1].gives_secret and each.values[1].kind is Kind.ACTION]


@both
@pytest.mark.parametrize(
    "dialect, operation, context", SECRET, ids=[f"{each[0].name} {each[1].name}" for each in SECRET]
)
def test_what_gives_a_secret_is_not(ada, short_too, dialect, operation, context, application):
    _, headers, _ = send(build(dialect, operation, context), application)

    assert "content-encoding" not in headers


@both
def test_an_access_token_is_not(ada, short_too, application):
    form = f"grant_type=client_credentials&client_id=ERP&client_secret={key_for(ada, *ALL, name='ERP')}"
    request = WireRequest("POST", "/oauth2/token", form.encode(), {"content-type": "application/x-www-form-urlencoded"})

    status, headers, body = send(request, application)

    assert (status, body[:15]) == (200, b'{"access_token"')
    assert "content-encoding" not in headers


def test_operations_that_give_a_secret_are_those_of_sessions_and_tokens():
    assert {each.resource.plural for each in OPERATIONS if each.gives_secret} == {"sessions", "auth_tokens"}


CONTRACTS = {
    "WSDL": "/v2_0/receiver/parts?wsdl",
    "WSDL of a vendor": "/wsAPI/CPQAPI.asmx?wsdl",
    "XSD": "/bmfsweb/counterpart/schema/v1_0/parts/Parts.xsd",
    "OpenAPI": "/api/v1/schema/",
    "OpenAPI of a vendor": "/help/openapi.json",
}


@pytest.mark.parametrize("path", CONTRACTS.values(), ids=CONTRACTS)
def test_a_contract_is_compressed_and_known_again(db, path):
    client = Client()
    plain = client.get(path)
    packed = client.get(path, headers={"accept-encoding": "gzip"})
    known = client.get(path, headers={"accept-encoding": "gzip", "if-none-match": packed["ETag"]})

    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert packed["Content-Length"] == str(len(packed.content))
    assert packed["ETag"] == plain["ETag"]
    assert (known.status_code, known.content) == (304, b"")
    assert {each["Vary"].lower().count("accept-encoding") for each in (plain, packed, known)} == {1}
    head = client.head(path, headers={"accept-encoding": "gzip"})
    assert not head.content
    assert "Content-Encoding" not in head


@pytest.mark.parametrize("path", ["/", "/admin/login/", "/api/v1/docs/", "/help/"])
def test_a_page_is_not(db, path):
    assert "Content-Encoding" not in Client().get(path, headers={"accept-encoding": "gzip"})


def test_if_match_takes_the_etag_of_a_compressed_answer(ada, short_too):
    Part.objects.create(number="P-1", created_at=NOW, changed_at=NOW)
    front = build_front(WSGIHandler())
    basic = {"authorization": "Basic YWRhOmFkYS1hZGEh"}
    _, headers, _ = send(WireRequest("GET", "/api/v1/parts/P-1/", headers=basic), front)

    request = WireRequest(
        "PATCH", "/api/v1/parts/P-1/", b'{"units": 2}',
        {**basic, "content-type": "application/json", "if-match": headers["etag"]},
    )  # fmt: skip

    assert headers["content-encoding"] == "gzip"
    assert send(request, front)[0] == 200


def test_an_exchange_has_what_was_answered_before_that(ada, short_too):
    front = build_front(WSGIHandler())
    started = []
    request = WireRequest("GET", "/api/v1/parts/", headers={"authorization": "Basic YWRhOmFkYS1hZGEh"})
    answer = front(build_environ(request, HTTP_ACCEPT_ENCODING="gzip"), lambda *each: started.append(each))
    body = b"".join(answer)

    stored = Exchange.objects.get()

    assert stored.response_size == len(gzip.decompress(body))
