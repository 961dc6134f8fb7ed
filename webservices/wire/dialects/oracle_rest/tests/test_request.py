"""Requests that are built: what no address can carry goes another way, and is read as the same call."""

from dataclasses import replace

import pytest

from records.shapes.criteria import Comparator, Criterion
from records.shapes.values import EMPTY
from records.tests.cast import table
from webservices.declarations import OPERATIONS
from webservices.wire.dialects.oracle_rest.context import Entry
from webservices.wire.dialects.oracle_rest.dialect import ORACLE_REST
from webservices.wire.messages import Call, Options
from webservices.wire.operations import Verb

FIND, UPDATE, PUT, REMOVE = (OPERATIONS.get("parts", verb) for verb in (Verb.FIND, Verb.UPDATE, Verb.PUT, Verb.REMOVE))
ENTRIES = {context.entry: context for context in ORACLE_REST.contexts(FIND) if context.child is None}


def built(call, context=None):
    context = context or ORACLE_REST.contexts(call.operation)[0]
    request = ORACLE_REST.build_request(call, context)
    return request, ORACLE_REST.read(request, OPERATIONS, ORACLE_REST.settings)


def criterion(name, value, comparator=Comparator.EQUAL, *others):
    return Criterion((name,), comparator, (value,), others=others)


SEARCHES = {
    "a number of digits": ([criterion("number", "4711")], "/rest/v19/partSetups"),
    "a number with a slash": ([criterion("number", "A/B")], "/rest/v19/partSetups"),
    "two of one field": (
        [criterion("lead_time", "3", Comparator.AT_LEAST), criterion("lead_time", "9", Comparator.LESS)],
        "/rest/v19/partSetups",
    ),
    "blank and not blank": (
        [criterion("notes", "", Comparator.NOT_EQUAL), criterion("external_key_1", "")], "/rest/v19/partSetups",
    ),
    "alternatives": ([criterion("units", "1", Comparator.EQUAL, criterion("units", "2"))], "/rest/v19/partSetups"),
    "a number": ([criterion("number", "PUMP-100")], "/rest/v19/partSetups/PUMP-100"),
    "an id": ([criterion("id", "7")], "/rest/v19/partSetups/7"),
}  # fmt: skip


@pytest.mark.parametrize("criteria, path", table(SEARCHES))
def test_searches(criteria, path):
    request, read = built(Call(FIND, criteria=criteria), ENTRIES[Entry.SETUP])

    assert request.path == path
    assert list(read.criteria) == criteria


def test_a_search_with_all_that_it_can_have_goes_by_its_body():
    call = Call(FIND, criteria=(criterion("units", "1"),), search="pump medium", limit=5, offset=10, count=True,
                order=("-lead_time", "number"))  # fmt: skip

    request, read = built(call, ENTRIES[Entry.SETUPS])

    assert (request.method, request.path) == ("POST", "/rest/v19/parts/actions/search")
    assert replace(read, options=Options()) == replace(call, options=Options())


ALTERNATIVES = {
    "or": ("{$or:[{units:1},{units:2}]}", [["units=1", "units=2"]]),
    "and in or": ("{$or:[{units:1,leadTime:3},{units:2}]}", [["units=1", "units=2"], ["lead_time=3", "units=2"]]),
    "or in and": ("{$and:[{$or:[{units:1},{units:2}]},{leadTime:3}]}", [["units=1", "units=2"], ["lead_time=3"]]),
    "or in or": ("{$or:[{$or:[{units:1},{units:2}]},{units:3}]}", [["units=1", "units=2", "units=3"]]),
    "the same twice": ("{$or:[{units:1},{units:1}]}", [["units=1"]]),
}


@pytest.mark.parametrize("q, clauses", table(ALTERNATIVES))
def test_alternatives_become_clauses(q, clauses):
    request, _ = built(Call(FIND, criteria=()), ENTRIES[Entry.SETUPS])

    read = ORACLE_REST.read(replace(request, query=f"q={q}"), OPERATIONS, ORACLE_REST.settings)

    found = [[f"{each.path[0]}={each.values[0]}" for each in (one, *one.others)] for one in read.criteria]
    assert found == clauses


@pytest.mark.parametrize("number", ["4711", "A/B", "..", "it's", "Ä&+ %"])
def test_writes_of_a_part_by_any_number(number):
    for operation in (UPDATE, REMOVE):
        record = {"number": number, "units": "2"} if operation is UPDATE else {"number": number}
        _, read = built(Call(operation, records=[record]))

        assert {name: value for name, value in read.records[0].items() if value and name != "description"} == record


CLEARED = {
    "a price": {"price": {"USD": EMPTY, "EUR": "5.00"}},
    "all prices": {"price": EMPTY},
    "all descriptions": {"description": EMPTY},
    "a translation": {"description": {"de": EMPTY}},
    "both descriptions": {"description": {"en": EMPTY, "de": "x"}},
    "extended descriptions": {"extended_description_1": EMPTY, "extended_description_2": EMPTY},
    "one of these": {"extended_description_1": {"en": "a", "de": EMPTY}, "extended_description_2": {"fr": "b"}},
    "members": {"notes": EMPTY, "units": EMPTY, "company_associations": EMPTY, "eligible_to_sell": EMPTY},
    "what is none": {"lead_time": "soon", "direct_buy": "9", "price": {"USD": "much"}},
}


@pytest.mark.parametrize("values", CLEARED.values(), ids=CLEARED)
def test_what_is_cleared_is_read_as_cleared(values):
    record = {"number": "A", **values}

    _, read = built(Call(PUT, records=[record]))

    assert list(read.records) == [record]
