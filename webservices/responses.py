"""The response to a request: its answer, and that as bytes; a failure when a step fails."""

import logging
from dataclasses import dataclass
from traceback import format_exception

from django.db import Error

from records.retry import find_outage, first_line
from records.shapes.copying import replace
from records.shapes.outcomes import limit_list, limit_problems
from records.shapes.problems import CounterpartError
from records.shapes.streams import Stream
from webservices import gateway
from webservices.conf import configured_settings
from webservices.declarations import OPERATIONS
from webservices.exchanges.context import RequestContext
from webservices.exchanges.masking import build_mask
from webservices.exchanges.secrets import collect_secrets
from webservices.exchanges.streaming_body import StreamingBody
from webservices.publishing import dialect_settings
from webservices.requests import ReceivedRequest
from webservices.timing import Stopwatch
from webservices.wire.dialects.base import Dialect
from webservices.wire.dialects.hints import add_hints
from webservices.wire.messages import (
    Answer,
    DialectSettings,
    Failure,
    MessageContext,
    RequestError,
    Timing,
    WireRequest,
    WireResponse,
)
from webservices.wire.operations import Operation
from webservices.wire.record_notes import WARNINGS, write_record_notes

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class HandledRequest:
    """
    A request with its answer.

    timing     up to the answer, before that is written
    context    to write the answer in; None: the body was never read
    replay_of  the id of the call whose stored answer is sent again
    is_stored  its exchange is in its own transaction
    """

    received: ReceivedRequest
    answer: Answer | Failure
    timing: Timing
    context: MessageContext | None = None
    replay_of: str = ""
    is_stored: bool = False


def build_handled_request(
    context: RequestContext,
    received: ReceivedRequest,
    answer: Answer | Failure | None,
    error: Exception | None = None,
    *,
    replay_of: str = "",
) -> HandledRequest:
    """Return the request with its answer; with a failure, where an error has come in the way."""
    timing, call = context.watch.timing(), received.call
    if answer is None or error is not None:
        operation = getattr(error, "operation", None) or (call.operation if call else None)
        answer = _build_failure(context, received, answer, error, operation)
    return HandledRequest(
        received=received,
        answer=_set_timing(answer, timing, context.watch),
        timing=timing,
        context=getattr(error, "context", None) or (call.context if call else None),
        replay_of=replay_of,
    )


def _set_timing(answer: Answer | Failure, timing: Timing, watch: Stopwatch) -> Answer | Failure:
    if isinstance(answer, Failure):
        return answer
    # A wire that says the time behind its records asks the clock when it gets there.
    clock = watch.timing if isinstance(answer.records, Stream) else None
    return replace(answer, timing=timing, clock=clock)


def build_late_failure(context: RequestContext, handled: HandledRequest, error: Exception) -> Failure:
    """Return the failure of a request whose answer could not be written."""
    return _build_failure(context, handled.received, handled.answer, error, handled.answer.operation)


def _build_failure(
    context: RequestContext,
    received: ReceivedRequest,
    answer: Answer | Failure | None,
    error: Exception | None,
    operation: Operation | None,
) -> Failure:
    """Return the failure that an error is; log one that nobody anticipated, without the secrets of the call."""
    if isinstance(error, CounterpartError):
        seconds = error.retry_after or gateway.retry_after(error.problem)
        return Failure((error.problem,), operation, context.call_id, seconds, context.at)
    secrets = collect_secrets(received.credentials, received.user[1], received.call, answer)
    mask = build_mask(context.dialect.secrets, secrets)
    name = operation.name if operation else "reading"
    if error is not None and find_outage(error):
        log.warning("call %s: %s has failed: %s", context.call_id, name, mask.text(first_line(error)))
    else:
        text = mask.text("".join(format_exception(error)))
        log.error("call %s: %s failed unexpectedly\n%s", context.call_id, name, text)
    problem = gateway.unanticipated_problem(error, context.call_id)
    return Failure((problem,), operation, context.call_id, gateway.retry_after(problem), context.at)


def write_response(context: RequestContext, handled: HandledRequest) -> tuple[HandledRequest, WireResponse]:
    """Write the answer; when that fails, a failure in the same form, and when even that fails, plain text."""
    with context.watch.span("write"):
        return _write(context, handled)


def _write(context: RequestContext, handled: HandledRequest) -> tuple[HandledRequest, WireResponse]:
    message = handled.context or _context_without_body(context, handled.received.request)
    handled = replace(handled, context=message)
    for _ in range(2):
        try:
            answer = _limit_problems(handled.answer, handled.received.problems_limit)
            handled = replace(handled, answer=add_hints(answer, context.dialect, message))
            response = context.dialect.write(handled.answer, message)
            if response.chunks is not None:
                response = replace(response, chunks=StreamingBody(response.chunks, context.watch))
            if warnings := _write_warnings(handled.answer, context.dialect, message):
                response = replace(response, headers={**response.headers, WARNINGS: warnings})
            if _gives_secret(handled.answer):
                response = replace(response, secret=True)
            return handled, response
        except Exception as error:
            handled = replace(handled, answer=build_late_failure(context, handled, error))
    sentence = gateway.unexpected_problem(context.call_id).sentence()
    return handled, WireResponse(500, sentence.encode(), "text/plain; charset=UTF-8")


def _write_warnings(answer: Answer | Failure, dialect: Dialect, message: MessageContext) -> str:
    """Write the warnings of records as a header, as the bodies of most wires have no place for them; "": none."""
    if isinstance(answer, Failure):
        return ""
    warned = [(number, outcome) for number, outcome in enumerate(answer.outcomes, 1) if outcome.warnings]
    spell = dialect.speller(message, answer.operation) if warned else None
    notes = [(number, " ".join(each.sentence(spell) for each in outcome.warnings)) for number, outcome in warned]
    return write_record_notes("warning", notes)


def _gives_secret(answer: Answer | Failure) -> bool:
    """True if the response may hold the id of a session, or another secret of its caller."""
    opens_session = isinstance(answer, Answer) and bool(answer.session)
    return opens_session or (answer.operation is not None and answer.operation.gives_secret)


def _limit_problems(answer: Answer | Failure, most: int | None) -> Answer | Failure:
    """Return the answer with at most so many problems, and what says how many there are beside them."""
    if most is None:
        return answer
    if isinstance(answer, Failure):
        return replace(answer, problems=limit_list(answer.problems, most, len(answer.problems) - most))
    return replace(answer, outcomes=limit_problems(answer.outcomes, most))


def _find_settings(dialect: Dialect) -> DialectSettings:
    """Return the settings of a dialect; without those that the database holds, where that cannot be reached."""
    try:
        return dialect_settings(dialect)
    except Error:
        return configured_settings(dialect)


def _context_without_body(context: RequestContext, request: WireRequest) -> MessageContext:
    """Return the context of a request whose body was never read: that of one that has none."""
    dialect = context.dialect
    try:
        return dialect.read(replace(request, body=b""), OPERATIONS, _find_settings(dialect)).context
    except RequestError as error:
        return error.context
    except Exception:
        log.exception("call %s: no context was found to answer in", context.call_id)
        return MessageContext()
