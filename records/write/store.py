"""Step four of the write: decided records, their children and Changes, one statement per table and kind."""

from collections.abc import Sequence
from datetime import datetime

from records import sql
from records.changes import fields_text
from records.changes import journal as write_journal
from records.shapes.callers import Caller
from records.shapes.outcomes import Result
from records.shapes.references import Ref
from records.write import statements
from records.write.batch import Draft
from records.write.children import BLANK, Children, Difference, shown
from records.write.children import journal as children_journal
from records.write.columns import Column
from records.write.plan import ChildTable, Plan

ID = Column("id", "id", "bigint")


def store(plan: Plan, batch: Sequence[Draft], *, by: Caller, at: datetime) -> list[Draft]:
    """
    Write the batch; gives those whose key came into being meanwhile. Inside a savepoint of the caller's.

    What is told of the changes is put into words while the database writes them: it is most of the work on either side.
    """
    known = [pending for pending in batch if pending.twin is not None]
    new = [pending for pending in batch if pending.twin is None]
    forget_new(new)
    with sql.ahead():
        if known:
            _update(plan, known, by=by, at=at)
            for table in plan.children:
                _change_children(table, known)
        inserted = _insert(plan, new, by=by, at=at) if new else []
        told = {id(pending): fields_text(journalled(plan, pending)) for pending in batch}
        lost = _take_ids(plan, new, inserted)
        written = [pending for pending in batch if pending.id is not None]
        for table in plan.children:
            _add_children(table, written)
        if written:
            entries = (_entry(pending, told[id(pending)]) for pending in written)
            write_journal(plan.resource.name, entries, by=by, at=at)
    return lost


def forget_new(batch: Sequence[Draft]) -> None:
    """Records that are not stored have no id; one that they were given is gone with its savepoint."""
    for pending in batch:
        if pending.twin is None:
            pending.id, pending.version = None, 0


def _update(plan: Plan, known: Sequence[Draft], *, by: Caller, at: datetime) -> None:
    touched = {name for pending in known for name in pending.columns}
    columns = (ID, *(column for column in plan.read if column.field in touched))
    names = [column.field for column in columns[1:]]
    rows = [(p.id, *(p.columns[n] if n in p.columns else p.twin[n] for n in names)) for p in known]
    statements.run_rows(statements.update(plan.table, columns), columns, rows, at, by.user_name)


def _insert(plan: Plan, new: Sequence[Draft], *, by: Caller, at: datetime) -> list:
    """Add the records that are new; gives the cursors that return their ids."""
    columns = plan.read
    rows = [tuple(pending.columns[column.field] for column in columns) for pending in new]
    statement = statements.insert(plan.table, plan.key, columns)
    return statements.run_rows(statement, columns, rows, at, by.user_name, at, by.user_name)


def _take_ids(plan: Plan, new: Sequence[Draft], inserted: list) -> list[Draft]:
    """Give the new records their ids; those that have none have lost their key to another writer."""
    by_key = {pending.key: pending for pending in new}
    for id_, *key in statements.returned(inserted):
        pending = by_key.pop(_typed(plan.key, key))
        pending.id, pending.version = id_, 1
    return list(by_key.values())


def _typed(key: Sequence[Column], returned: Sequence[object]) -> tuple:
    """A key as it was returned, with the ids of relations as Refs."""
    pairs = zip(key, returned, strict=True)
    return tuple(Ref(value, "") if column.target is not None else value for column, value in pairs)


def _change_children(table: ChildTable, known: Sequence[Draft]) -> None:
    """Remove and change children of records that were there."""
    key, whole = _columns(table)
    differences = _differences(table, known)
    removed = [(id_, *child) for id_, change in differences for child in change.removed]
    changed = _rows(table, [(id_, change.changed) for id_, change in differences])
    if removed:
        statements.run_rows(statements.delete_children(table.table, key), key, removed)
    if changed:
        statements.run_rows(statements.update_children(table.table, key, table.values), whole, changed)


def _add_children(table: ChildTable, written: Sequence[Draft]) -> None:
    _, whole = _columns(table)
    if added := _rows(table, [(id_, change.added) for id_, change in _differences(table, written)]):
        statements.run_rows(statements.insert_children(table.table, whole), whole, added)


def _columns(table: ChildTable) -> tuple[tuple[Column, ...], tuple[Column, ...]]:
    """The columns that name a child, and all of them."""
    key = (Column(table.parent, table.parent, "bigint"), *table.key)
    return key, (*key, *table.values)


def _differences(table: ChildTable, parents: Sequence[Draft]) -> list[tuple[int, Difference]]:
    touched = (pending for pending in parents if table.source in pending.children)
    return [(pending.id, pending.children[table.source]) for pending in touched]


def _rows(table: ChildTable, of_parents: Sequence[tuple[int, Children]]) -> list[tuple]:
    names = [column.field for column in table.values]
    return [
        (id_, *child, *map(values.__getitem__, names))
        for id_, children in of_parents
        for child, values in children.items()
    ]


def _entry(pending: Draft, fields: str) -> tuple[int, str, int, str, str]:
    result = Result.CREATED if pending.twin is None else Result.UPDATED
    return pending.id, pending.key_text, pending.version + (pending.twin is not None), result, fields


def journalled(plan: Plan, pending: Draft) -> dict[str, list]:
    """What changed of a record: `{field: [before, after]}`; of a new one, what is not blank."""
    before, told = pending.twin or BLANK, plan.told
    fields: dict[str, list] = {}
    for name, value in pending.columns.items():
        if name in told and (stored := before.get(name)) != value:
            old, new = shown(stored), shown(value)
            if old != new:
                fields[name] = [old, new]
    if "custom" in pending.columns:
        fields.update(_custom_entries(plan, before.get("custom") or {}, pending.columns["custom"]))
    for table in plan.children:
        if change := pending.children.get(table.source):
            fields.update(children_journal(table, pending.stored_children.get(table.source, {}), change))
    return fields


def journalled_before(plan: Plan, pending: Draft) -> dict[str, list]:
    """What a removed record held, down to its children."""
    gone = Draft(pending.index, {}, columns=pending.twin)
    for table in plan.children:
        if stored := pending.stored_children.get(table.source):
            gone.children[table.source] = Difference(added=stored)
    return {name: [after, before] for name, (before, after) in journalled(plan, gone).items()}


def _custom_entries(plan: Plan, before: dict, after: dict) -> dict[str, list]:
    pairs = {name: [before.get(inside), after.get(inside)] for name, inside in plan.custom.items()}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
