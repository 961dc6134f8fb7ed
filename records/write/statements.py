"""
The statements of the set-based write: rows go over as arrays of text, one array per column, in blocks.

Each text is built once for its table and columns and planned once by the server.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from records import sql
from records.sql import name
from records.write.columns import Column

BLOCK = 10_000

Row = Sequence[object]


def blocks(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """The rows in portions that one statement takes."""
    for start in range(0, len(rows), BLOCK):
        yield rows[start : start + BLOCK]


def arrays(columns: Sequence[Column], rows: Sequence[Row]) -> list[str]:
    """The rows turned into one array of texts per column."""
    by_column = zip(columns, zip(*rows, strict=True), strict=True)
    return [sql.text_array(column.encode(values)) for column, values in by_column]


def _unnest(columns: Sequence[Column]) -> str:
    given = ", ".join("%s::text[]" for _ in columns)
    return f"unnest({given}) AS v({', '.join(name(column.name) for column in columns)})"


def _casts(columns: Sequence[Column]) -> str:
    return ", ".join(f"v.{name(column.name)}::{column.type}" for column in columns)


def _names(columns: Sequence[Column]) -> str:
    return ", ".join(name(column.name) for column in columns)


def _same(columns: Sequence[Column]) -> str:
    return " AND ".join(
        f"t.{name(c.name)} {'IS NOT DISTINCT FROM' if c.nullable else '='} v.{name(c.name)}::{c.type}" for c in columns
    )


@cache
def select_by_key(table: str, key: tuple[Column, ...], read: tuple[Column, ...], lock: str) -> str:
    """Reads and locks the stored twins, in the order of their keys."""
    wanted = ", ".join(column.selected for column in read)
    joined = " AND ".join(f"t.{name(c.name)} = v.{name(c.name)}::{c.type}" for c in key)
    order = ", ".join(f"t.{name(column.name)}" for column in key)
    return (
        f"SELECT t.id, t.version, {wanted} FROM {name(table)} t JOIN {_unnest(key)} ON {joined} "
        f"ORDER BY {order} FOR {lock} OF t"
    )


@cache
def select_keys(table: str, key: tuple[Column, ...]) -> str:
    """The keys of records by their ids."""
    wanted = ", ".join(column.selected for column in key)
    return f"SELECT t.id, {wanted} FROM {name(table)} t WHERE t.id = ANY(%s::bigint[])"


@dataclass(frozen=True)
class Compared:
    """What a record is found by: how it is stored, and the type in which it is compared."""

    stored: str
    type: str


@cache
def select_matching(table: str, key: tuple[Column, ...], compared: tuple[Compared, ...]) -> str:
    """Ids and keys of the records that have one of several sets of values, each with the set's place from 1 on."""
    wanted = ", ".join(column.selected for column in key)
    arrays = ", ".join("%s::text[]" for _ in compared)
    names = ", ".join(f"value{n}" for n in range(len(compared)))
    joined = " AND ".join(f"{each.stored} = v.value{n}::{each.type}" for n, each in enumerate(compared))
    # No blank text is ever asked for; said so that indexes without the blanks serve.
    filled = "".join(f" AND {each.stored} <> ''" for each in compared if each.type == "text")
    return (
        f"SELECT v.place, t.id, {wanted} FROM {name(table)} t "
        f"JOIN unnest({arrays}) WITH ORDINALITY AS v({names}, place) ON {joined}{filled}"
    )


@cache
def lock(table: str, key: tuple[Column, ...], lock: str) -> str:
    """Locks records by their ids, in the order of their keys."""
    order = ", ".join(f"t.{name(column.name)}" for column in key)
    return f"SELECT t.id FROM {name(table)} t WHERE t.id = ANY(%s::bigint[]) ORDER BY {order} FOR {lock} OF t"


@cache
def draw(table: str, key: Column) -> str:
    """The next numbers of a table's own sequence, as text, and whether each is taken already."""
    taken = f"EXISTS (SELECT 1 FROM {name(table)} t WHERE t.{name(key.name)} = d.number)"
    numbers = f"SELECT nextval('{table}_{key.name}s')::text AS number FROM generate_series(1, %s)"
    return f"SELECT d.number, {taken} FROM ({numbers}) AS d"


@cache
def insert(table: str, key: tuple[Column, ...], columns: tuple[Column, ...]) -> str:
    """Adds records; a key that another writer has won does not come back."""
    order = ", ".join(f"v.{name(column.name)}::{column.type}" for column in key)
    return (
        f"INSERT INTO {name(table)} ({_names(columns)}, version, created_at, created_by, changed_at, changed_by) "
        f"SELECT {_casts(columns)}, 1, %s, %s, %s, %s FROM {_unnest(columns)} ORDER BY {order} "
        f"ON CONFLICT ({_names(key)}) DO NOTHING RETURNING id, {_names(key)}"
    )


@cache
def update(table: str, columns: tuple[Column, ...]) -> str:
    """Changes records by id and moves their version; `columns` begin with the id."""
    assignments = "".join(f"{name(c.name)} = v.{name(c.name)}::{c.type}, " for c in columns[1:])
    return (
        f"UPDATE {name(table)} t SET {assignments}version = t.version + 1, changed_at = %s, changed_by = %s "
        f"FROM {_unnest(columns)} WHERE t.id = v.id::bigint"
    )


@cache
def select_children(table: str, parent: str, columns: tuple[Column, ...]) -> str:
    wanted = ", ".join(column.selected for column in columns)
    return f"SELECT t.{name(parent)}, {wanted} FROM {name(table)} t WHERE t.{name(parent)} = ANY(%s::bigint[])"


@cache
def insert_children(table: str, columns: tuple[Column, ...]) -> str:
    return f"INSERT INTO {name(table)} ({_names(columns)}) SELECT {_casts(columns)} FROM {_unnest(columns)}"


@cache
def update_children(table: str, key: tuple[Column, ...], values: tuple[Column, ...]) -> str:
    assignments = ", ".join(f"{name(c.name)} = v.{name(c.name)}::{c.type}" for c in values)
    return f"UPDATE {name(table)} t SET {assignments} FROM {_unnest((*key, *values))} WHERE {_same(key)}"


@cache
def delete_children(table: str, key: tuple[Column, ...]) -> str:
    return f"DELETE FROM {name(table)} t USING {_unnest(key)} WHERE {_same(key)}"


@cache
def delete_by(table: str, column: str) -> str:
    return f"DELETE FROM {name(table)} WHERE {name(column)} = ANY(%s::bigint[])"


@cache
def used_among(table: str, column: str) -> str:
    """Which of some ids another table refers to."""
    return f"SELECT DISTINCT {name(column)} FROM {name(table)} WHERE {name(column)} = ANY(%s::bigint[])"


def run_rows(statement: str, columns: Sequence[Column], rows: Sequence[Row], *before: object) -> list:
    """Run a statement for all rows, block by block; gives its cursors. `before` come ahead of the arrays."""
    return [sql.run(statement, [*before, *arrays(columns, block)]) for block in blocks(rows)]


def returned(cursors: Sequence) -> Iterator[tuple]:
    """The rows that a statement returned."""
    for cursor in cursors:
        yield from cursor.fetchall()
