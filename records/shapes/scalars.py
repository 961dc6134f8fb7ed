"""
Readers of scalar values: text in XSD lexical form into str, int, Decimal, bool, date or datetime.

Each raises ProblemError with one Problem, whose path is relative to the field.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from records.shapes.fields import TEXT_FORMS, ScalarField
from records.shapes.problems import ProblemError, invalid_problem, unknown_code_problem
from records.shapes.values import Value, quote_text

Reader = Callable[[Value], object]

# What XML cannot carry, and PostgreSQL cannot store: a text that one wire could send and no other could read.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# ASCII alone: Python reads the digits of every script, and no contract here says so.
# Eighteen digits always fit into a bigint.
INTEGER = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
DECIMAL = re.compile(r"[+-]?([0-9]{1,40}(\.[0-9]{0,40})?|\.[0-9]{1,40})([eE][+-]?[0-9]{1,3})?", re.ASCII)
INTEGER_DIGITS, DECIMAL_DIGITS = 18, 40
ZONE = r"(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])?"
MIDNIGHT = r"(?:T00:00(?::00(?:\.0+)?)?)?"
DATE = re.compile(rf"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}){MIDNIGHT}({ZONE})", re.ASCII)
TIME_OF_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+.*", re.ASCII)
BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


def refuse(code: str, text: str) -> ProblemError:
    """Return the error of an invalid value."""
    return ProblemError(invalid_problem(text, code=code))


def _read_text(value: Value, what: str) -> str:
    if isinstance(value, str):
        return value.strip()
    raise _wrong_shape(value, what)


def _wrong_shape(value: Value, what: str) -> ProblemError:
    shape = "a list" if isinstance(value, list) else "a group of fields"
    return refuse("wrong-shape", f"{{field}} takes {what}, not {shape}.")


def text_reader(field: ScalarField) -> Reader:
    limit = field.max_length
    strip = not field.multiline
    choices = {value for value, _ in field.choices}
    pattern = re.compile(field.pattern) if field.pattern else None
    rewrite = _REWRITERS.get(field.pattern)

    def read(value: Value) -> str:
        if not isinstance(value, str):
            raise _wrong_shape(value, "text")
        text = value.strip() if strip else value
        if limit is not None and len(text) > limit:
            raise refuse(
                "too-long",
                f"{{field}} may have at most {limit:,} character{'s' if limit > 1 else ''}; this has {len(text):,}.",
            )
        # `isprintable` is a loop in C and true of nearly every text: the search runs on the others alone.
        if not text.isprintable() and (found := FORBIDDEN.search(text)):
            raise refuse(
                "control-character",
                f"{{field}} may not hold the character U+{ord(found[0]):04X} (position {found.start() + 1}).",
            )
        if choices and text not in choices:
            raise _not_a_choice(field, text)
        if pattern and not pattern.fullmatch(text):
            rewritten = rewrite(text) if rewrite else None
            if rewritten is None or not pattern.fullmatch(rewritten):
                says = field.form or field.help or field.pattern
                raise refuse("wrong-form", f"{{field}} does not take {quote_text(text)}: {says}")
            return rewritten
        return text

    return read


def _not_a_choice(field: ScalarField, text: str) -> ProblemError:
    # Hundreds of codes would bury the sentence.
    if field.code_list:
        return ProblemError(unknown_code_problem(field.code_list, quote_text(text), ()))
    known = ", ".join(value for value, _ in field.choices)
    return refuse("not-a-choice", f"{{field}} must be one of {known}; {quote_text(text)} is not.")


def integer_reader(field: ScalarField) -> Reader:
    choices = {value for value, _ in field.choices}
    check_range = _range_check(field)

    def read(value: Value) -> int:
        text = value.strip() if isinstance(value, str) else _read_text(value, "a whole number")
        number = int(text) if INTEGER.fullmatch(text) else _read_whole_number(text)
        if number is None:
            raise refuse("not-a-number", f"{{field}} must be a whole number; {quote_text(text)} is not.")
        if choices and str(number) not in choices:
            raise _not_a_choice(field, text)
        if check_range:
            check_range(number)
        return number

    return read


def _read_whole_number(text: str) -> int | None:
    """Return the whole number that a text with a point or an exponent is, as `1.0` and `2E3`; None: it is none."""
    number = _read_number(text)
    if number is None:
        return None
    before, after = _count_digits(text)
    return None if after or before > INTEGER_DIGITS else int(number)


def _read_number(text: str) -> Decimal | None:
    try:
        return Decimal(text) if DECIMAL.fullmatch(text) else None
    except InvalidOperation:
        return None


def _count_digits(text: str) -> tuple[int, int]:
    """Return how many digits a number has before and after its point, without zeros that say nothing."""
    mantissa, _, exponent = text.lower().partition("e")
    before, _, after = mantissa.lstrip("+-").partition(".")
    if not exponent:
        return len(before.lstrip("0")), len(after.rstrip("0"))
    # Counted, not written out: an exponent of three digits would make a text of a thousand.
    digits = before + after
    zeros = len(digits) - len(digits.lstrip("0"))
    significant = digits.strip("0")
    point = len(before) + int(exponent)
    return (max(0, point - zeros), max(0, zeros + len(significant) - point)) if significant else (0, 0)


def decimal_reader(field: ScalarField) -> Reader:
    places = field.places if field.places is not None else DECIMAL_DIGITS
    whole = (field.digits or 2 * DECIMAL_DIGITS) - places if field.digits else DECIMAL_DIGITS
    check_range = _range_check(field)
    # As nearly all numbers are written, and with no more digits than may be there: nothing has to be counted.
    most = min(whole, DECIMAL_DIGITS)
    usual = re.compile(rf"[0-9]{{1,{most}}}(\.[0-9]{{0,{min(places, DECIMAL_DIGITS)}}})?", re.ASCII) if most else None

    def read(value: Value) -> Decimal:
        text = value.strip() if isinstance(value, str) else _read_text(value, "a number")
        if usual is not None and usual.fullmatch(text):
            exact = Decimal(text)
            if check_range:
                check_range(exact)
            return exact
        number = _read_number(text)
        if number is None:
            raise refuse("not-a-number", f"{{field}} must be a number; {quote_text(text)} is not.")
        before, after = _count_digits(text)
        if after > places or before > whole:
            raise refuse(
                "too-precise",
                f"{{field}} may have {whole} digits before and {places} after the point; {quote_text(text)} has more.",
            )
        if "e" in text or "E" in text:
            number = Decimal(format(number, "f"))  # what is stored and shown has no exponent
        if check_range:
            check_range(number)
        return number

    return read


def _range_check(field: ScalarField) -> Callable[[int | Decimal], None] | None:
    """Return a check that refuses a number outside of the field's limits; None: it has none."""
    minimum, maximum = field.minimum, field.maximum

    def check(number: int | Decimal) -> None:
        if minimum is not None and number < minimum:
            raise refuse("too-small", f"{{field}} must be {minimum} or more; {quote_text(number)} is less.")
        if maximum is not None and number > maximum:
            raise refuse("too-large", f"{{field}} must be {maximum} or less; {quote_text(number)} is more.")

    return None if minimum is None and maximum is None else check


def boolean_reader(field: ScalarField) -> Reader:
    def read(value: Value) -> bool:
        text = _read_text(value, "true or false")
        try:
            # .NET's `bool.ToString()` writes True and False.
            return BOOLEANS[text.lower()]
        except KeyError:
            raise refuse("not-a-flag", f"{{field}} must be true or false; {quote_text(text)} is neither.") from None

    return read


def date_reader(field: ScalarField) -> Reader:
    def read(value: Value) -> date:
        text = _read_text(value, "a date")
        try:
            # `fromisoformat` alone would also take 20260131 and 2026-W05-6, which no contract here has.
            if found := DATE.fullmatch(text):
                # A day is a day: the zone that a client writes behind it moves nothing.
                return date.fromisoformat(found[1])
        except ValueError:
            pass
        reason = "has a time of day" if TIME_OF_DAY.fullmatch(text) else "is not"
        raise refuse("not-a-date", f"{{field}} must be a date such as 2026-01-31; {quote_text(text)} {reason}.")

    return read


def datetime_reader(field: ScalarField) -> Reader:
    def read(value: Value) -> datetime:
        text = _read_text(value, "a moment")
        try:
            # A moment without a zone is UTC: the hub has no other. A date is its midnight.
            found = DATE.fullmatch(text)
            moment = datetime.fromisoformat(f"{found[1]}T00:00:00{found[2]}" if found else text)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        # OverflowError: in UTC a moment of the year 1 or 9999 may lie outside of the calendar.
        except (ValueError, OverflowError):
            raise refuse(
                "not-a-moment", f"{{field}} must be a moment such as 2026-01-31T12:00:00Z; {quote_text(text)} is not."
            ) from None

    return read


def _rewrite(reader: Callable[[ScalarField], Reader], write: Callable[[Any], str]) -> Callable[[str], str | None]:
    """Return a function that turns a text into the form that a site demands of it; None: it says no such value."""
    read = reader(ScalarField(""))

    def rewrite(text: str) -> str | None:
        try:
            return write(read(text))
        except ProblemError:
            return None

    return rewrite


# By their patterns: the forms of values that texts have where a site demands them.
_REWRITERS: Mapping[str, Callable[[str], str | None]] = {
    TEXT_FORMS["number"][0]: _rewrite(decimal_reader, lambda number: format(number, "f")),
    TEXT_FORMS["date"][0]: _rewrite(date_reader, date.isoformat),
    TEXT_FORMS["flag"][0]: _rewrite(boolean_reader, lambda flag: "Y" if flag else "N"),
}
