"""
The values of one record, both ways: an element into Values, Values into an element or the members of a JSON object.

    <product xsi:type="tns:Product">
      <name xsi:type="xsd:string">Pump, small</name>                    another name, of the description's first line
      <product_no xsi:type="xsd:string">PRO2124</product_no>
      <description xsi:type="xsd:string">Pump, small</description>      in the site's own language
      <lead_time xsi:nil="true"/>                                       read as absent: the field stays
      <notes/>                                                          read as empty: the field is cleared
      <active xsi:type="xsd:boolean">1</active>
    </product>

A nil member is absent, because clients with generated classes send every member that they have not set as nil.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from records.shapes.fields import Field, Kind
from records.shapes.problems import Family, Problem, invalid_problem
from records.shapes.resources import VENDOR, Resource
from records.shapes.values import EMPTY, OTHER_VALUES, InvalidValue, Value, Values, add_entry
from webservices.wire.dialects.crm.context import CrmSettings
from webservices.wire.dialects.crm.methods import ARRAY
from webservices.wire.dialects.crm.names import (
    CLEAR_PREFIX,
    CUSTOM_PREFIX,
    FIELDS,
    NAME,
    OTHER_NAMES,
    PREFIX,
    SINGLE_ENTRIES,
    TYPES,
    UNKNOWN,
    VENDOR_FIELDS,
    VENDOR_PREFIX,
    WIRE_CUSTOM_PREFIX,
    answered_names,
    clear_members,
    members,
)
from webservices.wire.sparse import get_value
from webservices.wire.xml.nodes import Node
from webservices.wire.xml.writing import NOTHING, Markup, element, join

SCALARS: Mapping[Kind, str] = {
    Kind.TEXT: "xsd:string",
    Kind.INTEGER: "xsd:int",
    Kind.DECIMAL: "xsd:float",
    Kind.BOOLEAN: "xsd:boolean",
    Kind.DATE: "xsd:string",
    Kind.DATETIME: "xsd:string",
}
MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z")  # of the hub, in UTC
FLAGS = {"true": "1", "false": "0"}
HUB_FLAGS = {spelled: flag for flag, spelled in FLAGS.items()}
EMPTY_IS_ABSENT = frozenset({"active"})  # a client that sends every member must not bring back a retired record
ITEM = "item"

Resolver = Callable[[Node], Node]  # a reference into the element that it leads to


def wire_type(field: Field) -> str:
    """Return the type of a member: a scalar's, that of a map's one entry, or that of an array of rows."""
    if field.kind is Kind.ROWS:
        return TYPES[field.child.plural] + ARRAY
    return SCALARS[field.item.kind if field.kind is Kind.MAP else field.kind]


def hub_field(resource: Resource, name: str) -> str:
    """Return the hub's field of a member; a name that is no member comes back marked with UNKNOWN."""
    if name.startswith(WIRE_CUSTOM_PREFIX):
        return CUSTOM_PREFIX + name[len(WIRE_CUSTOM_PREFIX) :]
    plural = resource.plural
    if any(field.name == name for field in VENDOR_FIELDS.get(plural, ())):
        return VENDOR_PREFIX + name
    return FIELDS[plural].get(name) or OTHER_NAMES.get(plural, {}).get(name, UNKNOWN + name)


def unknown_member(resource: Resource) -> Problem:
    """Build the problem of a name that is no member of the type."""
    return Problem("unknown-field", Family.INVALID, f"{{field}} is no member of {TYPES[resource.plural]}.")


def entry_key(field: str, plural: str, settings: CrmSettings) -> str:
    """Return the key of the one entry that this wire has of a map; "": the field is no such map."""
    # An order has a description, too, which is a plain text.
    return str(getattr(settings, SINGLE_ENTRIES[field])) if plural == "parts" and field in SINGLE_ENTRIES else ""


def read_record(resource: Resource, node: Node, settings: CrmSettings, follow: Resolver) -> dict[str, Value]:
    """Read the values of a record's element; `follow` resolves references between elements."""
    members = []
    for child in node.children:
        name, child = child.name, follow(child)
        if not child.nil:
            field = hub_field(resource, name)
            members.append((name, field, _read_member(resource, name, field, child, settings, follow)))
    return to_hub_values(resource, clear_rows(resource, combine_members(resource, members)), settings)


def combine_members(resource: Resource, members: Iterable[tuple[str, str, Value]]) -> dict[str, Value]:
    """
    Combine the members of a record, each a name, the hub's field and a value, into values by field.

    What several names say of one field must agree; a blank one says nothing beside another. `name` alone is answered
    beside the other name, so it may come back as it was while that is changed, and the other way round: which of the
    two is meant shows beside what is stored.
    """
    values: dict[str, Value] = {}
    names: dict[str, str] = {}
    for name, field, value in sorted(members, key=lambda member: member[0] == NAME):
        if field not in values or (values[field] is EMPTY and names[field] != name):
            values[field], names[field] = value, name
        elif names[field] == name:
            add_entry(values, field, value)  # a list, for the core to refuse
        elif value in (EMPTY, values[field]):
            continue
        elif name == NAME and isinstance(value, str) and isinstance(values[field], str):
            _add_name(values, field, value)
        else:
            text = f"{{field}} is sent as {name}, too, with another value; they must agree."
            values[field] = InvalidValue(invalid_problem(text, code="contradiction"))
    return values


def _add_name(values: dict[str, Value], field: str, name: str) -> None:
    """Add what `name` makes of a field, unless it is its first line already."""
    text = str(values[field])
    if first_line(text) != name.strip():
        other = name.strip() + text.lstrip()[len(first_line(text)) :]
        others = values.get(OTHER_VALUES)
        values[OTHER_VALUES] = {**(others if isinstance(others, dict) else {}), field: other}


def first_line(text: str) -> str:
    """Return the first line of a text."""
    return text.strip().partition("\n")[0].rstrip()


def clear_rows(resource: Resource, values: Values) -> dict[str, Value]:
    """
    Replace the members that clear rows by what they say of these.

    An empty array says nothing: generated classes may send one that nobody filled.
    """
    found = {name: value for name, value in values.items() if not (is_rows(resource, name) and value in (EMPTY, []))}
    for member, field in clear_members(resource).items():
        flag = found.pop(UNKNOWN + member, EMPTY)
        text = flag.strip() if isinstance(flag, str) else flag
        if text in ("1", "true"):
            found[field.name] = InvalidValue(CLEARED_AND_SENT) if field.name in found else EMPTY
        elif text is not EMPTY and text not in ("0", "false"):
            found[UNKNOWN + member] = InvalidValue(NO_FLAG)
    return found


CLEARED_AND_SENT = invalid_problem("{field} is sent and cleared; do one of both.", code="cleared-and-sent")
NO_FLAG = invalid_problem("{field} is true or false.", code="wrong-option")


def is_rows(resource: Resource, name: str) -> bool:
    """True if a field of the hub holds rows."""
    return name in resource.by_name and resource.by_name[name].kind is Kind.ROWS


def _read_member(
    resource: Resource, name: str, field: str, node: Node, settings: CrmSettings, follow: Resolver
) -> Value:
    if field.startswith(UNKNOWN) and name not in clear_members(resource):
        return InvalidValue(unknown_member(resource))
    known = resource.by_name.get(field)
    if known is not None and known.kind is Kind.ROWS:
        return _read_rows(known.child, node, settings, follow)
    return _read_element(node)


def _read_rows(resource: Resource, node: Node, settings: CrmSettings, follow: Resolver) -> Value:
    rows = [follow(row) for row in node.children]
    return [read_record(resource, row, settings, follow) for row in rows if not row.nil] or EMPTY


def _read_element(node: Node) -> Value:
    """Read a text; elements inside come as a map, for the core to refuse."""
    if node.children:
        return {child.name: child.text for child in node.children}
    return node.text or EMPTY


def to_hub_values(resource: Resource, values: Values, settings: CrmSettings) -> dict[str, Value]:
    """Turn a wire's values into the hub's: an entry into a map, the hub's own flags and statuses, the vendor's data."""
    found: dict[str, Value] = {}
    data: dict[str, Value] = {}
    for name, value in values.items():
        if name.startswith(VENDOR_PREFIX):
            data[name[len(VENDOR_PREFIX) :]] = value
        elif name == OTHER_VALUES and isinstance(value, dict):
            found[name] = to_hub_values(resource, value, settings)
        elif value is not EMPTY or name not in EMPTY_IS_ABSENT:
            found[name] = _to_hub_value(resource, name, value, settings)
    return {**found, VENDOR: data} if data else found


def _to_hub_value(resource: Resource, name: str, value: Value, settings: CrmSettings) -> Value:
    if key := entry_key(name, resource.plural, settings):
        return {key: value}
    if not isinstance(value, str):
        return value
    if name == "status":
        return settings.statuses.get(value.strip(), value)
    known = resource.by_name.get(name)
    return HUB_FLAGS.get(value.strip(), value) if known is not None and known.kind is Kind.BOOLEAN else value


def iterate_members(resource: Resource, values: Values, settings: CrmSettings) -> Iterable[tuple[str, Field, Value]]:
    """Iterate over the members of a record: name, field, and the value as this wire has it."""
    data = values.get(VENDOR)
    values = {**values, **data} if isinstance(data, Mapping) else values
    for name, field in members(resource).items():
        if field.name in values:
            yield name, field, _to_wire_value(resource, field, values[field.name], settings)


def _to_wire_value(resource: Resource, field: Field, value: Value, settings: CrmSettings) -> Value:
    if key := entry_key(field.name, resource.plural, settings):
        return value.get(key, EMPTY) if isinstance(value, Mapping) else EMPTY
    if field.kind is Kind.BOOLEAN and isinstance(value, str):
        return FLAGS.get(value, value)
    if field.kind is Kind.DATETIME and isinstance(value, str):
        return MOMENT.sub(r"\1 \2", value)
    if field.name == "status":
        return next((spelled for spelled, status in settings.statuses.items() if status == value), value)
    return value


def list_rows(value: Value) -> list[Values]:
    """List the rows of a value; none where it is no list."""
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def write_record(
    resource: Resource, values: Values, settings: CrmSettings, name: str, *, in_request: bool = False
) -> Markup:
    """
    Write a record's element of that name; a request clears a text by an empty element without a type.

    An answer leaves out the fields that came after contracts that clients were made of, where they say nothing.
    """
    sparse = {} if in_request else _sparse_members(resource)
    content = [
        write_clear(member)
        if clears(field, value, in_request=in_request)
        else _write_member(member, field, value, settings, in_request=in_request)
        for member, field, value in iterate_members(resource, values, settings)
        if member not in sparse or sparse[member](values)
    ]
    if settings.answer_names and not in_request:
        content += _write_names(resource, values, settings)
    return typed_element(name, f"{PREFIX}:{TYPES[resource.plural]}", join(content))


@lru_cache(maxsize=64)
def _sparse_members(resource: Resource) -> Mapping[str, Callable[[Values], object]]:
    """Return the functions that take the values of fields that answers may leave out, by the names of these here."""
    return {name: get_value(field) for name, field in members(resource).items() if field.sparse}


def _write_names(resource: Resource, values: Values, settings: CrmSettings) -> Iterator[Markup]:
    """Yield the elements of the fields that are answered under a further name."""
    for name, field in answered_names(resource).items():
        if field.name in values:
            text = _to_wire_value(resource, field, values[field.name], settings)
            yield typed_element(name, wire_type(field), first_line(text) if isinstance(text, str) else "")


def clears(field: Field, value: Value, *, in_request: bool) -> bool:
    """True if a request says of a field that its rows are removed."""
    return in_request and field.kind is Kind.ROWS and not list_rows(value)


def write_clear(name: str) -> Markup:
    return typed_element(CLEAR_PREFIX + name, SCALARS[Kind.BOOLEAN], HUB_FLAGS["1"])


def _write_member(name: str, field: Field, value: Value, settings: CrmSettings, *, in_request: bool) -> Markup:
    if field.kind is Kind.ROWS:
        rows = [write_record(field.child, row, settings, ITEM, in_request=in_request) for row in list_rows(value)]
        return array_element(name, TYPES[field.child.plural], rows)
    text = value if isinstance(value, str) else ""
    kind = wire_type(field)
    if not text and kind != "xsd:string":
        return nil_element(name)  # an empty number is not valid; in a request nil leaves it as it is
    return element(name) if in_request and not text else typed_element(name, kind, text)


def typed_element(name: str, kind: str, content: str = NOTHING) -> Markup:
    """Write an element with its `xsi:type`, which clients of rpc style take their classes from."""
    return element(name, content, attributes={"xsi:type": kind})


def nil_element(name: str) -> Markup:
    return element(name, attributes={"xsi:nil": "true"})


def array_element(name: str, kind: str, items: list[Markup]) -> Markup:
    """Write an array of SOAP's encoding; `kind` is the type of its items."""
    attributes = {"xsi:type": f"{PREFIX}:{kind}{ARRAY}", "SOAP-ENC:arrayType": f"{PREFIX}:{kind}[{len(items)}]"}
    return element(name, *items, attributes=attributes)
