"""The admin of sales orders and their shipments, and of the statuses that orders step through."""

from decimal import Decimal
from typing import TYPE_CHECKING, TypedDict, cast

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.widgets import UnfoldAdminSelectWidget

from orders.models import NextStatus, OrderStatus, Row, SalesOrder, Shipment
from orders.services import SALES_ORDERS, SHIPMENTS
from orders.statuses import ORDER_STATUSES
from parts.models import Currency
from records.admin import RecordAdmin, RecordInline
from records.shapes.formatting import decimal_text, trim_zeros
from records.shapes.money import money_text

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class OrderColumns(TypedDict):
    """The annotations of an order: the digits of its currency."""

    digits: int


class NextStatusInline(RecordInline):
    """The statuses that an order may take next."""

    model = NextStatus
    field = "next"
    verbose_name = "next status"
    verbose_name_plural = "next statuses"
    fk_name = "before"


@admin.register(OrderStatus)
class OrderStatusAdmin(RecordAdmin):
    services = ORDER_STATUSES
    inlines = (NextStatusInline,)
    fieldsets = ((None, {"fields": [("name", "place"), "starts", "rows_change", "removable"]}),)
    list_display = ("name", "place", "starts", "rows_change", "removable", "next_statuses")
    sortable_by = ("name", "place")
    search_fields = ("name",)
    search_help_text = "The beginning of a word of the name."

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("next")

    @admin.display(description="next statuses")
    def next_statuses(self, status: OrderStatus) -> str:
        return ", ".join(following.name for following in status.next.all()) or "—"


class RowInline(RecordInline):
    """The rows of an order; they can change only while its status allows it."""

    model = Row
    field = "rows"
    verbose_name = "row"
    verbose_name_plural = "rows"
    fields = (
        "line_number", "part_number", "customer_part_number", "description", "quantity", "unit_price", "discount",
        "row_total", "due_date", "ship_date",
    )  # fmt: skip
    # For information only, and one more column would push the totals out of a small screen.
    exclude = ("value_period",)
    readonly_fields = ("row_total",)
    readonly_preprocess_fields = {"quantity": trim_zeros, "unit_price": trim_zeros, "discount": trim_zeros}
    template_after = "admin/orders/total.html"

    @admin.display(description="total")
    def row_total(self, row: Row) -> str:
        # An empty row of the page has no total yet.
        if row.total is None:
            return ""
        order = cast("WithAnnotations[SalesOrder, OrderColumns]", row.order)
        return money_text(row.total, order.digits)

    def has_change_permission(self, request, obj=None):
        has_perm = super().has_change_permission(request, obj)
        return has_perm and (obj is None or obj.status.rows_change)


@admin.register(SalesOrder)
class SalesOrderAdmin(RecordAdmin):
    services = SALES_ORDERS
    inlines = (RowInline,)
    dependent_fields = {"contact": "customer"}
    change_form_before_template = "admin/orders/status_message.html"
    change_form_after_template = "admin/orders/shipments.html"
    fieldsets = (
        (None, {"fields": [
            ("number", "purchase_order_number"), ("customer", "contact"), "subject", ("status", "order_date"),
            ("assigned_user", "due_date"), ("territory", "currency"), ("tax", "freight"),
        ]}),
        ("Shipping", {"classes": ["tab"], "fields": [
            ("ship_date", "ship_method"), ("tracking_number", "invoice_date"),
        ]}),
        ("Billing address", {"classes": ["tab"], "fields": [
            "billing_street", ("billing_postcode", "billing_city"), ("billing_state", "billing_country"),
        ]}),
        ("Shipping address", {"classes": ["tab"], "fields": [
            "shipping_street", ("shipping_postcode", "shipping_city"), ("shipping_state", "shipping_country"),
        ]}),
        ("Description", {"classes": ["tab"], "fields": ["description", "notes"]}),
    )  # fmt: skip
    list_display = ("number", "customer", "subject", "status", "order_date", "due_date", "order_total", "changed_at")
    list_filter = (
        "status",
        ("customer", AutocompleteSelectFilter),
        ("contact", AutocompleteSelectFilter),
        ("rows__part", AutocompleteSelectFilter),
        "order_date",
        "due_date",
        "changed_at",
    )
    list_filter_submit = True
    sortable_by = ("number", "order_date", "due_date", "changed_at")
    search_fields = ("number",)
    search_help_text = (
        "The beginning of a number: the order's, the customer's for it, a part's; or words of the subject, the "
        "description or the customer."
    )

    def get_queryset(self, request) -> QuerySet[SalesOrder]:
        """Return each order with the digits of its currency, in one query."""
        digits = Currency.objects.filter(code=OuterRef("currency")).values("digits")
        return super().get_queryset(request).annotate(digits=Subquery(digits))

    @admin.display(description="total")
    def order_total(self, order: "WithAnnotations[SalesOrder, OrderColumns]") -> str:
        return amount_text(order, order.grand_total)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        extra = {}
        if obj:
            extra = {
                "order_amounts": list_amounts(obj),
                "status_message": status_message(obj),
                **(list_shipments(obj) if request.user.has_perm("orders.view_shipment") else {}),
                "can_add_shipment": request.user.has_perm("orders.add_shipment"),
            }
        return super().render_change_form(request, {**context, **extra}, add, change, form_url, obj)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        if "status" in form.base_fields:
            form.base_fields["status"].widget = UnfoldAdminSelectWidget(choices=list_next_statuses(obj))
        return form


def amount_text(order: "WithAnnotations[SalesOrder, OrderColumns]", amount: Decimal) -> str:
    """Return an amount of an order with its currency."""
    return f"{money_text(amount, order.digits)}\N{NO-BREAK SPACE}{order.currency}"


def list_amounts(order: "WithAnnotations[SalesOrder, OrderColumns]") -> list[tuple[str, str]]:
    """List what an order adds up to, each with its label: tax and freight where it has some."""
    parts = [(name, getattr(order, name)) for name in ("tax", "freight")]
    further = [(name, amount) for name, amount in parts if amount]
    shown = [("total", order.total), *further, *([("grand_total", order.grand_total)] if further else [])]
    labels = {name: SALES_ORDERS.resource.by_name[name].label.capitalize() for name, _ in shown}
    return [(labels[name], amount_text(order, amount)) for name, amount in shown]


def list_next_statuses(order: SalesOrder | None) -> list[tuple[str, str]]:
    """List the statuses that an order may take: its own and the next ones; for a new order, where it may start."""
    if order is None:
        names = [*OrderStatus.objects.filter(starts=True).values_list("name", flat=True)]
    else:
        names = [order.status.name, *order.status.next.values_list("name", flat=True)]
    return [(name, name) for name in names]


def list_shipments(order: SalesOrder) -> dict[str, object]:
    """Return the shipments of an order as its page shows them, by row and day, and what is open of its rows."""
    columns = ("pk", "number", "line_number", "quantity", "ship_date", "reference")
    found = list(order.shipments.order_by("line_number", "ship_date", "id").values(*columns))
    open_quantities = dict(order.rows.values_list("line_number", "quantity"))
    for shipment in found:
        open_quantities[shipment["line_number"]] -= shipment["quantity"]
    return {
        "shipments": [{**shipment, "quantity": decimal_text(shipment["quantity"])} for shipment in found],
        "open_rows": [f"{decimal_text(left)} of row {line}" for line, left in open_quantities.items() if left],
    }


def status_message(order: SalesOrder) -> str:
    """Return what the order's status forbids, as a sentence; empty when it forbids nothing."""
    forbidden = []
    if not order.status.rows_change:
        forbidden.append("its rows may not change")
    if not order.status.removable:
        forbidden.append("it may not be deleted")
    return f"This order is {order.status}: {' and '.join(forbidden)}." if forbidden else ""


@admin.register(Shipment)
class ShipmentAdmin(RecordAdmin):
    services = SHIPMENTS
    fieldsets = (
        (None, {"fields": ["number", ("order", "line_number"), ("quantity", "ship_date"), ("reference", "batch")]}),
    )
    list_display = ("number", "order", "line_number", "shipped_quantity", "ship_date", "reference", "changed_at")
    list_filter = (("order", AutocompleteSelectFilter), "ship_date")
    list_filter_submit = True
    sortable_by = ("number", "changed_at")
    search_fields = ("number",)
    search_help_text = "The beginning of a number, or words of the reference."

    @admin.display(description="quantity")
    def shipped_quantity(self, shipment: Shipment) -> str:
        return decimal_text(shipment.quantity)
