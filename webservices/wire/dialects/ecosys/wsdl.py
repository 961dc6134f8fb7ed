"""
The WSDL of a published API: document/literal bare, with the operations that are switched on.

    ReadPart            messages PartReadRequest             elements PartReadRequestElement, PartReadResponseElement
    CreatePart          messages PartCreateRequest           elements PartCreateRequestElement, PartWriteResponseElement
    UpdatePart, CreateOrUpdatePart, DeletePart               likewise
    TriggerCheckParts   of an event named CheckParts         CheckPartsTriggerRequestElement, …ResponseElement
"""

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote

from webservices.wire.contracts import wsdl as contract
from webservices.wire.dialects.ecosys.context import EcoSysContext, SoapContext
from webservices.wire.dialects.ecosys.names import (
    REST_XML_PATH,
    SOAP_PATH,
    VERBS,
    list_enabled,
    namespace,
    operation_name,
    request_element,
    response_element,
)
from webservices.wire.dialects.ecosys.published import EcoSysSettings
from webservices.wire.dialects.ecosys.schema import PREFIX, rest_schema, soap_schema
from webservices.wire.messages import CALL_LIMITS, WireRequest
from webservices.wire.operations import Action, Operations, Verb
from webservices.wire.options import own_options_help
from webservices.wire.soap.options import OPTIONS_HELP
from webservices.wire.xml.clear import CLEAR

HELP = (
    "Options and parameters may be left out, unless a parameter is required. Every object of a write gets its own "
    f"ObjectResult, in order. {OPTIONS_HELP} An omitted or nil element leaves a value as it is, an empty one clears "
    f'it; empty rows say nothing: {CLEAR}="true" on them clears them.'
)
DESCRIPTIONS: Mapping[Verb | Action, str] = {
    Verb.FIND: "Reads the {many} that the filter and the parameters allow.",
    Verb.ADD: "Creates {many}; one that is known fails.",
    Verb.UPDATE: "Changes {many}; one that is not known fails.",
    Verb.PUT: "Creates {many} that are not known and changes those that are.",
    Verb.REMOVE: "Deletes {many} by their keys; those in use are made inactive instead.",
    Action.CHECK: "Checks the {many} that the filter and the parameters allow; a fault if one breaks a rule.",
    Action.INACTIVATE: "Makes the {many} that the filter and the parameters allow inactive, all or none.",
    Action.LOG: "Does nothing but log the call.",
}
EVENT_HELP = f"Options and parameters may be left out, unless a parameter is required. {OPTIONS_HELP}"


def schemas(request: WireRequest, operations: Operations, settings: EcoSysSettings) -> Sequence[bytes]:
    """Write the schema inside the WSDL of the API that a request's address names; () for an unknown API."""
    return [contract.schema_in(wsdl(each, "", operations)) for each in find_contexts(request, SOAP_PATH, settings)]


def rest_schemas(request: WireRequest, operations: Operations, settings: EcoSysSettings) -> Sequence[bytes]:
    """Write the schema of REST XML of the API that a request's address names; () for an unknown API."""
    return [rest_schema(each, operations) for each in find_contexts(request, REST_XML_PATH, settings)]


def find_contexts(request: WireRequest, base: str, settings: EcoSysSettings) -> Iterator[SoapContext]:
    """Return the context of the API whose name stands in the address after `base`, if there is such an API."""
    name = unquote(request.path).removeprefix(base).partition("/")[0]
    return (SoapContext(api, settings.language, settings.currency) for api in settings.apis if api.name == name)


def wsdl(context: EcoSysContext, address: str, operations: Operations, limits: str = CALL_LIMITS) -> bytes:
    """Write the WSDL of a context's API, at an address."""
    api = context.api
    many = operations.resource(api.plural).label_plural.lower()
    found = [each for verb in list_enabled(api) if (each := operations.get(api.plural, verb))]
    return contract.write_wsdl(
        contract.Service(
            name=api.name,
            namespace=namespace(api),
            prefix=PREFIX,
            schema=soap_schema(context, operations),
            operations=[
                contract.OperationDescription(
                    operation_name(api, verb),
                    request_element(api, verb),
                    response_element(api, verb),
                    DESCRIPTIONS[verb].format(many=many),
                    action=operation_name(api, verb),
                    stem=api.name + VERBS[verb],
                )
                for verb in list_enabled(api)
            ],
            fault=None,
            address=address,
            help=f"{HELP if api.event is None else EVENT_HELP}{own_options_help(found)} {limits}",
            whole=True,
        )
    )
