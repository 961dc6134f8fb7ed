"""
From an Answer or a Failure to a response: all fields of a record, each as text.

    200 OK                    {"PART_ID": "PUMP-100", …}     created or updated; [{…}, …] found; {} deleted
    500 PART_ID is required.  {"MESSAGE": "PART_ID is required.", "MESSAGE_CODE": "REQUIRED_FIELD"}
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from records.shapes.outcomes import Outcome, Result
from records.shapes.parsing import GUESS
from records.shapes.problems import Family, Problem
from webservices.wire.dialects.expandable.context import ExpandableContext
from webservices.wire.dialects.expandable.names import PLAIN, PROGRAMS
from webservices.wire.dialects.expandable.naming import spell
from webservices.wire.dialects.expandable.request import JSON_TYPE
from webservices.wire.dialects.expandable.statuses import LOGIN_FAILURE, Standing, reason_phrase, standing_of
from webservices.wire.dialects.expandable.values import record_tree
from webservices.wire.json import Json, write_json
from webservices.wire.messages import Answer, Failure, WireResponse
from webservices.wire.operations import Operation, Verb

REMOVED = (Result.DELETED, Result.INACTIVATED)


def write(given: Answer | Failure, context: ExpandableContext) -> WireResponse:
    """The response."""
    if isinstance(given, Failure):
        return _refusal(given.problems, given.operation, context)
    if given.operation.resource.plural not in PROGRAMS:
        return _response(_said(given))
    if given.operation.verb is Verb.FIND:
        return _too_many(given, context) if given.cut else _response(_trees(given, context))
    (outcome,) = given.outcomes
    if outcome.failed:
        return _refusal(outcome.problems, given.operation, context)
    trees = () if outcome.result in REMOVED else _trees(given, context)
    return _response(trees[0] if trees else {}, _headers(outcome))


def _response(tree: Json, headers: dict[str, str] | None = None) -> WireResponse:
    return WireResponse(200, write_json(tree).encode(), JSON_TYPE, headers or {}, reason="OK")


def _headers(outcome: Outcome) -> dict[str, str]:
    """What became of the record, which the body does not say; and its version, to be demanded by If-Match."""
    version = {"ETag": f'"{outcome.version}"'} if outcome.version and outcome.result not in REMOVED else {}
    return {"X-Outcome": str(outcome.result), **version}


def _trees(answer: Answer, context: ExpandableContext) -> list[Json]:
    resource = answer.operation.resource
    tree = partial(record_tree, PROGRAMS[resource.plural], resource, settings=context.settings)
    return [tree(record) for record in answer.records if record]


def _said(answer: Answer) -> dict[str, Json]:
    plain = PLAIN[answer.operation.resource.plural, answer.operation.verb]
    said = {wire: [record.get(name) or "" for record in answer.records] for wire, name in plain.says.items()}
    return said if plain.many else {wire: next(iter(texts), "") for wire, texts in said.items()}


def _too_many(answer: Answer, context: ExpandableContext) -> WireResponse:
    """There is no paging: who finds too much has to ask for less."""
    resource = answer.operation.resource
    wire = spell(resource.plural, (resource.key[-1],))
    text = (
        f"More than {context.settings.query_limit:,} {resource.label_plural.lower()} meet these criteria. "
        f'Narrow them, as in "{wire}": "BETWEEN A AND F" or "DATE_MODIFIED": ">=2026-01-31".'
    )
    return _refusal((Problem("too-many-rows", Family.INVALID, text),), answer.operation, context)


def _refusal(problems: Sequence[Problem], operation: Operation | None, context: ExpandableContext) -> WireResponse:
    """The first problem's status; the message says of every problem what is wrong."""
    sentences = " ".join(dict.fromkeys(_sentence(problem, operation) for problem in problems))
    standing = _standing(problems[0], operation, context)
    message = " ".join(filter(None, (standing.reason, sentences)))
    if standing.status == 404:
        message = sentences
    body = write_json({"MESSAGE": message, "MESSAGE_CODE": standing.code}).encode()
    headers = {"Allow": "POST"} if standing.status == 405 else {}
    return WireResponse(standing.status, body, JSON_TYPE, headers, standing.reason or reason_phrase(message))


def _sentence(problem: Problem, operation: Operation | None) -> str:
    """What is wrong, in this wire's names; what is like a name has been said (`asked`), among those that there are."""
    names = partial(spell, operation.resource.plural) if operation else None
    return replace(problem, text=problem.text.removesuffix(GUESS)).sentence(names)


def _standing(problem: Problem, operation: Operation | None, context: ExpandableContext) -> Standing:
    """A login that fails when a token is asked for has a status of the site's choice."""
    found = standing_of(problem)
    plain = PLAIN.get((operation.resource.plural, operation.verb)) if operation else None
    if found.status == LOGIN_FAILURE.status and plain is not None and plain.logs_in:
        return Standing(LOGIN_FAILURE.code, context.settings.bad_login_status)
    return found
