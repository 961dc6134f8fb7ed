"""The rows of a batch of orders: the part that each names, its price, its total, and the order's."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from customers.models import CustomerPart
from parts.prices import PriceList, ordinary_prices
from records.shapes.money import minor_digits
from records.shapes.problems import Family, Problem
from records.shapes.references import Ref
from records.write.batch import Draft

Row = dict[str, object]

TOTAL_DIGITS = 19  # before the point, as the columns have them


@dataclass(frozen=True)
class Place:
    """
    A row of an order that is written.

    row     as it shall be
    sent    what was sent of it
    stored  as it is; empty when it is new
    """

    pending: Draft
    number: int
    row: Row
    sent: Row
    stored: Row

    def fail(self, code: str, family: Family, text: str, field: str) -> None:
        problem = Problem(code, family, text, ("rows", self.number, field))
        already = self.pending.outcome.problems if self.pending.outcome else ()
        self.pending.fail(*already, problem)


def complete_rows(batch: Sequence[Draft], at: datetime) -> None:
    """Find the parts and prices that rows leave out, refuse what may not be ordered, and compute all totals."""
    for pending in batch:
        if pending.changes("customer", "currency"):
            _look_again(pending)
    _find_parts([place for place in _places(batch) if place.row["customer_part_number"]])
    for place in _places(batch):
        _check(place)
    priced = [place for place in _places(batch) if place.row["unit_price"] is None and place.row["part"] is not None]
    if priced:
        prices = ordinary_prices(
            parts=[place.row["part"].id for place in priced],
            currencies=[place.pending.value("currency") for place in priced],
        )
        for place in priced:
            _price(place, prices, at)
    for pending in batch:
        if pending.outcome is None:
            _compute_totals(pending)


def _look_again(pending: Draft) -> None:
    """Rows that stay depend on the order's customer and currency: their numbers for parts, and the digits of totals."""
    stored = pending.stored_children.get("rows", {})
    pending.targets.setdefault("rows", {key: dict(row) for key, row in stored.items()})


def _places(batch: Sequence[Draft]) -> Iterator[Place]:
    """The rows that were sent, or are looked at again: as if they had been sent with the parts that they have."""
    for pending in batch:
        stored, sent = pending.stored_children.get("rows", {}), pending.parsed.get("rows")
        for number, (key, row) in enumerate(pending.targets.get("rows", {}).items()):
            as_sent = {"part": row["part"]} if sent is None else sent[number]
            yield Place(pending, number, row, as_sent, stored.get(key, {}))


def _find_parts(places: Sequence[Place]) -> None:
    """The parts that rows name by their order's customer's own number: one query."""
    asked = [p for p in places if _changed(p, "customer_part_number", "part") or p.pending.changes("customer")]
    if not asked:
        return
    numbers = {place.row["customer_part_number"] for place in asked}
    customers = {place.pending.value("customer").id for place in asked}
    found: dict[tuple[int, str], set[Ref]] = {}
    rows = CustomerPart.objects.filter(customer__in=customers, number__in=numbers, active=True)
    for customer, number, *part in rows.values_list("customer", "number", "part", "part__number", "part__active"):
        found.setdefault((customer, number), set()).add(Ref(*part))
    for place in asked:
        customer, number = place.pending.value("customer"), place.row["customer_part_number"]
        _take_part(place, found.get((customer.id, number), set()))


def _take_part(place: Place, parts: set[Ref]) -> None:
    field, number = "customer_part_number", place.row["customer_part_number"]
    customer, named = place.pending.value("customer"), place.sent.get("part")
    if not parts:
        text = f"{{field}} {number} is no number that customer {customer} has for a part."
        place.fail("unresolved", Family.UNRESOLVED, text, field)
    elif named is None and len(parts) > 1:
        text = f"{{field}} {number} is customer {customer}'s number for more than one part."
        place.fail("ambiguous", Family.AMBIGUOUS, text, field)
    elif named is not None and named not in parts:
        text = f"{{field}} {number} names {min(parts)}, but the row names part {named}; they must agree."
        place.fail("contradiction", Family.INVALID, text, field)
    elif named is None:
        place.row["part"] = min(parts)


def _changed(place: Place, *columns: str) -> bool:
    return any(place.row[column] != place.stored.get(column) for column in columns)


def _check(place: Place) -> None:
    part, quantity = place.row["part"], place.row["quantity"]
    if part is None and place.pending.outcome is None:
        text = "A row names its part by {field}, by the customer's number for it or by its id."
        place.fail("missing", Family.MISSING, text, "part_number")
    elif part is not None and _changed(place, "part") and not part.active:
        place.fail("inactive", Family.INVALID, f"Part {part} is inactive.", "part_number")
    if quantity is not None and quantity <= 0:
        place.fail("too-small", Family.INVALID, f"{{field}} must be more than 0; {quantity} is not.", "quantity")


def _price(place: Place, prices: PriceList, at: datetime) -> None:
    part, currency, quantity = place.row["part"], place.pending.value("currency"), place.row["quantity"]
    amount = prices.amount(part.id, currency, quantity, at.date()) if quantity is not None else None
    place.row["unit_price"] = amount
    if amount is None:
        text = f"Part {part} has no price in {currency} for that quantity and day; send {{field}}."
        place.fail("missing", Family.MISSING, text, "unit_price")


def _compute_totals(pending: Draft) -> None:
    rows = pending.targets.get("rows", pending.stored_children.get("rows", {}))
    digits = minor_digits(pending.value("currency"))
    for number, row in enumerate(rows.values()):
        row["total"] = row_total(row["quantity"], row["unit_price"], row["discount"], digits)
        _check_total(pending, row["total"], ("rows", number, "total"))
    pending.columns["total"] = sum((row["total"] for row in rows.values()), Decimal(0))
    _check_total(pending, pending.columns["total"], ("total",))


def _check_total(pending: Draft, total: Decimal, path: tuple[str | int, ...]) -> None:
    if pending.outcome is None and total >= 10**TOTAL_DIGITS:
        text = f"{{field}} would have more than {TOTAL_DIGITS} digits before its point."
        pending.fail(Problem("too-large", Family.INVALID, text, path))


def row_total(quantity: Decimal, unit_price: Decimal, discount: Decimal, digits: int) -> Decimal:
    """Quantity × unit price × (1 − discount / 100), rounded half up to so many digits."""
    exact = quantity * unit_price * (1 - discount / 100)
    return exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
