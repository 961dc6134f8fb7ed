"""
The records of one call on their way through a write: parsed, matched with their stored twins, decided.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from records import sql
from records.shapes.outcomes import Became, Outcome, failed
from records.shapes.presenting import lexical
from records.shapes.problems import Family, Path, Problem, missing
from records.shapes.reading import completer, record_reader
from records.shapes.resources import Resource
from records.shapes.values import Values, quoted
from records.write import statements
from records.write.children import Children, Difference
from records.write.plan import Plan

ID = re.compile("[0-9]{1,18}", re.ASCII)


class Write(StrEnum):
    """How a record meets what is stored: only new, only known, or either."""

    ADD = "add"
    UPDATE = "update"
    PUT = "put"


@dataclass(eq=False, slots=True)
class Pending:
    """
    One record that has no outcome yet.

    parsed    what was sent, typed, by field
    key       its key, typed, in the order of the resource's key
    twin      what is stored, by field; None: nothing is
    columns   the columns that it shall have, by field; once settled, those that change
    targets   per child table that was touched, the children that it shall have
    children  per child table, what has to be written; once settled
    draws     it is new and its key is to be drawn
    """

    index: int
    parsed: dict[str, object]
    key: tuple = ()
    id: int | None = None
    version: int = 0
    twin: dict[str, object] | None = None
    stored_children: dict[str, Children] = field(default_factory=dict)
    columns: dict[str, object] = field(default_factory=dict)
    targets: dict[str, Children] = field(default_factory=dict)
    children: dict[str, Difference] = field(default_factory=dict)
    outcome: Outcome | None = None
    draws: bool = False

    @property
    def key_text(self) -> str:
        return " / ".join(map(lexical, self.key))

    def value(self, column: str) -> object:
        """What the record will hold."""
        return self.columns[column] if column in self.columns else (self.twin or {}).get(column)

    def changes(self, *columns: str) -> bool:
        """Whether one of the columns becomes another than it is; of a new record, whether it has one."""
        return any(self.value(column) != (self.twin or {}).get(column) for column in columns)

    def fail(self, *problems: Problem) -> None:
        self.outcome = failed(self.key_text, *problems, id=self.id, version=self.version or None)

    def fail_with(self, problems: Sequence[Problem]) -> None:
        """Fail when there are problems."""
        if problems:
            self.fail(*problems)

    def became(self, became: Became) -> None:
        self.outcome = Outcome(became, self.key_text, self.id, self.version)


@lru_cache(maxsize=256)
def _compiled(resource: Resource) -> tuple[Callable, Callable]:
    return record_reader(resource), completer(resource)


def parse(plan: Plan, records: Sequence[Values], *, draw: bool = False, agree: bool = False) -> list[Pending]:
    """
    The records, typed; those that cannot be read or lack their key have failed already.

    A record that comes with its id in the place of its whole key is given its key (one query for all of them).

    agree  where records are paged by id, one that comes with both must be the one that has this id
    """
    read, _ = _compiled(plan.resource)
    key = plan.resource.key
    both = agree and plan.resource.order == ("id",)
    keys = _keys_by_id(plan, [values["id"] for values in records if "id" in values and _is_by_id(plan, values, both)])
    batch = []
    for index, values in enumerate(records):
        if "id" in values and _is_by_id(plan, values, both):
            stored = keys.get(values["id"])
            if problem := _unknown_id(plan, values["id"]) if stored is None else _disagreement(plan, values, stored):
                batch.append(Pending(index, {}))
                batch[-1].fail(problem)
                continue
            values = {**values, **stored}
        parsed, problems = read(values)
        pending = Pending(index, parsed, tuple([parsed.get(name, "") for name in key]))
        if "" in pending.key or None in pending.key:
            problems += _missing_key(plan, pending, {problem.path[0] for problem in problems}, draw)
        if problems:
            pending.fail(*problems)
        batch.append(pending)
    return batch


def _missing_key(plan: Plan, pending: Pending, known: set, draw: bool) -> Iterator[Problem]:
    """The parts of its key that a record lacks, but for those that are known to be wrong; what can be is drawn."""
    for part in plan.resource.key_fields:
        if pending.parsed.get(part.name) in (None, "") and part.name not in known:
            if draw and part.drawn:
                pending.draws = True
            else:
                yield missing((part.name,))


def _is_by_id(plan: Plan, values: Values, both: bool) -> bool:
    return isinstance(values.get("id"), str) and (both or not any(name in values for name in plan.resource.key))


def _keys_by_id(plan: Plan, ids: Sequence[str]) -> dict[str, Values]:
    known = [id_ for id_ in ids if ID.fullmatch(id_)]
    if not known:
        return {}
    rows = sql.rows(statements.select_keys(plan.table, plan.key), [known])
    return {
        str(id_): {
            name: lexical(column.decode(value))
            for name, column, value in zip(plan.resource.key, plan.key, values, strict=True)
        }
        for id_, *values in rows
    }


def _unknown_id(plan: Plan, id_: str) -> Problem:
    text = f"There is no {plan.resource.label.lower()} with {{field}} {quoted(id_)}."
    return Problem("not-found", Family.NOT_FOUND, text, ("id",))


def _disagreement(plan: Plan, values: Values, stored: Values) -> Problem | None:
    """Id and key name two records."""
    for name in plan.resource.key:
        sent = values.get(name, stored[name])
        if not isinstance(sent, str) or sent.strip() != stored[name]:
            given = quoted(sent) if isinstance(sent, str) else "nothing"
            has = f"The {plan.resource.label.lower()} with id {values['id']} has {{field}} {quoted(stored[name])}"
            text = f"{has}, not {given}; they must agree."
            return Problem("keys-disagree", Family.INVALID, text, (name,))
    return None


def identify(plan: Plan, batch: Sequence[Pending]) -> None:
    """Give the records that were resolved their keys; those that share one fail, each naming the others."""
    names = [column.field for column in plan.key]
    for pending in batch:
        if pending.outcome is None and not pending.draws:
            pending.key = tuple([pending.parsed[name] for name in names])
    _refuse_duplicates(batch, (plan.resource.key[0],))


def completed(plan: Plan, parsed: Mapping[str, object]) -> tuple[dict[str, object], list[Problem]]:
    """What was sent with the defaults of the rest, and the required fields that are missing."""
    complete = _compiled(plan.resource)[1]
    record = dict(parsed)
    record.pop("version", None)
    return record, complete(record)


def _refuse_duplicates(batch: Sequence[Pending], path: Path) -> None:
    by_key: dict[tuple, list[Pending]] = {}
    for pending in batch:
        key = pending.key
        if key and not pending.draws and None not in key and "" not in key:
            by_key.setdefault(key, []).append(pending)
    for sharing in by_key.values():
        for pending in sharing if len(sharing) > 1 else ():
            others = ", ".join(str(other.index + 1) for other in sharing if other is not pending)
            text = f"{{field}} {pending.key_text} comes more than once in this call (also as record {others})."
            pending.fail(Problem("duplicate-in-call", Family.DUPLICATE, text, path))
