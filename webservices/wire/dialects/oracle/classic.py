"""
The custom fields that every classic site of Oracle CPQ has: `_part_custom_field1` to `_part_custom_field30`.

Nos. 5, 6 and 7 are numbers, the others texts of 255 characters. In the schema of parts all of them are texts, and
clients send those of them that nobody has defined: blank, or `0.0` for a number.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from records.shapes.fields import Field, Kind, ScalarField
from records.shapes.resources import Resource

RECORD = "part"
COUNT, NUMBERS = 30, frozenset({5, 6, 7})
LONGEST = 255
ZERO = re.compile(r"0(\.0*)?")


def _classic_field(number: int) -> ScalarField:
    is_number = number in NUMBERS
    return ScalarField(
        f"custom_field{number}",
        Kind.DECIMAL if is_number else Kind.TEXT,
        f"Custom field {number}",
        f"Custom field {number}.",
        max_length=None if is_number else LONGEST,
        source=f"field{number}",
        custom=True,
        nullable=True,
    )


FIELDS = tuple(_classic_field(number) for number in range(1, COUNT + 1))
NAMES = frozenset(field.name for field in FIELDS)


def undefined_names(resource: Resource) -> frozenset[str]:
    """Return the names of the classic fields that a site has not defined."""
    return NAMES - resource.by_name.keys() if resource.name == RECORD else frozenset()


def says_nothing(text: str) -> bool:
    """True if a text is what clients send for a field that has no value."""
    return not text.strip() or ZERO.fullmatch(text.strip()) is not None


def make_generic(resource: Resource) -> Resource:
    """Return the resource with every classic field, whatever the site has defined; no custom field is required."""
    others = [field for field in resource.custom_fields if field.name not in NAMES]
    # In the order of their names, in which answers have those that the site has defined.
    fields = sorted(map(_as_text, (*FIELDS, *others)), key=lambda field: field.stored_as.removeprefix("field"))
    plain = replace(resource, fields=tuple(field for field in resource.fields if not field.custom))
    return plain.add_custom_fields(fields, resource.generation)


def _as_text(field: Field) -> Field:
    if not isinstance(field, ScalarField):
        return field
    return replace(
        field, kind=Kind.TEXT, max_length=LONGEST, required=False, choices=(), digits=None, places=None, default=None
    )


def find_missing(defined: Iterable[str]) -> list[ScalarField]:
    """Return the classic fields that are not among the names of custom fields, such as `5` and `tier`."""
    names = {f"custom_field{name}" for name in defined}
    return [field for field in FIELDS if field.name not in names]
