"""
The value of one field in a message, free of any wire.

A field is absent (not in the mapping), EMPTY, text in XSD lexical form, a list of texts or of Values, or a map of
texts. `{"number": "PUMP-100", "price": {"USD": "255", "EUR": EMPTY}, "notes": EMPTY}` sets a number and one price and
clears another price and the notes. An InvalidValue stands where a wire does not take what was sent.

On a wire that has two names for one field, a record may give it two values: `{"company": "Acme", "other values":
{"company": "Acme & Co"}}`. The one that is as it is stored has come back with what was read, and the other is meant.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Union

from records.shapes.matching import MatchRule
from records.shapes.problems import Problem

OTHER_VALUES = "other values"  # among the fields of a record: values that it also gives some of them, by field


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


@dataclass(frozen=True, slots=True)
class Tags:
    """
    The entity tags of a condition (RFC 9110, 13.1), of which those that name no version are left out.

    any  `*`: whatever is stored has such a tag
    """

    versions: tuple[int, ...] = ()
    any: bool = False

    def include(self, version: int | None) -> bool:
        """True if what is stored at a version, None for nothing, has one of the tags."""
        return version is not None and (self.any or version in self.versions)

    def __str__(self) -> str:
        return "*" if self.any else ", ".join(f'"{version}"' for version in self.versions)


@dataclass(frozen=True, slots=True)
class Precondition:
    """
    Stands in the place of a record's version: a condition on what is stored, which no message says among its fields.

    version  that of the message itself, which is demanded too
    """

    if_match: Tags | None = None
    if_none_match: Tags | None = None
    version: "Value" = EMPTY

    def holds(self, stored: int | None) -> bool:
        """True if what is stored at a version, None for nothing, meets the condition."""
        return (
            self.version in (EMPTY, str(stored))
            and (self.if_match is None or self.if_match.include(stored))
            and (self.if_none_match is None or not self.if_none_match.include(stored))
        )

    def __str__(self) -> str:
        tags = {"If-Match": self.if_match, "If-None-Match": self.if_none_match}
        said = [f"{name}: {found}".strip() for name, found in tags.items() if found is not None]
        return " and ".join(said if self.version is EMPTY else [*said, f"version {self.version}"])


@dataclass(frozen=True, slots=True)
class MatchBy:
    """
    Stands among the values of a record, under MATCH_BY: how it is found, where that is its own and not the call's.

    rules   in the order in which they are tried
    values  what is looked up, by field, beside what is written
    new     what is written besides, if the record is new
    """

    rules: tuple[MatchRule, ...]
    values: "Values" = field(default_factory=dict)
    new: "Values" = field(default_factory=dict)


MATCH_BY = "match_by"  # no field of a record

# Union, since `|` takes no names in quotes when it is evaluated.
Value = Union[Empty, str, "list[Value]", "dict[str, Value]", InvalidValue, Precondition, MatchBy]
Values = Mapping[str, Value]


def add_entry(values: dict[str, Value], name: str, value: Value) -> None:
    """Add what comes once more under a name: both are entries of one list, which grows in its place."""
    entries = to_entries(values[name])
    entries += to_entries(value)
    values[name] = entries


def to_entries(value: Value) -> "list[Value]":
    """Return a list as it is, and any other value as the only entry of one."""
    # EMPTY is a field's value, not an entry's: among others an empty element is an empty text.
    return value if isinstance(value, list) else ["" if value is EMPTY else value]


LONGEST_QUOTE = 60  # characters: a sentence stays a sentence, whatever was sent


def quote_text(text: object) -> str:
    """Quote a text as a message may show it: in single quotes, printable, at most LONGEST_QUOTE characters."""
    start = str(text)
    if len(start) > LONGEST_QUOTE:
        start = start[:LONGEST_QUOTE] + "…"
    # A line break or a mark of writing direction could make a log show another sentence than this one.
    return "'" + "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in start) + "'"
