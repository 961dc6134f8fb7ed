"""
What is wrong with a record or with a whole call.

A problem's sentence names its field as `{field}`; each dialect fills in its own spelling of the path.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

Path = tuple[str | int, ...]


class Family(StrEnum):
    """The kinds of problem that every dialect maps to its own codes (check webservices.E003)."""

    # of a record
    MISSING = "missing"
    INVALID = "invalid"
    DUPLICATE = "duplicate"
    NOT_FOUND = "not-found"
    AMBIGUOUS = "ambiguous"
    UNRESOLVED = "unresolved"
    IN_USE = "in-use"
    FILTERED = "filtered"
    LOCKED = "locked"
    CONFLICT = "conflict"
    ROLLED_BACK = "rolled-back"
    INTERNAL = "internal"
    # of a whole call
    MALFORMED = "malformed"
    UNKNOWN_OPERATION = "unknown-operation"
    TOO_LARGE = "too-large"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class Problem:
    """
    One problem: a stable code, its family, a sentence fit for the caller and the path of the field it is about.

    The sentence may name a second field as `{other}`: the nearest known one, the one that it contradicts.
    """

    code: str
    family: Family
    text: str
    path: Path = ()
    other: Path = ()

    def sentence(self, spell: Callable[[Path], str] | None = None) -> str:
        """The sentence with the field's path spelled; without `spell`, joined by dots."""
        spell = spell or dotted
        return self.text.replace("{field}", spell(self.path)).replace("{other}", spell(self.other))

    def under(self, *prefix: str | int) -> "Problem":
        """The same problem seen from outside: its path begins with `prefix`."""
        other = (*prefix, *self.other) if self.other else ()
        return replace(self, path=(*prefix, *self.path), other=other)


def dotted(path: Path) -> str:
    """`("price", "USD")` is `price.USD`: the hub's own spelling."""
    return ".".join(map(str, path))


class ProblemError(Exception):
    """A record, or a whole call, is refused for the problem it carries."""

    def __init__(self, problem: Problem):
        super().__init__(problem.sentence())
        self.problem = problem


def invalid(text: str, *, code: str = "invalid", path: Path = ()) -> Problem:
    """A problem of the family invalid."""
    return Problem(code, Family.INVALID, text, path)


def missing(path: Path) -> Problem:
    """A required field that has no value."""
    return Problem("missing", Family.MISSING, "{field} is required.", path)
