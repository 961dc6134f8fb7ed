"""
SAP CPQ requests, written: what `read` reads, made from a Call. Skeletons and round trips come from here.
"""

from collections.abc import Iterator

from records.shapes.matching import Matching, MatchRule
from webservices.wire.credentials import Password
from webservices.wire.dialects.sap.context import SapContext
from webservices.wire.dialects.sap.customers import write_customer
from webservices.wire.dialects.sap.names import (
    ACTION,
    CUSTOM,
    CUSTOM_FIELD,
    METHODS,
    NAMES,
    NAMESPACE,
    PASSWORD,
    PATH,
    PRIORITY,
    RETURN_IDS,
    SEARCH_CUSTOM,
    SEARCH_FIELD,
    SEARCH_FIELDS,
    USER_NAME,
    XML,
    action_of,
    custom_name,
)
from webservices.wire.dialects.sap.payload import BY_ID
from webservices.wire.messages import Call, WireRequest
from webservices.wire.soap.envelope import write_envelope
from webservices.wire.soap.options import option_blocks
from webservices.wire.soap.versions import SOAP_11
from webservices.wire.xml.writing import NOTHING, Markup, element


def build_request(call: Call, context: SapContext) -> WireRequest:
    """The request that says this call in this manner; fields that SAP's customers do not have are left out."""
    function = METHODS[call.operation.resource.plural]
    content = [*_who(call)]
    if call.operation.writes:
        content += [element(ACTION, action_of(call.operation)), element(XML, _document(call, context))]
    body = element(function, *content, attributes={"xmlns": NAMESPACE})
    headers = {"content-type": context.version.content_type}
    if context.version is SOAP_11:
        headers["soapaction"] = f'"{NAMESPACE}{function}"'
    if context.return_ids:
        headers[RETURN_IDS.lower()] = "true"
    return WireRequest("POST", PATH, write_envelope(body, context.version, option_blocks(call.options)), headers)


def _who(call: Call) -> Iterator[Markup]:
    if isinstance(call.credentials, Password):
        yield element(USER_NAME, call.credentials.user_name)
        yield element(PASSWORD, call.credentials.secret)


def _document(call: Call, context: SapContext) -> str:
    """The element Root, in no namespace; or its text, for `element` to escape."""
    customers = element("Customers", *map(write_customer, call.records))
    root = element("Root", _search(call.matching), customers, attributes={} if context.escaped else {"xmlns": ""})
    return str(root) if context.escaped else root


def _search(matching: Matching) -> Markup:
    """How customers are searched, when it is not by Id or ExternalId alone."""
    ways = [way for way in matching.rules if way != BY_ID]
    if not ways:
        return NOTHING
    priority = "1" if matching.rules[0] != BY_ID else "0"
    return element(SEARCH_FIELDS, *_searched(ways[0]), attributes={PRIORITY: priority})


def _searched(way: MatchRule) -> Iterator[Markup]:
    for name in way.fields:
        if not name.startswith(CUSTOM):
            yield element(SEARCH_FIELD, NAMES[name])
    for name in way.fields:
        if name.startswith(CUSTOM):
            yield element(SEARCH_CUSTOM, element(CUSTOM_FIELD, element("Name", custom_name(name))))
