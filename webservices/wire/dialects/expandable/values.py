"""
Single values, both ways: every value is a text.

    flag          "Y", "N"                        date      "2026-01-31"; in the older generation "1/31/2026"
    number        "1000", "250.00"                time      "12:00" (UTC)
    list          "https://a.example/|D:\\\\a.docx"  no value  ""

A number, true or false in a request is taken as text; null as "". A | inside an entry of a list is written %7C.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from records.shapes.fields import Field, Kind, MapField, ScalarField
from records.shapes.parsing import reader
from records.shapes.problems import Path, ProblemError, invalid_problem
from records.shapes.values import EMPTY, Value, quote_text
from webservices.wire.dialects.expandable.context import ExpandableSettings
from webservices.wire.dialects.expandable.tables import ATTACHMENTS
from webservices.wire.dialects.expandable.types import LONGEST_NOTES, vendor_field, vendor_type

YES_OR_NO = {"true": "Y", "false": "N"}
FLAGS = {"y": "true", "n": "false", "1": "true", "0": "false"}
OLD_DATE = re.compile(r"(1[0-2]|0?[1-9])/(3[01]|[12][0-9]|0?[1-9])/([0-9]{4})", re.ASCII)
INACTIVE, ACTIVE = "I", "A"


def read_value(entry: Field | None, text: str, settings: ExpandableSettings, *, old: bool = False) -> Value:
    """Return the value of a field of the hub's that a text spells; raises ProblemError."""
    if entry is not None and entry.kind is Kind.MAP:
        return {_entry_key(entry, settings): text if text.strip() else EMPTY}
    if not text.strip():
        return EMPTY
    if entry is None:
        return text
    if entry.kind is Kind.LIST:
        return [*text.split("|")]
    if entry.kind is Kind.DATE and old:
        return read_old_date(text)
    return read_flag(text) if entry.kind is Kind.BOOLEAN else text


def read_code(spellings: Mapping[str, str], text: str) -> str:
    """Return the hub's value that a code spells; a text that is no code is itself, unless a code spells it."""
    by_code = {code: value for value, code in spellings.items()}
    if text.strip() in by_code:
        return by_code[text.strip()]
    if text.strip() in spellings:
        codes = ", ".join(code for code in by_code if code)
        known = f"one of {codes}" if codes else "left out, or blank"
        raise ProblemError(invalid_problem(f"{{field}} must be {known}; {quote_text(text)} is not.", code="no-code"))
    return text


def read_flag(text: str) -> str:
    """Return `true` for `Y`; raises ProblemError for what is no flag."""
    word = text.strip().lower()
    value = FLAGS.get(word, word)
    if value not in YES_OR_NO:
        raise ProblemError(
            invalid_problem(f"{{field}} must be Y or N; {quote_text(text)} is neither.", code="not-a-flag")
        )
    return value


def read_old_date(text: str) -> str:
    """Return `2026-01-31` for `1/31/2026`; another text as it is."""
    found = OLD_DATE.fullmatch(text.strip())
    return f"{found[3]}-{int(found[1]):02}-{int(found[2]):02}" if found else text


def write_old_date(text: str) -> str:
    """Return `1/31/2026` for `2026-01-31`; another text as it is."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day.month}/{day.day}/{day.year}"


def read_vendor_text(wire: str, text: str, settings: ExpandableSettings, *, old: bool = False) -> Value:
    """Return a value of the vendor's alone, as it was sent; raises ProblemError where its type is known and another."""
    if not text.strip():
        return EMPTY
    if wire == ATTACHMENTS:
        check_links(text)
        return text
    entry = vendor_field(wire, vendor_lengths=settings.vendor_lengths)
    if entry.kind is Kind.DATE and old:
        text = read_old_date(text)
    if vendor_type(wire).is_flag and text.strip().upper() not in YES_OR_NO.values():
        read_flag("")
    # A text keeps the blanks around it; a number may have them.
    reader(replace(entry, choices=()))(text)
    return text


def check_links(text: str) -> None:
    """Raise ProblemError for links with an empty one among them, or too many."""
    for number, link in enumerate(text.split("|")):
        if not link.strip():
            raise ProblemError(invalid_problem("{field} is empty; leave it out.", code="empty-item", path=(number,)))
    reader(ScalarField(ATTACHMENTS, max_length=LONGEST_NOTES, multiline=True))(text)


def _entry_key(entry: MapField, settings: ExpandableSettings) -> str:
    """The key of the one entry of a map that this wire has: the site's currency for money, else its language."""
    return settings.currency if entry.item.money else settings.language


def path_with_key(entry: Field | None, path: Path, settings: ExpandableSettings) -> Path:
    """Return the path of a criterion; for a map, that of its one entry."""
    return (*path, _entry_key(entry, settings)) if entry is not None and entry.kind is Kind.MAP else path


def write_value(entry: Field | None, value: Value, settings: ExpandableSettings, *, old: bool = False) -> str:
    """Return the text that `read_value` turns back into a value; "" for one that this wire cannot say."""
    match value:
        case dict() if entry is not None and entry.kind is Kind.MAP:
            return write_value(None, value.get(_entry_key(entry, settings), EMPTY), settings)
        case list():
            return "|".join(str(item).replace("|", "%7C") if item is not EMPTY else "" for item in value)
        case str() if entry is not None and entry.kind is Kind.DATE and old:
            return write_old_date(value)
        case str():
            return YES_OR_NO.get(value, value) if entry is not None and entry.kind is Kind.BOOLEAN else value
    return ""


def describe(entry: Field) -> Field:
    """Return a field as people read of it here: a flag is Y or N, a map has one entry, a list is one text."""
    match entry.kind:
        case Kind.BOOLEAN:
            default = YES_OR_NO.get(entry.default or "")
            return replace(entry, kind=Kind.TEXT, choices=(("Y", "yes"), ("N", "no")), default=default)
        case Kind.MAP:
            which = "The site's currency." if entry.item.money else "In the site's language."
            return replace(entry.item, name=entry.name, help=which)
        case Kind.LIST:
            each = f"{entry.help.rstrip('.')}; a | between two of them."
            return ScalarField(
                entry.name,
                label=entry.label,
                help=each,
                required=entry.required,
                read_only=entry.read_only,
                source=entry.source,
                nullable=entry.nullable,
            )
    return entry
