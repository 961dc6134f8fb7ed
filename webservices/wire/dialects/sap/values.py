"""
The values of one customer, both ways: an element into Values, and Values into an element.

    <Customer>
      <Id>17</Id><ExternalId>C-0007</ExternalId><Active>True</Active>
      <LastName>Byron</LastName><Company/>
      <CustomFields><CustomField><Name>Tier</Name><Value>Gold</Value></CustomField></CustomFields>
    </Customer>

An empty element clears its field, an absent one leaves it; an empty Id or Active counts as absent.
"""

import re

from records.shapes.parsing import is_blank
from records.shapes.problems import Family, Problem, invalid_problem, missing_problem
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, InvalidValue, Value, Values, quote_text
from webservices.wire.dialects.sap.codes import ID_ON_ADD, NO_CUSTOM_FIELD
from webservices.wire.dialects.sap.context import SapSettings
from webservices.wire.dialects.sap.names import (
    CUSTOM,
    CUSTOM_FIELD,
    CUSTOM_FIELDS,
    EMPTY_IS_ABSENT,
    FIELDS,
    LIMITS,
    NOT_IN_THE_SCHEMA,
    custom_field,
    custom_name,
    hub_field,
)
from webservices.wire.dialects.sap.nodes import UNKNOWN
from webservices.wire.operations import Operation, Verb
from webservices.wire.xml.nodes import Node
from webservices.wire.xml.writing import NOTHING, Markup, element


def read_customer(operation: Operation, node: Node, settings: SapSettings) -> dict[str, Value]:
    """Read the values of a customer's element; unknown elements come marked, for the core to refuse."""
    values: dict[str, Value] = {}
    for child in node.sent_children:
        if child.name == CUSTOM_FIELDS:
            _read_custom_fields(operation.resource, child, values)
        elif not (settings.unknown_nodes and hub_field(child.name).startswith(UNKNOWN)):
            _set_value(values, hub_field(child.name), _read_value(child))
    # Generated clients send every element: an empty Active must not bring back a retired customer.
    for name in EMPTY_IS_ABSENT & values.keys():
        if is_blank(values[name]):
            del values[name]
    for name, limit in LIMITS.items():
        value = values.get(name)
        if isinstance(value, str) and len(value.strip()) > limit:
            values[name] = InvalidValue(_too_long(limit, len(value.strip())))
    # The server gives the Id of a new customer: the site decides whether one that is sent is ignored or an error.
    if operation.verb is Verb.ADD and not settings.id_on_add:
        values.pop("id", None)
    if "id" in values:
        _check_id(operation, values)
    return values


def _check_id(operation: Operation, values: dict[str, Value]) -> None:
    """Put an InvalidValue in the place of an id that cannot be one."""
    id = values["id"]
    if operation.verb is Verb.ADD:
        values["id"] = InvalidValue(NO_ID_ON_ADD)
    elif isinstance(id, str) and not ID.fullmatch(id.strip()):
        values["id"] = InvalidValue(
            invalid_problem(f"{{field}} is a whole number, not {quote_text(id)}.", code="wrong-id")
        )


REPEATED = invalid_problem("{field} comes more than once.", code="comes-twice")
ID = re.compile("[0-9]{1,20}", re.ASCII)
NO_ID_ON_ADD = Problem(ID_ON_ADD, Family.INVALID, "{field} is given by the server: a customer that is added has none.")


def _too_long(limit: int, length: int) -> Problem:
    return invalid_problem(f"{{field}} may have at most {limit} characters; this has {length}.", code="too-long")


def _read_value(node: Node) -> Value:
    if node.children:
        return {child.name: child.text for child in node.children}  # no field is a map here: the core refuses it
    return node.text or EMPTY


def _set_value(values: dict[str, Value], name: str, value: Value) -> None:
    values[name] = InvalidValue(REPEATED) if name in values else value


def _read_custom_fields(resource: Resource, node: Node, values: dict[str, Value]) -> None:
    for entry in node.children:
        name = entry.child("Name") if entry.name == CUSTOM_FIELD else None
        spelled = name.text.strip() if name is not None else ""
        if not spelled:
            text = f"{CUSTOM_FIELDS} holds a {CUSTOM_FIELD} with Name and Value for each."
            values[UNKNOWN + CUSTOM_FIELDS] = InvalidValue(invalid_problem(text, code="custom-field-without-name"))
            continue
        field, value = custom_field(resource, spelled), entry.child("Value")
        if field is None:
            values[UNKNOWN + CUSTOM_FIELDS] = InvalidValue(unknown_custom_field(resource, spelled))
        elif value is not None and not value.nil:
            _set_value(values, field.name, _read_value(value))


def unknown_custom_field(resource: Resource, spelled: str) -> Problem:
    """Build the problem of a custom field that there is not; it names those that there are."""
    known = ", ".join(custom_name(field.name) for field in resource.custom_fields)
    defined = f"The custom fields are {known}." if known else "The site has defined none."
    text = f"A customer has no custom field {quote_text(spelled)}. {defined}"
    return Problem(NO_CUSTOM_FIELD, Family.INVALID, text)


def missing_custom_field(name: str) -> InvalidValue:
    """Build the value of a custom field that customers are searched by, for a customer that does not have it."""
    return InvalidValue(missing_problem((name,)))


def write_customer(values: Values) -> Markup:
    """Write a customer's element; fields that SAP's customers do not have are left out."""
    fields = [element(wire, _text(values[name])) for wire, name in FIELDS.items() if name in values]
    return element("Customer", *fields, _write_custom_fields(values))


def _write_custom_fields(values: Values) -> Markup:
    entries = [
        element(CUSTOM_FIELD, element("Name", custom_name(name)), element("Value", _text(value)))
        for name, value in values.items()
        if name.startswith(CUSTOM)
    ]
    return element(CUSTOM_FIELDS, *entries) if entries else NOTHING


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""


def echo_customer(node: Node, *, whole: bool) -> Markup:
    """Write a customer's element as it was sent, but in no namespace; `whole` with all that was sent."""
    left_out: frozenset[str] = frozenset() if whole else NOT_IN_THE_SCHEMA
    return element(node.name, *(_copy(child) for child in node.children if child.name not in left_out))


def _copy(node: Node) -> Markup:
    # Names of elements are XML names already; texts are escaped again.
    return element(node.name, *map(_copy, node.children)) if node.children else element(node.name, node.text)
