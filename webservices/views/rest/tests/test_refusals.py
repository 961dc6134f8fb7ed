"""What REST refuses: JSON of the wrong shape, bodies too long, and what nobody anticipated."""

import pytest

from parts.models import Part
from records.tests.cast import table
from webservices.tests.rest_client import Rest

PUMP = {"number": "PUMP-100", "units": 2, "price": {"USD": "250.00"}}


@pytest.fixture
def rest(ada):
    return Rest("ada", "ada-ada!")


WRONG = {
    "no JSON": (b"<part/>", 400, "malformed-json"),
    "nothing": (b"", 400, "malformed-json"),
    "a text": (b'"PUMP-100"', 400, "wrong-shape"),
    "a list in a list": (b"[[]]", 400, "wrong-shape"),
    "NaN": (b'{"number": "A", "units": NaN}', 400, "malformed-json"),
    "the same name twice": (b'{"number": "A", "number": "B"}', 400, "malformed-json"),
    "too deep": (b'{"number": ' + b"[" * 1000 + b"]" * 1000 + b"}", 400, "malformed-json"),
    "no key": (b"{}", 422, "missing"),
    "an unknown field": (b'{"number": "A", "untis": 1}', 422, "unknown-field"),
    "a number that is none": (b'{"number": "A", "units": "two"}', 422, "not-a-number"),
    "half a unit": (b'{"number": "A", "units": 1.5}', 422, "not-a-number"),
    "a flag as a number": (b'{"number": "A", "units": true}', 422, "not-a-number"),
    "a list as text": (b'{"number": "A", "notes": ["x"]}', 422, "wrong-shape"),
    "a price without currency": (b'{"number": "A", "price": 250}', 422, "wrong-shape"),
    "a control character": (rb'{"number": "A\u0000"}', 422, "control-character"),
    "too long": (b'{"number": "' + b"A" * 51 + b'"}', 422, "too-long"),
    "a choice that is none": (b'{"number": "A", "direct_buy": 7}', 422, "not-a-choice"),
}


@pytest.mark.parametrize("body, status, code", table(WRONG))
def test_refuses_json_of_the_wrong_shape(rest, body, status, code):
    reply = rest.post("parts/", body)

    assert (reply.status, reply.json["code"], reply["Content-Type"]) == (status, code, "application/problem+json")
    assert reply.json["instance"] == f"urn:counterpart:call:{reply['X-Call-Id']}"
    assert not Part.objects.exists()


def test_refuses_a_body_that_is_too_long(rest, settings):
    settings.MAX_BODY_BYTES = 50

    assert rest.post("parts/", PUMP).status == 413


def test_refuses_a_form(rest):
    reply = rest.post("parts/", b"number=A", content_type="application/x-www-form-urlencoded")

    assert (reply.status, reply.json["code"]) == (415, "wrong-media-type")


def test_what_nobody_anticipated_says_no_more_than_the_id_of_the_call(rest, monkeypatch):
    def fails(*args, **kwargs):
        raise ZeroDivisionError("canary")

    monkeypatch.setattr("webservices.gateway._write_once", fails)

    reply = rest.put("parts/A/", {})

    assert reply.status == 500
    assert reply["X-Call-Id"] in reply.json["detail"]
    assert b"canary" not in reply.response.content
