"""The rows of an inline as the Value of one field of the record; the problems of the service, back on their rows."""

from collections.abc import Sequence
from dataclasses import replace

from django import forms
from unfold.forms import PaginationInlineFormSet

from records.admin.forms import LexicalForm, spelling
from records.shapes.fields import Field, Kind
from records.shapes.parsing import reader
from records.shapes.problems import Family, Path, Problem, ProblemError
from records.shapes.values import EMPTY, Value, Values

TWICE = "{field} comes more than once."


class PlaceField(forms.CharField):
    """Where a row is in its table: it serves the page, and no one types it."""

    def has_changed(self, initial, data):
        return False


class RecordFormSet(PaginationInlineFormSet):
    """
    The rows of an inline as the Value of one field of the record: a map, or a list of rows.

    Rows are told apart by their keys, as in every call, not by the ids of the table: those serve the page alone.

    keys_stay  the keys of rows that exist are read-only
    frozen     they are shown, and may not change
    """

    field: Field
    problems: Sequence[Problem] = ()
    keys_stay = False
    frozen = False

    def get_form_kwargs(self, index):
        return {**super().get_form_kwargs(index), "currency": getattr(self.instance, "currency", "")}

    def add_fields(self, form, index):
        forms.BaseFormSet.add_fields(self, form, index)
        self._pk_field = self.model._meta.pk
        for name in (self._pk_field.name, self.fk.name):
            form.fields[name] = PlaceField(required=False, widget=forms.HiddenInput)
        form.fields[self._pk_field.name].initial = form.instance.pk
        for name in form.resource.key if self.keys_stay and form.instance.pk is not None else ():
            form.fields[name].disabled = True

    def get_queryset(self):
        """The stored rows; as many as were shown, so that the page shows rows that somebody has removed meanwhile."""
        rows = list(super().get_queryset())
        for row in rows:
            setattr(row, self.fk.name, self.instance)
        shown = self.management_form.cleaned_data.get(forms.formsets.INITIAL_FORM_COUNT, 0) if self.is_bound else 0
        return rows + [self.model() for _ in range(min(shown, self.absolute_max) - len(rows))]

    def clean(self):
        """Keys that come twice are the service's to refuse, but for a map's: it cannot hold them."""

    def full_clean(self):
        super().full_clean()
        if self.is_bound:
            mine = [problem for problem in self.problems if problem.path[:1] == (self.field.name,)]
            places = [(problem, self._rows_at(problem.path[1:])) for problem in (*mine, *self._doubled_keys())]
            for problem, rows in places:
                self._place(problem, rows)

    def kept(self) -> list[LexicalForm]:
        """The rows as they shall be, in their order."""
        rows = (form for form in self.forms if not self._should_delete_form(form))
        return [form for form in rows if form.instance.pk is not None or form.has_changed()]

    def changed_values(self) -> dict[str, Value]:
        """The field's Value when a row was added, changed or removed; else nothing."""
        if self.frozen:
            return {}
        kept = self.kept()
        removed = any(form.instance.pk is not None for form in self.forms if form not in kept)
        if not removed and not any(form.has_changed() for form in kept):
            return {}
        return {
            self.field.name: self._map(kept) if self.field.kind is Kind.MAP else [form.row_values() for form in kept]
        }

    def _map(self, kept: Sequence[LexicalForm]) -> dict[str, Value]:
        before = dict(self._entry(form.initial) for form in self.forms if form.instance.pk is not None)
        after = dict(self._entry(form.values()) for form in kept)
        changed = {key: value for key, value in after.items() if before.get(key) != value}
        return {key: EMPTY for key in before if key not in after} | changed

    def _entry(self, row: Values) -> tuple[str, Value]:
        return row[self.field.keys.name] or "", row[self.field.item.name]

    def _doubled_keys(self) -> list[Problem]:
        """The entries of a map that come more than once: a Value cannot say that."""
        if self.field.kind is not Kind.MAP:
            return []
        keys = [self._key(form) for form in self.kept()]
        doubled = dict.fromkeys(key for key in keys if key and keys.count(key) > 1)
        return [Problem("duplicate-row", Family.DUPLICATE, TWICE, (self.field.name, key)) for key in doubled]

    def _place(self, problem: Problem, rows: Sequence[LexicalForm]) -> None:
        """Put a problem onto the rows and the column that its path names, else onto the whole inline."""
        path = problem.path[1:]
        for form in rows:
            form.place(problem, self._column(problem) if self.field.kind is Kind.MAP else path[1:])
        if not rows:
            sentence = replace(problem, path=path).sentence(spelling(self.form.resource))
            self._non_form_errors.append(sentence)

    def _rows_at(self, path: Path) -> list[LexicalForm]:
        kept = self.kept()
        if self.field.kind is Kind.MAP:
            return [form for form in kept if self._key(form) in path[:1]]
        return kept[path[0] : path[0] + 1] if path else []

    def _key(self, form: LexicalForm) -> str:
        return form.cleaned_data.get(self.field.keys.name) or ""

    def _column(self, problem: Problem) -> Path:
        """An entry's path does not say whether its key or its value is wrong."""
        try:
            reader(self.field.keys)(problem.path[1])
        except ProblemError:
            return (self.field.keys.name,)
        return (self.field.keys.name,) if problem.text == TWICE else (self.field.item.name,)
