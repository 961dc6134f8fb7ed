"""
What an order must meet beyond its fields, and what it gets by itself: status, currency, parts by the customer's number,
prices, totals.

Decided for the whole batch: one query each for contacts, customers' numbers and prices, two for the statuses.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from customers.models import Contact
from orders.models import OrderStatus
from orders.rows import complete_rows
from records.shapes.problems import Family, Problem
from records.shapes.references import Ref
from records.write.batch import Draft
from records.write.decide import Rules
from records.write.plan import Plan


@dataclass(frozen=True)
class Step:
    """A status: its Ref, what it allows, and the ids of those that may follow it."""

    ref: Ref
    starts: bool
    rows_change: bool
    removable: bool
    next: frozenset[int]


def steps() -> dict[int, Step]:
    """All statuses by id, in the order of their places (two queries)."""
    return {
        status.id: Step(
            Ref(status.id, status.name),
            status.starts,
            status.rows_change,
            status.removable,
            frozenset(after.id for after in status.next.all()),
        )
        for status in OrderStatus.objects.prefetch_related("next")
    }


def apply_order_rules(plan: Plan, batch: Sequence[Draft], at: datetime) -> None:
    if not batch:
        return
    known = steps()
    for pending in batch:
        pending.columns.setdefault("currency", pending.value("currency") or "")
        if not pending.columns["currency"]:
            pending.columns["currency"] = settings.DEFAULT_CURRENCY
        pending.fail_with([*_status_problems(pending, known), *_active_problems(pending)])
    _check_contacts(batch)
    complete_rows([pending for pending in batch if pending.outcome is None], at)
    for pending in batch:
        if pending.outcome is None and pending.twin is not None and _rows_differ(pending):
            pending.fail_with(_frozen_rows(pending, known))


def _status_problems(pending: Draft, known: dict[int, Step]) -> list[Problem]:
    if pending.twin is None:
        first = next((step for step in known.values() if step.starts), None)
        if pending.value("status") is None and first is not None:
            pending.columns["status"] = first.ref
        status = pending.value("status")
        if status is not None and known[status.id].starts:
            return []
        starts = ", ".join(step.ref.text for step in known.values() if step.starts)
        return [Problem("wrong-step", Family.INVALID, f"A new order starts as {starts}.", ("status",))]
    before, after = pending.twin["status"], pending.value("status")
    if after is None:
        return [Problem("missing", Family.MISSING, "{field} is required.", ("status",))]
    if before == after or after.id in known[before.id].next:
        return []
    has_perm = ", ".join(known[id_].ref.text for id_ in known if id_ in known[before.id].next) or "nothing else"
    text = f"An order that is {before} cannot become {after}; it can become {has_perm}."
    return [Problem("wrong-step", Family.LOCKED, text, ("status",))]


def _active_problems(pending: Draft) -> list[Problem]:
    """Who is inactive goes on no order, new or existing; who is on one already stays."""
    return [
        Problem("inactive", Family.INVALID, f"{{field}} {pending.value(name)} is inactive.", (name,))
        for name in ("customer", "contact")
        if pending.value(name) is not None and pending.changes(name) and not pending.value(name).active
    ]


def _check_contacts(batch: Sequence[Draft]) -> None:
    """A contact is one of the order's own customer's."""
    chosen = [p for p in batch if p.outcome is None and p.value("contact") and p.changes("contact", "customer")]
    if not chosen:
        return
    ids = {pending.value("contact").id for pending in chosen}
    customers = dict(Contact.objects.filter(id__in=ids).values_list("id", "customer_id"))
    for pending in chosen:
        contact, customer = pending.value("contact"), pending.value("customer")
        if customers[contact.id] != customer.id:
            text = f"{{field}} {contact} is no contact of customer {customer}."
            pending.fail(Problem("contradiction", Family.INVALID, text, ("contact",)))


def _rows_differ(pending: Draft) -> bool:
    return "rows" in pending.targets and pending.targets["rows"] != pending.stored_children.get("rows", {})


def _frozen_rows(pending: Draft, known: dict[int, Step]) -> list[Problem]:
    status = pending.twin["status"]
    if known[status.id].rows_change:
        return []
    text = f"The rows of an order that is {status} may not change."
    return [Problem("locked", Family.LOCKED, text, ("rows",))]


def check_removal(plan: Plan, batch: Sequence[Draft]) -> None:
    known = steps() if batch else {}
    for pending in batch:
        status = pending.twin["status"]
        if not known[status.id].removable:
            text = f"An order that is {status} may not be removed."
            pending.fail(Problem("locked", Family.LOCKED, text))


ORDER_RULES = Rules(
    apply_order_rules, check_removal, needs=frozenset({"rows"}), fills=frozenset({"status", "currency"})
)
