"""
A body that is sent chunk by chunk, and the beginning of it that is remembered for the exchange.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass

from webservices.timing import Stopwatch

REMEMBERED = 1024 * 1024  # bytes of its beginning; no more of any body is ever searched and stored


@dataclass(frozen=True)
class SentBody:
    """
    A body that was sent.

    beginning  as many of its bytes as are remembered
    size       bytes of all that was sent
    note       why that is not the whole body; "": it is
    """

    beginning: bytes
    size: int
    note: str = ""


def whole_body(body: bytes) -> SentBody:
    """Return a body that was sent at once."""
    return SentBody(body, len(body))


class StreamError(Exception):
    """The base of what ends a stream before its last chunk."""


class BrokenOff(StreamError):
    """An answer could not be written to its end; the server cuts the connection, so that nobody takes it for whole."""


class TooLong(StreamError):
    """A streamed response is longer than its reader can hold."""


class StreamingBody:
    """
    The chunks of a body. The first is made at once: what goes wrong before it can still be answered.

    watch  runs while a chunk is made
    error  why the next chunk could not be made; None: that has not happened
    """

    def __init__(self, chunks: Iterator[bytes], watch: Stopwatch):
        self._chunks, self._watch = chunks, watch
        self._on_end: Callable[[], object] | None = None
        self._beginning, self._size, self._note = bytearray(), 0, ""
        self._is_open = True
        self.error: Exception | None = None
        self._first = self._next_chunk()

    def call_at_end(self, call: Callable[[], object]) -> None:
        """Have this called once, when nothing more will be sent."""
        self._on_end = call

    def _next_chunk(self) -> bytes:
        with self._watch:
            return next(self._chunks, b"")

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if not self._is_open:
            raise StopIteration
        try:
            chunk, self._first = self._first or self._next_chunk(), b""
        except Exception as error:
            self.error = error
            self._end(f"The answer broke off after {self._size:,} bytes.")
            # Status and headers are on the wire already: only a cut connection tells the caller that this is not all.
            raise BrokenOff("An answer broke off; the log of its call says why.") from None
        if not chunk:
            self._end()
            raise StopIteration
        self._size += len(chunk)
        self._beginning += chunk[: REMEMBERED - len(self._beginning)]
        return chunk

    def read_all(self, longest: int | None) -> bytes:
        """Return all that is sent, or as much as came before it broke off; raises TooLong beyond so many bytes."""
        body = bytearray()
        with closing(self), suppress(BrokenOff):
            for chunk in self:
                body += chunk
                if longest is not None and len(body) > longest:
                    raise TooLong
        return bytes(body)

    def close(self) -> None:
        """Take no more, as a server does whose caller went away."""
        self._end(f"The caller took {self._size:,} bytes and no more.")

    def _end(self, note: str = "") -> None:
        if self._is_open:
            self._is_open, self._note = False, note
            if self._on_end is not None:
                self._on_end()

    @property
    def sent_body(self) -> SentBody:
        return SentBody(bytes(self._beginning), self._size, self._note)
