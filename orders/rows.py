"""The rows of a batch of orders: the part that each names, its price, its total, and the order's."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache

from django.conf import settings

from customers.models import CustomerPart
from parts.models import PriceList, load_ordinary_prices
from records.rules import Draft, RowDraft
from records.shapes.money import minor_digits
from records.shapes.problems import Family
from records.shapes.references import Ref

TOTAL_DIGITS = 19  # before the point, as the columns have them
TOO_MUCH = Decimal(10) ** TOTAL_DIGITS
ROW_DIGITS = 5  # after the point, where rows are not rounded, as the column has them
LARGE = Context(prec=60)  # digits: of totals that no column can hold, before they are rejected
TOO_LARGE = f"{{field}} would have more than {TOTAL_DIGITS} digits before its point."


def complete_rows(drafts: Sequence[Draft]) -> None:
    """
    Find the parts and prices that rows leave out, reject what may not be ordered, and compute all totals.

    Prices are those of the order date, which each draft has by now.
    """
    rows = [row for draft in drafts if _is_concerned(draft) for row in draft.rows("rows")]
    _find_parts([row for row in rows if row.is_read("customer_part_number") and row.after["customer_part_number"]])
    for row in rows:
        _check(row)
        _set_charge(row)
    unpriced = [row for row in rows if _needs_price(row)]
    if unpriced:
        prices = load_ordinary_prices(
            parts=[row.after["part"].id for row in unpriced],
            currencies=[row.draft.after["currency"] for row in unpriced],
        )
        for row in unpriced:
            _set_price(row, prices)
    for draft in drafts:
        if not draft.is_rejected:
            _set_totals(draft)


def is_finished(draft: Draft) -> bool:
    """True if an order is added as finished business: it need not take the steps that led there."""
    return draft.is_new and draft.options.import_finished


def _set_charge(row: RowDraft) -> None:
    """Give a row without a part, which has no price of its own, the unit price 0 where none was sent."""
    if row.after["part"] is None and row.after["unit_price"] is None and row.is_read("unit_price", "part"):
        row.after["unit_price"] = Decimal(0)


def _needs_price(row: RowDraft) -> bool:
    is_known = row.is_read("unit_price", "part", "quantity") and row.draft.is_read("currency", "order_date")
    return is_known and row.after["unit_price"] is None and row.after["part"] is not None


def _is_concerned(draft: Draft) -> bool:
    """True if rows were sent, or those that stay may come to mean something else."""
    # A customer's numbers for parts are its own, and the digits of totals are the currency's.
    return draft.is_sent("rows") or draft.changes("customer", "currency")


def _find_parts(rows: Sequence[RowDraft]) -> None:
    """Find the parts that rows name by their order's customer's own number (one query)."""
    read = [row for row in rows if row.is_read("part") and row.draft.is_read("customer")]
    unknown = [row for row in read if row.changes("customer_part_number", "part") or row.draft.changes("customer")]
    if not unknown:
        return
    numbers = {row.after["customer_part_number"] for row in unknown}
    customers = {row.draft.after["customer"].id for row in unknown}
    parts: dict[tuple[int, str], set[Ref]] = {}
    stored = CustomerPart.objects.filter(customer__in=customers, number__in=numbers, active=True)
    columns = ("customer", "number", "part", "part__number", "part__active")
    for customer, number, id_, text, active in stored.values_list(*columns):
        parts.setdefault((customer, number), set()).add(Ref(id_, text, active))
    for row in unknown:
        customer, number = row.draft.after["customer"], row.after["customer_part_number"]
        _set_part(row, parts.get((customer.id, number), set()))


def _set_part(row: RowDraft, parts: set[Ref]) -> None:
    """Give a row the one part that its customer's number names; reject it for none, several or another one."""
    field, number, customer = "customer_part_number", row.after["customer_part_number"], row.draft.after["customer"]
    # A stored row that comes again because its order's customer changes insists on the part that it has.
    is_named = row.is_sent("part") or not row.draft.is_sent("rows")
    named = row.after["part"] if is_named else None
    if not parts:
        sentence = f"{{field}} {number} is no number that customer {customer} has for a part."
        row.reject("unresolved", sentence, field, family=Family.UNRESOLVED)
    elif named is None and len(parts) > 1:
        sentence = f"{{field}} {number} is customer {customer}'s number for more than one part."
        row.reject("ambiguous", sentence, field, family=Family.AMBIGUOUS)
    elif named is not None and named not in parts:
        sentence = f"{{field}} {number} names {min(parts)}, but the row names part {named}; they must agree."
        row.reject("contradiction", sentence, field)
    elif named is None:
        row.after["part"] = min(parts)


def _check(row: RowDraft) -> None:
    part, quantity = row.after["part"], row.after["quantity"]
    names_none = part is None and not row.after["customer_part_number"] and not row.after["description"]
    if names_none and row.is_read("part", "customer_part_number", "description"):
        sentence = (
            "A row names its part by {field}, by the customer's number for it or by its id, or has a description."
        )
        row.reject("missing", sentence, "part_number", family=Family.MISSING)
    elif (
        part is not None and row.is_read("part") and row.changes("part") and not (part.active or is_finished(row.draft))
    ):
        row.reject("inactive", f"Part {part} is inactive.", "part_number")
    if quantity is not None and quantity <= 0 and row.is_read("quantity"):
        row.reject("too-small", f"{{field}} must be more than 0; {quantity} is not.", "quantity")


def _set_price(row: RowDraft, prices: PriceList) -> None:
    """Give a row the ordinary price of its part; reject it when there is none."""
    part, currency, quantity = row.after["part"], row.draft.after["currency"], row.after["quantity"]
    day = row.draft.after["order_date"]
    amount = prices.amount(part.id, currency, quantity, day) if quantity is not None else None
    row.after["unit_price"] = amount
    if amount is None:
        sentence = f"Part {part} has no price in {currency} for that quantity and day; send {{field}}."
        row.reject("missing", sentence, "unit_price", family=Family.MISSING)


def _set_totals(draft: Draft) -> None:
    """Set the totals of an order's rows and its own; reject one that its column cannot hold."""
    digits = minor_digits(draft.after["currency"], draft.minor_digits)
    row_digits = ROW_DIGITS if settings.ORDER_ROUNDING == "order" else digits
    changes_currency = draft.changes("currency")
    sum_of_rows = Decimal(0)
    for row in draft.rows("rows"):
        # A row that stays keeps its total, however it was rounded: else a frozen order could not change at all, or be
        # sent again as it is, once the setting is another.
        if changes_currency or row.changes("quantity", "unit_price", "discount"):
            row.after["total"] = row_total(
                row.after["quantity"], row.after["unit_price"], row.after["discount"], row_digits
            )
        total = row.after["total"]
        sum_of_rows += total
        if total >= TOO_MUCH and not draft.is_rejected:
            row.reject("too-large", TOO_LARGE, "total")
    draft.after["total"] = _round_half_up(sum_of_rows, digits)
    draft.after["grand_total"] = draft.after["total"] + draft.after["tax"] + draft.after["freight"]
    for name in ("total", "grand_total"):
        if draft.after[name] >= TOO_MUCH and not draft.is_rejected:
            draft.reject("too-large", TOO_LARGE, name)


def row_total(quantity: Decimal, unit_price: Decimal, discount: Decimal, digits: int) -> Decimal:
    """Quantity × unit price × (1 − discount / 100), rounded half up to so many digits."""
    return _round_half_up(quantity * unit_price * (1 - discount / 100), digits)


def _round_half_up(exact: Decimal, digits: int) -> Decimal:
    return exact.quantize(_last_place(digits), ROUND_HALF_UP, LARGE)


@cache
def _last_place(digits: int) -> Decimal:
    return Decimal(1).scaleb(-digits)
