"""
CustomerPart: what one customer calls one of our parts, and what it gets it for.

Its fields are those of Expandable's Customer Part; types and lengths are assumed (docs/assumptions.md) and a site may
override them (`records.FieldRule`).
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from customers.models.customers import Customer
from parts.models import CURRENCY, Part
from records.columns import Text, attachments, words_column
from records.models import Record


def text(label: str, max_length: int, help_text: str = "") -> Text:
    return Text(label, max_length=max_length, blank=True, default="", help_text=help_text)


def decimal(label: str, places: int, *validators: Callable[[Any], None], help_text: str = "") -> models.DecimalField:
    return models.DecimalField(
        label, max_digits=15, decimal_places=places, null=True, blank=True, validators=validators, help_text=help_text
    )


def flag(label: str) -> models.BooleanField:
    return models.BooleanField(label, null=True, blank=True)


def percent(label: str) -> models.DecimalField:
    return decimal(label, 4, MinValueValidator(0), MaxValueValidator(100), help_text="0 to 100.")


class CustomerPart(Record):
    """A customer's own number for a part, with the terms of sale."""

    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="customer_parts", verbose_name="customer", help_text="By its number.",
        db_index=False,
    )  # fmt: skip
    part = models.ForeignKey(
        Part, models.PROTECT, related_name="customer_parts", verbose_name="part", help_text="By its number."
    )
    number = Text("customer's part number", max_length=40, help_text="What the customer calls the part.")
    salesman_id = text("salesman id", 10)
    contract = text("contract", 20)
    sale_status = text("sale status", 1)
    reference = text("reference", 30)
    shipping_lead_time = models.IntegerField(
        "shipping lead time", null=True, blank=True, validators=[MinValueValidator(0)], help_text="In days."
    )
    description = text("description", 80, "On the sales order.")
    unit_of_measure = text("unit of measure", 4, "The unit it is sold in.")
    sale_conversion = models.DecimalField(
        "sale conversion",
        max_digits=15,
        decimal_places=6,
        default=1,
        validators=[MinValueValidator(Decimal("0.000001"))],
        help_text="Selling units to stock units.",
    )
    order_quantity = decimal("order quantity", 4)
    engineering_change = text("engineering change", 20)
    partial_shipment = flag("partial shipment")
    drawing_revision = text("drawing revision", 20)
    default_stores_code = text("default stores code", 20)
    early_shipment = flag("early shipment")
    serial_numbers_required = flag("serial numbers required")
    tax_code = text("tax code", 20)
    product_line = text("product line", 20)
    vat_code = text("VAT code", 20)
    last_quote_date = models.DateField("last quote date", null=True, blank=True)
    price_code = text("price code", 20)
    quote_quantity = decimal("quote quantity", 4)
    currency = Text("currency", max_length=3, blank=True, default="", validators=[CURRENCY], help_text="ISO code.")
    quote_unit_price = decimal("quote unit price", 5, MinValueValidator(0))
    discount = percent("discount %")
    price_change = text("price change", 20)
    last_order = text("last order", 20)
    last_order_date = models.DateField("last order date", null=True, blank=True)
    last_order_quantity = decimal("last order quantity", 4)
    last_order_unit = text("last order unit", 4)
    last_order_price = decimal("last order price", 5, MinValueValidator(0))
    last_discount = percent("last discount %")
    last_price_code = text("last price code", 20)
    comment_id = text("comment id", 20)
    comment_1 = text("comment 1", 255)
    comment_2 = text("comment 2", 255)
    comment_3 = text("comment 3", 255)
    comment_4 = text("comment 4", 255)
    user_1 = text("user field 1", 255)
    user_2 = text("user field 2", 255)
    user_3 = text("user field 3", 255)
    user_4 = text("user field 4", 255)
    user_5 = text("user field 5", 255)
    user_6 = text("user field 6", 255)
    user_7 = text("user field 7", 255)
    user_8 = text("user field 8", 255)
    user_9 = text("user field 9", 255)
    user_10 = text("user field 10", 255)
    user_11 = text("user field 11", 255)
    user_12 = text("user field 12", 255)
    user_13 = text("user field 13", 255)
    user_14 = text("user field 14", 255)
    custom = models.JSONField("custom fields", default=dict, blank=True)
    notes = text("notes", 32765, "Free text.")
    attachments = attachments()
    active = models.BooleanField("active", default=True, help_text="An inactive one names no part on a new order.")
    words = words_column("number", "description", "notes")

    class Meta:
        ordering = ["customer", "part", "number"]
        verbose_name = "customer part"
        constraints = [
            models.UniqueConstraint(fields=["customer", "part", "number"], name="customers_customerpart_key"),
            models.CheckConstraint(condition=~Q(number=""), name="customers_customerpart_number_not_blank"),
            models.CheckConstraint(condition=Q(sale_conversion__gt=0), name="customers_customerpart_conversion"),
        ]
        indexes = [
            GinIndex(fields=["words"], name="customers_customerpart_words"),
            models.Index(fields=["number"], name="customers_customerpart_number"),
            models.Index(fields=["customer", "number"], name="customers_customerpart_own"),
        ]

    def __str__(self):
        return self.number
