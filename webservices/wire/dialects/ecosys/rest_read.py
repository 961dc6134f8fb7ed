"""
EcoSys object reads and writes over REST, in XML or JSON.

    GET    /ecosys/api/restxml/Part/?PartID=PUMP-100&_pageSize=100     Read
    POST   /ecosys/api/restxml/Part/                                   CreateOrUpdate
    PUT    /ecosys/api/restxml/Part/                                   Create
    PATCH  /ecosys/api/restxml/Part/   or POST with ?_method=PATCH     Update
    DELETE /ecosys/api/restxml/Part/                                   Delete
    POST   /ecosys/api/restxml/CheckParts/?PartID=PUMP-100             Trigger, of an event, whatever its body holds

Runtime parameters come by their ids, or as further steps of the path in the order of their definition. A parameter that
begins with an underscore is an option (two are taken for one); `_` alone, which some clients add so that nobody answers
from a cache, says nothing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import quote, unquote

from records.shapes.problems import Family, Problem, ProblemError, invalid_problem, malformed_error
from records.shapes.values import Values, quote_text
from webservices.wire.credentials import SessionToken
from webservices.wire.dialects.ecosys.codes import UNKNOWN_METHOD
from webservices.wire.dialects.ecosys.context import RestContext
from webservices.wire.dialects.ecosys.filters import ParameterTexts, apply_filters, find_api, find_operation
from webservices.wire.dialects.ecosys.names import EVENT_METHOD, METHODS
from webservices.wire.dialects.ecosys.options import META, PASSWORD, USERNAME, apply_options, find_option, read_flag
from webservices.wire.dialects.ecosys.published import EcoSysSettings, PublishedApi
from webservices.wire.dialects.ecosys.rest_bodies import BodyFormat
from webservices.wire.messages import Call, Records, RequestError, SessionOption, WireRequest
from webservices.wire.operations import Action, Kind, Operations, Verb
from webservices.wire.options import options_from_headers
from webservices.wire.query_string import Parameters, read_cursor, read_parameters

METHOD, PAGE_SIZE, PAGE, START, COUNT = "_method", "_pageSize", "_pageId", "_startRow", "_count"
OVERRIDES = tuple(method for method in METHODS if method != "GET")
NO_CACHE = "_"
PAGING = (PAGE_SIZE, PAGE, START, COUNT)
NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)  # matched before `int`, which is slow on long texts


def read_rest(form: BodyFormat, request: WireRequest, operations: Operations, settings: EcoSysSettings) -> Call:
    """Read a REST request as a Call; raises RequestError. Objects are read when the gateway first looks at them."""
    # Split before decoding: a value in the path may hold a slash, as %2F.
    name, *steps = request.path.removeprefix(form.path).removesuffix("/").split("/")
    context = RestContext(
        called=unquote(name),
        error_status=settings.rest_error_status,
        language=settings.language,
        currency=settings.currency,
        secure=request.address.startswith("https:"),
        address=request.address + quote(unquote(request.path), safe="/"),
    )
    operation = None
    try:
        context = replace(context, api=find_api(_decode_step(name), settings))
        address, options, parameters = _split_parameters(read_parameters(request.query))
        operation = find_operation(context.api, _find_verb(context.api, request.method, address), operations)
        parameters = [*_read_steps(context.api, steps), *parameters]
        call = Call(operation, options=options_from_headers(request.headers))
        call = apply_options(call, context.api, options, options, request.headers)
        ends = call.session is SessionOption.END and isinstance(call.credentials, SessionToken)
        query = tuple(_repeatable_query(request.query))
        context = replace(context, meta=bool(read_flag(options, META)), ends_session=ends, query=query)
        call = apply_filters(call, context, parameters)
        if operation.verb is Verb.FIND:
            return _apply_paging(call, context, address, settings)
        if address.keys() & set(PAGING):
            raise malformed_error("wrong-option", f"{', '.join(PAGING)} go with GET alone.")
    except ProblemError as refusal:
        raise RequestError(context, refusal.problem, operation) from None
    call = replace(call, context=context)
    if operation.kind is Kind.TRIGGER:  # whatever its body holds, which clients send of habit
        return replace(call, limit=settings.records_limit)
    return replace(call, records=Records(_read_objects(form, request, call, context, settings)))


def _decode_step(step: str) -> str:
    try:
        return unquote(step, errors="strict")
    except UnicodeDecodeError:
        raise malformed_error("wrong-address", "The address is not UTF-8.") from None


def _split_parameters(parameters: Parameters) -> tuple[dict[str, str], dict[str, str], ParameterTexts]:
    """Split a query into its own parameters, the options by name, and the runtime parameters; raises ProblemError."""
    address: dict[str, str] = {}
    options: dict[str, str] = {}
    runtime: list[tuple[str, str]] = []
    for name, text in parameters:
        single = "_" + name.lstrip("_")
        if name == NO_CACHE:
            continue
        if not name.startswith("_"):
            runtime.append((name, text))
        elif option := find_option(name):
            options[option] = text
        elif single in (METHOD, *PAGING):
            address[single] = text
        else:
            raise malformed_error("wrong-option", f"{quote_text(name)} is no option.")
    return address, options, runtime


def _find_verb(api: PublishedApi, method: str, address: Mapping[str, str]) -> Verb | Action:
    """Return the verb of a method, or of the `_method` that overrides it; raises ProblemError."""
    if api.event is not None:
        return _find_event(api, api.event, method, address)
    method = "GET" if method == "HEAD" else method  # a HEAD is a GET whose body is not sent
    override = address.get(METHOD)
    if override is None and method not in METHODS:
        text = f"{method[:20]} means nothing here; {', '.join(METHODS)} do."
        raise ProblemError(Problem(UNKNOWN_METHOD, Family.UNKNOWN_OPERATION, text))
    if override is not None and method == "GET":
        raise malformed_error("wrong-option", f"{METHOD} is not valid on GET.")
    if override is not None and override.upper() not in OVERRIDES:
        raise malformed_error("wrong-option", f"{METHOD} is one of {', '.join(OVERRIDES)}, not {quote_text(override)}.")
    return METHODS[method if override is None else override.upper()]


def _find_event(api: PublishedApi, event: Action, method: str, address: Mapping[str, str]) -> Action:
    if method == EVENT_METHOD and address.get(METHOD, EVENT_METHOD).upper() == EVENT_METHOD:
        return event
    text = f"{api.name} is an event: {EVENT_METHOD} triggers it, and no other method does."
    raise ProblemError(Problem(UNKNOWN_METHOD, Family.UNKNOWN_OPERATION, text))


def _read_steps(api: PublishedApi, steps: list[str]) -> Iterator[tuple[str, str]]:
    """Read the steps of the path as parameters, in the order of their definition; raises ProblemError."""
    if len(steps) > len(api.parameters):
        known = ", ".join(parameter.id for parameter in api.parameters) or "none"
        text = f"The path gives {len(steps)} runtime parameters; {api.name} has {len(api.parameters)} ({known})."
        raise ProblemError(invalid_problem(text, code="undefined-parameter"))
    for parameter, step in zip(api.parameters, steps, strict=False):  # fewer steps than parameters are fine
        yield parameter.id, _decode_step(step)


def _repeatable_query(query: str) -> Iterator[tuple[str, str]]:
    """Return the part of the query that nextPage repeats: neither its paging nor any credentials."""
    # An address is logged in many places: it must not carry a password on.
    for name, text in read_parameters(query):
        option = find_option(name)
        if name != NO_CACHE and option not in (USERNAME, PASSWORD) and "_" + name.lstrip("_") not in PAGING:
            yield name, text


def _apply_paging(call: Call, context: RestContext, address: Mapping[str, str], settings: EcoSysSettings) -> Call:
    """Set the page of a list; raises ProblemError for a wrong one."""
    # The id of a page is the key of the record before it: the server holds nothing between two pages.
    if PAGE not in address and (START in address or COUNT in address):
        raise malformed_error("wrong-page", f"{START} and {COUNT} go with the {PAGE} of a nextPage.")
    size = COUNT if PAGE in address else PAGE_SIZE
    limit = _read_number(size, address[size], settings.longest_page) if size in address else settings.page_size
    start = _read_number(START, address[START], 10**9) if START in address else 1
    after = read_cursor(call.operation.resource, address[PAGE]) if PAGE in address else ()
    context = replace(context, start_row=start, page_size=limit)
    return replace(call, limit=limit, after=after, streamable=limit is None, context=context)


def _read_number(name: str, text: str, most: int) -> int:
    if not NUMBER.fullmatch(text) or int(text) > most:
        raise malformed_error("wrong-page", f"{name} is a whole number from 1 to {most:,}, not {quote_text(text)}.")
    return int(text)


def _read_objects(
    form: BodyFormat, request: WireRequest, call: Call, context: RestContext, settings: EcoSysSettings
) -> Iterator[Values]:
    found = False
    try:
        for record in form.read(request, context, call.operation.resource, settings):
            found = True
            yield record
        if not found:
            raise malformed_error("no-record", f"The body has no object of {context.api.name}.")
    except ProblemError as refusal:
        raise RequestError(context, refusal.problem, call.operation) from None
