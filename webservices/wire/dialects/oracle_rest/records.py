"""
The records of a request of Oracle CPQ's REST interface: of its body, or of its address alone.

    {"partSetups": {"items": [{"partNumber": "PUMP-100", "leadTime": 3}]}}
"""

import re
from collections.abc import Callable, Iterator, Mapping

from records.shapes.problems import Family, Problem, ProblemError, malformed_error, missing_problem
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, Value, Values, quote_text
from webservices.wire.dialects.oracle_rest.bodies import blank_absent, read_child, read_part
from webservices.wire.dialects.oracle_rest.context import OracleRestContext, OracleRestSettings
from webservices.wire.dialects.oracle_rest.names import EXTENDED_DESCRIPTIONS, JSON_TYPE, Child
from webservices.wire.json import Json, read_json
from webservices.wire.messages import RequestError, WireRequest
from webservices.wire.operations import Operation, Verb

JSON = re.compile(r"\s*application/([a-z0-9.+-]+\+)?json\s*(;|$)", re.IGNORECASE)


def read_object(request: WireRequest, settings: OracleRestSettings) -> dict[str, Json]:
    """Return a body, which must be an object of JSON; raises ProblemError for any other."""
    media_type = request.headers.get("content-type", "")
    if media_type and not JSON.match(media_type):
        text = f"The body must be JSON, sent as Content-Type: {JSON_TYPE}, not {quote_text(media_type)}."
        raise ProblemError(Problem("wrong-media-type", Family.MALFORMED, text))
    found = read_json(request.body, settings.body_limit)
    if not isinstance(found, dict):
        raise malformed_error("wrong-shape", "The body is an object.")
    return found


def read_records(
    request: WireRequest,
    operation: Operation,
    named: Mapping[str, str],
    context: OracleRestContext,
    settings: OracleRestSettings,
) -> Iterator[Values]:
    """Yield the records of a body, which is read when the caller is known and may write."""
    try:
        yield from _find_reader(operation, context)(request, operation.resource, named, context, settings)
    except ProblemError as refused:
        raise RequestError(context, refused.problem, operation) from None


RecordsReader = Callable[
    [WireRequest, Resource, Mapping[str, str], OracleRestContext, OracleRestSettings], Iterator[Values]
]


def _find_reader(operation: Operation, context: OracleRestContext) -> RecordsReader:
    if context.child is not None:
        return _read_removed_child if context.method == "DELETE" else _read_written_child
    return _PART_READERS[operation.verb]


def _read_key_alone(
    request: WireRequest,
    resource: Resource,
    named: Mapping[str, str],
    context: OracleRestContext,
    settings: OracleRestSettings,
) -> Iterator[Values]:
    yield dict(named)


def _read_one(
    request: WireRequest,
    resource: Resource,
    named: Mapping[str, str],
    context: OracleRestContext,
    settings: OracleRestSettings,
) -> Iterator[Values]:
    yield read_part(read_object(request, settings), resource, context.language)


def _read_replaced(
    request: WireRequest,
    resource: Resource,
    named: Mapping[str, str],
    context: OracleRestContext,
    settings: OracleRestSettings,
) -> Iterator[Values]:
    sent = read_part(read_object(request, settings), resource, context.language)
    for name, key in named.items():
        own = sent.get(name, key)
        if own != key:
            other = quote_text(own) if isinstance(own, str) else "nothing"
            text = f"The address names {quote_text(key)} and {{field}} of the body {other}; they must agree."
            raise ProblemError(Problem("keys-disagree", Family.INVALID, text, (name,)))
    yield {**named, **blank_absent(sent, resource, context.language)}


def _read_many(
    request: WireRequest,
    resource: Resource,
    named: Mapping[str, str],
    context: OracleRestContext,
    settings: OracleRestSettings,
) -> Iterator[Values]:
    body = read_object(request, settings)
    setups = body.get("partSetups")
    items = setups.get("items") if isinstance(setups, dict) else setups
    if body.keys() != {"partSetups"} or not isinstance(items, list):
        raise malformed_error("wrong-shape", 'The body is {"partSetups": {"items": [{…}, …]}}.')
    for index, item in enumerate(items):
        if not isinstance(item, dict):
            raise malformed_error("wrong-shape", f"partSetups.items[{index}] is no object.")
        yield read_part(item, resource, context.language)


_PART_READERS: Mapping[object, RecordsReader] = {
    Verb.ADD: _read_one,
    Verb.UPDATE: _read_replaced,
    Verb.PUT: _read_many,
    Verb.REMOVE: _read_key_alone,
}


def _read_written_child(
    request: WireRequest,
    resource: Resource,
    named: Mapping[str, str],
    context: OracleRestContext,
    settings: OracleRestSettings,
) -> Iterator[Values]:
    child = context.child or EXTENDED_DESCRIPTIONS
    body = read_object(request, settings)
    values = read_child(body, child, resource, context.language, "" if child.is_one else context.code)
    yield {**named, **_refuse_emptied(_blank_child(values, child, resource, context))}


def _blank_child(
    values: dict[str, Value], child: Child, resource: Resource, context: OracleRestContext
) -> dict[str, Value]:
    """Return the values of a child; PUT blanks the texts of it that are absent."""
    if context.method != "PUT":
        return values
    code = context.code or context.language
    blanks: dict[str, Value] = {field.name: {code: EMPTY} for field in child.fields(resource)}
    return {**blanks, **values}


def _refuse_emptied(values: dict[str, Value]) -> dict[str, Value]:
    """Return the values of a child, which must have one: DELETE removes it."""
    if all(isinstance(each, dict) and not any(each.values()) for each in values.values()):
        raise ProblemError(missing_problem((next(iter(values), ""),)))
    return values


def _read_removed_child(
    request: WireRequest,
    resource: Resource,
    named: Mapping[str, str],
    context: OracleRestContext,
    settings: OracleRestSettings,
) -> Iterator[Values]:
    child = context.child or EXTENDED_DESCRIPTIONS
    yield {**named, **{field.name: {context.code: EMPTY} for field in child.fields(resource)}}
