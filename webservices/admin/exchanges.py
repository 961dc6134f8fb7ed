"""Exchanges in the admin site: found by call id or key, shown with their masked bodies, never changed."""

from collections.abc import Sequence

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display
from unfold.paginator import InfinitePaginator

from records.admin.read_only import ReadOnlyAdmin
from webservices.contracts.indenting import indented
from webservices.declarations import OPERATIONS
from webservices.dialects.table import DIALECTS
from webservices.exchanges import body_text
from webservices.models import Exchange

COUNTS = ("created", "updated", "unchanged", "deleted", "inactivated", "failed", "returned")
BODIES = ("request_body", "response_body")
BODY = '<pre class="max-h-96 overflow-auto p-3 text-xs whitespace-pre-wrap break-words" tabindex="0">{}</pre>'


class OperationFilter(admin.SimpleListFilter):
    """The declared operations: asking the table which it has would read all of it."""

    title = "operation"
    parameter_name = "operation"

    def lookups(self, request, model_admin):
        return [(operation.name, operation.name) for operation in OPERATIONS]

    def queryset(self, request, queryset):
        return queryset.filter(operation=self.value()) if self.value() else queryset


class DialectFilter(admin.SimpleListFilter):
    """The dialects that there are."""

    title = "dialect"
    parameter_name = "dialect"

    def lookups(self, request, model_admin):
        return [(dialect.name, dialect.label) for dialect in DIALECTS]

    def queryset(self, request, queryset):
        return queryset.filter(dialect=self.value()) if self.value() else queryset


class ResultFilter(admin.SimpleListFilter):
    """What became of the calls."""

    title = "result"
    parameter_name = "result"
    WANTED = {
        "answered": ("Answered", {"status__lt": 400}),
        "refused": ("Refused", {"status__gte": 400}),
        "partly": ("Answered, with failed records", {"status__lt": 400, "failed__gt": 0}),
        "dry": ("Dry runs", {"dry": True}),
    }

    def lookups(self, request, model_admin):
        return [(name, label) for name, (label, _) in self.WANTED.items()]

    def queryset(self, request, queryset):
        return queryset.filter(**self.WANTED[self.value()][1]) if self.value() in self.WANTED else queryset


@admin.register(Exchange)
class ExchangeAdmin(ReadOnlyAdmin):
    """All exchanges, latest first; they are never counted, because they only ever grow in number."""

    list_display = ("at", "asked", "caller", "outcome", "records", "took")
    list_display_links = ("at", "asked")
    list_filter = (ResultFilter, OperationFilter, DialectFilter, "at")
    search_fields = ("call_id",)
    search_help_text = "A call id, the whole key of a record, or the name of a caller."
    sortable_by = ()
    ordering = ("-id",)
    paginator = InfinitePaginator
    show_full_result_count = False
    readonly_fields = ("caller", "result", "records", "took", "key_list", "request_shown", "response_shown", "changes")
    fieldsets = (
        (
            "Call",
            {"fields": ("call_id", "at", "dialect", "operation", "caller", "credential", "peer", "method", "path")},
        ),
        ("Result", {"fields": ("result", "code", "problem", "dry", "records", "key_list", "changes", "took")}),
        ("Request", {"fields": ("request_type", "request_size", "request_note", "request_hash", "request_shown")}),
        ("Response", {"fields": ("response_type", "response_size", "response_note", "response_shown")}),
    )

    def get_queryset(self, request: HttpRequest):
        exchanges = super().get_queryset(request)
        shows_one = request.resolver_match is not None and "object_id" in request.resolver_match.kwargs
        return exchanges if shows_one else exchanges.defer(*BODIES)

    def get_search_results(self, request, queryset, search_term):
        if term := search_term.strip():
            wanted = Q(call_id=term) | Q(keys__contains=[term])
            if user := User.objects.filter(username=term).first():
                wanted |= Q(user_id=user.pk)  # each has an index, so the database can join the three
            queryset = queryset.filter(wanted)
        return queryset, False

    @admin.display(description="operation")
    def asked(self, exchange: Exchange) -> str:
        return f"{exchange.operation or exchange.path[:60]}{' (dry run)' if exchange.dry else ''}"

    @admin.display(description="caller")
    def caller(self, exchange: Exchange) -> str:
        return exchange.user_name or "nobody"

    @display(description="status", label={"fine": "success", "partly": "warning", "refused": "danger"})
    def outcome(self, exchange: Exchange) -> Sequence[str]:
        if exchange.status >= 400:
            return "refused", f"{exchange.status} {exchange.code}"
        return "partly" if exchange.failed else "fine", str(exchange.status)

    @admin.display(description="status")
    def result(self, exchange: Exchange) -> str:
        return self.outcome(exchange)[1]

    @admin.display(description="records")
    def records(self, exchange: Exchange) -> str:
        counted = [(getattr(exchange, name), name) for name in COUNTS]
        return ", ".join(f"{number:,} {name}" for number, name in counted if number) or "none"

    @admin.display(description="time")
    def took(self, exchange: Exchange) -> str:
        return f"{exchange.duration_ms:,.1f} ms"

    @admin.display(description="keys")
    def key_list(self, exchange: Exchange) -> str:
        return ", ".join(exchange.keys) or "none"

    @admin.display(description="changes")
    def changes(self, exchange: Exchange) -> SafeString:
        address = reverse("admin:records_change_changelist", query={"q": exchange.call_id})
        return format_html('<a class="text-primary-600 underline" href="{}">What this call changed</a>', address)

    @admin.display(description="body")
    def request_shown(self, exchange: Exchange) -> SafeString:
        return _shown(body_text(exchange.request_body))

    @admin.display(description="body")
    def response_shown(self, exchange: Exchange) -> SafeString:
        return _shown(body_text(exchange.response_body))


def _shown(text: str) -> SafeString:
    kind = "xml" if text.lstrip().startswith("<") else "json"
    return format_html(BODY, indented(text, kind)) if text else SafeString("not kept")
