"""
Records written in sequence, one after the other, in as few batches as that takes.

A record waits for the next batch when an earlier one that is not written yet might change what it finds, or finds
something that it might change itself:

    a value by which one of them searches is one that the other may write
    they may both concern the record of one key: that which they find, or that which they would make

So the outcome of each is that of a call of its own, and the cost depends on the number of batches, not of records.
Automatic numbers may come in another order. What records compete for beside their keys and what they are found by, such
as a portal's address, is not foreseen.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from records import sql
from records.shapes.fields import ScalarField
from records.shapes.matching import Matching, MatchRule
from records.shapes.outcomes import Outcome
from records.shapes.parsing import blank
from records.shapes.values import Values
from records.write import statements
from records.write.drafts import Lookup, Write
from records.write.match_fields import MatchField, find_match_field, fold_text, type_values
from records.write.matching import (
    Matches,
    build_lookups,
    find_looked_up,
    find_matches,
    find_rules,
    find_written,
    match_by,
    matched_fields,
)
from records.write.plan import Plan

ANY_VALUE = object()  # in the place of a value that is not known beforehand

ColumnValue = tuple[str, object]  # a column and a value
Run = Callable[[Sequence[Values]], Sequence[Outcome]]


@dataclass(frozen=True, slots=True)
class ReadWriteSet:
    """
    The values that one record looks up, and those that it may write.

    reads   the values that its lookups compare
    writes  the values that a stored record may get from it, of those that lookups compare
    key     that a new record would get from it; None: it comes without
    """

    lookups: tuple[Lookup, ...]
    reads: Set[ColumnValue]
    writes: Set[ColumnValue]
    key: tuple | None


@dataclass
class PendingWrites:
    """The values that earlier records, not written yet, look up and may write, and the keys that they concern."""

    reads: set[ColumnValue] = field(default_factory=set)
    writes: set[ColumnValue] = field(default_factory=set)
    keys: set[tuple] = field(default_factory=set)

    def conflict_with(self, own: ReadWriteSet, keys: Set[tuple]) -> bool:
        """True if the order matters in which a record comes."""
        return not (
            self.writes.isdisjoint(own.reads) and self.reads.isdisjoint(own.writes) and self.keys.isdisjoint(keys)
        )

    def add(self, own: ReadWriteSet, keys: Set[tuple]) -> None:
        self.reads |= own.reads
        self.writes |= own.writes
        self.keys |= keys


def run_in_sequence(
    plan: Plan, write: Write | None, records: Sequence[Values], matching: Matching, auto_columns: Set[str], run: Run
) -> Sequence[Outcome]:
    """
    Write the records one after the other, in batches that `run` writes; one outcome per record, in order.

    write         None: they are to be removed
    auto_columns  the columns that the rules may set by themselves
    """
    if len(records) < 2:
        return run(records)
    sets = _build_read_write_sets(plan, write, records, matching, auto_columns)
    outcomes: dict[int, Outcome] = {}
    while waiting := [number for number in range(len(records)) if number not in outcomes]:
        # Looked up anew for each batch: the one before may have changed what is found.
        matches = find_matches(plan, (lookup for number in waiting for lookup in sets[number].lookups))
        batch = list(_select_independent(waiting, sets, matches))
        if not outcomes and len(batch) < len(waiting):
            _lock_all(plan, write, (lookup for each in sets for lookup in each.lookups), matches)
        outcomes.update(zip(batch, run([records[number] for number in batch]), strict=True))
    return [outcomes[number] for number in range(len(records))]


def _select_independent(waiting: Iterable[int], sets: Sequence[ReadWriteSet], matches: Matches) -> Iterator[int]:
    """Yield the records that no earlier one concerns; the first always is one."""
    earlier = PendingWrites()
    for number in waiting:
        own = sets[number]
        keys = {key for each in own.lookups for _, key in matches.get(each.condition, ())}
        if own.key is not None:
            keys.add(own.key)
        if not earlier.conflict_with(own, keys):
            yield number
        # A record that waits counts as well: a later one must not overtake it.
        earlier.add(own, keys)


def _lock_all(plan: Plan, write: Write | None, lookups: Iterable[Lookup], matches: Matches) -> None:
    """Lock the matches of all batches at once, so that two such calls lock in one order and cannot deadlock."""
    several = {each.condition for each in lookups if each.rule.several}
    ids = {id_ for condition, found in matches.items() if len(found) == 1 or condition in several for id_, _ in found}
    if ids:
        lock = "UPDATE" if write is None else "NO KEY UPDATE"
        sql.rows(statements.lock_by_id(plan.table, plan.key, lock), [sorted(ids)])


def _build_read_write_sets(
    plan: Plan, write: Write | None, records: Sequence[Values], matching: Matching, auto_columns: Set[str]
) -> list[ReadWriteSet]:
    rules = [_match_rules(plan, write, values, records, matching) for values in records]
    known = dict.fromkeys(rule for each in dict.fromkeys(rules) for rule in each)
    # Found by their keys alone, records concern each other by these alone.
    fields = matched_fields(plan, known) if matching.rules else []
    # A relation may be written under another name than the one it is looked up by.
    others = (other for each in fields if not each.map for other in plan.resource.alternatives(each.item))
    alternatives = [MatchField((other.name,), other) for other in others if isinstance(other, ScalarField)]
    key_fields = [MatchField((p.name,), p) for p in plan.resource.key_fields if isinstance(p, ScalarField)]
    compared = [*fields, *alternatives]
    read = dict.fromkeys((*compared, *key_fields, *matched_fields(plan, known)))
    looked_up, written = [find_looked_up(values) for values in records], [find_written(values) for values in records]
    typed = type_values(plan, read, looked_up)
    new = typed if not any(map(match_by, records)) else type_values(plan, read, written)
    sets = []
    for n, own in enumerate(rules):
        lookups = build_lookups(plan, own, looked_up[n], typed[n])
        reads = frozenset(_find_reads(plan, lookups) if fields else ())
        writes = frozenset(_find_writes(write, written[n], new[n], compared, auto_columns) if fields else ())
        sets.append(ReadWriteSet(lookups, reads, writes, _find_key(plan, new[n])))
    return sets


def _match_rules(
    plan: Plan, write: Write | None, values: Values, records: Sequence[Values], matching: Matching
) -> tuple[MatchRule, ...]:
    """Return the rules that find stored records; by key none are needed, unless some records come with their ids."""
    if matching.rules:
        return find_rules(values, matching) if write is not Write.ADD else ()
    return (MatchRule(plan.resource.key), MatchRule(("id",))) if any("id" in each for each in records) else ()


def _find_reads(plan: Plan, lookups: Iterable[Lookup]) -> Iterator[ColumnValue]:
    for lookup in lookups:
        if not lookup.is_possible:
            continue
        for name, value in (
            *zip(lookup.fields, lookup.values, strict=True),
            *((name, "") for name in lookup.rule.blank),
        ):
            column = find_match_field(plan, name).stored_as
            # Without case even where it matters: then a record may wait for one that is no matter to it.
            yield column, fold_text(value)
            yield column, ANY_VALUE


def _find_writes(
    write: Write | None,
    values: Values,
    typed: Mapping[str, object],
    fields: Iterable[MatchField],
    auto_columns: Set[str],
) -> Iterator[ColumnValue]:
    if write not in (Write.UPDATE, Write.PUT):
        return
    for each in fields:
        value = typed.get(each.name)
        sent = each.find_value(values) is not None
        if each.map is None and each.name not in typed and (write is Write.PUT or sent):
            value = blank(each.item)  # the default of a new record, or of a stored one whose field is cleared
        if value not in (None, "") or sent:
            yield each.stored_as, fold_text("" if value is None else value)
    for column in auto_columns:
        yield column, ANY_VALUE


def _find_key(plan: Plan, typed: Mapping[str, object]) -> tuple | None:
    """Return the key as far as it is sent; None when it is numbered automatically, or will be missed."""
    needed = (part for part in plan.resource.key_fields if part.auto_number or plan.resource.needs(part))
    if not all(part.name in typed for part in needed):
        return None
    return tuple(typed.get(name) for name in plan.resource.key)
