"""
Bodies in chunks.

A dialect writes what was found as texts, one after another. A Stream of records makes them a response in chunks; when
all records are there already, the same texts are its body.

A dialect has two writers of records, both made from its own declaration: of one record, and of the records of a block,
column by column. They write the same; the second takes a fraction of the time.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from records.shapes.blocks import Block
from records.shapes.streams import Stream
from records.shapes.values import Values
from webservices.wire.messages import Answer, WireResponse

CHUNK = 32 * 1024  # characters that are sent together: each chunk costs a call of the system and a frame of HTTP
PART = CHUNK // 8  # characters of records that go together through the texts of a frame

RecordWriter = Callable[[Values], str]
BlockWriter = Callable[[Block], Iterable[str]]  # one text for each record


def write_records(
    records: Sequence[Values] | Stream, write: RecordWriter, write_block: BlockWriter, separator: str = ""
) -> Iterator[str]:
    """Write records that were found, those of a Stream block by block; the texts that come hold one or several."""
    if not isinstance(records, Stream):
        texts: Iterable[str] = map(write, records)
    else:
        texts = (text for block in records.blocks() for text in write_block(block))
    start = ""
    for part in _collect(texts, PART):
        yield start + separator.join(part)
        start = separator


def join_columns(start: str, columns: Iterable[Sequence[str]], end: str, separator: str = "") -> Iterator[str]:
    """Join what was written of each column: the text of one record after the other."""
    return (f"{start}{separator.join(each)}{end}" for each in zip(*columns, strict=True))


def build_response(
    answer: Answer, texts: Iterable[str], content_type: str, headers: Mapping[str, str] | None = None
) -> WireResponse:
    """Return the response with these texts as its body."""
    if isinstance(answer.records, Stream):
        return WireResponse(200, b"", content_type, headers or {}, chunks=join_chunks(texts))
    return WireResponse(200, "".join(texts).encode(), content_type, headers or {})


def join_chunks(texts: Iterable[str]) -> Iterator[bytes]:
    """Return the texts in UTF-8, joined until they make a chunk."""
    return ("".join(part).encode() for part in _collect(texts, CHUNK))


def _collect(texts: Iterable[str], size: int) -> Iterator[list[str]]:
    """Collect texts until they have so many characters."""
    collected: list[str] = []
    length = 0
    for text in texts:
        collected.append(text)
        length += len(text)
        if length >= size:
            yield collected
            collected, length = [], 0
    if length:
        yield collected
