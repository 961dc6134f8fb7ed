"""The entries of a batch job on its page: by level, a page at a time."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.views.main import PAGE_VAR
from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property

from records.admin.base import RecordAdmin
from webservices.models import BatchJob, BatchJobEntry

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
