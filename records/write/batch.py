"""
The records of one call as drafts: parsed, with the key that each has or lacks.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from records import sql
from records.shapes.fields import Field, Kind, ScalarField
from records.shapes.formatting import lexical, present_value
from records.shapes.parsing import blank, completer, is_blank, reader, record_reader
from records.shapes.problems import (
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
from records.write.drafts import BLANK_PARTS, DraftState
from records.write.plan import Plan

OTHERS = 10  # records that a sentence about a key that comes twice names
ID_FIELD = ScalarField("id", Kind.INTEGER)
ID = re.compile("[0-9]{1,18}", re.ASCII)  # more digits would not fit a bigint


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
