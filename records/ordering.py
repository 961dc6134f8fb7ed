"""
The order of a search as SQL, and the condition that a record comes after a position in it.

    ORDER BY t.due_date DESC NULLS LAST, t.id DESC
    (t.number, t.id) > (%s::text, %s::bigint)       where all go one way and none is null: an index goes on from there
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection

from records.columns import get_field, get_related_model
from records.conditions import Sql, stored_expression
from records.shapes.fields import Kind, ScalarField
from records.shapes.ordering import SortKey, check_position, understand_order
from records.sql import quote_name
from records.write.plan import Plan

TYPES = {
    Kind.TEXT: "text",
    Kind.INTEGER: "bigint",
    Kind.DECIMAL: "numeric",
    Kind.BOOLEAN: "boolean",
    Kind.DATE: "date",
    Kind.DATETIME: "timestamptz",
}


@dataclass(frozen=True, slots=True)
class OrderColumn:
    """
    An expression that records are ordered by.

    type      of the database, for values that it is compared with
    nullable  it may be NULL, which stands before all values; a blank text is no NULL
    join      the table of related records that it is a column of; "": the record's own
    """

    expression: str
    type: str
    descending: bool = False
    nullable: bool = False
    join: str = ""

    def order(self) -> str:
        """Build its part of ORDER BY."""
        # Without NULLS where there are none: PostgreSQL reads an index of the column only if the two say the same.
        if self.nullable:
            return self.expression + (" DESC NULLS LAST" if self.descending else " NULLS FIRST")
        return self.expression + " DESC" * self.descending

    def beyond(self, value: str | None) -> Sql:
        """Build the condition that a value comes after this one, and not at its place; "": none does."""
        if value is None:
            return ("" if self.descending else f"{self.expression} IS NOT NULL"), []
        if not self.descending:
            return f"{self.expression} > %s::{self.type}", [value]
        null = f" OR {self.expression} IS NULL" if self.nullable else ""
        return f"({self.expression} < %s::{self.type}{null})", [value]

    def equal(self, value: str | None) -> Sql:
        if value is None:
            return f"{self.expression} IS NULL", []
        return f"{self.expression} = %s::{self.type}", [value]

    def bound(self, value: str | None) -> Sql:
        """Build what is true of all that comes after a value or at its place, as an index reads it; "": of all."""
        if value is None:
            return (f"{self.expression} IS NULL" if self.descending else ""), []
        if self.descending and self.nullable:
            return "", []
        return f"{self.expression} {'<=' if self.descending else '>='} %s::{self.type}", [value]


@dataclass(frozen=True, slots=True)
class Ordering:
    """The order of a search: its columns, the last of which no two records share, or all of them together."""

    columns: tuple[OrderColumn, ...]
    keys: tuple[SortKey, ...]

    @property
    def joins(self) -> str:
        return "".join(column.join for column in self.columns)

    def order(self) -> str:
        """Build what follows ORDER BY."""
        return ", ".join(column.order() for column in self.columns)

    def after(self, position: Sequence[str]) -> Sql:
        """
        Build the condition that a record comes after a position: one text for each column, blank for no value.

        Raises ProblemError for a text that no value of its column is.
        """
        check_position(self.keys, position)
        values = [
            None if value == "" and key.field.kind is not Kind.TEXT else value
            for value, key in zip(position, self.keys, strict=True)
        ]
        if len({column.descending for column in self.columns}) == 1 and not any(
            column.nullable or column.join for column in self.columns
        ):
            return self._compare_rows(values)
        return self._compare_in_turn(values)

    def _compare_in_turn(self, values: Sequence[str | None]) -> Sql:
        """Build the condition column by column: equal in those before, beyond in this one."""
        alternatives: list[str] = []
        parameters: list[object] = []
        for place, (column, value) in enumerate(zip(self.columns, values, strict=True)):
            text, further = column.beyond(value)
            if not text:
                continue
            before = [each.equal(equal) for each, equal in zip(self.columns[:place], values, strict=False)]
            alternatives.append(" AND ".join([*(condition for condition, _ in before), text]))
            parameters += [each for _, found in before for each in found] + further
        condition = f"({' OR '.join(alternatives)})" if alternatives else "FALSE"
        bound, bound_values = self.columns[0].bound(values[0])
        return (f"{bound} AND {condition}", [*bound_values, *parameters]) if bound else (condition, parameters)

    def _compare_rows(self, values: Sequence[str | None]) -> Sql:
        columns = ", ".join(column.expression for column in self.columns)
        places = ", ".join(f"%s::{column.type}" for column in self.columns)
        return f"({columns}) {'<' if self.columns[0].descending else '>'} ({places})", list(values)


@lru_cache(maxsize=256)
def build_ordering(plan: Plan, names: tuple[str, ...]) -> Ordering:
    """Build an order of a plan's records; () is the resource's own. Raises ProblemError for a field that has none."""
    keys = understand_order(plan.resource, names)
    columns = tuple(_build_column(plan, key, f"o{place}") for place, key in enumerate(keys))
    return Ordering(columns, keys)


def _build_column(plan: Plan, key: SortKey, alias: str) -> OrderColumn:
    field, kind = key.field, key.field.kind
    if field.reference is not None and field.reference.by[0] != "id":
        return _build_related_column(plan, key, alias)
    expression, _ = stored_expression(plan, field)
    nullable = field.custom or get_field(plan.model, field.stored_as).null
    if nullable and kind is Kind.TEXT:
        # So that there is one blank text, and not two kinds of it.
        return OrderColumn(f"COALESCE({expression}, '')", "text", key.descending)
    own_type = None if field.custom or kind is Kind.TEXT else get_field(plan.model, field.stored_as).db_type(connection)
    return OrderColumn(expression, own_type or TYPES[kind], key.descending, nullable)


def _build_related_column(plan: Plan, key: SortKey, alias: str) -> OrderColumn:
    """Build the column of a related record: its name, or another one that a field shows."""
    column, own = plan.columns[key.field.stored_as], get_field(plan.model, key.field.stored_as)
    name = _name(key.field)
    related = get_field(get_related_model(own), name)
    nullable, expression = own.null or related.null, f"{alias}.{quote_name(name)}"
    # An inner join may begin with the names, in the order of their index, and end with the page.
    outer = "LEFT JOIN" if own.null else "JOIN"
    join = f" {outer} {quote_name(column.relation_target.table)} {alias} ON {alias}.id = t.{quote_name(column.name)}"
    if key.field.kind is not Kind.TEXT:
        return OrderColumn(expression, TYPES[key.field.kind], key.descending, nullable, join)
    if getattr(related, "db_collation", None) != "C":
        expression += ' COLLATE "C"'  # as callers compare texts; a table of users is small
    return OrderColumn(f"COALESCE({expression}, '')" if nullable else expression, "text", key.descending, join=join)


def _name(field: ScalarField) -> str:
    if field.reference is None:
        raise TypeError(f"{field.name} names no record.")
    return field.reference.by[0]
