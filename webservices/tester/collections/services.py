"""What testers do with collections: make and change them, keep a call in one, order their calls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import IntegrityError, transaction
from django.db.models import Max

from records.shapes.values import quoted
from webservices.exchanges.store import body_text
from webservices.models import Exchange
from webservices.tester.collections.assertions.captures import NAME
from webservices.tester.collections.assertions.lines import captures_from, checks_from
from webservices.tester.collections.files import LONGEST_NAME, LONGEST_TARGET, METHODS, Call, free_name
from webservices.tester.compose.headers import headers_from
from webservices.tester.errors import TesterError
from webservices.tester.models import Collection, SavedCall

EXPECTED = ({"kind": "status", "value": "2xx"}, {"kind": "fault", "value": "false"})


@dataclass(frozen=True)
class Typed:
    """A call as a form has it: texts, checks and captures a line each."""

    name: str
    method: str
    target: str
    headers: str = ""
    body: str = ""
    checks: str = ""
    captures: str = ""
    ignored: str = ""


@dataclass(frozen=True)
class Learnt:
    """
    What a result teaches its call: a line more of each, as people type them.

    checks  in the place of all that it has; None: they stay
    """

    checks: Sequence[Mapping[str, str]] | None = None
    check: str = ""
    capture: str = ""
    ignored: str = ""


def make_collection(*, name: str, owner_id: int | None) -> Collection:
    """A new, empty collection; raises TesterError."""
    name = _name(name)
    if Collection.objects.filter(name=name).exists():
        raise TesterError(f"There is a collection {quoted(name)} already.")
    return Collection.objects.create(name=name, owner_id=owner_id)


def change_collection(collection: Collection, *, name: str, description: str, values: str) -> None:
    """Rename and describe a collection, and give it other values, `name = value` a line each; raises TesterError."""
    collection.name, collection.description = _name(name), description.strip()[:2000]
    collection.values = dict(_value(number, line) for number, line in enumerate(values.splitlines(), 1) if line.strip())
    try:
        with transaction.atomic():
            collection.save()
    except IntegrityError:
        raise TesterError(f"There is a collection {quoted(collection.name)} already.") from None


def _value(number: int, line: str) -> tuple[str, str]:
    name, equals, value = (part.strip() for part in line.partition("="))
    if not equals or not NAME.fullmatch(name):
        raise TesterError(f"Line {number} of the values, {quoted(line)}, is no name = value.")
    return name, value


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise TesterError(f"A name has 1 to {LONGEST_NAME} characters.")
    return name


def change_call(kept: SavedCall, typed: Typed) -> None:
    """Keep a call as it was typed; raises TesterError."""
    if typed.method not in METHODS:
        raise TesterError(f"A method is one of {', '.join(METHODS)}.")
    if not 0 < len(typed.target.strip()) <= LONGEST_TARGET:
        raise TesterError(f"An address has 1 to {LONGEST_TARGET:,} characters.")
    kept.name, kept.method, kept.target, kept.body = _name(typed.name), typed.method, typed.target.strip(), typed.body
    try:
        kept.headers = headers_from(typed.headers)
        kept.checks, kept.captures = checks_from(typed.checks), captures_from(typed.captures)
    except TesterError as wrong:
        raise TesterError(str(wrong)) from None
    kept.ignored = [line.strip() for line in typed.ignored.splitlines() if line.strip()]
    _save(kept)


def learn(kept: SavedCall | None, learnt: Learnt) -> None:
    """Change what is expected of a call by what one of its results has shown; raises TesterError."""
    if kept is None:
        raise TesterError("The call of this result is no longer in the collection.")
    try:
        checks = [*(kept.checks if learnt.checks is None else learnt.checks), *checks_from(learnt.check)]
        captures = captures_from(learnt.capture)
    except TesterError as wrong:
        raise TesterError(str(wrong)) from None
    taken = {capture["name"]: capture for capture in (*kept.captures, *captures)}
    kept.checks = [check for place, check in enumerate(checks) if check not in checks[:place]]
    kept.captures, kept.ignored = list(taken.values()), [*kept.ignored, *([learnt.ignored] if learnt.ignored else [])]
    kept.save(update_fields=["checks", "captures", "ignored"])


def _save(kept: SavedCall) -> None:
    try:
        with transaction.atomic():
            kept.save()
    except IntegrityError:
        raise TesterError(f"The collection has a call {quoted(kept.name)} already.") from None


def keep_call(collection: Collection, call: Call, *, call_id: str = "") -> SavedCall:
    """
    Keep a call at the end of a collection, under a free name.

    One without checks is expected to be answered, and without a fault.
    """
    last = collection.calls.aggregate(last=Max("place"))["last"]
    taken = set(collection.calls.values_list("name", flat=True))
    name = next(n for n in (call.name, *(f"{call.name[:110]} {i}" for i in range(2, len(taken) + 3))) if n not in taken)
    return SavedCall.objects.create(
        collection=collection,
        place=0 if last is None else last + 1,
        name=name,
        call_id=call_id,
        dialect=call.dialect,
        operation=call.operation,
        method=call.method,
        target=call.target,
        headers=dict(call.headers),
        body=call.body,
        checks=[dict(check) for check in call.checks or EXPECTED],
        captures=[dict(capture) for capture in call.captures],
        ignored=list(call.ignored),
    )


def expecting(call: Call, *, checks: str, captures: str, ignored: str) -> Call:
    """The call with what is expected of its answer, as it was typed; raises TesterError."""
    try:
        return replace(
            call,
            checks=checks_from(checks),
            captures=captures_from(captures),
            ignored=[line.strip() for line in ignored.splitlines() if line.strip()],
        )
    except TesterError as wrong:
        raise TesterError(str(wrong)) from None


def call_of(exchange: Exchange, *, name: str = "") -> Call:
    """An exchange as a call; its masked secrets are left empty, to be filled by whoever sends it."""
    if exchange.request_body is None and exchange.request_size:
        raise TesterError(f"The body of this call was not kept: {exchange.request_note}")
    return Call(
        name=_name(name or exchange.operation or exchange.path)[:LONGEST_NAME],
        method=exchange.method,
        target=exchange.path,
        dialect=exchange.dialect,
        operation=exchange.operation,
        headers=exchange.request_headers,
        body=body_text(exchange.request_body).replace(">***<", "><").replace('"***"', '""'),
    )


def move_call(kept: SavedCall, steps: int) -> None:
    """Let a call come earlier (-1) or later (1)."""
    calls = list(kept.collection.calls.all())
    index = next(index for index, each in enumerate(calls) if each.pk == kept.pk)
    to = min(max(index + steps, 0), len(calls) - 1)
    calls.insert(to, calls.pop(index))
    for place, each in enumerate(calls):
        each.place = place
    SavedCall.objects.bulk_update(calls, ["place"])


def collection_for(name: str, *, owner_id: int | None) -> Collection:
    """The collection of this name, a new one if there is none; raises TesterError."""
    found = Collection.objects.filter(name=" ".join(name.split())).first()
    return found or Collection.objects.create(name=free_name(_name(name)), owner_id=owner_id)
