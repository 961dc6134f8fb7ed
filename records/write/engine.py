"""
The set-based write: parse, read and lock, decide, write; and what happens when the database still refuses.

It runs inside the caller's transaction and never commits. What it costs in statements does not depend on the number of
records, up to `statements.BLOCK` of them.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from operator import attrgetter

from django.db import DatabaseError, connection
from django.db.transaction import TransactionManagementError

from records import sql
from records.attempts import has_savepoints, savepoint
from records.shapes.callers import Caller
from records.shapes.criteria import UNLIMITED, Scope
from records.shapes.matching import BY_KEY, Matching
from records.shapes.outcomes import Outcome, Result
from records.shapes.problems import Family, Problem
from records.shapes.values import MATCH_BY, InvalidValue, Values
from records.write import statements
from records.write.batch import assign_keys, parse, reject_duplicates
from records.write.blocks import CallKeys
from records.write.columns import Column, build_decoder
from records.write.created_names import NameCreator
from records.write.database_errors import REFUSABLE, refusal_problem
from records.write.decide import NO_HOOKS, Hooks, decide, diff
from records.write.drafts import DraftState, Write
from records.write.matching import find_map_fields, match, prepare_lookups, prepare_new_values, still_matches
from records.write.plan import Plan
from records.write.read_only import reject_changed_read_only
from records.write.resolve import resolve, resolve_within
from records.write.scope import CompiledScope, compile_scope
from records.write.store import forget_new, store
from records.write.totals import compare_totals

ROUNDS = 3
SPLITS = 32

LOOKED_UP = frozenset({"id", MATCH_BY})

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
    hooks: Hooks = NO_HOOKS,
    keys: CallKeys,
) -> list[Outcome]:
    """
    Add, update or put records; one outcome per record, in order. Must run inside a transaction.

    A record that fails leaves nothing behind; the others are written. Raises ProblemError for a scope that cannot be
    understood, and DatabaseError for a failure that is no record's fault (a deadlock, a lost connection).
    """
    compiled = compile_scope(plan, scope)
    begin()
    creator = NameCreator(by, at)
    batch = prepare(plan, write, records, records, matching, keys, creator)
    needed = compiled.fields | hooks.needs
    waiting = [draft for draft in batch if draft.outcome is None]
    # Each round takes up the records whose key another writer won in the last one: those are stored by now.
    for _ in range(ROUNDS):
        if not waiting:
            break
        waiting = lock_and_load(plan, write, waiting, "NO KEY UPDATE", needed, keys)
        decided = _decide_batch(plan, write, waiting, compiled, hooks, at)
        waiting = _store_or_split(plan, decided, by=by, at=at)
    for draft in waiting:
        draft.reject(LOST_RACE)
    creator.finish(batch)
    return outcomes(batch)


def outcomes(batch: Sequence[DraftState]) -> list[Outcome]:
    """Return the outcomes of a batch in which every record has one."""
    return [draft.outcome for draft in batch if draft.outcome is not None]


def prepare(
    plan: Plan, write: Write | None, sent: Sequence[Values], read: Sequence[Values], matching: Matching, keys: CallKeys,
    creator: NameCreator | None = None,
) -> list[DraftState]:  # fmt: skip
    """
    Parse and resolve the records, and give each its key or its lookups; reject those that cannot be judged any further.

    write  None: they are to be removed
    read   the fields that are read of what was sent
    creator  creates what they name, where the site allows it
    """
    is_searched = bool(matching.rules) and write is not Write.ADD
    if matching.rules:  # then the id is at most one of the fields that are looked up
        read = [
            {name: v for name, v in values.items() if name not in LOOKED_UP or isinstance(v, InvalidValue)}
            for values in read
        ]
    draw = write in (Write.ADD, Write.PUT)
    batch = parse(plan, read, keys.numbers, draw=draw, agree=write is not Write.ADD, keyless=is_searched)
    resolve(plan, batch, creator)
    if is_searched:
        prepare_lookups(plan, batch, matching, sent)
        prepare_new_values(plan, batch, sent)
    else:
        assign_keys(plan, batch, keys)
    for draft in batch:
        # Whatever else is wrong with it shows only beside the stored record, or if it is known to be new.
        if write is None or not (draft.can_be_found or draft.needs_number or write is Write.ADD):
            draft.reject()
    return batch


def lock_and_load(
    plan: Plan,
    write: Write | None,
    batch: Sequence[DraftState],
    lock: str,
    needed: AbstractSet[str],
    keys: CallKeys,
) -> list[DraftState]:
    """
    Find, lock and read the stored records; return the drafts that are to be decided, in the order of their keys.

    A stored record that was changed before it was locked, so that it no longer matches, is looked up again.

    lock    the strength of the row locks: NO KEY UPDATE lets others refer to the record meanwhile, UPDATE does not
    needed  the fields whose children are read, sent or not
    """
    loaded: list[DraftState] = []
    waiting: Sequence[DraftState] = batch
    for _ in range(ROUNDS):
        if searching := [draft for draft in waiting if draft.lookups]:
            match(plan, write, searching)
            reject_duplicates(plan, [draft for draft in (*loaded, *searching) if draft.outcome is None], keys)
        assign_numbers(plan, waiting, keys)
        # One order of locks for all calls: unsorted batches deadlocked half of the time, sorted ones never.
        waiting = sort_by_key(waiting)
        read_records(plan, waiting, lock, needed)
        # Lookups read without a lock; between them and the lock another call may have changed what they matched.
        moved = [draft for draft in waiting if draft.matched_by is not None and not still_matches(plan, draft)]
        if not moved:
            return sort_by_key([*loaded, *waiting]) if loaded else list(waiting)
        loaded += (draft for draft in waiting if draft not in moved)
        waiting = moved
    for draft in waiting:
        draft.reject(LOST_RACE)
    return sort_by_key(loaded)


def _decide_batch(
    plan: Plan, write: Write, batch: Sequence[DraftState], scope: CompiledScope, hooks: Hooks, at: datetime
) -> list[DraftState]:
    """Decide the records; return those for which something has to be written."""
    resolve_within(plan, batch)
    for draft in batch:
        decide(plan, write, draft, scope)
    going_on = [draft for draft in batch if draft.outcome is None]
    hooks.apply(plan, going_on, at)
    reject_changed_read_only(plan, going_on, hooks.present)
    compare_totals(plan, going_on, fail=hooks.checks_totals)
    for draft in batch:
        if draft.outcome is None:
            diff(plan, draft, scope)
    return [draft for draft in batch if draft.outcome is None]


def assign_numbers(plan: Plan, batch: Sequence[DraftState], keys: CallKeys) -> None:
    """
    Give new records that come without a key the next numbers of its sequence; gaps are no matter.

    A number that is stored already, or that another record of the call comes with, is passed over.
    """
    numberless = [draft for draft in batch if draft.needs_number and draft.outcome is None and not draft.problems]
    while numberless:
        statement = statements.next_numbers(plan.table, plan.key[0])
        rows = sql.rows(statement, [len(numberless)])
        numbers = [number for number, is_taken in rows if not is_taken and (number,) not in keys]
        for draft, number in zip(numberless, numbers, strict=False):
            draft.key = (number,)
            keys.add_drawn(draft.key)
        numberless = numberless[len(numbers) :]


def begin() -> None:
    """Make deferred constraints check at once, while the outcome can still tell; must run inside a transaction."""
    if not connection.in_atomic_block:
        raise TransactionManagementError("A write runs inside a transaction.")
    # Deferred, they would refuse the whole call at its commit, and no savepoint could find the guilty record.
    sql.run("SET CONSTRAINTS ALL IMMEDIATE")


def sort_by_key(batch: Sequence[DraftState]) -> list[DraftState]:
    """Return those without an outcome, in the order in which the database locks them (key columns are COLLATE "C")."""
    return sorted([draft for draft in batch if draft.outcome is None], key=attrgetter("key"))


def read_records(plan: Plan, batch: Sequence[DraftState], lock: str, needed: AbstractSet[str] = frozenset()) -> None:
    """Find and lock the stored records of the batch, and read the children that matter to it."""
    by_key = {draft.key: draft for draft in batch if draft.key}
    statement = statements.select_by_key(plan.table, plan.key, plan.stored_columns, lock)
    names, decode = field_names(plan.stored_columns), build_decoder(plan.stored_columns)
    key = field_names(plan.key)
    for draft in batch:
        draft.id, draft.version, draft.stored, draft.stored_children = None, 0, None, {}
    cursors = statements.run_rows(statement, plan.key, list(by_key))
    for id_, version, *values in statements.fetch_all(cursors):
        stored = dict(zip(names, decode(values), strict=True))
        draft = by_key[tuple(map(stored.__getitem__, key))]
        draft.id, draft.version, draft.stored = id_, version, stored
    # Most calls send no children: then none are read, unless rules or criteria look at them.
    touched = set(needed).union(*(draft.parsed.keys() for draft in batch), *map(find_map_fields, batch))
    read_children(plan, {draft.id: draft for draft in batch if draft.id is not None}, touched)


def read_children(plan: Plan, by_id: dict[int, DraftState], touched: AbstractSet[str]) -> None:
    """Read the children that are shown by one of the touched fields (one query for each of their tables)."""
    for table in plan.children if by_id else ():
        if not table.names.isdisjoint(touched):
            columns = (*table.key, *table.values)
            keys, names, decode = len(table.key), field_names(table.values), build_decoder(columns)
            statement = statements.select_children(table.table, table.parent, columns)
            for parent, *row in sql.rows(statement, [list(by_id)]):
                values = decode(row)
                children = by_id[parent].stored_children.setdefault(table.source, {})
                children[tuple(values[:keys])] = dict(zip(names, values[keys:], strict=True))


def field_names(columns: Sequence[Column]) -> list[str]:
    return [column.field for column in columns]


def _store_or_split(plan: Plan, batch: list[DraftState], *, by: Caller, at: datetime) -> list[DraftState]:
    """
    Write what was decided; return those whose key another writer has won.

    When the database refuses the whole, halves are tried, in key order, until the guilty are alone.
    """
    lost: list[DraftState] = []
    portions, splits = [batch] if batch else [], 0
    while portions:
        portion = portions.pop()
        try:
            # Children and Changes are inside the same savepoint: a portion leaves all of its traces or none.
            with savepoint():
                lost += store(plan, portion, by=by, at=at)
        except DatabaseError as error:
            if not has_savepoints():
                raise
            reason = refusal_problem(plan, error)
            forget_new(portion)
            if reason is None:
                raise
            # Many guilty records would take a statement each to find; SPLITS bounds what one call can cost.
            if len(portion) == 1 or splits == SPLITS:
                for draft in portion:
                    draft.reject(reason if len(portion) == 1 else REFUSABLE)
            else:
                splits += 1
                middle = len(portion) // 2
                portions += [portion[middle:], portion[:middle]]
            continue
        _succeed_written(portion, lost)
    return sort_by_key(lost)


def _succeed_written(portion: Sequence[DraftState], lost: Sequence[DraftState]) -> None:
    not_written = set(map(id, lost))
    for draft in portion:
        if id(draft) not in not_written:
            draft.version += draft.stored is not None
            draft.succeed(Result.CREATED if draft.stored is None else Result.UPDATED)
