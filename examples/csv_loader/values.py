"""
The value of a field: the column, template or constant that it comes from, and what is done to it.

    Value(column="discount", times=100, round=2).read({"discount": "0.150000006"}, 1)      "15.00"
    Value(template="{first} {last}").read({"first": "", "last": "Sea"}, 1)                  "Sea"
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

Line = dict[str, str]

PLACEHOLDER = re.compile(r"\{([^{}:]+)(?::([^{}]*))?\}")
BLANK = "\0"  # stands in a template for a column without a value


class MappingError(Exception):
    """The mapping and the files do not fit: a sentence with the file, the column and what to do."""


@dataclass(frozen=True)
class Value:
    """One of the sources `column`, `template`, `value` and `position`; the rest is done to it in this order."""

    column: str = ""
    template: str = ""
    value: str | int | float | list[Any] | None = None
    position: bool = False
    when: dict[str, Any] = field(default_factory=dict)
    unless: dict[str, Any] = field(default_factory=dict)
    pattern: str = ""
    map: dict[str, Any] = field(default_factory=dict)
    replace: dict[str, Any] = field(default_factory=dict)
    date: str = ""
    number: str = ""
    times: str | int | float = ""
    round: int = -1
    known: str = ""

    @property
    def columns(self) -> list[str]:
        """The columns that it needs."""
        own = [self.column] if self.column else [name for name, _ in PLACEHOLDER.findall(self.template)]
        return [*own, *self.when, *self.unless]

    def read(self, line: Line, position: int) -> Any:
        """
        Return the value for a line, None if there is none; `position` counts the lines of a child.

        Raises MappingError, whose sentence does not say where. What is `known` is for the reader of records to say.
        """
        if not applies(line, self.when, self.unless):
            return None
        if self.value is not None:
            return self.value
        text = str(position) if self.position else fill(self.template, line) if self.template else line[self.column]
        if self.pattern:
            found = re.search(self.pattern, text)
            text = (found[1] or "").strip() if found else ""
        changed = self._convert(text) if text else ""
        return None if changed == "" else changed

    def _convert(self, text: str) -> Any:
        if self.map and text not in self.map:
            raise MappingError(
                f"its map has no {text!r}: add it, or use replace, which leaves other values as they are."
            )
        changed = self.map.get(text, text)
        changed = self.replace.get(changed, changed)
        if changed and self.date:
            changed = read_date(str(changed), self.date)
        if changed and (self.number or self.times or self.round >= 0):
            changed = self._calculate(read_number(str(changed), self.number or "."))
        return changed

    def _calculate(self, number: Decimal) -> str:
        number *= Decimal(str(self.times or 1))
        return f"{number if self.round < 0 else round_half_up(number, self.round):f}"


def applies(line: Line, when: dict[str, Any], unless: dict[str, Any]) -> bool:
    """True if the line meets all conditions of `when` and not, where there are some, all of `unless`."""
    return all(_meets(line[column], wanted) for column, wanted in when.items()) and not (
        unless and all(_meets(line[column], wanted) for column, wanted in unless.items())
    )


def _meets(text: str, wanted: Any) -> bool:
    """True if a value is there (true), is not (false), is the one wanted or one of those."""
    if isinstance(wanted, bool):
        return bool(text) is wanted
    return text in wanted if isinstance(wanted, list) else text == wanted


def fill(template: str, line: Line) -> str:
    """Return the template with the line's values; a column without one goes with the commas and spaces before it."""

    def write(found: re.Match[str]) -> str:
        text = line[found[1]]
        return format(text, found[2] or "") if text else BLANK

    text = PLACEHOLDER.sub(write, template)
    # Without any value the words between them say nothing.
    if all(not line[name] for name, _ in PLACEHOLDER.findall(template)):
        return ""
    return re.sub(rf"[\s,;]*{BLANK}", "", text).strip(" ,;\n") if BLANK in text else text


def read_date(text: str, form: str) -> str:
    """Return the day of a text in ISO 8601, whatever time follows, or in a form of strptime."""
    try:
        if form == "iso":
            return datetime.fromisoformat(text).date().isoformat()
        return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007 - a day, which has no zone
    except ValueError:
        raise MappingError(f"{text!r} is no date as date = {form!r} says: correct one of them.") from None


def read_number(text: str, mark: str) -> Decimal:
    """Return the number of `1.234,50` where the decimal mark is a comma, of `1,234.50` where it is a point."""
    plain = re.sub(r"[\s']", "", text).replace("." if mark == "," else ",", "").replace(mark, ".")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise MappingError(f"{text!r} is no number: correct it, or map or replace it.")
    return number


def round_half_up(number: Decimal, digits: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
