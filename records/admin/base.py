"""
`RecordAdmin`: the admin pages of a record, which save through its services.

The form and its inlines become one Values: the key, the version that was shown, and the fields that were changed. The
service is called once, in `save_related`; when it refuses, the page is made again with its problems on their fields.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from django import forms
from django.contrib.admin import ShowFacets
from django.contrib.admin.utils import flatten_fieldsets
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from unfold.admin import ModelAdmin

from records import customization
from records.admin.callers import caller_of
from records.admin.fields import form_field, form_name
from records.admin.forms import RecordForm, form_class, stored_values
from records.admin.formsets import RecordFormSet
from records.admin.history import HistoryPage
from records.admin.inlines import problems_of
from records.admin.links import links_to
from records.admin.references import NamesView, ReferenceSelect, reference_field
from records.admin.removal import Removal
from records.admin.search import found
from records.admin.stale import stale_sentence
from records.retry import retry
from records.services import Services
from records.shapes.fields import SCALARS, Field, Kind
from records.shapes.formatting import present_record
from records.shapes.outcomes import Outcome, failed
from records.shapes.problems import Problem, ProblemError
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


class RecordAdmin(HistoryPage, Removal, ModelAdmin):
    """
    The admin of one kind of record. A subclass names its `services` and, if it likes, its fieldsets:
    they list fields of the resource. Custom fields and stamps come by themselves.

    narrowing          fields that name records of another one: {"contact": "customer"}, a contact of the order's
    numbers_elsewhere  lookups of the numbers that others have for a record: it is found by them, too
    """

    services: Services
    narrowing: Mapping[str, str] = {}
    numbers_elsewhere: Sequence[str] = ()

    @property
    def resource(self) -> Resource:
        return self.services.resource

    form = RecordForm
    change_form_before_template = "admin/records/shown_version.html"
    change_form_outer_before_template = "admin/records/links.html"
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    warn_unsaved_form = True
    list_filter_sheet = False

    def site_resource(self, request: HttpRequest) -> Resource:
        """The resource as the site has extended it; asked for once in a request."""
        known = request.__dict__.setdefault("site_resources", {})
        if self.resource.name not in known:
            known[self.resource.name] = customization.resource(self.resource)
        return known[self.resource.name]

    def get_queryset(self, request) -> QuerySet:
        """Each record with what it names, without the columns that only searches read."""
        relations = {field.stored_as for field in self.resource.fields if field.reference}
        records = super().get_queryset(request)
        records = records.select_related(*relations) if relations else records
        searched = [name for name in ("", *relations) if _has_words(self.model, name)]
        return records.defer(*(f"{name}__words".removeprefix("__") for name in searched)) if searched else records

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        links = links_to(self, request, obj) if obj and not context["is_popup"] else []
        return super().render_change_form(request, {**context, "links": links}, add, change, form_url, obj)

    # Fields that name other records

    def form_field(self, request: HttpRequest, model: type[models.Model], prefix: str, field: Field) -> forms.Field:
        """
        The form field of a field; of one that names another record, a box that searches for it.

        Who may not see the other kind of record types its name. `prefix` is `rows.` for a field of the rows.
        """
        if field.reference is None or not self._may_look_up(request, model, field):
            return form_field(field)
        options = self.opts
        address = reverse(f"admin:{options.app_label}_{options.model_name}_names", args=[prefix + field.name])
        narrowed_by = "" if prefix else self.narrowing.get(field.name, "")
        return reference_field(field, ReferenceSelect(address, narrowed_by=narrowed_by, brief=bool(prefix)))

    def _may_look_up(self, request: HttpRequest, model: type[models.Model], field: Field) -> bool:
        named = model._meta.get_field(field.stored_as).related_model
        return named in self.admin_site._registry and self.admin_site._registry[named].has_view_permission(request)

    def get_urls(self) -> list[URLPattern]:
        options = self.opts
        view = self.admin_site.admin_view(NamesView.as_view(admin_site=self.admin_site, page=self))
        return [
            path("names/<str:path>/", view, name=f"{options.app_label}_{options.model_name}_names"),
            *super().get_urls(),
        ]

    def reference_at(self, path: str) -> tuple[type[models.Model], Field] | None:
        """The model and the field at a path that names other records: `customer`, `rows.part_number`."""
        rows, _, name = path.rpartition(".")
        model, resource = self.model, self.resource
        if rows:
            field = resource.by_name.get(rows)
            if field is None or field.kind is not Kind.ROWS:
                return None
            model, resource = model._meta.get_field(field.stored_as).related_model, field.child
        field = resource.by_name.get(name)
        return (model, field) if field is not None and field.reference else None

    def narrowed(self, request: HttpRequest, field: Field, records: QuerySet) -> QuerySet:
        """What a field may name, given what the form holds of the field that narrows it."""
        other = self.resource.by_name.get(self.narrowing.get(field.name, ""))
        name = request.GET.get(other.name) if other else None
        return records.filter(**{f"{other.stored_as}__{other.reference.by[0]}": name}) if name else records

    # What the form shows

    def get_fieldsets(self, request, obj=None):
        resource = self.site_resource(request)
        own = [field.name for field in resource.writable if field.kind in IN_THE_FORM and not field.custom]
        fieldsets = [*(self.fieldsets or [(None, {"fields": own})])]
        if resource.custom_fields:
            fieldsets.append(("Custom fields", {"fields": [form_name(field) for field in resource.custom_fields]}))
        tabs = ["tab"] if any("tab" in content.get("classes", ()) for _, content in fieldsets) else []
        return [*fieldsets, ("Record", {"fields": IN_ROWS, "classes": tabs})] if obj else fieldsets

    def get_readonly_fields(self, request, obj=None):
        """The stamps; and the key of a record that exists, because a key is what a record is known by."""
        return [*self.readonly_fields, *STAMPS, *(self.resource.key if obj else ())]

    def get_form(self, request, obj=None, change=False, **kwargs):
        resource = self.site_resource(request)
        names = {*flatten_fieldsets(self.get_fieldsets(request, obj))} - {*self.get_readonly_fields(request, obj)}
        shown = [field for field in resource.writable if form_name(field) in names]
        return form_class(
            self.form, self.model, resource, shown, partial(self.form_field, request, self.model, ""),
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
        return present_record(self.resource, stored_values(self.resource.key_fields, record))

    def serve(
        self, request: HttpRequest, service: Callable[..., list[Outcome]], records: Sequence[Values]
    ) -> list[Outcome]:
        """One call of a service, on behalf of the signed-in user; run again when it lost against others."""
        given = {"by": caller_of(request), "at": timezone.now(), "resource": self.site_resource(request)}
        serve_once = transaction.atomic(partial(service, records=records, **given))
        try:
            return retry(serve_once, name=f"{request.user}'s page of {self.opts.verbose_name_plural}")
        except ProblemError as refused:
            return [failed(self._key_text(record), refused.problem) for record in records]

    def _key_text(self, record: Values) -> str:
        return " / ".join(str(record[name]) for name in self.resource.key if name in record)

    def get_search_results(self, request, queryset, search_term):
        return found(self.resource, queryset, search_term, self.numbers_elsewhere), False

    # Every change is a Change: Django's own log is not written.

    def construct_change_message(self, request, form, formsets, add=False):
        return ""

    def log_addition(self, request, obj, message):
        """Nothing: the service has written the Change."""

    def log_change(self, request, obj, message):
        """Nothing: the service has written the Change."""

    def log_deletions(self, request, queryset):
        """Nothing: the service has written the Changes."""


def _has_words(model: type[models.Model], relation: str) -> bool:
    """Whether the model, or what the relation leads to, has a column of words to search."""
    of = model._meta.get_field(relation).related_model if relation else model
    return any(field.name == "words" for field in of._meta.fields)
