"""The statuses that orders step through, as records: what each allows, and which may follow it."""

from collections.abc import Sequence
from datetime import datetime

from orders.models import NextStatus, OrderStatus
from records.derive import children_as_rows, derive, reference
from records.rules import Draft, Rules
from records.services import Services
from records.shapes.problems import Family

ORDER_STATUS = derive(
    OrderStatus,
    key=["name"],
    fields=[
        "name",
        "place",
        "starts",
        "rows_change",
        "removable",
        children_as_rows(
            "next", NextStatus, source="steps", key=["status"],
            fields=[reference(NextStatus, "status", by=["name"])],
            help="The statuses that an order may take from this one; what is sent is the whole list.",
        ),
    ],
    examples=[
        {
            "name": "On hold",
            "place": "6",
            "starts": "false",
            "rows_change": "true",
            "removable": "false",
            "next": [{"status": "Cancelled"}],
        },
    ],
    site_table=True,
    renamable=True,
)  # fmt: skip
NO_START = "New orders start with some status; let another one start first."


def check_statuses(drafts: Sequence[Draft], at: datetime) -> None:
    """Reject that no status is left with which new orders start (one query, where one is to start no more)."""
    stopped = [draft for draft in drafts if not draft.is_new and draft.before["starts"] and not draft.after["starts"]]
    if stopped and not any(draft.after["starts"] for draft in drafts) and not _has_start(without=stopped):
        for draft in stopped:
            draft.reject("no-start", NO_START, "starts")


def check_removed_statuses(drafts: Sequence[Draft]) -> None:
    """Reject likewise the removal of the last status with which new orders start."""
    starting = [draft for draft in drafts if draft.before["starts"]]
    if starting and not _has_start(without=starting):
        for draft in starting:
            draft.reject("no-start", NO_START, family=Family.LOCKED)


def _has_start(*, without: Sequence[Draft]) -> bool:
    return OrderStatus.objects.filter(starts=True).exclude(id__in=[draft.id for draft in without]).exists()


ORDER_STATUSES = Services(OrderStatus, ORDER_STATUS, Rules(check_statuses, check_removed_statuses))
