"""
Exchanges that wait to be stored, in groups: those of calls that wrote nothing.

    QUEUE.put(row)      in the thread of a call: nothing is computed, and nothing waits for the database
    QUEUE.close()       when the process ends: what is there is stored

One thread of each process stores what has come, by its own connection and in the order in which it came. A row waits
for EXCHANGE_DELAY_MS at most: for half of it others may join it, the rest is for the database. Rows are finished:
nothing of a call is held that is not stored.

Callers wait where the queue is full. While the database is away rows stay, and callers wait for PATIENCE seconds.
"""

import atexit
import json
import logging
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from threading import Condition, Thread
from typing import Any

from django.db import Error, connection, connections
from django.db.models import JSONField

from records import sql, timeouts
from records.retry import find_outage, first_line
from records.timeouts import Work
from webservices.conf import server_settings
from webservices.models import Exchange

log = logging.getLogger(__name__)

MOST_ROWS, MOST_BYTES = 2000, 16 * 2**20  # that wait
GROUP_ROWS, GROUP_BYTES = 500, 4 * 2**20  # that are stored at once, before their time
PATIENCE = 2.0  # seconds that a caller waits for a place, and the end of a process for the database
PAUSES = 0.05, 1.0  # seconds between two attempts, at first and at most
ROW_BYTES = 1000  # beside what is counted

Row = Sequence[Any]

COLUMNS = [column for column in Exchange._meta.concrete_fields if not column.primary_key]
JSON_PLACES = [place for place, column in enumerate(COLUMNS) if isinstance(column, JSONField)]
CALL_ID = next(place for place, column in enumerate(COLUMNS) if column.name == "call_id")
KNOWN = {column.attname for column in COLUMNS}
DEFAULTS = [(column.attname, column.get_default) for column in COLUMNS]
NAMES = ", ".join(column.column for column in COLUMNS)
TABLE = Exchange._meta.db_table
# Table and columns are the model's own; values are parameters.
INSERT = f"INSERT INTO {TABLE} ({NAMES}) VALUES ({', '.join(['%s'] * len(COLUMNS))})"  # noqa: S608
COPY = f"COPY {TABLE} ({NAMES}) FROM STDIN"
STORED = f"SELECT call_id FROM {TABLE} WHERE call_id = ANY(%s)"  # noqa: S608


def build_row(columns: Mapping[str, object]) -> Row:
    """
    Return the columns of an exchange as the database takes them; those that are not given have the model's defaults.

    columns  by the names of the model's fields; raises TypeError for one that it lacks
    """
    if unknown := columns.keys() - KNOWN:
        raise TypeError(f"An exchange has no {', '.join(sorted(unknown))}.")
    # Without an Exchange: the model would take longer to set them than all that follows.
    values = [columns[name] if name in columns else default() for name, default in DEFAULTS]
    for place in JSON_PLACES:
        values[place] = json.dumps(values[place])
    return values


def insert_row(row: Row) -> None:
    """Insert one row, prepared; the ORM would take as long to write the statement as the database to run it."""
    sql.run(INSERT, row)


class QueueFull(Exception):
    """No place has become free in time."""


@dataclass(slots=True)
class _Waiting:
    """A row, the bytes that it takes, and by when it must be taken from the queue."""

    row: Row
    size: int
    until: float


@dataclass
class ExchangeQueue:
    """
    Rows that wait, with those that are being stored, and the thread that stores them: it starts with the first.

    size  in bytes
    """

    rows: deque[_Waiting] = field(default_factory=deque)
    size: int = 0
    is_closed: bool = False
    change: Condition = field(default_factory=Condition)
    thread: Thread | None = None

    def put(self, row: Row) -> None:
        """Have a row stored soon; at once where the queue is closed already. Raises QueueFull."""
        waiting = _Waiting(row, count_bytes(row), time.monotonic() + server_settings().exchange_delay_ms / 2000)
        with self.change:
            if not self.is_closed:
                self._start()
                if not self.change.wait_for(lambda: self._has_place(waiting.size), PATIENCE):
                    raise QueueFull("too many exchanges wait to be stored")
                self.rows.append(waiting)
                self.size += waiting.size
                if len(self.rows) == 1 or self._is_group():
                    self.change.notify_all()
                return
        insert_row(row)

    def close(self, seconds: float = PATIENCE) -> None:
        """Store what is there, and wait for that; rows that still come are stored at once."""
        with self.change:
            self.is_closed = True
            self.change.notify_all()
        if self.thread is not None:
            self.thread.join(seconds)
            if self.rows:
                log.warning("The exchanges of %d calls could not be kept: the process has ended.", len(self.rows))

    def _start(self) -> None:
        if self.thread is None:
            # A daemon: at its end a process waits for it no longer than `close` does.
            self.thread = Thread(target=self._run, name="exchanges", daemon=True)
            self.thread.start()
            atexit.register(self.close)

    def _has_place(self, size: int) -> bool:
        return not self.rows or (len(self.rows) < MOST_ROWS and self.size + size <= MOST_BYTES)

    def _is_group(self) -> bool:
        return len(self.rows) >= GROUP_ROWS or self.size >= GROUP_BYTES

    def _run(self) -> None:
        timeouts.switch(Work.CALL)
        try:
            while group := self._next_group():
                self._store(group)
                with self.change:
                    for _ in group:
                        self.size -= self.rows.popleft().size
                    self.change.notify_all()
        finally:
            connections.close_all()

    def _next_group(self) -> list[Row]:
        """Wait for rows, and until it is time to store them; return none when nothing more will come."""
        with self.change:
            self.change.wait_for(lambda: self.rows or self.is_closed)
            if not self.rows:
                return []
            self.change.wait_for(
                lambda: self.is_closed or self._is_group(), max(0.0, self.rows[0].until - time.monotonic())
            )
            return [waiting.row for waiting in islice(self.rows, GROUP_ROWS)]

    def _store(self, group: list[Row]) -> None:
        """Store a group, as soon as the database is there; when the process ends, it has so long."""
        pause, end = PAUSES[0], 0.0
        while group:
            try:
                return _copy(group)
            except Exception as error:
                # Anything else is about a row, be it the database or the driver that says so: the others are stored.
                if not find_outage(error):
                    return _insert_each(group)
                if pause == PAUSES[0]:
                    log.warning("%d exchanges wait for the database: %s", len(group), first_line(error))
                if self.is_closed:
                    end = end or time.monotonic() + PATIENCE / 2
                    if time.monotonic() > end:
                        return _log_lost(group, error)
            time.sleep(PAUSES[0] if self.is_closed else pause)
            pause = min(2 * pause, PAUSES[1])
            group = _without_stored(group)


def count_bytes(row: Row) -> int:
    """Return about how much memory a row takes."""
    texts = (value for value in row if isinstance(value, str | bytes))
    lists = (text for value in row if isinstance(value, list) for text in value)
    return ROW_BYTES + sum(map(len, texts)) + sum(map(len, lists))


def _copy(group: list[Row]) -> None:
    try:
        sql.copy(COPY, group)
    except Error:
        connection.close_if_unusable_or_obsolete()
        raise


def _without_stored(group: list[Row]) -> list[Row]:
    """Return the rows that are not stored: a connection may have been lost when they were."""
    try:
        stored = {call_id for (call_id,) in sql.rows(STORED, [[row[CALL_ID] for row in group]])}
    except Error:
        connection.close()
        return group
    return [row for row in group if row[CALL_ID] not in stored]


def _insert_each(group: list[Row]) -> None:
    """Insert the rows one by one, as the database, or its driver, refuses one of them."""
    for row in group:
        try:
            insert_row(row)
        except Exception:  # a row that cannot be stored must end neither the thread nor the rows behind it
            log.exception("call %s: its exchange could not be kept", row[CALL_ID])
            connection.close_if_unusable_or_obsolete()


def _log_lost(group: list[Row], error: Exception) -> None:
    for row in group:
        log.warning("call %s: its exchange could not be kept: %s", row[CALL_ID], first_line(error))


QUEUE = ExchangeQueue()
