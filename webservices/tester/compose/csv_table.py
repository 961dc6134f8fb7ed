"""
Records out of a pasted table: CSV with a header row, separated by commas, semicolons or tabs.

    number;description.en;price.USD;rows.1.part_number
    PUMP-900;Pump, special;250.00;…

A column names a field as the hub does, by its label, or as the dialect spells it; after a point comes the entry of a
map, or the number of a row. Of a list the items are separated by |. An empty cell leaves its field out.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from io import StringIO

from records.shapes.fields import Field, Kind, MapField, RowsField
from records.shapes.resources import LONGEST_NAME, Resource
from records.shapes.values import Value
from webservices.tester.compose.bulk import MOST
from webservices.tester.errors import TesterError
from webservices.wire.dialects.base import Dialect
from webservices.wire.reference.catalog import Offer

SEPARATORS = ",;\t"
ITEMS = "|"
MOST_COLUMNS = 1_000
MOST_WRONG = 10  # columns that are told to be none
MOST_ROWS = 10_000  # of one record, by their numbers


@dataclass(frozen=True)
class ColumnNames:
    """
    Names that the columns of a kind of record may have.

    fields   by normalized name
    display  the name as messages show it, by normalized name
    inner    names of the fields of a row, by the field that holds the rows
    """

    fields: Mapping[str, Field]
    display: Mapping[str, str]
    inner: Mapping[str, "ColumnNames"] = field(default_factory=dict)


@dataclass(frozen=True)
class CellTarget:
    """The target of a column's cells: a field; the entry of a map; a field of the row with this number."""

    field: Field
    entry: str = ""
    row: int = 0
    inner: "CellTarget | None" = None

    @property
    def place(self) -> tuple:
        """The names and numbers that lead to it, no two targets of a record have the same."""
        return self.field.name, self.entry, self.row, self.inner.place if self.inner else None


def read_records(text: str, dialect: Dialect, api: Offer, defaults: Mapping[str, str]) -> list[dict[str, Value]]:
    """
    Read the records of a table, one for each of its rows; raises TesterError.

    defaults  the entry for a column that names a map without one: `{"language": "en", "currency": "USD"}`
    """
    header, rows = _read(text)
    names = column_names(dialect, api)
    targets = _read_header(header, names, defaults)
    records = [_record(targets, cells, line) for line, cells in rows]
    if not records:
        raise TesterError("The table has a header and no row.")
    if len(records) > MOST:
        raise TesterError(f"A table has at most {MOST:,} rows here; this one has {len(records):,}.")
    return records


def _read(text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    # Excel begins a file of CSV in UTF-8 with a byte order mark.
    text = text.removeprefix("\ufeff").strip("\r\n")
    first = text.partition("\n")[0]
    # csv.Sniffer would guess from prices and descriptions, too; the header alone is certain.
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        found = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise TesterError(f"Line {reader.line_num} of the table cannot be read: {error}.") from None
    if not found:
        raise TesterError("Paste a table: a header row with the names of fields, then a row for each record.")
    return [cell.strip() for cell in found[0][1]], found[1:]


def column_names(dialect: Dialect, api: Offer) -> ColumnNames:
    """Every field that may be written, by its own name, its label, and the dialect's spelling."""
    resource, spell = api.operation.resource, dialect.speller(api.context, api.operation)
    inner = {
        # `rows=` binds the name now: the lambda would else read that of the loop's last turn.
        entry.name: _collect_names(entry.child, lambda name, rows=entry.name: spell((rows, 0, name)).rpartition(".")[2])
        for entry in resource.writable
        if entry.kind is Kind.ROWS
    }
    carried = {entry.name for entry in resource.writable if dialect.carries(resource.plural, entry)}
    names = _collect_names(resource, lambda name: spell((name,)), carried | {*resource.key, "id"})
    return ColumnNames(names.fields, names.display, inner)


def _collect_names(resource: Resource, spelled, carried: set[str] | None = None) -> ColumnNames:
    entries = [entry for entry in resource.fields if carried is None or entry.name in carried]
    fields: dict[str, Field] = {}
    display: dict[str, str] = {}
    # In this order: a field's own name counts before a label or a spelling that another field has in common with it.
    for get_name in (lambda entry: entry.name, lambda entry: spelled(entry.name), lambda entry: entry.label):
        for entry in entries:
            name = get_name(entry)
            if name and normalize_name(name) not in fields:
                fields[normalize_name(name)], display[normalize_name(name)] = entry, name
    return ColumnNames(fields, display)


def normalize_name(name: str) -> str:
    """The name without case, blanks, hyphens and underscores."""
    return re.sub(r"[\s_-]+", "", name).casefold()


def _read_header(header: Sequence[str], names: ColumnNames, defaults: Mapping[str, str]) -> list[CellTarget]:
    if len(header) > MOST_COLUMNS:
        raise TesterError(f"A table has at most {MOST_COLUMNS:,} columns here; this one has {len(header):,}.")
    targets = [_find_target(column.split("."), names, defaults) for column in header]
    if wrong := [column for column, target in zip(header, targets, strict=True) if target is None]:
        further = f" And {len(wrong) - MOST_WRONG:,} more." if len(wrong) > MOST_WRONG else ""
        raise TesterError(" ".join(_unknown(column, names) for column in wrong[:MOST_WRONG]) + further)
    found = [target for target in targets if target is not None]
    places: set[tuple] = set()
    for column, target in zip(header, found, strict=True):
        if target.place in places:
            raise TesterError(f"The column {column} comes twice.")
        places.add(target.place)
    return found


def _find_target(steps: Sequence[str], names: ColumnNames, defaults: Mapping[str, str]) -> CellTarget | None:
    entry = names.fields.get(normalize_name(steps[0]))
    if entry is None:
        return None
    match entry, list(steps[1:]):
        case MapField(), [key]:
            return CellTarget(entry, key.strip())
        case MapField(), []:
            key = defaults.get(entry.keys.name, "")
            return CellTarget(entry, key) if key else None
        case RowsField(), [number, *inner] if _is_row_number(number) and inner:
            target = _find_target(inner, names.inner[entry.name], defaults)
            return CellTarget(entry, row=int(number), inner=target) if target else None
        case RowsField(), _:
            return None
        case _, []:
            return CellTarget(entry)
    return None


def _is_row_number(text: str) -> bool:
    # Not `isdigit`, which holds of characters that are no number; nor more digits than any number of rows has.
    return text.strip().isdecimal() and len(text) < LONGEST_NAME and 0 < int(text) <= MOST_ROWS


def _unknown(column: str, names: ColumnNames) -> str:
    """`There is no column Pric.USD; nearest: price.USD.`"""
    head, point, rest = column.partition(".")
    entry = names.fields.get(normalize_name(head))
    if entry is not None and entry.kind is Kind.ROWS:
        number, _, wrong = rest.partition(".")
        nearest = _nearest(wrong, names.inner[entry.name])
        row = number if _is_row_number(number) else 1
        return f"{column} is no column: one of a row is {head}.{row}.{nearest or 'field'}."
    if entry is not None and entry.kind is Kind.MAP:
        return f"{column} is no column: one of a map is {head}.{entry.keys.label.lower()}."
    if entry is not None:
        return f"{column} is no column: {head} has no parts."
    nearest = _nearest(head, names)
    return f"There is no column {column}" + (f"; nearest: {nearest}{point}{rest}." if nearest else ".")


def _nearest(name: str, names: ColumnNames) -> str:
    if len(name) > LONGEST_NAME:
        return ""
    close = get_close_matches(normalize_name(name), list(names.fields), n=1, cutoff=0.5)
    return names.display[close[0]] if close else ""


def _record(targets: Sequence[CellTarget], cells: Sequence[str], line: int) -> dict[str, Value]:
    if len(cells) > len(targets):
        raise TesterError(f"Line {line} of the table has {len(cells)} cells, its header {len(targets)}.")
    record: dict[str, Value] = {}
    rows: dict[str, dict[int, dict[str, Value]]] = {}
    # Not strict: spreadsheets leave out the empty cells at the end of a line.
    for target, cell in zip(targets, cells, strict=False):
        if not cell.strip():
            continue
        if target.inner is None:
            _put(record, target, cell)
        else:
            _put(rows.setdefault(target.field.name, {}).setdefault(target.row, {}), target.inner, cell)
    return record | {name: [row for _, row in sorted(numbered.items())] for name, numbered in rows.items()}


def _put(record: dict[str, Value], target: CellTarget, cell: str) -> None:
    match target.field.kind:
        case Kind.MAP:
            entries = record.setdefault(target.field.name, {})
            if isinstance(entries, dict):
                entries[target.entry] = cell
        case Kind.LIST:
            record[target.field.name] = [*_items(cell)]
        case _:
            # Blanks around a text may be meant; around a number or a date they never are.
            record[target.field.name] = cell.strip() if target.field.kind is not Kind.TEXT else cell


def _items(cell: str) -> Iterator[str]:
    return (item.strip() for item in cell.split(ITEMS) if item.strip())
