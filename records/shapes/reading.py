"""
From the values of a message to the values that are stored: functions compiled once per field and resource.

A reader takes one Value and gives str, int, Decimal, bool, date, datetime, list, or dict; EMPTY becomes what "cleared"
means for the field: its default, else `""`, `None` or an empty list. It raises Refused with one Problem.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from records.shapes.fields import Field, Kind
from records.shapes.problems import Family, Problem, Refused, invalid, missing
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, Value, Values, quoted

Reader = Callable[[Value], object]
RecordReader = Callable[[Values], "tuple[dict[str, object], list[Problem]]"]

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
INTEGER = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
DECIMAL = re.compile(r"[+-]?([0-9]{1,40}(\.[0-9]{0,40})?|\.[0-9]{1,40})", re.ASCII)
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


def _refuse(code: str, text: str) -> Refused:
    return Refused(invalid(text, code=code))


def _text_of(value: Value, what: str) -> str:
    if isinstance(value, str):
        return value.strip()
    shape = "a list" if isinstance(value, list) else "a group of fields"
    raise _refuse("wrong-shape", f"{{field}} takes {what}, not {shape}.")


def _text_reader(field: Field) -> Reader:
    limit = field.max_length
    strip = not field.multiline
    choices = {value for value, _ in field.choices}
    pattern = re.compile(field.pattern) if field.pattern else None

    def read(value: Value) -> str:
        if not isinstance(value, str):
            _text_of(value, "text")
        text = value.strip() if strip else value
        if limit is not None and len(text) > limit:
            raise _refuse("too-long", f"{{field}} may have at most {limit:,} characters; this has {len(text):,}.")
        if found := FORBIDDEN.search(text):
            raise _refuse(
                "control-character",
                f"{{field}} holds a character that no text may hold (U+{ord(found[0]):04X}, position {found.start() + 1}).",
            )
        if choices and text not in choices:
            raise _not_a_choice(field, text)
        if pattern and not pattern.fullmatch(text):
            raise _refuse("wrong-form", f"{{field}} does not take {quoted(text)}: {field.help or field.pattern}")
        return text

    return read


def _not_a_choice(field: Field, text: str) -> Refused:
    known = ", ".join(value for value, _ in field.choices)
    return _refuse("not-a-choice", f"{{field}} must be one of {known}; {quoted(text)} is not.")


def _integer_reader(field: Field) -> Reader:
    choices = {value for value, _ in field.choices}

    def read(value: Value) -> int:
        text = _text_of(value, "a whole number")
        if not INTEGER.fullmatch(text):
            raise _refuse("not-a-number", f"{{field}} must be a whole number; {quoted(text)} is not.")
        number = int(text)
        if choices and str(number) not in choices:
            raise _not_a_choice(field, text)
        _check_range(field, number)
        return number

    return read


def _decimal_reader(field: Field) -> Reader:
    places = field.places if field.places is not None else 40
    whole = (field.digits or 80) - places if field.digits else 40

    def read(value: Value) -> Decimal:
        text = _text_of(value, "a number")
        if not DECIMAL.fullmatch(text):
            raise _refuse("not-a-number", f"{{field}} must be a number; {quoted(text)} is not.")
        try:
            number = Decimal(text)
        except InvalidOperation:
            raise _refuse("not-a-number", f"{{field}} must be a number; {quoted(text)} is not.") from None
        before, _, after = text.lstrip("+-").partition(".")
        if len(after.rstrip("0")) > places or len(before.lstrip("0")) > whole:
            raise _refuse(
                "too-precise",
                f"{{field}} may have {whole} digits before and {places} after the point; {quoted(text)} has more.",
            )
        _check_range(field, number)
        return number

    return read


def _check_range(field: Field, number: int | Decimal) -> None:
    if field.minimum is not None and number < field.minimum:
        raise _refuse("too-small", f"{{field}} must be {field.minimum} or more; {quoted(number)} is less.")
    if field.maximum is not None and number > field.maximum:
        raise _refuse("too-large", f"{{field}} must be {field.maximum} or less; {quoted(number)} is more.")


def _boolean_reader(field: Field) -> Reader:
    def read(value: Value) -> bool:
        text = _text_of(value, "true or false")
        try:
            return BOOLEANS[text.lower()]
        except KeyError:
            raise _refuse("not-a-flag", f"{{field}} must be true or false; {quoted(text)} is neither.") from None

    return read


def _date_reader(field: Field) -> Reader:
    def read(value: Value) -> date:
        text = _text_of(value, "a date")
        try:
            if DATE.fullmatch(text):
                return date.fromisoformat(text)
        except ValueError:
            pass
        raise _refuse("not-a-date", f"{{field}} must be a date such as 2026-01-31; {quoted(text)} is not.")

    return read


def _moment_reader(field: Field) -> Reader:
    def read(value: Value) -> datetime:
        text = _text_of(value, "a moment")
        try:
            moment = datetime.fromisoformat(text)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):
            raise _refuse(
                "not-a-moment", f"{{field}} must be a moment such as 2026-01-31T12:00:00Z; {quoted(text)} is not."
            ) from None

    return read


def _list_reader(field: Field) -> Reader:
    item = reader(field.item)

    def read(value: Value) -> list[object]:
        items = value if isinstance(value, list) else [value]
        read_items: list[object] = []
        for number, entry in enumerate(items):
            if isinstance(entry, str) and not entry.strip():
                raise Refused(invalid("{field} may not be empty.", code="empty-item", path=(number,)))
            try:
                read_items.append(item(entry))
            except Refused as refused:
                raise Refused(refused.problem.under(number)) from None
        return read_items

    return read


def _map_reader(field: Field) -> Reader:
    key_reader, item_reader = reader(field.keys), reader(field.item)
    entries = field.label.lower() or field.name

    def read(value: Value) -> dict[str, object]:
        if not isinstance(value, dict):
            example = f"one entry for each {field.keys.label.lower()}"
            raise _refuse("wrong-shape", f"{{field}} takes {entries} as {example}, not a single value.")
        read_entries: dict[str, object] = {}
        for key, entry in value.items():
            try:
                name = key_reader(key)
                blank = entry is EMPTY or (isinstance(entry, str) and not entry.strip())
                read_entries[name] = None if blank else item_reader(entry)
            except Refused as refused:
                raise Refused(refused.problem.under(key)) from None
        return read_entries

    return read


def _rows_reader(field: Field) -> Reader:
    read_row, complete = record_reader(field.child), completer(field.child)

    def read(value: Value) -> list[dict[str, object]]:
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            raise _refuse("wrong-shape", "{field} takes a list of rows.")
        rows = []
        for number, row in enumerate(value):
            parsed, problems = read_row(row)
            problems += complete(parsed)
            if problems:
                raise Refused(problems[0].under(number))
            rows.append(parsed)
        return rows

    return read


_READERS = {
    Kind.TEXT: _text_reader,
    Kind.INTEGER: _integer_reader,
    Kind.DECIMAL: _decimal_reader,
    Kind.BOOLEAN: _boolean_reader,
    Kind.DATE: _date_reader,
    Kind.MOMENT: _moment_reader,
    Kind.LIST: _list_reader,
    Kind.MAP: _map_reader,
    Kind.ROWS: _rows_reader,
}


def reader(field: Field) -> Reader:
    """The reader of one field; the problems it raises have paths relative to the field."""
    return _READERS[field.kind](field)


def blank(field: Field) -> object:
    """What is stored when the field is cleared, or absent on add."""
    if field.default is not None and field.kind not in (Kind.LIST, Kind.MAP, Kind.ROWS):
        return reader(field)(field.default) if field.default != "" else ""
    if field.kind in (Kind.LIST, Kind.ROWS):
        return []
    if field.kind is Kind.MAP:
        return EMPTY
    return "" if field.kind is Kind.TEXT and not field.nullable else None


def is_blank(value: Value) -> bool:
    """EMPTY, or text of nothing but white space."""
    return value is EMPTY or (isinstance(value, str) and not value.strip())


def record_reader(resource: Resource) -> RecordReader:
    """
    The reader of a whole record: gives what was sent, by field name, and the problems found.

    An unknown field is a problem that names the nearest known one. Fields that are only read are passed over, but for
    `version`, which becomes the version demanded.
    """
    readers = {field.name: (reader(field), field.required, blank(field)) for field in resource.writable}
    passed_over = {field.name for field in resource.fields if field.read_only} - {"version"}
    readers["version"] = (reader(Field("version", Kind.INTEGER, minimum=0)), False, None)

    def read_one(name: str, value: Value, parsed: dict[str, object]) -> None:
        read_value, required, cleared = readers[name]
        if not is_blank(value):
            parsed[name] = read_value(value)
        elif required:
            raise Refused(missing(()))
        elif name != "version":
            parsed[name] = cleared

    def read(values: Values) -> tuple[dict[str, object], list[Problem]]:
        parsed: dict[str, object] = {}
        problems: list[Problem] = []
        for name, value in values.items():
            if name not in readers:
                if name not in passed_over:
                    problems.append(unknown(resource, name))
                continue
            try:
                read_one(name, value, parsed)
            except Refused as refused:
                problems.append(refused.problem.under(name))
        return parsed, problems

    return read


def unknown(resource: Resource, name: str) -> Problem:
    """A field that the resource does not have; suggests the nearest one that it has."""
    text = f"{{field}} is not a field of a {resource.label.lower()}."
    if nearest := resource.nearest(name):
        return Problem("unknown-field", Family.INVALID, text + " Did you mean {other}?", (name,), (nearest,))
    return Problem("unknown-field", Family.INVALID, text, (name,))


def completer(resource: Resource) -> Callable[[dict[str, object]], list[Problem]]:
    """Fills what a new record leaves out with its defaults, in place; gives the required fields that are missing."""
    required = [field.name for field in resource.writable if field.required]
    defaults = {field.name: blank(field) for field in resource.writable if not field.required}

    def complete(parsed: dict[str, object]) -> list[Problem]:
        problems = [missing((name,)) for name in required if name not in parsed]
        for name, default in defaults.items():
            parsed.setdefault(name, default.copy() if isinstance(default, list) else default)
        return problems

    return complete
