"""
Bodies in chunks.

A dialect writes what was found as texts, one after another. A Stream of records makes them a response in chunks; when
all records are there already, the same texts are its body.
"""

from collections.abc import Iterable, Iterator, Mapping

from records.shapes.streams import Stream
from webservices.wire.messages import Answer, WireResponse

CHUNK = 32 * 1024  # characters that are sent together: each chunk costs a call of the system and a frame of HTTP


def build_response(
    answer: Answer, texts: Iterable[str], content_type: str, headers: Mapping[str, str] | None = None
) -> WireResponse:
    """Return the response with these texts as its body."""
    if isinstance(answer.records, Stream):
        return WireResponse(200, b"", content_type, headers or {}, chunks=join_chunks(texts))
    return WireResponse(200, "".join(texts).encode(), content_type, headers or {})


def join_chunks(texts: Iterable[str]) -> Iterator[bytes]:
    """Return the texts in UTF-8, joined until they make a chunk."""
    collected: list[str] = []
    length = 0
    for text in texts:
        collected.append(text)
        length += len(text)
        if length >= CHUNK:
            yield "".join(collected).encode()
            collected, length = [], 0
    if length:
        yield "".join(collected).encode()
