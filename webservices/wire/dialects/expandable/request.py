"""Expandable's requests, from a Call: `read` turns each back into it."""

from collections.abc import Sequence

from records.shapes.criteria import Criterion
from records.shapes.fields import Field, Kind
from records.shapes.resources import VENDOR, Resource
from webservices.wire.credentials import Password, SignedToken
from webservices.wire.dialects.expandable.calls import call_path
from webservices.wire.dialects.expandable.context import ExpandableContext, ExpandableSettings
from webservices.wire.dialects.expandable.criteria import write_criterion
from webservices.wire.dialects.expandable.names import PLAIN_CALLS, find_program
from webservices.wire.dialects.expandable.queries import is_text_field
from webservices.wire.dialects.expandable.tables import TOKEN, Program
from webservices.wire.dialects.expandable.trees import entry_request_tree, request_tree
from webservices.wire.dialects.expandable.values import YES_OR_NO
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
    program = find_program(operation, context.settings)
    if program is None:
        return _plain(call)
    token = call.credentials.token if isinstance(call.credentials, SignedToken) else ""
    if program.is_entry:
        return {**entry_request_tree(program, resource, call.records, context), TOKEN: token}
    if operation.verb is not Verb.FIND:
        return {**request_tree(program, resource, call.records[0], context), TOKEN: token}
    return {**_criteria(program, resource, call.criteria or (), context.settings), TOKEN: token}


def _plain(call: Call) -> dict[str, Json]:
    plain, record = PLAIN_CALLS[call.operation.resource.plural, call.operation.verb], call.records[0]
    inputs: dict[str, Json] = {wire: str(record.get(name) or "") for wire, name in plain.inputs.items()}
    password = call.credentials if isinstance(call.credentials, Password) else Password("", "")
    if not plain.login:
        return inputs
    return {**inputs, **dict(zip(plain.login, (password.user_name, password.secret), strict=True))}


def _criteria(
    program: Program, resource: Resource, criteria: Sequence[Criterion], settings: ExpandableSettings
) -> dict[str, Json]:
    """One member for each field; two criteria on one field are a range."""
    by_wire: dict[str, list[Criterion]] = {}
    for criterion in criteria:
        by_wire.setdefault(_wire_name(program, resource, criterion), []).append(criterion)
    return {wire: _example(program, resource, each, settings) for wire, each in by_wire.items()}


def _wire_name(program: Program, resource: Resource, criterion: Criterion) -> str:
    if criterion.path[0] == VENDOR:
        return str(criterion.path[-1])
    # Reversed, so that of two names of one path the first wins, as in `spell`.
    audit = {path: wire for wire, path in reversed([*program.audit.items()])}
    name = str(criterion.path[0])
    # A record that the hub knows by its own number has that as the name by which this wire finds it.
    own = program.key[-1] if name in resource.key else name
    return audit.get(criterion.path) or program.wire_names.get(name) or own


def _example(program: Program, resource: Resource, criteria: Sequence[Criterion], settings: ExpandableSettings) -> str:
    path = criteria[0].path
    entry = resource.by_name.get(str(path[0]))
    wire = _wire_name(program, resource, criteria[0])
    is_text = is_text_field(entry, path, wire)
    conditions = [(each.comparator, _spell_values(program, entry, wire, each.values, settings)) for each in criteria]
    return write_criterion(conditions, is_text)


def _spell_values(
    program: Program, entry: Field | None, wire: str, values: tuple[str, ...], settings: ExpandableSettings
) -> tuple[str, ...]:
    if entry is not None and entry.kind is Kind.BOOLEAN:
        return tuple(YES_OR_NO.get(text, text) for text in values)
    if wire in program.codes:
        spellings = settings.spellings(program.codes[wire])
        return tuple(spellings.get(text, text) for text in values)
    return values
