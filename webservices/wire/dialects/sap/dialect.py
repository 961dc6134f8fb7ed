"""SAP CPQ as a Dialect."""

from collections.abc import Iterator, Sequence

from records.shapes.fields import Field
from records.shapes.problems import Path
from webservices.wire.contracts.pretty import xml_file
from webservices.wire.dialects.base import Dialect, Schemas, Secrets, SkeletonHints
from webservices.wire.dialects.sap import wsdl
from webservices.wire.dialects.sap.codes import FAMILIES
from webservices.wire.dialects.sap.context import SapContext, SapSettings
from webservices.wire.dialects.sap.names import (
    CARRIED_FIELDS,
    CUSTOM_FIELDS,
    CUSTOMERS,
    DECLINED,
    HEALTH,
    LEFT_OUT,
    LIMITS,
    MATCH_FIELDS,
    METHODS,
    NAMES,
    PARAMETERS,
    PASSWORD,
    PATH,
    SESSIONS,
    USER_NAME,
    XML,
    find_action,
    has_function,
    operation_label,
    spell,
)
from webservices.wire.dialects.sap.read import read
from webservices.wire.dialects.sap.request import build_request
from webservices.wire.dialects.sap.write import write
from webservices.wire.messages import Answer, Call, Failure, WireRequest, WireResponse
from webservices.wire.operations import Operation, Operations
from webservices.wire.soap.versions import SOAP_11, SOAP_12


class Sap(Dialect):
    """SAP CPQ's CPQAPI.asmx: customers alone, in SOAP of either version."""

    name = "sap-cpq"
    label = "SAP CPQ"
    media = "xml"
    takes_parts = True
    codes = FAMILIES
    secrets = Secrets(
        elements=frozenset({PASSWORD}),
        names=frozenset({USER_NAME}),  # a client may have put the password there
        documents=frozenset({XML, f"{HEALTH}Result"}),
        children=frozenset((function, name) for function, names in PARAMETERS.items() for name in names),
    )
    settings = SapSettings()
    needs_site = True
    declined = DECLINED
    left_out = LEFT_OUT
    fields = CARRIED_FIELDS
    titles = {SESSIONS: "doUSeeMe"}
    tickets = {PASSWORD: USER_NAME}
    extra_paths = ("/ws(API|api)/(?i:cpqapi|wssrv)\\.asmx/?",)

    def read(self, request: WireRequest, operations: Operations, settings: SapSettings) -> Call:
        return read(request, operations, settings)

    def build_request(self, call: Call, context: SapContext) -> WireRequest:
        return build_request(call, context)

    def write(self, answer: Answer | Failure, context: SapContext) -> WireResponse:
        return write(answer, context)

    def contexts(self, operation: Operation) -> Sequence[SapContext]:
        """Return a context for each version of SOAP; none where SAP has no such function."""
        if not has_function(operation):
            return []
        function = METHODS[operation.resource.plural]
        return [SapContext(version, function, find_action(operation)) for version in (SOAP_11, SOAP_12)]

    def spell(self, plural: str, path: Path) -> str:
        return spell(plural, path)

    def known_names(self, operation: Operation, context: SapContext, parents: Path = ()) -> tuple[str, ...]:
        """Return the elements of a Customer; its custom fields are no elements, but named inside of one."""
        return (*NAMES.values(), CUSTOM_FIELDS) if operation.resource.plural == CUSTOMERS and not parents else ()

    def spell_operation(self, operation: Operation, context: SapContext) -> str:
        return operation_label(operation, context)

    def describe(self, field: Field) -> Field:
        return field.restrict(LIMITS.get(field.name))

    def operation_name(self, operation: Operation, context: SapContext, request: WireRequest) -> str:
        return operation_label(operation, context)

    def contract(self, plural: str) -> tuple[str, str]:
        return f"{PATH}?wsdl", "WSDL"

    def documents(self, operations: Operations, address: str) -> Iterator[tuple[str, str]]:
        yield "CPQAPI.wsdl", xml_file(wsdl.wsdl(address + PATH, operations))
        yield "customers.xsd", xml_file(wsdl.schema(operations))

    def request_schemas(self, request: WireRequest, operations: Operations, settings: SapSettings) -> Schemas:
        return wsdl.schemas(request, operations, settings)

    def skeleton_hints(self, operation: Operation, context: SapContext) -> SkeletonHints:
        is_customer = operation.resource.plural == CUSTOMERS
        return SkeletonHints(("id",) if is_customer else (), match_fields=MATCH_FIELDS[1:] if is_customer else ())


SAP = Sap()
