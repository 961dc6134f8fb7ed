"""CRM-service as a Dialect."""

from collections.abc import Iterator, Sequence
from typing import Self

from records.shapes.criteria import Comparator
from records.shapes.fields import Field
from records.shapes.fields import Kind as FieldKind
from records.shapes.problems import Family, Path, Problem
from webservices.wire.contracts.wsdl_rpc import ENCODING_FILE, encoding_schema
from webservices.wire.credentials import Bearer, Credentials, Password, SessionToken
from webservices.wire.dialects.base import Dialect, Schemas, Secrets, SkeletonHints
from webservices.wire.dialects.crm.codes import FAMILIES
from webservices.wire.dialects.crm.context import CrmContext, CrmSettings
from webservices.wire.dialects.crm.methods import MANAGERS, MethodKind, find_methods
from webservices.wire.dialects.crm.names import FIELDS, OTHER_NAMES, SERVICE, SINGLE_ENTRIES, VENDOR_FIELDS, spell
from webservices.wire.dialects.crm.read import read
from webservices.wire.dialects.crm.request import build_request
from webservices.wire.dialects.crm.types import wire_field
from webservices.wire.dialects.crm.write import write
from webservices.wire.dialects.crm.wsdl import response_schemas, wsdl
from webservices.wire.messages import Answer, Call, Failure, WireRequest, WireResponse
from webservices.wire.operations import Action, Operation, Operations, Verb

NOT_RECORDS = frozenset({"rows"})

NO_MODULE = "CRM-service has no module for them."


class Crm(Dialect):
    """CRM-service's web services: SOAP in rpc style, one service for each manager."""

    name = "crm-service"
    label = "CRM-service"
    media = "xml"
    recurs = True
    takes_parts = True
    clear_help = {FieldKind.ROWS: "Empty, it says nothing; clear_rows, when true, clears it."}
    codes = FAMILIES
    # Arguments by order have names of the client's own: the first is the session or key, others may be a password.
    secrets = Secrets(
        elements=frozenset({"apiKey", "session", "sessionID", "password", "param0"}),
        containers=frozenset({"createSession", "authenticatePortalUser", "multiRef"}),
    )
    settings = CrmSettings()
    declined = {
        "prices": "CRM-service's products have one price, that of the site's currency.",
        "customer_parts": NO_MODULE,
        "shipments": NO_MODULE,
    }
    fields = {plural: tuple(fields.values()) for plural, fields in FIELDS.items() if plural not in NOT_RECORDS}
    other_names = OTHER_NAMES
    vendor_fields = VENDOR_FIELDS
    single_entries = SINGLE_ENTRIES
    titles = {manager: manager for manager in MANAGERS}
    tickets = {"sessionID": "", "apiKey": ""}
    rejected_caller = ("whose session has ended", Problem("session-ended", Family.UNAUTHENTICATED, ""))

    def for_site(self, settings: CrmSettings) -> Self:
        """Return the dialect with the site's language, currency and statuses in its contexts."""
        return type(self)(settings)

    def read(self, request: WireRequest, operations: Operations, settings: CrmSettings) -> Call:
        return read(request, operations, settings)

    def build_request(self, call: Call, context: CrmContext) -> WireRequest:
        return build_request(call, context)

    def write(self, answer: Answer | Failure, context: CrmContext) -> WireResponse:
        return write(answer, context)

    def contexts(self, operation: Operation) -> Sequence[CrmContext]:
        """Return a context for each method that calls the operation."""
        return [CrmContext(method.manager, method, settings=self.settings) for method in find_methods(operation)]

    def credentials(self, operation: Operation, password: Password) -> Credentials:
        """Return an API key where a session is opened, a session everywhere else."""
        return Bearer(password.secret) if operation.verb is Action.OPEN else SessionToken(password.secret)

    def row_carries(self, plural: str, rows: str, field: Field) -> bool:
        """True if the type of the rows has a field, as that is listed too."""
        return field.name in FIELDS.get(rows, {}).values()

    def spell(self, plural: str, path: Path) -> str:
        return spell(plural, path)

    def describe(self, field: Field) -> Field:
        return wire_field(field)

    def spell_operation(self, operation: Operation, context: CrmContext) -> str:
        return context.method.name

    def service(self, operation: Operation, context: CrmContext) -> str:
        return context.manager

    def contract(self, plural: str) -> tuple[str, str]:
        return f"{SERVICE}?class={plural}&wsdl", "WSDL"

    def documents(self, operations: Operations, address: str) -> Iterator[tuple[str, str]]:
        for manager in MANAGERS:
            url = f"{address}{SERVICE}?class={manager}"
            yield f"{manager}.wsdl", wsdl(manager, url, self.settings, operations).decode()
        yield ENCODING_FILE, encoding_schema().decode()

    def response_schemas(
        self, request: WireRequest, status: int, operations: Operations, settings: CrmSettings
    ) -> Schemas:
        return response_schemas(request, operations, settings)

    def skeleton_hints(self, operation: Operation, context: CrmContext) -> SkeletonHints:
        """Return the id as the key of a record, but its number for a search, a new record and an action."""
        kind = context.method.kind
        by_number = operation.verb is Verb.ADD or kind in (MethodKind.SEARCH, MethodKind.ACTION)
        return SkeletonHints(
            operation.resource.key if by_number else ("id",),
            text_comparator=Comparator.ILIKE,
            search_notes=search_notes(context),
            is_text=kind is MethodKind.BULK,
        )


def search_notes(context: CrmContext) -> Sequence[str]:
    """Build the sentences about searching that skeletons show."""
    if context.method.kind is not MethodKind.SEARCH:
        return ["Gives the record with this id."]
    return [
        "Searches by one field: exact but for case, % being any text; in the order of the ids.",
        "What is no text is equal, or compared as the value begins: >, >=, <, <=; or a range with both ends, 1..5.",
        f"limit is 1 to {context.settings.most}, offset is 0 or more.",
    ]


CRM = Crm()
