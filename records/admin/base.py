"""
`RecordAdmin`: the admin pages of a record, which save through its services.

The form and its inlines become one Values: the key, the version that was shown, and the fields that were changed. The
service is called once, in `save_related`; when it refuses, the page is made again with its problems on their fields.
"""

from collections.abc import Callable, Sequence
from functools import partial

from django import forms
from django.contrib.admin import ShowFacets
from django.contrib.admin.utils import flatten_fieldsets
from django.db import models, transaction
from django.forms import inlineformset_factory
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from unfold.admin import ModelAdmin, TabularInline

from records import site
from records.admin.callers import caller_of
from records.admin.fields import form_field, form_name
from records.admin.forms import LexicalForm, RecordForm, RecordFormSet, form_class, rows_of
from records.admin.history import HistoryPage
from records.admin.removal import Removal
from records.admin.search import found
from records.admin.stale import stale_sentence
from records.services import Services
from records.shapes.fields import SCALARS, Field, Kind
from records.shapes.outcomes import Outcome
from records.shapes.presenting import present_record
from records.shapes.problems import Problem
from records.shapes.resources import Resource
from records.shapes.values import Values

IN_THE_FORM = SCALARS | {Kind.LIST}
STAMPS = ("version", "changed_at", "changed_by", "created_at", "created_by")
IN_ROWS = ("version", ("changed_at", "changed_by"), ("created_at", "created_by"))


class NotSaved(Exception):
    """The service refused; its problems belong on the form."""

    def __init__(self, problems: Sequence[Problem]):
        super().__init__("; ".join(problem.sentence() for problem in problems))
        self.problems = problems


class RecordInline(TabularInline):
    """The rows of a map or of a list of rows of the record: `field` names it in the resource."""

    field: str
    formset = RecordFormSet
    extra = 0
    hide_title = True

    @property
    def parent(self) -> "RecordAdmin":
        return self.admin_site.get_model_admin(self.parent_model)

    def get_formset(self, request, obj=None, **kwargs):
        field = self.parent.site_resource(request).by_name[self.field]
        rows = rows_of(field)
        shown = [rows.by_name[name] for name in self.fields or rows.by_name]
        form = form_class(LexicalForm, self.model, rows, shown, partial(self.parent.form_field, request))
        for name, field_of_row in form.base_fields.items():
            if rows.by_name[name].multiline:
                field_of_row.widget.attrs["rows"] = 2
        formset = inlineformset_factory(
            self.parent_model, self.model, form, self.formset, self.fk_name, fields=[],
            extra=self.get_extra(request, obj),
            can_delete=self.can_delete and self.has_delete_permission(request, obj),
        )  # fmt: skip
        formset.field, formset.problems = field, problems_of(request)
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


class RecordAdmin(HistoryPage, Removal, ModelAdmin):
    """
    The admin of one kind of record. A subclass names its `services` and, if it likes, its fieldsets:
    they list fields of the resource. Custom fields and stamps come by themselves.
    """

    services: Services

    @property
    def resource(self) -> Resource:
        return self.services.resource

    form = RecordForm
    change_form_before_template = "admin/records/shown_version.html"
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    warn_unsaved_form = True
    list_filter_sheet = False

    def site_resource(self, request: HttpRequest) -> Resource:
        """The resource as the site has extended it; asked for once in a request."""
        known = request.__dict__.setdefault("site_resources", {})
        if self.resource.name not in known:
            known[self.resource.name] = site.resource(self.resource)
        return known[self.resource.name]

    def form_field(self, request: HttpRequest, field: Field) -> forms.Field:
        """The form field of a field; one for a relation may be chosen here, its clean value being what names it."""
        return form_field(field)

    # What the form shows

    def get_fieldsets(self, request, obj=None):
        resource = self.site_resource(request)
        own = [field.name for field in resource.writable if field.kind in IN_THE_FORM and not field.custom]
        fieldsets = [*(self.fieldsets or [(None, {"fields": own})])]
        if resource.custom_fields:
            fieldsets.append(("Custom fields", {"fields": [form_name(field) for field in resource.custom_fields]}))
        return [*fieldsets, ("Record", {"fields": IN_ROWS})] if obj else fieldsets

    def get_readonly_fields(self, request, obj=None):
        """The stamps; and the key of a record that exists, because a key is what a record is known by."""
        return [*self.readonly_fields, *STAMPS, *(self.resource.key if obj else ())]

    def get_form(self, request, obj=None, change=False, **kwargs):
        resource = self.site_resource(request)
        names = {*flatten_fieldsets(self.get_fieldsets(request, obj))} - {*self.get_readonly_fields(request, obj)}
        shown = [field for field in resource.writable if form_name(field) in names]
        return form_class(
            self.form, self.model, resource, shown, partial(self.form_field, request),
            problems=problems_of(request), stale=partial(stale_sentence, request),
            elsewhere=frozenset(inline.field for inline in self.get_inlines(request, obj)),
        )  # fmt: skip

    # Saving

    def _changeform_view(self, request, object_id, form_url, extra_context) -> HttpResponse:
        try:
            return super()._changeform_view(request, object_id, form_url, extra_context)
        except NotSaved as refused:
            request.record_problems = refused.problems
            return super()._changeform_view(request, object_id, form_url, extra_context)

    def save_form(self, request, form, change):
        return form.instance

    def save_model(self, request, obj, form, change):
        """Nothing: `save_related` saves the whole, once."""

    def save_formset(self, request, form, formset, change):
        """Nothing: `save_related` saves the whole, once."""

    def save_related(self, request, form, formsets, change):
        service = self.services.update if change else self.services.add
        (outcome,) = self.serve(request, service, [self.values_of(form, formsets, change)])
        if outcome.failed:
            raise NotSaved(outcome.problems)
        form.instance.pk = outcome.id
        form.instance.refresh_from_db()

    def values_of(self, form: RecordForm, formsets: Sequence[RecordFormSet], change: bool) -> Values:
        """What the service is given: key, version shown, and what was changed."""
        values = form.changed_values()
        for formset in formsets:
            values |= formset.changed_values()
        if change:
            values |= {**self.key_of(form.instance), "version": form.cleaned_data["shown_version"]}
        return values

    def key_of(self, record: models.Model) -> Values:
        """The values that find a record."""
        return present_record(self.resource, {f.name: getattr(record, f.stored_as) for f in self.resource.key_fields})

    def serve(
        self, request: HttpRequest, service: Callable[..., list[Outcome]], records: Sequence[Values]
    ) -> list[Outcome]:
        """One call of a service, on behalf of the signed-in user."""
        with transaction.atomic():
            given = {"by": caller_of(request), "at": timezone.now(), "resource": self.site_resource(request)}
            return service(records=records, **given)

    def get_search_results(self, request, queryset, search_term):
        return found(self.resource, queryset, search_term), False

    # Every change is a Change: Django's own log is not written.

    def construct_change_message(self, request, form, formsets, add=False):
        return ""

    def log_addition(self, request, obj, message):
        """Nothing: the service has written the Change."""

    def log_change(self, request, obj, message):
        """Nothing: the service has written the Change."""

    def log_deletions(self, request, queryset):
        """Nothing: the service has written the Changes."""


def problems_of(request: HttpRequest) -> Sequence[Problem]:
    """What the service had against what this request sent."""
    return getattr(request, "record_problems", ())
