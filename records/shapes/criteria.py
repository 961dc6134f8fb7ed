"""
One criteria language: a field, a comparator, a value; several are joined with AND, and each may have alternatives.

It is evaluated here on one record in memory and in `records.find` by the database; a property test holds the two
equal. A field may be named with the key of its map: `("price", "USD")`; without it, any entry may match. Of a moment
its day and its time (UTC) may be asked for: `("changed_at", "date")`, `("changed_at", "time")`. Of a list of rows a
field of a row: `("rows", "quantity")`.

    blank          `=` a blank value: has no value; `!=` a blank value: has one
    no value       never satisfies < <= > >= LIKE IN =, always satisfies `!=` a value
    list, map      `!=`: no entry is equal; all others: some entry matches
    rows           some row meets all criteria on the list that stand without alternatives; each as a record of its own
                   would: `!=` a value: a row has another, or none
    text           compared by code points, case-sensitive; in LIKE `%` is any text, `_` any character, `\\` escapes
    ILIKE          as LIKE without case: letter by letter, each by the one small letter that Unicode has for it, in
                   whatever language. `Ä` is `ä`, `Σ` is `σ`, and the Kelvin sign is `k`; `ß` is not `ss`, `ς` is not
                   `σ`, `é` is not `e`. So a server has it whose locale is C.UTF-8; another one follows its own locale
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache, lru_cache, partial
from typing import Any

from records.shapes.fields import Field, Kind, RowsField, ScalarField
from records.shapes.formatting import lexical
from records.shapes.parsing import scalar_reader, unknown
from records.shapes.problems import Path, ProblemError, invalid_problem
from records.shapes.resources import Resource
from records.shapes.scalars import DECIMAL, Reader
from records.shapes.values import quote_text


class Comparator(StrEnum):
    """The comparisons of the one criteria language."""

    EQUAL = "="
    NOT_EQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="
    LIKE = "LIKE"
    ILIKE = "ILIKE"
    IN = "IN"


PARTS_OF_MOMENTS = {
    "date": ScalarField("date", Kind.DATE),
    "time": ScalarField("time", pattern="([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]", help="A time is HH:MM:SS."),
}
NUMBER = ScalarField("number", Kind.DECIMAL)
ORDERS = (Comparator.LESS, Comparator.AT_MOST, Comparator.MORE, Comparator.AT_LEAST)
PATTERNS = (Comparator.LIKE, Comparator.ILIKE)


@dataclass(frozen=True, slots=True)
class Criterion:
    """
    One condition as a caller states it: the path of a field, a comparator, texts (several for IN; `""` is blank).

    if_no_text  criteria that take its place where the field turns out to be no text: one that the site has defined
    others    a record that meets one of these meets the criterion as well
    as_number  a text of vendor data is compared as a number where it is one; the values must be numbers
    or_id     of a field that names a record: an operand of digits that is no record's name may be a record's id
    """

    path: Path
    comparator: Comparator
    values: tuple[str, ...] = ("",)
    if_no_text: "tuple[Criterion, ...]" = ()
    others: "tuple[Criterion, ...]" = ()
    as_number: bool = False
    or_id: bool = False


@dataclass(frozen=True)
class Scope:
    """
    The limits of what a call may see and write.

    before    criteria that a record must meet, else it is not found
    within    criteria that a stored record must meet, else it is filtered: its caller may know that it is there
    after     criteria that it must meet once it is written, else it is filtered
    locked    criteria of records that may not be changed
    read_only fields that no record of the call may change, else it is locked; a new one may not set them
    required  fields that must have a value once it is written, sent or not, else it is missing
    required_new  the same of a record that is new, by their paths: one may be an entry of a map
    unclearable   paths of fields that may not lose the value that they have, else it is missing
    """

    before: tuple[Criterion, ...] = ()
    after: tuple[Criterion, ...] = ()
    locked: tuple[Criterion, ...] = ()
    read_only: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    within: tuple[Criterion, ...] = ()
    required_new: tuple[Path, ...] = ()
    unclearable: tuple[Path, ...] = ()


UNLIMITED = Scope()


@dataclass(frozen=True, slots=True)
class Condition:
    """
    A criterion checked against its resource: the field, the key of a map or the part of a moment or None, typed
    operands, () asks for blank, and the conditions of which each would do as well.

    as_number  as a Criterion has it; the operands stay texts
    or_id      as a Criterion has it
    rows       of a list of rows: the conditions that one row must meet
    """

    field: Field
    key: str | None
    comparator: Comparator
    operands: tuple[object, ...]
    others: "tuple[Condition, ...]" = ()
    as_number: bool = False
    or_id: bool = False
    rows: "tuple[Condition, ...]" = ()

    @property
    def fields(self) -> "set[str]":
        """The names of all fields that it compares."""
        return {self.field.name}.union(*(other.fields for other in self.others))


def understand(resource: Resource, criteria: Sequence[Criterion]) -> list[Condition]:
    """Check criteria against the resource; raises ProblemError for an unknown field, comparator or operand."""
    return _join_rows(_understand_one(resource, each) for criterion in criteria for each in _fit(resource, criterion))


def _join_rows(conditions: Iterable[Condition]) -> list[Condition]:
    """Join the conditions on one list of rows, so that the same row must meet them all."""
    joined: list[Condition] = []
    places: dict[str, int] = {}
    for condition in conditions:
        # One that has alternatives is met by whichever row, as it might be met by no row at all.
        is_row = bool(condition.rows) and not condition.others
        if is_row and (place := places.setdefault(condition.field.name, len(joined))) < len(joined):
            joined[place] = replace(joined[place], rows=(*joined[place].rows, *condition.rows))
        else:
            joined.append(condition)
    return joined


def _fit(resource: Resource, criterion: Criterion) -> Sequence[Criterion]:
    """Return the criteria by which a field is compared: those for another kind, where it is no text."""
    field = resource.by_name.get(str(criterion.path[0])) if criterion.if_no_text else None
    return (criterion,) if field is None or field.kind is Kind.TEXT else criterion.if_no_text


def _understand_one(resource: Resource, criterion: Criterion) -> Condition:
    name, *rest = criterion.path or ("",)
    field = resource.by_name.get(str(name))
    if field is not None and field.kind is Kind.ROWS and rest:
        return _understand_row(resource, field, criterion)
    # A secret is as unknown as a name that is none: whoever could compare it would guess it, letter by letter.
    entry = None if field is None or field.secret else _find_operand_field(field, rest)
    if field is None or entry is None:
        raise ProblemError(unknown(resource, ".".join(map(str, criterion.path))))
    texts = [text for text in criterion.values if text.strip()]
    comparator = criterion.comparator
    try:
        _check_comparator(entry, comparator, blank=not texts)
        if criterion.as_number:
            texts = [lexical(_operand_reader(NUMBER)(text)) for text in texts]
        read = partial(_read_pattern, comparator) if comparator in PATTERNS else _operand_reader(entry)
        operands = tuple(read(text) for text in texts)
    except ProblemError as error:
        raise ProblemError(error.problem.under(*criterion.path)) from None
    others = tuple(_understand_one(resource, other) for other in criterion.others)
    key = str(rest[0]) if rest else None
    return Condition(field, key, comparator, operands, others, criterion.as_number, criterion.or_id)


def is_comparable(field: Field) -> bool:
    """True if rows can be compared by a field of theirs: it has one value, which is stored and may be seen."""
    return isinstance(field, ScalarField) and field.minus is None and not field.secret


def _understand_row(resource: Resource, field: RowsField, criterion: Criterion) -> Condition:
    """Understand a criterion on a field of the rows of a list; the name of a relation is that of its first field."""
    name, *rest = criterion.path[1:]
    child = field.child.by_name.get(str(name)) or next(
        (each for each in field.child.fields if each.reference is not None and each.stored_as == name), None
    )
    if child is not None and not child.secret and not is_comparable(child):
        text = "Records cannot be found by {field}, which is no stored value."
        raise ProblemError(invalid_problem(text, code="wrong-comparator", path=criterion.path))
    path = (child.name if child is not None else name, *rest)
    try:
        row = _understand_one(field.child, replace(criterion, path=path, others=()))
    except ProblemError as error:
        raise ProblemError(error.problem.under(field.name)) from None
    others = tuple(_understand_one(resource, other) for other in criterion.others)
    return Condition(field, None, criterion.comparator, row.operands, others, rows=(row,))


def _find_operand_field(field: Field, rest: Sequence[str | int]) -> ScalarField | None:
    """The field of what is compared: itself, an entry of a list or map, a part of a moment; None: none is named so."""
    if field.kind is Kind.DATETIME and rest:
        return PARTS_OF_MOMENTS.get(str(rest[0])) if len(rest) == 1 else None
    # Of a map one step more may follow, its key: True counts as one.
    if field.kind is Kind.ROWS or len(rest) > (field.kind is Kind.MAP):
        return None
    return field.item if field.kind is Kind.LIST or field.kind is Kind.MAP else field


def _check_comparator(entry: ScalarField, comparator: Comparator, *, blank: bool) -> None:
    if blank and comparator not in (Comparator.EQUAL, Comparator.NOT_EQUAL):
        raise ProblemError(invalid_problem(f"{{field}} {comparator} needs a value.", code="needs-a-value"))
    if comparator in PATTERNS and entry.kind is not Kind.TEXT:
        raise ProblemError(
            invalid_problem(f"{comparator} compares text; {{field}} is not text.", code="wrong-comparator")
        )
    if comparator in ORDERS and entry.kind is Kind.BOOLEAN:
        raise ProblemError(
            invalid_problem(f"{{field}} is true or false and has no order for {comparator}.", code="wrong-comparator")
        )


def _read_pattern(comparator: Comparator, text: str) -> object:
    if len(text) > 1000:
        at_most = "a pattern of at most 1,000 characters"
        raise ProblemError(invalid_problem(f"{{field}} {comparator} takes {at_most}, not {quote_text(text)}."))
    # PostgreSQL refuses such a pattern only while it runs the statement.
    if re.fullmatch(r"([^\\]|\\.)*", text, flags=re.DOTALL) is None:
        raise ProblemError(
            invalid_problem(f"{{field}} {comparator} takes no pattern that ends with a backslash: {quote_text(text)}.")
        )
    return scalar_reader(ScalarField("pattern"))(text)


@cache
def _operand_reader(field: ScalarField) -> Reader:
    """Return a reader without the field's limits: one may ask for what cannot be stored. The form of a time stays."""
    return scalar_reader(field if field in PARTS_OF_MOMENTS.values() else ScalarField(field.name, field.kind))


def matches(conditions: Sequence[Condition], record: Mapping[str, object]) -> bool:
    """True if a record, as typed values by field name, meets all conditions."""
    return all(
        any(_meets(each, record.get(each.field.name)) for each in (condition, *condition.others))
        for condition in conditions
    )


def _meets(condition: Condition, stored: object) -> bool:
    if condition.rows:
        rows = stored if isinstance(stored, list) else []
        return any(all(_meets(each, row.get(each.field.name)) for each in condition.rows) for row in rows)
    entries = [entry for entry in _entries(condition, stored) if entry is not None and entry != ""]
    if not condition.operands:
        return bool(entries) is (condition.comparator is Comparator.NOT_EQUAL)
    compare = _COMPARE[Comparator.EQUAL if condition.comparator is Comparator.NOT_EQUAL else condition.comparator]
    if condition.as_number:
        compare = partial(_compare_numbers, compare)
    found = any(compare(entry, condition.operands) for entry in entries)
    return found is not (condition.comparator is Comparator.NOT_EQUAL)


def _compare_numbers(compare: Callable[[Any, tuple[Any, ...]], bool], entry: Any, operands: tuple[Any, ...]) -> bool:
    if DECIMAL.fullmatch(entry) is None:
        return compare(entry, operands)
    return compare(Decimal(entry), tuple(map(Decimal, operands)))


def _entries(condition: Condition, stored: object) -> Sequence[object]:
    if isinstance(stored, datetime) and condition.key is not None:
        at = stored.astimezone(UTC)
        return [at.date() if condition.key == "date" else at.strftime("%H:%M:%S")]
    if isinstance(stored, Mapping):
        return [stored.get(condition.key)] if condition.key is not None else list(stored.values())
    return stored if isinstance(stored, list) else [stored]


# Bounded, since callers write the patterns.
@lru_cache(maxsize=1000)
def _segments(pattern: str) -> tuple[re.Pattern[str], ...]:
    """The parts of a LIKE pattern between its `%`: each of a fixed length, so that no search runs away."""
    segments = [""]
    for part in re.findall(r"\\.|.", pattern, flags=re.DOTALL):
        if part == "%":
            segments.append("")
        else:
            segments[-1] += "." if part == "_" else re.escape(part[-1])
    segments[-1] += r"\Z"
    return tuple(re.compile(segment, re.DOTALL) for segment in segments)


def _is_like(text: str, pattern: str) -> bool:
    first, *others = _segments(pattern)
    found = first.match(text)
    for segment in others:
        found = found and segment.search(text, found.end())
    return found is not None


def without_case(text: str) -> str:
    """Each letter by the small letter that is one character; as PostgreSQL's `lower` in the locale C.UTF-8."""
    if text.isascii():
        return text.lower()
    return "".join(letter.lower()[0] for letter in text)  # only `İ` has a small letter of two, and PostgreSQL says `i`


# The operands were read by the field of the stored value, so that both are of one type.
_COMPARE: dict[Comparator, Callable[[Any, tuple[Any, ...]], bool]] = {
    Comparator.EQUAL: lambda entry, operands: entry == operands[0],
    Comparator.LESS: lambda entry, operands: entry < operands[0],
    Comparator.AT_MOST: lambda entry, operands: entry <= operands[0],
    Comparator.MORE: lambda entry, operands: entry > operands[0],
    Comparator.AT_LEAST: lambda entry, operands: entry >= operands[0],
    Comparator.LIKE: lambda entry, operands: _is_like(entry, operands[0]),
    Comparator.ILIKE: lambda entry, operands: _is_like(without_case(entry), without_case(operands[0])),
    Comparator.IN: lambda entry, operands: entry in operands,
}
