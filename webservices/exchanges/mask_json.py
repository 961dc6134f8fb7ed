"""
A body of JSON, masked in place: everything but the secrets stays as it was written.

The whole body must parse, however little of it is kept, so one of more than LONGEST bytes is not kept. Its names are
looked at first, all at once: it is read token by token only where one tells of a secret, or a secret is repeated.
"""

import json
import re
from collections.abc import Iterator
from functools import lru_cache, partial

from records.shapes.recognition import MASK, plain_name
from webservices.exchanges.masking import (
    MOST,
    Mask,
    MaskedBody,
    Rule,
    build_mask,
    decode_text,
    remember,
    too_many_secrets,
    unparsed_body,
)
from webservices.exchanges.streaming_body import REMEMBERED, SentBody
from webservices.wire.dialects.base import Secrets

LONGEST = REMEMBERED
# Possessive: a repetition that may give back what it took remembers each of its steps, of a long text gigabytes.
TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[{}\[\],:]|[^\s"{}\[\],:]++|\s++')
# Each text, so that none is taken for the space between two others; of those that are names what is in them.
NAME = re.compile(r'"([^"\\]*+(?:\\.[^"\\]*+)*+)"\s*+:|"[^"\\]*+(?:\\.[^"\\]*+)*+"')
ESCAPES = re.compile(r"(?:\\u[0-9a-fA-F]{4})++|\\.")
UNESCAPED_QUOTE = re.compile(r'(?<!\\)(?:\\\\)*+"')
OPENS, CLOSES, BETWEEN = frozenset("{["), frozenset("}]"), frozenset(",:")
MASKED = json.dumps(MASK)


def mask_json(sent: SentBody, mask: Mask, limit: int, *, is_own: bool = False, reads_all: bool = False) -> MaskedBody:
    """
    Mask the body; at most `limit` characters of it are left.

    is_own     the hub wrote it: it is well-formed, and behind the limit nothing tells of a secret that is not known
    reads_all  read it token by token, whatever its names are
    """
    if sent.size > LONGEST:
        return MaskedBody(None, f"Not kept, {sent.size:,} bytes of JSON are too many to look for secrets.")
    is_own = is_own and not sent.note
    try:
        text, encoding = decode_text(sent.beginning, json.detect_encoding(sent.beginning))
        if not is_own:
            json.loads(text, parse_int=str, parse_float=str)  # a number may be longer than Python converts
    except UnicodeDecodeError:
        return unparsed_body("its characters are not those of its encoding")
    except json.JSONDecodeError as error:
        return unparsed_body(f"line {error.lineno}, column {error.colno}")
    except RecursionError:
        return unparsed_body("it is nested too deep")
    secrets: set[str] = set()
    looked_at = _beginning(text, limit) if is_own and not reads_all else text
    # What is masked in the beginning makes it shorter, and brings some of the rest within the limit.
    is_read = reads_all or _tells(looked_at, mask) or _repeats(looked_at, mask)
    first = "".join(_hide(text, mask, secrets)) if is_read else text
    if len(secrets) > MOST:
        return too_many_secrets()
    mask = mask.with_values(secrets)
    masked = first
    if is_read and _repeats(text, mask):
        masked = "".join(_masked_scalar(token, mask) for token in TOKEN.findall(first))
    if masked is not text and mask.repeats(masked):
        # A name of a member, for one, or a secret that only the escapes of JSON had split.
        return MaskedBody(None, "Not kept, its markup repeats a secret.", is_parsed=False, secrets=frozenset(secrets))
    is_whole = len(masked) <= limit
    note = "" if is_whole else f"The first {limit:,} of {len(masked):,} characters."
    return MaskedBody(masked[:limit], note, encoding, is_whole, secrets=frozenset(secrets))


def _beginning(text: str, limit: int) -> str:
    """Return the text up to the limit, and what is left of the scalar there, which may be a secret."""
    quote = UNESCAPED_QUOTE.search(text, limit)
    return text[: quote.end()] if quote else text


def _repeats(text: str, mask: Mask) -> bool:
    """True if a secret is in the text, as it is or written with escapes."""
    return mask.repeats(text) or ("\\" in text and mask.repeats(ESCAPES.sub(_unescape, text)))


def _unescape(written: re.Match[str]) -> str:
    return json.loads(f'"{written[0]}"')


def _tells(text: str, mask: Mask) -> bool:
    """True if a name tells that its value may be secret, or cannot be read."""
    is_telling: Rule = partial(_is_telling, mask)
    if mask.secrets is not None and mask.recognizes:
        is_telling = _remembering_rule(mask.secrets)
    return any(map(is_telling, set(NAME.findall(text))))


@lru_cache(maxsize=64)
def _remembering_rule(secrets: Secrets) -> Rule:
    return remember(partial(_is_telling, build_mask(secrets)))


def _is_telling(mask: Mask, written: str) -> bool:
    plain = _read_name(written)
    return plain in mask.names or mask.hides(plain)


def _read_name(written: str) -> str:
    if "\\" not in written:
        return plain_name(written)
    try:
        return plain_name(json.loads(f'"{written}"'))
    except json.JSONDecodeError:  # a piece of a text, where a beginning ends inside of one
        return "secret"


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
