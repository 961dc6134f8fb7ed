"""Step four of the write: decided records, their children and Changes, one statement per table and kind."""

from collections.abc import Sequence
from datetime import datetime

from records.changes import journal as write_journal
from records.shapes.callers import Caller
from records.shapes.outcomes import Became
from records.shapes.references import Ref
from records.write import statements
from records.write.batch import Pending
from records.write.children import Children, Difference, shown
from records.write.children import journal as children_journal
from records.write.plan import ChildTable, Column, Plan, scalar_text

ID = Column("id", "id", "bigint", scalar_text)


def store(plan: Plan, batch: Sequence[Pending], *, by: Caller, at: datetime) -> list[Pending]:
    """Write the batch; gives those whose key came into being meanwhile. Inside a savepoint of the caller's."""
    new = [pending for pending in batch if pending.twin is None]
    known = [pending for pending in batch if pending.twin is not None]
    if known:
        _update(plan, known, by=by, at=at)
    forget_new(new)
    lost = _insert(plan, new, by=by, at=at) if new else []
    written = [pending for pending in batch if pending.id is not None]
    for table in plan.children:
        _store_children(table, [pending for pending in written if table.source in pending.children])
    if written:
        write_journal(plan.resource.name, (_entry(plan, pending) for pending in written), by=by, at=at)
    return lost


def forget_new(batch: Sequence[Pending]) -> None:
    """Records that are not stored have no id; one that they were given is gone with its savepoint."""
    for pending in batch:
        if pending.twin is None:
            pending.id, pending.version = None, 0


def _update(plan: Plan, known: Sequence[Pending], *, by: Caller, at: datetime) -> None:
    touched = {name for pending in known for name in pending.columns}
    columns = (ID, *(column for column in plan.read if column.field in touched))
    names = [column.field for column in columns[1:]]
    rows = [(p.id, *(p.columns[n] if n in p.columns else p.twin[n] for n in names)) for p in known]
    list(statements.write_rows(statements.update(plan.table, columns), columns, rows, at, by.user_name))


def _insert(plan: Plan, new: Sequence[Pending], *, by: Caller, at: datetime) -> list[Pending]:
    columns = plan.read
    rows = [tuple(pending.columns[column.field] for column in columns) for pending in new]
    statement = statements.insert(plan.table, plan.key, columns)
    stamps = (at, by.user_name, at, by.user_name)
    by_key = {pending.key: pending for pending in new}
    for id_, *key in statements.write_rows(statement, columns, rows, *stamps):
        pending = by_key.pop(_typed(plan.key, key))
        pending.id, pending.version = id_, 1
    return list(by_key.values())


def _typed(key: Sequence[Column], returned: Sequence[object]) -> tuple:
    """A key as it was returned, with the ids of relations as Refs."""
    pairs = zip(key, returned, strict=True)
    return tuple(Ref(value, "") if column.target is not None else value for column, value in pairs)


def _store_children(table: ChildTable, parents: Sequence[Pending]) -> None:
    parent = Column(table.parent, table.parent, "bigint", scalar_text)
    key = (parent, *table.key)
    whole = (*key, *table.values)
    differences = [(pending.id, pending.children[table.source]) for pending in parents]
    removed = [(id_, *child) for id_, change in differences for child in change.removed]
    changed = _rows(table, [(id_, change.changed) for id_, change in differences])
    added = _rows(table, [(id_, change.added) for id_, change in differences])
    if removed:
        list(statements.write_rows(statements.delete_children(table.table, key), key, removed))
    if changed:
        list(statements.write_rows(statements.update_children(table.table, key, table.values), whole, changed))
    if added:
        list(statements.write_rows(statements.insert_children(table.table, whole), whole, added))


def _rows(table: ChildTable, of_parents: Sequence[tuple[int, Children]]) -> list[tuple]:
    names = [column.field for column in table.values]
    return [
        (id_, *child, *map(values.__getitem__, names))
        for id_, children in of_parents
        for child, values in children.items()
    ]


def _entry(plan: Plan, pending: Pending) -> tuple[int, str, int, str, dict]:
    became = Became.CREATED if pending.twin is None else Became.UPDATED
    return pending.id, pending.key_text, pending.version + (pending.twin is not None), became, journalled(plan, pending)


def journalled(plan: Plan, pending: Pending) -> dict[str, list]:
    """What changed of a record: `{field: [before, after]}`; of a new one, what is not blank."""
    before = pending.twin or {}
    fields: dict[str, list] = {}
    for name, new in pending.columns.items():
        if name == "custom":
            fields.update(_custom_entries(plan, before.get("custom") or {}, new))
        elif name not in plan.secret:
            old = before.get(name)
            entry = [None if old is None else shown(old), shown(new)]
            if entry[0] != entry[1]:
                fields[name] = entry
    for table in plan.children:
        if change := pending.children.get(table.source):
            fields.update(children_journal(table, pending.stored_children.get(table.source, {}), change))
    return fields


def journalled_before(plan: Plan, pending: Pending) -> dict[str, list]:
    """What a removed record held, down to its children."""
    gone = Pending(pending.index, {}, columns=pending.twin)
    for table in plan.children:
        if stored := pending.stored_children.get(table.source):
            gone.children[table.source] = Difference(added=stored)
    return {name: [after, before] for name, (before, after) in journalled(plan, gone).items()}


def _custom_entries(plan: Plan, before: dict, after: dict) -> dict[str, list]:
    pairs = {name: [before.get(inside), after.get(inside)] for name, inside in plan.custom.items()}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
