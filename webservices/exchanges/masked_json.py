"""
A body of JSON, masked in place: everything but the secrets stays as it was written.

The whole body must parse, however little of it is kept, so one of more than LONGEST bytes is not kept.
"""

import json
import re
from collections.abc import Iterator

from webservices.exchanges.masking import MASK, Kept, Mask, plain, unparsed

LONGEST = 1024 * 1024
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s"{}\[\],:]+|\s+')
OPENS, CLOSES, BETWEEN = frozenset("{["), frozenset("}]"), frozenset(",:")
MASKED = json.dumps(MASK)


def masked_json(body: bytes, mask: Mask, limit: int) -> Kept:
    """At most `limit` characters of the body, masked."""
    if len(body) > LONGEST:
        return Kept(None, f"Not kept, {len(body):,} bytes of JSON are too many to look for secrets.")
    try:
        text = body.decode(json.detect_encoding(body))
        json.loads(text)
    except UnicodeDecodeError:
        return unparsed("its characters are not those of its encoding")
    except json.JSONDecodeError as error:
        return unparsed(f"line {error.lineno}, column {error.colno}")
    except RecursionError:
        return unparsed("it is nested too deep")
    masked = "".join(_masked_tokens(text, mask))
    if mask.repeats(masked):
        return Kept(None, "Not kept, its markup repeats a secret.", parsed=False)
    whole = len(masked) <= limit
    return Kept(masked[:limit], "" if whole else f"The first {limit:,} of {len(masked):,} characters.", whole=whole)


def _masked_tokens(text: str, mask: Mask) -> Iterator[str]:
    """The tokens of a well-formed text; scalars of a secret member, however deep inside it, are replaced."""
    containers: list[tuple[str, bool]] = []  # the bracket, and whether its content is hidden
    is_name = hidden = False
    for piece in TOKEN.findall(text):
        if piece.isspace():
            yield piece
            continue
        if piece in OPENS:
            containers.append((piece, hidden))
        elif piece in CLOSES:
            containers.pop()
        elif is_name:
            hidden = (bool(containers) and containers[-1][1]) or plain(json.loads(piece)) in mask.members
        elif piece not in BETWEEN:
            piece = MASKED if hidden else _masked_scalar(piece, mask)
        yield piece
        in_object = bool(containers) and containers[-1][0] == "{"
        is_name = in_object and piece in ("{", ",")
        if piece in OPENS | CLOSES or piece == ",":
            hidden = bool(containers) and containers[-1][1]


def _masked_scalar(token: str, mask: Mask) -> str:
    if not token.startswith('"'):
        return MASKED if mask.repeats(token) else token
    text = json.loads(token)
    return json.dumps(mask.text(text), ensure_ascii=False) if mask.repeats(text) else token
