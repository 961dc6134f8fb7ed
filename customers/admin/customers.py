"""The admin of customers: their list, and their page with links to their contacts, parts and orders."""

from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from customers.models import Customer
from customers.services import CUSTOMERS
from records.admin import RecordAdmin


@admin.register(Customer)
class CustomerAdmin(RecordAdmin):
    services = CUSTOMERS
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
