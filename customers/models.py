"""Customers, their contacts with the portals that they sign in to, and their own numbers for our parts."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from customers.addresses import Address as Address
from customers.addresses import PostalAddress
from customers.site_tables import Country as Country
from customers.site_tables import CustomerType, Portal, Territory
from customers.site_tables import State as State
from parts.models import CURRENCY, Part
from records.columns import CodeText, Text, attachments, caseless_index, words_column
from records.models import Record

EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s.]+$"
IS_EMAIL = RegexValidator(EMAIL, "An e-mail address has one @ and a domain.")


class CustomerQuerySet(models.QuerySet):
    def active(self):
        return self.filter(active=True)


class Customer(Record, PostalAddress):
    """Somebody who buys, found by a number that is given or drawn."""

    number = Text("customer number", max_length=20, help_text="Given, or drawn when absent.")
    external_id = Text("external id", max_length=20, blank=True, default="", help_text="Its id elsewhere; not unique.")
    first_name = Text("first name", max_length=100, blank=True, default="")
    last_name = Text("last name", max_length=100, blank=True, default="")
    company = Text("company", max_length=100, blank=True, default="")
    customer_type = models.ForeignKey(
        CustomerType, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="customer type",
        help_text="Such as Bill To or Ship To.",
    )  # fmt: skip
    territory = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="territory",
        help_text="By its name.",
    )  # fmt: skip
    fax = Text("fax", max_length=100, blank=True, default="")
    email = Text("e-mail", max_length=100, blank=True, default="", validators=[IS_EMAIL])
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="owner",
        help_text="The user whose customer it is; nobody: everybody's.",
    )  # fmt: skip
    crm_account_id = Text("CRM account id", max_length=100, blank=True, default="")
    crm_contact_id = Text("CRM contact id", max_length=100, blank=True, default="")
    custom = models.JSONField("custom fields", default=dict, blank=True)
    notes = Text("notes", max_length=32765, blank=True, default="", help_text="Free text.")
    attachments = attachments()
    active = models.BooleanField("active", default=True, help_text="An inactive customer goes on no new order.")
    words = words_column("number", "external_id", "first_name", "last_name", "company", "city", "email")

    objects = CustomerQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="customers_customer_number"),
            models.CheckConstraint(condition=~Q(number=""), name="customers_customer_number_not_blank"),
        ]
        indexes = [
            GinIndex(fields=["words"], name="customers_customer_words"),
            # Partial: most customers have no id elsewhere.
            models.Index(fields=["external_id"], name="customers_customer_external", condition=~Q(external_id="")),
            models.Index(fields=["crm_account_id"], name="customers_customer_crm", condition=~Q(crm_account_id="")),
            models.Index(fields=["changed_at", "id"], name="customers_customer_changed_id"),
            models.Index(fields=["created_at", "id"], name="customers_customer_created_id"),
            models.Index(fields=["number"], name="customers_customer_inactive", condition=Q(active=False)),
            caseless_index("number", "customers_customer_caseless"),
            caseless_index("company", "customers_company_caseless"),
            caseless_index("last_name", "customers_last_name_caseless"),
            caseless_index("external_id", "customers_external_caseless"),
            caseless_index("crm_account_id", "customers_crm_caseless"),
        ]

    def __str__(self):
        name = self.company or " ".join(filter(None, (self.first_name, self.last_name)))
        return f"{self.number} ({name})" if name else self.number


class Contact(Record):
    """A person at a customer, found by a number that is given or drawn."""

    number = Text("contact number", max_length=20, help_text="Given, or drawn when absent.")
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="contacts", verbose_name="customer", help_text="By its number.",
        # No index of its own: that of the unique constraint below begins with the customer.
        db_index=False,
    )  # fmt: skip
    code = Text(
        "code", max_length=50, blank=True, default="",
        help_text="The customer's own short name for the contact, unique with the customer; absent: its number.",
    )  # fmt: skip
    first_name = Text("first name", max_length=100, blank=True, default="")
    last_name = Text("last name", max_length=100, blank=True, default="")
    title = Text("title", max_length=100, blank=True, default="")
    email = Text("e-mail", max_length=100, blank=True, default="", validators=[IS_EMAIL])
    phone = Text("phone", max_length=100, blank=True, default="")
    mobile = Text("mobile", max_length=100, blank=True, default="")
    fax = Text("fax", max_length=100, blank=True, default="")
    notes = Text("notes", max_length=32765, blank=True, default="", help_text="Free text.")
    custom = models.JSONField("custom fields", default=dict, blank=True)
    active = models.BooleanField("active", default=True, help_text="An inactive contact goes on no new order.")
    words = words_column("number", "first_name", "last_name", "email")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="customers_contact_number"),
            models.CheckConstraint(condition=~Q(number=""), name="customers_contact_number_not_blank"),
            models.UniqueConstraint(fields=["customer", "code"], name="customers_contact_code"),
        ]
        indexes = [
            GinIndex(fields=["words"], name="customers_contact_words"),
            models.Index(fields=["email"], name="customers_contact_email", condition=~Q(email="")),
            models.Index(fields=["changed_at", "id"], name="customers_contact_changed_id"),
            models.Index(fields=["created_at", "id"], name="customers_contact_created_id"),
            models.Index(fields=["number"], name="customers_contact_inactive", condition=Q(active=False)),
            caseless_index("last_name", "customers_contact_caseless"),
            caseless_index("email", "customers_contact_mail"),
        ]

    def __str__(self):
        name = " ".join(filter(None, (self.first_name, self.last_name)))
        return f"{self.number} ({name})" if name else self.number


class PortalUser(models.Model):
    """A contact's way into one portal, with a password of its own."""

    portal = models.ForeignKey(Portal, models.PROTECT, related_name="users", verbose_name="portal")
    contact = models.ForeignKey(
        Contact, models.CASCADE, related_name="portal_users", verbose_name="contact", db_index=False
    )
    email = Text("e-mail", max_length=100, validators=[IS_EMAIL], help_text="Kept in lower case.")
    password = models.CharField("password", max_length=256, blank=True, default="", editable=False)
    active = models.BooleanField("active", default=True)
    last_sign_in = models.DateTimeField("last sign-in", null=True, blank=True, editable=False)

    class Meta:
        ordering = ["portal", "email"]
        constraints = [
            models.UniqueConstraint(fields=["portal", "email"], name="customers_portaluser_email"),
            models.UniqueConstraint(fields=["contact", "portal"], name="customers_portaluser_contact"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="customers_portaluser_email_lower_case"),
        ]

    def __str__(self):
        return f"{self.email} ({self.portal})"


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

    # A comment, as the docstring is published in the contracts: the fields are those of Expandable's Customer Part;
    # types and lengths are assumed (docs/assumptions.md), and a site may override them (`records.FieldRule`).

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
    currency = CodeText(
        "currency", max_length=3, blank=True, default="", validators=[CURRENCY], code_list="currencies",
        help_text="ISO code.",
    )  # fmt: skip
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
            models.Index(fields=["changed_at", "id"], name="customers_custpart_changed_id"),
            models.Index(fields=["created_at", "id"], name="customers_custpart_created_id"),
            models.Index(fields=["number"], name="customers_customerpart_number"),
            models.Index(fields=["customer", "number"], name="customers_customerpart_own"),
            models.Index(
                fields=["customer", "part", "number"], name="customers_custpart_inactive", condition=Q(active=False)
            ),
        ]

    def __str__(self):
        return self.number
