"""
The queue before the hashing of secrets: one process hashes one at a time on each of two lanes, and strangers are served
fairly.

The first lane is for those of whom nothing bad is known. A hash there waits for another such hash alone, never for a
guess:

    first       whose credential was hashed for another meanwhile: there is nothing left to do
    then        a credential that has fitted before: it is no guess
    then        strangers without failed work, who came first first

The second is for sources with failed work. Who has a turn there computes at a low priority:

    first       in every second turn, who has waited for OVERDUE seconds, the longest first
    then        the least failed work: of the address, then of its network, then of the user
    at a tie    who came first

A stranger who finds the queue full takes the place of the one with the most failed work, who is refused; who has the
most himself is refused.

Counted is failed work, and who was refused: a right secret is known for a minute afterwards and costs little. A count
halves every minute. Guessers who change addresses have few failures at each, but many in the network and of the user.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from enum import IntEnum
from ipaddress import IPv4Address, IPv6Address, ip_address
from itertools import count
from threading import Event, Lock
from time import monotonic

from records.shapes.lru import LruCache

OVERDUE = 1.0  # seconds
PATIENCE = 10.0  # seconds that anybody waits for a turn
HALF_LIFE = 60.0  # seconds
TOLERANCE = 8  # failures that do not count: they may be anybody's
AT_MOST = 30_000  # sources whose failures are counted

Work = tuple[int, int, int]


class Busy(Exception):
    """Other credentials are being verified: come back in `retry_after` seconds."""

    retry_after = 1


@dataclass(frozen=True, slots=True)
class Source:
    """
    A place that credentials come from, at three widths; "" is none.

    address  of IPv4, or the /64 of IPv6, which one customer of a provider has
    network  its /24, or /48
    user     whose credentials they are said to be
    """

    address: str = ""
    network: str = ""
    user: str = ""

    @property
    def keys(self) -> tuple[tuple[str, str], ...]:
        return ("address", self.address), ("network", self.network), ("user", self.user)


def locate_source(peer: str, user: str) -> Source:
    """Return the source of a request from this peer address; one that is no IP address is its own network."""
    try:
        address = ip_address(peer)
    except ValueError:
        return Source(peer, peer, user)
    address = getattr(address, "ipv4_mapped", None) or address
    narrow, wide = (32, 24) if isinstance(address, IPv4Address) else (64, 48)
    return Source(_prefix(address, narrow), _prefix(address, wide), user)


def _prefix(address: IPv4Address | IPv6Address, length: int) -> str:
    unused = address.max_prefixlen - length
    return f"{int(address) >> unused:x}/{length}"


class Lane(IntEnum):
    """The lane of a turn: with failed work, or without."""

    CLEAN = 0
    SUSPECT = 1


class _Rank(IntEnum):
    DECIDED = 0
    PROVEN = 1
    STRANGER = 2


@dataclass(eq=False, slots=True)
class _Waiter:
    source: Source
    credential: bytes
    rank: _Rank
    since: float
    number: int
    lane: Lane = Lane.CLEAN
    called: Event = field(default_factory=Event)
    is_refused: bool = False


class FairQueue:
    """
    The queue of one process.

    places        how many strangers may wait at once
    extra_thread  a context in which the process has one more thread for others: this one waits, or is slow
    """

    def __init__(self, places: Callable[[], int], *, clock: Callable[[], float] = monotonic):
        self.extra_thread: Callable[[], AbstractContextManager[object]] = nullcontext
        self._places = places
        self._clock = clock
        self._lock = Lock()
        self._current: dict[Lane, _Waiter] = {}
        self._numbers = count()
        self._was_overdue = False
        self._waiters: list[_Waiter] = []
        self._failures: LruCache[tuple[str, str], tuple[float, float]] = LruCache(AT_MOST)

    @contextmanager
    def turn(self, source: Source, credential: bytes = b"", *, proven: bool) -> Iterator[Lane]:
        """
        Wait for the turn, which lasts as long as the context, and yield its lane; raises Busy when there is no place.

        credential  tells it apart from others; `decide` may shorten its wait
        proven      it has fitted before
        """
        waiter = self._enter(source, credential, _Rank.PROVEN if proven else _Rank.STRANGER)
        try:
            # Who waits, or computes at a low priority, holds no thread that others are served by.
            is_quick = waiter.called.is_set() and waiter.lane is Lane.CLEAN
            with nullcontext() if is_quick else self.extra_thread():
                self._wait(waiter)
                yield waiter.lane
        finally:
            self._leave(waiter)

    def decide(self, credential: bytes) -> None:
        """Let all who wait with this credential go next: its result is known."""
        with self._lock:
            for waiter in self._waiters:
                if waiter.credential == credential:
                    waiter.rank = _Rank.DECIDED
            self._call_next()

    def count_failure(self, source: Source) -> None:
        """Count a secret of this source that did not fit."""
        with self._lock:
            self._add_failure(source)

    def forget(self) -> None:
        """Forget all failures."""
        with self._lock:
            self._failures.clear()

    def __len__(self) -> int:
        return len(self._waiters)

    def _enter(self, source: Source, credential: bytes, rank: _Rank) -> _Waiter:
        with self._lock:
            waiter = _Waiter(source, credential, rank, self._clock(), next(self._numbers))
            self._waiters.append(waiter)
            self._call_next()
            self._refuse_surplus()
            return waiter

    def _wait(self, waiter: _Waiter) -> None:
        if not waiter.called.wait(PATIENCE) or waiter.is_refused:
            raise Busy

    def _leave(self, waiter: _Waiter) -> None:
        with self._lock:
            if self._current.get(waiter.lane) is waiter:
                del self._current[waiter.lane]
            elif waiter in self._waiters:
                self._waiters.remove(waiter)
            self._call_next()

    def _add_failure(self, source: Source) -> None:
        for key in source.keys:
            if key[1]:
                self._failures.put(key, (self._count(key) + 1, self._clock()))

    def _call_next(self) -> None:
        for lane in Lane:
            waiters = [waiter for waiter in self._waiters if self._lane(waiter) is lane]
            if waiters and lane not in self._current:
                self._call(min(waiters, key=self._order), lane)

    def _call(self, waiter: _Waiter, lane: Lane) -> None:
        if lane is Lane.SUSPECT:
            self._was_overdue = not self._was_overdue and self._is_overdue(waiter)
        waiter.lane = lane
        self._current[lane] = waiter
        self._waiters.remove(waiter)
        waiter.called.set()

    def _lane(self, waiter: _Waiter) -> Lane:
        return Lane.SUSPECT if waiter.rank is _Rank.STRANGER and any(self._work(waiter)) else Lane.CLEAN

    def _refuse_surplus(self) -> None:
        strangers = [waiter for waiter in self._waiters if waiter.rank is _Rank.STRANGER]
        if len(strangers) > self._places():
            refused = max(strangers, key=lambda waiter: (self._work(waiter), waiter.number))
            self._waiters.remove(refused)
            self._add_failure(refused.source)  # who comes again at once shall not win by that
            refused.is_refused = True
            refused.called.set()

    def _order(self, waiter: _Waiter) -> tuple[_Rank, bool, Work, int]:
        is_overdue = not self._was_overdue and self._is_overdue(waiter)
        work = (0, 0, 0) if is_overdue or waiter.rank is not _Rank.STRANGER else self._work(waiter)
        return waiter.rank, not is_overdue, work, waiter.number

    def _is_overdue(self, waiter: _Waiter) -> bool:
        return self._clock() - waiter.since >= OVERDUE

    def _work(self, waiter: _Waiter) -> Work:
        # By doublings: what is about the same is equal, and what comes next decides.
        address, network, user = (int(self._count(key) / TOLERANCE).bit_length() for key in waiter.source.keys)
        return address, network, user

    def _count(self, key: tuple[str, str]) -> float:
        failures, at = self._failures.get(key) or (0.0, 0.0)
        return failures * 0.5 ** ((self._clock() - at) / HALF_LIFE) if failures else 0.0
