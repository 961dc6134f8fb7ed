"""
Stored records found by other fields than the key (`records.shapes.matching`).

    prepare_lookups  the lookups of each record, typed; relations by the ids of the records that they name
    find_matches     one query per distinct set of fields, for all records: the ids and keys of what has these values;
                     another where none has them and their case is no matter
    match            none, one or several: the record is new, gets the key of its stored one, or is rejected
    still_matches    a match is read without a lock; once it is locked: true if it still has the values looked up
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import groupby
from typing import Any

from records import sql
from records.shapes.criteria import without_case
from records.shapes.fields import Field, Kind, ScalarField
from records.shapes.formatting import lexical
from records.shapes.matching import Matching, MatchRule
from records.shapes.parsing import is_blank, reader, unknown
from records.shapes.problems import Family, Problem, ProblemError, invalid_problem, keys_disagree_problem
from records.shapes.references import Ref
from records.shapes.scalars import Reader
from records.shapes.values import InvalidValue, Value, Values, quote_text
from records.sql import quote_name
from records.write import statements
from records.write.batch import DraftState, Lookup, Write, find_missing_key, has_key
from records.write.plan import Plan, column_name
from records.write.resolve import find_references
from records.write.statements import Comparison

CASTS = {
    Kind.TEXT: "text",
    Kind.INTEGER: "bigint",  # wider than any column, so that no number is too large to be looked for
    Kind.DECIMAL: "numeric",
    Kind.BOOLEAN: "boolean",
    Kind.DATE: "date",
    Kind.DATETIME: "timestamptz",
}

Match = tuple[int, tuple]  # id and key
Matches = Mapping[tuple[tuple[str, ...], tuple], Sequence[Match]]  # by the fields and values of a Lookup


def prepare_lookups(plan: Plan, batch: Sequence[DraftState], matching: Matching, records: Sequence[Values]) -> None:
    """Give each record its lookups; raises ProblemError for fields by which nothing can be found."""
    fields = matched_fields(plan, matching.rules)
    for draft, values, typed in zip(batch, records, type_values(plan, fields, records), strict=True):
        draft.lookups = build_lookups(matching.rules, values, typed)
        if draft.outcome is None:  # of a record that is to be removed nothing else has been read
            named = ((each.name, values.get(each.name)) for each in fields)
            for name, value in named:
                if isinstance(value, InvalidValue):
                    draft.add_unread(plan, value.problem.under(name))


def matched_fields(plan: Plan, rules: Iterable[MatchRule]) -> list[ScalarField]:
    """Return the fields of the rules, each once; raises ProblemError for those by which nothing can be found."""
    fields = []
    for name in dict.fromkeys(name for rule in rules for name in rule.fields):
        field = plan.resource.by_name.get(name)
        if field is None or field.secret:
            raise ProblemError(unknown(plan.resource, name))
        if not isinstance(field, ScalarField) or not (field.writable or name == "id"):
            raise ProblemError(
                invalid_problem("Records cannot be found by {field}.", code="no-match-field", path=(name,))
            )
        fields.append(field)
    return fields


def type_values(plan: Plan, fields: Sequence[ScalarField], records: Sequence[Values]) -> list[dict[str, object]]:
    """
    Type the values of each record in these fields, as they would be stored; None is a value that cannot be.

    Absent and empty values are left out. One query per field that names another record.
    """
    typed: list[dict[str, object]] = [{} for _ in records]
    for field in fields:
        # Without the field's limits: a value that cannot be stored is no error here, it finds nothing.
        read = reader(ScalarField(field.name, field.kind, multiline=field.multiline))
        sent = [(n, _read(read, values[field.name])) for n, values in enumerate(records) if _has(values, field.name)]
        if field.reference is not None and sent:
            target = plan.columns[field.stored_as].relation_target
            refs = find_references(field, target, {value for _, value in sent if value is not None})
            sent = [(n, _take_only(refs.get(value, ()))) for n, value in sent]
        for n, value in sent:
            typed[n][field.name] = lexical(value) if field.custom and value is not None else value
    return typed


def _has(values: Values, name: str) -> bool:
    return name in values and not is_blank(values[name])


def _read(read: Reader, value: Value) -> object:
    try:
        return read(value)
    except ProblemError:
        return None


def _take_only(refs: Iterable) -> object:
    # A name of several records finds none of them: to guess would write to the wrong one.
    one, *others = refs or (None,)
    return None if others else one


def build_lookups(rules: Iterable[MatchRule], values: Values, typed: Mapping[str, object]) -> tuple[Lookup, ...]:
    """Build one lookup of a record for each rule; `typed` are its typed values."""
    return tuple(_build_lookup(rule, values, typed) for rule in rules)


def _build_lookup(rule: MatchRule, values: Values, typed: Mapping[str, object]) -> Lookup:
    usable = tuple(name for name in rule.fields if name in typed)[: 1 if rule.first_only else None]
    return Lookup(rule, usable, tuple(typed[name] for name in usable), tuple(str(values[name]) for name in usable))


def find_matches(plan: Plan, lookups: Iterable[Lookup]) -> Matches:
    """
    Return the stored records that have the values looked up: one query for each set of fields.

    Another one for those of a caseless rule that found nothing: exact matches count alone.
    """
    possible = [each for each in lookups if each.is_possible]
    matches = _find_matches(plan, {(each.fields, each.values) for each in possible}, caseless=False)
    without = {(each.fields, each.values) for each in possible if each.rule.caseless and each.has_text} - matches.keys()
    return {**matches, **_find_matches(plan, without, caseless=True)} if without else matches


def _find_matches(plan: Plan, possible: Set[tuple], *, caseless: bool) -> dict[tuple, list[Match]]:
    matches: dict[tuple, list[Match]] = {}
    for names, group in groupby(sorted(possible, key=lambda one: one[0]), key=lambda one: one[0]):
        wanted = [values for _, values in group]
        comparisons = tuple(_build_comparison(plan, plan.resource.by_name[name], caseless=caseless) for name in names)
        statement = statements.select_matches(plan.table, plan.key, comparisons)
        columns = zip(*wanted, strict=True)
        for place, id_, *key in sql.rows(statement, [sql.text_array(list(map(_text, column))) for column in columns]):
            typed_key = tuple(column.decode(part) for column, part in zip(plan.key, key, strict=True))
            matches.setdefault((names, wanted[place - 1]), []).append((id_, typed_key))
    return matches


def _build_comparison(plan: Plan, field: Field, *, caseless: bool) -> Comparison:
    if field.custom:
        inside = field.stored_as.replace("'", "''")
        return Comparison(f"((t.custom->>'{inside}') COLLATE \"C\")", "text", caseless)
    if field.reference is not None:
        return Comparison(f"t.{quote_name(plan.columns[field.stored_as].name)}", "bigint")
    column = "id" if field.name == "id" else plan.columns[field.name].name
    return Comparison(f"t.{quote_name(column)}", CASTS[field.kind], caseless and field.kind is Kind.TEXT)


def _text(value: object) -> str:
    return str(value.id) if isinstance(value, Ref) else lexical(value)


def match(plan: Plan, write: Write | None, batch: Sequence[DraftState]) -> None:
    """
    Give each record the key of the one stored record that it matches; or reject it, or let it be new.

    write  None: they are to be removed
    """
    matches = find_matches(plan, (lookup for draft in batch for lookup in draft.lookups))
    for draft in batch:
        results = [(lookup, matches.get((lookup.fields, lookup.values), ())) for lookup in draft.lookups]
        # The first rule that finds exactly one decides, even when an earlier one has found several.
        one = next(((lookup, found[0]) for lookup, found in results if len(found) == 1), None)
        several = next(((lookup, len(found)) for lookup, found in results if found), None)
        draft.id, draft.version, draft.stored, draft.matched_by, draft.needs_number = None, 0, None, None, False
        if one is not None:
            _take_key(plan, draft, *one)
        elif several is not None:
            draft.reject(_match_problem(plan, *several))
        elif write is Write.PUT and not any(set(each.fields) & set(each.rule.existing) for each in draft.lookups):
            _make_new(plan, draft)
        else:
            lookup = next((each for each in draft.lookups if each.fields), draft.lookups[0])
            draft.reject(_match_problem(plan, lookup, 0))


def _take_key(plan: Plan, draft: DraftState, lookup: Lookup, found: Match) -> None:
    """Give the record the key of its match; reject it when it was sent with another one."""
    _, key = found
    for name, part in zip(plan.resource.key, key, strict=True):
        sent = draft.parsed.get(name)
        if sent not in (None, "") and sent != part:
            subject = f"The {plan.resource.label.lower()} that matches"
            draft.reject(keys_disagree_problem(subject, name, quote_text(lexical(part)), quote_text(lexical(sent))))
            return
    draft.matched_by, draft.key = lookup, key


def _make_new(plan: Plan, draft: DraftState) -> None:
    for problem in find_missing_key(plan, draft, draw=True):
        draft.add_unread(plan, problem)
    draft.key = tuple(draft.parsed[column.field] for column in plan.key) if has_key(plan, draft) else ()


def _match_problem(plan: Plan, lookup: Lookup, number: int) -> Problem:
    """`2 customers match {field} 'A1' and {other} 'Byron'.`: the number is always the first word."""
    found = f"{number} {plan.resource.label_plural.lower()} match"
    code, family = ("ambiguous", Family.AMBIGUOUS) if number else ("no-match", Family.NOT_FOUND)
    if not lookup.fields:
        text = f"{found}, for there is nothing to look for; send {{field}}."
        return Problem(code, family, text, lookup.rule.fields[:1])
    conditions = [
        f"{mark} {quote_text(text)}" for mark, text in zip(("{field}", "{other}"), lookup.texts, strict=False)
    ]
    if more := len(lookup.fields) - len(conditions):
        conditions.append(f"{more} more field{'s' if more > 1 else ''}")
    return Problem(code, family, f"{found} {' and '.join(conditions)}.", lookup.fields[:1], lookup.fields[1:2])


def still_matches(plan: Plan, draft: DraftState) -> bool:
    """True if the stored record that was locked still has the values by which it was found."""
    lookup, stored = draft.matched_by, draft.stored
    if lookup is None or stored is None:
        return False
    pairs = zip(lookup.fields, lookup.values, strict=True)
    fold = fold_text if lookup.rule.caseless else _as_it_is
    return all(fold(_stored_value(plan, draft.id, stored, name)) == fold(value) for name, value in pairs)


def fold_text(value: object) -> object:
    """Return a text without its case; any other value as it is."""
    return without_case(value) if isinstance(value, str) else value


def _as_it_is(value: object) -> object:
    return value


def _stored_value(plan: Plan, id_: int | None, stored: Mapping[str, Any], name: str) -> object:
    field = plan.resource.by_name[name]
    if field.custom:
        return stored["custom"].get(field.stored_as)
    return id_ if name == "id" else stored[column_name(field)]
