"""
Searches for records: one statement for any search, children included; a stream where they may be many.

Criteria mean here what `records.shapes.criteria` says; a property test holds the two equal. A search for words takes up
to four statements, since no single one is quick both for a word that all records have and for one that none has.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import count
from math import ceil
from time import monotonic

from django.db import Error, connection

from records import sql
from records.columns import get_child_relation, get_column_name, get_field, get_related_model
from records.conditions import Sql, build_conditions, constant_conditions, reverse_source
from records.shapes.blocks import CUSTOM, Block, Layout
from records.shapes.copying import replace
from records.shapes.criteria import Criterion, understand
from records.shapes.fields import SCALARS, Field, Kind, MapField, RowsField, ScalarField
from records.shapes.parsing import unknown
from records.shapes.problems import ProblemError, invalid_problem
from records.shapes.references import Reference, SumOfRecords
from records.shapes.streams import Stream
from records.shapes.values import Values
from records.sql import quote_name
from records.words import read_words
from records.write.columns import Column
from records.write.plan import ChildTable, Plan
from records.write.resolve import replace_other_names

NUMBERS = count(1)
# As text, in lexical form: the driver would make an object of each, only to be made text again.
MOMENT = "replace(to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), '.000000Z', 'Z')"
TEXTS = {Kind.DATE: "to_char({column}, 'YYYY-MM-DD')", Kind.DATETIME: MOMENT}
TEXT = "{column}::text"
LONGEST_TRANSACTION = 60.0  # seconds that the database keeps old rows for a stream


class ServerCursor:
    """
    A server-side cursor: the rows of a statement as of one moment, found as they are taken.

        BEGIN                                                        unless there is a transaction
        DECLARE "held_1" NO SCROLL CURSOR WITH HOLD FOR SELECT …
        FETCH FORWARD 500 FROM "held_1"                              until nothing comes
        CLOSE "held_1"
        COMMIT

    An open transaction makes the database keep old rows. So that a slow reader cannot hold it, it is committed after
    LONGEST_TRANSACTION seconds: the database then finds what is left, and keeps it on its disk.

    page_size  how many rows are taken together
    """

    def __init__(self, counting: Sql, statement: str, parameters: Sequence[object], layout: Layout, *, page_size: int):
        self._name = sql.quote_name(f"held_{next(NUMBERS)}")
        self._counting, self._layout, self._page_size = counting, layout, page_size
        self._alias = sql.get_alias()
        self._snapshot = sql.Snapshot()
        self._until = monotonic() + LONGEST_TRANSACTION
        try:
            # WITH HOLD: the rows outlive the transaction; NO SCROLL: only those that are left when it ends.
            sql.run(f"DECLARE {self._name} NO SCROLL CURSOR WITH HOLD FOR {statement}", parameters)
        except BaseException:
            self._snapshot.end()
            raise

    def count(self) -> int:
        """Count the records, before the first is taken."""
        with sql.using(self._alias):
            return sql.rows(*self._counting)[0][0]

    def take(self) -> Block:
        """Return the next rows; an empty block at the end."""
        if monotonic() > self._until:
            self._snapshot.end()
        with sql.using(self._alias):
            return Block(self._layout, sql.rows(f"FETCH FORWARD {self._page_size} FROM {self._name}"))

    def close(self) -> None:
        # A connection that broke off has nothing to close.
        with suppress(Error), sql.using(self._alias):
            sql.run(f"CLOSE {self._name}")
        with suppress(Error):
            self._snapshot.end()


# Words that many records have are found among the next few; up to so many, at 2 µs each.
WINDOWS = (1_000, 20_000)
# Those that few have, by their ids: up to so many, which are then sorted.
MOST_IDS = 5_000
# Those that many have, but none of the next records: a record by its id costs 2 to 10 µs, a look at all a second.
MANY_IDS = 60_000


@dataclass(frozen=True)
class Search:
    """
    A search for records; all that it names is joined with AND.

    words   the key begins with them, or the searchable texts hold each of them, by their beginnings
    ids     only these records
    after   only what comes after this key, one text per key field; goes with the resource's own order only
    limit   at most so many; None: all
    order   the fields to order by, columns of the record itself, what has no value first; one with `-` before it goes
            down, what has no value last; (): the resource's own
    offset  leave out so many at the beginning
    count   count all that is found, too, whatever limit and offset are
    """

    criteria: Sequence[Criterion] = ()
    words: str = ""
    ids: Sequence[int] | None = None
    after: Sequence[str] = ()
    limit: int | None = None
    order: Sequence[str] = ()
    offset: int = 0
    count: bool = False


DESCENDING = "-"


@dataclass(frozen=True)
class FindResult:
    """
    The records in the order of the search; `cut` if there are more than the limit allowed.

    total  how many there are in all; None: nobody wanted to know
    """

    records: tuple[Values, ...] | Stream
    cut: bool = False
    total: int | None = None


def find_records(plan: Plan, search: Search, *, keys_only: bool = False, page_size: int | None = None) -> FindResult:
    """
    Find records, as values. Raises ProblemError for criteria or an order that cannot be understood.

    keys_only  leave out all fields but the key
    page_size  hold at most so many: where there are more, they come as a Stream, all as of the moment it is looked at
    """
    # Most answers fit one page, and a plain statement costs less than a cursor: only a cut one becomes a stream.
    if page_size and (search.limit is None or search.limit > page_size):
        page = find_records(plan, replace(search, limit=page_size), keys_only=keys_only)
        return FindResult(_stream(plan, search, keys_only, page_size), total=page.total) if page.cut else page
    rows = _find_by_words(plan, search, keys_only) if search.words.strip() else _run(plan, search, keys_only)
    found = tuple(map(_select(plan, keys_only)[1].read, rows[: search.limit]))
    return FindResult(found, _is_full(rows, search), _count(plan, search, rows) if search.count else None)


def _count(plan: Plan, search: Search, rows: Sequence[tuple]) -> int:
    """Count all that a search finds, whatever its limit; `rows` are what it has found."""
    # The last page says it by itself, unless it lies beyond the end.
    if not _is_full(rows, search) and (rows or not search.offset):
        return search.offset + len(rows)
    statement, parameters = _build_rows(plan, replace(search, limit=None, offset=0, order=()))
    return sql.rows(f"SELECT count(*) FROM (SELECT{statement}) counted", parameters)[0][0]


def _stream(plan: Plan, search: Search, keys_only: bool, page_size: int) -> Stream:
    # It is opened later, where its first page has come from.
    return Stream(partial(_open_cursor, sql.get_alias(), plan, search, keys_only, page_size), search.limit)


def _open_cursor(alias: str, plan: Plan, search: Search, keys_only: bool, page_size: int) -> ServerCursor:
    with sql.using(alias):
        if search.words.strip():
            search = _name_ids(plan, search) or search
        select, layout = _select(plan, keys_only)
        rows, parameters = _build_rows(plan, search)
        counting = f"SELECT count(*) FROM (SELECT{rows}) counted", parameters
        return ServerCursor(counting, select + rows, parameters, layout, page_size=page_size)


def _find_by_words(plan: Plan, search: Search, keys_only: bool) -> list[tuple]:
    """
    Find records that have the words, whichever way is short: the rows of the answer.

    A frequent word is found by looking at one record after the other, in their order, until there are enough; a rare
    one by the ids that the indexes have for it. Which it is, PostgreSQL's statistics, of whole words, do not know.
    """
    near, far = (_window(search, size) for size in WINDOWS)
    if near and _is_full(rows := _run(plan, search, keys_only, near), search):
        return rows
    if by_ids := _name_ids(plan, search):
        return _run(plan, by_ids, keys_only)
    if far and _is_full(rows := _run(plan, search, keys_only, far), search):
        return rows
    return _run(plan, _name_ids(plan, search, MANY_IDS) or search, keys_only)


def _is_full(rows: Sequence[tuple], search: Search) -> bool:
    return search.limit is not None and len(rows) > search.limit


def _window(search: Search, size: int) -> int:
    """Return how many records to look at one by one; 0: their order is not that of the list, or all are wanted."""
    if search.limit is None or search.order or search.ids is not None:
        return 0
    # In steps, because each number is another statement to prepare.
    steps = ceil((search.offset + search.limit + 1) / 200)
    return size * steps * (5 if search.criteria else 1)  # of those that have the words, not all meet criteria


def _name_ids(plan: Plan, search: Search, most: int | None = None) -> Search | None:
    """Return the search with the ids of the records that have the words, instead of the words; None: too many have."""
    most = most or MOST_IDS
    found = sql.rows(*read_words(plan, search.words).ids(most + 1))
    if len(found) > most:
        return None
    ids = {id_ for (id_,) in found}
    return replace(search, words="", ids=sorted(ids if search.ids is None else ids.intersection(search.ids)))


def _run(plan: Plan, search: Search, keys_only: bool, window: int = 0) -> list[tuple]:
    return sql.rows(*build_statement(plan, search, keys_only, window))


def build_statement(plan: Plan, search: Search, keys_only: bool = False, window: int = 0) -> Sql:
    """Build the statement and its parameters; `window`: that looks at so many records only, the first ones."""
    rows, parameters = _build_rows(plan, search, window)
    return _select(plan, keys_only)[0] + rows, parameters


def _build_rows(plan: Plan, search: Search, window: int = 0) -> Sql:
    """Build the statement from its table on."""
    conditions, parameters = build_conditions(
        plan, replace_other_names(plan, understand(plan.resource, search.criteria))
    )
    _narrow(plan, search, conditions, parameters, window)
    after, key = _after(plan, search)
    if window:
        where = f" WHERE {after}" if after else ""
        table = f"(SELECT * FROM {quote_name(plan.table)} t{where} ORDER BY {_key(plan)} LIMIT {window})"
        parameters[:0] = key
    else:
        table = quote_name(plan.table)
        conditions += [after] if after else []
        parameters += key
    statement = f" FROM {table} t"
    if conditions:
        statement += " WHERE " + " AND ".join(conditions)
    statement += " ORDER BY " + (_order(plan, search) if search.order else _key(plan))
    if search.limit is not None:
        # One more than wanted tells if there are more, without a count.
        statement += " LIMIT %s"
        parameters.append(search.limit + 1)
    if search.offset:
        statement += " OFFSET %s"
        parameters.append(search.offset)
    return statement, parameters


def _narrow(plan: Plan, search: Search, conditions: list[str], parameters: list[object], window: int) -> None:
    # As one array: a statement with a place for each id would be planned anew for each number of them.
    if search.ids is not None:
        conditions.append("t.id = ANY(%s::bigint[])")
        parameters.append(list(search.ids))
    if search.words.strip():
        # Criteria may have an index that finds the few among the many that have the words.
        text, values = read_words(plan, search.words).filter(one_by_one=bool(window or search.criteria))
        conditions.append(text)
        parameters.extend(values)


def _after(plan: Plan, search: Search) -> Sql:
    """Build the condition that a record comes after a key; empty when the search has none."""
    if not search.after:
        return "", []
    # A row comparison goes on where the last page ended, whatever was added or removed before it.
    types = [get_field(plan.model, field).db_type(connection) for field in plan.resource.order]
    places = ", ".join(f"%s::{kind}" for kind in types)
    return f"({_key(plan)}) > ({places})", list(search.after)


def _key(plan: Plan) -> str:
    return ", ".join(f"t.{quote_name(get_column_name(plan.model, field))}" for field in plan.resource.order)


def _order(plan: Plan, search: Search) -> str:
    """Order by the fields of the search, and at last by id, so that pages never overlap."""
    if search.after:
        raise ProblemError(
            invalid_problem("Only a list in its own order goes on after a key.", code="order-with-after")
        )
    columns = []
    for each in search.order:
        name = each.removeprefix(DESCENDING)
        field = plan.resource.by_name.get(name)
        if field is None or field.secret:
            raise ProblemError(unknown(plan.resource, name))
        if field.kind not in SCALARS or field.custom or field.reference is not None:
            raise ProblemError(invalid_problem("Records cannot be ordered by {field}.", code="no-order", path=(name,)))
        direction = "DESC NULLS LAST" if each.startswith(DESCENDING) else "NULLS FIRST"
        columns.append(f"t.{quote_name(get_column_name(plan.model, field.stored_as))} {direction}")
    return ", ".join((*columns, "t.id"))


@lru_cache(maxsize=256)
def _select(plan: Plan, keys_only: bool) -> tuple[str, Layout]:
    """Build the statement up to its table, and the layout of its rows."""
    fields = plan.resource.key_fields if keys_only else plan.resource.fields
    stored = [field for field in fields if not field.custom and not field.secret]
    expressions = [_expression(plan, field) for field in stored]
    names = [field.name for field in stored]
    custom = {} if keys_only else plan.custom
    if custom:
        expressions.append(f"{plan.columns[CUSTOM].select_expression}::text")
        names.append(CUSTOM)
    return f"SELECT {', '.join(expressions)}", Layout(plan.resource, tuple(names), custom)


def _expression(plan: Plan, field: Field) -> str:
    if field.kind is Kind.MAP and field.relation:
        return _related_map(plan, field)
    if field.json_key:
        return f"({_json_member(field, 't')})::text"
    if field.kind is Kind.MAP:
        return _map(plan.child_table(field), field)
    if field.kind is Kind.ROWS:
        return _rows(plan, plan.child_table(field), field)
    if field.kind is Kind.LIST and field.reverse_column:
        table, parent, column = reverse_source(plan, field)
        # DISTINCT: several records may have the same value, and a caller sees each once.
        each = f"array_agg(DISTINCT c.{column} ORDER BY c.{column})"
        return f"(SELECT {each} FROM {table} c WHERE c.{parent} = t.id)"
    if field.reference is not None:
        column = _reference_expression(plan.columns[field.stored_as], field.reference, "t")
    else:
        column = f"t.{quote_name(get_column_name(plan.model, field.stored_as))}"
    return column if field.kind is Kind.LIST else TEXTS.get(field.kind, TEXT).format(column=column)


def _reference_expression(column: Column, reference: Reference, alias: str) -> str:
    """Build the expression of a field that names another record: its id, or the name by which it is shown."""
    own = f"{alias}.{quote_name(column.name)}"
    name = reference.by[0]
    if name == "id":
        return own
    return f"(SELECT r.{quote_name(name)} FROM {quote_name(column.relation_target.table)} r WHERE r.id = {own})"


def _sum(table: ChildTable, of: SumOfRecords) -> str:
    """Build the sum of the records that refer to a row; 0 when there are none."""
    names = (of.table, of.column, of.parent, table.parent, of.key, table.key[0].name)
    records, column, parent, own_parent, key, own_key = map(quote_name, names)
    return (
        f"COALESCE((SELECT sum(u.{column}) FROM {records} u "
        f"WHERE u.{parent} = c.{own_parent} AND u.{key} = c.{own_key}), 0)"
    )


def _json_member(field: Field, alias: str) -> str:
    """Build the expression of a map that a JSON column holds; its name there is a declared one."""
    return f"{alias}.{quote_name(field.stored_as)}->'{field.json_key}'"


def _related_map(plan: Plan, field: MapField) -> str:
    """Build the expression of a map of the record that a relation leads to: vendor data, or one of a child table."""
    relation = get_field(plan.model, field.relation)
    related, own = get_related_model(relation), f"t.{quote_name(get_column_name(plan.model, field.relation))}"
    if field.json_key:
        member = _json_member(field, "r")
        return f"(SELECT ({member})::text FROM {quote_name(related._meta.db_table)} r WHERE r.id = {own})"
    accessor = get_child_relation(related, field.source)
    child = get_related_model(accessor)
    parent = quote_name(get_column_name(child, accessor.remote_field.name))
    key, value = (quote_name(get_column_name(child, name)) for name in (field.keys.name, field.item.name))
    return (
        f"(SELECT json_object_agg(c.{key}, c.{value}::text ORDER BY c.{key})::text "
        f"FROM {quote_name(child._meta.db_table)} c WHERE c.{parent} = {own})"
    )


def _map(table: ChildTable, field: MapField) -> str:
    columns = {column.field: quote_name(column.name) for column in (*table.key, *table.values)}
    # Values go as text: JSON numbers would come back as floats.
    key, value = columns[field.keys.name], columns[field.item.name]
    constants = "".join(f" AND {text}" for text in constant_conditions(table, field))
    return (
        f"(SELECT json_object_agg(c.{key}, c.{value}::text ORDER BY c.{key})::text FROM {quote_name(table.table)} c "
        f"WHERE c.{quote_name(table.parent)} = t.id{constants})"
    )


def _rows(plan: Plan, table: ChildTable, rows: RowsField) -> str:
    model = get_related_model(get_child_relation(plan.model, table.source))
    columns = {column.field: column for column in (*table.key, *table.values)}
    members = []
    for field in (field for field in rows.child.fields if not field.secret):
        if field.json_key:
            members.append(f"'{field.name}', {_json_member(field, 'c')}")
            continue
        if field.reference is not None:
            member = _reference_expression(columns[field.stored_as], field.reference, "c")
        else:
            member = f"c.{quote_name(get_column_name(model, field.stored_as))}"
        if isinstance(field, ScalarField) and field.minus is not None:
            member = f"({member} - {_sum(table, field.minus)})"
        members.append(f"'{field.name}', {member}::text")
    order = ", ".join(f"c.{quote_name(column.name)}" for column in table.key)
    return (
        f"(SELECT json_agg(json_build_object({', '.join(members)}) ORDER BY {order})::text "
        f"FROM {quote_name(table.table)} c WHERE c.{quote_name(table.parent)} = t.id)"
    )
