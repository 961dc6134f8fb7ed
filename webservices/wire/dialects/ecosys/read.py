"""
EcoSys object reads and writes: SOAP 1.1 (and 1.2), document/literal bare; only the wrapper is namespace-qualified.

    POST /ecosys/api/soap/Part
    <soapenv:Body>
      <p:PartUpdateRequestElement xmlns:p="http://ecosys.net/api/Part">
        <PartOptions><Username>ada</Username><Password>…</Password></PartOptions>
        <PartParameters><PartID>PUMP-100</PartID></PartParameters>
        <Part><PartID>PUMP-100</PartID><Description>Pump</Description></Part>
      </p:PartUpdateRequestElement>
    </soapenv:Body>

Options and parameters are optional, and come before the objects. Delete takes PartKey in the place of Part. Names below
the wrapper are matched by their local part. `_username` and `_password` may stand in the address.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import unquote

from records.shapes.problems import Family, Problem, ProblemError, invalid
from records.shapes.values import Values, quoted
from webservices.wire.credentials import SessionToken
from webservices.wire.dialects.ecosys.columns import columns_of
from webservices.wire.dialects.ecosys.context import SoapContext
from webservices.wire.dialects.ecosys.filters import Given, api_named, narrowed, operation_of
from webservices.wire.dialects.ecosys.names import SOAP_PATH, namespace, object_element, operation_name, request_element
from webservices.wire.dialects.ecosys.objects_xml import read_object
from webservices.wire.dialects.ecosys.options import META, OPTIONS, flag, named_in_address, with_options
from webservices.wire.dialects.ecosys.published import EcoSysSettings, PublishedApi
from webservices.wire.messages import Call, Records, RequestError, SessionWish, WireRequest
from webservices.wire.operations import Operation, Operations, Verb
from webservices.wire.query_string import parameters_of
from webservices.wire.soap.envelope import Envelope
from webservices.wire.soap.options import is_option, read_options
from webservices.wire.xml.nodes import Node
from webservices.wire.xml.parsing import refused


def read(request: WireRequest, operations: Operations, settings: EcoSysSettings) -> Call:
    """A SOAP request as a Call; raises RequestError for what cannot be one."""
    envelope = Envelope(request.body, request.headers.get("content-type", ""))
    context = SoapContext(
        language=settings.language,
        currency=settings.currency,
        secure=request.address.startswith("https:"),
        version=envelope.version,
    )
    operation = None
    try:
        name = unquote(request.path.removeprefix(SOAP_PATH)).removesuffix("/")
        context = replace(context, api=api_named(name, settings))
        try:
            envelope.open()
        finally:
            context = replace(context, version=envelope.version)
        envelope.check_understood(is_option)
        operation = operation_of(context.api, _verb(envelope, context.api), operations)
        envelope.check_action(request.headers, _others(context.api, operation.verb))
        return _call(request, envelope, operation, context)
    except ProblemError as refusal:
        raise RequestError(context, refusal.problem, operation) from None


def _verb(envelope: Envelope, api: PublishedApi) -> Verb:
    """What the Body's child asks; raises ProblemError."""
    node = envelope.operation
    known = {request_element(api, verb): verb for verb in Verb}
    if node.name not in known or node.namespace not in ("", namespace(api)):
        within = f" in the namespace {quoted(node.namespace)}" if node.name in known else ""
        text = f"{quoted(node.name)}{within} is no request of the API {api.name}; its requests are {', '.join(known)}."
        raise ProblemError(Problem("unknown-operation", Family.UNKNOWN_OPERATION, text))
    return known[node.name]


def _others(api: PublishedApi, verb: Verb) -> list[str]:
    """What the other operations of this address are called."""
    return [named(api, other) for other in Verb for named in (request_element, operation_name) if other is not verb]


def _call(request: WireRequest, envelope: Envelope, operation: Operation, context: SoapContext) -> Call:
    api = context.api
    options, parameters = _head(envelope, api)
    address = {named_in_address(name): text for name, text in parameters_of(request.query)}
    call = Call(operation, options=read_options(envelope.blocks, request.headers))
    call = with_options(call, api, address, options, request.headers)
    ends = call.session is SessionWish.END and isinstance(call.credentials, SessionToken)
    context = replace(context, meta=bool(flag(options, META)), forget=ends)
    call = replace(narrowed(call, context, parameters), context=context)
    if operation.verb is Verb.FIND:
        for node in envelope.records(1):
            raise _out_of_place(node, api, operation)
        return replace(call, streamable=True)
    return replace(call, records=Records(_objects(call, envelope)))


def _head(envelope: Envelope, api: PublishedApi) -> tuple[dict[str, str], Given]:
    """The options by name, and the parameters; raises ProblemError."""
    options: dict[str, str] = {}
    parameters: list[tuple[str, str]] = []
    for node in envelope.leading((f"{api.name}Options", f"{api.name}Parameters")):
        if node.name == f"{api.name}Parameters":
            parameters += [(child.name, child.text) for child in node.children]
        else:
            options |= _options(node)
    return options, parameters


def _options(node: Node) -> dict[str, str]:
    texts = {}
    for child in node.children:
        if child.name not in OPTIONS or child.name in texts:
            what = "comes twice" if child.name in texts else f"is no option; the options are {', '.join(OPTIONS)}"
            raise ProblemError(invalid(f"{quoted(child.name)} {what}.", code="wrong-option"))
        texts[child.name] = child.text
    return texts


def _objects(call: Call, envelope: Envelope) -> Iterator[Values]:
    operation, api = call.operation, call.context.api
    columns = columns_of(call.context, operation.resource)
    name, found = object_element(api, operation.verb), False
    try:
        for node in envelope.records(1):
            if node.name != name:
                raise _out_of_place(node, api, operation)
            found = True
            yield read_object(columns, node)
        if not found:
            raise refused("no-record", f"{request_element(api, operation.verb)} has no {name}.")
    except ProblemError as refusal:
        raise RequestError(call.context, refusal.problem, operation) from None


def _out_of_place(node: Node, api: PublishedApi, operation: Operation) -> ProblemError:
    heads: Sequence[str] = (f"{api.name}Options", f"{api.name}Parameters")
    asked = request_element(api, operation.verb)
    if node.name in heads:
        return refused("unknown-element", f"{node.name} comes before the objects of {asked}.")
    takes = [*heads, object_element(api, operation.verb)] if operation.writes else heads
    return refused("unknown-element", f"{asked} takes {', '.join(takes)}, not {quoted(node.name)}.")
