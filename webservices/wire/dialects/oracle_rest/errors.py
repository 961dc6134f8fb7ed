"""
Errors of Oracle CPQ's REST interface: of a call, and of records within a response that has others.

    400  {"title": "A value is not valid", "status": 400, "detail": "leadTime must be …", "error": "leadTime must be …",
          "o:errorCode": "too-small", "o:errorDetails": [{"detail": …, "o:errorPath": "leadTime", "o:errorCode": …}]}
"""

from collections.abc import Iterator, Mapping, Sequence

from records.shapes.copying import replace
from records.shapes.outcomes import NOT_TOLD, Outcome
from records.shapes.problems import Family, Problem
from records.shapes.values import quote_text
from webservices.wire.credentials import CHALLENGE
from webservices.wire.dialects.hints import UNKNOWN_FIELD
from webservices.wire.dialects.oracle_rest.codes import FAMILIES, get_status
from webservices.wire.dialects.oracle_rest.context import Entry, OracleRestContext
from webservices.wire.dialects.oracle_rest.names import is_classic, spell
from webservices.wire.dialects.oracle_rest.responses import json_response
from webservices.wire.json import Json, write_json
from webservices.wire.messages import Answer, Failure, WireResponse
from webservices.wire.operations import Operation


def write_failure(failure: Failure, context: OracleRestContext) -> WireResponse:
    """Write the error of a whole call."""
    problem = failure.problems[0]
    status = get_status(problem)
    headers: dict[str, str] = {}
    if status == 401:
        headers["WWW-Authenticate"] = CHALLENGE
    if context.allow:
        headers["Allow"] = ", ".join(context.allow)
    if failure.retry_after is not None:
        headers["Retry-After"] = str(failure.retry_after)
    errors = [_error_tree(each, "", context) for each in failure.problems]
    return _error_response(problem, status, errors, context, headers=headers)


def write_all_failed(answer: Answer, context: OracleRestContext) -> WireResponse:
    """Write the error of a call whose every record failed: in the words of the first that was not rolled back."""
    outcomes = [_tell_of_child(outcome, context) for outcome in answer.outcomes]
    causes = [each for each in outcomes if each.problems[0].family is not Family.ROLLED_BACK] or outcomes
    statuses = {get_status(outcome.problems[0]) for outcome in causes if outcome.problems[0].code != NOT_TOLD}
    problem = causes[0].problems[0]
    detail = _sentence(problem, context)
    if len(outcomes) > 1:
        index = outcomes.index(causes[0])
        detail = f"None of the {len(outcomes)} parts was kept. partSetups.items[{index}]: {detail}"
    errors = [*error_trees(outcomes, answer.operation, context)]
    return _error_response(problem, statuses.pop() if len(statuses) == 1 else 400, errors, context, detail)


def _tell_of_child(outcome: Outcome, context: OracleRestContext) -> Outcome:
    """Return the outcome in the words of a child: that it, or the one above it, is not there, or is there already."""
    if context.child is None:
        return outcome
    words = {
        "filtered": replace(no_child_problem(context), code="no-child"),
        "locked": Problem(
            "already-exists",
            Family.DUPLICATE,
            f"Part {quote_text(context.key)} has {context.child.path} already; PUT changes them.",
        ),
    }
    problems = tuple(words.get(problem.code, problem) for problem in outcome.problems)
    return replace(outcome, problems=problems)


def no_child_problem(context: OracleRestContext) -> Problem:
    """Return the problem of a child that a part has not."""
    name = context.child.path if context.child else ""
    code = f" {context.code}" if context.code else ""
    return Problem("no-child", Family.NOT_FOUND, f"Part {quote_text(context.key)} has no {name}{code} of this id.")


def error_trees(
    outcomes: Sequence[Outcome], operation: Operation, context: OracleRestContext
) -> Iterator[dict[str, Json]]:
    """Yield what is wrong with each record, with its path in the body."""
    for index, outcome in enumerate(outcomes):
        prefix = f"partSetups.items[{index}]" if context.entry is Entry.UPSERT else ""
        for problem in outcome.problems:
            yield _error_tree(problem, prefix, context)


def _error_tree(problem: Problem, prefix: str, context: OracleRestContext) -> dict[str, Json]:
    spelled = spell(problem.path, context.language)
    tree: dict[str, Json] = {"detail": _sentence(problem, context)}
    if path := ".".join(filter(None, (prefix, spelled))):
        tree["o:errorPath"] = path
    return tree | {"o:errorCode": problem.code}


def _sentence(problem: Problem, context: OracleRestContext) -> str:
    # What every classic site has is no unknown name.
    if problem.code == UNKNOWN_FIELD and is_classic(spell(problem.path)):
        problem = replace(problem, text="{field} is not defined on this site.", hint="")
    return problem.sentence(lambda path: spell(path, context.language))


def _error_response(
    problem: Problem,
    status: int,
    errors: Sequence[Json],
    context: OracleRestContext,
    detail: str = "",
    headers: Mapping[str, str] | None = None,
) -> WireResponse:
    sentence = detail or _sentence(problem, context)
    tree: dict[str, Json] = {
        "title": FAMILIES[problem.family].title,
        "status": status,
        "detail": sentence,
        "error": sentence,
        "o:errorCode": problem.code,
        "o:errorDetails": [*errors],
    }
    return json_response(status, write_json(tree), headers)
