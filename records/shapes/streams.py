"""
Streams of records: the memory that they take does not grow with their number.

    for record in stream: …       once, in their order
    len(stream)                   how many there are; afterwards how many were taken
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from records.shapes.values import Values


class RecordSource(Protocol):
    """The source that holds the records of a stream until they are taken, a database cursor for one."""

    def count(self) -> int: ...
    def take(self) -> Sequence[Values]: ...
    def close(self) -> None: ...


class Stream:
    """
    Records to be iterated over once. Nothing is found before that, and the stream must be closed.

    first  the first batch of records, once it was taken
    """

    def __init__(self, find: Callable[[], RecordSource]):
        self._find = find
        self._source: RecordSource | None = None
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

    def _open(self) -> RecordSource:
        self._source = self._source or self._find()
        return self._source

    def close(self) -> None:
        """Let go of what was not taken."""
        self._ended = True
        if self._source is not None:
            # Forgotten before it is closed: whoever closes a second time closes nothing.
            source, self._source = self._source, None
            source.close()
