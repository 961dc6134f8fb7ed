"""
Parts, their children, and collections as JSON.

    {"id": 7, "partNumber": "PUMP-100", "directBuy": {"lookupCode": "1", "displayValue": "Direct Buy"},
     "description": "Pump, small", "units": "1", "leadTime": 14, "_part_custom_field5": 0.0,
     "dateAdded": "2026-01-31T12:00:00.000Z", "links": [{"rel": "self", "href": "…"}]}

    text            "P100", null when it has no value
    whole number    14; units and flags are texts: "1", "true"
    other number    12.50, 0.0 when it has no value
    menu            {"lookupCode": …, "displayValue": …}
    moment          2026-01-31T12:00:00.000Z
    price           {"id": …, "price": {"value": 250.00, "currency": "USD"}, "dateAdded": …, "dateModified": …}
    translation     {"id": …, "language": {"languageCode": "de"}, "description": "Pumpe", …}
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from json.encoder import encode_basestring as quoted_text
from typing import Any
from urllib.parse import quote, urlencode

from records.shapes.fields import Field, Kind
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, Value, Values
from webservices.wire.dialects.oracle_rest.context import SELLERS, OracleRestContext, View
from webservices.wire.dialects.oracle_rest.names import (
    BASE,
    DISPLAY_VALUES,
    EXTENDED_DESCRIPTIONS,
    EXTENDED_TRANSLATIONS,
    FORCED,
    LINKS,
    LIST_PRICE,
    LIST_PRICE_SINCE,
    PRICES,
    SELLER_MEMBERS,
    TEXTS,
    Child,
    child_id,
    children_of,
    field_name,
    is_described,
    is_lookup,
    own_fields,
)
from webservices.wire.json import write_json

Write = Callable[[Any], str]  # of a value that fits its field
WriteRecord = Callable[[Values], str]
MILLISECONDS = len("2026-01-31T12:00:00.000")


@dataclass(frozen=True)
class Collection:
    """
    A collection of what was found.

    items  each as JSON
    cut    there are more behind them
    total  how many there are in all; None: the caller does not want to know
    """

    items: Sequence[str]
    cut: bool = False
    total: int | None = None


def record_writer(resource: Resource, context: OracleRestContext) -> WriteRecord:
    """Return the writer of the parts of an answer: with the members, children and links that its view shows."""
    members = [*_members(resource, context)]
    return lambda record: "{" + ",".join([f"{name}:{write(record)}" for name, write in members]) + "}"


def member_names(resource: Resource, context: OracleRestContext) -> list[str]:
    """Return the names of all members that a part can have in an answer."""
    return [name for name, _ in _all_members(resource, context)] + [child.name for child in _first_children(resource)]


def _members(resource: Resource, context: OracleRestContext) -> Iterator[tuple[str, WriteRecord]]:
    view = context.view
    shown = None if view.fields is None else view.fields | FORCED
    for name, write in _all_members(resource, context):
        if shown is None or name in shown:
            yield quoted_text(name), write
    for child in _first_children(resource):
        if child.name in view.expand and (shown is None or child.name in shown):
            yield quoted_text(child.name), partial(_write_inside, resource, child, context)
    if view.links:
        yield quoted_text(LINKS), _links_writer(resource, context)


def _all_members(resource: Resource, context: OracleRestContext) -> Iterator[tuple[str, WriteRecord]]:
    for field in own_fields(resource):
        yield field_name(field.name), _member(field, context.language)
    if context.entry in SELLERS:
        if context.version >= LIST_PRICE_SINCE:
            yield LIST_PRICE, lambda record: _number(_entry(record, "price", context.currency))
        for name, constant in SELLER_MEMBERS.items():
            yield name, partial(_constant, constant)


def _constant(text: str, record: Values) -> str:
    return text


def _first_children(resource: Resource) -> Iterator[Child]:
    return (child for child in children_of(resource) if child.parent is None)


def _entry(record: Values, name: str, key: str) -> Any:
    entries = record.get(name) or {}
    return entries.get(key, EMPTY) if isinstance(entries, dict) else EMPTY


def _member(field: Field, language: str) -> WriteRecord:
    name = field.name
    if is_described(field):
        return lambda record: _text(_entry(record, name, language))
    write = _writer(field)
    return lambda record: write(record.get(name, EMPTY))


def _text(value: Any) -> str:
    return "null" if value is EMPTY or value == "" else quoted_text(value)


def _number(value: Any) -> str:
    return value if value else "null"


def _custom_number(value: Any) -> str:
    return value if value else "0.0"


def _moment(value: Any) -> str:
    return quoted_text(moment_text(value)) if value else "null"


def moment_text(moment: str) -> str:
    """Return a moment, `2026-01-31T12:00:00.123456Z` in lexical form, with the milliseconds that Oracle's have."""
    date_and_time, _, fraction = moment.removesuffix("Z").partition(".")
    return f"{date_and_time}.{fraction:0<3.3}Z"


def _writer(field: Field) -> Write:
    if is_lookup(field):
        return _lookup_writer(field)
    match field.kind:
        case Kind.LIST:
            item = _writer(field.item)
            return lambda value: f"[{','.join([item(each) for each in value or ()])}]"
        case Kind.MAP:
            entry = _writer(field.item)
            return lambda value: (
                "{" + ",".join([f"{quoted_text(key)}:{entry(each)}" for key, each in (value or {}).items()]) + "}"
            )
        case Kind.DATETIME:
            return _moment
        case Kind.DECIMAL if field.custom:
            return _custom_number
        case Kind.INTEGER | Kind.DECIMAL | Kind.BOOLEAN if field.name not in TEXTS:
            return _number
    return _text


def _lookup_writer(field: Field) -> Write:
    texts = {code: write_json(lookup_tree(field, code)) for code, _ in field.choices}
    return lambda value: "null" if not value else texts.get(value) or write_json({"lookupCode": value})


def lookup_tree(field: Field, code: str) -> dict[str, str]:
    """Return the lookup object of one choice of a field."""
    label = DISPLAY_VALUES.get((field.name, code)) or dict(field.choices).get(code) or code
    return {"lookupCode": code, "displayValue": label}


# Children


def child_items(resource: Resource, child: Child, record: Values, context: OracleRestContext) -> dict[str, str]:
    """Return the children of a part by their currencies or languages, each as JSON, in the order of these."""
    codes = sorted({code for name in child.members for code in _codes(record.get(name))})
    if child.is_one:
        return {"": _child_item(resource, child, "", record, context)} if codes else {}
    return {code: _child_item(resource, child, code, record, context) for code in codes}


def _codes(entries: Value | None) -> Iterable[str]:
    return entries if isinstance(entries, dict) else ()


def _child_item(resource: Resource, child: Child, code: str, record: Values, context: OracleRestContext) -> str:
    own_id = child_id(int(str(record["id"])), child, code)
    members = [f'"id":{own_id}']
    if child is PRICES:
        amount = _number(_entry(record, "price", code))
        members.append(f'"price":{{"value":{amount},"currency":{quoted_text(code)}}}')
    elif not child.is_one:
        members.append(f'"language":{{"languageCode":{quoted_text(code)}}}')
    if child is not PRICES:
        for field in child.fields(resource):
            text = _text(_entry(record, field.name, code or context.language))
            members.append(f"{quoted_text(child.members[field.name])}:{text}")
    below = context.view.expand
    if child is EXTENDED_DESCRIPTIONS and (EXTENDED_TRANSLATIONS.path in below):
        members.append(
            f'"{EXTENDED_TRANSLATIONS.name}":' + _write_inside(resource, EXTENDED_TRANSLATIONS, context, record)
        )
    members += [f"{quoted_text(field_name(name))}:{_moment(record.get(name))}" for name in ("created_at", "changed_at")]
    if context.view.links:
        members.append(f'"{LINKS}":{write_json(_child_links(child, own_id, record, context))}')
    return "{" + ",".join(members) + "}"


def _write_inside(resource: Resource, child: Child, context: OracleRestContext, record: Values) -> str:
    """Return the children that are shown in their part: a collection with all of them."""
    items = [*child_items(resource, child, record, context).values()]
    links = ""
    if context.view.links:
        links = f',"{LINKS}":{write_json([_link("canonical", child_path(child, record, context))])}'
    return f'{{"items":[{",".join(items)}]{links}}}'


def _child_links(child: Child, own_id: int, record: Values, context: OracleRestContext) -> list[dict[str, str]]:
    href = f"{child_path(child, record, context)}/{own_id}"
    links = [_link("self", href), _link("canonical", href)]
    if child is EXTENDED_DESCRIPTIONS:
        links.append(_link("child", f"{href}/{EXTENDED_TRANSLATIONS.name}"))
    return links


def child_path(child: Child, record: Values, context: OracleRestContext) -> str:
    """Return the address of the children of a part."""
    if child.parent is None:
        return f"{setup_path(record, context)}/{child.name}"
    parent = child_id(int(str(record["id"])), child.parent, "")
    return f"{child_path(child.parent, record, context)}/{parent}/{child.name}"


# Links


def _link(rel: str, href: str) -> dict[str, str]:
    return {"rel": rel, "href": href}


def root(context: OracleRestContext) -> str:
    """Return the address that those of all resources begin with: `https://hub.example/rest/v19/`."""
    return f"{context.address}{BASE}v{context.version}/"


def setup_path(record: Values, context: OracleRestContext) -> str:
    """Return the address of a part where it is written, and its children are."""
    return f"{root(context)}partSetups/{record['id']}"


def _links_writer(resource: Resource, context: OracleRestContext) -> WriteRecord:
    # As text with a place for the id: to write the same links as JSON for each part would cost more than all else.
    sellers = context.entry in SELLERS
    place = {"id": "{}"}
    own = f"{root(context)}parts/{{}}" if sellers else setup_path(place, context)
    links = [_link("self", own), _link("canonical", own)]
    links += [_link("child", child_path(child, place, context)) for child in _first_children(resource)]
    pieces = write_json(links).split("{}")
    return lambda record: str(record["id"]).join(pieces)


def collection_text(found: Collection, context: OracleRestContext, path: str) -> str:
    """Return a collection, with the links to itself and to its next page; `path` is its address without parameters."""
    page = context.page
    members: dict[str, object] = {
        "offset": page.offset,
        "limit": page.limit,
        "count": len(found.items),
        "hasMore": found.cut,
    }
    if found.total is not None:
        members["totalResults"] = found.total
    if context.view.links:
        members[LINKS] = [*_collection_links(found, context, path)]
    opening = write_json(members)
    # A line for each item, so that a page can be read by people and compared by tools.
    return opening[:-1] + ',"items":[' + ",\n".join(found.items) + "]}"


def _collection_links(found: Collection, context: OracleRestContext, path: str) -> Iterator[dict[str, str]]:
    page = context.page
    yield _link("canonical", path)
    if found.cut:
        yield _link("next", _page_href(context, path, page.offset + page.limit))
    yield _link("self", _page_href(context, path, page.offset) if page.is_told else _href(path, context.query))


def _page_href(context: OracleRestContext, path: str, offset: int) -> str:
    kept = [(name, text) for name, text in context.query if name.lower() not in ("limit", "offset")]
    return _href(path, [*kept, ("limit", str(context.page.limit)), ("offset", str(offset))])


def _href(path: str, parameters: Sequence[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(parameters, quote_via=quote)}" if parameters else path


def visible_children(view: View) -> frozenset[str]:
    """Return the paths of the children that a view expands, with those that they are below."""
    parents = {path.rpartition(".")[0] for path in view.expand}
    return frozenset(view.expand | parents) - {""}
