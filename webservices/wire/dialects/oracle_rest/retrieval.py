"""
Responses of Oracle CPQ's REST interface to GET and to a search: parts, children of one, and what describes them.

    200  {"offset": 0, "limit": 1000, "count": 1, "hasMore": false, "links": […], "items": [{…}]}
    200  {"partMetadata": {"standardFields": [{…}], "customFields": [{…}]}}
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from records.shapes.copying import replace
from records.shapes.fields import Kind
from records.shapes.problems import Family, Problem, version_conflict_problem
from records.shapes.values import Values, quote_text
from webservices.wire.dialects.oracle_rest.context import SELLERS, Entry, OracleRestContext
from webservices.wire.dialects.oracle_rest.errors import no_child_problem, write_failure
from webservices.wire.dialects.oracle_rest.names import CHILD_FIELDS, LEFT_OUT, LINKS, PRICE_BOOK, field_name, spell
from webservices.wire.dialects.oracle_rest.responses import etag, json_response
from webservices.wire.dialects.oracle_rest.values import (
    Collection,
    child_items,
    child_path,
    collection_text,
    record_writer,
    root,
)
from webservices.wire.json import Json, write_json
from webservices.wire.messages import Answer, Failure, WireResponse


def write_found(answer: Answer, context: OracleRestContext) -> WireResponse:
    """Write the records that a call has found, in the form of its address."""
    refusal = _check_condition(answer, context)
    return refusal or _FOUND_WRITERS[context.entry](answer, context)


def _check_condition(answer: Answer, context: OracleRestContext) -> WireResponse | None:
    """Return the refusal of a condition that is not met; a list, which has no version, meets none."""
    if context.condition is None:
        return None
    record = next(iter(answer.records), {}) if context.entry in (Entry.SETUP, Entry.PART) else {}
    version = record.get("version")
    if context.condition.holds(int(str(version)) if version else None):
        return None
    text = f"{context.condition} is not met."
    return write_failure(Failure((version_conflict_problem(text),), answer.operation, answer.call_id), context)


def _write_part(answer: Answer, context: OracleRestContext) -> WireResponse:
    record = next(iter(answer.records), None)
    if record is None:
        return _write_missing(answer, _no_part(context), context)
    return json_response(200, record_writer(answer.operation.resource, context)(record), etag(record.get("version")))


def _no_part(context: OracleRestContext) -> Problem:
    text = f"There is no part with {{field}} {quote_text(context.key)}."
    if context.key.isdigit():
        text += f" A part of this number is found by q={{partNumber:'{context.key}'}}."
    return Problem("not-found", Family.NOT_FOUND, text, ("id" if context.key.isdigit() else "number",))


def _write_missing(answer: Answer, problem: Problem, context: OracleRestContext) -> WireResponse:
    return write_failure(Failure((problem,), answer.operation, answer.call_id), context)


def _write_parts(answer: Answer, context: OracleRestContext) -> WireResponse:
    items = [*map(record_writer(answer.operation.resource, context), answer.records)]
    path = root(context) + ("parts" if context.entry in SELLERS else "partSetups")
    if context.entry is Entry.SEARCH:  # its parameters are in its body, so that no address leads to the next page
        context = replace(context, page=replace(context.page, is_told=False), query=())
        path += "/actions/search"
    return json_response(200, collection_text(Collection(items, answer.cut, answer.total), context, path))


def _write_children(answer: Answer, context: OracleRestContext) -> WireResponse:
    record = next(iter(answer.records), None)
    child, resource = context.child, answer.operation.resource
    if record is None or child is None:
        return _write_missing(answer, _no_part(context), context)
    items = child_items(resource, child, record, context)
    if context.entry is Entry.CHILD:
        if context.code not in items:
            return _write_missing(answer, no_child_problem(context), context)
        return json_response(200, items[context.code], etag(record.get("version")))
    return json_response(200, _page_text([*items.values()], context, child_path(child, record, context)))


def _page_text(items: Sequence[str], context: OracleRestContext, path: str) -> str:
    page = context.page
    shown = [*islice(items, page.offset, page.offset + page.limit)]
    total = len(items) if _wants_total(context) else None
    return collection_text(Collection(shown, page.offset + len(shown) < len(items), total), context, path)


def _wants_total(context: OracleRestContext) -> bool:
    wanted = any(name.lower() == "totalresults" and text.lower() == "true" for name, text in context.query)
    return wanted and context.page.is_told


def _write_metadata(answer: Answer, context: OracleRestContext) -> WireResponse:
    fields = [*_metadata(answer.records)]
    standard = [tree for custom, tree in fields if not custom]
    tree = {"standardFields": standard, "customFields": [tree for custom, tree in fields if custom]}
    return json_response(200, write_json({"partMetadata": tree}))


def _metadata(records: Iterable[Values]) -> Iterator[tuple[bool, dict[str, Json]]]:
    for record in records:
        name, length = str(record.get("name")), record.get("length")
        # What is a child has addresses of its own; of these the description alone is a member of the part, too.
        if name in LEFT_OUT or (name in CHILD_FIELDS and spell((name,)) != field_name(name)):
            continue
        yield (
            record.get("custom") == "true",
            {
                "name": spell((name,)),
                "label": str(record.get("label") or ""),
                "type": _TYPES.get(str(record.get("kind")), "string"),
                "required": record.get("required") == "true",
                "maxLength": int(length) if isinstance(length, str) else None,
            },
        )


_TYPES: Mapping[str, str] = {Kind.INTEGER: "number", Kind.DECIMAL: "number", Kind.DATE: "date", Kind.DATETIME: "date"}


def _book_text(record: Values, context: OracleRestContext) -> str:
    href = f"{root(context)}priceBooks/{PRICE_BOOK}"
    tree: dict[str, Json] = {"id": 1, "variableName": PRICE_BOOK}
    tree |= {name: value for name, value in record.items() if isinstance(value, str)}
    if context.view.links:
        tree[LINKS] = [
            {"rel": "self", "href": href},
            {"rel": "canonical", "href": href},
            {"rel": "child", "href": f"{href}/translations"},
        ]
    return write_json(tree)


def _write_books(answer: Answer, context: OracleRestContext) -> WireResponse:
    items = [_book_text(record, context) for record in answer.records]
    return json_response(200, _page_text(items, context, f"{root(context)}priceBooks"))


def _write_book(answer: Answer, context: OracleRestContext) -> WireResponse:
    return json_response(200, _book_text(next(iter(answer.records), {}), context))


def _write_book_translations(answer: Answer, context: OracleRestContext) -> WireResponse:
    # The price book has a name in the language of the site and in no other.
    return json_response(200, _page_text([], context, f"{root(context)}priceBooks/{PRICE_BOOK}/translations"))


_FOUND_WRITERS: Mapping[Entry, Callable[[Answer, OracleRestContext], WireResponse]] = {
    Entry.SETUPS: _write_parts,
    Entry.PARTS: _write_parts,
    Entry.SEARCH: _write_parts,
    Entry.SETUP: _write_part,
    Entry.PART: _write_part,
    Entry.CHILDREN: _write_children,
    Entry.CHILD: _write_children,
    Entry.METADATA: _write_metadata,
    Entry.BOOKS: _write_books,
    Entry.BOOK: _write_book,
    Entry.BOOK_TRANSLATIONS: _write_book_translations,
}
