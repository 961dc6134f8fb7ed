"""
The reference pages, one per kind of record and dialect, in Markdown: operations, fields, an example of each and of a
refusal. All of it is read from the declarations, and the examples are written by the dialect itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from http.client import responses
from urllib.parse import unquote

from records.shapes.fields import Field
from records.shapes.outcomes import Outcome, Result, failed
from records.shapes.problems import Family, Problem
from records.shapes.resources import Resource
from records.shapes.values import EMPTY
from webservices.wire.contracts.examples import completed_key, stored_example
from webservices.wire.contracts.pretty import indented
from webservices.wire.dialects.base import Dialect
from webservices.wire.messages import Answer, Failure, WireRequest, WireResponse
from webservices.wire.operations import Action, Operation, Operations, Verb
from webservices.wire.operations import Kind as OperationKind
from webservices.wire.reference.catalog import Offer, offers
from webservices.wire.reference.skeletons import skeleton_call

GENERATED = "<!-- Written by `manage.py export_contracts` from the declarations. Do not edit. -->"
DATETIME = datetime(2026, 1, 31, 12, tzinfo=UTC)
CALL_ID = "8e0345c1a2b34d0f9d5b7a6c4e2f1a00"

BECAME: Mapping[Verb, Result] = {
    Verb.ADD: Result.CREATED,
    Verb.UPDATE: Result.UPDATED,
    Verb.PUT: Result.UPDATED,
    Verb.REMOVE: Result.DELETED,
}
SAYS: Mapping[Verb | Action, str] = {
    Verb.FIND: "Finds {many} by criteria, all of which must be met.",
    Verb.ADD: "Adds {many}; one whose key is taken fails.",
    Verb.UPDATE: "Changes {many} that exist; what is absent stays, what is empty is cleared.",
    Verb.PUT: "Adds the {many} that do not exist and changes those that do.",
    Verb.REMOVE: "Removes {many}; one that is in use is made inactive instead.",
    Action.OPEN: "Opens a session with a user's name and password, and says its id.",
    Action.SHOW: "Says who is calling.",
    Action.SET_CURRENCY: "Gives the session another currency.",
    Action.CLOSE: "Ends the session.",
}
WITHOUT_ACTIVE = "Removes {many} whose state allows it."
SAYS_OF: Mapping[str, str] = {  # of an operation by its name, where its verb does not say it
    "auth_tokens.open": "Gives a token for a user's name and password.",
    "api_version.show": "Says the version of the hub.",
    "data_sources.show": "Says what the data source of the site is called.",
    "server_time.show": "Says what time it is, in UTC.",
    "portal_users.sign_in": "Signs a contact in to a portal; whatever is wrong, the refusal reads the same.",
    "crm_fields.show": "Says what fields a kind of record has.",
    "picklist_values.show": "Says what a field may be chosen from.",
}
SAID: Mapping[str, Sequence[str]] = {"sessions.open": ("id", "currency")}  # what is answered; else all there is


def reference_page(dialect: Dialect, plural: str, operations: Operations) -> str:
    """One page, in Markdown."""
    offered = offers(dialect, plural, operations)
    resource = offered[0].operation.resource
    sections = [
        f"# {resource.label_plural} over {dialect.label}\n\n{GENERATED}\n\n{resource.help}",
        "## Operations\n\n" + _table(["operation", "address", "what it does", "rights"], map(_operation, offered)),
        "## Fields\n\n" + _table(["name", "type and limits", "what it is"], _fields(dialect, resource)),
        *(_example(dialect, offer) for offer in offered),
        _refusal(dialect, offered),
    ]
    return "\n\n".join(section.strip() for section in sections) + "\n"


def _table(heads: list[str], rows: Iterator[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def _operation(offer: Offer) -> list[str]:
    operation = offer.operation
    resource = operation.resource
    keeps = operation.verb is Verb.REMOVE and "active" not in resource.by_name
    usual = WITHOUT_ACTIVE if keeps else SAYS.get(operation.verb)
    says = SAYS_OF.get(operation.name, usual).format(many=resource.label_plural.lower())
    path = unquote(offer.request.path)
    permissions = ", ".join(f"`{right}`" for right in operation.permissions)
    return [f"`{offer.label}`", "" if path in offer.label else f"`{path}`", says, permissions]


def _fields(dialect: Dialect, resource: Resource) -> Iterator[list[str]]:
    for entry in resource.fields:
        if not entry.secret and dialect.carries(resource.plural, entry):
            name = dialect.spell(resource.plural, (entry.name,))
            yield [f"`{name}`", _limits(entry, resource, dialect), dialect.seen(entry).help]
            for inner in entry.child.writable if entry.child else ():
                inside = dialect.spell(resource.plural, (entry.name, 0, inner.name)).rpartition(".")[2]
                yield [f"`{name}[].{inside}`", _limits(inner, entry.child, dialect), dialect.seen(inner).help]


def _limits(entry: Field, resource: Resource, dialect: Dialect) -> str:
    words = "required: " if resource.needs(entry) else "read only: " if entry.read_only else ""
    return words + dialect.seen(entry).limits()


def _example(dialect: Dialect, offer: Offer) -> str:
    key = completed_key(offer.operation.resource, {}) | {"id": "1"}
    call = skeleton_call(dialect, offer.operation, key, None, "ada", offer.context)
    asked = _request_block(dialect.build_request(call, offer.context), dialect.media)
    return f"## {offer.label}\n\n{asked}\n\n{_response_block(_answered(dialect, offer), dialect.media)}"


def _answered(dialect: Dialect, offer: Offer) -> WireResponse:
    return dialect.write(_answer(offer.operation), offer.context)


def _answer(operation: Operation) -> Answer:
    record = stored_example(operation.resource)
    if operation.kind is OperationKind.ACTION:
        said = {name: record[name] for name in SAID.get(operation.name, record) if record[name] is not EMPTY}
        return Answer(operation, records=(said,), call_id=CALL_ID, at=DATETIME)
    if operation.verb is Verb.FIND:
        return Answer(operation, records=(record,), call_id=CALL_ID, at=DATETIME)
    key = ", ".join(completed_key(operation.resource, {}).values())
    version = 2 if BECAME[operation.verb] is Result.UPDATED else 1
    outcome = Outcome(BECAME[operation.verb], key, 1, version)
    record |= {"version": str(version)} if "version" in record else {}
    return Answer(
        operation, (outcome,), () if operation.verb is Verb.REMOVE else (record,), call_id=CALL_ID, at=DATETIME
    )


def _refusal(dialect: Dialect, offered: list[Offer]) -> str:
    who, wrong = dialect.stranger
    nobody = Failure((wrong,), offered[0].operation, CALL_ID, at=DATETIME)
    blocks = ["## What a refusal looks like"]
    for offer in (offer for offer in offered if offer.operation.verb is Verb.UPDATE):
        problem = Problem("missing", Family.MISSING, "{field} is required.", (offer.operation.resource.key[-1],))
        refused = Answer(offer.operation, (failed("", problem),), call_id=CALL_ID, at=DATETIME)
        blocks += [
            f"A record of `{offer.label}` without its key:",
            _response_block(dialect.write(refused, offer.context), dialect.media),
        ]
        break
    blocks += [
        f"A call {who}:",
        _response_block(dialect.write(nobody, offered[0].context), dialect.media),
    ]
    return "\n\n".join(blocks)


def _request_block(request: WireRequest, media: str) -> str:
    target = f"{request.path}?{request.query}" if request.query else request.path
    return _block(f"{request.method} {target}", request.body, media)


def _response_block(response: WireResponse, media: str) -> str:
    return _block(f"{response.status} {response.reason or responses[response.status]}", response.body, media)


def _block(line: str, body: bytes, media: str) -> str:
    text = indented(body.decode(), media).strip()
    return f"`{line}`\n\n```{media}\n{text}\n```" if text else f"`{line}`"
