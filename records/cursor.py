"""
What a statement finds, as of one moment, held by the database and fetched bit by bit.

    DECLARE "held_1" SCROLL CURSOR WITH HOLD FOR SELECT …     runs it to its end and keeps the rows, on disk if many
    FETCH FORWARD 500 FROM "held_1"                           until nothing comes
    CLOSE "held_1"

No transaction is open between fetches, so that who reads slowly keeps the database from nothing.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import count

from django.db import Error

from records import sql
from records.shapes.values import Values

NUMBERS = count(1)


class ServerCursor:
    """
    The rows of a statement, each made a record as it is taken.

    at_once  how many are taken together
    """

    def __init__(
        self, statement: str, parameters: Sequence[object], present: Callable[[tuple], Values], *, page_size: int
    ):
        self._name = sql.name(f"held_{next(NUMBERS)}")
        self._present, self._at_once = present, page_size
        sql.run(f"DECLARE {self._name} SCROLL CURSOR WITH HOLD FOR {statement}", parameters)

    def count(self) -> int:
        """How many there are, before the first is taken."""
        moved = sql.run(f"MOVE FORWARD ALL IN {self._name}").rowcount
        sql.run(f"MOVE ABSOLUTE 0 IN {self._name}")
        return moved

    def take(self) -> Sequence[Values]:
        """The next; none at the end."""
        return [self._present(row) for row in sql.rows(f"FETCH FORWARD {self._at_once} FROM {self._name}")]

    def close(self) -> None:
        """A connection that broke off has nothing to close."""
        with suppress(Error):
            sql.run(f"CLOSE {self._name}")
