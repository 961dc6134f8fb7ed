"""The content of the home page beyond its links: numbers of records, latest changes and exchanges, failed sign-ins."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from django.contrib.admin.utils import model_ngettext
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from config.addresses import DOCUMENTATION
from customers.models import Contact, Customer, CustomerPart
from orders.models import SalesOrder
from parts.models import Part
from records.admin.paging import Number, count_each, estimate_records
from records.models import Change
from webservices.exchanges.sign_ins import count_failures
from webservices.models import Exchange

LATEST = 6
NONE = Number(0)
FAILURES_SHOWN = timedelta(days=1)


@dataclass(frozen=True)
class RecordKind:
    """One kind of record, as the home page shows it."""

    model: type[Model]
    icon: str
    text: str
    number: Number = NONE

    @property
    def title(self) -> str:
        return f"{self.number} {model_ngettext(self.model._meta, self.number)}"

    @property
    def link(self) -> str:
        return reverse(f"admin:{self.model._meta.app_label}_{self.model._meta.model_name}_changelist")

    @property
    def permission(self) -> str:
        return f"{self.model._meta.app_label}.view_{self.model._meta.model_name}"


RECORD_KINDS = (
    RecordKind(Part, "inventory_2", "Their descriptions and prices, and who changed what."),
    RecordKind(Customer, "apartment", "Their addresses, and their numbers in other systems."),
    RecordKind(Contact, "contacts", "Their telephone numbers and addresses, and their portals."),
    RecordKind(CustomerPart, "sell", "What customers call our parts, and what they pay for them."),
    RecordKind(SalesOrder, "receipt_long", "What was ordered, at what price, and with what status."),
)

EXCHANGE_COLUMNS = ("at", "operation", "dialect", "user_name", "status", "path")


def overview(request: HttpRequest, context: dict[str, object]) -> dict[str, object]:
    """Add to the context of the home page what this user may see: one query for each list."""
    has_perm = request.user.has_perm
    context |= {"title": "Home", "documentation": DOCUMENTATION}
    context["record_kinds"] = count_records([kind for kind in RECORD_KINDS if has_perm(kind.permission)])
    if has_perm("records.view_change"):
        context["latest_changes"] = list(Change.objects.defer("fields", "xact")[:LATEST])
    if has_perm("webservices.view_exchange"):
        # Without their bodies: six exchanges may be megabytes.
        context["failed_sign_ins"] = count_failures(since=timezone.now() - FAILURES_SHOWN)
        context["latest_exchanges"] = list(Exchange.objects.only(*EXCHANGE_COLUMNS)[:LATEST])
    return context


def count_records(kinds: Sequence[RecordKind]) -> list[RecordKind]:
    """Return the kinds of record with the number of records of each; of many about how many (two queries)."""
    numbers = count_each([kind.model._default_manager.all() for kind in kinds])
    many = [kind.model for kind, number in zip(kinds, numbers, strict=True) if number.is_cut]
    estimates = estimate_records(*many) if many else {}
    return [
        replace(kind, number=estimates.get(kind.model, number)) for kind, number in zip(kinds, numbers, strict=True)
    ]
