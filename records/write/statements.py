"""
The statements of the set-based write: rows go over as arrays of text, one array per column, in blocks.

Each text is built once for its table and columns and planned once by the server.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from records import sql
from records.shapes.references import Ref
from records.sql import quote_name
from records.write.columns import Column

BLOCK = 10_000

Row = Sequence[object]


def arrays(columns: Sequence[Column], values: Iterable[Sequence[object]]) -> list[str]:
    """Turn the values of each column into one array of texts."""
    return [sql.text_array(_encode(column, each)) for column, each in zip(columns, values, strict=True)]


def _encode(column: Column, values: Sequence[Any]) -> Sequence[str | None]:
    # Many a column holds the same in all new records: its default. To compare Refs takes longer than to encode them.
    if values[0].__class__ is not Ref and values.count(values[0]) == len(values):
        return [column.encode(values[:1])[0]] * len(values)
    return column.encode(values)


def _unnest(columns: Sequence[Column]) -> str:
    arrays = ", ".join("%s::text[]" for _ in columns)
    return f"unnest({arrays}) AS v({_names(columns)})"


def _casts(columns: Sequence[Column]) -> str:
    return ", ".join(f"v.{quote_name(column.name)}::{column.type}" for column in columns)


def _names(columns: Sequence[Column]) -> str:
    return ", ".join(quote_name(column.name) for column in columns)


def _equal(columns: Sequence[Column]) -> str:
    # IS NOT DISTINCT FROM finds a null, but no index serves it: only columns that may be null are compared so.
    return " AND ".join(
        f"t.{quote_name(c.name)} {'IS NOT DISTINCT FROM' if c.nullable else '='} v.{quote_name(c.name)}::{c.type}"
        for c in columns
    )


@cache
def select_by_key(table: str, key: tuple[Column, ...], read: tuple[Column, ...], lock: str) -> str:
    """Reads and locks stored records, in the order of their keys."""
    expressions = ", ".join(column.select_expression for column in read)
    joined = " AND ".join(f"t.{quote_name(c.name)} = v.{quote_name(c.name)}::{c.type}" for c in key)
    order = ", ".join(f"t.{quote_name(column.name)}" for column in key)
    return (
        f"SELECT t.id, t.version, {expressions} FROM {quote_name(table)} t JOIN {_unnest(key)} ON {joined} "
        f"ORDER BY {order} FOR {lock} OF t"
    )


@cache
def select_keys(table: str, key: tuple[Column, ...]) -> str:
    """Selects the keys of records by their ids."""
    expressions = ", ".join(column.select_expression for column in key)
    return f"SELECT t.id, {expressions} FROM {quote_name(table)} t WHERE t.id = ANY(%s::bigint[])"


@dataclass(frozen=True)
class Comparison:
    """
    One side of a comparison that finds records: the stored expression, and the type in which it is compared.

    caseless  a text is compared without its case
    owners    selects the records whose children may hold it, up to the last condition; "": it is in the record, `t`
    words     the column of these children whose index finds texts by their words; "": there is none
    """

    stored: str
    type: str
    caseless: bool = False
    owners: str = ""
    words: str = ""

    def equals(self, value: str) -> str:
        """Return the condition that it equals a value, which is a text."""
        # No blank text is ever looked for; the planner must be told, or it takes no index that leaves out the blanks.
        filled = f" AND {self.stored} <> ''" if self.type == "text" else ""
        if not self.caseless:
            return f"{self.stored} = {value}::{self.type}{filled}"
        # As `records.columns.caseless_index` has it, and ILIKE.
        return f'lower({self.stored} COLLATE "default") = lower({value} COLLATE "default"){filled}'

    def join(self, value: str, name: str) -> str:
        """Return the join of the records whose children hold a value; "": the record itself holds it."""
        if not self.owners:
            return ""
        words = f"{self.words} @@ plainto_tsquery('simple', {value}) AND " if self.words else ""
        # OFFSET 0: PostgreSQL would read the whole table for a few values, which it reckons to be cheaper.
        return f"JOIN LATERAL ({self.owners} AND {words}{self.equals(value)} OFFSET 0) {name}(id) ON true "


@cache
def select_matches(
    table: str, key: tuple[Column, ...], compared: tuple[Comparison, ...], blank: tuple[Comparison, ...] = ()
) -> str:
    """
    Selects the records that have one of several sets of values: the set's place from 1 on, their ids and keys.

    blank  what must have no value beside
    """
    expressions = ", ".join(column.select_expression for column in key)
    arrays = ", ".join("%s::text[]" for _ in compared)
    names = ", ".join(f"value{n}" for n in range(len(compared)))
    joins = "".join(each.join(f"v.value{n}", f"c{n}") for n, each in enumerate(compared))
    conditions = [f"t.id = c{n}.id" if each.owners else each.equals(f"v.value{n}") for n, each in enumerate(compared)]
    conditions += [f"coalesce({each.stored}, '') = ''" for each in blank]
    return (
        f"SELECT v.place, t.id, {expressions} FROM unnest({arrays}) WITH ORDINALITY AS v({names}, place) {joins}"
        f"JOIN {quote_name(table)} t ON {' AND '.join(conditions)}"
    )


@cache
def lock_by_id(table: str, key: tuple[Column, ...], lock: str) -> str:
    """Locks records by their ids, in the order of their keys."""
    order = ", ".join(f"t.{quote_name(column.name)}" for column in key)
    return f"SELECT t.id FROM {quote_name(table)} t WHERE t.id = ANY(%s::bigint[]) ORDER BY {order} FOR {lock} OF t"


@cache
def next_numbers(table: str, key: Column) -> str:
    """Takes the next numbers of a table's own sequence, as text, and tells of each if it is stored already."""
    taken = f"EXISTS (SELECT 1 FROM {quote_name(table)} t WHERE t.{quote_name(key.name)} = d.number)"
    numbers = f"SELECT nextval('{table}_{key.name}s')::text AS number FROM generate_series(1, %s)"
    return f"SELECT d.number, {taken} FROM ({numbers}) AS d"


@cache
def insert(table: str, key: tuple[Column, ...], columns: tuple[Column, ...]) -> str:
    """Adds records; a key that another writer has won does not come back."""
    # Never DO UPDATE: in a race it overwrote a committed record with the defaults of this one.
    # Rows go in by key, so that two calls which add the same keys wait for each other in one order.
    order = ", ".join(f"v.{quote_name(column.name)}::{column.type}" for column in key)
    return (
        f"INSERT INTO {quote_name(table)} ({_names(columns)}, version, created_at, created_by, changed_at, changed_by) "
        f"SELECT {_casts(columns)}, 1, %s, %s, %s, %s FROM {_unnest(columns)} ORDER BY {order} "
        f"ON CONFLICT ({_names(key)}) DO NOTHING RETURNING id, {_names(key)}"
    )


@cache
def insert_names(table: str, column: str) -> str:
    """Adds records that have only a name, in one order for all calls; one that another call has added is left out."""
    name = quote_name(column)
    return (
        f"INSERT INTO {quote_name(table)} ({name}, version, created_at, created_by, changed_at, changed_by) "
        f'SELECT v.name, 1, %s, %s, %s, %s FROM unnest(%s::text[]) AS v(name) ORDER BY v.name COLLATE "C" '
        f"ON CONFLICT ({name}) DO NOTHING RETURNING id, {name}"
    )


@cache
def update(table: str, columns: tuple[Column, ...]) -> str:
    """Changes records by id and moves their version; `columns` begin with the id."""
    assignments = "".join(f"{quote_name(c.name)} = v.{quote_name(c.name)}::{c.type}, " for c in columns[1:])
    return (
        f"UPDATE {quote_name(table)} t SET {assignments}version = t.version + 1, changed_at = %s, changed_by = %s "
        f"FROM {_unnest(columns)} WHERE t.id = v.id::bigint"
    )


@cache
def select_children(table: str, parent: str, columns: tuple[Column, ...]) -> str:
    expressions = ", ".join(column.select_expression for column in columns)
    owner = f"t.{quote_name(parent)}"
    return f"SELECT {owner}, {expressions} FROM {quote_name(table)} t WHERE {owner} = ANY(%s::bigint[])"


@cache
def insert_children(table: str, columns: tuple[Column, ...]) -> str:
    return f"INSERT INTO {quote_name(table)} ({_names(columns)}) SELECT {_casts(columns)} FROM {_unnest(columns)}"


@cache
def update_children(table: str, key: tuple[Column, ...], values: tuple[Column, ...]) -> str:
    assignments = ", ".join(f"{quote_name(c.name)} = v.{quote_name(c.name)}::{c.type}" for c in values)
    return f"UPDATE {quote_name(table)} t SET {assignments} FROM {_unnest((*key, *values))} WHERE {_equal(key)}"


@cache
def delete_children(table: str, key: tuple[Column, ...]) -> str:
    return f"DELETE FROM {quote_name(table)} t USING {_unnest(key)} WHERE {_equal(key)}"


@cache
def delete_by(table: str, column: str) -> str:
    return f"DELETE FROM {quote_name(table)} WHERE {quote_name(column)} = ANY(%s::bigint[])"


@cache
def select_used_ids(table: str, column: str) -> str:
    """Selects those of some ids that another table refers to."""
    return (
        f"SELECT DISTINCT {quote_name(column)} FROM {quote_name(table)} WHERE {quote_name(column)} = ANY(%s::bigint[])"
    )


def run_rows(statement: str, columns: Sequence[Column], rows: Sequence[Row], *before: object) -> list:
    """Run a statement for all rows, block by block; return its cursors. `before` are parameters ahead of the arrays."""
    return run_columns(statement, columns, list(zip(*rows, strict=True)), *before) if rows else []


def run_columns(statement: str, columns: Sequence[Column], values: Sequence[Sequence[object]], *before: object) -> list:
    """Run a statement likewise for rows that are given column by column."""
    portions = ([each[start : start + BLOCK] for each in values] for start in range(0, len(values[0]), BLOCK))
    return [sql.run(statement, [*before, *arrays(columns, portion)]) for portion in portions]


def fetch_all(cursors: Sequence) -> Iterator[tuple]:
    """Yield the rows that a statement returned."""
    for cursor in cursors:
        yield from cursor.fetchall()
