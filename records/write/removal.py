"""
The removal of a batch of records: one in use is inactivated instead, never removed by cascade.

A record is in use when a PROTECT relation of another table refers to it, or a column of codes has its code; both are
read from the models, so that a lower app learns from a higher one without importing it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.db import models

from records import sql
from records.changes import encode_fields, journal
from records.columns import get_column_name, get_related_model
from records.customization import find_used_codes
from records.models import Code
from records.shapes.callers import Caller
from records.shapes.criteria import UNLIMITED, Scope, matches
from records.shapes.matching import BY_KEY, Matching
from records.shapes.outcomes import Outcome, Result
from records.shapes.problems import Problem, in_use_problem, removal_locked_problem
from records.shapes.values import InvalidValue, Values
from records.write import statements
from records.write.blocks import CallKeys
from records.write.columns import Column
from records.write.decide import NO_HOOKS, Hooks, draft_not_found_problem, version_problem
from records.write.drafts import DraftState
from records.write.engine import begin, lock_and_load, outcomes, prepare, read_children, sort_by_key
from records.write.plan import Plan
from records.write.scope import CompiledScope, compile_scope, criteria_record, visibility_problem
from records.write.store import ID, removal_fields

INACTIVE = Column("active", "active", "boolean")


def remove_records(
    plan: Plan,
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
    Remove records by their keys, or as they match; one outcome per record, in order. Must run inside a transaction.

    A record in use becomes inactive and its outcome tells; where the kind of record cannot be inactive, it fails.
    """
    compiled = compile_scope(plan, scope)
    begin()
    batch = prepare(plan, None, records, [keep_key(plan, values) for values in records], matching, keys)
    waiting = sort_by_key(batch)
    if waiting:
        # The strong lock makes orders that would refer to the record wait until it is gone.
        waiting = lock_and_load(plan, None, waiting, "UPDATE", compiled.fields, keys)
        for draft in waiting:
            reject_removal(plan, draft, compiled)
        hooks.removal(plan, [draft for draft in waiting if draft.outcome is None])
        for draft in waiting:
            if draft.outcome is None:
                draft.reject()
    by_id = {draft.id: draft for draft in waiting if draft.outcome is None and draft.id is not None}
    used = _find_used_ids(plan, by_id) if by_id else set()
    _inactivate(plan, {id_: draft for id_, draft in by_id.items() if id_ in used}, by=by, at=at)
    _delete(plan, {id_: draft for id_, draft in by_id.items() if id_ not in used}, by=by, at=at)
    return outcomes(batch)


def keep_key(plan: Plan, values: Values) -> Values:
    """
    Keep only the key, the id and the version of a record that is to be removed.

    Unknown fields and invalid values stay, so that they are refused.
    """
    names = {*plan.resource.key, "id", "version"}
    return {
        name: value
        for name, value in values.items()
        if name in names or name not in plan.resource.by_name or isinstance(value, InvalidValue)
    }


def reject_removal(plan: Plan, draft: DraftState, scope: CompiledScope) -> None:
    """Reject a record that is not stored, that the call does not see, that has moved on, or that is locked."""
    problem: Problem | None = draft_not_found_problem(plan, draft)
    if draft.stored is not None:
        problem = visibility_problem(plan, draft, scope, draft_not_found_problem(plan, draft)) or version_problem(draft)
        if problem is None and scope.locked:
            record = criteria_record(plan, draft.stored, draft.stored_children)
            problem = removal_locked_problem() if matches(scope.locked, record) else None
    if problem is not None:
        draft.reject(problem)


def protected_relations(model: type[models.Model]) -> Iterator[tuple[str, str]]:
    """Yield table and column of every PROTECT relation to a model."""
    # Hidden ones, which have no name on the other side, count like any other.
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ForeignObjectRel) and relation.on_delete is models.PROTECT:
            user = get_related_model(relation)
            yield user._meta.db_table, get_column_name(user, relation.remote_field.name)


def _find_used_ids(plan: Plan, batch: Mapping[int, DraftState]) -> set[int]:
    """Return the ids of the records that others refer to, or whose codes they have."""
    used: set[int] = set()
    for table, column in protected_relations(plan.model):
        used.update(id_ for (id_,) in sql.rows(statements.select_used_ids(table, column), [list(batch)]))
    if issubclass(plan.model, Code):
        codes = find_used_codes(plan.model, {draft.key_text for draft in batch.values()})
        used.update(id_ for id_, draft in batch.items() if draft.key_text in codes)
    return used


def _inactivate(plan: Plan, batch: Mapping[int, DraftState], *, by: Caller, at: datetime) -> None:
    if not plan.can_be_inactive:
        for draft in batch.values():
            draft.reject(in_use_problem(plan.resource, draft.key_text))
        return
    changing = {id_: draft for id_, draft in batch.items() if draft.stored and draft.stored["active"]}
    if changing:
        columns = (ID, INACTIVE)
        rows = [(id_, False) for id_ in changing]
        statements.run_rows(statements.update(plan.table, columns), columns, rows, at, by.user_name)
        for draft in changing.values():
            draft.version += 1
        fields = encode_fields({"active": ["true", "false"]})
        entries = [(id_, d.key_text, d.version, str(Result.INACTIVATED), fields) for id_, d in changing.items()]
        journal(plan.resource.name, entries, by=by, at=at)
    for draft in batch.values():
        draft.succeed(Result.INACTIVATED)


def _delete(plan: Plan, batch: Mapping[int, DraftState], *, by: Caller, at: datetime) -> None:
    if not batch:
        return
    # All children are read, so that the Change tells what was there; undo needs it.
    read_children(plan, dict(batch), set(plan.resource.by_name))
    entries = [
        (id_, draft.key_text, draft.version, str(Result.DELETED), encode_fields(removal_fields(plan, draft)))
        for id_, draft in batch.items()
    ]
    for table in plan.children:
        # Django's CASCADE is done by Django, not by the database: children are deleted first.
        sql.run(statements.delete_by(table.table, table.parent), [list(batch)])
    sql.run(statements.delete_by(plan.table, "id"), [list(batch)])
    journal(plan.resource.name, entries, by=by, at=at)
    for draft in batch.values():
        draft.succeed(Result.DELETED)
