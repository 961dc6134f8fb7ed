"""
What a skeleton promises, for every operation of every dialect in every manner: nobody adds a test for a new one.
"""

import json
import re
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from jsonschema import Draft202012Validator
from lxml import etree

from records.models import CustomField, FieldRule
from webservices.access import identify
from webservices.contracts.annotations import strip_comments
from webservices.contracts.documents import documents
from webservices.contracts.offers import Offer
from webservices.declarations import OPERATIONS
from webservices.dialects.table import DIALECTS
from webservices.gateway import answer
from webservices.messages import Call, SignedIn
from webservices.models import Exchange
from webservices.operations import Verb
from webservices.site import current_operations
from webservices.testpage.addresses import Here
from webservices.testpage.inputs import generate
from webservices.testpage.sending import Sender, send

KEYS = {
    "a part": {"number": "PUMP-100"},
    "an inactive part": {"number": "PUMP-090"},
    "a part of some companies only": {"number": "PUMP-300-X"},
    "a part with a slash": {"number": "SERVICE/DAY"},
    "a part that hates messages": {"number": 'A&B <c> "d"'},
}
HATES_MESSAGES = {
    "number": 'A&B <c> "d"',
    "display_number": "// no comment",
    "description": {"en": "<!-- --> ]]> &amp; 'x' \u2028 \U0001f527", "de": "number"},
    "notes": '  two lines\n\twith -- tabs // and \\ "quotes"\r\nand blanks  ',
    "company_associations": ["price", "a -- b"],
}
NEW = {"number": "NEW/1 & co"}


def every_operation(*verbs: Verb):
    """Every operation of these verbs, of every dialect, in every manner."""
    asked = {
        f"{dialect.name} {operation.name} {number}": (dialect, operation, number)
        for dialect in DIALECTS
        for operation in OPERATIONS
        for number, _ in enumerate(dialect.manners(operation))
        if operation.verb in (verbs or Verb)
    }
    return pytest.mark.parametrize("dialect, operation, number", asked.values(), ids=asked)


@pytest.fixture
def ada(db) -> User:
    call_command("load_demo", verbosity=0)
    user = User.objects.get(username="ada")
    operations = current_operations()
    call = Call(operations.get("parts", Verb.ADD), records=[HATES_MESSAGES])
    assert not answer(call, caller(user), at=datetime.now(UTC)).outcomes[0].problems
    return user


def caller(user):
    return identify(SignedIn(user.pk), call_id="", secure=True, at=datetime.now(UTC))


def made(dialect, operation, number, key, user):
    """The input that the page generates for this user."""
    operations = current_operations()
    current = operations.get(operation.resource.plural, operation.verb)
    manner = dialect.manners(current)[number]
    return generate(dialect, Offer("", "", current, manner, None), key, user.pk, operations).skeleton


def sent(skeleton, user):
    sender = Sender(user.pk, user.username, "http://testserver", "127.0.0.1", secure=True)
    return send(Here(skeleton.path, skeleton.query), skeleton.method, skeleton.text, skeleton.headers, sender)


def exchange_of(answered):
    return Exchange.objects.get(call_id=answered.call_id)


def stored(operation, user):
    """All records, as the user sees them."""
    find = current_operations().get(operation.resource.plural, Verb.FIND)
    return answer(Call(find), caller(user), at=datetime.now(UTC)).records


class TestSentUnchanged:
    @every_operation(Verb.FIND, Verb.UPDATE, Verb.PUT, Verb.REMOVE)
    @pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
    def test_has_no_failed_record_for_an_existing_key(self, dialect, operation, number, key, ada):
        answered = sent(made(dialect, operation, number, key, ada), ada)

        exchange = exchange_of(answered)
        assert answered.status < 300
        assert (exchange.code, exchange.failed) == ("", 0)
        written = exchange.updated + exchange.unchanged + exchange.deleted
        assert (written if operation.writes else exchange.returned) == 1

    @every_operation(Verb.FIND, Verb.UPDATE, Verb.PUT)
    @pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
    def test_changes_nothing_of_a_live_record(self, dialect, operation, number, key, ada):
        before = stored(operation, ada)

        sent(made(dialect, operation, number, key, ada), ada)

        assert stored(operation, ada) == before

    @every_operation(Verb.ADD, Verb.PUT)
    def test_has_no_failed_record_for_a_new_key(self, dialect, operation, number, ada):
        answered = sent(made(dialect, operation, number, NEW, ada), ada)

        assert answered.status < 300
        assert exchange_of(answered).created == 1
        assert NEW["number"] in {record["number"] for record in stored(operation, ada)}

    @every_operation(Verb.ADD)
    def test_adds_a_copy_under_a_free_key_when_the_key_is_taken(self, dialect, operation, number, ada):
        first, second = (sent(made(dialect, operation, number, {"number": "PUMP-200"}, ada), ada) for _ in range(2))

        assert (exchange_of(first).created, exchange_of(second).created) == (1, 1)
        copies = {record["number"]: record for record in stored(operation, ada) if "PUMP-200-" in record["number"]}
        assert sorted(copies) == ["PUMP-200-2", "PUMP-200-3"]
        assert copies["PUMP-200-2"]["description"]["fr"] == "Pompe, moyenne"

    @every_operation(Verb.ADD, Verb.PUT)
    def test_survives_what_a_site_defines(self, dialect, operation, number, ada):
        CustomField.objects.create(resource="part", name="2", label="Colour", type="text", required=True)
        CustomField.objects.create(resource="part", name="made", label="Made on", type="date")
        FieldRule.objects.create(resource="part", field="display_number", max_length=3, required=True)

        answered = sent(made(dialect, operation, number, {"number": "P1"}, ada), ada)

        assert exchange_of(answered).created == 1


@every_operation()
class TestText:
    def test_comments_every_field_that_it_sends(self, dialect, operation, number, ada):
        text = made(dialect, operation, number, {"number": "PUMP-100"}, ada).text

        if operation.verb in (Verb.ADD, Verb.UPDATE, Verb.PUT):
            assert "optional: text, at most 32,765 characters" in text
            assert "one of 0 (Not direct), 1 (Direct buy), 2 (Recommended only), default 1" in text
            assert "one of Standard, Silver, Gold" in text
        if operation.verb is not Verb.FIND and dialect.media == "xml":
            assert "required: text, at most 50 characters" in text

    def test_says_that_a_key_is_unknown(self, dialect, operation, number, ada):
        text = made(dialect, operation, number, NEW, ada).text

        unknown = "No part NEW/1 & co is known".replace("&", "&amp;" if dialect.media == "xml" else "&")
        says = operation.verb in (Verb.UPDATE, Verb.REMOVE)
        assert (unknown in text or "No part NEW/1 & co is known" in text) is says

    def test_uses_the_declared_example_for_a_blank_key(self, dialect, operation, number, ada):
        skeleton = made(dialect, operation, number, {"number": "  "}, ada)

        assert "PUMP-100" in skeleton.target + skeleton.text

    def test_holds_no_secret(self, dialect, operation, number, ada):
        skeleton = made(dialect, operation, number, {"number": "PUMP-100"}, ada)

        assert "ticket-" not in skeleton.text
        assert ada.password not in skeleton.text
        assert "authorization" not in {name.lower() for name in skeleton.headers}


@pytest.mark.parametrize("dialect", [each for each in DIALECTS if each.media == "xml"], ids=lambda each: each.name)
def test_shows_the_name_of_the_signed_in_user_and_an_empty_password(dialect, ada):
    skeleton = made(dialect, OPERATIONS.get("parts", Verb.FIND), 0, {}, ada)

    assert ">ada</" in skeleton.text
    assert "></wsse:Password>" in skeleton.text


@pytest.fixture
def contracts(ada):
    """All contracts as this site has them, its custom fields included."""
    return documents(current_operations())


@every_operation()
def test_is_valid_against_its_contract(dialect, operation, number, ada, contracts):
    check = {"xml": check_against_xsd, "json": check_against_openapi}[dialect.media]

    for key in (*KEYS.values(), NEW, {}):
        check(dialect, operation, made(dialect, operation, number, key, ada), contracts)


def check_against_xsd(dialect, operation, skeleton, contracts):
    schema = etree.XMLSchema(etree.fromstring(contracts[f"{dialect.name}/{operation.resource.plural}.xsd"]))
    body = etree.fromstring(skeleton.text)[-1]
    schema.assertValid(next(body.iterchildren(etree.Element)))


def check_against_openapi(dialect, operation, skeleton, contracts):
    description = json.loads(contracts[f"{dialect.name}/openapi.json"])
    described = description["paths"][openapi_path(skeleton.path, description["paths"])][skeleton.method.lower()]
    body = strip_comments(skeleton.text)
    if "requestBody" not in described:
        assert body == ""
        return
    schema = described["requestBody"]["content"]["application/json"]["schema"]
    whole = {"components": description["components"], **schema}
    Draft202012Validator(whole).validate(json.loads(body))


def openapi_path(path, described):
    """The described path that a path is an instance of; a fixed one goes before one with a key in it."""
    patterns = {name: re.compile(re.sub(r"\\\{.+?\\\}", "[^/]+", re.escape(name))) for name in described}
    return min((name for name in patterns if patterns[name].fullmatch(path)), key=lambda name: "{" in name)
