"""
The time that a call takes: on the clock, on this thread's processor, and in the database.

    with Stopwatch() as watch:      # counts every statement of this thread's connections meanwhile
        …
        with Transaction():         # atomic(), whose commit counts as time in the database, too
            …
    watch.timing()                  # Timing(elapsed=0.0042, cpu=0.0031, database=0.0009)

A statement costs a microsecond more.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter, thread_time

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.transaction import Atomic

from webservices.wire.messages import Timing


class Stopwatch:
    """
    A watch that runs from when it is made; what is sent to the database is counted while it is entered.

    database  seconds
    spans     seconds by the name of a step
    """

    def __init__(self) -> None:
        self.started, self._cpu = perf_counter(), thread_time()
        self.database = 0.0
        self.spans: dict[str, float] = {}

    def __enter__(self) -> "Stopwatch":
        for each in connections.all():
            each.execute_wrappers.append(self)
        return self

    def __exit__(self, *raised: object) -> None:
        for each in connections.all():
            each.execute_wrappers.remove(self)

    def __call__(self, execute, sql, params, many, context):
        """Run a statement, as Django's `connection.execute_wrapper` asks."""
        begun = perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.database += perf_counter() - begun

    @property
    def elapsed(self) -> float:
        return perf_counter() - self.started

    @contextmanager
    def span(self, name: str) -> Iterator[None]:
        """Time one step, also when it fails."""
        begun = perf_counter()
        try:
            yield
        finally:
            self.spans[name] = perf_counter() - begun

    def timing(self) -> Timing:
        return Timing(self.elapsed, thread_time() - self._cpu, self.database)

    def header(self, *, read: float = 0.0) -> str:
        """
        Return milliseconds as the header Server-Timing has them: `read;dur=0.4, db;dur=3.1, write;dur=…, total;dur=…`.

        read  seconds that reading took beside the span of that name
        """
        seconds = {
            "read": self.spans.get("read", 0.0) + read,
            "db": self.database,
            "write": self.spans.get("write", 0.0),
            "total": self.elapsed,
        }
        return ", ".join(f"{name};dur={each * 1000:.1f}" for name, each in seconds.items())


class Transaction(Atomic):
    """A transaction whose end is time in the database: a commit waits for the disk, and is no statement of a cursor."""

    def __init__(self):
        super().__init__(using=DEFAULT_DB_ALIAS, savepoint=True, durable=False)

    def __exit__(self, *raised):
        # The statements that the exit itself sends, such as RELEASE SAVEPOINT, are counted by the watches: what they
        # have added meanwhile is replaced by the whole time, so that nothing counts twice.
        watches = [each for each in connection.execute_wrappers if isinstance(each, Stopwatch)]
        begun, before = perf_counter(), [watch.database for watch in watches]
        try:
            return super().__exit__(*raised)
        finally:
            took = perf_counter() - begun
            for watch, counted in zip(watches, before, strict=True):
                watch.database = counted + took
