"""
Records written one after the other, in as few batches as that takes: waves.

A record waits for the next wave when an earlier one that is not written yet might change what it finds, or finds
something that it might change itself:

    a value by which one of them searches is one that the other may write
    they may both concern the record of one key: that which they find, or that which they would make

So what becomes of each is what would become of it in a call of its own, and what it costs depends on the number of
waves, not of records. Numbers that are drawn may come in another order. What records compete for beside their keys and
what they are found by, such as a portal's address, is not foreseen.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field

from records import sql
from records.shapes.fields import Field
from records.shapes.matching import Matching, MatchRule
from records.shapes.outcomes import Outcome
from records.shapes.parsing import blank
from records.shapes.values import Values
from records.write import statements
from records.write.batch import Asked, Write
from records.write.matching import Hits, asked, matched_fields, search, typed
from records.write.plan import Plan, column_name

SOMETHING = object()  # in the place of a value that is not known beforehand

Named = tuple[str, object]  # a column and a value
Run = Callable[[Sequence[Values]], list[Outcome]]


@dataclass(frozen=True, slots=True)
class ReadWriteSet:
    """
    What one record looks for and may write.

    asked     what its ways ask of its twin
    searched  the values by which it searches
    written   the values that a record may have because of it, of those by which records search
    key       that a new record of its would have; None: it comes without
    """

    asked: tuple[Asked, ...]
    searched: Set[Named]
    written: Set[Named]
    key: tuple | None


@dataclass
class PendingWrites:
    """What earlier records look for and may write that are not written yet, and the keys that they concern."""

    searched: set[Named] = field(default_factory=set)
    written: set[Named] = field(default_factory=set)
    keys: set[tuple] = field(default_factory=set)

    def concern(self, stake: ReadWriteSet, keys: Set[tuple]) -> bool:
        """Whether the order matters in which a record comes."""
        return not (
            self.written.isdisjoint(stake.searched)
            and self.searched.isdisjoint(stake.written)
            and self.keys.isdisjoint(keys)
        )

    def add(self, stake: ReadWriteSet, keys: Set[tuple]) -> None:
        self.searched |= stake.searched
        self.written |= stake.written
        self.keys |= keys


def run_in_sequence(
    plan: Plan, write: Write | None, records: Sequence[Values], matching: Matching, fills: Set[str], run: Run
) -> list[Outcome]:
    """
    Write the records one after the other: `run` writes those of one wave. Gives one outcome per record, in order.

    write  None: they are to be removed
    fills  the columns that the rules may set by themselves
    """
    if len(records) < 2:
        return run(records)
    stakes = _stakes(plan, write, records, matching, fills)
    outcomes: dict[int, Outcome] = {}
    while waiting := [number for number in range(len(records)) if number not in outcomes]:
        hits = search(plan, (each for number in waiting for each in stakes[number].asked))
        wave = list(_independent(waiting, stakes, hits))
        if not outcomes and len(wave) < len(waiting):
            _lock_all(plan, write, hits)
        outcomes.update(zip(wave, run([records[number] for number in wave]), strict=True))
    return [outcomes[number] for number in range(len(records))]


def _independent(waiting: Iterable[int], stakes: Sequence[ReadWriteSet], hits: Hits) -> Iterator[int]:
    """The records that no earlier one concerns; the first always is one."""
    claims = PendingWrites()
    for number in waiting:
        stake = stakes[number]
        keys = {key for each in stake.asked for _, key in hits.get((each.fields, each.values), ())}
        if stake.key is not None:
            keys.add(stake.key)
        if not claims.concern(stake, keys):
            yield number
        claims.add(stake, keys)


def _lock_all(plan: Plan, write: Write | None, hits: Hits) -> None:
    """Lock at once what the waves will lock one by one, so that calls which meet do so in one order."""
    ids = sorted({some[0][0] for some in hits.values() if len(some) == 1})
    if ids:
        sql.rows(statements.lock(plan.table, plan.key, "UPDATE" if write is None else "NO KEY UPDATE"), [ids])


def _stakes(
    plan: Plan, write: Write | None, records: Sequence[Values], matching: Matching, fills: Set[str]
) -> list[ReadWriteSet]:
    ways = _ways(plan, write, records, matching)
    fields = matched_fields(plan, matching.rules if ways else ())
    beside = [other for each in fields for other in plan.resource.beside(each)]
    known = dict.fromkeys((*fields, *beside, *plan.resource.key_fields, *matched_fields(plan, ways)))
    found = typed(plan, list(known), records)
    return [
        ReadWriteSet(
            questions := asked(ways, values, has),
            frozenset(_searched(plan, questions) if fields else ()),
            frozenset(_written(write, values, has, (*fields, *beside), fills) if fields else ()),
            _key(plan, has),
        )
        for values, has in zip(records, found, strict=True)
    ]


def _ways(plan: Plan, write: Write | None, records: Sequence[Values], matching: Matching) -> tuple[MatchRule, ...]:
    """How twins are found. By key nothing need be asked, unless some records say their ids instead."""
    if matching.rules:
        return matching.rules if write is not Write.ADD else ()
    return (MatchRule(plan.resource.key), MatchRule(("id",))) if any("id" in values for values in records) else ()


def _searched(plan: Plan, questions: Iterable[Asked]) -> Iterator[Named]:
    for each in questions:
        for name, value in zip(each.fields, each.values, strict=True) if each.possible else ():
            column = column_name(plan.resource.by_name[name])
            yield column, value
            yield column, SOMETHING


def _written(
    write: Write | None, values: Values, has: dict[str, object], fields: Iterable[Field], fills: Set[str]
) -> Iterator[Named]:
    if write not in (Write.UPDATE, Write.PUT):
        return
    for each in fields:
        value = has.get(each.name)
        if each.name not in has and (write is Write.PUT or each.name in values):
            value = blank(each)  # a new record has it by itself, another one when it is cleared
        if value not in (None, ""):
            yield column_name(each), value
    for column in fills:
        yield column, SOMETHING


def _key(plan: Plan, has: dict[str, object]) -> tuple | None:
    """The key as far as it is sent; None when it is to be drawn, or will be missed."""
    needed = (part for part in plan.resource.key_fields if part.auto_number or plan.resource.needs(part))
    if not all(part.name in has for part in needed):
        return None
    return tuple(has.get(name) for name in plan.resource.key)
