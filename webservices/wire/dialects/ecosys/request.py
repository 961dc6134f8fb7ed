"""
EcoSys requests written from a Call, over SOAP (`read` turns each back) and over REST (`rest_read` does).

Skeletons and round trips use this.
"""

from base64 import b64encode
from urllib.parse import quote, urlencode

from webservices.wire.credentials import Password
from webservices.wire.dialects.ecosys.columns import get_columns
from webservices.wire.dialects.ecosys.context import RestContext, SoapContext
from webservices.wire.dialects.ecosys.filters import build_parameters
from webservices.wire.dialects.ecosys.names import (
    EVENT_METHOD,
    METHODS,
    SOAP_PATH,
    namespace,
    object_element,
    operation_name,
    request_element,
)
from webservices.wire.dialects.ecosys.options import (
    OPTIONS,
    PASSWORD,
    USERNAME,
    build_options,
    cookie_header,
    parameter_name,
)
from webservices.wire.dialects.ecosys.rest_bodies import BodyFormat
from webservices.wire.dialects.ecosys.rest_read import COUNT, METHOD, PAGE, PAGE_SIZE, START
from webservices.wire.dialects.ecosys.values import write_sent_xml
from webservices.wire.messages import Call, WireRequest
from webservices.wire.operations import Action, Kind, Verb
from webservices.wire.options import headers_from_options
from webservices.wire.query_string import cursor_after
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


OVERRIDDEN_METHODS = {"PATCH": "POST"}  # not every client can send PATCH: it goes as POST with `_method`


def build_rest_request(form: BodyFormat, call: Call, context: RestContext) -> WireRequest:
    """Build the request of a call; values without a column, and criteria without a parameter, are left out."""
    verb = call.operation.verb
    wanted = find_method(verb)
    method = OVERRIDDEN_METHODS.get(wanted, wanted)
    query = [(METHOD, wanted)] if method != wanted else []
    query += build_parameters(call, context)
    query += [(parameter_name(name), text) for name, text in build_options(call, context.api, context.meta).items()]
    headers = {name.lower(): text for name, text in headers_from_options(call.options).items()}
    headers |= _credentials_headers(call)
    path = f"{form.path}{quote(context.api.name)}/"
    if verb is Verb.FIND:
        return WireRequest("GET", path, headers=headers, query=urlencode(query + _build_paging(call, context)))
    if call.operation.kind is Kind.TRIGGER:
        return WireRequest(method, path, b"", headers, urlencode(query))
    body = form.write(call.records, context, call.operation.resource)
    return WireRequest(method, path, body, {"content-type": form.content_type, **headers}, urlencode(query))


def find_method(verb: Verb | Action) -> str:
    """Return the HTTP method of a verb, or of an event."""
    return next((method for method, each in METHODS.items() if each is verb), EVENT_METHOD)


def _credentials_headers(call: Call) -> dict[str, str]:
    if isinstance(call.credentials, Password):  # in the header: as options they would stand in the address
        pair = f"{call.credentials.user_name}:{call.credentials.secret}"
        return {"authorization": "Basic " + b64encode(pair.encode()).decode()}
    return cookie_header(call.credentials)


def _build_paging(call: Call, context: RestContext) -> list[tuple[str, str]]:
    size = [] if call.limit is None else [(COUNT if call.after else PAGE_SIZE, str(call.limit))]
    if not call.after:
        return size
    resource = call.operation.resource
    page = cursor_after(resource, dict(zip(resource.order, call.after, strict=True)))
    return [(PAGE, page), (START, str(context.start_row)), *size]
