"""
What went wrong, as RFC 9457 has it.

    HTTP/1.1 422 Unprocessable Content
    Content-Type: application/problem+json

    {"type": "urn:counterpart:problem:too-small", "title": "A value is not valid", "status": 422,
     "detail": "units must be 1 or more; '0' is less.", "instance": "urn:counterpart:call:7c1e…", "code": "too-small",
     "errors": [{"code": "too-small", "detail": "…", "field": "units", "pointer": "#/units"}]}
"""

from collections.abc import Iterator

from records.shapes.outcomes import Outcome
from records.shapes.problems import Family, Path, Problem, dotted
from webservices.wire.dialects.rest.names import (
    CHALLENGE,
    CODES,
    DEMAND_NOT_MET,
    FAMILIES,
    PROBLEM_TYPE,
    Entry,
    RestContext,
    pointer,
)
from webservices.wire.json import Json, write_json
from webservices.wire.messages import Answer, Failure, WireResponse
from webservices.wire.operations import Verb

SEVERAL = 422  # when the records of a call failed for reasons of several statuses


def problem_response(given: Failure | Answer, context: RestContext) -> WireResponse:
    """The problem of a whole call, or of an answer whose every record failed."""
    if isinstance(given, Failure):
        return _failure_response(given, context)
    records = [*_telling(given.outcomes)]
    problems = [problem for _, outcome in records for problem in outcome.problems]
    detail = problems[0].sentence()
    if len(given.outcomes) > 1:
        detail = f"None of the {len(given.outcomes)} records was kept. Record {records[0][0] + 1}: {detail}"
    statuses = {status_of(outcome.problems[0], context) for _, outcome in records}
    errors = [
        error_tree(problem, record_place(context, index)) for index, outcome in records for problem in outcome.problems
    ]
    status = statuses.pop() if len(statuses) == 1 else SEVERAL
    tree = _tree(problems[0], status, detail, errors, given.call_id)
    if context.entry is not Entry.ONE:
        tree["outcomes"] = [
            outcome_tree(outcome, record_place(context, index)) for index, outcome in enumerate(given.outcomes)
        ]
    if given.dry:
        tree["dry_run"] = True
    return WireResponse(status, write_json(tree).encode(), PROBLEM_TYPE)


def _telling(outcomes: tuple[Outcome, ...]) -> Iterator[tuple[int, Outcome]]:
    """The outcomes that say why, by index: not those which were undone because of others."""
    told = [
        (index, outcome)
        for index, outcome in enumerate(outcomes)
        if any(problem.family is not Family.ROLLED_BACK for problem in outcome.problems)
    ]
    return iter(told or list(enumerate(outcomes)))


def _failure_response(failure: Failure, context: RestContext) -> WireResponse:
    problem = failure.problems[0]
    status = status_of(problem, context)
    in_body = problem.family is Family.MALFORMED
    in_record = context.entry is Entry.ONE and failure.operation is not None and failure.operation.verb is not Verb.FIND
    errors = []
    for each in failure.problems:
        error = error_tree(each, ())
        if not (in_body or in_record):
            error.pop("pointer", None)
        if in_body:
            error.pop("field", None)
        errors.append(error)
    tree = _tree(problem, status, problem.sentence(), errors, failure.call_id)
    return WireResponse(status, write_json(tree).encode(), PROBLEM_TYPE, _headers(failure, status, context))


def _headers(failure: Failure, status: int, context: RestContext) -> dict[str, str]:
    headers = {}
    if status == 401:
        headers["WWW-Authenticate"] = CHALLENGE
    if context.allow:
        headers["Allow"] = ", ".join(context.allow)
    if failure.retry_after is not None:
        headers["Retry-After"] = str(failure.retry_after)
    return headers


def status_of(problem: Problem, context: RestContext) -> int:
    """The HTTP status of a problem."""
    if problem.family is Family.CONFLICT and context.demanded:
        return DEMAND_NOT_MET
    return CODES.get(problem.code) or FAMILIES[problem.family].status


def _tree(problem: Problem, status: int, detail: str, errors: list[Json], call_id: str) -> dict[str, Json]:
    tree: dict[str, Json] = {
        "type": f"urn:counterpart:problem:{problem.code}",
        "title": FAMILIES[problem.family].title,
        "status": status,
        "detail": detail,
    }
    if call_id:
        tree["instance"] = f"urn:counterpart:call:{call_id}"
    return tree | {"code": problem.code, "errors": errors}


def record_place(context: RestContext, index: int) -> Path:
    """Where record `index` stands in the body of the request."""
    return {Entry.ONE: (), Entry.MANY: (index,), Entry.BATCH: ("records", index)}[context.entry]


def error_tree(problem: Problem, place: Path) -> dict[str, Json]:
    """One problem; `place` is where its record stands in the body of the request."""
    tree: dict[str, Json] = {"code": problem.code, "family": str(problem.family), "detail": problem.sentence()}
    if problem.path:
        tree["field"] = dotted(problem.path)
    if problem.path or place:
        tree["pointer"] = pointer((*place, *problem.path))
    return tree


def outcome_tree(outcome: Outcome, place: Path) -> dict[str, Json]:
    """One outcome; `place` is where its record stands in the body of the request."""
    return {
        "became": str(outcome.result),
        "key": outcome.key,
        "id": outcome.id,
        "version": outcome.version,
        "problems": [error_tree(problem, place) for problem in outcome.problems],
    }
