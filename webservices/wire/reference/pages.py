"""
The reference pages, one per dialect and kind of record: its operations and fields, an example of each call and of a
rejection.

All of it is read from the declarations, and the examples are written by the dialect itself. A page is a value: the site
shows it as HTML (`webservices.views.reference`), and `manage.py export_reference` writes it to a file.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import responses
from urllib.parse import unquote

from records.shapes.fields import Field, Kind, RowsField
from records.shapes.outcomes import Outcome, Result, failed_outcome
from records.shapes.problems import Family, Problem
from records.shapes.resources import Resource
from records.shapes.values import EMPTY
from webservices.wire.contracts.examples import completed_key, stored_example
from webservices.wire.contracts.pretty import indent_message
from webservices.wire.dialects.base import Dialect, SkeletonHints
from webservices.wire.messages import Answer, Failure, WireRequest, WireResponse
from webservices.wire.operations import Action, Operation, Operations, Verb
from webservices.wire.operations import Kind as OperationKind
from webservices.wire.reference.catalog import Offer, offers
from webservices.wire.reference.skeletons import skeleton_call

# Fixed, so that a page is the same whenever it is written: its ETag is made of its content.
DATETIME = datetime(2026, 1, 31, 12, tzinfo=UTC)
CALL_ID = "8e0345c1a2b34d0f9d5b7a6c4e2f1a00"


@dataclass(frozen=True)
class Message:
    """A request or a response: `PUT /api/v1/parts/PUMP-100/` or `200 OK`, and its body, indented."""

    line: str
    body: str


@dataclass(frozen=True)
class OperationEntry:
    """
    An operation as a dialect offers it.

    path  where its requests go, unless the label says so
    """

    anchor: str
    label: str
    path: str
    purpose: str
    permissions: Sequence[str]
    request: Message
    response: Message


@dataclass(frozen=True)
class FieldEntry:
    """A field by the wire's name, `number` or `rows[].quantity`."""

    name: str
    limits: str
    help: str


@dataclass(frozen=True)
class Rejection:
    """A response that says why something was not done, and the sentence that introduces it."""

    introduction: str
    response: Message


@dataclass(frozen=True)
class ReferencePage:
    """A kind of record over a dialect."""

    dialect: Dialect
    resource: Resource
    operations: Sequence[OperationEntry]
    fields: Sequence[FieldEntry]
    rejections: Sequence[Rejection]


RESULTS: Mapping[Verb | Action, Result] = {
    Verb.ADD: Result.CREATED,
    Verb.UPDATE: Result.UPDATED,
    Verb.PUT: Result.UPDATED,
    Verb.REMOVE: Result.DELETED,
}
PURPOSES: Mapping[Verb | Action, str] = {
    Verb.FIND: "Finds {many} by criteria, all of which must be met.",
    Verb.ADD: "Adds {many}; one whose key is taken fails.",
    Verb.UPDATE: "Changes {many} that exist; what is absent stays, what is empty is cleared.",
    Verb.PUT: "Adds the {many} that do not exist and changes those that do.",
    Verb.REMOVE: "Removes {many}; one that is in use is made inactive instead.",
    Action.OPEN: "Opens a session with a user's name and password, and says its id.",
    Action.SHOW: "Says who is calling.",
    Action.SET_CURRENCY: "Gives the session another currency.",
    Action.CLOSE: "Ends the session.",
    Action.CHECK: "Checks the {many} that it is about against their rules, and fails if one breaks them.",
    Action.INACTIVATE: "Makes the {many} that it is about inactive, all or none.",
    Action.LOG: "Does nothing but log the call.",
}
REPLACING = "Replaces {many} that exist: what is absent is cleared."
WITHOUT_ACTIVE = "Removes {many} whose state allows it."
# By an operation's name, where its verb does not say what it does.
PURPOSES_BY_NAME: Mapping[str, str] = {
    "user_accounts.show": "Says who has a name: the caller, or anybody to those who may view users.",
    "auth_tokens.open": "Gives a token for a user's name and password.",
    "api_version.show": "Says the version of the hub.",
    "data_sources.show": "Says what the data source of the site is called.",
    "server_time.show": "Says what time it is, in UTC.",
    "portal_users.sign_in": "Signs a contact in to a portal; whatever is wrong, the refusal reads the same.",
    "part_fields.show": "Says what fields a part has.",
    "price_books.show": "Says what price books there are.",
    "crm_fields.show": "Says what fields a kind of record has.",
    "picklist_values.show": "Says what a field may be chosen from.",
}
# The fields that an action answers, where they are not all that its resource has.
ANSWER_FIELDS: Mapping[str, Sequence[str]] = {"sessions.open": ("id", "currency")}


def resource_plurals(dialect: Dialect, operations: Operations) -> list[str]:
    """The plural names of the resources that a dialect offers."""
    plurals = dict.fromkeys(operation.resource.plural for operation in operations)
    return [plural for plural in plurals if offers(dialect, plural, operations)]


def contract_addresses(dialect: Dialect, operations: Operations) -> list[tuple[str, str]]:
    """Address and name of each document that describes a service of a dialect: `/v2_0/receiver/parts?wsdl`, `WSDL`."""
    addresses: dict[str, str] = {}
    for operation in operations:
        for context in dialect.contexts(operation):
            service = dialect.service(operation, context)
            for address, name in (dialect.contract(service), *dialect.further_contracts(service)):
                addresses.setdefault(address, name)
    return [(address, name) for address, name in addresses.items() if address]


def reference_page(dialect: Dialect, plural: str, operations: Operations) -> ReferencePage | None:
    """The page of a resource, by its plural name; None: the dialect does not offer it."""
    offered = offers(dialect, plural, operations)
    if not offered:
        return None
    resource = offered[0].operation.resource
    return ReferencePage(
        dialect,
        resource,
        [_operation(dialect, offer) for offer in offered],
        [*_fields(dialect, resource)],
        [*_rejections(dialect, offered)],
    )


def _operation(dialect: Dialect, offer: Offer) -> OperationEntry:
    path = unquote(offer.request.path)
    return OperationEntry(
        anchor=offer.name,
        label=offer.label,
        path="" if path in offer.label else path,
        purpose=_purpose(offer.operation, dialect.skeleton_hints(offer.operation, offer.context)),
        permissions=offer.operation.permissions,
        request=_example_request(dialect, offer),
        response=_response(dialect.write(_answer(offer.operation), offer.context), dialect.media),
    )


def _purpose(operation: Operation, hints: SkeletonHints) -> str:
    resource = operation.resource
    if hints.replaces:
        return REPLACING.format(many=resource.label_plural.lower())
    # Orders and prices have no field `active`: they are removed or kept, never made inactive.
    is_never_inactive = operation.verb is Verb.REMOVE and "active" not in resource.by_name
    usual = WITHOUT_ACTIVE if is_never_inactive else PURPOSES.get(operation.verb, resource.help)
    return PURPOSES_BY_NAME.get(operation.name, usual).format(many=resource.label_plural.lower())


def _fields(dialect: Dialect, resource: Resource) -> Iterator[FieldEntry]:
    for entry in (*resource.fields, *dialect.view_fields(resource)):
        if not entry.secret and dialect.carries(resource.plural, entry):
            name = dialect.spell(resource.plural, (entry.name,))
            yield FieldEntry(name, _limits(entry, resource, dialect), dialect.help(entry))
            if entry.kind is Kind.ROWS:
                yield from _row_fields(dialect, resource, entry, name)
    for own in dialect.vendor_fields.get(resource.plural, ()):
        yield FieldEntry(own.name, own.limits(), own.help)


def _row_fields(dialect: Dialect, resource: Resource, rows: RowsField, name: str) -> Iterator[FieldEntry]:
    for field in rows.child.writable:
        if not dialect.row_carries(resource.plural, rows.name, field):
            continue
        inner = dialect.spell(resource.plural, (rows.name, 0, field.name)).rpartition(".")[2]
        yield FieldEntry(f"{name}[].{inner}", _limits(field, rows.child, dialect), dialect.describe(field).help)


def _limits(entry: Field, resource: Resource, dialect: Dialect) -> str:
    words = "required: " if resource.needs(entry) else "read only: " if entry.read_only else ""
    return words + dialect.describe(entry).limits()


def _example_request(dialect: Dialect, offer: Offer) -> Message:
    key = completed_key(offer.operation.resource, {}) | {"id": "1"}
    call = skeleton_call(dialect, offer.operation, key, None, "ada", offer.context)
    request = dialect.build_request(call, offer.context)
    return Message(f"{request.method} {_target(request)}", indent_message(request.body.decode(), dialect.media).strip())


def _target(request: WireRequest) -> str:
    return f"{request.path}?{request.query}" if request.query else request.path


def _response(response: WireResponse, media: str) -> Message:
    line = f"{response.status} {response.reason or responses[response.status]}"
    return Message(line, indent_message(response.body.decode(), media).strip())


def _answer(operation: Operation) -> Answer:
    record = stored_example(operation.resource)
    if operation.kind is OperationKind.ACTION:
        answered = {
            name: record[name] for name in ANSWER_FIELDS.get(operation.name, record) if record[name] is not EMPTY
        }
        return Answer(operation, records=(answered,), call_id=CALL_ID, at=DATETIME)
    if operation.kind is OperationKind.TRIGGER:
        return Answer(operation, call_id=CALL_ID, at=DATETIME)
    if operation.verb is Verb.FIND:
        return Answer(operation, records=(record,), call_id=CALL_ID, at=DATETIME)
    key = ", ".join(completed_key(operation.resource, {}).values())
    version = 2 if RESULTS[operation.verb] is Result.UPDATED else 1
    outcome = Outcome(RESULTS[operation.verb], key, 1, version)
    record |= {"version": str(version)} if "version" in record else {}
    return Answer(
        operation, (outcome,), () if operation.verb is Verb.REMOVE else (record,), call_id=CALL_ID, at=DATETIME
    )


def _rejections(dialect: Dialect, offered: Sequence[Offer]) -> Iterator[Rejection]:
    update = next((offer for offer in offered if offer.operation.verb is Verb.UPDATE), None)
    if update:
        problem = Problem("missing", Family.MISSING, "{field} is required.", (update.operation.resource.key[-1],))
        rejected = Answer(update.operation, (failed_outcome("", problem),), call_id=CALL_ID, at=DATETIME)
        response = _response(dialect.write(rejected, update.context), dialect.media)
        yield Rejection(f"A record of {update.label} without its key:", response)
    who, wrong = dialect.rejected_caller
    failure = Failure((wrong,), offered[0].operation, CALL_ID, at=DATETIME)
    yield Rejection(f"A call {who}:", _response(dialect.write(failure, offered[0].context), dialect.media))
