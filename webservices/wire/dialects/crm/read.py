"""
CRM-service requests: SOAP 1.1, rpc style, literal or encoded.

    POST /CrmIntegrationWebservice/service.php?class=productManager
    <s:Body><c:searchProducts xmlns:c="https://crmservice.fi/CrmIntegrationWebservice">
      <session><sessionID>…</sessionID></session>
      <criteria><field>product_no</field><value>PRO2124</value><limit>1</limit><offset>0</offset></criteria>
    </c:searchProducts></s:Body>

The address names the manager, in any case; the Body's first child is the method, whatever its namespace.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import parse_qsl

from records.shapes.criteria import Comparator, Criterion
from records.shapes.matching import Matching, MatchRule
from records.shapes.problems import Family, Problem, ProblemError
from records.shapes.values import EMPTY, Values, quoted
from webservices.wire.credentials import Bearer, Credentials, SessionToken
from webservices.wire.dialects.crm.arguments import ABSENT, Arguments
from webservices.wire.dialects.crm.bulk import read_datas
from webservices.wire.dialects.crm.context import CrmContext, CrmSettings
from webservices.wire.dialects.crm.methods import BY_LOWER_CASE, MANAGERS, Form, Method, operation_of
from webservices.wire.dialects.crm.names import kind_of
from webservices.wire.dialects.crm.records import field_named, read_record
from webservices.wire.dialects.crm.search import search
from webservices.wire.messages import Call, Records, RequestError, WireRequest
from webservices.wire.operations import Operation, Operations, Verb
from webservices.wire.soap.envelope import VERSION_MISMATCH, Envelope
from webservices.wire.soap.options import is_option, read_options
from webservices.wire.soap.versions import SOAP_11
from webservices.wire.xml.nodes import Node
from webservices.wire.xml.parsing import refused

CLASS = "class"


def read(request: WireRequest, operations: Operations, settings: CrmSettings) -> Call:
    """A request as a Call; raises RequestError for what cannot be one."""
    context, operation = CrmContext(settings=settings), None
    envelope = Envelope(request.body, request.headers.get("content-type", ""))
    try:
        context = replace(context, manager=manager_of(request.query))
        known = methods_here(context.manager, operations)
        envelope.open()
        _check_version(envelope)
        context = replace(context, method=_method(envelope, context.manager, known))
        envelope.check_understood(is_option)
        envelope.check_action(request.headers, known)
        options = read_options(envelope.blocks, request.headers)
        arguments = Arguments(context.method, envelope)
        credentials = _credentials(arguments)
        operation = _operation(arguments, operations)
        call = Call(operation, options=options, credentials=credentials, context=context)
        return _READ[context.method.form](call, arguments)
    except ProblemError as refusal:
        raise RequestError(context, refusal.problem, operation) from None


def manager_of(query: str) -> str:
    """The manager that an address names; raises ProblemError when it names none that there is."""
    named = next((value for name, value in parse_qsl(query) if name.lower() == CLASS), "")
    if named.lower() not in BY_LOWER_CASE:
        raise _unknown(f"There is no manager {quoted(named)} here; the managers are {', '.join(MANAGERS)}.")
    return BY_LOWER_CASE[named.lower()]


def methods_here(manager: str, operations: Operations) -> dict[str, Method]:
    """The methods of a manager by name."""
    return {method.name: method for method in MANAGERS[manager] if operation_of(method, operations)}


def _unknown(sentence: str) -> ProblemError:
    return ProblemError(Problem("unknown-operation", Family.UNKNOWN_OPERATION, sentence))


def _check_version(envelope: Envelope) -> None:
    if envelope.version is not SOAP_11:
        text = "This service speaks SOAP 1.1, whose namespace is http://schemas.xmlsoap.org/soap/envelope/."
        raise ProblemError(Problem(VERSION_MISMATCH, Family.MALFORMED, text))


def _method(envelope: Envelope, manager: str, known: Mapping[str, Method]) -> Method:
    name = envelope.operation.name
    if name not in known:
        raise _unknown(f"{quoted(name)} is no method of {manager}; its methods are {', '.join(known)}.")
    return known[name]


def _credentials(arguments: Arguments) -> Credentials:
    """Who the first argument says is calling: an API key, or a session, whose id may also stand there by itself."""
    name = arguments.method.credential
    if name == "apiKey":
        return Bearer(arguments.text(name))
    session = arguments.node(name)
    if not session.children:
        return SessionToken(session.text.strip())
    of_session = session.child("sessionID")
    return SessionToken(arguments.follow(of_session).text.strip() if of_session else "")


def _operation(arguments: Arguments, operations: Operations) -> Operation:
    method = arguments.method
    return operation_of(method, operations, kind_of(arguments.needed("type")) if method.form is Form.BULK else "")


def _get(call: Call, arguments: Arguments) -> Call:
    context = replace(call.context, asked=quoted(arguments.text("id")))
    arguments.rest()
    return replace(call, criteria=Records(_once(call, arguments, _with_id)), limit=1, context=context)


def _with_id(call: Call, arguments: Arguments) -> list[Criterion]:
    return [Criterion(("id",), Comparator.EQUAL, (arguments.needed("id"),))]


def _delete(call: Call, arguments: Arguments) -> Call:
    return replace(_echoed(call), records=Records(_once(call, arguments, _named)))


def _named(call: Call, arguments: Arguments) -> list[Values]:
    return [{"id": arguments.needed("id")}]


def _write(call: Call, arguments: Arguments) -> Call:
    return replace(_echoed(_matched(call)), records=Records(_once(call, arguments, _record)))


def _matched(call: Call) -> Call:
    """A record is the one that has its id; without an id, the one that has its number. What is added is neither."""
    if call.operation.verb is Verb.ADD:
        return call
    way = MatchRule(("id", *call.operation.resource.key), first_only=True, existing=("id",))
    return replace(call, matching=Matching((way,)))


def _echoed(call: Call) -> Call:
    return replace(call, options=replace(call.options, echo=True))


def _bulk(call: Call, arguments: Arguments) -> Call:
    return replace(_matched(call), records=Records(_once(call, arguments, _records)))


Reader = Callable[[Call, Arguments], list]


def _once(call: Call, arguments: Arguments, read_records: Reader) -> Iterator:
    """The records, or the criteria, read when they are first looked at; what is wrong then is a RequestError."""
    try:
        arguments.rest()
        yield from read_records(call, arguments)
    except ProblemError as refusal:
        raise RequestError(call.context, refusal.problem, call.operation) from None


def _record(call: Call, arguments: Arguments) -> list[Values]:
    method = arguments.method
    node = arguments.node(method.payload.name)
    if node is ABSENT:
        raise refused("no-record", f"{method.name} has no {method.payload.name}.")
    return [read_record(call.operation.resource, node, call.context.settings, arguments.follow)]


def _records(call: Call, arguments: Arguments) -> list[Values]:
    return read_datas(call.operation.resource, arguments.text("datas"), call.context.settings)


def _special(call: Call, arguments: Arguments) -> Call:
    """The record of what the operation takes, from texts, or from the members of a parameter that has some."""
    record: dict[str, object] = {}
    for parameter in arguments.method.parameters:
        if parameter.name != arguments.method.credential:
            texts = (
                {parameter.field: parameter.read(arguments.text(parameter.name))}
                if parameter.field
                else _members(call, arguments, arguments.node(parameter.name))
            )
            record |= {name: text or EMPTY for name, text in texts.items()}
    arguments.rest()
    return replace(call, records=[record])


def _members(call: Call, arguments: Arguments, node: Node) -> dict[str, str]:
    resource, found = call.operation.resource, {}
    for child in node.children:
        field = field_named(resource, child.name)
        if field not in call.operation.takes:
            raise refused("unknown-element", f"{arguments.method.name} does not take {quoted(child.name)}.")
        found[field] = arguments.follow(child).text
    return found


_READ: Mapping[Form, Callable[[Call, Arguments], Call]] = {
    Form.SEARCH: search,
    Form.GET: _get,
    Form.RECORD: _write,
    Form.DELETE: _delete,
    Form.BULK: _bulk,
    Form.ACTION: _special,
}
