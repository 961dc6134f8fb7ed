"""
Records that come bit by bit: what is held of them at a time does not grow with their number.

    for record in stream: …       once, in their order
    len(stream)                   how many there are; afterwards how many were taken
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from records.shapes.values import Values


class Held(Protocol):
    """What keeps the records of a stream until they are taken."""

    def count(self) -> int: ...
    def take(self) -> Sequence[Values]: ...
    def close(self) -> None: ...


class Stream:
    """
    Nothing is found before the stream is looked at; it may be looked at once, and is to be closed.

    first  the records that were taken together at first
    """

    def __init__(self, find: Callable[[], Held]):
        self._find = find
        self._held: Held | None = None
        self._count: int | None = None
        self._taken = 0
        self._ended = False
        self.first: Sequence[Values] = ()

    def __len__(self) -> int:
        if self._ended:
            return self._taken
        if self._count is None:
            self._count = self._open().count()
        return self._count

    def __iter__(self) -> Iterator[Values]:
        while not self._ended and (records := self._open().take()):
            self.first = self.first or records
            for record in records:
                self._taken += 1
                yield record
        self.close()

    def _open(self) -> Held:
        self._held = self._held or self._find()
        return self._held

    def close(self) -> None:
        """Let go of what was not taken."""
        self._ended = True
        if self._held is not None:
            held, self._held = self._held, None
            held.close()
