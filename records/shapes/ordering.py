"""
The order of a list as callers name it: fields of the record, `-` before one that descends.

    ("-due_date", "customer")    the latest first, those of one day by the numbers of their customers, at last by id

What has no value comes first, and last where the order descends: no text is less than the blank one, and a blank date
stands with it. Every field with one value can be ordered by; one that names another record, by that record's name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from records.shapes.fields import SCALARS, Field, Kind, ScalarField, ScalarKind
from records.shapes.parsing import scalar_reader, unknown
from records.shapes.problems import Family, Path, Problem, ProblemError, malformed_error
from records.shapes.resources import Resource, nearest_name
from records.shapes.scalars import Reader

DESCENDING = "-"
MOST_FIELDS = 10  # of one order
HIGHEST_NUMBER = 2**63 - 1  # that PostgreSQL compares: a greater one would be an error of the database
LONGEST_NUMBER = 100  # characters: no column has so many digits


@dataclass(frozen=True, slots=True)
class SortKey:
    """A field that records are ordered by."""

    field: ScalarField
    descending: bool = False

    def __str__(self) -> str:
        return DESCENDING * self.descending + self.field.name


def is_sortable(field: Field) -> bool:
    """True if records can be ordered by a field: it has one value, and may be seen."""
    return field.kind in SCALARS and not field.secret


@lru_cache(maxsize=256)
def understand_order(resource: Resource, names: tuple[str, ...]) -> tuple[SortKey, ...]:
    """
    Return the fields of an order; () is the resource's own. Raises ProblemError for a field that has none.

    It ends with a field that no two records share, so that each record has a place of its own: the id, if none is
    named, in the direction of the field before it. An index of that field and the id then has both directions.
    """
    if len(names) > MOST_FIELDS:
        text = f"Records are ordered by at most {MOST_FIELDS} fields."
        raise ProblemError(Problem("too-many", Family.INVALID, text))
    keys: list[SortKey] = []
    for name in names or resource.order:
        key = SortKey(_find_field(resource, name.removeprefix(DESCENDING)), name.startswith(DESCENDING))
        # A field named again orders nothing that is not in order already.
        if all(key.field.name != each.field.name for each in keys):
            keys.append(key)
        if (key.field.name,) in (("id",), resource.order):
            break
    else:
        if names:
            keys.append(SortKey(_find_field(resource, "id"), keys[-1].descending))
    return tuple(keys)


def check_position(keys: Sequence[SortKey], position: Sequence[str]) -> None:
    """Raise ProblemError for a position in an order that has not a text for each field, which a value of it may be."""
    if len(position) != len(keys):
        raise _wrong_position()
    for key, text in zip(keys, position, strict=True):
        if text == "" and key.field.name != "id":
            continue
        if len(text) > LONGEST_NUMBER and key.field.kind is not Kind.TEXT:
            raise _wrong_position()
        try:
            _position_reader(key.field.kind)(text)
        except ProblemError:
            raise _wrong_position() from None


def _wrong_position() -> ProblemError:
    return malformed_error("wrong-cursor", "The cursor is none that a list in this order gave.")


@cache
def _position_reader(kind: ScalarKind) -> Reader:
    """Return a reader without a field's limits, which may have changed since the value was stored."""
    highest = HIGHEST_NUMBER if kind is Kind.INTEGER else None
    return scalar_reader(ScalarField("position", kind, minimum=highest and -highest, maximum=highest))


def _find_field(resource: Resource, name: str) -> ScalarField:
    field = resource.by_name.get(name)
    # A secret is as unknown as a name that is none.
    if field is None or field.secret:
        raise ProblemError(unknown(resource, name))
    if not isinstance(field, ScalarField):
        raise ProblemError(unsortable_problem(resource, (name,)))
    return field


def unsortable_problem(resource: Resource, path: Path) -> Problem:
    """Return the problem of an order by a field with several values; it names one that has a single value."""
    names = tuple(field.name for field in resource.fields if is_sortable(field))
    near = nearest_name(str(path[0]), names, resource.name) or resource.order[0]
    text = "Records cannot be ordered by {field}, which has several values; order them by another, such as {other}."
    return Problem("no-order", Family.INVALID, text, tuple(path), other=(near,))
