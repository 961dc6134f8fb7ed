"""
The WSDL of one of Oracle's services: self-contained, with the fields that the site has defined.

    bm:modifyParts           Parts / each_record …            bm:modifyPartsResponse   status
    bm:getParts              Parts / criteria …               bm:getPartsResponse      status, Parts / each_record …
    bm:deleteParts           Parts / criteria …               bm:deletePartsResponse   status
    bm:fault                 exceptionCode, exceptionMessage, exceptionDescription

Version 1.0 declares its header blocks too. The services Security and Users are described in `security_schema`.
"""

from collections.abc import Mapping, Sequence

from records.shapes.fields import Field
from records.shapes.resources import Resource
from webservices.wire.contracts import wsdl as contract
from webservices.wire.contracts import xsd
from webservices.wire.contracts.wsdl import body_element_name
from webservices.wire.dialects.oracle.classic import make_generic
from webservices.wire.dialects.oracle.headers import Version
from webservices.wire.dialects.oracle.names import (
    ACTIONS,
    CONTRACT_COMPARATORS,
    CRITERION,
    PREFIX,
    RECORD,
    ROW,
    USERS_SERVICE,
    VERBS,
    answer_fields,
    describe,
    field_name,
    operation_name,
    wire_fields,
    wire_names,
    wrapper,
)
from webservices.wire.dialects.oracle.security_schema import ACTION_HELP, action_elements
from webservices.wire.messages import CALL_LIMITS, DialectSettings, WireRequest
from webservices.wire.operations import Action, Kind, Operation, Operations, Verb
from webservices.wire.options import own_options_help
from webservices.wire.xml.writing import NOTHING, Markup

GENERIC = "generic"  # the value of the parameter `wsdl`
GENERIC_PLURAL = "parts"  # the service that has a generic WSDL, beside that of a site's own fields
FAULT = "BusinessLogicException"
# In the order of the WSDL.
OFFERED: Sequence[Verb | Action] = (*VERBS, *dict.fromkeys(verb for verbs in ACTIONS.values() for verb in verbs))
COUNTS = ("read", "failed", "deleted", "returned", "inserted", "updated")


def schemas(
    version: Version, request: WireRequest, operations: Operations, settings: DialectSettings
) -> Sequence[bytes]:
    """Return the schema of the service whose operation a message names; (): there is none."""
    name = body_element_name(request.body)
    offered = (each.resource.plural for each in operations if each.resource.plural in version.services)
    plural = next((each for each in dict.fromkeys(offered) if name in _names(operations, each)), None)
    if plural is None:
        return ()
    return [contract.schema_in(wsdl(version, plural, request.address + version.address(plural), operations))]


def _names(operations: Operations, plural: str) -> set[str]:
    found = (operations.get(plural, verb) for verb in OFFERED)
    return {operation_name(operation) for operation in found if operation}


def generic_operations(operations: Operations) -> Operations:
    """Return the operations on parts with every classic custom field, whatever the site has defined."""
    return operations.replace_resources(
        {GENERIC_PLURAL: make_generic(operations.resource(GENERIC_PLURAL))}, operations.generation
    )


def wsdl(version: Version, plural: str, address: str, operations: Operations, limits: str = CALL_LIMITS) -> bytes:
    """Write the WSDL of the service that a resource, by its plural name, has at an address, and of its limits."""
    found = [each for verb in OFFERED if (each := operations.get(plural, verb))]
    parts = action_elements(found[0].resource) if found[0].kind is Kind.ACTION else _elements(found)
    types = [version.header_schema, _status_type(), _fault()]
    return contract.write_wsdl(
        contract.Service(
            name=wrapper(USERS_SERVICE.get(plural, plural)),
            namespace=version.namespace(plural),
            prefix=PREFIX,
            schema=xsd.schema(PREFIX, version.namespace(plural), *types, *parts),
            operations=[_describe(version, operation) for operation in found],
            fault=(FAULT, "fault"),
            address=address,
            help=f"{version.help}{own_options_help(found)} {limits}",
            whole=True,  # both messages of a search hold Parts, which wrapped clients of Java cannot take apart
        )
    )


def _describe(version: Version, operation: Operation) -> contract.OperationDescription:
    name = operation_name(operation)
    many = operation.resource.label_plural.lower()
    says = ACTION_HELP.get(name) or HELP[operation.verb].format(many=many, order=_order(operation.resource))
    return contract.OperationDescription(name, name, f"{name}Response", says, version.header_names(operation))


HELP: Mapping[Verb | Action, str] = {
    Verb.FIND: "Finds {many} that meet all criteria; {order}.",
    Verb.ADD: "Adds {many}; one that is known fails.",
    Verb.UPDATE: "Changes {many}; one that is not known fails.",
    Verb.PUT: "Adds {many} that are not known and changes those that are.",
    Verb.REMOVE: "Deletes {many} that meet all criteria; those in use are made inactive instead.",
}


def _order(resource: Resource) -> str:
    by_number = resource.order == ("number",)
    return "ordered by number" if by_number else "in the order in which they were added"


def _elements(operations: Sequence[Operation]) -> list[Markup]:
    """The types and elements of a service of records."""
    resource = operations[0].resource
    style = _style(resource)
    fields = [describe(field) for field in answer_fields(resource)]
    types = [
        xsd.field_types(PREFIX, ((field, _needs_value(resource, field)) for field in fields), style),
        _record_type(resource, style, fields),
        _criterion_type(resource),
        *(_wrapper_type(*each) for each in dict.fromkeys(WRAPPERS[operation.verb] for operation in operations)),
        _wrapper_type(*FOUND),
    ]
    return types + [part for operation in operations for part in (_request(operation), _answer(operation))]


def _style(resource: Resource) -> xsd.SchemaStyle:
    return xsd.SchemaStyle(
        PREFIX,
        lambda field: field_name(resource.name, field.name),
        lambda field: ROW + field.child.name,
        lambda field: wire_fields(field.child),
    )


def _record_type(resource: Resource, style: xsd.SchemaStyle, fields: Sequence[Field]) -> Markup:
    elements = [xsd.field_element(field, style, required=_needs_value(resource, field)) for field in fields]
    return xsd.sequence(*elements, name="RecordType")


def _needs_value(resource: Resource, field: Field) -> bool:
    """True if no record goes without it: its key, unless the hub gives that by itself."""
    return field.name in resource.key and resource.needs(field)


def _criterion_type(resource: Resource) -> Markup:
    fields = ", ".join(wire_names(resource))
    field = _text_element("field", f"One of {fields}; price.USD is one entry of a map.")
    value = _text_element("value", "Blank: has no value. For IN, values with commas between them.", nillable="true")
    comparator = _text_element("comparator", f"One of {' '.join(CONTRACT_COMPARATORS)}.")
    return xsd.sequence(field, value, comparator, name="CriterionType")


def _text_element(name: str, text: str, **attributes: str) -> Markup:
    return xsd.complex_element(name, xsd.documentation(text), type="xsd:string", **attributes)


def _status_type() -> Markup:
    optional = {"minOccurs": "0", "nillable": "true"}
    texts = {
        name: xsd.typed_element(name, "xsd:string", **optional) for name in ("success", "message", "detail", "warning")
    }
    counts = [xsd.typed_element(f"records_{name}", "xsd:int", **optional) for name in COUNTS]
    parts = [texts["success"], texts["message"], *counts, texts["detail"], texts["warning"]]
    return xsd.all_group(*parts, name="CommonStatusType")


RECORDS, FOUND = ("RecordList", RECORD, "RecordType", "1"), ("FoundRecordList", RECORD, "RecordType", "0")
# What the wrapper of each request holds: its type, the element in it, that one's type, and how many at least. A search
# without criteria finds everything; a removal without any is refused, and so is a write without records.
WRAPPERS: dict[Verb | Action, tuple[str, str, str, str]] = {
    Verb.FIND: ("CriterionList", CRITERION, "CriterionType", "0"),
    Verb.REMOVE: ("RemovalCriterionList", CRITERION, "CriterionType", "1"),
    Verb.ADD: RECORDS,
    Verb.UPDATE: RECORDS,
    Verb.PUT: RECORDS,
}


def _wrapper_type(name: str, entry: str, kind: str, least: str) -> Markup:
    entries = xsd.typed_element(entry, f"{PREFIX}:{kind}", minOccurs=least, maxOccurs="unbounded")
    return xsd.sequence(entries, name=name)


def _wrapper(operation: Operation, kind: str) -> Markup:
    return xsd.typed_element(wrapper(operation.resource.plural), f"{PREFIX}:{kind}")


def _request(operation: Operation) -> Markup:
    return xsd.message_element(PREFIX, operation_name(operation), _wrapper(operation, WRAPPERS[operation.verb][0]))


def _answer(operation: Operation) -> Markup:
    status = xsd.typed_element("status", f"{PREFIX}:CommonStatusType")
    found = _wrapper(operation, FOUND[0]) if operation.verb is Verb.FIND else NOTHING
    return xsd.message_element(PREFIX, f"{operation_name(operation)}Response", status, found)


def _fault() -> Markup:
    description = xsd.typed_element("exceptionDescription", "xsd:string", minOccurs="0", nillable="true")
    code, message = (
        xsd.typed_element("exceptionCode", "xsd:string"),
        xsd.typed_element("exceptionMessage", "xsd:string"),
    )
    return xsd.message_element(PREFIX, "fault", code, message, description)
