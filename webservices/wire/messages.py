"""
Messages between an endpoint and the gateway, free of any wire: calls, answers, failures, raw requests and responses.

    WireRequest --dialect.read--> Call --gateway--> Answer | Failure --dialect.write--> WireResponse
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from time import perf_counter
from typing import Any, TypeVar, overload

from records.shapes.criteria import UNLIMITED, Criterion, Scope
from records.shapes.matching import BY_KEY, Matching
from records.shapes.outcomes import Outcome
from records.shapes.problems import CounterpartError, Family, Problem, ProblemError
from records.shapes.streams import Stream
from records.shapes.values import Tags, Values
from webservices.wire.credentials import Credentials
from webservices.wire.operations import Operation
from webservices.wire.spool import SpooledList

T = TypeVar("T")


@dataclass(frozen=True)
class MessageContext:
    """The way in which one message is to be answered; each dialect has its own, with what its `write` needs."""


FIELDS_PER_RECORD = 25  # on the average: one record may have more, if others have less
FIELDS_PER_ROW = 10  # that a row counts for beside its own: it costs so much, though it is empty


@dataclass(frozen=True)
class DialectSettings:
    """
    The settings of one dialect at this site: limits, lifetimes, switches; filled by the endpoint.

    session_minutes  how long a session that a call asked to keep stays open without use; None: as the server says
    records_limit    how many records a call may have
    fields_limit     how many fields a record may have; see `count_fields`
    problems_limit   how many problems of a call are told
    criteria_limit   how many criteria a call may have
    """

    session_minutes: int | None = field(default=None, kw_only=True)
    records_limit: int = field(default=20_000, kw_only=True)
    fields_limit: int = field(default=50_000, kw_only=True)
    problems_limit: int = field(default=1_000, kw_only=True)
    criteria_limit: int = field(default=100, kw_only=True)

    @property
    def values_limit(self) -> int:
        """The fields that all records of a call may have: so many on the average, or one record all that it may."""
        return max(self.records_limit * FIELDS_PER_RECORD, self.fields_limit)

    @property
    def body_limit(self) -> int:
        """The values that a body may have before its records are looked at: they, their fields, and what is empty."""
        return self.values_limit + 2 * self.records_limit

    @property
    def limits(self) -> str:
        """The limits of a call in sentences, for contracts."""
        return (
            f"A call may have at most {self.records_limit:,} records and {self.values_limit:,} fields in all, a record "
            f"at most {self.fields_limit:,}. The entries of lists and maps count as fields, and so do those of rows, "
            f"and {FIELDS_PER_ROW} for each row. A call with more is refused as a whole. Of all problems of a call the "
            f"first {self.problems_limit:,} are told."
        )


CALL_LIMITS = DialectSettings().limits  # of a site that has set none of its own


@dataclass(frozen=True)
class WireRequest:
    """
    One request as bytes.

    headers   by lower-case name
    address   scheme and host as the caller reached the server, `https://hub.example`, no slash at the end
    secure    it came over TLS, or from this machine itself
    """

    method: str
    path: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    address: str = ""
    peer: str = ""
    secure: bool = True


@dataclass(frozen=True)
class WireResponse:
    """
    One response as bytes.

    reason  replaces the standard reason phrase where a vendor's wire has its own
    chunks  the body part by part, where it may be too long for memory; `body` is empty then
    secret  the body gives its caller a secret: it is not compressed, or its length would tell of it
    """

    status: int
    body: bytes
    content_type: str = "text/xml; charset=UTF-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    chunks: Iterator[bytes] | None = None
    secret: bool = False


class Records(Sequence[T]):
    """
    The records of a call, or its criteria, read from the wire when they are first used: when the caller is known.

    The first use may raise the RequestError of a body that turns out to be malformed. `seconds` is how long the reading
    took. Where `limits` are set, reading ends at the first record that is too much, with a ProblemError. Many are held
    in a temporary file: each use of one reads it anew.
    """

    def __init__(self, source: Iterable[T] = ()):
        self._source: Iterator[T] | None = iter(source)
        self._read: SpooledList[T] = SpooledList()
        self.seconds = 0.0
        self.limits: DialectSettings | None = None

    def _all(self) -> Sequence[T]:
        if self._source is not None:
            # Let go of the source first: a body that failed once is not read again from where it failed.
            source, self._source = self._source, None
            started = perf_counter()
            try:
                for item in source if self.limits is None else _limit(source, self.limits):
                    self._read.append(item)
            finally:
                self.seconds = perf_counter() - started
        return self._read

    def __len__(self) -> int:
        return len(self._all())

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        return self._all()[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self._all()) == list(other)

    def __repr__(self) -> str:
        return f"Records({list(self._all())!r})"

    __hash__ = None  # type: ignore[assignment]  # as Python itself marks what has no hash


def _limit(items: Iterable[T], limits: DialectSettings) -> Iterator[T]:
    """Yield records, or criteria; raise ProblemError at the first that is too much."""
    total = 0
    for number, item in enumerate(items, 1):
        if number > limits.records_limit:
            text = f"The call has more than {limits.records_limit:,} records; send the others in calls of their own."
            raise ProblemError(Problem("too-many-records", Family.TOO_LARGE, text))
        if isinstance(item, dict):
            count = count_fields(item, limits.fields_limit)
            if count > limits.fields_limit:
                raise ProblemError(too_many_fields_problem(number, limits.fields_limit))
            total += count
            if total > limits.values_limit:
                text = f"The records have more than {limits.values_limit:,} fields in all; send them in several calls."
                raise ProblemError(Problem("too-many-fields", Family.TOO_LARGE, text))
        yield item


def too_many_fields_problem(number: int, most: int) -> Problem:
    """Return the problem of a record, by its number from 1, that has too many fields."""
    text = (
        f"Record {number:,} has more than {most:,} fields, with the entries of its lists and maps, the fields of its "
        f"rows, and {FIELDS_PER_ROW} for each row."
    )
    return Problem("too-many-fields", Family.TOO_LARGE, text)


def too_many_criteria_problem(most: int, name: str = "criteria") -> Problem:
    """Return the problem of a call that has too many criteria, by their name on the wire."""
    return Problem("too-many", Family.INVALID, f"A call may have at most {most} {name}.")


def count_fields(values: Values, most: int) -> int:
    """
    Count the fields of a record, the entries of its lists and maps, the fields of its rows, and some for each row.

    Not all are counted, where they are more than `most`.
    """
    count = len(values)
    pending = [each for each in values.values() if each.__class__ is dict or each.__class__ is list]
    while pending and count <= most:
        inner: Any = pending.pop()
        count += len(inner)
        entries = inner if inner.__class__ is list else inner.values()
        further = [each for each in entries if each.__class__ is dict or each.__class__ is list]
        if further:
            count += FIELDS_PER_ROW * len(further) if entries is inner else 0
            pending += further
    return count


class SessionOption(StrEnum):
    """The fate of the caller's session after the call, where a wire can say so (EcoSys: LogoutSession)."""

    NONE = "none"
    KEEP = "keep"
    END = "end"


@dataclass(frozen=True)
class LogOptions:
    """
    The entry of a call in the log of batch jobs: its result alone, or with its failed records, or with all of them.

    level  `SUMMARY`, `FAIL`, `DETAIL`
    title  "": the operation's own
    input  each record is logged as it was sent
    """

    level: str
    title: str = ""
    input: bool = False


@dataclass(frozen=True)
class Timing:
    """The seconds that a call took: on the clock, of this process, and in the database."""

    elapsed: float
    cpu: float
    database: float


@dataclass(frozen=True)
class Options:
    """
    The options that every endpoint takes.

    dry_run      nothing is saved; the outcomes say what would happen
    all_or_none  one failure undoes the whole call
    if_match, if_none_match  of these versions the one record of the call must have one, or none
    echo         the answer carries the written records as they are afterwards (a matter of the answer alone)
    import_finished  new records may be finished business
    check_totals     a total that is sent and differs from the computed one fails its record
    """

    dry_run: bool = False
    all_or_none: bool = False
    if_match: Tags | None = None
    idempotency_key: str = ""
    echo: bool = field(default=False, compare=False)
    if_none_match: Tags | None = None
    import_finished: bool = False
    check_totals: bool = False


@dataclass(frozen=True)
class Call:
    """
    One request: an operation with n records, or with criteria.

    criteria  of find and of a removal by criteria; None: the records' keys say it
    search    words to find in the searchable texts
    limit     at most so many found records; None: all
    after     find what comes after this key, as text per key field
    order     find in the order of these fields, `-` before one that goes down; (): in the resource's own
    offset    leave out so many of what is found
    count     say how many are found in all
    scope     narrows what the call sees and may write
    matching  the rules by which its records find the stored ones
    session   the fate of the caller's session afterwards
    log       its entry in the log of batch jobs; None: it has none
    vendor    whose data its records have as well, under `vendor`: what that wire alone says of them; "": nobody's
    name      the operation as its caller knows it, `getParts`; "": by the hub's own name
    streamable  found records may be answered one by one, as they are found (a matter of the answer alone)
    """

    operation: Operation
    records: Sequence[Values] = ()
    criteria: Sequence[Criterion] | None = None
    search: str = ""
    limit: int | None = None
    after: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    offset: int = 0
    count: bool = False
    options: Options = Options()
    credentials: Credentials | None = None
    scope: Scope = UNLIMITED
    matching: Matching = BY_KEY
    session: SessionOption = SessionOption.NONE
    log: LogOptions | None = None
    vendor: str = ""
    name: str = field(default="", compare=False)
    streamable: bool = field(default=False, compare=False)
    # Not compared: a call that was sent over two wires is the same call.
    context: MessageContext = field(default_factory=MessageContext, compare=False)


class RequestError(CounterpartError):
    """A request that a dialect cannot read as a Call; carries how to answer as far as it is known."""

    def __init__(self, context: MessageContext, problem: Problem, operation: Operation | None = None):
        super().__init__(problem)
        self.context = context
        self.operation = operation


@dataclass(frozen=True)
class Answer:
    """
    The result of a call: n outcomes in the order of its records, or the records found.

    cut      there is more than was asked for; `after` says where it goes on
    total    how many there are in all; None: the call did not want to know
    dry      nothing was saved
    timing   how long it took, as far as it was measured
    clock    how long it has taken by now, of records that are still being found while they are written
    session  the id of the session that the call asked to keep
    """

    operation: Operation
    outcomes: Sequence[Outcome] = ()
    records: Sequence[Values] | Stream = ()
    cut: bool = False
    total: int | None = None
    dry: bool = False
    call_id: str = ""
    at: datetime | None = None
    timing: Timing | None = None
    clock: Callable[[], Timing] | None = field(default=None, repr=False, compare=False)
    session: str = field(default="", repr=False)


@dataclass(frozen=True)
class Failure:
    """A whole call rejected: the first problem says why; `retry_after` in seconds when coming back helps."""

    problems: tuple[Problem, ...]
    operation: Operation | None = None
    call_id: str = ""
    retry_after: int | None = None
    at: datetime | None = None
