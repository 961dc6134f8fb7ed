"""The rows of a record's page: of a map, or of a list of rows."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from django.contrib.admin.utils import flatten
from django.forms import inlineformset_factory
from django.http import HttpRequest
from django.utils.text import capfirst
from unfold.admin import StackedInline, TabularInline

from records.admin.fields import unlisted_names
from records.admin.forms import LexicalForm, form_class, row_resource
from records.admin.formsets import RecordFormSet
from records.shapes.fields import SCALARS, Field, Kind, MapField, RowsField
from records.shapes.problems import Problem
from records.shapes.resources import Resource

if TYPE_CHECKING:
    from records.admin.base import RecordAdmin


MINIMUM_WIDTHS = {Kind.INTEGER: 3.5, Kind.DECIMAL: 5, Kind.TEXT: 8}  # rem, by the kind of value of an input in a row


class RecordInline(TabularInline):
    """
    The rows of a map or of a list of rows of the record: `field` names it in the resource.

    keys_read_only  the key of a row cannot change once the row exists
    exclude         columns that the page leaves out on purpose; others that `fields` does not list come last
    """

    field: str
    formset = RecordFormSet
    extra = 0
    hide_title = True
    keys_read_only = False

    @property
    def parent(self) -> "RecordAdmin":
        return self.admin_site.get_model_admin(self.parent_model)

    @property
    def rows(self) -> Resource:
        return row_resource(self.find_field(self.parent.resource))

    def find_field(self, resource: Resource) -> MapField | RowsField:
        """Find the field that this inline shows; raises TypeError for a field without rows."""
        field = resource.by_name[self.field]
        if not isinstance(field, MapField | RowsField):
            raise TypeError(f"{type(self).__name__} shows {self.field}, which is neither a map nor a list of rows.")
        return field

    def get_fields(self, request, obj=None):
        if not self.fields:
            return list(self.rows.by_name)
        others = unlisted_names(self.rows, {*flatten(self.fields), *(self.exclude or ())}, SCALARS)
        # Before the columns that are only shown, such as a row's total.
        end = next((n for n, name in enumerate(self.fields) if name in self.readonly_fields), len(self.fields))
        return [*self.fields[:end], *others, *self.fields[end:]]

    def get_readonly_fields(self, request, obj=None):
        return [*self.readonly_fields, *(field.name for field in self.rows.fields if field.read_only)]

    def get_queryset(self, request):
        relations = {field.stored_as for field in self.rows.fields if field.reference}
        field = self.find_field(self.parent.resource)
        rows = super().get_queryset(request)
        # A map shows those of its table's children that have its constants.
        rows = rows.filter(**dict(field.constants)) if isinstance(field, MapField) else rows
        return rows.select_related(*relations) if relations else rows

    def get_formset(self, request, obj=None, **kwargs):
        field = self.find_field(self.parent.site_resource(request))
        rows = row_resource(field)
        read_only = {*self.get_readonly_fields(request, obj)}
        names = flatten(self.get_fields(request, obj))
        writable = [rows.by_name[name] for name in names if name not in read_only]
        make = partial(self.parent.form_field, request, self.model, f"{self.field}.")
        form = form_class(LexicalForm, self.model, rows, writable, make)
        for name, field_of_row in form.base_fields.items():
            field_of_row.widget.attrs |= row_attributes(rows.by_name[name])
        formset = inlineformset_factory(
            self.parent_model, self.model, form, self.formset, self.fk_name, fields=[],
            extra=self.get_extra(request, obj), max_num=self.get_max_num(request, obj),
            can_delete=self.can_delete and self.has_delete_permission(request, obj),
        )  # fmt: skip
        formset.field, formset.problems, formset.keys_read_only = field, get_problems(request), self.keys_read_only
        formset.read_only = not self.has_change_permission(request, obj)
        return formset

    # Children are part of their record: who may change the record may change them.

    def has_view_permission(self, request, obj=None):
        return self.parent.has_view_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return self.parent.has_change_permission(request, obj) if obj else self.parent.has_add_permission(request)

    def has_add_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)


class StackedRecordInline(RecordInline):
    """Rows of too many columns for a table: each a section of its own, shut below its name until it is opened."""

    template = StackedInline.template
    collapsible = True

    class Media:
        js = ("records/sections.js",)


def row_attributes(field: Field) -> dict[str, object]:
    """Return the HTML attributes of an input in a row: its accessible name and its least size."""
    # The head of a column is no label of the inputs below it, so a screen reader needs the name on each.
    label: dict[str, object] = {"aria-label": capfirst(field.label)}
    if field.multiline:
        return {**label, "rows": 2, "style": "min-width: 7rem"}
    has_width = field.kind in MINIMUM_WIDTHS and not field.reference
    return {**label, "style": f"min-width: {MINIMUM_WIDTHS[field.kind]}rem"} if has_width else label


def get_problems(request: HttpRequest) -> Sequence[Problem]:
    """Return the problems that the service found in this request's form; none before it has been called."""
    return getattr(request, "record_problems", ())
