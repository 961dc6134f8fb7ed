"""
Requests of Oracle CPQ's REST interface, read as Calls.

    PUT /rest/v19/partSetups/36551467
    {"partNumber": "PUMP-100", "leadTime": 3, "directBuy": {"lookupCode": "1"}}

replaces one part: what the body leaves out is blanked, but for children. `upsertParts` leaves it as it is.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from records.shapes.copying import replace
from records.shapes.criteria import Comparator, Criterion, Scope
from records.shapes.problems import Family, Problem, ProblemError, malformed_error, missing_problem
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, Precondition, Value, Values, quote_text
from webservices.wire.credentials import Password, read_authorization
from webservices.wire.dialects.oracle_rest.bodies import blank_absent, read_child, read_part
from webservices.wire.dialects.oracle_rest.context import (
    ONE,
    Entry,
    OracleRestContext,
    OracleRestSettings,
    Page,
    View,
)
from webservices.wire.dialects.oracle_rest.criteria import read_order, read_q
from webservices.wire.dialects.oracle_rest.names import (
    EXTENDED_DESCRIPTIONS,
    JSON_TYPE,
    PRICE_BOOK,
    Child,
    children_of,
    find_codes,
    split_child_id,
)
from webservices.wire.dialects.oracle_rest.routing import CHILD_ID, Address, allowed_methods, find_address
from webservices.wire.dialects.oracle_rest.values import member_names, visible_children
from webservices.wire.json import Json, read_json
from webservices.wire.messages import Call, Records, RequestError, WireRequest
from webservices.wire.operations import Kind, Operation, Operations, Verb
from webservices.wire.options import options_from_headers
from webservices.wire.query_string import Parameters, read_parameters

LONGEST_CHILD = 64 * 1024  # bytes of a body
ID = re.compile("[0-9]{1,18}", re.ASCII)
NUMBER = re.compile("[0-9]{1,18}", re.ASCII)
JSON = re.compile(r"\s*application/([a-z0-9.+-]+\+)?json\s*(;|$)", re.IGNORECASE)
ACCEPTED = re.compile(r"\s*(\*/\*|application/\*|application/([a-z0-9.+-]+\+)?json)\s*(;|$)", re.IGNORECASE)
FLAGS = {"true": True, "1": True, "false": False, "0": False, "": True}
VIEW_PARAMETERS = ("fields", "expand", "onlydata", "excludelinks")
COLLECTION_PARAMETERS = ("q", "limit", "offset", "totalresults", "orderby", *VIEW_PARAMETERS)
PAGE_PARAMETERS = ("limit", "offset", "totalresults", "onlydata", "excludelinks")
# By the kind of address, the parameters that a GET takes there, in small letters: one client writes orderBy.
PARAMETERS: Mapping[Entry, tuple[str, ...]] = {
    Entry.SETUPS: COLLECTION_PARAMETERS,
    Entry.PARTS: COLLECTION_PARAMETERS,
    Entry.SETUP: VIEW_PARAMETERS,
    Entry.PART: VIEW_PARAMETERS,
    Entry.CHILDREN: (*PAGE_PARAMETERS, "expand"),
    Entry.CHILD: ("expand", "onlydata", "excludelinks"),
    Entry.BOOKS: PAGE_PARAMETERS,
    Entry.BOOK: ("onlydata", "excludelinks"),
    Entry.BOOK_TRANSLATIONS: PAGE_PARAMETERS,
}
SEARCH_MEMBERS = ("q", "limit", "offset", "totalResults", "orderby", "orderBy", "keywords", "fields", "expand")

Texts = Mapping[str, str]  # parameters, by their names in small letters


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
        texts = _read_texts(query, PARAMETERS[context.entry])
        context = replace(context, query=tuple(query), view=_read_view(texts, resource, context))
        context = replace(context, page=_read_page(texts, settings))
    else:
        texts = _read_texts(query, ("q",) if _needs_q(context) else ())
    if operation.kind is Kind.ACTION:
        return _read_action(request, operation, address, context, settings)
    context = replace(context, key=address.texts[0] if address.texts else "")
    named = _read_key(texts, address, resource, context, settings)
    if context.child is not None:
        return _read_child_call(request, operation, address, named, context, settings)
    if operation.verb is Verb.FIND:
        return _read_find(request, operation, texts, named, context, settings)
    records = Records(_read_records(request, operation, named, context, settings))
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
        raise _no_child(context, address.texts[-1])
    context, named, scope = _read_child_address(address, child, resource, context, named)
    if context.method == "GET":
        return Call(operation, criteria=tuple(_is(*pair) for pair in named.items()), context=context)
    records: Sequence[Values] = Records(_read_records(request, operation, named, context, settings))
    if context.method == "POST":
        # At once, as its currency or language says what must not be there yet; such a body is never long.
        if len(request.body) > LONGEST_CHILD:
            text = f"A child has at most {LONGEST_CHILD:,} bytes."
            raise ProblemError(Problem("too-long", Family.TOO_LARGE, text))
        records = [*records]
        context = replace(context, code=_find_code(records[0], child, resource))
    return Call(operation, records=records, scope=_demand_children(scope, child, resource, context), context=context)


def _find_code(record: Values, child: Child, resource: Resource) -> str:
    """Return the currency or language of the child that a record of its part holds; "": the part has but one."""
    entries = (record.get(field.name) for field in child.fields(resource))
    codes = [code for each in entries if isinstance(each, dict) for code in each]
    return codes[0] if codes and not child.is_one else ""


def _read_texts(query: Parameters, known: tuple[str, ...]) -> Texts:
    """Return the parameters of an address; raises ProblemError for one that it does not take, or that comes twice."""
    found: dict[str, str] = {}
    for name, text in query:
        if name.lower() not in known:
            taken = f"those that are: {', '.join(known)}" if known else "none is"
            raise malformed_error("wrong-parameter", f"The parameter {quote_text(name)} is not taken here; {taken}.")
        if name.lower() in found:
            raise malformed_error("wrong-parameter", f"The parameter {quote_text(name)} comes more than once.")
        found[name.lower()] = text
    return found


def _read_flag(texts: Texts, name: str) -> bool:
    text = texts.get(name, "false").strip().lower()
    if text not in FLAGS:
        raise malformed_error("wrong-parameter", f"{name} is true or false, not {quote_text(text)}.")
    return FLAGS[text]


def _read_view(texts: Texts, resource: Resource, context: OracleRestContext) -> View:
    known = children_of(resource)
    paths = [child.path for child in known]
    expand = _names(texts.get("expand", ""))
    if context.child is not None:  # what is below a child is named without it
        expand = [each if each == "all" else f"{context.child.path}.{each}" for each in expand]
    wanted = frozenset(paths if "all" in expand else expand)
    if strange := sorted(wanted - {*paths}):
        text = f"expand takes {', '.join([*paths, 'all'])}, not {quote_text(strange[0])}."
        raise malformed_error("wrong-parameter", text)
    links = not (_read_flag(texts, "onlydata") or _read_flag(texts, "excludelinks"))
    return View(_read_fields(texts, resource, context), visible_children(View(expand=wanted)), links)


def _read_fields(texts: Texts, resource: Resource, context: OracleRestContext) -> frozenset[str] | None:
    fields = frozenset(_names(texts.get("fields", "")))
    if strange := sorted(fields - {*member_names(resource, context), "links"}):
        text = f"fields names {quote_text(strange[0])}, which is no member of a part here."
        raise malformed_error("wrong-parameter", text)
    return fields or None


def _names(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]


def _read_page(texts: Texts, settings: OracleRestSettings) -> Page:
    limit, offset = (_read_number(texts, name) for name in ("limit", "offset"))
    if limit == 0:
        raise malformed_error("wrong-parameter", "limit is 1 or more.")
    is_told = limit is not None or offset is not None
    return Page(min(limit or settings.page, settings.page), offset or 0, is_told)


def _read_number(texts: Texts, name: str) -> int | None:
    text = texts.get(name)
    if text is None:
        return None
    if not NUMBER.fullmatch(text.strip()):
        raise malformed_error("wrong-parameter", f"{name} is a whole number, not {quote_text(text)}.")
    return int(text)


# Addresses


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
    if [each.path for each in criteria] != [("number",)] or criteria[0] != _is("number", criteria[0].values[0]):
        text = f"{context.method} of all parts needs q to name one, such as {{partNumber:'PUMP-100'}}."
        raise malformed_error("wrong-q", text)
    return {"number": criteria[0].values[0]}


def _is(name: str, text: str) -> Criterion:
    return Criterion((name,), Comparator.EQUAL, (text,))


def _read_child_address(
    address: Address, child: Child, resource: Resource, context: OracleRestContext, named: dict[str, str]
) -> tuple[OracleRestContext, dict[str, str], Scope]:
    """
    Read the address of children, of one, or of what is below one; raises ProblemError for an id that none can have.

    Return the context with the currency or language, what names the part, and a scope in which it has the number that
    the address may say.
    """
    code = ""
    ids = [text for step, text in zip(_braces(address), address.texts, strict=True) if step == CHILD_ID]
    kinds = [child.parent, child] if child.parent else [child]
    number = named.get("number")
    for kind, text in zip(kinds, ids, strict=False):
        part, hashed = split_child_id(int(text)) if ID.fullmatch(text) else (-1, -1)
        codes = find_codes(kind, hashed, resource)
        if len(codes) != 1 or named.get("id", str(part)) != str(part):
            raise _no_child(context, text)
        named, code = {"id": str(part)}, codes[0]
    scope = Scope(before=(_is("number", number),)) if number is not None and ids else Scope()
    if context.method == "GET" and scope.before:
        named = {**named, "number": str(number)}
    return replace(context, code=code), named, scope


def _braces(address: Address) -> list[str]:
    return [step for step in address.route.steps.split("/") if step.startswith("{")]


def _no_child(context: OracleRestContext, text: str) -> ProblemError:
    name = context.child.path if context.child else ""
    sentence = f"Part {quote_text(context.key)} has no {name} {quote_text(text)}." if context.key else "There is none."
    return ProblemError(Problem("no-child", Family.NOT_FOUND, sentence))


def _demand_children(scope: Scope, child: Child, resource: Resource, context: OracleRestContext) -> Scope:
    """Narrow a scope: a child that is below another needs that, one that is named is there, one to be added is not."""
    fields = [field.name for field in child.fields(resource)]
    some, own = _some_of([(name,) for name in fields]), _some_of([(name, context.code) for name in fields])
    this = some if child.is_one else own
    if context.entry is Entry.CHILD:
        return replace(scope, within=(this,))
    return replace(scope, locked=(this,), within=(some,) if child.parent else ())


def _some_of(paths: list[tuple[str, ...]]) -> Criterion:
    first, *others = (Criterion(path, Comparator.NOT_EQUAL) for path in paths)
    return replace(first, others=tuple(others))


# Searches


def _read_find(
    request: WireRequest,
    operation: Operation,
    texts: Texts,
    named: Mapping[str, str],
    context: OracleRestContext,
    settings: OracleRestSettings,
) -> Call:
    if context.entry is Entry.SEARCH:
        return _read_search(request, operation, context, settings)
    if context.entry in ONE:
        return Call(operation, criteria=tuple(_is(*pair) for pair in named.items()), context=context)
    page, resource = context.page, operation.resource
    q = texts.get("q", "").strip()
    return Call(
        operation,
        criteria=read_q(q, resource, context.language, settings.criteria_limit) if q else (),
        limit=page.limit,
        offset=page.offset,
        order=read_order(texts.get("orderby", ""), resource, context.language),
        count=page.is_told and _read_flag(texts, "totalresults"),
        context=context,
    )


def _read_search(
    request: WireRequest, operation: Operation, context: OracleRestContext, settings: OracleRestSettings
) -> Call:
    body = _read_object(request, settings)
    _check_members(body, ("criteria", "context"), "A search")
    criteria = _object_member(body, "criteria")
    _check_members(criteria, SEARCH_MEMBERS, "criteria")
    book = _object_member(body, "context")
    _check_members(book, ("pricebookVarName",), "context")
    if (name := book.get("pricebookVarName")) not in (None, "", PRICE_BOOK):
        text = f"There is one price book, {PRICE_BOOK}, and no {quote_text(name)}."
        raise ProblemError(Problem("unknown-price-book", Family.INVALID, text))
    resource = operation.resource
    texts = {name.lower(): _as_text(name, value) for name, value in criteria.items() if name not in ("q", "keywords")}
    context = replace(context, view=_read_view(texts, resource, context), page=_read_page(texts, settings))
    q = criteria.get("q")
    return Call(
        operation,
        criteria=read_q(q, resource, context.language, settings.criteria_limit) if q else (),
        search=_as_text("keywords", criteria.get("keywords"), " "),
        limit=context.page.limit,
        offset=context.page.offset,
        order=read_order(texts.get("orderby", ""), resource, context.language),
        count=context.page.is_told and _read_flag(texts, "totalresults"),
        context=context,
    )


def _check_members(found: Mapping[str, Json], known: tuple[str, ...], what: str) -> None:
    if strange := [name for name in found if name not in known]:
        text = f"{what} has {', '.join(known)}, not {quote_text(strange[0])}."
        raise malformed_error("wrong-shape", text)


def _object_member(body: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    value = body.get(name)
    if value is not None and not isinstance(value, dict):
        raise malformed_error("wrong-shape", f"{name} is an object.")
    return value or {}


def _as_text(name: str, value: Json, separator: str = ",") -> str:
    """Return a member as the parameter of an address has it; raises ProblemError for an object in it."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list():
            return separator.join(_as_text(name, each) for each in value)
        case dict():
            raise malformed_error("wrong-shape", f"{name} is no object.")
    return str(value)


# Actions


def _read_action(
    request: WireRequest,
    operation: Operation,
    address: Address,
    context: OracleRestContext,
    settings: OracleRestSettings,
) -> Call:
    if context.method == "POST" and request.body.strip():
        _check_members(_read_object(request, settings), (), operation.resource.label)
    if address.texts and address.texts[0] != PRICE_BOOK:
        text = f"There is one price book, {PRICE_BOOK}, and no {quote_text(address.texts[0])}."
        raise ProblemError(Problem("unknown-price-book", Family.NOT_FOUND, text))
    return Call(operation, records=[{}], context=context)


# Bodies


def _read_object(request: WireRequest, settings: OracleRestSettings) -> dict[str, Json]:
    media_type = request.headers.get("content-type", "")
    if media_type and not JSON.match(media_type):
        text = f"The body must be JSON, sent as Content-Type: {JSON_TYPE}, not {quote_text(media_type)}."
        raise ProblemError(Problem("wrong-media-type", Family.MALFORMED, text))
    found = read_json(request.body, settings.body_limit)
    if not isinstance(found, dict):
        raise malformed_error("wrong-shape", "The body is an object.")
    return found


def _read_records(
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
    yield read_part(_read_object(request, settings), resource, context.language)


def _read_replaced(
    request: WireRequest,
    resource: Resource,
    named: Mapping[str, str],
    context: OracleRestContext,
    settings: OracleRestSettings,
) -> Iterator[Values]:
    sent = read_part(_read_object(request, settings), resource, context.language)
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
    body = _read_object(request, settings)
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
    body = _read_object(request, settings)
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
