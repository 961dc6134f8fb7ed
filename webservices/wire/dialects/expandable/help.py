"""
The help pages as data, one for each call: its purpose, its members, its answer. Made from the declarations.

Their order is that of Expandable's own pages: title, purpose, URL, Request Method, Expandable Program, Required Fields,
Auth Token, Example Request JSON, Full Request JSON, Success Response, Failure Response, Try the API.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import cast

from records.shapes.fields import Field
from webservices.wire.contracts.examples import example_record
from webservices.wire.dialects.expandable.calls import call_path, call_title, calls
from webservices.wire.dialects.expandable.codes import failure_lines
from webservices.wire.dialects.expandable.context import ExpandableSettings
from webservices.wire.dialects.expandable.criteria import NOTATION
from webservices.wire.dialects.expandable.fields import (
    lines_resource,
    list_field,
    required_line_names,
    required_names,
    sendable_names,
    text_field,
    wire_field,
)
from webservices.wire.dialects.expandable.names import HELP, PLAIN_CALLS, PROGRAMS, VERBS, find_program
from webservices.wire.dialects.expandable.openapi import call_options
from webservices.wire.dialects.expandable.tables import PASSWORD, TOKEN, USER_NAME, Program
from webservices.wire.dialects.expandable.values import write_value
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


@dataclass(frozen=True)
class HelpPage:
    """
    The content of a page.

    required  the required names by the part of the body that they stand in; "": it has no parts
    trial     what the console proposes
    fields    name and limits of each member that the call takes
    notation  the forms of a criterion and their meanings
    headers   the HTTP headers that a write may have, and their meanings
    """

    name: str
    title: str
    purpose: str
    url: str
    editor: str
    required: tuple[tuple[str, tuple[str, ...]], ...]
    at_least: str
    needs_token: bool
    example: str
    trial: str
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
        name: _example(_program(operation, settings), operation)
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
        required=(("", plain.input_names),) if plain.input_names else (),
        at_least="",
        needs_token=False,
        example=_json(example if plain.input_names else {}),
        trial=_json(example if plain.input_names else {}),
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
    program, resource, verb = _program(operation, settings), operation.resource, operation.verb
    may_inactivate = verb is Verb.REMOVE and "active" in resource.by_name
    return HelpPage(
        name=call_path(operation).rpartition("/")[2],
        title=call_title(operation),
        purpose=program.purposes.get(verb, PURPOSES[verb].format(title=program.title))
        + (IN_USE if may_inactivate else ""),
        url=call_path(operation),
        editor=program.editor,
        required=_group_required_names(program, operation),
        at_least=AT_LEAST.get(verb, ""),
        needs_token=True,
        example=_json(_example(program, operation)),
        trial=_json(_trial(program, operation)),
        full=_json(_full(program, operation)),
        fields=tuple(_fields(program, operation, settings)),
        notation=NOTATION if verb is Verb.FIND else (),
        headers=[(option.header, option.help) for option in call_options(operation)],
        answer=ANSWERS[verb].format(title=program.title),
        success=_json(_answer_example(program, operation)),
        failures=failure_lines(needs_token=True),
        failure=_json({"MESSAGE": "", "MESSAGE_CODE": ""}),
    )


def _program(operation: Operation, settings: ExpandableSettings) -> Program:
    program = find_program(operation, settings)
    if program is None:
        raise KeyError(operation.resource.plural)
    return program


def _group_required_names(program: Program, operation: Operation) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the required names; those of a record with lists by the part of the body that they stand in."""
    own = tuple(required_names(program, operation))
    if program.lines is None or operation.verb not in (Verb.ADD, Verb.UPDATE):
        return (("", (*own, TOKEN)),)
    either = tuple(required_line_names(program, operation.resource))
    if not program.is_entry:
        either = (f"{program.lines.names[1]} or {program.lines.names[3]}",)
    lists = tuple((texts.member, texts.required) for texts in program.lists)
    return (("HEADER", own), (program.lines.member, either), *lists, ("", (TOKEN,)))


def _json(found: Json) -> str:
    return write_json(found, indent=2)


def _example(program: Program, operation: Operation) -> Json:
    """Return the vendor's own example, where one is known."""
    return {**_copy(program.examples[operation.verb]), TOKEN: ""}


def _copy(example: Mapping[str, object]) -> dict[str, Json]:
    return {name: cast(Json, value) for name, value in example.items()}


def _trial(program: Program, operation: Operation) -> Json:
    """
    Return what the console proposes: the example with a key that may be free, or that of a record of the demo.

    A price is not known by less than its currency there, so all its calls are about the one that a create proposes.
    """
    found = {**_copy(program.examples[operation.verb]), TOKEN: ""}
    if operation.verb is Verb.FIND:
        return found
    resource = operation.resource
    record = example_record(resource)
    if program.is_entry and program.lines is not None:
        line: Json = {wire: str(record[name]) for wire, name in program.lines.hub.items()}
        return {**found, program.wire_names["order"]: str(record["order"]), program.lines.member: [line]}
    named = {wire: str(program.paths[wire][0]) for wire in program.key}
    found |= {
        wire: write_value(resource.by_name[name], record.get(name, ""), ExpandableSettings())
        for wire, name in named.items()
    }
    if program.found_by:  # what finds a record here is, of those of the demo, the hub's own key
        found[program.key[-1]] = str(record[resource.key[0]])
    if program.named:
        found[program.key[-1]] = FREE_QUANTITY
    elif operation.verb is Verb.ADD:
        wire = program.key[-1]
        found[wire] = f"{found[wire]}-2"
    if operation.verb is Verb.ADD and program.lines is not None:
        found |= {"CUSTOMER_ID": str(record["customer"])}
        found[program.lines.member] = [{"PART_ID": DEMO_PART, "ORDER_QTY": "2"}]
        found = {name: value for name, value in found.items() if name not in {each.member for each in program.lists}}
    return found


DEMO_PART, FREE_QUANTITY = "PUMP-100", "12"


def _full(program: Program, operation: Operation) -> Json:
    names: dict[str, Json] = dict.fromkeys(sendable_names(program, operation), "")
    lists: dict[str, Json] = _blank_lists(program) if operation.verb in (Verb.ADD, Verb.UPDATE) else {}
    return {**names, **lists, TOKEN: ""}


def _blank_lists(program: Program) -> dict[str, Json]:
    lines = program.lines
    members: dict[str, Json] = {lines.member: [dict.fromkeys(lines.names, "")]} if lines else {}
    return {**members, **{texts.member: [dict.fromkeys(texts.names, "")] for texts in program.lists}}


def _answer_example(program: Program, operation: Operation) -> Json:
    if operation.verb is Verb.REMOVE:
        return {}
    names = program.answer_names if operation.verb is Verb.FIND else program.written_names
    record: Json = {**dict.fromkeys(names, ""), **_blank_lists(program)}
    return [record] if operation.verb is Verb.FIND else record


def _fields(program: Program, operation: Operation, settings: ExpandableSettings) -> Iterator[tuple[str, str]]:
    resource = operation.resource
    for wire in sendable_names(program, operation):
        yield wire, _words(wire_field(program, resource, wire, settings), ours=wire in program.ours)
    if program.lines is None or operation.verb not in (Verb.ADD, Verb.UPDATE):
        return
    lines, child = program.lines, lines_resource(program, resource)
    for wire, path in lines.paths.items():
        yield f"{lines.member}: {wire}", _words(list_field(lines, child, wire, path, settings), ours=wire in lines.ours)
    for texts in program.lists:
        for wire in texts.names:
            yield f"{texts.member}: {wire}", _words(text_field(texts, wire, settings))


def _words(entry: Field, *, ours: bool = False) -> str:
    """Return type, limits and help of a field; of a name that is not public, that it is this hub's."""
    words = f"{entry.limits()}. {entry.help}".strip()
    return f"{words} A name of this hub's: the vendor's is not public." if ours else words
