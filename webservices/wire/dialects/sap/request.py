"""SAP CPQ requests, written from a Call: `read` turns each back into it. Skeletons and round trips use this."""

from collections.abc import Iterator

from webservices.wire.credentials import Password
from webservices.wire.dialects.sap.context import SapContext
from webservices.wire.dialects.sap.criteria import write_search
from webservices.wire.dialects.sap.functions import ACTION, NAMESPACE, PARTS, PASSWORD, Function, functions_of
from webservices.wire.dialects.sap.names import RETURN_IDS
from webservices.wire.dialects.sap.products import write_product
from webservices.wire.dialects.sap.values import write_customer
from webservices.wire.messages import Call, WireRequest
from webservices.wire.soap.envelope import write_envelope
from webservices.wire.soap.options import option_blocks
from webservices.wire.soap.versions import SOAP_11
from webservices.wire.xml.writing import Markup, element


def build_request(call: Call, context: SapContext) -> WireRequest:
    """Build the request of a call in a context; fields that SAP's records do not have are left out."""
    function = context.function or functions_of(call.operation)[0]
    content = [*_write_credentials(call, function)]
    if function.has_action:
        content.append(element(ACTION, function.find_action(call.operation) or ""))
    if call.operation.writes:
        content.append(element(function.document, _write_document(call, function, context)))
    body = element(function.name, *content, attributes={"xmlns": NAMESPACE})
    headers = {"content-type": context.version.content_type}
    if context.version is SOAP_11:
        headers["soapaction"] = f'"{NAMESPACE}{function.name}"'
    if context.return_ids:
        headers[RETURN_IDS.lower()] = "true"
    envelope = write_envelope(body, context.version, option_blocks(call.options))
    return WireRequest("POST", function.paths[0], envelope, headers)


def _write_credentials(call: Call, function: Function) -> Iterator[Markup]:
    if isinstance(call.credentials, Password):
        yield element(function.user, call.credentials.user_name)
        yield element(PASSWORD, call.credentials.secret)


def _write_document(call: Call, function: Function, context: SapContext) -> str:
    """Write the root element, in no namespace; or its text, for `element` to escape."""
    root, *inner = function.form.path
    if function.plural == PARTS:
        content = [write_product(values, function, context) for values in call.records]
    else:
        content = [write_search(call.matching), element(inner[0], *map(write_customer, call.records))]
    # A text of its own begins in no namespace; an element must leave the vendor's.
    document = element(root, *content, attributes={} if context.escaped else {"xmlns": ""})
    return str(document) if context.escaped else document
