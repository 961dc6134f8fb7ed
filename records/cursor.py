"""Cursors of the database: the rows of a search, found as they are taken."""

from collections.abc import Sequence
from contextlib import suppress
from itertools import count
from time import monotonic

from django.db import Error

from records import sql
from records.conditions import Sql
from records.shapes.blocks import Block, Layout

NUMBERS = count(1)
LONGEST_TRANSACTION = 60.0  # seconds that the database keeps old rows for a stream


class ServerCursor:
    """
    A server-side cursor: the rows of a statement as of one moment, found as they are taken.

        BEGIN                                                        unless there is a transaction
        DECLARE "held_1" NO SCROLL CURSOR WITH HOLD FOR SELECT …
        FETCH FORWARD 500 FROM "held_1"                              until nothing comes
        CLOSE "held_1"
        COMMIT

    An open transaction makes the database keep old rows. So that a slow reader cannot hold it, it is committed after
    LONGEST_TRANSACTION seconds: the database then finds what is left, and keeps it on its disk.

    page_size  how many rows are taken together
    """

    def __init__(self, counting: Sql, statement: str, parameters: Sequence[object], layout: Layout, *, page_size: int):
        self._name = sql.quote_name(f"held_{next(NUMBERS)}")
        self._counting, self._layout, self._page_size = counting, layout, page_size
        self._alias = sql.get_alias()
        self._snapshot = sql.Snapshot()
        self._until = monotonic() + LONGEST_TRANSACTION
        try:
            # WITH HOLD: the rows outlive the transaction; NO SCROLL: only those that are left when it ends.
            sql.run(f"DECLARE {self._name} NO SCROLL CURSOR WITH HOLD FOR {statement}", parameters)
        except BaseException:
            self._snapshot.end()
            raise

    def count(self) -> int:
        """Count the records, before the first is taken."""
        with sql.using(self._alias):
            return sql.rows(*self._counting)[0][0]

    def take(self) -> Block:
        """Return the next rows; an empty block at the end."""
        if monotonic() > self._until:
            self._snapshot.end()
        with sql.using(self._alias):
            return Block(self._layout, sql.rows(f"FETCH FORWARD {self._page_size} FROM {self._name}"))

    def close(self) -> None:
        # A connection that broke off has nothing to close.
        with suppress(Error), sql.using(self._alias):
            sql.run(f"CLOSE {self._name}")
        with suppress(Error):
            self._snapshot.end()
