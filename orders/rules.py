"""
Rules of orders beyond their fields, and the values that an order gets by itself: status, currency, parts by the
customer's number, prices, totals.

Decided for the whole batch: one query each for contacts, states, customers' numbers and prices, two for the statuses.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from customers.models import Contact
from customers.states import Place, check_states, is_code
from orders.models import OrderStatus, SalesOrder
from orders.rows import complete_rows, is_finished
from orders.shipments import check_shipped_rows
from records.row_notes import check_row_notes
from records.rules import Draft, Rules
from records.shapes.problems import Family, missing_problem
from records.shapes.references import Ref

ADDRESSES = ("billing", "shipping")


@dataclass(frozen=True)
class Step:
    """A status: its Ref, what it allows, and the ids of those that may follow it."""

    ref: Ref
    starts: bool
    rows_change: bool
    removable: bool
    next: frozenset[int]


Steps = dict[int, Step]


def load_steps() -> Steps:
    """Return all statuses by id, in the order of their places (two queries)."""
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


def check_orders(drafts: Sequence[Draft], at: datetime) -> None:
    if not drafts:
        return
    steps = load_steps()
    for draft in drafts:
        if not draft.after["currency"]:
            draft.after["currency"] = settings.DEFAULT_CURRENCY
        if draft.is_read("status"):
            _check_status(draft, steps)
        _check_active(draft)
    check_states(place for draft in drafts for place in _list_places(draft))
    _set_days([d for d in drafts if d.is_read("order_date") and d.after["order_date"] is None], at)
    _check_contacts([draft for draft in drafts if draft.is_read("contact", "customer")])
    complete_rows([draft for draft in drafts if draft.is_read("rows")])
    # Only now: rows sent without prices and totals have them, and differ from the stored ones only if they change.
    for draft in drafts:
        if draft.is_read("rows") and not draft.is_new:
            _check_frozen_rows(draft, steps)
    check_shipped_rows(drafts)
    check_row_notes(drafts, "rows", "line_number")


def _list_places(draft: Draft) -> Iterator[Place]:
    """Yield the states of an order's addresses that may be codes, with their countries, where one of both changes."""
    for kind in ADDRESSES:
        country, state = f"{kind}_country", f"{kind}_state"
        if draft.is_read(country, state) and draft.changes(country, state) and is_code(draft.after[state]):
            yield draft, draft.after[country], draft.after[state], state


def _set_days(drafts: Sequence[Draft], at: datetime) -> None:
    """Give orders without a day that on which they are added (one query, where the day of a stored one is cleared)."""
    stored = [draft.id for draft in drafts if draft.id is not None]
    added = dict(SalesOrder.objects.filter(id__in=stored).values_list("id", "created_at")) if stored else {}
    for draft in drafts:
        draft.after["order_date"] = added.get(draft.id or 0, at).date()


def _check_status(draft: Draft, steps: Steps) -> None:
    if draft.is_new:
        _check_new_status(draft, steps)
    else:
        _check_next_status(draft, steps)


def _check_new_status(draft: Draft, steps: Steps) -> None:
    """Give a new order its first status, or reject one that no order starts with, unless it is finished business."""
    starts = [step.ref for step in steps.values() if step.starts]
    if draft.after["status"] is None and starts:
        draft.after["status"] = starts[0]
    status = draft.after["status"]
    if status is None or not (steps[status.id].starts or is_finished(draft)):
        draft.reject("wrong-step", f"A new order starts as {', '.join(ref.text for ref in starts)}.", "status")


def _check_next_status(draft: Draft, steps: Steps) -> None:
    """Reject a status that does not follow the stored one."""
    before, after = draft.before["status"], draft.after["status"]
    if after is None:
        draft.add_problem(missing_problem(("status",)))
    elif before != after and after.id not in steps[before.id].next:
        following = ", ".join(steps[id_].ref.text for id_ in steps if id_ in steps[before.id].next) or "nothing else"
        sentence = f"An order that is {before} cannot become {after}; it can become {following}."
        draft.reject("wrong-step", sentence, "status", family=Family.LOCKED)


def _check_active(draft: Draft) -> None:
    """Reject an inactive customer or contact that is put on an order, new or stored; one that is on it stays."""
    if is_finished(draft):
        return
    for name in ("customer", "contact"):
        named = draft.after[name] if draft.is_read(name) else None
        if named is not None and draft.changes(name) and not named.active:
            draft.reject("inactive", f"{{field}} {draft.sent_name(name)} is inactive.", name)


def _check_contacts(drafts: Sequence[Draft]) -> None:
    """Reject a contact that is none of the order's own customer's."""
    concerned = [draft for draft in drafts if draft.after["contact"] and draft.changes("contact", "customer")]
    if not concerned:
        return
    ids = {draft.after["contact"].id for draft in concerned}
    customers = dict(Contact.objects.filter(id__in=ids).values_list("id", "customer_id"))
    for draft in concerned:
        contact, customer = draft.after["contact"], draft.after["customer"]
        if customers[contact.id] != customer.id:
            draft.reject("contradiction", f"{{field}} {contact} is no contact of customer {customer}.", "contact")


def _check_frozen_rows(draft: Draft, steps: Steps) -> None:
    """Reject other rows of an order whose stored status allows none."""
    status = draft.before["status"]
    if draft.changes("rows") and not steps[status.id].rows_change:
        sentence = f"The rows of an order that is {status} may not change."
        draft.reject("locked", sentence, "rows", family=Family.LOCKED)


def check_removal(drafts: Sequence[Draft]) -> None:
    steps = load_steps() if drafts else {}
    for draft in drafts:
        status = draft.before["status"]
        if not steps[status.id].removable:
            draft.reject("locked", f"An order that is {status} may not be removed.", family=Family.LOCKED)


ORDER_RULES = Rules(
    check_orders,
    check_removal,
    needs=frozenset({"rows"}),
    auto_columns=frozenset({"status", "currency", "order_date"}),
    partial=True,
)
