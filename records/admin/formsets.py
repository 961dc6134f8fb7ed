"""The rows of an inline as the Value of one field of the record; the problems of the service, back on their rows."""

from collections.abc import Sequence
from dataclasses import replace

from django import forms
from unfold.forms import PaginationInlineFormSet

from records.admin.forms import LexicalForm, path_speller
from records.shapes.fields import Kind, MapField, RowsField
from records.shapes.parsing import reader
from records.shapes.problems import Family, Path, Problem, ProblemError
from records.shapes.values import EMPTY, Value, Values

DUPLICATE_ENTRY = "{field} comes more than once."


class HiddenIdField(forms.CharField):
    """A row's id in its table, in a hidden input: only the page needs it, and a changed one is no change of the row."""

    def has_changed(self, initial, data):
        return False


class RecordFormSet(PaginationInlineFormSet):
    """
    The rows of an inline as the Value of one field of the record: a map, or a list of rows.

    Rows are identified by their keys, as in every call, not by the ids of the table: those serve the page alone.

    keys_read_only  the keys of stored rows cannot change
    read_only       the rows are shown, and cannot change
    """

    field: MapField | RowsField
    problems: Sequence[Problem] = ()
    keys_read_only = False
    read_only = False

    def get_form_kwargs(self, index):
        return {**super().get_form_kwargs(index), "currency": getattr(self.instance, "currency", "")}

    def add_fields(self, form, index):
        # Past BaseModelFormSet, whose fields of ids look each row up, and refuse one that is gone.
        forms.BaseFormSet.add_fields(self, form, index)
        # BaseModelFormSet sets this in the method that was passed over.
        self._pk_field = self.model._meta.pk
        for name in (self._pk_field.name, self.fk.name):
            form.fields[name] = HiddenIdField(required=False, widget=forms.HiddenInput)
        form.fields[self._pk_field.name].initial = form.instance.pk
        for name in form.resource.key if self.keys_read_only and form.instance.pk is not None else ():
            form.fields[name].disabled = True

    def get_queryset(self):
        """Return the stored rows, filled up to the number shown: somebody may have removed rows meanwhile."""
        rows = list(super().get_queryset())
        for row in rows:
            setattr(row, self.fk.name, self.instance)  # saves a query for each row that reads its record
        count = self.management_form.cleaned_data.get(forms.formsets.INITIAL_FORM_COUNT, 0) if self.is_bound else 0
        # The count comes from the browser: without the limit, it would have us make any number of rows.
        return rows + [self.model() for _ in range(min(count, self.absolute_max) - len(rows))]

    def clean(self):
        """Check nothing: the service refuses keys that come twice, and `_duplicate_keys` those of a map."""

    def full_clean(self):
        super().full_clean()
        if self.is_bound:
            own = [problem for problem in self.problems if problem.path[:1] == (self.field.name,)]
            # Find all rows first: add_error takes the clean value of a key away, by which the rows of a map are found.
            affected = [(problem, self._find_rows(problem.path[1:])) for problem in (*own, *self._duplicate_keys())]
            for problem, rows in affected:
                self._add_problem(problem, rows)

    def remaining_forms(self) -> list[LexicalForm]:
        """Return the forms of the rows that stay or are new, in their order."""
        rows = (form for form in self.forms if not self._should_delete_form(form))
        return [form for form in rows if form.instance.pk is not None or form.has_changed()]

    def changed_values(self) -> dict[str, Value]:
        """Return the field's Value if a row was added, changed or removed, else an empty dict."""
        # A browser can send rows all the same.
        if self.read_only:
            return {}
        remaining = self.remaining_forms()
        has_removed = any(form.instance.pk is not None for form in self.forms if form not in remaining)
        if not has_removed and not any(form.has_changed() for form in remaining):
            return {}
        if self.field.kind is Kind.MAP:
            return {self.field.name: self._map(self.field, remaining)}
        return {self.field.name: [form.row_values() for form in remaining]}

    def _map(self, field: MapField, remaining: Sequence[LexicalForm]) -> dict[str, Value]:
        """Return the changed entries; a map in a call changes only the keys it has, so a removed one is EMPTY."""
        stored = [form.initial for form in self.forms if form.instance.pk is not None]
        before: Values = {row[field.keys.name] or "": row[field.item.name] for row in stored}
        after: Values = {
            form.cleaned_data[field.keys.name] or "": form.cleaned_data[field.item.name] for form in remaining
        }
        removed = {key: EMPTY for key in before if key not in after}
        return {**removed, **{key: value for key, value in after.items() if before.get(key) != value}}

    def _duplicate_keys(self) -> list[Problem]:
        """Find the entries of a map that come more than once: a Value cannot hold them, so no service sees them."""
        if self.field.kind is not Kind.MAP:
            return []
        keys = [_get_key(self.field, form) for form in self.remaining_forms()]
        duplicates = dict.fromkeys(key for key in keys if key and keys.count(key) > 1)
        return [
            Problem("duplicate-row", Family.DUPLICATE, DUPLICATE_ENTRY, (self.field.name, key)) for key in duplicates
        ]

    def _add_problem(self, problem: Problem, rows: Sequence[LexicalForm]) -> None:
        """Put a problem onto the rows and the column that its path names, else onto the whole inline."""
        path = problem.path[1:]
        for form in rows:
            form.add_problem(problem, _find_column(self.field, problem) if self.field.kind is Kind.MAP else path[1:])
        if not rows:
            sentence = replace(problem, path=path).sentence(path_speller(self.form.resource))
            self._non_form_errors.append(sentence)

    def _find_rows(self, path: Path) -> list[LexicalForm]:
        remaining = self.remaining_forms()
        if self.field.kind is Kind.MAP:
            return [form for form in remaining if _get_key(self.field, form) in path[:1]]
        return [form for number, form in enumerate(remaining) if number in path[:1]]


def _get_key(field: MapField, form: LexicalForm) -> str:
    return form.cleaned_data.get(field.keys.name) or ""


def _find_column(field: MapField, problem: Problem) -> Path:
    """Find the wrong column of a map's row: the key when it is invalid or comes twice, else the value."""
    # The path of an entry has its key alone, whichever of the two is wrong.
    try:
        reader(field.keys)(str(problem.path[1]))
    except ProblemError:
        return (field.keys.name,)
    return (field.keys.name,) if problem.text == DUPLICATE_ENTRY else (field.item.name,)
