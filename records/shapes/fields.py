"""
A field as callers see it: its kind, its limits, its help.

Every contract (WSDL, XSD, OpenAPI, skeleton, reference page, form) is written from these; models are the source of most
of them (`records.derive`).
"""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from records.shapes.references import Reference
from records.shapes.values import Value

if TYPE_CHECKING:
    from records.shapes.resources import Resource


class Kind(StrEnum):
    """What a value is. List, map and rows hold others."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "moment"
    LIST = "list"
    MAP = "map"
    ROWS = "rows"


WIDEST = frozenset(
    {limit for bits in (15, 31, 63) for limit in (-(2**bits), 2**bits - 1)}
)  # what a column can hold is no limit worth telling
TEXT_FORMS = {
    "number": (r"-?[0-9]{1,15}(\.[0-9]{1,6})?", "A number, such as 12.5."),
    "date": (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "A date, such as 2026-01-31."),
    "flag": (r"[YN]", "Y or N."),
}
SCALARS = frozenset(Kind) - {Kind.LIST, Kind.MAP, Kind.ROWS}


@dataclass(frozen=True, slots=True)
class Field:
    """
    One field of a resource.

    name        snake_case, the name inside the hub; dialects spell it their own way
    required    it must have a value on add, and may not be cleared
    default     the lexical value that an absent or cleared field takes; None: it has none
    max_length  in characters; of a list: of each item
    minimum, maximum   inclusive
    digits, places     all digits and decimal places of a decimal
    choices     pairs of lexical value and label
    form        what the pattern of a text asks, as a sentence; "": the help says it
    item        of a list, what each item is; of a map, what each value is
    keys        of a map, what its keys are (a language, a currency)
    child       of rows, the resource that each row is
    source      where it is stored: a column, or the accessor of a child table; default: the name
    constants   of a map, the other key columns of its child table with their values
    money       a decimal of money: shown with the currency's minor digits. The currency: `key` = the map's key, else
                a sibling field
    reference   it names a record of another kind; `source` is the relation, which several fields may share
    reverse_column   of a list that is only read, the column of the records that `source` leads to
    computed    read only, and set by the service when it writes
    auto_number on add it may be absent: it takes the next number
    custom      defined by an admin, kept in the record's `custom` column under `source`
    """

    name: str
    kind: Kind = Kind.TEXT
    label: str = ""
    help: str = ""
    required: bool = False
    read_only: bool = False
    secret: bool = False
    default: str | None = None
    example: Value | None = field(default=None, compare=False)
    max_length: int | None = None
    minimum: int | Decimal | None = None
    maximum: int | Decimal | None = None
    digits: int | None = None
    places: int | None = None
    choices: tuple[tuple[str, str], ...] = ()
    pattern: str = ""
    form: str = ""
    multiline: bool = False
    item: "Field | None" = None
    keys: "Field | None" = None
    child: "Resource | None" = None
    source: str = ""
    constants: tuple[tuple[str, object], ...] = ()
    money: str = ""
    reference: Reference | None = None
    reverse_column: str = ""
    computed: bool = False
    auto_number: bool = False
    custom: bool = False
    nullable: bool = field(default=False, kw_only=True)

    @property
    def stored_as(self) -> str:
        """The column, child accessor or custom name that keeps it."""
        return self.source or self.name

    @property
    def writable(self) -> bool:
        return not self.read_only

    def limits(self) -> str:
        """Type and limits in words: `text, at most 50 characters`."""
        words = [_TYPE_WORDS[self.kind]]
        if self.max_length:
            words.append(f"at most {self.max_length:,} character{'s' if self.max_length > 1 else ''}")
        if self.digits:
            words.append(
                f"at most {self.digits - (self.places or 0)} digits before and {self.places or 0} after the point"
            )
        if self.reference and self.writable:
            article = "an" if self.reference.label.startswith(("a", "e", "i", "o")) else "a"
            words.append(
                f"names {article} {self.reference.label} by its {' or '.join(self.reference.by).replace('_', ' ')}"
            )
        if self.choices:
            words.append("one of " + ", ".join(_choice_words(*choice) for choice in self.choices))
        else:
            words += self._range()
        if self.keys is not None and self.item is not None:
            words.append(f"one {self.item.limits()} for each {self.keys.label.lower()}")
        elif self.item is not None:
            words.append(f"each {self.item.limits()}")
        if self.default not in (None, ""):
            words.append(f"default {self.default}")
        return ", ".join(words)

    def _range(self) -> list[str]:
        least, most = (None if limit in WIDEST else limit for limit in (self.minimum, self.maximum))
        if least is not None and most is not None:
            return [f"{least} to {most}"]
        if least is not None:
            return [f"{least} or more"]
        return [f"{most} or less"] if most is not None else []

    def limited(self, max_length: int | None = None, required: bool | None = None, form: str = "") -> "Field":
        """The same field with a site's own limit and requirement; a text also with the form it must have."""
        pattern, help_text = TEXT_FORMS[form] if form else (self.pattern, self.help)
        return replace(
            self,
            max_length=max_length if max_length is not None else self.max_length,
            required=required if required is not None else self.required,
            pattern=pattern,
            form="" if form else self.form,
            help=help_text,
        )


_TYPE_WORDS = {
    Kind.TEXT: "text",
    Kind.INTEGER: "whole number",
    Kind.DECIMAL: "number",
    Kind.BOOLEAN: "true or false",
    Kind.DATE: "date (YYYY-MM-DD)",
    Kind.DATETIME: "moment (ISO 8601, UTC)",
    Kind.LIST: "list",
    Kind.MAP: "map",
    Kind.ROWS: "rows",
}


def _choice_words(value: str, label: str) -> str:
    return value if label in ("", value) else f"{value} ({label})"
