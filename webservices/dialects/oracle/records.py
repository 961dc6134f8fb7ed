"""
One record, both ways: an element into Values, and Values into an element.

    <bm:each_record>
      <bm:part_number>PUMP-100</bm:part_number>
      <bm:description><bm:en>Pump, small</bm:en></bm:description>          a map: a child per key
      <bm:company_associations>Acme</bm:company_associations>              a list: the element once per entry
      <bm:company_associations>Initech</bm:company_associations>
      <bm:rows><bm:each_row><bm:quantity>2</bm:quantity></bm:each_row></bm:rows>    rows: an element per row
      <bm:notes/>                                                          empty
    </bm:each_record>
"""

from collections.abc import Callable, Mapping
from functools import lru_cache

from records.shapes.fields import SCALARS, Field, Kind
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, Value, Values
from webservices.dialects.oracle.spelling import (
    EMPTY_IS_ABSENT,
    PREFIX,
    RECORD,
    ROW,
    field_name,
    name_of_field,
    on_the_wire,
)
from webservices.soap.parsing import Node
from webservices.soap.writing import Markup, element, escape

Write = Callable[[Value], str]


def read_record(resource: Resource, node: Node) -> dict[str, Value]:
    """The values of a record's element; what is no field comes under its own name, for the core to refuse."""
    known = _known(resource)
    values: dict[str, Value] = {}
    for child in node.children:
        name, field, simple = known.get(child.name) or _unknown(resource, child.name)
        if simple and not child.children and not child.attributes and name not in values:
            values[name] = child.text or EMPTY
        else:
            _read_field(name, field, child, values)
    return values


Known = tuple[str, Field | None, bool]  # the name inside, the field, whether it is one text that may be empty


@lru_cache(maxsize=64)
def _known(resource: Resource) -> dict[str, Known]:
    """The fields by their names on the wire."""
    return {
        field_name(resource.name, field.name): (
            field.name,
            field,
            field.kind in SCALARS and field.name not in EMPTY_IS_ABSENT,
        )
        for field in on_the_wire(resource)
    }


def _unknown(resource: Resource, spelled: str) -> Known:
    return name_of_field(resource, spelled), None, False


def _read_field(name: str, field: Field | None, node: Node, values: dict[str, Value]) -> None:
    value = _value(field, node)
    if name in EMPTY_IS_ABSENT and (value is EMPTY or not str(value).strip()):
        return
    if name in values:
        value = [*_entries(values[name]), *_entries(value)]
    elif field is not None and field.kind is Kind.LIST and value is not EMPTY:
        value = [value]
    values[name] = value


def _entries(value: Value) -> list[Value]:
    if isinstance(value, list):
        return value
    return ["" if value is EMPTY else value]


def _value(field: Field | None, node: Node) -> Value:
    if node.nil:
        return EMPTY
    if field is not None and field.kind is Kind.ROWS:
        return [read_record(field.child, row) for row in node.children] or EMPTY
    if not node.children:
        return node.text or EMPTY
    entries: dict[str, Value] = {}
    for child in node.children:
        value = _value(None, child)
        entries[child.name] = [*_entries(entries[child.name]), value] if child.name in entries else value
    return entries


@lru_cache(maxsize=64)
def record_writer(resource: Resource, name: str = RECORD) -> Callable[[Values], str]:
    """
    A function that writes a record's element: made once per resource, every value escaped.

    Fields come in the resource's order; an absent one is left out, one without value is an empty element.
    """
    fields = [
        (field.name, _field_writer(field, field_name(resource.name, field.name))) for field in on_the_wire(resource)
    ]
    start, end = f"<{PREFIX}:{name}>", f"</{PREFIX}:{name}>"

    def write(values: Values) -> str:
        parts = [start]
        for field, write_field in fields:
            if field in values:
                parts.append(write_field(values[field]))
        parts.append(end)
        return "".join(parts)

    return write


def _field_writer(field: Field, name: str) -> Write:
    empty = f"<{PREFIX}:{name}/>"
    return {
        Kind.MAP: _map_writer,
        Kind.LIST: _list_writer,
        Kind.ROWS: _rows_writer,
    }.get(field.kind, _text_writer)(field, name, empty)


def _text_writer(field: Field, name: str, empty: str) -> Write:
    start, end = f"<{PREFIX}:{name}>", f"</{PREFIX}:{name}>"

    def write(value: Value) -> str:
        return start + escape(value) + end if value else empty

    return write


def _list_writer(field: Field, name: str, empty: str) -> Write:
    write_one = _text_writer(field, name, empty)

    def write(value: Value) -> str:
        return "".join(map(write_one, _entries(value))) if value else empty

    return write


def _map_writer(field: Field, name: str, empty: str) -> Write:
    start, end = f"<{PREFIX}:{name}>", f"</{PREFIX}:{name}>"

    def write(value: Mapping[str, Value]) -> str:
        if not value:
            return empty
        # The keys are values too; what is no name cannot be an element, and the core lets none be stored.
        entries = "".join(element(f"{PREFIX}:{key}", entry or "") for key, entry in value.items() if key.isidentifier())
        return start + entries + end

    return write


def _rows_writer(field: Field, name: str, empty: str) -> Write:
    write_row = record_writer(field.child, ROW + field.child.name)
    start, end = f"<{PREFIX}:{name}>", f"</{PREFIX}:{name}>"

    def write(value: Value) -> str:
        return start + "".join(map(write_row, value)) + end if value else empty

    return write


def write_criterion(field: str, value: str, comparator: str) -> Markup:
    """One condition of a search."""
    return element(
        f"{PREFIX}:criteria",
        element(f"{PREFIX}:field", field),
        element(f"{PREFIX}:value", value),
        element(f"{PREFIX}:comparator", comparator),
    )
