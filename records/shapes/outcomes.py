"""Outcomes: the result of a call for each of its records."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import overload

from records.shapes.problems import Family, Problem


class Result(StrEnum):
    """The six results that a record can have."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    DELETED = "deleted"
    INACTIVATED = "inactivated"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    The result of one record, with its key as text, its id and its version afterwards.

    `id` and `version` are None when it failed before its record was known, and in a dry run when they would be new.
    `by` names the fields by which its record was found, or looked for in vain; (): its key. `numbered`: its key is a
    number that it took, as none was sent. `warnings` are what its caller should know of a record that did not fail.
    """

    result: Result
    key: str = ""
    id: int | None = None
    version: int | None = None
    problems: tuple[Problem, ...] = ()
    by: tuple[str, ...] = field(default=(), compare=False)
    numbered: bool = field(default=False, compare=False)
    warnings: tuple[Problem, ...] = ()

    @property
    def failed(self) -> bool:
        return self.result is Result.FAILED


RESULTS = tuple(Result)


class OutcomeList(Sequence[Outcome]):
    """
    The outcomes of a large call, held in a fifth of the memory: each is made when it is asked for.

    They are set in any order; until it is set, each is nothing that can be asked for.
    """

    def __init__(self, size: int):
        self._results, self._numbered = bytearray(size), bytearray(size)
        self._keys = [""] * size
        # None is 0, which neither an id nor a version is.
        self._ids, self._versions = array("q", bytes(8 * size)), array("q", bytes(8 * size))
        self._whole: dict[int, Outcome] = {}  # what has more to say

    def set(self, number: int, outcome: Outcome) -> None:
        """Set the outcome of a record."""
        if outcome.problems or outcome.warnings or outcome.by:
            self._whole[number] = outcome
            return
        self._whole.pop(number, None)
        self._results[number] = RESULTS.index(outcome.result)
        self._keys[number] = outcome.key
        self._ids[number], self._versions[number] = outcome.id or 0, outcome.version or 0
        self._numbered[number] = outcome.numbered

    def __len__(self) -> int:
        return len(self._keys)

    @overload
    def __getitem__(self, index: int) -> Outcome: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Outcome]: ...
    def __getitem__(self, index: int | slice) -> Outcome | Sequence[Outcome]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        number = range(len(self))[index]
        if number in self._whole:
            return self._whole[number]
        result, id_, version = RESULTS[self._results[number]], self._ids[number], self._versions[number]
        numbered = bool(self._numbered[number])
        return Outcome(result, self._keys[number], id_ or None, version or None, numbered=numbered)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # as Python itself marks what has no hash


ROLLED_BACK = Problem(
    "rolled-back", Family.ROLLED_BACK, "Nothing was kept, because another record of this call failed (all or none)."
)


def failed_outcome(key: str, *problems: Problem, id: int | None = None, version: int | None = None) -> Outcome:
    """Return the outcome of a record that was rejected."""
    return Outcome(Result.FAILED, key, id, version, problems)


NOT_TOLD = "not-told"  # code of the problem that stands in the place of those that are too many


def limit_problems(outcomes: Sequence[Outcome], most: int) -> Sequence[Outcome]:
    """Return the outcomes with at most so many problems in all, and warnings; one more says how many there are."""
    number = sum(len(outcome.problems) + len(outcome.warnings) for outcome in outcomes)
    if number <= most:
        return outcomes
    limited, left = [], most
    for outcome in outcomes:
        # A record has the ones or the others: what has failed warns of nothing.
        problems = limit_list(outcome.problems, left, number - most)
        warnings = limit_list(outcome.warnings, left, number - most)
        is_whole = problems is outcome.problems and warnings is outcome.warnings
        limited.append(outcome if is_whole else replace(outcome, problems=problems, warnings=warnings))
        left = max(left - len(outcome.problems) - len(outcome.warnings), 0)
    return tuple(limited)


def limit_list(problems: tuple[Problem, ...], most: int, further: int) -> tuple[Problem, ...]:
    """Return the first of these problems, and one of their family that says how many further ones there are."""
    if len(problems) <= most:
        return problems
    text = f"And {further:,} more problems in this call." if most else "See the records before it."
    return (*problems[:most], Problem(NOT_TOLD, problems[0].family, text))
