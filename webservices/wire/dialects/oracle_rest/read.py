"""
Requests of Oracle CPQ's REST interface, read as Calls.

    PUT /rest/v19/partSetups/36551467
    {"partNumber": "PUMP-100", "leadTime": 3, "directBuy": {"lookupCode": "1"}}

replaces one part: what the body leaves out is blanked, but for children. `upsertParts` leaves it as it is.
"""

import re
from collections.abc import Mapping, Sequence

from records.shapes.copying import replace
from records.shapes.problems import Family, Problem, ProblemError, malformed_error
from records.shapes.resources import Resource
from records.shapes.values import Precondition, Values, quote_text
from webservices.wire.credentials import Password, read_authorization
from webservices.wire.dialects.oracle_rest.child_addresses import (
    demand_children,
    find_child_code,
    no_child_error,
    read_child_address,
)
from webservices.wire.dialects.oracle_rest.context import ONE, Entry, OracleRestContext, OracleRestSettings, Page
from webservices.wire.dialects.oracle_rest.criteria import equality, read_order, read_q
from webservices.wire.dialects.oracle_rest.names import PRICE_BOOK, children_of
from webservices.wire.dialects.oracle_rest.parameters import (
    PARAMETERS,
    Texts,
    read_flag,
    read_page,
    read_texts,
    read_view,
)
from webservices.wire.dialects.oracle_rest.records import WriteRequest, read_object, read_records
from webservices.wire.dialects.oracle_rest.routing import ID, Address, allowed_methods, find_address
from webservices.wire.dialects.oracle_rest.searches import check_members, read_search
from webservices.wire.messages import Call, Records, RequestError, WireRequest
from webservices.wire.operations import Kind, Operation, Operations, Verb
from webservices.wire.options import options_from_headers
from webservices.wire.query_string import Parameters, read_parameters

LONGEST_CHILD = 64 * 1024  # bytes of a body
ACCEPTED = re.compile(r"\s*(\*/\*|application/\*|application/([a-z0-9.+-]+\+)?json)\s*(;|$)", re.IGNORECASE)


def read(request: WireRequest, operations: Operations, settings: OracleRestSettings) -> Call:
    """Return the Call of a request; raises RequestError. Records are read when they are first looked at."""
    context = OracleRestContext(
        address=request.address,
        path=request.path,
        method="GET" if request.method == "HEAD" else request.method,
        language=settings.language,
        currency=settings.currency,
        page=Page(settings.page),
    )
    try:
        return _read(request, operations, settings, context)
    except ProblemError as refused:
        raise RequestError(context, refused.problem) from None


def _read(
    request: WireRequest, operations: Operations, settings: OracleRestSettings, context: OracleRestContext
) -> Call:
    address = find_address(request.path)
    context = replace(context, entry=address.route.entry, version=address.version, child=address.route.child)
    methods = address.methods(operations)
    query = read_parameters(request.query)
    if context.method not in methods or (_needs_q(context) and not query):
        allow = allowed_methods(address, methods)
        raise RequestError(replace(context, allow=allow), _method_problem(request, allow))
    operation = methods[context.method]
    try:
        _check_accept(request.headers.get("accept", ""))
        options = options_from_headers(request.headers)
        call = _build_call(request, operation, operations, address, query, context, settings)
        credentials = _read_credentials(request.headers.get("authorization", ""))
    except ProblemError as refused:
        raise RequestError(context, refused.problem, operation) from None
    if not operation.writes and options.if_match is not None:
        call = replace(call, context=replace(call.context, condition=Precondition(options.if_match)))
        options = replace(options, if_match=None)
    return replace(call, options=replace(options, echo=True), credentials=credentials)


def _needs_q(context: OracleRestContext) -> bool:
    """True for a method of one part at the address of all: `q` names the part, which no address could."""
    return context.entry is Entry.SETUPS and context.method in ("PUT", "DELETE")


def _method_problem(request: WireRequest, allow: tuple[str, ...]) -> Problem:
    text = f"{request.method[:20]} is not offered here; {', '.join(allow)} is."
    if request.method == "PATCH":
        text += " PUT replaces a part, upsertParts changes what is sent of it."
    return Problem("method-not-offered", Family.UNKNOWN_OPERATION, text)


def _check_accept(accept: str) -> None:
    if accept.strip() and not any(map(ACCEPTED.match, accept.split(","))):
        text = f"Answers are JSON, which Accept: {quote_text(accept)} does not take."
        raise ProblemError(Problem("not-acceptable", Family.MALFORMED, text))


def _read_credentials(header: str) -> Password | None:
    """Return the user and password of Basic authentication; a bearer token is the endpoint's to read."""
    found = read_authorization(header)
    if found is None and header.strip().lower().startswith("basic"):
        text = "The Authorization header is not Basic with a user name and a password."
        raise ProblemError(Problem("wrong-credentials", Family.UNAUTHENTICATED, text))
    return found if isinstance(found, Password) else None


def _build_call(
    request: WireRequest,
    operation: Operation,
    operations: Operations,
    address: Address,
    query: Parameters,
    context: OracleRestContext,
    settings: OracleRestSettings,
) -> Call:
    resource = operation.resource
    if context.method == "GET":
        texts = read_texts(query, PARAMETERS[context.entry])
        context = replace(context, query=tuple(query), view=read_view(texts, resource, context))
        context = replace(context, page=read_page(texts, settings))
    else:
        texts = read_texts(query, ("q",) if _needs_q(context) else ())
    if operation.kind is Kind.ACTION:
        return _read_action(request, operation, address, context, settings)
    context = replace(context, key=address.texts[0] if address.texts else "")
    named = _read_key(texts, address, resource, context, settings)
    if context.child is not None:
        return _read_child_call(request, operation, address, named, context, settings)
    if operation.verb is Verb.FIND:
        return _read_find(request, operation, texts, named, context, settings)
    records = Records(read_records(WriteRequest(request, operation, named, context, settings)))
    return Call(operation, records=records, context=context)


def _read_child_call(
    request: WireRequest,
    operation: Operation,
    address: Address,
    named: dict[str, str],
    context: OracleRestContext,
    settings: OracleRestSettings,
) -> Call:
    child, resource = context.child, operation.resource
    if child is None or child not in children_of(resource):
        raise no_child_error(context, address.texts[-1])
    context, named, scope = read_child_address(address, child, resource, context, named)
    if context.method == "GET":
        return Call(operation, criteria=tuple(equality(*pair) for pair in named.items()), context=context)
    records: Sequence[Values] = Records(read_records(WriteRequest(request, operation, named, context, settings)))
    if context.method == "POST":
        # At once, as its currency or language says what must not be there yet; such a body is never long.
        if len(request.body) > LONGEST_CHILD:
            text = f"A child has at most {LONGEST_CHILD:,} bytes."
            raise ProblemError(Problem("too-long", Family.TOO_LARGE, text))
        records = [*records]
        context = replace(context, code=find_child_code(records[0], child, resource))
    return Call(operation, records=records, scope=demand_children(scope, child, resource, context), context=context)


def _read_key(
    texts: Texts, address: Address, resource: Resource, context: OracleRestContext, settings: OracleRestSettings
) -> dict[str, str]:
    """Return what names one part: its id, its number, or nothing."""
    if address.texts:
        key = address.texts[0]
        return {"id": key} if ID.fullmatch(key) else {"number": key}
    if not _needs_q(context):
        return {}
    criteria = read_q(texts.get("q", ""), resource, context.language, settings.criteria_limit)
    if [each.path for each in criteria] != [("number",)] or criteria[0] != equality("number", criteria[0].values[0]):
        text = f"{context.method} of all parts needs q to name one, such as {{partNumber:'PUMP-100'}}."
        raise malformed_error("wrong-q", text)
    return {"number": criteria[0].values[0]}


def _read_find(
    request: WireRequest,
    operation: Operation,
    texts: Texts,
    named: Mapping[str, str],
    context: OracleRestContext,
    settings: OracleRestSettings,
) -> Call:
    if context.entry is Entry.SEARCH:
        return read_search(request, operation, context, settings)
    if context.entry in ONE:
        return Call(operation, criteria=tuple(equality(*pair) for pair in named.items()), context=context)
    page, resource = context.page, operation.resource
    q = texts.get("q", "").strip()
    return Call(
        operation,
        criteria=read_q(q, resource, context.language, settings.criteria_limit) if q else (),
        limit=page.limit,
        offset=page.offset,
        order=read_order(texts.get("orderby", ""), resource, context.language),
        count=page.is_told and read_flag(texts, "totalresults"),
        context=context,
    )


def _read_action(
    request: WireRequest,
    operation: Operation,
    address: Address,
    context: OracleRestContext,
    settings: OracleRestSettings,
) -> Call:
    if context.method == "POST" and request.body.strip():
        check_members(read_object(request, settings), (), operation.resource.label)
    if address.texts and address.texts[0] != PRICE_BOOK:
        text = f"There is one price book, {PRICE_BOOK}, and no {quote_text(address.texts[0])}."
        raise ProblemError(Problem("unknown-price-book", Family.NOT_FOUND, text))
    return Call(operation, records=[{}], context=context)
