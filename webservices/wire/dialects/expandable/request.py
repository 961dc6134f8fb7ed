"""From a Call to the request that `read` turns back into it."""

from collections.abc import Sequence

from records.shapes.criteria import Criterion
from records.shapes.fields import Kind, item_field
from records.shapes.resources import Resource
from webservices.wire.credentials import Password, SignedToken
from webservices.wire.dialects.expandable.calls import path_of
from webservices.wire.dialects.expandable.context import ExpandableContext
from webservices.wire.dialects.expandable.names import PLAIN, PROGRAMS
from webservices.wire.dialects.expandable.qbe import write
from webservices.wire.dialects.expandable.tables import AUDIT, PASSWORD, TOKEN, USER_NAME, Program
from webservices.wire.dialects.expandable.values import YES_OR_NO, sent_tree, wire_of
from webservices.wire.json import Json, write_json
from webservices.wire.messages import Call, WireRequest
from webservices.wire.operations import Verb
from webservices.wire.options import headers_from_options

JSON_TYPE = "application/json"


def build_request(call: Call, context: ExpandableContext) -> WireRequest:
    """The request of a call; raises ValueError for criteria that the wire cannot say."""
    headers = {name.lower(): text for name, text in headers_from_options(call.options).items()}
    body = write_json(_body(call, context)).encode()
    return WireRequest("POST", path_of(call.operation), body, {"content-type": JSON_TYPE, **headers})


def _body(call: Call, context: ExpandableContext) -> dict[str, Json]:
    operation, resource = call.operation, call.operation.resource
    program = PROGRAMS.get(resource.plural)
    if program is None:
        return _plain(call)
    token = call.credentials.token if isinstance(call.credentials, SignedToken) else ""
    if operation.verb is not Verb.FIND:
        return {**sent_tree(program, resource, call.records[0], context.settings), TOKEN: token}
    criteria = _criteria(program, resource, call.criteria or ())
    return {**({program.lines.head: criteria} if program.lines else criteria), TOKEN: token}


def _plain(call: Call) -> dict[str, Json]:
    plain, record = PLAIN[call.operation.resource.plural, call.operation.verb], call.records[0]
    taken = {wire: record.get(name) or "" for wire, name in plain.takes.items()}
    who = call.credentials if isinstance(call.credentials, Password) else Password("", "")
    return {**taken, USER_NAME: who.user_name, PASSWORD: who.secret} if plain.logs_in else taken


def _criteria(program: Program, resource: Resource, criteria: Sequence[Criterion]) -> dict[str, Json]:
    """One member for each field; what is asked of it twice is a range."""
    asked: dict[str, list[Criterion]] = {}
    for criterion in criteria:
        asked.setdefault(_wire_of(program, criterion), []).append(criterion)
    return {wire: _example(resource, criteria) for wire, criteria in asked.items()}


def _wire_of(program: Program, criterion: Criterion) -> str:
    audit = {path: wire for wire, path in reversed(AUDIT.items())}
    return audit.get(criterion.path) or wire_of(program, str(criterion.path[0])) or str(criterion.path[0])


def _example(resource: Resource, criteria: Sequence[Criterion]) -> str:
    path = criteria[0].path
    entry = resource.by_name.get(str(path[0]))
    held = item_field(entry) if entry is not None else None
    is_text = held is None or held.kind is Kind.TEXT or path[-1] == "time"
    is_flag = held is not None and held.kind is Kind.BOOLEAN
    conditions = [
        (each.comparator, tuple(YES_OR_NO.get(text, text) for text in each.values) if is_flag else each.values)
        for each in criteria
    ]
    return write(conditions, is_text)
