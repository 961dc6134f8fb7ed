"""Outcomes: the result of a call for each of its records."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

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
    `by` names the fields by which its record was found, or looked for in vain; (): its key.
    """

    result: Result
    key: str = ""
    id: int | None = None
    version: int | None = None
    problems: tuple[Problem, ...] = ()
    by: tuple[str, ...] = field(default=(), compare=False)

    @property
    def failed(self) -> bool:
        return self.result is Result.FAILED


ROLLED_BACK = Problem(
    "rolled-back", Family.ROLLED_BACK, "Nothing was kept, because another record of this call failed (all or none)."
)


def failed_outcome(key: str, *problems: Problem, id: int | None = None, version: int | None = None) -> Outcome:
    """Return the outcome of a record that was rejected."""
    return Outcome(Result.FAILED, key, id, version, problems)


NOT_TOLD = "not-told"  # code of the problem that stands in the place of those that are too many


def limit_problems(outcomes: tuple[Outcome, ...], most: int) -> tuple[Outcome, ...]:
    """Return the outcomes with at most so many problems in all; one beside them says how many there are."""
    number = sum(len(outcome.problems) for outcome in outcomes)
    if number <= most:
        return outcomes
    limited, left = [], most
    for outcome in outcomes:
        problems = limit_list(outcome.problems, left, number - most)
        limited.append(outcome if problems is outcome.problems else replace(outcome, problems=problems))
        left = max(left - len(outcome.problems), 0)
    return tuple(limited)


def limit_list(problems: tuple[Problem, ...], most: int, further: int) -> tuple[Problem, ...]:
    """Return the first of these problems, and one of their family that says how many further ones there are."""
    if len(problems) <= most:
        return problems
    text = f"And {further:,} more problems in this call." if most else "See the records before it."
    return (*problems[:most], Problem(NOT_TOLD, problems[0].family, text))
