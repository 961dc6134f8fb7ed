"""
One record of a call on its way through a write: what was sent, what is stored, what it shall be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from records.shapes.formatting import lexical
from records.shapes.matching import MatchRule
from records.shapes.outcomes import Outcome, Result, failed_outcome
from records.shapes.problems import Path, Problem
from records.shapes.values import Values
from records.write.children import Children, Difference, Rival
from records.write.plan import Plan

BLANK_PARTS = (None, "")  # of a key


class Write(StrEnum):
    """The relation of a sent record to a stored one: it must be new, must be known, or may be either."""

    ADD = "add"
    UPDATE = "update"
    PUT = "put"


@dataclass(frozen=True, slots=True)
class Lookup:
    """
    One record looked up by one match rule: the values that a stored record must have in these fields.

    values  typed as they are stored, a custom one as its text; None: it cannot be typed, and no record has it
    texts   as they were sent
    """

    rule: MatchRule
    fields: tuple[str, ...]
    values: tuple[object, ...]
    texts: tuple[str, ...]

    @property
    def condition(self) -> tuple[tuple[str, ...], tuple[str, ...], tuple[object, ...]]:
        """The condition that a stored record must meet: fields, those that are blank, the values of the former."""
        return self.fields, self.rule.blank, self.values

    @property
    def is_possible(self) -> bool:
        """True if a stored record can match it."""
        return bool(self.values) and None not in self.values

    @property
    def has_text(self) -> bool:
        """True if one of the values is a text."""
        return any(isinstance(value, str) for value in self.values)


@dataclass(slots=True)
class IfNew:
    """
    The values that a record has besides, typed, by field, if it turns out to be new; and what is wrong with them.

    replaced  what was sent under the names of those that it has by now; None: nothing
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    problems: Sequence[Problem] = ()
    replaced: dict[str, Any] = field(default_factory=dict)

    def add_to(self, parsed: dict[str, Any]) -> Sequence[Problem]:
        """Add the values that were not sent, and the entries of maps; return what is wrong with them."""
        for name, value in self.values.items():
            sent = parsed.get(name)
            if sent in BLANK_PARTS or isinstance(sent, dict):
                self.replaced[name] = sent
                parsed[name] = {**value, **sent} if isinstance(sent, dict) else value
        return self.problems

    def withdraw(self, parsed: dict[str, Any]) -> None:
        """Take them back: it is to be found out anew if the record is new."""
        for name, sent in self.replaced.items():
            parsed.pop(name, None)
            if sent is not None:
                parsed[name] = sent
        self.replaced = {}


@dataclass(eq=False, slots=True)
class DraftState:
    """
    One record on its way through a write, as the engine has it; rules see it as `records.rules.Draft`.

    index         its number in the call, from 0
    parsed        what was sent, typed, by field
    key           its key, typed, in the order of the resource's key
    stored        the columns that are stored, by field; None: it is new
    sent          what was sent, as it came
    columns       the columns that it shall have, by field; after `diff`, those that change
    targets       by child table that was touched, the children that it shall have
    children      by child table, what has to be written; filled by `diff`
    problems      all that is wrong with it, each once, in the order in which it was found; it goes on as far as it can
                  be judged, so that all is told at once
    warnings      what its caller should know of it, should it not fail
    unread        the paths of what the problems have left without a value: `("customer",)`, `("rows", 2, "part")`
    rivals        what other fields name of relations that are named already, by the path of their record or row
    outcome       its result once that is known; None: it goes on
    needs_number  it is new and takes the next number for its key
    lookups       by its match rules; (): it is found by its key
    matched_by    the lookup by which its stored record was found; None: by none
    if_new        what it has besides if it is new
    """

    index: int
    parsed: dict[str, Any]
    key: tuple = ()
    id: int | None = None
    version: int = 0
    stored: dict[str, Any] | None = None
    stored_children: dict[str, Children] = field(default_factory=dict)
    columns: dict[str, Any] = field(default_factory=dict)
    targets: dict[str, Children] = field(default_factory=dict)
    children: dict[str, Difference] = field(default_factory=dict)
    sent: Values = field(default_factory=dict)
    problems: dict[Problem, None] = field(default_factory=dict)
    warnings: dict[Problem, None] = field(default_factory=dict)
    unread: set[Path] = field(default_factory=set)
    rivals: dict[Path, list[Rival]] = field(default_factory=dict)
    outcome: Outcome | None = None
    needs_number: bool = False
    lookups: tuple[Lookup, ...] = ()
    matched_by: Lookup | None = None
    if_new: IfNew = field(default_factory=IfNew)

    @property
    def key_text(self) -> str:
        if len(self.key) == 1 and self.key[0].__class__ is str:  # most are, and each record has one
            return self.key[0]
        return " / ".join(lexical(part) for part in self.key if part not in (None, ""))

    @property
    def match_fields(self) -> tuple[str, ...]:
        """The fields by which its stored record was found; those of all lookups when it was not."""
        lookups = (self.matched_by,) if self.matched_by else self.lookups
        return tuple(dict.fromkeys(name for lookup in lookups for name in lookup.fields))

    def add_problem(self, problem: Problem) -> None:
        """Add a problem, for which the record will be rejected once all is found."""
        self.problems[problem] = None

    def add_unread(self, plan: Plan, problem: Problem) -> None:
        """Add a problem that leaves its field without a value: nothing is judged by that from here on."""
        self.add_problem(problem)
        self.unread.add(plan.storage_path(problem.path))

    def is_read(self, *path: str | int) -> bool:
        """True if nothing is wrong with the value of a column, of a relation, or of a column of a row."""
        return path not in self.unread

    @property
    def can_be_found(self) -> bool:
        """True if its stored record can be looked for."""
        return bool(self.key or self.lookups)

    def reject(self, *problems: Problem) -> None:
        """End with these problems and those that it has; without any, the record goes on."""
        for problem in problems:
            self.add_problem(problem)
        if self.problems:
            # A number that it took is told to nobody: nothing will ever have it.
            key = "" if self.needs_number else self.key_text
            self.outcome = failed_outcome(key, *self.problems, id=self.id, version=self.version or None)

    def succeed(self, result: Result) -> None:
        fields = self.match_fields if self.lookups else ()
        self.outcome = Outcome(
            result, self.key_text, self.id, self.version, by=fields, numbered=self.needs_number,
            warnings=tuple(self.warnings),
        )  # fmt: skip
