"""What every operation of every dialect answers is as its contract has it; what is not, is told."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import User

from records.tests.cast import table
from webservices.publishing import current_operations
from webservices.tester.compose.tests.test_skeletons import LIVE, NEW, ada, asked, made, sent, world  # noqa: F401
from webservices.tester.compose.validate.answers import NO_CONTRACT, validate_answer
from webservices.tester.send.client import _encode_body
from webservices.tester.send.parsed_answer import ParsedAnswer
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.messages import WireRequest
from webservices.wire.operations import Verb

WITHOUT = {"ecosys-rest-json", "oracle-rest"}  # dialects whose contract describes no message


def answer_of(skeleton, dialect, user):
    given = sent(skeleton, user)
    body = skeleton.text.encode() if dialect.media == "xml" else _encode_body(skeleton.text, False)
    request = WireRequest(skeleton.method, skeleton.path, body, skeleton.headers, skeleton.query)
    return request, ParsedAnswer(given.status, given.body.decode(), given.content_type, given.milliseconds)


def problems(dialect, request, seen):
    return validate_answer(dialect, request, seen, current_operations())


@pytest.mark.parametrize("dialect, operation, number", asked().values(), ids=asked())
def test_every_answer_is_valid(dialect, operation, number, ada):  # noqa: F811
    for key in (LIVE[operation.resource.plural], NEW[operation.resource.plural]):
        request, seen = answer_of(made(dialect, operation, number, key, ada), dialect, ada)

        assert problems(dialect, request, seen) == said_of(dialect), seen.body[:2000]


def said_of(dialect):
    return [NO_CONTRACT] if dialect.name in WITHOUT else []


WRITES = asked(Verb.PUT)


@pytest.fixture
def bob(world, db):  # noqa: F811
    """He may do nothing."""
    return User.objects.get(username="bob")


@pytest.mark.parametrize("dialect, operation, number", WRITES.values(), ids=WRITES)
def test_every_refusal_is_valid(dialect, operation, number, bob, ada):  # noqa: F811
    skeleton = made(dialect, operation, number, LIVE[operation.resource.plural], ada)

    request, seen = answer_of(replace(skeleton, text=skeleton.text.replace("ada", "bob")), dialect, bob)

    assert problems(dialect, request, seen) == said_of(dialect), seen.body[:2000]


SOAP = WireRequest("POST", "/v2_0/receiver/parts", b"<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'>"
                   b"<e:Body><getParts xmlns='urn:x'/></e:Body></e:Envelope>")  # fmt: skip
REST = WireRequest("GET", "/api/v1/parts/P-1/")
ENVELOPE = '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>{}</e:Body></e:Envelope>'
ANSWER = '<getPartsResponse xmlns="http://xmlns.oracle.com/cpqcloud/parts">{}</getPartsResponse>'
WRITTEN = ANSWER.replace("get", "add").format("<status><records_inserted>many</records_inserted></status>")
INVALID = {
    "an element that is not expected": (
        "oracle-2.0", SOAP, ParsedAnswer(200, ENVELOPE.format(ANSWER.format("<colour/>")), "text/xml"), "colour",
    ),
    "a value of another type": (
        "oracle-2.0", SOAP,
        ParsedAnswer(200, ENVELOPE.format(WRITTEN), "text/xml"), "records_inserted: 'many' is not",
    ),
    "an answer to another call": (
        "oracle-2.0", SOAP, ParsedAnswer(200, ENVELOPE.format("<x/>"), "text/xml"), "contract",
    ),
    "a fault without a code": (
        "oracle-2.0", SOAP,
        ParsedAnswer(500, ENVELOPE.format("<e:Fault><faultstring>No</faultstring></e:Fault>"), "text/xml"),
        "The fault lacks faultcode.",
    ),
    "a member that is missing": (
        "rest", REST, ParsedAnswer(404, '{"type": "x"}', "application/problem+json"), "missing",
    ),
    "a status that the contract does not know": (
        "rest", REST, ParsedAnswer(202, "{}", "application/json"), NO_CONTRACT,
    ),
    "text": ("rest", REST, ParsedAnswer(200, "hello", "application/json"), "not JSON"),
}  # fmt: skip


@pytest.mark.parametrize("name, request_, seen, sentence", table(INVALID))
def test_says_what_is_not_as_the_contract_has_it(name, request_, seen, sentence, db):
    dialect = next(each for each in DIALECTS if each.name == name)

    found = problems(dialect, request_, seen)

    assert any(sentence in each for each in found), found


def test_nothing_is_known_of_another_server(db):
    assert problems(None, REST, ParsedAnswer(200, "{}", "application/json")) == [NO_CONTRACT]
