"""SAP CPQ requests, written from a Call: `read` turns each back into it. Skeletons and round trips use this."""

from collections.abc import Iterator

from webservices.wire.credentials import Password
from webservices.wire.dialects.sap.context import SapContext
from webservices.wire.dialects.sap.criteria import write_search
from webservices.wire.dialects.sap.names import (
    ACTION,
    METHODS,
    NAMESPACE,
    PASSWORD,
    PATH,
    RETURN_IDS,
    USER_NAME,
    XML,
    find_action,
)
from webservices.wire.dialects.sap.values import write_customer
from webservices.wire.messages import Call, WireRequest
from webservices.wire.soap.envelope import write_envelope
from webservices.wire.soap.options import option_blocks
from webservices.wire.soap.versions import SOAP_11
from webservices.wire.xml.writing import Markup, element


def build_request(call: Call, context: SapContext) -> WireRequest:
    """Build the request of a call in a context; fields that SAP's customers do not have are left out."""
    function = METHODS[call.operation.resource.plural]
    content = [*_write_credentials(call)]
    if call.operation.writes:
        content += [element(ACTION, find_action(call.operation)), element(XML, _write_document(call, context))]
    body = element(function, *content, attributes={"xmlns": NAMESPACE})
    headers = {"content-type": context.version.content_type}
    if context.version is SOAP_11:
        headers["soapaction"] = f'"{NAMESPACE}{function}"'
    if context.return_ids:
        headers[RETURN_IDS.lower()] = "true"
    return WireRequest("POST", PATH, write_envelope(body, context.version, option_blocks(call.options)), headers)


def _write_credentials(call: Call) -> Iterator[Markup]:
    if isinstance(call.credentials, Password):
        yield element(USER_NAME, call.credentials.user_name)
        yield element(PASSWORD, call.credentials.secret)


def _write_document(call: Call, context: SapContext) -> str:
    """Write the element Root, in no namespace; or its text, for `element` to escape."""
    customers = element("Customers", *map(write_customer, call.records))
    # A text of its own begins in no namespace; an element must leave the vendor's.
    attributes = {} if context.escaped else {"xmlns": ""}
    root = element("Root", write_search(call.matching), customers, attributes=attributes)
    return str(root) if context.escaped else root
