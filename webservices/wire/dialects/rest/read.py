"""
REST's requests, read as Calls.

    PUT /api/v1/parts/PUMP-100/
    If-Match: "7"

    {"units": 2, "price": {"USD": "255.00", "EUR": null}, "notes": ""}

puts one record: its number is the address's, EUR and the notes are cleared, what is absent stays.
"""

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping

from records.shapes.copying import replace
from records.shapes.criteria import Comparator, Criterion
from records.shapes.problems import Family, Problem, ProblemError, invalid_problem
from records.shapes.values import Precondition, Values, quote_text
from webservices.wire.credentials import Password
from webservices.wire.dialects.rest.batch import json_kind, objects, read_batch, record_values, wrong_shape
from webservices.wire.dialects.rest.context import RestContext, RestSettings
from webservices.wire.dialects.rest.criteria import read_criteria, read_limit, read_ordering, read_search
from webservices.wire.dialects.rest.names import Entry, address_field, prefers_lines
from webservices.wire.dialects.rest.routing import Address, allowed_methods, find_address
from webservices.wire.json import Json, read_json
from webservices.wire.json_lists import LongJson, read_long_json
from webservices.wire.messages import Call, Options, Records, RequestError, WireRequest
from webservices.wire.operations import Operation, Operations, Verb
from webservices.wire.options import FLAGS, options_from_headers, read_tags
from webservices.wire.query_string import read_cursor, read_parameters

# A body that holds a list. A byte order mark before it is no part of JSON, but some clients send one.
LIST = re.compile(rb"(\xef\xbb\xbf)?\s*\[")
JSON = re.compile(r"\s*application/([a-z0-9.+-]+\+)?json\s*(;|$)", re.IGNORECASE)
BASIC = re.compile(r"Basic\s+(\S+)", re.IGNORECASE)
RETURN = re.compile(r"\breturn\s*=\s*\"?(minimal|representation)\b", re.IGNORECASE)


def read(request: WireRequest, operations: Operations, settings: RestSettings) -> Call:
    """Return the Call of a request; raises RequestError. The records are read when they are first looked at."""
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
    address = find_address(method, request.path, read_parameters(request.query), operations)
    methods = address.methods(operations)
    if method not in methods:
        raise RequestError(replace(context, allow=tuple(allowed_methods(methods))), _method_problem(request, methods))
    options = _options(request.headers)
    # One object posted to the collection is one record, answered as one; a list gets an outcome for each.
    is_one = address.entry is Entry.MANY and method == "POST" and not LIST.match(request.body)
    context = replace(
        context,
        entry=Entry.ONE if is_one else address.entry,
        key=address.key,
        query=tuple(address.parameters),
        condition=_condition(options),
        lines=address.entry is Entry.MANY and method == "GET" and prefers_lines(request.headers.get("accept", "")),
    )
    operation = methods[method]
    if operation is None:  # of a batch, whose body names it
        _refuse_parameters(address)
        call = read_batch(_long_json(request, settings, "records"), address, operations, settings)
    else:
        call = _call(request, address, operation, settings, context)
    # Options of a batch stand in its body; the headers can say the same of any call.
    said = {each.field: True for each in FLAGS if getattr(options, each.field) or getattr(call.options, each.field)}
    options = replace(options, echo=context.returns_records, **said)
    context = replace(context, order=call.order)
    return replace(call, options=options, credentials=_credentials(request.headers), context=context)


def _options(headers: Mapping[str, str]) -> Options:
    """Return the options; those of every wire, and a condition that only a wire with an address for each record has."""
    options, tags = options_from_headers(headers), headers.get("if-none-match")
    if tags is None:
        return options
    return replace(options, if_none_match=read_tags("If-None-Match", tags.strip(), weak=True))


def _condition(options: Options) -> Precondition | None:
    conditions = (options.if_match, options.if_none_match)
    return None if conditions == (None, None) else Precondition(*conditions)


def _method_problem(request: WireRequest, methods: Mapping[str, Operation | None]) -> Problem:
    text = f"{request.method[:20]} is not offered here; {', '.join(methods)} is."
    if request.method in ("PUT", "PATCH", "DELETE"):
        text += " A record is addressed by its key, as in /api/v1/parts/PUMP-100/ or /api/v1/parts/?number=batch."
    return Problem("method-not-offered", Family.UNKNOWN_OPERATION, text)


def _credentials(headers: Mapping[str, str]) -> Password | None:
    """Return the user and password of Basic authentication (RFC 7617, in UTF-8); raises ProblemError."""
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
    request: WireRequest, address: Address, operation: Operation, settings: RestSettings, context: RestContext
) -> Call:
    if address.entry is Entry.MANY and operation.verb is Verb.FIND:
        return _list(address, operation, settings, context)
    _refuse_parameters(address)
    if operation.verb is Verb.FIND:
        key = Criterion((address_field(address.resource).name,), Comparator.EQUAL, (address.key,))
        return Call(operation, criteria=(key,))
    return Call(operation, records=_lazy_records(request, address, operation, context, settings))


def _list(address: Address, operation: Operation, settings: RestSettings, context: RestContext) -> Call:
    parameters = dict(address.parameters)
    usual_limit = None if context.lines else settings.page
    order = read_ordering(parameters.get("ordering", ""))
    return Call(
        operation,
        criteria=read_criteria(address.resource, address.parameters),
        search=read_search(parameters.get("search", "")),
        limit=read_limit(parameters["limit"], settings.longest_page) if "limit" in parameters else usual_limit,
        after=read_cursor(address.resource, parameters["cursor"], order) if "cursor" in parameters else (),
        order=order,
        streamable=context.lines,
    )


def _refuse_parameters(address: Address) -> None:
    for name, _ in address.parameters:
        # `format` is of the browsable API, which knows it for every address.
        if name != "format":
            raise ProblemError(
                Problem("wrong-parameter", Family.MALFORMED, f"No parameter {quote_text(name)} is taken here.")
            )


def _json(request: WireRequest, settings: RestSettings) -> Json:
    check_media_type(request.headers.get("content-type", ""))
    return read_json(request.body, settings.body_limit)


def _long_json(request: WireRequest, settings: RestSettings, member: str = "") -> LongJson:
    check_media_type(request.headers.get("content-type", ""))
    return read_long_json(request.body, settings.body_limit, settings.records_limit, member)


def check_media_type(media_type: str) -> None:
    """Raise ProblemError for a body's media type that is not JSON; one that is not said is taken for JSON."""
    if media_type and not JSON.match(media_type):
        text = f"The body must be JSON, sent as Content-Type: application/json, not {quote_text(media_type)}."
        raise ProblemError(Problem("wrong-media-type", Family.MALFORMED, text))


def _lazy_records(
    request: WireRequest, address: Address, operation: Operation, context: RestContext, settings: RestSettings
) -> Records[Values]:
    """Return the records of a body, which is read when they are looked at: when the caller is known and may write."""

    def records() -> Iterator[Values]:
        try:
            if operation.verb is Verb.REMOVE:
                yield {address_field(address.resource).name: address.key}
            elif context.entry is Entry.MANY:
                yield from map(record_values, objects(_long_json(request, settings)))
            else:
                yield _one(_json(request, settings), address)
        except ProblemError as refused:
            raise RequestError(context, refused.problem, operation) from None

    return Records(records())


def _one(found: Json, address: Address) -> Values:
    """Return one record, with the key that its address names; raises ProblemError where the body names another."""
    if not isinstance(found, dict):
        raise wrong_shape(f"A {address.resource.label.lower()} is an object, not {json_kind(found)}.")
    values = record_values(found)
    if not address.key:
        return values
    name = address_field(address.resource).name
    own = values.get(name, address.key)
    if not isinstance(own, str) or own.strip() != address.key.strip():
        words = quote_text(own) if isinstance(own, str) else "something else"
        text = f"The address names {quote_text(address.key)} and {{field}} of the body {words}; they must agree."
        raise ProblemError(invalid_problem(text, code="keys-disagree", path=(name,)))
    return {name: address.key, **values}
