"""Each drift of a declaration is found by its check."""

from dataclasses import replace

import pytest

from parts.resources import PART
from records.shapes.fields import ScalarField
from records.tests.cast import table
from webservices.checks import check_published_at_first, drift, publishing_problems
from webservices.declarations import OPERATIONS
from webservices.wire.dialects.ecosys.published import Column, PublishedApi
from webservices.wire.dialects.oracle.dialect import ORACLE_2_0, Oracle20
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.operations import Operations


def operations_on(resource, **changes):
    return Operations(
        {name: replace(operation, resource=resource, **changes) for name, operation in OPERATIONS.by_name.items()}
    )


DRIFTS = {
    "a key that is no field": ("E001", operations_on(replace(PART, key=("colour",)))),
    "an example with an unknown field": ("E001", operations_on(replace(PART, examples=({"number": "A", "hue": "b"},)))),
    "an example without its key": ("E001", operations_on(replace(PART, examples=({"notes": "A"},)))),
    "a permission that no model has": ("E004", operations_on(PART, permissions=("parts.paint_part",))),
    "a field that is kept nowhere": (
        "E005",
        operations_on(replace(PART, fields=(*PART.fields, ScalarField("colour")))),
    ),
    "a key that is not unique": ("E005", operations_on(replace(PART, key=("display_number",)))),
    "a resource without a model": ("E005", operations_on(replace(PART, name="widget"))),
}


@pytest.mark.parametrize("code, operations", table(DRIFTS))
def test_finds(code, operations):
    assert f"webservices.{code}" in {message.id for message in drift(operations, ())}


def test_finds_a_family_that_a_dialect_leaves_out():
    class Speechless(Oracle20):
        codes = {}

    assert "webservices.E003" in {message.id for message in drift(OPERATIONS, (Speechless(),))}


def test_finds_two_fields_that_a_dialect_spells_alike():
    class Lisping(Oracle20):
        def spell(self, plural, path):
            return "s"

    assert "webservices.E006" in {message.id for message in drift(OPERATIONS, (Lisping(),))}


LISTS = {
    "a field": ({"parts": ("number", "colour")}, "lists colour, no field of parts."),
    "a kind of record": ({"ships": ("number",)}, "lists fields of ships, which there are not."),
}


@pytest.mark.parametrize("lists, words", table(LISTS))
def test_finds_what_a_dialect_lists_that_there_is_not(lists, words):
    class Listing(Oracle20):
        fields = lists

    [found] = drift(OPERATIONS, (Listing(),))

    assert found.id == "webservices.E012"
    assert words in found.msg


DECLINED = {
    "a resource that is neither offered nor declined": ({}, "neither offers contacts nor declines them"),
    "one that is offered and declined": ({**ORACLE_2_0.declined, "parts": "No."}, "offers parts and declines them"),
    "one that there is not": ({**ORACLE_2_0.declined, "ships": "No."}, "declines ships, which there are not"),
}


@pytest.mark.parametrize("reasons, words", table(DECLINED))
def test_finds_a_resource_that_a_dialect_neither_offers_nor_declines(reasons, words):
    class Silent(Oracle20):
        declined = reasons

    found, *_ = drift(OPERATIONS, (Silent(),))

    assert found.id == "webservices.E014"
    assert words in found.msg


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_a_reason_is_a_sentence(dialect):
    assert all(reason.endswith(".") and len(reason) > 20 for reason in dialect.declined.values())


def test_the_declarations_as_they_are_do_not_drift():
    assert list(drift(OPERATIONS, DIALECTS)) == []


PUBLISHED = {
    "an unknown kind of record": (PublishedApi("Ship", "ships"), "no ships"),
    "an unknown field": (PublishedApi("Part", "parts", (Column("PartID", "number"), Column("Hue", "hue"))), "'hue'"),
    "a wrong name": (PublishedApi("a..b", "parts"), "no name for an API"),
}


@pytest.mark.parametrize("api, words", table(PUBLISHED))
def test_finds_an_api_that_cannot_be_published_at_first(api, words):
    [found] = publishing_problems([api], OPERATIONS)

    assert found.id == "webservices.E013"
    assert words in found.msg


def test_finds_nothing_wrong_with_what_is_published_at_first():
    assert check_published_at_first(None) == []
