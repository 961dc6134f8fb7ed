"""Retries of work that lost against others, by a deadlock for instance, from its start."""

import logging
from collections.abc import Callable
from typing import TypeVar

from django.db import DatabaseError, InterfaceError, OperationalError

from records.shapes.problems import Family, Problem, ProblemError

Result = TypeVar("Result")

log = logging.getLogger(__name__)

ATTEMPTS = 3
LOST = frozenset({"40001", "40P01", "55P03"})  # serialization failure, deadlock, lock not available

SHUTDOWNS = frozenset({"57P01", "57P02", "57P03"})  # it is stopping, has crashed, or is not ready yet

BUSY = Problem("contended", Family.BUSY, "Others are changing the same records; try again.")


def retry(work: Callable[[], Result], *, name: str) -> Result:
    """
    Run the work, which is a transaction or a savepoint of its own, until it does not lose; return its result.

    Raises ProblemError when it has lost three times; any other error is raised at once.
    """
    for _ in range(ATTEMPTS):
        try:
            return work()
        except DatabaseError as error:
            # Django wraps the driver's error, and that alone has the code.
            if getattr(error.__cause__, "sqlstate", None) not in LOST:
                raise
            log.warning("%s is run again after %s", name, error)
    raise ProblemError(BUSY)


def is_connection_lost(error: BaseException | None) -> bool:
    """True if an error says that the database is not there, or went away in the middle."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    # What the driver notices by itself has no state: only the server gives states.
    return state is None or state.startswith("08") or state in SHUTDOWNS
