"""
The values of one object, both ways, as XML and as JSON.

    <Part>
      <PartID>PUMP-100</PartID>
      <Price>250.00</Price>                                        one entry of a map: a column like any other
      <CompanyAssociations>Acme</CompanyAssociations>              a list: the element once per entry
      <CompanyAssociations>Initech</CompanyAssociations>
      <Rows><Row><Quantity>2</Quantity></Row></Rows>               rows: an element per row
      <Notes/>                                                     empty: cleared
      <Rows clear="true"/>                                         rows cleared; <Rows/> says nothing of them
    </Part>

    {"PartID": "PUMP-100", "Price": 250.00, "Active": true, "CompanyAssociations": ["Acme"], "Notes": "",
     "Rows": [{"Quantity": 2}]}

In JSON whole numbers, decimals and flags are JSON's own; text in their place is read as well. Texts are cleared by "",
lists and rows by []; any other value by null.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache, partial
from json.encoder import encode_basestring as quoted_text
from typing import Any

from records.shapes.blocks import Column
from records.shapes.fields import SCALARS, Kind, RowsField
from records.shapes.values import EMPTY, Value, Values
from webservices.wire.dialects.ecosys.columns import Attribute, Columns, find_attribute, sent_values, shown_attributes
from webservices.wire.dialects.ecosys.names import row_name
from webservices.wire.json import Json, to_values, write_json
from webservices.wire.sparse import get_column, get_value
from webservices.wire.streaming import BlockWriter, join_columns
from webservices.wire.xml.clear import CLEAR, read_structure
from webservices.wire.xml.nodes import Node
from webservices.wire.xml.writing import Markup, element, escape, escape_column

NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,39})(\.[0-9]{1,40})?", re.ASCII)  # the numbers that JSON can say exactly
NUMBERS = (Kind.INTEGER, Kind.DECIMAL)
TEXT_KINDS = (Kind.TEXT, Kind.DATE, Kind.DATETIME)
FLAGS = {"true": True, "false": False}

Write = Callable[[Any], str]  # of a value that fits its field
WriteColumn = Callable[[Column], list[str]]


def read_xml_object(columns: Columns, node: Node) -> dict[str, Value]:
    """Read the element of an object or of a row; nil elements are absent, unknown ones come marked with UNKNOWN."""
    values: dict[str, Value] = {}
    for child in node.sent_children:
        attribute = find_attribute(columns, child.name)
        value = _read_node(attribute, child)
        if value is not None:
            attribute.set(values, value)
    return values


def _read_node(attribute: Attribute, node: Node) -> Value | None:
    if attribute.field.kind is Kind.ROWS:
        rows: list[Value] = [read_xml_object(attribute.row, row) for row in node.sent_children]
        return read_structure(node.element, rows or EMPTY)
    if node.children:
        return {child.name: child.text for child in node.children}  # no column is a map: the core refuses it
    return node.text or EMPTY


def write_sent_xml(columns: Columns, name: str, record: Values) -> Markup:
    """Write the element of an object in a request: the columns that it has values for."""
    parts = (_node_writer(attribute, in_request=True)(value) for attribute, value in sent_values(columns, record))
    return Markup(f"<{name}>{''.join(parts)}</{name}>")


@lru_cache(maxsize=256)
def xml_writer(columns: Columns, name: str) -> Callable[[Values], Markup]:
    """
    Return the function that writes the element of an object that was found: all its columns.

    It is built once for the columns, as a read may find a million objects. Names are checked when an API is published,
    texts are escaped.
    """
    writers = [
        (attribute.get if attribute.is_entry else get_value(attribute.field), _node_writer(attribute))
        for attribute in shown_attributes(columns)
    ]

    def write(record: Values) -> Markup:
        return Markup(f"<{name}>{''.join([write_one(get(record)) for get, write_one in writers])}</{name}>")

    return write


@lru_cache(maxsize=256)
def xml_block_writer(columns: Columns, name: str) -> BlockWriter:
    """Return the function that writes the same elements of the objects of a block, column by column."""
    writers = [
        (attribute.column if attribute.is_entry else get_column(attribute.field), _node_column_writer(attribute))
        for attribute in shown_attributes(columns)
    ]
    start, end = f"<{name}>", f"</{name}>"
    return lambda block: join_columns(start, [write(get(block)) for get, write in writers], end)


def _node_column_writer(attribute: Attribute) -> WriteColumn:
    if attribute.field.kind not in SCALARS:
        write = _node_writer(attribute)
        return lambda column: list(map(write, column))
    start, end = f"<{attribute.id}>", f"</{attribute.id}>"
    empty = "" if attribute.field.sparse else f"<{attribute.id}/>"
    return lambda column: [f"{start}{text}{end}" if text else empty for text in escape_column(column)]


def _node_writer(attribute: Attribute, *, in_request: bool = False) -> Write:
    name, field = attribute.id, attribute.field
    start, end = f"<{name}>", f"</{name}>"
    empty = "" if field.sparse and not in_request else f"<{name}/>"
    if isinstance(field, RowsField):
        return _rows_writer(
            attribute,
            row_name(field.child),
            f'<{name} {CLEAR}="true"/>' if in_request else empty,
            in_request=in_request,
        )

    def write(value: Any) -> str:
        if not value:
            return empty
        if value.__class__ is list:
            return "".join([f"{start}{escape(str(each or ''))}{end}" for each in value])
        return f"{start}{escape(value if value.__class__ is str else str(value))}{end}"

    return write


def _rows_writer(attribute: Attribute, row: str, empty: str, *, in_request: bool) -> Write:
    write_row = partial(write_sent_xml, attribute.row, row) if in_request else xml_writer(attribute.row, row)

    def write(value: Any) -> str:
        return element(attribute.id, Markup("".join(map(write_row, _list_rows(value))))) if value else empty

    return write


def _list_rows(value: Value) -> list[Values]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def read_json_object(columns: Columns, members: Mapping[str, Json]) -> dict[str, Value]:
    """Read an object or a row of JSON; unknown members come marked with UNKNOWN."""
    values: dict[str, Value] = {}
    for name, value in members.items():
        attribute = find_attribute(columns, name)
        attribute.set(values, _read_member(attribute, value))
    return values


def _read_member(attribute: Attribute, value: Json) -> Value:
    if attribute.field.kind is Kind.ROWS and isinstance(value, list | dict):
        # One row stands for a list of one, as an object does for a list of objects.
        sent = value if isinstance(value, list) else [value]
        rows = [read_json_object(attribute.row, row) if isinstance(row, dict) else to_values(row) for row in sent]
        return rows or EMPTY
    return EMPTY if value == [] else to_values(value)  # [] clears a list; `to_values` knows only "" and null


def sent_members(columns: Columns, record: Values) -> dict[str, Json]:
    """Return the members of an object in a request."""
    return {each.id: _build_member(each, value) for each, value in sent_values(columns, record)}


def _build_member(attribute: Attribute, value: Value) -> Json:
    kind = attribute.field.kind
    if not value:
        return _EMPTY_MEMBERS.get(kind)
    if kind is Kind.ROWS:
        return [sent_members(attribute.row, row) for row in _list_rows(value)]
    if isinstance(value, list):
        return [each if isinstance(each, str) else "" for each in value]
    text = str(value)
    if kind in NUMBERS and NUMBER.fullmatch(text):
        return int(text) if kind is Kind.INTEGER and "." not in text else Decimal(text)
    return FLAGS.get(text, text) if kind is Kind.BOOLEAN else text


@lru_cache(maxsize=256)
def json_writer(columns: Columns) -> Callable[[Values], str]:
    """Return the function that writes an object that was found, all its columns, as JSON; built as `xml_writer` is."""
    writers = [(f"{quoted_text(each.id)}:", each.get, _member_writer(each)) for each in shown_attributes(columns)]

    def write(record: Values) -> str:
        return "{" + ",".join([start + write_one(get(record)) for start, get, write_one in writers]) + "}"

    return write


@lru_cache(maxsize=256)
def json_block_writer(columns: Columns) -> BlockWriter:
    """Return the function that writes the same JSON of the objects of a block, column by column."""
    writers = [(each.column, _member_column_writer(each)) for each in shown_attributes(columns)]
    return lambda block: join_columns("{", [write(get(block)) for get, write in writers], "}", ",")


def _member_column_writer(attribute: Attribute) -> WriteColumn:
    start, write = f"{quoted_text(attribute.id)}:", _member_writer(attribute)
    field, empty = attribute.field, start + write(EMPTY)
    if field.kind in TEXT_KINDS:
        return lambda column: [start + quoted_text(value) if value else empty for value in column]
    # As the database has them; a custom one is what its own JSON says.
    if field.kind in (Kind.INTEGER, Kind.BOOLEAN) and not field.custom:
        return lambda column: [f"{start}{value}" if value else empty for value in column]
    return lambda column: [start + write(value) if value else empty for value in column]


def _member_writer(attribute: Attribute) -> Write:
    kind = attribute.field.kind
    empty = write_json(_EMPTY_MEMBERS.get(kind))
    if kind is Kind.ROWS:
        write_row = json_writer(attribute.row)
        return lambda value: f"[{','.join(map(write_row, _list_rows(value)))}]" if value else empty

    def write(value: Any) -> str:
        if not value:
            return empty
        if value.__class__ is str:
            is_plain = NUMBER.fullmatch(value) if kind in NUMBERS else kind is Kind.BOOLEAN and value in FLAGS
            return value if is_plain else quoted_text(value)
        return write_json(_build_member(attribute, value))

    return write


_EMPTY_MEMBERS: Mapping[Kind, Json] = {Kind.TEXT: "", Kind.LIST: [], Kind.ROWS: []}
