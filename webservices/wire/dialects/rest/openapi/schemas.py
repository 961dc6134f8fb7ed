"""
The schemas of records in OpenAPI, as they are answered and as they are sent.

    Part        as answered: every field, whether it has a value or not
    PartInput   as sent: any of them, null or "" clears
    NewPart     as sent to add: the required ones must be there
"""

from collections.abc import Iterator
from typing import Any

from records.shapes.fields import Field, Kind
from records.shapes.resources import Resource
from webservices.wire.contracts.examples import cut, example_record, stored_example
from webservices.wire.dialects.rest.values import record_tree, request_tree, write_value
from webservices.wire.json import Json

Schema = dict[str, Any]  # a JSON Schema is open: its members may be of any kind

# As XSD writes a decimal; empty, too, which clears.
NUMBER = r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)?$"
OUTPUT_TYPES: dict[Kind, Schema] = {
    Kind.TEXT: {"type": "string"},
    Kind.INTEGER: {"type": "integer"},
    Kind.DECIMAL: {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.DATETIME: {"type": "string", "format": "date-time"},
}
INPUT_TYPES: dict[Kind, list[str]] = {
    Kind.TEXT: ["string"],
    Kind.INTEGER: ["integer"],
    Kind.DECIMAL: ["string", "number"],
    Kind.BOOLEAN: ["boolean"],
    Kind.DATE: ["string"],
    Kind.DATETIME: ["string"],
    Kind.LIST: ["array"],
    Kind.MAP: ["object"],
    Kind.ROWS: ["array"],
}


def reference(name: str) -> Schema:
    """Return a reference to a schema by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def camel_case(name: str) -> str:
    """`CustomerPart`."""
    return "".join(word.capitalize() for word in name.split("_"))


def record_schemas(resource: Resource, name: str) -> dict[str, Schema]:
    """Return the schemas of a resource by name, those of its rows included."""
    schemas: dict[str, Schema] = {
        name: _output_record(resource, name),
        f"{name}Input": _input_record(resource, name),
        f"New{name}": {
            "allOf": [reference(f"{name}Input"), *_reference_choices(resource)],
            "required": [f.name for f in resource.writable if f.required and not resource.alternatives(f)],
        },
    }
    if resource.examples:
        schemas[name]["examples"] = [answer_example(resource)]
        schemas[f"New{name}"]["examples"] = [request_tree(resource, example_record(resource))]
    for field in resource.fields:
        if field.kind is Kind.ROWS:
            schemas |= record_schemas(field.child, name + camel_case(field.child.name))
    return schemas


def _reference_choices(resource: Resource) -> list[Schema]:
    """Schemas that demand each required relation to be named in one of the ways that there are."""
    shared = [(field, *resource.alternatives(field)) for field in resource.writable if field.required]
    return [{"anyOf": [{"required": [way.name]} for way in ways]} for ways in shared if len(ways) > 1]


def _output_record(resource: Resource, name: str) -> Schema:
    fields = [field for field in resource.fields if not field.secret]
    return {
        "type": "object",
        "description": resource.help,
        "properties": {field.name: _add_words(field, _output(field, name)) for field in fields},
        "required": [field.name for field in fields],
        "additionalProperties": False,
    }


def _output(field: Field, owner: str) -> Schema:
    """The schema of a value in an answer; without limits, which a site may have changed since it was stored."""
    match field.kind:
        case Kind.LIST:
            return {"type": "array", "items": _output(field.item, owner)}
        case Kind.MAP:
            return {"type": "object", "additionalProperties": _output(field.item, owner)}
        case Kind.ROWS:
            return {"type": "array", "items": reference(owner + camel_case(field.child.name))}
    schema = dict(OUTPUT_TYPES[field.kind])
    if _may_be_null(field):
        schema["type"] = [schema["type"], "null"]
    return schema


def _may_be_null(field: Field) -> bool:
    # Text without a value is answered as "", everything else as null.
    without_value = field.nullable or (field.writable and field.default is None and not field.required)
    return without_value and field.kind is not Kind.TEXT


def _add_words(field: Field, schema: Schema) -> Schema:
    words = [field.help.rstrip("."), field.limits()[:1].upper() + field.limits()[1:]]
    if field.read_only:
        schema = schema | {"readOnly": True}
    return {"title": field.label[:1].upper() + field.label[1:], "description": ". ".join(filter(None, words))} | schema


def _input_record(resource: Resource, name: str) -> Schema:
    return {
        "type": "object",
        "properties": {field.name: _add_words(field, schema) for field, schema in _input_fields(resource, name)},
        "additionalProperties": False,
    }


def _input_fields(resource: Resource, name: str) -> Iterator[tuple[Field, Schema]]:
    declared = resource.examples[0] if resource.examples else {}
    for field in resource.fields:
        # The version is read only as a field, but a caller may send it back to demand it.
        if field.name == "version":
            words = "The version that the record must have; when it has moved on, the record is refused."
            yield field, {"type": ["integer", "null"], "minimum": 0, "description": words, "readOnly": False}
        # Sent back as it was answered, a read-only field is passed over, so it has a place in what is sent.
        elif field.read_only:
            yield field, _output(field, name) | {"description": f"{field.help} Passed over when it is sent."}
        elif field.secret:
            yield field, _input(field, name) | {"writeOnly": True}
        else:
            example = field.example or declared.get(field.name)
            yield (
                field,
                _input(field, name) | ({"examples": [write_value(field, cut(field, example))]} if example else {}),
            )


def _input(field: Field, owner: str) -> Schema:
    types = list(INPUT_TYPES[field.kind])
    schema: Schema = {"type": types} | _limits(field, owner)
    if field.default is not None:
        schema["default"] = write_value(field, field.default)
    if field.choices:
        schema["enum"] = [write_value(field, value) for value, _ in field.choices]
    # null clears, as "" does; typed clients of some languages can say only one of them.
    if not field.required:
        types.append("null")
        if field.choices:
            schema["enum"] += ["", None] if field.kind is Kind.TEXT else [None]
    # A list of one type is the same to a validator, but not to every generator.
    if len(types) == 1:
        schema["type"] = types[0]
    return schema


def _limits(field: Field, owner: str) -> Schema:
    match field.kind:
        case Kind.LIST:
            # An entry of a list cannot be cleared: one without text would be none.
            item = _input(field.item, owner)
            return {"items": item | {"type": "string", "minLength": 1} if field.item.kind is Kind.TEXT else item}
        case Kind.MAP:
            keys = {"propertyNames": {"pattern": _whole_text(field.keys.pattern)}} if field.keys.pattern else {}
            cleared = {"description": 'null or "" removes the entry; one that is not named stays.'}
            nullable = [*INPUT_TYPES[field.item.kind], "null"]
            return keys | {"additionalProperties": _input(field.item, owner) | {"type": nullable} | cleared}
        case Kind.ROWS:
            return {"items": reference(f"New{owner}{camel_case(field.child.name)}")}
        case Kind.TEXT:
            return _text_limits(field)
        case Kind.DECIMAL:
            numbers: Schema = {"pattern": NUMBER}
        case Kind.DATE:
            return {"format": "date"}
        case _:
            numbers = {}
    if field.minimum is not None:
        numbers["minimum"] = field.minimum
    if field.maximum is not None:
        numbers["maximum"] = field.maximum
    return numbers


def _text_limits(field: Field) -> Schema:
    limits: Schema = {"maxLength": field.max_length} if field.max_length else {}
    if field.required:
        limits["minLength"] = 1
    if field.pattern:
        limits["pattern"] = _whole_text(field.pattern, optional=not field.required)
    return limits


def _whole_text(pattern: str, *, optional: bool = False) -> str:
    """Return a pattern that the whole text must meet: OpenAPI's patterns would be content with a part of it."""
    return f"^(?:{pattern.removeprefix('^').removesuffix('$')}){'?' if optional else ''}$"


def answer_example(resource: Resource) -> dict[str, Json]:
    """Return the declared example as it is answered."""
    return record_tree(resource, stored_example(resource))
