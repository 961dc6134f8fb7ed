"""
A field as callers see it: its kind, its limits, its help.

Every contract (WSDL, XSD, OpenAPI, skeleton, reference page, form) is written from these; models are the source of most
of them (`records.derive`). There are four classes, by what a value is: one value, a list of values, a map of values by
key, or rows, which are records themselves. `kind` tells them apart, to a reader and to the type checker alike:

    if field.kind is Kind.MAP:
        field.keys, field.item          it is a MapField from here on
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Literal

from records.shapes.references import CodeList, Reference, SumOfRecords
from records.shapes.values import Value

if TYPE_CHECKING:
    from records.shapes.resources import Resource


class Kind(StrEnum):
    """The kinds of value. List, map and rows hold others."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    # Callers read the value in the answers about fields, so it keeps this word.
    DATETIME = "moment"
    LIST = "list"
    MAP = "map"
    ROWS = "rows"


ScalarKind = Literal[Kind.TEXT, Kind.INTEGER, Kind.DECIMAL, Kind.BOOLEAN, Kind.DATE, Kind.DATETIME]

# The least and greatest number of a column's type: a limit of the database, of no use to a reader.
COLUMN_LIMITS = frozenset({limit for bits in (15, 31, 63) for limit in (-(2**bits), 2**bits - 1)})
TEXT_FORMS = {
    "number": (r"-?[0-9]{1,15}(\.[0-9]{1,6})?", "A number, such as 12.5."),
    "date": (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "A date, such as 2026-01-31."),
    "flag": (r"[YN]", "Y or N."),
}
CURRENCIES = "currencies"  # the list of codes that has the digits of money
CodeLists = Mapping[str, CodeList]  # by the plural name of the table
SCALARS = frozenset(Kind) - {Kind.LIST, Kind.MAP, Kind.ROWS}


@dataclass(frozen=True, slots=True)
class BaseField:
    """
    A field of a resource, whatever its kind.

    name       snake_case, the name inside the hub; dialects spell it their own way
    required   it must have a value on add, and may not be cleared
    source     where it is stored: a column, or the accessor of a child table; default: the name
    computed   read only, and set by the service when it writes
    custom     defined by an admin, stored in the record's `custom` column under `source`
    json_key   of a map that a JSON column holds, and no child table: the member of the column `source` that it is
    sparse     it came after contracts that clients were made of: XML that lists elements leaves it out of an answer
               where it has no value, its default or one that is implied, as strict clients refuse an element that
               they do not know
    """

    name: str
    kind: Kind
    label: str = ""
    help: str = ""
    required: bool = False
    read_only: bool = False
    secret: bool = False
    example: Value | None = field(default=None, compare=False, kw_only=True)
    source: str = field(default="", kw_only=True)
    computed: bool = field(default=False, kw_only=True)
    custom: bool = field(default=False, kw_only=True)
    json_key: str = field(default="", kw_only=True)
    nullable: bool = field(default=False, kw_only=True)
    sparse: bool = field(default=False, kw_only=True)

    @property
    def stored_as(self) -> str:
        """The column, child accessor or custom name that stores it."""
        return self.source or self.name

    @property
    def writable(self) -> bool:
        return not self.read_only


@dataclass(frozen=True, slots=True)
class ScalarField(BaseField):
    """
    A field with one value.

    default     the lexical value that an absent or cleared field takes; None: it has none
    max_length  in characters
    minimum, maximum   inclusive
    digits, places     all digits and decimal places of a decimal
    choices     pairs of lexical value and label
    form        what the pattern of a text demands, as a sentence; "": the help says it
    money       a decimal of money: written with the currency's minor digits. The currency: `key` = the map's key, else
                a sibling field
    reference   it names a record of another kind; `source` is the relation, which several fields may share
    auto_number on add it may be absent: it takes the next number
    code_list   the table of the site, by its plural name, whose codes are its choices; "": its choices are its own
    inactive    the choices that are switched off: a record keeps the one that it has, and no other takes it
    minor_digits  of money: the digits of the site's currencies, by code
    minus       of a field of a row that is only read: what is taken off the column that is its source
    implied_by  the sibling whose value it has where nothing else was said (a date: the day of that moment)
    """

    kind: ScalarKind = Kind.TEXT
    default: str | None = field(default=None, kw_only=True)
    max_length: int | None = field(default=None, kw_only=True)
    minimum: int | Decimal | None = field(default=None, kw_only=True)
    maximum: int | Decimal | None = field(default=None, kw_only=True)
    digits: int | None = field(default=None, kw_only=True)
    places: int | None = field(default=None, kw_only=True)
    choices: tuple[tuple[str, str], ...] = field(default=(), kw_only=True)
    pattern: str = field(default="", kw_only=True)
    form: str = field(default="", kw_only=True)
    multiline: bool = field(default=False, kw_only=True)
    money: str = field(default="", kw_only=True)
    reference: Reference | None = field(default=None, kw_only=True)
    auto_number: bool = field(default=False, kw_only=True)
    code_list: str = field(default="", kw_only=True)
    inactive: frozenset[str] = field(default=frozenset(), kw_only=True)
    minor_digits: Mapping[str, int] = field(default_factory=dict, compare=False, kw_only=True)
    minus: SumOfRecords | None = field(default=None, kw_only=True)
    implied_by: str = field(default="", kw_only=True)

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
            by = " or ".join(self.reference.by).replace("_", " ")
            words.append(f"names {article} {self.reference.label} by its {by}")
        if self.code_list:
            words.append(f"a code of the site's {self.code_list}")
        elif self.choices:
            words.append("one of " + ", ".join(_choice_words(*choice) for choice in self.choices))
        else:
            words += self._range()
        if self.default not in (None, ""):
            words.append(f"default {self.default}")
        return ", ".join(words)

    def _range(self) -> list[str]:
        least, most = (None if limit in COLUMN_LIMITS else limit for limit in (self.minimum, self.maximum))
        if least is not None and most is not None:
            return [f"{least} to {most}"]
        if least is not None:
            return [f"{least} or more"]
        return [f"{most} or less"] if most is not None else []

    def restrict(self, max_length: int | None = None, required: bool | None = None, form: str = "") -> "ScalarField":
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

    def apply_code_lists(self, lists: CodeLists) -> "ScalarField":
        """The same field with the codes that it may have, and with the digits of its money."""
        changed = self
        if found := lists.get(self.code_list):
            changed = replace(changed, choices=found.choices, inactive=found.inactive)
        if self.money and CURRENCIES in lists:
            changed = replace(changed, minor_digits=lists[CURRENCIES].digits)
        return changed


@dataclass(frozen=True, slots=True)
class _CompositeField(BaseField):
    """A field that holds other values: it has no limits, no default, no choices and no reference of its own."""

    default: ClassVar[None] = None
    max_length: ClassVar[None] = None
    minimum: ClassVar[None] = None
    maximum: ClassVar[None] = None
    digits: ClassVar[None] = None
    places: ClassVar[None] = None
    choices: ClassVar[tuple[tuple[str, str], ...]] = ()
    pattern: ClassVar[str] = ""
    form: ClassVar[str] = ""
    multiline: ClassVar[bool] = False
    money: ClassVar[str] = ""
    reference: ClassVar[None] = None
    auto_number: ClassVar[bool] = False
    code_list: ClassVar[str] = ""
    inactive: ClassVar[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class ListField(_CompositeField):
    """
    A field with a list of values.

    item            one of them
    reverse_column  of a list that is only read: the column of the records that `source` leads to
    """

    kind: Literal[Kind.LIST] = field(default=Kind.LIST, init=False)
    item: ScalarField = field(kw_only=True)
    reverse_column: str = field(default="", kw_only=True)

    def limits(self) -> str:
        """Type and limits in words: `list, each text`."""
        return f"list, each {self.item.limits()}"

    def restrict(self, max_length: int | None = None, required: bool | None = None, form: str = "") -> "ListField":
        """The same field with a site's own requirement."""
        return replace(self, required=required if required is not None else self.required)

    def apply_code_lists(self, lists: CodeLists) -> "ListField":
        """The same field with the codes that its items may have."""
        return replace(self, item=self.item.apply_code_lists(lists))


@dataclass(frozen=True, slots=True)
class MapField(_CompositeField):
    """
    A field with values by key.

    keys       what its keys are: a language, a currency
    item       one of its values
    constants  the other key columns of its child table with their values
    relation   of a map that is only read: the relation to the record that has it
    """

    kind: Literal[Kind.MAP] = field(default=Kind.MAP, init=False)
    keys: ScalarField = field(kw_only=True)
    item: ScalarField = field(kw_only=True)
    constants: tuple[tuple[str, object], ...] = field(default=(), kw_only=True)
    relation: str = field(default="", kw_only=True)

    def limits(self) -> str:
        """Type and limits in words: `map, one number for each currency`."""
        return f"map, one {self.item.limits()} for each {self.keys.label.lower()}"

    def restrict(self, max_length: int | None = None, required: bool | None = None, form: str = "") -> "MapField":
        """The same field with a site's own requirement."""
        return replace(self, required=required if required is not None else self.required)

    def apply_code_lists(self, lists: CodeLists) -> "MapField":
        """The same field with the codes that its keys may be, and with the digits of its money."""
        return replace(self, keys=self.keys.apply_code_lists(lists), item=self.item.apply_code_lists(lists))


@dataclass(frozen=True, slots=True)
class RowsField(_CompositeField):
    """A field with a list of rows, each a record of the resource `child`."""

    kind: Literal[Kind.ROWS] = field(default=Kind.ROWS, init=False)
    child: "Resource" = field(kw_only=True)

    def limits(self) -> str:
        """Type and limits in words, which the fields of a row have each for itself."""
        return "rows"

    def restrict(self, max_length: int | None = None, required: bool | None = None, form: str = "") -> "RowsField":
        """The same field with a site's own requirement."""
        return replace(self, required=required if required is not None else self.required)

    def apply_code_lists(self, lists: CodeLists) -> "RowsField":
        """The same field with the codes that the fields of its rows may have."""
        return replace(self, child=self.child.apply_code_lists(lists))


Field = ScalarField | ListField | MapField | RowsField


def has_child_table(field: Field) -> bool:
    """True if the values of a field are in a child table of the record."""
    return field.kind is Kind.ROWS or (field.kind is Kind.MAP and not field.json_key and not field.relation)


def item_field(field: Field) -> ScalarField | RowsField:
    """The field of each single value: the item of a list or of a map, else the field itself."""
    return field.item if field.kind is Kind.LIST or field.kind is Kind.MAP else field


_TYPE_WORDS: dict[ScalarKind, str] = {
    Kind.TEXT: "text",
    Kind.INTEGER: "whole number",
    Kind.DECIMAL: "number",
    Kind.BOOLEAN: "true or false",
    Kind.DATE: "date (YYYY-MM-DD)",
    Kind.DATETIME: "moment (ISO 8601, UTC)",
}


def _choice_words(value: str, label: str) -> str:
    return value if label in ("", value) else f"{value} ({label})"
