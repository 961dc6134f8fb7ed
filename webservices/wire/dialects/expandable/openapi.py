"""
The calls as an OpenAPI 3.1 document, for generators of clients; made from the declarations.

Generators read it as they do REST's: each object has a name of its own, nothing has a default, and what an answer may
get later does not break a client. A record is `Part`, the body of a call is called as the call: `PartCreate`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from records.shapes.fields import Field, Kind, ScalarField, item_field
from records.shapes.problems import Family
from records.shapes.resources import VENDOR, Resource
from webservices.wire.contracts.openapi_schemas import VISIBLE_TEXT, anchor, value_pattern
from webservices.wire.contracts.security import SCHEME, oauth_scheme
from webservices.wire.dialects.expandable.calls import call_path, call_title, calls
from webservices.wire.dialects.expandable.codes import FAMILIES, PROBLEM_MAPPINGS
from webservices.wire.dialects.expandable.context import ExpandableSettings
from webservices.wire.dialects.expandable.criteria import criterion_pattern
from webservices.wire.dialects.expandable.fields import (
    lines_resource,
    list_field,
    required_line_names,
    required_names,
    sendable_names,
    text_field,
    wire_field,
)
from webservices.wire.dialects.expandable.names import PLAIN_CALLS, PROGRAMS, find_program, program_of
from webservices.wire.dialects.expandable.tables import TOKEN, Program, TextList
from webservices.wire.json import Json
from webservices.wire.messages import CALL_LIMITS
from webservices.wire.operations import Operation, Verb
from webservices.wire.options import KEY_IN_USE, KEY_REUSED, OPTIONS, Option, own_options

Schema = dict[str, Any]  # a JSON Schema is open: its members may be of any kind

TEXT: Schema = {"type": "string"}
REQUIRED_TEXT: Schema = {**TEXT, "pattern": f"^{VISIBLE_TEXT}$"}
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
    settings: ExpandableSettings | None = None,
) -> Schema:
    """
    Return the whole document.

    examples  bodies of requests, by the names of their calls
    settings  those of the site, which may add names
    """
    site = settings or ExpandableSettings()
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
            "schemas": {"Failure": FAILURE, **_schemas(found, site)},
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
    if not operation.writes:
        return []
    without = {"all_or_none"} | ({"if_match"} if operation.verb is Verb.ADD else set())
    general = [option for option in OPTIONS if option.general and option.field not in without]
    return [*general, *own_options([operation])]


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
    """`CustomerPart`."""
    return _camel_case(program.noun)


def _body(name: str, operation: Operation, example: Json) -> Schema:
    """Return the body of a call; of one that takes nothing it may be left out, and is an empty object."""
    plain = PLAIN_CALLS.get((operation.resource.plural, operation.verb))
    if plain is not None and not plain.input_names:
        return _content(_object({}, ()))
    return {"required": True, **_content(_reference(_camel_case(name)), example)}


def _answer(name: str, operation: Operation) -> Schema:
    """Return the schema of the answer to a call that went well."""
    program = program_of(operation)
    if program is None:
        return _reference(_plain_answer_name(name))
    if operation.verb is Verb.REMOVE:
        return _object({}, ())
    written = program.joined and operation.verb is not Verb.FIND
    record = _reference(_record_name(program) + ("Written" if written else ""))
    return {"type": "array", "items": record} if operation.verb is Verb.FIND else record


def _failures(operation: Operation) -> Mapping[str, str]:
    return {**FAILED, **(KEY_FAILURES if operation.writes else {})}


def _schemas(found: Mapping[str, Operation], settings: ExpandableSettings) -> dict[str, Schema]:
    """Return the schemas of all bodies and answers, by name."""
    schemas: dict[str, Schema] = {}
    for name, operation in found.items():
        program, resource = find_program(operation, settings), operation.resource
        if program is not None:
            own = _program_schemas(_camel_case(name), program, operation, settings)
            schemas |= _record_schemas(program) | own
            continue
        plain = PLAIN_CALLS[resource.plural, operation.verb]
        output: Schema = {"type": "array", "items": TEXT} if plain.is_list else TEXT
        answer = _answer_object(dict.fromkeys(plain.outputs, output))
        schemas[_plain_answer_name(name)] = answer
        if plain.input_names:
            schemas[_camel_case(name)] = _object(dict.fromkeys(plain.input_names, REQUIRED_TEXT), plain.input_names)
    return schemas


def _program_schemas(
    name: str, program: Program, operation: Operation, settings: ExpandableSettings
) -> dict[str, Schema]:
    """Return the schema of a call's body and, where it has lists, those of their entries."""
    fields = {wire: _field(program, operation, wire, settings) for wire in sendable_names(program, operation)}
    required = required_names(program, operation)
    lists, schemas = _list_schemas(name, program, operation, settings)
    needed = [*required, *(lists if program.is_entry else ())]
    return {**schemas, name: _object({**fields, **lists, TOKEN: TOKEN_TEXT}, [*needed, TOKEN])}


def _list_schemas(
    name: str, program: Program, operation: Operation, settings: ExpandableSettings
) -> tuple[Schema, dict[str, Schema]]:
    """Return the members of a body that are lists, and the schemas of their entries."""
    if program.lines is None or operation.verb not in (Verb.ADD, Verb.UPDATE):
        return {}, {}
    lines, child = program.lines, lines_resource(program, operation.resource)
    needed = required_line_names(program, operation.resource)
    row = {
        wire: _text(list_field(lines, child, wire, path, settings), required=wire in needed)
        for wire, path in lines.paths.items()
    }
    schemas = {f"{name}Line": _object(row, needed)}
    if program.is_entry:
        return {lines.member: {"type": "array", "minItems": 1, "items": _reference(f"{name}Line")}}, schemas
    for texts in program.lists:
        entry = {wire: text_field(texts, wire, settings) for wire in texts.names}
        schemas[_entry_name(name, texts)] = _object(
            {wire: _text(field, required=field.required) for wire, field in entry.items()}, texts.required
        )
    names = {lines.member: f"{name}Line", **{each.member: _entry_name(name, each) for each in program.lists}}
    # Nullable: Java's classes set a list that is not to [], which clears, and send it.
    members: Schema = {
        member: {"type": ["array", "null"], "items": _reference(entry)} for member, entry in names.items()
    }
    return members, schemas


def _entry_name(name: str, texts: TextList) -> str:
    """`SalesOrderCreateComment` of an entry of `COMMENTS`."""
    return name + _camel_case(texts.member.lower().replace("_", "-").removesuffix("s"))


def _field(program: Program, operation: Operation, wire: str, settings: ExpandableSettings) -> Schema:
    entry = wire_field(program, operation.resource, wire, settings)
    if operation.verb is Verb.FIND:
        return {**TEXT, **_criterion_pattern(program, operation.resource, entry, wire), **_words(entry)}
    # Of a new record a blank field has its default; to name one, its key must have a value.
    resource = operation.resource
    if operation.verb is Verb.ADD:
        needed = wire in required_names(program, operation)
    else:
        is_key = wire in program.key and wire not in program.named
        needed = is_key or (entry.required and wire not in program.required and not _is_hidden_default(program, wire))
    return _text(entry, required=needed and (resource is not None))


def _is_hidden_default(program: Program, wire: str) -> bool:
    return wire in program.named or wire in program.defaults


def _criterion_pattern(program: Program, resource: Resource, entry: Field, wire: str) -> Schema:
    """The pattern of a criterion of one plain value that is compared; {}: it is a text, or may be."""
    path = program.paths[wire]
    is_number_or_date = entry.kind not in (Kind.TEXT, Kind.ROWS, Kind.LIST, Kind.MAP)
    if path[0] == VENDOR or wire in program.codes:
        plain = ScalarField(entry.name, entry.kind) if is_number_or_date and isinstance(entry, ScalarField) else None
        return {"pattern": criterion_pattern(plain)} if plain is not None else {}
    if wire in program.audit:
        return {"pattern": criterion_pattern(ScalarField("date", Kind.DATE))} if entry.kind is Kind.DATE else {}
    stored = item_field(resource.vendor_by_name[str(path[0])])
    if stored.kind in (Kind.ROWS, Kind.TEXT):
        return {}
    return {"pattern": criterion_pattern(ScalarField(stored.name, stored.kind))}


def _text(described: Field, *, required: bool) -> Schema:
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


def _record_schemas(program: Program) -> dict[str, Schema]:
    """Return the schema of a record as it is answered and, where it has lists, those of their entries."""
    name = _camel_case(program.noun)
    own: Schema = dict.fromkeys(program.answer_names, TEXT)
    schemas: dict[str, Schema] = {}
    if program.joined:
        schemas[f"{name}Written"] = _answer_object(dict.fromkeys(program.written_names, TEXT))
    if program.lines is None:
        return {**schemas, name: _answer_object(own)}
    lists: Schema = {program.lines.member: {"type": "array", "items": _reference(f"{name}Line")}}
    schemas[f"{name}Line"] = _answer_object(dict.fromkeys(program.lines.names, TEXT))
    for texts in program.lists:
        entry = _entry_name(name, texts)
        # An entry of user fields has those that were sent.
        always = texts.names if not texts.single else texts.required
        schemas[entry] = {**_answer_object(dict.fromkeys(texts.names, TEXT)), "required": list(always)}
        lists[texts.member] = {"type": "array", "items": _reference(entry)}
    return {**schemas, name: _answer_object({**own, **lists})}
