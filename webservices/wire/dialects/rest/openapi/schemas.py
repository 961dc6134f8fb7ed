"""
The schemas of records in OpenAPI, as they are answered and as they are sent.

    Part        as answered: every field, whether it has a value or not
    PartInput   as sent: any of them, null or "" clears
    NewPart     as sent to add: the required ones must be there

Generators of clients read them. So a map has a schema with a name of its own, no field has a default that a client
would send, and nothing is a union; an answer may get members that a client does not know yet. What only validators
should see stands under `if` and `then`, which generators pass over.
"""

from typing import Any

from records.shapes.fields import Field, Kind, MapField, RowsField, ScalarField
from records.shapes.resources import Resource
from records.shapes.scalars import INTEGER_DIGITS
from webservices.wire.contracts.examples import cut, example_record, stored_example
from webservices.wire.contracts.openapi_schemas import VISIBLE_TEXT, anchor, value_pattern
from webservices.wire.dialects.rest.values import record_tree, request_tree, write_value
from webservices.wire.json import Json

Schema = dict[str, Any]  # a JSON Schema is open: its members may be of any kind

INT_32 = 2**31 - 1
WIDEST = 10**INTEGER_DIGITS - 1
OUTPUT_TYPES: dict[Kind, Schema] = {
    Kind.TEXT: {"type": "string"},
    Kind.INTEGER: {"type": "integer"},
    Kind.DECIMAL: {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.DATETIME: {"type": "string", "format": "date-time"},
}
INPUT_TYPES: dict[Kind, str] = {
    Kind.TEXT: "string",
    Kind.INTEGER: "integer",
    Kind.DECIMAL: "string",
    Kind.BOOLEAN: "boolean",
    Kind.DATE: "string",
    Kind.DATETIME: "string",
    Kind.LIST: "array",
    Kind.MAP: "object",
    Kind.ROWS: "array",
}


def reference(name: str) -> Schema:
    """Return a reference to a schema by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def camel_case(name: str) -> str:
    """`CustomerPart`."""
    return "".join(word.capitalize() for word in name.split("_"))


def record_schemas(resource: Resource, name: str) -> dict[str, Schema]:
    """Return the schemas of a resource by name, those of its rows, maps and choices included."""
    if not resource.writable:
        return {name: _output_record(resource, name) | {"examples": [answer_example(resource)]}}
    # A change may leave out everything. Rows are sent whole, so they have no schema of this kind.
    change = {"type": "object", "properties": _input_properties(resource, name), "additionalProperties": False}
    return {f"{name}Input": change} | _shape_schemas(resource, name)


def _shape_schemas(resource: Resource, name: str) -> dict[str, Schema]:
    schemas: dict[str, Schema] = {
        name: _output_record(resource, name),
        f"New{name}": {
            "type": "object",
            "properties": _input_properties(resource, name),
            "required": [f.name for f in resource.writable if f.required and not resource.alternatives(f)],
            "additionalProperties": False,
            **_demand_references(resource),
        },
    }
    if resource.examples:
        schemas[name]["examples"] = [answer_example(resource)]
        schemas[f"New{name}"]["examples"] = [request_tree(resource, example_record(resource))]
    for field in resource.fields:
        match field.kind:
            case Kind.ROWS:
                schemas |= _shape_schemas(field.child, _row_name(field, name))
            case Kind.MAP:
                schemas[_map_name(field, name)] = _describe(field, _output_map(field))
                entries = _describe(field, _input_map(field) | _example(resource, field))
                schemas[f"{_map_name(field, name)}Input"] = entries
    return schemas


def _row_name(field: RowsField, owner: str) -> str:
    """`SalesOrderRow`."""
    return owner + camel_case(field.child.name)


def _map_name(field: MapField, owner: str) -> str:
    """`PartPriceByCurrency`."""
    return f"{owner}{camel_case(field.name)}By{camel_case(field.keys.name)}"


def _demand_references(resource: Resource) -> Schema:
    """
    Return keywords that demand each required relation to be named in one of the ways that there are.

    Of an `anyOf` generators would make a class for each of its sides.
    """
    shared = {
        field.stored_as: [field.name, *(each.name for each in resource.alternatives(field))]
        for field in resource.writable
        if field.required and resource.alternatives(field)
    }
    demands: Schema = {}
    for names in shared.values():
        known = {"anyOf": [{"required": [name]} for name in names]}
        demands = {"if": {"not": known}, "then": {"required": names[:1]}} | ({"else": demands} if demands else {})
    return demands


def _output_record(resource: Resource, name: str) -> Schema:
    fields = [field for field in resource.fields if not field.secret]
    return {
        "type": "object",
        "description": resource.help,
        "properties": {field.name: _output(field, name) for field in fields},
        "required": [field.name for field in fields],
    }


def _output(field: Field, owner: str) -> Schema:
    """The schema of a value in an answer; without limits, which a site may have changed since it was stored."""
    match field.kind:
        case Kind.MAP:
            return reference(_map_name(field, owner))
        case Kind.LIST:
            return _describe(field, {"type": "array", "items": OUTPUT_TYPES[field.item.kind]})
        case Kind.ROWS:
            return _describe(field, {"type": "array", "items": reference(_row_name(field, owner))})
    return _describe(field, _output_scalar(field))


def _output_scalar(field: ScalarField) -> Schema:
    schema = OUTPUT_TYPES[field.kind] | width(field)
    return schema | {"type": [schema["type"], "null"]} if _may_be_null(field) else schema


def _output_map(field: MapField) -> Schema:
    return {"type": "object", "additionalProperties": _output_scalar(field.item)}


def _may_be_null(field: ScalarField) -> bool:
    # Text without a value is answered as "", everything else as null.
    without_value = field.nullable or (field.writable and field.default is None and not field.required)
    return without_value and field.kind is not Kind.TEXT


def width(field: Field) -> Schema:
    """The format of a whole number, which languages with fixed widths need; {}: it is none."""
    if field.kind is not Kind.INTEGER:
        return {}
    return {"format": "int64" if field.maximum is None or field.maximum > INT_32 else "int32"}


def _describe(field: Field, schema: Schema) -> Schema:
    words = [field.help.rstrip("."), field.limits()[:1].upper() + field.limits()[1:]]
    described = {"description": ". ".join(filter(None, words))} | schema
    # A map has a class of its own, which generators would call by its title: two fields may share one.
    return described if field.kind is Kind.MAP else {"title": field.label[:1].upper() + field.label[1:]} | described


def _input_properties(resource: Resource, name: str) -> dict[str, Schema]:
    return {field.name: _input_property(resource, field, name) for field in resource.fields}


def _input_property(resource: Resource, field: Field, owner: str) -> Schema:
    # The version is read only as a field, but a caller may send it back to demand it.
    if field.name == "version":
        words = "The version that the record must have; when it has moved on, the record is refused."
        return _output(field, owner) | {"type": ["integer", "null"], "minimum": 0, "description": words}
    # Sent back as it was answered, a read-only field is passed over, so it has a place in what is sent. None is marked
    # `readOnly`: generated models would leave it out, and the id is one of the ways to name a record.
    if field.read_only:
        return _output(field, owner) | _passed_over(field)
    if field.kind is Kind.MAP:
        return reference(f"{_map_name(field, owner)}Input")
    if field.secret:
        return _describe(field, _input(field, owner) | {"writeOnly": True})
    return _describe(field, _input(field, owner) | _example(resource, field))


def _passed_over(field: Field) -> Schema:
    # Nullable, all of them: models in Java set a list that is not to [], and would send that.
    kind = OUTPUT_TYPES[field.kind]["type"] if field.kind in OUTPUT_TYPES else INPUT_TYPES[field.kind]
    return {
        "description": f"{field.help} Sent back as it is, it is passed over; changed, it is refused.",
        "type": [kind, "null"],
    }


def _example(resource: Resource, field: Field) -> Schema:
    """The example of what is sent for a field, where there is one."""
    declared = resource.examples[0] if resource.examples else {}
    example = field.example or declared.get(field.name)
    return {"examples": [write_value(field, cut(field, example))]} if example else {}


def _input(field: Field, owner: str) -> Schema:
    match field.kind:
        case Kind.LIST:
            # An entry of a list cannot be cleared: one without text would be none.
            item = _input_scalar(field.item, field.item.kind is Kind.TEXT or field.item.required)
            items = item | {"minLength": 1, "pattern": f"^{VISIBLE_TEXT}$"} if field.item.kind is Kind.TEXT else item
            limits: Schema = {"items": items}
        case Kind.ROWS:
            limits = {"items": reference(f"New{_row_name(field, owner)}")}
        case Kind.MAP:
            return _input_map(field)
        case _:
            return _input_scalar(field, field.required)
    return {"type": _nullable("array", field.required)} | limits


def _nullable(kind: str, required: bool) -> str | list[str]:
    """A type, with null where null clears as "" does: typed clients of some languages can say only one of them."""
    return kind if required else [kind, "null"]


def _input_scalar(field: ScalarField, required: bool) -> Schema:
    return (
        {"type": _nullable(INPUT_TYPES[field.kind], required)}
        | width(field)
        | _limits(field, required)
        | _choices(field)
    )


def _choices(field: ScalarField) -> Schema:
    """
    Keywords that allow the field's choices only, and null or "" where they clear.

    Not a bare `enum`: with null in it, generators make several classes of one field.
    """
    if not field.choices:
        return {}
    cleared = [""] if field.kind is Kind.TEXT and not field.required else []
    values = [write_value(field, value) for value, _ in field.choices]
    return {"if": {"type": INPUT_TYPES[field.kind]}, "then": {"enum": values + cleared}}


def _input_map(field: MapField) -> Schema:
    keys = {"propertyNames": _key_schema(field.keys)} if field.keys.choices or field.keys.pattern else {}
    cleared = {"description": 'null or "" removes the entry; one that is not named stays.'}
    entry = _input_scalar(field.item, required=False) | cleared
    return {"type": _nullable("object", field.required)} | keys | {"additionalProperties": entry}


def _key_schema(keys: ScalarField) -> Schema:
    if keys.choices:
        return {"enum": [value for value, _ in keys.choices]}
    return {"pattern": _whole_text(keys.pattern)}


def _limits(field: ScalarField, required: bool) -> Schema:
    match field.kind:
        case Kind.TEXT:
            return _text_limits(field)
        case Kind.DECIMAL:
            # Its least and greatest value are said in words: JSON Schema compares numbers only, and this is text. A
            # number is taken too; the test page knows it by the extension.
            return {"pattern": anchor(value_pattern(field), optional=not required), "x-decimal": True}
        case Kind.DATE:
            return {"format": "date"}
        case Kind.INTEGER:
            return {
                "minimum": -WIDEST if field.minimum is None else max(field.minimum, -WIDEST),
                "maximum": WIDEST if field.maximum is None else min(field.maximum, WIDEST),
            }
    return {}


def _text_limits(field: ScalarField) -> Schema:
    limits: Schema = {"maxLength": field.max_length} if field.max_length else {}
    if field.required:
        limits["minLength"] = 1
    if field.pattern:
        limits["pattern"] = _whole_text(field.pattern, optional=not field.required)
    elif field.required and not field.choices:
        # White space alone is no value.
        limits["pattern"] = f"^{VISIBLE_TEXT}$"
    return limits


def _whole_text(pattern: str, *, optional: bool = False) -> str:
    """Return a pattern that the whole text must meet: OpenAPI's patterns would be content with a part of it."""
    return f"^(?:{pattern.removeprefix('^').removesuffix('$')}){'?' if optional else ''}$"


def answer_example(resource: Resource) -> dict[str, Json]:
    """Return the declared example as it is answered."""
    return record_tree(resource, stored_example(resource))
