"""
Statements sent as they are, prepared by the server when they come again, on Django's own connection.

Django's cursor merges parameters on the client; these bind on the server, so that one text is planned once. They are
counted and timed by Django like any other query.
"""

from collections.abc import Sequence

import psycopg
from django.db import connection


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


def name(identifier: str) -> str:
    """An identifier, quoted."""
    return connection.ops.quote_name(identifier)
