"""
The records of one call on their way through a write: parsed, matched with the stored ones, decided.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any

from records import sql
from records.shapes.fields import Field, Kind, ScalarField
from records.shapes.formatting import lexical, present_value
from records.shapes.matching import MatchRule
from records.shapes.outcomes import Outcome, Result, failed_outcome
from records.shapes.parsing import blank, completer, is_blank, reader, record_reader
from records.shapes.problems import (
    Path,
    Problem,
    ProblemError,
    duplicate_in_call_problem,
    id_not_found_problem,
    keys_disagree_problem,
    missing_problem,
)
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, Value, Values, quote_text
from records.write import statements
from records.write.blocks import CallKeys
from records.write.children import Children, Difference, Rival
from records.write.plan import Plan

BLANK_PARTS = (None, "")  # of a key
OTHERS = 10  # records that a sentence about a key that comes twice names
ID_FIELD = ScalarField("id", Kind.INTEGER)
ID = re.compile("[0-9]{1,18}", re.ASCII)  # more digits would not fit a bigint


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
        self.outcome = Outcome(result, self.key_text, self.id, self.version, by=fields, numbered=self.needs_number)


@lru_cache(maxsize=256)
def _compile(resource: Resource) -> tuple[Callable, Callable]:
    """Return the functions that read and complete a record: built once, they cost more than a record."""
    return record_reader(resource), completer(resource)


def read_values(plan: Plan, values: Values) -> tuple[dict[str, object], list[Problem]]:
    """Type the values of a record, by field; return what is wrong with them as well."""
    read, _ = _compile(plan.resource)
    return read(values)


def parse(
    plan: Plan,
    records: Sequence[Values],
    numbers: Sequence[int],
    *,
    draw: bool = False,
    agree: bool = False,
    keyless: bool = False,
) -> list[DraftState]:
    """
    Type the records. Those that have problems are not rejected yet, but have no key where it could not be read.

    A record that comes with its id in the place of its whole key is given its key (one query for all of them).

    numbers  of the records in the call, from 0
    draw     a key that numbers itself may be absent
    agree    where records are paged by id, one that comes with both must be the one that has this id
    keyless  a record needs no key yet: it is searched
    """
    read, _ = _compile(plan.resource)
    key = plan.resource.key
    both = agree and plan.resource.order == ("id",)
    ids = [_id_for_key(plan, values, both) if "id" in values else None for values in records]
    keys = _keys_by_id(plan, [id_ for id_ in ids if id_ is not None])
    batch = []
    for index, values, id_ in zip(numbers, records, ids, strict=True):
        stored = keys.get(id_) if id_ is not None else None
        id_problem = _find_id_problem(plan, values, id_, stored) if id_ is not None else None
        parsed, problems = read({**values, **stored} if stored else values)
        draft = DraftState(index, parsed, tuple([parsed.get(name, "") for name in key]), sent=values)
        for problem in problems:
            draft.add_unread(plan, problem)
        if id_problem is not None:
            draft.add_problem(id_problem)
        elif not keyless and ("" in draft.key or None in draft.key):
            for problem in find_missing_key(plan, draft, draw=draw):
                draft.add_unread(plan, problem)
        if id_problem is not None or (draft.problems and not has_key(plan, draft)):
            draft.key = ()
        batch.append(draft)
    return batch


def has_key(plan: Plan, draft: DraftState) -> bool:
    """True if every part of the key has a value, or may be blank."""
    return not draft.needs_number and all(
        draft.is_read(column.field) and (column.field in draft.parsed or part.name in draft.parsed)
        for column, part in zip(plan.key, plan.resource.key_fields, strict=True)
    )


def find_missing_key(plan: Plan, draft: DraftState, *, draw: bool) -> list[Problem]:
    """Find the parts that a key lacks; note that it needs a number, and fill in a part that may be blank."""
    problems = []
    for part in plan.resource.key_fields:
        # A part of the key that could not be read is not missing as well: it was sent.
        if draft.parsed.get(part.name) not in (None, "") or not draft.is_read(*plan.storage_path((part.name,))):
            continue
        if draw and part.auto_number:
            draft.needs_number = True
        elif part.auto_number or plan.resource.needs(part):
            problems.append(missing_problem((part.name,)))
        else:
            draft.parsed[part.name] = blank(part)
    return problems


def _id_for_key(plan: Plan, values: Values, both: bool) -> str | None:
    """Return the id of a record that comes with it in the place of its key; None: it comes with its key."""
    id_ = values.get("id")
    if isinstance(id_, str) and (both or not any(name in values for name in plan.resource.key)):
        return lexical(read_or_none(ID_FIELD, id_)) if read_or_none(ID_FIELD, id_) is not None else id_
    return None


def read_or_none(field: Field, value: Value) -> object:
    """Return a value as its field has it, without the field's limits; None: it is no such value."""
    plain = ScalarField(field.name, field.kind, multiline=field.multiline) if isinstance(field, ScalarField) else field
    try:
        return reader(plain)(value)
    except ProblemError:
        return None


def _keys_by_id(plan: Plan, ids: Sequence[str]) -> dict[str, Values]:
    known = [id_ for id_ in ids if ID.fullmatch(id_)]
    if not known:
        return {}
    rows = sql.rows(statements.select_keys(plan.table, plan.key), [known])
    return {
        str(id_): {
            name: present_value(column.decode(value))
            for name, column, value in zip(plan.resource.key, plan.key, values, strict=True)
        }
        for id_, *values in rows
    }


def _find_id_problem(plan: Plan, values: Values, id_: str, stored: Values | None) -> Problem | None:
    """Find an id that is not stored, or that goes with another key than the one sent; `stored` is its key."""
    if stored is None:
        return id_not_found_problem(plan.resource, quote_text(id_))
    for name in plan.resource.key:
        sent = values.get(name, stored[name])
        if is_blank(sent) and stored[name] is EMPTY:
            continue
        if read_or_none(plan.resource.by_name[name], sent) != read_or_none(plan.resource.by_name[name], stored[name]):
            subject = f"The {plan.resource.label.lower()} with id {id_}"
            sent_text = quote_text(sent) if isinstance(sent, str) else "nothing"
            return keys_disagree_problem(subject, name, quote_text(stored[name]), sent_text)
    return None


def assign_keys(plan: Plan, batch: Sequence[DraftState], keys: CallKeys) -> None:
    """Give the records that were resolved their keys; those that share one are rejected, each naming the others."""
    names = [column.field for column in plan.key]
    for draft in batch:
        if draft.outcome is None and not draft.needs_number and draft.key:
            is_read = not draft.unread or all(draft.is_read(name) for name in names)
            draft.key = tuple(map(draft.parsed.__getitem__, names)) if is_read else ()
    reject_duplicates(plan, batch, keys)


def complete_record(plan: Plan, parsed: Mapping[str, object]) -> tuple[dict[str, object], list[Problem]]:
    """Fill in the defaults of what was not sent; return the record and a problem for each required field missing."""
    _, complete = _compile(plan.resource)
    record = dict(parsed)
    record.pop("version", None)
    return record, complete(record)


def reject_duplicates(plan: Plan, batch: Sequence[DraftState], keys: CallKeys) -> None:
    """Reject records that share a key with others of the call, each naming these."""
    needed = [
        place for place, part in enumerate(plan.resource.key_fields) if part.auto_number or plan.resource.needs(part)
    ]
    by_key: dict[tuple, list[DraftState]] = {}
    for draft in batch:
        key = draft.key
        if key and not draft.needs_number and not any(key[place] in BLANK_PARTS for place in needed):
            by_key.setdefault(key, []).append(draft)
    # Neither wins: which of them the caller meant, nobody knows.
    for key, drafts in by_key.items():
        for draft in drafts:
            keys.add(key, draft.index)
        elsewhere = keys.find_elsewhere(key)
        if len(drafts) == 1 and not elsewhere:
            continue
        sharing = sorted([*(draft.index for draft in drafts), *elsewhere])
        for draft in drafts:
            others = _name_others(draft.index, sharing)
            draft.reject(duplicate_in_call_problem(draft.key_text, others, plan.resource.key[0]))


def _name_others(index: int, sharing: Sequence[int]) -> str:
    """Return the numbers of the records that share a key with this one: the first of them, and how many there are."""
    first = [str(other + 1) for other in sharing[: OTHERS + 1] if other != index][:OTHERS]
    further = len(sharing) - 1 - len(first)
    return ", ".join(first) + (f" and {further:,} more" if further else "")
