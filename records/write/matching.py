"""
How the records of a call find their stored twins by other fields than the key (`records.shapes.matching`).

    seek     what each record asks of its twin, typed; relations by what they lead to
    search   one query per distinct set of fields, for all records: the ids and keys of what has these values
    match    none, one or several: the record is new, gets the key of its twin, or fails
    answers  what was found is not locked yet; once it is: whether it still has the values by which it was found
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from records import sql
from records.shapes.fields import SCALARS, Field, Kind, ScalarField
from records.shapes.formatting import lexical
from records.shapes.matching import Matching, MatchRule
from records.shapes.parsing import is_blank, reader, unknown
from records.shapes.problems import Family, Problem, ProblemError, invalid
from records.shapes.references import Ref
from records.shapes.scalars import Reader
from records.shapes.values import InvalidValue, Value, Values, quoted
from records.sql import name as quote
from records.write import statements
from records.write.batch import Asked, Draft, Write, lacks_key
from records.write.plan import Plan, column_name
from records.write.resolve import find
from records.write.statements import Compared

CASTS = {
    Kind.TEXT: "text",
    Kind.INTEGER: "bigint",  # wider than any column, so that no number is too large to be looked for
    Kind.DECIMAL: "numeric",
    Kind.BOOLEAN: "boolean",
    Kind.DATE: "date",
    Kind.DATETIME: "timestamptz",
}

Hit = tuple[int, tuple]  # id and key
Hits = Mapping[tuple[tuple[str, ...], tuple], Sequence[Hit]]  # by the fields and values of an Asked


def seek(plan: Plan, batch: Sequence[Draft], matching: Matching, records: Sequence[Values]) -> None:
    """Note what each record asks of its twin; raises ProblemError for fields by which nothing can be found."""
    fields = matched_fields(plan, matching.rules)
    for pending, values, found in zip(batch, records, typed(plan, fields, records), strict=True):
        pending.asked = asked(matching.rules, values, found)
        misfits = [(each.name, values[each.name]) for each in fields if isinstance(values.get(each.name), InvalidValue)]
        if pending.outcome is None:  # of a record that is to be removed nothing else has been read
            pending.fail_with([misfit.problem.under(name) for name, misfit in misfits])


def matched_fields(plan: Plan, ways: Iterable[MatchRule]) -> list[Field]:
    """The fields that the ways name, each once; raises ProblemError for those by which nothing can be found."""
    names = dict.fromkeys(name for way in ways for name in way.fields)
    for name in names:
        field = plan.resource.by_name.get(name)
        if field is None or field.secret:
            raise ProblemError(unknown(plan.resource, name))
        if field.kind not in SCALARS or not (field.writable or name == "id"):
            raise ProblemError(invalid("Records cannot be found by {field}.", code="no-match-field", path=(name,)))
    return [plan.resource.by_name[name] for name in names]


def typed(plan: Plan, fields: Sequence[Field], records: Sequence[Values]) -> list[dict[str, object]]:
    """
    Of each record what it has in these fields, as it would be stored; None is what cannot be.

    What is absent or empty is left out. One query per field that names another record.
    """
    found: list[dict[str, object]] = [{} for _ in records]
    for field in fields:
        read = reader(ScalarField(field.name, field.kind, multiline=field.multiline))
        named = [(n, _read(read, values[field.name])) for n, values in enumerate(records) if _has(values, field.name)]
        if field.reference is not None and named:
            target = plan.columns[field.stored_as].target
            refs = find(field, target, {value for _, value in named if value is not None})
            named = [(n, _only(refs.get(value, ()))) for n, value in named]
        for n, value in named:
            found[n][field.name] = lexical(value) if field.custom and value is not None else value
    return found


def _has(values: Values, name: str) -> bool:
    return name in values and not is_blank(values[name])


def _read(read: Reader, value: Value) -> object:
    try:
        return read(value)
    except ProblemError:
        return None


def _only(refs: Iterable) -> object:
    one, *others = refs or (None,)
    return None if others else one


def asked(ways: Iterable[MatchRule], values: Values, found: Mapping[str, object]) -> tuple[Asked, ...]:
    """What each way asks of the twin of a record, of which `found` is what is typed."""
    return tuple(_asked(way, values, found) for way in ways)


def _asked(way: MatchRule, values: Values, found: Mapping[str, object]) -> Asked:
    usable = tuple(name for name in way.fields if name in found)[: 1 if way.first_only else None]
    return Asked(way, usable, tuple(found[name] for name in usable), tuple(str(values[name]) for name in usable))


def search(plan: Plan, questions: Iterable[Asked]) -> Hits:
    """The records that have the values asked for: one query for each set of fields."""
    possible = {(each.fields, each.values) for each in questions if each.possible}
    hits: dict[tuple, list[Hit]] = {}
    for names, group in groupby(sorted(possible, key=lambda one: one[0]), key=lambda one: one[0]):
        wanted = [values for _, values in group]
        compared = tuple(_compared(plan, plan.resource.by_name[name]) for name in names)
        statement = statements.select_matching(plan.table, plan.key, compared)
        columns = zip(*wanted, strict=True)
        for place, id_, *key in sql.rows(statement, [sql.text_array(list(map(_text, column))) for column in columns]):
            typed_key = tuple(column.decode(part) for column, part in zip(plan.key, key, strict=True))
            hits.setdefault((names, wanted[place - 1]), []).append((id_, typed_key))
    return hits


def _compared(plan: Plan, field: Field) -> Compared:
    if field.custom:
        inside = field.stored_as.replace("'", "''")
        return Compared(f"(t.custom->>'{inside}') COLLATE \"C\"", "text")
    if field.reference is not None:
        return Compared(f"t.{quote(plan.columns[field.stored_as].name)}", "bigint")
    column = "id" if field.name == "id" else plan.columns[field.name].name
    return Compared(f"t.{quote(column)}", CASTS[field.kind])


def _text(value: object) -> str:
    return str(value.id) if isinstance(value, Ref) else lexical(value)


def match(plan: Plan, write: Write | None, batch: Sequence[Draft]) -> None:
    """
    Give each record the key of the one stored record that it asks for; or fail it, or let it be new.

    write  None: they are to be removed
    """
    hits = search(plan, (each for pending in batch for each in pending.asked))
    for pending in batch:
        found = [(each, hits.get((each.fields, each.values), ())) for each in pending.asked]
        one = next(((each, some[0]) for each, some in found if len(some) == 1), None)
        several = next(((each, len(some)) for each, some in found if some), None)
        pending.id, pending.version, pending.twin, pending.met, pending.draws = None, 0, None, None, False
        if one is not None:
            _take_key(plan, pending, *one)
        elif several is not None:
            pending.fail(_unmatched(plan, *several))
        elif write is Write.PUT and not any(set(each.fields) & set(each.way.existing) for each in pending.asked):
            _be_new(plan, pending)
        else:
            pending.fail(_unmatched(plan, next((each for each in pending.asked if each.fields), pending.asked[0]), 0))


def _take_key(plan: Plan, pending: Draft, met: Asked, hit: Hit) -> None:
    _, key = hit
    for name, part in zip(plan.resource.key, key, strict=True):
        sent = pending.parsed.get(name)
        if sent not in (None, "") and sent != part:
            has = f"The {plan.resource.label.lower()} that matches has {{field}} {quoted(lexical(part))}"
            text = f"{has}, not {quoted(lexical(sent))}; they must agree."
            pending.fail(Problem("keys-disagree", Family.INVALID, text, (name,)))
            return
    pending.met, pending.key = met, key


def _be_new(plan: Plan, pending: Draft) -> None:
    if problems := lacks_key(plan, pending, draw=True):
        pending.fail(*problems)
    elif not pending.draws:
        pending.key = tuple(pending.parsed[column.field] for column in plan.key)


def _unmatched(plan: Plan, asked: Asked, number: int) -> Problem:
    """`2 customers match {field} 'A1' and {other} 'Byron'.`: the number is always the first word."""
    found = f"{number} {plan.resource.label_plural.lower()} match"
    code, family = ("ambiguous", Family.AMBIGUOUS) if number else ("no-match", Family.NOT_FOUND)
    if not asked.fields:
        text = f"{found}, for there is nothing to look for; send {{field}}."
        return Problem(code, family, text, asked.way.fields[:1])
    shown = [f"{mark} {quoted(text)}" for mark, text in zip(("{field}", "{other}"), asked.texts, strict=False)]
    if more := len(asked.fields) - len(shown):
        shown.append(f"{more} more field{'s' if more > 1 else ''}")
    return Problem(code, family, f"{found} {' and '.join(shown)}.", asked.fields[:1], asked.fields[1:2])


def answers(plan: Plan, pending: Draft) -> bool:
    """Whether the twin that was locked still has the values by which it was found."""
    pairs = zip(pending.met.fields, pending.met.values, strict=True)
    return pending.twin is not None and all(_stored(plan, pending, name) == value for name, value in pairs)


def _stored(plan: Plan, pending: Draft, name: str) -> object:
    field = plan.resource.by_name[name]
    if field.custom:
        return pending.twin["custom"].get(field.stored_as)
    return pending.id if name == "id" else pending.twin[column_name(field)]
