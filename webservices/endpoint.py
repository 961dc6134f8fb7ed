"""
The endpoint: one request as bytes in, status and bytes out. Plain, so that a view and a WSGI front can mount the same.

    _handle    decompress · dialect.read · identify · gateway.answer · session after the call
    _write     dialect.write, with the headers that every dialect has
    _record    mask once; store the exchange and the job of it; one line in the log

Whatever happens on the way, the caller gets an answer in the dialect's own form, and nothing of an error that nobody
anticipated but the id of the call.
"""

import logging
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from traceback import format_exception
from uuid import uuid4

from records import sql
from records.shapes.callers import Caller
from records.shapes.problems import CounterpartError, ProblemError
from records.shapes.streams import Stream
from webservices import gateway, publishing
from webservices.access.identify import AuthenticationFailed, identify
from webservices.access.session_after_call import open_or_end_session
from webservices.conf import server_settings
from webservices.declarations import OPERATIONS
from webservices.exchanges.context import CompletedCall, RequestContext
from webservices.exchanges.masked_call import mask_call
from webservices.exchanges.masking import build_mask
from webservices.exchanges.secrets import collect_secrets
from webservices.exchanges.store import store_exchange
from webservices.exchanges.streaming_body import BrokenOff, StreamingBody, TooLong, whole_body
from webservices.jobs.store import store_job
from webservices.publishing import dialect_settings
from webservices.timing import Stopwatch
from webservices.wire.compression import decompress
from webservices.wire.credentials import Bearer, Credentials, read_authorization
from webservices.wire.dialects.base import Dialect
from webservices.wire.messages import (
    Answer,
    Call,
    DialectSettings,
    Failure,
    MessageContext,
    RequestError,
    Timing,
    WireRequest,
    WireResponse,
)
from webservices.wire.operations import Operation

log = logging.getLogger(__name__)
calls = logging.getLogger("webservices.calls")


@dataclass(frozen=True)
class HandledRequest:
    """
    The answer to a request, and what was learnt on the way to it: as much as there is when a step fails.

    request  decompressed, unless that failed
    timing   up to the answer, before that is written
    context  to write the answer in; None: the body was never read
    user     id and name, where there is a user of the name that was presented
    unread   why the body was never read
    """

    request: WireRequest
    answer: Answer | Failure
    timing: Timing
    credentials: tuple[Credentials, ...] = ()
    call: Call | None = None
    context: MessageContext | None = None
    caller: Caller | None = None
    user: tuple[int | None, str] = (None, "")
    unread: str = ""


def now() -> datetime:
    return datetime.now(UTC)


def serve(
    dialect: Dialect,
    request: WireRequest,
    credentials: Credentials | None = None,
    *,
    clock: Callable[[], datetime] = now,
) -> WireResponse:
    """
    Answer one request; never raises.

    credentials  those of the view that mounts the endpoint (a signed-in user); then the request's own do not count

    A streamed response ends the call when its last chunk is taken, or when it is closed.
    """
    context = RequestContext(uuid4().hex, clock(), dialect)
    handled, response = _respond(context, request, credentials)
    end = partial(_complete, context, handled, response)
    if isinstance(response.chunks, StreamingBody):
        response.chunks.call_at_end(end)
    else:
        end()
    return response


def serve_and_report(
    dialect: Dialect,
    request: WireRequest,
    credentials: Credentials | None = None,
    *,
    clock: Callable[[], datetime] = now,
    longest: int | None = None,
) -> CompletedCall:
    """
    Answer one request as `serve` does, and return all that became known of the call.

    The response is whole; one that broke off is as long as it came.

    longest  bytes; a streamed response that is longer raises TooLong, and no more of it is made
    """
    context = RequestContext(uuid4().hex, clock(), dialect)
    handled, response = _respond(context, request, credentials)
    if not isinstance(response.chunks, StreamingBody):
        return _complete(context, handled, response)
    try:
        body = _read_all(response.chunks, longest)
    except TooLong:
        _complete(context, handled, response)
        raise
    completed = _complete(context, handled, response)
    return replace(completed, response=replace(response, body=body, chunks=None))


def _read_all(stream: StreamingBody, longest: int | None) -> bytes:
    body = bytearray()
    with closing(stream), suppress(BrokenOff):
        for chunk in stream:
            body += chunk
            if longest is not None and len(body) > longest:
                raise TooLong
    return bytes(body)


def _respond(
    context: RequestContext, request: WireRequest, credentials: Credentials | None
) -> tuple[HandledRequest, WireResponse]:
    """Handle the request and write its answer, all of it or as a stream whose first chunk is made."""
    with context.watch:
        handled = _handle(context, request, credentials)
    with context.watch.span("write"):
        handled, response = _write(context, handled)
    headers = {"X-Call-Id": context.call_id, **_timing_header(context, handled), **response.headers}
    if isinstance(handled.answer, Failure) and handled.answer.retry_after is not None:
        headers.setdefault("Retry-After", str(handled.answer.retry_after))
    return handled, replace(response, headers=headers)


def _timing_header(context: RequestContext, handled: HandledRequest) -> dict[str, str]:
    # Only for callers who were let in: how long a wrong guess takes to be refused is nobody's business.
    if handled.caller is None or not handled.caller.user_id:
        return {}
    # Records are parsed while the service takes them, so they count that time themselves.
    records = handled.call.records if handled.call else None
    return {"Server-Timing": context.watch.header(read=getattr(records, "seconds", 0.0))}


def _handle(context: RequestContext, request: WireRequest, mounted: Credentials | None) -> HandledRequest:
    """
    Walk down: decompress, read, identify, run the call, open or end its session.

    An error ends the walk where it happens and becomes the answer.
    """
    header = read_authorization(request.headers.get("authorization", ""))
    body = call = caller = answer = error = None
    try:
        body = _decompress(request)
        call, settings = _read(context, replace(request, body=body))
        # A bearer token counts before what the message says; any other header is the dialect's to read.
        credentials = mounted or (header if isinstance(header, Bearer) else None) or call.credentials
        caller = _identify(context, request, credentials, call)
        answer = gateway.answer(call, caller, at=context.at)
        answer = open_or_end_session(call, caller, answer, minutes=settings.session_minutes, at=context.at)
    except Exception as raised:
        error = raised
    timing = context.watch.timing()
    presented = tuple(each for each in (mounted, header, call.credentials if call else None) if each is not None)
    user = _named_user(caller, error)
    if answer is None or error is not None:
        operation = getattr(error, "operation", None) or (call.operation if call else None)
        answer = _failure(context, error, operation, partial(collect_secrets, presented, user[1], call, answer))
    return HandledRequest(
        request=request if body is None else replace(request, body=body),
        answer=_set_timing(answer, timing, context.watch),
        timing=timing,
        credentials=presented,
        call=call,
        context=getattr(error, "context", None) or (call.context if call else None),
        caller=caller,
        user=user,
        unread=error.problem.sentence() if body is None and isinstance(error, ProblemError) else "",
    )


def _decompress(request: WireRequest) -> bytes:
    """Return the body as it was meant; raises ProblemError when it is longer than the limit."""
    encoding = request.headers.get("content-encoding", "")
    return decompress(request.body, encoding, server_settings().max_body_bytes)


def _read(context: RequestContext, request: WireRequest) -> tuple[Call, DialectSettings]:
    """Read the request as a Call; raises RequestError."""
    dialect = context.dialect
    operations = publishing.current_operations() if dialect.needs_site else OPERATIONS
    settings = dialect_settings(dialect, operations.generation or None)
    with context.watch.span("read"):
        return dialect.read(request, operations, settings), settings


def _identify(context: RequestContext, request: WireRequest, credentials: Credentials | None, call: Call) -> Caller:
    return identify(
        credentials,
        call_id=context.call_id,
        secure=request.secure,
        at=context.at,
        peer=request.peer,
        is_public=call.operation.public,
    )


def _named_user(caller: Caller | None, error: Exception | None) -> tuple[int | None, str]:
    """Return id and name of the user who called or tried to; a name that nobody has is not repeated."""
    if caller is not None:
        return caller.user_id, caller.user_name
    user = error.user if isinstance(error, AuthenticationFailed) else None
    return (user.id, user.name) if user else (None, "")


def _set_timing(answer: Answer | Failure, timing: Timing, watch: Stopwatch) -> Answer | Failure:
    if isinstance(answer, Failure):
        return answer
    # A wire that says the time behind its records asks the clock when it gets there.
    clock = watch.timing if isinstance(answer.records, Stream) else None
    return replace(answer, timing=timing, clock=clock)


def _failure(
    context: RequestContext, error: Exception | None, operation: Operation | None, secrets: Callable[[], set[str]]
) -> Failure:
    """Return the failure that an error is; log one that nobody anticipated, without the secrets of the call."""
    if isinstance(error, CounterpartError):
        return Failure((error.problem,), operation, context.call_id, error.retry_after, context.at)
    text = build_mask(context.dialect.secrets, secrets()).text("".join(format_exception(error)))
    log.error("call %s: %s failed unexpectedly\n%s", context.call_id, operation.name if operation else "reading", text)
    return Failure((gateway.unexpected_problem(context.call_id),), operation, context.call_id, at=context.at)


def _write_failure(context: RequestContext, handled: HandledRequest, error: Exception) -> Failure:
    secrets = partial(collect_secrets, handled.credentials, handled.user[1], handled.call, handled.answer)
    return _failure(context, error, handled.answer.operation, secrets)


def _write(context: RequestContext, handled: HandledRequest) -> tuple[HandledRequest, WireResponse]:
    """Write the answer; when that fails, a failure in the same form, and when even that fails, plain text."""
    message = handled.context or _context_without_body(context, handled.request)
    handled = replace(handled, context=message)
    for _ in range(2):
        try:
            response = context.dialect.write(handled.answer, message)
            if response.chunks is not None:
                response = replace(response, chunks=StreamingBody(response.chunks, context.watch))
            return handled, response
        except Exception as error:
            handled = replace(handled, answer=_write_failure(context, handled, error))
    sentence = gateway.unexpected_problem(context.call_id).sentence()
    return handled, WireResponse(500, sentence.encode(), "text/plain; charset=UTF-8")


def _context_without_body(context: RequestContext, request: WireRequest) -> MessageContext:
    """Return the context of a request whose body was never read: that of one that has none."""
    dialect = context.dialect
    try:
        return dialect.read(replace(request, body=b""), OPERATIONS, dialect_settings(dialect)).context
    except RequestError as error:
        return error.context
    except Exception:
        log.exception("call %s: no context was found to answer in", context.call_id)
        return MessageContext()


def _complete(context: RequestContext, handled: HandledRequest, response: WireResponse) -> CompletedCall:
    """Put together and record all that is known of a call of which nothing more will be sent."""
    answer, timing, sent = handled.answer, handled.timing, whole_body(response.body)
    if isinstance(stream := response.chunks, StreamingBody):
        timing, sent = context.watch.timing(), stream.sent_body
        if isinstance(answer, Answer) and isinstance(answer.records, Stream):
            answer.records.close()
        if stream.error is not None:
            answer = _write_failure(context, handled, stream.error)
            sql.check_connection()  # a lost connection may be what broke the answer off, and records need one
    completed = CompletedCall(
        call_id=context.call_id,
        at=context.at,
        dialect=context.dialect,
        request=handled.request,
        answer=answer,
        response=response,
        sent=sent,
        context=handled.context or MessageContext(),
        timing=timing,
        duration_ms=context.watch.elapsed * 1000,
        call=handled.call,
        caller=handled.caller,
        user=handled.user,
        credentials=handled.credentials,
        unread=handled.unread,
    )
    _record(completed)
    return completed


def _record(call: CompletedCall) -> None:
    """Mask the call once; store its exchange and its job, and log one line. Failing to do so fails no call."""
    try:
        masked = mask_call(call)
    except Exception:
        log.exception("call %s: it could not be masked, so nothing of it is kept", call.call_id)
    else:
        store_exchange(call, masked)
        store_job(call, masked)
    # `call=8e03… operation=parts.put user=ada status=200 ms=12.3`: who did what, and no secret.
    calls.info(
        "call=%s operation=%s user=%s status=%s ms=%.1f",
        call.call_id,
        call.operation_name or "-",
        call.user[1].encode("unicode_escape").decode() or "-",
        call.response.status,
        call.duration_ms,
    )
