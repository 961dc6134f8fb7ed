"""
A column as the set-based write reads and sends it: its type, its text, and the target of a relation.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db import connection, models

from records.columns import get_column_name, get_related_model
from records.shapes.formatting import lexical
from records.shapes.references import Ref
from records.sql import quote_name, text_array

Encode = Callable[[Sequence[Any]], Sequence[str | None]]  # a column's values in many rows, all at once

# One encoder for all: json.dumps builds one at each call.
json_text: Callable[[object], str] = json.JSONEncoder(ensure_ascii=False).encode


def encode_references(values: Sequence[Ref | None]) -> list[str | None]:
    return [None if ref is None else str(ref.id) for ref in values]


def encode_lists(values: Sequence[Sequence[str]]) -> list[str]:
    return list(map(text_array, values))


def encode_objects(values: Sequence[object]) -> list[str]:
    return list(map(json_text, values))


def encode_texts(values: Sequence[str | None]) -> Sequence[str | None]:
    return values


def encode_integers(values: Sequence[int | None]) -> list[str | None]:
    if None in values:
        return [None if value is None else str(value) for value in values]
    return list(map(str, values))


def encode_numbers(values: Sequence[Decimal | None]) -> list[str | None]:
    # As Python writes them: the column has the digits that it has.
    return [None if value is None else str(value) for value in values]


def encode_scalars(values: Sequence[object]) -> list[str | None]:
    return [None if value is None else lexical(value) for value in values]


BY_TYPE: Mapping[str, Encode] = {
    "varchar": encode_texts,
    "text": encode_texts,
    "smallint": encode_integers,
    "integer": encode_integers,
    "bigint": encode_integers,
    "numeric": encode_numbers,
    "jsonb": encode_objects,
}


@dataclass(frozen=True)
class Target:
    """
    The table that a relation leads to.

    name_column  the column by whose content a record is named
    active       an SQL expression, true if the record may be put on something new
    within       the column of the relation inside which the record is named; "": it is named by itself
    """

    table: str
    name_column: str
    active: str
    within: str = ""


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
        """The function that turns values into the texts that are sent."""
        if self.target is not None:
            return encode_references
        return encode_lists if self.type.endswith("[]") else BY_TYPE.get(self.type.partition("(")[0], encode_scalars)

    @property
    def relation_target(self) -> Target:
        """The target of a relation; raises TypeError for any other column."""
        if self.target is None:
            raise TypeError(f"{self.field} is no relation.")
        return self.target

    @property
    def select_expression(self) -> str:
        """The SQL expression that reads it, from the table as `t`."""
        own = f"t.{quote_name(self.name)}"
        if self.target is not None:
            to = self.target
            ref = f"json_build_array(r.id, r.{quote_name(to.name_column)}::text, {to.active})"
            return f"(SELECT {ref} FROM {quote_name(to.table)} r WHERE r.id = {own})"
        # Django sets the connection to leave `jsonb` as text; `json` comes decoded.
        return own + ("::json" if self.type == "jsonb" else "")

    def decode(self, value: object) -> object:
        """Type a value that was read by `select_expression`."""
        return Ref(*value) if self.target is not None and isinstance(value, list | tuple) else value

    @classmethod
    def build(cls, field: models.Field, name_column: str = "") -> "Column":
        """Build the column of a model's field; `name_column` is the one by which a related record is named."""
        kind = field.db_parameters(connection)["type"] or ""
        target = build_target(field, name_column) if isinstance(field, models.ForeignKey) else None
        return cls(field.name, field.get_attname_column()[1], kind, field.null, target)


def build_decoder(columns: Sequence[Column]) -> Callable[[Sequence[object]], Sequence[object]]:
    """Build the function that types rows that were read by `select_expression`; most rows need nothing."""
    relations = [(place, column) for place, column in enumerate(columns) if column.target is not None]

    def decode(row: Sequence[object]) -> Sequence[object]:
        values = list(row)
        for place, column in relations:
            values[place] = column.decode(values[place])
        return values

    return decode if relations else lambda row: row


def build_target(field: models.ForeignKey, name_column: str) -> Target:
    related = get_related_model(field)
    names = {each.name for each in related._meta.fields}
    # Users have `is_active`; a kind of record that cannot be inactive always is active.
    active = next((name for name in ("active", "is_active") if name in names), None)
    return Target(
        related._meta.db_table, get_column_name(related, name_column), quote_name(active) if active else "true"
    )
