"""
From a request to a Call.

    PUT /api/v1/parts/PUMP-100/
    If-Match: "7"

    {"units": 2, "price": {"USD": "255.00", "EUR": null}, "notes": ""}

puts one record: its number is the address's, EUR and the notes are cleared, what is absent stays.
"""

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import replace

from records.shapes.criteria import Comparator, Criterion
from records.shapes.problems import Family, Problem, ProblemError, invalid
from records.shapes.values import Values, quoted
from webservices.wire.credentials import Password
from webservices.wire.dialects.rest.batch import OPTIONS, objects, read_batch, shape_of, wrong_shape
from webservices.wire.dialects.rest.filters import criteria_of, limit_of, search_of
from webservices.wire.dialects.rest.names import Entry, RestContext, RestSettings, address_field
from webservices.wire.dialects.rest.routing import Place, place_of
from webservices.wire.json import read_json, to_values
from webservices.wire.messages import Call, Records, RequestError, WireRequest
from webservices.wire.operations import Operation, Operations, Verb
from webservices.wire.options import options_from_headers
from webservices.wire.query_string import key_of_cursor, parameters_of

LIST = re.compile(rb"(\xef\xbb\xbf)?\s*\[")
JSON = re.compile(r"\s*application/([a-z0-9.+-]+\+)?json\s*(;|$)", re.IGNORECASE)
BASIC = re.compile(r"Basic\s+(\S+)", re.IGNORECASE)
RETURN = re.compile(r"\breturn\s*=\s*\"?(minimal|representation)\b", re.IGNORECASE)


def read(request: WireRequest, operations: Operations, settings: RestSettings) -> Call:
    """The Call that a request asks; raises RequestError. The records are read from the body when they are looked at."""
    preference = RETURN.search(request.headers.get("prefer", ""))
    context = RestContext(
        prefer=preference[1].lower() if preference else "", address=request.address, path=request.path
    )
    try:
        return _read(request, operations, settings, context)
    except ProblemError as refused:
        raise RequestError(context, refused.problem) from None


def _read(request: WireRequest, operations: Operations, settings: RestSettings, context: RestContext) -> Call:
    method = "GET" if request.method == "HEAD" else request.method
    place = place_of(method, request.path, parameters_of(request.query), operations)
    methods = place.methods(operations)
    if method not in methods:
        raise RequestError(replace(context, allow=tuple(methods)), _not_offered(request, methods))
    options = options_from_headers(request.headers)
    is_one = place.entry is Entry.MANY and method == "POST" and not LIST.match(request.body)
    context = replace(
        context,
        entry=Entry.ONE if is_one else place.entry,
        key=place.key,
        query=tuple(place.parameters),
        demanded=options.if_match is not None,
    )
    if place.entry is Entry.BATCH:
        _refuse_parameters(place)
        call = read_batch(_json(request), place, operations, settings)
    else:
        call = _call(request, place, methods[method], settings, context)
    said = {name: True for name in OPTIONS if getattr(call.options, name)}
    options = replace(options, echo=context.returns_records, **said)
    return replace(call, options=options, credentials=_credentials(request.headers), context=context)


def _not_offered(request: WireRequest, methods: Mapping[str, Operation | None]) -> Problem:
    text = f"{request.method[:20]} is not offered here; {', '.join(methods)} is."
    if request.method in ("PUT", "PATCH", "DELETE"):
        text += " A record is addressed by its key, as in /api/v1/parts/PUMP-100/ or /api/v1/parts/?number=batch."
    return Problem("method-not-offered", Family.UNKNOWN_OPERATION, text)


def _credentials(headers: Mapping[str, str]) -> Password | None:
    """The user and password of Basic authentication (RFC 7617, in UTF-8)."""
    basic = BASIC.fullmatch(headers.get("authorization", "").strip())
    if basic is None:
        return None
    try:
        name, colon, secret = b64decode(basic[1], validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        colon = ""
    if not colon:
        text = "The Authorization header is not Basic with a user name and a password."
        raise ProblemError(Problem("wrong-credentials", Family.UNAUTHENTICATED, text))
    return Password(name, secret)


def _call(
    request: WireRequest, place: Place, operation: Operation, settings: RestSettings, context: RestContext
) -> Call:
    if place.entry is Entry.MANY and operation.verb is Verb.FIND:
        return _list(place, operation, settings)
    _refuse_parameters(place)
    if operation.verb is Verb.FIND:
        key = Criterion((address_field(place.resource).name,), Comparator.EQUAL, (place.key,))
        return Call(operation, criteria=(key,))
    return Call(operation, records=_lazy_records(request, place, operation, context))


def _list(place: Place, operation: Operation, settings: RestSettings) -> Call:
    said = dict(place.parameters)
    return Call(
        operation,
        criteria=criteria_of(place.resource, place.parameters),
        search=search_of(said.get("search", "")),
        limit=limit_of(said["limit"], settings.longest_page) if "limit" in said else settings.page,
        after=key_of_cursor(place.resource, said["cursor"]) if "cursor" in said else (),
    )


def _refuse_parameters(place: Place) -> None:
    for name, _ in place.parameters:
        if name != "format":
            raise ProblemError(
                Problem("wrong-parameter", Family.MALFORMED, f"No parameter {quoted(name)} is taken here.")
            )


def _json(request: WireRequest) -> object:
    media_type = request.headers.get("content-type", "")
    if media_type and not JSON.match(media_type):
        text = f"The body must be JSON, sent as Content-Type: application/json, not {quoted(media_type)}."
        raise ProblemError(Problem("wrong-media-type", Family.MALFORMED, text))
    return read_json(request.body)


def _lazy_records(request: WireRequest, place: Place, operation: Operation, context: RestContext) -> Records:
    """The records of a body, which is read only when somebody who may has asked for them."""

    def records() -> Iterator[Values]:
        try:
            if operation.verb is Verb.REMOVE:
                yield {address_field(place.resource).name: place.key}
            elif context.entry is Entry.MANY:
                yield from map(to_values, objects(_json(request)))
            else:
                yield _one(_json(request), place)
        except ProblemError as refused:
            raise RequestError(context, refused.problem, operation) from None

    return Records(records())


def _one(found: object, place: Place) -> Values:
    """One record, with the key that its address names."""
    if not isinstance(found, dict):
        raise wrong_shape(f"A {place.resource.label.lower()} is an object, not {shape_of(found)}.")
    values = to_values(found)
    if not place.key:
        return values
    name = address_field(place.resource).name
    given = values.get(name, place.key)
    if not isinstance(given, str) or given.strip() != place.key.strip():
        shown = quoted(given) if isinstance(given, str) else "something else"
        text = f"The address names {quoted(place.key)} and {{field}} of the body {shown}; they must agree."
        raise ProblemError(invalid(text, code="keys-disagree", path=(name,)))
    return {name: place.key, **values}
