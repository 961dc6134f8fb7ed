"""
Generate Input: the skeleton of an operation, filled from the live record with the signed-in user's rights.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from records.shapes.callers import Caller
from records.shapes.criteria import Comparator, Criterion
from records.shapes.values import Values
from webservices.access import identify
from webservices.contracts.examples import completed_key, free_keys
from webservices.contracts.offers import Offer
from webservices.contracts.skeletons import Skeleton, skeleton
from webservices.dialects.shape import Dialect
from webservices.gateway import answer
from webservices.messages import Answer, Call, SignedIn
from webservices.operations import Operation, Operations, Verb


@dataclass(frozen=True)
class Input:
    """A generated input, and in a few words what it was made from."""

    skeleton: Skeleton
    made_from: str


def generate(dialect: Dialect, api: Offer, key: Mapping[str, str], user_id: int, operations: Operations) -> Input:
    """The skeleton for a key as typed; `add` gets a free key when the one typed is taken."""
    caller = identify(SignedIn(user_id), call_id="", secure=True, at=datetime.now(UTC))
    resource, label = api.operation.resource, api.operation.resource.label.lower()
    wanted = completed_key(resource, key)
    find = operations.get(resource.plural, Verb.FIND)
    live = _live(find, wanted, caller) if find else None
    named = ", ".join(wanted.values())
    if live is not None and api.operation.verb is Verb.ADD:
        wanted = _free(find, wanted, caller)
        made_from = f"Filled from the live {label} {named}; {', '.join(wanted.values())} is free."
    elif live is not None:
        made_from = f"Filled from the live {label} {named}."
    else:
        made_from = f"You see no {label} {named}; filled from the declared example."
    made = skeleton(dialect, api.operation, api.manner, wanted, live, caller.user_name)
    return Input(made, made_from)


def _live(find: Operation, key: Mapping[str, str], caller: Caller) -> Values | None:
    """The record as this caller may see it; None when there is none, or when the caller may not look."""
    criteria = tuple(Criterion((name,), Comparator.EQUAL, (text,)) for name, text in key.items())
    found = answer(Call(find, criteria=criteria, limit=1), caller, at=datetime.now(UTC))
    return found.records[0] if isinstance(found, Answer) and found.records else None


def _free(find: Operation, key: Mapping[str, str], caller: Caller) -> dict[str, str]:
    """The first key like this one that no record has; the last one tried when all are taken."""
    proposed = dict(key)
    for proposed in free_keys(find.resource, key):
        if _live(find, proposed, caller) is None:
            break
    return proposed
