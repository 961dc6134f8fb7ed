"""
Messages in several parts: SOAP with Attachments and MTOM, as Axis2, CXF and .NET send them.

    Content-Type: multipart/related; boundary="b"; start="<root@x>"; type="application/xop+xml"; start-info="text/xml"

    --b
    Content-Type: application/xop+xml; charset=UTF-8; type="text/xml"
    Content-ID: <root@x>

    <soapenv:Envelope …><bm:notes><xop:Include href="cid:1@x" xmlns:xop="…"/></bm:notes>…
    --b
    Content-ID: <1@x>
    Content-Transfer-Encoding: binary

    (bytes)
    --b--

is read as its root part, the message, in which each xop:Include, and each element with an href of `cid:`, has the
Base64 of the part that it names. Sentences repeat nothing of such a body: they are kept where it is not.
"""

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser
from quopri import decodestring
from urllib.parse import unquote

from records.shapes.problems import Family, Problem, ProblemError, malformed_error

MEDIA = "multipart/related"
XOP = "application/xop+xml"
ROOTS = ("text/xml", "application/soap+xml", XOP)
MOST_PARTS = 1000
# A tag, and its end where nothing is between; short enough that a body of nothing else costs no more than its length.
TAG = re.compile(rb"<([\w.:-]{1,200})(\s[^<>]{1,2000})>(\s*</\1\s*>)?")
HREF = re.compile(rb"""\s(?:[\w.-]{1,100}:)?href\s*=\s*(?:"cid:([^"]*)"|'cid:([^']*)')""")


@dataclass(frozen=True)
class Part:
    """One part: its headers and its content, as it was before it was encoded for the way."""

    headers: Message
    content: bytes


def is_multipart(headers: Mapping[str, str]) -> bool:
    """True if a request says that it comes in several parts."""
    return headers.get("content-type", "").lstrip().lower().startswith(MEDIA)


def unpack(body: bytes, content_type: str, limit: int) -> tuple[bytes, str]:
    """
    Return the message of a body in parts, and its content type.

    Raises ProblemError for what is not made as its headers say, or is longer than the limit with all that it includes.
    """
    outer = _read_headers(b"Content-Type: " + content_type.encode("latin-1", "replace"))
    parts = _split(body, str(outer.get_param("boundary", "")))
    by_id = {_plain_id(str(part.headers.get("content-id", ""))): part for part in parts}
    start = outer.get_param("start")
    root = parts[0] if start is None else by_id.get(_plain_id(str(start)))
    if root is None:
        raise _multipart_error("No part of the request has the Content-ID that its Content-Type names as the start.")
    headers = root.headers if "content-type" in root.headers else _read_headers(_default_type(outer))
    media = headers.get_content_type()
    if media not in ROOTS:
        raise _multipart_error(
            f"The root part of the request may be {', '.join(ROOTS)}; its Content-Type is none of these."
        )
    return _include(root.content, by_id, limit), _message_type(headers, media)


def _default_type(outer: Message) -> bytes:
    return b"Content-Type: " + str(outer.get_param("type") or "text/xml").encode("latin-1", "replace")


def _message_type(headers: Message, media: str) -> str:
    """Return the content type of the message: that of the root part, or the one that XOP was put around."""
    if media != XOP:
        return str(headers["content-type"])
    inner = str(headers.get_param("type") or "text/xml")
    charset = headers.get_param("charset")
    return f"{inner}; charset={charset}" if charset else inner


def _multipart_error(sentence: str) -> ProblemError:
    return malformed_error("not-multipart", sentence)


def _read_headers(text: bytes) -> Message:
    return BytesHeaderParser().parsebytes(text)


def _plain_id(text: str) -> str:
    return text.strip().removeprefix("<").removesuffix(">")


def _split(body: bytes, boundary: str) -> list[Part]:
    if not 0 < len(boundary) <= 200:
        raise _multipart_error("A multipart request names its boundary in the Content-Type.")
    mark = b"--" + boundary.encode("latin-1", "replace")
    # A boundary stands at the beginning of a line, which ends the part before it.
    _, *pieces = (b"\r\n" + body).split(b"\r\n" + mark, MOST_PARTS + 2)
    if not pieces:
        raise _multipart_error("The boundary that the Content-Type names is nowhere in the request.")
    if len(pieces) > MOST_PARTS + 1:
        raise _multipart_error(f"The request has more than {MOST_PARTS:,} parts.")
    parts: list[Part] = []
    for piece in pieces:
        if piece.startswith(b"--"):
            return _some(parts)
        parts.append(_read_part(piece))
    raise _multipart_error("The request ends before its last boundary.")


def _some(parts: list[Part]) -> list[Part]:
    if not parts:
        raise _multipart_error("The request has no part.")
    return parts


def _read_part(piece: bytes) -> Part:
    # White space may follow a boundary; a part without headers begins with a blank line.
    padding, _, rest = piece.partition(b"\r\n")
    if padding.strip():
        raise _multipart_error("Something stands on the line of a boundary.")
    head, blank, content = (b"\r\n" + rest).partition(b"\r\n\r\n")
    if not blank:
        raise _multipart_error("A part of the request has no blank line after its headers.")
    headers = _read_headers(head[2:] + b"\r\n\r\n")
    return Part(headers, _decode(content, str(headers.get("content-transfer-encoding", ""))))


def _decode(content: bytes, encoding: str) -> bytes:
    match encoding.strip().lower():
        case "" | "binary" | "8bit" | "7bit":
            return content
        case "base64":
            try:
                return b64decode(content)
            except binascii.Error:
                raise _multipart_error("A part of the request is not Base64, as its headers say.") from None
        case "quoted-printable":
            return decodestring(content)
    raise _multipart_error(
        "The Content-Transfer-Encoding of a part may be binary, 8bit, 7bit, base64 or quoted-printable."
    )


def _include(root: bytes, by_id: Mapping[str, Part], limit: int) -> bytes:
    """Put the Base64 of parts where the root names them; one part may be named again and again, within the limit."""
    if b"cid:" not in root:
        return root
    length = len(root)

    def replace(tag: re.Match[bytes]) -> bytes:
        nonlocal length
        name, attributes, end = tag.groups()
        href = HREF.search(attributes)
        if href is None or not (end or attributes.endswith(b"/")):
            return tag[0]
        cid = unquote((href[1] or href[2] or b"").decode("utf-8", "replace"))
        part = by_id.get(cid)
        if part is None:
            raise _multipart_error("No part of the request has the Content-ID that an href in its message names.")
        length += 4 * ((len(part.content) + 2) // 3)
        if length > limit:
            text = f"The request is longer than {limit:,} bytes with the parts that it includes."
            raise ProblemError(Problem("too-large", Family.TOO_LARGE, text))
        content = b64encode(part.content)
        if name.rpartition(b":")[2] == b"Include":
            return content
        others = (attributes[: href.start()] + attributes[href.end() :]).removesuffix(b"/")
        return b"<" + name + others.rstrip() + b">" + content + b"</" + name + b">"

    return TAG.sub(replace, root)
