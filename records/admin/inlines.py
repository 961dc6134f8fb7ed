"""The rows of a record's page: of a map, or of a list of rows."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from django.forms import inlineformset_factory
from django.http import HttpRequest
from django.utils.text import capfirst
from unfold.admin import TabularInline

from records.admin.forms import LexicalForm, form_class, rows_of
from records.admin.formsets import RecordFormSet
from records.shapes.fields import Field, Kind
from records.shapes.problems import Problem
from records.shapes.resources import Resource

if TYPE_CHECKING:
    from records.admin.base import RecordAdmin


NARROWEST = {Kind.INTEGER: 3.5, Kind.DECIMAL: 5, Kind.TEXT: 8}  # rem, by what an input in a row holds


class RecordInline(TabularInline):
    """
    The rows of a map or of a list of rows of the record: `field` names it in the resource.

    keys_stay  what names a row is read-only once the row exists
    """

    field: str
    formset = RecordFormSet
    extra = 0
    hide_title = True
    keys_stay = False

    @property
    def parent(self) -> "RecordAdmin":
        return self.admin_site.get_model_admin(self.parent_model)

    @property
    def rows(self) -> Resource:
        return rows_of(self.parent.resource.by_name[self.field])

    def get_fields(self, request, obj=None):
        return self.fields or list(self.rows.by_name)

    def get_readonly_fields(self, request, obj=None):
        return [*self.readonly_fields, *(field.name for field in self.rows.fields if field.read_only)]

    def get_queryset(self, request):
        relations = {field.stored_as for field in self.rows.fields if field.reference}
        rows = super().get_queryset(request)
        return rows.select_related(*relations) if relations else rows

    def get_formset(self, request, obj=None, **kwargs):
        field = self.parent.site_resource(request).by_name[self.field]
        rows = rows_of(field)
        read_only = {*self.get_readonly_fields(request, obj)}
        shown = [rows.by_name[name] for name in self.get_fields(request, obj) if name not in read_only]
        make = partial(self.parent.form_field, request, self.model, f"{self.field}.")
        form = form_class(LexicalForm, self.model, rows, shown, make)
        for name, field_of_row in form.base_fields.items():
            field_of_row.widget.attrs |= attributes_in_a_row(rows.by_name[name])
        formset = inlineformset_factory(
            self.parent_model, self.model, form, self.formset, self.fk_name, fields=[],
            extra=self.get_extra(request, obj), max_num=self.get_max_num(request, obj),
            can_delete=self.can_delete and self.has_delete_permission(request, obj),
        )  # fmt: skip
        formset.field, formset.problems, formset.keys_stay = field, problems_of(request), self.keys_stay
        formset.frozen = not self.has_change_permission(request, obj)
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


def attributes_in_a_row(field: Field) -> dict[str, object]:
    """What an input is called, as the column's head is no label of it, and how wide and high it is at least."""
    named = {"aria-label": capfirst(field.label)}
    if field.multiline:
        return {**named, "rows": 2, "style": "min-width: 7rem"}
    wide = field.kind in NARROWEST and not field.reference
    return {**named, "style": f"min-width: {NARROWEST[field.kind]}rem"} if wide else named


def problems_of(request: HttpRequest) -> Sequence[Problem]:
    """What the service had against what this request sent."""
    return getattr(request, "record_problems", ())
