"""Stored values as the values of a message; undoes `records.shapes.parsing`."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from records.shapes.fields import Field, Kind
from records.shapes.money import minor_digits, money_text
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, Value, Values

Presenter = Callable[[Mapping[str, object]], Values]


def lexical(value: object) -> str:
    """Return a stored scalar in XSD lexical form: `true`, `250.5`, `2026-01-31`, `2026-01-31T12:00:00Z`."""
    # By the exact type, in one look-up: `bool` is an `int` and `datetime` a `date`. A Ref is none of them: by its name.
    return _LEXICAL.get(type(value), str)(value)


def present_value(value: object) -> Value:
    """Return a stored scalar as a value: EMPTY for none."""
    return EMPTY if value in (None, "") else lexical(value)


def decimal_text(number: Decimal) -> str:
    """Return a number without exponent and needless zeros: `Decimal('250.50000')` is `250.5`."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


_LEXICAL: Mapping[type, Callable[[Any], str]] = {
    str: str,
    int: str,
    bool: lambda value: "true" if value else "false",
    Decimal: decimal_text,
    date: date.isoformat,
    datetime: lambda value: value.astimezone(UTC).isoformat().replace("+00:00", "Z"),
}


def _present(field: Field, stored: Any, currency: str) -> Value:
    """Return a stored value, of the type that the field's kind has, as a value of a message."""
    if stored is None or stored == "" or stored == [] or stored == {}:
        return EMPTY
    match field.kind:
        case Kind.LIST:
            return [lexical(item) for item in stored]
        case Kind.MAP:
            # The key of a map of money is its currency.
            return {key: _present(field.item, entry, key) for key, entry in stored.items()}
        case Kind.ROWS:
            return [present_record(field.child, row, currency) for row in stored]
        case Kind.DECIMAL if field.money:
            return money_text(Decimal(stored), minor_digits(currency, field.minor_digits))
        case Kind.DECIMAL:
            return decimal_text(Decimal(stored))
    return lexical(stored)


def present_record(resource: Resource, record: Mapping[str, object], currency: str = "") -> dict[str, Value]:
    """
    Return the record as values, in the resource's order; what has no value is EMPTY.

    Decimals may come as their text; maps and lists as dict and list; rows as dicts by field name.

    currency  of its money, where it has none of its own (the rows of an order)
    """
    currency = str(record.get("currency") or currency)
    return {
        field.name: _present(field, record[field.name], currency)
        for field in resource.fields
        if field.name in record and not field.secret
    }
