"""
Records that are written once for each stored record that they match, where their rule takes several.

Each becomes as many as are found, by their ids; their outcomes become one: it has failed if one of them has.
"""

from collections.abc import Callable, Iterator, Sequence

from records.shapes.copying import replace
from records.shapes.matching import Matching, MatchRule
from records.shapes.outcomes import Outcome, Result, failed_outcome
from records.shapes.values import MATCH_BY, MatchBy, Values
from records.write.drafts import Lookup
from records.write.match_fields import type_values
from records.write.matching import (
    Match,
    Matches,
    build_lookups,
    find_looked_up,
    find_matches,
    find_rules,
    matched_fields,
)
from records.write.plan import Plan

Run = Callable[[Sequence[Values]], Sequence[Outcome]]

BY_ID = (MatchRule(("id",), existing=("id",)),)
RESULTS = (Result.UPDATED, Result.DELETED, Result.INACTIVATED, Result.UNCHANGED)  # the first that there is tells of all


def takes_several(records: Sequence[Values], matching: Matching) -> bool:
    """True if a rule of one of the records takes all that it finds."""
    return any(rule.several for values in records for rule in find_rules(values, matching))


def run_for_each_match(plan: Plan, matching: Matching, run: Run, records: Sequence[Values]) -> Sequence[Outcome]:
    """
    Write each record for all the stored ones that it matches; one outcome per record, in order.

    run  writes records of which each matches one stored record, or is new
    """
    rules = [find_rules(values, matching) for values in records]
    looked_up = [find_looked_up(values) for values in records]
    fields = matched_fields(plan, (rule for each in dict.fromkeys(rules) for rule in each))
    typed = type_values(plan, fields, looked_up)
    lookups = [build_lookups(plan, *each) for each in zip(rules, looked_up, typed, strict=True)]
    matches = find_matches(plan, (lookup for each in lookups for lookup in each))
    copies = [[*_copy(values, each, matches)] for values, each in zip(records, lookups, strict=True)]
    if all(len(each) == 1 for each in copies):
        return run(records)
    outcomes = iter(run([copy for each in copies for copy in each]))
    return [_join([next(outcomes) for _ in each]) for each in copies]


def _copy(values: Values, lookups: Sequence[Lookup], matches: Matches) -> Iterator[Values]:
    """Yield a record as it is, or once for each of the stored ones that the first of its rules has found."""
    several = _find_several(lookups, matches)
    if not several:
        yield values
    for id_, _ in several:
        yield {**values, MATCH_BY: MatchBy(BY_ID, {"id": str(id_)})}


def _find_several(lookups: Sequence[Lookup], matches: Matches) -> Sequence[Match]:
    for lookup in lookups:
        found = () if lookup.rule.taken else matches.get(lookup.condition, ())
        if len(found) == 1:
            break
        if found and lookup.rule.several:
            return found
    return ()


def _join(outcomes: Sequence[Outcome]) -> Outcome:
    if len(outcomes) == 1:
        return outcomes[0]
    failed = [outcome for outcome in outcomes if outcome.failed]
    if failed:
        problems = dict.fromkeys(problem for outcome in failed for problem in outcome.problems)
        return failed_outcome(failed[0].key, *problems)
    warnings = dict.fromkeys(warning for outcome in outcomes for warning in outcome.warnings)
    return replace(min(outcomes, key=lambda outcome: RESULTS.index(outcome.result)), warnings=tuple(warnings))
