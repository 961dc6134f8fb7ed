"""Work that lost against others, by a deadlock for instance, is rolled back and done again from its start."""

import logging
from collections.abc import Callable
from typing import TypeVar

from django.db import DatabaseError

from records.shapes.problems import Family, Problem, ProblemError

Done = TypeVar("Done")

log = logging.getLogger(__name__)

ATTEMPTS = 3
LOST = frozenset({"40001", "40P01", "55P03"})  # serialization failure, deadlock, lock not available

BUSY = Problem("contended", Family.BUSY, "Others are changing the same records; try again.")


def retry(work: Callable[[], Done], *, named: str) -> Done:
    """
    What the work gives, which is a transaction, or a savepoint, of its own.

    Raises ProblemError when it has lost three times, and at once whatever else it raises.
    """
    for _ in range(ATTEMPTS):
        try:
            return work()
        except DatabaseError as error:
            if getattr(error.__cause__, "sqlstate", None) not in LOST:
                raise
            log.warning("%s is run again after %s", named, error)
    raise ProblemError(BUSY)
