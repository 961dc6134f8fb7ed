"""
One member of a part as a body holds it, both ways: JSON into a value, and a value into JSON.

    "units": "2"                          a number comes as such or as a text
    "directBuy": {"lookupCode": "1"}      a choice by its code, or by what is displayed of it
    "description": "Pump"                 a text in the language of the site
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial

from records.shapes.fields import Field, Kind
from records.shapes.problems import invalid_problem
from records.shapes.values import EMPTY, InvalidValue, Value
from webservices.wire.dialects.oracle_rest.names import (
    DISPLAY_VALUE,
    FLAGS,
    LINKS,
    LOOKUP_CODE,
    TEXTS,
    TRANSLATIONS,
    is_described,
    is_lookup,
)
from webservices.wire.dialects.oracle_rest.values import lookup_tree
from webservices.wire.json import Json, to_values

NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?", re.ASCII)  # as JSON writes it
Read = Callable[[Json], dict[str, Value]]  # of one member, into the values that it says
Choices = tuple[frozenset[str], Mapping[str, str]]  # codes, and these by what is displayed of them, in small letters


def member_reader(field: Field, language: str) -> Read:
    """Return the function that reads one field of a part, from its member into its value."""
    name = field.name
    if is_described(field):
        return lambda value: {name: _read_described(value, language)}
    if is_lookup(field):
        find = partial(find_code, read_choices(field))
        return lambda value: {name: _read_lookup(find, value)}
    if field.kind is Kind.BOOLEAN:
        return lambda value: {name: _read_flag(value)}
    return lambda value: {name: to_values(value)}


def _read_described(value: Json, language: str) -> Value:
    if isinstance(value, dict | list):
        return InvalidValue(invalid_problem(f"{{field}} is a text; other languages are {TRANSLATIONS.name}."))
    return {language: to_values(value)}


def _read_flag(value: Json) -> Value:
    found = to_values(value)
    return FLAGS.get(found.strip().lower(), found) if isinstance(found, str) else found


def _read_lookup(find: Callable[[str], str], value: Json) -> Value:
    sent = to_values(value)
    if isinstance(sent, dict):
        code, label = sent.get(LOOKUP_CODE, EMPTY), sent.get(DISPLAY_VALUE, EMPTY)
        if (
            code is EMPTY
            and label is EMPTY
            and (sent.keys() - {LOOKUP_CODE, DISPLAY_VALUE, "id", LINKS} or "id" in sent)
        ):
            text = f"{{field}} is chosen by its {LOOKUP_CODE} or {DISPLAY_VALUE}."
            return InvalidValue(invalid_problem(text, code="wrong-shape"))
        sent = label if code is EMPTY else code
    return find(sent) if isinstance(sent, str) else sent


def find_code(choices: Choices, text: str) -> str:
    """Return the code of a choice that a text names, itself or by what is displayed of it; the text, if none is so."""
    codes, labels = choices
    return text if text in codes else labels.get(text.strip().lower(), text)


def read_choices(field: Field) -> Choices:
    """Return the choices of a field."""
    codes = frozenset(code for code, _ in field.choices)
    return codes, {lookup_tree(field, code)[DISPLAY_VALUE].lower(): code for code in codes}


def add_all(values: dict[str, Value], more: Mapping[str, Value]) -> dict[str, Value]:
    """Add values; what comes more than once, as description and as translation for one, must agree."""
    for name, value in more.items():
        values[name] = combine(values[name], value) if name in values else value
    return values


def combine(known: Value, value: Value) -> Value:
    """Return the value of a field that is sent twice; InvalidValue, if the two do not agree."""
    if isinstance(known, InvalidValue) or known == value:
        return known
    if isinstance(value, InvalidValue):
        return value
    path: tuple[str, ...] = ()
    if isinstance(known, dict) and isinstance(value, dict):
        path = tuple(key for key in known.keys() & value.keys() if known[key] != value[key])[:1]
        if not path:
            return {**known, **value}
    elif all(each is EMPTY or (isinstance(each, dict) and not any(each.values())) for each in (known, value)):
        return EMPTY
    text = "{field} is sent more than once, and not alike; send it once."
    return InvalidValue(invalid_problem(text, code="sent-twice", path=path))


def value_tree(field: Field | None, value: Value) -> Json:
    """Return a value as a request has it; None for EMPTY. Without a field a text stays a text."""
    match value:
        case str() if field is not None and is_lookup(field):
            return {LOOKUP_CODE: value}
        case str() if field is not None and _is_number(field) and NUMBER.fullmatch(value):
            return Decimal(value)
        case "true" | "false" if field is not None and field.kind is Kind.BOOLEAN and field.name not in TEXTS:
            return value == "true"
        case str():
            return value
        case list():
            return [value_tree(None, each) for each in value]
        case dict():
            return {key: value_tree(None, each) for key, each in value.items()}
    return None


def _is_number(field: Field) -> bool:
    kind = field.item.kind if field.kind is Kind.MAP else field.kind
    return kind in (Kind.INTEGER, Kind.DECIMAL) and field.name not in TEXTS
