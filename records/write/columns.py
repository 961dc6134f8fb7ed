"""
A column as the set-based write reads and sends it: its type, its text, and what a relation leads to.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db import connection, models

from records.shapes.formatting import lexical
from records.shapes.references import Ref
from records.sql import name as quote
from records.sql import text_array

Encode = Callable[[Sequence[object]], Sequence[str | None]]  # a column's values in many rows, all at once

json_text: Callable[[object], str] = json.JSONEncoder(ensure_ascii=False).encode


def references(values: Sequence[Ref | None]) -> list[str | None]:
    return [None if ref is None else str(ref.id) for ref in values]


def lists(values: Sequence[Sequence[str]]) -> list[str]:
    return list(map(text_array, values))


def objects(values: Sequence[object]) -> list[str]:
    return list(map(json_text, values))


def texts(values: Sequence[str | None]) -> Sequence[str | None]:
    return values


def integers(values: Sequence[int | None]) -> list[str | None]:
    if None in values:
        return [None if value is None else str(value) for value in values]
    return list(map(str, values))


def scalars(values: Sequence[object]) -> list[str | None]:
    return [None if value is None else lexical(value) for value in values]


BY_TYPE: Mapping[str, Encode] = {
    "varchar": texts,
    "text": texts,
    "smallint": integers,
    "integer": integers,
    "bigint": integers,
    "jsonb": objects,
}


@dataclass(frozen=True)
class Target:
    """
    What a relation leads to.

    shown   the column whose content shows it
    active  an expression: whether it may be put on something new
    """

    table: str
    shown: str
    active: str


@dataclass(frozen=True)
class Column:
    """
    One column: its name as a field, its name and type in the database.

    target  of a relation, what it leads to; it is then read as a Ref
    """

    field: str
    name: str
    type: str
    nullable: bool = False
    target: Target | None = None

    @cached_property
    def encode(self) -> Encode:
        """How values are sent as texts."""
        if self.target is not None:
            return references
        return lists if self.type.endswith("[]") else BY_TYPE.get(self.type.partition("(")[0], scalars)

    @property
    def selected(self) -> str:
        """How it is read: Django leaves `jsonb` as text, `json` comes as what it holds."""
        own = f"t.{quote(self.name)}"
        if self.target is not None:
            to = self.target
            made = f"json_build_array(r.id, r.{quote(to.shown)}::text, {to.active})"
            return f"(SELECT {made} FROM {quote(to.table)} r WHERE r.id = {own})"
        return own + ("::json" if self.type == "jsonb" else "")

    def decode(self, value: object) -> object:
        """What was read by `selected`, typed."""
        return Ref(*value) if self.target is not None and value is not None else value

    @classmethod
    def of(cls, field: models.Field, shown: str = "") -> "Column":
        """The column of a model's field; `shown` is the column that shows what a relation leads to."""
        kind = field.db_parameters(connection)["type"]
        if field.is_relation:
            return cls(field.name, field.column, kind, field.null, target(field, shown))
        return cls(field.name, field.column, kind, field.null)


def decoder(columns: Sequence[Column]) -> Callable[[Sequence[object]], Sequence[object]]:
    """What makes rows typed that were read by `selected`."""
    relations = [(place, column) for place, column in enumerate(columns) if column.target is not None]

    def decode(row: Sequence[object]) -> Sequence[object]:
        values = list(row)
        for place, column in relations:
            values[place] = column.decode(values[place])
        return values

    return decode if relations else lambda row: row


def target(field: models.ForeignKey, shown: str) -> Target:
    options = field.related_model._meta
    names = {each.name for each in options.fields}
    active = next((name for name in ("active", "is_active") if name in names), None)
    return Target(options.db_table, options.get_field(shown).column, quote(active) if active else "true")
