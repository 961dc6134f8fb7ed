"""
The children of the records of a batch: the stored ones, those that they shall have, and the difference.

A set of children is `{child key: {column: value}}`; a child key is a tuple in the order of `ChildTable.key`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from types import MappingProxyType
from typing import Any

from records.shapes.fields import MapField, RowsField, ScalarField
from records.shapes.formatting import lexical
from records.shapes.problems import Family, Path, Problem, missing_problem
from records.shapes.references import Ref
from records.shapes.resources import VENDOR
from records.shapes.values import EMPTY
from records.write.child_table import ChildTable

Children = dict[tuple, dict[str, Any]]
Columns = Mapping[str, Any]
BLANK: Columns = {}
THERE = "true"  # in a Change, a child that has no columns but its key
Rivals = Mapping[Path, Sequence["Rival"]]


@dataclass(frozen=True, slots=True)
class Rival:
    """A field that names another record than the field before it, of the same relation."""

    field: ScalarField
    ref: Ref


def choose_rivals(values: dict[str, Any], stored: Columns, rivals: Iterable[Rival]) -> list[Problem]:
    """
    Put the record that was meant under the name of each relation, in place; return the problems of those that disagree.

    A name that comes back as it is stored gives way to one that was changed.
    """
    problems = []
    for rival in rivals:
        relation = rival.field.stored_as
        named, before = values[relation], stored.get(relation)
        if named == rival.ref or before == rival.ref:
            continue
        if before is not None and named == before:
            values[relation] = rival.ref
        else:
            text = f"{{field}} names {rival.ref}, but another field of the same record names {named}; they must agree."
            problems.append(Problem("contradiction", Family.INVALID, text, (rival.field.name,)))
    return problems


@dataclass(slots=True)
class Difference:
    """The children of one record in one table that have to be removed, added and changed."""

    removed: list[tuple] = field(default_factory=list)
    added: Children = field(default_factory=dict)
    changed: Children = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.removed or self.added or self.changed)


def target_children(
    table: ChildTable, current: Children, parsed: Mapping[str, Any], rivals: Rivals = MappingProxyType({})
) -> tuple[Children, list[Problem]]:
    """
    Build the children that a record shall have from those it has: rows are the whole list, maps set single entries.

    A row that is stored keeps the columns that are not sent. When rows and a map that shows the same children are both
    sent they must agree, or one of them comes back as it is stored. Also returns the problems found.
    """
    target = dict(current)
    problems: list[Problem] = []
    rows = table.rows if table.rows is not None and table.rows.name in parsed else None
    if rows is not None:
        target, problems = _read_rows(table, rows, current, parsed[rows.name], rivals)
    for map_field in table.maps:
        if map_field.name in parsed:
            merged = dict(target) if rows else target
            _set_entries(table, map_field, merged, parsed[map_field.name])
            # The map may repeat what the rows say of it, but not change them, unless they are as they were.
            if rows and merged != target != current:
                as_stored = dict(current)
                _set_entries(table, map_field, as_stored, parsed[map_field.name])
                if as_stored == current:
                    continue
                problems.append(_contradiction(map_field.name, rows.name))
            target = merged
    return target, problems


def merge_vendor_data(field: MapField | None, sent: Any, stored: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """
    Return the content of a column of vendor data: what was sent, laid over what is stored.

    field  of the vendor whose data they are; None: nobody's, and nothing changes
    sent   texts by name, None removes one; EMPTY removes all; None: nothing was sent
    """
    merged: dict[str, Any] = dict(stored)
    if field is None or sent is None:
        return merged
    texts = {} if sent is EMPTY else {**merged.get(field.json_key, {}), **sent}
    # In one form only: what has no value is not there, and neither is a vendor without data.
    merged[field.json_key] = {name: text for name, text in texts.items() if text}
    return {vendor: texts for vendor, texts in merged.items() if texts}


def _read_rows(
    table: ChildTable, field: RowsField, current: Children, rows: Sequence[Mapping[str, Any]], rivals: Rivals
) -> tuple[Children, list[Problem]]:
    target: Children = {}
    problems: list[Problem] = []
    numbers = _count_line_numbers(table, current, rows)
    names = table.key_names
    for number, sent in enumerate(rows):
        row = dict(sent)
        for name in table.auto_numbers:
            if name in row and row[name] is None:
                del row[name]
        key = tuple([row[name] if name in row else next(numbers) for name in names])
        if key in target:
            text = "{field} has the same key as an earlier row; each key may come once."
            problems.append(Problem("duplicate-row", Family.DUPLICATE, text, (field.name, number)))
        if rivals and (named := rivals.get((field.name, number))):
            found = choose_rivals(row, current.get(key, BLANK), named)
            problems += [problem.under(field.name, number) for problem in found]
        if key in current:
            # Absent means unchanged inside a stored row, too, though the list as a whole is what was sent.
            kept = {**current[key], **row}
            values = {name: kept.get(name) for name in table.value_names}
        else:
            row.update(zip(names, key, strict=True))
            values, missing = build_new_row(table, row)
            problems += [problem.under(field.name, number) for problem in missing]
        if table.has_vendor_data:
            stored = current[key][VENDOR] if key in current else {}
            values[VENDOR] = merge_vendor_data(table.vendor_field, sent.get(VENDOR), stored)
        target[key] = values
    return target, problems


def build_new_row(table: ChildTable, row: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """Return the columns of a new row, its key aside, and a problem for each required field missing."""
    # As `completer` says, but without what is no column.
    values = table.blank_values.copy()
    for name, value in row.items():
        if name in values:
            values[name] = value
    for name in table.list_columns:
        if name not in row:
            values[name] = values[name].copy()
    return values, [missing_problem((name,)) for name in table.required_fields if name not in row]


def _count_line_numbers(table: ChildTable, current: Children, rows: Sequence[Mapping[str, Any]]) -> Iterator[int]:
    """Count line numbers for rows that have none, from the highest one that is stored or was sent."""
    first = table.key[0].field
    taken = [number for row in rows if isinstance(number := row.get(first), int)]
    taken += [key[0] for key in current if isinstance(key[0], int)]
    return count(max(taken, default=0) + 1)


def _set_entries(table: ChildTable, map_field: MapField, target: Children, entries: Any) -> None:
    """Set and remove single entries of a map, in place; EMPTY removes all that the map shows."""
    value, blank = table.map_column, table.blank_values
    if entries is EMPTY:
        for key in [key for key in target if table.map_key(map_field, key) is not None]:
            del target[key]
        return
    for name, entry in entries.items():
        key = table.full_key(map_field, name)
        if entry is None:
            target.pop(key, None)
        else:
            target[key] = {**target.get(key, blank), value: entry}


def _contradiction(map_name: str, rows_name: str) -> Problem:
    text = "{field} and {other} contradict each other; send one of them."
    return Problem("contradiction", Family.INVALID, text, (map_name,), (rows_name,))


def difference(current: Children, target: Children) -> Difference:
    """Compute the difference that turns the current children into the target."""
    if not current:  # nothing to compare
        return Difference(added=target)
    change = Difference([key for key in current if key not in target])
    for key, values in target.items():
        if key not in current:
            change.added[key] = values
        elif current[key] != values:
            change.changed[key] = values
    return change


def map_entries(table: ChildTable, map_field: MapField, children: Children) -> dict[str, object]:
    """Return the entries of a map that shows some children."""
    value = table.map_column
    keys = ((table.map_key(map_field, key), values) for key, values in children.items())
    return {key: values[value] for key, values in keys if key is not None}


def settable_rows(field: RowsField, children: Children) -> Children:
    """Return the columns that a caller can set of children that are shown as rows: all but the computed ones."""
    settable = {each.stored_as for each in field.child.writable}
    return {key: {name: values[name] for name in values if name in settable} for key, values in children.items()}


def child_changes(table: ChildTable, current: Children, change: Difference) -> dict[str, list]:
    """Return the difference as a Change keeps it: `{"price.USD": ["250", "255"]}`."""
    changes: dict[str, list] = {}
    sides: list[tuple[tuple, Columns, Columns]] = [(key, current[key], BLANK) for key in change.removed]
    sides += [(key, BLANK, after) for key, after in change.added.items()]
    sides += [(key, current[key], after) for key, after in change.changed.items()]
    for key, before, after in sides:
        name = table.child_name(key)
        if not table.values:  # it is there, or it is not
            changes[name] = [None if before is BLANK else THERE, None if after is BLANK else THERE]
        for column, suffix in table.journaled_columns:
            old, new = journal_value(before.get(column)), journal_value(after.get(column))
            if old != new:
                changes[name + suffix] = [old, new]
        if table.has_vendor_data:
            differences = vendor_differences(before.get(VENDOR), after.get(VENDOR))
            changes.update({f"{name}.{path}": [old, new] for path, old, new in differences})
    return changes


def vendor_differences(before: Any, after: Any) -> Iterator[tuple[str, str | None, str | None]]:
    """Yield path, old and new text of the vendor data that differ: `expandable.PART_TYPE`."""
    before, after = before or {}, after or {}
    for vendor in dict.fromkeys((*before, *after)):
        old, new = before.get(vendor, {}), after.get(vendor, {})
        for name in dict.fromkeys((*old, *new)):
            if old.get(name) != new.get(name):
                yield f"{vendor}.{name}", old.get(name), new.get(name)


def journal_value(value: object) -> object:
    """Return a stored value as a Change keeps it: text, a list of texts, or null when it is blank."""
    if type(value) is str:  # most values are; this runs for each column of each record
        return value or None
    if value is None or value == []:
        return None
    return list(map(lexical, value)) if type(value) is list else lexical(value)
