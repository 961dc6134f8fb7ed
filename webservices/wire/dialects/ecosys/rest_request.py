"""EcoSys requests over REST, written: what `rest_read` reads, made from a Call."""

from base64 import b64encode
from urllib.parse import quote, urlencode

from webservices.wire.credentials import Password
from webservices.wire.dialects.ecosys.context import RestContext
from webservices.wire.dialects.ecosys.filters import parameters_from
from webservices.wire.dialects.ecosys.names import METHODS
from webservices.wire.dialects.ecosys.options import cookie_header, in_address, options_from
from webservices.wire.dialects.ecosys.rest_bodies import Form
from webservices.wire.dialects.ecosys.rest_read import COUNT, METHOD, PAGE, PAGE_SIZE, START
from webservices.wire.messages import Call, WireRequest
from webservices.wire.operations import Verb
from webservices.wire.options import headers_from_options
from webservices.wire.query_string import cursor_after

SENT_AS = {"PATCH": "POST"}  # what not every client can send is said by `_method`


def build_form_request(form: Form, call: Call, context: RestContext) -> WireRequest:
    """The request that says this call in this manner; what the API has no column and no parameter for is left out."""
    verb = call.operation.verb
    asked = method_of(verb)
    method = SENT_AS.get(asked, asked)
    query = [(METHOD, asked)] if method != asked else []
    query += parameters_from(call, context)
    query += [(in_address(name), text) for name, text in options_from(call, context.api, context.meta).items()]
    headers = {name.lower(): text for name, text in headers_from_options(call.options).items()}
    headers |= _credentials(call)
    path = f"{form.path}{quote(context.api.name)}/"
    if verb is Verb.FIND:
        return WireRequest("GET", path, headers=headers, query=urlencode(query + _paging(call, context)))
    body = form.write(call.records, context, call.operation.resource)
    return WireRequest(method, path, body, {"content-type": form.content_type, **headers}, urlencode(query))


def method_of(verb: Verb) -> str:
    """The HTTP method that a verb has."""
    return next(method for method, each in METHODS.items() if each is verb)


def _credentials(call: Call) -> dict[str, str]:
    if isinstance(call.credentials, Password):
        pair = f"{call.credentials.user_name}:{call.credentials.secret}"
        return {"authorization": "Basic " + b64encode(pair.encode()).decode()}
    return cookie_header(call.credentials)


def _paging(call: Call, context: RestContext) -> list[tuple[str, str]]:
    size = [] if call.limit is None else [(COUNT if call.after else PAGE_SIZE, str(call.limit))]
    if not call.after:
        return size
    resource = call.operation.resource
    page = cursor_after(resource, dict(zip(resource.order, call.after, strict=True)))
    return [(PAGE, page), (START, str(context.start_row)), *size]
