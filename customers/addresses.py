"""The fields of a postal address, and the addresses that a customer has beside its own, to bill it or ship to it."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from records.columns import Text

STATE = RegexValidator(r"^[A-Z0-9]{1,3}$", "A state is a code of ISO 3166-2 without its country: OH, NSW, 91.")
STATE_HELP = "A code of ISO 3166-2 without its country, such as OH, NSW or 91."


class PostalAddress(models.Model):
    """The fields of an address, which customers and their further addresses share."""

    address_1 = Text("address 1", max_length=100, blank=True, default="")
    address_2 = Text("address 2", max_length=100, blank=True, default="")
    city = Text("city", max_length=100, blank=True, default="")
    province = Text("province", max_length=100, blank=True, default="")
    state = Text("state", max_length=3, blank=True, default="", validators=[STATE], help_text=STATE_HELP)
    postcode = Text("postcode", max_length=10, blank=True, default="")
    country = models.ForeignKey(
        "customers.Country", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="country",
        help_text="ISO code of three or two letters.",
    )  # fmt: skip
    phone = Text("phone", max_length=100, blank=True, default="")

    class Meta:
        abstract = True


class AddressKind(models.TextChoices):
    BILLING = "billing", "Billing"
    SHIPPING = "shipping", "Shipping"
    OTHER = "other", "Other"


class Address(PostalAddress):
    """One more address of a customer, known by its label."""

    customer = models.ForeignKey(
        # No index of its own: that of the unique constraint below begins with the customer.
        "customers.Customer", models.CASCADE, related_name="addresses", verbose_name="customer", db_index=False,
    )  # fmt: skip
    label = Text("label", max_length=50, help_text="Such as Works or Head office; unique within the customer.")
    kind = Text(
        "kind", max_length=10, choices=AddressKind.choices, default=AddressKind.OTHER, help_text="What it is for."
    )
    name = Text("name", max_length=100, blank=True, default="", help_text="Who or what is there.")
    active = models.BooleanField("active", default=True, help_text="Off: it is kept and no longer used.")

    class Meta:
        ordering = ["label"]
        verbose_name_plural = "addresses"
        constraints = [
            models.UniqueConstraint(fields=["customer", "label"], name="customers_address_label"),
            models.CheckConstraint(condition=~Q(label=""), name="customers_address_label_not_blank"),
            models.CheckConstraint(condition=Q(kind__in=AddressKind.values), name="customers_address_kind_known"),
        ]

    def __str__(self):
        return f"{self.label}: {', '.join(filter(None, (self.kind, self.city, '' if self.active else 'inactive')))}"
