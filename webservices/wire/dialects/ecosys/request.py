"""EcoSys requests over SOAP, written: what `read` reads, made from a Call. Skeletons and round trips come from here."""

from webservices.wire.credentials import Password
from webservices.wire.dialects.ecosys.columns import columns_of
from webservices.wire.dialects.ecosys.context import SoapContext
from webservices.wire.dialects.ecosys.filters import parameters_from
from webservices.wire.dialects.ecosys.names import SOAP_PATH, namespace, object_element, operation_name, request_element
from webservices.wire.dialects.ecosys.objects_xml import sent_object
from webservices.wire.dialects.ecosys.options import OPTIONS, PASSWORD, USERNAME, cookie_header, options_from
from webservices.wire.messages import Call, WireRequest
from webservices.wire.soap.envelope import write_envelope
from webservices.wire.soap.options import option_blocks
from webservices.wire.soap.versions import SOAP_11
from webservices.wire.xml.writing import NOTHING, Markup, element

PREFIX = "p"


def build_request(call: Call, context: SoapContext) -> WireRequest:
    """The request that says this call in this manner; what the API has no column and no parameter for is left out."""
    api, operation = context.api, call.operation
    body = element(
        f"{PREFIX}:{request_element(api, operation.verb)}",
        _options(call, context),
        _parameters(call, context),
        _objects(call, context),
        attributes={f"xmlns:{PREFIX}": namespace(api)},
    )
    headers = {"content-type": context.version.content_type, **cookie_header(call.credentials)}
    if context.version is SOAP_11:
        headers["soapaction"] = f'"{operation_name(api, operation.verb)}"'
    return WireRequest(
        "POST", SOAP_PATH + api.name, write_envelope(body, context.version, option_blocks(call.options)), headers
    )


def _options(call: Call, context: SoapContext) -> Markup:
    said = options_from(call, context.api, context.meta)
    if isinstance(call.credentials, Password):
        said |= {USERNAME: call.credentials.user_name, PASSWORD: call.credentials.secret}
    entries = [element(name, said[name]) for name in OPTIONS if name in said]
    return element(f"{context.api.name}Options", *entries) if entries else NOTHING


def _parameters(call: Call, context: SoapContext) -> Markup:
    entries = [element(name, text) for name, text in parameters_from(call, context)]
    return element(f"{context.api.name}Parameters", *entries) if entries else NOTHING


def _objects(call: Call, context: SoapContext) -> Markup:
    columns = columns_of(context, call.operation.resource)
    name = object_element(context.api, call.operation.verb)
    return Markup("".join(sent_object(columns, name, record) for record in call.records))
