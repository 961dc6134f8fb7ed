"""
SAP CPQ requests: SOAP 1.1 or 1.2, document/literal wrapped, who is calling in the Body.

    POST /wsAPI/CPQAPI.asmx
    <soap:Body>
      <CustomerAdministration xmlns="http://webcominc.com/">
        <username>ada#ACME</username><password>…</password>
        <action>ADDORUPDATE</action>
        <xml><Root xmlns=""><Customers><Customer><LastName>Byron</LastName>…</Customer></Customers></Root></xml>
      </CustomerAdministration>
    </soap:Body>

The local name of the Body's first child is the web method; `doUSeeMe` takes username and password alone. The children
are matched by their local part, in any order.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from records.shapes.criteria import Scope
from records.shapes.matching import BY_KEY
from records.shapes.problems import Family, Problem, ProblemError, invalid
from records.shapes.values import Values, quoted
from webservices.wire.credentials import Password
from webservices.wire.dialects.sap.context import SapContext, SapSettings
from webservices.wire.dialects.sap.customers import lacking, read_customer
from webservices.wire.dialects.sap.names import (
    ACTION,
    CUSTOMERS,
    HEALTH,
    METHODS,
    NAMESPACE,
    NO_ACTION,
    PARAMETERS,
    PASSWORD,
    RETURN_IDS,
    SESSIONS,
    USER_NAME,
    VERBS,
    XML,
)
from webservices.wire.dialects.sap.payload import LEVELS, Payload
from webservices.wire.messages import Call, Records, RequestError, WireRequest
from webservices.wire.operations import Action, Operation, Operations, Verb
from webservices.wire.options import FLAGS
from webservices.wire.soap.envelope import Envelope
from webservices.wire.soap.options import is_option, read_options
from webservices.wire.xml.parsing import MAX_HEADER, refused

WATCHED = 4 + LEVELS  # Envelope, Body, web method, xml
WHO = (USER_NAME, PASSWORD)

WRONG_TENANT = Problem(
    "wrong-tenant", Family.UNAUTHENTICATED, "What follows the # in username is not the tenant of this site."
)


def read(request: WireRequest, operations: Operations, settings: SapSettings) -> Call:
    """A request as a Call; raises RequestError for what cannot be one."""
    envelope = Envelope(request.body, request.headers.get("content-type", ""), WATCHED)
    context = SapContext(envelope.version, whole_echo=settings.whole_echo)
    try:
        try:
            envelope.open()
        finally:
            context = replace(context, version=envelope.version)
        envelope.check_understood(is_option)
        context = replace(context, function=_function(envelope))
        envelope.check_action(request.headers, METHODS.values())
        texts, payload = _parameters(envelope, context.function, settings)
        context = replace(
            context,
            action=texts.get(ACTION, "").strip(),
            escaped=XML in texts,
            return_ids=settings.return_ids or _wants_ids(request),
            customers=tuple(payload.customers),
        )
        credentials = _credentials(texts, settings)
        operation = _operation(context, operations)
        options = read_options(envelope.blocks, request.headers)
    except ProblemError as refused:
        raise RequestError(context, refused.problem) from None
    call = Call(operation, [{}], options=options, credentials=credentials, context=context)
    return _with_customers(call, payload, settings) if operation.writes else call


def _function(envelope: Envelope) -> str:
    asked, known = envelope.operation, METHODS.values()
    if asked.name not in known or asked.namespace not in (NAMESPACE, ""):
        where = f" in the namespace {quoted(asked.namespace)}" if asked.name in known else ""
        text = f"There is no function {quoted(asked.name)}{where} here; the functions are {', '.join(known)}."
        raise ProblemError(Problem("unknown-operation", Family.UNKNOWN_OPERATION, text))
    return asked.name


def _parameters(envelope: Envelope, function: str, settings: SapSettings) -> tuple[dict[str, str], Payload]:
    """The texts of the parameters that were sent, and the document in `xml`; as text it is among the texts too."""
    texts: dict[str, str] = {}
    payload = Payload(settings, envelope.allowance)
    envelope.allowance.elements = MAX_HEADER
    missing, inside = [*PARAMETERS[function]], ""
    for starts, node, depth in envelope.inside():
        if depth > 1:
            if inside == XML:
                payload.take(starts, node, depth - 1)
        elif starts:
            inside = node.name
            if inside not in missing:
                known = ", ".join(PARAMETERS[function])
                raise refused("unknown-element", f"{function} takes {known}, each once, not {quoted(inside)}.")
            missing.remove(inside)
        elif inside != XML or not payload.touched:
            texts[inside] = node.text
    if XML in texts:
        payload.read_text(texts[XML])
    return texts, payload


def _wants_ids(request: WireRequest) -> bool:
    text = request.headers.get(RETURN_IDS.lower(), "").strip().lower()
    if text and text not in FLAGS:
        raise ProblemError(invalid(f"{RETURN_IDS} is true or false, not {quoted(text)}.", code="wrong-option"))
    return FLAGS.get(text, False)


def _credentials(texts: Mapping[str, str], settings: SapSettings) -> Password | None:
    """Who is calling: `ada#ACME` is ada. Raises ProblemError for another tenant than this site's."""
    if not any(name in texts for name in WHO):
        return None
    for name in WHO:
        if len(texts.get(name, "").strip()) > settings.parameter_limit:
            text = f"{name} has at most {settings.parameter_limit} characters."
            raise ProblemError(Problem("too-long", Family.UNAUTHENTICATED, text))
    user_name, has_tenant, tenant = texts.get(USER_NAME, "").strip().partition("#")
    if has_tenant and settings.tenant and tenant != settings.tenant:
        raise ProblemError(WRONG_TENANT)
    return Password(user_name, texts.get(PASSWORD, ""))


def _operation(context: SapContext, operations: Operations) -> Operation:
    if context.function == HEALTH:
        return operations.get(SESSIONS, Action.SHOW)
    verb = VERBS.get(context.action.upper())
    if verb is None:
        text = f"The action is one of {', '.join(VERBS)}, not {quoted(context.action)}."
        raise ProblemError(Problem(NO_ACTION, Family.INVALID, text))
    return operations.get(CUSTOMERS, verb)


def _with_customers(call: Call, payload: Payload, settings: SapSettings) -> Call:
    """
    The call with its customers, and how their twins are found.

    What is wrong with the document is said when they are looked at, after it is known who is calling.
    """
    operation, matching, carried = call.operation, BY_KEY, ""
    try:
        if operation.verb is not Verb.ADD:
            matching, carried = payload.matching(operation.resource)
        payload.check()
    except ProblemError as refused:
        return replace(call, records=Records(_refusing(call, refused.problem)))
    required = () if operation.verb is Verb.REMOVE else tuple(settings.required)
    customers = Records(_customers(operation, payload, carried, settings))
    return replace(call, records=customers, matching=matching, scope=Scope(required=required))


def _customers(operation: Operation, payload: Payload, carried: str, settings: SapSettings) -> Iterator[Values]:
    for node in payload.customers:
        values = read_customer(operation, node, settings)
        if carried and carried not in values:
            values[carried] = lacking(carried)
        yield values


def _refusing(call: Call, problem: Problem) -> Iterator[Values]:
    raise RequestError(call.context, problem, call.operation)
    yield  # a generator: it refuses when it is looked at
