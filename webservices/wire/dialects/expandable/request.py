"""Expandable's requests, from a Call: `read` turns each back into it."""

from collections.abc import Sequence

from records.shapes.criteria import Criterion
from records.shapes.fields import Kind, item_field
from records.shapes.resources import Resource
from webservices.wire.credentials import Password, SignedToken
from webservices.wire.dialects.expandable.calls import call_path
from webservices.wire.dialects.expandable.context import ExpandableContext
from webservices.wire.dialects.expandable.criteria import write_criterion
from webservices.wire.dialects.expandable.names import PLAIN_CALLS, PROGRAMS
from webservices.wire.dialects.expandable.tables import AUDIT, PASSWORD, TOKEN, USER_NAME, Program
from webservices.wire.dialects.expandable.values import YES_OR_NO, request_tree, wire_name
from webservices.wire.json import Json, write_json
from webservices.wire.messages import Call, WireRequest
from webservices.wire.operations import Verb
from webservices.wire.options import headers_from_options

JSON_TYPE = "application/json"


def build_request(call: Call, context: ExpandableContext) -> WireRequest:
    """Build the request of a call; raises ValueError for criteria that the wire cannot say."""
    headers = {name.lower(): text for name, text in headers_from_options(call.options).items()}
    body = write_json(_body(call, context)).encode()
    return WireRequest("POST", call_path(call.operation), body, {"content-type": JSON_TYPE, **headers})


def _body(call: Call, context: ExpandableContext) -> dict[str, Json]:
    operation, resource = call.operation, call.operation.resource
    program = PROGRAMS.get(resource.plural)
    if program is None:
        return _plain(call)
    token = call.credentials.token if isinstance(call.credentials, SignedToken) else ""
    if operation.verb is not Verb.FIND:
        return {**request_tree(program, resource, call.records[0], context.settings), TOKEN: token}
    criteria = _criteria(program, resource, call.criteria or ())
    return {**({program.lines.head: criteria} if program.lines else criteria), TOKEN: token}


def _plain(call: Call) -> dict[str, Json]:
    plain, record = PLAIN_CALLS[call.operation.resource.plural, call.operation.verb], call.records[0]
    inputs: dict[str, Json] = {wire: str(record.get(name) or "") for wire, name in plain.inputs.items()}
    password = call.credentials if isinstance(call.credentials, Password) else Password("", "")
    return {**inputs, USER_NAME: password.user_name, PASSWORD: password.secret} if plain.takes_login else inputs


def _criteria(program: Program, resource: Resource, criteria: Sequence[Criterion]) -> dict[str, Json]:
    """One member for each field; two criteria on one field are a range."""
    by_wire: dict[str, list[Criterion]] = {}
    for criterion in criteria:
        by_wire.setdefault(_wire_name(program, criterion), []).append(criterion)
    return {wire: _example(resource, criteria) for wire, criteria in by_wire.items()}


def _wire_name(program: Program, criterion: Criterion) -> str:
    # Reversed, so that of two names of one path the first wins, as in `spell`.
    audit = {path: wire for wire, path in reversed([*AUDIT.items()])}
    return audit.get(criterion.path) or wire_name(program, str(criterion.path[0])) or str(criterion.path[0])


def _example(resource: Resource, criteria: Sequence[Criterion]) -> str:
    path = criteria[0].path
    entry = resource.by_name.get(str(path[0]))
    value = item_field(entry) if entry is not None else None
    is_text = value is None or value.kind is Kind.TEXT or path[-1] == "time"
    is_flag = value is not None and value.kind is Kind.BOOLEAN
    conditions = [
        (each.comparator, tuple(YES_OR_NO.get(text, text) for text in each.values) if is_flag else each.values)
        for each in criteria
    ]
    return write_criterion(conditions, is_text)
