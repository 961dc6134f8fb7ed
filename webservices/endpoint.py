"""
The door: one request as bytes in, status and bytes out. Plain, so that a view and a WSGI front can mount the same.

    decompress · dialect.read · identify · gateway.answer · settle the session · dialect.write
    keep the exchange, the job · one line in the log

Whatever happens on the way, the caller gets an answer in the dialect's own form, and nothing of an error that nobody
anticipated but the id of the call.
"""

import logging
import traceback
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from time import perf_counter
from uuid import uuid4

from records import sql
from records.shapes.callers import Caller
from records.shapes.problems import Problem, ProblemError
from records.shapes.streams import Stream
from webservices import gateway
from webservices.access.identify import AuthenticationFailed, anybody, identify
from webservices.access.session_after_call import settle_session
from webservices.conf import server_settings
from webservices.declarations import OPERATIONS
from webservices.exchanges.context import RequestContext
from webservices.exchanges.masking import mask
from webservices.exchanges.store import keep_exchange
from webservices.exchanges.streaming_body import BrokenOff, StreamingBody, TooLong
from webservices.jobs.store import keep_job
from webservices.publishing import site_operations
from webservices.publishing.apis import settings_of
from webservices.wire.authorization import read_authorization
from webservices.wire.compression import decompress
from webservices.wire.credentials import Bearer, Credentials
from webservices.wire.dialects.base import Dialect
from webservices.wire.messages import Answer, Failure, MessageContext, RequestError, WireRequest, WireResponse

log = logging.getLogger(__name__)
calls = logging.getLogger("webservices.calls")


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

    credentials  those of whoever mounts the door (a signed-in user); then the request's own are not looked at

    A response in pieces ends the call when its last piece is taken, or when it is closed.
    """
    return _passing(RequestContext(uuid4().hex, clock(), dialect, request), credentials).response


def passed(
    dialect: Dialect,
    request: WireRequest,
    credentials: Credentials | None = None,
    *,
    clock: Callable[[], datetime] = now,
    longest: int | None = None,
) -> RequestContext:
    """
    The same, for who wants to know more than the response: the call that was read, its outcomes, its time.

    The response is whole; one that broke off is as long as it came.

    longest  bytes; a response that flows and is longer raises TooLong, and no more of it is made
    """
    passage = _passing(RequestContext(uuid4().hex, clock(), dialect, request), credentials)
    if isinstance(flow := passage.response.chunks, StreamingBody):
        passage.response = replace(passage.response, body=_taken(flow, longest), chunks=None)
    return passage


def _taken(flow: StreamingBody, longest: int | None) -> bytes:
    body = bytearray()
    with closing(flow), suppress(BrokenOff):
        for piece in flow:
            body += piece
            if longest is not None and len(body) > longest:
                raise TooLong
    return bytes(body)


def _passing(passage: RequestContext, credentials: Credentials | None) -> RequestContext:
    """The passage with its response, all of it or ready to flow."""
    with passage.watch:
        passage.answer = _timed(passage, _answer(passage, credentials))
    begun = perf_counter()
    response = _written(passage)
    passage.writing = perf_counter() - begun
    headers = {"X-Call-Id": passage.call_id, **_timing_header(passage), **response.headers}
    if isinstance(passage.answer, Failure) and passage.answer.retry_after is not None:
        headers.setdefault("Retry-After", str(passage.answer.retry_after))
    passage.response = replace(response, headers=headers)
    if passage.response.chunks is None:
        _end(passage)
    return passage


def _end(passage: RequestContext, flow: StreamingBody | None = None) -> None:
    """What is done when all that will be sent is known."""
    if flow:
        passage.timing = passage.watch.timing()
        if isinstance(passage.answer, Answer) and isinstance(passage.answer.records, Stream):
            passage.answer.records.close()
        if flow.broken:
            passage.answer = _unexpected(passage)
            sql.check_connection()  # with it, for one, the answer may have broken off
    passage.duration_ms = passage.watch.elapsed * 1000
    keep_exchange(passage)
    keep_job(passage)
    _log_line(passage)


def _timing_header(passage: RequestContext) -> dict[str, str]:
    """For callers who were let in alone: how long a guess takes to be refused is nobody's business."""
    return {"Server-Timing": passage.server_timing} if passage.caller and passage.caller.user_id else {}


def _answer(passage: RequestContext, credentials: Credentials | None) -> Answer | Failure:
    try:
        return _through_the_gateway(passage, credentials)
    except RequestError as refusal:
        passage.context, passage.operation = refusal.context, refusal.operation or passage.operation
        return _failure(passage, refusal.problem)
    except ProblemError as refused:
        return _failure(passage, refused.problem)
    except AuthenticationFailed as refused:
        if refused.user:
            passage.named = (refused.user.id, refused.user.name)
        return _failure(passage, refused.problem, refused.retry_after)
    except Exception:
        return _unexpected(passage)


def _timed(passage: RequestContext, answer: Answer | Failure) -> Answer | Failure:
    passage.timing = passage.watch.timing()
    if isinstance(answer, Failure):
        return answer
    clock = passage.watch.timing if isinstance(answer.records, Stream) else None
    return replace(answer, timing=passage.timing, clock=clock)


def _through_the_gateway(passage: RequestContext, credentials: Credentials | None) -> Answer | Failure:
    _decode(passage)
    request, dialect = passage.request, passage.dialect
    header = read_authorization(request.headers.get("authorization", ""))
    passage.present(credentials, header)
    operations = site_operations.current_operations() if dialect.needs_site else OPERATIONS
    settings = settings_of(dialect, operations.generation or None)
    begun = perf_counter()
    try:
        call = dialect.read(request, operations, settings)
    finally:
        passage.reading = perf_counter() - begun
    passage.call, passage.context, passage.operation = call, call.context, call.operation
    passage.present(call.credentials)
    token = header if isinstance(header, Bearer) else None
    caller = _caller(passage, credentials or token or call.credentials)
    passage.caller, passage.named = caller, (caller.user_id, caller.user_name)
    given = gateway.answer(call, caller, at=passage.at)
    return settle_session(call, caller, given, minutes=settings.session_minutes, at=passage.at)


def _caller(passage: RequestContext, credentials: Credentials | None) -> Caller:
    """Who is calling; of an operation that anybody may ask it is anybody, unless the credentials are good."""
    request, public = passage.request, passage.operation.public
    if credentials is None and public:
        return anybody(passage.call_id)
    try:
        return identify(credentials, call_id=passage.call_id, secure=request.secure, at=passage.at, peer=request.peer)
    except AuthenticationFailed:
        if public:
            return anybody(passage.call_id)
        raise


def _decode(passage: RequestContext) -> None:
    """Decompress the body within the limit; raises ProblemError, and then nothing of the body is kept."""
    request = passage.request
    encoding = request.headers.get("content-encoding", "")
    try:
        body = decompress(request.body, encoding, server_settings().max_body_bytes)
    except ProblemError as refused:
        passage.not_read = refused.problem.sentence()
        raise
    passage.request = replace(request, body=body)


def _failure(passage: RequestContext, problem: Problem, retry_after: int | None = None) -> Failure:
    return Failure((problem,), passage.operation, passage.call_id, retry_after, passage.at)


def _unexpected(passage: RequestContext) -> Failure:
    """Log what nobody anticipated, without the caller's secrets, and say nothing of it but the call's id."""
    text = mask(passage.dialect.secrets, passage.presented()).text(traceback.format_exc())
    log.error("call %s: %s failed unexpectedly\n%s", passage.call_id, passage.operation_name or "reading", text)
    return _failure(passage, gateway.unexpected(passage.call_id))


def _written(passage: RequestContext) -> WireResponse:
    """The answer as bytes; when even that fails, a failure in the same manner, and at the very last plain text."""
    if passage.context is None:
        passage.context = _manner_without_body(passage)
    for _ in range(2):
        try:
            return _begun(passage, passage.dialect.write(passage.answer, passage.context))
        except Exception:
            passage.answer = _unexpected(passage)
    sentence = passage.answer.problems[0].sentence()
    return WireResponse(500, sentence.encode(), "text/plain; charset=UTF-8")


def _begun(passage: RequestContext, response: WireResponse) -> WireResponse:
    """The response with its first piece made; raises what goes wrong with that."""
    if response.chunks is None:
        return response
    return replace(response, chunks=StreamingBody(response.chunks, passage.watch, partial(_end, passage)))


def _manner_without_body(passage: RequestContext) -> MessageContext:
    """How the dialect answers a request whose body was never read: as it answers one that has none."""
    request = replace(passage.request, body=b"")
    try:
        return passage.dialect.read(request, OPERATIONS, settings_of(passage.dialect)).context
    except RequestError as refusal:
        return refusal.context
    except Exception:
        log.exception("call %s: no manner was found to answer in", passage.call_id)
        return MessageContext()


def _log_line(passage: RequestContext) -> None:
    """`call=8e03… operation=parts.put user=ada status=200 ms=12.3`: who did what, and no secret."""
    calls.info(
        "call=%s operation=%s user=%s status=%s ms=%.1f",
        passage.call_id,
        passage.operation_name or "-",
        passage.named[1].encode("unicode_escape").decode() or "-",
        passage.response.status,
        passage.duration_ms,
    )
