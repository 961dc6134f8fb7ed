"""Hints at the names that may have been meant, in the names of the caller's own wire."""

from collections.abc import Iterable, Iterator

from records.shapes.copying import replace
from records.shapes.outcomes import Outcome
from records.shapes.problems import Problem
from records.shapes.resources import nearest_name
from webservices.wire.dialects.base import Dialect
from webservices.wire.messages import Answer, Failure, MessageContext
from webservices.wire.operations import Operation

MOST_HINTS = 20  # of one answer: to look for a name that is near takes longer than to say that there is none
UNKNOWN_FIELD = "unknown-field"


def add_hints(result: Answer | Failure, dialect: Dialect, context: MessageContext) -> Answer | Failure:
    """Return the answer with a hint in each problem of an unknown field, as far as a name is near."""
    operation = result.operation
    if operation is None:
        return result
    if isinstance(result, Failure):
        return replace(result, problems=tuple(_hint(result.problems, operation, dialect, context, MOST_HINTS)))
    hinted: dict[int, Outcome] = {}
    left = MOST_HINTS
    for place, outcome in enumerate(result.outcomes):
        number = sum(problem.code == UNKNOWN_FIELD for problem in outcome.problems) if outcome.problems else 0
        if number and left > 0:
            problems = tuple(_hint(outcome.problems, operation, dialect, context, left))
            hinted[place], left = replace(outcome, problems=problems), left - number
    if not hinted:
        return result
    return replace(result, outcomes=tuple(hinted.get(place, each) for place, each in enumerate(result.outcomes)))


def _hint(
    problems: Iterable[Problem], operation: Operation, dialect: Dialect, context: MessageContext, most: int
) -> Iterator[Problem]:
    spell = dialect.speller(context, operation)
    for problem in problems:
        if problem.code != UNKNOWN_FIELD or not problem.path or most <= 0:
            yield problem
            continue
        most -= 1
        parents = problem.path[:-1]
        spelled = spell(problem.path)
        wrong, point, rest = spelled.rpartition(".")[2] if parents else spelled, "", ""
        if not parents:  # `pric.USD`, as a criterion names an entry of a map
            wrong, point, rest = spelled.partition(".")
        known = dialect.known_names(operation, context, parents)
        near = nearest_name(wrong, known, operation.resource.name)
        yield replace(problem, hint=near + point + rest if near and near != wrong else "")
