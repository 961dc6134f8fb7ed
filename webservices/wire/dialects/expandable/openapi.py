"""The calls as an OpenAPI 3.1 document, for generators of clients; made from the declarations."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from records.shapes.fields import Field, Kind
from records.shapes.resources import Resource
from webservices.wire.dialects.expandable.body import required_key
from webservices.wire.dialects.expandable.calls import call_path, call_title, calls
from webservices.wire.dialects.expandable.codes import PROBLEM_MAPPINGS
from webservices.wire.dialects.expandable.names import PLAIN_CALLS, PROGRAMS
from webservices.wire.dialects.expandable.tables import AUDIT, NOT_SEARCHABLE, TOKEN, Program
from webservices.wire.dialects.expandable.values import describe, record_fields
from webservices.wire.operations import Operation, Verb
from webservices.wire.options import KEY_IN_USE, KEY_REUSED, OPTIONS

Schema = dict[str, Any]  # a JSON Schema is open: its members may be of any kind

TEXT: Schema = {"type": "string"}
FAILURE: Schema = {
    "type": "object",
    "properties": {"MESSAGE": TEXT, "MESSAGE_CODE": TEXT},
    "required": ["MESSAGE", "MESSAGE_CODE"],
}
FAILED: Mapping[str, str] = {"400": "Request JSON is invalid.", "401": "Auth Token …", "500": "(Error Message)"}
KEY_FAILURES: Mapping[str, str] = {
    str(PROBLEM_MAPPINGS[code].status): "(Error Message)" for code in (KEY_IN_USE, KEY_REUSED)
}


def document(operations: Iterable[Operation], version: str = "1") -> Schema:
    """Return the whole document."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Expandable", "version": version, "description": "Every value is a text."},
        "paths": {
            call_path(operation): {"post": _call(name, operation)} for name, operation in calls(operations).items()
        },
        "components": {
            "schemas": {"Failure": FAILURE},
            "parameters": {
                option.name: {"name": option.header, "in": "header", "description": option.help, "schema": TEXT}
                for option in OPTIONS
            },
        },
    }


def _call(name: str, operation: Operation) -> Schema:
    failed = {"application/json": {"schema": {"$ref": "#/components/schemas/Failure"}}}
    return {
        "operationId": name,
        "summary": call_title(operation),
        **_parameters(operation),
        "requestBody": {"content": {"application/json": {"schema": request_schema(operation)}}},
        "responses": {
            "200": {"description": "OK", "content": {"application/json": {"schema": _answer_schema(operation)}}},
            **{status: {"description": words, "content": failed} for status, words in _failures(operation).items()},
        },
    }


def _parameters(operation: Operation) -> Schema:
    """Return the HTTP headers that a write takes."""
    names = [{"$ref": f"#/components/parameters/{option.name}"} for option in OPTIONS if operation.writes]
    return {"parameters": names} if names else {}


def _failures(operation: Operation) -> Mapping[str, str]:
    return {**FAILED, **(KEY_FAILURES if operation.writes else {})}


def request_schema(operation: Operation) -> Schema:
    """Return the schema of a call's body."""
    program, resource = PROGRAMS.get(operation.resource.plural), operation.resource
    if program is None:
        names = PLAIN_CALLS[resource.plural, operation.verb].input_names
        return _object(dict.fromkeys(names, TEXT), names)
    fields = {wire: _field(operation, entry) for wire, entry in sendable(program, operation)}
    required = required_names(program, operation)
    if program.lines is None:
        return _object({**fields, TOKEN: TEXT}, [*required, TOKEN])
    members: Schema = {program.lines.head: _object(fields, required)}
    if operation.verb in (Verb.ADD, Verb.UPDATE):
        child = resource.rows_resource(program.lines.name)
        row = {wire: _text(child.by_name[name]) for wire, name in program.lines.fields.items()}
        # Nullable: Java's classes set a list that is not to [], which clears, and send it.
        members[program.lines.member] = {"type": ["array", "null"], "items": _object(row, ())}
    return _object({**members, TOKEN: TEXT}, [program.lines.head, TOKEN])


def sendable(program: Program, operation: Operation) -> Iterator[tuple[str, Field]]:
    """Yield the names that a call takes, but for AUTH_TOKEN, with the fields that they lead to."""
    resource = operation.resource
    for wire, path in record_fields(program, resource):
        name = str(path[0])
        entry = resource.by_name[name]
        match operation.verb:
            case Verb.FIND:
                taken = wire not in NOT_SEARCHABLE
            # With anything else a delete is refused, lest a field be taken for a condition.
            case Verb.REMOVE:
                taken = name in resource.key
            case _:
                taken = entry.writable and wire not in AUDIT
        if taken:
            yield wire, entry


def required_names(program: Program, operation: Operation) -> list[str]:
    """Return the names without which a call is refused, whatever else it has, in their order; without AUTH_TOKEN."""
    resource = operation.resource
    match operation.verb:
        case Verb.FIND:
            needed = []
        case Verb.ADD:
            needed = [entry for entry in resource.writable if resource.needs(entry)]
        case _:
            needed = required_key(resource)
    names = {entry.name for entry in needed}
    return [wire for wire, (name, *_) in record_fields(program, resource) if name in names]


def _field(operation: Operation, entry: Field) -> Schema:
    return {"type": "string", "description": describe(entry).help} if operation.verb is Verb.FIND else _text(entry)


def _text(entry: Field) -> Schema:
    described = describe(entry)
    # Blank is a choice as well: it clears.
    values = {"enum": ["", *(value for value, _ in described.choices)]} if described.choices else {}
    limit = {"maxLength": described.max_length} if described.kind is Kind.TEXT and described.max_length else {}
    return {"type": "string", **values, **limit, "description": described.help}


def _object(properties: Schema, required: Iterable[str]) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _answer_schema(operation: Operation) -> Schema:
    """The schema of the answer to a call that went well."""
    program, resource = PROGRAMS.get(operation.resource.plural), operation.resource
    if program is None:
        plain = PLAIN_CALLS[resource.plural, operation.verb]
        output: Schema = {"type": "array", "items": TEXT} if plain.is_list else TEXT
        return _object(dict.fromkeys(plain.outputs, output), plain.outputs)
    if operation.verb is Verb.REMOVE:
        return _object({}, ())
    record = _record(program, resource)
    return {"type": "array", "items": record} if operation.verb is Verb.FIND else record


def _record(program: Program, resource: Resource) -> Schema:
    names = [wire for wire, _ in record_fields(program, resource)]
    own = _object(dict.fromkeys(names, TEXT), names)
    if program.lines is None:
        return own
    lines = _object(dict.fromkeys(program.lines.fields, TEXT), program.lines.fields)
    members: Schema = {program.lines.head: own, program.lines.member: {"type": "array", "items": lines}}
    return _object(members, members)
