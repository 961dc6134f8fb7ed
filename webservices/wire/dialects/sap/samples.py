"""Samples of a function's messages, for its page at `?op=`: headers of HTTP and the envelope, with placeholders."""

from urllib.parse import urlsplit

from webservices.wire.contracts.pretty import xml_file
from webservices.wire.dialects.sap.functions import HEALTH, NAMESPACE, Function
from webservices.wire.soap.envelope import write_envelope
from webservices.wire.soap.versions import SOAP_11, SoapVersion
from webservices.wire.xml.writing import Markup, element

STRING, XML = "string", "xml"  # the placeholders that ASP.NET writes


def sample_request(function: Function, path: str, address: str, version: SoapVersion) -> str:
    """Return a sample request of a function, as it is sent to a path of a server."""
    parameters = [element(name, XML if name == function.document else STRING) for name in function.parameters]
    action = f'SOAPAction: "{NAMESPACE}{function.name}"\n' if version is SOAP_11 else ""
    head = f"POST {path} HTTP/1.1\nHost: {urlsplit(address).netloc}\n{_content_headers(version)}{action}"
    return f"{head}\n{_envelope(element(function.name, *parameters, attributes={'xmlns': NAMESPACE}), version)}"


def sample_response(function: Function, version: SoapVersion) -> str:
    """Return a sample answer of a function."""
    result = element(f"{function.name}Result", STRING if function is HEALTH else XML)
    body = element(f"{function.name}Response", result, attributes={"xmlns": NAMESPACE})
    return f"HTTP/1.1 200 OK\n{_content_headers(version)}\n{_envelope(body, version)}"


def _content_headers(version: SoapVersion) -> str:
    return f"Content-Type: {version.content_type}\nContent-Length: length\n"


def _envelope(body: Markup, version: SoapVersion) -> str:
    return xml_file(write_envelope(body, version))
