"""
Rules of shipments: what was shipped of a row of an order is never more than what was ordered.

Both sides look after it: a shipment that is written, and an order whose rows are. Each locks the rows before it adds up
what was shipped of them, so that neither misses what the other writes meanwhile.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import Sum

from orders.models import Row, Shipment
from records.rules import Draft, Rules
from records.shapes.formatting import decimal_text
from records.shapes.problems import Family

RowKey = tuple[int, int]  # the order's id and the line number


def check_shipments(drafts: Sequence[Draft], at: datetime) -> None:
    """Give shipments day and batch; reject those of a row that there is not, or of more than is open (two queries)."""
    _set_batch(drafts)
    for draft in drafts:
        if draft.is_read("ship_date") and draft.after["ship_date"] is None:
            draft.after["ship_date"] = at.date()
        if draft.is_read("quantity") and draft.after["quantity"] is not None and draft.after["quantity"] <= 0:
            text = f"{{field}} must be more than 0; {decimal_text(draft.after['quantity'])} is not."
            draft.reject("too-small", text, "quantity")
    keys = {draft: (draft.after["order"].id, draft.after["line_number"]) for draft in drafts if _is_complete(draft)}
    concerned = [draft for draft in keys if draft.changes("order", "line_number", "quantity")]
    if not concerned:
        return
    ordered = _lock_rows(keys[draft] for draft in concerned)
    shipped = _sum_shipments(ordered, [draft.id for draft in keys if draft.id])
    for draft, key in keys.items():
        shipped[key] = shipped.get(key, Decimal(0)) + draft.after["quantity"]
    for draft in concerned:
        _check_quantity(draft, keys[draft], ordered, shipped)


def _set_batch(drafts: Sequence[Draft]) -> None:
    """Give new shipments that come without a batch the number of the first of their order."""
    batches: dict[object, str] = {}
    for draft in drafts:
        if draft.is_new and draft.is_read("order", "batch") and not (draft.is_rejected or draft.after["batch"]):
            draft.after["batch"] = batches.setdefault(draft.after["order"], draft.after["number"])


def _is_complete(draft: Draft) -> bool:
    """True if a draft says how many of which row."""
    names = ("order", "line_number", "quantity")
    return draft.is_read(*names) and all(draft.after[name] is not None for name in names)


def _check_quantity(
    draft: Draft, key: RowKey, ordered: Mapping[RowKey, Decimal], shipped: Mapping[RowKey, Decimal]
) -> None:
    order, line_number = draft.after["order"], draft.after["line_number"]
    if key not in ordered:
        text = f"{{field}} {line_number} is that of no row of order {order}."
        draft.reject("unresolved", text, "line_number", family=Family.UNRESOLVED)
    elif shipped[key] > ordered[key]:
        total, whole = decimal_text(shipped[key]), decimal_text(ordered[key])
        text = f"With {{field}} {decimal_text(draft.after['quantity'])}, {total} would have been shipped of row "
        draft.reject("too-large", f"{text}{line_number} of order {order}, which has {whole}.", "quantity")


def check_shipped_rows(drafts: Sequence[Draft]) -> None:
    """
    Reject orders of whose rows more was shipped than they shall have, or whose shipped rows get another part or none.

    Two queries, where a stored row becomes less, another or none.
    """
    reduced = {draft: _reduced_rows(draft) for draft in drafts}
    keys = [(draft.id, line) for draft, rows in reduced.items() if draft.id is not None for line in rows]
    if not keys:
        return
    shipped = _sum_shipments(_lock_rows(keys), [])
    for draft, rows in reduced.items():
        for line, quantity in rows.items():
            sent = shipped.get((draft.id or 0, line), Decimal(0))
            if sent > quantity:
                text = f"Of row {line} of the order {decimal_text(sent)} have been shipped: it must have as many, of "
                draft.reject(
                    "shipped", f"{text}the same part, or its shipments go first.", "rows", family=Family.LOCKED
                )


def _reduced_rows(draft: Draft) -> dict[int, Decimal]:
    """Return what may have been shipped at most of the stored rows that become less, another or none, by line."""
    if draft.is_new or not draft.is_read("rows"):
        return {}
    reduced = {row["line_number"]: Decimal(0) for row in draft.removed_rows("rows")}
    for row in draft.rows("rows"):
        quantity = row.after["quantity"]
        if row.before and quantity is not None:
            if row.changes("part"):
                reduced[row.after["line_number"]] = Decimal(0)
            elif quantity < row.before["quantity"]:
                reduced[row.after["line_number"]] = quantity
    return reduced


def _lock_rows(keys: Iterable) -> dict[RowKey, Decimal]:
    """Lock rows, in the order of their ids, and return their quantities (one query)."""
    wanted = set(keys)
    orders, lines = {order for order, _ in wanted}, {line for _, line in wanted}
    rows = Row.objects.filter(order__in=orders, line_number__in=lines).select_for_update(no_key=True).order_by("id")
    found = {
        (order, line): quantity for order, line, quantity in rows.values_list("order_id", "line_number", "quantity")
    }
    return {key: quantity for key, quantity in found.items() if key in wanted}


def _sum_shipments(keys: Iterable[RowKey], without: Sequence[int]) -> dict[RowKey, Decimal]:
    """Add up what was shipped of rows, without some shipments (one query)."""
    wanted = set(keys)
    orders, lines = {order for order, _ in wanted}, {line for _, line in wanted}
    shipments = Shipment.objects.filter(order__in=orders, line_number__in=lines).exclude(id__in=without).order_by()
    sums = shipments.values_list("order_id", "line_number").annotate(total=Sum("quantity"))
    return {(order, line): total for order, line, total in sums if (order, line) in wanted}


SHIPMENT_RULES = Rules(check_shipments, auto_columns=frozenset({"ship_date", "batch"}), partial=True)
