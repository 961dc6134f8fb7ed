"""
Step three of the write: what becomes of each record, decided in memory.

    decide   meets the record with its twin: an outcome, or the columns and children that it shall have
    rules    of the records' own app, for the whole batch: they may refuse a record, or complete it
    settle   what differs from what is stored; nothing: unchanged
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from records.shapes.formatting import lexical
from records.shapes.outcomes import Result
from records.shapes.problems import Family, Problem
from records.write.batch import Draft, Write, completed
from records.write.children import difference, wanted
from records.write.plan import Plan
from records.write.scope import Understood, hidden, scope_problems


@dataclass(frozen=True)
class Rules:
    """
    What the app of a record adds to a write, for a whole batch at a time.

    apply    may fail a pending record, set its columns, and alter its target children
    removal  may fail a pending record that is to be removed
    needs    the fields whose children the rules look at, sent or not
    fills    the columns that the rules may set by themselves
    """

    apply: Callable[[Plan, Sequence[Draft], datetime], None] = lambda plan, batch, at: None
    removal: Callable[[Plan, Sequence[Draft]], None] = lambda plan, batch: None
    needs: frozenset[str] = frozenset()
    fills: frozenset[str] = frozenset()


NO_RULES = Rules()


def not_found(plan: Plan, pending: Draft) -> Problem:
    which = f"with {{field}} {pending.key_text}" if len(plan.resource.key) == 1 else pending.key_text
    text = f"There is no {plan.resource.label.lower()} {which}."
    return Problem("not-found", Family.NOT_FOUND, text, (plan.resource.key[0],))


def version_problem(pending: Draft) -> Problem | None:
    """The record is not at the version that was demanded."""
    demanded = pending.parsed.get("version")
    if demanded is None or demanded == pending.version:
        return None
    now = f"it is at version {pending.version} now" if pending.twin else "there is no such record"
    text = f"Version {demanded} was demanded, but {now}; read it again."
    return Problem("version-conflict", Family.CONFLICT, text, ("version",))


def decide(plan: Plan, write: Write, pending: Draft, scope: Understood) -> None:
    """Fail the record, or give it the columns and children that it shall have."""
    pending.columns, pending.targets, pending.children = {}, {}, {}
    if problem := version_problem(pending):
        pending.fail(problem)
    elif pending.twin is None and write is Write.UPDATE:
        pending.fail(not_found(plan, pending))
    elif pending.twin is None:
        pending.fail_with(_decide_new(plan, pending))
    elif problem := hidden(plan, pending, scope, not_found(plan, pending)):
        pending.fail(problem)
    elif write is Write.ADD or (pending.asked and pending.met is None):  # new, whatever has its key
        text = f"{plan.resource.label} {pending.key_text} exists already."
        pending.fail(Problem("already-exists", Family.DUPLICATE, text, (plan.resource.key[0],)))
    else:
        pending.fail_with(_decide_known(plan, pending))


def _decide_new(plan: Plan, pending: Draft) -> list[Problem]:
    record, problems = completed(plan, pending.parsed)
    pending.columns = dict(zip(plan.plain, map(record.get, plan.plain), strict=True))
    for column, part in zip(plan.key, pending.key, strict=True):
        pending.columns[column.field] = part
    if "custom" in plan.columns:
        pending.columns["custom"] = _custom(plan, record, {})
    return problems + _decide_children(plan, pending)


def _decide_known(plan: Plan, pending: Draft) -> list[Problem]:
    pending.columns = {name: new for name, new in pending.parsed.items() if name in plan.columns}
    if plan.custom and not plan.custom.keys().isdisjoint(pending.parsed):
        pending.columns["custom"] = _custom(plan, pending.parsed, pending.twin["custom"])
    return _decide_children(plan, pending)


def _custom(plan: Plan, parsed: Mapping[str, object], stored: Mapping[str, object]) -> dict[str, object]:
    """The content of the custom column with what was sent laid over what is stored."""
    custom = dict(stored)
    for name, inside in plan.custom.items():
        if name in parsed:
            value = parsed[name]
            if value in (None, ""):
                custom.pop(inside, None)
            else:
                custom[inside] = lexical(value)
    return custom


def _decide_children(plan: Plan, pending: Draft) -> list[Problem]:
    problems: list[Problem] = []
    for table in plan.children:
        if not table.names.isdisjoint(pending.parsed):
            current = pending.stored_children.get(table.source, {})
            pending.targets[table.source], found = wanted(table, current, pending.parsed)
            problems += found
    return problems


def settle(plan: Plan, pending: Draft, scope: Understood) -> None:
    """Keep of the columns and children only what differs from what is stored; refuse what the scope forbids."""
    for source, target in pending.targets.items():
        if change := difference(pending.stored_children.get(source, {}), target):
            pending.children[source] = change
    if pending.twin is not None:
        twin = pending.twin
        pending.columns = {name: new for name, new in pending.columns.items() if twin[name] != new}
    if scope.limits and (problems := scope_problems(plan, pending, scope)):
        pending.fail(*problems)
    elif pending.twin is not None and not pending.columns and not pending.children:
        pending.result(Result.UNCHANGED)
