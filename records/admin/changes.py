"""The journal of the whole site, to read only."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from records.admin.base import ReadOnlyAdmin, RecordAdmin
from records.admin.definitions import resources
from records.admin.history import list_field_changes
from records.models import Change

LINK = '<a class="text-primary-600 dark:text-primary-500" href="{}">{}</a>'
LINE = '<div class="mb-2"><b>{}</b><div style="white-space: pre-wrap">{} → {}</div></div>'


def find_record_admin(change: Change) -> RecordAdmin | None:
    """Find the admin of the changed record's kind; None for a kind that the site does not have any more."""
    pages = (page for page in admin.site._registry.values() if isinstance(page, RecordAdmin))
    return next((page for page in pages if page.resource.name == change.resource), None)


class ResourceFilter(admin.SimpleListFilter):
    """A filter by kind of record; it offers all kinds, for a query of those that changed would read every change."""

    title = "record"
    parameter_name = "resource"

    def lookups(self, request, model_admin):
        return sorted((resource.name, resource.label) for resource in resources())

    def queryset(self, request, queryset):
        return queryset.filter(resource=self.value()) if self.value() else queryset


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdmin):
    """All changes, latest first; they are never counted, because they only ever grow in number."""

    list_display = ("at", "resource", "key", "result", "version", "user_name", "credential", "call_id")
    list_filter = (ResourceFilter,)
    show_facets = admin.ShowFacets.NEVER
    list_display_links = ("at",)
    search_fields = ("call_id",)
    search_help_text = "A call id, or the whole key of a record."
    fields = ("at", "resource", "key", "record", "result", "version", "values", "user_name", "credential", "call_id")
    readonly_fields = ("record", "values")

    @admin.display(description="record")
    def record(self, change: Change) -> str:
        """The id of the record, linked to its history while the record exists."""
        page = find_record_admin(change)
        if page is None or not page.model._default_manager.filter(pk=change.record_id).exists():
            return str(change.record_id)
        options = page.model._meta
        address = reverse(f"admin:{options.app_label}_{options.model_name}_history", args=[change.record_id])
        return format_html(LINK, address, change.record_id)

    @admin.display(description="fields")
    def values(self, change: Change) -> str:
        """The changed fields, each with its value before and after."""
        page = find_record_admin(change)
        changes = list_field_changes(change, page.resource if page else None)
        lines = ((each.label, each.before or "—", each.after or "—") for each in changes)
        return format_html("<div>{}</div>", format_html_join("", LINE, lines))

    def get_search_results(self, request, queryset, search_term):
        if term := search_term.strip():
            # Both are equalities with an index each: a search by part of a text would read the whole journal.
            queryset = queryset.filter(call_id=term) | queryset.filter(key=term)
        return queryset, False

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Show the page without the button *History*: a change has none of its own."""
        return super().changeform_view(request, object_id, form_url, {**(extra_context or {}), "show_history": False})
