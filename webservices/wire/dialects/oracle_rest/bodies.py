"""
One part as a body holds it, both ways: JSON into Values, and Values into JSON.

    {"partNumber": "PUMP-100", "description": "Pump", "units": "2", "directBuy": {"lookupCode": "1"},
     "prices": {"items": [{"price": {"value": 250.00, "currency": "USD"}}]},
     "translations": {"items": [{"language": {"languageCode": "de"}, "description": "Pumpe"}]}}

    null                          cleared
    a child that is not there     stays as it is
    a child whose value is null   is removed
    "prices": null                all of them are removed

What an answer has and nobody writes is passed over: links, dates, and what `parts` alone shows.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

from records.shapes.fields import Field, Kind
from records.shapes.problems import Problem, invalid_problem, missing_problem
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, InvalidValue, Value, Values, quote_text
from webservices.wire.dialects.oracle.classic import says_nothing
from webservices.wire.dialects.oracle_rest.names import (
    CHILD_FIELDS,
    DATES,
    DISPLAY_VALUE,
    EXTENDED_DESCRIPTIONS,
    EXTENDED_TRANSLATIONS,
    FLAGS,
    LINKS,
    LIST_PRICE,
    LOOKUP_CODE,
    NOT_BLANKED,
    PRICES,
    SELLER_MEMBERS,
    TEXTS,
    TRANSLATIONS,
    Child,
    field_name,
    hub_name,
    is_classic,
    is_described,
    is_lookup,
    own_fields,
    wire_fields,
)
from webservices.wire.dialects.oracle_rest.values import lookup_tree
from webservices.wire.json import Json, to_values

NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?", re.ASCII)  # as JSON writes it
PASSED_OVER = frozenset({LINKS, LIST_PRICE, *SELLER_MEMBERS, *map(field_name, DATES)})


Read = Callable[[Json], dict[str, Value]]  # of one member, into the values that it says


def read_part(tree: Mapping[str, Json], resource: Resource, language: str) -> dict[str, Value]:
    """Return the values of a part; what is none of its fields goes on as it is, to be refused by the core."""
    readers = _member_readers(resource, language)
    values: dict[str, Value] = {}
    for name, value in tree.items():
        read = readers.get(name)
        if read is not None:
            for field, found in read(value).items():
                values[field] = _combine(values[field], found) if field in values else found
        elif not _is_unset_classic(name, value):
            values[hub_name(resource, name)] = to_values(value)
    return values


# Once for each generation of a resource's fields: a call has thousands of parts, each with all of these.
@lru_cache(maxsize=64)
def _member_readers(resource: Resource, language: str) -> Mapping[str, Read]:
    """Return the readers of the members that a part may have, by their names."""
    readers: dict[str, Read] = {field_name(each.name): _member_reader(each, language) for each in own_fields(resource)}
    for child in dict.fromkeys(CHILD_FIELDS.values()):
        if child.fields(resource):
            readers[child.name] = partial(_read_children, child=child, resource=resource, language=language)
    return readers | dict.fromkeys(PASSED_OVER, lambda value: {})


def _is_unset_classic(name: str, value: Json) -> bool:
    found = to_values(value) if is_classic(name) else None
    return found is EMPTY or (isinstance(found, str) and says_nothing(found))


def _member_reader(field: Field, language: str) -> Read:
    name = field.name
    if is_described(field):
        return lambda value: {name: _read_described(value, language)}
    if is_lookup(field):
        find = partial(find_code, read_choices(field))
        return lambda value: {name: _read_lookup(find, value)}
    if field.kind is Kind.BOOLEAN:
        return lambda value: {name: _read_flag(value)}
    return lambda value: {name: to_values(value)}


def _add_all(values: dict[str, Value], more: Mapping[str, Value]) -> dict[str, Value]:
    """Add values; what comes more than once, as description and as translation for one, must agree."""
    for name, value in more.items():
        values[name] = _combine(values[name], value) if name in values else value
    return values


def _combine(known: Value, value: Value) -> Value:
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


Choices = tuple[frozenset[str], Mapping[str, str]]  # codes, and these by what is displayed of them, in small letters


def find_code(choices: Choices, text: str) -> str:
    """Return the code of a choice that a text names, itself or by what is displayed of it; the text, if none is so."""
    codes, labels = choices
    return text if text in codes else labels.get(text.strip().lower(), text)


def read_choices(field: Field) -> Choices:
    """Return the choices of a field."""
    codes = frozenset(code for code, _ in field.choices)
    return codes, {lookup_tree(field, code)[DISPLAY_VALUE].lower(): code for code in codes}


# Children


def _read_children(value: Json, child: Child, resource: Resource, language: str) -> dict[str, Value]:
    names = [field.name for field in child.fields(resource)]
    if value is None:
        return dict.fromkeys(names, EMPTY)
    items = value.get("items", []) if isinstance(value, dict) else value
    if not isinstance(items, list) or not all(isinstance(each, dict) for each in items):
        text = '{field} is a collection: {"items": [{…}]}, or null.'
        return {names[0]: InvalidValue(invalid_problem(text, code="wrong-shape"))}
    found: dict[str, Value] = {}
    for item in items:
        if isinstance(item, dict):
            _add_all(found, read_child(item, child, resource, language))
    return found


def read_child(
    item: Mapping[str, Json], child: Child, resource: Resource, language: str, code: str = ""
) -> dict[str, Value]:
    """
    Return the values of a part that one child says; for `prices`: {"price": {"EUR": "118.0"}}.

    code  the currency or language that the address names, with which the body must agree; "": it names none
    """
    first = child.fields(resource)[0].name
    try:
        return _READERS[child](item, child, resource, language, code)
    except _WrongChildError as wrong:
        return {first: InvalidValue(wrong.problem)}


class _WrongChildError(Exception):
    """A child that cannot be read, and why."""

    def __init__(self, problem: Problem):
        super().__init__()
        self.problem = problem


def _wrong(text: str, code: str = "wrong-shape") -> _WrongChildError:
    return _WrongChildError(invalid_problem(text, code=code))


def _check_members(item: Mapping[str, Json], known: frozenset[str]) -> None:
    if strange := [name for name in item if name not in known | PASSED_OVER | {"id"}]:
        names = ", ".join(sorted(known))
        raise _wrong(f"{{field}} have {names}, not {quote_text(strange[0])}.", "unknown-field")


def _read_price(
    item: Mapping[str, Json], child: Child, resource: Resource, language: str, code: str
) -> dict[str, Value]:
    _check_members(item, frozenset({"price"}))
    price = item.get("price")
    if not isinstance(price, dict) or price.keys() - {"value", "currency"}:
        raise _wrong('{field} each have a price: {"value": 118.0, "currency": "EUR"}.')
    currency = _agree(to_values(price.get("currency")), code, "price.currency")
    return {"price": {currency: to_values(price.get("value"))}}


def _agree(sent: Value, code: str, name: str) -> str:
    if sent is EMPTY and not code:
        raise _WrongChildError(Problem("missing", missing_problem(()).family, f"{{field}} each need {name}."))
    if not isinstance(sent, str) and sent is not EMPTY:
        raise _wrong(f"{{field}} each have {name} as a text.")
    own = str(sent or code)
    if code and own != code:
        raise _wrong(f"The address names {code}, and {name} is {quote_text(own)}; they must agree.", "keys-disagree")
    return own


def _read_translation(
    item: Mapping[str, Json], child: Child, resource: Resource, language: str, code: str
) -> dict[str, Value]:
    is_plain = child is TRANSLATIONS
    names = {field.name: child.members[field.name] for field in child.fields(resource)}
    _check_members(item, frozenset({"language", *names.values(), *(("units",) if is_plain else ())}))
    sent = item.get("language")
    spoken = sent.get("languageCode") if isinstance(sent, dict) else sent
    own = _agree(to_values(spoken), code, "language.languageCode")
    found: dict[str, Value] = {name: {own: to_values(item[each])} for name, each in names.items() if each in item}
    # One number for all languages here: what a translation says of it is said of the part.
    if is_plain and to_values(item.get("units")) is not EMPTY:
        found["units"] = to_values(item["units"])
    if not found:
        raise _WrongChildError(Problem("missing", missing_problem(()).family, f"{{field}} need {min(names.values())}."))
    return found


def _read_extended(
    item: Mapping[str, Json], child: Child, resource: Resource, language: str, code: str
) -> dict[str, Value]:
    names = {field.name: child.members[field.name] for field in child.fields(resource)}
    _check_members(item, frozenset({*names.values(), EXTENDED_TRANSLATIONS.name}))
    found: dict[str, Value] = {name: {language: to_values(item[each])} for name, each in names.items() if each in item}
    if EXTENDED_TRANSLATIONS.name in item:
        below = _read_children(item[EXTENDED_TRANSLATIONS.name], EXTENDED_TRANSLATIONS, resource, language)
        _add_all(found, below)
    return found


_READERS: Mapping[Child, Callable[[Mapping[str, Json], Child, Resource, str, str], dict[str, Value]]] = {
    PRICES: _read_price,
    TRANSLATIONS: _read_translation,
    EXTENDED_DESCRIPTIONS: _read_extended,
    EXTENDED_TRANSLATIONS: _read_translation,
}


def blank_absent(values: Mapping[str, Value], resource: Resource, language: str) -> dict[str, Value]:
    """Return the values of a part with EMPTY for each member that is absent, as PUT has it; children stay."""
    blanks: dict[str, Value] = {
        field.name: {language: EMPTY} if is_described(field) else EMPTY
        for field in own_fields(resource)
        if field.writable and field.name not in NOT_BLANKED
    }
    described = {
        name: {**entries, **known}
        for name, entries in blanks.items()
        if isinstance(entries, dict) and isinstance(known := values.get(name, {}), dict)
    }
    return {**blanks, **values, **described}


# Requests


def request_tree(record: Values, resource: Resource, language: str) -> dict[str, Json]:
    """Return a part as a request has it: what is absent stays absent, and EMPTY is null."""
    tree: dict[str, Json] = {}
    known = {field.name for field in wire_fields(resource)}
    for name, value in record.items():
        field = resource.by_name.get(name) if name in known else None
        if field is not None and is_described(field):
            tree |= _described_tree(field, value, language)
        elif field is not None and name in CHILD_FIELDS:
            continue
        else:
            spelled = field_name(name) if field is not None else name.removeprefix(":")
            tree[spelled] = _value_tree(field, value)
    for child in (PRICES, EXTENDED_DESCRIPTIONS):
        if sent := {name: record[name] for name in child.members if name in record and name in known}:
            tree[child.name] = _child_tree(child, sent, resource, language)
    return tree


def _described_tree(field: Field, value: Value, language: str) -> dict[str, Json]:
    spelled = TRANSLATIONS.members[field.name]
    if not isinstance(value, dict):
        return {spelled: None, TRANSLATIONS.name: None}
    others = {key: entry for key, entry in value.items() if key != language}
    tree: dict[str, Json] = {spelled: _value_tree(field, value[language])} if language in value else {}
    if others:
        tree[TRANSLATIONS.name] = {"items": [*_translation_trees(TRANSLATIONS, {field.name: others})]}
    return tree


def _translation_trees(child: Child, maps: Mapping[str, Any]) -> Iterator[Json]:
    for code in dict.fromkeys(code for entries in maps.values() for code in entries):
        texts = {child.members[name]: entries[code] for name, entries in maps.items() if code in entries}
        yield {"language": {"languageCode": code}, **{name: _value_tree(None, text) for name, text in texts.items()}}


def _child_tree(child: Child, maps: Mapping[str, Value], resource: Resource, language: str) -> Json:
    if not all(isinstance(each, dict) for each in maps.values()):
        return None
    if child is PRICES:
        amounts: Any = maps["price"]
        item = resource.by_name["price"]
        return {
            "items": [
                {"price": {"value": _value_tree(item, amount), "currency": code}} for code, amount in amounts.items()
            ]
        }
    entries: Mapping[str, Any] = maps
    own: dict[str, Json] = {
        child.members[name]: _value_tree(None, each[language]) for name, each in entries.items() if language in each
    }
    others = {name: {k: text for k, text in each.items() if k != language} for name, each in entries.items()}
    if any(others.values()):
        own[EXTENDED_TRANSLATIONS.name] = {"items": [*_translation_trees(EXTENDED_TRANSLATIONS, others)]}
    return {"items": [own]}


def _value_tree(field: Field | None, value: Value) -> Json:
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
            return [_value_tree(None, each) for each in value]
        case dict():
            return {key: _value_tree(None, each) for key, each in value.items()}
    return None


def _is_number(field: Field) -> bool:
    kind = field.item.kind if field.kind is Kind.MAP else field.kind
    return kind in (Kind.INTEGER, Kind.DECIMAL) and field.name not in TEXTS
