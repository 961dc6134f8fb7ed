"""Outcomes: the result of a call for each of its records."""

from dataclasses import dataclass, field
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
