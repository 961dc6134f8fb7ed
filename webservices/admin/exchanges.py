"""Exchanges in the admin site: searched by all that is kept of them, opened by call id, never changed."""

from collections.abc import Sequence

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import redirect
from unfold.decorators import display
from unfold.paginator import InfinitePaginator

from records.admin.read_only import ReadOnlyAdmin
from webservices.admin.exchange_filters import (
    BodyFilter,
    CallerFilter,
    DialectFilter,
    KeyFilter,
    OperationFilter,
    ResultFilter,
    SpanFilter,
    StatusFilter,
)
from webservices.exchanges.search import NOBODY, caller_condition, find_by_call_id, key_condition
from webservices.models import Exchange
from webservices.wire.dialects.registry import DIALECTS

COUNTS = ("created", "updated", "unchanged", "deleted", "inactivated", "failed", "returned")
LABELS = {dialect.name: dialect.label for dialect in DIALECTS}
SHOWN_KEYS = 2
BODIES = ("request_body", "response_body")


@admin.register(Exchange)
class ExchangeAdmin(ReadOnlyAdmin):
    """All exchanges, latest first; they are never counted, because they only ever grow in number."""

    list_display = ("when", "asked", "about", "version", "caller", "outcome", "records", "took")
    list_display_links = ("when", "asked")
    list_filter = (
        KeyFilter,
        CallerFilter,
        OperationFilter,
        DialectFilter,
        ResultFilter,
        StatusFilter,
        ("at", SpanFilter),
        BodyFilter,
    )
    list_filter_submit = True
    list_per_page = 50
    search_fields = ("call_id",)
    search_help_text = "A call id, the whole key of a record, or the name of a caller."
    sortable_by = ()
    ordering = ("-id",)
    paginator = InfinitePaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest):
        exchanges = super().get_queryset(request)
        shows_one = request.resolver_match is not None and "object_id" in request.resolver_match.kwargs
        return exchanges if shows_one else exchanges.defer(*BODIES)

    def changelist_view(self, request, extra_context=None):
        """A call id that is searched for opens its page."""
        found = find_by_call_id(request.GET.get("q", "")) if self.has_view_permission(request) else None
        if found is not None:
            return redirect("webservices-exchange", call_id=found.call_id)
        return super().changelist_view(request, extra_context)

    def get_search_results(self, request, queryset, search_term):
        if term := search_term.strip():
            queryset = queryset.filter(_meant(term))
        return queryset, False

    @admin.display(description="when (UTC)")
    def when(self, exchange: Exchange) -> str:
        return f"{exchange.at:%Y-%m-%d %H:%M:%S}"

    @admin.display(description="version")
    def version(self, exchange: Exchange) -> str:
        return LABELS.get(exchange.dialect, exchange.dialect)

    @admin.display(description="operation")
    def asked(self, exchange: Exchange) -> str:
        return f"{exchange.operation or exchange.path[:60]}{' (dry run)' if exchange.dry else ''}"

    @admin.display(description="keys", empty_value="–")
    def about(self, exchange: Exchange) -> str | None:
        shown = ", ".join(key[:40] for key in exchange.keys[:SHOWN_KEYS])
        return f"{shown} …" if len(exchange.keys) > SHOWN_KEYS else shown or None

    @admin.display(description="caller")
    def caller(self, exchange: Exchange) -> str:
        return exchange.user_name or "nobody"

    @display(description="status", label={"fine": "success", "partly": "warning", "refused": "danger"})
    def outcome(self, exchange: Exchange) -> Sequence[str]:
        if exchange.status >= 400:
            return "refused", f"{exchange.status} {exchange.code}"
        return "partly" if exchange.failed else "fine", str(exchange.status)

    @admin.display(description="records")
    def records(self, exchange: Exchange) -> str:
        counted = [(getattr(exchange, name), name) for name in COUNTS]
        return ", ".join(f"{number:,} {name}" for number, name in counted if number) or "none"

    @admin.display(description="time")
    def took(self, exchange: Exchange) -> str:
        return f"{exchange.duration_ms:,.1f} ms"

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The page that explains it is the testers'."""
        found = self.get_object(request, object_id)
        if request.method != "GET" or found is None or not self.has_view_permission(request, found):
            return super().change_view(request, object_id, form_url, extra_context)
        return redirect("webservices-exchange", call_id=found.call_id)


def _meant(term: str) -> Q:
    """A key, or when no record has it, a caller: one after the other, because each has an index."""
    found = key_condition(term)
    return found if found != NOBODY else caller_condition(term)
