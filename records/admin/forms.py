"""
The form of a record, as Values; the problems of the service, back on their fields.

The instance is only read: `records.admin.base` passes the changed values to the service and, when that rejects them,
makes the form again with the `problems` that it found.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from types import new_class
from typing import cast

from django import forms
from django.db import models
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.timezone import localtime

from records.admin.fields import form_field, form_name
from records.admin.references import ReferenceSelect, build_link, stored_ref
from records.models import Record
from records.shapes.fields import Field, Kind, MapField, RowsField
from records.shapes.formatting import present_record
from records.shapes.problems import Path, Problem
from records.shapes.resources import Resource
from records.shapes.values import Value, Values

WHOLE_FORM = None  # Django's name for errors of no field
BuildField = Callable[[Field], forms.Field]
STALE = (
    '{who} changed this {what} on {when}, after you had opened it. Nothing was saved. <a class="underline" '
    'href="{history}">See what changed</a>, or <a class="underline" href="{page}">open it as it is now</a>.'
)


class LexicalForm(forms.ModelForm):
    """
    A form whose fields are those of a resource and whose initial values are the instance's, in lexical form.

    record_fields  the fields of the resource, by their name in the form
    problems       the problems that the service found in the sent values
    """

    resource: Resource
    record_fields: Mapping[str, Field] = {}
    problems: Sequence[Problem] = ()

    def __init__(self, *args, currency: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            values = stored_values(self.record_fields.values(), self.instance)
            stored = present_record(self.resource, values, currency)
            self.initial = {name: stored[f.name] for name, f in self.record_fields.items() if f.name in stored}
            for name, field in self.record_fields.items():
                self._show(name, field, stored)

    def _show(self, name: str, field: Field, stored: Values) -> None:
        """Put the stored value where the admin looks for it: on read-only pages, among the instance's attributes."""
        if field.custom:
            setattr(self.instance, name, stored[field.name] or "")
        record = getattr(self.instance, field.stored_as) if field.reference else None
        if record is None:
            return
        if isinstance(self.fields[name].widget, ReferenceSelect):
            self.fields[name].widget.show(stored[field.name], record)
        if not hasattr(type(self.instance), name):
            setattr(self.instance, name, build_link(record))

    def _post_clean(self):
        """Do nothing: the service validates, and the instance stays as it is stored."""

    def values(self) -> dict[str, Value]:
        """Return the values of all fields of the form."""
        return {field.name: self.cleaned_data[name] for name, field in self.record_fields.items()}

    def changed_values(self) -> dict[str, Value]:
        """Return the values of the fields that differ from the shown ones."""
        changed = self.changed_data
        return {f.name: self.cleaned_data[name] for name, f in self.record_fields.items() if name in changed}

    def row_values(self) -> dict[str, Value]:
        """
        Return the form as a row of a list of rows.

        A new row has all fields, and so has one with another key: it is a new row to the service. A stored row that
        keeps its key has the key and the changed fields.
        """
        row, changed = self.values(), self.changed_values()
        if self.instance.pk is None or not changed.keys().isdisjoint(self.resource.key):
            return row
        return {name: value for name, value in row.items() if name in changed or name in self.resource.key}

    def add_problem(self, problem: Problem, path: Path) -> None:
        """Put a problem onto the field that its path names, else onto the form."""
        names = {field.name: name for name, field in self.record_fields.items()}
        sentence = replace(problem, path=path).sentence(path_speller(self.resource))
        self.add_error(names.get(str(path[0])) if path else WHOLE_FORM, sentence)


class RecordForm(LexicalForm):
    """
    The form of a whole record, with the version that was shown.

    inline_fields  the names of the fields that inlines show, with their own problems
    """

    shown_version = forms.CharField(required=False, widget=forms.HiddenInput)
    inline_fields: frozenset[str] = frozenset()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["shown_version"].initial = self.instance.version

    def full_clean(self):
        super().full_clean()
        for problem in self.problems if self.is_bound else ():
            if problem.path[:1] == ("version",):
                self.add_error(WHOLE_FORM, stale_message(self.instance))
            elif not self.inline_fields.intersection(problem.path[:1]):
                self.add_problem(problem, problem.path)


def stored_values(fields: Iterable[Field], instance: models.Model) -> dict[str, object]:
    """Return the stored values of an instance by field, without maps and rows, and with the currency of its money."""
    values = {field.name: _stored_value(field, instance) for field in fields if field.kind not in (Kind.MAP, Kind.ROWS)}
    return {"currency": getattr(instance, "currency", ""), **values}


def _stored_value(field: Field, instance: models.Model) -> object:
    if field.custom:
        return (getattr(instance, "custom", None) or {}).get(field.stored_as)
    return stored_ref(field, field.reference, instance) if field.reference else getattr(instance, field.stored_as)


def row_resource(field: MapField | RowsField) -> Resource:
    """Return the resource of an inline's rows: for rows their own, for a map one of its key and its value."""
    if field.kind is Kind.ROWS:
        return field.child
    item = replace(field.item, money=field.keys.name if field.item.money else "")
    label = field.label or field.name
    return Resource(field.name, field.name, label, label, (field.keys, item), (field.keys.name,))


def form_class(
    base: type[LexicalForm],
    model: type[models.Model],
    resource: Resource,
    fields: Sequence[Field],
    build_field: BuildField = form_field,
    **attributes: object,
) -> type[LexicalForm]:
    """Build the form class of a resource's fields on a model; `attributes` are set on the class."""
    record_fields = {form_name(field): field for field in fields}
    labels = {name: field.label for name, field in record_fields.items()}
    # Of read-only fields the admin would show the help text of the model's column.
    no_help = {field.name: "" for field in resource.fields if field not in record_fields.values()}
    content = {
        **{name: build_field(field) for name, field in record_fields.items()},
        **attributes,
        "record_fields": record_fields,
        "resource": resource,
        # No field of the model by itself: a field that the resource does not have must not be written.
        "Meta": type("Meta", (), {"model": model, "fields": [], "labels": labels, "help_texts": no_help}),
    }
    return cast(
        type[LexicalForm], new_class(f"{model.__name__}Form", (base,), exec_body=lambda body: body.update(content))
    )


def path_speller(resource: Resource) -> Callable[[Path], str]:
    """Return a function that names a path for people: the label of its field, and the number of the entry."""

    def spell(path: Path) -> str:
        names = [name for name in path if isinstance(name, str) and name in resource.by_name]
        label = capfirst(resource.by_name[names[-1]].label if names else resource.label)
        return f"{label} ({path[-1] + 1})" if names and isinstance(path[-1], int) else label

    return spell


def stale_message(record: Record) -> str:
    """Name who has changed a record since the user opened it, and when, with links to the change and to the record."""
    options = record._meta
    return format_html(
        STALE,
        who=record.changed_by or "Somebody",
        what=options.verbose_name,
        when=date_format(localtime(record.changed_at), "DATETIME_FORMAT"),
        history=reverse(f"admin:{options.app_label}_{options.model_name}_history", args=[record.pk]),
        page=reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[record.pk]),
    )
