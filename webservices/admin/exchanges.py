"""Exchanges in the admin site: found by call id or key, shown with their masked bodies, never changed."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.html import format_html
from unfold.contrib.filters.admin import RangeDateTimeFilter, TextFilter
from unfold.decorators import display
from unfold.paginator import InfinitePaginator
from unfold.utils import parse_datetime_str

from records.admin.read_only import ReadOnlyAdmin
from webservices.declarations import OPERATIONS
from webservices.dialects.table import DIALECTS
from webservices.exchanges.searching import exchanges_with
from webservices.models import Exchange

COUNTS = ("created", "updated", "unchanged", "deleted", "inactivated", "failed", "returned")
MOST_OF_A_KEY = 10_000
BODIES = ("request_body", "response_body")


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


class StatusFilter(TextFilter):
    """One status of HTTP."""

    title = "status"
    parameter_name = "status"

    def queryset(self, request, queryset):
        status = (self.value() or "").strip()
        return queryset.filter(status=int(status)) if re.fullmatch("[1-5][0-9]{2}", status) else queryset


class SpanFilter(RangeDateTimeFilter):
    """A span of time in UTC; a day without a time is the whole day."""

    def queryset(self, request, queryset):
        ends = {"gte": self._moment("from", "00:00:00"), "lte": self._moment("to", "23:59:59")}
        return queryset.filter(**{f"{self.parameter_name}__{end}": at for end, at in ends.items() if at})

    def _moment(self, end: str, otherwise: str) -> datetime | None:
        day, time = (self.used_parameters.get(f"{self.parameter_name}_{end}_{part}") for part in (0, 1))
        found = parse_datetime_str(f"{day} {time or otherwise}")
        return found.replace(tzinfo=UTC) if found else None


class BodyFilter(TextFilter):
    """Text in the bodies, among what all else that is asked for leaves; it must be the last filter."""

    title = "text in the bodies"
    parameter_name = "text"
    EARLIER = "earlier"

    def __init__(self, request, params, model, model_admin):
        super().__init__(request, params, model, model_admin)
        self.model_admin = model_admin
        earlier = params.pop(self.EARLIER, [""])[0]
        self.before = int(earlier) if re.fullmatch("[0-9]{1,18}", earlier) else None

    def expected_parameters(self):
        return [self.parameter_name, self.EARLIER]

    def queryset(self, request, queryset):
        text = (self.value() or "").strip()
        if not text:
            return queryset
        searched, _ = self.model_admin.get_search_results(request, queryset, request.GET.get("q", ""))
        looked = exchanges_with(searched, text, before=self.before)
        if looked.looked_to:
            self._say_where_it_goes_on(request, *looked.looked_to)
        return queryset.filter(pk__in=looked.ids)

    def _say_where_it_goes_on(self, request, id_: int, at: datetime) -> None:
        query = request.GET.copy()
        query.pop("p", None)
        query[self.EARLIER] = str(id_)
        text = 'Looked back to {}. Narrow the time, or <a class="underline" href="?{}">look further back</a>.'
        messages.info(request, format_html(text, f"{at:%Y-%m-%d %H:%M} UTC", query.urlencode()))


@admin.register(Exchange)
class ExchangeAdmin(ReadOnlyAdmin):
    """All exchanges, latest first; they are never counted, because they only ever grow in number."""

    list_display = ("at", "asked", "caller", "outcome", "records", "took")
    list_display_links = ("at", "asked")
    list_filter = (
        ResultFilter,
        StatusFilter,
        OperationFilter,
        DialectFilter,
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

    def get_queryset(self, request: HttpRequest):
        exchanges = super().get_queryset(request)
        shows_one = request.resolver_match is not None and "object_id" in request.resolver_match.kwargs
        return exchanges if shows_one else exchanges.defer(*BODIES)

    def get_search_results(self, request, queryset, search_term):
        if term := search_term.strip():
            queryset = queryset.filter(_meant(term))
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
    """
    What somebody looks for: a call, a key, or a caller.

    One after the other, because each has an index; asked for all at once in the order of ids, the database would rather
    read all there is.
    """
    if re.fullmatch("[0-9a-f]{32}", term):
        return Q(call_id=term)
    unordered = Exchange.objects.order_by()
    ids = list(unordered.filter(keys__contains=[term]).values_list("pk", flat=True)[:MOST_OF_A_KEY])
    user = None if ids else User.objects.filter(username=term).values_list("pk", flat=True).first()
    return Q(user_id=user) if user else Q(pk__in=ids)
