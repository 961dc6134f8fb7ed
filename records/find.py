"""
Searches for records: one statement for any search, children included; a stream where they may be many.

Criteria mean here what `records.shapes.criteria` says; a property test holds the two equal. A search for words takes up
to four statements, since no single one is quick both for a word that all records have and for one that none has.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil

from records import sql
from records.conditions import Sql, build_conditions
from records.cursor import ServerCursor
from records.expressions import build_select
from records.ordering import build_ordering
from records.shapes.copying import replace
from records.shapes.criteria import Criterion, understand
from records.shapes.streams import Stream
from records.shapes.values import Values
from records.sql import quote_name
from records.words import read_words
from records.write.plan import Plan
from records.write.resolve import replace_other_names

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
    after   only what comes after this position: a text for each field of the order, as it is completed; blank: no value
    limit   at most so many; None: all
    order   the fields to order by (`records.shapes.ordering`); (): the resource's own order
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
    found = tuple(map(build_select(plan, keys_only)[1].read, rows[: search.limit]))
    return FindResult(found, _is_full(rows, search), _count(plan, search, rows) if search.count else None)


def _count(plan: Plan, search: Search, rows: Sequence[tuple]) -> int:
    """Count all that a search finds, whatever its limit; `rows` are what it has found."""
    # The last page says it by itself, unless it lies beyond the end.
    if not _is_full(rows, search) and (rows or not search.offset):
        return search.offset + len(rows)
    statement, parameters = _build_rows(
        plan, replace(search, limit=None, offset=0, order=search.order if search.after else ())
    )
    return sql.rows(f"SELECT count(*) FROM (SELECT{statement}) counted", parameters)[0][0]


def _stream(plan: Plan, search: Search, keys_only: bool, page_size: int) -> Stream:
    # It is opened later, where its first page has come from.
    return Stream(partial(_open_cursor, sql.get_alias(), plan, search, keys_only, page_size), search.limit)


def _open_cursor(alias: str, plan: Plan, search: Search, keys_only: bool, page_size: int) -> ServerCursor:
    with sql.using(alias):
        if search.words.strip():
            search = _name_ids(plan, search) or search
        select, layout = build_select(plan, keys_only)
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
    return build_select(plan, keys_only)[0] + rows, parameters


def _build_rows(plan: Plan, search: Search, window: int = 0) -> Sql:
    """Build the statement from its table on."""
    conditions, parameters = build_conditions(
        plan, replace_other_names(plan, understand(plan.resource, search.criteria))
    )
    _narrow(plan, search, conditions, parameters, window)
    ordering = build_ordering(plan, tuple(search.order))
    # A comparison goes on where the last page ended, whatever was added or removed before it.
    after, position = ordering.after(search.after) if search.after else ("", [])
    if window:
        where = f" WHERE {after}" if after else ""
        table = f"(SELECT * FROM {quote_name(plan.table)} t{where} ORDER BY {ordering.order()} LIMIT {window})"
        parameters[:0] = position
    else:
        table = quote_name(plan.table)
        conditions += [after] if after else []
        parameters += position
    statement = f" FROM {table} t{ordering.joins}"
    if conditions:
        statement += " WHERE " + " AND ".join(conditions)
    statement += " ORDER BY " + ordering.order()
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
