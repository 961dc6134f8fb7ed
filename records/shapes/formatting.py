"""Stored values as the values of a message; undoes `records.shapes.parsing`."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Protocol

from records.shapes.fields import Field, Kind, MapField, RowsField
from records.shapes.money import minor_digits, money_text, plain_number
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, Value

FieldPresenter = Callable[[Any, str], Value]


class Presenter(Protocol):
    """A function that presents the records of one resource."""

    def __call__(self, record: Mapping[str, Any], currency: str = "") -> dict[str, Value]: ...


def lexical(value: object) -> str:
    """Return a stored scalar in XSD lexical form: `true`, `250.5`, `2026-01-31`, `2026-01-31T12:00:00Z`."""
    # By the exact type, in one look-up: `bool` is an `int` and `datetime` a `date`. A Ref is none of them: by its name.
    return _LEXICAL.get(type(value), str)(value)


def present_value(value: object) -> Value:
    """Return a stored scalar as a value: EMPTY for none."""
    return EMPTY if value in (None, "") else lexical(value)


def decimal_text(number: Decimal | str) -> str:
    """Return a number without exponent and needless zeros: `Decimal('250.50000')` is `250.5`; or that of its text."""
    text = str(number)
    return trim_zeros(plain_number(number) if "E" in text else text)


def trim_zeros(number: str) -> str:
    """Drop the trailing zeros that a column or a currency adds: `2.5000` is 2.5."""
    return number.rstrip("0").rstrip(".") if "." in number else number


def _moment_text(moment: datetime) -> str:
    text = moment.isoformat()
    # As the database gives it, it is in UTC already.
    return f"{text[:-6]}Z" if text.endswith("+00:00") else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


_LEXICAL: Mapping[type, Callable[[Any], str]] = {
    str: str,
    int: str,
    bool: lambda value: "true" if value else "false",
    Decimal: decimal_text,
    date: date.isoformat,
    datetime: _moment_text,
}


def _present_scalar(value: Any, currency: str) -> Value:
    return EMPTY if value is None or value == "" else lexical(value)


def _present_number(value: Any, currency: str) -> Value:
    return EMPTY if value is None or value == "" else decimal_text(value)


def _present_list(value: Any, currency: str) -> Value:
    return [lexical(item) for item in value] if value else EMPTY


def _money_presenter(digits: Mapping[str, int]) -> FieldPresenter:
    def present(value: Any, currency: str) -> Value:
        if value is None or value == "":
            return EMPTY
        return money_text(value, minor_digits(currency, digits))

    return present


def _map_presenter(field: MapField) -> FieldPresenter:
    item = field_presenter(field.item)

    def present(value: Any, currency: str) -> Value:
        # The key of a map of money is its currency.
        return {key: item(entry, key) for key, entry in value.items()} if value else EMPTY

    return present


def _rows_presenter(field: RowsField) -> FieldPresenter:
    row = presenter(field.child)

    def present(value: Any, currency: str) -> Value:
        return [row(each, currency) for each in value] if value else EMPTY

    return present


def field_presenter(field: Field) -> FieldPresenter:
    """Return the function that turns a stored value, of the type that the field's kind has, into that of a message."""
    if isinstance(field, MapField):
        return _map_presenter(field)
    if isinstance(field, RowsField):
        return _rows_presenter(field)
    if field.kind is Kind.LIST:
        return _present_list
    if field.kind is Kind.DECIMAL:
        return _money_presenter(field.minor_digits) if field.money else _present_number
    return _present_scalar


# Built once for a resource and generation of its fields: a search presents thousands of records.
@lru_cache(maxsize=256)
def presenter(resource: Resource) -> Presenter:
    """
    Return the function that gives a stored record as values, in the resource's order; what has no value is EMPTY.

    It takes the record, of which it presents the fields that are there, and the currency of its money, where the record
    has none of its own (the rows of an order). Decimals may come as their text; maps and lists as dict and list; rows
    as dicts by field name.
    """
    presenters = [(field.name, field_presenter(field)) for field in resource.fields if not field.secret]
    fields = [(name, present_field, present_field is _present_scalar) for name, present_field in presenters]

    def present(record: Mapping[str, Any], currency: str = "") -> dict[str, Value]:
        currency = str(record.get("currency") or currency)
        values: dict[str, Value] = {}
        for name, present_field, is_scalar in fields:
            if name in record:
                value = record[name]
                # Most values are texts already, or none, and a call for each would take longer than all else.
                if value is None:
                    values[name] = EMPTY
                elif is_scalar and value.__class__ is str:
                    values[name] = value or EMPTY
                else:
                    values[name] = present_field(value, currency)
        return values

    return present


def present_record(resource: Resource, record: Mapping[str, object], currency: str = "") -> dict[str, Value]:
    """Return one record as values, as its `presenter` does."""
    return presenter(resource)(record, currency)
