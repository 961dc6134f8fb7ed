"""
Children as records of their own: the price of a part, written by itself.

    {"part": "PUMP-100", "currency": "USD", "minimum_quantity": "10", "amount": "240"}

Writing one is a change of its parent: the parent is locked, its version moves, its Change says what became of its
children. A batch is grouped by parent, so it costs what a batch of parents costs.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db import models

from records.find import FindResult, Search, find_records
from records.services import Services
from records.shapes.callers import Caller
from records.shapes.criteria import UNLIMITED, Comparator, Criterion, Scope, matches
from records.shapes.formatting import presented
from records.shapes.matching import BY_KEY, Matching
from records.shapes.outcomes import Outcome, Result
from records.shapes.parsing import completer
from records.shapes.problems import Family, Problem, ProblemError, invalid
from records.shapes.references import Ref
from records.shapes.resources import Resource
from records.shapes.values import Value, Values
from records.write.batch import Draft, Write, identify, parse
from records.write.children import Children
from records.write.decide import Rules
from records.write.engine import begin, write_records
from records.write.plan import ChildTable, Plan, plan
from records.write.removal import key_alone
from records.write.resolve import resolve
from records.write.scope import Understood, hidden, scope_problems, understood_scope, whole


@dataclass(frozen=True)
class ChildServices:
    """
    The services of children as records of their own; they stand where `Services` do.

    parent    the services of the records that have them
    relation  of the child to its parent; also the name of the field that names the parent
    rows      the parent's field that lists the children
    """

    model: type[models.Model]
    resource: Resource
    parent: Services
    relation: str
    rows: str

    def find(
        self, *, search: Search, resource: Resource | None = None, keys_only: bool = False, page_size: int | None = None
    ) -> FindResult:
        """The children that a search finds, of all parents."""
        where = plan(self.model, resource or self.resource)
        return find_records(where, search, keys_only=keys_only, page_size=page_size)

    def add(self, **asked: object) -> list[Outcome]:
        """Add new children. A key that is taken fails as a duplicate."""
        return self._write(Write.ADD, **asked)

    def update(self, **asked: object) -> list[Outcome]:
        """Change children that exist; what is absent stays. A key that is not known fails as not found."""
        return self._write(Write.UPDATE, **asked)

    def put(self, **asked: object) -> list[Outcome]:
        """Add the children that do not exist and change those that do."""
        return self._write(Write.PUT, **asked)

    def remove(self, **asked: object) -> list[Outcome]:
        """Remove children by their keys."""
        return self._write(None, **asked)

    def _write(
        self,
        write: Write | None,
        *,
        records: Sequence[Values],
        by: Caller,
        at: datetime,
        resource: Resource | None = None,
        scope: Scope = UNLIMITED,
        matching: Matching = BY_KEY,
    ) -> list[Outcome]:
        if matching != BY_KEY:
            raise ProblemError(
                invalid(f"{self.resource.label_plural} are found by their keys alone.", code="by-key-alone")
            )
        where = plan(self.model, resource or self.resource)
        begin()
        given = records if write else [key_alone(where, values) for values in records]
        batch = parse(where, given, agree=write is not Write.ADD)
        resolve(where, batch)
        identify(where, batch)
        _through_parents(self, where, write, batch, understood_scope(where, scope), by=by, at=at)
        return [pending.outcome for pending in batch]


def _through_parents(
    services: ChildServices,
    where: Plan,
    write: Write | None,
    batch: Sequence[Draft],
    scope: Understood,
    *,
    by: Caller,
    at: datetime,
) -> None:
    """Write the batch as changes of its parents, one record for each of them."""
    families: dict[Ref, list[Draft]] = {}
    for pending in batch:
        if pending.outcome is None:
            families.setdefault(pending.parsed[services.relation], []).append(pending)
    _refuse_different_versions(families)
    families = {ref: waiting for ref, family in families.items() if (waiting := _waiting(family))}
    if not families:
        return
    before = _ids(services, where, families) if write is None else {}
    meeting = _meeting(services, where, write, families, scope)
    parents = plan(services.parent.model, services.parent.resource)
    asked = [{"id": str(ref.id), **_version(family)} for ref, family in families.items()]
    rules = Rules(meeting, needs=frozenset({services.rows}))
    outcomes = write_records(parents, Write.UPDATE, asked, by=by, at=at, rules=rules)
    ids = before or _ids(services, where, families)
    for outcome, family in zip(outcomes, families.values(), strict=True):
        for pending in family:
            _end(pending, outcome, ids.get(tuple(map(presented, pending.key))), services.rows)


def _waiting(family: Sequence[Draft]) -> list[Draft]:
    return [pending for pending in family if pending.outcome is None]


def _version(family: Sequence[Draft]) -> dict[str, str]:
    demanded = next(
        (pending.parsed["version"] for pending in family if pending.parsed.get("version") is not None), None
    )
    return {} if demanded is None else {"version": str(demanded)}


def _refuse_different_versions(families: Mapping[Ref, Sequence[Draft]]) -> None:
    """The version of a child is its parent's: a call may demand one only."""
    for ref, family in families.items():
        versions = {pending.parsed["version"] for pending in family if pending.parsed.get("version") is not None}
        for pending in family if len(versions) > 1 else ():
            text = f"{{field}} is that of {ref}, of which this call demands several."
            pending.fail(Problem("version-conflict", Family.CONFLICT, text, ("version",)))


def _ids(services: ChildServices, where: Plan, families: Mapping[Ref, object]) -> dict[tuple[Value, ...], int]:
    """The ids of all children of some parents, by their keys as they are shown (one query)."""
    named = Criterion((services.relation,), Comparator.IN, tuple(ref.text for ref in families))
    found = find_records(where, Search((named,))).records
    return {tuple(record[name] for name in where.resource.key): int(record["id"]) for record in found}


@lru_cache(maxsize=64)
def _completer(resource: Resource) -> Callable[[dict[str, object]], list[Problem]]:
    return completer(resource)


def _meeting(
    services: ChildServices, where: Plan, write: Write | None, families: Mapping[Ref, list[Draft]], scope: Understood
) -> Callable[[Plan, Sequence[Draft], datetime], None]:
    """The rule of the parents' write: each is given the children that it shall have."""
    by_id = {ref.id: family for ref, family in families.items()}

    def meet(parents: Plan, batch: Sequence[Draft], at: datetime) -> None:
        table = next(table for table in parents.children if services.rows in table.names)
        for parent in batch:
            target = dict(parent.stored_children.get(table.source, {}))
            for pending in by_id[parent.id]:
                pending.outcome = None
                _meet(where, table, write, pending, target, scope)
            parent.targets[table.source] = target

    return meet


def _meet(
    where: Plan, table: ChildTable, write: Write | None, pending: Draft, target: Children, scope: Understood
) -> None:
    """Give the child its place among its parent's children, or fail it."""
    key = pending.key[1:]
    pending.twin = _columns(where, pending, target[key]) if key in target else None
    unseen = _not_found(where, pending)
    if pending.twin is None and write in (Write.UPDATE, None):
        pending.fail(unseen)
    elif pending.twin is not None and (problem := hidden(where, pending, scope, unseen)):
        pending.fail(problem)
    elif pending.twin is not None and write is Write.ADD:
        text = f"{where.resource.label} {pending.key_text} exists already."
        pending.fail(Problem("already-exists", Family.DUPLICATE, text, (where.resource.key[-1],)))
    elif write is None:
        _let_go(where, pending, target, scope)
    else:
        _put(where, table, pending, target, scope)


def _columns(where: Plan, pending: Draft, values: Mapping[str, object]) -> dict[str, object]:
    """All columns of a child: its key and these values."""
    return {**dict(zip((column.field for column in where.key), pending.key, strict=True)), **values}


def _not_found(where: Plan, pending: Draft) -> Problem:
    text = f"There is no {where.resource.label.lower()} {pending.key_text}."
    return Problem("not-found", Family.NOT_FOUND, text, (where.resource.key[-1],))


def _let_go(where: Plan, pending: Draft, target: Children, scope: Understood) -> None:
    if scope.locked and matches(scope.locked, whole(where, pending.twin, {})):
        pending.fail(Problem("locked", Family.LOCKED, "It may not be removed in its present state."))
        return
    del target[pending.key[1:]]
    pending.result(Result.DELETED)


def _put(where: Plan, table: ChildTable, pending: Draft, target: Children, scope: Understood) -> None:
    stored = pending.twin or {}
    sent = dict(pending.parsed)
    problems = [] if stored else _completer(where.resource)(sent)
    values = {column.field: sent.get(column.field, stored.get(column.field)) for column in table.values}
    columns = _columns(where, pending, values)
    pending.columns = {name: value for name, value in columns.items() if name not in stored or stored[name] != value}
    if problems := problems or scope_problems(where, pending, scope):
        pending.fail(*problems)
        return
    target[pending.key[1:]] = values
    pending.result(Result.CREATED if not stored else Result.UPDATED if pending.columns else Result.UNCHANGED)


def _end(pending: Draft, parent: Outcome, id_: int | None, rows: str) -> None:
    """The child's outcome, now that its parent's is known."""
    if parent.failed and not (pending.outcome and pending.outcome.failed):
        pending.fail(*(_seen_from_inside(problem, rows) for problem in parent.problems))
    elif not pending.outcome.failed:
        pending.id, pending.version = id_, parent.version or 0
        pending.result(pending.outcome.result)


def _seen_from_inside(problem: Problem, rows: str) -> Problem:
    """A problem of the parent's as its child has it: without the path to the child."""
    inside = problem.path[2:] if problem.path[:1] == (rows,) else problem.path
    return Problem(problem.code, problem.family, problem.text, inside, problem.other)
