"""
A large call, written in blocks: what it holds in memory depends on the block, not on the call.

Records that share a key, or a number that is drawn, are told apart over all blocks of a call (`CallKeys`).
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from django.db import transaction

from records.shapes.outcomes import Outcome, OutcomeList
from records.shapes.problems import CONTENDED, ProblemError
from records.shapes.values import Values

RECORDS = 1_000  # of a block
PASSES = 3


class CallKeys:
    """
    The keys of the records of a call.

    numbers      the numbers in the call, from 0, of the records of the current block
    is_complete  no record was judged before another one that has its key was seen
    """

    def __init__(self, numbers: Sequence[int] = ()) -> None:
        self.begin_block(numbers)
        self.is_complete = True
        self._first: dict[object, int] = {}  # by what `_plain` returns
        self._shared: dict[tuple, set[int]] = {}
        self._known: frozenset[tuple] = frozenset()
        self._drawn: set[tuple] = set()

    def __contains__(self, key: tuple) -> bool:
        """True if a record came with this key."""
        return _plain(key) in self._first

    def begin_pass(self) -> None:
        """Begin to write the call, again if it was not complete."""
        self.is_complete = True
        self._known = frozenset(self._shared)
        self._drawn.clear()

    def begin_block(self, numbers: Sequence[int]) -> None:
        """Begin with the records of these numbers."""
        self.numbers, self._current = numbers, frozenset(numbers)

    def add(self, key: tuple, number: int) -> None:
        """Add the key that a record came with, by the record's number."""
        first = self._first.setdefault(_plain(key), number)
        if first != number:
            self._shared.setdefault(key, {first}).add(number)
            if first not in self._current and key not in self._known:
                self.is_complete = False
        if key in self._drawn:
            self.is_complete = False

    def add_drawn(self, key: tuple) -> None:
        """Add a number that was drawn for a record."""
        self._drawn.add(key)

    def find_elsewhere(self, key: tuple) -> Iterable[int]:
        """Return the numbers of the records of other blocks that came with this key."""
        return self._shared[key] - self._current if key in self._shared else ()


def _plain(key: tuple) -> object:
    # All records of a call have as many parts in their keys; a tuple around each would take as much memory again.
    return key[0] if len(key) == 1 else key


class RunBlock(Protocol):
    """A function that writes the records of one block; one outcome per record, in order."""

    def __call__(self, records: Sequence[Values], /, *, keys: CallKeys) -> Sequence[Outcome]: ...


def run_in_blocks(
    names: Sequence[str],
    run: RunBlock,
    records: Sequence[Values],
    *,
    together: int = 0,
) -> Sequence[Outcome]:
    """
    Write the records in blocks, one after the other; one outcome per record, in order.

    Must run inside a transaction. Raises ProblemError when others keep changing what is found by the records.

    names     the fields that identify a record, as it is sent
    run       writes one block, and returns its outcomes
    together  records that are the same in so many of these stay in one block; 0: in all of them
    """
    if len(records) <= RECORDS:
        return run(records, keys=CallKeys(range(len(records))))
    keys = CallKeys()
    blocks = list(_split(records, (*names, "id"), together))
    for _ in range(PASSES):
        outcomes = OutcomeList(len(records))
        keys.begin_pass()
        with transaction.atomic():
            for numbers in blocks:
                keys.begin_block(numbers)
                written = run([records[number] for number in numbers], keys=keys)
                for number, outcome in zip(numbers, written, strict=True):
                    outcomes.set(number, outcome)
            if keys.is_complete:
                return outcomes
            transaction.set_rollback(True)
    raise ProblemError(CONTENDED)


def _split(records: Sequence[Values], names: Sequence[str], together: int) -> Iterator[list[int]]:
    """Yield the numbers of the records, block by block, in the order of what identifies them."""
    # As texts are ordered by the database, so that two large calls lock the same records in one order.
    keys = [tuple([_text(values.get(name)) for name in names]) for values in records]
    block: list[int] = []
    last: tuple[str, ...] = ()
    for number in sorted(range(len(records)), key=keys.__getitem__):
        group = keys[number][: together or None]
        if len(block) >= RECORDS and not (group == last and any(group)):
            yield block
            block = []
        block.append(number)
        last = group
    yield block


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
