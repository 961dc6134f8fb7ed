"""
Generate Input: the skeleton of an operation, filled from the live record with the signed-in user's rights.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from records.shapes.callers import Caller
from records.shapes.criteria import Comparator, Criterion
from records.shapes.problems import Family
from records.shapes.values import Values
from webservices.access import identify
from webservices.contracts.examples import completed_key, copied, free_keys, new_example
from webservices.contracts.offers import Offer
from webservices.contracts.skeletons import Skeleton, skeleton, skeleton_call
from webservices.dialects.shape import Dialect
from webservices.gateway import answer
from webservices.messages import Answer, Call, Failure, Options, Refusal, SignedIn, WireRequest
from webservices.operations import Kind, Operation, Operations, Verb
from webservices.publishing import terms_of
from webservices.site import current_operations
from webservices.testpage.living import with_living


@dataclass(frozen=True)
class Input:
    """A generated input, and in a few words what it was made from."""

    skeleton: Skeleton
    made_from: str


@dataclass(frozen=True)
class Asked:
    """
    What an input is for.

    key    text by key field, blank where it is drawn, and the id where it is known
    live   the stored record; None: this caller sees none
    notes  what had to be chosen
    """

    key: Mapping[str, str]
    live: Values | None
    made_from: str
    notes: list[str]


def generate(
    dialect: Dialect, api: Offer, key: Mapping[str, str], user_id: int, operations: Operations, *, tried: bool = True
) -> Input:
    """
    The skeleton for a key as typed; `add` gets a free key when the one typed is taken, and none when it may be drawn.

    tried  the call is made without keeping anything, so that the skeleton says what would fail
    """
    caller = identify(SignedIn(user_id), call_id="", secure=True, at=datetime.now(UTC))
    operation, resource = api.operation, api.operation.resource
    if operation.kind is Kind.SPECIAL:
        call = skeleton_call(dialect, operation, {}, None, caller.user_name, api.manner)
        return Input(skeleton(dialect, call, api.manner, None), "")
    asked = _asked(dialect, operation, key, caller, operations)
    filled, notes = asked.live, asked.notes
    if operation.verb is Verb.ADD or (operation.verb is Verb.PUT and asked.live is None):
        begun = copied(resource, asked.live) if asked.live else new_example(resource)
        filled, chosen = with_living(resource, begun, caller, keep=resource.key)
        notes = notes + chosen
    call = skeleton_call(dialect, operation, asked.key, filled, caller.user_name, api.manner)
    if tried:
        notes = notes + _foreseen(dialect, api, dialect.ask(call, api.manner), asked.live, caller)
    return Input(skeleton(dialect, call, api.manner, asked.live, notes), asked.made_from)


def _asked(
    dialect: Dialect, operation: Operation, key: Mapping[str, str], caller: Caller, operations: Operations
) -> Asked:
    resource, label = operation.resource, operation.resource.label.lower()
    typed = [name for name in resource.key if key.get(name, "").strip()]
    wanted, notes = with_living(resource, completed_key(resource, key), caller, keep=typed)
    find = operations.get(resource.plural, Verb.FIND)
    live = _live(find, wanted, caller) if find else None
    sayable = all(dialect.carries(resource.plural, field) for field in resource.key_fields)
    drawable = all(field.drawn for field in resource.key_fields)
    drawn = operation.verb is Verb.ADD and drawable and not (typed and sayable)
    if live is None:
        made_from = f"You see no {label} {_named(wanted)}; filled from the declared example."
    else:
        made_from = f"Filled from the live {label} {_named(wanted)}."
    if drawn:
        return Asked(dict.fromkeys(wanted, ""), live, f"{made_from} Its number is drawn.", notes)
    if live is None:
        return Asked(wanted, live, made_from, notes)
    if operation.verb is Verb.ADD:
        free = _free(find, wanted, caller)
        return Asked(free, live, f"{made_from[:-1]}; {_named(free)} is free.", notes)
    return Asked({**wanted, "id": str(live.get("id", ""))}, live, made_from, notes)


def _named(key: Mapping[str, str]) -> str:
    return ", ".join(key.values())


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


def _foreseen(dialect: Dialect, api: Offer, request: WireRequest, live: Values | None, caller: Caller) -> list[str]:
    """Why the request would fail as it is; that an unknown record is not found, the skeleton says by itself."""
    if not api.operation.writes:
        return []
    known = current_operations()
    try:
        call = dialect.read(request, known, terms_of(dialect, known.generation))
        given = answer(replace(call, options=Options(dry_run=True)), caller, at=datetime.now(UTC))
    except Refusal as refusal:
        given = Failure((refusal.problem,))
    outcomes = () if isinstance(given, Failure) else given.outcomes
    problems = given.problems if isinstance(given, Failure) else [p for each in outcomes for p in each.problems]
    spell = dialect.speller(api.manner, api.operation)
    return [
        f"Sent as it is, it fails: {problem.sentence(spell)}"
        for problem in problems
        if live is not None or problem.family is not Family.NOT_FOUND
    ]
