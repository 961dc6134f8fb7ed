"""
The children of a part as a body holds them, both ways: prices, translations, extended descriptions.

    {"items": [{"price": {"value": 250.00, "currency": "USD"}}]}
    {"items": [{"language": {"languageCode": "de"}, "description": "Pumpe"}]}

    a child that is not there     stays as it is
    a child whose value is null   is removed
    null in place of all          all of them are removed
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from records.shapes.problems import Problem, invalid_problem, missing_problem
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, InvalidValue, Value, quote_text
from webservices.wire.dialects.oracle_rest.members import add_all, value_tree
from webservices.wire.dialects.oracle_rest.names import (
    DATES,
    EXTENDED_DESCRIPTIONS,
    EXTENDED_TRANSLATIONS,
    LINKS,
    LIST_PRICE,
    PRICES,
    SELLER_MEMBERS,
    TRANSLATIONS,
    Child,
    field_name,
)
from webservices.wire.json import Json, to_values

PASSED_OVER = frozenset({LINKS, LIST_PRICE, *SELLER_MEMBERS, *map(field_name, DATES)})


def read_children(value: Json, child: Child, resource: Resource, language: str) -> dict[str, Value]:
    """Return the values of a part that all its children of one kind say; null removes them."""
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
            add_all(found, read_child(item, child, resource, language))
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
        below = read_children(item[EXTENDED_TRANSLATIONS.name], EXTENDED_TRANSLATIONS, resource, language)
        add_all(found, below)
    return found


_READERS: Mapping[Child, Callable[[Mapping[str, Json], Child, Resource, str, str], dict[str, Value]]] = {
    PRICES: _read_price,
    TRANSLATIONS: _read_translation,
    EXTENDED_DESCRIPTIONS: _read_extended,
    EXTENDED_TRANSLATIONS: _read_translation,
}


def child_tree(child: Child, maps: Mapping[str, Value], resource: Resource, language: str) -> Json:
    """Return the children of one kind as a request has them, from their maps by field; None: all are removed."""
    if not all(isinstance(each, dict) for each in maps.values()):
        return None
    if child is PRICES:
        amounts: Any = maps["price"]
        item = resource.by_name["price"]
        return {
            "items": [
                {"price": {"value": value_tree(item, amount), "currency": code}} for code, amount in amounts.items()
            ]
        }
    entries: Mapping[str, Any] = maps
    own: dict[str, Json] = {
        child.members[name]: value_tree(None, each[language]) for name, each in entries.items() if language in each
    }
    others = {name: {k: text for k, text in each.items() if k != language} for name, each in entries.items()}
    if any(others.values()):
        own[EXTENDED_TRANSLATIONS.name] = {"items": [*translation_trees(EXTENDED_TRANSLATIONS, others)]}
    return {"items": [own]}


def translation_trees(child: Child, maps: Mapping[str, Any]) -> Iterator[Json]:
    """Yield a translation for each language of the texts, given by field and by language."""
    for code in dict.fromkeys(code for entries in maps.values() for code in entries):
        texts = {child.members[name]: entries[code] for name, entries in maps.items() if code in entries}
        yield {"language": {"languageCode": code}, **{name: value_tree(None, text) for name, text in texts.items()}}
