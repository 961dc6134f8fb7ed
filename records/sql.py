"""
Statements sent as they are, prepared by the server when they come again, on Django's own connection.

Django's cursor merges parameters on the client; these bind on the server, so that one text is planned once. They are
counted and timed by Django like any other query.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import psycopg
from django.db import connection

NUL = "\x00"


def run(statement: str, parameters: Sequence[object] = ()):
    """Run one statement; gives its cursor, to fetch from. Database errors are Django's (`django.db.utils`)."""
    connection.ensure_connection()
    raw = psycopg.Cursor(connection.connection)
    cursor = connection.make_debug_cursor(raw) if connection.queries_logged else connection.make_cursor(raw)
    cursor.execute(statement, parameters)
    return cursor


def rows(statement: str, parameters: Sequence[object] = ()) -> list[tuple]:
    """All rows of one statement."""
    return run(statement, parameters).fetchall()


@contextmanager
def ahead() -> Iterator[None]:
    """
    Inside, statements are sent and not waited for: the database works on them while we make the next ones.

    What a statement returns is waited for when it is fetched; an error comes when it is noticed, at the latest at the
    end.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline() as pipeline:
        try:
            yield
        except BaseException:
            with suppress(psycopg.Error):  # that the rest of what was sent came to nothing
                pipeline.sync()
            raise


def check_connection() -> None:
    """After an error outside of any transaction: a connection that was lost is made anew when it is used next."""
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()


def text_array(values: Sequence[str | None]) -> str:
    """
    A PostgreSQL array literal, `{"a",NULL,"b \\"c\\""}`, to be sent as one text.

    All values are escaped at once: twenty times as fast as the driver, which takes them one by one.
    """
    if None not in values:
        joined = NUL.join(values)
        if joined.count(NUL) == len(values) - 1:  # no value has one, which the database would refuse anyway
            return '{"' + _escaped(joined).replace(NUL, '","') + '"}'
    return "{" + ",".join("NULL" if value is None else f'"{_escaped(value)}"' for value in values) + "}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def name(identifier: str) -> str:
    """An identifier, quoted."""
    return connection.ops.quote_name(identifier)
