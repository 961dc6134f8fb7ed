"""Requests of Oracle CPQ's REST interface, from a Call: `read` turns each back into it."""

from base64 import b64encode
from collections.abc import Mapping
from urllib.parse import quote, urlencode

from records.shapes.criteria import Comparator
from records.shapes.values import Values
from webservices.wire.credentials import Password
from webservices.wire.dialects.oracle_rest.bodies import request_tree
from webservices.wire.dialects.oracle_rest.context import ONE, SELLERS, Entry, OracleRestContext
from webservices.wire.dialects.oracle_rest.criteria import write_order, write_q
from webservices.wire.dialects.oracle_rest.names import BASE, JSON_TYPE, PRICE_BOOK, child_id
from webservices.wire.dialects.oracle_rest.routing import ID
from webservices.wire.json import Json, write_json
from webservices.wire.messages import Call, WireRequest
from webservices.wire.operations import Kind, Verb
from webservices.wire.options import headers_from_options

ACTION_PATHS: Mapping[Entry, tuple[str, str]] = {
    Entry.METADATA: ("POST", "partSetups/actions/getPartMetadata"),
    Entry.BOOKS: ("GET", "priceBooks"),
    Entry.BOOK: ("GET", f"priceBooks/{PRICE_BOOK}"),
    Entry.BOOK_TRANSLATIONS: ("GET", f"priceBooks/{PRICE_BOOK}/translations"),
}
STEPS_OF_PATHS = frozenset({".", ".."})  # what clients and proxies resolve before they send


def build_request(call: Call, context: OracleRestContext) -> WireRequest:
    """
    Build the request of a call.

    A part that no address can name is named by `q`: one whose number is all digits, or holds a slash. An update says
    all of a part: what the call leaves out is blanked, as PUT has it.
    """
    headers = _headers(call)
    root = f"{BASE}v{context.version}/"
    if call.operation.kind is Kind.ACTION:
        method, path = ACTION_PATHS[context.entry]
        return _request(method, root + path, headers, body={} if method == "POST" else None)
    if call.operation.verb is Verb.FIND:
        return _build_find(call, context, root, headers)
    trees = [request_tree(record, call.operation.resource, context.language) for record in call.records]
    match call.operation.verb:
        case Verb.ADD:
            return _request("POST", f"{root}partSetups", headers, body=trees[0])
        case Verb.PUT:
            return _request(
                "POST", f"{root}partSetups/actions/upsertParts", headers, body={"partSetups": {"items": [*trees]}}
            )
    path, q = _address(f"{root}partSetups", call.records[0])
    if call.operation.verb is Verb.REMOVE:
        return _request("DELETE", path, headers, q)
    named = {"id", *(() if call.records[0].get("number") else ("partNumber",))}
    body = {name: value for name, value in trees[0].items() if name not in named}
    return _request("PUT", path, headers, q, body)


def _request(
    method: str, path: str, headers: Mapping[str, str], query: str = "", body: Mapping[str, Json] | None = None
) -> WireRequest:
    if body is None:
        return WireRequest(method, path, headers=headers, query=query)
    return WireRequest(method, path, write_json(body).encode(), {"content-type": JSON_TYPE, **headers}, query)


def _address(collection: str, record: Values) -> tuple[str, str]:
    """Return path and query that address one part: by its id, else by its number."""
    key = record.get("id")
    if isinstance(key, str) and key:
        return f"{collection}/{quote(key, safe='')}", ""
    number = str(record.get("number", ""))
    if _is_addressable(number):
        return f"{collection}/{quote(number, safe='')}", ""
    return collection, urlencode({"q": write_json({"partNumber": number})})


def _is_addressable(number: str) -> bool:
    return bool(number.strip()) and "/" not in number and not ID.fullmatch(number) and number not in STEPS_OF_PATHS


def _build_find(call: Call, context: OracleRestContext, root: str, headers: Mapping[str, str]) -> WireRequest:
    sellers = context.entry in SELLERS
    collection = root + ("parts" if sellers else "partSetups")
    named = _named_part(call)
    if named is not None and (context.entry in ONE or context.child is not None):
        path, _ = _address(collection, named)
        return _request("GET", path + _child_steps(context, named), headers)
    if context.entry is Entry.SEARCH or call.search:
        return _request("POST", f"{root}parts/actions/search", headers, body=_search_body(call, context))
    return _request("GET", collection, headers, urlencode(_parameters(call, context)))


def _named_part(call: Call) -> Values | None:
    """Return what names the only part of a search; None: it asks for more, or for what no address can name."""
    criteria = call.criteria or ()
    if len(criteria) != 1 or call.search or call.limit is not None or call.order or call.offset or criteria[0].others:
        return None
    name, value = str(criteria[0].path[0]), criteria[0].values[0]
    if criteria[0].comparator is not Comparator.EQUAL or len(criteria[0].path) > 1:
        return None
    is_named = (name == "id" and value) or (name == "number" and _is_addressable(value))
    return {name: value} if is_named else None


def _child_steps(context: OracleRestContext, named: Values) -> str:
    """Return the steps behind the part; of one child only where the part's id, which its own is made of, is known."""
    child = context.child
    if child is None:
        return ""
    part = int(str(named["id"])) if ID.fullmatch(str(named.get("id", ""))) else None
    steps = f"/{child.name}"
    if child.parent is not None and part is not None:
        steps = f"/{child.parent.name}/{child_id(part, child.parent, '')}{steps}"
    if context.entry is Entry.CHILD and part is not None:
        steps += f"/{child_id(part, child, context.code)}"
    return steps


def _parameters(call: Call, context: OracleRestContext) -> dict[str, str]:
    found = {"q": write_q(call.criteria, context.language)} if call.criteria else {}
    if call.order:
        found["orderby"] = write_order(call.order, context.language)
    if call.limit is not None:
        found["limit"] = str(call.limit)
    if call.offset:
        found["offset"] = str(call.offset)
    if call.count:
        found["totalResults"] = "true"
    return found


def _search_body(call: Call, context: OracleRestContext) -> dict[str, Json]:
    criteria: dict[str, Json] = {**_parameters(call, context)}
    criteria |= {name: int(str(criteria[name])) for name in ("limit", "offset") if name in criteria}
    if call.count:
        criteria["totalResults"] = True
    if call.search:
        criteria["keywords"] = [*call.search.split(" ")]
    return {"criteria": criteria}


def _headers(call: Call) -> dict[str, str]:
    headers = {name.lower(): text for name, text in headers_from_options(call.options).items()}
    if isinstance(call.credentials, Password):
        pair = f"{call.credentials.user_name}:{call.credentials.secret}"
        headers["authorization"] = "Basic " + b64encode(pair.encode()).decode()
    return headers
