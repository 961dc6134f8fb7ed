"""
Generate Input: the skeleton of an operation, filled from stored records that the signed-in user may see, or from the
rows of a table (`csv_table`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from records.shapes.callers import Caller
from records.shapes.criteria import Comparator, Criterion
from records.shapes.problems import Family
from records.shapes.values import Values
from webservices.access.identify import identify
from webservices.gateway import answer
from webservices.publishing import current_operations, dialect_settings
from webservices.tester.compose.bulk import MOST, carries_all, find_following, find_free_keys, join_calls, keep_required
from webservices.tester.compose.references import replace_references
from webservices.wire.contracts.examples import completed_key, copy_record, new_example
from webservices.wire.credentials import Password, SignedIn
from webservices.wire.dialects.base import Dialect
from webservices.wire.messages import Answer, Call, Failure, Options, RequestError, WireRequest
from webservices.wire.operations import Kind, Operation, Operations, Verb
from webservices.wire.reference.catalog import Offer
from webservices.wire.reference.skeletons import Skeleton, skeleton, skeleton_call

MAX_NOTES = 5


@dataclass(frozen=True)
class InputOptions:
    """
    Options of an input.

    required_only  leave out fields that a record need not have
    count          number of records, where the message takes several
    """

    required_only: bool = False
    count: int = 1


@dataclass(frozen=True)
class Input:
    """A generated input, and a sentence that says where its values come from."""

    skeleton: Skeleton
    source: str


@dataclass(frozen=True)
class Lookup:
    """
    The record that an input is for.

    key     text by key field, blank where the server draws it, and the id where it is known
    stored  the record as this caller sees it; None: there is none
    notes   sentences about values that were replaced
    wanted  the key as it was typed, completed from the example
    """

    key: Mapping[str, str]
    stored: Values | None
    source: str
    notes: list[str]
    wanted: Mapping[str, str]


DEFAULT_OPTIONS = InputOptions()


def generate_input(
    dialect: Dialect,
    api: Offer,
    key: Mapping[str, str],
    user_id: int,
    operations: Operations,
    *,
    dry_run: bool = True,
    options: InputOptions = DEFAULT_OPTIONS,
) -> Input:
    """
    Generate the input for a key as it was typed; `add` gets a free key when that one is used, and none when the
    server may draw it.

    dry_run  try the call without saving anything, so that comments say why it would fail
    """
    # Nothing comes over a wire here: the page has let the user in, so the call counts as secure.
    caller = identify(SignedIn(user_id), call_id="", secure=True, at=datetime.now(UTC))
    operation = api.operation
    if operation.kind is Kind.ACTION:
        call = skeleton_call(dialect, operation, {}, None, caller.user_name, api.context)
        return Input(skeleton(dialect, call, api.context, None), "")
    lookup = _look_up(dialect, operation, key, caller, operations)
    members, notes = _members(lookup, api, min(options.count, MOST), caller, operations)
    calls = [skeleton_call(dialect, operation, *member, caller.user_name, api.context) for member in members]
    call = join_calls(calls)
    if options.required_only:
        call = replace(call, records=keep_required(dialect, api, call))
    if len(calls) > 1 and not carries_all(dialect, api, call):
        calls, call, notes = calls[:1], calls[0], [*notes, "This message takes one record."]
    if dry_run:
        notes = notes + _dry_run_notes(dialect, api, dialect.build_request(call, api.context), lookup.stored, caller)
    source = lookup.source if len(calls) == 1 else f"{lookup.source} {len(calls):,} records."
    return Input(skeleton(dialect, call, api.context, lookup.stored, lookup.notes + notes), source)


def generate_from_records(dialect: Dialect, api: Offer, records: Sequence[Values], user_id: int, source: str) -> Input:
    """
    Generate the input of a write for given records; `source` is a sentence that says where they come from.

    Raises ValueError when the message cannot carry them.
    """
    caller = identify(SignedIn(user_id), call_id="", secure=True, at=datetime.now(UTC))
    credentials = dialect.credentials(api.operation, Password(caller.user_name, ""))
    call = Call(api.operation, records=list(records), credentials=credentials)
    if not carries_all(dialect, api, call):
        raise ValueError("the message takes one record")
    foreseen = _dry_run_notes(dialect, api, dialect.build_request(call, api.context), {}, caller)
    return Input(skeleton(dialect, call, api.context, None, foreseen, opening=[source]), source)


def _members(
    lookup: Lookup, api: Offer, count: int, caller: Caller, operations: Operations
) -> tuple[list[tuple[Mapping[str, str], Values | None]], list[str]]:
    """Key and content of each record, that of the lookup first; and sentences about values that were replaced."""
    operation, resource = api.operation, api.operation.resource
    find = operations.get(resource.plural, Verb.FIND)
    if operation.verb is Verb.ADD or (operation.verb is Verb.PUT and lookup.stored is None):
        begun = copy_record(resource, lookup.stored) if lookup.stored else new_example(resource)
        filled, chosen = replace_references(resource, begun, caller, keep=resource.key)
        keys: list[Mapping[str, str]] = [lookup.key] * count
        if count > 1 and find and any(lookup.key.values()):
            free = find_free_keys(find, lookup.wanted, caller, count)
            keys = [*free] if free[0] == lookup.key else [lookup.key, *free[: count - 1]]
        return [(key, filled) for key in keys], chosen
    others = find_following(find, lookup.key, lookup.stored, count, caller) if find and count > 1 else []
    members: list[tuple[Mapping[str, str], Values | None]]
    members = [(lookup.key, lookup.stored), *others] if lookup.stored is not None or not others else [*others]
    members, fewer = members[:count], len(members) < count
    there_are = f"There {'is' if len(members) == 1 else 'are'} no more than {len(members):,} of them from here on."
    return members, [there_are] if fewer else []


def _look_up(
    dialect: Dialect, operation: Operation, key: Mapping[str, str], caller: Caller, operations: Operations
) -> Lookup:
    resource, label = operation.resource, operation.resource.label.lower()
    typed = [name for name in resource.key if key.get(name, "").strip()]
    replaced, notes = replace_references(resource, completed_key(resource, key), caller, keep=typed)
    wanted = {name: str(value) for name, value in replaced.items()}
    find = operations.get(resource.plural, Verb.FIND)
    stored = _find_stored(find, wanted, caller) if find else None
    sayable = all(dialect.carries(resource.plural, field) for field in resource.key_fields)
    drawable = all(field.auto_number for field in resource.key_fields)
    # Also where a number was typed that the wire cannot send.
    drawn = operation.verb is Verb.ADD and drawable and not (typed and sayable)
    if stored is None:
        source = f"You see no {label} {_key_text(wanted)}; filled from the declared example."
    else:
        source = f"Filled from the live {label} {_key_text(wanted)}."
    if drawn:
        return Lookup(dict.fromkeys(wanted, ""), stored, f"{source} Its number is drawn.", notes, wanted)
    if stored is None or find is None:
        return Lookup(wanted, stored, source, notes, wanted)
    if operation.verb is Verb.ADD:
        free = find_free_keys(find, wanted, caller, 1)[0]
        return Lookup(free, stored, f"{source[:-1]}; {_key_text(free)} is free.", notes, wanted)
    return Lookup({**wanted, "id": str(stored.get("id", ""))}, stored, source, notes, wanted)


def _key_text(key: Mapping[str, str]) -> str:
    return ", ".join(key.values())


def _find_stored(find: Operation, key: Mapping[str, str], caller: Caller) -> Values | None:
    """The record as this caller may see it; None when there is none, or when the caller may not look."""
    criteria = tuple(Criterion((name,), Comparator.EQUAL, (text,)) for name, text in key.items())
    found = answer(Call(find, criteria=criteria, limit=1), caller, at=datetime.now(UTC))
    return next(iter(found.records), None) if isinstance(found, Answer) else None


def _dry_run_notes(
    dialect: Dialect, api: Offer, request: WireRequest, stored: Values | None, caller: Caller
) -> list[str]:
    """Sentences that say why the request would fail as it is, found out by a dry run."""
    if not api.operation.writes:
        return []
    known = current_operations()
    try:
        call = dialect.read(request, known, dialect_settings(dialect, known.generation))
        result = answer(replace(call, options=Options(dry_run=True)), caller, at=datetime.now(UTC))
    except RequestError as refusal:
        result = Failure((refusal.problem,))
    outcomes = () if isinstance(result, Failure) else result.outcomes
    found = [("", problem) for problem in result.problems] if isinstance(result, Failure) else []
    for number, outcome in enumerate(outcomes, 1):
        found += [(f"Record {number}: " if len(outcomes) > 1 else "", problem) for problem in outcome.problems]
    spell = dialect.speller(api.context, api.operation)
    sentences = [
        f"Sent as it is, it fails: {prefix}{problem.sentence(spell)}"
        for prefix, problem in found
        if stored is not None or problem.family is not Family.NOT_FOUND  # the skeleton itself has a comment on that
    ]
    return (
        sentences
        if len(sentences) <= MAX_NOTES
        else [*sentences[:MAX_NOTES], f"And {len(sentences) - MAX_NOTES:,} more of these."]
    )
