"""
Problems of a call as responses, in the form of RFC 9457.

    HTTP/1.1 422 Unprocessable Content
    Content-Type: application/problem+json

    {"type": "urn:counterpart:problem:too-small", "title": "A value is not valid", "status": 422,
     "detail": "units must be 1 or more; '0' is less.", "instance": "urn:counterpart:call:7c1e…", "code": "too-small",
     "errors": [{"code": "too-small", "detail": "…", "field": "units", "pointer": "#/units"}]}
"""

from collections.abc import Iterator, Sequence

from records.shapes.outcomes import NOT_TOLD, Outcome
from records.shapes.problems import Family, Path, Problem, format_path
from webservices.wire.credentials import CHALLENGE
from webservices.wire.dialects.rest.codes import FAMILIES, get_status
from webservices.wire.dialects.rest.context import RestContext
from webservices.wire.dialects.rest.names import PROBLEM_TYPE, Entry, pointer
from webservices.wire.json import Json, write_json
from webservices.wire.messages import Answer, Failure, WireResponse
from webservices.wire.operations import Verb

MIXED = 422  # of a call whose records failed for reasons of several statuses


def problem_response(answer: Failure | Answer, context: RestContext) -> WireResponse:
    """Write the problem of a whole call, or of an answer whose every record failed."""
    if isinstance(answer, Failure):
        return _failure_response(answer, context)
    records = [*_causes(answer.outcomes)]
    problems = [problem for _, outcome in records for problem in outcome.problems]
    detail = problems[0].sentence()
    if len(answer.outcomes) > 1:
        detail = f"None of the {len(answer.outcomes)} records was kept. Record {records[0][0] + 1}: {detail}"
    # A record that fell with others has no reason of its own: the first that has one speaks for the call.
    statuses = {get_status(outcome.problems[0], context) for _, outcome in records}
    # What is not told is said once here, and of each record among the outcomes.
    told = [index for index, outcome in records if outcome.problems[0].code != NOT_TOLD]
    errors = [
        error_tree(problem, record_path(context, index))
        for index in told
        for problem in answer.outcomes[index].problems
    ]
    status = statuses.pop() if len(statuses) == 1 else MIXED
    tree = _tree(problems[0], status, detail, errors, answer.call_id)
    if context.entry is not Entry.ONE:
        tree["outcomes"] = [
            outcome_tree(outcome, record_path(context, index)) for index, outcome in enumerate(answer.outcomes)
        ]
    if answer.dry:
        tree["dry_run"] = True
    return WireResponse(status, write_json(tree).encode(), PROBLEM_TYPE)


def _causes(outcomes: Sequence[Outcome]) -> Iterator[tuple[int, Outcome]]:
    """The outcomes that say why, by index: not those that were undone because of others."""
    causes = [
        (index, outcome)
        for index, outcome in enumerate(outcomes)
        if any(problem.family is not Family.ROLLED_BACK for problem in outcome.problems)
    ]
    return iter(causes or list(enumerate(outcomes)))


def _failure_response(failure: Failure, context: RestContext) -> WireResponse:
    problem = failure.problems[0]
    status = get_status(problem, context)
    # A body that cannot be read has places, but no fields; a search has fields, but no body that they stand in.
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


def _tree(problem: Problem, status: int, detail: str, errors: Sequence[Json], call_id: str) -> dict[str, Json]:
    tree: dict[str, Json] = {
        "type": f"urn:counterpart:problem:{problem.code}",
        "title": FAMILIES[problem.family].title,
        "status": status,
        "detail": detail,
    }
    if call_id:
        tree["instance"] = f"urn:counterpart:call:{call_id}"
    return tree | {"code": problem.code, "errors": [*errors]}


def record_path(context: RestContext, index: int) -> Path:
    """Return the path of record `index` in the body of the request: (), (3,), ("records", 3)."""
    return {Entry.ONE: (), Entry.MANY: (index,), Entry.BATCH: ("records", index)}[context.entry]


def error_tree(problem: Problem, record: Path) -> dict[str, Json]:
    """One problem as JSON; `record` is the path of its record in the body of the request."""
    tree: dict[str, Json] = {"code": problem.code, "family": str(problem.family), "detail": problem.sentence()}
    if problem.path:
        tree["field"] = format_path(problem.path)
    if problem.path or record:
        tree["pointer"] = pointer((*record, *problem.path))
    return tree


def outcome_tree(outcome: Outcome, record: Path) -> dict[str, Json]:
    """One outcome as JSON; `record` is the path of its record in the body of the request."""
    tree: dict[str, Json] = {
        "became": str(outcome.result),
        "key": outcome.key,
        "id": outcome.id,
        "version": outcome.version,
        "problems": [error_tree(problem, record) for problem in outcome.problems],
    }
    # Only where there are some: clients that were generated before may refuse a member that they do not know.
    if outcome.warnings:
        tree["warnings"] = [error_tree(warning, record) for warning in outcome.warnings]
    return tree
