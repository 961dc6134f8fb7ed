"""
REST's responses, from an Answer or a Failure.

    201 Created                                     one, created: the record
    ETag: "1"
    Location: https://hub.example/api/v1/parts/PUMP-100/
    X-Outcome: created

    200  {"results": [{…}, …], "next": "https://hub.example/api/v1/parts/?cursor=…"}              a list
    200  {…}↵{…}↵                                                  all of a list as lines, application/x-ndjson
    200  {"dry_run": false, "outcomes": [{"became": "updated", "key": "PUMP-100", "id": 7, …}]}   a batch, or a dry run
    422  {"type": "urn:counterpart:problem:too-small", "title": …, "errors": [{"pointer": "#/units", …}]}
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from http import HTTPStatus
from itertools import zip_longest
from urllib.parse import urlencode

from records.shapes.outcomes import Outcome, Result
from records.shapes.problems import Family, Problem, version_conflict_problem
from records.shapes.resources import Resource
from records.shapes.values import Values, quote_text
from webservices.wire.dialects.rest.context import RestContext
from webservices.wire.dialects.rest.names import (
    JSON_TYPE,
    LINES_TYPE,
    Entry,
    address_field,
    has_id_address,
    record_target,
)
from webservices.wire.dialects.rest.problems import outcome_tree, problem_response, record_path
from webservices.wire.dialects.rest.values import record_block_writer, record_writer
from webservices.wire.json import write_json
from webservices.wire.messages import Answer, Failure, WireResponse
from webservices.wire.operations import Verb
from webservices.wire.query_string import cursor_after
from webservices.wire.streaming import build_response, write_records

NO_VERSION = -1


def write(answer: Answer | Failure, context: RestContext) -> WireResponse:
    """Write the response; a whole call that failed, and one whose every record failed, are problems."""
    if isinstance(answer, Failure):
        return problem_response(answer, context)
    if answer.operation.verb is Verb.FIND:
        found = _FOUND_WRITERS["lines" if context.lines else context.entry](answer, context)
        return _apply_condition(found, answer, context)
    if answer.outcomes and all(outcome.failed for outcome in answer.outcomes):
        return problem_response(answer, context)
    if context.entry is Entry.ONE and len(answer.outcomes) == 1 and not answer.dry:
        return _write_one(answer, answer.outcomes[0], context)
    return _write_outcomes(answer, context)


def _response(status: int, text: str, headers: dict[str, str] | None = None) -> WireResponse:
    return WireResponse(status, text.encode(), JSON_TYPE, headers or {})


def _etag(version: object) -> dict[str, str]:
    return {"ETag": f'"{version}"'} if version not in (None, "") else {}


def _apply_condition(response: WireResponse, answer: Answer, context: RestContext) -> WireResponse:
    """Return the response, or what its condition makes of it: 412, or 304 to who has it already (RFC 9110, 13.2.2)."""
    condition = context.condition
    if condition is None or response.status != HTTPStatus.OK or context.entry is Entry.BATCH:
        return response
    record = next(iter(answer.records), {}) if context.entry is Entry.ONE else {}
    # A list has no version, and is there even so: of the tags, `*` alone is its own.
    version = int(str(record.get("version") or NO_VERSION))
    if not replace(condition, if_none_match=None).holds(version):
        text = f"{condition} is not met: " + (
            f"it is at version {version} now." if record else "a list has no version."
        )
        return problem_response(Failure((version_conflict_problem(text),), answer.operation, answer.call_id), context)
    if condition.holds(version):
        return response
    return WireResponse(HTTPStatus.NOT_MODIFIED, b"", JSON_TYPE, response.headers)


def _write_one_found(answer: Answer, context: RestContext) -> WireResponse:
    resource = answer.operation.resource
    # A search that finds nothing is an answer; an address that has no record is not found.
    if not answer.records:
        name = address_field(resource).name
        text = f"There is no {resource.label.lower()} with {{field}} {quote_text(context.key)}."
        problem = Problem("not-found", Family.NOT_FOUND, text, (name,))
        missing = Failure((problem,), answer.operation, answer.call_id)
        return problem_response(missing, context)
    record = next(iter(answer.records))
    return _response(200, record_writer(resource)(record), _etag(record.get("version")))


def _write_list(answer: Answer, context: RestContext) -> WireResponse:
    resource = answer.operation.resource
    # A line for each record, so that a page can be read by people and compared by tools.
    records = tuple(answer.records)
    results = ",\n".join(map(record_writer(resource), records))
    cursor = cursor_after(resource, records[-1], context.order) if answer.cut and records else None
    # A batch goes on by its body, which holds the cursor; a list by its address, which a client need only follow.
    if context.entry is Entry.BATCH:
        return _response(200, f'{{"results":[{results}],"cursor":{write_json(cursor)}}}')
    following = _next(context, cursor) if cursor else None
    headers = {"Link": f'<{following}>; rel="next"'} if following else {}
    return _response(200, f'{{"results":[{results}],"next":{write_json(following)}}}', headers)


def _write_lines(answer: Answer, context: RestContext) -> WireResponse:
    resource = answer.operation.resource
    lines = write_records(answer.records, record_writer(resource), record_block_writer(resource), "\n")
    return build_response(answer, _end_last_line(lines), LINES_TYPE)


def _end_last_line(lines: Iterable[str]) -> Iterator[str]:
    is_empty = True
    for text in lines:
        is_empty = False
        yield text
    yield "" if is_empty else "\n"


_FOUND_WRITERS: Mapping[str, Callable[[Answer, RestContext], WireResponse]] = {
    "lines": _write_lines,
    Entry.ONE: _write_one_found,
    Entry.MANY: _write_list,
    Entry.BATCH: _write_list,
}


def _next(context: RestContext, cursor: str) -> str:
    parameters = [pair for pair in context.query if pair[0] != "cursor"]
    return f"{context.address}{context.path}?{urlencode([*parameters, ('cursor', cursor)])}"


def _write_one(answer: Answer, outcome: Outcome, context: RestContext) -> WireResponse:
    """One record that was written: it is answered, unless the caller prefers to know no more than that."""
    record = next(iter(answer.records), None)
    headers = _etag(outcome.version) | {"X-Outcome": str(outcome.result)}
    created = outcome.result is Result.CREATED
    if created:
        headers["Location"] = context.address + _location(answer.operation.resource, outcome)
    # What was inactivated instead is still there, and is answered like any other record.
    if outcome.result is Result.DELETED:
        return WireResponse(204, b"", JSON_TYPE, {"X-Outcome": "deleted"})
    if not context.returns_records:
        headers["Preference-Applied"] = "return=minimal"
        return WireResponse(201 if created else 204, b"", JSON_TYPE, headers)
    if not record:
        return _response(201 if created else 200, write_json(outcome_tree(outcome, ())), headers)
    return _response(201 if created else 200, record_writer(answer.operation.resource)(record), headers)


def _location(resource: Resource, outcome: Outcome) -> str:
    path, query = record_target(resource, str(outcome.id) if has_id_address(resource) else outcome.key)
    return f"{path}?{query}" if query else path


def _write_outcomes(answer: Answer, context: RestContext) -> WireResponse:
    resource = answer.operation.resource
    records: Iterable[Values] = answer.records if context.returns_records else ()
    outcomes: list[bytes] = []  # encoded at once: all of them as text beside that would be as much again
    for index, (outcome, record) in enumerate(zip_longest(answer.outcomes, records)):
        # The record is text already, and goes in before the outcome's closing brace as it is.
        text = write_json(outcome_tree(outcome, record_path(context, index)))
        if record and not outcome.failed:
            text = f'{text[:-1]},"record":{record_writer(resource)(record)}}}'
        outcomes.append(text.encode())
    # 201 for what created all that was posted; with one failure among them, or an update, it would be a lie.
    all_new = bool(outcomes) and all(outcome.result is Result.CREATED for outcome in answer.outcomes)
    status = 201 if all_new and context.entry is Entry.MANY and not answer.dry else 200
    opening = f'{{"dry_run":{write_json(answer.dry)},"outcomes":['.encode()
    return WireResponse(status, b"".join((opening, b",\n".join(outcomes), b"]}")), JSON_TYPE)
