"""
A server-side cursor: the rows of a statement as of one moment, held by the database and fetched page by page.

    DECLARE "held_1" SCROLL CURSOR WITH HOLD FOR SELECT …     runs it to its end and keeps the rows, on disk if many
    FETCH FORWARD 500 FROM "held_1"                           until nothing comes
    CLOSE "held_1"

No transaction is open between fetches, so that a slow reader keeps the database from nothing.
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
    The rows of a statement, each turned into a record as it is taken.

    page_size  how many are taken together
    """

    def __init__(
        self, statement: str, parameters: Sequence[object], present: Callable[[tuple], Values], *, page_size: int
    ):
        self._name = sql.quote_name(f"held_{next(NUMBERS)}")
        self._present, self._page_size = present, page_size
        # WITH HOLD: the rows outlive the transaction; SCROLL: `count` can go to the end and back.
        sql.run(f"DECLARE {self._name} SCROLL CURSOR WITH HOLD FOR {statement}", parameters)

    def count(self) -> int:
        """Count the records, before the first is taken."""
        moved = sql.run(f"MOVE FORWARD ALL IN {self._name}").rowcount
        sql.run(f"MOVE ABSOLUTE 0 IN {self._name}")
        return moved

    def take(self) -> Sequence[Values]:
        """Return the next page of records; an empty one at the end."""
        return [self._present(row) for row in sql.rows(f"FETCH FORWARD {self._page_size} FROM {self._name}")]

    def close(self) -> None:
        # A connection that broke off has nothing to close.
        with suppress(Error):
            sql.run(f"CLOSE {self._name}")
