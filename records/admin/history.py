"""A record's own history: its Changes, field by field, in place of Django's log."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import capfirst

from records.models import Change
from records.shapes.fields import Kind
from records.shapes.resources import Resource

ON_A_PAGE = 50


@dataclass(frozen=True)
class Line:
    """One field of a change, as a person reads it."""

    label: str
    before: str
    after: str


def lines_of(change: Change, resource: Resource | None) -> list[Line]:
    """What a change did, field by field; labels and order are the resource's."""
    fields = sorted(change.fields.items(), key=lambda entry: _place(entry[0], resource))
    return [Line(label_of(path, resource), text_of(before), text_of(after)) for path, (before, after) in fields]


def _place(path: str, resource: Resource | None) -> tuple:
    """Where a path comes in the order of a resource's fields: rows by their keys (2 before 10), then their columns."""
    name, _, rest = path.partition(".")
    names = list(resource.by_name) if resource else []
    field = resource.by_name.get(name) if resource else None
    rows = field.child if field is not None and field.kind is Kind.ROWS else None
    row, column = _row_and_column(rows, rest) if rows else (rest, "")
    columns = [field.stored_as for field in rows.fields] if rows else []
    numbered = [(int(part), "") if part.isdecimal() else (0, part) for part in row.split("/")]
    in_row = columns.index(column) if column in columns else -1
    return names.index(name) if name in names else len(names), numbered, in_row


def label_of(path: str, resource: Resource | None) -> str:
    """
    `price.USD` is `Price USD`, the row `prices.USD//10/` is `Prices USD, minimum quantity 10`, and of the row
    `rows.1.quantity` it is `Rows 1, quantity`.
    """
    name, _, rest = path.partition(".")
    field = resource.by_name.get(name) if resource else None
    if field is None:
        return capfirst(path)
    if field.kind is Kind.ROWS:
        rest = _label_in_rows(field.child, rest)
    return capfirst(f"{field.label} {rest}".strip())


def _label_in_rows(rows: Resource, path: str) -> str:
    """A row is told by its key; a column, where the path names one, by its label."""
    row, column = _row_and_column(rows, path)
    label = next((field.label for field in rows.fields if field.stored_as == column), "")
    parts = row.split("/")
    if len(parts) == len(rows.key):
        named = [part if n == 0 else f"{rows.key_fields[n].label} {part}" for n, part in enumerate(parts) if part]
        row = ", ".join(named)
    return f"{row}, {label}" if label else row


def _row_and_column(rows: Resource, path: str) -> tuple[str, str]:
    """The key of a row and the column of it that a path names; a row of one column is named by its key alone."""
    row, _, column = path.rpartition(".")
    return (row, column) if any(field.stored_as == column for field in rows.fields) else (path, "")


def text_of(value: object) -> str:
    if value is None:
        return ""
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)


class HistoryPage:
    """The page *History* of a RecordAdmin."""

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        changes = Change.objects.filter(resource=self.resource.name, record_id=record.pk).order_by("-id")
        page = Paginator(changes, ON_A_PAGE).get_page(request.GET.get(PAGE_VAR, 1))
        context = {
            **self.admin_site.each_context(request),
            "title": f"History of {self.opts.verbose_name} {record}",
            "changes": with_lines(page.object_list, self.site_resource(request)),
            "page": page,
            "pages": page.paginator.get_elided_page_range(page.number),
            "page_var": PAGE_VAR,
            "opts": self.opts,
            "original": record,
            "preserved_filters": self.get_preserved_filters(request),
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/records/history.html", context)


def with_lines(changes: Sequence[Change], resource: Resource | None) -> list[tuple[Change, list[Line]]]:
    return [(change, lines_of(change, resource)) for change in changes]
