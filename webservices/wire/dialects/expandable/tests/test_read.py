"""Reading and writing without a database: what a request becomes, lazily, and that `read` undoes `ask`."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from records.shapes.criteria import Comparator, Criterion
from records.shapes.values import EMPTY, Tags
from records.tests.cast import table
from webservices.declarations import OPERATIONS
from webservices.wire.credentials import SignedToken
from webservices.wire.dialects.expandable.codes import LONGEST_REASON, reason_phrase
from webservices.wire.dialects.expandable.dialect import EXPANDABLE
from webservices.wire.dialects.expandable.names import PROGRAMS
from webservices.wire.dialects.expandable.tables import AUDIT
from webservices.wire.messages import Call, Options, RequestError, WireRequest
from webservices.wire.operations import Verb


def operation(plural, verb):
    return OPERATIONS.get(plural, Verb(verb))


def read(name, body, **headers):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return EXPANDABLE.read(WireRequest("POST", f"/api/{name}", content, headers), OPERATIONS, EXPANDABLE.settings)


class TestSpelling:
    @pytest.mark.parametrize("plural", PROGRAMS)
    def test_no_name_is_longer_than_15_characters(self, plural):
        program = PROGRAMS[plural]
        names = [*program.paths, *(program.lines.names if program.lines else ())]
        names += [name for texts in program.lists for name in texts.names]

        assert [name for name in names if len(name) > 15 or name != name.upper()] == []

    @pytest.mark.parametrize("plural, count", table({"parts": ("parts", 90), "contacts": ("contacts", 38)}))
    def test_the_vendors_lists_are_whole(self, plural, count):
        assert len(PROGRAMS[plural].names) == count

    @pytest.mark.parametrize("plural", PROGRAMS)
    def test_what_leads_to_the_hub_is_a_field_of_it(self, plural):
        program = PROGRAMS[plural]

        assert {*program.hub} <= {*program.names, *program.trailing}
        assert {*program.hub.values()} <= {*operation(plural, "find").resource.vendor_by_name}


class TestRead:
    def test_looks_at_the_fields_when_they_are_asked_for(self):
        call = read("customer-part-query", {"COLOUR": "BETWEEN ", "AUTH_TOKEN": "t"})

        assert call.credentials == SignedToken("t")
        with pytest.raises(RequestError) as refusal:
            list(call.criteria)
        assert refusal.value.operation == operation("customer_parts", "find")

    def test_a_day_of_a_moment_is_asked_for_as_such(self):
        call = read("part-query", {"DATE_CREATED": "BETWEEN 2026-01-01 AND 2026-12-31", "TIME_LAST_UPDT": "<12:00:00"})

        assert list(call.criteria) == [
            Criterion(("created_at", "date"), Comparator.AT_LEAST, ("2026-01-01",)),
            Criterion(("created_at", "date"), Comparator.AT_MOST, ("2026-12-31",)),
            Criterion(("changed_at", "time"), Comparator.LESS, ("12:00:00",)),
        ]

    def test_a_query_of_orders_may_name_its_fields_beside_the_token(self):
        flat = read("sales-order-query", {"SO_ID": "SO-1", "AUTH_TOKEN": ""})

        assert list(flat.criteria) == [Criterion(("number",), Comparator.EQUAL, ("SO-1",))]

    def test_a_new_record_leaves_out_what_is_blank_and_an_update_clears_it(self):
        body = {"PART_ID": "A", "NOTES": " ", "PART_DESC": "", "CREATED_BY": ""}

        made = {**body, "PART_DESC": "a", "PART_UM": "EA", "PART_TYPE": ""}
        cleared = {"number": "A", "notes": EMPTY, "description": {"en": EMPTY}}
        with_text = {"number": "A", "description": {"en": "a"}, "vendor": {"PART_UM": "EA"}}
        assert list(read("part-create", made).records) == [with_text]
        assert list(read("part-update", body).records) == [cleared]

    def test_a_transaction_has_a_record_for_each_line_and_is_all_or_none(self):
        head = {"order": "SO-1", "batch": "7", "vendor": {"SHIP_VIA": "UPS"}}
        records = [
            {**head, "line_number": "1", "quantity": "2", "vendor": {"SHIP_VIA": "UPS", "LOT_ID": "L1"}},
            {**head, "line_number": "2", "quantity": "1"},
        ]
        call = Call(operation("shipments", "add"), records, credentials=SignedToken("t"))

        found = EXPANDABLE.read(
            EXPANDABLE.build_request(call, EXPANDABLE.contexts(call.operation)[0]), OPERATIONS, EXPANDABLE.settings
        )

        assert list(found.records) == records
        assert found.options == Options(all_or_none=True)

    def test_options_are_those_of_every_door(self):
        call = read("part-create", {"PART_ID": "A"}, **{"x-dry-run": "true", "if-match": '"3"'})

        assert call.options == Options(dry_run=True, if_match=Tags((3,)))

    def test_a_slash_at_the_end_of_the_address_means_nothing(self):
        assert read("part-create/", {"PART_ID": "A"}).operation == operation("parts", "add")


TEXTS = st.text(min_size=1, max_size=20).filter(lambda text: text.strip() and "|" not in text)
VENDOR_TEXTS = st.text(min_size=1, max_size=20).filter(lambda text: text.strip() and text.isprintable())
RECORDS = st.fixed_dictionaries(
    {"number": TEXTS, "description": st.fixed_dictionaries({"en": TEXTS})},
    optional={
        "notes": TEXTS | st.just(EMPTY),
        "lead_time": TEXTS.filter(lambda text: text.strip() != "-1") | st.just("-1"),
        "attachments": st.lists(TEXTS, min_size=1, max_size=3) | st.just(EMPTY),
        "vendor": st.fixed_dictionaries(
            {}, optional={"PART_UM": VENDOR_TEXTS, "MAX_ORDER_QTY": st.just("1.50")}
        ).filter(bool),
    },
)
PATHS = st.sampled_from([("number",), ("description", "en"), ("vendor", "PART_UM"), *list(AUDIT.values())[:-1]])
COMPARATORS = [each for each in Comparator if each not in (Comparator.LIKE, Comparator.ILIKE)]


def criterion(path, comparator, texts):
    texts = [text.strip() for text in texts]
    return Criterion(path, comparator, tuple(texts if comparator is Comparator.IN else texts[:1]))


CRITERIA = st.lists(
    st.builds(criterion, PATHS, st.sampled_from(COMPARATORS), st.lists(TEXTS, min_size=1, max_size=3)),
    min_size=1,
    max_size=3,
    unique_by=lambda each: each.path,
).map(tuple)


@settings(deadline=None)
@given(RECORDS, st.sampled_from(["update", "add"]), st.text().map(str.strip), st.booleans())
def test_reads_the_records_that_it_asks(record, verb, token, dry_run):
    if verb == "add":
        record = {name: value for name, value in record.items() if value is not EMPTY and value != "-1"}
    if verb == "update" and record.get("lead_time") == "-1":
        record = {**record, "lead_time": EMPTY}
    call = Call(operation("parts", verb), [record], credentials=SignedToken(token), options=Options(dry_run=dry_run))
    (context,) = EXPANDABLE.contexts(call.operation)

    found = EXPANDABLE.read(EXPANDABLE.build_request(call, context), OPERATIONS, EXPANDABLE.settings)

    assert found == replace(call, vendor="expandable", scope=found.scope)


@settings(deadline=None)
@given(CRITERIA)
def test_reads_the_criteria_that_it_asks(criteria):
    call = Call(operation("parts", "find"), criteria=criteria, credentials=SignedToken("t"))
    (context,) = EXPANDABLE.contexts(call.operation)

    found = EXPANDABLE.read(EXPANDABLE.build_request(call, context), OPERATIONS, EXPANDABLE.settings)

    assert replace(found, limit=None, vendor="") == call


@given(st.text())
def test_a_reason_phrase_is_one_short_line_of_latin_1(text):
    phrase = reason_phrase(text)

    assert len(phrase) <= LONGEST_REASON
    assert phrase.encode("latin-1").isascii() or phrase.isprintable()
    assert not set(phrase) & set("\r\n\0")
