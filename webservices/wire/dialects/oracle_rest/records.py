"""
The records of a request of Oracle CPQ's REST interface: of its body, or of its address alone.

    {"partSetups": {"items": [{"partNumber": "PUMP-100", "leadTime": 3}]}}
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from records.shapes.problems import Family, Problem, ProblemError, malformed_error, missing_problem
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, Value, Values, quote_text
from webservices.wire.dialects.oracle_rest.bodies import blank_absent, read_part
from webservices.wire.dialects.oracle_rest.children import read_child
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


@dataclass(frozen=True, slots=True)
class WriteRequest:
    """
    One request that writes, before its body is read.

    key  the part that the address names, by its id or its number; {}: none
    """

    request: WireRequest
    operation: Operation
    key: Mapping[str, str]
    context: OracleRestContext
    settings: OracleRestSettings

    @property
    def resource(self) -> Resource:
        """The parts, with the fields of the site."""
        return self.operation.resource

    @property
    def child(self) -> Child:
        """The kind of child that the address names."""
        return self.context.child or EXTENDED_DESCRIPTIONS

    def read_body(self) -> dict[str, Json]:
        """Return the body, which must be an object of JSON; raises ProblemError for any other."""
        return read_object(self.request, self.settings)


def read_records(write: WriteRequest) -> Iterator[Values]:
    """Yield the records of a body, which is read when the caller is known and may write."""
    try:
        yield from _find_reader(write)(write)
    except ProblemError as refused:
        raise RequestError(write.context, refused.problem, write.operation) from None


RecordsReader = Callable[[WriteRequest], Iterator[Values]]


def _find_reader(write: WriteRequest) -> RecordsReader:
    if write.context.child is not None:
        return _read_removed_child if write.context.method == "DELETE" else _read_written_child
    return _PART_READERS[write.operation.verb]


def _read_key_alone(write: WriteRequest) -> Iterator[Values]:
    yield dict(write.key)


def _read_one(write: WriteRequest) -> Iterator[Values]:
    yield read_part(write.read_body(), write.resource, write.context.language)


def _read_replaced(write: WriteRequest) -> Iterator[Values]:
    sent = read_part(write.read_body(), write.resource, write.context.language)
    for name, key in write.key.items():
        own = sent.get(name, key)
        if own != key:
            other = quote_text(own) if isinstance(own, str) else "nothing"
            text = f"The address names {quote_text(key)} and {{field}} of the body {other}; they must agree."
            raise ProblemError(Problem("keys-disagree", Family.INVALID, text, (name,)))
    yield {**write.key, **blank_absent(sent, write.resource, write.context.language)}


def _read_many(write: WriteRequest) -> Iterator[Values]:
    body = write.read_body()
    setups = body.get("partSetups")
    items = setups.get("items") if isinstance(setups, dict) else setups
    if body.keys() != {"partSetups"} or not isinstance(items, list):
        raise malformed_error("wrong-shape", 'The body is {"partSetups": {"items": [{…}, …]}}.')
    for index, item in enumerate(items):
        if not isinstance(item, dict):
            raise malformed_error("wrong-shape", f"partSetups.items[{index}] is no object.")
        yield read_part(item, write.resource, write.context.language)


_PART_READERS: Mapping[object, RecordsReader] = {
    Verb.ADD: _read_one,
    Verb.UPDATE: _read_replaced,
    Verb.PUT: _read_many,
    Verb.REMOVE: _read_key_alone,
}


def _read_written_child(write: WriteRequest) -> Iterator[Values]:
    context, child = write.context, write.child
    code = "" if child.is_one else context.code
    values = read_child(write.read_body(), child, write.resource, context.language, code)
    yield {**write.key, **_refuse_emptied(_blank_child(values, write))}


def _blank_child(values: dict[str, Value], write: WriteRequest) -> dict[str, Value]:
    """Return the values of a child; PUT blanks the texts of it that are absent."""
    if write.context.method != "PUT":
        return values
    code = write.context.code or write.context.language
    blanks: dict[str, Value] = {field.name: {code: EMPTY} for field in write.child.fields(write.resource)}
    return {**blanks, **values}


def _refuse_emptied(values: dict[str, Value]) -> dict[str, Value]:
    """Return the values of a child, which must have one: DELETE removes it."""
    if all(isinstance(each, dict) and not any(each.values()) for each in values.values()):
        raise ProblemError(missing_problem((next(iter(values), ""),)))
    return values


def _read_removed_child(write: WriteRequest) -> Iterator[Values]:
    yield {**write.key, **{field.name: {write.context.code: EMPTY} for field in write.child.fields(write.resource)}}
