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
the wrapper are matched by their local part. `_username` and `_password` may stand in the address. Objects are read when
the gateway first looks at them.
"""

from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from records.shapes.copying import replace
from records.shapes.problems import Family, Problem, ProblemError, invalid_problem, malformed_error
from records.shapes.values import Values, quote_text
from webservices.wire.credentials import SessionToken
from webservices.wire.dialects.ecosys.columns import get_columns
from webservices.wire.dialects.ecosys.context import SoapContext
from webservices.wire.dialects.ecosys.filters import ParameterTexts, apply_filters, find_api, find_operation
from webservices.wire.dialects.ecosys.names import (
    SOAP_PATH,
    list_verbs,
    namespace,
    object_element,
    operation_name,
    request_element,
)
from webservices.wire.dialects.ecosys.options import (
    META,
    OPTIONS,
    apply_options,
    find_option,
    is_known_by_options,
    read_flag,
)
from webservices.wire.dialects.ecosys.published import EcoSysSettings, PublishedApi
from webservices.wire.dialects.ecosys.values import read_xml_object
from webservices.wire.messages import Call, Records, RequestError, SessionOption, WireRequest
from webservices.wire.operations import Action, Kind, Operation, Operations, Verb
from webservices.wire.query_string import read_parameters
from webservices.wire.soap.envelope import Envelope
from webservices.wire.soap.options import is_option, read_options
from webservices.wire.xml.nodes import Node


def read(request: WireRequest, operations: Operations, settings: EcoSysSettings) -> Call:
    """Read a SOAP request as a Call; raises RequestError for what cannot be one."""
    envelope = Envelope(request.body, request.headers.get("content-type", ""), settings=settings)
    context = SoapContext(
        language=settings.language,
        currency=settings.currency,
        secure=request.address.startswith("https:"),
        version=envelope.version,
    )
    operation = None
    try:
        name = unquote(request.path.removeprefix(SOAP_PATH)).removesuffix("/")
        # The context grows step by step: a fault names as much as was known when reading failed.
        context = replace(context, api=find_api(name, settings))
        try:
            envelope.open()
        finally:  # the root may tell the version even where the rest is malformed: the fault speaks it
            context = replace(context, version=envelope.version)
        envelope.check_understood(is_option)
        verb = _find_verb(envelope, context.api)
        operation = find_operation(context.api, verb, operations)
        envelope.check_action(request.headers, _other_names(context.api, verb))
        return _build_call(request, envelope, operation, context, settings)
    except ProblemError as refusal:
        raise RequestError(context, refusal.problem, operation) from None


def _find_verb(envelope: Envelope, api: PublishedApi) -> Verb | Action:
    """Return the verb of the Body's child; raises ProblemError for an element that is no request of the API."""
    node = envelope.operation
    known = {request_element(api, verb): verb for verb in list_verbs(api)}
    if node.name not in known or node.namespace not in ("", namespace(api)):
        where = f" in the namespace {quote_text(node.namespace)}" if node.name in known else ""
        text = (
            f"{quote_text(node.name)}{where} is no request of the API {api.name}; its requests are {', '.join(known)}."
        )
        raise ProblemError(Problem("unknown-operation", Family.UNKNOWN_OPERATION, text))
    return known[node.name]


def _other_names(api: PublishedApi, verb: Verb | Action) -> list[str]:
    """Return the names of the API's other operations: a SOAPAction may name an element or an operation."""
    return [
        name(api, other) for other in list_verbs(api) for name in (request_element, operation_name) if other is not verb
    ]


def _build_call(
    request: WireRequest, envelope: Envelope, operation: Operation, context: SoapContext, settings: EcoSysSettings
) -> Call:
    api = context.api
    options, parameters = _read_head(envelope, api)
    address = {find_option(name): text for name, text in read_parameters(request.query)}
    call = Call(operation, options=read_options(envelope.blocks, request.headers))
    call = apply_options(call, api, address, options, request.headers)
    ends = call.session is SessionOption.END and isinstance(call.credentials, SessionToken)
    challenges = settings.always_challenge or not is_known_by_options(address, options, request.headers)
    context = replace(context, meta=bool(read_flag(options, META)), ends_session=ends, challenges=challenges)
    call = replace(apply_filters(call, context, parameters), context=context)
    if operation.kind is not Kind.WRITE:
        # Neither a read nor an event takes objects: reading on also finds what is malformed behind its options.
        for node in envelope.records(1):
            raise _out_of_place(node, api, operation)
        if operation.kind is Kind.TRIGGER:
            return replace(call, limit=settings.records_limit)
        return replace(call, streamable=True)
    return replace(call, records=Records(_read_objects(call, envelope, context)))


def _read_head(envelope: Envelope, api: PublishedApi) -> tuple[dict[str, str], ParameterTexts]:
    """Read the options by name, and the parameters; raises ProblemError."""
    options: dict[str, str] = {}
    parameters: list[tuple[str, str]] = []
    for node in envelope.leading_children((f"{api.name}Options", f"{api.name}Parameters")):
        if node.name == f"{api.name}Parameters":
            parameters += [(child.name, child.text) for child in node.children]
        else:
            options |= _read_options(node)
    return options, parameters


def _read_options(node: Node) -> dict[str, str]:
    texts: dict[str, str] = {}
    for child in node.children:
        if child.name not in OPTIONS or child.name in texts:
            reason = "comes twice" if child.name in texts else f"is no option; the options are {', '.join(OPTIONS)}"
            raise ProblemError(invalid_problem(f"{quote_text(child.name)} {reason}.", code="wrong-option"))
        texts[child.name] = child.text
    return texts


def _read_objects(call: Call, envelope: Envelope, context: SoapContext) -> Iterator[Values]:
    """Read the objects one by one; raises RequestError for an element that is none, or when there are none."""
    operation, api = call.operation, context.api
    columns = get_columns(context, operation.resource)
    name, found = object_element(api, operation.verb), False
    try:
        for node in envelope.records(1):
            if node.name != name:
                raise _out_of_place(node, api, operation)
            found = True
            yield read_xml_object(columns, node)
        if not found:
            raise malformed_error("no-record", f"{request_element(api, operation.verb)} has no {name}.")
    except ProblemError as refusal:
        raise RequestError(context, refusal.problem, operation) from None


def _out_of_place(node: Node, api: PublishedApi, operation: Operation) -> ProblemError:
    heads: Sequence[str] = (f"{api.name}Options", f"{api.name}Parameters")
    wrapper = request_element(api, operation.verb)
    if node.name in heads:
        return malformed_error("unknown-element", f"{node.name} comes before the objects of {wrapper}.")
    accepted = [*heads, object_element(api, operation.verb)] if operation.kind is Kind.WRITE else heads
    return malformed_error("unknown-element", f"{wrapper} takes {', '.join(accepted)}, not {quote_text(node.name)}.")
