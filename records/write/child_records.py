"""
Child records: children written as records of their own, such as one price of a part, mapped to changes of parents.

    {"part": "PUMP-100", "currency": "USD", "minimum_quantity": "10", "amount": "240"}

The engine locks and writes the parents: their versions move, their Changes tell what happened to their children. A
batch is grouped by parent, so it costs what a batch of parents costs. Each child is decided like any other record,
against the children that its parent turns out to have.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from records import sql
from records.shapes.callers import Caller
from records.shapes.criteria import Scope
from records.shapes.outcomes import Outcome, Result
from records.shapes.problems import Problem, already_exists_problem, version_conflict_problem
from records.shapes.references import Ref
from records.shapes.values import Precondition, Value, Values
from records.write import statements
from records.write.batch import assign_keys, complete_record, parse
from records.write.blocks import CallKeys
from records.write.child_table import ChildTable
from records.write.children import Children
from records.write.decide import Hooks, decide, diff
from records.write.drafts import DraftState, Write
from records.write.engine import begin, write_records
from records.write.optional_keys import Moves
from records.write.plan import Plan
from records.write.read_only import Present, find_changed_read_only, load_presented
from records.write.removal import keep_key, reject_removal
from records.write.resolve import resolve
from records.write.scope import CompiledScope, compile_scope
from records.write.store import ID

Siblings = dict[Ref, list[DraftState]]  # children of one parent, by that parent


def write_child_records(
    plan: Plan, parents: Plan, rows: str, write: Write | None, records: Sequence[Values],
    *, by: Caller, at: datetime, scope: Scope, present: Present, hooks: Hooks, keys: CallKeys, optional: str,
    moves: Moves,
) -> list[Outcome]:  # fmt: skip
    """
    Add, update, put or remove children of stored parents; one outcome per child, in order.

    plan   of the children; its key begins with the relation to the parent
    rows   the parents' field that lists the children
    write  None: they are to be removed
    present  children as callers see them, as in Hooks
    hooks    of the parents' own app, which look at children that are written by themselves as at those of a list
    optional, moves  a part of the key, and what it becomes, by the places of records (`optional_keys`)
    """
    begin()
    batch = parse(
        plan,
        records if write else [keep_key(plan, values) for values in records],
        keys.numbers,
        agree=write is not Write.ADD,
    )
    resolve(plan, batch)
    assign_keys(plan, batch, keys)
    compiled = compile_scope(plan, scope)
    siblings: Siblings = {}
    for draft in batch:
        if draft.problems and (write is None or not draft.key):
            _reject_keyless(plan, write, draft)
        if draft.outcome is None:
            siblings.setdefault(draft.key[0], []).append(draft)
    _reject_different_versions(siblings)
    siblings = {ref: going_on for ref, group in siblings.items() if (going_on := [d for d in group if not d.outcome])}
    if siblings:
        renamed = {number: (optional, value) for number, value in moves.items()}
        _write_parents(plan, parents, rows, write, siblings, compiled, present, hooks, renamed, by=by, at=at)
    return [draft.outcome for draft in batch if draft.outcome is not None]


def _reject_keyless(plan: Plan, write: Write | None, draft: DraftState) -> None:
    """Reject a child that cannot be looked for; one that is to be added also for what it lacks."""
    if write is Write.ADD:
        for problem in complete_record(plan, draft.parsed)[1]:
            if draft.is_read(*plan.storage_path(problem.path)):
                draft.add_problem(problem)
    draft.reject()


def _reject_different_versions(siblings: Siblings) -> None:
    """Reject the children of one parent for which a call demands several versions: each is that of the parent."""
    for ref, group in siblings.items():
        if len({draft.parsed["version"] for draft in group if draft.parsed.get("version") is not None}) > 1:
            for draft in group:
                draft.reject(
                    version_conflict_problem(f"{{field}} is that of {ref}, of which this call demands several.")
                )


def _write_parents(
    plan: Plan, parents: Plan, rows: str, write: Write | None, siblings: Siblings, scope: CompiledScope,
    present: Present, hooks: Hooks, renamed: Mapping[int, tuple[str, object]], *, by: Caller, at: datetime,
) -> None:  # fmt: skip
    table = next(table for table in parents.children if rows in table.names)
    by_parent: dict[int | None, list[DraftState]] = {ref.id: group for ref, group in siblings.items()}
    # The version is checked once, on the parent; a child has none by itself.
    records = [{"id": str(ref.id), **_pop_version(group)} for ref, group in siblings.items()]

    # Removed children have their ids before they are gone, added ones only afterwards.
    comes_back = any(plan.read_only_fields & draft.sent.keys() for group in siblings.values() for draft in group)
    ids = _read_ids(table, by_parent) if write is None or comes_back else {}
    for ref, group in siblings.items():
        for draft in group:
            draft.id = ids.get((ref.id, *draft.key[1:]))
    drafts = [draft for group in siblings.values() for draft in group]
    presented = load_presented(plan, drafts, present)
    found = {id(draft): dict(draft.problems) for draft in drafts}

    def set_children(_: Plan, batch: Sequence[DraftState], at: datetime) -> None:
        for parent in batch:
            # Copies: what a rule sets in them must differ from what is stored.
            stored = parent.stored_children.get(table.source, {})
            children = {key: dict(values) for key, values in stored.items()}
            for draft in by_parent[parent.id]:
                # Decided anew when the parent was changed by others meanwhile.
                draft.outcome, draft.problems = None, dict(found[id(draft)])
                _decide_child(plan, table, write, draft, children, scope, presented)
                if write is not None and draft.index in renamed and not (draft.outcome and draft.outcome.failed):
                    _rename_child(plan, draft, children, *renamed[draft.index])
            parent.targets[table.source] = children
        hooks.apply(parents, batch, at)
        for parent in batch:
            _reject_children(table, parent, rows, by_parent[parent.id])

    hooks_of_parents = Hooks(set_children, needs=hooks.needs | {rows})
    parent_keys = CallKeys(range(len(records)))
    outcomes = write_records(parents, Write.UPDATE, records, by=by, at=at, hooks=hooks_of_parents, keys=parent_keys)
    ids = ids if write is None else _read_ids(table, by_parent)
    for outcome, (ref, group) in zip(outcomes, siblings.items(), strict=True):
        for draft in group:
            _finish(draft, outcome, ids.get((ref.id, *draft.key[1:])), rows)


def _pop_version(group: Sequence[DraftState]) -> dict[str, Value]:
    versions = [draft.parsed.pop("version", None) for draft in group]
    found = next((version for version in versions if version is not None), None)
    if isinstance(found, Precondition):
        return {"version": found}
    return {} if found is None else {"version": str(found)}


def _decide_child(
    plan: Plan, table: ChildTable, write: Write | None, draft: DraftState, children: Children, scope: CompiledScope,
    presented: Mapping[int, Values],
) -> None:  # fmt: skip
    """Reject the child, or change it among `children`, those that its parent shall have."""
    key = draft.key[1:]
    own = dict(zip((column.field for column in plan.key), draft.key, strict=True))
    draft.stored = {**own, **children[key]} if key in children else None
    if write is None:
        reject_removal(plan, draft, scope)
    else:
        decide(plan, write, draft, scope)
        if draft.outcome is None:
            for problem in find_changed_read_only(plan, draft, presented):
                draft.add_problem(problem)
            diff(plan, draft, scope)
    if draft.outcome is not None:
        return
    if write is None:
        del children[key]
        draft.succeed(Result.DELETED)
    else:
        values = {**(draft.stored or {}), **draft.columns}
        children[key] = {column.field: values[column.field] for column in table.values}
        draft.succeed(Result.CREATED if draft.stored is None else Result.UPDATED)


def _reject_children(table: ChildTable, parent: DraftState, rows: str, group: Sequence[DraftState]) -> None:
    """Reject the children that rules of the parent have rejected it for, and leave them as they are stored."""
    target, stored = parent.targets[table.source], parent.stored_children.get(table.source, {})
    keys, by_key = list(target), {draft.key[1:]: draft for draft in group}
    about_rows = [problem for problem in parent.problems if problem.path[:1] == (rows,) and len(problem.path) > 1]
    for problem in about_rows:
        key = keys[int(problem.path[1])]
        # Another child than those that were sent is a problem of all of them.
        if draft := by_key.get(key):
            del parent.problems[problem]
            draft.reject(_strip_path(problem, rows))
            target.pop(key, None)
            if key in stored:
                target[key] = stored[key]


def _rename_child(plan: Plan, draft: DraftState, children: Children, name: str, value: object) -> None:
    """Give a child another part of its key; reject it where another child has that key."""
    key = draft.key[1:]
    place = plan.resource.key.index(name) - 1
    renamed = (*key[:place], value, *key[place + 1 :])
    if renamed in children:
        draft.outcome = None
        draft.reject(already_exists_problem(plan.resource, draft.key_text, name))
        return
    children[renamed] = children.pop(key)
    draft.key = (draft.key[0], *renamed)
    draft.succeed(Result.UPDATED)


def _read_ids(table: ChildTable, parents: Mapping[int | None, object]) -> dict[tuple, int]:
    """Return the ids of all children of some parents, by the parent's id and the child key (one query)."""
    columns = (ID, *table.key)
    rows = sql.rows(statements.select_children(table.table, table.parent, columns), [list(parents)])
    return {(parent, *key): id_ for parent, id_, *key in rows}


def _finish(draft: DraftState, parent: Outcome, id_: int | None, rows: str) -> None:
    """Give the child its outcome, now that its parent's is known."""
    if draft.outcome is None or not draft.outcome.failed:
        if parent.failed:
            draft.reject(*(_strip_path(problem, rows) for problem in parent.problems))
        elif draft.outcome is not None:
            draft.id, draft.version = id_, parent.version or 0
            draft.succeed(draft.outcome.result)


def _strip_path(problem: Problem, rows: str) -> Problem:
    """Return a problem of the parent's without the path to the child that has it."""
    path = problem.path[2:] if problem.path[:1] == (rows,) else problem.path
    return Problem(problem.code, problem.family, problem.text, path, problem.other)
