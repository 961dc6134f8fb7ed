"""Requests that set conditions, as RFC 9110 has them: If-Match, If-None-Match, and what a server leaves alone."""

import pytest

from parts.models import Part
from records.models import Change
from webservices.tests.rest_client import Rest


@pytest.fixture
def pump(rest: Rest) -> Rest:
    """REST, where PUMP-100 is at version 2 and nothing else is stored."""
    rest.post("parts/", {"number": "PUMP-100", "units": 2})
    rest.patch("parts/PUMP-100/", {"units": 3})
    return rest


PUMP, NONE = "parts/PUMP-100/", "parts/NONE/"
MATCH, UNLESS = "If-Match", "If-None-Match"
# Method, address, headers, status.
READ = [
    (PUMP, {UNLESS: '"2"'}, 304),
    (PUMP, {UNLESS: 'W/"2"'}, 304),  # compared weakly
    (PUMP, {UNLESS: '"1", W/"2", "x"'}, 304),
    (PUMP, {UNLESS: "*"}, 304),
    (PUMP, {UNLESS: '"1"'}, 200),
    (PUMP, {UNLESS: '"abc"'}, 200),
    (PUMP, {MATCH: '"2"'}, 200),
    (PUMP, {MATCH: "*"}, 200),
    (PUMP, {MATCH: '"1"'}, 412),
    (PUMP, {MATCH: 'W/"2"'}, 412),  # compared strongly
    (PUMP, {MATCH: '"1"', UNLESS: '"2"'}, 412),  # If-Match goes first
    (PUMP, {MATCH: '"2"', UNLESS: '"2"'}, 304),
    (PUMP, {UNLESS: "2"}, 400),
    (PUMP, {MATCH: '"2'}, 400),
    (PUMP, {MATCH: ""}, 400),
    (PUMP, {"If-Modified-Since": "Sun, 29 Nov 2099 00:00:00 GMT"}, 200),  # no Last-Modified is given
    (PUMP, {"If-Unmodified-Since": "Sun, 29 Nov 1999 00:00:00 GMT"}, 200),
    (PUMP, {"Range": "bytes=0-3"}, 200),
    (PUMP, {"Accept": "text/csv"}, 406),
    (PUMP, {"Accept": "application/json;q=0.5, text/csv"}, 200),
    (NONE, {UNLESS: "*"}, 404),
    (NONE, {MATCH: "*"}, 404),
    ("parts/", {UNLESS: '"2"'}, 200),  # a list has no tag
    ("parts/", {UNLESS: "*"}, 304),
    ("parts/", {MATCH: '"2"'}, 412),
]
WRITTEN = [
    ("PUT", PUMP, {MATCH: '"2"'}, 200),
    ("PUT", PUMP, {MATCH: '"1", "2"'}, 200),
    ("PUT", PUMP, {MATCH: "*"}, 200),
    ("PUT", PUMP, {MATCH: '"1", "3"'}, 412),
    ("PUT", PUMP, {MATCH: 'W/"2"'}, 412),
    ("PUT", PUMP, {MATCH: '"abc"'}, 412),
    ("PUT", PUMP, {MATCH: "2"}, 400),
    ("PUT", PUMP, {UNLESS: "*"}, 412),
    ("PUT", PUMP, {UNLESS: 'W/"2"'}, 412),
    ("PUT", PUMP, {UNLESS: '"1"'}, 200),
    ("PUT", PUMP, {MATCH: '"2"', UNLESS: '"2"'}, 412),
    ("PUT", NONE, {UNLESS: "*"}, 201),
    ("PUT", NONE, {UNLESS: '"1"'}, 201),
    ("PUT", NONE, {MATCH: "*"}, 412),
    ("PUT", NONE, {MATCH: '"1"'}, 412),
    ("PATCH", PUMP, {MATCH: '"2"'}, 200),
    ("PATCH", PUMP, {MATCH: '"1"'}, 412),
    ("PATCH", PUMP, {UNLESS: "*"}, 412),
    ("PATCH", NONE, {MATCH: '"1"'}, 404),  # what would fail without the condition fails as it would
    ("DELETE", PUMP, {MATCH: '"2"'}, 204),
    ("DELETE", PUMP, {MATCH: "*"}, 204),
    ("DELETE", PUMP, {MATCH: '"1"'}, 412),
    ("DELETE", PUMP, {MATCH: 'W/"2"'}, 412),
    ("DELETE", PUMP, {UNLESS: '"2"'}, 412),
    ("DELETE", NONE, {MATCH: "*"}, 404),
    ("POST", "parts/batch/", {MATCH: '"2"'}, 422),
    ("PUT", PUMP, {"Content-Type": "text/plain"}, 415),
]


def name(case) -> str:
    return " ".join(map(str, case))


@pytest.mark.parametrize("case", READ, ids=name)
def test_what_is_read(pump, case):
    address, headers, status = case

    reply, head = (pump.send(method, address, **headers) for method in ("GET", "HEAD"))

    assert (reply.status, head.status, head.response.content) == (status, status, b"")
    assert {"Accept", "Authorization", "Cookie"} <= set(reply["Vary"].split(", "))
    if status == 304:
        assert (reply.response.content, reply.response.headers.get("ETag")) == (b"", '"2"' if address == PUMP else None)
        assert "Content-Type" not in reply.response.headers
    elif status >= 400:
        assert reply.json["status"] == status


@pytest.mark.parametrize("case", WRITTEN, ids=name)
def test_what_is_written(pump, case):
    method, address, headers, status = case
    headers = dict(headers)
    before = Change.objects.count()
    body = {"verb": "put", "records": [{"number": "A"}, {"number": "B"}]} if method == "POST" else {"units": 4}

    reply = pump.send(method, address, body, content_type=headers.pop("Content-Type", "application/json"), **headers)

    assert reply.status == status, reply.json
    assert Change.objects.count() == before + (status < 300)
    if status == 412:
        assert reply.json["code"] == "version-conflict"
        assert any(words in reply.json["detail"] for words in ("at version 2 now", "there is no such record"))


def test_a_version_in_the_body_counts_beside_the_header(pump):
    assert pump.put(PUMP, {"units": 4, "version": 1}, if_match="*").status == 412
    assert pump.put(PUMP, {"units": 4, "version": 2}, if_match="*").status == 200
    assert pump.put(PUMP, {"units": 5, "version": "x"}, if_match="*").status == 422
    assert Part.objects.get().units == 4


def test_a_price_has_the_version_of_its_part(pump):
    price = pump.post("prices/", {"part": "PUMP-100", "currency": "USD", "amount": "5"}).json
    address = f"prices/{price['id']}/"

    assert pump.get(address, if_none_match='"3"').status == 304
    assert pump.patch(address, {"amount": "6"}, if_match='"1", "2"').status == 412
    assert pump.patch(address, {"amount": "6"}, if_match='"2", "3"').status == 200
    assert pump.put(address, {"amount": "7"}, if_none_match="*").status == 412
    assert pump.delete(address, if_match="*").status == 204
