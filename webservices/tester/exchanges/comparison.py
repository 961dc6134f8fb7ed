"""
Two exchanges side by side: the result of each record in both, and the differences in meaning of their answers.

The recorded bodies are compared, in which secrets are masked.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webservices.exchanges.store import body_text
from webservices.models import Exchange
from webservices.tester.send.compare import (
    Difference,
    Tree,
    build_tree,
    canonical_text,
    differences,
    first_index,
    normalize,
)

Outcome = Mapping[str, Any]  # as an exchange stores it, in JSON


@dataclass(frozen=True)
class RecordComparison:
    """One record in both calls: its result and its first problem; blank where it was not sent."""

    key: str
    before: str
    after: str
    problem_before: str
    problem_after: str

    @property
    def differs(self) -> bool:
        return (self.before, self.problem_before) != (self.after, self.problem_after)


@dataclass(frozen=True)
class Comparison:
    """
    Two exchanges.

    same_version   both were sent in the same dialect: else their answers differ by nature
    before, after  both answers as normalized text
    """

    same_version: bool
    records: Sequence[RecordComparison]
    differences: Sequence[Difference]
    before: str
    after: str


def compare_exchanges(earlier: Exchange, later: Exchange, ignored: Sequence[str] = ()) -> Comparison:
    """Compare two exchanges, leaving out the paths that are ignored."""
    trees = (_tree(earlier), _tree(later))
    before, after = (canonical_text(normalize(tree, ignored)) for tree in trees)
    return Comparison(
        same_version=earlier.dialect == later.dialect,
        records=list(_records(earlier.outcomes, later.outcomes)),
        differences=differences(*trees, ignored, first=first_index(later.response_type)),
        before=before,
        after=after,
    )


def _tree(exchange: Exchange) -> Tree:
    return build_tree(body_text(exchange.response_body), exchange.response_type, exchange.call_id)


def _records(earlier: Sequence[Outcome], later: Sequence[Outcome]) -> Iterator[RecordComparison]:
    """The records of both, paired by their keys; records that have the same key, or none, by their order."""
    rest = list(later)
    for one in earlier:
        other = next((each for each in rest if each["key"] == one["key"]), None)
        if other is not None:
            rest.remove(other)
        yield RecordComparison(str(one["key"]), *_outcome_pair(one, other))
    for other in rest:
        yield RecordComparison(str(other["key"]), *_outcome_pair(None, other))


def _outcome_pair(one: Outcome | None, other: Outcome | None) -> tuple[str, str, str, str]:
    return _result(one), _result(other), _problem(one), _problem(other)


def _result(outcome: Outcome | None) -> str:
    return str(outcome["became"]) if outcome else ""


def _problem(outcome: Outcome | None) -> str:
    problems = outcome.get("problems") if outcome else None
    return str(problems[0].get("says") or problems[0]["code"]) if problems else ""
