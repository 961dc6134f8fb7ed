"""
Schemas of an OpenAPI document: those of the bodies of a request and of its answer, with all that they refer to; and the
patterns of values that go as text.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from records.shapes.fields import Kind, ScalarField
from records.shapes.scalars import BOOLEANS, DECIMAL_DIGITS, INTEGER_DIGITS, MIDNIGHT, ZONE
from webservices.wire.messages import WireRequest

Document = Mapping[str, Any]  # JSON by the rules of OpenAPI, written by this code itself

# These patterns must be what every generator's language can compile: no look-ahead, no `\\u`, no NUL.
VISIBLE_TEXT = r"\s*\S[\s\S]*"
# The calendar of Gregory: what a pattern lets through is a day.
_LEAP = r"(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)"
_YEAR = r"(?:[0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)"
_LONG_MONTH = r"(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
_SHORT_MONTH = r"(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8])"
DAY = rf"(?:{_YEAR}-(?:{_LONG_MONTH}|{_SHORT_MONTH})|{_LEAP}-02-29)"
TIME = r"[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?"


def value_pattern(field: ScalarField) -> str:
    """
    Return the pattern of a field's values that are not blank, as text; not anchored.

    All that the readers take, but for numbers with exponents, whose digits no pattern counts.
    """
    match field.kind:
        case Kind.INTEGER:
            return rf"{_sign(field)}[0-9]{{1,{INTEGER_DIGITS}}}(?:\.0{{0,9}})?"
        case Kind.DECIMAL:
            return _decimal_pattern(field)
        case Kind.BOOLEAN:
            return "|".join(map(_in_any_case, BOOLEANS))
        case Kind.DATE:
            return f"{DAY}{MIDNIGHT}{ZONE}"
        case Kind.DATETIME:
            return f"{DAY}(?:{TIME})?{ZONE}"
    return field.pattern.removeprefix("^").removesuffix("$") or VISIBLE_TEXT


def _decimal_pattern(field: ScalarField) -> str:
    places = DECIMAL_DIGITS if field.places is None else field.places
    whole = field.digits - places if field.digits else DECIMAL_DIGITS
    # With zeros that say nothing: .NET writes as many as its decimal was given.
    fraction = rf"(?:\.[0-9]{{0,{places}}}0{{0,9}})?"
    number = rf"0{{0,9}}[0-9]{{1,{whole}}}{fraction}"
    return rf"{_sign(field)}(?:{number}|\.[0-9]{{1,{places}}}0{{0,9}})" if places else _sign(field) + number


def _sign(field: ScalarField) -> str:
    return "[+]?" if field.minimum is not None and field.minimum >= 0 else "[+-]?"


def _in_any_case(text: str) -> str:
    return "".join(f"[{each.upper()}{each}]" if each.isalpha() else each for each in text)


def anchor(pattern: str, *, optional: bool) -> str:
    """Return a pattern that the whole text must meet, white space around it apart; `optional`: or be blank."""
    return rf"^\s*(?:{pattern}){'?' if optional else ''}\s*$"


def find_request_schemas(document: Document, request: WireRequest) -> Sequence[Document]:
    """Return the schema of the operation at the request's path, whose `$ref`s lead into the same mapping; (): none."""
    found = next(_operations(document, request), {})
    return _schemas(document, found.get("requestBody", {}))


def find_answer_schemas(document: Document, request: WireRequest, status: int) -> Sequence[Document]:
    """Return the schema of the answer with a status, likewise."""
    responses = next(_operations(document, request), {}).get("responses", {})
    found = responses.get(str(status), responses.get("default", {}))
    if name := found.get("$ref", "").rpartition("/")[2]:
        found = document["components"]["responses"][name]
    return _schemas(document, found)


def _operations(document: Document, request: WireRequest) -> Iterator[Document]:
    """The operations at a path, that of the path without a place for a key first."""
    # `/parts/batch/` fits `/parts/{number}/` as well.
    exact_first = sorted(document["paths"].items(), key=lambda each: each[0].count("{"))
    for template, item in exact_first:
        if _pattern(template).fullmatch(request.path):
            yield item.get(request.method.lower(), {})


def _schemas(document: Document, body: Document) -> Sequence[Document]:
    media = next(iter(body.get("content", {}).values()), None)
    return [{**media["schema"], "components": document["components"]}] if media and "schema" in media else ()


def _pattern(template: str) -> re.Pattern[str]:
    """`/api/v1/parts/{number}/`, whose number may hold anything that is no slash."""
    fixed = "[^/]+".join(map(re.escape, re.split(r"\{[^}]*\}", template.rstrip("/"))))
    return re.compile(fixed + "/?")
