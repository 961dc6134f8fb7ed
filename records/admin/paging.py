"""
Pages of long lists: numbers that cost no count of a table, and pages that go on where the last one ended.

    60              as many as there are
    1,000+          more than anybody reads
    about 1,200,000 a whole table, as PostgreSQL reckons
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import BooleanField, F, Field, Func, Model, Q, QuerySet, Value
from django.db.models.expressions import OrderBy

from records.columns import get_field

MOST_COUNTED = 1_000
ESTIMATES = """
    SELECT relname, reltuples::bigint FROM pg_class
    WHERE oid = ANY(SELECT to_regclass(name) FROM unnest(%s::text[]) AS name)
"""


class Number(int):
    """A number of records, written as it is known; the admin's templates write a number by its text."""

    text: str

    def __new__(cls, value: int, text: str = "") -> "Number":
        number = super().__new__(cls, value)
        number.text = text or f"{value:,}"
        return number

    def __str__(self) -> str:
        return self.text

    @property
    def is_cut(self) -> bool:
        """True if there are more than were counted."""
        return self.text.endswith("+")


def count_records(records: QuerySet) -> Number:
    """Count records, up to MOST_COUNTED."""
    return _limit(records.order_by().values("pk")[: MOST_COUNTED + 1].count())


def count_each(queries: Sequence[QuerySet]) -> list[Number]:
    """Count the records of each query, up to MOST_COUNTED (one query)."""
    if not queries:
        return []
    positions, *others = (
        records.order_by().annotate(position=Value(n)).values_list("position", "pk")[: MOST_COUNTED + 1]
        for n, records in enumerate(queries)
    )
    found = Counter(position for position, _ in positions.union(*others, all=True))
    return [_limit(found[n]) for n in range(len(queries))]


def _limit(found: int) -> Number:
    return Number(found) if found <= MOST_COUNTED else Number(MOST_COUNTED, f"{MOST_COUNTED:,}+")


def estimate_records(*models: type[Model]) -> dict[type[Model], Number]:
    """Return about how many records there are of models, as the last ANALYZE has found; many only (one query)."""
    tables = {model._meta.db_table: model for model in models}
    with connection.cursor() as cursor:
        cursor.execute(ESTIMATES, [list(tables)])
        found = [(tables[name], number) for name, number in cursor.fetchall()]
    return {model: Number(number, f"about {_round(number):,}") for model, number in found if number > MOST_COUNTED}


def _round(number: int) -> int:
    """Round to three digits: more of an estimate would look like a count."""
    return round(number, 3 - len(str(number)))


class UncountedPaginator(Paginator):
    """Pages by number that know if there is a next one: each reads one record more than it shows."""

    def page(self, number) -> Page:
        number = max(self._read_number(number), 1)
        first = (number - 1) * self.per_page
        records = list(self.object_list[first : first + self.per_page + 1])
        return UncountedPage(records[: self.per_page], number, self, has_next=len(records) > self.per_page)

    get_page = page

    @staticmethod
    def _read_number(number) -> int:
        try:
            return min(int(number), 1_000_000)  # what is larger would be an error of the database
        except (TypeError, ValueError):
            return 1


class UncountedPage(Page):
    def __init__(self, records: list, number: int, paginator: Paginator, *, has_next: bool):
        super().__init__(records, number, paginator)
        self._has_next = has_next

    def has_next(self) -> bool:
        return self._has_next

    def next_page_number(self) -> int:
        return self.number + 1

    def previous_page_number(self) -> int:
        return self.number - 1


class Row(Func):
    """A row of SQL, `(changed_at, id)`: rows are compared column by column, by an index that has them all."""

    template = "(%(expressions)s)"
    output_field = BooleanField()  # of no matter: rows are only compared


@dataclass(frozen=True)
class Order:
    """The columns that a list is ordered by, the last of them unique, each with True if it descends."""

    columns: Sequence[tuple[Field, bool]]

    @classmethod
    def read(cls, model: type[Model], ordering: Sequence[str]) -> "Order":
        names = [(name.removeprefix("-"), name.startswith("-")) for name in ordering]
        return cls([(model._meta.pk if name == "pk" else get_field(model, name), down) for name, down in names])

    def expressions(self, *, backwards: bool) -> list[OrderBy]:
        """Build what a query is ordered by: what has no value comes first, and last where it descends, as in APIs."""
        return [_order_by(field, down=down is not backwards) for field, down in self.columns]

    def position(self, record: Model) -> str:
        """Write where a record stands in the order, as an address has it."""
        values = [getattr(record, field.attname) for field, _ in self.columns]
        texts = [
            None if value is None else field.value_to_string(record)
            for (field, _), value in zip(self.columns, values, strict=True)
        ]
        return json.dumps(texts, separators=(",", ":"))

    def read_position(self, text: str) -> list[object] | None:
        """Read what `position` has written; None: it is none of this order."""
        try:
            texts = json.loads(text)
            if not isinstance(texts, list) or len(texts) != len(self.columns) or "\0" in "".join(filter(None, texts)):
                return None
            return [field.to_python(text) for (field, _), text in zip(self.columns, texts, strict=True)]
        except (ValueError, TypeError, RecursionError, ValidationError):
            return None

    def beyond(self, position: Sequence[object], *, backwards: bool) -> Q:
        """Build the condition that a record comes after a position; backwards: before it."""
        downs = {down for _, down in self.columns}
        if len(downs) == 1 and not any(field.null for field, _ in self.columns):
            columns = Row(*(field.attname for field, _ in self.columns))
            values = Row(*(Value(value, field) for (field, _), value in zip(self.columns, position, strict=True)))
            sign = "<" if downs.pop() is not backwards else ">"
            return Q(
                Func(columns, values, template="%(expressions)s", arg_joiner=f" {sign} ", output_field=BooleanField())
            )
        condition, equal = Q(pk__in=[]), Q()
        for (field, down), value in zip(self.columns, position, strict=True):
            condition |= equal & _further(field, value, down=down is not backwards)
            equal &= Q((f"{field.attname}__isnull", True)) if value is None else Q((field.attname, value))
        return condition


def _order_by(field: Field, *, down: bool) -> OrderBy:
    column = F(field.attname)
    # Without NULLS where there are none: PostgreSQL reads an index of the column only if the two say the same.
    if not field.null:
        return column.desc() if down else column.asc()
    return column.desc(nulls_last=True) if down else column.asc(nulls_first=True)


def _further(field: Field, value: object, *, down: bool) -> Q:
    """Build the condition that a column comes after a value; no value comes before all others."""
    name = field.attname
    if not down:
        return Q((f"{name}__isnull", False)) if value is None else Q((f"{name}__gt", value))
    if value is None:
        return Q(pk__in=[])
    return Q((f"{name}__lt", value)) | (Q((f"{name}__isnull", True)) if field.null else Q())
