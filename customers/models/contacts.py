"""Contact, and the portals that a contact may sign in to."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from customers.models.customers import IS_EMAIL, Customer
from records.columns import Text, words_column
from records.models import Record


class Portal(models.Model):
    """A place where contacts of customers sign in."""

    name = Text("name", max_length=80)
    active = models.BooleanField("active", default=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["name"], name="customers_portal_name")]

    def __str__(self):
        return self.name


class Contact(Record):
    """A person at a customer, found by a number that is given or drawn."""

    number = Text("contact number", max_length=20, help_text="Given, or drawn when absent.")
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="contacts", verbose_name="customer", help_text="By its number."
    )
    first_name = Text("first name", max_length=100, blank=True, default="")
    last_name = Text("last name", max_length=100, blank=True, default="")
    title = Text("title", max_length=100, blank=True, default="")
    email = Text("e-mail", max_length=100, blank=True, default="", validators=[IS_EMAIL])
    phone = Text("phone", max_length=100, blank=True, default="")
    mobile = Text("mobile", max_length=100, blank=True, default="")
    fax = Text("fax", max_length=100, blank=True, default="")
    notes = Text("notes", max_length=32765, blank=True, default="", help_text="Free text.")
    active = models.BooleanField("active", default=True, help_text="An inactive contact goes on no new order.")
    words = words_column("number", "first_name", "last_name", "email")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="customers_contact_number"),
            models.CheckConstraint(condition=~Q(number=""), name="customers_contact_number_not_blank"),
        ]
        indexes = [
            GinIndex(fields=["words"], name="customers_contact_words"),
            models.Index(fields=["email"], name="customers_contact_email", condition=~Q(email="")),
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
