"""HTTP's Content-Encoding, undone within a limit: what a small body unpacks to is never more than a body may be."""

import zlib

from records.shapes.problems import Family, Problem, ProblemError

GZIP = 16 + zlib.MAX_WBITS
DEFLATE = {"zlib": zlib.MAX_WBITS, "bare": -zlib.MAX_WBITS}  # both are sent under this name
DEFLATED = 8  # the method in the low half of a zlib header
MEMBERS = 16  # of one gzip body


def decoded(body: bytes, encoding: str, limit: int) -> bytes:
    """
    The body as it was before gzip or deflate; raises ProblemError when it is, or becomes, longer than limit bytes.
    """
    if len(body) > limit:
        raise ProblemError(_too_large(limit))
    match encoding.strip().lower():
        case "" | "identity":
            return body
        case "gzip" | "x-gzip":
            return _unpacked(body, GZIP, limit)
        case "deflate":
            return _unpacked(body, DEFLATE["zlib" if _has_zlib_header(body) else "bare"], limit)
    raise ProblemError(_malformed("unknown-encoding", "The Content-Encoding may be gzip, deflate or none."))


def _has_zlib_header(body: bytes) -> bool:
    return len(body) > 1 and body[0] & 0x0F == DEFLATED and int.from_bytes(body[:2], "big") % 31 == 0


def _unpacked(body: bytes, bits: int, limit: int) -> bytes:
    """One stream after another, as gzip has several members; each must end."""
    parts: list[bytes] = []
    room = limit
    while body:
        if len(parts) == MEMBERS:
            raise ProblemError(_malformed("too-many-members", f"The compressed body has more than {MEMBERS} members."))
        part, body = _member(body, bits, room)
        if len(part) > room:
            raise ProblemError(_too_large(limit))
        parts.append(part)
        room -= len(part)
    return b"".join(parts)


def _member(body: bytes, bits: int, room: int) -> tuple[bytes, bytes]:
    """The first stream unpacked, or one byte more than there is room for, and what follows it."""
    unpacker = zlib.decompressobj(bits)
    try:
        part = unpacker.decompress(body, room + 1)
    except zlib.error:
        raise ProblemError(
            _malformed("not-compressed", "The body is not compressed as its Content-Encoding says.")
        ) from None
    if not unpacker.eof and len(part) <= room:
        raise ProblemError(_malformed("cut-off", "The compressed body ends too early."))
    return part, unpacker.unused_data


def _too_large(limit: int) -> Problem:
    text = f"The request is longer than {limit:,} bytes, the most that this server takes."
    return Problem("too-large", Family.TOO_LARGE, text)


def _malformed(code: str, text: str) -> Problem:
    return Problem(code, Family.MALFORMED, text)
