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
from records.shapes.criteria import UNLIMITED, Scope
from records.shapes.matching import BY_KEY, Matching
from records.shapes.outcomes import Outcome, Result
from records.shapes.problems import Family, Problem
from records.shapes.values import InvalidValue, Values
from records.write import statements
from records.write.batch import Draft, Write, identify, parse, refuse_duplicates
from records.write.columns import Column, decoder
from records.write.database_errors import REFUSABLE, refusal
from records.write.decide import NO_RULES, Rules, decide, settle
from records.write.matching import answers, match, seek
from records.write.plan import Plan
from records.write.resolve import resolve
from records.write.scope import Understood, understood_scope
from records.write.store import forget_new, store

ROUNDS = 3
SPLITS = 32

LOST_RACE = Problem(
    "contended", Family.CONFLICT, "Other writers keep creating and removing this record; send it again."
)


def write_records(
    plan: Plan,
    write: Write,
    records: Sequence[Values],
    *,
    by: Caller,
    at: datetime,
    scope: Scope = UNLIMITED,
    matching: Matching = BY_KEY,
    rules: Rules = NO_RULES,
) -> list[Outcome]:
    """
    Add, update or put records; one outcome per record, in order. Must run inside a transaction.

    A record that fails leaves nothing behind; the others are written. Raises ProblemError for a scope that cannot be
    understood, and DatabaseError for what is nobody's record's fault (a deadlock, a lost connection).
    """
    understood = understood_scope(plan, scope)
    begin()
    batch = prepared(plan, write, records, records, matching)
    needed = understood.fields | rules.needs
    waiting = [pending for pending in batch if pending.outcome is None]
    for _ in range(ROUNDS):
        if not waiting:
            break
        waiting = meet(plan, write, waiting, "NO KEY UPDATE", needed)
        decided = _decided(plan, write, waiting, understood, rules, at)
        waiting = _store_or_split(plan, decided, by=by, at=at)
    for pending in waiting:
        pending.fail(LOST_RACE)
    return [pending.outcome for pending in batch]


def prepared(
    plan: Plan, write: Write | None, sent: Sequence[Values], read: Sequence[Values], matching: Matching
) -> list[Draft]:
    """
    The records parsed and resolved, each with its key or with what it asks of its twin; or failed.

    write  None: they are to be removed
    read   what counts of what was sent
    """
    searched = bool(matching.rules) and write is not Write.ADD
    if matching.rules:  # then the id is at most one of the fields that are searched
        read = [
            {name: v for name, v in values.items() if name != "id" or isinstance(v, InvalidValue)} for values in read
        ]
    draw = write in (Write.ADD, Write.PUT)
    batch = parse(plan, read, draw=draw, agree=write is not Write.ADD, keyless=searched)
    resolve(plan, batch)
    if searched:
        seek(plan, batch, matching, sent)
    else:
        identify(plan, batch)
    return batch


def meet(plan: Plan, write: Write | None, batch: Sequence[Draft], lock: str, needed: set[str]) -> list[Draft]:
    """
    Find, lock and read the stored twins of the records without an outcome; gives those that are to be decided, in the
    order of their keys.

    A twin that was changed before it was locked, so that it is no longer what was asked for, is looked for again.
    """
    met: list[Draft] = []
    waiting = batch
    for _ in range(ROUNDS):
        if searching := [pending for pending in waiting if pending.asked]:
            match(plan, write, searching)
            refuse_duplicates(plan, [pending for pending in (*met, *searching) if pending.outcome is None])
        draw_keys(plan, waiting)
        waiting = in_key_order(waiting)
        read_twins(plan, waiting, lock, needed)
        moved = [pending for pending in waiting if pending.met is not None and not answers(plan, pending)]
        if not moved:
            return in_key_order([*met, *waiting]) if met else waiting
        met += (pending for pending in waiting if pending not in moved)
        waiting = moved
    for pending in waiting:
        pending.fail(LOST_RACE)
    return in_key_order(met)


def _decided(
    plan: Plan, write: Write, batch: Sequence[Draft], scope: Understood, rules: Rules, at: datetime
) -> list[Draft]:
    """Those for which something has to be written."""
    for pending in batch:
        decide(plan, write, pending, scope)
    rules.apply(plan, [pending for pending in batch if pending.outcome is None], at)
    for pending in batch:
        if pending.outcome is None:
            settle(plan, pending, scope)
    return [pending for pending in batch if pending.outcome is None]


def draw_keys(plan: Plan, batch: Sequence[Draft]) -> None:
    """
    The next numbers for new records that come without: gaps are no matter, and a number that is taken, or that another
    record of the batch comes with, is passed over.
    """
    drawing = [pending for pending in batch if pending.draws and pending.outcome is None]
    sent = {pending.key for pending in batch if not pending.draws} if drawing else set()
    while drawing:
        statement = statements.draw(plan.table, plan.key[0])
        numbers = sql.rows(statement, [len(drawing)])
        drawn = [number for number, taken in numbers if not taken and (number,) not in sent]
        for pending, number in zip(drawing, drawn, strict=False):
            pending.key = (number,)
        drawing = drawing[len(drawn) :]


def begin() -> None:
    """Foreign keys and other deferred constraints refuse at once, while the outcome can still say so."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A write runs inside a transaction.")
    sql.run("SET CONSTRAINTS ALL IMMEDIATE")


def in_key_order(batch: Sequence[Draft]) -> list[Draft]:
    """Those without an outcome, in the order in which the database locks them."""
    return sorted((pending for pending in batch if pending.outcome is None), key=lambda pending: pending.key)


def read_twins(plan: Plan, batch: Sequence[Draft], lock: str, needed: set[str] = frozenset()) -> None:
    """Find and lock the stored twins of the batch, and read the children that matter to it."""
    by_key = {pending.key: pending for pending in batch}
    statement = statements.select_by_key(plan.table, plan.key, plan.read, lock)
    names, decode = names_of(plan.read), decoder(plan.read)
    for pending in batch:
        pending.id, pending.version, pending.twin, pending.stored_children = None, 0, None, {}
    found = statements.run_rows(statement, plan.key, [pending.key for pending in batch])
    for id_, version, *values in statements.returned(found):
        twin = dict(zip(names, decode(values), strict=True))
        pending = by_key[tuple(twin[column.field] for column in plan.key)]
        pending.id, pending.version, pending.twin = id_, version, twin
    touched = needed.union(*(pending.parsed.keys() for pending in batch)) if batch else needed
    read_children(plan, {pending.id: pending for pending in batch if pending.id is not None}, touched)


def read_children(plan: Plan, by_id: dict[int, Draft], touched: set[str]) -> None:
    for table in plan.children if by_id else ():
        if not table.names.isdisjoint(touched):
            columns = (*table.key, *table.values)
            keys, names, decode = len(table.key), names_of(table.values), decoder(columns)
            statement = statements.select_children(table.table, table.parent, columns)
            for parent, *row in sql.rows(statement, [list(by_id)]):
                values = decode(row)
                children = by_id[parent].stored_children.setdefault(table.source, {})
                children[tuple(values[:keys])] = dict(zip(names, values[keys:], strict=True))


def names_of(columns: Sequence[Column]) -> list[str]:
    return [column.field for column in columns]


def _store_or_split(plan: Plan, batch: list[Draft], *, by: Caller, at: datetime) -> list[Draft]:
    """
    Write what was decided; gives those whose key another writer has won.

    When the database refuses the whole, halves are tried, in key order, until the guilty are alone.
    """
    lost: list[Draft] = []
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


def _note_written(portion: Sequence[Draft], lost: Sequence[Draft]) -> None:
    not_written = set(map(id, lost))
    for pending in portion:
        if id(pending) not in not_written:
            pending.version += pending.twin is not None
            pending.result(Result.CREATED if pending.twin is None else Result.UPDATED)
