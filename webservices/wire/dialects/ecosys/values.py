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
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from records.shapes.fields import Kind
from records.shapes.values import EMPTY, Value, Values
from webservices.wire.dialects.ecosys.columns import Attribute, Columns, find_attribute, found_values, sent_values
from webservices.wire.dialects.ecosys.names import row_name
from webservices.wire.json import Json, to_values
from webservices.wire.xml.clear import CLEAR, read_structure
from webservices.wire.xml.nodes import Node
from webservices.wire.xml.writing import Markup, element, escape

NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,39})(\.[0-9]{1,40})?", re.ASCII)  # the numbers that JSON can say exactly
NUMBERS = (Kind.INTEGER, Kind.DECIMAL)
FLAGS = {"true": True, "false": False}

# The columns of a record with their values: those that are sent, or all that an object has that was found.
Selection = Callable[[Columns, Values], Iterable[tuple[Attribute, Value]]]


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
    """Write the element of an object in a request."""
    return _write_element(name, columns, record, sent_values)


def write_found_xml(columns: Columns, name: str, record: Values) -> Markup:
    """Write the element of an object that was found: all its columns."""
    return _write_element(name, columns, record, found_values)


def _write_element(name: str, columns: Columns, record: Values, select: Selection) -> Markup:
    # Pasted, as a read may find a million objects: names are checked when an API is published, texts are escaped below.
    content = "".join(_write_node(attribute, value, select) for attribute, value in select(columns, record))
    return Markup(f"<{name}>{content}</{name}>")


def _write_node(attribute: Attribute, value: Value, select: Selection) -> str:
    name, field = attribute.id, attribute.field
    if value is EMPTY or value == "" or value == []:
        clears = field.kind is Kind.ROWS and select is sent_values
        return f'<{name} {CLEAR}="true"/>' if clears else f"<{name}/>"
    if field.kind is Kind.ROWS:
        row = row_name(field.child)
        rows = (_write_element(row, attribute.row, each, select) for each in _list_rows(value))
        return element(name, Markup("".join(rows)))
    if isinstance(value, list):  # not empty: see above
        return "".join(f"<{name}>{escape(str(each or ''))}</{name}>" for each in value)
    return f"<{name}>{escape(str(value))}</{name}>"


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
    if attribute.field.kind is Kind.ROWS and isinstance(value, list):
        rows = [read_json_object(attribute.row, row) if isinstance(row, dict) else to_values(row) for row in value]
        return rows or EMPTY
    return EMPTY if value == [] else to_values(value)  # [] clears a list; `to_values` knows only "" and null


def sent_members(columns: Columns, record: Values) -> dict[str, Json]:
    """Return the members of an object in a request."""
    return _build_members(columns, record, sent_values)


def found_members(columns: Columns, record: Values) -> dict[str, Json]:
    """Return the members of an object that was found: all its columns."""
    return _build_members(columns, record, found_values)


def _build_members(columns: Columns, record: Values, select: Selection) -> dict[str, Json]:
    return {attribute.id: _build_member(attribute, value, select) for attribute, value in select(columns, record)}


def _build_member(attribute: Attribute, value: Value, select: Selection) -> Json:
    kind = attribute.field.kind
    if value is EMPTY or value == [] or value == "":
        return _EMPTY_MEMBERS.get(kind)
    if kind is Kind.ROWS:
        return [_build_members(attribute.row, row, select) for row in _list_rows(value)]
    if isinstance(value, list):
        return [each if isinstance(each, str) else "" for each in value]
    text = str(value)
    if kind in NUMBERS and NUMBER.fullmatch(text):
        return int(text) if kind is Kind.INTEGER and "." not in text else Decimal(text)
    return FLAGS.get(text, text) if kind is Kind.BOOLEAN else text


_EMPTY_MEMBERS: Mapping[Kind, Json] = {Kind.TEXT: "", Kind.LIST: [], Kind.ROWS: []}
