"""
Totals of orders by the files' own arithmetic, with decimal, to be compared with the hub's.

    add_totals({"rows": [{"quantity": "7", "unit_price": "2.10", "discount": "15"}], "freight": "0.02"}, "row", {})
    Totals(currency="", rows=(Decimal("12.50"),), total=12.50, tax=0, freight=0.02, grand_total=12.52)
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .values import MappingError, round_half_up

Record = dict[str, Any]

AMOUNTS = ("total", "tax", "freight", "grand_total")
ROW_PLACES = 5  # of a row, where the order is rounded


@dataclass(frozen=True)
class Totals:
    """The amounts of one order."""

    currency: str
    rows: tuple[Decimal, ...] = ()
    total: Decimal = Decimal()
    tax: Decimal = Decimal()
    freight: Decimal = Decimal()
    grand_total: Decimal = Decimal()

    def __str__(self):
        rows = f"{len(self.rows):,} rows {self.total:,}"
        return f"{rows} + tax {self.tax:,} + freight {self.freight:,} = {self.grand_total:,}"


def read_totals(answer: Record) -> Totals:
    """Return the totals of an order as the hub answers it."""
    rows = tuple(Decimal(row["total"]) for row in answer["rows"])
    return Totals(answer["currency"], rows, *(Decimal(answer[name]) for name in AMOUNTS))


def tell_difference(ours: Totals, theirs: Totals | None) -> str:
    """Return in words how an order is other at the hub than by the files."""
    if theirs is None:
        return "it is not at the hub."
    if ours.rows != theirs.rows:
        return f"its rows are {_list(theirs.rows)} at the hub, {_list(ours.rows)} by the files."
    names = [name for name in ("currency", *AMOUNTS) if getattr(ours, name) != getattr(theirs, name)]
    return f"{'; '.join(f'{n} {getattr(theirs, n)} at the hub, {getattr(ours, n)} by the files' for n in names)}."


def _list(amounts: Iterable[Decimal]) -> str:
    return ", ".join(map(str, amounts)) or "none"


def add_totals(order: Record, rounding: str, digits: dict[str, int]) -> Totals:
    """
    Return the totals of an order, and write them into it where the files have none of their own.

    `rounding` is "row" or "order", `digits` says which currencies have not two of them. Raises MappingError.
    """
    currency = order.get("currency") or ""
    places = digits.get(currency, 2)
    # The hub lists rows by their line numbers.
    rows = sorted(order.get("rows", []), key=lambda row: int(row.get("line_number", 0)))
    amounts = tuple(round_half_up(_row_total(row), places if rounding == "row" else ROW_PLACES) for row in rows)
    total = round_half_up(sum(amounts, Decimal()), places)
    tax, freight = Decimal(order.get("tax") or 0), Decimal(order.get("freight") or 0)
    for row, amount in zip(rows, amounts, strict=True):
        row.setdefault("total", str(amount))
    order.setdefault("total", str(total))
    order.setdefault("grand_total", str(total + tax + freight))
    return Totals(currency, amounts, total, tax, freight, total + tax + freight)


def _row_total(row: Record) -> Decimal:
    try:
        exact = Decimal(row["quantity"]) * Decimal(row["unit_price"])
    except KeyError as missing:
        raise MappingError(f"A row has no {missing.args[0]}: map it, or leave out rounding.") from None
    return exact * (1 - Decimal(row.get("discount") or 0) / 100)


def sum_up(orders: Iterable[Totals]) -> dict[str, Totals]:
    """Return the sums of all orders, by currency."""
    sums: dict[str, Totals] = {}
    for each in orders:
        before = sums.get(each.currency, Totals(each.currency))
        amounts = (getattr(before, name) + getattr(each, name) for name in AMOUNTS)
        sums[each.currency] = Totals(each.currency, before.rows + each.rows, *amounts)
    return sums
