"""
Step three of the write: the outcome of each record, decided in memory.

    decide  compares the record with the stored one: it is rejected, or gets the columns and children that it shall have
    hooks   of the records' own app (`records.rules`), for the whole batch: they may reject a record, or complete it
    diff    what differs from what is stored; nothing: unchanged
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from records.shapes.fields import Field
from records.shapes.formatting import lexical
from records.shapes.outcomes import Result
from records.shapes.problems import (
    Family,
    Path,
    Problem,
    already_exists_problem,
    missing_problem,
    not_found_problem,
    unknown_code_problem,
    version_conflict_problem,
)
from records.shapes.resources import VENDOR
from records.shapes.values import OTHER_VALUES, Precondition, Values, quote_text
from records.write.child_table import ChildTable
from records.write.children import BLANK, Difference, choose_rivals, difference, merge_vendor_data, target_children
from records.write.drafts import DraftState, Write
from records.write.plan import Plan
from records.write.scope import CompiledScope, find_scope_problems, visibility_problem

CONTRADICTION = "{field} and another name of it are sent with two values, neither of which is stored; they must agree."


@dataclass(frozen=True)
class Hooks:
    """
    Functions that the engine calls on a whole batch of records.

    apply    after each record was decided: may reject it, set its columns, and alter its target children. Records with
             problems are among them, as it may find more
    removal  may reject a record that is to be removed
    needs    the fields whose children the functions look at, sent or not
    present  stored records as callers see them, by id, with some of their fields (one query)
    checks_totals  a total that is sent and differs from the computed one is a problem, not a warning
    """

    apply: Callable[[Plan, Sequence[DraftState], datetime], None] = lambda plan, batch, at: None
    removal: Callable[[Plan, Sequence[DraftState]], None] = lambda plan, batch: None
    needs: frozenset[str] = frozenset()
    present: Callable[[Sequence[int], frozenset[str]], Mapping[int, Values]] = lambda ids, names: {}
    checks_totals: bool = False


NO_HOOKS = Hooks()


def draft_not_found_problem(plan: Plan, draft: DraftState) -> Problem:
    return not_found_problem(plan.resource, draft.key_text, plan.key_field)


def version_problem(draft: DraftState) -> Problem | None:
    """Return the problem of a record that is not at the version that was demanded, or does not meet its condition."""
    demanded = draft.parsed.get("version")
    if demanded is None:  # of most records none is
        return None
    now = f"it is at version {draft.version} now" if draft.stored else "there is no such record"
    if isinstance(demanded, Precondition):
        met = demanded.holds(draft.version if draft.stored else None)
        return None if met else version_conflict_problem(f"{demanded} is not met: {now}; read it again.")
    if demanded == draft.version:
        return None
    return version_conflict_problem(f"Version {demanded} was demanded, but {now}; read it again.")


def decide(plan: Plan, write: Write, draft: DraftState, scope: CompiledScope) -> None:
    """Reject the record, or give it the columns and children that it shall have."""
    draft.columns, draft.targets, draft.children, draft.warnings = {}, {}, {}, {}
    # What is not there is not found, whatever was demanded of it (RFC 9110, 13.2.1); of a record whose key could not be
    # read it is not known if it is stored.
    if draft.stored is None and write is Write.UPDATE:
        draft.reject(draft_not_found_problem(plan, draft))
    elif (draft.key or not draft.problems) and (problem := version_problem(draft)):
        draft.reject(problem)
    elif draft.stored is None:
        _decide_new(plan, draft)
    elif scope.is_narrow and (problem := visibility_problem(plan, draft, scope, draft_not_found_problem(plan, draft))):
        draft.reject(problem)
    # A record that its match rules did not find is new, whatever has the key that it brings.
    elif write is Write.ADD or (draft.lookups and draft.matched_by is None):
        draft.reject(already_exists_problem(plan.resource, draft.key_text, plan.key_field))
    else:
        _decide_known(plan, draft)


def _decide_new(plan: Plan, draft: DraftState) -> None:
    _choose_rivals(plan, draft)
    draft.columns, problems = build_new_columns(plan, draft.parsed)
    for problem in problems:
        # What was sent and could not be read is not missing as well.
        if draft.is_read(*plan.storage_path(problem.path)):
            draft.add_unread(plan, problem)
    # The key was resolved or numbered since the record was parsed.
    for column, part in zip(plan.key, draft.key, strict=bool(draft.key)):
        draft.columns[column.field] = part
    _decide_children(plan, draft)


def build_new_columns(plan: Plan, parsed: Mapping[str, object]) -> tuple[dict[str, Any], list[Problem]]:
    """Return the columns of a new record, and a problem for each required field missing."""
    # As `complete_record` says, but without what is no column.
    columns = plan.blank_columns.copy()
    for name, value in parsed.items():
        if name in columns:
            columns[name] = value
    for name in plan.list_columns:
        if name not in parsed:
            columns[name] = columns[name].copy()
    if "custom" in columns:
        columns["custom"] = _merge_custom(plan, {**plan.custom_defaults, **parsed}, {}) if plan.custom else {}
    if VENDOR in columns:
        columns[VENDOR] = merge_vendor_data(plan.vendor_field, parsed.get(VENDOR), {})
    return columns, [missing_problem((name,)) for name in plan.required_fields if name not in parsed]


def _choose_rivals(plan: Plan, draft: DraftState) -> None:
    """Choose between what several fields, or several names of one field, say of the same thing."""
    if draft.rivals:
        for problem in choose_rivals(draft.parsed, draft.stored or {}, draft.rivals.get((), ())):
            draft.add_problem(problem)
    for name, other in draft.parsed.get(OTHER_VALUES, BLANK).items():
        stored = _find_stored(plan, draft, name)
        value = draft.parsed.get(name, stored)
        if value == stored is not None:
            draft.parsed[name] = other
        elif other not in (value, stored):
            draft.add_problem(Problem("contradiction", Family.INVALID, CONTRADICTION, (name,)))


def _find_stored(plan: Plan, draft: DraftState, name: str) -> object:
    """Return what is stored of a field, of a map the entries that were sent; None for a new record."""
    if draft.stored is None or name in draft.stored:
        return (draft.stored or {}).get(name)
    found = {}
    for table in plan.children:
        for map_field in table.maps:
            children = draft.stored_children.get(table.source, {}) if map_field.name == name else {}
            entries = {table.map_key(map_field, key): child for key, child in children.items()}
            found.update({key: child[table.map_column] for key, child in entries.items() if key is not None})
    return {key: found.get(key) for key in draft.parsed.get(name) or found}


def _decide_known(plan: Plan, draft: DraftState) -> None:
    _choose_rivals(plan, draft)
    draft.columns = {name: new for name, new in draft.parsed.items() if name in plan.columns}
    if draft.stored is not None and plan.custom and not plan.custom.keys().isdisjoint(draft.parsed):
        draft.columns["custom"] = _merge_custom(plan, draft.parsed, draft.stored["custom"])
    if VENDOR in draft.columns and draft.stored is not None:
        draft.columns[VENDOR] = merge_vendor_data(plan.vendor_field, draft.parsed[VENDOR], draft.stored[VENDOR])
    _decide_children(plan, draft)


def _merge_custom(plan: Plan, parsed: Mapping[str, object], stored: Mapping[str, object]) -> dict[str, object]:
    """Return the content of the custom column: what was sent, laid over what is stored."""
    custom = dict(stored)
    for name, inside in plan.custom.items():
        if name in parsed:
            value = parsed[name]
            if value in (None, ""):  # cleared: absent in JSON, so that "has no value" has one form only
                custom.pop(inside, None)
            else:
                custom[inside] = lexical(value)
    return custom


def _decide_children(plan: Plan, draft: DraftState) -> None:
    for table in plan.children:
        if not table.names.isdisjoint(draft.parsed):
            current = draft.stored_children.get(table.source, {})
            draft.targets[table.source], problems = target_children(table, current, draft.parsed, draft.rivals)
            for problem in problems:
                if draft.is_read(*plan.storage_path(problem.path)):
                    draft.add_unread(plan, problem)


def diff(plan: Plan, draft: DraftState, scope: CompiledScope) -> None:
    """Keep only the columns and children that differ from what is stored; reject a record that has problems."""
    for source, target in draft.targets.items():
        if change := difference(draft.stored_children.get(source, {}), target):
            draft.children[source] = change
    if draft.stored is not None:
        stored = draft.stored
        draft.columns = {name: new for name, new in draft.columns.items() if stored[name] != new}
    # Last, because the scope looks at the record as the rules have completed it.
    outside = find_scope_problems(plan, draft, scope) if scope.has_limits else ()
    inactive = _find_inactive_codes(plan, draft) if plan.has_inactive_codes else ()
    draft.reject(*inactive, *outside)
    if draft.outcome is None and draft.stored is not None and not draft.columns and not draft.children:
        draft.succeed(Result.UNCHANGED)


def _find_inactive_codes(plan: Plan, draft: DraftState) -> Iterator[Problem]:
    """Yield a problem for each code that is switched off and that the record, or the child itself, did not have."""
    for name, inactive in plan.inactive_codes.items():
        if draft.columns.get(name) in inactive:
            code = quote_text(str(draft.columns[name]))
            yield unknown_code_problem(plan.resource.by_name[name].code_list, code, (name,))
    for table in plan.children:
        if table.inactive_codes and table.source in draft.children:
            yield from _find_inactive_codes_of_children(table, draft, draft.children[table.source])


def _find_inactive_codes_of_children(table: ChildTable, draft: DraftState, change: Difference) -> Iterator[Problem]:
    stored = draft.stored_children.get(table.source, {})
    for key, values in (*change.added.items(), *change.changed.items()):
        before = _child_columns(table, key, stored[key]) if key in stored else {}
        for name, code in _child_columns(table, key, values).items():
            if code in table.inactive_codes.get(name, ()) and code != before.get(name):
                field, path = _find_code_field(table, draft, key, name)
                yield unknown_code_problem(field.code_list, quote_text(str(code)), path)


def _child_columns(table: ChildTable, key: tuple, values: Mapping[str, object]) -> dict[str, object]:
    return {**dict(zip((column.field for column in table.key), key, strict=True)), **values}


def _find_code_field(table: ChildTable, draft: DraftState, key: tuple, name: str) -> tuple[Field, Path]:
    """Return the field of a child that holds a code, and the path to it in what was sent."""
    for map_field in table.maps:
        if map_field.name in draft.parsed and (entry := table.map_key(map_field, key)) is not None:
            return map_field.keys, (map_field.name, entry)
    if table.rows is None:
        return table.maps[0].keys, (table.maps[0].name,)
    return table.rows.child.by_name[name], (table.rows.name, [*draft.targets[table.source]].index(key), name)
