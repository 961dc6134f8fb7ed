"""
The help pages as data, one for each call: its purpose, its members, its answer. Made from the declarations.

Their order is that of Expandable's own pages: title, purpose, URL, Request Method, Expandable Program, Required Fields,
Auth Token, Example Request JSON, Full Request JSON, Success Response, Failure Response, Try the API.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from records.shapes.resources import Resource
from records.shapes.values import Values
from webservices.wire.contracts.examples import example_record, free_keys
from webservices.wire.dialects.expandable.calls import call_path, call_title, calls
from webservices.wire.dialects.expandable.codes import failure_lines
from webservices.wire.dialects.expandable.context import ExpandableSettings
from webservices.wire.dialects.expandable.criteria import NOTATION
from webservices.wire.dialects.expandable.names import HELP, PLAIN_CALLS, PROGRAMS, VERBS
from webservices.wire.dialects.expandable.openapi import call_options, required_names, sendable
from webservices.wire.dialects.expandable.tables import PASSWORD, TOKEN, USER_NAME, Lines, Program
from webservices.wire.dialects.expandable.values import describe, record_fields, write_value
from webservices.wire.json import Json, write_json
from webservices.wire.operations import Action, Operation, Operations, Verb

PURPOSES: Mapping[Verb | Action, str] = {
    Verb.ADD: "Creates a {title} and returns it as it was created.",
    Verb.UPDATE: "Changes a {title} and returns it as it is then. What is left out stays, what is blank is cleared.",
    Verb.REMOVE: "Deletes a {title}.",
    Verb.FIND: "Returns every {title} that meets all the criteria.",
}
IN_USE = " One that is in use is made inactive instead."
ANSWERS: Mapping[Verb | Action, str] = {
    Verb.ADD: "The JSON is the {title} that was created:",
    Verb.UPDATE: "The JSON is the {title} after the update:",
    Verb.REMOVE: "The JSON is empty:",
    Verb.FIND: "The JSON is an array of what was found; it may be empty:",
}
AT_LEAST: Mapping[Verb | Action, str] = {
    Verb.UPDATE: "And at least one field to update",
    Verb.FIND: "And at least one criterion",
}
MENU = (*PLAIN_CALLS, *product(PROGRAMS, VERBS))  # in the order of Expandable's own, that of the tables
EXAMPLES: Mapping[str, str] = {
    "NOTES": "At most 32,765 characters.",
    "ATTACHMENTS": "https://docs.example.com/pump.pdf|D:\\drawings\\pump.docx",
}


@dataclass(frozen=True)
class HelpPage:
    """
    The content of a page.

    fields    name and limits of each member that the call takes
    notation  the forms of a criterion and their meanings
    headers   the HTTP headers that a write may have, and their meanings
    """

    name: str
    title: str
    purpose: str
    url: str
    editor: str
    required: tuple[str, ...]
    at_least: str
    needs_token: bool
    example: str
    full: str
    fields: tuple[tuple[str, str], ...]
    notation: Sequence[tuple[str, str]]
    headers: Sequence[tuple[str, str]]
    answer: str
    success: str
    failures: tuple[str, ...]
    failure: str


def address(name: str) -> str:
    """Return the path of a call's page."""
    return HELP + name


def menu(operations: Operations) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Return all calls by their subject, in the vendor's order: its title; name, verb and path of each call's page."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for name, operation in sorted(calls(operations).items(), key=lambda call: MENU.index(_menu_key(call[1]))):
        subject, _, verb = call_title(operation).partition(", ")
        found.setdefault(subject, []).append((name, verb, address(name)))
    return [*found.items()]


def _menu_key(operation: Operation) -> tuple[str, Verb | Action]:
    return operation.resource.plural, operation.verb


def _is_plain(operation: Operation) -> bool:
    return (operation.resource.plural, operation.verb) in PLAIN_CALLS


def help_page(name: str, operations: Operations, settings: ExpandableSettings) -> HelpPage | None:
    """Return the page of a call; None: there is no such call."""
    operation = calls(operations).get(name)
    if operation is None:
        return None
    return _plain_page(operation, settings) if _is_plain(operation) else _program_page(operation, settings)


def request_examples(operations: Operations, settings: ExpandableSettings) -> dict[str, Json]:
    """Return the example of the body of each call about a record, by the call's name."""
    return {
        name: _example(PROGRAMS[operation.resource.plural], operation, settings)
        for name, operation in calls(operations).items()
        if not _is_plain(operation)
    }


def _plain_page(operation: Operation, settings: ExpandableSettings) -> HelpPage:
    plain = PLAIN_CALLS[operation.resource.plural, operation.verb]
    example: dict[str, Json] = {**dict.fromkeys(plain.inputs, settings.data_source), USER_NAME: "APIUSER", PASSWORD: ""}
    outputs: Json = {wire: [""] if plain.is_list else "" for wire in plain.outputs}
    return HelpPage(
        name=plain.name,
        title=plain.title,
        purpose=plain.purpose,
        url=call_path(operation),
        editor="",
        required=plain.input_names,
        at_least="",
        needs_token=False,
        example=_json(example if plain.input_names else {}),
        full=_json(dict.fromkeys(plain.input_names, "")),
        fields=(),
        notation=(),
        headers=(),
        answer="The JSON holds what was asked for:",
        success=_json(outputs),
        failures=failure_lines(needs_token=False),
        failure=_json({"MESSAGE": "", "MESSAGE_CODE": ""}),
    )


def _program_page(operation: Operation, settings: ExpandableSettings) -> HelpPage:
    program, resource, verb = PROGRAMS[operation.resource.plural], operation.resource, operation.verb
    may_inactivate = verb is Verb.REMOVE and "active" in resource.by_name
    return HelpPage(
        name=call_path(operation).rpartition("/")[2],
        title=call_title(operation),
        purpose=PURPOSES[verb].format(title=program.title) + (IN_USE if may_inactivate else ""),
        url=call_path(operation),
        editor=program.editor,
        required=(*required_names(program, operation), TOKEN),
        at_least=AT_LEAST.get(verb, ""),
        needs_token=True,
        example=_json(_example(program, operation, settings)),
        full=_json(_full(program, operation)),
        fields=tuple(_fields(program, operation)),
        notation=NOTATION if verb is Verb.FIND else (),
        headers=[(option.header, option.help) for option in call_options(operation)],
        answer=ANSWERS[verb].format(title=program.title),
        success=_json(_answer_example(program, operation)),
        failures=failure_lines(needs_token=True),
        failure=_json({"MESSAGE": "", "MESSAGE_CODE": ""}),
    )


def _json(found: Json) -> str:
    return write_json(found, indent=2)


def _example(program: Program, operation: Operation, settings: ExpandableSettings) -> Json:
    resource, verb = operation.resource, operation.verb
    if verb is Verb.FIND:
        return _body(program, dict(program.example_criteria))
    record = example_record(resource)
    if verb is Verb.ADD:
        # The declared example exists at a site with demo data, and a new record must not.
        record |= next(free_keys(resource, {name: str(record[name]) for name in resource.key}))
    keys = [wire for wire, name in program.fields.items() if name in resource.key]
    required = required_names(program, operation)
    names: Sequence[str] = keys
    if verb is Verb.ADD:
        names = (*keys, *required, *program.example_fields)
    elif verb is Verb.UPDATE:
        names = (*keys, *program.example_fields[-1:])
    # An update must change something: a price has nothing beside its key but the amount.
    if verb is Verb.UPDATE and program.example_fields[-1] in keys:
        names = (*keys, "UNIT_PRICE")
    found = {
        wire: _example_text(program, resource, record, wire, settings) for wire, _ in record_fields(program, resource)
    }
    lines = _line_example(program, resource, record, settings) if verb is Verb.ADD else None
    return _body(program, {wire: text for wire, text in found.items() if wire in names}, lines)


def _example_text(program: Program, resource: Resource, record: Values, wire: str, settings: ExpandableSettings) -> str:
    path = program.find_path(wire) or ("",)
    name = str(path[0])
    return EXAMPLES.get(wire) or write_value(resource.by_name.get(name), record.get(name, ""), settings)


def _line_example(program: Program, resource: Resource, record: Values, settings: ExpandableSettings) -> Json:
    if program.lines is None:
        return None
    child = resource.rows_resource(program.lines.name)
    rows: Any = record[program.lines.name]
    wanted = {"PART_ID": "part_number", "ORDER_QTY": "quantity"}
    return [{wire: write_value(child.by_name[name], rows[0].get(name, ""), settings) for wire, name in wanted.items()}]


def _full(program: Program, operation: Operation) -> Json:
    names: dict[str, Json] = dict.fromkeys((wire for wire, _ in sendable(program, operation)), "")
    writes = operation.verb in (Verb.ADD, Verb.UPDATE)
    lines: Json = [_blank_line(program.lines, operation.resource)] if program.lines and writes else None
    return _body(program, names, lines)


def _blank_line(lines: Lines, resource: Resource, *, whole: bool = False) -> Json:
    child = resource.rows_resource(lines.name)
    names = [wire for wire, name in lines.fields.items() if whole or child.by_name[name].writable]
    return dict.fromkeys(names, "")


def _body(program: Program, own: dict[str, Json], lines: Json = None) -> Json:
    if program.lines is None:
        return {**own, TOKEN: ""}
    body: dict[str, Json] = {program.lines.head: own}
    return {**body, **({program.lines.member: lines} if lines else {}), TOKEN: ""}


def _answer_example(program: Program, operation: Operation) -> Json:
    resource = operation.resource
    if operation.verb is Verb.REMOVE:
        return {}
    record: Json = dict.fromkeys((wire for wire, _ in record_fields(program, resource)), "")
    if program.lines is not None:
        record = {program.lines.head: record, program.lines.member: [_blank_line(program.lines, resource, whole=True)]}
    return [record] if operation.verb is Verb.FIND else record


def _fields(program: Program, operation: Operation) -> Iterator[tuple[str, str]]:
    resource = operation.resource
    for wire, entry in sendable(program, operation):
        yield wire, _words(describe(entry).limits(), describe(entry).help)
    if program.lines is not None and operation.verb in (Verb.ADD, Verb.UPDATE):
        child = resource.rows_resource(program.lines.name)
        for wire, name in program.lines.fields.items():
            entry = child.by_name[name]
            if entry.writable:
                yield f"{program.lines.member}: {wire}", _words(describe(entry).limits(), describe(entry).help)


def _words(limits: str, help_text: str) -> str:
    return f"{limits}. {help_text}".strip() if help_text else f"{limits}."
