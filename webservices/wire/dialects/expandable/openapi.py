"""
The calls as an OpenAPI 3.1 document, for generators of clients; made from the declarations.

Generators read it as they do REST's: each object has a name of its own, nothing has a default, and what an answer may
get later does not break a client. A record is `Part`, the body of a call is called as the call: `PartCreate`.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from records.shapes.criteria import PARTS_OF_MOMENTS
from records.shapes.fields import Field, Kind, ScalarField, item_field
from records.shapes.problems import Family
from records.shapes.resources import Resource
from webservices.wire.contracts.openapi_schemas import VISIBLE_TEXT, anchor, value_pattern
from webservices.wire.contracts.security import SCHEME, oauth_scheme
from webservices.wire.dialects.expandable.body import required_key
from webservices.wire.dialects.expandable.calls import call_path, call_title, calls
from webservices.wire.dialects.expandable.codes import FAMILIES, PROBLEM_MAPPINGS
from webservices.wire.dialects.expandable.criteria import criterion_pattern
from webservices.wire.dialects.expandable.names import PLAIN_CALLS, PROGRAMS
from webservices.wire.dialects.expandable.tables import AUDIT, NOT_SEARCHABLE, TOKEN, Program
from webservices.wire.dialects.expandable.values import describe, record_fields
from webservices.wire.json import Json
from webservices.wire.messages import CALL_LIMITS
from webservices.wire.operations import Operation, Verb
from webservices.wire.options import KEY_IN_USE, KEY_REUSED, OPTIONS, Option

Schema = dict[str, Any]  # a JSON Schema is open: its members may be of any kind

TEXT: Schema = {"type": "string"}
REQUIRED_TEXT: Schema = {**TEXT, "pattern": f"^{VISIBLE_TEXT}$"}
BLANK = r"^\s*$"
TOKEN_TEXT: Schema = {**TEXT, "description": "What Auth Token, Get has answered; blank, with an API key."}
FAILURE: Schema = {
    "type": "object",
    "properties": {"MESSAGE": TEXT, "MESSAGE_CODE": TEXT},
    "required": ["MESSAGE", "MESSAGE_CODE"],
}
FAILED: Mapping[str, str] = {
    "400": "Request JSON is invalid.",
    "401": "Auth Token …",
    "500": "(Error Message)",
    str(FAMILIES[Family.BUSY].status): "(Error Message)",
}
KEY_FAILURES: Mapping[str, str] = {
    str(PROBLEM_MAPPINGS[code].status): "(Error Message)" for code in (KEY_IN_USE, KEY_REUSED)
}
DESCRIPTION = """\
Every call is a POST, every value a text. What is left out of an update stays, what is blank is cleared. No text holds
control characters, but for tabs and the ends of lines.

**Getting in.** Auth Token, Get answers a token for a user's name and password; each call about a record takes it in its
body, as `AUTH_TOKEN`. OpenAPI has no word for a token in a body, so no scheme names it. An API key, or an
access token that was got with one, goes in a header instead, as a bearer token; then `AUTH_TOKEN` is blank.

**Options.** Of a write that has the header `X-Dry-Run: true` nothing is kept, and the answer is an empty object. As
that is another one than a create or an update has else, only deletes list it as a parameter.
"""
SECURITY: Mapping[str, Schema] = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key or an access token; AUTH_TOKEN is blank then.",
    }
}


def document(
    operations: Iterable[Operation],
    version: str = "1",
    limits: str = CALL_LIMITS,
    examples: Mapping[str, Json] | None = None,
) -> Schema:
    """
    Return the whole document.

    examples  bodies of requests, by the names of their calls
    """
    found = calls(operations)
    security = {**SECURITY, SCHEME: oauth_scheme(found.values())}
    bodies = examples or {}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Expandable", "version": version, "description": f"{DESCRIPTION}\n**Limits.** {limits}\n"},
        "servers": [{"url": "/"}],
        "tags": [{"name": tag} for tag in dict.fromkeys(map(_tag, found.values()))],
        # Either none, as the token is in the body, or one of them.
        "security": [{}, *({name: []} for name in security)],
        "paths": {
            call_path(operation): {"post": _call(name, operation, bodies.get(name))}
            for name, operation in found.items()
        },
        "components": {
            "schemas": {"Failure": FAILURE, **_schemas(found)},
            "parameters": {
                option.name: {
                    "name": option.header,
                    "in": "header",
                    "description": option.help,
                    "schema": {**TEXT, "pattern": option.pattern},
                }
                for option in dict.fromkeys(option for each in found.values() for option in _listed_options(each))
            },
            "securitySchemes": security,
        },
    }


def call_options(operation: Operation) -> list[Option]:
    """Return the options that mean something to a call: it writes one record, and a new one has no version yet."""
    without = {"all_or_none"} | ({"if_match"} if operation.verb is Verb.ADD else set())
    return [option for option in OPTIONS if operation.writes and option.field not in without]


def _listed_options(operation: Operation) -> list[Option]:
    """Return those that leave the answer its shape."""
    return [each for each in call_options(operation) if each.field != "dry_run" or operation.verb is Verb.REMOVE]


def _tag(operation: Operation) -> str:
    return call_title(operation).partition(",")[0]


def _camel_case(name: str) -> str:
    """`CustomerPartCreate`."""
    return "".join(word.capitalize() for word in name.split("-"))


def _reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _call(name: str, operation: Operation, example: Json) -> Schema:
    failed = _content(_reference("Failure"))
    parameters = [{"$ref": f"#/components/parameters/{option.name}"} for option in _listed_options(operation)]
    return {
        "operationId": name,
        "tags": [_tag(operation)],
        "summary": call_title(operation),
        **({} if operation.resource.plural in PROGRAMS else {"security": []}),
        **({"parameters": parameters} if parameters else {}),
        "requestBody": _body(name, operation, example),
        "responses": {
            "200": {"description": "OK", **_content(_answer(name, operation))},
            **{status: {"description": words, **failed} for status, words in _failures(operation).items()},
        },
    }


def _content(schema: Schema, example: Json = None) -> Schema:
    examples = {"examples": {"example": {"value": example}}} if example else {}
    return {"content": {"application/json": {"schema": schema, **examples}}}


# No schema has a member of its own name: classes of openapi-python-client call both by one name.
def _plain_answer_name(call: str) -> str:
    """`AuthTokenAnswer`."""
    return _camel_case(call.removesuffix("-get")) + "Answer"


def _record_name(program: Program) -> str:
    """`CustomerPart`; with lines, `SalesOrderRecord`, whose head is its member `SalesOrder`."""
    return _camel_case(program.noun) + ("Record" if program.lines else "")


def _body(name: str, operation: Operation, example: Json) -> Schema:
    """Return the body of a call; of one that takes nothing it may be left out, and is an empty object."""
    plain = PLAIN_CALLS.get((operation.resource.plural, operation.verb))
    if plain is not None and not plain.input_names:
        return _content(_object({}, ()))
    return {"required": True, **_content(_reference(_camel_case(name)), example)}


def _answer(name: str, operation: Operation) -> Schema:
    """Return the schema of the answer to a call that went well."""
    program = PROGRAMS.get(operation.resource.plural)
    if program is None:
        return _reference(_plain_answer_name(name))
    if operation.verb is Verb.REMOVE:
        return _object({}, ())
    record = _reference(_record_name(program))
    return {"type": "array", "items": record} if operation.verb is Verb.FIND else record


def _failures(operation: Operation) -> Mapping[str, str]:
    return {**FAILED, **(KEY_FAILURES if operation.writes else {})}


def _schemas(found: Mapping[str, Operation]) -> dict[str, Schema]:
    """Return the schemas of all bodies and answers, by name."""
    schemas: dict[str, Schema] = {}
    for name, operation in found.items():
        program, resource = PROGRAMS.get(operation.resource.plural), operation.resource
        if program is not None:
            schemas |= _record_schemas(program, resource) | _program_schemas(_camel_case(name), program, operation)
            continue
        plain = PLAIN_CALLS[resource.plural, operation.verb]
        output: Schema = {"type": "array", "items": TEXT} if plain.is_list else TEXT
        answer = _answer_object(dict.fromkeys(plain.outputs, output))
        schemas[_plain_answer_name(name)] = answer
        if plain.input_names:
            schemas[_camel_case(name)] = _object(dict.fromkeys(plain.input_names, REQUIRED_TEXT), plain.input_names)
    return schemas


def _program_schemas(name: str, program: Program, operation: Operation) -> dict[str, Schema]:
    """Return the schema of a call's body and, where it has members, those of its head and its lines."""
    fields = {wire: _field(operation, entry, wire) for wire, entry in sendable(program, operation)}
    required = required_names(program, operation)
    if program.lines is None:
        return {name: _object({**fields, TOKEN: TOKEN_TEXT}, [*required, TOKEN])}
    schemas = {f"{name}Head": _object(fields, required)}
    members: Schema = {program.lines.head: _reference(f"{name}Head")}
    if operation.verb in (Verb.ADD, Verb.UPDATE):
        child = operation.resource.rows_resource(program.lines.name)
        row = {wire: _line_text(operation, child.by_name[name]) for wire, name in program.lines.fields.items()}
        schemas[f"{name}Line"] = _object(row, ())
        # Nullable: Java's classes set a list that is not to [], which clears, and send it.
        members[program.lines.member] = {"type": ["array", "null"], "items": _reference(f"{name}Line")}
    return {**schemas, name: _object({**members, TOKEN: TOKEN_TEXT}, [program.lines.head, TOKEN])}


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


def _field(operation: Operation, entry: Field, wire: str) -> Schema:
    if operation.verb is Verb.FIND:
        value = _plain_value(entry, wire)
        return {**TEXT, **({"pattern": criterion_pattern(value)} if value else {}), **_words(describe(entry))}
    # Of a new record a blank field has its default; to name one, its key must have a value.
    resource = operation.resource
    needed = resource.needs(entry) if operation.verb is Verb.ADD else entry in required_key(resource) or entry.required
    return _text(entry, required=needed)


def _line_text(operation: Operation, entry: Field) -> Schema:
    # What a line only reads may come back in an update as it is; a new one has none of it.
    if entry.read_only and operation.verb is Verb.ADD:
        return {**TEXT, "pattern": BLANK, **_words(describe(entry))}
    return _text(entry, required=entry.required)


def _plain_value(entry: Field, wire: str) -> ScalarField | None:
    """The field of one plain value that is compared; None: it is a text."""
    *_, part = AUDIT.get(wire, ("",))
    if part in PARTS_OF_MOMENTS:
        return PARTS_OF_MOMENTS[str(part)]
    item = item_field(entry)
    if item.kind is Kind.ROWS or item.kind is Kind.TEXT:
        return None
    return ScalarField(item.name, item.kind)


def _text(entry: Field, *, required: bool) -> Schema:
    described = describe(entry)
    # Blank is a choice as well: it clears. Not a bare `enum`, of which generators make a class for each place.
    choices = [*([] if required else [""]), *(value for value, _ in described.choices)] if described.choices else []
    values = {"if": TEXT, "then": {"enum": choices}} if choices else {}
    limit = {"maxLength": described.max_length} if described.kind is Kind.TEXT and described.max_length else {}
    pattern = {} if choices else _value_pattern(described, required=required)
    return {"type": "string", **values, **limit, **pattern, **_words(described)}


def _value_pattern(described: Field, *, required: bool) -> Schema:
    if described.kind is Kind.ROWS or described.kind is Kind.LIST or described.kind is Kind.MAP:
        return {}
    if described.kind is Kind.TEXT and not described.pattern:
        return {"pattern": REQUIRED_TEXT["pattern"]} if required else {}
    return {"pattern": anchor(value_pattern(described), optional=not required)}


def _words(described: Field) -> Schema:
    return {"description": described.help} if described.help else {}


def _object(properties: Schema, required: Iterable[str]) -> Schema:
    """Return the schema of what is sent: nothing else is taken."""
    return {**_answer_object(properties), "required": list(required), "additionalProperties": False}


def _answer_object(properties: Schema) -> Schema:
    """Return the schema of what is answered: all of it, and more when a site defines a user field."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def _record_schemas(program: Program, resource: Resource) -> dict[str, Schema]:
    """Return the schema of a record as it is answered and, where it has members, those of its head and its lines."""
    name = _camel_case(program.noun)
    own = _answer_object({wire: TEXT for wire, _ in record_fields(program, resource)})
    if program.lines is None:
        return {name: own}
    members: Schema = {
        program.lines.head: _reference(f"{name}Head"),
        program.lines.member: {"type": "array", "items": _reference(f"{name}Line")},
    }
    lines = _answer_object(dict.fromkeys(program.lines.fields, TEXT))
    return {_record_name(program): _answer_object(members), f"{name}Head": own, f"{name}Line": lines}
