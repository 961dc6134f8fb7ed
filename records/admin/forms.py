"""
The form of a record, as Values; the problems of the service, back on their fields.

The instance is only read: `records.admin.base` gives what was changed to the service, and when that refuses, makes the
form again with the `problems` that it found.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from django import forms
from django.db import models
from django.utils.text import capfirst

from records.admin.fields import form_field, form_name
from records.admin.references import ReferenceSelect, link_to, stored_ref
from records.shapes.fields import Field, Kind, MapField, RowsField
from records.shapes.formatting import present_record
from records.shapes.problems import Path, Problem
from records.shapes.resources import Resource
from records.shapes.values import Value, Values

FORM = None
MakeField = Callable[[Field], forms.Field]


class LexicalForm(forms.ModelForm):
    """
    A form whose fields are those of a resource and whose initial values are the instance's, in lexical form.

    record_fields  by their name in the form
    problems       what the service had against what was sent
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
        """Put what is stored where the admin looks for what it shows to those who may not change it."""
        if field.custom:
            setattr(self.instance, name, stored[field.name] or "")
        named = getattr(self.instance, field.stored_as) if field.reference else None
        if named is None:
            return
        if isinstance(self.fields[name].widget, ReferenceSelect):
            self.fields[name].widget.show(stored[field.name], named)
        if not hasattr(type(self.instance), name):
            setattr(self.instance, name, link_to(named))

    def _post_clean(self):
        """The service validates; the instance stays as it is stored."""

    def values(self) -> dict[str, Value]:
        """All fields of the form."""
        return {field.name: self.cleaned_data[name] for name, field in self.record_fields.items()}

    def changed_values(self) -> dict[str, Value]:
        """The fields that differ from what was shown."""
        changed = self.changed_data
        return {f.name: self.cleaned_data[name] for name, f in self.record_fields.items() if name in changed}

    def row_values(self) -> dict[str, Value]:
        """As a row of a list: all fields of a new one; of a stored one that keeps its key, the key and what changed."""
        whole, changed = self.values(), self.changed_values()
        if self.instance.pk is None or not changed.keys().isdisjoint(self.resource.key):
            return whole
        return {name: value for name, value in whole.items() if name in changed or name in self.resource.key}

    def place(self, problem: Problem, path: Path) -> None:
        """Put a problem onto the field that its path names, else onto the form."""
        names = {field.name: name for name, field in self.record_fields.items()}
        sentence = replace(problem, path=path).sentence(spelling(self.resource))
        self.add_error(names.get(path[0]) if path else FORM, sentence)


class RecordForm(LexicalForm):
    """
    The form of a whole record, with the version that was shown.

    elsewhere  fields that inlines show
    stale      what to say when the record has moved on since it was shown
    """

    shown_version = forms.CharField(required=False, widget=forms.HiddenInput)
    elsewhere: frozenset[str] = frozenset()
    stale: Callable[[models.Model], str]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["shown_version"].initial = self.instance.version

    def full_clean(self):
        super().full_clean()
        for problem in self.problems if self.is_bound else ():
            if problem.path[:1] == ("version",):
                self.add_error(FORM, type(self).stale(self.instance))
            elif not self.elsewhere.intersection(problem.path[:1]):
                self.place(problem, problem.path)


def stored_values(fields: Iterable[Field], instance: models.Model) -> dict[str, object]:
    """What an instance holds, by field; without maps and rows, and with the currency of its money."""
    held = {field.name: _stored(field, instance) for field in fields if field.kind not in (Kind.MAP, Kind.ROWS)}
    return {"currency": getattr(instance, "currency", ""), **held}


def _stored(field: Field, instance: models.Model) -> object:
    if field.custom:
        return (instance.custom or {}).get(field.stored_as)
    return stored_ref(field, instance) if field.reference else getattr(instance, field.stored_as)


def rows_of(field: MapField | RowsField) -> Resource:
    """What one row of an inline is: of rows, their resource; of a map, its key and its value."""
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
    make: MakeField = form_field,
    **attributes: object,
) -> type[LexicalForm]:
    """The form of a resource's fields on a model."""
    shown = {form_name(field): field for field in fields}
    labels = {name: field.label for name, field in shown.items()}
    no_help = {field.name: "" for field in resource.fields if field not in shown.values()}
    content = {
        **{name: make(field) for name, field in shown.items()},
        **attributes,
        "record_fields": shown,
        "resource": resource,
        "Meta": type("Meta", (), {"model": model, "fields": [], "labels": labels, "help_texts": no_help}),
    }
    return type(base)(f"{model.__name__}Form", (base,), content)


def spelling(resource: Resource) -> Callable[[Path], str]:
    """How a person reads a path: the label of its field, and which entry."""

    def spell(path: Path) -> str:
        names = [name for name in path if isinstance(name, str) and name in resource.by_name]
        label = capfirst(resource.by_name[names[-1]].label if names else resource.label)
        return f"{label} ({path[-1] + 1})" if names and isinstance(path[-1], int) else label

    return spell
