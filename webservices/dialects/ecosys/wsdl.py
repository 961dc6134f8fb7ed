"""
The WSDL of a published API: document/literal bare, with the operations that are switched on.

    ReadPart            messages PartReadRequest             elements PartReadRequestElement, PartReadResponseElement
    CreatePart          messages PartCreateRequest           elements PartCreateRequestElement, PartWriteResponseElement
    UpdatePart, CreateOrUpdatePart, DeletePart               likewise
"""

from webservices.contracts import wsdl as contract
from webservices.dialects.ecosys.manner import EcoSysManner
from webservices.dialects.ecosys.schema import PREFIX, soap_schema
from webservices.dialects.ecosys.spelling import (
    VERBS,
    is_on,
    namespace,
    operation_name,
    request_element,
    response_element,
)
from webservices.operations import Operations, Verb

HELP = (
    "Options and parameters may be left out, unless a parameter is required. Every object of a write gets its own "
    "ObjectResult, in order. Header blocks of urn:counterpart:options may be sent: DryRun, AllOrNone, IfMatch, "
    "IdempotencyKey. An omitted element leaves a value as it is, an empty one clears it."
)
SAYS = {
    Verb.FIND: "Reads the {many} that the filter and the parameters allow.",
    Verb.ADD: "Creates {many}; one that is known fails.",
    Verb.UPDATE: "Changes {many}; one that is not known fails.",
    Verb.PUT: "Creates {many} that are not known and changes those that are.",
    Verb.REMOVE: "Deletes {many} by their keys; those in use are made inactive instead.",
}


def wsdl(manner: EcoSysManner, address: str, operations: Operations) -> bytes:
    """The WSDL of the API of a manner, at an address."""
    api = manner.api
    many = operations.get(api.plural, Verb.FIND).resource.label_plural.lower()
    return contract.write_wsdl(
        contract.Service(
            name=api.name,
            namespace=namespace(api),
            prefix=PREFIX,
            schema=soap_schema(manner, operations),
            operations=[
                contract.Described(
                    operation_name(api, verb),
                    request_element(api, verb),
                    response_element(api, verb),
                    SAYS[verb].format(many=many),
                    action=operation_name(api, verb),
                    stem=api.name + VERBS[verb],
                )
                for verb in Verb
                if is_on(api, verb)
            ],
            fault=None,
            address=address,
            help=HELP,
        )
    )
