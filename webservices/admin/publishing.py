"""Published APIs in the admin site: made in two steps, the kind of record first, then what is shown of it."""

from itertools import chain

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
    OrderedRows,
    ParameterForm,
    PublishedApiForm,
    Rows,
    field_paths,
    resource_of,
    resources,
)
from webservices.models import PublishedApi, PublishedColumn, PublishedCriterion, PublishedParameter
from webservices.wire.dialects.ecosys.columns import default_columns
from webservices.wire.dialects.ecosys.dialect import ECOSYS
from webservices.wire.dialects.ecosys.names import REST_XML_PATH, SOAP_PATH

LINK = '<a class="text-primary-600 underline dark:text-primary-500" href="{}">{}</a>'
SWITCHES = (("may_read", "may_update"), ("may_insert", "may_delete"))


class PartOfApi(TabularInline):
    """Rows of an API: who may change the API may change them."""

    extra = 0
    hide_title = True

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("webservices.view_publishedapi") or self.has_change_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return request.user.has_perm("webservices.change_publishedapi")

    has_add_permission = has_delete_permission = has_change_permission


class ColumnInline(PartOfApi):
    """`?list=fields` proposes a row for each field of an API that has no columns yet."""

    model, form, formset = PublishedColumn, ColumnForm, OrderedRows
    ordering_field, hide_ordering_field = "position", True
    template_before = "admin/webservices/publishedapi/columns.html"

    def get_extra(self, request, obj=None, **kwargs):
        return len(proposed(request, obj))


class CriterionInline(PartOfApi):
    model, form, formset = PublishedCriterion, CriterionForm, Rows
    verbose_name_plural = "filter"


class ParameterInline(PartOfApi):
    model, form, formset = PublishedParameter, ParameterForm, OrderedRows
    ordering_field, hide_ordering_field = "position", True


@admin.register(PublishedApi)
class PublishedApiAdmin(ModelAdmin):
    """All APIs, by name."""

    form = PublishedApiForm
    inlines = (ColumnInline, CriterionInline, ParameterInline)
    list_display = ("name", "record", "allowed", "number_of_columns", "documents")
    search_fields = ("name",)
    ordering = ("name",)
    readonly_fields = ("record", "documents")
    warn_unsaved_form = True
    change_form_after_template = "admin/webservices/publishedapi/fields.html"

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(column_count=Count("columns"))

    def get_fieldsets(self, request, obj=None):
        first = ("name", "record", "documents") if obj else ("name", "resource")
        return ((None, {"fields": first}), ("Its callers", {"fields": SWITCHES}))

    def get_inlines(self, request, obj):
        return self.inlines if obj else ()

    def get_formset_kwargs(self, request, obj, inline, prefix):
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        rows = proposed(request, obj) if isinstance(inline, ColumnInline) else []
        return {**kwargs, "initial": rows} if rows else kwargs

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        resource = resource_of(obj) if obj else None
        shown = {"field_paths": list(field_paths(resource)) if resource else [], "datalist": DATALIST}
        return super().render_change_form(request, {**context, **shown}, add, change, form_url, obj)

    def response_add(self, request, obj, post_url_continue=None):
        """On to what is shown of it."""
        self.message_user(request, f"{obj.name} is published with every field. Choose here what it shows.")
        return HttpResponseRedirect(reverse("admin:webservices_publishedapi_change", args=[obj.pk]))

    @admin.display(description="record")
    def record(self, api: PublishedApi) -> str:
        return dict(resources()).get(api.resource, api.resource)

    @admin.display(description="callers may")
    def allowed(self, api: PublishedApi) -> str:
        return (
            ", ".join(switch.removeprefix("may_") for switch in chain(*SWITCHES) if getattr(api, switch)) or "nothing"
        )

    @admin.display(description="columns", ordering="column_count")
    def number_of_columns(self, api: PublishedApi) -> str:
        return str(api.column_count or "every field")

    @admin.display(description="contracts")
    def documents(self, api: PublishedApi) -> SafeString:
        links = addresses(api)
        return format_html_join(", ", LINK, ((address, label) for label, address in links.items()))


def proposed(request: HttpRequest, api: PublishedApi | None) -> list[dict[str, str]]:
    """
    A column for each field, as rows of the form, when it is asked for them.

    What is saved is what was sent: then none is proposed, so that every row counts as new.
    """
    if api is None or request.method != "GET" or request.GET.get("list") != "fields" or api.column_count:
        return []
    resource = resource_of(api)
    return [{"field": each.field, "name": each.id} for each in default_columns(resource)] if resource else []


def addresses(api: PublishedApi) -> dict[str, str]:
    """Where its contracts are, and where it can be tried."""
    tested = f"{reverse('admin:index')}webservices/test/?version={ECOSYS.name}&tab={api.resource}"
    return {
        "WSDL": f"{SOAP_PATH}{api.name}?wsdl",
        "XSD": f"{REST_XML_PATH}{api.name}/?xsd",
        "Test page": tested,
    }
