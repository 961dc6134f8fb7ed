"""
Responses of Oracle CPQ's REST interface, from an Answer or a Failure.

    201 Created                                    one part, or one child, that is new: the record
    Location: https://hub.example/rest/v19/partSetups/7

    200  {"offset": 0, "limit": 1000, "count": 1, "hasMore": false, "links": […], "items": [{…}]}     what is found
    200  {"partSetups": {"offset": 0, …, "items": [{…}, …]}, "o:errorDetails": [{…}]}                  upsertParts
    400  {"title": "A value is not valid", "status": 400, "detail": "leadTime must be …", "error": "leadTime must be …",
          "o:errorCode": "too-small", "o:errorDetails": [{"detail": …, "o:errorPath": "leadTime", "o:errorCode": …}]}
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice, zip_longest

from records.shapes.copying import replace
from records.shapes.fields import Kind
from records.shapes.outcomes import NOT_TOLD, Outcome, Result
from records.shapes.problems import Family, Problem, version_conflict_problem
from records.shapes.values import EMPTY, Values, quote_text
from webservices.wire.credentials import CHALLENGE
from webservices.wire.dialects.hints import UNKNOWN_FIELD
from webservices.wire.dialects.oracle_rest.codes import FAMILIES, get_status
from webservices.wire.dialects.oracle_rest.context import SELLERS, Entry, OracleRestContext, Page, View
from webservices.wire.dialects.oracle_rest.names import (
    CHILD_FIELDS,
    JSON_TYPE,
    LEFT_OUT,
    LINKS,
    PRICE_BOOK,
    child_id,
    field_name,
    is_classic,
    spell,
)
from webservices.wire.dialects.oracle_rest.values import (
    Collection,
    child_items,
    child_path,
    collection_text,
    record_writer,
    root,
    setup_path,
)
from webservices.wire.json import Json, write_json
from webservices.wire.messages import Answer, Failure, WireResponse
from webservices.wire.operations import Operation

OUTCOME = "X-Outcome"  # ours: created, updated, unchanged, deleted, inactivated


def write(answer: Answer | Failure, context: OracleRestContext) -> WireResponse:
    """Write the response; a whole call that failed, and one whose every record failed, are errors."""
    if isinstance(answer, Failure):
        return _write_failure(answer, context)
    if not answer.operation.writes:
        return _write_found(answer, context)
    if answer.outcomes and all(outcome.failed for outcome in answer.outcomes):
        return _write_all_failed(answer, context)
    if answer.dry:
        return _write_dry(answer, context)
    if context.entry is Entry.UPSERT or len(answer.outcomes) != 1:
        return _write_many(answer, context)
    return _write_one(answer, answer.outcomes[0], context)


def _response(status: int, text: str, headers: Mapping[str, str] | None = None) -> WireResponse:
    return WireResponse(status, text.encode(), JSON_TYPE, headers or {})


def _etag(version: object) -> dict[str, str]:
    return {"ETag": f'"{version}"'} if version not in (None, "", EMPTY) else {}


# What is found


def _write_found(answer: Answer, context: OracleRestContext) -> WireResponse:
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
    return _write_failure(Failure((version_conflict_problem(text),), answer.operation, answer.call_id), context)


def _write_part(answer: Answer, context: OracleRestContext) -> WireResponse:
    record = next(iter(answer.records), None)
    if record is None:
        return _write_missing(answer, _no_part(context), context)
    return _response(200, record_writer(answer.operation.resource, context)(record), _etag(record.get("version")))


def _no_part(context: OracleRestContext) -> Problem:
    text = f"There is no part with {{field}} {quote_text(context.key)}."
    if context.key.isdigit():
        text += f" A part of this number is found by q={{partNumber:'{context.key}'}}."
    return Problem("not-found", Family.NOT_FOUND, text, ("id" if context.key.isdigit() else "number",))


def _write_missing(answer: Answer, problem: Problem, context: OracleRestContext) -> WireResponse:
    return _write_failure(Failure((problem,), answer.operation, answer.call_id), context)


def _write_parts(answer: Answer, context: OracleRestContext) -> WireResponse:
    items = [*map(record_writer(answer.operation.resource, context), answer.records)]
    path = root(context) + ("parts" if context.entry in SELLERS else "partSetups")
    if context.entry is Entry.SEARCH:  # its parameters are in its body, so that no address leads to the next page
        context = replace(context, page=replace(context.page, is_told=False), query=())
        path += "/actions/search"
    return _response(200, collection_text(Collection(items, answer.cut, answer.total), context, path))


def _write_children(answer: Answer, context: OracleRestContext) -> WireResponse:
    record = next(iter(answer.records), None)
    child, resource = context.child, answer.operation.resource
    if record is None or child is None:
        return _write_missing(answer, _no_part(context), context)
    items = child_items(resource, child, record, context)
    if context.entry is Entry.CHILD:
        if context.code not in items:
            return _write_missing(answer, _no_child(context), context)
        return _response(200, items[context.code], _etag(record.get("version")))
    return _response(200, _page_text([*items.values()], context, child_path(child, record, context)))


def _page_text(items: Sequence[str], context: OracleRestContext, path: str) -> str:
    page = context.page
    shown = [*islice(items, page.offset, page.offset + page.limit)]
    total = len(items) if _wants_total(context) else None
    return collection_text(Collection(shown, page.offset + len(shown) < len(items), total), context, path)


def _wants_total(context: OracleRestContext) -> bool:
    wanted = any(name.lower() == "totalresults" and text.lower() == "true" for name, text in context.query)
    return wanted and context.page.is_told


def _no_child(context: OracleRestContext) -> Problem:
    name = context.child.path if context.child else ""
    code = f" {context.code}" if context.code else ""
    return Problem("no-child", Family.NOT_FOUND, f"Part {quote_text(context.key)} has no {name}{code} of this id.")


def _write_metadata(answer: Answer, context: OracleRestContext) -> WireResponse:
    fields = [*_metadata(answer.records)]
    standard = [tree for custom, tree in fields if not custom]
    tree = {"standardFields": standard, "customFields": [tree for custom, tree in fields if custom]}
    return _response(200, write_json({"partMetadata": tree}))


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
    return _response(200, _page_text(items, context, f"{root(context)}priceBooks"))


def _write_book(answer: Answer, context: OracleRestContext) -> WireResponse:
    return _response(200, _book_text(next(iter(answer.records), {}), context))


def _write_book_translations(answer: Answer, context: OracleRestContext) -> WireResponse:
    # The price book has a name in the language of the site and in no other.
    return _response(200, _page_text([], context, f"{root(context)}priceBooks/{PRICE_BOOK}/translations"))


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


# What was written


def _write_one(answer: Answer, outcome: Outcome, context: OracleRestContext) -> WireResponse:
    record = next(iter(answer.records), None) or {}
    headers = _etag(outcome.version) | {OUTCOME: str(outcome.result)}
    if context.child is not None:
        return _write_child(answer, record, headers, context)
    # A part in use is inactivated instead of deleted: it is still there, and answered like any other.
    if outcome.result is Result.DELETED or not record:
        return WireResponse(204, b"", JSON_TYPE, {OUTCOME: str(outcome.result)})
    created = outcome.result is Result.CREATED
    if created:
        headers["Location"] = setup_path(record, context)
    return _response(201 if created else 200, record_writer(answer.operation.resource, context)(record), headers)


def _write_child(answer: Answer, record: Values, headers: dict[str, str], context: OracleRestContext) -> WireResponse:
    """Write a child: that of the currency or language which the record of the call has named."""
    child, resource = context.child, answer.operation.resource
    if child is None or context.method == "DELETE" or not record:
        return WireResponse(204, b"", JSON_TYPE, headers)
    items = child_items(resource, child, record, context)
    if context.method != "POST":
        return _response(200, items.get(context.code, "{}"), headers)
    code = "" if child.is_one else context.code
    headers["Location"] = f"{child_path(child, record, context)}/{child_id(int(str(record['id'])), child, code)}"
    return _response(201, items.get(code, "{}"), headers)


def _write_many(answer: Answer, context: OracleRestContext) -> WireResponse:
    write_record = record_writer(answer.operation.resource, context)
    pairs = [*zip_longest(answer.outcomes, answer.records)]
    items = [write_record(record) for outcome, record in pairs if outcome and record and not outcome.failed]
    page = Page(max(len(items), 1))
    found = collection_text(Collection(items), replace(context, page=page, query=(), view=View(links=False)), "")
    errors = [*_error_trees(answer.outcomes, answer.operation, context)]
    details = f',"o:errorDetails":{write_json(errors)}' if errors else ""
    return _response(200, f'{{"partSetups":{found}{details}}}')


def _write_dry(answer: Answer, context: OracleRestContext) -> WireResponse:
    outcomes: list[Json] = [
        {"partNumber": outcome.key or None, "outcome": str(outcome.result)} for outcome in answer.outcomes
    ]
    tree: dict[str, Json] = {"title": "A dry run: nothing was kept", "status": 200, "outcomes": outcomes}
    if errors := [*_error_trees(answer.outcomes, answer.operation, context)]:
        tree["o:errorDetails"] = [*errors]
    return _response(200, write_json(tree))


# What was refused


def _error_trees(
    outcomes: Sequence[Outcome], operation: Operation, context: OracleRestContext
) -> Iterator[dict[str, Json]]:
    for index, outcome in enumerate(outcomes):
        prefix = f"partSetups.items[{index}]" if context.entry is Entry.UPSERT else ""
        for problem in outcome.problems:
            yield _error_tree(problem, prefix, context)


def _error_tree(problem: Problem, prefix: str, context: OracleRestContext) -> dict[str, Json]:
    spelled = spell(problem.path, context.language)
    tree: dict[str, Json] = {"detail": _sentence(problem, context)}
    if path := ".".join(filter(None, (prefix, spelled))):
        tree["o:errorPath"] = path
    return tree | {"o:errorCode": problem.code}


def _sentence(problem: Problem, context: OracleRestContext) -> str:
    # What every classic site has is no unknown name.
    if problem.code == UNKNOWN_FIELD and is_classic(spell(problem.path)):
        problem = replace(problem, text="{field} is not defined on this site.", hint="")
    return problem.sentence(lambda path: spell(path, context.language))


def _error_response(
    problem: Problem,
    status: int,
    errors: Sequence[Json],
    context: OracleRestContext,
    detail: str = "",
    headers: Mapping[str, str] | None = None,
) -> WireResponse:
    sentence = detail or _sentence(problem, context)
    tree: dict[str, Json] = {
        "title": FAMILIES[problem.family].title,
        "status": status,
        "detail": sentence,
        "error": sentence,
        "o:errorCode": problem.code,
        "o:errorDetails": [*errors],
    }
    return _response(status, write_json(tree), headers)


def _write_failure(failure: Failure, context: OracleRestContext) -> WireResponse:
    problem = failure.problems[0]
    status = get_status(problem)
    headers: dict[str, str] = {}
    if status == 401:
        headers["WWW-Authenticate"] = CHALLENGE
    if context.allow:
        headers["Allow"] = ", ".join(context.allow)
    if failure.retry_after is not None:
        headers["Retry-After"] = str(failure.retry_after)
    errors = [_error_tree(each, "", context) for each in failure.problems]
    return _error_response(problem, status, errors, context, headers=headers)


def _write_all_failed(answer: Answer, context: OracleRestContext) -> WireResponse:
    outcomes = [_tell_of_child(outcome, context) for outcome in answer.outcomes]
    causes = [each for each in outcomes if each.problems[0].family is not Family.ROLLED_BACK] or outcomes
    statuses = {get_status(outcome.problems[0]) for outcome in causes if outcome.problems[0].code != NOT_TOLD}
    problem = causes[0].problems[0]
    detail = _sentence(problem, context)
    if len(outcomes) > 1:
        index = outcomes.index(causes[0])
        detail = f"None of the {len(outcomes)} parts was kept. partSetups.items[{index}]: {detail}"
    errors = [*_error_trees(outcomes, answer.operation, context)]
    return _error_response(problem, statuses.pop() if len(statuses) == 1 else 400, errors, context, detail)


def _tell_of_child(outcome: Outcome, context: OracleRestContext) -> Outcome:
    """Return the outcome in the words of a child: that it, or the one above it, is not there, or is there already."""
    if context.child is None:
        return outcome
    words = {
        "filtered": replace(_no_child(context), code="no-child"),
        "locked": Problem(
            "already-exists",
            Family.DUPLICATE,
            f"Part {quote_text(context.key)} has {context.child.path} already; PUT changes them.",
        ),
    }
    problems = tuple(words.get(problem.code, problem) for problem in outcome.problems)
    return replace(outcome, problems=problems)
