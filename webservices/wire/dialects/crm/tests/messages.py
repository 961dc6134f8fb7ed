"""Shared by the tests of this dialect: messages as text, and shorthands."""

from webservices.declarations import OPERATIONS
from webservices.wire.dialects.crm.context import CrmSettings
from webservices.wire.dialects.crm.dialect import CRM
from webservices.wire.dialects.crm.names import NAMESPACE, SERVICE
from webservices.wire.messages import Call, WireRequest

SESSION = "<session><sessionID>6f1c0a</sessionID></session>"
SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/"


def envelope(method: str, arguments: str, multi_refs: str = "", header: str = "") -> bytes:
    """A message as the vendor's own clients write it."""
    return (
        f'<s:Envelope xmlns:s="{SOAP_11}" xmlns:c="{NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:enc="http://schemas.xmlsoap.org/soap/encoding/">{header}'
        f"<s:Body><c:{method}>{arguments}</c:{method}>{multi_refs}</s:Body></s:Envelope>"
    ).encode()


def request(manager: str, body: bytes, **headers: str) -> WireRequest:
    return WireRequest("POST", SERVICE, body, {"content-type": "text/xml", **headers}, f"class={manager}")


def read(
    manager: str, method: str, arguments: str, multi_refs: str = "", settings: CrmSettings = CRM.settings, **headers
) -> Call:
    return CRM.read(request(manager, envelope(method, arguments, multi_refs), **headers), OPERATIONS, settings)
