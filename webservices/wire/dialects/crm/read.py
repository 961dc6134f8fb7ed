"""
CRM-service requests: SOAP 1.1, rpc style, literal or encoded.

    POST /CrmIntegrationWebservice/service.php?class=productManager
    <s:Body><c:searchProducts xmlns:c="https://crmservice.fi/CrmIntegrationWebservice">
      <session><sessionID>…</sessionID></session>
      <criteria><field>product_no</field><value>PRO2124</value><limit>1</limit><offset>0</offset></criteria>
    </c:searchProducts></s:Body>

The address names the manager, in any case; the Body's first child is the method, whatever its namespace. Only the
method and who is calling are read at once; records and criteria are read when the gateway first looks at them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar
from urllib.parse import parse_qsl

from records.shapes.copying import replace
from records.shapes.criteria import Comparator, Criterion
from records.shapes.matching import Matching, MatchRule
from records.shapes.problems import Family, Problem, ProblemError, malformed_error
from records.shapes.values import EMPTY, Value, Values, quote_text
from webservices.wire.credentials import Bearer, Credentials, SessionToken
from webservices.wire.dialects.crm.arguments import ABSENT, Arguments
from webservices.wire.dialects.crm.bulk import read_json_records
from webservices.wire.dialects.crm.context import CrmContext, CrmSettings
from webservices.wire.dialects.crm.criteria import read_search
from webservices.wire.dialects.crm.methods import (
    API_KEY,
    MANAGERS,
    MANAGERS_BY_LOWER_CASE,
    Method,
    MethodKind,
    find_operation,
)
from webservices.wire.dialects.crm.modules import find_plural
from webservices.wire.dialects.crm.names import VENDOR_FIELDS, VENDOR_NAME
from webservices.wire.dialects.crm.values import hub_field, read_record
from webservices.wire.messages import Call, Records, RequestError, WireRequest
from webservices.wire.operations import Operation, Operations, Verb
from webservices.wire.soap.envelope import VERSION_MISMATCH, Envelope
from webservices.wire.soap.options import is_option, read_options
from webservices.wire.soap.versions import SOAP_11
from webservices.wire.xml.nodes import Node

T = TypeVar("T")

CLASS = "class"


def read(request: WireRequest, operations: Operations, settings: CrmSettings) -> Call:
    """Read a request as a Call; raises RequestError for what cannot be one."""
    context, operation = CrmContext(settings=settings), None
    envelope = Envelope(request.body, request.headers.get("content-type", ""), settings=settings)
    try:
        # The context grows step by step: a fault names as much as was known when reading failed.
        context = replace(context, manager=find_manager(request.query))
        known = methods_by_name(context.manager, operations)
        envelope.open()
        _check_version(envelope)
        context = replace(context, method=_find_method(envelope, context.manager, known))
        envelope.check_understood(is_option)
        envelope.check_action(request.headers, known)
        options = read_options(envelope.blocks, request.headers)
        arguments = Arguments(context.method, envelope)
        credentials = _read_credentials(arguments)
        operation = _find_operation(arguments, operations)
        vendor = VENDOR_NAME if operation.resource.plural in VENDOR_FIELDS else ""
        call = Call(operation, options=options, credentials=credentials, context=context, vendor=vendor)
        return _READERS[context.method.kind](call, arguments, context)
    except ProblemError as refusal:
        raise RequestError(context, refusal.problem, operation) from None


def find_manager(query: str) -> str:
    """Return the manager that the query of an address names; raises ProblemError when there is no such manager."""
    requested = next((value for name, value in parse_qsl(query) if name.lower() == CLASS), "")
    if requested.lower() not in MANAGERS_BY_LOWER_CASE:
        raise _unknown(f"There is no manager {quote_text(requested)} here; the managers are {', '.join(MANAGERS)}.")
    return MANAGERS_BY_LOWER_CASE[requested.lower()]


def methods_by_name(manager: str, operations: Operations) -> dict[str, Method]:
    """Index the methods of a manager by name, as far as the hub has their operations."""
    return {method.name: method for method in MANAGERS[manager] if find_operation(method, operations)}


def _unknown(sentence: str) -> ProblemError:
    return ProblemError(Problem("unknown-operation", Family.UNKNOWN_OPERATION, sentence))


def _check_version(envelope: Envelope) -> None:
    if envelope.version is not SOAP_11:
        text = f"This service speaks SOAP 1.1, whose namespace is {SOAP_11.namespace}."
        raise ProblemError(Problem(VERSION_MISMATCH, Family.MALFORMED, text))


def _find_method(envelope: Envelope, manager: str, known: Mapping[str, Method]) -> Method:
    name = envelope.operation.name
    if name not in known:
        raise _unknown(f"{quote_text(name)} is no method of {manager}; its methods are {', '.join(known)}.")
    return known[name]


def _read_credentials(arguments: Arguments) -> Credentials:
    """Read the first argument: an API key, or a session, as a struct or as the id alone."""
    name = arguments.method.credential
    if name == API_KEY:
        return Bearer(arguments.text(name))
    session = arguments.node(name)
    if not session.children:
        return SessionToken(session.text.strip())
    session_id = session.child("sessionID")
    return SessionToken(arguments.follow(session_id).text.strip() if session_id else "")


def _find_operation(arguments: Arguments, operations: Operations) -> Operation:
    """Return the operation of the method; raises ProblemError for a type of bulkEntitySave that there is not."""
    method = arguments.method
    plural = find_plural(arguments.require("type")) if method.kind is MethodKind.BULK else ""
    operation = find_operation(method, operations, plural)
    if operation is None:
        raise _unknown(f"There is no {method.name} of {plural} here.")
    return operation


def _read_get(call: Call, arguments: Arguments, context: CrmContext) -> Call:
    context = replace(context, requested_id=quote_text(arguments.text("id")))
    arguments.read_rest()
    criteria = _read_lazily(call, arguments, lambda: [_id_criterion(arguments.require("id"))])
    return replace(call, criteria=Records(criteria), limit=1, context=context)


def _id_criterion(id: str) -> Criterion:
    return Criterion(("id",), Comparator.EQUAL, (id,))


def _read_delete(call: Call, arguments: Arguments, context: CrmContext) -> Call:
    records: Iterator[Values] = _read_lazily(call, arguments, lambda: [{"id": arguments.require("id")}])
    return replace(_request_echo(call), records=Records(records))


def _read_write(call: Call, arguments: Arguments, context: CrmContext) -> Call:
    records = _read_lazily(call, arguments, lambda: [_read_record(call, arguments, context)])
    return replace(_request_echo(_set_match_rule(call)), records=Records(records))


def _read_bulk(call: Call, arguments: Arguments, context: CrmContext) -> Call:
    def read_datas() -> list[Values]:
        return read_json_records(call.operation.resource, arguments.text("datas"), context.settings)

    return replace(_set_match_rule(call), records=Records(_read_lazily(call, arguments, read_datas)))


def _set_match_rule(call: Call) -> Call:
    """Match a record by its id or, where it has none, by its number; a record to be added is not looked for."""
    if call.operation.verb is Verb.ADD:
        return call
    # existing: a record with an id that is not known is refused, not added under another id.
    rule = MatchRule(("id", *call.operation.resource.key), first_only=True, existing=("id",))
    return replace(call, matching=Matching((rule,)))


def _request_echo(call: Call) -> Call:
    return replace(call, options=replace(call.options, echo=True))


def _read_lazily(call: Call, arguments: Arguments, read_items: Callable[[], Iterable[T]]) -> Iterator[T]:
    """Read records or criteria when they are first looked at; raises RequestError for what is wrong with them then."""
    try:
        arguments.read_rest()
        yield from read_items()
    except ProblemError as refusal:
        raise RequestError(call.context, refusal.problem, call.operation) from None


def _read_record(call: Call, arguments: Arguments, context: CrmContext) -> Values:
    method = arguments.method
    node = arguments.node(method.payload.name)
    if node is ABSENT:
        raise malformed_error("no-record", f"{method.name} has no {method.payload.name}.")
    return read_record(call.operation.resource, node, context.settings, arguments.follow)


def _read_action(call: Call, arguments: Arguments, context: CrmContext) -> Call:
    """Read the one record of an action, from texts and from the members of structs."""
    record: dict[str, Value] = {}
    for parameter in arguments.method.parameters:
        if parameter.name != arguments.method.credential:
            texts = (
                {parameter.field: parameter.to_hub(arguments.text(parameter.name))}
                if parameter.field
                else _read_members(call, arguments, arguments.node(parameter.name))
            )
            record |= {name: text or EMPTY for name, text in texts.items()}
    arguments.read_rest()
    return replace(call, records=[record])


def _read_members(call: Call, arguments: Arguments, node: Node) -> dict[str, str]:
    resource, members = call.operation.resource, {}
    for child in node.children:
        field = hub_field(resource, child.name)
        if field not in call.operation.takes:
            raise malformed_error("unknown-element", f"{arguments.method.name} does not take {quote_text(child.name)}.")
        members[field] = arguments.follow(child).text
    return members


_READERS: Mapping[MethodKind, Callable[[Call, Arguments, CrmContext], Call]] = {
    MethodKind.SEARCH: read_search,
    MethodKind.GET: _read_get,
    MethodKind.RECORD: _read_write,
    MethodKind.DELETE: _read_delete,
    MethodKind.BULK: _read_bulk,
    MethodKind.ACTION: _read_action,
}
