"""
A column as the set-based write reads and sends it: its type, its text, and what a relation leads to.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import connection, models

from records.shapes.presenting import lexical
from records.shapes.references import Ref
from records.sql import name as quote
from records.sql import text_array


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
    One column: its name as a field, its name and type in the database, and how a value is sent as text.

    target  of a relation, what it leads to; it is then read as a Ref
    """

    field: str
    name: str
    type: str
    encode: Callable[[object], str | None]
    nullable: bool = False
    target: Target | None = None

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
            return cls(field.name, field.column, kind, reference_text, field.null, target(field, shown))
        encode = text_array if kind.endswith("[]") else json_text if kind == "jsonb" else scalar_text
        return cls(field.name, field.column, kind, encode, field.null)


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


def reference_text(ref: Ref | None) -> str | None:
    return None if ref is None else str(ref.id)


def scalar_text(value: object) -> str | None:
    return value if value is None or type(value) is str else lexical(value)


json_text: Callable[[object], str] = json.JSONEncoder(ensure_ascii=False).encode
