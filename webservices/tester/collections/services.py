"""Services of collections: create, change and order them, save a call in one, expect something of its answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import IntegrityError, transaction
from django.db.models import Max

from records.shapes.recognition import MASK
from records.shapes.values import quote_text
from webservices.exchanges.masked_call import mask_body
from webservices.exchanges.masking import build_mask, encode_text
from webservices.exchanges.sign_ins import SITE
from webservices.exchanges.store import body_text
from webservices.exchanges.streaming_body import whole_body
from webservices.models import Exchange
from webservices.tester.collections.assertions.captures import NAME
from webservices.tester.collections.assertions.notation import parse_captures, parse_checks
from webservices.tester.collections.files import (
    DEFAULT_CHECKS,
    METHODS,
    NAME_LENGTH,
    TARGET_LENGTH,
    CallContent,
    find_free_name,
    remove_secrets,
)
from webservices.tester.compose.headers import parse_headers
from webservices.tester.compose.redact import redact_values
from webservices.tester.errors import TesterError
from webservices.tester.http import split_lines
from webservices.tester.models import Collection, SavedCall
from webservices.wire.dialects.registry import DIALECTS


@dataclass(frozen=True)
class CallForm:
    """A call as its form has it: texts; checks, captures, ignored paths and headers a line each."""

    name: str
    method: str
    target: str
    headers: str = ""
    body: str = ""
    checks: str = ""
    captures: str = ""
    ignored: str = ""


@dataclass(frozen=True)
class ExpectationChange:
    """
    Changes of what is expected of a call: one more check, capture or ignored path, as people type them.

    checks  replace all that the call has; None: they stay
    """

    checks: Sequence[Mapping[str, str]] | None = None
    check: str = ""
    capture: str = ""
    ignored: str = ""


def create_collection(*, name: str, owner_id: int | None) -> Collection:
    """A new, empty collection; raises TesterError."""
    name = _clean_name(name)
    if Collection.objects.filter(name=name).exists():
        raise TesterError(f"There is a collection {quote_text(name)} already.")
    return Collection.objects.create(name=name, owner_id=owner_id)


def update_collection(collection: Collection, *, name: str, description: str, values: str) -> None:
    """Rename and describe a collection, and replace its values, `name = value` a line each; raises TesterError."""
    collection.name, collection.description = _clean_name(name), description.strip()[:2000]
    lines = enumerate(values.splitlines(), 1)
    collection.values = redact_values(dict(_parse_value(number, line) for number, line in lines if line.strip()))
    try:
        # The savepoint lets the page go on with the database after the constraint has failed.
        with transaction.atomic():
            collection.save()
    except IntegrityError:
        raise TesterError(f"There is a collection {quote_text(collection.name)} already.") from None


def _parse_value(number: int, line: str) -> tuple[str, str]:
    name, equals, value = (part.strip() for part in line.partition("="))
    if not equals or not NAME.fullmatch(name):
        raise TesterError(f"Line {number} of the values, {quote_text(line)}, is no name = value.")
    return name, value


def _clean_name(name: str) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= NAME_LENGTH:
        raise TesterError(f"A name has 1 to {NAME_LENGTH} characters.")
    return name


def update_call(saved: SavedCall, form: CallForm) -> None:
    """Save a call as it was typed; raises TesterError."""
    if form.method not in METHODS:
        raise TesterError(f"A method is one of {', '.join(METHODS)}.")
    if not 0 < len(form.target.strip()) <= TARGET_LENGTH:
        raise TesterError(f"An address has 1 to {TARGET_LENGTH:,} characters.")
    call = remove_secrets(
        CallContent(
            _clean_name(form.name),
            form.method,
            form.target.strip(),
            headers=parse_headers(form.headers),
            body=form.body,
        )
    )
    saved.name, saved.method, saved.target = call.name, call.method, call.target
    saved.body, saved.headers = call.body, dict(call.headers)
    saved.checks, saved.captures = parse_checks(form.checks), parse_captures(form.captures)
    saved.ignored = split_lines(form.ignored)
    try:
        with transaction.atomic():
            saved.save()
    except IntegrityError:
        raise TesterError(f"The collection has a call {quote_text(saved.name)} already.") from None


def update_expectations(saved: SavedCall | None, change: ExpectationChange) -> None:
    """Change what is expected of a call after one of its results was seen; raises TesterError."""
    if saved is None:
        raise TesterError("The call of this result is no longer in the collection.")
    checks = [*(saved.checks if change.checks is None else change.checks), *parse_checks(change.check)]
    # By name: a second capture of a name takes the place of the first.
    captures = {capture["name"]: capture for capture in (*saved.captures, *parse_captures(change.capture))}
    saved.checks = [check for index, check in enumerate(checks) if check not in checks[:index]]
    saved.captures, saved.ignored = list(captures.values()), [*saved.ignored, *filter(None, [change.ignored])]
    saved.save(update_fields=["checks", "captures", "ignored"])


def save_call(collection: Collection, call: CallContent, *, call_id: str = "") -> SavedCall:
    """Save a call at the end of a collection, under a free name; one without checks gets DEFAULT_CHECKS."""
    call = remove_secrets(call)
    last = collection.calls.aggregate(last=Max("place"))["last"]
    used = set(collection.calls.values_list("name", flat=True))
    names = (call.name, *(f"{call.name[:110]} {number}" for number in range(2, len(used) + 3)))
    return SavedCall.objects.create(
        collection=collection,
        place=0 if last is None else last + 1,
        name=next(name for name in names if name not in used),
        call_id=call_id,
        dialect=call.dialect,
        operation=call.operation,
        method=call.method,
        target=call.target,
        headers=dict(call.headers),
        body=call.body,
        checks=[dict(check) for check in call.checks or DEFAULT_CHECKS],
        captures=[dict(capture) for capture in call.captures],
        ignored=list(call.ignored),
    )


def add_expectations(call: CallContent, *, checks: str, captures: str, ignored: str) -> CallContent:
    """The call with checks, captures and ignored paths as they were typed; raises TesterError."""
    return replace(call, checks=parse_checks(checks), captures=parse_captures(captures), ignored=split_lines(ignored))


def build_call(exchange: Exchange, *, name: str = "") -> CallContent:
    """An exchange as a call, its secrets left empty; raises TesterError when its body was not recorded as a whole."""
    if exchange.dialect == SITE:
        raise TesterError("It was no call, but a page of this site.")
    if exchange.request_body is None and exchange.request_size:
        raise TesterError(f"The body of this call was not saved: {exchange.request_note}")
    if exchange.request_hash:
        raise TesterError(f"Only a part of this call was saved: {exchange.request_note}")
    return CallContent(
        name=_clean_name(name or exchange.operation or exchange.path)[:NAME_LENGTH],
        method=exchange.method,
        target=exchange.path,
        dialect=exchange.dialect,
        operation=exchange.operation,
        headers=exchange.request_headers,
        body=_empty_secrets(exchange),
    )


def _empty_secrets(exchange: Exchange) -> str:
    """The recorded body with nothing in the places of its secrets: whoever sends the call fills them."""
    text = body_text(exchange.request_body)
    dialect = next((each for each in DIALECTS if each.name == exchange.dialect), None)
    if dialect is None or MASK not in text:
        return text
    # Masked once more, with nothing: so a value is emptied only where a secret was masked because of its place. Nobody
    # fills in what is only called like a secret, and a record that has it empty may lose it.
    body = encode_text(text, exchange.request_encoding or "utf-8")
    mask = build_mask(dialect.secrets, user_name=exchange.user_name)
    mask = replace(mask, replacement="", recognizes=False)
    masked = mask_body(whole_body(body), dialect.media, mask, len(body))
    return text if masked.text is None else masked.text


def move_call(saved: SavedCall, steps: int) -> None:
    """Move a call up (-1) or down (1) in its collection."""
    calls = list(saved.collection.calls.all())
    index = next(index for index, each in enumerate(calls) if each.pk == saved.pk)
    calls.insert(min(max(index + steps, 0), len(calls) - 1), calls.pop(index))
    # All places are numbered anew: where a call was deleted there is a gap, which one step would not cross.
    for place, each in enumerate(calls):
        each.place = place
    SavedCall.objects.bulk_update(calls, ["place"])


def get_or_create_collection(name: str, *, owner_id: int | None) -> Collection:
    """The collection of this name, a new one if there is none; raises TesterError."""
    collection = Collection.objects.filter(name=" ".join(name.split())).first()
    return collection or Collection.objects.create(name=find_free_name(_clean_name(name)), owner_id=owner_id)
