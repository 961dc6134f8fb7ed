"""The admin of published APIs, which are made in two steps: the kind of record first, then the columns of it."""

from itertools import chain
from typing import TYPE_CHECKING, TypedDict

from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin, TabularInline

from webservices.admin.publishing_forms import (
    DATALIST,
    ColumnForm,
    CriterionForm,
    OrderedRowFormSet,
    ParameterForm,
    PublishedApiForm,
    RowFormSet,
    find_resource,
    list_field_paths,
    resources,
)
from webservices.models import PublishedApi, PublishedColumn, PublishedCriterion, PublishedParameter
from webservices.publishing import build_api
from webservices.wire.dialects.ecosys.columns import default_columns
from webservices.wire.dialects.ecosys.dialect import ECOSYS
from webservices.wire.dialects.ecosys.names import REST_XML_PATH, SOAP_PATH
from webservices.wire.dialects.ecosys.published import find_event_errors

LINK = '<a class="text-primary-600 underline dark:text-primary-500" href="{}">{}</a>'
PERMISSION_ROWS = (("may_read", "may_update"), ("may_insert", "may_delete"))


if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class ApiColumns(TypedDict):
    """The annotations of an API: the number of its columns, 0 for every field."""

    column_count: int


class ApiInline(TabularInline):
    """The base of an API's rows: a user who may change the API may change them."""

    extra = 0
    hide_title = True

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("webservices.view_publishedapi") or self.has_change_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return request.user.has_perm("webservices.change_publishedapi")

    has_add_permission = has_delete_permission = has_change_permission


class ColumnInline(ApiInline):
    """The columns of an API; `?list=fields` proposes one for each field when the API has none yet."""

    model, form, formset = PublishedColumn, ColumnForm, OrderedRowFormSet
    ordering_field, hide_ordering_field = "position", True
    template_before = "admin/webservices/publishedapi/columns.html"

    def get_extra(self, request, obj=None, **kwargs):
        return len(propose_columns(request, obj))


class CriterionInline(ApiInline):
    model, form, formset = PublishedCriterion, CriterionForm, RowFormSet
    verbose_name_plural = "filter"


class ParameterInline(ApiInline):
    model, form, formset = PublishedParameter, ParameterForm, OrderedRowFormSet
    ordering_field, hide_ordering_field = "position", True


@admin.register(PublishedApi)
class PublishedApiAdmin(ModelAdmin):
    """The admin of published APIs, by name."""

    form = PublishedApiForm
    inlines = (ColumnInline, CriterionInline, ParameterInline)
    list_display = ("name", "record", "permissions", "number_of_columns", "documents")
    search_fields = ("name",)
    ordering = ("name",)
    readonly_fields = ("record", "triggers", "state", "documents")
    warn_unsaved_form = True
    change_form_after_template = "admin/webservices/publishedapi/fields.html"

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(column_count=Count("columns"))

    def get_fieldsets(self, request, obj=None):
        if obj and obj.event:
            return ((None, {"fields": ("name", "record", "triggers", "log_level", "state")}),)
        first = ("name", "record", "documents") if obj else ("name", "resource", "event", "log_level")
        return ((None, {"fields": first}), ("Its callers", {"fields": PERMISSION_ROWS}))

    def get_inlines(self, request, obj):
        # Columns name fields of the kind of record, which a new API does not have yet; an event has none.
        inlines = self.inlines if obj else ()
        return [each for each in inlines if not (obj.event and each is ColumnInline)]

    def get_formset_kwargs(self, request, obj, inline, prefix):
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        rows = propose_columns(request, obj) if isinstance(inline, ColumnInline) else []
        return {**kwargs, "initial": rows} if rows else kwargs

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        resource = find_resource(obj) if obj else None
        extra = {"field_paths": list(list_field_paths(resource)) if resource else [], "datalist": DATALIST}
        return super().render_change_form(request, {**context, **extra}, add, change, form_url, obj)

    def response_add(self, request, obj, post_url_continue=None):
        """Go on to the API's own page, where its columns are chosen."""
        words = "is published with every field. Choose here what it shows."
        if obj.event:
            words = "is an event. Choose here what it is about."
        self.message_user(request, f"{obj.name} {words}")
        return HttpResponseRedirect(reverse("admin:webservices_publishedapi_change", args=[obj.pk]))

    @admin.display(description="record")
    def record(self, api: PublishedApi) -> str:
        return dict(resources()).get(api.resource, api.resource)

    @admin.display(description="callers may")
    def permissions(self, api: PublishedApi) -> str:
        if api.event:
            return "trigger it"
        verbs = (name.removeprefix("may_") for name in chain(*PERMISSION_ROWS) if getattr(api, name))
        return ", ".join(verbs) or "nothing"

    @admin.display(description="columns", ordering="column_count")
    def number_of_columns(self, api: "WithAnnotations[PublishedApi, ApiColumns]") -> str:
        return "none" if api.event else str(api.column_count or "every field")

    @admin.display(description="event")
    def triggers(self, api: PublishedApi) -> str:
        return api.get_event_display()

    @admin.display(description="contracts")
    def state(self, api: PublishedApi) -> str:
        """Return the links to an event's contracts; what it lacks, where nobody may trigger it as it is."""
        resource = find_resource(api)
        errors = find_event_errors(build_api(api), resource) if resource else ()
        return " ".join(errors) or self.documents(api)

    @admin.display(description="contracts")
    def documents(self, api: PublishedApi) -> SafeString:
        links = list_addresses(api)
        return format_html_join(", ", LINK, ((address, label) for label, address in links.items()))


def propose_columns(
    request: HttpRequest, api: "WithAnnotations[PublishedApi, ApiColumns] | None"
) -> list[dict[str, str]]:
    """
    Return a column for each field, as initial rows of the form, when the request is for `?list=fields`.

    None for a POST: a row that equals its initial values would count as unchanged, and not be saved.
    """
    if api is None or request.method != "GET" or request.GET.get("list") != "fields" or api.column_count:
        return []
    resource = find_resource(api)
    return [{"field": each.field, "name": each.id} for each in default_columns(resource)] if resource else []


def list_addresses(api: PublishedApi) -> dict[str, str]:
    """List the addresses of an API's contracts, and of the test page for it, by label."""
    test_page = f"{reverse('admin:index')}webservices/test/?version={ECOSYS.name}&tab={api.resource}"
    return {
        "WSDL": f"{SOAP_PATH}{api.name}?wsdl",
        "XSD": f"{REST_XML_PATH}{api.name}/?xsd",
        "Test page": test_page,
    }
