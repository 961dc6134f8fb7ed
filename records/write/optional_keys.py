"""
Children named by less than their whole key: a price by part, code, day and quantity, whatever its currency.

    {"part": "PUMP-100", "price_code": "", …, "amount": "240"}                      the one price that there is so
    {"part": "PUMP-100", "price_code": "", …, "currency": "EUR", "amount": "240"}   that in EUR; else the one that there
                                                                                    is, which is in EUR from then on

The stored keys are read without a lock: a child that is gone when its parent is locked is not found.
"""

from collections.abc import Callable, Mapping, Sequence

from records.shapes.criteria import Comparator, Criterion
from records.shapes.fields import Field
from records.shapes.formatting import lexical
from records.shapes.parsing import blank, is_blank, reader
from records.shapes.problems import Family, Problem, ProblemError, not_found_problem
from records.shapes.values import InvalidValue, Value, Values
from records.write.plan import Plan

Moves = Mapping[int, object]  # by the place of a record, the part of the key that it has from now on, typed


FindKeys = Callable[[Sequence[Criterion]], Sequence[Values]]


def complete_keys(
    plan: Plan, records: Sequence[Values], optional: str, find_keys: FindKeys
) -> tuple[list[Values], Moves]:
    """
    Give records the part of the key that they may leave out, as stored (one query); a problem where that is not known.

    Returns the records, and the parts that change.
    """
    parent, *fields = plan.resource.key_fields
    others = [field for field in fields if field.name != optional]
    part = plan.resource.by_name[optional]
    names = {str(record[parent.name]) for record in records if isinstance(record.get(parent.name), str)}
    stored = _read_keys(find_keys, parent, others, part, names) if names else {}
    completed: list[Values] = []
    moves: dict[int, object] = {}
    for number, record in enumerate(records):
        key = _type_key(record, others)
        if key is None or not isinstance(record.get(parent.name), str):
            completed.append(record)
            continue
        known = stored.get((record[parent.name], *key), [])
        sent = record.get(optional)
        is_sent = sent is not None and not is_blank(sent)
        read = _read_part(part, sent) if is_sent and sent not in known else None
        if is_sent and (sent in known or not known or isinstance(read, InvalidValue)):
            completed.append(record)
        elif len(known) == 1:
            completed.append({**record, optional: known[0]})
            if is_sent:
                moves[number] = read
        else:
            named = [str(record[parent.name]), *(lexical(each) for each in key if each not in (None, ""))]
            completed.append({**record, optional: InvalidValue(_problem(plan, optional, " / ".join(named), known))})
    return completed, moves


def _read_keys(
    find_keys: FindKeys, parent: Field, others: Sequence[Field], part: Field, names: set[str]
) -> dict[tuple, list[str]]:
    """Return the stored values of the part, by the name of the parent and the other parts of the key."""
    stored: dict[tuple, list[str]] = {}
    for record in find_keys([Criterion((parent.name,), Comparator.IN, tuple(sorted(names)))]):
        key = (record[parent.name], *(_type_key(record, others) or ()))
        stored.setdefault(key, []).append(str(record[part.name]))
    return stored


def _type_key(record: Values, fields: Sequence[Field]) -> tuple | None:
    """Return parts of a key, typed; None for a part that cannot be read, which is told elsewhere."""
    try:
        return tuple(
            blank(field) if is_blank(value := record.get(field.name, "")) else reader(field)(value) for field in fields
        )
    except ProblemError:
        return None


def _read_part(part: Field, sent: Value | None) -> object:
    if sent is None or isinstance(sent, InvalidValue):
        return sent
    try:
        return reader(part)(sent)
    except ProblemError as refused:
        return InvalidValue(refused.problem)


def _problem(plan: Plan, optional: str, key: str, known: Sequence[str]) -> Problem:
    if not known:
        return not_found_problem(plan.resource, key, optional)
    label = plan.resource.label_plural.lower()
    text = f"{len(known)} {label} are {key}; {{field}} says which of them is meant: {', '.join(sorted(known))}."
    return Problem("ambiguous", Family.AMBIGUOUS, text)
