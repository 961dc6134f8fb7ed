"""
Readers of the values of a message into the values that are stored: functions compiled once per field and resource.

A reader takes one Value and gives str, int, Decimal, bool, date, datetime, list, or dict; EMPTY becomes what "cleared"
means for the field: its default, else `""`, `None` or an empty list. It raises ProblemError with all that is wrong.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from records.shapes import scalars
from records.shapes.fields import Field, Kind, ListField, MapField, RowsField, ScalarField, ScalarKind
from records.shapes.problems import Family, Problem, ProblemError, missing_problem
from records.shapes.resources import Resource
from records.shapes.scalars import Reader, refuse
from records.shapes.values import EMPTY, OTHER_VALUES, InvalidValue, Precondition, Value, Values

KEYS_REMEMBERED = 200
VALUES_REMEMBERED = 500
LONGEST_REMEMBERED = 40  # characters
# The same few come over and over in a call of thousands of records: quantities, discounts, flags, days. Texts do not.
REMEMBERED_KINDS = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.BOOLEAN, Kind.DATE})

RecordReader = Callable[[Values], "tuple[dict[str, object], list[Problem]]"]


def _list_reader(field: ListField) -> Reader:
    read_item = scalar_reader(field.item)

    def read(value: Value) -> list[object]:
        items = value if isinstance(value, list) else [value]
        read_items: list[object] = []
        problems: list[Problem] = []
        for number, entry in enumerate(items):
            try:
                if isinstance(entry, str) and not entry.strip():
                    raise refuse("empty-item", "{field} is empty; leave it out.")
                read_items.append(read_item(entry))
            except ProblemError as error:
                problems += _place_under(error, number)
        raise_all(problems)
        return read_items

    return read


def _map_reader(field: MapField) -> Reader:
    # A call of thousands of records has the same few languages and currencies over and over.
    read_key = lru_cache(maxsize=KEYS_REMEMBERED)(scalar_reader(field.keys))
    read_item = scalar_reader(field.item)
    entries = field.label.lower() or field.name

    def read(value: Value) -> dict[str, object]:
        if not isinstance(value, dict):
            example = f"one entry for each {field.keys.label.lower()}"
            raise refuse("wrong-shape", f"{{field}} takes {entries} as {example}, not a single value.")
        read_entries: dict[str, object] = {}
        problems: list[Problem] = []
        for key, entry in value.items():
            try:
                # None removes the entry; entries that are not sent stay.
                read_entries[str(read_key(key))] = None if is_blank(entry) else read_item(entry)
            except ProblemError as error:
                problems += _place_under(error, key)
        raise_all(problems)
        return read_entries

    return read


def _rows_reader(field: RowsField) -> Reader:
    read_row, complete = record_reader(field.child), completer(field.child, only=field.child.key)
    # A key of numbers that are drawn lacks nothing.
    is_keyed = not all(part.auto_number for part in field.child.key_fields)

    def read(value: Value) -> list[dict[str, object]]:
        if not isinstance(value, list):
            raise refuse("wrong-shape", "{field} takes a list of rows.")
        sent_rows = [row for row in value if isinstance(row, dict)]
        if len(sent_rows) < len(value):
            raise refuse("wrong-shape", "{field} takes a list of rows.")
        rows = []
        problems: list[Problem] = []
        for number, row in enumerate(sent_rows):
            parsed, found = read_row(row)
            missing = complete(parsed) if is_keyed else ()
            if found or missing:
                unread = {problem.path[0] for problem in found}
                found += (problem for problem in missing if problem.path[0] not in unread)
                problems += (problem.under(number) for problem in found)
            rows.append(parsed)
        raise_all(problems, remainder=rows)
        return rows

    return read


def _place_under(error: ProblemError, step: str | int) -> list[Problem]:
    return [problem.under(step) for problem in error.problems]


def raise_all(problems: Sequence[Problem], remainder: object = None) -> None:
    """Raise the error of all the problems of a value; nothing where there are none."""
    if problems:
        raise ProblemError(*problems, remainder=remainder)


_SCALAR_READERS: Mapping[ScalarKind, Callable[[ScalarField], Reader]] = {
    Kind.TEXT: scalars.text_reader,
    Kind.INTEGER: scalars.integer_reader,
    Kind.DECIMAL: scalars.decimal_reader,
    Kind.BOOLEAN: scalars.boolean_reader,
    Kind.DATE: scalars.date_reader,
    Kind.DATETIME: scalars.datetime_reader,
}


def scalar_reader(field: ScalarField) -> Reader:
    """Return the reader of a field with one value."""
    return _SCALAR_READERS[field.kind](field)


def remembering_reader(field: Field) -> Reader:
    """Return the reader of one field, which remembers the latest values if they are likely to come again."""
    read = reader(field)
    if field.kind not in REMEMBERED_KINDS:
        return read
    read_again = lru_cache(maxsize=VALUES_REMEMBERED)(read)

    def read_value(value: Value) -> object:
        return read_again(value) if value.__class__ is str and len(value) <= LONGEST_REMEMBERED else read(value)

    return read_value


def reader(field: Field) -> Reader:
    """Return the reader of one field; the problems it raises have paths relative to the field."""
    match field.kind:
        case Kind.LIST:
            return _list_reader(field)
        case Kind.MAP:
            return _map_reader(field)
        case Kind.ROWS:
            return _rows_reader(field)
    return scalar_reader(field)


def blank(field: Field) -> object:
    """The value that is stored when the field is cleared, or absent on add."""
    if field.kind is Kind.LIST or field.kind is Kind.ROWS:
        return []
    if field.kind is Kind.MAP:
        return EMPTY
    if field.default is not None:
        return scalar_reader(field)(field.default) if field.default != "" else ""
    return "" if field.kind is Kind.TEXT and not field.nullable else None


def is_blank(value: Value) -> bool:
    """True of EMPTY, and of text of nothing but white space."""
    return value is EMPTY or (isinstance(value, str) and (not value or value.isspace()))


def _read_version(value: Value) -> object:
    read = reader(ScalarField("version", Kind.INTEGER, minimum=0))
    if not isinstance(value, Precondition):
        return read(value)
    return replace(value, version=EMPTY if is_blank(value.version) else str(read(value.version)))


def _other_values_reader(resource: Resource) -> Reader:
    """Return the reader of what a record gives fields under further names of theirs: what can be read, by field."""

    def read(values: Value) -> dict[str, object]:
        found: dict[str, object] = {}
        for name, value in values.items() if isinstance(values, dict) else ():
            try:
                field = resource.by_name[name]
                found[name] = blank(field) if is_blank(value) else reader(field)(value)
            except ProblemError as error:
                raise_all(_place_under(error, name))
        return found

    return read


def record_reader(resource: Resource) -> RecordReader:
    """
    Return the reader of a whole record: it returns what was sent, by field name, and the problems found.

    An unknown field is a problem. Fields that are only read are passed over, for `records.write.read_only` to compare
    with what is stored; but `version` becomes the version demanded. A blank way to name a required relation says
    nothing beside another way that names it.
    """
    others = {field.name: tuple(each.name for each in resource.alternatives(field)) for field in resource.writable}
    readers = {
        # A relation that is required is cleared in none of the ways in which it can be named.
        field.name: (
            remembering_reader(field),
            any(f.required for f in (field, *resource.alternatives(field))),
            blank(field),
        )
        for field in resource.writable
    }
    # `version` is only read, and yet what a caller sends of it is a demand: that the record have this version.
    passed_over = {field.name for field in resource.fields if field.read_only} - {"version"}
    readers["version"] = (_read_version, False, None)
    readers[OTHER_VALUES] = (_other_values_reader(resource), False, None)

    def read(values: Values) -> tuple[dict[str, object], list[Problem]]:
        parsed: dict[str, object] = {}
        problems: list[Problem] = []
        for name, value in values.items():
            if value.__class__ is InvalidValue:
                problems.append(value.problem.under(name))
                continue
            known = readers.get(name)
            if known is None:
                if name not in passed_over:
                    problems.append(unknown(resource, name))
                continue
            read_value, required, cleared = known
            try:
                # Most values are texts, and each record has dozens: no function is called for one.
                if (value and not value.isspace()) if value.__class__ is str else not is_blank(value):
                    parsed[name] = read_value(value)
                elif required:
                    if all(is_blank(values.get(other, EMPTY)) for other in others[name]):
                        raise ProblemError(missing_problem(()))
                elif name != "version":
                    parsed[name] = cleared
            except ProblemError as error:
                problems += _place_under(error, name)
                # The rows that could be read go on: what they name may be wrong as well.
                if error.remainder is not None:
                    parsed[name] = error.remainder
        return parsed, problems

    return read


def unknown(resource: Resource, name: str) -> Problem:
    """The problem of a field that the resource does not have; the dialect adds the nearest name that its wire has."""
    return Problem("unknown-field", Family.INVALID, f"{{field}} is not a field of a {resource.label.lower()}.", (name,))


def completer(resource: Resource, only: Sequence[str] | None = None) -> Callable[[dict[str, object]], list[Problem]]:
    """
    Return a function that fills in the defaults of a new record, in place, and returns the problems of what is missing.

    An automatic number stays absent; a field that shares its relation with others is missed by the service, if at all.
    """
    fields = [f for f in resource.writable if (only is None or f.name in only) and not f.auto_number]
    required = [field.name for field in fields if field.required]
    defaults = {field.name: blank(field) for field in fields if not field.required and not field.reference}
    # Copies: the list of one record must not be the list of all.
    lists = {name: default for name, default in defaults.items() if isinstance(default, list)}
    others = [(name, default) for name, default in defaults.items() if name not in lists]

    def complete(parsed: dict[str, object]) -> list[Problem]:
        problems = [missing_problem((name,)) for name in required if name not in parsed]
        for name, default in others:
            parsed.setdefault(name, default)
        for name, items in lists.items():
            if name not in parsed:
                parsed[name] = items.copy()
        return problems

    return complete
