"""
What became of each record of a call, as its exchange keeps it.

    {"number": 2, "became": "failed", "key": "PUMP-100", "id": 7, "version": 3, "by": ["CustomerCode"],
     "problems": [{"code": "missing", "family": "missing", "field": "part_number", "says": "part_number is required."}]}
"""

from collections.abc import Iterator, Mapping
from functools import partial

from records.shapes.outcomes import Outcome
from records.shapes.problems import Problem
from webservices.exchanges.masking import Mask
from webservices.wire.dialects.base import Dialect
from webservices.wire.messages import Answer

FIRST, MORE_FAILED = 100, 100
LONGEST = 500


def outcomes_kept(answer: Answer, dialect: Dialect, hidden: Mask, *, readable: bool) -> list[dict[str, object]]:
    """
    The first outcomes, and some more that failed.

    readable  whether what is said of a record may quote it; else the codes alone are kept
    """
    spell = partial(dialect.spell, answer.operation.resource.plural)

    def told(problem: Problem) -> dict[str, str]:
        said = {"code": problem.code, "family": str(problem.family)}
        if readable:
            said |= {"field": spell(problem.path) if problem.path else "", "says": problem.sentence(spell)}
        return {name: _line(hidden.text(text)) for name, text in said.items()}

    return [
        {
            "number": number,
            **_facts(outcome, hidden),
            **({"by": [spell((name,)) for name in outcome.by]} if outcome.by else {}),
            "problems": [told(problem) for problem in outcome.problems],
        }
        for number, outcome in _chosen(answer.outcomes)
    ]


def _chosen(outcomes: tuple[Outcome, ...]) -> Iterator[tuple[int, Outcome]]:
    more = MORE_FAILED
    for number, outcome in enumerate(outcomes, 1):
        if number <= FIRST:
            yield number, outcome
        elif outcome.failed and more:
            more -= 1
            yield number, outcome


def _facts(outcome: Outcome, hidden: Mask) -> Mapping[str, object]:
    return {
        "became": str(outcome.result),
        "key": _line(hidden.text(outcome.key)),
        "id": outcome.id,
        "version": outcome.version,
    }


def _line(text: str) -> str:
    """As JSON in the database takes it: no NUL, no half characters, not too long."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")[:LONGEST]
