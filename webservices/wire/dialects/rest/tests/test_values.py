"""Records as JSON: one rule per kind, and the compiled writer equal to the tree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.shapes.fields import Kind
from records.shapes.values import EMPTY
from records.tests.cast import table
from webservices.wire.dialects.rest.tests.parts import PART
from webservices.wire.dialects.rest.values import record_tree, record_writer, request_tree
from webservices.wire.json import read_json, to_values, write_json

FULL = {
    "number": 'PUMP "1"',
    "display_number": "P\n1",
    "lead_time": "14",
    "price": {"USD": "250.00"},
    "prices": [{"currency": "USD", "minimum_quantity": "1", "effective_date": EMPTY, "amount": "250.00"}],
    "company_associations": ["Acme"],
    "limit": "-3",
    "first_sold": "2026-01-31",
    "active": "true",
    "token": "canary",
    "id": "7",
    "version": "2",
    "changed_at": "2026-01-31T12:00:00Z",
}

FULL_JSON = {
    "number": 'PUMP "1"',
    "display_number": "P\n1",
    "lead_time": 14,
    "price": {"USD": "250.00"},
    "prices": [{"currency": "USD", "minimum_quantity": "1", "effective_date": None, "amount": "250.00"}],
    "company_associations": ["Acme"],
    "limit": -3,
    "first_sold": "2026-01-31",
    "active": True,
    "id": 7,
    "version": 2,
    "changed_at": "2026-01-31T12:00:00Z",
}

BLANK_JSON = {
    "number": "",
    "display_number": "",
    "lead_time": None,
    "price": {},
    "prices": [],
    "company_associations": [],
    "limit": None,
    "first_sold": None,
    "active": None,
    "id": None,
    "version": None,
    "changed_at": None,
}

RECORDS = {
    "a full record, without its secret": (FULL, FULL_JSON),
    "a record without values": ({field.name: EMPTY for field in PART.fields}, BLANK_JSON),
    "a record that leaves all out": ({}, BLANK_JSON),
}


@pytest.mark.parametrize("record, written", table(RECORDS))
def test_writes_a_record(record, written):
    assert record_tree(PART, record) == written
    assert record_writer(PART)(record) == write_json(written)


def test_what_was_written_reads_as_the_same_values():
    read = to_values(read_json(record_writer(PART)(FULL).encode()))

    assert read == {name: value for name, value in FULL.items() if name != "token"}


texts = st.text(st.characters(exclude_categories=["Cs"]))
scalars = {Kind.INTEGER: st.integers(-(10**17), 10**17).map(str), Kind.BOOLEAN: st.sampled_from(["true", "false"])}


def values_of(field):
    match field.kind:
        case Kind.LIST:
            values = st.lists(texts)
        case Kind.MAP:
            values = st.dictionaries(texts, texts)
        case Kind.ROWS:
            values = st.lists(records_of(field.child))
        case kind:
            values = scalars.get(kind, texts)
    return values | st.just(EMPTY)


def records_of(resource):
    return st.fixed_dictionaries({}, optional={field.name: values_of(field) for field in resource.fields})


@given(records_of(PART))
def test_the_compiled_writer_writes_what_the_tree_is(record):
    assert record_writer(PART)(record) == write_json(record_tree(PART, record))


SENT = {
    "numbers and flags as such": ({"lead_time": "14", "active": "false"}, {"lead_time": 14, "active": False}),
    "what is neither, as it is": ({"lead_time": "007", "active": "1"}, {"lead_time": "007", "active": "1"}),
    "empty fields": ({"number": EMPTY, "price": EMPTY}, {"number": "", "price": None}),
    "rows": ({"prices": [{"amount": "1.50"}]}, {"prices": [{"amount": "1.50"}]}),
    "an unknown field": ({"nmber": "A", "x": EMPTY}, {"nmber": "A", "x": ""}),
}  # fmt: skip


@pytest.mark.parametrize("record, spelled", table(SENT))
def test_spells_a_record_for_a_request(record, spelled):
    assert request_tree(PART, record) == spelled
