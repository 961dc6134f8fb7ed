"""
Stored records found by other fields than the key (`records.shapes.matching`).

    prepare_lookups  the lookups of each record, typed; relations by the ids of the records that they name
    find_matches     one query per distinct set of fields, for all records: the ids and keys of what has these values;
                     another where none has them and their case is no matter
    match            none, one or several: the record is new, gets the key of its stored one, or is rejected
    still_matches    a match is read without a lock; once it is locked: true if it still has the values looked up
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import groupby

from records import sql
from records.shapes.formatting import lexical
from records.shapes.matching import Matching, MatchRule
from records.shapes.problems import Family, Problem, keys_disagree_problem, taken_problem
from records.shapes.references import Ref
from records.shapes.values import MATCH_BY, InvalidValue, MatchBy, Values, quote_text
from records.write import statements
from records.write.batch import find_missing_key, has_key, read_values
from records.write.drafts import DraftState, IfNew, Lookup, Write
from records.write.match_fields import (
    MatchField,
    build_comparison,
    find_match_field,
    fold_text,
    match_path,
    stored_value,
    type_values,
)
from records.write.plan import Plan

Match = tuple[int, tuple]  # id and key
Matches = Mapping[tuple, Sequence[Match]]  # by `Lookup.condition`


def match_by(values: Values) -> MatchBy | None:
    """Return how a record wants to be found; None: as the call says."""
    own = values.get(MATCH_BY)
    return own if isinstance(own, MatchBy) else None


def find_rules(values: Values, matching: Matching) -> tuple[MatchRule, ...]:
    """Return the rules by which a record is found."""
    own = match_by(values)
    return matching.rules if own is None else own.rules


def find_looked_up(values: Values) -> Values:
    """Return the values of a record that are looked up."""
    own = match_by(values)
    return {**values, **own.values} if own is not None and own.values else values


def find_written(values: Values) -> Values:
    """Return the values that a record may write: its own, and those that it has besides if it is new."""
    own = match_by(values)
    if own is None or not own.new:
        return values
    # Of a map the entries are laid over one another.
    sent = {name: value for name in own.new if isinstance(value := values.get(name), dict)}
    maps = {name: {**new, **sent[name]} for name, new in own.new.items() if isinstance(new, dict) and name in sent}
    return {**own.new, **values, **maps}


def prepare_lookups(plan: Plan, batch: Sequence[DraftState], matching: Matching, records: Sequence[Values]) -> None:
    """Give each record its lookups; raises ProblemError for fields by which nothing can be found."""
    rules = [find_rules(values, matching) for values in records]
    fields = matched_fields(plan, (rule for each in dict.fromkeys(rules) for rule in each))
    looked_up = [find_looked_up(values) for values in records]
    for draft, own, values, typed in zip(batch, rules, looked_up, type_values(plan, fields, looked_up), strict=True):
        draft.lookups = build_lookups(plan, own, values, typed)
        if draft.outcome is None:  # of a record that is to be removed nothing else has been read
            named = ((each, each.find_value(values)) for each in fields)
            for field, value in named:
                if isinstance(value, InvalidValue):
                    draft.add_unread(plan, value.problem.under(*field.path))


def prepare_new_values(plan: Plan, batch: Sequence[DraftState], records: Sequence[Values]) -> None:
    """Give each record what it has besides if it is new."""
    for draft, values in zip(batch, records, strict=True):
        own = match_by(values)
        if own is not None and own.new:
            draft.if_new = IfNew(*read_values(plan, own.new))


def find_map_fields(draft: DraftState) -> Iterator[str]:
    """Yield the maps by whose entries the stored record of a draft was found."""
    lookup = draft.matched_by
    for name in (*lookup.fields, *lookup.rule.blank) if lookup is not None else ():
        if len(path := match_path(name)) > 1:
            yield str(path[0])


def matched_fields(plan: Plan, rules: Iterable[MatchRule]) -> list[MatchField]:
    """Return the fields of the rules, each once; raises ProblemError for those by which nothing can be found."""
    return [
        find_match_field(plan, name)
        for name in dict.fromkeys(name for rule in rules for name in (*rule.fields, *rule.blank))
    ]


def build_lookups(
    plan: Plan, rules: Iterable[MatchRule], values: Values, typed: Mapping[str, object]
) -> tuple[Lookup, ...]:
    """Build one lookup of a record for each rule; `typed` are its typed values."""
    return tuple(_build_lookup(plan, rule, values, typed) for rule in rules)


def _build_lookup(plan: Plan, rule: MatchRule, values: Values, typed: Mapping[str, object]) -> Lookup:
    usable = tuple(name for name in rule.fields if name in typed)[: 1 if rule.first_only else None]
    texts = tuple(str(find_match_field(plan, name).find_value(values)) for name in usable)
    return Lookup(rule, usable, tuple(typed[name] for name in usable), texts)


def find_matches(plan: Plan, lookups: Iterable[Lookup]) -> Matches:
    """
    Return the stored records that have the values looked up: one query for each set of fields.

    Another one for those of a caseless rule that found nothing: exact matches count alone.
    """
    possible = [each for each in lookups if each.is_possible]
    matches = _find_matches(plan, {each.condition for each in possible}, caseless=False)
    without = {each.condition for each in possible if each.rule.caseless and each.has_text} - matches.keys()
    return {**matches, **_find_matches(plan, without, caseless=True)} if without else matches


def _find_matches(plan: Plan, possible: Set[tuple], *, caseless: bool) -> dict[tuple, list[Match]]:
    matches: dict[tuple, list[Match]] = {}
    for (names, blank), group in groupby(sorted(possible, key=lambda one: one[:2]), key=lambda one: one[:2]):
        wanted = [values for *_, values in group]
        fields = [find_match_field(plan, name) for name in (*names, *blank)]
        compared = tuple(build_comparison(plan, each, caseless=caseless) for each in fields)
        statement = statements.select_matches(plan.table, plan.key, compared[: len(names)], compared[len(names) :])
        columns = zip(*wanted, strict=True)
        for place, id_, *key in sql.rows(statement, [sql.text_array(list(map(_text, column))) for column in columns]):
            typed_key = tuple(column.decode(part) for column, part in zip(plan.key, key, strict=True))
            matches.setdefault((names, blank, wanted[place - 1]), []).append((id_, typed_key))
    return matches


def _text(value: object) -> str:
    return str(value.id) if isinstance(value, Ref) else lexical(value)


def match(plan: Plan, write: Write | None, batch: Sequence[DraftState]) -> None:
    """
    Give each record the key of the one stored record that it matches; or reject it, or let it be new.

    write  None: they are to be removed
    """
    matches = find_matches(plan, (lookup for draft in batch for lookup in draft.lookups))
    for draft in batch:
        results = [(lookup, matches.get(lookup.condition, ())) for lookup in draft.lookups]
        taken = next(((lookup, found) for lookup, found in results if lookup.rule.taken and found), None)
        results = [(lookup, found) for lookup, found in results if not lookup.rule.taken]
        # The first rule that finds exactly one decides, even when an earlier one has found several.
        one = next(((lookup, found[0]) for lookup, found in results if len(found) == 1), None)
        several = next(((lookup, len(found)) for lookup, found in results if found), None)
        draft.id, draft.version, draft.stored, draft.matched_by, draft.needs_number = None, 0, None, None, False
        draft.if_new.withdraw(draft.parsed)
        if one is not None:
            _take_key(plan, draft, *one)
        elif several is not None:
            draft.reject(_match_problem(plan, *several))
        elif write is not Write.PUT or any(set(each.fields) & set(each.rule.existing) for each in draft.lookups):
            lookup = next((each for each in draft.lookups if each.fields), draft.lookups[0])
            draft.reject(_match_problem(plan, lookup, 0))
        elif taken is not None:
            draft.reject(_taken_problem(plan, *taken))
        else:
            _make_new(plan, draft)


def _take_key(plan: Plan, draft: DraftState, lookup: Lookup, found: Match) -> None:
    """Give the record the key of its match; reject it when it was sent with another one, which it may not take."""
    _, key = found
    for name, part in zip(plan.resource.key, key, strict=True):
        sent = draft.parsed.get(name)
        if sent not in (None, "") and sent != part and not plan.resource.renamable:
            subject = f"The {plan.resource.label.lower()} that matches"
            draft.reject(keys_disagree_problem(subject, name, quote_text(lexical(part)), quote_text(lexical(sent))))
            return
    draft.matched_by, draft.key = lookup, key


def _make_new(plan: Plan, draft: DraftState) -> None:
    for problem in draft.if_new.add_to(draft.parsed):
        draft.add_unread(plan, problem)
    for problem in find_missing_key(plan, draft, draw=True):
        draft.add_unread(plan, problem)
    draft.key = tuple(draft.parsed[column.field] for column in plan.key) if has_key(plan, draft) else ()


def _taken_problem(plan: Plan, lookup: Lookup, found: Sequence[Match]) -> Problem:
    key = " / ".join(lexical(part) for part in found[0][1])
    return taken_problem(plan.resource, key, quote_text(lookup.texts[0]), match_path(lookup.fields[0]))


def _match_problem(plan: Plan, lookup: Lookup, number: int) -> Problem:
    """`2 customers match {field} 'A1' and {other} 'Byron'.`: the number is always the first word."""
    found = f"{number} {plan.resource.label_plural.lower()} match"
    code, family = ("ambiguous", Family.AMBIGUOUS) if number else ("no-match", Family.NOT_FOUND)
    if not lookup.fields:
        text = f"{found}, for there is nothing to look for; send {{field}}."
        return Problem(code, family, text, match_path(lookup.rule.fields[0]))
    conditions = [
        f"{mark} {quote_text(text)}" for mark, text in zip(("{field}", "{other}"), lookup.texts, strict=False)
    ]
    if more := len(lookup.fields) - len(conditions):
        conditions.append(f"{more} more field{'s' if more > 1 else ''}")
    first, other = map(match_path, (*lookup.fields[:2], "")[:2])
    return Problem(code, family, f"{found} {' and '.join(conditions)}.", first, other if len(conditions) > 1 else ())


def still_matches(plan: Plan, draft: DraftState) -> bool:
    """True if the stored record that was locked still has the values by which it was found."""
    lookup = draft.matched_by
    if lookup is None or draft.stored is None:
        return False
    fold = fold_text if lookup.rule.caseless else _as_it_is
    pairs = zip((find_match_field(plan, name) for name in lookup.fields), lookup.values, strict=True)
    blank = (stored_value(plan, draft, find_match_field(plan, name)) for name in lookup.rule.blank)
    return all(fold(stored_value(plan, draft, field)) == fold(value) for field, value in pairs) and not any(blank)


def _as_it_is(value: object) -> object:
    return value
