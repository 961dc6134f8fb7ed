"""
Step two of the write, first half: the records that fields name, found and locked, once per batch and field.

A name becomes a Ref under the name of its relation: `{"customer": "ACME"}` becomes `{"customer": Ref(7, "ACME")}`.
Several fields may name one relation; those that are sent must agree, or one of them comes back as it is stored.

Criteria that name a record by another column than the one it is shown by (`country = US`), or by its id where they may,
are rewritten before anything is compared, so that SQL and memory find the same records.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from records import sql
from records.shapes.criteria import Comparator, Condition
from records.shapes.fields import Kind, ScalarField
from records.shapes.problems import Path, ambiguous_problem, unresolved_problem, unresolved_within_problem
from records.shapes.references import Ref, Reference
from records.shapes.values import quote_text
from records.sql import quote_name
from records.write.children import Rival
from records.write.columns import Column, Target
from records.write.created_names import NameCreator
from records.write.drafts import DraftState
from records.write.plan import Plan

Parsed = dict[str, Any]
Place = tuple[DraftState, Parsed, Path]  # of the names of a record or of one of its rows


def resolve(plan: Plan, batch: Sequence[DraftState], creator: NameCreator | None = None) -> None:
    """
    Replace names by Refs, in place; a name of no record, or of several, is a problem of its record.

    creator  creates what the records' own fields name, as far as the site allows it; None: nothing is created
    """
    waiting = [draft for draft in batch if draft.outcome is None]
    places: list[Place] = [(draft, draft.parsed, ()) for draft in waiting]
    for field, target in plan.references:
        _resolve(plan, field, target, places, creator)
    for table in plan.children:
        if table.rows is not None and table.references:
            name = table.rows.name
            places = [
                (draft, row, (name, number))
                for draft in waiting
                for number, row in enumerate(draft.parsed.get(name, ()))
            ]
            for field, target in table.references:
                _resolve(plan, field, target, places)


def _resolve(
    plan: Plan, field: ScalarField, target: Target, places: Sequence[Place], creator: NameCreator | None = None
) -> None:
    name = field.name
    sent = [place for place in places if name in place[1]]
    if not sent:
        return
    for _, parsed, _ in sent:
        if parsed[name] == "":
            parsed[name] = None
    names = {parsed[name] for _, parsed, _ in sent}
    names.discard(None)
    found = find_references(field, target, names) if names else {}
    if creator is not None and (unknown := names - found.keys()):
        found |= _create(field, target, unknown, creator)
    # A name that one record has, as most do, is looked up once.
    single = {text: ref for text, refs in found.items() if len(refs) == 1 for ref in refs}
    for draft, parsed, path in sent:
        text = parsed[name]
        if text is None:
            _set_ref(draft, field, parsed, path, None)
        elif text in single:
            _set_ref(draft, field, parsed, path, single[text])
        else:
            problem = ambiguous_problem if found.get(text) else unresolved_problem
            words = quote_text(parsed.pop(name))
            draft.add_unread(plan, problem(_reference(field).label, words, (*path, name)))


def _create(field: ScalarField, target: Target, names: set, creator: NameCreator) -> dict[object, set[Ref]]:
    """Create the records that go by these names; return those that there are now."""
    if not creator.is_allowed(field):
        return {}
    found: dict[object, set[Ref]] = {ref.text: {ref} for ref in creator.create(field, target, names)}
    # Another call has created the rest since they were looked for: the insert has waited for its end.
    return found | find_references(field, target, rest) if (rest := names - found.keys()) else found


def resolve_within(plan: Plan, batch: Sequence[DraftState]) -> None:
    """
    Replace names that are unique only within another record by Refs, in place (one query for each such field).

    What is stored has been read by now: a record that comes without its owner has the one that is stored.
    """
    for field, target in plan.inner_references:
        sent = [draft for draft in batch if draft.outcome is None and field.name in draft.parsed]
        owners = {draft.index: _owner(draft, _reference(field).within) for draft in sent}
        names = ((draft.parsed[field.name], owners[draft.index]) for draft in sent)
        keys = {(name, owner.id) for name, owner in names if name and owner is not None}
        found = _find_within(field, target, keys) if keys else {}
        for draft in sent:
            _set_inner_ref(plan, draft, field, owners[draft.index], found)


def _owner(draft: DraftState, relation: str) -> Ref | None:
    """Return the record within which a name is looked up; None: it is not known."""
    if not draft.is_read(relation):
        return None
    return draft.parsed.get(relation, (draft.stored or {}).get(relation))


def _set_inner_ref(
    plan: Plan, draft: DraftState, field: ScalarField, owner: Ref | None, found: Mapping[tuple[str, int], Ref]
) -> None:
    name = draft.parsed[field.name]
    ref = found.get((name, owner.id)) if owner is not None else None
    if name in (None, "") or ref is not None:
        _set_ref(draft, field, draft.parsed, (), ref)
        return
    del draft.parsed[field.name]
    if owner is None:  # which is told already
        draft.unread.add(plan.storage_path((field.name,)))
        return
    reference = _reference(field)
    owner_name = f"{plan.resource.by_name[reference.within].label} {owner}"
    draft.add_unread(plan, unresolved_within_problem(reference.label, quote_text(name), owner_name, (field.name,)))


def _find_within(field: ScalarField, target: Target, keys: set[tuple[str, int]]) -> dict[tuple[str, int], Ref]:
    """Return the records that have these names within these owners, locked as by `find_references`."""
    names, owners = zip(*sorted(keys), strict=True)
    rows = sql.rows(_select_within(target, _reference(field).by[0]), [list(names), list(owners)])
    return {(name, owner): Ref(id_, text, active) for id_, text, active, name, owner in rows}


@cache
def _select_within(target: Target, by: str) -> str:
    name, owner = quote_name(by), quote_name(target.within)
    columns = f"id, {quote_name(target.name_column)}, {target.active}, {name}, {owner}"
    return (
        f"SELECT {columns} FROM {quote_name(target.table)} "
        f"WHERE ({name}, {owner}) IN (SELECT * FROM unnest(%s::text[], %s::bigint[])) ORDER BY id FOR KEY SHARE"
    )


def _reference(field: ScalarField) -> Reference:
    if field.reference is None:
        raise TypeError(f"{field.name} names no other record.")
    return field.reference


def _set_ref(draft: DraftState, field: ScalarField, parsed: Parsed, path: Path, ref: Ref | None) -> None:
    """Put the Ref under the name of its relation; what another field names there is weighed beside what is stored."""
    relation = field.stored_as
    other = parsed.get(relation)
    if relation != field.name:
        del parsed[field.name]
    if relation != field.name and isinstance(other, Ref) and ref is not None and other != ref:
        draft.rivals.setdefault(path, []).append(Rival(field, ref))
    # A blank beside a field that names the relation says nothing; alone it clears the relation.
    elif ref is not None or relation == field.name or relation not in parsed:
        parsed[relation] = ref


def find_references(field: ScalarField, target: Target, names: set) -> dict[object, set[Ref]]:
    """Return the records that go by these names, locked against removal until the end of the transaction."""
    by = _reference(field).by
    refs: dict[object, set[Ref]] = {}
    statement = _select(target, by, field.kind is Kind.INTEGER)
    for id_, text, active, *values in sql.rows(statement, [list(names)] * len(by)):
        # One query for all columns: which of them holds the name is seen only here.
        for value in values:
            if value in names:
                refs.setdefault(value, set()).add(Ref(id_, text, active))
    return refs


@cache
def _select(target: Target, by: tuple[str, ...], is_number: bool) -> str:
    kind = "bigint" if is_number else "text"
    columns = ", ".join(quote_name(column) for column in by)
    conditions = " OR ".join(f"{quote_name(column)} = ANY(%s::{kind}[])" for column in by)
    # KEY SHARE: many calls may name a record at once, and none waits for one that changes it; only a removal does.
    return (
        f"SELECT id, {quote_name(target.name_column)}, {target.active}, {columns} FROM {quote_name(target.table)} "
        f"WHERE {conditions} ORDER BY id FOR KEY SHARE"
    )


ID = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)  # as it is written, and no more than the column holds
BY_NAME = (Comparator.EQUAL, Comparator.NOT_EQUAL, Comparator.IN)


def replace_other_names(plan: Plan, conditions: Sequence[Condition]) -> list[Condition]:
    """Rewrite the conditions to the names by which records are shown; one query for each that may hold another."""
    return [_replace_operands(plan.table, plan.columns, plan, each) for each in conditions]


def _replace_operands(table: str, columns: Mapping[str, Column], plan: Plan, condition: Condition) -> Condition:
    if condition.others:
        condition = replace(condition, others=tuple(replace_other_names(plan, condition.others)))
    if condition.rows:
        child = plan.child_table(condition.field)
        inner = {column.field: column for column in (*child.key, *child.values)}
        rows = (_replace_operands(child.table, inner, plan, each) for each in condition.rows)
        return replace(condition, rows=tuple(rows))
    reference = condition.field.reference
    if condition.comparator not in BY_NAME or not condition.operands:
        return condition
    if reference is None and condition.or_id:
        return _replace_ids(table, columns[condition.field.name].name, condition)
    if reference is None:
        return condition
    target = columns[condition.field.stored_as].relation_target
    name_column, *others = reference.by
    names: dict[object, object] = {}
    for other in map(quote_name, others):
        statement = (
            f"SELECT {other}, {quote_name(name_column)} FROM {quote_name(target.table)} WHERE {other} = ANY(%s::text[])"
        )
        names.update(sql.rows(statement, [list(condition.operands)]))
    condition = replace(condition, operands=tuple(names.get(each, each) for each in condition.operands))
    return _replace_ids(target.table, name_column, condition) if condition.or_id else condition


def _replace_ids(table: str, name_column: str, condition: Condition) -> Condition:
    """Rewrite operands that are ids, and no record's name, to the names of these records; one query, if any may be."""
    ids = [each for each in map(str, condition.operands) if ID.fullmatch(each)]
    if not ids:
        return condition
    name = quote_name(name_column)
    statement = f"SELECT id, {name} FROM {quote_name(table)} WHERE {name} = ANY(%s::text[]) OR id = ANY(%s::bigint[])"
    found = {str(id_): text for id_, text in sql.rows(statement, [ids, [*map(int, ids)]])}
    names = set(found.values())
    operands = (each if each in names else found.get(str(each), each) for each in condition.operands)
    return replace(condition, operands=tuple(operands))
