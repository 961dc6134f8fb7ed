"""
The set-based write: parse, read and lock, decide, write; and what happens when the database still refuses.

It runs inside the caller's transaction and never commits. What it costs in statements does not depend on the number of
records, up to `statements.BLOCK` of them.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import DatabaseError, connection, transaction

from records import sql
from records.shapes.callers import Caller
from records.shapes.criteria import UNLIMITED, Scope, understand
from records.shapes.outcomes import Became, Outcome
from records.shapes.problems import Family, Problem
from records.shapes.values import Values
from records.write import statements
from records.write.batch import Pending, Understood, Write, decide, parse
from records.write.plan import Plan
from records.write.refusals import REFUSABLE, refusal
from records.write.store import forget_new, store

ROUNDS = 3
SPLITS = 32

LOST_RACE = Problem(
    "contended", Family.CONFLICT, "Other writers keep creating and removing this record; send it again."
)


def write_records(
    plan: Plan, write: Write, records: Sequence[Values], *, by: Caller, at: datetime, scope: Scope = UNLIMITED
) -> list[Outcome]:
    """
    Add, update or put records; one outcome per record, in order. Must run inside a transaction.

    A record that fails leaves nothing behind; the others are written. Raises Refused for a scope that cannot be
    understood, and DatabaseError for what is nobody's record's fault (a deadlock, a lost connection).
    """
    batch = parse(plan, records)
    understood = understood_scope(plan, scope)
    begin()
    waiting = in_key_order(batch)
    for _ in range(ROUNDS):
        if not waiting:
            break
        read_twins(plan, waiting, "NO KEY UPDATE", understood.fields)
        for pending in waiting:
            pending.columns, pending.children = {}, {}
            decide(plan, write, pending, understood)
        decided = [pending for pending in waiting if pending.outcome is None]
        waiting = _store_or_split(plan, decided, by=by, at=at)
    for pending in waiting:
        pending.fail(LOST_RACE)
    return [pending.outcome for pending in batch]


def understood_scope(plan: Plan, scope: Scope) -> Understood:
    return Understood(*(understand(plan.resource, criteria) for criteria in (scope.before, scope.after, scope.locked)))


def begin() -> None:
    """Foreign keys and other deferred constraints refuse at once, while the outcome can still say so."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A write runs inside a transaction.")
    sql.run("SET CONSTRAINTS ALL IMMEDIATE")


def in_key_order(batch: Sequence[Pending]) -> list[Pending]:
    """Those without an outcome, in the order in which the database locks them."""
    return sorted((pending for pending in batch if pending.outcome is None), key=lambda pending: pending.key)


def read_twins(plan: Plan, batch: Sequence[Pending], lock: str, needed: set[str] = frozenset()) -> None:
    """Find and lock the stored twins of the batch, and read the children that matter to it."""
    by_key = {pending.key: pending for pending in batch}
    statement = statements.select_by_key(plan.table, plan.key, plan.read, lock)
    names = [column.field for column in plan.read]
    for pending in batch:
        pending.id, pending.version, pending.twin, pending.stored_children = None, 0, None, {}
    for id_, version, *values in statements.write_rows(statement, plan.key, [pending.key for pending in batch]):
        twin = dict(zip(names, values, strict=True))
        pending = by_key[tuple(twin[name] for name in plan.resource.key)]
        pending.id, pending.version, pending.twin = id_, version, twin
    touched = needed.union(*(pending.parsed.keys() for pending in batch)) if batch else needed
    read_children(plan, {pending.id: pending for pending in batch if pending.id is not None}, touched)


def read_children(plan: Plan, by_id: dict[int, Pending], touched: set[str]) -> None:
    for table in plan.children if by_id else ():
        if any(shown.name in touched for shown in table.fields):
            columns = (*table.key, *table.values)
            names = [column.field for column in table.values]
            keys = len(table.key)
            statement = statements.select_children(table.table, table.parent, columns)
            for parent, *row in sql.rows(statement, [list(by_id)]):
                children = by_id[parent].stored_children.setdefault(table.source, {})
                children[tuple(row[:keys])] = dict(zip(names, row[keys:], strict=True))


def _store_or_split(plan: Plan, batch: list[Pending], *, by: Caller, at: datetime) -> list[Pending]:
    """
    Write what was decided; gives those whose key another writer has won.

    When the database refuses the whole, halves are tried, in key order, until the guilty are alone.
    """
    lost: list[Pending] = []
    portions, splits = [batch] if batch else [], 0
    while portions:
        portion = portions.pop()
        try:
            with transaction.atomic():
                lost += store(plan, portion, by=by, at=at)
        except DatabaseError as error:
            reason = refusal(plan, error)
            forget_new(portion)
            if reason is None:
                raise
            if len(portion) == 1 or splits == SPLITS:
                for pending in portion:
                    pending.fail(reason if len(portion) == 1 else REFUSABLE)
            else:
                splits += 1
                middle = len(portion) // 2
                portions += [portion[middle:], portion[:middle]]
            continue
        _note_written(portion, lost)
    return in_key_order(lost)


def _note_written(portion: Sequence[Pending], lost: Sequence[Pending]) -> None:
    not_written = set(map(id, lost))
    for pending in portion:
        if id(pending) not in not_written:
            pending.version += pending.twin is not None
            pending.became(Became.CREATED if pending.twin is None else Became.UPDATED)
