"""The journal of the whole site, to read only."""

from django.contrib import admin
from django.utils.html import format_html, format_html_join
from unfold.admin import ModelAdmin
from unfold.paginator import InfinitePaginator

from records.admin.history import lines_of
from records.models import Change

LINE = '<div class="mb-2"><b>{}</b><div class="whitespace-pre-wrap">{} → {}</div></div>'


@admin.register(Change)
class ChangeAdmin(ModelAdmin):
    """All changes, latest first; they are never counted, because they only ever grow in number."""

    list_display = ("at", "resource", "key", "became", "version", "user_name", "credential", "call_id")
    list_filter = ("resource", "became")
    list_display_links = ("at",)
    search_fields = ("call_id",)
    search_help_text = "A call id, or the whole key of a record."
    sortable_by = ()
    fields = ("at", "resource", "key", "record_id", "became", "version", "what", "user_name", "credential", "call_id")
    readonly_fields = ("what",)
    paginator = InfinitePaginator
    show_full_result_count = False

    @admin.display(description="fields")
    def what(self, change: Change) -> str:
        lines = ((line.label, line.before or "—", line.after or "—") for line in lines_of(change, None))
        return format_html("<div>{}</div>", format_html_join("", LINE, lines))

    def get_search_results(self, request, queryset, search_term):
        if term := search_term.strip():
            queryset = queryset.filter(call_id=term) | queryset.filter(key=term)
        return queryset, False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
