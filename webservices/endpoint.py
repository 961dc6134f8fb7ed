"""
The endpoint: one request as bytes in, status and bytes out. Plain, so that a view and a WSGI front can mount the same.

    receive           decompress · dialect.read · identify
    _answer           gateway.answer · session after the call
    write_response    dialect.write
    _complete         mask once; store the exchange and the job of it; one line in the log

A write is one transaction with its exchange and, if it has an idempotency key, its stored answer
(`_respond_in_transaction`). The exchange of every other call waits to be stored with others, but for those that a page
has made and shows at once.

Whatever happens on the way, the caller gets an answer in the dialect's own form, and nothing of an error that nobody
anticipated but the id of the call.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import cast
from uuid import uuid4

from django.db import transaction

from records import sql, timeouts
from records.attempts import TryWithSavepoints, without_savepoints
from records.retry import first_line, is_connection_lost
from records.shapes.callers import Caller
from records.shapes.copying import replace
from records.shapes.problems import ProblemError
from records.shapes.streams import Stream
from records.timeouts import Work
from webservices import gateway, idempotency
from webservices.access.session_after_call import open_or_end_session
from webservices.exchanges.context import CompletedCall, RequestContext
from webservices.exchanges.log import log_call
from webservices.exchanges.masked_call import MaskedCall, mask_call
from webservices.exchanges.store import is_stored, store_exchange, store_exchange_of_write
from webservices.exchanges.streaming_body import StreamingBody, TooLong, whole_body
from webservices.jobs.store import store_job
from webservices.requests import ReceivedRequest, receive
from webservices.responses import HandledRequest, build_handled_request, build_late_failure, write_response
from webservices.timing import Transaction
from webservices.wire.credentials import Credentials
from webservices.wire.dialects.base import Dialect
from webservices.wire.messages import (
    Answer,
    Call,
    Failure,
    MessageContext,
    SessionOption,
    WireRequest,
    WireResponse,
)
from webservices.wire.operations import Kind

log = logging.getLogger(__name__)


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
    timeouts.switch(Work.CALL)
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

    The response is whole; one that broke off is as long as it came. A page that asks has its own time limits again, and
    finds the exchange stored.

    longest  bytes; a streamed response that is longer raises TooLong, and no more of it is made
    """
    with timeouts.during(Work.CALL):
        return _serve_whole(dialect, request, credentials, clock, longest)


def _serve_whole(
    dialect: Dialect,
    request: WireRequest,
    credentials: Credentials | None,
    clock: Callable[[], datetime],
    longest: int | None,
) -> CompletedCall:
    context = RequestContext(uuid4().hex, clock(), dialect)
    handled, response = _respond(context, request, credentials)
    if not isinstance(response.chunks, StreamingBody):
        return _complete(context, handled, response, waits=False)
    try:
        body = response.chunks.read_all(longest)
    except TooLong:
        _complete(context, handled, response, waits=False)
        raise
    completed = _complete(context, handled, response, waits=False)
    return replace(completed, response=replace(response, body=body, chunks=None))


def _respond(
    context: RequestContext, request: WireRequest, mounted: Credentials | None
) -> tuple[HandledRequest, WireResponse]:
    """Handle the request and write its answer, all of it or as a stream whose first chunk is made."""
    with context.watch:
        received = receive(context, request, mounted)
    respond = _respond_in_transaction if _is_write(received) else _respond_anew
    handled, response = respond(context, received)
    headers = {"X-Call-Id": context.call_id, **_timing_header(context, handled), **response.headers}
    if isinstance(handled.answer, Failure) and handled.answer.retry_after is not None:
        headers.setdefault("Retry-After", str(handled.answer.retry_after))
    return handled, replace(response, headers=headers)


def _timing_header(context: RequestContext, handled: HandledRequest) -> dict[str, str]:
    caller, call = handled.received.caller, handled.received.call
    # Only for callers who were let in: how long a wrong guess takes to be refused is nobody's business.
    if caller is None or not caller.user_id:
        return {}
    # Records are parsed while the service takes them, so they count that time themselves.
    return {"Server-Timing": context.watch.header(read=getattr(call.records if call else None, "seconds", 0.0))}


def _respond_anew(context: RequestContext, received: ReceivedRequest) -> tuple[HandledRequest, WireResponse]:
    with context.watch:
        handled = _answer(context, received)
    return write_response(context, handled)


def _answer(context: RequestContext, received: ReceivedRequest) -> HandledRequest:
    """Run the call, and open or end its session."""
    answer, error = None, received.error
    if received.call is not None and received.caller is not None:
        try:
            answer = gateway.answer(received.call, received.caller, at=context.at)
            answer = open_or_end_session(
                received.call, received.caller, answer, minutes=received.session_minutes, at=context.at
            )
        except TryWithSavepoints:
            raise
        except Exception as raised:
            error = raised
    return build_handled_request(context, received, answer, error)


def _is_write(received: ReceivedRequest) -> bool:
    call, caller = received.call, received.caller
    return call is not None and caller is not None and call.operation.writes


def _has_key(call: Call, caller: Caller) -> bool:
    """True if the call is done once for its key; of a caller who may not make it, no stored answer is looked for."""
    return idempotency.takes_key(call, caller) and gateway.find_refusal(call.operation, caller) is None


def _respond_in_transaction(context: RequestContext, received: ReceivedRequest) -> tuple[HandledRequest, WireResponse]:
    """
    Run a write and store its exchange, in one transaction; the write of a failure is undone already.

    At first without savepoints: they are needed where the database refuses something, or where records are undone and
    what else the call has done stays.
    """
    call = cast(Call, received.call)
    may_be_undone = call.options.dry_run or call.options.all_or_none or call.operation.kind is Kind.TRIGGER
    if not may_be_undone and call.session is SessionOption.NONE:
        try:
            with without_savepoints():
                return _respond_once(context, received)
        except TryWithSavepoints as refused:
            reason = first_line(refused.__cause__ or refused)
            log.info("call %s is made again, with savepoints: %s", context.call_id, reason)
    return _respond_once(context, received)


def _respond_once(context: RequestContext, received: ReceivedRequest) -> tuple[HandledRequest, WireResponse]:
    """Run a write and store its exchange, in one transaction; raises TryWithSavepoints in an attempt without them."""
    result = None
    try:
        with context.watch, Transaction():
            handled, response = _run_or_replay(context, received)
            if not isinstance(handled.answer, Failure):
                _store(_build_completed_call(context, handled, response), store_exchange_of_write)
                handled = replace(handled, is_stored=True)
            result = handled, response
    except TryWithSavepoints:
        raise
    except Exception as error:
        if result is not None and is_connection_lost(error):
            return _find_commit(context, received, result, error)
        return write_response(context, build_handled_request(context, received, None, error))
    return result


def _find_commit(
    context: RequestContext,
    received: ReceivedRequest,
    result: tuple[HandledRequest, WireResponse],
    error: Exception,
) -> tuple[HandledRequest, WireResponse]:
    """Return the result of a write whose commit was answered by nobody: kept if its exchange is there, else unknown."""
    call = cast(Call, received.call)
    if isinstance(result[0].answer, Failure) or is_stored(context.call_id):
        return result
    log.warning("call %s: the database was lost in the commit: %s", context.call_id, first_line(error))
    told = error if call.options.dry_run else ProblemError(gateway.unknown_commit_problem(call))
    return write_response(context, build_handled_request(context, received, None, told))


def _run_or_replay(context: RequestContext, received: ReceivedRequest) -> tuple[HandledRequest, WireResponse]:
    """Run a write; or, if it has a key whose answer is stored, take that."""
    call, caller = cast(Call, received.call), cast(Caller, received.caller)
    if not _has_key(call, caller):
        return _run(context, received)
    keyed = idempotency.build_keyed_call(call, caller, context.dialect, at=context.at)
    stored = idempotency.lock_and_load(keyed)
    if stored is not None:
        answer: Answer | Failure = Answer(call.operation, call_id=context.call_id, at=context.at)
        if call.session is SessionOption.END:
            answer = open_or_end_session(call, caller, answer, minutes=None, at=context.at)
        return build_handled_request(context, received, answer, replay_of=stored.call_id), stored.response
    handled, response = _run(context, received)
    if isinstance(handled.answer, Answer) and idempotency.is_final(handled.answer):
        idempotency.store_answer(keyed, response)
    return handled, response


def _run(context: RequestContext, received: ReceivedRequest) -> tuple[HandledRequest, WireResponse]:
    """Run a write and put its answer into bytes; undo it when that fails."""
    answered = _answer(context, received)
    handled, response = write_response(context, answered)
    if isinstance(handled.answer, Failure) and not isinstance(answered.answer, Failure):
        transaction.set_rollback(True)
    return handled, response


def _complete(
    context: RequestContext, handled: HandledRequest, response: WireResponse, *, waits: bool = True
) -> CompletedCall:
    """Put together and record all that is known of a call of which nothing more will be sent."""
    completed = _build_completed_call(context, handled, response)
    if not handled.is_stored:
        _store(completed, partial(store_exchange, waits=waits))
    _log(completed)
    return completed


def _build_completed_call(context: RequestContext, handled: HandledRequest, response: WireResponse) -> CompletedCall:
    received, answer, timing, sent = handled.received, handled.answer, handled.timing, whole_body(response.body)
    if isinstance(stream := response.chunks, StreamingBody):
        timing, sent = context.watch.timing(), stream.sent_body
        if isinstance(answer, Answer) and isinstance(answer.records, Stream):
            answer.records.close()
        if stream.error is not None:
            answer = build_late_failure(context, handled, stream.error)
            sql.check_connection()  # a lost connection may be what broke the answer off, and records need one
    return CompletedCall(
        call_id=context.call_id,
        at=context.at,
        dialect=context.dialect,
        request=received.request,
        answer=answer,
        response=response,
        sent=sent,
        context=handled.context or MessageContext(),
        timing=timing,
        duration_ms=context.watch.elapsed * 1000,
        call=received.call,
        caller=received.caller,
        user=received.user,
        credentials=received.credentials,
        unread=received.unread,
        occurrence=received.occurrence,
        replay_of=handled.replay_of,
    )


def _store(call: CompletedCall, store: Callable[[CompletedCall, MaskedCall | None], None]) -> None:
    """Mask the call once, and store its exchange and its job."""
    masked = None
    try:
        masked = mask_call(call)
    except Exception:
        log.exception("call %s: it could not be masked, so nothing of what was sent is kept", call.call_id)
    store(call, masked)
    if masked is not None:
        store_job(call, masked)


def _log(call: CompletedCall) -> None:
    log_call(
        call.call_id,
        operation=call.operation_name,
        user_name=call.user[1],
        status=call.response.status,
        duration_ms=call.duration_ms,
        problem=call.problem if isinstance(call.answer, Failure) else None,
        peer=call.request.peer,
    )
