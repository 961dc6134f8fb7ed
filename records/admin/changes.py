"""The journal of the whole site, to read only."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from unfold.paginator import InfinitePaginator

from records.admin.base import RecordAdmin
from records.admin.definitions import resources
from records.admin.history import lines_of
from records.admin.read_only import ReadOnlyAdmin
from records.models import Change

LINK = '<a class="text-primary-600 dark:text-primary-500" href="{}">{}</a>'
LINE = '<div class="mb-2"><b>{}</b><div style="white-space: pre-wrap">{} → {}</div></div>'


def page_of(change: Change) -> RecordAdmin | None:
    """The admin of the kind of record that a change is of."""
    pages = (page for page in admin.site._registry.values() if isinstance(page, RecordAdmin))
    return next((page for page in pages if page.resource.name == change.resource), None)


class ByResource(admin.SimpleListFilter):
    """The kinds of record that there are, without asking every change for its kind."""

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
    list_filter = (ByResource,)
    show_facets = admin.ShowFacets.NEVER
    list_display_links = ("at",)
    search_fields = ("call_id",)
    search_help_text = "A call id, or the whole key of a record."
    sortable_by = ()
    fields = ("at", "resource", "key", "record", "result", "version", "what", "user_name", "credential", "call_id")
    readonly_fields = ("record", "what")
    paginator = InfinitePaginator
    show_full_result_count = False

    @admin.display(description="record")
    def record(self, change: Change) -> str:
        """Its number, and the way to its history while it exists."""
        page = page_of(change)
        if page is None or not page.model._default_manager.filter(pk=change.record_id).exists():
            return str(change.record_id)
        options = page.model._meta
        address = reverse(f"admin:{options.app_label}_{options.model_name}_history", args=[change.record_id])
        return format_html(LINK, address, change.record_id)

    @admin.display(description="fields")
    def what(self, change: Change) -> str:
        page = page_of(change)
        found = lines_of(change, page.resource if page else None)
        lines = ((line.label, line.before or "—", line.after or "—") for line in found)
        return format_html("<div>{}</div>", format_html_join("", LINE, lines))

    def get_search_results(self, request, queryset, search_term):
        if term := search_term.strip():
            queryset = queryset.filter(call_id=term) | queryset.filter(key=term)
        return queryset, False

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """A change has no history of its own."""
        return super().changeform_view(request, object_id, form_url, {**(extra_context or {}), "show_history": False})
