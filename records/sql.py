"""
Statements sent as they are, prepared by the server when they come again, on Django's own connection.

Django's cursor merges parameters on the client; these bind on the server, so that one text is planned once. They are
counted and timed by Django like any other query.

    with using("replica"): …     # all statements of this module go there instead
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any, cast

import psycopg
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.backends.utils import CursorWrapper

NUL = "\x00"
_alias: ContextVar[str] = ContextVar("alias", default=DEFAULT_DB_ALIAS)


@contextmanager
def using(alias: str) -> Iterator[None]:
    """Send the statements inside to the database of this alias."""
    token = _alias.set(alias)
    try:
        yield
    finally:
        _alias.reset(token)


def get_alias() -> str:
    """Return the alias of the database that statements are sent to."""
    return _alias.get()


def _connection() -> DatabaseWrapper:
    return cast(DatabaseWrapper, connections[_alias.get()])


def run(statement: str, parameters: Sequence[Any] = ()) -> CursorWrapper:
    """Run one statement and return its cursor, to fetch from. Database errors are Django's (`django.db.utils`)."""
    connection = _connection()
    connection.ensure_connection()
    # Django's own cursor class merges parameters into the text; this one binds them, whatever OPTIONS say.
    raw = cast(CursorWrapper, psycopg.Cursor(connection.connection))
    cursor = connection.make_debug_cursor(raw) if connection.queries_logged else connection.make_cursor(raw)
    cursor.execute(statement, parameters)
    return cursor


def rows(statement: str, parameters: Sequence[Any] = ()) -> list[tuple]:
    """Return all rows of one statement."""
    return run(statement, parameters).fetchall()


def copy(statement: str, rows: Iterable[Sequence[Any]]) -> None:
    """Run one `COPY … FROM STDIN`: all of these rows, or none. Errors are Django's."""
    connection = _connection()
    connection.ensure_connection()
    with (
        connection.wrap_database_errors,
        psycopg.Cursor(connection.connection) as cursor,
        cursor.copy(statement) as writer,
    ):
        for row in rows:
            writer.write_row(row)


@contextmanager
def pipeline() -> Iterator[None]:
    """
    Send the statements inside without waiting: the database works on them while we build the next ones.

    The rows of a statement are waited for when they are fetched; an error is raised when it is noticed, at the latest
    at the end.
    """
    connection = _connection()
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline() as pipe:
        try:
            yield
        except BaseException:
            # The statements behind the failed one are aborted, too: only its error counts, and only a synchronized
            # connection can go on to the rollback.
            with suppress(psycopg.Error):
                pipe.sync()
            raise


class Snapshot:
    """
    A transaction in which all statements see the database as of the first; the one that there is, where there is one.

    It is open until `end`, over more than one block of code: whoever opens it must see to that.
    """

    def __init__(self) -> None:
        self._connection = _connection()
        self._is_open = not self._connection.in_atomic_block and self._connection.get_autocommit()
        if self._is_open:
            # By Django's own switch: a connection that is given back in a transaction is closed by it.
            self._connection.set_autocommit(False)
            try:
                run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            except BaseException:
                self.end()
                raise

    def end(self) -> None:
        """Commit; cursors WITH HOLD go on. A second time does nothing."""
        if not self._is_open:
            return
        self._is_open = False
        try:
            self._connection.commit()
        finally:
            try:
                self._connection.set_autocommit(True)
            except Error:  # it is lost
                self._connection.close()


def check_connection() -> None:
    """Drop a connection that an error has broken, outside of any transaction; the next statement makes a new one."""
    connection = _connection()
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()


def text_array(values: Sequence[str | None]) -> str:
    """
    Build a PostgreSQL array literal, `{"a",NULL,"b \\"c\\""}`, to be sent as one text.

    All values are escaped at once: twenty times as fast as the driver, which takes them one by one.
    """
    if None not in values:
        joined = NUL.join(cast(Sequence[str], values))
        # No value has a NUL of its own; the database would refuse it anyway, and tell so of the record that has it.
        if joined.count(NUL) == len(values) - 1:
            return '{"' + _escape(joined).replace(NUL, '","') + '"}'
    return "{" + ",".join("NULL" if value is None else f'"{_escape(value)}"' for value in values) + "}"


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def quote_name(identifier: str) -> str:
    return _connection().ops.quote_name(identifier)
