"""EcoSys requests over SOAP, written from a Call: `read` turns each back. Skeletons and round trips use this."""

from webservices.wire.credentials import Password
from webservices.wire.dialects.ecosys.columns import get_columns
from webservices.wire.dialects.ecosys.context import SoapContext
from webservices.wire.dialects.ecosys.filters import build_parameters
from webservices.wire.dialects.ecosys.names import SOAP_PATH, namespace, object_element, operation_name, request_element
from webservices.wire.dialects.ecosys.options import OPTIONS, PASSWORD, USERNAME, build_options, cookie_header
from webservices.wire.dialects.ecosys.values import write_sent_xml
from webservices.wire.messages import Call, WireRequest
from webservices.wire.soap.envelope import write_envelope
from webservices.wire.soap.options import option_blocks
from webservices.wire.soap.versions import SOAP_11
from webservices.wire.xml.writing import NOTHING, Markup, element

PREFIX = "p"


def build_request(call: Call, context: SoapContext) -> WireRequest:
    """Build the request of a call; values without a column, and criteria without a parameter, are left out."""
    api, operation = context.api, call.operation
    body = element(
        f"{PREFIX}:{request_element(api, operation.verb)}",
        _write_options(call, context),
        _write_parameters(call, context),
        _write_objects(call, context),
        attributes={f"xmlns:{PREFIX}": namespace(api)},
    )
    headers = {"content-type": context.version.content_type, **cookie_header(call.credentials)}
    if context.version is SOAP_11:
        headers["soapaction"] = f'"{operation_name(api, operation.verb)}"'
    return WireRequest(
        "POST", SOAP_PATH + api.name, write_envelope(body, context.version, option_blocks(call.options)), headers
    )


def _write_options(call: Call, context: SoapContext) -> Markup:
    options = build_options(call, context.api, context.meta)
    if isinstance(call.credentials, Password):
        options |= {USERNAME: call.credentials.user_name, PASSWORD: call.credentials.secret}
    entries = [element(name, options[name]) for name in OPTIONS if name in options]
    return element(f"{context.api.name}Options", *entries) if entries else NOTHING


def _write_parameters(call: Call, context: SoapContext) -> Markup:
    entries = [element(name, text) for name, text in build_parameters(call, context)]
    return element(f"{context.api.name}Parameters", *entries) if entries else NOTHING


def _write_objects(call: Call, context: SoapContext) -> Markup:
    columns = get_columns(context, call.operation.resource)
    name = object_element(context.api, call.operation.verb)
    return Markup("".join(write_sent_xml(columns, name, record) for record in call.records))
