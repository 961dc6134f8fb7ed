"""
The outcome of each record of a call, as its exchange stores it.

    {"number": 2, "became": "failed", "key": "PUMP-100", "id": 7, "version": 3, "by": ["CustomerCode"],
     "problems": [{"code": "missing", "family": "missing", "field": "part_number", "says": "part_number is required."}]}
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from records.shapes.outcomes import Outcome
from records.shapes.problems import Problem
from webservices.exchanges.masking import Mask, storable_text
from webservices.wire.dialects.base import Dialect
from webservices.wire.messages import Answer

FIRST, MORE_FAILED = 100, 100
LONGEST = 500


def build_outcomes(answer: Answer, dialect: Dialect, mask: Mask, *, is_quotable: bool) -> list[dict[str, object]]:
    """
    Return the first outcomes, and some more that failed, as JSON.

    is_quotable  sentences may quote the record; else the codes alone are stored
    """
    spell = partial(dialect.spell, answer.operation.resource.plural)

    def as_json(problem: Problem) -> dict[str, str]:
        texts = {"code": problem.code, "family": str(problem.family)}
        if is_quotable:
            texts |= {"field": spell(problem.path) if problem.path else "", "says": problem.sentence(spell)}
        return {name: storable_text(mask.text(text), LONGEST) for name, text in texts.items()}

    return [
        {
            "number": number,
            **_columns(outcome, mask),
            **({"by": [spell((name,)) for name in outcome.by]} if outcome.by else {}),
            "problems": [as_json(problem) for problem in outcome.problems],
            **({"warnings": [as_json(warning) for warning in outcome.warnings]} if outcome.warnings else {}),
        }
        for number, outcome in _select(answer.outcomes)
    ]


def _select(outcomes: Sequence[Outcome]) -> Iterator[tuple[int, Outcome]]:
    more = MORE_FAILED
    for number, outcome in enumerate(outcomes, 1):
        if number <= FIRST:
            yield number, outcome
        elif outcome.failed and more:
            more -= 1
            yield number, outcome


def _columns(outcome: Outcome, mask: Mask) -> Mapping[str, object]:
    return {
        "became": str(outcome.result),
        "key": storable_text(mask.text(outcome.key), LONGEST),
        "id": outcome.id,
        "version": outcome.version,
    }
