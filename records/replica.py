"""
The replica: a second database, which streams what the first one has committed, for what only reads.

    read(function)      # there, if it answers and is not too old; else, as ever, at the first one

What may be asked there is what the caller of `read` says; whatever happens there, the first one has the last word.
"""

import logging
import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import TypeVar

from django.conf import settings
from django.db import Error, connection, connections

from records import sql, timeouts
from records.retry import DATABASE_LOST, LOCK_TIMEOUT, STATEMENT_TIMEOUT, UNAVAILABLE, find_outage, first_line

log = logging.getLogger(__name__)

ALIAS = "replica"
CHECK_SECONDS = 1.0  # between two looks at how far it is
PAUSE_SECONDS = 5.0  # after which one that was lost is asked again
MOST_SAMPLES = 1000

# Bytes of the journal: written at the first one, replayed at the replica; NULL where no replica is.
WRITTEN = "SELECT (pg_current_wal_lsn() - '0/0'::pg_lsn)::bigint"
REPLAYED = "SELECT (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint"

Result = TypeVar("Result")


def is_configured() -> bool:
    """Return True if the site has a replica."""
    return ALIAS in connections.settings


def read(function: Callable[[], Result]) -> Result:
    """
    Run a function that only reads and may be run twice, and return its result.

    In a transaction it reads what the transaction has written, so it stays there.
    """
    if not is_configured() or connection.in_atomic_block or not REPLICA.is_usable():
        return function()
    try:
        with sql.using(ALIAS):
            timeouts.refresh(ALIAS)
            return function()
    except Error as error:
        # What took too long would do so again; anything else may be the replica's own trouble: what recovery has
        # cancelled, or a table that a migration has not brought there yet.
        if find_outage(error) in (STATEMENT_TIMEOUT, LOCK_TIMEOUT):
            raise
        REPLICA.note_error(error)
    return function()


@dataclass
class Replica:
    """
    The knowledge of one process about the replica.

    samples   moments, and how far the first database had written then; those that the replica has not passed yet
    fresh_at  the latest moment of which the replica is known to have all that was committed
    """

    clock: Callable[[], float] = time.monotonic
    samples: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=MOST_SAMPLES))
    fresh_at: float = -math.inf
    next_check: float = -math.inf
    is_fresh: bool = True  # as the log says
    lock: Lock = field(default_factory=Lock)

    def is_usable(self) -> bool:
        """Return True if it lacks nothing that was committed as long ago as the site allows, or longer."""
        # Others go on with what is known while one thread looks.
        if self.clock() >= self.next_check and self.lock.acquire(blocking=False):
            try:
                self._check()
            finally:
                self.lock.release()
        return self.clock() - self.fresh_at <= settings.DATABASE_REPLICA_LAG_SECONDS

    def note_error(self, error: Error) -> None:
        """Leave it alone for a while if it cannot be reached."""
        if find_outage(error) not in (UNAVAILABLE, DATABASE_LOST):
            log.info("The replica has not answered a call, the primary is asked: %s", first_line(error))
            return
        with sql.using(ALIAS):
            sql.check_connection()
        self.fresh_at, self.next_check = -math.inf, self.clock() + PAUSE_SECONDS
        self._report(f"it cannot be reached: {first_line(error)}")

    def _check(self) -> None:
        now = self.clock()
        self.next_check = now + CHECK_SECONDS
        # The moment first: what was acknowledged before it is in the journal as far as that is written now.
        written = sql.rows(WRITTEN)[0][0]
        try:
            with sql.using(ALIAS):
                timeouts.refresh(ALIAS)
                replayed = sql.rows(REPLAYED)[0][0]
        except Error as error:
            self.note_error(error)
            return
        self.samples.append((now, written))
        while self.samples and replayed is not None and self.samples[0][1] <= replayed:
            self.fresh_at = self.samples.popleft()[0]
        is_old = self.clock() - self.fresh_at > settings.DATABASE_REPLICA_LAG_SECONDS
        self._report("it is no replica" if replayed is None else "it lags" if is_old else "")

    def _report(self, trouble: str) -> None:
        if trouble and self.is_fresh:
            log.warning("Calls that only read go to the primary, not to the replica: %s.", trouble)
        elif not trouble and not self.is_fresh:
            log.warning("Calls that only read go to the replica again.")
        self.is_fresh = not trouble


REPLICA = Replica()
