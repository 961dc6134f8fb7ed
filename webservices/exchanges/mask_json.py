"""
A body of JSON, masked in place: everything but the secrets stays as it was written.

The whole body must parse, however little of it is kept, so one of more than LONGEST bytes is not kept.
"""

import json
import re
from collections.abc import Iterator

from webservices.exchanges.masking import MASK, Kept, Mask, plain, unparsed
from webservices.exchanges.streaming_body import REMEMBERED, Sent

LONGEST = REMEMBERED
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s"{}\[\],:]+|\s+')
OPENS, CLOSES, BETWEEN = frozenset("{["), frozenset("}]"), frozenset(",:")
MASKED = json.dumps(MASK)


def masked_json(sent: Sent, mask: Mask, limit: int) -> Kept:
    """At most `limit` characters of the body, masked."""
    if sent.size > LONGEST:
        return Kept(None, f"Not kept, {sent.size:,} bytes of JSON are too many to look for secrets.")
    try:
        text = sent.beginning.decode(json.detect_encoding(sent.beginning))
        json.loads(text, parse_int=str, parse_float=str)  # a number may be longer than Python converts
    except UnicodeDecodeError:
        return unparsed("its characters are not those of its encoding")
    except json.JSONDecodeError as error:
        return unparsed(f"line {error.lineno}, column {error.colno}")
    except RecursionError:
        return unparsed("it is nested too deep")
    hidden: set[str] = set()
    first = "".join(_hide(text, mask, hidden))
    mask = mask.with_values(hidden)
    masked = "".join(_masked_scalar(token, mask) for token in TOKEN.findall(first)) if mask.values else first
    if mask.repeats(masked):
        return Kept(None, "Not kept, its markup repeats a secret.", parsed=False, hidden=frozenset(hidden))
    whole = len(masked) <= limit
    note = "" if whole else f"The first {limit:,} of {len(masked):,} characters."
    return Kept(masked[:limit], note, whole=whole, hidden=frozenset(hidden))


def _hide(text: str, mask: Mask, hidden: set[str]) -> Iterator[str]:
    """The tokens of a well-formed text; scalars of a secret member, however deep inside, are replaced and collected."""
    containers: list[tuple[str, bool]] = []  # the bracket, and whether it hides its content
    is_name = hides = False
    for piece in TOKEN.findall(text):
        if piece.isspace():
            yield piece
            continue
        if piece in OPENS:
            containers.append((piece, hides))
        elif piece in CLOSES:
            containers.pop()
        elif is_name:
            hides = (bool(containers) and containers[-1][1]) or plain(json.loads(piece)) in mask.members
        elif hides and piece not in BETWEEN:
            hidden.add(str(json.loads(piece, parse_int=str, parse_float=str)))
            piece = MASKED
        yield piece
        in_object = bool(containers) and containers[-1][0] == "{"
        is_name = in_object and piece in ("{", ",")
        if piece in OPENS | CLOSES or piece == ",":
            hides = bool(containers) and containers[-1][1]


def _masked_scalar(token: str, mask: Mask) -> str:
    """A token without the presented secrets; of names and marks too, as they are tokens like others."""
    if not token.startswith('"'):
        return MASKED if mask.repeats(token) else token
    text = json.loads(token)
    return json.dumps(mask.text(text), ensure_ascii=False) if mask.repeats(text) else token
