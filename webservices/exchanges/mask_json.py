"""
A body of JSON, masked in place: everything but the secrets stays as it was written.

The whole body must parse, however little of it is kept, so one of more than LONGEST bytes is not kept.
"""

import json
import re
from collections.abc import Iterator

from records.shapes.recognition import MASK, plain_name
from webservices.exchanges.masking import MOST, Mask, MaskedBody, decode_text, too_many_secrets, unparsed_body
from webservices.exchanges.streaming_body import REMEMBERED, SentBody

LONGEST = REMEMBERED
# Possessive: a repetition that may give back what it took remembers each of its steps, of a long text gigabytes.
TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[{}\[\],:]|[^\s"{}\[\],:]++|\s++')
OPENS, CLOSES, BETWEEN = frozenset("{["), frozenset("}]"), frozenset(",:")
MASKED = json.dumps(MASK)


def mask_json(sent: SentBody, mask: Mask, limit: int) -> MaskedBody:
    """Mask the body; at most `limit` characters of it are left."""
    if sent.size > LONGEST:
        return MaskedBody(None, f"Not kept, {sent.size:,} bytes of JSON are too many to look for secrets.")
    try:
        text, encoding = decode_text(sent.beginning, json.detect_encoding(sent.beginning))
        json.loads(text, parse_int=str, parse_float=str)  # a number may be longer than Python converts
    except UnicodeDecodeError:
        return unparsed_body("its characters are not those of its encoding")
    except json.JSONDecodeError as error:
        return unparsed_body(f"line {error.lineno}, column {error.colno}")
    except RecursionError:
        return unparsed_body("it is nested too deep")
    secrets: set[str] = set()
    first = "".join(_hide(text, mask, secrets))
    if len(secrets) > MOST:
        return too_many_secrets()
    mask = mask.with_values(secrets)
    masked = "".join(_masked_scalar(token, mask) for token in TOKEN.findall(first)) if mask.repeats(text) else first
    if mask.repeats(masked):
        # A name of a member, for one, or a secret that only the escapes of JSON had split.
        return MaskedBody(None, "Not kept, its markup repeats a secret.", is_parsed=False, secrets=frozenset(secrets))
    is_whole = len(masked) <= limit
    note = "" if is_whole else f"The first {limit:,} of {len(masked):,} characters."
    return MaskedBody(masked[:limit], note, encoding, is_whole, secrets=frozenset(secrets))


def _hide(text: str, mask: Mask, secrets: set[str]) -> Iterator[str]:
    """Yield the tokens of a well-formed text; replace and collect the scalars of secret members, however deep."""
    containers: list[tuple[str, bool]] = []  # the bracket, and whether it hides its content
    is_name = hides = False
    name = ""
    for token in TOKEN.findall(text):
        if token.isspace():
            yield token
            continue
        if token in OPENS:
            containers.append((token, hides))
        elif token in CLOSES:
            containers.pop()
        elif is_name:
            name = plain_name(json.loads(token))
            hides = (bool(containers) and containers[-1][1]) or mask.hides(name)
        elif hides and token not in BETWEEN:
            secrets.add(str(json.loads(token, parse_int=str, parse_float=str)))
            token = json.dumps(mask.replacement)
        elif name in mask.names and token.startswith('"') and mask.names_stranger(name, json.loads(token)):
            token = json.dumps(mask.replacement)  # here only: a user's name is an ordinary word elsewhere
        yield token
        in_object = bool(containers) and containers[-1][0] == "{"
        is_name = in_object and token in ("{", ",")
        if token in OPENS | CLOSES | {","}:
            hides = bool(containers) and containers[-1][1]


def _masked_scalar(token: str, mask: Mask) -> str:
    """A token without the presented secrets; of names and marks too, as they are tokens like others."""
    if not token.startswith('"'):
        return MASKED if mask.repeats(token) else token
    text = json.loads(token)
    return json.dumps(mask.text(text), ensure_ascii=False) if mask.repeats(text) else token
