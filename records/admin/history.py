"""The history of a record: its Changes, field by field, in place of Django's log."""

from dataclasses import dataclass

from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from unfold.admin import ModelAdmin

from records.admin.paging import UncountedPaginator, count_records
from records.models import Change
from records.shapes.fields import Kind
from records.shapes.resources import Resource

PAGE_SIZE = 50


@dataclass(frozen=True)
class FieldChange:
    """One field of a change, as people read it."""

    label: str
    before: str
    after: str


def list_field_changes(change: Change, resource: Resource | None) -> list[FieldChange]:
    """List a change field by field, with the labels and in the order of the resource."""
    fields = sorted(change.fields.items(), key=lambda entry: _sort_key(entry[0], resource))
    return [
        FieldChange(label_path(path, resource), format_value(before), format_value(after))
        for path, (before, after) in fields
    ]


def _sort_key(path: str, resource: Resource | None) -> tuple:
    """Return the sort key of a path: by the resource's field, then by row (2 before 10), then by the row's column."""
    name, _, rest = path.partition(".")
    names = list(resource.by_name) if resource else []
    field = resource.by_name.get(name) if resource else None
    rows = field.child if field is not None and field.kind is Kind.ROWS else None
    row, column = _split_row_path(rows, rest) if rows else (rest, "")
    columns = [field.stored_as for field in rows.fields] if rows else []
    row_key = [(int(part), "") if part.isdecimal() else (0, part) for part in row.split("/")]
    column_index = columns.index(column) if column in columns else -1
    # Fields that the resource has no more come last: the journal outlives them.
    return names.index(name) if name in names else len(names), row_key, column_index


def label_path(path: str, resource: Resource | None) -> str:
    """
    Return the label of a path in the journal.

    `price.USD` is `Price USD`, the row `prices.USD//10/` is `Prices USD, minimum quantity 10`, and the column
    `rows.1.quantity` is `Rows 1, quantity`.
    """
    name, _, rest = path.partition(".")
    field = resource.by_name.get(name) if resource else None
    if field is None:
        return capfirst(path)
    if field.kind is Kind.ROWS:
        rest = _label_row(field.child, rest)
    return capfirst(f"{field.label} {rest}".strip())


def _label_row(rows: Resource, path: str) -> str:
    """Return the key of a row and, if the path names a column, the column's label."""
    row, column = _split_row_path(rows, path)
    label = next((field.label for field in rows.fields if field.stored_as == column), "")
    parts = row.split("/")
    if len(parts) == len(rows.key):
        row = ", ".join(
            part if n == 0 else f"{rows.key_fields[n].label} {part}" for n, part in enumerate(parts) if part
        )
    return f"{row}, {label}" if label else row


def _split_row_path(rows: Resource, path: str) -> tuple[str, str]:
    """Split a path into the key of a row and a column; the column of a row that has only one is not named."""
    row, _, column = path.rpartition(".")
    return (row, column) if any(field.stored_as == column for field in rows.fields) else (path, "")


def format_value(value: object) -> str:
    """Return a journaled value as text, a list with one item on each line."""
    if value is None:
        return ""
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)


class HistoryMixin(ModelAdmin):
    """The page *History* of a RecordAdmin."""

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        changes = Change.objects.filter(resource=self.resource.name, record_id=record.pk).order_by("-id")
        resource = self.site_resource(request)
        page = UncountedPaginator(changes, PAGE_SIZE).get_page(request.GET.get(PAGE_VAR, 1))
        context = {
            **self.admin_site.each_context(request),
            "title": f"History of {self.opts.verbose_name} {record}",
            "changes": [(change, list_field_changes(change, resource)) for change in page.object_list],
            "page": page,
            "number": count_records(changes),
            "page_var": PAGE_VAR,
            "opts": self.opts,
            "original": record,
            "preserved_filters": self.get_preserved_filters(request),
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/records/history.html", context)
