"""The entries of a batch job as its page shows them."""

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
class Shown:
    """An entry, and the address of its record's page where there is one."""

    entry: BatchJobEntry
    link: str

    @property
    def colour(self) -> str:
        return COLOURS.get(self.entry.level) or ("success" if self.entry.outcome else "info")


class Entries:
    """Those of one level or of all, a page at a time: three statements, however many there are."""

    def __init__(self, request: HttpRequest, job: BatchJob):
        self.job, self._request = job, request
        self.level = request.GET.get("level", "")

    @cached_property
    def numbers(self) -> dict[str, int]:
        """How many there are of each level."""
        found = self.job.entries.order_by().values_list("level").annotate(number=Count("pk"))
        numbers = dict(found)
        return {level: numbers[level] for level in reversed(Level.values) if level in numbers}

    @cached_property
    def page(self) -> Page:
        entries, total = self.job.entries.all(), sum(self.numbers.values())
        if self.level in self.numbers:
            entries, total = entries.filter(level=self.level), self.numbers[self.level]
        paginator = Paginator(entries, PAGE_SIZE)
        paginator.count = total  # it is known
        return paginator.get_page(self._request.GET.get(PAGE_VAR))

    @property
    def shown(self) -> list[Shown]:
        entries = list(self.page.object_list)
        page = self._page_of_records()
        wanted = {entry.record_id for entry in entries if entry.record_id is not None} if page else ()
        known = set(page.model.objects.filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else ()
        return [Shown(each, self._address(page, each.record_id) if each.record_id in known else "") for each in entries]

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        """Label, address and whether it is chosen, of every level that there is."""
        numbers = {"": sum(self.numbers.values()), **self.numbers}
        return [
            (f"{Level(level).label if level else 'All'} {number:,}", self._query(level=level), level == self.level)
            for level, number in numbers.items()
        ]

    @property
    def pages(self) -> list[tuple[str, str]]:
        """Label and address of the pages; the present one and gaps have no address."""
        page = self.page
        nowhere = (page.number, page.paginator.ELLIPSIS)
        return [
            (str(number), "" if number in nowhere else self._query(level=self.level, **{PAGE_VAR: number}))
            for number in page.paginator.get_elided_page_range(page.number)
        ]

    @staticmethod
    def _query(**parameters: object) -> str:
        return f"?{urlencode({name: value for name, value in parameters.items() if value})}"

    def _page_of_records(self) -> RecordAdmin | None:
        """The admin page of the job's kind of record, if this user may see it."""
        plural = self.job.operation.partition(".")[0]
        for page in admin.site._registry.values():
            if isinstance(page, RecordAdmin) and page.resource.plural == plural:
                return page if page.has_view_permission(self._request) else None
        return None

    @staticmethod
    def _address(page: RecordAdmin, number: int) -> str:
        return reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_change", args=[number])
