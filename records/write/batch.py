"""
The records of one call on their way through a write: parsed, matched with their stored twins, decided.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from records.shapes.criteria import Condition, matches
from records.shapes.outcomes import Became, Outcome, failed
from records.shapes.presenting import lexical
from records.shapes.problems import Family, Path, Problem, missing
from records.shapes.reading import completer, record_reader
from records.shapes.resources import Resource
from records.shapes.values import Values
from records.write.children import Children, Difference, difference, wanted
from records.write.plan import Plan


class Write(StrEnum):
    """How a record meets what is stored: only new, only known, or either."""

    ADD = "add"
    UPDATE = "update"
    PUT = "put"


@dataclass(eq=False)
class Pending:
    """
    One record that has no outcome yet.

    parsed    what was sent, typed, by field
    key       its key, typed, in the order of the resource's key
    twin      what is stored, by field; None: nothing is
    columns   the columns that change, by field
    children  per child table, what it has and what becomes of it
    """

    index: int
    parsed: dict[str, object]
    key: tuple = ()
    id: int | None = None
    version: int = 0
    twin: dict[str, object] | None = None
    stored_children: dict[str, Children] = field(default_factory=dict)
    columns: dict[str, object] = field(default_factory=dict)
    children: dict[str, Difference] = field(default_factory=dict)
    outcome: Outcome | None = None

    @property
    def key_text(self) -> str:
        return " / ".join(map(lexical, self.key))

    def fail(self, *problems: Problem) -> None:
        self.outcome = failed(self.key_text, *problems, id=self.id, version=self.version or None)

    def became(self, became: Became) -> None:
        self.outcome = Outcome(became, self.key_text, self.id, self.version)


@lru_cache(maxsize=256)
def _compiled(resource: Resource) -> tuple[Callable, Callable]:
    return record_reader(resource), completer(resource)


def parse(plan: Plan, records: Sequence[Values]) -> list[Pending]:
    """The records, typed; those that cannot be read, lack their key or share one have failed already."""
    read, _ = _compiled(plan.resource)
    batch = []
    for index, values in enumerate(records):
        parsed, problems = read(values)
        pending = Pending(index, parsed, tuple(parsed.get(name, "") for name in plan.resource.key))
        known = {problem.path[0] for problem in problems}
        problems += [missing((n,)) for n in plan.resource.key if parsed.get(n) in (None, "") and n not in known]
        if problems:
            pending.fail(*problems)
        batch.append(pending)
    _refuse_duplicates(batch, (plan.resource.key[0],))
    return batch


def _refuse_duplicates(batch: Sequence[Pending], path: Path) -> None:
    by_key: dict[tuple, list[Pending]] = {}
    for pending in batch:
        if all(part not in (None, "") for part in pending.key):
            by_key.setdefault(pending.key, []).append(pending)
    for sharing in by_key.values():
        for pending in sharing if len(sharing) > 1 else ():
            others = ", ".join(str(other.index + 1) for other in sharing if other is not pending)
            text = f"{{field}} {pending.key_text} comes more than once in this call (also as record {others})."
            pending.fail(Problem("duplicate-in-call", Family.DUPLICATE, text, path))


@dataclass(frozen=True)
class Understood:
    """A Scope whose criteria were understood."""

    before: Sequence[Condition] = ()
    after: Sequence[Condition] = ()
    locked: Sequence[Condition] = ()

    @property
    def fields(self) -> set[str]:
        return {condition.field.name for condition in (*self.before, *self.after, *self.locked)}


def not_found(plan: Plan, pending: Pending) -> Problem:
    text = f"There is no {plan.resource.label.lower()} with {{field}} {pending.key_text}."
    return Problem("not-found", Family.NOT_FOUND, text, (plan.resource.key[0],))


def version_problem(pending: Pending) -> Problem | None:
    """The record is not at the version that was demanded."""
    demanded = pending.parsed.get("version")
    if demanded is None or demanded == pending.version:
        return None
    now = f"it is at version {pending.version} now" if pending.twin else "there is no such record"
    text = f"Version {demanded} was demanded, but {now}; read it again."
    return Problem("version-conflict", Family.CONFLICT, text, ("version",))


def decide(plan: Plan, write: Write, pending: Pending, scope: Understood) -> None:
    """
    What becomes of one record, given its twin: an outcome when nothing is to be written, else its columns and children.
    """
    if problem := version_problem(pending):
        pending.fail(problem)
    elif pending.twin is None:
        _decide_new(plan, write, pending)
    elif scope.before and not matches(scope.before, whole(plan, pending.twin, pending.stored_children)):
        pending.fail(not_found(plan, pending))
    elif write is Write.ADD:
        text = f"{plan.resource.label} {pending.key_text} exists already."
        pending.fail(Problem("already-exists", Family.DUPLICATE, text, (plan.resource.key[0],)))
    else:
        _decide_known(plan, pending, scope)
    if pending.outcome is None and scope.after:
        _check_after(plan, pending, scope)


def _decide_new(plan: Plan, write: Write, pending: Pending) -> None:
    if write is Write.UPDATE:
        pending.fail(not_found(plan, pending))
        return
    complete = _compiled(plan.resource)[1]
    record = {name: value for name, value in pending.parsed.items() if name != "version"}
    problems = complete(record)
    problems += _decide_children(plan, pending, pending.parsed)
    if problems:
        pending.fail(*problems)
        return
    pending.columns = {name: record[name] for name in plan.columns if name in record}
    if "custom" in plan.columns:
        pending.columns["custom"] = _custom(plan, record, {})


def _decide_known(plan: Plan, pending: Pending, scope: Understood) -> None:
    problems = _decide_children(plan, pending, pending.parsed)
    if problems:
        pending.fail(*problems)
        return
    twin = pending.twin
    changed = {name: new for name, new in pending.parsed.items() if name in plan.columns and twin[name] != new}
    if plan.custom and not plan.custom.keys().isdisjoint(pending.parsed):
        custom = _custom(plan, pending.parsed, twin["custom"])
        if custom != twin["custom"]:
            changed["custom"] = custom
    pending.columns = changed
    if not changed and not pending.children:
        pending.became(Became.UNCHANGED)
    elif scope.locked and matches(scope.locked, whole(plan, twin, pending.stored_children)):
        text = f"{plan.resource.label} {pending.key_text} may not be changed in its present state."
        pending.fail(Problem("locked", Family.LOCKED, text))


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


def _decide_children(plan: Plan, pending: Pending, parsed: Mapping[str, object]) -> list[Problem]:
    problems: list[Problem] = []
    for table in plan.children:
        current = pending.stored_children.get(table.source, {})
        target, found = wanted(table, current, parsed)
        problems += found
        if change := difference(current, target):
            pending.children[table.source] = change
    return problems


def whole(plan: Plan, columns: Mapping[str, object], children: Mapping[str, Children]) -> dict[str, object]:
    """A record with its maps, as criteria see it."""
    record = dict(columns)
    custom = columns.get("custom") or {}
    record.update(
        {name: read(custom[inside]) for name, (inside, read) in plan.custom_readers.items() if inside in custom}
    )
    for table in plan.children:
        stored = children.get(table.source, {})
        value = table.values[0].field
        for shown in table.maps:
            keys = ((table.map_key(shown, key), values) for key, values in stored.items())
            record[shown.name] = {key: values[value] for key, values in keys if key is not None}
    return record


def _check_after(plan: Plan, pending: Pending, scope: Understood) -> None:
    after = {
        table.source: wanted(table, pending.stored_children.get(table.source, {}), pending.parsed)[0]
        for table in plan.children
    }
    if not matches(scope.after, whole(plan, {**(pending.twin or {}), **pending.columns}, after)):
        text = f"{plan.resource.label} {pending.key_text} would be outside of what this call may write."
        pending.fail(Problem("filtered", Family.FILTERED, text))
