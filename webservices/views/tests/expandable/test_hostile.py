"""Hostile requests in Expandable's form: each gets a clear answer and is kept, and nothing is half-written."""

import gzip
import json

import pytest
from django.test import Client

from parts.models import Part
from records.tests.cast import table
from webservices.models import Exchange
from webservices.tests.api_keys import key_for

GOOD = b'{"PART_ID": "P-1", "AUTH_TOKEN": "{token}"}'
WIDE = json.dumps({f"A{number}": "" for number in range(10_000)} | {"AUTH_TOKEN": "{token}"}).encode()
RANGE = b'{"PART_ID": "BETWEEN ' + b"A AND " * 900 + b'", "AUTH_TOKEN": "{token}"}'
LIKE = b'{"PART_ID": "' + b"%a" * 400 + b'b", "AUTH_TOKEN": "{token}"}'
SQL = b'{"PART_ID": "\' OR 1=1 --", "AUTH_TOKEN": "{token}"}'
GZIP = {"HTTP_CONTENT_ENCODING": "gzip"}

REFUSALS = {
    "nothing": (b"", {}, "malformed-json", 400),
    "no JSON": (b"hello", {}, "malformed-json", 400),
    "a document type": (b"<!DOCTYPE a><a/>", {}, "malformed-json", 400),
    "a number": (b"1", {}, "wrong-shape", 400),
    "an array": (b"[" + GOOD + b"]", {}, "wrong-shape", 400),
    "1,000 levels": (b"[" * 1000 + b"]" * 1000, {}, "malformed-json", 400),
    "1,000,000 levels": (b"[" * 1_000_000, {}, "malformed-json", 400),
    "a number of endless digits": (b'{"PART_ID": ' + b"9" * 100_000 + b"}", {}, "malformed-json", 400),
    "a member twice": (b'{"AUTH_TOKEN": "", "AUTH_TOKEN": "{token}"}', {}, "malformed-json", 400),
    "a null character": (GOOD.replace(b"P-1", b"P\\u0000"), {}, "control-character", 500),
    "10,000 members": (WIDE, {}, "unknown-field", 500),
    "a key too long": (GOOD.replace(b"P-1", b"P" * 100_000), {}, "too-long", 500),
    "no token": (GOOD.replace(b"{token}", b""), {}, "no-token", 401),
    "a token of endless length": (GOOD.replace(b"{token}", b"a" * 1_000_000), {}, "token-malformed", 401),
    "a token that was changed": (GOOD.replace(b"{token}", b"{token}x"), {}, "token-malformed", 401),
    "a token in clear": (GOOD, {"REMOTE_ADDR": "10.0.0.7"}, "clear-password", 500),
    "a token through an unknown proxy": (GOOD, {"HTTP_X_FORWARDED_FOR": "10.0.0.7"}, "clear-password", 500),
    "a bearer token that is none": (GOOD, {"HTTP_AUTHORIZATION": "Bearer x"}, "unknown-token", 401),
    "a gzip bomb": (gzip.compress(bytes(30_000_000)), GZIP, "too-large", 500),
    "no gzip": (GOOD, GZIP, "not-compressed", 400),
    "an encoding that nobody knows": (GOOD, {"HTTP_CONTENT_ENCODING": "br"}, "unknown-encoding", 400),
    "over the limit": (GOOD + b" " * 3_000_000, {}, "too-large", 500),
    "an option that is none": (GOOD, {"HTTP_X_DRY_RUN": "perhaps"}, "wrong-option", 500),
    "an option that is empty": (GOOD, {"HTTP_X_DRY_RUN": ""}, "wrong-option", 500),
}


@pytest.fixture
def token(expandable, settings) -> bytes:
    settings.MAX_BODY_BYTES = 2_000_000
    return expandable.token.encode()


def post(name, body, **extra):
    return Client().generic("POST", f"/api/{name}", body, content_type="application/json", **extra)


@pytest.mark.parametrize("body, extra, code, status", table(REFUSALS))
def test_is_refused_in_the_form_of_the_dialect_and_kept(body, extra, code, status, token):
    response = post("part-create", body.replace(b"{token}", token), **extra)

    kept = Exchange.objects.latest("id")
    assert (response.status_code, kept.status, kept.code) == (status, status, code)
    assert set(response.json()) == {"MESSAGE", "MESSAGE_CODE"}
    assert "Traceback" not in response.json()["MESSAGE"]
    assert len(response.reason_phrase) <= 300
    assert kept.call_id == response["X-Call-Id"]
    assert not Part.objects.exists()


@pytest.mark.parametrize(
    "body, found", [(RANGE, None), (LIKE, 0), (SQL, None), (SQL.replace(b"' OR", b"''' OR"), None)]
)
def test_a_criterion_asks_no_more_than_it_says(body, found, token, expandable):
    expandable.call("part-create", PART_ID="A", PART_DESC="x")

    response = post("part-query", body.replace(b"{token}", token))

    assert (response.status_code == 200) is (found is not None)
    assert found is None or len(response.json()) == found
    assert Part.objects.count() == 1


def test_every_wrong_password_is_answered_as_wrong_and_the_right_one_is_taken(expandable):
    login = {"DATA_SOURCE": "DEMO", "USER_NAME": "ada"}

    answers = [expandable.post("auth-token-get", {**login, "PASSWORD": f"guess {number}"}) for number in range(5)]

    assert {answer.json()["MESSAGE_CODE"] for answer in answers} == {"LOGIN_FAILURE"}
    assert expandable.post("auth-token-get", {**login, "PASSWORD": "ada-ada!"}).status_code == 200


def test_an_api_key_stands_for_a_token_and_narrows_what_may_be_asked(expandable, ada):
    bearer = {"authorization": f"Bearer {key_for(ada, 'parts.find')}"}

    asked = expandable.post("part-query", {"PART_ID": "%", "AUTH_TOKEN": ""}, **bearer)
    refused = expandable.post("part-create", {"PART_ID": "P-1"}, **bearer)

    assert (asked.status_code, asked.json()) == (200, [])
    assert refused.json()["MESSAGE_CODE"] == "NOT_PERMITTED"
