"""
Fields that are only read, and come back: as they are stored they are passed over, changed they are problems.

A record that was read, had one field changed and was sent back whole must succeed, and a caller that changes what it
cannot change must learn so. Values are compared typed, so that `450.00` is `450`. A new record or row has nothing to be
compared with. Totals, which are only read as well, are compared with what the write computes (`totals`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from records.shapes.fields import Field, Kind
from records.shapes.formatting import lexical, present_value
from records.shapes.parsing import is_blank
from records.shapes.problems import Path, Problem, read_only_field_problem
from records.shapes.values import EMPTY, InvalidValue, Value, Values, quote_text
from records.write.batch import read_or_none
from records.write.child_table import ChildTable
from records.write.drafts import DraftState
from records.write.plan import Plan

Present = Callable[[Sequence[int], frozenset[str]], Mapping[int, Values]]
PARTS: Mapping[str, Callable[[datetime], str]] = {
    "date": lambda moment: moment.date().isoformat(),
    "time": lambda moment: moment.strftime("%H:%M:%S"),
}


def reject_changed_read_only(plan: Plan, batch: Sequence[DraftState], present: Present) -> None:
    """Add a problem for each read-only field of a stored record that comes back changed (one query at most)."""
    presented = load_presented(plan, batch, present)
    for draft in batch:
        for problem in find_changed_read_only(plan, draft, presented):
            draft.add_problem(problem)


def load_presented(plan: Plan, batch: Sequence[DraftState], present: Present) -> Mapping[int, Values]:
    """Load what callers see of read-only fields that come back and that the write has not read (one query at most)."""
    coming_back = {draft.id: _names_coming_back(plan, draft) for draft in batch if draft.id is not None}
    ids = [id_ for id_, names in coming_back.items() if names]
    return present(ids, frozenset().union(*coming_back.values())) if ids else {}


def _names_coming_back(plan: Plan, draft: DraftState) -> frozenset[str]:
    """Return the names of the fields that were sent and must be looked at; of rows, only if one has such a field."""
    names = plan.shown_fields & draft.sent.keys()
    return frozenset(n for n in names if n not in plan.read_only_rows or _has_shown(plan, n, draft.sent[n]))


def _has_shown(plan: Plan, name: str, rows: Value) -> bool:
    shown = {each.name for each in plan.resource.rows_resource(name).fields if each.read_only and not each.computed}
    return isinstance(rows, list) and any(isinstance(row, Mapping) and not shown.isdisjoint(row) for row in rows)


def find_changed_read_only(plan: Plan, draft: DraftState, presented: Mapping[int, Values]) -> Iterator[Problem]:
    """Find the read-only fields of a draft that come back changed."""
    if draft.stored is None or draft.id is None:
        return
    seen = presented.get(draft.id, {})
    for name in plan.read_only_fields & draft.sent.keys():
        field, sent = plan.resource.by_name[name], draft.sent[name]
        stored = draft.id if name == "id" else seen.get(name, sent)
        yield from _compare(field, sent, stored, (name,))
    for table in plan.children:
        if table.rows is not None and table.rows.name in plan.read_only_rows & draft.sent.keys():
            yield from _compare_rows(table, draft, seen)


def _compare_rows(table: ChildTable, draft: DraftState, seen: Values) -> Iterator[Problem]:
    rows: Any = table.rows
    stored, shown = draft.stored_children.get(table.source, {}), _rows_by_key(rows.child.key, seen.get(rows.name))
    for number, row, key, _ in pair_rows(table, draft):
        for field in rows.child.fields if key in stored else ():
            if not field.writable and not field.computed and field.name in row:
                value = shown.get(tuple(map(lexical, key)), row).get(field.name)
                yield from _compare(field, row[field.name], value, (rows.name, number, field.name))


def pair_rows(table: ChildTable, draft: DraftState) -> Iterator[tuple[int, Values, tuple, Mapping[str, Any]]]:
    """Yield each row that was sent, by its number, with its key and the values that it shall have."""
    rows: Any = table.rows
    sent, targets = draft.sent.get(rows.name), draft.targets.get(table.source, {})
    # With two rows of one key there are fewer of them than were sent: then no row can be told from another.
    if not isinstance(sent, list) or len(sent) != len(targets):
        return
    for number, (row, (key, target)) in enumerate(zip(sent, targets.items(), strict=True)):
        if isinstance(row, Mapping):
            yield number, row, key, target


def _rows_by_key(key: Sequence[str], rows: object) -> Mapping[tuple, Values]:
    found = [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
    return {tuple(str(row.get(name) or "") for name in key): row for row in found}


def _compare(field: Field, sent: Value, stored: object, path: Path) -> Iterator[Problem]:
    """Yield the problem of a value that is not the stored one."""
    # A blank one says nothing: programs that make a record anew write so what they do not know.
    if is_blank(sent) or sent in ([], {}) or isinstance(sent, InvalidValue):
        return
    # A wire that shows a moment as its date and its time sends them back as two.
    if isinstance(sent, Mapping) and field.kind is Kind.DATETIME:
        moment = read_or_none(field, _as_value(stored))
        for part, text in sent.items():
            shown = PARTS[part](moment.astimezone(UTC)) if isinstance(moment, datetime) and part in PARTS else ""
            # A wire whose times have no seconds shows a whole minute.
            if text != shown and not is_blank(text) and shown.rpartition(":")[0] != text:
                yield read_only_field_problem((*path, part), quote_text(shown) if shown else "")
        return
    if isinstance(sent, Mapping) and field.kind is Kind.MAP:
        entries = stored if isinstance(stored, Mapping) else {}
        for key, text in sent.items():
            known = entries.get(key, "") or ""
            if not is_blank(text) and text != known:
                yield read_only_field_problem((*path, key), quote_text(known) if known else "")
        return
    value = _comparable(read_or_none(field, sent))
    seen = _comparable(read_or_none(field, _as_value(stored)))
    if isinstance(value, datetime) and isinstance(seen, datetime) and not value.microsecond:
        # A wire whose moments have no fractions shows a whole second.
        seen = seen.replace(microsecond=0)
    if value is None or value != seen:
        holds = _as_value(stored)
        text = ", ".join(map(str, holds)) if isinstance(holds, list) else holds
        yield read_only_field_problem(path, "" if text is EMPTY else quote_text(text))


def _comparable(value: object) -> object:
    return sorted(value) if isinstance(value, list) else value


def _as_value(stored: Any) -> Value:
    """Return a stored value, or one that is a value already, as a value."""
    return stored if isinstance(stored, list | dict) or stored is EMPTY else present_value(stored)
