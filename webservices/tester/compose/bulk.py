"""
Several records in one message: their keys, and a test whether the message can carry them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice

from records.shapes.callers import Caller
from records.shapes.criteria import Comparator, Criterion
from records.shapes.values import EMPTY, Values
from webservices.gateway import answer
from webservices.publishing import current_operations, dialect_settings
from webservices.wire.contracts.examples import free_keys
from webservices.wire.dialects.base import Dialect
from webservices.wire.messages import Answer, Call, RequestError
from webservices.wire.operations import Operation, Verb
from webservices.wire.reference.catalog import Offer

MOST = 1000  # records in one generated input
EXTRA_KEYS = 20  # candidates beside the wanted number, since some may be used


def join_calls(calls: Sequence[Call]) -> Call:
    """Join calls into one for all their records; for a find, into one for all their keys."""
    first, resource = calls[0], calls[0].operation.resource
    if len(calls) == 1:
        return first
    if first.criteria is None:
        return replace(first, records=[call.records[0] for call in calls])
    keys = [{criterion.path[0]: criterion.values[0] for criterion in call.criteria or ()} for call in calls]
    by = next((name for name in (*resource.key, "id") if name in keys[0]), [*keys[0]][-1])
    return replace(first, criteria=(Criterion((by,), Comparator.IN, tuple(key[by] for key in keys)),))


def carries_all(dialect: Dialect, api: Offer, call: Call) -> bool:
    """True if the message of a call carries all its records: it is written, and read again."""
    several = len(call.records) > 1 or call.criteria is not None
    if several and len(call.operation.resource.key) > 1 and call.criteria is not None:
        return False  # one IN for a key of several parts finds others, too
    try:
        read = _read_back(dialect, api, call)
    except RequestError:
        return True  # the answer says so when it is sent
    except (ValueError, KeyError):
        return False
    if call.criteria is not None:
        return tuple(read.criteria or ()) == tuple(call.criteria)
    if read.criteria is not None:
        return len(call.records) == 1 or len(call.operation.resource.key) == 1
    try:
        return len(read.records) == len(call.records)
    except RequestError:
        return True


def _read_back(dialect: Dialect, api: Offer, call: Call) -> Call:
    known = current_operations()
    return dialect.read(dialect.build_request(call, api.context), known, dialect_settings(dialect, known.generation))


def keep_required(dialect: Dialect, api: Offer, call: Call) -> Sequence[Values]:
    """
    The records of a call with their required fields only: the key, and those that a new record must have.

    An update keeps one more field, since one without fields changes nothing.
    """
    operation, resource = call.operation, call.operation.resource
    if not operation.writes or operation.needs_only_key:
        return call.records
    needed = {*resource.key, "id", *dialect.skeleton_hints(operation, api.context).key}
    if operation.verb is Verb.UPDATE:
        more = (
            name
            for name, value in call.records[0].items()
            if name not in needed and value is not EMPTY and dialect.carries(resource.plural, resource.by_name[name])
        )
        needed |= {next(more, "")}
    else:
        needed |= {field.name for field in resource.writable if resource.needs(field)} | _required_by_scope(
            dialect, api, call
        )
    return [{name: value for name, value in record.items() if name in needed} for record in call.records]


def _required_by_scope(dialect: Dialect, api: Offer, call: Call) -> set[str]:
    """The names of the fields that the dialect requires beside those that the hub requires."""
    try:
        return set(_read_back(dialect, api, call).scope.required)
    except (RequestError, ValueError):
        return set()


def find_free_keys(find: Operation, key: Mapping[str, str], caller: Caller, count: int) -> list[dict[str, str]]:
    """The first keys like this one that no visible record has; the last candidates when too few are free."""
    candidates = list(free_keys(find.resource, key, count + EXTRA_KEYS))
    changing = next(name for name, text in candidates[0].items() if text != key[name])
    wanted = tuple(candidate[changing] for candidate in candidates)
    criteria = [Criterion((name,), Comparator.EQUAL, (text,)) for name, text in key.items() if name != changing]
    criteria.append(Criterion((changing,), Comparator.IN, wanted))
    found = answer(Call(find, criteria=tuple(criteria), limit=len(wanted)), caller, at=datetime.now(UTC))
    taken = {str(record[changing]) for record in found.records} if isinstance(found, Answer) else set()
    free = [candidate for candidate in candidates if candidate[changing] not in taken]
    return list(islice(free, count)) if len(free) >= count else candidates[-count:]


def find_following(
    find: Operation, key: Mapping[str, str], live: Values | None, count: int, caller: Caller
) -> list[tuple[dict[str, str], Values]]:
    """Key and content of at most `count` stored records after this one that the caller sees."""
    order = find.resource.order
    known = live if live is not None else key
    after = tuple(str(known[name]) for name in order) if all(known.get(name) for name in order) else ()
    found = answer(Call(find, criteria=(), after=after, limit=count), caller, at=datetime.now(UTC))
    records = found.records if isinstance(found, Answer) else ()
    names = (*find.resource.key, "id")
    return [({name: _text(record.get(name)) for name in names}, record) for record in records]


def _text(value: object) -> str:
    return "" if value is None or value is EMPTY else str(value)
