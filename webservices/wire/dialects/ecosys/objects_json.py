"""
One object as JSON, both ways.

    {"PartID": "PUMP-100", "Price": 250.00, "Active": true, "CompanyAssociations": ["Acme"], "Notes": "",
     "Rows": [{"Quantity": 2}]}

Whole numbers, decimals and flags are JSON's own; text in their place is read as well. No value is null, but "" for
text and [] for lists and rows; all of them clear.
"""

import re
from collections.abc import Iterable
from decimal import Decimal

from records.shapes.fields import Kind
from records.shapes.values import EMPTY, Value, Values
from webservices.wire.dialects.ecosys.columns import Attribute, Columns, attribute_named, sent, shown
from webservices.wire.json import Json, to_values

NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,39})(\.[0-9]{1,40})?", re.ASCII)
NUMBERS = (Kind.INTEGER, Kind.DECIMAL)
FLAGS = {"true": True, "false": False}


def read_object(columns: Columns, found: dict[str, Json]) -> dict[str, Value]:
    """The values of an object, or of a row; what is no column comes marked, for the core to refuse."""
    values: dict[str, Value] = {}
    for name, value in found.items():
        attribute = attribute_named(columns, name)
        attribute.put(values, _value(attribute, value))
    return values


def _value(attribute: Attribute, found: Json) -> Value:
    if attribute.field.kind is Kind.ROWS and isinstance(found, list):
        rows = [read_object(attribute.row, each) if isinstance(each, dict) else to_values(each) for each in found]
        return rows or EMPTY
    return EMPTY if found == [] else to_values(found)


def sent_object(columns: Columns, record: Values) -> dict[str, Json]:
    """An object to be written."""
    return _object(sent(columns, record), sent)


def found_object(columns: Columns, record: Values) -> dict[str, Json]:
    """An object that was found: all its columns."""
    return _object(shown(columns, record), shown)


def _object(values: Iterable[tuple[Attribute, Value]], of_row) -> dict[str, Json]:
    return {attribute.id: _written(attribute, value, of_row) for attribute, value in values}


def _written(attribute: Attribute, value: Value, of_row) -> Json:
    kind = attribute.field.kind
    if value is EMPTY or value == [] or value == "":
        return {Kind.TEXT: "", Kind.LIST: [], Kind.ROWS: []}.get(kind)
    if kind is Kind.ROWS:
        return [_object(of_row(attribute.row, row), of_row) for row in value]
    if isinstance(value, str) and kind in NUMBERS and NUMBER.fullmatch(value):
        return int(value) if kind is Kind.INTEGER and "." not in value else Decimal(value)
    return FLAGS.get(value, value) if kind is Kind.BOOLEAN else value
