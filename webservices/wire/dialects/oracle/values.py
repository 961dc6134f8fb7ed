"""
One record, both ways: an element into Values, and Values into an element.

    <bm:each_record>
      <bm:part_number>PUMP-100</bm:part_number>
      <bm:description><bm:en>Pump, small</bm:en></bm:description>          a map: a child per key
      <bm:company_associations>Acme</bm:company_associations>              a list: the element once per entry
      <bm:company_associations>Initech</bm:company_associations>
      <bm:rows><bm:each_row><bm:quantity>2</bm:quantity></bm:each_row></bm:rows>    rows: an element per row
      <bm:notes/>                                                          empty: cleared
      <bm:price/>                                                          a map or rows, empty: nothing is said of it
      <bm:rows clear="true"/>                                              a map or rows, cleared
    </bm:each_record>
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from operator import itemgetter
from typing import Any

from lxml import etree

from records.shapes.blocks import Block, Column
from records.shapes.fields import SCALARS, Field, Kind
from records.shapes.parsing import is_blank
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, Value, Values, add_entry, to_entries
from webservices.wire.dialects.oracle.classic import says_nothing, undefined_names
from webservices.wire.dialects.oracle.names import (
    EMPTY_IS_ABSENT,
    PREFIX,
    RECORD,
    ROW,
    STAMPS,
    TEXT_FLAGS,
    answer_fields,
    field_name,
    hub_name,
    other_names,
    read_flag,
    wire_fields,
)
from webservices.wire.sparse import get_column, get_value
from webservices.wire.streaming import BlockWriter, join_columns
from webservices.wire.xml.clear import CLEAR, read_structure
from webservices.wire.xml.nodes import Node, is_nil, local_name, sent_children
from webservices.wire.xml.writing import escape, escape_column

Read = Callable[[etree._Element], Value]
Write = Callable[[Any], str]  # of a value that fits its field: text, a list, a map or rows

# The name inside, how it is read, whether it is a list, whether EMPTY counts.
Known = tuple[str, Callable[[etree._Element], Value | None] | None, bool, bool]  # None: as a single value is
STRUCTURES = (Kind.MAP, Kind.ROWS)


def record_reader(resource: Resource) -> Callable[[Node], dict[str, Value]]:
    """
    A function that gives the values of a record's element; what is no field comes under its own name, for the core to
    refuse. It remembers the names that it has met: made for each message, as strangers may make up any number.
    """
    fields, stamps = _fields(resource), STAMPS.get(resource.name, {}).values()
    undefined = undefined_names(resource)
    # By the whole tag, so that the local name is cut off once for a message and not once for each of its elements.
    known: dict[str, Known] = {}

    def learn(tag: str) -> Known:
        spelled = local_name(tag)
        field = fields.get(spelled)
        if spelled in stamps:
            known[tag] = spelled, _pass_over, False, False
        elif field is None:
            name = hub_name(resource, spelled)
            known[tag] = name, _undefined_value if name in undefined else None, False, True
        else:
            read_value = _value_reader(field)
            known[tag] = field.name, read_value, field.kind is Kind.LIST, field.name not in EMPTY_IS_ABSENT
        return known[tag]

    def read(node: Node) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for child in node.element:
            if child.keys() and is_nil(child):  # as `sent_children` does, but without a step of its own
                continue
            tag: Any = child.tag  # text, as comments are dropped where XML comes in
            name, read_value, is_list, may_be_empty = known.get(tag) or learn(tag)
            if read_value is not None:
                value = read_value(child)
            else:
                value = _value(child) if len(child) else child.text or EMPTY
            if value is not None and (may_be_empty or not is_blank(value)):
                # A name that comes twice makes a list; the core refuses that for a field that holds one value.
                if name in values:
                    add_entry(values, name, value)
                else:
                    values[name] = [value] if is_list and value is not EMPTY else value
        return values

    return read


@lru_cache(maxsize=64)
def _fields(resource: Resource) -> dict[str, Field]:
    """The fields by their names on the wire."""
    fields = {field_name(resource.name, field.name): field for field in wire_fields(resource)}
    others = other_names(resource.name).items()
    return fields | {spelled: resource.by_name[name] for spelled, name in others if name in resource.by_name}


def _pass_over(element: etree._Element) -> None:
    """Read nothing of an element that is only answered."""


def _undefined_value(element: etree._Element) -> Value | None:
    """Read a classic field that nobody has defined: what clients send of all of them says nothing."""
    value = _value(element)
    return None if value is EMPTY or (isinstance(value, str) and says_nothing(value)) else value


def _value_reader(field: Field) -> Callable[[etree._Element], Value | None] | None:
    """Return the function that reads a field's element; None: it is read as a single value is."""
    if field.kind in STRUCTURES:
        return _structure_reader(field)
    if field.name not in TEXT_FLAGS:
        return None

    def read(element: etree._Element) -> Value:
        value = _value(element)
        return read_flag(field.name, value) if isinstance(value, str) else value

    return read


def _value(element: etree._Element) -> Value:
    if not len(element):
        return element.text or EMPTY
    entries: dict[str, Value] = {}
    for child in sent_children(element):
        name = local_name(str(child.tag))
        value = _value(child) if len(child) else child.text or EMPTY
        if name in entries:
            add_entry(entries, name, value)
        else:
            entries[name] = value
    return entries


def _structure_reader(field: Field) -> Callable[[etree._Element], Value | None]:
    if field.kind is not Kind.ROWS:
        return _map_reader()
    read = _rows_reader(field.child)
    return lambda element: read_structure(element, read(element))


def _map_reader() -> Callable[[etree._Element], Value | None]:
    names: dict[str, str] = {}  # by the whole tags, as in `record_reader`

    def read(element: etree._Element) -> Value | None:
        entries: dict[str, Value] = {}
        for child in element:
            tag: Any = child.tag
            name = names.get(tag) or names.setdefault(tag, local_name(tag))
            # What is nil, holds more, or comes twice is rare.
            if child.keys() or len(child) or name in entries:
                return read_structure(element, _map_value(element))
            entries[name] = child.text or EMPTY
        return entries if entries and not element.keys() else read_structure(element, _map_value(element))

    return read


def _map_value(element: etree._Element) -> Value:
    value = _value(element)
    return EMPTY if is_blank(value) or value == {} else value


def _rows_reader(resource: Resource) -> Read:
    read = record_reader(resource)
    return lambda element: list(map(read, map(Node, sent_children(element)))) or EMPTY


@lru_cache(maxsize=64)
def record_writer(
    resource: Resource, name: str = RECORD, *, in_request: bool = False, stamps: bool = False
) -> Callable[[Values], str]:
    """
    A function that writes a record's element: made once per resource, every value escaped.

    Fields come in the resource's order; an absent one is left out, one without value is an empty element, which says in
    a request that it is cleared. `stamps`: with those that an answer may have.
    """
    # All that does not depend on the record is put together here: a page of records has thousands of elements.
    fields = [
        (
            field.name,
            itemgetter(field.name) if in_request else get_value(field),
            _field_writer(field, field_name(resource.name, field.name), in_request=in_request),
        )
        for field in (answer_fields if stamps else wire_fields)(resource)
    ]
    start, end = f"<{PREFIX}:{name}>", f"</{PREFIX}:{name}>"

    def write(values: Values) -> str:
        parts = [start]
        for field, get, write_field in fields:
            if field in values:
                parts.append(write_field(get(values)))
        parts.append(end)
        return "".join(parts)

    return write


@lru_cache(maxsize=64)
def record_block_writer(resource: Resource, *, stamps: bool = False) -> BlockWriter:
    """Return the function that writes the same elements of the records of a block, column by column."""
    fields = [
        (field.name, get_column(field), _column_writer(field, field_name(resource.name, field.name)))
        for field in (answer_fields if stamps else wire_fields)(resource)
    ]
    start, end = f"<{PREFIX}:{RECORD}>", f"</{PREFIX}:{RECORD}>"

    def write(block: Block) -> Iterator[str]:
        columns = [write_column(get(block)) for field, get, write_column in fields if field in block]
        return join_columns(start, columns, end)

    return write


def _column_writer(field: Field, name: str) -> Callable[[Column], list[str]]:
    if field.kind not in SCALARS:
        write = _field_writer(field, name, in_request=False)
        return lambda column: list(map(write, column))
    start, end, empty = f"<{PREFIX}:{name}>", f"</{PREFIX}:{name}>", _empty(field, name, in_request=False)
    return lambda column: [f"{start}{text}{end}" if text else empty for text in escape_column(column)]


def _field_writer(field: Field, name: str, *, in_request: bool) -> Write:
    empty = _empty(field, name, in_request=in_request)
    match field.kind:
        case Kind.MAP:
            return _map_writer(name, empty)
        case Kind.LIST:
            return _list_writer(name, empty)
        case Kind.ROWS:
            return _rows_writer(field.child, name, empty, in_request=in_request)
    return _text_writer(name, empty)


def _empty(field: Field, name: str, *, in_request: bool) -> str:
    """The element of a field without a value; "" where an answer has none."""
    if in_request and field.kind in STRUCTURES:
        return f'<{PREFIX}:{name} {CLEAR}="true"/>'
    return "" if field.sparse and not in_request else f"<{PREFIX}:{name}/>"


def _text_writer(name: str, empty: str) -> Write:
    start, end = f"<{PREFIX}:{name}>", f"</{PREFIX}:{name}>"

    def write(value: Any) -> str:
        return start + escape(value) + end if value else empty

    return write


def _list_writer(name: str, empty: str) -> Write:
    write_one = _text_writer(name, empty)

    def write(value: Any) -> str:
        return "".join(map(write_one, to_entries(value))) if value else empty

    return write


def _map_writer(name: str, empty: str) -> Write:
    start, end = f"<{PREFIX}:{name}>", f"</{PREFIX}:{name}>"

    def write(value: Any) -> str:
        if not value:
            return empty
        # The keys are values too; what is no name cannot be an element, and the core lets none be stored.
        entries = [_write_entry(key, entry) for key, entry in value.items() if key.isidentifier()]
        return start + "".join(entries) + end

    return write


def _write_entry(key: str, entry: Any) -> str:
    return f"<{PREFIX}:{key}>{escape(entry)}</{PREFIX}:{key}>" if entry else f"<{PREFIX}:{key}/>"


def _rows_writer(resource: Resource, name: str, empty: str, *, in_request: bool) -> Write:
    write_row = record_writer(resource, ROW + resource.name, in_request=in_request)
    start, end = f"<{PREFIX}:{name}>", f"</{PREFIX}:{name}>"

    def write(value: Any) -> str:
        return start + "".join(map(write_row, value)) + end if value else empty

    return write
