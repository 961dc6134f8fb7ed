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

The Body's first child is the web method, in the vendor's namespace or in none; `doUSeeMe` takes username and password
alone. The parameters are matched by their local part, in any order.
"""

from collections.abc import Iterator, Mapping

from records.shapes.copying import replace
from records.shapes.criteria import Scope
from records.shapes.matching import BY_KEY
from records.shapes.problems import Family, Problem, ProblemError, malformed_error
from records.shapes.values import Values, quote_text
from webservices.wire.credentials import Password
from webservices.wire.dialects.sap.codes import NO_ACTION
from webservices.wire.dialects.sap.context import SapContext, SapSettings
from webservices.wire.dialects.sap.criteria import read_search
from webservices.wire.dialects.sap.names import (
    ACTION,
    CUSTOMERS,
    HEALTH,
    METHODS,
    NAMESPACE,
    PARAMETERS,
    PASSWORD,
    RETURN_IDS,
    SESSIONS,
    USER_NAME,
    VERBS,
    XML,
)
from webservices.wire.dialects.sap.payload import LEVELS, Payload
from webservices.wire.dialects.sap.values import missing_custom_field, read_customer
from webservices.wire.messages import Call, Records, RequestError, WireRequest
from webservices.wire.operations import Action, Operation, Operations, Verb
from webservices.wire.options import read_flag
from webservices.wire.soap.envelope import Envelope
from webservices.wire.soap.options import is_option, read_options
from webservices.wire.xml.parsing import MAX_HEADER

DEPTH = 4 + LEVELS  # levels of the message that are read step by step: Envelope, Body, web method, xml, and xml's own
CREDENTIALS = (USER_NAME, PASSWORD)
WRONG_TENANT = Problem(
    "wrong-tenant", Family.UNAUTHENTICATED, "What follows the # in username is not the tenant of this site."
)


def read(request: WireRequest, operations: Operations, settings: SapSettings) -> Call:
    """Read a request as a Call; raises RequestError for what cannot be one."""
    envelope = Envelope(request.body, request.headers.get("content-type", ""), DEPTH, settings)
    # The context grows step by step: an error is answered with as much as was known when reading failed.
    context = SapContext(envelope.version, whole_echo=settings.whole_echo)
    try:
        try:
            envelope.open()
        finally:  # the root may tell the version even where the rest is malformed: the fault speaks it
            context = replace(context, version=envelope.version)
        envelope.check_understood(is_option)
        context = replace(context, function=_find_function(envelope))
        envelope.check_action(request.headers, METHODS.values())
        texts, payload = _read_parameters(envelope, context.function, settings)
        context = replace(
            context,
            action=texts.get(ACTION, "").strip(),
            escaped=XML in texts,
            return_ids=settings.return_ids or _wants_ids(request),
            customers=tuple(payload.customers),
        )
        credentials = _read_credentials(texts, settings)
        operation = _find_operation(context, operations)
        options = read_options(envelope.blocks, request.headers)
    except ProblemError as refusal:
        raise RequestError(context, refusal.problem) from None
    call = Call(operation, [{}], options=options, credentials=credentials, context=context)
    return _add_customers(call, payload, settings) if operation.writes else call


def _find_function(envelope: Envelope) -> str:
    node, known = envelope.operation, METHODS.values()
    if node.name not in known or node.namespace not in (NAMESPACE, ""):
        where = f" in the namespace {quote_text(node.namespace)}" if node.name in known else ""
        text = f"There is no function {quote_text(node.name)}{where} here; the functions are {', '.join(known)}."
        raise ProblemError(Problem("unknown-operation", Family.UNKNOWN_OPERATION, text))
    return node.name


def _read_parameters(envelope: Envelope, function: str, settings: SapSettings) -> tuple[dict[str, str], Payload]:
    """
    Read the texts of the parameters by name, and the document in `xml`; sent as text, it is among the texts, too.

    Raises ProblemError for a parameter that the function does not have, or that comes twice.
    """
    texts: dict[str, str] = {}
    payload = Payload(settings, envelope.allowance)
    envelope.allowance.elements = MAX_HEADER
    remaining, parameter = [*PARAMETERS[function]], ""
    for starts, node, depth in envelope.content():
        if depth > 1:
            if parameter == XML:
                payload.add_step(starts, node, depth - 1)
        elif starts:
            parameter = node.name
            if parameter not in remaining:
                known = ", ".join(PARAMETERS[function])
                raise malformed_error(
                    "unknown-element", f"{function} takes {known}, each once, not {quote_text(parameter)}."
                )
            remaining.remove(parameter)
        elif parameter != XML or not payload.has_elements:
            texts[parameter] = node.text
    if XML in texts:
        payload.read_text(texts[XML])
    return texts, payload


def _wants_ids(request: WireRequest) -> bool:
    text = request.headers.get(RETURN_IDS.lower())
    return text is not None and read_flag(RETURN_IDS, text.strip())


def _read_credentials(texts: Mapping[str, str], settings: SapSettings) -> Password | None:
    """Read user name and password: `ada#ACME` is ada. Raises ProblemError for another tenant than this site's."""
    if not any(name in texts for name in CREDENTIALS):
        return None
    for name in CREDENTIALS:
        if len(texts.get(name, "").strip()) > settings.parameter_limit:
            text = f"{name} has at most {settings.parameter_limit} characters."
            # Unauthenticated, not invalid: such credentials have the vendor's code of a failed sign-in.
            raise ProblemError(Problem("too-long", Family.UNAUTHENTICATED, text))
    user_name, has_tenant, tenant = texts.get(USER_NAME, "").strip().partition("#")
    if has_tenant and settings.tenant and tenant != settings.tenant:
        raise ProblemError(WRONG_TENANT)
    return Password(user_name, texts.get(PASSWORD, ""))


def _find_operation(context: SapContext, operations: Operations) -> Operation:
    """Return the operation of the function and its action; raises ProblemError for an unknown action."""
    verb = Action.SHOW if context.function == HEALTH else VERBS.get(context.action.upper())
    operation = operations.get(SESSIONS if context.function == HEALTH else CUSTOMERS, verb) if verb else None
    if operation is None:
        text = f"The action is one of {', '.join(VERBS)}, not {quote_text(context.action)}."
        raise ProblemError(Problem(NO_ACTION, Family.INVALID, text))
    return operation


def _add_customers(call: Call, payload: Payload, settings: SapSettings) -> Call:
    """Add the customers to the call, and how their stored records are found."""
    operation, matching, custom = call.operation, BY_KEY, ""
    try:
        if operation.verb is not Verb.ADD:
            matching, custom = read_search(operation.resource, payload.search)
        payload.check()
    except ProblemError as refusal:
        # Not raised here: nobody learns from a document who has not been authenticated yet.
        return replace(call, records=Records(_reject_lazily(call, refusal.problem)))
    required = () if operation.verb is Verb.REMOVE else tuple(settings.required)
    customers = Records(_read_customers(operation, payload, custom, settings))
    return replace(call, records=customers, matching=matching, scope=Scope(required=required))


def _read_customers(operation: Operation, payload: Payload, custom: str, settings: SapSettings) -> Iterator[Values]:
    """Read the customers; each must have the field `custom` that they are searched by, if there is one."""
    for node in payload.customers:
        values = read_customer(operation, node, settings)
        if custom and custom not in values:
            values[custom] = missing_custom_field(custom)
        yield values


def _reject_lazily(call: Call, problem: Problem) -> Iterator[Values]:
    raise RequestError(call.context, problem, call.operation)
    yield  # makes a generator of it, which raises when the records are first looked at
