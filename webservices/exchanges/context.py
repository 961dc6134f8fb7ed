"""
One request as values: its context, which no step changes, and the completed call, of which the records are made.
"""

from dataclasses import dataclass, field
from datetime import datetime

from records.shapes.callers import Caller
from records.shapes.problems import Family, Problem
from webservices.exchanges.streaming_body import SentBody
from webservices.timing import Stopwatch
from webservices.wire.credentials import Credentials
from webservices.wire.dialects.base import Dialect
from webservices.wire.messages import Answer, Call, Failure, MessageContext, Timing, WireRequest, WireResponse
from webservices.wire.recurrence import Occurrence


@dataclass(frozen=True)
class RequestContext:
    """
    The facts of a request that every step may need, from its arrival on.

    call_id  32 hex digits, under which the call is logged
    at       the moment of the call: no step asks a clock of its own
    """

    call_id: str
    at: datetime
    dialect: Dialect
    watch: Stopwatch = field(default_factory=Stopwatch)


@dataclass(frozen=True)
class CompletedCall:
    """
    A call of which nothing more will be sent; exchange, batch job and log line are made of it.

    request      decompressed, where that could be done
    call         None: the request could not be read
    context      in which the answer was written
    caller       None: nobody was let in
    user         id and name of the user who was named and let in or refused; (None, "") when there is no such user
    credentials  all that were presented, in the request and by the view that mounts the endpoint
    unread       why the body was never read; then nothing of it may be stored
    occurrence   how the request was read, where its markup had come before
    replay_of    the id of the call whose stored answer this is; "": it is its own
    timing       up to the answer, before that is written; of a stream, up to its end
    """

    call_id: str
    at: datetime
    dialect: Dialect
    request: WireRequest
    answer: Answer | Failure
    response: WireResponse
    sent: SentBody
    context: MessageContext
    timing: Timing
    duration_ms: float
    call: Call | None = None
    caller: Caller | None = None
    user: tuple[int | None, str] = (None, "")
    credentials: tuple[Credentials, ...] = ()
    unread: str = ""
    replay_of: str = ""
    occurrence: Occurrence | None = None

    @property
    def operation_name(self) -> str:
        """Such as `parts.put`; "" when the request does not say."""
        return self.answer.operation.name if self.answer.operation else ""

    @property
    def problem(self) -> Problem | None:
        """The first problem of a failure, or of the first record that failed."""
        if isinstance(self.answer, Failure):
            return self.answer.problems[0] if self.answer.problems else None
        return next((outcome.problems[0] for outcome in self.answer.outcomes if outcome.problems), None)

    @property
    def is_malformed(self) -> bool:
        """True if the whole call failed because its request could not be parsed."""
        return isinstance(self.answer, Failure) and self.problem is not None and self.problem.family is Family.MALFORMED
