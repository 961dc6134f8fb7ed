"""
A list whose items lie in a temporary file, but for the first: what it takes in memory does not depend on their number.

The file has no name, and is gone with the list. Where `tempfile.tempdir` lies is the web process's to say.
"""

import os
import pickle
from array import array
from collections.abc import Sequence
from tempfile import TemporaryFile
from typing import IO, TypeVar, overload

T = TypeVar("T")

IN_MEMORY = 1_000


class SpooledList(Sequence[T]):
    """Items in their order; each that is asked for beyond the first is a copy of its own."""

    def __init__(self) -> None:
        self._first: list[T] = []
        self._file: IO[bytes] | None = None
        self._ends = array("Q", [0])  # where the items in the file end, after where the first begins
        self._is_flushed = True

    def append(self, item: T) -> None:
        """Add an item behind the others."""
        if len(self._first) < IN_MEMORY:
            self._first.append(item)
            return
        if self._file is None:
            self._file = TemporaryFile()  # noqa: SIM115 - it lives as long as the list
        self._ends.append(self._ends[-1] + self._file.write(pickle.dumps(item, pickle.HIGHEST_PROTOCOL)))
        self._is_flushed = False

    def __len__(self) -> int:
        return len(self._first) + len(self._ends) - 1

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        number = index if index >= 0 else index + len(self)
        if not 0 <= number < len(self):
            raise IndexError(index)
        return self._first[number] if number < len(self._first) else self._load(number - len(self._first))

    def _load(self, number: int) -> T:
        if self._file is None:
            raise IndexError(number)
        if not self._is_flushed:
            self._file.flush()
            self._is_flushed = True
        start, end = self._ends[number : number + 2]
        # Without a position of its own: the file's end is where the next item goes.
        item: T = pickle.loads(os.pread(self._file.fileno(), end - start, start))  # noqa: S301 - we wrote it ourselves
        return item
