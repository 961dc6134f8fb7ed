"""
One record, both ways: an element or a JSON object into Values, and Values into an element.

    <product xsi:type="tns:Product">
      <product_no xsi:type="xsd:string">PRO2124</product_no>
      <description xsi:type="xsd:string">Pump, small</description>      in the site's own language
      <lead_time xsi:nil="true"/>                                       read as absent: the field stays
      <notes/>                                                          read as empty: the field is cleared
      <active xsi:type="xsd:boolean">1</active>
    </product>

What is nil is absent, because clients with generated classes send every member that they have not set as nil.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from difflib import get_close_matches

from records.shapes.fields import Field, Kind
from records.shapes.problems import Family, Problem
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, InvalidValue, Value, Values
from webservices.wire.dialects.crm.context import CrmSettings
from webservices.wire.dialects.crm.methods import ARRAY
from webservices.wire.dialects.crm.names import CUSTOM, CUSTOM_HERE, FIELDS, PREFIX, SINGLE, TYPES, UNKNOWN, members
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
FLAGS = {"true": "1", "false": "0"}
EMPTY_IS_ABSENT = frozenset({"active"})  # a client that sends every member must not bring back what was retired
POWER = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?[eE][+-]?[0-9]{1,2}", re.ASCII)  # 1.0E+25, as PHP writes floats
ITEM = "item"

Follow = Callable[[Node], Node]


def type_of(field: Field) -> str:
    """The type of a member: that of what a wire has one entry of, or of its rows, included."""
    if field.kind is Kind.ROWS:
        return TYPES[field.child.plural] + ARRAY
    return SCALARS[field.item.kind if field.kind is Kind.MAP else field.kind]


def field_named(resource: Resource, name: str) -> str:
    """The hub's field of a member; a name that is none comes back marked, and is never taken for a field."""
    if name.startswith(CUSTOM_HERE):
        return CUSTOM + name[len(CUSTOM_HERE) :]
    return FIELDS[resource.plural].get(name, UNKNOWN + name)


def no_member(resource: Resource, name: str) -> Problem:
    """A name that is no member of the type, with the one that is most like it; to be put under that name."""
    text = f"{{field}} is no member of {TYPES[resource.plural]}."
    if close := get_close_matches(name.lower(), FIELDS[resource.plural], n=1, cutoff=0.5):
        text += f" Did you mean {close[0]}?"
    return Problem("unknown-field", Family.INVALID, text)


def key_of(field: str, plural: str, settings: CrmSettings) -> str:
    """Which entry of a map this wire has; "": the field is no such map."""
    return getattr(settings, SINGLE[field]) if plural == "parts" and field in SINGLE else ""


def read_record(resource: Resource, node: Node, settings: CrmSettings, follow: Follow) -> Values:
    """The values of a record's element; `follow` gives the element that one refers to."""
    values: dict[str, Value] = {}
    for child in node.children:
        name, child = child.name, follow(child)
        if not child.nil:
            field = field_named(resource, name)
            value = _read_member(resource, name, field, child, settings, follow)
            values[field] = [values[field], value] if field in values else value  # twice: for the core to refuse
    return spelled_inside(resource, values, settings)


def _read_member(resource: Resource, name: str, field: str, node: Node, settings: CrmSettings, follow: Follow) -> Value:
    if field.startswith(UNKNOWN):
        return InvalidValue(no_member(resource, name))
    known = resource.by_name.get(field)
    return _read_rows(known.child, node, settings, follow) if known and known.child else _read_element(node)


def _read_rows(resource: Resource, node: Node, settings: CrmSettings, follow: Follow) -> Value:
    rows = [follow(row) for row in node.children]
    return [read_record(resource, row, settings, follow) for row in rows if not row.nil] or EMPTY


def _read_element(node: Node) -> Value:
    """A text; what has elements inside comes as a group, for the core to refuse."""
    if node.children:
        return {child.name: child.text for child in node.children}
    return node.text or EMPTY


def spelled_inside(resource: Resource, values: Values, settings: CrmSettings) -> Values:
    """The values as the hub has them: the one entry of a map, numbers without exponents, its own names of statuses."""
    return {
        name: _inside(resource, name, value, settings)
        for name, value in values.items()
        if value is not EMPTY or name not in EMPTY_IS_ABSENT
    }


def _inside(resource: Resource, name: str, value: Value, settings: CrmSettings) -> Value:
    if key := key_of(name, resource.plural, settings):
        item = resource.by_name[name].item
        return {key: _INSIDE.get(item.kind, str)(value) if isinstance(value, str) else value}
    if name == "status" and isinstance(value, str):
        return settings.statuses.get(value.strip(), value)
    known = resource.by_name.get(name)
    read = _INSIDE.get(known.kind) if known and isinstance(value, str) else None
    return read(value.strip()) if read else value


def _plain(text: str) -> str:
    """A number without an exponent."""
    return format(Decimal(text), "f") if POWER.fullmatch(text) else text


_INSIDE: Mapping[Kind, Callable[[str], str]] = {
    Kind.DECIMAL: _plain,
    Kind.INTEGER: _plain,
    Kind.BOOLEAN: lambda text: next((inside for inside, here in FLAGS.items() if here == text), text),
}


def shown(resource: Resource, values: Values, settings: CrmSettings) -> Iterable[tuple[str, Field, Value]]:
    """The members of a record that are known, with their values as this wire has them."""
    for name, field in members(resource).items():
        if field.name in values:
            yield name, field, _outside(resource, field, values[field.name], settings)


def _outside(resource: Resource, field: Field, value: Value, settings: CrmSettings) -> Value:
    if key := key_of(field.name, resource.plural, settings):
        return value.get(key, EMPTY) if isinstance(value, Mapping) else EMPTY
    if field.kind is Kind.BOOLEAN and isinstance(value, str):
        return FLAGS.get(value, value)
    if field.name == "status":
        return next((here for here, inside in settings.statuses.items() if inside == value), value)
    return value


def write_record(resource: Resource, values: Values, settings: CrmSettings, name: str) -> Markup:
    """A record's element."""
    content = (
        _write_member(member, field, value, settings, sent=False)
        for member, field, value in shown(resource, values, settings)
    )
    return typed(name, f"{PREFIX}:{TYPES[resource.plural]}", join(content))


def ask_record(resource: Resource, values: Values, settings: CrmSettings, name: str) -> Markup:
    """The same as a request has it."""
    content = (
        _write_member(member, field, value, settings, sent=True)
        for member, field, value in shown(resource, values, settings)
    )
    return typed(name, f"{PREFIX}:{TYPES[resource.plural]}", join(content))


def _write_member(name: str, field: Field, value: Value, settings: CrmSettings, *, sent: bool) -> Markup:
    if field.kind is Kind.ROWS:
        return _write_rows(name, field.child, value if isinstance(value, list) else [], settings, sent=sent)
    text = value if isinstance(value, str) else ""
    kind = type_of(field)
    if not text and kind != "xsd:string":
        return nil(name)  # of a number nothing else is valid; sent so, it stays as it is
    return element(name) if sent and not text else typed(name, kind, text)


def _write_rows(name: str, child: Resource, rows: Iterable[Values], settings: CrmSettings, *, sent: bool) -> Markup:
    write = ask_record if sent else write_record
    return array(name, TYPES[child.plural], [write(child, row, settings, ITEM) for row in rows])


def typed(name: str, kind: str, content: str = NOTHING) -> Markup:
    """An element that says what it is."""
    return element(name, content, attributes={"xsi:type": kind})


def nil(name: str) -> Markup:
    return element(name, attributes={"xsi:nil": "true"})


def array(name: str, kind: str, items: list[Markup]) -> Markup:
    """An array of SOAP's encoding."""
    said = {"xsi:type": f"{PREFIX}:{kind}{ARRAY}", "SOAP-ENC:arrayType": f"{PREFIX}:{kind}[{len(items)}]"}
    return element(name, *items, attributes=said)
