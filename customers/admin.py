"""The admin of customers, their contacts and their numbers for our parts, and of the tables that these name."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypedDict

from django.contrib import admin
from django.db.models import Count, OuterRef, Subquery
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from customers.addresses import Address
from customers.models import (
    Contact,
    Country,
    Customer,
    CustomerPart,
    CustomerType,
    Portal,
    PortalUser,
    State,
    Territory,
)
from customers.services import CONTACTS, CUSTOMER_PARTS, CUSTOMERS
from customers.tables import COUNTRIES, CUSTOMER_TYPES, PORTALS, STATES, TERRITORIES
from records.admin import RecordAdmin, RecordInline, StackedRecordInline

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class CountryColumns(TypedDict):
    """The annotations of the list of countries."""

    state_count: int | None


@admin.register(Country)
class CountryAdmin(RecordAdmin):
    services = COUNTRIES
    list_display = ("code", "code2", "name", "number_of_states")
    sortable_by = ("code", "name")
    search_fields = ("code",)
    search_help_text = "The beginning of a code or of a word of the name."

    def get_queryset(self, request):
        # A subquery: a join with GROUP BY would count the states again for the paginator.
        states = State.objects.filter(country=OuterRef("pk")).order_by().values("country")
        number = Subquery(states.annotate(number=Count("pk")).values("number"))
        return super().get_queryset(request).annotate(state_count=number)

    @admin.display(description="states")
    def number_of_states(self, country: "WithAnnotations[Country, CountryColumns]") -> str:
        return str(country.state_count or "")


@admin.register(State)
class StateAdmin(RecordAdmin):
    services = STATES
    list_display = ("code", "name", "country")
    list_filter = (("country", AutocompleteSelectFilter),)
    list_filter_submit = True
    sortable_by = ("code", "name")
    search_fields = ("code",)
    search_help_text = "The beginning of a code or of a word of the name."


class NameAdmin(RecordAdmin):
    """The admin of a table that has little more than names."""

    list_display: Sequence[str] = ("name", "changed_at")
    sortable_by = ("name", "changed_at")
    search_fields = ("name",)
    search_help_text = "The beginning of a word of the name."


@admin.register(Territory)
class TerritoryAdmin(NameAdmin):
    services = TERRITORIES


@admin.register(CustomerType)
class CustomerTypeAdmin(NameAdmin):
    services = CUSTOMER_TYPES


@admin.register(Portal)
class PortalAdmin(NameAdmin):
    services = PORTALS
    list_display = ("name", "active", "changed_at")
    list_filter = ("active",)


class AddressInline(StackedRecordInline):
    """The addresses of a customer beside its own."""

    model = Address
    field = "addresses"
    verbose_name = "address"
    verbose_name_plural = "addresses"
    fields = (
        ("label", "kind"), "name", ("address_1", "address_2"), ("postcode", "city"), ("country", "state"),
        ("province", "phone"), "active",
    )  # fmt: skip


@admin.register(Customer)
class CustomerAdmin(RecordAdmin):
    services = CUSTOMERS
    inlines = (AddressInline,)
    fieldsets = (
        (None, {"fields": ["number", "company", ("first_name", "last_name"), ("customer_type", "owner"), "active"]}),
        ("Address", {"fields": [
            ("address_1", "address_2"), ("postcode", "city"), ("country", "state"), ("province", "territory"),
        ]}),
        ("Phone and e-mail", {"fields": ["email", ("phone", "fax")]}),
        ("In other systems", {"fields": ["external_id", ("crm_account_id", "crm_contact_id")]}),
        ("Notes", {"fields": ["notes", "attachments"]}),
    )  # fmt: skip
    list_display = ("number", "company", "person", "city", "country", "active", "changed_at")
    list_filter = ("active", "customer_type", ("country", AutocompleteSelectFilter), "changed_at")
    list_filter_submit = True
    sortable_by = ("number", "changed_at")
    search_fields = ("number",)
    search_help_text = "The beginning of a number, or words of a name, a city or an address."

    @admin.display(description="person")
    def person(self, customer: Customer) -> str:
        return " ".join(filter(None, (customer.first_name, customer.last_name)))


class PortalUserInline(RecordInline):
    """The portals of a contact, each with a password of its own, which is written and never shown."""

    model = PortalUser
    field = "portals"
    verbose_name = "portal"
    verbose_name_plural = "portals"
    # A row for another portal would be a new one, without the password of the old.
    keys_read_only = True


@admin.register(Contact)
class ContactAdmin(RecordAdmin):
    services = CONTACTS
    inlines = (PortalUserInline,)
    fieldsets = (
        (None, {"fields": [("number", "customer"), "code", ("first_name", "last_name"), "title", "active"]}),
        ("Phone and e-mail", {"fields": ["email", ("phone", "mobile"), "fax"]}),
        ("Notes", {"fields": ["notes"]}),
    )
    list_display = ("number", "person", "customer", "email", "phone", "active")
    list_filter = ("active", ("customer", AutocompleteSelectFilter))
    list_filter_submit = True
    sortable_by = ("number",)
    search_fields = ("number",)
    search_help_text = "The beginning of a number, or words of a name or an e-mail address."

    @admin.display(description="name")
    def person(self, contact: Contact) -> str:
        return " ".join(filter(None, (contact.first_name, contact.last_name)))


TAB = ["tab"]


@admin.register(CustomerPart)
class CustomerPartAdmin(RecordAdmin):
    services = CUSTOMER_PARTS
    fieldsets = (
        (None, {"fields": ["customer", "part", "number", "active"]}),
        ("Sale", {"fields": [
            "description", ("unit_of_measure", "sale_conversion"), ("order_quantity", "shipping_lead_time"),
            ("sale_status", "contract"), ("reference", "salesman_id"), ("product_line", "default_stores_code"),
            ("tax_code", "vat_code"),
        ]}),
        ("Quote", {"classes": TAB, "fields": [
            ("quote_quantity", "quote_unit_price"), ("currency", "discount"), ("price_code", "price_change"),
            "last_quote_date",
        ]}),
        ("Last order", {"classes": TAB, "fields": [
            ("last_order", "last_order_date"), ("last_order_quantity", "last_order_unit"),
            ("last_order_price", "last_discount"), "last_price_code",
        ]}),
        ("Delivery", {"classes": TAB, "fields": [
            ("partial_shipment", "early_shipment"), "serial_numbers_required",
            ("engineering_change", "drawing_revision"),
        ]}),
        ("Comments", {"classes": TAB, "fields": [
            "comment_id", "comment_1", "comment_2", "comment_3", "comment_4", "notes", "attachments",
        ]}),
        ("User fields", {"classes": TAB, "fields": [
            (f"user_{number}", f"user_{number + 1}") for number in range(1, 15, 2)
        ]}),
    )  # fmt: skip
    list_display = ("number", "customer", "part", "description", "active", "changed_at")
    list_filter = ("active", ("customer", AutocompleteSelectFilter), ("part", AutocompleteSelectFilter))
    list_filter_submit = True
    ordering = ("customer_id", "part_id", "number")  # the order of its index: any other would sort the whole table
    sortable_by = ("number",)
    search_fields = ("number",)
    search_help_text = "The beginning of the customer's number for the part, of our number, or of the customer's own."
