"""
Expandable's requests, read as Calls.

    POST /api/customer-part-query

    {"PART_ID": "PUMP%", "QUOTE_QTY": ">=10", "DATE_CREATED": "BETWEEN 2026-01-01 AND 2026-12-31", "AUTH_TOKEN": "…"}

Errors come in this order: the method, the JSON, the token, and only then the content of the body, which is therefore
read when the caller is known (`body`).
"""

from records.shapes.copying import replace
from records.shapes.problems import Family, Problem, ProblemError, invalid_problem, missing_problem
from records.shapes.values import quote_text
from webservices.wire.credentials import Password, SignedToken
from webservices.wire.dialects.expandable.body import RequestBody
from webservices.wire.dialects.expandable.calls import call_name, calls, find_operation
from webservices.wire.dialects.expandable.context import ExpandableContext, ExpandableSettings
from webservices.wire.dialects.expandable.names import PLAIN_CALLS, PROGRAMS
from webservices.wire.dialects.expandable.tables import PASSWORD, USER_NAME, PlainCall
from webservices.wire.dialects.expandable.values import split_body
from webservices.wire.json import Json, read_json
from webservices.wire.messages import Call, RequestError, WireRequest
from webservices.wire.operations import Operation, Operations, Verb
from webservices.wire.options import options_from_headers


def read(request: WireRequest, operations: Operations, settings: ExpandableSettings) -> Call:
    """Return the Call of a request; raises RequestError."""
    operation = find_operation(request.path, operations)
    context = ExpandableContext(call_name(operation) if operation else "", settings)
    try:
        if operation is None:
            text = f"There is no such call; the calls are {', '.join(calls(operations))}."
            raise ProblemError(Problem("unknown-address", Family.NOT_FOUND, text))
        # Only of a call that there is: another address is not found by any method.
        if request.method != "POST":
            text = "Every call is a POST with a JSON body."
            raise ProblemError(Problem("method-not-post", Family.UNKNOWN_OPERATION, text))
        read_call = _program_call if operation.resource.plural in PROGRAMS else _plain_call
        return read_call(request, operation, context)
    except ProblemError as refused:
        raise RequestError(context, refused.problem, operation) from None


def _program_call(request: WireRequest, operation: Operation, context: ExpandableContext) -> Call:
    program = PROGRAMS[operation.resource.plural]
    members, rows, token = split_body(program, read_json(request.body, context.settings.body_limit))
    # Every write answers the record as it is then, so each asks for it back.
    options = replace(options_from_headers(request.headers), echo=True)
    call = Call(operation, options=options, credentials=SignedToken(token.strip()), context=context)
    body = RequestBody(program, operation, context, members, rows)
    if operation.verb is Verb.FIND:
        return replace(call, criteria=body.defer(body.criteria), limit=context.settings.query_limit)
    return replace(call, records=body.defer(body.record))


def _plain_call(request: WireRequest, operation: Operation, context: ExpandableContext) -> Call:
    """Return a call about no record; one that takes nothing may have an empty body."""
    plain = PLAIN_CALLS[operation.resource.plural, operation.verb]
    found: Json = read_json(request.body) if plain.input_names or request.body.strip() else {}
    members, _, _ = split_body(None, found)
    _check(plain, members)
    record = {name: members[wire].strip() for wire, name in plain.inputs.items()}
    password = Password(members[USER_NAME], members[PASSWORD]) if plain.takes_login else None
    options = options_from_headers(request.headers)
    return Call(operation, records=[record], options=options, credentials=password, context=context)


def _check(plain: PlainCall, members: dict[str, str]) -> None:
    """Raise ProblemError for a member that is not taken, and for one that is missing."""
    for name in members:
        if name not in plain.input_names:
            text = f"{quote_text(name)} is not taken here; {', '.join(plain.input_names) or 'nothing'} is."
            raise ProblemError(invalid_problem(text, code="unknown-field"))
    for name in plain.input_names:
        # A blank name or password is no missing one: it fails like any other wrong login.
        if name not in members or (name in plain.inputs and not members[name].strip()):
            raise ProblemError(missing_problem((name,)))
