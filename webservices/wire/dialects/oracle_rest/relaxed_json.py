"""
The relaxed JSON of `q`: names may be bare, texts may be in either quotes.

    {partNumber:'PUMP-100'}   {"leadTime": {$gte: 3, $lt: 10}}   {$or: [{units: 2}, {directBuy: '1'}]}
"""

import re
from collections.abc import Iterator

from records.shapes.problems import ProblemError, malformed_error
from records.shapes.values import quote_text
from webservices.wire.json import Json

LONGEST = 20_000  # characters
DEEPEST = 20  # levels
# Possessive: a repetition that may give back what it took remembers each of its steps.
TOKEN = re.compile(
    r"""\s*+(?:(?P<mark>[{}\[\]:,])|'(?P<single>(?:[^'\\]|\\.)*+)'|"(?P<double>(?:[^"\\]|\\.)*+)"|"""
    r"""(?P<word>[^\s{}\[\]:,'"]++))""",
    re.DOTALL,
)
ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
WORDS: dict[str, Json] = {"true": True, "false": False, "null": None}
NUMBER = re.compile(r"[-+]?[0-9]{1,100}(\.[0-9]{1,100})?", re.ASCII)

Token = tuple[str, str]  # the kind and the text: `mark`, `text`, `word`; at the end both are ""
END: Token = ("", "")


def read_relaxed(text: str) -> Json:
    """Return the value of a text, numbers as texts; raises ProblemError."""
    if len(text) > LONGEST:
        raise _malformed_q(f"it is longer than {LONGEST:,} characters")
    tokens = _Tokens(text)
    found = _value(tokens, tokens.take(), 1)
    if tokens.take() != END:
        raise _malformed_q("something follows its end")
    return found


def _malformed_q(reason: str) -> ProblemError:
    sentence = (
        f"q cannot be read: {reason}. It is an object, such as {{partNumber:'PUMP-100'}}; in an address, & and # and + "
        "must be percent-encoded."
    )
    return malformed_error("wrong-q", sentence)


class _Tokens:
    """The tokens of a text, one after the other."""

    def __init__(self, text: str):
        self._tokens = _tokens(text)

    def take(self) -> Token:
        return next(self._tokens, END)

    def expect(self, *marks: str) -> str:
        kind, text = self.take()
        if kind != "mark" or text not in marks:
            raise _malformed_q(f"{' or '.join(marks)} is missing" + (f" before {quote_text(text)}" if text else ""))
        return text


def _tokens(text: str) -> Iterator[Token]:
    position, end = 0, len(text.rstrip())
    while position < end:
        found = TOKEN.match(text, position)
        if found is None:
            raise _malformed_q(f"a quote in {quote_text(text[position:].strip())} is not closed")
        position = found.end()
        quoted = found["single"] if found["single"] is not None else found["double"]
        if quoted is not None:
            yield "text", _unescape(quoted)
        else:
            yield ("mark", found["mark"]) if found["mark"] else ("word", found["word"])


def _unescape(quoted: str) -> str:
    text = ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else ESCAPED.get(found[2], found[2]), quoted)
    try:
        # Two escapes may make one character, as in JSON; one of them alone makes none.
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise _malformed_q("a text holds half a character (a lone surrogate)") from None


def _value(tokens: _Tokens, token: Token, depth: int) -> Json:
    if depth > DEEPEST:
        raise _malformed_q(f"it nests deeper than {DEEPEST} levels")
    match token:
        case "mark", "{":
            return _object(tokens, depth)
        case "mark", "[":
            return _list(tokens, depth)
        case "text", text:
            return text
        case "word", word if word in WORDS:
            return WORDS[word]
        case "word", word if NUMBER.fullmatch(word):
            return word
        case "", _:
            raise _malformed_q("it ends too early")
    raise _malformed_q(f"{quote_text(token[1])} is no value; texts are in quotes")


def _object(tokens: _Tokens, depth: int) -> Json:
    found: dict[str, Json] = {}
    token = tokens.take()
    while token != ("mark", "}"):
        kind, name = token
        if kind not in ("text", "word"):
            raise _malformed_q("a name is missing")
        if name in found:
            raise _malformed_q(f"the name {quote_text(name)} comes twice; join conditions by $and")
        tokens.expect(":")
        found[name] = _value(tokens, tokens.take(), depth + 1)
        token = tokens.take() if tokens.expect(",", "}") == "," else ("mark", "}")
    return found


def _list(tokens: _Tokens, depth: int) -> Json:
    found: list[Json] = []
    token = tokens.take()
    while token != ("mark", "]"):
        found.append(_value(tokens, token, depth + 1))
        token = tokens.take() if tokens.expect(",", "]") == "," else ("mark", "]")
    return found
