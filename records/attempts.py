"""
The first attempt at a write, which goes without savepoints.

    with without_savepoints(): …      raises TryWithSavepoints where one would have been needed
    with savepoint(): …               inside: nothing; elsewhere a savepoint, as `transaction.atomic` makes it

Whoever begins such an attempt has a transaction around it, and rolls all of it back before the next.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar

from django.db import transaction

_has_savepoints: ContextVar[bool] = ContextVar("has_savepoints", default=True)


class TryWithSavepoints(Exception):
    """The database has refused something in an attempt without savepoints: it must be rolled back and made again."""


@contextmanager
def without_savepoints() -> Iterator[None]:
    token = _has_savepoints.set(False)
    try:
        yield
    finally:
        _has_savepoints.reset(token)


def has_savepoints() -> bool:
    """Return False in an attempt without them: after an error nothing can be sent to the database."""
    return _has_savepoints.get()


def savepoint() -> AbstractContextManager[None]:
    """Return a savepoint, or a transaction where there is none yet; in an attempt without them, nothing."""
    return transaction.atomic() if has_savepoints() else nullcontext()
