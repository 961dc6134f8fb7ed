"""
The children of the records of a batch: what they are, what they shall be, and the difference.

A set of children is `{child key: {column: value}}`; a child key is a tuple in the order of `ChildTable.key`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count

from records.shapes.fields import Field
from records.shapes.formatting import lexical
from records.shapes.parsing import completer
from records.shapes.problems import Family, Problem, invalid
from records.shapes.resources import Resource
from records.shapes.values import EMPTY
from records.write.plan import ChildTable

Children = dict[tuple, dict[str, object]]
BLANK: Mapping[str, object] = {}


@dataclass(slots=True)
class Difference:
    """What has to be written of one record's children in one table."""

    removed: list[tuple] = field(default_factory=list)
    added: Children = field(default_factory=dict)
    changed: Children = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.removed or self.added or self.changed)


def wanted(table: ChildTable, current: Children, parsed: Mapping[str, object]) -> tuple[Children, list[Problem]]:
    """
    The children that a record asks for, given those it has: rows are the whole list, maps set single entries.

    A row that is known keeps what is not sent of it. When rows and a map that shows the same children are both sent
    they must agree.
    """
    target, problems = dict(current), []
    from_rows = table.rows is not None and table.rows.name in parsed
    if from_rows:
        target, problems = _from_rows(table, current, parsed[table.rows.name])
    for shown in table.maps:
        if shown.name in parsed:
            asked = dict(target) if from_rows else target
            _set_entries(table, shown, asked, parsed[shown.name])
            if from_rows and asked != target:
                problems.append(_disagreement(shown.name, table.rows.name))
            target = asked
    return target, problems


@lru_cache(maxsize=256)
def _completer(resource: Resource) -> Callable[[dict[str, object]], list[Problem]]:
    return completer(resource)


def _from_rows(
    table: ChildTable, current: Children, rows: Sequence[Mapping[str, object]]
) -> tuple[Children, list[Problem]]:
    target: Children = {}
    problems: list[Problem] = []
    complete = _completer(table.rows.child)
    drawn = _numbers(table, current, rows)
    drawable = {field.name for field in table.rows.child.key_fields if field.auto_number}
    for number, sent in enumerate(rows):
        path = (table.rows.name, number)
        row = {name: value for name, value in sent.items() if value is not None or name not in drawable}
        key = tuple(row[column.field] if column.field in row else next(drawn) for column in table.key)
        if key in target:
            text = "{field} has the same key as an earlier row; each key may come once."
            problems.append(Problem("duplicate-row", Family.DUPLICATE, text, path))
        if key in current:
            row = {**current[key], **row}
        else:
            row.update(zip((column.field for column in table.key), key, strict=True))
            problems += [problem.under(*path) for problem in complete(row)]
        target[key] = {column.field: row.get(column.field) for column in table.values}
    return target, problems


def _numbers(table: ChildTable, current: Children, rows: Sequence[Mapping[str, object]]) -> Iterator[int]:
    """Line numbers for rows that have none: those that follow the highest one there is, or was sent."""
    first = table.key[0].field
    taken = [row[first] for row in rows if isinstance(row.get(first), int)]
    taken += [key[0] for key in current if isinstance(key[0], int)]
    return count(max(taken, default=0) + 1)


def _set_entries(table: ChildTable, shown, target: Children, entries: object) -> None:
    value = table.values[0].field
    if entries is EMPTY:
        for key in [key for key in target if table.map_key(shown, key) is not None]:
            del target[key]
        return
    for name, entry in entries.items():
        key = table.full_key(shown, name)
        if entry is None:
            target.pop(key, None)
        else:
            target[key] = {value: entry}


def _disagreement(map_name: str, rows_name: str) -> Problem:
    text = "{field} and {other} contradict each other; send one of them."
    return Problem("contradiction", invalid("").family, text, (map_name,), (rows_name,))


def difference(current: Children, target: Children) -> Difference:
    """What turns the current children into the target."""
    if not current:
        return Difference(added=target)
    change = Difference([key for key in current if key not in target])
    for key, values in target.items():
        if key not in current:
            change.added[key] = values
        elif current[key] != values:
            change.changed[key] = values
    return change


def entries(table: ChildTable, shown: Field, children: Children) -> dict[str, object]:
    """What a map shows of some children."""
    value = table.values[0].field
    keys = ((table.map_key(shown, key), values) for key, values in children.items())
    return {key: values[value] for key, values in keys if key is not None}


def rows(table: ChildTable, children: Children) -> Children:
    """What a caller can set of some children that are shown as rows: all but what is computed."""
    settable = {field.stored_as for field in table.rows.child.writable}
    return {key: {name: values[name] for name in values if name in settable} for key, values in children.items()}


def journal(table: ChildTable, current: Children, change: Difference) -> dict[str, list]:
    """The difference as a Change keeps it: `{"price.USD": ["250", "255"]}`."""
    entries: dict[str, list] = {}
    sides = [(key, current[key], BLANK) for key in change.removed]
    sides += [(key, BLANK, after) for key, after in change.added.items()]
    sides += [(key, current[key], after) for key, after in change.changed.items()]
    for key, before, after in sides:
        name = table.name_of(key)
        for column, of_several in table.told:
            entry = [shown(before.get(column)), shown(after.get(column))]
            if entry[0] != entry[1]:
                entries[name + of_several] = entry
    return entries


def shown(value: object) -> object:
    """A stored value as a Change keeps it: text, a list of texts, or null when it is blank."""
    if type(value) is str:
        return value or None
    if value is None or value == []:
        return None
    return list(map(lexical, value)) if type(value) is list else lexical(value)
