"""The admin of contacts, with the portals that each may sign in to."""

from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from customers.models import Contact, PortalUser
from customers.services import CONTACTS
from records.admin import RecordAdmin, RecordInline


class PortalUserInline(RecordInline):
    """The portals of a contact, each with a password of its own, which is written and never shown."""

    model = PortalUser
    field = "portals"
    verbose_name = "portal"
    verbose_name_plural = "portals"
    keys_read_only = True


@admin.register(Contact)
class ContactAdmin(RecordAdmin):
    services = CONTACTS
    inlines = (PortalUserInline,)
    fieldsets = (
        (None, {"fields": ["number", "customer", ("first_name", "last_name"), "title", "active"]}),
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
