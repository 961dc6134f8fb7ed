"""
HTTP's Content-Encoding: undone of requests, within a limit (a small body never unpacks to more than a body may have),
and gzip for answers, whole or chunk by chunk.
"""

import re
import zlib
from collections.abc import Iterator
from functools import lru_cache
from typing import Protocol

from records.shapes.problems import Family, Problem, ProblemError, malformed_error

GZIP = 16 + zlib.MAX_WBITS
DEFLATE = {"zlib": zlib.MAX_WBITS, "bare": -zlib.MAX_WBITS}
# RFC 9110 means the first by `deflate`; old clients of Microsoft send the second.
DEFLATED = 8  # the method in the low half of a zlib header
MEMBERS = 16  # of one gzip body: an empty member costs 20 bytes, so their number must have a limit of its own

SHORTEST = 1_000  # bytes of an answer that is compressed: a shorter one is sent in one packet anyhow
LEVEL = 1  # on XML and JSON it saves nearly what level 6 does, in half the time
CODING = re.compile(r"\s*(?P<name>[\w*!#$%&'+.^`|~-]+)\s*(?:;\s*[qQ]\s*=\s*(?P<weight>[01](?:\.\d{0,3})?)\s*)?")


def decompress(body: bytes, encoding: str, limit: int) -> bytes:
    """Return the body as it was before gzip or deflate; raise ProblemError if it has or gets more than limit bytes."""
    if len(body) > limit:
        raise ProblemError(_too_large(limit))
    match encoding.strip().lower():
        case "" | "identity":
            return body
        case "gzip" | "x-gzip":
            return _unpack(body, GZIP, limit)
        case "deflate":
            return _unpack(body, DEFLATE["zlib" if _has_zlib_header(body) else "bare"], limit)
    raise malformed_error("unknown-encoding", "The Content-Encoding may be gzip, deflate or none.")


def _has_zlib_header(body: bytes) -> bool:
    return len(body) > 1 and body[0] & 0x0F == DEFLATED and int.from_bytes(body[:2], "big") % 31 == 0


def _unpack(body: bytes, bits: int, limit: int) -> bytes:
    """Unpack one stream after another, as gzip has several members; each must end."""
    parts: list[bytes] = []
    room = limit
    while body:
        if len(parts) == MEMBERS:
            raise malformed_error("too-many-members", f"The compressed body has more than {MEMBERS} members.")
        part, body = _unpack_member(body, bits, room)
        if len(part) > room:
            raise ProblemError(_too_large(limit))
        parts.append(part)
        room -= len(part)
    return b"".join(parts)


def _unpack_member(body: bytes, bits: int, room: int) -> tuple[bytes, bytes]:
    """Return the first stream unpacked, or one byte more than there is room for, and what follows it."""
    unpacker = zlib.decompressobj(bits)
    try:
        # One byte more than there is room for tells "too long" from "exactly full" without unpacking the rest.
        part = unpacker.decompress(body, room + 1)
    except zlib.error:
        raise malformed_error("not-compressed", "The body is not compressed as its Content-Encoding says.") from None
    if not unpacker.eof and len(part) <= room:
        raise malformed_error("cut-off", "The compressed body ends too early.")
    return part, unpacker.unused_data


def _too_large(limit: int) -> Problem:
    text = f"The request is longer than {limit:,} bytes, the most that this server takes."
    return Problem("too-large", Family.TOO_LARGE, text)


class Headers(Protocol):
    """The headers of an answer: a mapping of texts, or Django's."""

    def get(self, name: str, default: str, /) -> str: ...
    def __contains__(self, name: object, /) -> bool: ...
    def __setitem__(self, name: str, value: str, /) -> None: ...


@lru_cache(maxsize=200)
def accepts_gzip(header: str) -> bool:
    """True if an Accept-Encoding takes gzip, and does not like the body as it is better."""
    weights: dict[str, float] = {}
    for coding in header.split(","):
        if found := CODING.fullmatch(coding):
            weights[found["name"].lower()] = float(found["weight"] or 1)
    weight = weights.get("gzip", weights.get("x-gzip", weights.get("*", 0)))
    return weight > 0 and weight >= weights.get("identity", 0)


def prepare_headers(headers: Headers, accepted: str) -> bool:
    """
    Say in the headers of an answer that could be compressed what it depends on, and if it is compressed.

    accepted  the Accept-Encoding of the request; returns True if it takes gzip
    """
    varies = headers.get("Vary", "")
    if "accept-encoding" not in varies.lower():
        headers["Vary"] = f"{varies}, Accept-Encoding" if varies else "Accept-Encoding"
    if not accepts_gzip(accepted) or "Content-Encoding" in headers:
        return False
    headers["Content-Encoding"] = "gzip"
    return True


def compress(body: bytes) -> bytes:
    """Return the body as gzip."""
    return zlib.compress(body, LEVEL, wbits=GZIP)


class CompressedChunks:
    """The chunks of a body as gzip: each can be unpacked when it has come. `close` closes the body's own chunks."""

    def __init__(self, chunks: Iterator[bytes]):
        self._chunks = chunks
        self._packer = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP)
        self._is_open = True

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if not self._is_open:
            raise StopIteration
        try:
            chunk = next(self._chunks)
        except StopIteration:
            self._is_open = False
            return self._packer.flush()
        return self._packer.compress(chunk) + self._packer.flush(zlib.Z_SYNC_FLUSH)

    def close(self) -> None:
        """Take no more, as a server does whose caller went away."""
        self._is_open = False
        if callable(close := getattr(self._chunks, "close", None)):
            close()
