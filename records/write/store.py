"""Step four of the write: decided records, their children and Changes, one statement per table and kind."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from records import sql
from records.changes import Entry, journal
from records.shapes.callers import Caller
from records.shapes.outcomes import Result
from records.shapes.references import Ref
from records.shapes.resources import VENDOR
from records.write import statements
from records.write.change_texts import change_writer
from records.write.child_table import ChildTable
from records.write.children import BLANK, Children, Difference, child_changes, journal_value, vendor_differences
from records.write.columns import Column
from records.write.drafts import DraftState
from records.write.plan import Plan

ID = Column("id", "id", "bigint")


def store(plan: Plan, batch: Sequence[DraftState], *, by: Caller, at: datetime) -> list[DraftState]:
    """
    Write the batch; return the records whose key came into being meanwhile. Must run inside a savepoint.
    """
    known = [draft for draft in batch if draft.stored is not None]
    new = [draft for draft in batch if draft.stored is None]
    forget_new(new)  # an earlier try may have given them ids
    write_change = change_writer(plan)
    journaled: dict[int, str] = {}
    with sql.pipeline():
        # Known records first: what their children give up, an address say, is free when children are added below.
        if known:
            _update(plan, known, by=by, at=at)
            for table in plan.children:
                _change_children(table, known)
            # Changes are written while the database writes, each time that it has something to do: to send more waits
            # until it has taken most of what it was sent.
            journaled.update({id(draft): write_change(draft) for draft in known})
        inserted = _insert(plan, new, by=by, at=at) if new else []
        journaled.update({id(draft): write_change(draft) for draft in new})
        lost = _set_ids(plan, new, inserted)
        written = {draft.id: draft for draft in batch if draft.id is not None}
        # Children of new records need the ids, and removed children must be gone before others take their keys.
        for table in plan.children:
            _add_children(table, list(written.values()))
        if written:
            entries = (_entry(id_, draft, journaled[id(draft)]) for id_, draft in written.items())
            journal(plan.resource.name, entries, by=by, at=at)
    return lost


def forget_new(batch: Sequence[DraftState]) -> None:
    """Take back the ids of new records: what has them is gone with its savepoint."""
    for draft in batch:
        if draft.stored is None:
            draft.id, draft.version = None, 0


def _update(plan: Plan, known: Sequence[DraftState], *, by: Caller, at: datetime) -> None:
    touched = {name for draft in known for name in draft.columns}
    columns = (ID, *(column for column in plan.stored_columns if column.field in touched))
    names = [column.field for column in columns[1:]]
    # One statement for all: a column that only some records change is written as it is in the others.
    contents = [{**(draft.stored or {}), **draft.columns} for draft in known]
    values = [[draft.id for draft in known], *([content[name] for content in contents] for name in names)]
    statements.run_columns(statements.update(plan.table, columns), columns, values, at, by.user_name)


def _insert(plan: Plan, new: Sequence[DraftState], *, by: Caller, at: datetime) -> list:
    """Add the records that are new; return the cursors that give their ids."""
    columns = plan.stored_columns
    contents = [draft.columns for draft in new]
    values = [[content[column.field] for content in contents] for column in columns]
    statement = statements.insert(plan.table, plan.key, columns)
    return statements.run_columns(statement, columns, values, at, by.user_name, at, by.user_name)


def _set_ids(plan: Plan, new: Sequence[DraftState], inserted: list) -> list[DraftState]:
    """Give the new records their ids; return those that got none: another writer has won their key."""
    by_key = {draft.key: draft for draft in new}
    is_typed = all(column.target is None for column in plan.key)
    for id_, *key in statements.fetch_all(inserted):
        draft = by_key.pop(tuple(key) if is_typed else _type_key(plan.key, key))
        draft.id, draft.version = id_, 1
    return list(by_key.values())


def _type_key(key: Sequence[Column], values: Sequence[Any]) -> tuple:
    """Type a key that was returned: ids of relations become Refs."""
    pairs = zip(key, values, strict=True)
    return tuple(Ref(value, "") if column.target is not None else value for column, value in pairs)


def _change_children(table: ChildTable, known: Sequence[DraftState]) -> None:
    """Remove and change children of records that were stored."""
    key, criteria_record = _child_columns(table)
    differences = _differences(table, known)
    removed = [(id_, *child) for id_, change in differences for child in change.removed]
    changed = _child_rows(table, [(id_, change.changed) for id_, change in differences])
    if removed:
        statements.run_rows(statements.delete_children(table.table, key), key, removed)
    if changed:
        statements.run_rows(statements.update_children(table.table, key, table.values), criteria_record, changed)


def _add_children(table: ChildTable, written: Sequence[DraftState]) -> None:
    _, criteria_record = _child_columns(table)
    if added := _child_rows(table, [(id_, change.added) for id_, change in _differences(table, written)]):
        statements.run_rows(statements.insert_children(table.table, criteria_record), criteria_record, added)


def _child_columns(table: ChildTable) -> tuple[tuple[Column, ...], tuple[Column, ...]]:
    """Return the columns that identify a child, and all of them."""
    key = (Column(table.parent, table.parent, "bigint"), *table.key)
    return key, (*key, *table.values)


def _differences(table: ChildTable, parents: Sequence[DraftState]) -> list[tuple[int, Difference]]:
    return [
        (draft.id, draft.children[table.source])
        for draft in parents
        if draft.id is not None and table.source in draft.children
    ]


def _child_rows(table: ChildTable, changes: Sequence[tuple[int, Children]]) -> list[tuple]:
    names = [column.field for column in table.values]
    return [
        (id_, *child, *map(values.__getitem__, names))
        for id_, children in changes
        for child, values in children.items()
    ]


def _entry(id_: int, draft: DraftState, fields: str) -> Entry:
    result = Result.CREATED if draft.stored is None else Result.UPDATED
    return id_, draft.key_text, draft.version + (draft.stored is not None), result, fields


def change_fields(plan: Plan, draft: DraftState) -> dict[str, list]:
    """Return the fields of a record's Change, `{field: [before, after]}`; of a new record, those that are not blank."""
    before, journaled = draft.stored or BLANK, plan.journaled_columns
    fields: dict[str, list] = {}
    for name, value in draft.columns.items():
        if name in journaled and (stored := before.get(name)) != value:
            old, new = journal_value(stored), journal_value(value)
            if old != new:
                fields[name] = [old, new]
    if "custom" in draft.columns:
        fields.update(_custom_changes(plan, before.get("custom") or {}, draft.columns["custom"]))
    if VENDOR in draft.columns:
        differences = vendor_differences(before.get(VENDOR), draft.columns[VENDOR])
        fields.update({path: [old, new] for path, old, new in differences})
    for table in plan.children:
        if change := draft.children.get(table.source):
            fields.update(child_changes(table, draft.stored_children.get(table.source, {}), change))
    return fields


def removal_fields(plan: Plan, draft: DraftState) -> dict[str, list]:
    """Return the fields of a removal's Change: all that the record held, down to its children."""
    # As of a new record with the same content, told backwards.
    gone = DraftState(draft.index, {}, columns=draft.stored or {})
    for table in plan.children:
        if stored := draft.stored_children.get(table.source):
            gone.children[table.source] = Difference(added=stored)
    return {name: [after, before] for name, (before, after) in change_fields(plan, gone).items()}


def _custom_changes(plan: Plan, before: dict, after: dict) -> dict[str, list]:
    pairs = {name: [before.get(inside), after.get(inside)] for name, inside in plan.custom.items()}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
