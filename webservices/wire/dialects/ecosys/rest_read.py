"""
EcoSys object reads and writes over REST, in XML or JSON.

    GET    /ecosys/api/restxml/Part/?PartID=PUMP-100&_pageSize=100     Read
    POST   /ecosys/api/restxml/Part/                                   CreateOrUpdate
    PUT    /ecosys/api/restxml/Part/                                   Create
    PATCH  /ecosys/api/restxml/Part/   or POST with ?_method=PATCH     Update
    DELETE /ecosys/api/restxml/Part/                                   Delete

Runtime parameters come by their ids, or as further steps of the path in the order of their definition. What begins with
an underscore is an option (two are taken for one).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import quote, unquote

from records.shapes.problems import Family, Problem, ProblemError, invalid
from records.shapes.values import Values, quoted
from webservices.wire.credentials import SessionToken
from webservices.wire.dialects.ecosys.context import RestContext
from webservices.wire.dialects.ecosys.filters import Given, api_named, narrowed, operation_of
from webservices.wire.dialects.ecosys.names import METHODS
from webservices.wire.dialects.ecosys.options import META, flag, named_in_address, with_options
from webservices.wire.dialects.ecosys.published import EcoSysSettings, PublishedApi
from webservices.wire.dialects.ecosys.rest_bodies import Form
from webservices.wire.messages import Call, Records, RequestError, SessionWish, WireRequest
from webservices.wire.operations import Operations, Verb
from webservices.wire.options import options_from_headers
from webservices.wire.query_string import Parameters, key_of_cursor, malformed, parameters_of

METHOD, PAGE_SIZE, PAGE, START, COUNT = "_method", "_pageSize", "_pageId", "_startRow", "_count"
OVERRIDES = tuple(method for method in METHODS if method != "GET")
PAGING = (PAGE_SIZE, PAGE, START, COUNT)
NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


def read_form(form: Form, request: WireRequest, operations: Operations, settings: EcoSysSettings) -> Call:
    """A REST request as a Call; raises RequestError. The objects are read from the body when they are looked at."""
    name, *steps = request.path.removeprefix(form.path).removesuffix("/").split("/")
    context = RestContext(
        language=settings.language,
        currency=settings.currency,
        secure=request.address.startswith("https:"),
        address=request.address + quote(unquote(request.path), safe="/"),
    )
    operation = None
    try:
        context = replace(context, api=api_named(_decoded(name), settings))
        address, options, parameters = _sorted(parameters_of(request.query))
        operation = operation_of(context.api, _verb(request.method, address), operations)
        given = [*_positional(context.api, steps), *parameters]
        call = Call(operation, options=options_from_headers(request.headers))
        call = with_options(call, context.api, options, options, request.headers)
        ends = call.session is SessionWish.END and isinstance(call.credentials, SessionToken)
        context = replace(context, meta=bool(flag(options, META)), forget=ends, query=tuple(_kept(request.query)))
        call = narrowed(call, context, given)
        if operation.verb is Verb.FIND:
            return _page(call, context, address, settings)
        if address.keys() & set(PAGING):
            raise malformed("wrong-option", f"{', '.join(PAGING)} go with GET alone.")
    except ProblemError as refusal:
        raise RequestError(context, refusal.problem, operation) from None
    call = replace(call, context=context)
    return replace(call, records=Records(_objects(form, request, call)))


def _decoded(step: str) -> str:
    try:
        return unquote(step, errors="strict")
    except UnicodeDecodeError:
        raise malformed("wrong-address", "The address is not UTF-8.") from None


def _sorted(found: Parameters) -> tuple[dict[str, str], dict[str, str], Given]:
    """The parameters of the address itself, the options by name, and the runtime parameters; raises ProblemError."""
    address: dict[str, str] = {}
    options: dict[str, str] = {}
    given: list[tuple[str, str]] = []
    for name, text in found:
        single = "_" + name.lstrip("_")
        if not name.startswith("_"):
            given.append((name, text))
        elif option := named_in_address(name):
            options[option] = text
        elif single in (METHOD, *PAGING):
            address[single] = text
        else:
            raise malformed("wrong-option", f"{quoted(name)} is no option.")
    return address, options, given


def _verb(method: str, address: Mapping[str, str]) -> Verb:
    """What the method asks; raises ProblemError."""
    method = "GET" if method == "HEAD" else method
    override = address.get(METHOD)
    if override is None and method not in METHODS:
        text = f"{method[:20]} means nothing here; {', '.join(METHODS)} do."
        raise ProblemError(Problem("unknown-method", Family.UNKNOWN_OPERATION, text))
    if override is not None and method == "GET":
        raise malformed("wrong-option", f"{METHOD} is not valid on GET.")
    if override is not None and override.upper() not in OVERRIDES:
        raise malformed("wrong-option", f"{METHOD} is one of {', '.join(OVERRIDES)}, not {quoted(override)}.")
    return METHODS[method if override is None else override.upper()]


def _positional(api: PublishedApi, steps: list[str]) -> Iterator[tuple[str, str]]:
    """The parameters that are steps of the path, in the order of their definition."""
    if len(steps) > len(api.parameters):
        known = ", ".join(parameter.id for parameter in api.parameters) or "none"
        text = f"The path gives {len(steps)} runtime parameters; {api.name} has {len(api.parameters)} ({known})."
        raise ProblemError(invalid(text, code="undefined-parameter"))
    for parameter, step in zip(api.parameters, steps, strict=False):
        yield parameter.id, _decoded(step)


def _kept(query: str) -> Iterator[tuple[str, str]]:
    """What nextPage repeats of the query: neither its paging nor any credentials."""
    for name, text in parameters_of(query):
        option = named_in_address(name)
        if option not in ("Username", "Password") and "_" + name.lstrip("_") not in PAGING:
            yield name, text


def _page(call: Call, context: RestContext, address: Mapping[str, str], settings: EcoSysSettings) -> Call:
    """The page that is asked for; raises ProblemError. Its id says where it goes on, so that nothing is kept for it."""
    if PAGE not in address and (START in address or COUNT in address):
        raise malformed("wrong-page", f"{START} and {COUNT} go with the {PAGE} of a nextPage.")
    size = COUNT if PAGE in address else PAGE_SIZE
    page = _number(size, address[size], settings.longest_page) if size in address else settings.page_size
    start = _number(START, address[START], 10**9) if START in address else 1
    after = key_of_cursor(call.operation.resource, address[PAGE]) if PAGE in address else ()
    return replace(
        call, limit=page, after=after, streamable=page is None, context=replace(context, start_row=start, page=page)
    )


def _number(name: str, text: str, most: int) -> int:
    if not NUMBER.fullmatch(text) or int(text) > most:
        raise malformed("wrong-page", f"{name} is a whole number from 1 to {most:,}, not {quoted(text)}.")
    return int(text)


def _objects(form: Form, request: WireRequest, call: Call) -> Iterator[Values]:
    found = False
    try:
        for record in form.read(request, call.context, call.operation.resource):
            found = True
            yield record
        if not found:
            raise malformed("no-record", f"The body has no object of {call.context.api.name}.")
    except ProblemError as refusal:
        raise RequestError(call.context, refusal.problem, call.operation) from None
