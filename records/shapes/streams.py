"""
Records that are not all in memory: what they take does not grow with their number.

    for record in stream: …       once, in their order; or block by block, for block in stream.blocks(): …
    len(stream)                   how many there are; afterwards how many were taken

    for record in paged: …        as often as it is wanted, found anew each time
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, overload

from records.shapes.blocks import Block
from records.shapes.values import Values


class RecordSource(Protocol):
    """The source that holds the records of a stream until they are taken, a database cursor for one."""

    def count(self) -> int: ...
    def take(self) -> Block: ...
    def close(self) -> None: ...


class Stream:
    """
    Records to be iterated over once. Nothing is found before that, and the stream must be closed.

    limit  at most so many are given; its source may have one more, which tells that there are
    """

    def __init__(self, find: Callable[[], RecordSource], limit: int | None = None):
        self._find, self._limit = find, limit
        self._source: RecordSource | None = None
        self._count: int | None = None
        self._taken = 0
        self._ended = False
        self._first: Block | None = None

    @property
    def first(self) -> Sequence[Values]:
        """The first records, once they were taken."""
        return self._first.records() if self._first else ()

    def __len__(self) -> int:
        if self._ended:
            return self._taken
        return self._count_all() if self._limit is None else min(self._count_all(), self._limit)

    @property
    def cut(self) -> bool:
        """True if there is more than the limit; to be asked before the first record is taken."""
        return self._limit is not None and self._count_all() > self._limit

    def _count_all(self) -> int:
        if self._count is None:
            self._count = self._open().count()
        return self._count

    def __iter__(self) -> Iterator[Values]:
        for block in self._blocks():
            for record in block.records():
                self._taken += 1
                yield record
        self.close()

    def blocks(self) -> Iterator[Block]:
        """Iterate over the records in blocks."""
        for block in self._blocks():
            self._taken += len(block)
            yield block
        self.close()

    def _blocks(self) -> Iterator[Block]:
        while not self._ended and (block := self._within_limit(self._open().take())):
            self._first = self._first or block
            yield block

    def _within_limit(self, block: Block) -> Block:
        return block if self._limit is None else block[: self._limit - self._taken]

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


class PagedRecords(Sequence[Values]):
    """
    Records that are found page by page, by their ids, whenever they are iterated over; {} where there is none.

    ids   None: there is no record in this place
    find  finds the records with some ids, in any order
    """

    def __init__(self, ids: Sequence[int | None], find: Callable[[Sequence[int]], Sequence[Values]], page_size: int):
        self._ids, self._find, self._page_size = ids, find, page_size

    def __len__(self) -> int:
        return len(self._ids)

    @overload
    def __getitem__(self, index: int) -> Values: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Values]: ...
    def __getitem__(self, index: int | slice) -> Values | Sequence[Values]:
        if isinstance(index, slice):
            return PagedRecords(self._ids[index], self._find, self._page_size)
        return self._find_page([self._ids[index]])[0]

    def __iter__(self) -> Iterator[Values]:
        for start in range(0, len(self._ids), self._page_size):
            yield from self._find_page(self._ids[start : start + self._page_size])

    def _find_page(self, ids: Sequence[int | None]) -> Sequence[Values]:
        known = [id_ for id_ in ids if id_ is not None]
        by_id = {record["id"]: record for record in self._find(known)} if known else {}
        return [by_id.get(str(id_), {}) for id_ in ids]
