"""
JSON's one entrance and its one writer.

    read_json(b'{"units": 1, "price": {"USD": 250.00}}')   {"units": 1, "price": {"USD": Decimal("250.00")}}
    to_values(…)                                            {"units": "1", "price": {"USD": "250.00"}}

What JSON leaves open is closed here: numbers are exact and of a sane length, no name comes twice, no text holds half a
character, nothing nests deeper than DEPTH. Each refusal is one sentence that says where.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from json.encoder import encode_basestring as quoted_text
from typing import Any

from records.shapes.problems import Family, Problem, ProblemError
from records.shapes.values import EMPTY, Value, quote_text
from webservices.wire.messages import DialectSettings

Json = None | bool | int | Decimal | str | list["Json"] | dict[str, "Json"]

DEPTH = 100
TOO_DEEP = f"The body nests deeper than {DEPTH} levels"
DIGITS = 100  # of one number, its exponent applied

# Possessive: a repetition that may give back what it took remembers each of its steps. A text that does not end is one
# token, too: else each quote in it would be the start of another.
TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[{}\[\]:,]|[^\s{}\[\]:,"]++', re.DOTALL)
SEPARATORS = (b",", b"{", b"[")  # one before each value, but for the only one
COLON = re.compile(r"\s*:")
HALF = re.compile(r"\\u[dD][89a-fA-F]")  # what may be half a character


class Offence(Exception):
    """The text holds something that JSON as such allows and this entrance does not; `_offence` finds where."""


def read_json(body: bytes, most: int = DialectSettings().body_limit) -> Json:
    """
    Return the JSON of a body in UTF-8; raise ProblemError with a sentence that names line and column.

    most  values that the body may have; they are counted first, as an empty object of two bytes takes seventy in memory
    """
    text = decode_body(body, most)
    try:
        found: Json = DECODER.decode(text)
        # The search goes token by token and is slow: it runs only where something may be wrong.
        if HALF.search(text) or is_too_deep(found):
            _look_for_offence(text)
        return found
    except (Offence, RecursionError):
        _look_for_offence(text)
        raise _malformed_json("The body is not JSON that can be read.") from None
    except json.JSONDecodeError as error:
        raise _malformed_json(f"The body is not JSON: {error.msg.removesuffix(' at')}{_at(text, error.pos)}.") from None


def decode_body(body: bytes, most: int) -> str:
    """Return the text of a body; raise ProblemError for one that is none, or has more values than `most`."""
    text = _decode(body)
    # All separators are more than those outside of texts, and quick to count.
    if sum(map(body.count, SEPARATORS)) > most:
        _check_size(text, most)
    return text


def _check_size(text: str, most: int) -> None:
    """Raise ProblemError for a text that has more values than `most`, or nests too deep before that shows."""
    values = depth = 0
    for token in TOKEN.finditer(text):
        match token[0]:
            case "]" | "}":
                depth -= 1
            case "," | "[" | "{" as mark:
                values += 1
                depth += mark != ","
        if depth > DEPTH:
            raise _malformed_json(f"{TOO_DEEP}{_at(text, token.start())}.")
        if values > most:
            sentence = f"The body has more than {most:,} values, too many for a call."
            raise ProblemError(Problem("too-many-fields", Family.TOO_LARGE, sentence))


def _decode(body: bytes) -> str:
    try:
        # RFC 8259 lets a reader pass over a byte order mark, which some programs write.
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = body[: error.start].decode("utf-8", errors="replace")
        raise _malformed_json(f"The body is not UTF-8{_at(before, len(before))}.") from None
    if not text.strip():
        raise _malformed_json("The body is empty; it must be JSON.")
    return text


def _malformed_json(sentence: str) -> ProblemError:
    return ProblemError(Problem("malformed-json", Family.MALFORMED, sentence))


def _at(text: str, position: int) -> str:
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    return f" (line {line}, column {column})"


def _integer(text: str) -> int:
    # Python takes quadratic time for many digits, and has an error of its own for more than 4,300.
    if len(text) > DIGITS:
        raise Offence
    return int(text)


def _decimal(text: str) -> Decimal:
    if not _is_sane(text):
        raise Offence
    return Decimal(text)


def _is_sane(number: str) -> bool:
    """True if a JSON number has at most DIGITS digits when it is written out."""
    mantissa, _, exponent = number.lower().partition("e")
    return len(mantissa) <= DIGITS and len(exponent) <= 5 and abs(int(exponent or 0)) <= DIGITS


def _constant(text: str) -> None:
    raise Offence


def _object(members: list[tuple[str, Json]]) -> dict[str, Json]:
    # Of a name that comes twice one reader takes the first and another the last: what was checked is not what is used.
    found = dict(members)
    if len(found) != len(members):
        raise Offence
    return found


DECODER = json.JSONDecoder(
    parse_int=_integer, parse_float=_decimal, parse_constant=_constant, object_pairs_hook=_object
)


def is_too_deep(found: Json) -> bool:
    """Return True for JSON that nests deeper than DEPTH."""
    # Level by level, not by recursion: a text that is too deep for Python's stack must still get its sentence.
    level: list[Any] = [found] if isinstance(found, (dict, list)) else []
    for _ in range(DEPTH):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if outer.__class__ is dict else outer)
            if inner.__class__ is dict or inner.__class__ is list
        ]
        if not level:
            return False
    return True


def _look_for_offence(text: str) -> None:
    """Raise for the first offence in a text whose tokens are in order up to there."""
    names: list[set[str] | None] = []  # of each object that is open; None: a list
    for token in TOKEN.finditer(text):
        is_name = COLON.match(text, token.end()) is not None
        if sentence := _offence(token[0], is_name, names):
            raise _malformed_json(f"{sentence}{_at(text, token.start())}.")


def _offence(token: str, is_name: bool, names: list[set[str] | None]) -> str:
    match token[0]:
        case "{" | "[" as opening:
            names.append(set() if opening == "{" else None)
            return TOO_DEEP if len(names) > DEPTH else ""
        case "}" | "]":
            names.pop()
        case '"':
            return _text_offence(json.loads(token), names[-1] if is_name else None)
        case _ if token in ("NaN", "Infinity", "-Infinity"):
            return f"JSON has no number {token}"
        case first if first in "-0123456789" and not _is_sane(token):
            return f"A number may have at most {DIGITS} digits, written out"
    return ""


def _text_offence(text: str, names: set[str] | None) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        return "A text holds half a character (a lone surrogate)"
    if names is not None:
        if text in names:
            return f"The name {quote_text(text)} comes twice in one object"
        names.add(text)
    return ""


def to_values(found: Json) -> Value:
    """Return JSON as values: numbers and booleans as lexical text, null and "" as EMPTY, lists and objects likewise."""
    # The reader makes these types and no other, texts most of all: those of an object cost no call.
    if isinstance(found, str):
        return found or EMPTY
    if isinstance(found, dict):
        return {name: (item or EMPTY) if isinstance(item, str) else to_values(item) for name, item in found.items()}
    if isinstance(found, list):
        return [to_values(item) for item in found]
    return _SCALAR_VALUES[found.__class__](found)


_SCALAR_VALUES: Mapping[type, Callable[[Any], Value]] = {
    type(None): lambda found: EMPTY,
    bool: lambda found: "true" if found else "false",
    int: str,
    Decimal: lambda found: format(found, "f"),
}


def write_json(found: Json | Mapping[str, object] | Sequence[object], indent: int | None = None) -> str:
    """Return JSON as text, the same for the same value; Decimals are numbers with the digits that they have."""
    return _write_value(found, "\n" if indent is not None else "", " " * (indent or 0))


def write_ascii_json(found: Json | Mapping[str, object] | Sequence[object]) -> str:
    """Return JSON as text in ASCII on one line, as a header may hold it."""
    return "".join(character if character.isascii() else _escape(character) for character in write_json(found))


def _escape(character: str) -> str:
    """Return a character beyond ASCII as one `\\uXXXX`, or as the two of its surrogates."""
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[place : place + 2].hex()}" for place in range(0, len(units), 2))


def _write_value(found: object, line: str, step: str) -> str:
    match found:
        case str():
            return quoted_text(found)
        case None | bool():
            return {None: "null", True: "true", False: "false"}[found]
        case int():
            return str(found)
        case Decimal():
            return format(found, "f")
        case dict() | Mapping():
            inside, colon = (line + step, ": ") if line else ("", ":")
            members = [f"{quoted_text(name)}{colon}{_write_value(item, inside, step)}" for name, item in found.items()]
            return _write_block("{}", members, line, inside)
        case list() | Sequence():
            inside = line + step if line else ""
            return _write_block("[]", [_write_value(item, inside, step) for item in found], line, inside)
    raise TypeError(f"{type(found).__name__} has no place in JSON")


def _write_block(ends: str, items: Sequence[str], line: str, inside: str) -> str:
    return f"{ends[0]}{inside}{f',{inside}'.join(items)}{line}{ends[1]}" if items else ends
