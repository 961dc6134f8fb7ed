"""
Records as JSON: written by functions compiled once per resource, and spelled for a request.

    text            "PUMP-100", "" when it has no value
    whole number    14           true or false   true
    other numbers   "250.00", as text, so that no client makes a float of money
    date, moment    "2026-01-31", "2026-01-31T12:00:00Z"
    list            ["Acme"]     map  {"USD": "250.00"}     rows  [{…}, …]
    no value        null, but "" for text, [] for a list, {} for a map
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from json.encoder import encode_basestring as quoted_text
from typing import Any

from records.shapes.blocks import Column
from records.shapes.fields import SCALARS, Field, Kind
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, Value, Values
from webservices.wire.json import Json
from webservices.wire.streaming import BlockWriter, join_columns

# What JSON can say as a number and what every client reads exactly: no sign before 0, no zeros in front, 18 digits.
INTEGER = re.compile("0|-?[1-9][0-9]{0,17}", re.ASCII)

Writer = Callable[[Any], str]  # of a value that fits its field


# Once for each resource and generation of its fields.
@lru_cache(maxsize=256)
def record_writer(resource: Resource) -> Callable[[Values], str]:
    """Return the writer of a resource's records: one JSON object with every field, in the resource's order."""
    return _fields_writer(resource.fields)


def _fields_writer(fields: tuple[Field, ...]) -> Callable[[Values], str]:
    members = [(f"{quoted_text(field.name)}:", field.name, _writer(field)) for field in fields if not field.secret]

    def write(record: Values) -> str:
        get = record.get
        # A list and not a generator: join would make one of it anyway, at some cost for each of a page's records.
        return "{" + ",".join([prefix + write_one(get(name, EMPTY)) for prefix, name, write_one in members]) + "}"

    return write


@lru_cache(maxsize=256)
def record_block_writer(resource: Resource) -> BlockWriter:
    """Return the function that writes the same objects of the records of a block, column by column."""
    members = [(field.name, _column_writer(field)) for field in resource.fields if not field.secret]
    return lambda block: join_columns("{", [write(block.column(name)) for name, write in members], "}", ",")


def _column_writer(field: Field) -> Callable[[Column], list[str]]:
    start, write = f"{quoted_text(field.name)}:", _writer(field)
    empty = start + write(EMPTY)
    # What has a quick form has it here: a call for each value would cost as much as its text.
    if write is _as_is:
        return lambda column: [f"{start}{value}" if value else empty for value in column]
    if field.kind in SCALARS:
        return lambda column: [start + quoted_text(value) if value else empty for value in column]
    return lambda column: [start + write(value) if value else empty for value in column]


def _text(value: Any) -> str:
    return '""' if value is EMPTY else quoted_text(value)


def _as_text(value: Any) -> str:
    return "null" if value is EMPTY else quoted_text(value)


# A whole number and a flag are stored as JSON writes them.
def _as_is(value: Any) -> str:
    return "null" if value is EMPTY else value


_SCALAR_WRITERS: Mapping[Kind, Writer] = {
    Kind.TEXT: _text,
    Kind.INTEGER: _as_is,
    Kind.BOOLEAN: _as_is,
    Kind.DECIMAL: _as_text,
    Kind.DATE: _as_text,
    Kind.DATETIME: _as_text,
}


def _writer(field: Field) -> Writer:
    match field.kind:
        case Kind.LIST:
            item = _writer(field.item)
            return lambda value: f"[{','.join([item(each) for each in value or ()])}]"
        case Kind.ROWS:
            row = _fields_writer(field.child.fields)
            return lambda value: f"[{','.join([row(each) for each in value or ()])}]"
        case Kind.MAP:
            entry = _writer(field.item)
            return lambda value: (
                "{" + ",".join([f"{quoted_text(key)}:{entry(each)}" for key, each in (value or {}).items()]) + "}"
            )
    return _SCALAR_WRITERS[field.kind]


def record_tree(resource: Resource, record: Values) -> dict[str, Json]:
    """Return the same object as a tree."""
    return {field.name: _tree(field, record.get(field.name, EMPTY)) for field in resource.fields if not field.secret}


def _tree(field: Field, value: Any) -> Json:
    match field.kind:
        case Kind.LIST:
            return [_tree(field.item, each) for each in value or ()]
        case Kind.ROWS:
            return [record_tree(field.child, row) for row in value or ()]
        case Kind.MAP:
            return {key: _tree(field.item, each) for key, each in (value or {}).items()}
    return write_value(field, value)


def request_tree(resource: Resource, record: Values) -> dict[str, Json]:
    """Return a record as a request has it: what is absent stays absent, and EMPTY is "" or null."""
    return {name: write_value(resource.by_name.get(name), value) for name, value in record.items()}


def write_value(field: Field | None, value: Value) -> Json:
    """Return one value as JSON of its field's kind; what does not fit it goes as the text that it is."""
    match value:
        case dict() if field is not None and field.kind is Kind.MAP:
            return {key: write_value(field.item, each) for key, each in value.items()}
        case dict():
            return {key: write_value(None, each) for key, each in value.items()}
        case list() if field is not None and field.kind is Kind.ROWS:
            rows = field.child
            return [request_tree(rows, row) if isinstance(row, dict) else write_value(None, row) for row in value]
        case list():
            item = field.item if field is not None and field.kind is Kind.LIST else None
            return [write_value(item, each) for each in value]
        case str() if field is not None and field.kind is Kind.INTEGER and INTEGER.fullmatch(value):
            return int(value)
        case "true" | "false" if field is not None and field.kind is Kind.BOOLEAN:
            return value == "true"
        case str():
            return value
    return "" if field is None or field.kind is Kind.TEXT else None
