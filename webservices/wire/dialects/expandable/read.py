"""
From a request to a Call.

    POST /api/customer-part-query

    {"PART_ID": "PUMP%", "QUOTE_QTY": ">=10", "DATE_CREATED": "BETWEEN 2026-01-01 AND 2026-12-31", "AUTH_TOKEN": "…"}

What is wrong is told in this order: the method, the JSON, the token, and only then what the body asks; so what the
members ask is looked at when the caller is known (`asked`).
"""

from dataclasses import replace

from records.shapes.problems import Family, Problem, ProblemError, invalid, missing
from records.shapes.values import quoted
from webservices.wire.credentials import Password, SignedToken
from webservices.wire.dialects.expandable.body import Asked
from webservices.wire.dialects.expandable.calls import calls, name_of, operation_at
from webservices.wire.dialects.expandable.context import ExpandableContext, ExpandableSettings
from webservices.wire.dialects.expandable.names import PLAIN, PROGRAMS
from webservices.wire.dialects.expandable.tables import PASSWORD, USER_NAME, Plain
from webservices.wire.dialects.expandable.values import split_body
from webservices.wire.json import Json, read_json
from webservices.wire.messages import Call, RequestError, WireRequest
from webservices.wire.operations import Operation, Operations, Verb
from webservices.wire.options import options_from_headers


def read(request: WireRequest, operations: Operations, settings: ExpandableSettings) -> Call:
    """The Call that a request asks; raises RequestError."""
    operation = operation_at(request.path, operations)
    context = ExpandableContext(name_of(operation) if operation else "", settings)
    try:
        if operation is None:
            text = f"There is no such call; the calls are {', '.join(calls(operations))}."
            raise ProblemError(Problem("unknown-address", Family.NOT_FOUND, text))
        if request.method != "POST":
            text = "Every call is a POST with a JSON body."
            raise ProblemError(Problem("method-not-post", Family.UNKNOWN_OPERATION, text))
        call = _of_program if operation.resource.plural in PROGRAMS else _plain
        return call(request, operation, context)
    except ProblemError as refused:
        raise RequestError(context, refused.problem, operation) from None


def _of_program(request: WireRequest, operation: Operation, context: ExpandableContext) -> Call:
    program = PROGRAMS[operation.resource.plural]
    members, rows, token = split_body(program, read_json(request.body))
    options = replace(options_from_headers(request.headers), echo=True)
    call = Call(operation, options=options, credentials=SignedToken(token.strip()), context=context)
    asked = Asked(program, operation, context, members, rows)
    if operation.verb is Verb.FIND:
        return replace(call, criteria=asked.later(asked.criteria), limit=context.settings.query_limit)
    return replace(call, records=asked.later(asked.record))


def _plain(request: WireRequest, operation: Operation, context: ExpandableContext) -> Call:
    """A call about no record; who asks nothing may send nothing."""
    plain = PLAIN[operation.resource.plural, operation.verb]
    found: Json = read_json(request.body) if plain.asks or request.body.strip() else {}
    members, _, _ = split_body(None, found)
    _check(plain, members)
    record = {name: members[wire].strip() for wire, name in plain.takes.items()}
    who = Password(members[USER_NAME], members[PASSWORD]) if plain.logs_in else None
    options = options_from_headers(request.headers)
    return Call(operation, records=[record], options=options, credentials=who, context=context)


def _check(plain: Plain, members: dict[str, str]) -> None:
    """
    Raises ProblemError for what is not taken, and for what is missing; who is not named well is not let in anyway.
    """
    for name in members:
        if name not in plain.asks:
            text = f"{quoted(name)} is not taken here; {', '.join(plain.asks) or 'nothing'} is."
            raise ProblemError(invalid(text, code="unknown-field"))
    for name in plain.asks:
        if name not in members or (name in plain.takes and not members[name].strip()):
            raise ProblemError(missing((name,)))
