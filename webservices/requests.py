"""The request: as far as it can be read, and its caller, as far as that is known."""

from dataclasses import dataclass
from typing import NamedTuple

from records.shapes.callers import Caller
from records.shapes.copying import replace
from records.shapes.problems import ProblemError
from webservices import idempotency, publishing
from webservices.access.identify import identify
from webservices.access.identity import AuthenticationFailed
from webservices.conf import server_settings
from webservices.declarations import OPERATIONS
from webservices.exchanges.context import RequestContext
from webservices.publishing import dialect_settings
from webservices.wire import multipart
from webservices.wire.compression import decompress
from webservices.wire.credentials import Bearer, Credentials, read_authorization
from webservices.wire.messages import Call, DialectSettings, Records, WireRequest
from webservices.wire.operations import Operations
from webservices.wire.recurrence import Occurrence, Recurrences

RECURRENCES = Recurrences()


@dataclass(frozen=True)
class ReceivedRequest:
    """
    A request, as far as it could be read, and its caller, as far as that is known.

    request          unpacked, unless that failed
    credentials      all that were presented
    session_minutes  how long a session lasts that it opens; None: as the server says
    problems_limit   how many problems are told; None: all
    user             id and name, where there is a user of the name that was presented
    unread           why the body was never read
    occurrence       how it was read, where its markup had come before
    error            that ended the reading; None: there is a call, and a caller
    """

    request: WireRequest
    credentials: tuple[Credentials, ...] = ()
    call: Call | None = None
    session_minutes: int | None = None
    problems_limit: int | None = None
    caller: Caller | None = None
    user: tuple[int | None, str] = (None, "")
    unread: str = ""
    occurrence: Occurrence | None = None
    error: Exception | None = None


def receive(context: RequestContext, request: WireRequest, mounted: Credentials | None) -> ReceivedRequest:
    """
    Unpack and read the request, and identify its caller.

    mounted  credentials of the view that mounts the endpoint; then the request's own do not count

    An error ends this where it happens, and becomes the answer.
    """
    header = read_authorization(request.headers.get("authorization", ""))
    body = call = caller = error = None
    read: ReadRequest | None = None
    try:
        request = _unpack(context, request)
        body = request.body
        read = _read(context, request)
        call = read.call
        # A bearer token counts before what the message says; any other header is the dialect's to read.
        credentials = mounted or (header if isinstance(header, Bearer) else None) or call.credentials
        caller = _identify(context, request, credentials, call)
        if read.occurrence is None:
            RECURRENCES.learn(context.dialect, request, read.operations, read.settings, call)
    except Exception as raised:
        error = raised
    return ReceivedRequest(
        request=request,
        credentials=tuple(each for each in (mounted, header, call.credentials if call else None) if each is not None),
        call=call,
        session_minutes=read.settings.session_minutes if read else None,
        problems_limit=read.settings.problems_limit if read else None,
        occurrence=read.occurrence if read else None,
        caller=caller,
        user=_named_user(caller, error),
        unread=error.problem.sentence() if body is None and isinstance(error, ProblemError) else "",
        error=error,
    )


def _unpack(context: RequestContext, request: WireRequest) -> WireRequest:
    """Return the request with the body as it was meant; raises ProblemError when that is longer than the limit."""
    encoding, limit = request.headers.get("content-encoding", ""), server_settings().max_body_bytes
    body = decompress(request.body, encoding, limit)
    if context.dialect.takes_parts and multipart.is_multipart(request.headers):
        body, media = multipart.unpack(body, request.headers["content-type"], limit)
        request = replace(request, headers={**request.headers, "content-type": media})
    return request if body is request.body else replace(request, body=body)


class ReadRequest(NamedTuple):
    """A request as a Call, and what it was read with."""

    call: Call
    operations: Operations
    settings: DialectSettings
    occurrence: Occurrence | None = None


def _read(context: RequestContext, request: WireRequest) -> ReadRequest:
    """Read the request as a Call, unless its markup is known; raises RequestError."""
    dialect = context.dialect
    operations = publishing.current_operations() if dialect.needs_site else OPERATIONS
    settings = dialect_settings(dialect, operations.generation or None)
    with context.watch.span("read"):
        if found := RECURRENCES.find(dialect, request, operations, settings):
            return ReadRequest(found.call, operations, settings, found)
        call = dialect.read(request, operations, settings)
    for items in (call.records, call.criteria):
        if isinstance(items, Records):
            items.limits = settings
    call = replace(call, name=dialect.spell_operation(call.operation, call.context))
    return ReadRequest(call, operations, settings)


def _identify(context: RequestContext, request: WireRequest, credentials: Credentials | None, call: Call) -> Caller:
    return identify(
        credentials,
        call_id=context.call_id,
        secure=request.secure,
        at=context.at,
        peer=request.peer,
        call_key=idempotency.find_key(call),
        is_public=call.operation.public,
    )


def _named_user(caller: Caller | None, error: Exception | None) -> tuple[int | None, str]:
    """Return id and name of the user who called or tried to; a name that nobody has is not repeated."""
    if caller is not None:
        return caller.user_id, caller.user_name
    user = error.user if isinstance(error, AuthenticationFailed) else None
    return (user.id, user.name) if user else (None, "")
