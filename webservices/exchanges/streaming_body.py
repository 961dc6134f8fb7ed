"""
An answer that goes out bit by bit, and what is remembered of it for its exchange.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from webservices.timing import Stopwatch

REMEMBERED = 1024 * 1024  # bytes of its beginning; no more of any body is ever looked at to be kept


@dataclass(frozen=True)
class Sent:
    """
    A body that was sent.

    beginning  as far as it is remembered
    size       how long all that was sent is
    note       why that is not the whole body; "": it is
    """

    beginning: bytes
    size: int
    note: str = ""


def whole(body: bytes) -> Sent:
    """A body that was sent at once."""
    return Sent(body, len(body))


class BrokenOff(Exception):
    """An answer could not be written to its end; the server cuts the connection, so that nobody takes it for whole."""


class TooLong(Exception):
    """A response that flows is longer than whoever takes it can hold."""


class StreamingBody:
    """
    The pieces of a body. The first is made at once: what goes wrong before it can still be answered.

    watch  runs while a piece is made
    ended  called once, when nothing more will be sent
    broken whether it ended because a piece could not be made; the error is being handled then
    """

    def __init__(self, chunks: Iterator[bytes], watch: Stopwatch, ended: Callable[["StreamingBody"], None]):
        self._pieces, self._watch, self._ended = chunks, watch, ended
        self._beginning, self._size, self._note = bytearray(), 0, ""
        self._open, self.broken = True, False
        self._first = self._made()

    def _made(self) -> bytes:
        with self._watch:
            return next(self._pieces, b"")

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if not self._open:
            raise StopIteration
        try:
            piece, self._first = self._first or self._made(), b""
        except Exception:
            self.broken = True
            self._end(f"The answer broke off after {self._size:,} bytes.")
            raise BrokenOff("An answer broke off; the log of its call says why.") from None
        if not piece:
            self._end()
            raise StopIteration
        self._size += len(piece)
        self._beginning += piece[: REMEMBERED - len(self._beginning)]
        return piece

    def close(self) -> None:
        """For who takes no more, as a server whose caller went away."""
        self._end(f"The caller took {self._size:,} bytes and no more.")

    def _end(self, note: str = "") -> None:
        if self._open:
            self._open, self._note = False, note
            self._ended(self)

    @property
    def sent(self) -> Sent:
        return Sent(bytes(self._beginning), self._size, self._note)
