"""
The forms of a published API; the errors of a row, or of all rows together, are sentences on the page.

`find_api_errors` of EcoSys' `published` decides; the rows are put before it one by one, then together.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from django import forms
from django.forms.models import BaseInlineFormSet
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from records.shapes.criteria import Comparator
from records.shapes.fields import Kind
from records.shapes.resources import Resource
from webservices.declarations import OPERATIONS
from webservices.models import PublishedApi, PublishedColumn, PublishedCriterion, PublishedParameter
from webservices.publishing import build_criterion, current_operations
from webservices.wire.dialects.ecosys import published as shapes
from webservices.wire.operations import Action, Verb

DATALIST = "fields-of-the-record"
BY_RULE = "by rule"
READS_ONLY = {"may_update": False, "may_insert": False, "may_delete": False}


def resources() -> list[tuple[str, str]]:
    """List the kinds of record that can be published: those that have a service to write them, and no site's tables."""
    written = (each.resource for each in OPERATIONS if each.verb is Verb.PUT and not each.resource.site_table)
    return sorted((resource.plural, resource.label_plural) for resource in written)


def find_resource(api: PublishedApi) -> Resource | None:
    """Return the kind of record of an API, as the site has extended it now (one query)."""
    operation = current_operations().get(api.resource, Verb.FIND)
    return operation.resource if operation else None


def list_field_paths(resource: Resource) -> Iterator[tuple[str, str]]:
    """Yield the fields that a column or a condition may name, with their labels; a map has its default entry."""
    for field in resource.fields:
        if not field.secret:
            yield field.name, field.label + (f", or {field.name}.… of one" if field.kind is Kind.MAP else "")


class PublishedApiForm(forms.ModelForm):
    """The form of an API without its rows; its kind of record is chosen once."""

    class Meta:
        model = PublishedApi
        fields = ("name", "resource", "event", "log_level", "may_read", "may_update", "may_insert", "may_delete")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "resource" in self.fields:
            self.fields["resource"] = forms.ChoiceField(
                label="Record", choices=[("", "—"), *resources()], widget=UnfoldAdminSelectWidget(),
                help_text="The kind of record that its objects are; it cannot be changed later.",
            )  # fmt: skip

    def clean(self):
        """Check what an event is before its filter and its parameters are there: those come on the next page."""
        cleaned = super().clean()
        api = self._build_event(cleaned)
        resource = find_resource(PublishedApi(resource=api.plural)) if api else None
        if api and resource:
            complete = replace(api, parameters=(shapes.Parameter("any", resource.key[0], required=True),))
            for sentence in shapes.find_event_errors(complete, resource):
                self.add_error("event" if "event" in self.fields else "log_level", sentence)
        return cleaned

    def _build_event(self, cleaned: dict) -> shapes.PublishedApi | None:
        """Build the event that the form is about; None: it is about an API that reads and writes."""
        event = cleaned.get("event") or self.instance.event
        plural = cleaned.get("resource") or self.instance.resource
        if not event:
            return None
        return shapes.PublishedApi("Event", plural, event=Action(event), log_level=cleaned.get("log_level") or "")


class RowForm(forms.ModelForm):
    """The form of a row, which `find_api_errors` checks as if it were the only one of its API."""

    def __init__(self, *args, resource: Resource, **kwargs):
        super().__init__(*args, **kwargs)
        self.resource = resource
        self.fields["field"].widget = UnfoldAdminTextInputWidget(attrs={"list": DATALIST, "autocomplete": "off"})
        if "name" in self.fields:
            self.fields["name"].widget.attrs["placeholder"] = BY_RULE
        if "comparator" in self.fields:
            self.fields["comparator"] = forms.ChoiceField(
                choices=[(each.value, each.value) for each in Comparator], widget=UnfoldAdminSelectWidget(),
                initial=Comparator.EQUAL.value,
            )  # fmt: skip
        if "position" in self.fields:
            self.fields["position"].required = False  # a row that was never moved is sent without one

    def clean(self):
        cleaned = super().clean()
        if "name" in cleaned and "field" in cleaned:
            cleaned["name"] = cleaned["name"] or shapes.column_name(self.resource.plural, cleaned["field"])
        cleaned["position"] = cleaned.get("position") or 0
        if not self.errors:
            # Without permissions to write: those need a key column, which is another row's.
            alone = shapes.PublishedApi(
                "Alone", self.resource.plural, may_update=False, may_delete=False, **self.build_parts()
            )
            for sentence in shapes.find_api_errors(alone, self.resource):
                self.add_error("field", sentence)
        return cleaned

    def build_parts(self) -> dict[str, tuple]:
        """Return the row as arguments of the wire's PublishedApi: a tuple of one column, condition or parameter."""
        raise NotImplementedError


class ColumnForm(RowForm):
    class Meta:
        model = PublishedColumn
        fields = ("field", "name", "read_only", "position")

    def build_parts(self):
        cleaned = self.cleaned_data
        return {"columns": (shapes.Column(cleaned["name"], cleaned["field"], cleaned["read_only"]),)}


class CriterionForm(RowForm):
    class Meta:
        model = PublishedCriterion
        fields = ("field", "comparator", "value")

    def build_parts(self):
        names = ("field", "comparator", "value")
        return {"filter": (build_criterion(PublishedCriterion(**{name: self.cleaned_data[name] for name in names})),)}


class ParameterForm(RowForm):
    class Meta:
        model = PublishedParameter
        fields = ("field", "name", "comparator", "required", "position")

    def build_parts(self):
        cleaned = self.cleaned_data
        comparator = Comparator(cleaned["comparator"])
        parameter = shapes.Parameter(cleaned["name"], cleaned["field"], comparator, cleaned["required"])
        return {"parameters": (parameter,)}


class RowFormSet(BaseInlineFormSet):
    """The rows of an API of one kind: columns, conditions or parameters."""

    @cached_property
    def resource(self) -> Resource | None:
        return find_resource(self.instance)

    def get_form_kwargs(self, index):
        return {**super().get_form_kwargs(index), "resource": self.resource}


class OrderedRowFormSet(RowFormSet):
    """Rows that together must make a valid API, and that keep the order in which they are shown."""

    @property
    def remaining_forms(self) -> list[RowForm]:
        """The forms of the rows that stay or are new, in their order; a new row that nobody has moved comes last."""
        rows = [form for form in self.forms if form.has_changed() or form.instance.pk]
        rows = [form for form in rows if form not in self.deleted_forms]
        return sorted(rows, key=_sort_key)

    def clean(self):
        """Check the rows together, where Django would only look for equal ones: these sentences say more."""
        if any(self.errors):
            return
        parts: dict[str, tuple] = {}
        for form in self.remaining_forms:
            for name, part in form.build_parts().items():
                parts[name] = (*parts.get(name, ()), *part)
        permissions = {"may_update": self.instance.may_update, "may_delete": self.instance.may_delete}
        together = shapes.PublishedApi("Together", self.resource.plural, **permissions, **parts)
        if sentences := list(shapes.find_api_errors(together, self.resource)):
            raise forms.ValidationError(sentences)

    def save(self, commit=True):
        rows = [form.instance for form in self.remaining_forms]  # before save() gives the new rows their ids
        saved = super().save(commit)
        for position, row in enumerate(rows):
            row.position = position
        self.model.objects.bulk_update(rows, ["position"])
        return saved


def _sort_key(form: RowForm) -> tuple[bool, int]:
    position = form.cleaned_data["position"]
    return form.instance.pk is None and not position, position
