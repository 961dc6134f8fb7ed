"""
Step two of the write, first half: the records that fields name, found and held, once per batch and way of naming.

A name becomes a Ref under the name of its relation: `{"customer": "ACME"}` becomes `{"customer": Ref(7, "ACME")}`.
Several fields may name one relation; those that are sent must agree.
"""

from collections.abc import Iterator, Sequence
from functools import cache

from records import sql
from records.shapes.fields import Field, Kind
from records.shapes.problems import Family, Path, Problem
from records.shapes.references import Ref
from records.shapes.values import quoted
from records.sql import name
from records.write.batch import Draft
from records.write.columns import Target
from records.write.plan import Plan

Parsed = dict[str, object]


def resolve(plan: Plan, batch: Sequence[Draft]) -> None:
    """Replace names by what they name, in place; a record with a name that leads nowhere, or to two, fails."""
    waiting = [pending for pending in batch if pending.outcome is None]
    for field, target in plan.references:
        _resolve(field, target, ((pending, pending.parsed, ()) for pending in waiting))
    for table in plan.children:
        for field, target in table.references:
            _resolve(field, target, ((p, row, path) for p in waiting for row, path in _rows(p, table.rows)))


def _rows(pending: Draft, rows: Field) -> Iterator[tuple[Parsed, Path]]:
    for number, row in enumerate(pending.parsed.get(rows.name, ())):
        yield row, (rows.name, number)


def _resolve(field: Field, target: Target, places: Iterator[tuple[Draft, Parsed, Path]]) -> None:
    named = [(pending, parsed, path) for pending, parsed, path in places if field.name in parsed]
    for _, parsed, _ in named:
        if parsed[field.name] in (None, ""):
            parsed[field.name] = None
    names = {parsed[field.name] for _, parsed, _ in named if parsed[field.name] is not None}
    found = find(field, target, names) if names else {}
    for pending, parsed, path in named:
        refs = found.get(parsed[field.name], set())
        if parsed[field.name] is not None and len(refs) != 1:
            _add(pending, _unresolved(field, parsed[field.name], path, refs))
        else:
            ref = next(iter(refs), None)
            _agree(pending, field, parsed, path, ref)


def _agree(pending: Draft, field: Field, parsed: Parsed, path: Path, ref: Ref | None) -> None:
    relation = field.stored_as
    other = parsed.get(relation)
    if relation != field.name:
        del parsed[field.name]
    if relation != field.name and isinstance(other, Ref) and ref is not None and other != ref:
        text = f"{{field}} names {ref}, but another field of the same record names {other}; they must agree."
        _add(pending, Problem("contradiction", Family.INVALID, text, (*path, field.name)))
    elif ref is not None or relation == field.name or relation not in parsed:
        parsed[relation] = ref


def _add(pending: Draft, problem: Problem) -> None:
    pending.fail(*(pending.outcome.problems if pending.outcome else ()), problem)


def _unresolved(field: Field, text: object, path: Path, refs: set[Ref]) -> Problem:
    label = field.reference.label
    if refs:
        sentence = f"{{field}} {quoted(text)} names more than one {label}."
        return Problem("ambiguous", Family.AMBIGUOUS, sentence, (*path, field.name))
    sentence = f"{{field}} names no {label}: {quoted(text)} is not known."
    return Problem("unresolved", Family.UNRESOLVED, sentence, (*path, field.name))


def find(field: Field, target: Target, names: set) -> dict[object, set[Ref]]:
    """The records that go by these names, held against removal until the end of the transaction."""
    by = field.reference.by
    found: dict[object, set[Ref]] = {}
    statement = _select(target, by, field.kind is Kind.INTEGER)
    for id_, text, active, *held in sql.rows(statement, [list(names)] * len(by)):
        for one in held:
            if one in names:
                found.setdefault(one, set()).add(Ref(id_, text, active))
    return found


@cache
def _select(target: Target, by: tuple[str, ...], by_number: bool) -> str:
    kind = "bigint" if by_number else "text"
    held = ", ".join(name(column) for column in by)
    conditions = " OR ".join(f"{name(column)} = ANY(%s::{kind}[])" for column in by)
    return (
        f"SELECT id, {name(target.shown)}, {target.active}, {held} FROM {name(target.table)} "
        f"WHERE {conditions} ORDER BY id FOR KEY SHARE"
    )
