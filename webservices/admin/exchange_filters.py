"""
What exchanges can be searched by, in the admin site: one class each, all of which may be combined.

    ?key=PUMP-100&caller=ada&result=refused&at_from_0=2026-11-01

Each has an index that ends in the id, or ends in ids; the text in the bodies comes last, among what the others leave.
"""

import re
from datetime import UTC, datetime

from django.contrib import messages
from django.utils.html import format_html
from unfold.contrib.filters.admin import DropdownFilter, RangeDateTimeFilter, TextFilter
from unfold.utils import parse_datetime_str

from webservices.declarations import OPERATIONS
from webservices.exchanges.search import caller_condition, key_condition, limit_to_span, search_bodies
from webservices.wire.dialects.registry import DIALECTS


def said_in(searched: TextFilter) -> str:
    """What was typed, as the database takes it."""
    return (searched.value() or "").replace("\x00", "").strip()


class ResultFilter(DropdownFilter):
    """What became of the calls and of their records."""

    title = "outcome"
    parameter_name = "result"
    WANTED = {
        "answered": ("Answered", {"status__lt": 400}),
        "refused": ("ProblemError!", {"status__gte": 400}),
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
        return [(name, label) for name, (label, _) in self.WANTED.items()]

    def queryset(self, request, queryset):
        return queryset.filter(**self.WANTED[self.value()][1]) if self.value() in self.WANTED else queryset


class StatusFilter(TextFilter):
    """One status of HTTP."""

    title = "status"
    parameter_name = "status"

    def queryset(self, request, queryset):
        status = said_in(self)
        return queryset.filter(status=int(status)) if re.fullmatch("[1-5][0-9]{2}", status) else queryset


class OperationFilter(DropdownFilter):
    """The declared operations: asking the table which it has would read all of it."""

    title = "operation"
    parameter_name = "operation"

    def lookups(self, request, model_admin):
        return [(operation.name, operation.name) for operation in OPERATIONS]

    def queryset(self, request, queryset):
        return queryset.filter(operation=self.value()) if self.value() else queryset


class DialectFilter(DropdownFilter):
    """The dialects that there are."""

    title = "version"
    parameter_name = "dialect"

    def lookups(self, request, model_admin):
        return [(dialect.name, dialect.label) for dialect in DIALECTS]

    def queryset(self, request, queryset):
        return queryset.filter(dialect=self.value()) if self.value() else queryset


class CallerFilter(TextFilter):
    """A user by name, or an API key by its name or the beginning of its token."""

    title = "caller or API key"
    parameter_name = "caller"

    def queryset(self, request, queryset):
        name = said_in(self)
        return queryset.filter(caller_condition(name)) if name else queryset


class KeyFilter(TextFilter):
    """The whole key of a record that was in the call."""

    title = "key of a record"
    parameter_name = "key"

    def queryset(self, request, queryset):
        key = said_in(self)
        return queryset.filter(key_condition(key)) if key else queryset


class SpanFilter(RangeDateTimeFilter):
    """A span of time in UTC; a day without a time is the whole day."""

    def queryset(self, request, queryset):
        return limit_to_span(queryset, self._moment("from", "00:00:00"), self._moment("to", "23:59:59"))

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
        text = said_in(self)
        if not text:
            return queryset
        searched, _ = self.model_admin.get_search_results(request, queryset, request.GET.get("q", ""))
        looked = search_bodies(searched, text, before=self.before)
        if looked.searched_to:
            self._say_where_it_goes_on(request, *looked.searched_to)
        return queryset.filter(pk__in=looked.ids)

    def _say_where_it_goes_on(self, request, id_: int, at: datetime) -> None:
        query = request.GET.copy()
        query.pop("p", None)
        query[self.EARLIER] = str(id_)
        text = 'Looked back to {}. Narrow the time, or <a class="underline" href="?{}">look further back</a>.'
        messages.info(request, format_html(text, f"{at:%Y-%m-%d %H:%M} UTC", query.urlencode()))
