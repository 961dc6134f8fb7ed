"""
Expandable's requests, read as Calls.

    POST /api/customer-part-query

    {"PART_ID": "PUMP%", "QUOTE_QTY": ">=10", "DATE_CREATED": "BETWEEN 2026-01-01 AND 2026-12-31", "AUTH_TOKEN": "…"}

Errors come in this order: the method, the JSON, the token, and only then the content of the body, which is therefore
read when the caller is known (`body`).
"""

from records.shapes.copying import replace
from records.shapes.criteria import Scope
from records.shapes.matching import BY_KEY, Matching, MatchRule
from records.shapes.problems import Family, Path, Problem, ProblemError, invalid_problem, missing_problem
from records.shapes.values import quote_text
from webservices.wire.credentials import Credentials, Password, SessionToken, SignedToken
from webservices.wire.dialects.expandable.body import RequestBody
from webservices.wire.dialects.expandable.calls import CallName, call_names, find_call, is_old_address
from webservices.wire.dialects.expandable.context import ExpandableContext, ExpandableSettings
from webservices.wire.dialects.expandable.members import Members, read_members
from webservices.wire.dialects.expandable.names import find_plain_call, find_program
from webservices.wire.dialects.expandable.queries import read_criteria
from webservices.wire.dialects.expandable.tables import OLD_TOKEN, TOKEN, PlainCall, Program
from webservices.wire.dialects.expandable.values import path_with_key
from webservices.wire.json import Json, read_json
from webservices.wire.messages import Call, RequestError, WireRequest
from webservices.wire.operations import Operation, Operations, Verb
from webservices.wire.options import options_from_headers

VENDOR_NAME = "expandable"  # whose data a record has beside its fields


def read(request: WireRequest, operations: Operations, settings: ExpandableSettings) -> Call:
    """Return the Call of a request; raises RequestError."""
    found = find_call(request.path, operations)
    operation = found.operation if found else None
    context = ExpandableContext(found.name if found else "", settings, old=is_old_address(request.path))
    try:
        if found is None or operation is None:
            text = f"There is no such call here; the calls are {', '.join(call_names(operations))}."
            raise ProblemError(Problem("unknown-address", Family.NOT_FOUND, text))
        # Only of a call that there is: another address is not found by any method.
        if request.method != "POST":
            text = "Every call is a POST with a JSON body."
            raise ProblemError(Problem("method-not-post", Family.UNKNOWN_OPERATION, text))
        program = find_program(operation, settings, old=found.old)
        if program is None:
            return _plain_call(request, found, context)
        return _program_call(request, program, operation, context)
    except ProblemError as refused:
        raise RequestError(context, refused.problem, operation) from None


def _program_call(request: WireRequest, program: Program, operation: Operation, context: ExpandableContext) -> Call:
    found = read_json(request.body, context.settings.body_limit)
    members = read_members(program, operation.verb, found)
    if context.old and isinstance(found, dict) and TOKEN in found:  # there it is a field like any other: unknown
        members = replace(members, own={**members.own, TOKEN: members.token})
    context = replace(context, old_body=members.old)
    # Every write answers the record as it is then, so each asks for it back.
    options = replace(options_from_headers(request.headers), echo=True)
    credentials = _find_credentials(request, members, context)
    call = Call(operation, options=options, credentials=credentials, vendor=VENDOR_NAME, context=context)
    body = RequestBody(program, operation, context, members)
    if operation.verb is Verb.FIND:
        criteria = body.defer(lambda: read_criteria(body))
        return replace(call, criteria=criteria, limit=context.settings.query_limit)
    if program.is_entry:
        # A record is all or none by itself.
        several = max(map(len, members.lists.values()), default=0) > 1
        options = replace(options, all_or_none=options.all_or_none or several)
        return replace(call, options=options, records=body.defer(body.records_of_lines))
    scope = Scope(required=find_required(program, operation), unclearable=find_unclearable(program, operation, context))
    return replace(call, records=body.defer(body.record), matching=find_matching(program, operation), scope=scope)


def find_required(program: Program, operation: Operation) -> tuple[str, ...]:
    """Return the fields that a new record must have on this wire, by their names in the hub."""
    names = program.required if operation.verb is Verb.ADD else ()
    return tuple(program.hub[wire] for wire in names if wire not in program.codes)


def find_unclearable(program: Program, operation: Operation, context: ExpandableContext) -> tuple[Path, ...]:
    """Return the fields without which no record is made: one that was made elsewhere may go on without them."""
    if operation.verb is not Verb.UPDATE:
        return ()
    by_name = operation.resource.by_name
    names = (program.hub[wire] for wire in program.required if wire not in program.key)
    return tuple(path_with_key(by_name[name], (name,), context.settings) for name in names)


def find_matching(program: Program, operation: Operation) -> Matching:
    """Return the rules by which a record of a call finds the stored one."""
    if operation.verb not in (Verb.UPDATE, Verb.REMOVE):
        return BY_KEY
    if program.optional_key:
        return Matching(optional=program.optional_key)
    return Matching((MatchRule(program.found_by),)) if program.found_by else BY_KEY


def _find_credentials(request: WireRequest, members: Members, context: ExpandableContext) -> Credentials:
    """Return the token: of the body or, in the older generation, of the header, where it is that of a session."""
    if not context.old:
        return SignedToken(members.token.strip())
    return SessionToken(request.headers.get(OLD_TOKEN.lower(), "").strip())


def _plain_call(request: WireRequest, found: CallName, context: ExpandableContext) -> Call:
    """Return a call about no record; one that takes nothing may have an empty body."""
    operation = found.operation
    plain = find_plain_call(operation, old=found.old)
    body: Json = read_json(request.body) if plain.input_names or request.body.strip() else {}
    members = read_members(None, operation.verb, body)
    _check(plain, members.own)
    if plain.data_source and members.own[plain.data_source].strip() != context.settings.data_source:
        text = f"{plain.data_source} {quote_text(members.own[plain.data_source])} is not known."
        raise ProblemError(invalid_problem(text, code="unknown-data-source"))
    record = {name: members.own[wire].strip() for wire, name in plain.inputs.items()}
    options = options_from_headers(request.headers)
    call = Call(operation, records=[record], options=options, context=context)
    if plain.login:
        user_name, password = plain.login
        return replace(call, credentials=Password(members.own[user_name], members.own[password]))
    return replace(call, credentials=_find_credentials(request, members, context)) if plain.takes_token else call


def _check(plain: PlainCall, members: dict[str, str]) -> None:
    """Raise ProblemError for a member that is not taken, and for one that is missing."""
    for name in members:
        if name not in plain.input_names:
            text = f"{quote_text(name)} is not taken here; {', '.join(plain.input_names) or 'nothing'} is."
            raise ProblemError(invalid_problem(text, code="unknown-field"))
    for name in plain.input_names:
        # A blank name or password is no missing one: it fails like any other wrong login.
        if name not in members or (name not in (plain.login or ()) and not members[name].strip()):
            raise ProblemError(missing_problem((name,)))
