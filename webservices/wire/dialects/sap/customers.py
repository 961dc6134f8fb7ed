"""
One customer, both ways: an element into Values, and Values into an element.

    <Customer>
      <Id>17</Id><ExternalId>C-0007</ExternalId><Active>True</Active>
      <LastName>Byron</LastName><Company/>
      <CustomFields><CustomField><Name>Tier</Name><Value>Gold</Value></CustomField></CustomFields>
    </Customer>

An empty element clears its field, an absent one leaves it; an empty Id or Active counts as absent.
"""

import re
from collections.abc import Iterator

from records.shapes.parsing import is_blank
from records.shapes.problems import Problem, invalid, missing
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, InvalidValue, Value, Values, quoted
from webservices.wire.dialects.sap.context import SapSettings
from webservices.wire.dialects.sap.names import (
    CUSTOM,
    CUSTOM_FIELD,
    CUSTOM_FIELDS,
    EMPTY_IS_ABSENT,
    FIELDS,
    ID_ON_ADD,
    LIMITS,
    NO_CUSTOM_FIELD,
    NOT_IN_THE_SCHEMA,
    UNKNOWN,
    custom_field,
    custom_name,
    field_named,
)
from webservices.wire.operations import Operation, Verb
from webservices.wire.xml.nodes import Node
from webservices.wire.xml.writing import NOTHING, Markup, element, join


def read_customer(operation: Operation, node: Node, settings: SapSettings) -> dict[str, Value]:
    """The values of a customer's element; what SAP's customers do not have is there too, for the core to refuse."""
    values: dict[str, Value] = {}
    for child in node.sent:
        if child.name == CUSTOM_FIELDS:
            _read_custom_fields(operation.resource, child, values)
        else:
            _take(values, field_named(child.name), _value(child))
    for name in EMPTY_IS_ABSENT & values.keys():
        if is_blank(values[name]):
            del values[name]
    for name, limit in LIMITS.items():
        if isinstance(values.get(name), str) and len(values[name].strip()) > limit:
            values[name] = InvalidValue(_too_long(limit, len(values[name].strip())))
    if operation.verb is Verb.ADD and not settings.id_on_add:
        values.pop("id", None)
    if "id" in values:
        _check_id(operation, values)
    return values


def _check_id(operation: Operation, values: dict[str, Value]) -> None:
    if operation.verb is Verb.ADD:
        values["id"] = InvalidValue(NO_ID)
    elif isinstance(values["id"], str) and not ID.fullmatch(values["id"].strip()):
        values["id"] = InvalidValue(
            invalid(f"{{field}} is a whole number, not {quoted(values['id'])}.", code="wrong-id")
        )


TWICE = invalid("{field} comes more than once.", code="comes-twice")
ID = re.compile("[0-9]{1,20}", re.ASCII)
NO_ID = Problem(ID_ON_ADD, invalid("").family, "{field} is given by the server: a customer that is added has none.")


def _too_long(limit: int, length: int) -> Problem:
    return invalid(f"{{field}} may have at most {limit} characters; this has {length}.", code="too-long")


def _value(node: Node) -> Value:
    if node.children:
        return {child.name: child.text for child in node.children}  # no field has such a shape: the core says so
    return node.text or EMPTY


def _take(values: dict[str, Value], name: str, value: Value) -> None:
    values[name] = InvalidValue(TWICE) if name in values else value


def _read_custom_fields(resource: Resource, node: Node, values: dict[str, Value]) -> None:
    for entry in node.children:
        name = entry.child("Name") if entry.name == CUSTOM_FIELD else None
        spelled = name.text.strip() if name is not None else ""
        if not spelled:
            text = f"{CUSTOM_FIELDS} holds a {CUSTOM_FIELD} with Name and Value for each."
            values[UNKNOWN + CUSTOM_FIELDS] = InvalidValue(invalid(text, code="custom-field-without-name"))
            continue
        field, value = custom_field(resource, spelled), entry.child("Value")
        if field is None:
            values[UNKNOWN + CUSTOM_FIELDS] = InvalidValue(no_custom_field(resource, spelled))
        elif value is not None and not value.nil:
            _take(values, field.name, _value(value))


def no_custom_field(resource: Resource, spelled: str) -> Problem:
    """That there is no such custom field, and which there are."""
    known = ", ".join(custom_name(field.name) for field in resource.custom_fields)
    such = f" The custom fields are {known}." if known else " The site has defined none."
    text = f"A customer has no custom field {quoted(spelled)}.{such}"
    return Problem(NO_CUSTOM_FIELD, invalid("").family, text)


def lacking(name: str) -> InvalidValue:
    """In the place of the custom field that customers are searched by, where a customer does not carry it."""
    return InvalidValue(missing((name,)))


def write_customer(values: Values) -> Markup:
    """A customer's element; what SAP's customers do not have is left out."""
    fields = [element(wire, _text(values[name])) for wire, name in FIELDS.items() if name in values]
    return element("Customer", *fields, _custom_fields(values))


def _custom_fields(values: Values) -> Markup:
    entries = [
        element(CUSTOM_FIELD, element("Name", custom_name(name)), element("Value", _text(value)))
        for name, value in values.items()
        if name.startswith(CUSTOM)
    ]
    return element(CUSTOM_FIELDS, *entries) if entries else NOTHING


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""


def echo(node: Node, *, whole: bool) -> Markup:
    """A customer's element as it was sent, in no namespace."""
    left_out = frozenset() if whole else NOT_IN_THE_SCHEMA
    return element(node.name, *(_again(child) for child in node.children if child.name not in left_out))


def _again(node: Node) -> Markup:
    return element(node.name, join(_content(node)))


def _content(node: Node) -> Iterator[str]:
    if node.children:
        yield from map(_again, node.children)
    else:
        yield node.text
