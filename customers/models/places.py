"""Countries, states and territories: tables that an admin may edit, filled at first from ISO 3166."""

from django.core.validators import RegexValidator
from django.db import models

from records.columns import Text


class Country(models.Model):
    """A country by its ISO 3166 codes."""

    code = Text("code", max_length=3, validators=[RegexValidator(r"^[A-Z]{3}$")], help_text="Three letters (ISO).")
    code2 = Text("short code", max_length=2, validators=[RegexValidator(r"^[A-Z]{2}$")], help_text="Two letters (ISO).")
    name = Text("name", max_length=100)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "countries"
        constraints = [
            models.UniqueConstraint(fields=["code"], name="customers_country_code"),
            models.UniqueConstraint(fields=["code2"], name="customers_country_code2"),
        ]

    def __str__(self):
        return self.name


class State(models.Model):
    """A state of a country, by its two letters."""

    country = models.ForeignKey(Country, on_delete=models.CASCADE, related_name="states", verbose_name="country")
    code = Text("code", max_length=2, validators=[RegexValidator(r"^[A-Z]{2}$")], help_text="Two letters.")
    name = Text("name", max_length=100)

    class Meta:
        ordering = ["country", "name"]
        constraints = [models.UniqueConstraint(fields=["country", "code"], name="customers_state_code")]

    def __str__(self):
        return self.name


class Territory(models.Model):
    """A part of the market."""

    name = Text("name", max_length=100)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "territories"
        constraints = [models.UniqueConstraint(fields=["name"], name="customers_territory_name")]

    def __str__(self):
        return self.name
