"""
From stored values to the values of a message: the way back of `records.shapes.parsing`.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

from records.shapes.fields import Field, Kind
from records.shapes.money import money_text
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, Value, Values

Presenter = Callable[[Mapping[str, object]], Values]


def lexical(value: object) -> str:
    """A stored scalar in XSD lexical form: `true`, `250.5`, `2026-01-31`, `2026-01-31T12:00:00Z`."""
    return _LEXICAL.get(type(value), str)(value)  # what is not there: a Ref, by its name


def presented(value: object) -> Value:
    """A stored scalar as a value: what has none is EMPTY."""
    return EMPTY if value in (None, "") else lexical(value)


def decimal_text(number: Decimal) -> str:
    """Without exponent and needless zeros: `Decimal('250.50000')` is `250.5`."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


_LEXICAL: Mapping[type, Callable[[object], str]] = {
    str: lambda value: value,
    int: str,
    bool: lambda value: "true" if value else "false",
    Decimal: decimal_text,
    date: date.isoformat,
    datetime: lambda value: value.astimezone(UTC).isoformat().replace("+00:00", "Z"),
}


def _present(field: Field, stored: object, currency: str) -> Value:
    if stored is None or stored == "" or stored == [] or stored == {}:
        return EMPTY
    match field.kind:
        case Kind.LIST:
            return [lexical(item) for item in stored]
        case Kind.MAP:
            return {key: _present(field.item, entry, key) for key, entry in stored.items()}
        case Kind.ROWS:
            return [present_record(field.child, row, currency) for row in stored]
        case Kind.DECIMAL if field.money:
            return money_text(Decimal(stored), currency)
        case Kind.DECIMAL:
            return decimal_text(Decimal(stored))
    return lexical(stored)


def present_record(resource: Resource, record: Mapping[str, object], currency: str = "") -> dict[str, Value]:
    """
    The record as values, in the resource's order; what has no value is EMPTY.

    Decimals may come as their text; maps and lists as dict and list; rows as dicts by field name.

    currency  of its money, where it has none of its own (the rows of an order)
    """
    currency = str(record.get("currency") or currency)
    return {
        field.name: _present(field, record[field.name], currency)
        for field in resource.fields
        if field.name in record and not field.secret
    }
