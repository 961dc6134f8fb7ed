"""
Fields that name another record: a box that searches for it, its choices, and the link to the named record.

The chosen value is a name (`reference.by[0]`, such as a customer's number), never an id: the service finds the record
by it, as it does on every wire.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from django import forms
from django.conf import settings
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.db.models import Case, ForeignKey, Model, QuerySet, When
from django.db.models import Field as Column
from django.http import Http404, HttpRequest
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html

from records.admin.fields import LexicalField
from records.shapes.fields import Field
from records.shapes.references import Ref, Reference

if TYPE_CHECKING:
    from records.admin.base import RecordAdmin

LINK = '<a class="text-primary-600 dark:text-primary-500" href="{}">{}</a>'


class ReferenceSelect(forms.Select):
    """
    A box that searches for the record to name, with a link to the one that is stored.

    depends_on  the field of the same form whose record the choices belong to
    brief       show the name of the selected record alone: there is little room
    """

    def __init__(self, address: str, *, depends_on: str = "", brief: bool = False):
        self.labels: Mapping[str, str] = {}
        self.links: Mapping[str, str] = {}
        super().__init__(
            {
                "class": "record-reference",
                "data-theme": "admin-autocomplete",
                "data-address": address,
                "data-depends-on": depends_on,
                "data-brief": "true" if brief else "",
                "data-placeholder": "",
            }
        )

    def show(self, name: str, record: Model) -> None:
        """Show the stored record: its label, and a link to it."""
        self.labels, self.links = {name: choice_label(name, str(record))}, {name: find_address(record)}

    def optgroups(self, name, value, attrs=None):
        # Only the selected record is on the page; the others come from the server as they are searched for.
        self.choices = [("", ""), *((each, self.labels.get(each, each)) for each in value if each)]
        return super().optgroups(name, value, attrs)

    def build_attrs(self, base_attrs, extra_attrs=None):
        attrs = super().build_attrs(base_attrs, extra_attrs)
        return {**attrs, "data-allow-clear": "false" if self.is_required else "true"}

    def render(self, name, value, attrs=None, renderer=None):
        select = super().render(name, value, attrs, renderer)
        return render_to_string("admin/records/reference.html", {"select": select, "link": self.links.get(value)})

    @property
    def media(self) -> forms.Media:
        extra = "" if settings.DEBUG else ".min"
        return forms.Media(
            # Django's order: select2 needs the global jQuery, which jquery.init takes out of the global names.
            js=(
                f"admin/js/vendor/jquery/jquery{extra}.js",
                "admin/js/vendor/select2/select2.full.js",
                "admin/js/jquery.init.js",
                "records/references.js",
            ),
            css={
                "screen": (
                    "admin/css/vendor/select2/select2.css",
                    "admin/css/autocomplete.css",
                    "records/references.css",
                )
            },
        )


def reference_field(field: Field, widget: ReferenceSelect) -> LexicalField:
    return LexicalField(field, widget=widget, help_text=field.help)


def stored_ref(field: Field, reference: Reference, instance: Model) -> Ref | None:
    """Return the record that a field names, as a Ref; None when it names none."""
    record = getattr(instance, field.stored_as)
    return None if record is None else Ref(record.pk, str(getattr(record, reference.by[0])))


def choice_label(name: str, text: str) -> str:
    """Return the label of a record among choices: `ACME (Acme Engines & Co)`."""
    return text if name in text else f"{name} ({text})"


def find_address(record: Model) -> str:
    """Return the address of the record's page in the admin; empty when it has none."""
    try:
        return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])
    except NoReverseMatch:
        return ""


def build_link(record: Model) -> str:
    """Return the record as a link to its page, or as text when it has none."""
    address = find_address(record)
    return format_html(LINK, address, record) if address else str(record)


class ReferenceChoicesView(AutocompleteJsonView):
    """The choices of a field that names records, with the permissions and the search of the named kind's own page."""

    page: "RecordAdmin" = cast("RecordAdmin", None)  # as_view() takes only names that the class has, and sets it
    admin_site: AdminSite

    def process_request(self, request: HttpRequest) -> tuple[str, ModelAdmin, Column, str]:
        # Django's own takes model and field from the query; here nothing but a reference of this page can be searched.
        if (reference := self.page.find_reference(self.kwargs["path"])) is None:
            raise Http404
        model, self.field, self.reference = reference
        source = cast(ForeignKey, model._meta.get_field(self.field.stored_as))
        target = self.admin_site.get_model_admin(source.remote_field.model)
        return request.GET.get("term", ""), target, source, self.reference.by[0]

    def get_queryset(self) -> QuerySet:
        """Return the active records that match; those whose name begins with the typed term come first."""
        records = super().get_queryset()
        if term := self.term.strip():
            name = self.reference.by[0]
            rank = Case(When(**{f"{name}__istartswith": term}, then=0), default=1)
            # A term that very many have is followed in the order of the index: to rank them all would read them all.
            ranked = () if self.request.__dict__.get("searched_one_by_one") else (rank,)
            records = records.order_by(*ranked, name)
        # An inactive record may stay on old records and goes on no new one: the services refuse it, too.
        columns = {column.name for column in records.model._meta.fields}
        for name in columns.intersection(("active", "is_active")):
            records = records.filter(**{name: True})
        return self.page.filter_choices(self.request, self.field, records)

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        name = str(getattr(obj, to_field_name))
        label = getattr(self.model_admin, "get_label", str)
        return {"id": name, "text": choice_label(name, label(obj)), "address": find_address(obj)}
