"""HTTP's Content-Encoding, undone within a limit: a small body never unpacks to more than a body may have."""

import zlib

from records.shapes.problems import Family, Problem, ProblemError, malformed_error

GZIP = 16 + zlib.MAX_WBITS
DEFLATE = {"zlib": zlib.MAX_WBITS, "bare": -zlib.MAX_WBITS}
# RFC 9110 means the first by `deflate`; old clients of Microsoft send the second.
DEFLATED = 8  # the method in the low half of a zlib header
MEMBERS = 16  # of one gzip body: an empty member costs 20 bytes, so their number must have a limit of its own


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
