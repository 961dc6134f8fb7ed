"""
Expandable's responses, from an Answer or a Failure: all fields of a record, each as text.

    200 OK                    {"PART_ID": "PUMP-100", …}     created or updated; [{…}, …] found; {} deleted
    500 PART_ID is required.  {"MESSAGE": "PART_ID is required.", "MESSAGE_CODE": "REQUIRED_FIELD"}
"""

from collections.abc import Sequence
from functools import partial

from records.shapes.outcomes import Outcome, Result
from records.shapes.problems import Family, Problem
from webservices.wire.dialects.expandable.codes import LOGIN_FAILURE, ErrorMapping, get_error, reason_phrase
from webservices.wire.dialects.expandable.context import ExpandableContext
from webservices.wire.dialects.expandable.names import PLAIN_CALLS, PROGRAMS, spell
from webservices.wire.dialects.expandable.request import JSON_TYPE
from webservices.wire.dialects.expandable.values import record_tree
from webservices.wire.json import Json, write_json
from webservices.wire.messages import Answer, Failure, WireResponse
from webservices.wire.operations import Operation, Verb

REMOVED = (Result.DELETED, Result.INACTIVATED)


def write(answer: Answer | Failure, context: ExpandableContext) -> WireResponse:
    """Write the response."""
    if isinstance(answer, Failure):
        return _error_response(answer.problems, answer.operation, context)
    if answer.operation.resource.plural not in PROGRAMS:
        return _response(_outputs(answer))
    if answer.operation.verb is Verb.FIND:
        return _too_many(answer, context) if answer.cut else _response(_trees(answer, context))
    (outcome,) = answer.outcomes  # a call is about one record
    if outcome.failed:
        return _error_response(outcome.problems, answer.operation, context)
    trees = () if outcome.result in REMOVED else _trees(answer, context)
    return _response(trees[0] if trees else {}, _headers(outcome))


def _response(tree: Json, headers: dict[str, str] | None = None) -> WireResponse:
    return WireResponse(200, write_json(tree).encode(), JSON_TYPE, headers or {}, reason="OK")


def _headers(outcome: Outcome) -> dict[str, str]:
    """The outcome of a record, which the body does not say, and its version, to be demanded by If-Match."""
    version = {"ETag": f'"{outcome.version}"'} if outcome.version and outcome.result not in REMOVED else {}
    return {"X-Outcome": str(outcome.result), **version}


def _trees(answer: Answer, context: ExpandableContext) -> list[Json]:
    resource = answer.operation.resource
    tree = partial(record_tree, PROGRAMS[resource.plural], resource, settings=context.settings)
    return [tree(record) for record in answer.records if record]


def _outputs(answer: Answer) -> dict[str, Json]:
    plain = PLAIN_CALLS[answer.operation.resource.plural, answer.operation.verb]
    records = tuple(answer.records)
    outputs = {wire: [str(record.get(name) or "") for record in records] for wire, name in plain.outputs.items()}
    if plain.is_list:
        return {wire: [*texts] for wire, texts in outputs.items()}
    return {wire: next(iter(texts), "") for wire, texts in outputs.items()}


def _too_many(answer: Answer, context: ExpandableContext) -> WireResponse:
    """The error of a query that finds too much: as there is no paging, its caller has to narrow it."""
    resource = answer.operation.resource
    wire = spell(resource.plural, (resource.key[-1],))
    text = (
        f"More than {context.settings.query_limit:,} {resource.label_plural.lower()} meet these criteria. "
        f'Narrow them, as in "{wire}": "BETWEEN A AND F" or "DATE_MODIFIED": ">=2026-01-31".'
    )
    return _error_response((Problem("too-many-rows", Family.INVALID, text),), answer.operation, context)


def _error_response(
    problems: Sequence[Problem], operation: Operation | None, context: ExpandableContext
) -> WireResponse:
    """The response of a failed call: the status of its first problem, the sentences of all."""
    sentences = " ".join(dict.fromkeys(_sentence(problem, operation) for problem in problems))
    mapping = _site_error(problems[0], operation, context)
    message = " ".join(filter(None, (mapping.reason, sentences)))
    # The reason phrase of 404 says nothing that the sentence does not.
    if mapping.status == 404:
        message = sentences
    body = write_json({"MESSAGE": message, "MESSAGE_CODE": mapping.code}).encode()
    # HTTP demands this of every 405.
    headers = {"Allow": "POST"} if mapping.status == 405 else {}
    return WireResponse(mapping.status, body, JSON_TYPE, headers, mapping.reason or reason_phrase(message))


def _sentence(problem: Problem, operation: Operation | None) -> str:
    """The sentence of a problem, in this wire's names."""
    names = partial(spell, operation.resource.plural) if operation else None
    return problem.sentence(names)


def _site_error(problem: Problem, operation: Operation | None, context: ExpandableContext) -> ErrorMapping:
    """The mapping of a problem; a failed login where a token is fetched has a status of the site's choice."""
    found = get_error(problem)
    plain = PLAIN_CALLS.get((operation.resource.plural, operation.verb)) if operation else None
    if found.status == LOGIN_FAILURE.status and plain is not None and plain.takes_login:
        return ErrorMapping(LOGIN_FAILURE.code, context.settings.bad_login_status)
    return found
