"""The tables of the site that customers name: countries with their states, territories, customer types, portals."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from customers.addresses import STATE, STATE_HELP
from records.columns import Text, words_column
from records.models import SiteTable


class Country(SiteTable):
    """A country by its ISO 3166 codes."""

    code = Text("code", max_length=3, validators=[RegexValidator(r"^[A-Z]{3}$")], help_text="Three letters (ISO).")
    code2 = Text(
        "short code", max_length=2, blank=True, default="", validators=[RegexValidator(r"^[A-Z]{2}$")],
        help_text="Two letters (ISO).",
    )  # fmt: skip
    name = Text("name", max_length=100)
    words = words_column("code", "code2", "name")

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "countries"
        constraints = [
            models.UniqueConstraint(fields=["code"], name="customers_country_code"),
            models.UniqueConstraint(fields=["code2"], name="customers_country_code2", condition=~Q(code2="")),
        ]

    def __str__(self):
        return self.name


class State(SiteTable):
    """A state of a country, by its code of ISO 3166-2 without the country."""

    country = models.ForeignKey(
        Country, models.PROTECT, related_name="states", verbose_name="country", help_text="By its ISO code.",
        # No index of its own: that of the unique constraint below begins with the country.
        db_index=False,
    )  # fmt: skip
    code = Text("code", max_length=3, validators=[STATE], help_text=STATE_HELP)
    name = Text("name", max_length=100)
    words = words_column("code", "name")

    class Meta:
        ordering = ["country", "name"]
        constraints = [models.UniqueConstraint(fields=["country", "code"], name="customers_state_code")]

    def __str__(self):
        return self.name


class Territory(SiteTable):
    """A part of the market."""

    name = Text("name", max_length=100)
    words = words_column("name")

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "territories"
        constraints = [models.UniqueConstraint(fields=["name"], name="customers_territory_name")]

    def __str__(self):
        return self.name


class CustomerType(SiteTable):
    """The part of a customer in an order: to bill it, to ship to it, or both."""

    name = Text("name", max_length=10)
    words = words_column("name")

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["name"], name="customers_customertype_name")]

    def __str__(self):
        return self.name


class Portal(SiteTable):
    """A place where contacts of customers sign in."""

    name = Text("name", max_length=80)
    active = models.BooleanField("active", default=True, help_text="Nobody signs in to an inactive portal.")
    words = words_column("name")

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["name"], name="customers_portal_name")]

    def __str__(self):
        return self.name
