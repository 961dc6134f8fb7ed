"""
Responses of Oracle CPQ's REST interface, from an Answer or a Failure; of what was written, here.

    201 Created                                    one part, or one child, that is new: the record
    Location: https://hub.example/rest/v19/partSetups/7

    200  {"partSetups": {"offset": 0, …, "items": [{…}, …]}, "o:errorDetails": [{…}]}                  upsertParts
"""

from itertools import zip_longest

from records.shapes.copying import replace
from records.shapes.outcomes import Outcome, Result
from records.shapes.values import Values
from webservices.wire.dialects.oracle_rest.context import Entry, OracleRestContext, Page, View
from webservices.wire.dialects.oracle_rest.errors import error_trees, write_all_failed, write_failure
from webservices.wire.dialects.oracle_rest.names import JSON_TYPE, child_id
from webservices.wire.dialects.oracle_rest.responses import etag, json_response
from webservices.wire.dialects.oracle_rest.retrieval import write_found
from webservices.wire.dialects.oracle_rest.values import (
    Collection,
    child_items,
    child_path,
    collection_text,
    record_writer,
    setup_path,
)
from webservices.wire.json import Json, write_json
from webservices.wire.messages import Answer, Failure, WireResponse

OUTCOME = "X-Outcome"  # ours: created, updated, unchanged, deleted, inactivated


def write(answer: Answer | Failure, context: OracleRestContext) -> WireResponse:
    """Write the response; a whole call that failed, and one whose every record failed, are errors."""
    if isinstance(answer, Failure):
        return write_failure(answer, context)
    if not answer.operation.writes:
        return write_found(answer, context)
    if answer.outcomes and all(outcome.failed for outcome in answer.outcomes):
        return write_all_failed(answer, context)
    if answer.dry:
        return _write_dry(answer, context)
    if context.entry is Entry.UPSERT or len(answer.outcomes) != 1:
        return _write_many(answer, context)
    return _write_one(answer, answer.outcomes[0], context)


def _write_one(answer: Answer, outcome: Outcome, context: OracleRestContext) -> WireResponse:
    record = next(iter(answer.records), None) or {}
    headers = etag(outcome.version) | {OUTCOME: str(outcome.result)}
    if context.child is not None:
        return _write_child(answer, record, headers, context)
    # A part in use is inactivated instead of deleted: it is still there, and answered like any other.
    if outcome.result is Result.DELETED or not record:
        return WireResponse(204, b"", JSON_TYPE, {OUTCOME: str(outcome.result)})
    created = outcome.result is Result.CREATED
    if created:
        headers["Location"] = setup_path(record, context)
    return json_response(201 if created else 200, record_writer(answer.operation.resource, context)(record), headers)


def _write_child(answer: Answer, record: Values, headers: dict[str, str], context: OracleRestContext) -> WireResponse:
    """Write a child: that of the currency or language which the record of the call has named."""
    child, resource = context.child, answer.operation.resource
    if child is None or context.method == "DELETE" or not record:
        return WireResponse(204, b"", JSON_TYPE, headers)
    items = child_items(resource, child, record, context)
    if context.method != "POST":
        return json_response(200, items.get(context.code, "{}"), headers)
    code = "" if child.is_one else context.code
    headers["Location"] = f"{child_path(child, record, context)}/{child_id(int(str(record['id'])), child, code)}"
    return json_response(201, items.get(code, "{}"), headers)


def _write_many(answer: Answer, context: OracleRestContext) -> WireResponse:
    write_record = record_writer(answer.operation.resource, context)
    pairs = [*zip_longest(answer.outcomes, answer.records)]
    items = [write_record(record) for outcome, record in pairs if outcome and record and not outcome.failed]
    page = Page(max(len(items), 1))
    found = collection_text(Collection(items), replace(context, page=page, query=(), view=View(links=False)), "")
    errors = [*error_trees(answer.outcomes, answer.operation, context)]
    details = f',"o:errorDetails":{write_json(errors)}' if errors else ""
    return json_response(200, f'{{"partSetups":{found}{details}}}')


def _write_dry(answer: Answer, context: OracleRestContext) -> WireResponse:
    outcomes: list[Json] = [
        {"partNumber": outcome.key or None, "outcome": str(outcome.result)} for outcome in answer.outcomes
    ]
    tree: dict[str, Json] = {"title": "A dry run: nothing was kept", "status": 200, "outcomes": outcomes}
    if errors := [*error_trees(answer.outcomes, answer.operation, context)]:
        tree["o:errorDetails"] = [*errors]
    return json_response(200, write_json(tree))
