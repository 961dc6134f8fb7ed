"""
The value of one field in a message, free of any wire.

A field is absent (not in the mapping), EMPTY, text in XSD lexical form, a list of texts or of Values, or a map of
texts. `{"number": "PUMP-100", "price": {"USD": "255", "EUR": EMPTY}, "notes": EMPTY}` sets a number and one price and
clears another price and the notes. An InvalidValue stands where a wire does not take what was sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Union

from records.shapes.problems import Problem


class Empty(Enum):
    """The one value that clears a field."""

    EMPTY = "empty"

    def __repr__(self) -> str:
        return "EMPTY"

    def __bool__(self) -> bool:
        return False


EMPTY = Empty.EMPTY


@dataclass(frozen=True, slots=True)
class InvalidValue:
    """Stands in the place of a value that a wire does not take: its record fails with this problem."""

    problem: Problem


# Union, since `|` takes no names in quotes when it is evaluated.
Value = Union[Empty, str, "list[Value]", "dict[str, Value]", InvalidValue]
Values = Mapping[str, Value]

LONGEST_QUOTE = 60  # characters: a sentence stays a sentence, whatever was sent


def quote_text(text: object) -> str:
    """Quote a text as a message may show it: in single quotes, printable, at most LONGEST_QUOTE characters."""
    start = str(text)
    if len(start) > LONGEST_QUOTE:
        start = start[:LONGEST_QUOTE] + "…"
    # A line break or a mark of writing direction could make a log show another sentence than this one.
    return "'" + "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in start) + "'"
