"""
Problems: what is wrong with a record or with a whole call.

A problem's sentence names its field as `{field}`; each dialect fills in its own spelling of the path.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # resources are built of fields, which are built of problems
    from records.shapes.resources import Resource

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

    The sentence may name a second field as `{other}`: the one that it contradicts. `hint` is a name on the caller's
    wire that may have been meant.
    """

    code: str
    family: Family
    text: str
    path: Path = ()
    other: Path = ()
    hint: str = ""

    def sentence(self, spell: Callable[[Path], str] | None = None) -> str:
        """Return the sentence with the field's path spelled; without `spell`, joined by dots."""
        spell = spell or format_path
        text = self.text.replace("{field}", spell(self.path)).replace("{other}", spell(self.other))
        return f"{text} Did you mean {self.hint}?" if self.hint else text

    def under(self, *prefix: str | int) -> "Problem":
        """Return the same problem as the record around it has it: its path begins with `prefix`."""
        other = (*prefix, *self.other) if self.other else ()
        return replace(self, path=(*prefix, *self.path), other=other)


CONTENDED = Problem("contended", Family.BUSY, "Others are changing the same records; try again.")


def format_path(path: Path) -> str:
    """Return a path in the hub's own spelling: `("price", "USD")` is `price.USD`."""
    return ".".join(map(str, path))


class CounterpartError(Exception):
    """
    Base of all errors that a caller is told of: each carries the problem that says so.

    retry_after  seconds, when coming back helps
    """

    retry_after: int | None = None

    def __init__(self, problem: Problem):
        super().__init__(problem.sentence())
        self.problem = problem


# The layers above have errors of their own beside this one, not below it: a dialect that catches what a value raised
# would otherwise catch a RequestError too, and lose the context that its answer needs.
class ProblemError(CounterpartError):
    """
    A record, or a whole call, is rejected for the problem that it carries, and for the others that a value may have.

    remainder  what could be read of a value in spite of them; None: nothing
    """

    def __init__(self, problem: Problem, *others: Problem, remainder: object = None):
        super().__init__(problem)
        self.problems = (problem, *others)
        self.remainder = remainder


def malformed_error(code: str, sentence: str) -> ProblemError:
    """Return the error that rejects a whole call, whose address or body cannot be read."""
    return ProblemError(Problem(code, Family.MALFORMED, sentence))


def invalid_problem(text: str, *, code: str = "invalid", path: Path = ()) -> Problem:
    """Return a problem of the family invalid."""
    return Problem(code, Family.INVALID, text, path)


def missing_problem(path: Path) -> Problem:
    """Return the problem of a required field that has no value."""
    return Problem("missing", Family.MISSING, "{field} is required.", path)


def unknown_code_problem(table: str, code: str, path: Path) -> Problem:
    """Return the problem of a code that the table, by its plural name, does not have or has switched off."""
    text = (
        f"{{field}}: {code} is none of the active {table} of this site; an admin can add it or switch it on in the "
        f"admin site, under {table.capitalize()}."
    )
    return Problem("unknown-code", Family.INVALID, text, path)


def already_exists_problem(resource: "Resource", key: str, field: str) -> Problem:
    """Return the problem of a new record whose key, as text, is taken; `field` is the field of the key to name."""
    return Problem("already-exists", Family.DUPLICATE, f"{resource.label} {key} exists already.", (field,))


def taken_problem(resource: "Resource", key: str, text: str, path: Path) -> Problem:
    """Return the problem of a new record with a value, quoted, that the stored one of this key has."""
    return Problem("taken", Family.DUPLICATE, f"{resource.label} {key} has {{field}} {text} already.", path)


def not_found_problem(resource: "Resource", key: str, field: str) -> Problem:
    """Return the problem of a key, as text, that no stored record has."""
    named = f"with {{field}} {key}" if len(resource.key) == 1 else key
    return Problem("not-found", Family.NOT_FOUND, f"There is no {resource.label.lower()} {named}.", (field,))


def id_not_found_problem(resource: "Resource", id_: str) -> Problem:
    """Return the problem of an id, quoted, that no stored record has."""
    text = f"There is no {resource.label.lower()} with {{field}} {id_}."
    return Problem("not-found", Family.NOT_FOUND, text, ("id",))


def keys_disagree_problem(subject: str, field: str, stored: str, sent: str) -> Problem:
    """
    Return the problem of two fields of one record that find two stored ones.

    `subject` is the one that was found; the values are quoted.
    """
    text = f"{subject} has {{field}} {stored}, not {sent}; they must agree."
    return Problem("keys-disagree", Family.INVALID, text, (field,))


def duplicate_in_call_problem(key: str, others: str, field: str) -> Problem:
    """Return the problem of a key, as text, shared by records of one call; `others` are the numbers of the others."""
    text = f"{{field}} {key} comes more than once in this call (also as record {others})."
    return Problem("duplicate-in-call", Family.DUPLICATE, text, (field,))


def version_conflict_problem(text: str) -> Problem:
    """Return the problem of a version that was demanded and cannot be had."""
    return Problem("version-conflict", Family.CONFLICT, text, ("version",))


def in_use_problem(resource: "Resource", key: str) -> Problem:
    """Return the problem of a record that others refer to, of a kind that cannot be inactive."""
    return Problem("in-use", Family.IN_USE, f"{resource.label} {key} is in use and cannot be removed.")


def change_locked_problem(resource: "Resource", key: str) -> Problem:
    """Return the problem of a record that the scope of the call locks."""
    return Problem("locked", Family.LOCKED, f"{resource.label} {key} may not be changed in its present state.")


def removal_locked_problem() -> Problem:
    """Return the problem of a record that the scope of the call locks against removal."""
    return Problem("locked", Family.LOCKED, "It may not be removed in its present state.")


def read_only_problem(field: str) -> Problem:
    """Return the problem of a field that the scope of the call makes read-only."""
    text = "{field} may not be changed by this call; leave it out, or send what it holds."
    # The code is on the wire and in stored exchanges, so it keeps this word.
    return Problem("kept", Family.LOCKED, text, (field,))


def outside_scope_problem(resource: "Resource", key: str) -> Problem:
    """Return the problem of a stored record outside the scope, whose caller may know that it is there."""
    text = f"{resource.label} {key} is outside of what this call may see and write."
    return Problem("filtered", Family.FILTERED, text)


def leaves_scope_problem(resource: "Resource", key: str) -> Problem:
    """Return the problem of a record that would be outside the scope once it is written."""
    return Problem("filtered", Family.FILTERED, f"{resource.label} {key} would be outside of what this call may write.")


def too_many_matches_problem(resource: "Resource", most: int) -> Problem:
    """Return the problem of criteria that match more records than a call may be about."""
    text = f"More than {most:,} {resource.label_plural.lower()} match; narrow the call down."
    return Problem("too-many-records", Family.TOO_LARGE, text)


def read_only_field_problem(path: Path, stored: str) -> Problem:
    """Return the problem of a field that is only read and comes back changed; `stored` is what it holds, quoted."""
    holds = f"holds {stored}" if stored else "has no value"
    return invalid_problem(
        f"{{field}} is read only and {holds}; leave it out, or send it as it is.", code="read-only-field", path=path
    )


def unresolved_problem(label: str, name: str, path: Path) -> Problem:
    """Return the problem of a name, quoted, that no record of the kind `label` has."""
    return Problem("unresolved", Family.UNRESOLVED, f"{{field}} names no {label}: {name} is not known.", path)


def unresolved_within_problem(label: str, name: str, owner: str, path: Path) -> Problem:
    """Return the problem of a name, quoted, that no record of the kind `label` has at another, its owner."""
    text = f"{{field}} names no {label} of {owner}: {name} is not known there."
    return Problem("unresolved", Family.UNRESOLVED, text, path)


def ambiguous_problem(label: str, name: str, path: Path) -> Problem:
    """Return the problem of a name, quoted, that several records of the kind `label` have."""
    return Problem("ambiguous", Family.AMBIGUOUS, f"{{field}} {name} names more than one {label}.", path)
