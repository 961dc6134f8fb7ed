"""
A collection as a file, and back.

    {"counterpart": 1, "name": "Parts", "description": "", "values": {"number": "P-1"}, "calls": [
      {"name": "adds a part", "method": "POST", "target": "/api/v1/parts/", "headers": {…}, "body": "…",
       "checks": […], "captures": […], "ignored": […]}]}
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, cast
from urllib.parse import urlsplit

from records.shapes.problems import ProblemError
from records.shapes.recognition import MASK
from records.shapes.values import quote_text
from webservices.tester.collections.assertions.captures import NAME
from webservices.tester.collections.assertions.checks import read_check
from webservices.tester.compose.headers import check_header
from webservices.tester.compose.redact import NO_SECRETS, redact, redact_address, redact_values
from webservices.tester.errors import TesterError
from webservices.tester.models import Collection, SavedCall
from webservices.tester.send.addresses import find_dialect
from webservices.tester.send.client import METHODS
from webservices.wire.json import Json, read_json, write_json

FORMAT = 1
EXTENSION = "x-counterpart"  # of an OpenAPI document: the collection that it was exported from
MAX_CALLS = 1000
NAME_LENGTH, TARGET_LENGTH = 120, 4000  # as the columns have it
DEFAULT_CHECKS = ({"kind": "status", "value": "2xx"}, {"kind": "fault", "value": "false"})


@dataclass(frozen=True)
class CallContent:
    """One call of a collection, apart from its row in the database."""

    name: str
    method: str
    target: str
    dialect: str = ""
    operation: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    checks: Sequence[Mapping[str, str]] = field(default_factory=list)
    captures: Sequence[Mapping[str, str]] = field(default_factory=list)
    ignored: Sequence[str] = field(default_factory=list)


@dataclass(frozen=True)
class CollectionContent:
    """A collection, apart from its rows in the database."""

    name: str
    description: str
    values: Mapping[str, str]
    calls: Sequence[CallContent]


CALL_FIELDS = tuple(CallContent.__dataclass_fields__)


def read_collection(collection: Collection) -> CollectionContent:
    """The content of a collection (one query)."""
    calls = [CallContent(**{name: getattr(saved, name) for name in CALL_FIELDS}) for saved in collection.calls.all()]
    return CollectionContent(collection.name, collection.description, collection.values, calls)


def write_file(content: CollectionContent) -> str:
    """Write the file, the same for the same collection, so that it can be kept under version control."""
    calls = [
        # Blank parts are left out: in a diff of two versions of a file stands only what a call has.
        {name: value for name, value in asdict(call).items() if value not in ("", {}, [], ())}
        for call in content.calls
    ]
    return write_json({"counterpart": FORMAT, **asdict(content), "calls": calls}, indent=2) + "\n"


def read_file(body: bytes) -> CollectionContent:
    """Read a collection from a file; raises TesterError."""
    try:
        found = read_json(body)
    except ProblemError as refused:
        raise TesterError(refused.problem.sentence()) from None
    reject_nul(found)
    if isinstance(found, dict) and EXTENSION in found:
        found = found[EXTENSION]
    if not isinstance(found, dict) or found.get("counterpart") != FORMAT:
        raise TesterError(f'This is no collection of this hub: it has no "counterpart": {FORMAT}.')
    name, calls = found.get("name"), found.get("calls")
    if not isinstance(name, str) or not 0 < len(name.strip()) <= NAME_LENGTH:
        raise TesterError(f"A collection has a name of at most {NAME_LENGTH} characters.")
    if not isinstance(calls, list) or len(calls) > MAX_CALLS:
        raise TesterError(f"A collection has a list of calls, at most {MAX_CALLS:,} of them.")
    read = [_call(number, call) for number, call in enumerate(calls, 1)]
    if twice := next((call.name for index, call in enumerate(read) if call.name in {c.name for c in read[:index]}), ""):
        raise TesterError(f"Two calls have the name {quote_text(twice)}.")
    return CollectionContent(
        name.strip(), str(found.get("description", ""))[:2000], _values(found.get("values", {})), read
    )


def reject_nul(found: Json) -> None:
    """Raise TesterError for a text that the database could not hold."""
    if any("\x00" in text for text in _texts(found)):
        raise TesterError("A text of the file holds a NUL, which cannot be saved.")


def _texts(found: Json) -> Iterator[str]:
    match found:
        case str():
            yield found
        case dict():
            yield from (text for pair in found.items() for each in pair for text in _texts(each))
        case list():
            yield from (text for each in found for text in _texts(each))


def _values(found: Json) -> dict[str, str]:
    if not isinstance(found, dict):
        raise TesterError("The values of a collection are an object.")
    if wrong := next((name for name in found if not NAME.fullmatch(name)), None):
        raise TesterError(f"{quote_text(wrong)} is no name of a value: a letter, then letters, digits and underscores.")
    return {name: value if isinstance(value, str) else write_json(value) for name, value in found.items()}


def _call(number: int, found: Json) -> CallContent:
    if not isinstance(found, dict):
        raise TesterError(f"Call {number} is no object.")
    if unknown := next((name for name in found if name not in CALL_FIELDS), None):
        raise TesterError(f"Call {number} has {quote_text(unknown)}; a call has {', '.join(CALL_FIELDS)}.")
    try:
        call = CallContent(**cast(dict[str, Any], found))  # `check_call` looks at each value
        check_call(call)
    # A part that is missing is a TypeError of the class; headers that are a list have no `values`.
    except (TypeError, AttributeError):
        raise TesterError(f"Call {number} is not complete: it needs name, method and target.") from None
    except TesterError as wrong:
        raise TesterError(f"Call {number} ({quote_text(found.get('name', ''))}): {wrong}") from None
    return call


def check_call(call: CallContent) -> None:
    """Raise TesterError for a call that cannot be saved."""
    texts = (call.name, call.target, call.body, call.dialect, call.operation, *call.headers.values(), *call.ignored)
    if not all(isinstance(text, str) for text in texts):
        raise TesterError("Its parts are texts.")
    if not 0 < len(call.name) <= NAME_LENGTH or not 0 < len(call.target) <= TARGET_LENGTH:
        raise TesterError(f"A name has at most {NAME_LENGTH}, a target at most {TARGET_LENGTH:,} characters.")
    if call.method not in METHODS:
        raise TesterError(f"A method is one of {', '.join(METHODS)}.")
    for name, value in call.headers.items():
        check_header(name, value)
    for check in call.checks:
        read_check(check)
    for capture in call.captures:
        if set(capture) != {"name", "path"} or not NAME.fullmatch(capture["name"]):
            raise TesterError("A captured value has a name and a path.")


def remove_secrets(call: CallContent) -> CallContent:
    """Return the call with nothing in the place of a secret: whoever sends it signs in, and no row holds one."""
    dialect = find_dialect(urlsplit(call.target).path)
    return replace(
        call,
        target=redact_address(call.target),
        headers={name: value for name, value in redact_values(call.headers).items() if MASK not in value},
        body=redact(call.body, dialect.secrets if dialect else NO_SECRETS),
    )


def save_content(content: CollectionContent, *, owner_id: int | None) -> Collection:
    """Save a collection of a file under a free name, inside the caller's transaction."""
    collection = Collection.objects.create(
        name=find_free_name(content.name),
        description=content.description,
        values=redact_values(content.values),
        owner_id=owner_id,
    )
    SavedCall.objects.bulk_create(
        SavedCall(collection=collection, place=place, **asdict(remove_secrets(call)))
        for place, call in enumerate(content.calls)
    )
    return collection


def find_free_name(name: str) -> str:
    """The name, with a number if it is used (one query)."""
    used = set(Collection.objects.filter(name__startswith=name[:100]).values_list("name", flat=True))
    # Cut shorter than a name may be, since the number needs room as well.
    names = (name if number == 1 else f"{name[:110]} {number}" for number in range(1, len(used) + 2))
    return next(each for each in names if each not in used)
