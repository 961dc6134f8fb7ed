"""Messages whose markup has come before mean, and are masked, as if each were read anew."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parts.services import PARTS as PARTS_SERVICES
from records.shapes.fields import Kind as FieldKind
from webservices import requests
from webservices.access.identify import identify
from webservices.declarations import OPERATIONS
from webservices.endpoint import serve
from webservices.exchanges.mask_known import learn_mask, mask_known
from webservices.exchanges.mask_xml import mask_xml
from webservices.exchanges.masking import build_mask
from webservices.exchanges.store import body_text
from webservices.exchanges.streaming_body import whole_body
from webservices.models import Exchange
from webservices.tests.test_idempotency import NOW
from webservices.tests.test_round_trip import CASES, sample
from webservices.wire.credentials import Password, SignedIn
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.operations import Verb
from webservices.wire.recurrence import Recurrences

RECURRING = [dialect for dialect in DIALECTS if dialect.recurs]
SEARCHES = [
    pytest.param(dialect, operation, context, id=case.id)
    for case in CASES
    for dialect, operation, context in [case.values]
    if dialect.recurs and operation.verb is Verb.FIND
]
# What a reader may take for something else than a text.
WORDS = (
    *("PUMP-100", "P.1", "a", "0", "1", "-1", "1.0", "1e5", "true", "false", "True", "Y", "N", "yes", "no"),
    *("null", "NULL", "nil", "None", "NaN", "INF", "undefined", "now", "2026-01-01", "x" * 100, "x" * 101, "in", "eq"),
    *("1..5", ">=1", "..", "a..b"),
    *("a,b", "a%", "a*b", "a b", " a", "a ", "", "'a'", "a;b", "Größe", "a&b", "<a>", "]]>", "***", "ada", "*", "%"),
)
SECRETS = ("s3cret", "ada", "a", "pass,word%", "x" * 200, "***", "PUMP-100", "with blank", "ümlaut", "a&b", "ticket-1")


def build(dialect, operation, context, text, user_name="ada", secret="s3cret"):
    """A search for a text in each of the texts that it may ask for."""
    who = dialect.credentials(operation, Password(user_name, secret))
    asked = sample(dialect, operation, context)
    fields = operation.resource.by_name
    criteria = tuple(
        replace(each, values=(text,)) if fields[each.path[0]].kind is FieldKind.TEXT else each
        for each in asked.criteria
    )
    return dialect.build_request(replace(asked, criteria=criteria, credentials=who), context)


def read(dialect, request):
    call = dialect.read(request, OPERATIONS, dialect.settings)
    return replace(call, name=dialect.spell_operation(call.operation, call.context), criteria=tuple(call.criteria))


def learn_twice(dialect, request):
    recurrences = Recurrences()
    for _ in range(2):
        recurrences.learn(dialect, request, OPERATIONS, dialect.settings, read(dialect, request))
    return recurrences


def find(recurrences, dialect, request):
    return recurrences.find(dialect, request, OPERATIONS, dialect.settings)


@pytest.mark.parametrize("dialect, operation, context", SEARCHES)
def test_each_is_read_as_if_it_came_alone(dialect, operation, context):
    recurrences = learn_twice(dialect, build(dialect, operation, context, "PUMP-7", "bob", "other"))
    differences = {}

    for word, secret in [*((word, "s3cret") for word in WORDS), *(("PUMP-100", secret) for secret in SECRETS)]:
        request = build(dialect, operation, context, word, secret=secret)
        found, plain = find(recurrences, dialect, request), read(dialect, request)
        if found is not None and (found.call != plain or found.call.context != plain.context):
            differences[word, secret] = found.call, plain

    assert differences == {}


@pytest.mark.parametrize("dialect", RECURRING, ids=lambda each: each.name)
def test_searches_for_numbers_are_known_again(dialect):
    known = {}

    for operation, context in [case.values[1:] for case in SEARCHES if case.values[0] is dialect]:
        recurrences = learn_twice(dialect, build(dialect, operation, context, "PUMP-7", "bob", "other"))
        found = find(recurrences, dialect, build(dialect, operation, context, "PUMP-100"))
        known[operation.name] = known.get(operation.name, False) or found is not None

    assert any(known.values()), known


ORACLE, OF_PARTS, PARTS = next(case.values for case in SEARCHES if case.id.startswith("oracle-2.0-parts"))


class TestKnows:
    def test_nothing_that_came_once(self):
        recurrences, request = Recurrences(), build(ORACLE, OF_PARTS, PARTS, "PUMP-7")
        recurrences.learn(ORACLE, request, OPERATIONS, ORACLE.settings, read(ORACLE, request))

        assert find(recurrences, ORACLE, request) is None

    CHANGES = {
        "another address": {"path": "/v2_0/receiver/customers"},
        "another query": {"query": "a=1"},
        "another host": {"address": "https://other.example"},
        "another header": {"headers": {"content-type": "text/xml", "x-dry-run": "1"}},
        "a comment": {"body": lambda body: body.replace(b"<bm:Parts>", b"<bm:Parts><!-- -->")},
        "more markup": {"body": lambda body: body.replace(b"<bm:Parts>", b"<bm:Parts ><!-- -->")},
        "another field": {"body": lambda body: body.replace(b"part_number", b"description")},
        "another comparator": {"body": lambda body: body.replace(b">=<", b">LIKE<")},
        "a document type": {"body": lambda body: b"<!DOCTYPE a>" + body},
    }

    @pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
    def test_nothing_else(self, changes):
        request = build(ORACLE, OF_PARTS, PARTS, "PUMP-7")
        values = {name: value(request.body) if callable(value) else value for name, value in changes.items()}

        found = find(learn_twice(ORACLE, request), ORACLE, replace(request, **values))

        assert found is None

    def test_what_was_read_with_other_settings_no_more(self):
        request = build(ORACLE, OF_PARTS, PARTS, "PUMP-7")
        recurrences, other = learn_twice(ORACLE, request), replace(ORACLE.settings, criteria_limit=7)

        assert recurrences.find(ORACLE, request, OPERATIONS, other) is None
        assert recurrences.find(ORACLE, request, replace(OPERATIONS), ORACLE.settings) is None

    def test_what_is_read_after_the_definitions_have_changed_often(self):
        recurrences, request = Recurrences(), build(ORACLE, OF_PARTS, PARTS, "PUMP-7")

        for _ in range(20):
            current = replace(OPERATIONS)
            for _ in range(2):
                call = ORACLE.read(request, current, ORACLE.settings)
                recurrences.learn(ORACLE, request, current, ORACLE.settings, call)

        assert recurrences.find(ORACLE, request, current, ORACLE.settings) is not None

    def test_a_few_readings_of_a_markup(self):
        recurrences = Recurrences()
        request = build(ORACLE, OF_PARTS, PARTS, "PUMP-7")
        names = [f"custom_field{number}".encode() for number in range(1, 20)]
        asked = [replace(request, body=request.body.replace(b"part_number", name)) for name in names]

        for request in asked:
            recurrences.learn(ORACLE, request, OPERATIONS, ORACLE.settings, read(ORACLE, request))

        assert sum(find(recurrences, ORACLE, request) is not None for request in asked) == 8


texts = st.text("abcXYZ019_.-", min_size=1, max_size=12)


@given(st.lists(st.tuples(texts, st.sampled_from(("ada", "bob", "s3cret")), texts | st.just("s3cret")), max_size=6))
def test_each_is_masked_as_if_it_came_alone(messages):
    recurrences = learn_twice(ORACLE, build(ORACLE, OF_PARTS, PARTS, "PUMP-7", "eve", "other"))

    for text, user_name, secret in messages:
        request = build(ORACLE, OF_PARTS, PARTS, text, user_name, secret)
        found = find(recurrences, ORACLE, request)
        if found is None:
            continue
        mask = build_mask(ORACLE.secrets, [secret], user_name="ada")
        plain = mask_xml(whole_body(request.body), mask, 65536, is_parsed=True)

        assert mask_known(found, mask) in (None, plain)

        learn_mask(found, mask, plain)


MOMENT = re.compile(r"[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d [\d:]{8} UTC \d{4}")


@pytest.mark.parametrize("secret", ["ada-ada!", "PUMP-3"])
def test_the_server_answers_and_stores_the_same(ada, stored_hash, monkeypatch, secret):
    ada.password = stored_hash(secret)
    ada.save()
    caller = identify(SignedIn(ada.pk), call_id="", secure=True, at=NOW)
    PARTS_SERVICES.add(records=[{"number": f"PUMP-{number}"} for number in range(4)], by=caller, at=NOW)
    seen = []

    for recurs in (False, True):
        monkeypatch.setattr(type(ORACLE), "recurs", recurs)
        monkeypatch.setattr(requests, "RECURRENCES", Recurrences())
        Exchange.objects.all().delete()
        wanted = [build(ORACLE, OF_PARTS, PARTS, f"PUMP-{number}", "ada", secret) for number in (0, 1, 2, 3, 9, 0)]
        bodies = [MOMENT.sub("…", serve(ORACLE, each).body.decode()) for each in wanted]
        stored = Exchange.objects.order_by("id").values("request_body", "response_body", "request_encoding", "keys")
        texts = [{**each, "request_body": body_text(each["request_body"])} for each in stored]
        answers = [MOMENT.sub("…", body_text(each.pop("response_body"))) for each in texts]
        seen.append((bodies, texts, answers))

    assert seen[0] == seen[1]
    assert find(requests.RECURRENCES, ORACLE, wanted[0]) is not None
    assert secret not in str([stored for _, *stored in seen])
