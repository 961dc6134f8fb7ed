"""
The scope of a call, applied to one record in memory: its criteria, its read-only and its required fields.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from records.shapes.criteria import Condition, Criterion, Scope, matches, understand
from records.shapes.fields import Field, Kind, has_child_table
from records.shapes.parsing import blank, unknown
from records.shapes.problems import (
    Path,
    Problem,
    ProblemError,
    change_locked_problem,
    leaves_scope_problem,
    missing_problem,
    outside_scope_problem,
    read_only_problem,
)
from records.shapes.references import Ref
from records.shapes.resources import VENDOR
from records.write.child_table import ChildTable
from records.write.children import Children, map_entries, settable_rows
from records.write.drafts import DraftState
from records.write.plan import Plan, column_name
from records.write.resolve import replace_other_names


@dataclass(frozen=True)
class CompiledScope:
    """A Scope whose criteria and fields have been checked against the resource."""

    before: Sequence[Condition] = ()
    after: Sequence[Condition] = ()
    locked: Sequence[Condition] = ()
    read_only: Sequence[Field] = ()
    required: Sequence[Field] = ()
    within: Sequence[Condition] = ()
    required_new: Sequence[tuple[Field, Path]] = ()
    unclearable: Sequence[tuple[Field, Path]] = ()

    @cached_property
    def has_limits(self) -> bool:
        """True if it limits what may be written."""
        return any((self.after, self.locked, self.read_only, self.required, self.required_new, self.unclearable))

    @cached_property
    def is_narrow(self) -> bool:
        """True if it limits what can be found."""
        return bool(self.before or self.within)

    @cached_property
    def fields(self) -> set[str]:
        """The fields of a record that must be read, sent or not."""
        conditions = (*self.before, *self.within, *self.after, *self.locked)
        return {field.name for field in self.required}.union(*(condition.fields for condition in conditions))


def compile_scope(plan: Plan, scope: Scope) -> CompiledScope:
    """Check the scope against the resource; raises ProblemError for criteria or fields that cannot be understood."""

    def compile_criteria(criteria: Sequence[Criterion]) -> list[Condition]:
        return replace_other_names(plan, understand(plan.resource, criteria))

    return CompiledScope(
        before=compile_criteria(scope.before),
        after=compile_criteria(scope.after),
        locked=compile_criteria(scope.locked),
        within=compile_criteria(scope.within),
        read_only=_writable_fields(plan, scope.read_only),
        required=_writable_fields(plan, scope.required),
        unclearable=[(plan.resource.by_name[str(path[0])], path) for path in scope.unclearable],
        required_new=[(_writable_fields(plan, [str(path[0])])[0], path) for path in scope.required_new],
    )


def _writable_fields(plan: Plan, names: Sequence[str]) -> list[Field]:
    """Return the fields of these names without those that no caller can write; raises ProblemError for unknown ones."""
    for name in names:
        if name not in plan.resource.by_name:
            raise ProblemError(unknown(plan.resource, name))
    return [plan.resource.by_name[name] for name in names if plan.resource.by_name[name].writable]


def criteria_record(plan: Plan, columns: Mapping[str, Any], children: Mapping[str, Children]) -> dict[str, object]:
    """Build a record, with its maps, as criteria compare it: relations by their names, custom values typed."""
    record = {name: value.text if isinstance(value, Ref) else value for name, value in columns.items()}
    for field, _ in plan.references:
        if field.reference is not None and field.reference.by[0] == "id":
            ref = columns.get(field.stored_as)
            record[field.name] = ref.id if isinstance(ref, Ref) else None
    # Custom values are stored as texts; compared as texts, 10 would come before 9.
    custom = columns.get("custom") or {}
    readers = plan.custom_readers.items()
    record.update({name: read(custom[inside]) for name, (inside, read) in readers if inside in custom})
    if plan.vendor_field is not None:
        record[VENDOR] = (columns.get(VENDOR) or {}).get(plan.vendor_field.json_key, {})
    for table in plan.children:
        if table.rows is not None:
            record[table.rows.name] = [
                _row_record(table, key, values) for key, values in children.get(table.source, {}).items()
            ]
        for map_field in table.maps:
            record[map_field.name] = map_entries(table, map_field, children.get(table.source, {}))
    return record


def _row_record(table: ChildTable, key: Sequence[object], values: Mapping[str, Any]) -> dict[str, object]:
    """Build a row as criteria compare it: by the names of its fields, relations by the names of their records."""
    columns = {**dict(zip((column.field for column in table.key), key, strict=True)), **values}
    row: dict[str, object] = {}
    for field in table.rows.child.fields if table.rows else ():
        value = columns.get(field.stored_as)
        if isinstance(value, Ref):
            value = value.id if field.reference is not None and field.reference.by[0] == "id" else value.text
        row[field.name] = value
    return row


def visibility_problem(plan: Plan, draft: DraftState, scope: CompiledScope, not_found: Problem) -> Problem | None:
    """Return `not_found` or that the stored record is outside of the scope; None: the call sees it."""
    if not scope.is_narrow or draft.stored is None:
        return None
    record = criteria_record(plan, draft.stored, draft.stored_children)
    # `before` first: a caller that may not even know of the record must not learn that it is there.
    if not matches(scope.before, record):
        return not_found
    return None if matches(scope.within, record) else outside_scope_problem(plan.resource, draft.key_text)


def find_scope_problems(plan: Plan, draft: DraftState, scope: CompiledScope) -> list[Problem]:
    """Find what the scope forbids about a record after `diff`; the rules have looked at it already."""
    stored = draft.stored or {}
    changes = draft.stored is None or bool(draft.columns or draft.children)
    is_compared = bool(changes and stored and scope.locked)
    if is_compared and matches(scope.locked, criteria_record(plan, stored, draft.stored_children)):
        return [change_locked_problem(plan.resource, draft.key_text)]
    problems = [
        read_only_problem(field.name) for field in scope.read_only if changes and _changes_field(plan, draft, field)
    ]
    # Required fields are looked at even when nothing changes: the caller wants them of each record that it sends.
    after = _content_after(draft)
    required: list[tuple[Field, Path]] = [(field, (field.name,)) for field in scope.required]
    required += scope.required_new if draft.stored is None else ()
    lacking = [
        path
        for field, path in required
        if draft.is_read(*plan.storage_path((field.name,))) and _is_lacking(_field_content(plan, field, *after), path)
    ]
    lacking += [
        path
        for field, path in scope.unclearable
        if stored
        and _is_lacking(_field_content(plan, field, *after), path)
        and not _is_lacking(_field_content(plan, field, stored, draft.stored_children), path)
    ]
    problems += map(missing_problem, lacking)
    if problems or draft.problems or not (changes and scope.after):
        return problems
    if not matches(scope.after, criteria_record(plan, *after)):
        problems.append(leaves_scope_problem(plan.resource, draft.key_text))
    return problems


def _is_lacking(content: Any, path: Path) -> bool:
    """True if a field, or the entry of a map that the path goes on to, has no value."""
    return (content.get(path[1]) if len(path) > 1 else content) in (None, "", [], {})


def _changes_field(plan: Plan, draft: DraftState, field: Field) -> bool:
    """
    True if the record makes a field another than it is; of a new record, than it is by default.

    A value that the rules fill in because it was not sent is not the record's doing.
    """
    is_column = not has_child_table(field)
    if is_column and column_name(field) not in draft.parsed:
        return False
    if is_column and draft.stored is None:
        return draft.parsed[column_name(field)] != blank(field)
    before = _field_content(plan, field, draft.stored or {}, draft.stored_children)
    return before != _field_content(plan, field, *_content_after(draft))


def _content_after(draft: DraftState) -> tuple[dict[str, object], dict[str, Children]]:
    """Return the columns and children that the record would have."""
    return {**(draft.stored or {}), **draft.columns}, {**draft.stored_children, **draft.targets}


def _field_content(plan: Plan, field: Field, columns: Mapping[str, Any], children: Mapping[str, Children]) -> object:
    """Return the content of a field; of rows, by their keys, only the columns that a caller can set."""
    stored = children.get(field.stored_as, {})
    if field.kind is Kind.ROWS:
        return settable_rows(field, stored)
    if field.json_key:
        return (columns.get(field.stored_as) or {}).get(field.json_key, {})
    if field.kind is Kind.MAP:
        return map_entries(plan.child_table(field), field, stored)
    if field.custom:
        return (columns.get("custom") or {}).get(field.stored_as)
    return columns.get(column_name(field))
