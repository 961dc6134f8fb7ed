"""
The filters of the list of exchanges, one class each; all of them can be combined.

    ?key=PUMP-100&caller=ada&result=refused&at_from_0=2026-11-01

Each has an index that ends in the id, or ends in ids; the text in the bodies comes last, among what the others leave.
"""

import re
from datetime import UTC, datetime

from django.contrib import messages
from django.utils.html import format_html
from unfold.contrib.filters.admin import DropdownFilter, RangeDateTimeFilter, TextFilter
from unfold.utils import parse_datetime_str

from records.admin.changelist import AFTER, BEFORE
from webservices.declarations import OPERATIONS
from webservices.exchanges import sign_ins
from webservices.exchanges.search import caller_condition, key_condition, limit_to_span, search_bodies
from webservices.exchanges.sign_ins import FAILURES
from webservices.wire.dialects.registry import DIALECTS


def clean_text(text_filter: TextFilter) -> str:
    """Return the typed text as PostgreSQL takes it: without NUL, which no text may hold."""
    return (text_filter.value() or "").replace("\x00", "").strip()


class ResultFilter(DropdownFilter):
    """A filter by the outcome of the call, or of a record in it."""

    title = "outcome"
    parameter_name = "result"
    CONDITIONS = {
        "answered": ("Answered", {"status__lt": 400}),
        "refused": ("Refused", {"status__gte": 400}),
        "sign-in": ("Sign-in failed", {"code__in": FAILURES}),
        "partly": ("Answered, with failed records", {"status__lt": 400, "failed__gt": 0}),
        "created": ("Records created", {"created__gt": 0}),
        "updated": ("Records updated", {"updated__gt": 0}),
        "unchanged": ("Records unchanged", {"unchanged__gt": 0}),
        "deleted": ("Records deleted", {"deleted__gt": 0}),
        "inactivated": ("Records made inactive", {"inactivated__gt": 0}),
        "failed": ("Records failed", {"failed__gt": 0}),
        "returned": ("Records returned", {"returned__gt": 0}),
        "dry": ("Dry runs", {"dry": True}),
    }

    def lookups(self, request, model_admin):
        return [(name, label) for name, (label, _) in self.CONDITIONS.items()]

    def queryset(self, request, queryset):
        return queryset.filter(**self.CONDITIONS[self.value()][1]) if self.value() in self.CONDITIONS else queryset


class StatusFilter(TextFilter):
    """A filter by HTTP status."""

    title = "status"
    parameter_name = "status"

    def queryset(self, request, queryset):
        status = clean_text(self)
        # The column is a smallint: a larger number would be an error of the database.
        return queryset.filter(status=int(status)) if re.fullmatch("[1-5][0-9]{2}", status) else queryset


class OperationFilter(DropdownFilter):
    """A filter by operation; it offers all declared ones: a query of those in use would read the whole table."""

    title = "operation"
    parameter_name = "operation"

    def lookups(self, request, model_admin):
        return [(name, name) for name in (*(operation.name for operation in OPERATIONS), *sign_ins.PAGES)]

    def queryset(self, request, queryset):
        return queryset.filter(operation=self.value()) if self.value() else queryset


class DialectFilter(DropdownFilter):
    """A filter by dialect."""

    title = "version"
    parameter_name = "dialect"

    def lookups(self, request, model_admin):
        return [*((dialect.name, dialect.label) for dialect in DIALECTS), (sign_ins.SITE, sign_ins.LABEL)]

    def queryset(self, request, queryset):
        return queryset.filter(dialect=self.value()) if self.value() else queryset


class CallerFilter(TextFilter):
    """A filter by caller: the name of a user or of an API key, or the beginning of a token."""

    title = "caller or API key"
    parameter_name = "caller"

    def queryset(self, request, queryset):
        name = clean_text(self)
        return queryset.filter(caller_condition(name)) if name else queryset


class KeyFilter(TextFilter):
    """A filter by the whole key of a record that was in the call."""

    title = "key of a record"
    parameter_name = "key"

    def queryset(self, request, queryset):
        key = clean_text(self)
        return queryset.filter(key_condition(key)) if key else queryset


class SpanFilter(RangeDateTimeFilter):
    """A filter by a span of time in UTC; a date without a time is the whole day."""

    def queryset(self, request, queryset):
        return limit_to_span(queryset, self._read_datetime("from", "00:00:00"), self._read_datetime("to", "23:59:59"))

    def _read_datetime(self, end: str, default_time: str) -> datetime | None:
        date, time = (self.used_parameters.get(f"{self.parameter_name}_{end}_{part}") for part in (0, 1))
        value = parse_datetime_str(f"{date} {time or default_time}")
        return value.replace(tzinfo=UTC) if value else None


class BodyFilter(TextFilter):
    """A filter by text in the bodies. It must be the last one: no index helps, so it reads what the others leave."""

    title = "text in the bodies"
    parameter_name = "text"
    EARLIER = "earlier"

    def __init__(self, request, params, model, model_admin):
        super().__init__(request, params, model, model_admin)
        self.model_admin = model_admin
        # Our own parameter, which Django's list would take for a lookup of the model and refuse.
        earlier = params.pop(self.EARLIER, [""])[0]
        self.before = int(earlier) if re.fullmatch("[0-9]{1,18}", earlier) else None  # what a bigint can hold

    def expected_parameters(self):
        return [self.parameter_name, self.EARLIER]

    def queryset(self, request, queryset):
        text = clean_text(self)
        if not text:
            return queryset
        # Django applies the search box after the filters, which here would be after the slow part.
        searched, _ = self.model_admin.get_search_results(request, queryset, request.GET.get("q", ""))
        result = search_bodies(searched, text, before=self.before)
        if result.searched_to:
            self._link_to_earlier(request, *result.searched_to)
        return queryset.filter(pk__in=result.ids)

    def _link_to_earlier(self, request, id_: int, at: datetime) -> None:
        # The search stops after a while, wherever it is; the message says how far it came, and goes on from there.
        query = request.GET.copy()
        for name in (AFTER, BEFORE):
            query.pop(name, None)
        query[self.EARLIER] = str(id_)
        text = 'Looked back to {}. Narrow the time, or <a class="underline" href="?{}">look further back</a>.'
        messages.info(request, format_html(text, f"{at:%Y-%m-%d %H:%M} UTC", query.urlencode()))
