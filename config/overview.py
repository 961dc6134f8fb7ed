"""What the admin's home page shows beyond its links: how much there is, and what happened last."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.contrib.admin.utils import model_ngettext
from django.db.models import Count, Model, Value
from django.http import HttpRequest
from django.urls import reverse

from config.addresses import DOCUMENTATION
from customers.models import Contact, Customer, CustomerPart
from orders.models import SalesOrder
from parts.models import Part
from records.models import Change
from webservices.models import Exchange

LATEST = 6


@dataclass(frozen=True)
class Kept:
    """One kind of record that the hub keeps, as the home page shows it."""

    model: type[Model]
    icon: str
    text: str
    number: int = 0

    @property
    def title(self) -> str:
        return f"{self.number:,} {model_ngettext(self.model, self.number)}"

    @property
    def link(self) -> str:
        return reverse(f"admin:{self.model._meta.app_label}_{self.model._meta.model_name}_changelist")

    @property
    def permission(self) -> str:
        return f"{self.model._meta.app_label}.view_{self.model._meta.model_name}"


KEPT = (
    Kept(Part, "inventory_2", "Their descriptions and prices, and who changed what."),
    Kept(Customer, "apartment", "Where they are, and what leads to them elsewhere."),
    Kept(Contact, "contacts", "Whom to call, and the portals that they sign in to."),
    Kept(CustomerPart, "sell", "What customers call our parts, and what they get them for."),
    Kept(SalesOrder, "receipt_long", "What was ordered, at what price, and where it stands."),
)

OF_EXCHANGE = ("at", "operation", "dialect", "user_name", "status", "path")


def overview(request: HttpRequest, context: dict[str, object]) -> dict[str, object]:
    """The context of the home page, with what this user may see: one query for each kind of thing."""
    has_perm = request.user.has_perm
    context |= {"title": "Home", "documentation": DOCUMENTATION}
    context["kept"] = counted([kept for kept in KEPT if has_perm(kept.permission)])
    if has_perm("records.view_change"):
        context["latest_changes"] = list(Change.objects.defer("fields", "xact")[:LATEST])
    if has_perm("webservices.view_exchange"):
        context["latest_exchanges"] = list(Exchange.objects.only(*OF_EXCHANGE)[:LATEST])
    return context


def counted(kinds: Sequence[Kept]) -> list[Kept]:
    """The kinds of record with how many there are (one query)."""
    numbers = [
        kept.model.objects.order_by().annotate(place=Value(n)).values("place").annotate(number=Count("pk"))
        for n, kept in enumerate(kinds)
    ]
    found = dict(numbers[0].union(*numbers[1:], all=True).values_list("place", "number")) if numbers else {}
    return [replace(kept, number=found.get(n, 0)) for n, kept in enumerate(kinds)]
