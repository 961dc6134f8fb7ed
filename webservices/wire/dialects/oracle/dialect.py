"""Oracle CPQ, version by version, as Dialects: the bodies are the same, the headers are not."""

from collections.abc import Iterator, Sequence

from records.shapes.fields import Field
from records.shapes.fields import Kind as FieldKind
from records.shapes.problems import Path
from webservices.wire.contracts.pretty import schema_file, xml_file
from webservices.wire.credentials import Credentials, Password
from webservices.wire.dialects.base import Dialect, Schemas, Secrets, SkeletonHints
from webservices.wire.dialects.oracle.codes import FAMILIES
from webservices.wire.dialects.oracle.context import OracleContext, OracleSettings
from webservices.wire.dialects.oracle.headers import VERSION_1_0, VERSION_2_0, Version
from webservices.wire.dialects.oracle.names import (
    BY_CRITERIA,
    CONTRACT_COMPARATORS,
    CRITERIA_ONLY,
    DECLINED,
    LEFT_OUT,
    SECURITY_SERVICE,
    STAMPS,
    USERS_SERVICE,
    describe,
    has_name,
    operation_name,
    singular,
    spell,
)
from webservices.wire.dialects.oracle.read import read_version
from webservices.wire.dialects.oracle.request import build_version_request
from webservices.wire.dialects.oracle.write import write_version
from webservices.wire.dialects.oracle.wsdl import GENERIC, GENERIC_PLURAL, schemas, wsdl
from webservices.wire.messages import Answer, Call, DialectSettings, Failure, WireRequest, WireResponse
from webservices.wire.operations import Operation, Operations
from webservices.wire.soap.versions import SOAP_11, SOAP_12
from webservices.wire.xml.clear import CLEAR_HELP


class Oracle(Dialect):
    """Oracle CPQ over SOAP, in one of its versions."""

    media = "xml"
    recurs = True
    takes_parts = True
    clear_help = dict.fromkeys((FieldKind.MAP, FieldKind.ROWS), CLEAR_HELP)
    codes = FAMILIES
    secrets = Secrets(
        elements=frozenset({"Password", "Nonce", "BinarySecurityToken", "sessionId"}),
        containers=frozenset({"userInfo"}),
    )
    settings = OracleSettings()
    declined = DECLINED
    left_out = LEFT_OUT
    titles = {plural: service.title() for plural, service in {**SECURITY_SERVICE, **USERS_SERVICE}.items()}
    version: Version

    def read(self, request: WireRequest, operations: Operations, settings: OracleSettings) -> Call:
        return read_version(self.version, request, operations, settings)

    def build_request(self, call: Call, context: OracleContext) -> WireRequest:
        return build_version_request(self.version, call, context)

    def write(self, answer: Answer | Failure, context: OracleContext) -> WireResponse:
        return write_version(self.version, answer, context)

    def contexts(self, operation: Operation) -> Sequence[OracleContext]:
        """Both versions of SOAP, in the namespace of the service; none where there is no such service."""
        plural = operation.resource.plural
        if plural not in self.version.services or not has_name(operation):
            return []
        return [OracleContext(soap, self.version.namespace(plural), plural) for soap in (SOAP_11, SOAP_12)]

    def credentials(self, operation: Operation, password: Password) -> Credentials:
        return self.version.credentials(operation, password)

    def carries(self, plural: str, field: Field) -> bool:
        return super().carries(plural, field) or field.name in STAMPS.get(singular(plural), {})

    def describe(self, field: Field) -> Field:
        return describe(field)

    def spell(self, plural: str, path: Path) -> str:
        return spell(plural, path)

    def known_names(self, operation: Operation, context: OracleContext, parents: Path = ()) -> tuple[str, ...]:
        """Return the names of fields; where records are found by criteria, those that criteria alone may name, too."""
        names = super().known_names(operation, context, parents)
        by_criteria = operation.verb in BY_CRITERIA and not parents
        return (*names, *CRITERIA_ONLY & operation.resource.by_name.keys()) if by_criteria else names

    def spell_operation(self, operation: Operation, context: OracleContext) -> str:
        return operation_name(operation)

    def contract(self, plural: str) -> tuple[str, str]:
        return self.version.contract_path(plural), "WSDL"

    def further_contracts(self, plural: str) -> Sequence[tuple[str, str]]:
        address = f"{self.version.address(plural)}?wsdl={GENERIC}"
        return [(address, "WSDL with every classic field")] if plural == GENERIC_PLURAL else []

    def documents(self, operations: Operations, address: str) -> Iterator[tuple[str, str]]:
        for plural, service in self.version.services.items():
            document = wsdl(self.version, plural, address + self.version.address(plural), operations)
            yield f"{service}.wsdl", xml_file(document)
            yield f"{service}.xsd", schema_file(document)

    def request_schemas(self, request: WireRequest, operations: Operations, settings: DialectSettings) -> Schemas:
        return schemas(self.version, request, operations, settings)

    def skeleton_hints(self, operation: Operation, context: OracleContext) -> SkeletonHints:
        criteria = ("company_associations",) if operation.resource.plural == "parts" else ()
        return SkeletonHints(operation.resource.key, criteria, comparators=CONTRACT_COMPARATORS)


class Oracle10(Oracle):
    """Version 1.0."""

    name = "oracle-1.0"
    label = "Oracle CPQ 1.0"
    version = VERSION_1_0
    tickets = VERSION_1_0.tickets


class Oracle20(Oracle):
    """Version 2.0."""

    name = "oracle-2.0"
    label = "Oracle CPQ 2.0"
    version = VERSION_2_0
    tickets = VERSION_2_0.tickets


ORACLE_1_0 = Oracle10()
ORACLE_2_0 = Oracle20()
