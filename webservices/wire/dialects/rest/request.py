"""REST's requests, from a Call: `read` turns each back into it."""

from base64 import b64encode
from urllib.parse import urlencode

from records.shapes.criteria import Comparator
from webservices.wire.credentials import Password
from webservices.wire.dialects.rest.batch import write_batch
from webservices.wire.dialects.rest.context import RestContext
from webservices.wire.dialects.rest.criteria import write_parameters
from webservices.wire.dialects.rest.names import (
    JSON_TYPE,
    LINES_TYPE,
    METHODS,
    UNADDRESSABLE,
    Entry,
    address_field,
    batch_path,
    collection_path,
    record_target,
)
from webservices.wire.dialects.rest.values import request_tree
from webservices.wire.json import Json, write_json
from webservices.wire.messages import Call, WireRequest
from webservices.wire.operations import Verb
from webservices.wire.options import FLAGS, headers_from_options
from webservices.wire.query_string import write_cursor


def build_request(call: Call, context: RestContext) -> WireRequest:
    """
    Build the request of a call.

    A call that the address of one record cannot carry goes to the collection, and one that this cannot, to that of
    batches. A list without a limit gets the page that is usual where it is read.
    """
    entry = _entry_that_carries(call, context.entry)
    headers = _headers(call, context, entry)
    match entry, call.operation.verb:
        case Entry.ONE, Verb.FIND if call.criteria:
            path, query = record_target(call.operation.resource, call.criteria[0].values[0])
            return WireRequest("GET", path, headers=headers, query=query)
        case Entry.MANY, Verb.FIND:
            return WireRequest("GET", collection_path(call.operation.resource), headers=headers, query=_query(call))
        case Entry.BATCH, _:
            return _json_request("POST", batch_path(call.operation.resource), write_batch(call), headers)
    return _write_one_or_many(call, entry, headers)


def _write_one_or_many(call: Call, entry: Entry, headers: dict[str, str]) -> WireRequest:
    resource, verb = call.operation.resource, call.operation.verb
    records = [request_tree(resource, record) for record in call.records]
    if verb is Verb.ADD:
        body: Json = records[0] if entry is Entry.ONE else [*records]
        return _json_request("POST", collection_path(resource), body, headers)
    name = address_field(resource).name
    path, query = record_target(resource, str(call.records[0][name]))
    method = next(method for method, each in METHODS[Entry.ONE].items() if each is verb)
    if verb is Verb.REMOVE:
        return WireRequest(method, path, headers=headers, query=query)
    return _json_request(method, path, {key: value for key, value in records[0].items() if key != name}, headers, query)


def _json_request(method: str, path: str, body: Json, headers: dict[str, str], query: str = "") -> WireRequest:
    headers = {"content-type": JSON_TYPE, **headers}
    return WireRequest(method, path, write_json(body).encode(), headers, query)


def _entry_that_carries(call: Call, entry: Entry) -> Entry:
    if entry is Entry.ONE and not _names_one(call):
        entry = Entry.MANY
    # PUT, PATCH and DELETE need the address of one record: the collection takes POST alone.
    writes_elsewhere = call.operation.verb in (Verb.UPDATE, Verb.PUT, Verb.REMOVE)
    return Entry.BATCH if entry is Entry.MANY and writes_elsewhere else entry


def _names_one(call: Call) -> bool:
    name = address_field(call.operation.resource).name
    match call.operation.verb:
        case Verb.FIND:
            criteria = call.criteria or ()
            if len(criteria) != 1 or call.search or call.after or call.order or call.limit is not None:
                return False
            (criterion,) = criteria
            key = criterion.values[0] if criterion.comparator is Comparator.EQUAL else ""
            return criterion.path == (name,) and _is_key(key) and key not in UNADDRESSABLE
        case Verb.ADD:
            return len(call.records) == 1
    if call.criteria is not None or len(call.records) != 1 or not _is_key(call.records[0].get(name)):
        return False
    # DELETE has no body: a removal that says more than the key, such as a version, goes as a batch.
    return call.operation.verb is not Verb.REMOVE or len(call.records[0]) == 1


def _is_key(value: object) -> bool:
    return isinstance(value, str) and value.strip() != ""


def _query(call: Call) -> str:
    parameters = write_parameters(call.criteria or ())
    if call.search:
        parameters.append(("search", call.search))
    if call.order:
        parameters.append(("ordering", ",".join(call.order)))
    if call.after:
        parameters.append(("cursor", write_cursor(call.after, call.order)))
    if call.limit is not None:
        parameters.append(("limit", str(call.limit)))
    return urlencode(parameters)


def _headers(call: Call, context: RestContext, entry: Entry) -> dict[str, str]:
    headers = {name.lower(): text for name, text in headers_from_options(call.options).items()}
    # A batch says these in its body; in the header, too, a person who edits one would miss the other.
    if entry is Entry.BATCH and call.operation.writes:
        for option in FLAGS:
            headers.pop(option.header.lower(), None)
    if call.options.if_none_match is not None:
        headers["if-none-match"] = str(call.options.if_none_match)
    if context.lines and entry is Entry.MANY and call.operation.verb is Verb.FIND:
        headers["accept"] = LINES_TYPE
    if context.prefer:
        headers["prefer"] = f"return={context.prefer}"
    if isinstance(call.credentials, Password):
        pair = f"{call.credentials.user_name}:{call.credentials.secret}"
        headers["authorization"] = "Basic " + b64encode(pair.encode()).decode()
    return headers
