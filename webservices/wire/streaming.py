"""
Bodies bit by bit.

A dialect writes what was found as texts, one after another. A Stream of records makes them a response in pieces; of
records that are all there, the same texts are its body.
"""

from collections.abc import Iterable, Iterator, Mapping

from records.shapes.streams import Stream
from webservices.wire.messages import Answer, WireResponse

PIECE = 32 * 1024  # characters that are sent together: each piece costs a call of the system and a chunk of HTTP


def response_of(
    answer: Answer, texts: Iterable[str], content_type: str, headers: Mapping[str, str] | None = None
) -> WireResponse:
    """The response whose body the texts are."""
    if isinstance(answer.records, Stream):
        return WireResponse(200, b"", content_type, headers or {}, chunks=in_pieces(texts))
    return WireResponse(200, "".join(texts).encode(), content_type, headers or {})


def in_pieces(texts: Iterable[str]) -> Iterator[bytes]:
    """The texts in UTF-8, so many of them together as make a piece."""
    gathered: list[str] = []
    length = 0
    for text in texts:
        gathered.append(text)
        length += len(text)
        if length >= PIECE:
            yield "".join(gathered).encode()
            gathered, length = [], 0
    if length:
        yield "".join(gathered).encode()
