"""SAP CPQ as a Dialect."""

from collections.abc import Iterator, Sequence
from typing import Self

from records.shapes.fields import Field
from records.shapes.problems import Path
from webservices.wire.contracts.pretty import xml_file
from webservices.wire.dialects.base import Dialect, Schemas, Secrets, SkeletonHints
from webservices.wire.dialects.sap import wsdl
from webservices.wire.dialects.sap.codes import FAMILIES
from webservices.wire.dialects.sap.context import SapContext, SapSettings
from webservices.wire.dialects.sap.functions import (
    ADMIN_PATH,
    CUSTOMERS,
    DIALECT,
    FUNCTIONS,
    HEALTH,
    LANGUAGES,
    PARTS,
    PASSWORD,
    PATH,
    SERVICES,
    SESSIONS,
    USERS,
    functions_of,
)
from webservices.wire.dialects.sap.names import (
    CARRIED_FIELDS,
    CHANGE_SET,
    CHANGE_SET_FORM,
    CUSTOM_FIELDS,
    DECLINED,
    LEFT_OUT,
    LIMITS,
    MATCH_FIELDS,
    NAMES,
    RETURN_IDS,
    RETURN_IDS_FORM,
    operation_label,
    spell,
)
from webservices.wire.dialects.sap.nodes import ALL_NODES, EXAMPLE
from webservices.wire.dialects.sap.product_schema import product_schema
from webservices.wire.dialects.sap.read import read
from webservices.wire.dialects.sap.request import build_request
from webservices.wire.dialects.sap.write import write
from webservices.wire.messages import Answer, Call, Failure, WireRequest, WireResponse
from webservices.wire.operations import Operation, Operations
from webservices.wire.soap.versions import SOAP_11, SOAP_12


class Sap(Dialect):
    """SAP CPQ's CPQAPI.asmx and wssrv.asmx: customers and products, in SOAP of either version."""

    name = DIALECT
    label = "SAP CPQ"
    media = "xml"
    takes_parts = True
    codes = FAMILIES
    secrets = Secrets(
        elements=frozenset({PASSWORD}),
        names=USERS,  # a client may have put the password there
        documents=frozenset({*filter(None, (each.document for each in FUNCTIONS.values())), f"{HEALTH.name}Result"}),
        children=frozenset((each.name, parameter) for each in FUNCTIONS.values() for parameter in each.parameters),
    )
    settings = SapSettings()
    needs_site = True
    declined = DECLINED
    left_out = LEFT_OUT
    fields = CARRIED_FIELDS
    single_entries = {"price": "currency"}
    titles = {SESSIONS: HEALTH.name}
    tickets = {PASSWORD: " ".join(sorted(USERS))}
    stored_headers = {RETURN_IDS.lower(): RETURN_IDS_FORM, CHANGE_SET.lower(): CHANGE_SET_FORM}
    extra_paths = ("(?i:/wsapi/(cpqapi|wssrv)\\.asmx)/?",)

    def for_site(self, settings: SapSettings) -> Self:
        """The dialect with a site's own names of languages, in which skeletons spell them."""
        return type(self)(settings)

    def read(self, request: WireRequest, operations: Operations, settings: SapSettings) -> Call:
        return read(request, operations, settings)

    def build_request(self, call: Call, context: SapContext) -> WireRequest:
        return build_request(call, context)

    def write(self, answer: Answer | Failure, context: SapContext) -> WireResponse:
        return write(answer, context)

    def contexts(self, operation: Operation) -> Sequence[SapContext]:
        """Return a context for each function and version of SOAP; none where SAP has no such function."""
        return [
            SapContext(version, function, function.find_action(operation) or "", settings=self.settings)
            for function in functions_of(operation)
            for version in (SOAP_11, SOAP_12)
        ]

    def spell(self, plural: str, path: Path) -> str:
        return spell(plural, path)

    def carries(self, plural: str, field: Field) -> bool:
        """True if this wire has a field; products have no custom fields here."""
        return super().carries(plural, field) and not (plural == PARTS and field.custom)

    def known_names(self, operation: Operation, context: SapContext, parents: Path = ()) -> tuple[str, ...]:
        """Return the elements of a record; a customer's custom fields are no elements, but named inside of one."""
        names = {CUSTOMERS: (*NAMES.values(), CUSTOM_FIELDS), PARTS: tuple(ALL_NODES)}
        return () if parents else names.get(operation.resource.plural, ())

    def spell_operation(self, operation: Operation, context: SapContext) -> str:
        return operation_label(operation, context)

    def describe(self, field: Field) -> Field:
        return field.restrict(LIMITS.get(field.name))

    def service(self, operation: Operation, context: SapContext) -> str:
        """Return the service of a function; the languages are told by that of the products."""
        return (context.function or functions_of(operation)[0]).plural

    def operation_name(self, operation: Operation, context: SapContext, request: WireRequest) -> str:
        return operation_label(operation, context)

    def contract(self, plural: str) -> tuple[str, str]:
        return f"{ADMIN_PATH if plural in (PARTS, LANGUAGES) else PATH}?wsdl", "WSDL"

    def documents(self, operations: Operations, address: str) -> Iterator[tuple[str, str]]:
        for path in SERVICES:
            name = path.rpartition("/")[2].partition(".")[0]
            yield f"{name}.wsdl", xml_file(wsdl.wsdl(address + path, operations))
        yield "customers.xsd", xml_file(wsdl.schema(operations))
        yield "parts.xsd", xml_file(product_schema(operations))

    def request_schemas(self, request: WireRequest, operations: Operations, settings: SapSettings) -> Schemas:
        return [wsdl.functions_schema(request, operations), wsdl.schema(operations), product_schema(operations)]

    def skeleton_hints(self, operation: Operation, context: SapContext) -> SkeletonHints:
        if operation.resource.plural == CUSTOMERS:
            return SkeletonHints(("id",), match_fields=MATCH_FIELDS[1:])
        return SkeletonHints(operation.resource.key, new_values=EXAMPLE if operation.resource.plural == PARTS else {})


SAP = Sap()
