"""The admin of batch jobs: found by title or call id, shown with their entries; nothing can be changed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypedDict

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import OuterRef, Q, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display
from unfold.paginator import InfinitePaginator

from records.admin.read_only import ReadOnlyAdmin
from webservices.admin.exchanges import OperationFilter
from webservices.admin.job_entries import Entries
from webservices.declarations import OPERATIONS
from webservices.models import BatchJob, Exchange

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
    sortable_by = ()
    ordering = ("-id",)
    paginator = InfinitePaginator
    show_full_result_count = False
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
