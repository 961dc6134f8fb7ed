"""The admin of batch jobs: found by title or call id, shown with their entries; nothing can be changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.views.main import PAGE_VAR
from django.contrib.auth.models import User
from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display

from records.admin.base import ReadOnlyAdmin, RecordAdmin
from webservices.admin.exchanges import OperationFilter
from webservices.declarations import OPERATIONS
from webservices.models import BatchJob, BatchJobEntry, Exchange

PAGE_SIZE = 100
Level = BatchJobEntry.Level
COLOURS = {Level.ERROR: "danger", Level.WARNING: "warning"}


@dataclass(frozen=True)
class EntryRow:
    """An entry, and the address of its record's page; empty when there is none."""

    entry: BatchJobEntry
    link: str

    @property
    def colour(self) -> str:
        return COLOURS.get(self.entry.level) or ("success" if self.entry.outcome else "info")


class Entries:
    """The entries of one level or of all, a page at a time: three SQL statements, however many there are."""

    def __init__(self, request: HttpRequest, job: BatchJob):
        self.job, self._request = job, request
        self.level = request.GET.get("level", "")

    @cached_property
    def counts(self) -> dict[str, int]:
        """The number of entries of each level that has some, the gravest first."""
        counts = dict(self.job.entries.order_by().values_list("level").annotate(number=Count("pk")))
        return {level: counts[level] for level in reversed(Level.values) if level in counts}

    @cached_property
    def page(self) -> Page:
        entries, total = self.job.entries.all(), sum(self.counts.values())
        if self.level in self.counts:
            entries, total = entries.filter(level=self.level), self.counts[self.level]
        paginator = Paginator(entries, PAGE_SIZE)
        paginator.count = total  # overrides its cached property, which would count the entries once more
        return paginator.get_page(self._request.GET.get(PAGE_VAR))

    @property
    def rows(self) -> list[EntryRow]:
        """The rows of the page; records that were deleted since have no link."""
        entries = list(self.page.object_list)
        page = self._find_record_admin()
        if page is None:
            return [EntryRow(entry, "") for entry in entries]
        ids = {entry.record_id for entry in entries if entry.record_id is not None}
        stored = set(page.model.objects.filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
        return [
            EntryRow(entry, self._address(page, entry.record_id) if entry.record_id in stored else "")
            for entry in entries
        ]

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        """The label and the address of every level that has entries, and True for the selected one."""
        counts = {"": sum(self.counts.values()), **self.counts}
        return [
            (f"{Level(level).label if level else 'All'} {number:,}", self._query(level=level), level == self.level)
            for level, number in counts.items()
        ]

    @property
    def pages(self) -> list[tuple[str, str]]:
        """The label and the address of the pages; the current one and gaps have no address."""
        page = self.page
        unlinked = (page.number, page.paginator.ELLIPSIS)
        return [
            (str(number), "" if number in unlinked else self._query(level=self.level, **{PAGE_VAR: number}))
            for number in page.paginator.get_elided_page_range(page.number)
        ]

    @staticmethod
    def _query(**parameters: object) -> str:
        return f"?{urlencode({name: value for name, value in parameters.items() if value})}"

    def _find_record_admin(self) -> RecordAdmin | None:
        """Find the admin of the job's kind of record, if this user may see it."""
        plural = self.job.operation.partition(".")[0]
        for page in admin.site._registry.values():
            if isinstance(page, RecordAdmin) and page.resource.plural == plural:
                return page if page.has_view_permission(self._request) else None
        return None

    @staticmethod
    def _address(page: RecordAdmin, number: int) -> str:
        return reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_change", args=[number])


LINK = '<a class="text-primary-600 underline dark:text-primary-500" href="{}">{}</a>'
DATETIME = "%Y-%m-%d %H:%M:%S.%f"


if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class JobColumns(TypedDict):
    """The annotations of a job's page: the id of the exchange, while it is stored."""

    exchange_number: int | None


class WriteFilter(OperationFilter):
    """A filter by operation; it offers those that write, for no other makes a job."""

    def lookups(self, request, model_admin):
        return [(operation.name, operation.name) for operation in OPERATIONS if operation.writes]


class FailedFilter(admin.SimpleListFilter):
    """A filter of jobs in which something failed; a partial index holds only those."""

    title = "result"
    parameter_name = "result"

    def lookups(self, request, model_admin):
        return [("failed", "With failed records, or refused")]

    def queryset(self, request, queryset):
        return queryset.filter(Q(failed__gt=0) | ~Q(code="")) if self.value() == "failed" else queryset


@admin.register(BatchJob)
class BatchJobAdmin(ReadOnlyAdmin):
    """All jobs, latest first."""

    list_display = ("began", "title", "operation", "caller", "outcome", "records", "duration")
    list_display_links = ("began", "title")
    list_filter = (FailedFilter, WriteFilter, "began")
    search_fields = ("call_id",)
    search_help_text = "The beginning of a title, a call id, or the name of a caller."
    ordering = ("-id",)
    readonly_fields = ("caller", "result", "records", "period", "duration", "share", "exchange")
    change_form_outer_after_template = "admin/webservices/batchjob/entries.html"

    def get_fieldsets(self, request, obj=None):
        job = ("title", ("operation", "dialect"), ("caller", "credential"), ("level", "exchange"), "call_id")
        result = (("result", "records"), *(("problem",) if obj and obj.code else ()))
        time = ("period", ("duration", "share"))
        return (("Job", {"fields": job}), ("Result", {"fields": result}), ("Time", {"fields": time}))

    def get_queryset(self, request: HttpRequest):
        jobs = super().get_queryset(request)
        exchanges = Exchange.objects.order_by("id").filter(call_id=OuterRef("call_id"))
        is_one = request.resolver_match is not None and "object_id" in request.resolver_match.kwargs
        # The call id is no foreign key: exchanges are pruned sooner than jobs.
        return jobs.annotate(exchange_number=Subquery(exchanges.values("pk")[:1])) if is_one else jobs

    def get_search_results(self, request, queryset, search_term):
        if term := search_term.strip():
            condition = Q(call_id=term) | Q(title__startswith=term)
            if user := User.objects.filter(username=term).first():
                condition |= Q(user_id=user.pk)  # each has an index, so the database can join the three
            queryset = queryset.filter(condition)
        return queryset, False

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        entries = Entries(request, obj) if obj else None
        return super().render_change_form(request, {**context, "entries": entries}, add, change, form_url, obj)

    @admin.display(description="caller")
    def caller(self, job: BatchJob) -> str:
        return job.user_name

    @display(description="result", label={"fine": "success", "partly": "warning", "failed": "danger"})
    def outcome(self, job: BatchJob) -> Sequence[str]:
        if job.code:
            return "failed", f"refused: {job.code}"
        if not job.failed:
            return "fine", "dry run" if job.dry else "done"
        return ("partly", "partly failed") if job.succeeded else ("failed", "failed")

    @admin.display(description="result")
    def result(self, job: BatchJob) -> str:
        return self.outcome(job)[1]

    @admin.display(description="records")
    def records(self, job: BatchJob) -> str:
        if job.received is None:
            return "not read"
        return f"{job.received:,} received, {job.succeeded:,} succeeded, {job.failed:,} failed"

    @admin.display(description="from and to")
    def period(self, job: BatchJob) -> str:
        return f"{job.began:{DATETIME}} to {job.ended:{DATETIME}}, UTC"

    @admin.display(description="time")
    def duration(self, job: BatchJob) -> str:
        return f"{job.elapsed:,.3f}\u00a0s"

    @admin.display(description="of which")
    def share(self, job: BatchJob) -> str:
        return f"{job.cpu:,.3f} s of the processor, {job.database:,.3f} s in the database"

    @admin.display(description="exchange")
    def exchange(self, job: "WithAnnotations[BatchJob, JobColumns]") -> str | SafeString:
        if job.exchange_number is None:
            return "deleted"
        address = reverse("admin:webservices_exchange_change", args=[job.exchange_number])
        return format_html(LINK, address, "Request and response")
