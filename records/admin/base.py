"""
`RecordAdmin`: the admin pages of a record, which save through its services.

The form and its inlines become one Values: the key, the version that was shown, and the changed fields. The service is
called once, in `save_related`; when it rejects them, the page is made again with its problems on their fields.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import uuid4

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
from records.admin.changelist import JournalChangeList, RecordChangeList
from records.admin.fields import form_field, form_name, unlisted_names
from records.admin.forms import RecordForm, form_class, stored_values
from records.admin.formsets import RecordFormSet
from records.admin.history import HistoryMixin
from records.admin.inlines import RecordInline, get_problems
from records.admin.links import build_links
from records.admin.paging import UncountedPaginator
from records.admin.references import ReferenceChoicesView, ReferenceSelect, reference_field
from records.admin.removal import RemovalMixin
from records.admin.search import search_records
from records.retry import retry
from records.services import Services
from records.shapes.callers import Caller
from records.shapes.fields import SCALARS, Field, Kind
from records.shapes.formatting import present_record
from records.shapes.matching import Matching, MatchRule
from records.shapes.outcomes import Outcome, failed_outcome
from records.shapes.problems import Problem, ProblemError
from records.shapes.references import Reference
from records.shapes.resources import Resource
from records.shapes.values import Values


class ReadOnlyAdmin(ModelAdmin):
    """A list and pages of what the hub itself writes, the latest first; no column has an index to sort it by."""

    sortable_by = ()

    def get_changelist(self, request, **kwargs):
        return JournalChangeList

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


FORM_KINDS = SCALARS | {Kind.LIST}
STAMP_FIELDS = ("version", "changed_at", "changed_by", "created_at", "created_by")
STAMP_ROWS = ("version", ("changed_at", "changed_by"), ("created_at", "created_by"))


BY_ID = Matching((MatchRule(("id",)),))  # so that the key may change
CREDENTIAL = "admin"  # in the journal, where a call has the name of its key or session


class SaveRejected(Exception):
    """The problems of a service that rejected the form; they belong on its fields."""

    def __init__(self, problems: Sequence[Problem]):
        super().__init__("; ".join(problem.sentence() for problem in problems))
        self.problems = problems


class RecordAdmin(HistoryMixin, RemovalMixin, ModelAdmin):
    """
    The admin of one kind of record. A subclass names its `services` and, if it likes, its fieldsets, which list fields
    of the resource. Writable fields that they do not list come in a section of their own, and custom fields and stamps
    in theirs: a new field of a resource is on the page without another line.

    dependent_fields      fields whose choices depend on another one: {"contact": "customer"}, a contact of the customer
    other_number_lookups  lookups of the numbers that others have for a record: a search finds it by them, too
    exclude               fields that the page leaves out on purpose
    """

    services: Services
    dependent_fields: Mapping[str, str] = {}
    other_number_lookups: Sequence[str] = ()

    @property
    def resource(self) -> Resource:
        return self.services.resource

    form = RecordForm
    change_form_before_template = "admin/records/shown_version.html"
    change_form_outer_before_template = "admin/records/links.html"
    # Counting a large table takes longer than showing a page of it.
    show_full_result_count = False
    paginator = UncountedPaginator  # of the choices of fields that name these records
    list_per_page = 50
    show_facets = ShowFacets.NEVER
    warn_unsaved_form = True
    list_filter_sheet = False

    def site_resource(self, request: HttpRequest) -> Resource:
        """Return the resource as the site has extended it; looked up once in a request."""
        # Once, so that the form and the service have the same definitions even if somebody changes them meanwhile.
        resources = request.__dict__.setdefault("site_resources", {})
        if self.resource.name not in resources:
            resources[self.resource.name] = customization.resource(self.resource)
        return resources[self.resource.name]

    def get_queryset(self, request) -> QuerySet:
        """Return the records with those that they name, without the columns that only searches read."""
        relations = {field.stored_as for field in self.resource.fields if field.reference}
        records = super().get_queryset(request)
        records = records.select_related(*relations) if relations else records
        searchable = [name for name in ("", *relations) if _has_search_column(self.model, name)]
        return records.defer(*(f"{name}__words".removeprefix("__") for name in searchable)) if searchable else records

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        links = build_links(self, request, obj) if obj and not context["is_popup"] else []
        return super().render_change_form(request, {**context, "links": links}, add, change, form_url, obj)

    # Fields that name other records

    def form_field(self, request: HttpRequest, model: type[models.Model], prefix: str, field: Field) -> forms.Field:
        """
        Build the form field of a field; for one that names another record, a box that searches for it.

        A user who may not see the other kind of record types its name. `prefix` is `rows.` for a field of the rows.
        """
        if field.reference is None or not self._can_search(request, model, field):
            return form_field(field)
        options = self.opts
        address = reverse(f"admin:{options.app_label}_{options.model_name}_names", args=[prefix + field.name])
        depends_on = "" if prefix else self.dependent_fields.get(field.name, "")
        return reference_field(field, ReferenceSelect(address, depends_on=depends_on, brief=bool(prefix)))

    def _can_search(self, request: HttpRequest, model: type[models.Model], field: Field) -> bool:
        target = model._meta.get_field(field.stored_as).related_model
        return target in self.admin_site._registry and self.admin_site._registry[target].has_view_permission(request)

    def get_urls(self) -> list[URLPattern]:
        options = self.opts
        view = self.admin_site.admin_view(ReferenceChoicesView.as_view(admin_site=self.admin_site, page=self))
        return [
            path("names/<str:path>/", view, name=f"{options.app_label}_{options.model_name}_names"),
            *super().get_urls(),
        ]

    def find_reference(self, path: str) -> tuple[type[models.Model], Field, Reference] | None:
        """Find the field at a path that names other records, `customer` or `rows.part_number`, and its model."""
        rows, _, name = path.rpartition(".")
        model, resource = self.model, self.resource
        if rows:
            field = resource.by_name.get(rows)
            if field is None or field.kind is not Kind.ROWS:
                return None
            model, resource = model._meta.get_field(field.stored_as).related_model, field.child
        field = resource.by_name.get(name)
        return (model, field, field.reference) if field is not None and field.reference else None

    def filter_choices(self, request: HttpRequest, field: Field, records: QuerySet) -> QuerySet:
        """Filter the choices of a dependent field by the value that the form holds of the other one."""
        other = self.resource.by_name.get(self.dependent_fields.get(field.name, ""))
        if other is None or other.reference is None or not (name := request.GET.get(other.name)):
            return records
        return records.filter(**{f"{other.stored_as}__{other.reference.by[0]}": name})

    # The content of the form

    def get_fieldsets(self, request, obj=None):
        resource = self.site_resource(request)
        fieldsets = [*(self.fieldsets or ())]
        # Tabs come below all sections that are none: a page with tabs has its added sections among them.
        classes = ["tab"] if any("tab" in content.get("classes", ()) for _, content in fieldsets) else []
        if others := self._unlisted_fields(resource):
            title, classes_of_others = ("Other fields", classes) if fieldsets else (None, [])
            fieldsets.append((title, {"fields": others, "classes": classes_of_others}))
        if resource.custom_fields:
            fieldsets.append(("Custom fields", {"fields": [form_name(field) for field in resource.custom_fields]}))
        return [*fieldsets, ("Record", {"fields": STAMP_ROWS, "classes": classes})] if obj else fieldsets

    def _unlisted_fields(self, resource: Resource) -> list[str]:
        """List the writable fields that `fieldsets` leaves out, so that no new field is missing in the admin."""
        listed = {*flatten_fieldsets(self.fieldsets or ()), *(self.exclude or ())}
        return unlisted_names(resource, listed, FORM_KINDS)

    def get_inlines(self, request, obj):
        """Return the declared inlines, and one for each list of rows or map whose children none of the others has."""
        tables = {inline.model for inline in self.inlines}
        others = []
        fields = [field for field in self.resource.writable if field.name not in (self.exclude or ())]
        # Rows before maps: where both show one table, as a part's prices, the rows have all of its columns.
        for kind in (Kind.ROWS, Kind.MAP):
            for field in (field for field in fields if field.kind is kind):
                table = self.model._meta.get_field(field.stored_as).related_model
                # Maps may share a table, each with its own part of the children.
                if table not in tables:
                    if kind is Kind.ROWS:
                        tables.add(table)
                    content = {"model": table, "field": field.name, "verbose_name_plural": field.label.lower()}
                    others.append(type(f"{table.__name__}Inline", (RecordInline,), content))
        return [*self.inlines, *others]

    def get_readonly_fields(self, request, obj=None):
        """Return the stamps and, for a stored record, its key: callers know the record by it, unless it can change."""
        key = () if obj is None or self.resource.renamable else self.resource.key
        return [*self.readonly_fields, *STAMP_FIELDS, *key]

    def get_form(self, request, obj=None, change=False, **kwargs):
        resource = self.site_resource(request)
        names = {*flatten_fieldsets(self.get_fieldsets(request, obj))} - {*self.get_readonly_fields(request, obj)}
        fields = [field for field in resource.writable if form_name(field) in names]
        return form_class(
            self.form, self.model, resource, fields, partial(self.form_field, request, self.model, ""),
            problems=get_problems(request),
            inline_fields=frozenset(inline.field for inline in self.get_inlines(request, obj)),
        )  # fmt: skip

    # Saving

    def _changeform_view(self, request, object_id, form_url, extra_context) -> HttpResponse:
        # A form is valid until the service has been called. A rejected one is made a second time: then it has errors,
        # and Django shows it.
        try:
            return super()._changeform_view(request, object_id, form_url, extra_context)
        except SaveRejected as error:
            request.record_problems = error.problems
            return super()._changeform_view(request, object_id, form_url, extra_context)

    def save_form(self, request, form, change):
        # Django's own would set the typed values on the instance, which is to stay as it is stored.
        return form.instance

    def save_model(self, request, obj, form, change):
        """Do nothing: `save_related` saves the whole, once."""

    def save_formset(self, request, form, formset, change):
        """Do nothing: `save_related` saves the whole, once."""

    def save_related(self, request, form, formsets, change):
        service = self.services.update if change else self.services.add
        if change and self.resource.renamable:
            service = partial(service, matching=BY_ID)
        (outcome,) = self.call_service(request, service, [self.build_values(form, formsets, change)])
        if outcome.failed:
            raise SaveRejected(outcome.problems)
        form.instance.pk = outcome.id
        # Django names the record in its message: by what is stored now, computed fields included.
        form.instance.refresh_from_db()

    def build_values(self, form: RecordForm, formsets: Sequence[RecordFormSet], change: bool) -> Values:
        """Build the Values for the service: the changed fields and, for a stored record, key and shown version."""
        values = form.changed_values()
        for formset in formsets:
            values |= formset.changed_values()
        if change:
            key = {"id": str(form.instance.pk)} if self.resource.renamable else self.get_key(form.instance)
            values |= {**key, "version": form.cleaned_data["shown_version"]}
        return values

    def get_key(self, record: models.Model) -> Values:
        """Return the values of a record's key."""
        return present_record(self.resource, stored_values(self.resource.key_fields, record))

    def call_service(
        self, request: HttpRequest, service: Callable[..., list[Outcome]], records: Sequence[Values]
    ) -> list[Outcome]:
        """Call a service on behalf of the signed-in user; it is run again when it lost a race against others."""
        context = {"by": build_caller(request), "at": timezone.now(), "resource": self.site_resource(request)}
        call_once = transaction.atomic(partial(service, records=records, **context))
        try:
            return retry(call_once, name=f"{request.user}'s page of {self.opts.verbose_name_plural}")
        except ProblemError as error:
            return [failed_outcome(self._key_text(record), error.problem) for record in records]

    def _key_text(self, record: Values) -> str:
        return " / ".join(str(record[name]) for name in self.resource.key if name in record)

    def get_search_results(self, request, queryset, search_term):
        records, one_by_one = search_records(self.resource, queryset, search_term, self.other_number_lookups)
        # On the request: Django hands nothing from here to the list, which then does not count.
        request.__dict__["searched_one_by_one"] = one_by_one
        # False: the search joins no table, so no record comes twice.
        return records, False

    def get_changelist(self, request, **kwargs):
        return RecordChangeList

    # The journal has every change: Django's own log is not written.

    def construct_change_message(self, request, form, formsets, add=False):
        return ""

    def log_addition(self, request, obj, message):
        """Do nothing: the service has written the Change."""

    def log_change(self, request, obj, message):
        """Do nothing: the service has written the Change."""

    def log_deletions(self, request, queryset):
        """Do nothing: the service has written the Changes."""


def build_caller(request: HttpRequest) -> Caller:
    """Build the Caller of the signed-in user, with one call id for each request."""
    user = request.user
    call_id = request.__dict__.setdefault("call_id", uuid4().hex)
    # Of a superuser Django would read every permission there is, and none of them is asked for.
    permissions = frozenset() if user.is_superuser else frozenset(user.get_all_permissions())
    return Caller(user.pk, user.get_username(), CREDENTIAL, call_id, permissions, user.is_superuser)


def _has_search_column(model: type[models.Model], relation: str) -> bool:
    """True if the model, or the one that the relation leads to, has a column of words to search."""
    table: Any = model._meta.get_field(relation).related_model if relation else model
    return any(field.name == "words" for field in table._meta.fields)
