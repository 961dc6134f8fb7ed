"""
SalesOrder with its rows, and the statuses that it steps through.
"""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from customers.models import Contact, Customer, Territory
from parts.models import CURRENCY, Part
from records.columns import CodeText, Text, caseless_index, vendor_data, words_column
from records.models import Record, SiteTable


class OrderStatus(SiteTable):
    """A step of an order, and what it allows."""

    name = Text("name", max_length=30)
    place = models.PositiveSmallIntegerField("place", default=0, help_text="In lists.")
    starts = models.BooleanField("starts", default=False, help_text="A new order may have it.")
    rows_change = models.BooleanField("rows change", default=False, help_text="The order's rows may change.")
    removable = models.BooleanField("removable", default=False, help_text="The order may be removed.")
    next: "models.ManyToManyField[OrderStatus, NextStatus]" = models.ManyToManyField(
        "self", through="NextStatus", through_fields=("before", "status"), symmetrical=False, blank=True,
        related_name="previous", verbose_name="next", help_text="It may become.",
    )  # fmt: skip
    words = words_column("name")

    class Meta:
        ordering = ["place", "name"]
        verbose_name = "order status"
        verbose_name_plural = "order statuses"
        constraints = [models.UniqueConstraint(fields=["name"], name="orders_orderstatus_name")]

    def __str__(self):
        return self.name


class NextStatus(models.Model):
    """A status that an order may take from another one."""

    before = models.ForeignKey(
        OrderStatus, models.CASCADE, related_name="steps", verbose_name="before", db_column="from_orderstatus_id"
    )
    status = models.ForeignKey(
        OrderStatus, models.PROTECT, related_name="+", verbose_name="status", db_column="to_orderstatus_id",
        help_text="By its name.",
    )  # fmt: skip

    class Meta:
        # The table of the relation, as it was before steps were told of over REST.
        db_table = "orders_orderstatus_next"
        verbose_name = "next status"
        verbose_name_plural = "next statuses"
        constraints = [models.UniqueConstraint(fields=["before", "status"], name="orders_nextstatus_step")]

    def __str__(self):
        return f"{self.before} → {self.status}"


def amount(label: str, help_text: str) -> models.DecimalField:
    """Return a column for an amount beside the rows of an order: 0 or more, in its currency."""
    return models.DecimalField(
        label, max_digits=19, decimal_places=5, default=0, validators=[MinValueValidator(0)], help_text=help_text
    )


class SalesOrder(Record):
    """What a customer orders, found by a number that is given or drawn."""

    number = Text("order number", max_length=20, help_text="Given, or drawn when absent.")
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="orders", verbose_name="customer", help_text="By its number."
    )
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="orders", verbose_name="contact",
        help_text="By its number; one of the customer's.",
    )  # fmt: skip
    assigned_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="assigned user", help_text="By the user's name.",
    )  # fmt: skip
    subject = Text("subject", max_length=255, blank=True, default="")
    status = models.ForeignKey(
        OrderStatus, models.PROTECT, blank=True, related_name="+", verbose_name="status",
        help_text="By its name; a new order starts with the first that may start.",
    )  # fmt: skip
    purchase_order_number = Text(
        "customer's order number", max_length=60, blank=True, default="",
        help_text="Of the customer's own purchase order.",
    )  # fmt: skip
    order_date = models.DateField("order date", blank=True, help_text="Absent: the day on which it is added.")
    due_date = models.DateField("due date", null=True, blank=True)
    ship_date = models.DateField("ship date", null=True, blank=True)
    invoice_date = models.DateField("invoice date", null=True, blank=True)
    ship_method = Text("ship method", max_length=50, blank=True, default="", help_text="How it is sent.")
    tracking_number = Text("tracking number", max_length=100, blank=True, default="", help_text="The carrier's.")
    territory = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="territory",
        help_text="By its name.",
    )  # fmt: skip
    billing_street = Text("billing street", max_length=250, blank=True, default="")
    billing_city = Text("billing city", max_length=100, blank=True, default="")
    billing_state = Text("billing state", max_length=100, blank=True, default="")
    billing_postcode = Text("billing postcode", max_length=20, blank=True, default="")
    billing_country = Text(
        "billing country", max_length=100, blank=True, default="", help_text="Name or code, as sent."
    )
    shipping_street = Text("shipping street", max_length=250, blank=True, default="")
    shipping_city = Text("shipping city", max_length=100, blank=True, default="")
    shipping_state = Text("shipping state", max_length=100, blank=True, default="")
    shipping_postcode = Text("shipping postcode", max_length=20, blank=True, default="")
    shipping_country = Text(
        "shipping country", max_length=100, blank=True, default="", help_text="Name or code, as sent."
    )
    description = Text("description", max_length=32765, blank=True, default="")
    notes = Text("notes", max_length=32765, blank=True, default="", help_text="Free text.")
    currency = CodeText(
        "currency", max_length=3, blank=True, default="", validators=[CURRENCY], code_list="currencies",
        help_text="Absent: the site's.",
    )  # fmt: skip
    total = models.DecimalField(
        "total", max_digits=24, decimal_places=5, default=0, editable=False, help_text="The sum of its rows."
    )
    tax = amount("tax", "On the whole order, in its currency.")
    freight = amount("freight", "What its transport costs, in its currency.")
    grand_total = models.DecimalField(
        "grand total", max_digits=24, decimal_places=5, default=0, editable=False, help_text="Total + tax + freight."
    )
    custom = models.JSONField("custom fields", default=dict, blank=True)
    words = words_column("number", "subject", "description")

    class Meta:
        ordering = ["number"]
        verbose_name = "sales order"
        permissions = [("import_finished_orders", "Can add sales orders as finished business")]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="orders_salesorder_number"),
            models.CheckConstraint(condition=~Q(number=""), name="orders_salesorder_number_not_blank"),
            models.CheckConstraint(condition=~Q(currency=""), name="orders_salesorder_currency_not_blank"),
            models.CheckConstraint(condition=Q(tax__gte=0), name="orders_salesorder_tax"),
            models.CheckConstraint(condition=Q(freight__gte=0), name="orders_salesorder_freight"),
        ]
        indexes = [
            GinIndex(fields=["words"], name="orders_salesorder_words"),
            # As lists are ordered: what has no day comes first, and last where they descend.
            models.Index(F("due_date").asc(nulls_first=True), F("id"), name="orders_salesorder_due_first"),
            models.Index(fields=["order_date", "id"], name="orders_salesorder_day_id"),
            # Partial: many customers give no number of their own.
            models.Index(
                fields=["purchase_order_number"],
                name="orders_salesorder_purchase",
                condition=~Q(purchase_order_number=""),
            ),
            models.Index(fields=["changed_at", "id"], name="orders_salesorder_changed_id"),
            models.Index(fields=["created_at", "id"], name="orders_salesorder_created_id"),
            caseless_index("number", "orders_salesorder_caseless"),
        ]

    def __str__(self):
        return self.number


class Shipment(Record):
    """A quantity of one row of an order that was shipped on a day."""

    number = Text("shipment number", max_length=20, help_text="Given, or drawn when absent.")
    order = models.ForeignKey(
        # No index of its own: that of the rows begins with the order.
        SalesOrder, models.PROTECT, related_name="shipments", verbose_name="order", help_text="By its number.",
        db_index=False,
    )  # fmt: skip
    line_number = models.IntegerField(
        "line number", validators=[MinValueValidator(1)], help_text="Of the order's row that was shipped."
    )
    quantity = models.DecimalField(
        "quantity", max_digits=15, decimal_places=4, help_text="More than 0; all of a row are at most what was ordered."
    )
    ship_date = models.DateField("ship date", blank=True, help_text="Absent: the day on which it is added.")
    reference = Text("reference", max_length=100, blank=True, default="", help_text="Such as a tracking number.")
    batch = Text(
        "batch", max_length=20, blank=True, default="", db_default="",
        help_text="What ties shipments together; absent: the number of the first of the order that the same call adds.",
    )  # fmt: skip
    words = words_column("number", "reference")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="orders_shipment_number"),
            models.CheckConstraint(condition=~Q(number=""), name="orders_shipment_number_not_blank"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="orders_shipment_quantity"),
        ]
        indexes = [
            GinIndex(fields=["words"], name="orders_shipment_words"),
            models.Index(fields=["order", "line_number"], name="orders_shipment_row"),
            models.Index(fields=["batch"], name="orders_shipment_batch", condition=~Q(batch="")),
            models.Index(fields=["changed_at", "id"], name="orders_shipment_changed_id"),
            models.Index(fields=["created_at", "id"], name="orders_shipment_created_id"),
            models.Index(fields=["ship_date", "id"], name="orders_shipment_day_id"),
            caseless_index("number", "orders_shipment_caseless"),
        ]

    def __str__(self):
        return self.number


class Row(models.Model):
    """One line of an order: so many of a part at a price, or a charge or a service that a description names."""

    # No index of its own: that of the unique constraint below begins with the order.
    order = models.ForeignKey(SalesOrder, models.CASCADE, related_name="rows", verbose_name="order", db_index=False)
    line_number = models.IntegerField("line number", validators=[MinValueValidator(1)], help_text="Drawn when absent.")
    part = models.ForeignKey(
        Part, models.PROTECT, null=True, blank=True, related_name="rows", verbose_name="part",
        help_text="None: a charge or a service, which its description names.",
    )  # fmt: skip
    customer_part_number = Text(
        "customer's part number", max_length=40, blank=True, default="", help_text="What the order's customer calls it."
    )
    description = Text("description", max_length=2000, blank=True, default="")
    quantity = models.DecimalField("quantity", max_digits=15, decimal_places=4, help_text="More than 0.")
    unit_price = models.DecimalField(
        "unit price", max_digits=19, decimal_places=5, blank=True, validators=[MinValueValidator(0)],
        help_text="Absent: the part's price in the order's currency for that quantity and date; 0 without a part.",
    )  # fmt: skip
    value_period = models.IntegerField("value period", default=1, help_text="For information.")
    discount = models.DecimalField(
        "discount %", max_digits=7, decimal_places=4, default=0,
        validators=[MinValueValidator(0), MaxValueValidator(100)], help_text="0 to 100.",
    )  # fmt: skip
    total = models.DecimalField(
        "total", max_digits=24, decimal_places=5, editable=False,
        help_text="Quantity × unit price × (1 − discount / 100), rounded half up to the currency's digits.",
    )  # fmt: skip
    due_date = models.DateField("due date", null=True, blank=True)
    ship_date = models.DateField("ship date", null=True, blank=True)
    vendor = vendor_data()

    class Meta:
        ordering = ["line_number"]
        constraints = [
            models.UniqueConstraint(fields=["order", "line_number"], name="orders_row_line"),
            models.CheckConstraint(condition=Q(line_number__gte=1), name="orders_row_line_number"),
            models.CheckConstraint(
                condition=Q(part__isnull=False) | ~Q(description=""), name="orders_row_part_or_description"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="orders_row_quantity"),
            models.CheckConstraint(condition=Q(unit_price__gte=0), name="orders_row_unit_price"),
            models.CheckConstraint(condition=Q(discount__gte=0, discount__lte=100), name="orders_row_discount"),
        ]

    def __str__(self):
        return f"{self.order} / {self.line_number}"
