"""The errors of published APIs, and the names of columns by rule."""

from dataclasses import replace

import pytest

from records.shapes.criteria import Comparator, Criterion
from records.tests.cast import table
from webservices.declarations import OPERATIONS
from webservices.wire.dialects.ecosys.columns import default_columns
from webservices.wire.dialects.ecosys.names import caption, spell
from webservices.wire.dialects.ecosys.published import (
    DEFAULT_APIS,
    Column,
    Parameter,
    PublishedApi,
    column_name,
    find_api_errors,
)
from webservices.wire.dialects.ecosys.tests.apis import SETTINGS
from webservices.wire.operations import Action, Verb

PARTS = OPERATIONS.get("parts", Verb.FIND).resource
KEY = Column("PartID", "number")
API = PublishedApi("Api", "parts", (KEY,))


def columns(*more):
    return replace(API, columns=(KEY, *more))


WRONG = {
    "a name with a blank": (replace(API, name="a b"), "'a b' is no name for an API"),
    "a name with two dots": (replace(API, name="a..b"), "'a..b' is no name for an API"),
    "a name of an answer's": (replace(API, name="Meta"), "An API cannot be called Meta"),
    "an id that is no name": (columns(Column("1st", "notes")), "'1st' is no name for a column"),
    "an id twice": (columns(Column("PartID", "notes")), "Two columns are called PartID."),
    "an unknown field": (columns(Column("A", "colour")), "A shows 'colour', which is not a field of a part."),
    "an entry of what has none": (columns(Column("A", "notes.en")), "shows 'notes.en', but notes has no entries."),
    "a map half read-only": (
        columns(Column("A", "price"), Column("B", "price.EUR", read_only=True)),
        "The columns B and A show price: it is read-only as a whole, or not at all.",
    ),
    "an event with columns": (replace(API, event=Action.CHECK), "An event has no columns"),
    "an event that only logs and does not": (replace(API, event=Action.LOG, columns=()), "needs a log level."),
    "an event that would make all inactive": (
        replace(API, event=Action.INACTIVATE, columns=(), parameters=(Parameter("p", "number"),)),
        "needs a filter or a required parameter.",
    ),
    "no key": (replace(API, columns=(Column("A", "notes"),)), "a column must show number"),
    "a key that is read-only": (
        replace(API, columns=(replace(KEY, read_only=True),)), "a column must show number",
    ),
    "a parameter of an unknown field": (
        replace(API, parameters=(Parameter("p", "colour"),)), "The parameter p: colour is not a field",
    ),
    "a parameter that compares what has no order": (
        replace(API, parameters=(Parameter("p", "active", Comparator.LESS),)), "The parameter p: active is true or",
    ),
    "a filter of an unknown field": (
        replace(API, filter=(Criterion(("colour",), Comparator.EQUAL, ("red",)),)), "The filter: colour is not a",
    ),
    "a filter with a wrong value": (
        replace(API, filter=(Criterion(("units",), Comparator.EQUAL, ("red",)),)), "The filter: units must be a whole",
    ),
}  # fmt: skip


@pytest.mark.parametrize("api, sentence", table(WRONG))
def test_finds_what_is_wrong(api, sentence):
    assert any(sentence in found for found in find_api_errors(api, PARTS)), [*find_api_errors(api, PARTS)]


@pytest.mark.parametrize("api", SETTINGS.apis, ids=lambda api: api.name)
def test_finds_nothing_wrong_with_what_may_be_published(api):
    assert [*find_api_errors(api, OPERATIONS.get(api.plural, Verb.FIND).resource)] == []


NAMES = {
    "a key": ("parts", "number", "PartID"),
    "an order's key": ("sales_orders", "number", "OrderID"),
    "a customer part's key": ("customer_parts", "number", "CustomerPartID"),
    "another record's key": ("customer_parts", "part", "PartID"),
    "words": ("parts", "company_associations", "CompanyAssociations"),
    "an id": ("customers", "external_id", "ExternalID"),
    "a number at the end": ("customers", "address_1", "Address_1"),
    "an entry of a map": ("parts", "price.EUR", "PriceEUR"),
    "a custom field": ("parts", "custom_field1", "CustomField1"),
}


@pytest.mark.parametrize("plural, field, name", table(NAMES))
def test_calls_a_column(plural, field, name):
    assert column_name(plural, field) == name


@pytest.mark.parametrize("api", DEFAULT_APIS, ids=lambda api: api.name)
def test_no_two_columns_by_rule_are_called_alike(api):
    resource = OPERATIONS.get(api.plural, Verb.FIND).resource
    ids = [column.id for column in default_columns(resource)]

    assert len(ids) == len({name.lower() for name in ids})


def test_spells_paths():
    assert spell("sales_orders", ("rows", 1, "part_number")) == "Rows[2].PartID"
    assert spell("parts", ()) == ""


@pytest.mark.parametrize("name, words", {"CostObjectID": "Cost Object ID", "PartID": "Part ID"}.items())
def test_captions_an_id(name, words):
    assert caption(name) == words
