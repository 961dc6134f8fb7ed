"""What becomes known of one call while it passes a door."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from records.shapes.callers import Caller
from records.shapes.problems import Family, Problem
from records.shapes.values import LONGEST_QUOTE, Values
from webservices.access.keys import parts_of
from webservices.exchanges.masking import Mask
from webservices.exchanges.streaming_body import Sent, StreamingBody, whole
from webservices.timing import Stopwatch
from webservices.wire.credentials import Bearer, Credentials, Password, SessionToken, SignedToken
from webservices.wire.dialects.base import Dialect
from webservices.wire.messages import (
    Answer,
    Call,
    Failure,
    MessageContext,
    RequestError,
    Timing,
    WireRequest,
    WireResponse,
)
from webservices.wire.operations import Kind, Operation


@dataclass
class RequestContext:
    """
    One call on its way; the door fills in what it learns, the exchange and the log line are made of it.

    request        as it came, and once it is decompressed, as it was meant
    call           what was read of it, as far as it could be
    named          (id, name) of the user who was named and let in or refused; nobody when there is no such user
    not_read       why the body was never looked at; then nothing of it is kept
    hidden         what is kept nowhere: known once its request was masked
    timing         up to its answer, before that is written
    reading        seconds that the request took to be read, but for its records: they are read when they are needed
    writing        seconds that the answer took to be written
    """

    call_id: str
    at: datetime
    dialect: Dialect
    request: WireRequest
    watch: Stopwatch = field(default_factory=Stopwatch)
    call: Call | None = None
    operation: Operation | None = None
    context: MessageContext | None = None
    credentials: list[Credentials] = field(default_factory=list)
    caller: Caller | None = None
    named: tuple[int | None, str] = (None, "")
    not_read: str = ""
    answer: Answer | Failure | None = None
    timing: Timing | None = None
    response: WireResponse | None = None
    hidden: Mask | None = None
    duration_ms: float = 0.0
    reading: float = 0.0
    writing: float = 0.0

    def present(self, *credentials: Credentials | None) -> None:
        """Remember what was presented, so that it is kept nowhere."""
        self.credentials += [each for each in credentials if each is not None]

    @property
    def sent(self) -> Sent:
        """The body of the response, as far as it was sent and is remembered."""
        chunks = self.response.chunks
        return chunks.sent if isinstance(chunks, StreamingBody) else whole(self.response.body)

    @property
    def server_timing(self) -> str:
        """Milliseconds, as the header Server-Timing has them: `read;dur=0.4, db;dur=3.1, …`."""
        spent = {
            "read": self.reading + getattr(self.call.records if self.call else None, "seconds", 0.0),
            "db": self.watch.database,
            "write": self.writing,
            "total": self.watch.elapsed,
        }
        return ", ".join(f"{name};dur={seconds * 1000:.1f}" for name, seconds in spent.items())

    @property
    def operation_name(self) -> str:
        operation = (self.answer.operation if self.answer else None) or self.operation
        return operation.name if operation else ""

    @property
    def problem(self) -> Problem | None:
        """The first problem of a failure, or of the first record that failed."""
        if isinstance(self.answer, Failure):
            return self.answer.problems[0] if self.answer.problems else None
        if self.answer is not None:
            return next((outcome.problems[0] for outcome in self.answer.outcomes if outcome.problems), None)
        return None

    @property
    def malformed(self) -> bool:
        return isinstance(self.answer, Failure) and self.problem is not None and self.problem.family is Family.MALFORMED

    def presented(self) -> set[str]:
        """
        The secrets that the caller presented or was given, of a token also the secret part alone, and of a long one
        what a sentence would quote of it; also a user name that names nobody: it may be a misplaced password.
        """
        found = self._in_records()
        for credentials in self.credentials:
            match credentials:
                case Password(user_name, secret):
                    found |= {secret} if self.named[1] == user_name else {secret, user_name}
                case Bearer(token) | SessionToken(token) | SignedToken(token):
                    found.add(token)
        found |= {parts[1] for secret in found if (parts := parts_of(secret))}
        return found | {secret[:LONGEST_QUOTE] for secret in found}

    def _in_records(self) -> set[str]:
        """What the fields of a special hold that are secrets, sent and said; and the session that the call has kept."""
        found = {self.answer.session} if isinstance(self.answer, Answer) else set()
        if self.operation is None or self.operation.kind is not Kind.ACTION:
            return found
        names = [field.name for field in self.operation.resource.fields if field.secret]
        said = self.answer.records if isinstance(self.answer, Answer) else ()
        sent: Sequence[Values] = ()
        with suppress(RequestError):  # of a call that was refused before its records were looked at
            sent = [*self.call.records] if self.call else ()
        values = (record.get(name) for record in (*sent, *said) for name in names)
        return found | {value for value in values if isinstance(value, str)}
