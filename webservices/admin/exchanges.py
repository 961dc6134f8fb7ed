"""The admin of exchanges: a list to search and filter; a call id opens its page, and nothing can be changed."""

from collections.abc import Sequence

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import redirect
from unfold.decorators import display

from records.admin.base import ReadOnlyAdmin
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
from webservices.exchanges import sign_ins
from webservices.exchanges.search import NOBODY, caller_condition, find_by_call_id, key_condition
from webservices.models import Exchange
from webservices.wire.dialects.registry import DIALECTS

COUNTS = ("created", "updated", "unchanged", "deleted", "inactivated", "failed", "returned")
LABELS = {dialect.name: dialect.label for dialect in DIALECTS} | {sign_ins.SITE: sign_ins.LABEL}
SHOWN_KEYS = 2
BODIES = ("request_body", "response_body")


@admin.register(Exchange)
class ExchangeAdmin(ReadOnlyAdmin):
    """All exchanges, latest first; they are never counted, because they only ever grow in number."""

    list_display = ("when", "operation_name", "record_keys", "version", "caller", "outcome", "records", "duration")
    list_display_links = ("when", "operation_name")
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
    ordering = ("-id",)
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest):
        exchanges = super().get_queryset(request)
        is_one = request.resolver_match is not None and "object_id" in request.resolver_match.kwargs
        # A list of fifty exchanges would otherwise read fifty pairs of bodies.
        return exchanges if is_one else exchanges.defer(*BODIES)

    def changelist_view(self, request, extra_context=None):
        """Show the list; a search for a call id opens the page of the exchange."""
        exchange = find_by_call_id(request.GET.get("q", "")) if self.has_view_permission(request) else None
        if exchange is not None:
            return redirect("webservices-exchange", call_id=exchange.call_id)
        return super().changelist_view(request, extra_context)

    def get_search_results(self, request, queryset, search_term):
        if term := search_term.strip():
            queryset = queryset.filter(_match_term(term))
        return queryset, False

    @admin.display(description="when (UTC)")
    def when(self, exchange: Exchange) -> str:
        return f"{exchange.at:%Y-%m-%d %H:%M:%S}"

    @admin.display(description="version")
    def version(self, exchange: Exchange) -> str:
        return LABELS.get(exchange.dialect, exchange.dialect)

    @admin.display(description="operation")
    def operation_name(self, exchange: Exchange) -> str:
        return f"{exchange.operation or exchange.path[:60]}{' (dry run)' if exchange.dry else ''}"

    @admin.display(description="keys", empty_value="–")
    def record_keys(self, exchange: Exchange) -> str | None:
        keys = ", ".join(key[:40] for key in exchange.keys[:SHOWN_KEYS])
        return f"{keys} …" if len(exchange.keys) > SHOWN_KEYS else keys or None

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
        numbers = [(getattr(exchange, name), name) for name in COUNTS]
        return ", ".join(f"{number:,} {name}" for number, name in numbers if number) or "none"

    @admin.display(description="time")
    def duration(self, exchange: Exchange) -> str:
        return f"{exchange.duration_ms:,.1f} ms"

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Redirect to the testers' page of the exchange, which explains it."""
        exchange = self.get_object(request, object_id)
        if request.method != "GET" or exchange is None or not self.has_view_permission(request, exchange):
            return super().change_view(request, object_id, form_url, extra_context)
        return redirect("webservices-exchange", call_id=exchange.call_id)


def _match_term(term: str) -> Q:
    """Return the condition of a search: by the key of a record or, if no record has it, by caller."""
    # One after the other, because each has an index, and an OR of the two would use neither.
    condition = key_condition(term)
    return condition if condition != NOBODY else caller_condition(term)
