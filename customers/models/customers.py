"""Customer."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from customers.models.places import Country, Territory
from records.columns import Text, attachments, words_column
from records.models import Record

EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s.]+$"
IS_EMAIL = RegexValidator(EMAIL, "An e-mail address has one @ and a domain.")


class CustomerType(models.Model):
    """The part of a customer in an order: to bill it, to ship to it, or both."""

    name = Text("name", max_length=10)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["name"], name="customers_customertype_name")]

    def __str__(self):
        return self.name


class CustomerQuerySet(models.QuerySet):
    def active(self):
        return self.filter(active=True)


class Customer(Record):
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
    address_1 = Text("address 1", max_length=100, blank=True, default="")
    address_2 = Text("address 2", max_length=100, blank=True, default="")
    city = Text("city", max_length=100, blank=True, default="")
    province = Text("province", max_length=100, blank=True, default="")
    state = Text("state", max_length=2, blank=True, default="", help_text="Two letters, of its country.")
    postcode = Text("postcode", max_length=10, blank=True, default="")
    country = models.ForeignKey(
        Country, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="country",
        help_text="ISO code of three or two letters.",
    )  # fmt: skip
    territory = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="territory",
        help_text="By its name.",
    )  # fmt: skip
    phone = Text("phone", max_length=100, blank=True, default="")
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
            models.Index(fields=["external_id"], name="customers_customer_external", condition=~Q(external_id="")),
            models.Index(fields=["crm_account_id"], name="customers_customer_crm", condition=~Q(crm_account_id="")),
            models.Index(F("changed_at").desc(), name="customers_customer_changed"),
        ]

    def __str__(self):
        name = self.company or " ".join(filter(None, (self.first_name, self.last_name)))
        return f"{self.number} ({name})" if name else self.number
