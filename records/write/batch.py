"""
The records of one call on their way through a write: parsed, matched with their stored twins, decided.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from records import sql
from records.shapes.formatting import lexical, presented
from records.shapes.matching import MatchRule
from records.shapes.outcomes import Outcome, Result, failed
from records.shapes.parsing import blank, completer, is_blank, record_reader
from records.shapes.problems import Family, Problem, missing
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, Values, quoted
from records.write import statements
from records.write.children import Children, Difference
from records.write.plan import Plan

ID = re.compile("[0-9]{1,18}", re.ASCII)


class Write(StrEnum):
    """How a record meets what is stored: only new, only known, or either."""

    ADD = "add"
    UPDATE = "update"
    PUT = "put"


@dataclass(frozen=True, slots=True)
class Asked:
    """
    What a way asks of the twin of one record: to equal it in these of its fields.

    values  typed as they are stored, a custom one as its text; None: it cannot be typed, and no record has it
    texts   as they were sent
    """

    way: MatchRule
    fields: tuple[str, ...]
    values: tuple[object, ...]
    texts: tuple[str, ...]

    @property
    def possible(self) -> bool:
        """Whether any record can answer to it."""
        return bool(self.values) and None not in self.values


@dataclass(eq=False, slots=True)
class Draft:
    """
    One record that has no outcome yet.

    parsed    what was sent, typed, by field
    key       its key, typed, in the order of the resource's key
    twin      what is stored, by field; None: nothing is
    columns   the columns that it shall have, by field; once settled, those that change
    targets   per child table that was touched, the children that it shall have
    children  per child table, what has to be written; once settled
    draws     it is new and its key is to be drawn
    asked     what its ways ask of its twin; (): its key does
    met       which of them its twin has answered to; None: none
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
    asked: tuple[Asked, ...] = ()
    met: Asked | None = None

    @property
    def key_text(self) -> str:
        return " / ".join(lexical(part) for part in self.key if part not in (None, ""))

    @property
    def sought(self) -> tuple[str, ...]:
        """The fields that its twin has answered to; all that were asked when none has."""
        met = (self.met,) if self.met else self.asked
        return tuple(dict.fromkeys(name for each in met for name in each.fields))

    def value(self, column: str) -> object:
        """What the record will hold."""
        return self.columns[column] if column in self.columns else (self.twin or {}).get(column)

    def changes(self, *columns: str) -> bool:
        """Whether one of the columns becomes another than it is; of a new record, whether it has one."""
        return any(self.value(column) != (self.twin or {}).get(column) for column in columns)

    def fail(self, *problems: Problem) -> None:
        """A number that was drawn for it is told to nobody: nothing will ever have it."""
        key = "" if self.draws else self.key_text
        self.outcome = failed(key, *problems, id=self.id, version=self.version or None)

    def fail_with(self, problems: Sequence[Problem]) -> None:
        """Fail when there are problems."""
        if problems:
            self.fail(*problems)

    def result(self, result: Result) -> None:
        self.outcome = Outcome(result, self.key_text, self.id, self.version, by=self.sought if self.asked else ())


@lru_cache(maxsize=256)
def _compiled(resource: Resource) -> tuple[Callable, Callable]:
    return record_reader(resource), completer(resource)


def parse(
    plan: Plan, records: Sequence[Values], *, draw: bool = False, agree: bool = False, keyless: bool = False
) -> list[Draft]:
    """
    The records, typed; those that cannot be read or lack their key have failed already.

    A record that comes with its id in the place of its whole key is given its key (one query for all of them).

    agree    where records are paged by id, one that comes with both must be the one that has this id
    keyless  a record needs no key yet: it is searched
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
                batch.append(Draft(index, {}))
                batch[-1].fail(problem)
                continue
            values = {**values, **stored}
        parsed, problems = read(values)
        pending = Draft(index, parsed, tuple([parsed.get(name, "") for name in key]))
        if not keyless and ("" in pending.key or None in pending.key):
            known = {problem.path[0] for problem in problems}
            problems += [problem for problem in lacks_key(plan, pending, draw=draw) if problem.path[0] not in known]
        if problems:
            pending.fail(*problems)
        batch.append(pending)
    return batch


def lacks_key(plan: Plan, pending: Draft, *, draw: bool) -> list[Problem]:
    """What the record lacks of its key; a part that can be drawn is noted, and one that it may lack is given it."""
    problems = []
    for part in plan.resource.key_fields:
        if pending.parsed.get(part.name) not in (None, ""):
            continue
        if draw and part.auto_number:
            pending.draws = True
        elif part.auto_number or plan.resource.needs(part):
            problems.append(missing((part.name,)))
        else:
            pending.parsed[part.name] = blank(part)
    return problems


def _is_by_id(plan: Plan, values: Values, both: bool) -> bool:
    return isinstance(values.get("id"), str) and (both or not any(name in values for name in plan.resource.key))


def _keys_by_id(plan: Plan, ids: Sequence[str]) -> dict[str, Values]:
    known = [id_ for id_ in ids if ID.fullmatch(id_)]
    if not known:
        return {}
    rows = sql.rows(statements.select_keys(plan.table, plan.key), [known])
    return {
        str(id_): {
            name: presented(column.decode(value))
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
        if is_blank(sent) and stored[name] is EMPTY:
            continue
        if not isinstance(sent, str) or sent.strip() != stored[name]:
            given = quoted(sent) if isinstance(sent, str) else "nothing"
            has = f"The {plan.resource.label.lower()} with id {values['id']} has {{field}} {quoted(stored[name])}"
            text = f"{has}, not {given}; they must agree."
            return Problem("keys-disagree", Family.INVALID, text, (name,))
    return None


def identify(plan: Plan, batch: Sequence[Draft]) -> None:
    """Give the records that were resolved their keys; those that share one fail, each naming the others."""
    names = [column.field for column in plan.key]
    for pending in batch:
        if pending.outcome is None and not pending.draws:
            pending.key = tuple([pending.parsed[name] for name in names])
    refuse_duplicates(plan, batch)


def completed(plan: Plan, parsed: Mapping[str, object]) -> tuple[dict[str, object], list[Problem]]:
    """What was sent with the defaults of the rest, and the required fields that are missing."""
    complete = _compiled(plan.resource)[1]
    record = dict(parsed)
    record.pop("version", None)
    return record, complete(record)


def refuse_duplicates(plan: Plan, batch: Sequence[Draft]) -> None:
    """Records that share a key fail, each naming the others."""
    path = (plan.resource.key[0],)
    needed = [
        place for place, part in enumerate(plan.resource.key_fields) if part.auto_number or plan.resource.needs(part)
    ]
    by_key: dict[tuple, list[Draft]] = {}
    for pending in batch:
        if pending.key and not pending.draws and all(pending.key[place] not in (None, "") for place in needed):
            by_key.setdefault(pending.key, []).append(pending)
    for sharing in by_key.values():
        for pending in sharing if len(sharing) > 1 else ():
            others = ", ".join(str(other.index + 1) for other in sharing if other is not pending)
            text = f"{{field}} {pending.key_text} comes more than once in this call (also as record {others})."
            pending.fail(Problem("duplicate-in-call", Family.DUPLICATE, text, path))
