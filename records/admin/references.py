"""
Fields that name another record: a box that searches for it, its choices, and the way to the record that is named.

What is chosen is a name (`refers.by[0]`, such as a customer's number), never an id: the service finds the record by it,
as it does on every wire.
"""

from collections.abc import Mapping

from django import forms
from django.conf import settings
from django.contrib.admin import ModelAdmin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.db.models import Case, Model, QuerySet, When
from django.db.models import Field as Column
from django.http import Http404, HttpRequest
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html

from records.admin.fields import LexicalField
from records.shapes.fields import Field
from records.shapes.references import Ref

LINK = '<a class="text-primary-600 dark:text-primary-500" href="{}">{}</a>'


class ReferenceSelect(forms.Select):
    """
    A box that searches for the record to name, with a link to the one that is stored.

    narrowed_by  the field of the same form whose record the choices belong to
    brief        show of what is chosen its name alone: there is little room
    """

    def __init__(self, address: str, *, narrowed_by: str = "", brief: bool = False):
        self.labels: Mapping[str, str] = {}
        self.links: Mapping[str, str] = {}
        super().__init__(
            {
                "class": "record-reference",
                "data-theme": "admin-autocomplete",
                "data-address": address,
                "data-narrowed-by": narrowed_by,
                "data-brief": "true" if brief else "",
                "data-placeholder": "",
            }
        )

    def show(self, name: str, record: Model) -> None:
        """What is stored: its label, and the link to it."""
        self.labels, self.links = {name: labelled(name, str(record))}, {name: address_of(record)}

    def optgroups(self, name, value, attrs=None):
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


def stored_ref(field: Field, instance: Model) -> Ref | None:
    """What a field of a record names."""
    record = getattr(instance, field.stored_as)
    return None if record is None else Ref(record.pk, str(getattr(record, field.reference.by[0])))


def labelled(name: str, text: str) -> str:
    """How a record is offered: `ACME (Acme Engines & Co)`."""
    return text if name in text else f"{name} ({text})"


def address_of(record: Model) -> str:
    """The record's page in the admin; nothing, when it has none."""
    try:
        return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])
    except NoReverseMatch:
        return ""


def link_to(record: Model) -> str:
    """The record as a link to its page."""
    address = address_of(record)
    return format_html(LINK, address, record) if address else str(record)


class NamesView(AutocompleteJsonView):
    """What a field of a page may name, with the rights and the search that the other kind's own page has."""

    page: ModelAdmin = None

    def process_request(self, request: HttpRequest) -> tuple[str, ModelAdmin, Column, str]:
        if (found := self.page.reference_at(self.kwargs["path"])) is None:
            raise Http404
        model, self.field = found
        source = model._meta.get_field(self.field.stored_as)
        target = self.admin_site.get_model_admin(source.remote_field.model)
        return request.GET.get("term", ""), target, source, self.field.reference.by[0]

    def get_queryset(self) -> QuerySet:
        """What is inactive goes on nothing new. What begins with what was typed comes first."""
        records = super().get_queryset()
        if term := self.term.strip():
            name = self.field.reference.by[0]
            begins = Case(When(**{f"{name}__istartswith": term}, then=0), default=1)
            records = records.order_by(begins, name)
        columns = {column.name for column in records.model._meta.fields}
        for name in columns.intersection(("active", "is_active")):
            records = records.filter(**{name: True})
        return self.page.narrowed(self.request, self.field, records)

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        name = str(getattr(obj, to_field_name))
        label = getattr(self.model_admin, "label_of", str)
        return {"id": name, "text": labelled(name, label(obj)), "address": address_of(obj)}
