"""
Time limits of the database's work, by its kind: how long a statement may run, and how long it may wait for a lock.

    switch(Work.CALL)                # from now on; sent to the database only when it changes
    with during(Work.CALL): …        # and then back

The settings are CALL_STATEMENT_SECONDS, CALL_LOCK_SECONDS and so on; 0 is no limit. A statement that takes longer ends
with an error, which `records.retry` turns into a problem that says to come back.

Somebody who holds a lock for long would occupy every thread of a web process. So when one has waited in vain, calls and
pages of the process wait no longer than SHORT_SECONDS, until that has not happened for EXPECTED_SECONDS.
"""

import select
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql.base import DatabaseWrapper

STATEMENT = "SELECT set_config('statement_timeout', %s, false), set_config('lock_timeout', %s, false)"


SHORT_SECONDS, EXPECTED_SECONDS = 0.2, 10.0


class Work(StrEnum):
    """The kinds of work: a call of an API, a page for people, a command, a migration."""

    CALL = "CALL"
    PAGE = "PAGE"
    JOB = "JOB"
    MIGRATION = "MIGRATION"


class _State(threading.local):
    """
    The work of this thread, and what its connections were told last.

    told  by the alias of a database: the connection, and its limits; nothing where it may have forgotten
    """

    work = Work.JOB

    def __init__(self) -> None:
        self.told: dict[str, tuple[psycopg.Connection[Any], tuple[str, str]]] = {}


SETTINGS = {work: (f"{work}_STATEMENT_SECONDS", f"{work}_LOCK_SECONDS") for work in Work}


@dataclass
class LockWatch:
    """The locks of a process: until when others are expected to hold what is needed, by the monotonic clock."""

    expected_until: float = 0.0

    def expect(self) -> None:
        """Expect locks for a while, because somebody has just waited for one in vain."""
        self.expected_until = time.monotonic() + EXPECTED_SECONDS

    def limit(self, seconds: float) -> float:
        """Return how long to wait for a lock, instead of so many seconds; 0 is no limit."""
        return min(seconds, SHORT_SECONDS) if time.monotonic() < self.expected_until else seconds


lock_watch = LockWatch()
_state = _State()


def switch(work: Work) -> None:
    """
    Set the limits of this thread's connection to those of a kind of work; of one that is not open yet, when it opens.

    A connection that the server has closed meanwhile is dropped: what follows opens another.
    """
    _state.work = work
    refresh(DEFAULT_DB_ALIAS)


def refresh(alias: str) -> None:
    """Set the limits of this thread's connection to a database to those of its work; `switch` does so for the usual."""
    wrapper: Any = connections[alias]  # looked up once: `connection` does so at each use
    raw = wrapper.connection
    if raw is None:
        return
    told, limits = _state.told.get(alias, (None, None))
    if not wrapper.in_atomic_block and _is_closed(raw):
        wrapper.close()
        return
    wrapper.health_check_done = True  # Django would send a statement to know as much, before each transaction
    if raw is not told or find_limits(_state.work) != limits:
        _send(alias, raw, within_transaction=wrapper.in_atomic_block)


@contextmanager
def during(work: Work) -> Iterator[None]:
    """Set the limits to those of a kind of work, and in the end to what they were."""
    before = _state.work
    switch(work)
    try:
        yield
    finally:
        switch(before)


def find_limits(work: Work) -> tuple[str, str]:
    """Return the limits of a statement and of its wait for a lock, as PostgreSQL writes them: `30000ms`."""
    statement, lock = (getattr(settings, name) for name in SETTINGS[work])
    lock = lock_watch.limit(lock) if work in (Work.CALL, Work.PAGE) else lock
    return _format(statement), _format(lock)


def set_first_limits(connection: DatabaseWrapper, **signal: object) -> None:
    """Set the limits of a connection that was just opened (Django's signal `connection_created`)."""
    _send(connection.alias, connection.connection, within_transaction=False)


def switch_to_migration(**signal: object) -> None:
    """Set the limits to those of migrations (Django's signal `pre_migrate`)."""
    switch(Work.MIGRATION)


@cache
def _format(seconds: float) -> str:
    return f"{round(seconds * 1000)}ms"


def _send(alias: str, raw: psycopg.Connection[Any], *, within_transaction: bool) -> None:
    status = raw.info.transaction_status
    if status not in (psycopg.pq.TransactionStatus.IDLE, psycopg.pq.TransactionStatus.INTRANS):
        return
    limits = find_limits(_state.work)
    try:
        raw.execute(STATEMENT, limits)
    except psycopg.Error:  # it is lost: the statement that follows says so
        return
    # A transaction that is rolled back takes its settings along, so what it was told does not count for long.
    if within_transaction:
        _state.told.pop(alias, None)
    else:
        _state.told[alias] = raw, limits


def _is_closed(raw: psycopg.Connection[Any]) -> bool:
    """True if the server has closed the connection: nothing else is to be read from one that rests."""
    if raw.closed:
        return True
    poll = select.poll()
    poll.register(raw.pgconn.socket, select.POLLIN | select.POLLHUP)
    return bool(poll.poll(0))
