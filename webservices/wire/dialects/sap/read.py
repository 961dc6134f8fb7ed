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
from records.shapes.values import Value, Values, quote_text
from webservices.wire.credentials import Password
from webservices.wire.dialects.sap.codes import NO_ACTION
from webservices.wire.dialects.sap.context import SapContext, SapSettings
from webservices.wire.dialects.sap.criteria import read_search
from webservices.wire.dialects.sap.functions import (
    ACTION,
    CUSTOMERS,
    DIALECT,
    FUNCTIONS,
    LEVELS,
    NAMESPACE,
    PARTS,
    PASSWORD,
    Function,
)
from webservices.wire.dialects.sap.names import CHANGE_SET, RETURN_IDS
from webservices.wire.dialects.sap.nodes import SKIPPED, VENDOR, product_path
from webservices.wire.dialects.sap.payload import Payload
from webservices.wire.dialects.sap.product_search import MATCHING, add_search
from webservices.wire.dialects.sap.products import read_product
from webservices.wire.dialects.sap.values import missing_custom_field, read_customer
from webservices.wire.messages import Call, MessageContext, Records, RequestError, WireRequest
from webservices.wire.operations import Operation, Operations, Verb
from webservices.wire.options import read_flag
from webservices.wire.soap.envelope import Envelope
from webservices.wire.soap.options import is_option, read_options
from webservices.wire.xml.nodes import Node
from webservices.wire.xml.parsing import MAX_HEADER

DEPTH = (
    4 + LEVELS
)  # levels of the message that are read step by step: Envelope, Body, web method, document, and its own
WRONG_TENANT = Problem(
    "wrong-tenant", Family.UNAUTHENTICATED, "What follows the # in the user name is not the tenant of this site."
)
NO_CHANGE_SETS = f"This site takes no change sets: leave the header {CHANGE_SET} out."


def read(request: WireRequest, operations: Operations, settings: SapSettings) -> Call:
    """Read a request as a Call; raises RequestError for what cannot be one."""
    envelope = Envelope(request.body, request.headers.get("content-type", ""), DEPTH, settings)
    # The context grows step by step: an error is answered with as much as was known when reading failed.
    context = SapContext(envelope.version, settings=settings)
    try:
        try:
            envelope.open()
        finally:  # the root may tell the version even where the rest is malformed: the fault speaks it
            context = replace(context, version=envelope.version)
        envelope.check_understood(is_option)
        function = _find_function(envelope)
        context = replace(context, function=function)
        envelope.check_action(request.headers, FUNCTIONS)
        texts, payload = _read_parameters(envelope, function, settings)
        context = replace(
            context,
            action=texts.get(ACTION, "").strip(),
            escaped=function.document in texts,
            return_ids=settings.return_ids or _wants_ids(request),
            records=tuple(payload.records),
        )
        credentials = _read_credentials(texts, function, settings)
        options = read_options(envelope.blocks, request.headers)
        _check_change_set(request, settings)
    except ProblemError as refusal:
        raise RequestError(context, refusal.problem) from None
    operation = _find_operation(context, function, operations)
    if operation is None:
        # Not raised here, as all that is wrong with a document: who asks has not been authenticated yet.
        operation, problem = _build_placeholder(function, operations), _unknown_action_problem(context, function)
        rejected = Records(_reject_lazily(context, problem))
        return Call(operation, rejected, options=options, credentials=credentials, context=context)
    call = Call(operation, [{}], options=options, credentials=credentials, context=context)
    return _add_records(call, function, payload, settings) if operation.writes else call


def _find_function(envelope: Envelope) -> Function:
    node = envelope.operation
    function = FUNCTIONS.get(node.name)
    if function is None or node.namespace not in (NAMESPACE, ""):
        where = f" in the namespace {quote_text(node.namespace)}" if function else ""
        text = f"There is no function {quote_text(node.name)}{where} here; the functions are {', '.join(FUNCTIONS)}."
        raise ProblemError(Problem("unknown-operation", Family.UNKNOWN_OPERATION, text))
    return function


def _read_parameters(envelope: Envelope, function: Function, settings: SapSettings) -> tuple[dict[str, str], Payload]:
    """
    Read the texts of the parameters by name, and the document; sent as text, it is among the texts, too.

    Raises ProblemError for a parameter that the function does not have, or that comes twice.
    """
    texts: dict[str, str] = {}
    limit = settings.customers_limit if function.plural == CUSTOMERS else settings.products_limit
    payload = Payload(function, limit, envelope.allowance)
    envelope.allowance.elements = MAX_HEADER
    remaining, parameter = [*function.parameters], ""
    for starts, node, depth in envelope.content():
        if depth > 1:
            if parameter == function.document:
                payload.add_step(starts, node, depth - 1)
        elif starts:
            parameter = node.name
            if parameter not in remaining:
                known = ", ".join(function.parameters)
                raise malformed_error(
                    "unknown-element", f"{function.name} takes {known}, each once, not {quote_text(parameter)}."
                )
            remaining.remove(parameter)
        elif parameter != function.document or not payload.has_elements:
            texts[parameter] = node.text
    if function.document in texts:
        payload.read_text(texts[function.document])
    return texts, payload


def _wants_ids(request: WireRequest) -> bool:
    text = request.headers.get(RETURN_IDS.lower())
    return text is not None and read_flag(RETURN_IDS, text.strip())


def _check_change_set(request: WireRequest, settings: SapSettings) -> None:
    if not settings.change_sets and request.headers.get(CHANGE_SET.lower(), "").strip():
        raise ProblemError(Problem("change-set", Family.FORBIDDEN, NO_CHANGE_SETS))


def _read_credentials(texts: Mapping[str, str], function: Function, settings: SapSettings) -> Password | None:
    """Read user name and password: `ada#ACME` is ada. Raises ProblemError for another tenant than this site's."""
    names = (function.user, PASSWORD)
    if not any(name in texts for name in names):
        return None
    for name in names:
        if len(texts.get(name, "").strip()) > settings.parameter_limit:
            text = f"{name} has at most {settings.parameter_limit} characters."
            # Unauthenticated, not invalid: such credentials have the vendor's code of a failed sign-in.
            raise ProblemError(Problem("too-long", Family.UNAUTHENTICATED, text))
    user_name, has_tenant, tenant = texts.get(function.user, "").strip().partition("#")
    if has_tenant and settings.tenant and tenant != settings.tenant:
        raise ProblemError(WRONG_TENANT)
    return Password(user_name, texts.get(PASSWORD, ""))


def _find_operation(context: SapContext, function: Function, operations: Operations) -> Operation | None:
    """Return the operation of the function and its action; None for an unknown action."""
    asked = function.actions.get(context.action.upper() if function.has_action else "")
    return operations.get(*asked) if asked else None


def _build_placeholder(function: Function, operations: Operations) -> Operation:
    """Return an operation that nobody needs a permission for: it stands for the one that is not known."""
    known = operations.get(*next(iter(function.actions.values())))
    if known is None:
        raise LookupError(f"{function.name} has no operation.")
    return replace(known, permissions=())


def _unknown_action_problem(context: SapContext, function: Function) -> Problem:
    text = f"The action is one of {', '.join(function.actions)}, not {quote_text(context.action)}."
    return Problem(NO_ACTION, Family.INVALID, text)


def _add_records(call: Call, function: Function, payload: Payload, settings: SapSettings) -> Call:
    """Add the records to the call, and how their stored ones are found."""
    try:
        payload.check()
        add = _add_products if function.plural == PARTS else _add_customers
        return add(call, function, payload, settings)
    except ProblemError as refusal:
        # Not raised here: nobody learns from a document who has not been authenticated yet.
        return replace(call, records=Records(_reject_lazily(call.context, refusal.problem, call.operation)))


def _add_customers(call: Call, function: Function, payload: Payload, settings: SapSettings) -> Call:
    operation, matching, custom = call.operation, BY_KEY, ""
    if operation.verb is not Verb.ADD:
        matching, custom = read_search(operation.resource, payload.search)
    required = () if operation.verb is Verb.REMOVE else tuple(settings.required)
    customers = Records(_read_customers(operation, payload, custom, settings))
    return replace(call, records=customers, matching=matching, scope=Scope(required=required))


def _read_customers(operation: Operation, payload: Payload, custom: str, settings: SapSettings) -> Iterator[Values]:
    """Read the customers; each must have the field `custom` that they are searched by, if there is one."""
    for node in payload.records:
        values = read_customer(operation, node, settings)
        if custom and custom not in values:
            values[custom] = missing_custom_field(custom)
        yield values


def _add_products(call: Call, function: Function, payload: Payload, settings: SapSettings) -> Call:
    verb = call.operation.verb
    required = [product_path(node, settings.language) for node in settings.required_of_products]
    scope = Scope(required_new=tuple(required)) if verb is Verb.PUT else Scope()
    products = Records(_read_products(call.operation, function, payload, settings))
    return replace(call, records=products, matching=MATCHING, scope=scope, vendor=DIALECT)


def _read_products(
    operation: Operation, function: Function, payload: Payload, settings: SapSettings
) -> Iterator[Values]:
    """Read the products; what a stored one keeps, as the document says, is only given to a new one."""
    skipped = frozenset(_find_skipped(payload.root))
    for product in payload.records:
        values, found_by = read_product(product, function, settings)
        vendor = values.get(VENDOR)
        only_new: dict[str, Value] = {}
        if isinstance(vendor, dict):
            only_new = {node: vendor.pop(node) for node in skipped & vendor.keys()}
            if not vendor:
                del values[VENDOR]
        add_search(operation.verb, values, found_by, only_new, function, settings)
        yield values


def _find_skipped(root: Node | None) -> Iterator[str]:
    """Yield the nodes that the attributes of the document's root leave as they are in stored products."""
    for name, text in root.attributes.items() if root is not None else ():
        if text.strip().lower() in ("true", "1"):
            yield from SKIPPED.get(name.lower(), ())


def _reject_lazily(context: MessageContext, problem: Problem, operation: Operation | None = None) -> Iterator[Values]:
    raise RequestError(context, problem, operation)
    yield  # makes a generator of it, which raises when the records are first looked at
