"""
Removing a batch of records: what is in use is inactivated instead, never removed by cascade.

In use is what a PROTECT relation of another table refers to; the relations are asked of the models, so that a lower app
learns from a higher one without importing it.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import models

from records import sql
from records.changes import fields_text, journal
from records.shapes.callers import Caller
from records.shapes.criteria import UNLIMITED, Scope, matches
from records.shapes.matching import BY_KEY, Matching
from records.shapes.outcomes import Outcome, Result
from records.shapes.problems import Family, Problem
from records.shapes.values import InvalidValue, Values
from records.write import statements
from records.write.batch import Draft
from records.write.columns import Column
from records.write.decide import NO_RULES, Rules, not_found, version_problem
from records.write.engine import begin, in_key_order, meet, prepared, read_children
from records.write.plan import Plan
from records.write.scope import Understood, hidden, understood_scope, whole
from records.write.store import ID, journalled_before

INACTIVE = Column("active", "active", "boolean")


def remove_records(
    plan: Plan,
    records: Sequence[Values],
    *,
    by: Caller,
    at: datetime,
    scope: Scope = UNLIMITED,
    matching: Matching = BY_KEY,
    rules: Rules = NO_RULES,
) -> list[Outcome]:
    """
    Remove records by their keys, or as they match; one outcome per record, in order. Must run inside a transaction.

    What is in use becomes inactive and its outcome says so; where the kind of record cannot be inactive, it fails.
    """
    understood = understood_scope(plan, scope)
    begin()
    batch = prepared(plan, None, records, [key_alone(plan, values) for values in records], matching)
    waiting = in_key_order(batch)
    if waiting:
        waiting = meet(plan, None, waiting, "UPDATE", understood.fields)
        _refuse(plan, waiting, understood)
        rules.removal(plan, [pending for pending in waiting if pending.outcome is None])
    found = [pending for pending in waiting if pending.outcome is None]
    used = _in_use(plan, [pending.id for pending in found]) if found else set()
    _inactivate(plan, [pending for pending in found if pending.id in used], by=by, at=at)
    _delete(plan, [pending for pending in found if pending.id not in used], by=by, at=at)
    return [pending.outcome for pending in batch]


def key_alone(plan: Plan, values: Values) -> Values:
    """Of a record that is to be removed, what says which; and what is no field or fits none, so that it is refused."""
    names = {*plan.resource.key, "id", "version"}
    return {
        name: value
        for name, value in values.items()
        if name in names or name not in plan.resource.by_name or isinstance(value, InvalidValue)
    }


def _refuse(plan: Plan, batch: Sequence[Draft], scope: Understood) -> None:
    for pending in batch:
        unseen = not_found(plan, pending)
        problem = unseen if pending.twin is None else hidden(plan, pending, scope, unseen)
        if problem := problem or version_problem(pending):
            pending.fail(problem)
        elif scope.locked and matches(scope.locked, whole(plan, pending.twin, pending.stored_children)):
            pending.fail(Problem("locked", Family.LOCKED, "It may not be removed in its present state."))


def references(model: type[models.Model]) -> Iterator[tuple[str, str]]:
    """Table and column of every PROTECT relation to a model."""
    for relation in model._meta.related_objects:
        if relation.on_delete is models.PROTECT:
            yield relation.related_model._meta.db_table, relation.field.column


def _in_use(plan: Plan, ids: Sequence[int]) -> set[int]:
    used: set[int] = set()
    for table, column in references(plan.model):
        used.update(id_ for (id_,) in sql.rows(statements.used_among(table, column), [list(ids)]))
    return used


def _inactivate(plan: Plan, batch: Sequence[Draft], *, by: Caller, at: datetime) -> None:
    if not plan.can_be_inactive:
        for pending in batch:
            text = f"{plan.resource.label} {pending.key_text} is in use and cannot be removed."
            pending.fail(Problem("in-use", Family.IN_USE, text))
        return
    changing = [pending for pending in batch if pending.twin["active"]]
    if changing:
        columns = (ID, INACTIVE)
        rows = [(pending.id, False) for pending in changing]
        statements.run_rows(statements.update(plan.table, columns), columns, rows, at, by.user_name)
        for pending in changing:
            pending.version += 1
        fields = fields_text({"active": ["true", "false"]})
        entries = [(p.id, p.key_text, p.version, Result.INACTIVATED, fields) for p in changing]
        journal(plan.resource.name, entries, by=by, at=at)
    for pending in batch:
        pending.result(Result.INACTIVATED)


def _delete(plan: Plan, batch: Sequence[Draft], *, by: Caller, at: datetime) -> None:
    if not batch:
        return
    ids = [pending.id for pending in batch]
    read_children(plan, {pending.id: pending for pending in batch}, set(plan.resource.by_name))
    entries = [(p.id, p.key_text, p.version, Result.DELETED, fields_text(journalled_before(plan, p))) for p in batch]
    for table in plan.children:
        sql.run(statements.delete_by(table.table, table.parent), [ids])
    sql.run(statements.delete_by(plan.table, "id"), [ids])
    journal(plan.resource.name, entries, by=by, at=at)
    for pending in batch:
        pending.result(Result.DELETED)
