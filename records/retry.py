"""
Retries of work that lost against others, by a deadlock for instance, from its start; and the errors of the database
that are nobody's fault and will pass, as problems fit for the caller.
"""

import logging
from collections.abc import Callable, Mapping
from typing import TypeVar

import psycopg
from django.db import DatabaseError, Error, InterfaceError, OperationalError

from records.shapes.problems import CONTENDED, Family, Problem, ProblemError
from records.timeouts import lock_watch

Result = TypeVar("Result")

log = logging.getLogger(__name__)

ATTEMPTS = 3
LOST = frozenset({"40001", "40P01"})  # serialization failure, deadlock
FINAL = frozenset({"FATAL", "PANIC"})  # severities of what ends the session

UNAVAILABLE = Problem(
    "database-unavailable",
    Family.BUSY,
    "The database cannot be reached at the moment, or takes no more connections. Nothing was kept; try again.",
)
LOCK_TIMEOUT = Problem(
    "lock-timeout",
    Family.BUSY,
    "Somebody else has locked what this needs, for longer than it may wait. Nothing was kept; try again.",
)
STATEMENT_TIMEOUT = Problem(
    "statement-timeout",
    Family.BUSY,
    "The database ended this because it took too long, or an admin did. Nothing was kept; try again, or with less.",
)
DISK_FULL = Problem(
    "disk-full",
    Family.BUSY,
    "The disk of the database is full, so nothing was kept. Try again when an admin has made room.",
)
DATABASE_LOST = Problem(
    "database-lost",
    Family.BUSY,
    "The database was lost in the middle, so it is not known if something was kept: look first, then try again.",
)
# By SQLSTATE, or by its class.
OUTAGES: Mapping[str, Problem] = {
    "55P03": LOCK_TIMEOUT,
    "57014": STATEMENT_TIMEOUT,
    "53100": DISK_FULL,
    "53": UNAVAILABLE,
}
# Seconds after which it is worth coming back, by the code of the problem; those of all others are 1.
RETRY_AFTER: Mapping[str, int] = {
    UNAVAILABLE.code: 5,
    DATABASE_LOST.code: 5,
    STATEMENT_TIMEOUT.code: 5,
    DISK_FULL.code: 60,
}


def retry(work: Callable[[], Result], *, name: str) -> Result:
    """
    Run the work, which is a transaction or a savepoint of its own, until it does not lose; return its result.

    Raises ProblemError when it has lost three times, waited too long or found the disk full; any other error is
    raised at once.
    """
    for _ in range(ATTEMPTS):
        try:
            return work()
        except DatabaseError as error:
            # Django wraps the driver's error, and that alone has the code.
            if getattr(error.__cause__, "sqlstate", None) in LOST:
                log.warning("%s is run again after %s", name, error)
                continue
            problem = find_outage(error)
            if problem is None or problem is DATABASE_LOST:
                raise
            log.warning("%s has failed: %s", name, first_line(error))
            raise ProblemError(problem) from error
    raise ProblemError(CONTENDED)


def find_outage(error: BaseException | None) -> Problem | None:
    """
    Return the problem of an error that is nobody's fault and will pass; None for any other.

    Who comes after somebody that waited for a lock in vain waits less (`records.timeouts`).
    """
    if not isinstance(error, Error):
        return None
    cause = error.__cause__
    if isinstance(cause, psycopg.Error) and cause.pgconn is not None:  # the attempt to connect has failed
        return UNAVAILABLE
    if is_connection_lost(error):
        return DATABASE_LOST
    state = getattr(cause, "sqlstate", None) or ""
    problem = OUTAGES.get(state) or OUTAGES.get(state[:2])
    if problem is LOCK_TIMEOUT:
        lock_watch.expect()
    return problem


def is_connection_lost(error: BaseException | None) -> bool:
    """True if an error says that the database is not there, or went away in the middle."""
    if not isinstance(error, Error):
        return False
    cause = error.__cause__
    if isinstance(cause, psycopg.Error) and cause.diag.severity_nonlocalized in FINAL:
        return True
    # What the driver notices by itself has no state: only the server gives states.
    state = getattr(cause, "sqlstate", None)
    is_noticed = isinstance(error, OperationalError | InterfaceError) and state is None
    return is_noticed or (state or "").startswith("08")


def first_line(error: BaseException) -> str:
    """Return the first line of what an error says, which is enough for the log where the cause is known."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
