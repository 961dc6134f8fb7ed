"""
Expandable's responses, from an Answer or a Failure: all fields of a record, each as text.

    200 OK                    {"PART_ID": "PUMP-100", …}     created or updated; [{…}, …] found; {} deleted
    500 PART_ID is required.  {"MESSAGE": "PART_ID is required.", "MESSAGE_CODE": "REQUIRED_FIELD"}
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from http import HTTPStatus

from records.shapes.outcomes import Outcome, Result
from records.shapes.problems import Family, Problem
from records.shapes.values import Values
from webservices.wire.dialects.expandable.codes import (
    ERROR_NAMES,
    INVALID_VALUE,
    LOGIN_FAILURE,
    OLD_ERROR_NAMES,
    VENDOR_WORDS,
    ErrorMapping,
    get_error,
    reason_phrase,
)
from webservices.wire.dialects.expandable.context import ExpandableContext
from webservices.wire.dialects.expandable.names import PROGRAMS, find_plain_call, find_program, program_of, spell
from webservices.wire.dialects.expandable.request import JSON_TYPE
from webservices.wire.dialects.expandable.tables import UNKNOWN_PREFIX, PlainCall, Program
from webservices.wire.dialects.expandable.trees import entry_tree, record_tree
from webservices.wire.json import Json, write_json
from webservices.wire.messages import Answer, Failure, WireResponse
from webservices.wire.operations import Operation, Verb

REMOVED = (Result.DELETED, Result.INACTIVATED)


def write(answer: Answer | Failure, context: ExpandableContext) -> WireResponse:
    """Write the response."""
    if isinstance(answer, Failure):
        return _error_response(answer.problems, answer.operation, context)
    if answer.operation.resource.plural not in PROGRAMS:
        return _plain_response(answer, context)
    if answer.operation.verb is Verb.FIND:
        return _too_many(answer, context) if answer.cut else _response(_trees(answer, context))
    program = find_program(answer.operation, context.settings, old=context.old)
    if program is not None and program.is_entry:
        return _entry_response(program, answer, context)
    (outcome,) = answer.outcomes  # a call is about one record
    if outcome.failed:
        return _error_response(outcome.problems, answer.operation, context)
    trees = () if outcome.result in REMOVED else _trees(answer, context)
    return _response(trees[0] if trees else {}, _headers(outcome))


def _entry_response(program: Program, answer: Answer, context: ExpandableContext) -> WireResponse:
    """Return the response to a transaction: of the records that it makes, all or none are made."""
    operation = answer.operation
    problems = [
        _place_in_line(program, problem, number, operation, context)
        for number, outcome in enumerate(answer.outcomes)
        for problem in outcome.problems
        if problem.family is not Family.ROLLED_BACK
    ]
    if problems:
        return _error_response(problems, operation, context)
    records = [*answer.records]
    tree = entry_tree(program, operation.resource, records, context) if records else {}
    return _response(tree, {"X-Outcome": str(answer.outcomes[0].result)})


def _place_in_line(
    program: Program, problem: Problem, number: int, operation: Operation, context: ExpandableContext
) -> Problem:
    """Return the problem of a record with the path that its field has in the body: `LINES[2].QUANTITY`."""
    wire = spell(operation.resource.plural, problem.path)
    if program.lines is None or wire not in program.lines.names:
        return problem
    return replace(problem, path=(UNKNOWN_PREFIX + program.lines.member, number, UNKNOWN_PREFIX + wire))


def _response(tree: Json, headers: dict[str, str] | None = None) -> WireResponse:
    return WireResponse(200, write_json(tree).encode(), JSON_TYPE, headers or {}, reason="OK")


def _headers(outcome: Outcome) -> dict[str, str]:
    """The outcome of a record, which the body does not say, and its version, to be demanded by If-Match."""
    version = {"ETag": f'"{outcome.version}"'} if outcome.version and outcome.result not in REMOVED else {}
    return {"X-Outcome": str(outcome.result), **version}


def _trees(answer: Answer, context: ExpandableContext) -> list[Json]:
    resource = answer.operation.resource
    program = find_program(answer.operation, context.settings, old=context.old)
    if program is None:
        return []
    names = program.answer_names if answer.operation.verb is Verb.FIND else program.written_names
    return [record_tree(program, resource, record, context, names) for record in answer.records if record]


def _plain_response(answer: Answer, context: ExpandableContext) -> WireResponse:
    plain = find_plain_call(answer.operation, old=context.old)
    records = tuple(answer.records)
    headers = {plain.token_header: str(records[0].get("id") or "")} if plain.token_header and records else {}
    return _response(_outputs(plain, records), headers)


def _outputs(plain: PlainCall, records: Sequence[Values]) -> dict[str, Json]:
    outputs = {wire: [str(record.get(name) or "") for record in records] for wire, name in plain.outputs.items()}
    if plain.is_list:
        return {wire: [*texts] for wire, texts in outputs.items()}
    return {wire: next(iter(texts), "") for wire, texts in outputs.items()}


def _too_many(answer: Answer, context: ExpandableContext) -> WireResponse:
    """The error of a query that finds too much: as there is no paging, its caller has to narrow it."""
    resource = answer.operation.resource
    wire = PROGRAMS[resource.plural].key[-1]
    text = (
        f"More than {context.settings.query_limit:,} {resource.label_plural.lower()} meet these criteria. "
        f'Narrow them, as in "{wire}": "BETWEEN A AND F" or "DATE_MODIFIED": ">=2026-01-31".'
    )
    return _error_response((Problem("too-many-rows", Family.INVALID, text),), answer.operation, context)


def _error_response(
    problems: Sequence[Problem], operation: Operation | None, context: ExpandableContext
) -> WireResponse:
    """
    The response of a failed call: the status of its first problem, the sentences of all.

    The message begins with the vendor's words, as far as they are known, and goes on with the reason.
    """
    sentences = " ".join(dict.fromkeys(_sentence(problem, operation, context) for problem in problems))
    mapping = _site_error(problems[0], operation, context)
    # The reason phrase of 404 says nothing that the sentence does not.
    words = "" if mapping.status == HTTPStatus.NOT_FOUND else mapping.reason or vendor_words(problems[0], operation)
    message = " ".join(filter(None, (words, sentences)))
    message_name, code_name = OLD_ERROR_NAMES if context.old else ERROR_NAMES
    body = write_json({message_name: message, code_name: mapping.code}).encode()
    # HTTP demands this of every 405.
    headers = {"Allow": "POST"} if mapping.status == HTTPStatus.METHOD_NOT_ALLOWED else {}
    return WireResponse(mapping.status, body, JSON_TYPE, headers, mapping.reason or reason_phrase(message))


def vendor_words(problem: Problem, operation: Operation | None) -> str:
    """Return the sentence that the vendor has for a problem: `Customer Part already exists.`; "": it is not known."""
    program = program_of(operation) if operation else None
    words = VENDOR_WORDS.get(problem.code)
    return words.format(title=program.title) if program is not None and words else ""


def _sentence(problem: Problem, operation: Operation | None, context: ExpandableContext) -> str:
    """The sentence of a problem, in this wire's names."""
    old = context.old or context.old_body
    return problem.sentence(partial(spell, operation.resource.plural, old=old) if operation else None)


def _site_error(problem: Problem, operation: Operation | None, context: ExpandableContext) -> ErrorMapping:
    """The mapping of a problem; a failed login where a token is fetched has a status of the site's choice."""
    found = get_error(problem, old=context.old)
    program = PROGRAMS.get(operation.resource.plural) if operation else None
    # A code that is none is no name of a record to its caller.
    if program is not None and program.wire_names.get(str((problem.path or ("",))[0])) in program.codes:
        return INVALID_VALUE if problem.family is Family.UNRESOLVED else found
    if operation is None or operation.resource.plural in PROGRAMS or found.status != LOGIN_FAILURE.status:
        return found
    plain = find_plain_call(operation, old=context.old)
    return ErrorMapping(LOGIN_FAILURE.code, context.settings.bad_login_status) if plain.login else found
