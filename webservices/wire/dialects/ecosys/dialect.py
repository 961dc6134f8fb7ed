"""EcoSys as Dialects: SOAP, REST XML and REST JSON, for the same published APIs."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Self

from records.shapes.fields import Field
from records.shapes.fields import Kind as FieldKind
from records.shapes.outcomes import Outcome
from records.shapes.problems import Path
from webservices.wire.contracts.pretty import schema_file, xml_file
from webservices.wire.dialects.base import CriterionHint, Dialect, Schemas, Secrets, SkeletonHints, WireField
from webservices.wire.dialects.ecosys import read, request, write
from webservices.wire.dialects.ecosys.codes import FAMILIES
from webservices.wire.dialects.ecosys.columns import NO_COLUMNS, entry_field, get_columns
from webservices.wire.dialects.ecosys.context import EcoSysContext, RestContext, SoapContext
from webservices.wire.dialects.ecosys.filters import blank_criterion
from webservices.wire.dialects.ecosys.names import (
    DECLINED,
    DEFAULT_APIS_BY_PLURAL,
    LEFT_OUT,
    REST_XML_PATH,
    SOAP_PATH,
    VERBS,
    file_name,
    is_enabled,
    operation_name,
    spell,
)
from webservices.wire.dialects.ecosys.options import OPTIONS, USERNAME
from webservices.wire.dialects.ecosys.published import NO_API, EcoSysSettings, PublishedApi
from webservices.wire.dialects.ecosys.request import OVERRIDDEN_METHODS, build_rest_request, find_method
from webservices.wire.dialects.ecosys.rest_bodies import JSON, XML, BodyFormat
from webservices.wire.dialects.ecosys.rest_read import METHOD, read_rest
from webservices.wire.dialects.ecosys.rest_write import write_rest
from webservices.wire.dialects.ecosys.results import outcome_messages, spell_for_api
from webservices.wire.dialects.ecosys.schema import rest_schema
from webservices.wire.dialects.ecosys.wsdl import rest_schemas, schemas, wsdl
from webservices.wire.messages import Answer, Call, Failure, WireRequest, WireResponse
from webservices.wire.operations import Kind, Operation, Operations
from webservices.wire.xml.clear import CLEAR_HELP


class EcoSys(Dialect):
    """The parts of EcoSys that SOAP and REST share: its published APIs, their columns, its codes."""

    media = "xml"
    clear_help = {FieldKind.ROWS: CLEAR_HELP}
    codes = FAMILIES
    secrets = Secrets(
        elements=frozenset({"Password"}),
        members=frozenset({"Password"}),
        parameters=frozenset({"_password", "__password"}),
        names=frozenset({USERNAME}),
        children=frozenset(("*Options", option) for option in OPTIONS),
    )
    settings = EcoSysSettings()
    needs_site = True
    declined = DECLINED
    left_out = LEFT_OUT
    single_entries = {
        "description": "language",
        "extended_description_1": "language",
        "extended_description_2": "language",
        "price": "currency",
    }

    def for_site(self, settings: EcoSysSettings) -> Self:
        """Return the dialect with the APIs that a site publishes."""
        return type(self)(settings)

    def apis(self, operation: Operation) -> Iterator[PublishedApi]:
        """Return the APIs that have an operation."""
        verb, plural = operation.verb, operation.resource.plural
        return (api for api in self.settings.apis if api.plural == plural and verb in VERBS and is_enabled(api, verb))

    def spell(self, plural: str, path: Path) -> str:
        return spell(plural, path)

    def speller(self, context: EcoSysContext, operation: Operation) -> Callable[[Path], str]:
        """Return the function that spells paths by the columns of the context's API."""
        return partial(spell_for_api, context, operation.resource)

    def known_names(self, operation: Operation, context: EcoSysContext, parents: Path = ()) -> tuple[str, ...]:
        """Return the ids of the columns of the context's API or, under `parents`, of its rows."""
        columns = get_columns(context, operation.resource) if context.api is not NO_API else NO_COLUMNS
        if parents:
            columns = next((each.row for each in columns.all if each.path == parents[:1]), NO_COLUMNS)
        return tuple(each.id for each in columns.all)

    def spell_operation(self, operation: Operation, context: EcoSysContext) -> str:
        """Return the name in the WSDL, over REST, too: `UpdatePart`."""
        return operation_name(context.api, operation.verb) if operation.verb in VERBS else ""

    def describe(self, field: Field) -> Field:
        return entry_field(field)

    def messages(self, outcome: Outcome, operation: Operation, context: EcoSysContext) -> Sequence[tuple[str, str]]:
        return outcome_messages(outcome, operation, context)

    def document_of(self, api: PublishedApi) -> tuple[str, str]:
        """Return address and name of the document that describes an API."""
        raise NotImplementedError

    def contract_in(self, plural: str, context: EcoSysContext) -> tuple[str, str]:
        """Return the document of the context's own API."""
        return self.document_of(context.api)

    def wire_fields(self, operation: Operation, context: EcoSysContext) -> Iterator[WireField]:
        """Yield the columns of the context's API that are about fields that may be written; an event has none."""
        if operation.kind is Kind.TRIGGER:
            return
        by_name = operation.resource.by_name
        for each in get_columns(context, operation.resource).all:
            if by_name[str(each.path[0])].writable:
                yield WireField(each.id, each.path, each.field, each.read_only)

    def skeleton_hints(self, operation: Operation, context: EcoSysContext) -> SkeletonHints:
        resource = operation.resource
        hints = [
            CriterionHint(each.id, blank_criterion(each, resource, context), each.required)
            for each in context.api.parameters
        ]
        return SkeletonHints(resource.key, only_criteria=hints)

    def first_api(self, plural: str) -> PublishedApi:
        """Return the first API of a kind of record; an event only where there is no other."""
        apis = [api for api in self.settings.apis if api.plural == plural]
        return next((api for api in apis if api.event is None), apis[0])


class EcoSysSoap(EcoSys):
    """EcoSys over SOAP."""

    name = "ecosys"
    label = "EcoSys SOAP"
    recurs = True
    takes_parts = True

    def read(self, request: WireRequest, operations: Operations, settings: EcoSysSettings) -> Call:
        return read.read(request, operations, settings)

    def build_request(self, call: Call, context: SoapContext) -> WireRequest:
        return request.build_request(call, context)

    def write(self, answer: Answer | Failure, context: SoapContext) -> WireResponse:
        return write.write(answer, context)

    def contexts(self, operation: Operation) -> Sequence[SoapContext]:
        """Return a context for each API that has the operation, in SOAP 1.1 alone; `read` takes 1.2, too."""
        settings = self.settings
        return [SoapContext(api, settings.language, settings.currency) for api in self.apis(operation)]

    def operation_name(self, operation: Operation, context: SoapContext, request: WireRequest) -> str:
        """Return the name in the WSDL: `UpdatePart`."""
        return operation_name(context.api, operation.verb)

    def contract(self, plural: str) -> tuple[str, str]:
        """Return the WSDL of the first API of a kind of record: `/ecosys/api/soap/Part?wsdl`."""
        return self.document_of(self.first_api(plural))

    def document_of(self, api: PublishedApi) -> tuple[str, str]:
        return f"{SOAP_PATH}{api.name}?wsdl", "WSDL"

    def documents(self, operations: Operations, address: str) -> Iterator[tuple[str, str]]:
        for plural, api in DEFAULT_APIS_BY_PLURAL.items():
            document = wsdl(SoapContext(api), f"{address}{SOAP_PATH}{api.name}", operations)
            yield f"{file_name(plural)}.wsdl", xml_file(document)
            yield f"{file_name(plural)}.xsd", schema_file(document)

    def request_schemas(self, request: WireRequest, operations: Operations, settings: EcoSysSettings) -> Schemas:
        return schemas(request, operations, settings)


class EcoSysRest(EcoSys):
    """EcoSys over REST: the APIs of SOAP in another form of body at other addresses."""

    form: BodyFormat
    # Credentials are in the address here, where no ticket can be put.
    tickets = {}

    def read(self, request: WireRequest, operations: Operations, settings: EcoSysSettings) -> Call:
        return read_rest(self.form, request, operations, settings)

    def build_request(self, call: Call, context: RestContext) -> WireRequest:
        return build_rest_request(self.form, call, context)

    def write(self, answer: Answer | Failure, context: RestContext) -> WireResponse:
        return write_rest(self.form, answer, context)

    def contexts(self, operation: Operation) -> Sequence[RestContext]:
        settings = self.settings
        return [RestContext(api, settings.language, settings.currency) for api in self.apis(operation)]

    def operation_name(self, operation: Operation, context: RestContext, request: WireRequest) -> str:
        """Return method and address: `POST /ecosys/api/restxml/Part/?_method=PATCH`."""
        method = find_method(operation.verb)
        http_method = OVERRIDDEN_METHODS.get(method, method)
        override = f"?{METHOD}={method}" if http_method != method else ""
        return f"{http_method} {self.form.path}{context.api.name}/{override}"

    def contract(self, plural: str) -> tuple[str, str]:
        """Return the XSD of the first API of a kind of record, for JSON, too: `/ecosys/api/restxml/Part?xsd`."""
        return self.document_of(self.first_api(plural))

    def document_of(self, api: PublishedApi) -> tuple[str, str]:
        return f"{REST_XML_PATH}{api.name}?xsd", "XSD"


class EcoSysRestXml(EcoSysRest):
    """REST in XML."""

    name = "ecosys-rest-xml"
    label = "EcoSys REST XML"
    form = XML
    extra_paths = (f"{XML.path}[^/]+/.*",)

    def documents(self, operations: Operations, address: str) -> Iterator[tuple[str, str]]:
        for plural, api in DEFAULT_APIS_BY_PLURAL.items():
            yield f"{file_name(plural)}.xsd", xml_file(rest_schema(RestContext(api), operations))

    def request_schemas(self, request: WireRequest, operations: Operations, settings: EcoSysSettings) -> Schemas:
        return rest_schemas(request, operations, settings)


class EcoSysRestJson(EcoSysRest):
    """REST in JSON, which no schema describes."""

    name = "ecosys-rest-json"
    label = "EcoSys REST JSON"
    media = "json"
    clear_help = {FieldKind.ROWS: "[] or null clears it."}
    form = JSON
    extra_paths = (f"{JSON.path}[^/]+/.*",)

    def documents(self, operations: Operations, address: str) -> Iterator[tuple[str, str]]:
        yield from ()

    def request_schemas(self, request: WireRequest, operations: Operations, settings: EcoSysSettings) -> Schemas:
        return ()


ECOSYS = EcoSysSoap()
ECOSYS_REST_XML = EcoSysRestXml()
ECOSYS_REST_JSON = EcoSysRestJson()
