"""
What the scope of a call says of one record: its criteria, its kept and its required fields, seen in memory.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from records.shapes.criteria import Condition, Scope, matches, understand
from records.shapes.fields import Field, Kind
from records.shapes.parsing import blank, unknown
from records.shapes.problems import Family, Problem, ProblemError, missing
from records.shapes.references import Ref
from records.write.batch import Draft
from records.write.children import Children, entries, rows
from records.write.plan import Plan, column_name
from records.write.reference_names import by_shown_names


@dataclass(frozen=True)
class Understood:
    """A Scope whose criteria and fields were understood."""

    before: Sequence[Condition] = ()
    after: Sequence[Condition] = ()
    locked: Sequence[Condition] = ()
    read_only: Sequence[Field] = ()
    required: Sequence[Field] = ()
    within: Sequence[Condition] = ()

    @cached_property
    def limits(self) -> bool:
        """Whether it asks anything of what is written."""
        return any((self.after, self.locked, self.read_only, self.required))

    @cached_property
    def fields(self) -> set[str]:
        """The fields that must be known of a record, sent or not."""
        conditions = (*self.before, *self.within, *self.after, *self.locked)
        return {condition.field.name for condition in conditions} | {field.name for field in self.required}


def understood_scope(plan: Plan, scope: Scope) -> Understood:
    """The scope checked against the resource; raises ProblemError for what cannot be understood."""
    asked = (scope.before, scope.after, scope.locked, scope.within)
    *criteria, within = (by_shown_names(plan, understand(plan.resource, criteria)) for criteria in asked)
    fields = (_writable(plan, names) for names in (scope.read_only, scope.required))
    return Understood(*criteria, *fields, within=within)


def _writable(plan: Plan, names: Sequence[str]) -> list[Field]:
    """The fields of these names, but for those that are only read: no caller can change them or give them a value."""
    for name in names:
        if name not in plan.resource.by_name:
            raise ProblemError(unknown(plan.resource, name))
    return [plan.resource.by_name[name] for name in names if plan.resource.by_name[name].writable]


def whole(plan: Plan, columns: Mapping[str, object], children: Mapping[str, Children]) -> dict[str, object]:
    """A record with its maps, as criteria see it."""
    record = {name: value.text if isinstance(value, Ref) else value for name, value in columns.items()}
    for field, _ in plan.references:
        if field.reference.by[0] == "id":
            ref = columns.get(field.stored_as)
            record[field.name] = ref.id if ref is not None else None
    custom = columns.get("custom") or {}
    readers = plan.custom_readers.items()
    record.update({name: read(custom[inside]) for name, (inside, read) in readers if inside in custom})
    for table in plan.children:
        for shown in table.maps:
            record[shown.name] = entries(table, shown, children.get(table.source, {}))
    return record


def hidden(plan: Plan, pending: Draft, scope: Understood, unseen: Problem) -> Problem | None:
    """Why a stored record is none of the call's: `unseen`, or that it is outside; None: it is one."""
    if not (scope.before or scope.within):
        return None
    record = whole(plan, pending.twin, pending.stored_children)
    if not matches(scope.before, record):
        return unseen
    if not matches(scope.within, record):
        text = f"{plan.resource.label} {pending.key_text} is outside of what this call may see and write."
        return Problem("filtered", Family.FILTERED, text)
    return None


def scope_problems(plan: Plan, pending: Draft, scope: Understood) -> list[Problem]:
    """What the scope has against a record that the rules are content with; its differences are settled."""
    twin, label = pending.twin or {}, f"{plan.resource.label} {pending.key_text}"
    changed = pending.twin is None or bool(pending.columns or pending.children)
    if changed and twin and scope.locked and matches(scope.locked, whole(plan, twin, pending.stored_children)):
        text = f"{label} may not be changed in its present state."
        return [Problem("locked", Family.LOCKED, text)]
    problems = [_read_only_problem(field) for field in scope.read_only if changed and _changes(plan, pending, field)]
    after = _after(pending)
    lacking = [field for field in scope.required if _content(plan, field, *after) in (None, "", [], {})]
    problems += [missing((field.name,)) for field in lacking]
    if not problems and changed and scope.after and not matches(scope.after, whole(plan, *after)):
        text = f"{label} would be outside of what this call may write."
        problems.append(Problem("filtered", Family.FILTERED, text))
    return problems


def _read_only_problem(field: Field) -> Problem:
    text = "{field} may not be changed by this call; leave it out, or send what it holds."
    return Problem("kept", Family.LOCKED, text, (field.name,))


def _changes(plan: Plan, pending: Draft, field: Field) -> bool:
    """
    Whether the record makes a field another than it is; of a new record, than it is by itself.

    What the rules fill in when it is not sent is not the record's doing.
    """
    is_column = field.kind not in (Kind.MAP, Kind.ROWS)
    if is_column and column_name(field) not in pending.parsed:
        return False
    if is_column and pending.twin is None:
        return pending.parsed[column_name(field)] != blank(field)
    twin = pending.twin or {}
    before = _content(plan, field, twin, pending.stored_children)
    return before != _content(plan, field, *_after(pending))


def _after(pending: Draft) -> tuple[dict[str, object], dict[str, Children]]:
    """The columns and children that the record would have."""
    return {**(pending.twin or {}), **pending.columns}, {**pending.stored_children, **pending.targets}


def _content(plan: Plan, field: Field, columns: Mapping[str, object], children: Mapping[str, Children]) -> object:
    """What a field holds; of rows, what a caller can set of them, by their keys."""
    if field.kind in (Kind.MAP, Kind.ROWS):
        table = next(table for table in plan.children if table.source == field.stored_as)
        stored = children.get(table.source, {})
        return rows(table, stored) if field.kind is Kind.ROWS else entries(table, field, stored)
    if field.custom:
        return (columns.get("custom") or {}).get(field.stored_as)
    return columns.get(column_name(field))
