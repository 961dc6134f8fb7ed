"""
The WSDL of one of Oracle's services, version 2.0: self-contained, with the fields that the site has defined.

    bm:modifyParts           Parts / each_record …            bm:modifyPartsResponse   status
    bm:getParts              Parts / criteria …               bm:getPartsResponse      status, Parts / each_record …
    bm:deleteParts           Parts / criteria …               bm:deletePartsResponse   status
    bm:fault                 exceptionCode, exceptionMessage, exceptionDescription
"""

from records.shapes.criteria import Comparator
from records.shapes.fields import Field
from records.shapes.resources import Resource
from webservices.contracts import wsdl as contract
from webservices.contracts import xsd
from webservices.dialects.oracle.spelling import (
    BY_CRITERIA,
    CRITERION,
    PREFIX,
    RECORD,
    VERBS,
    field_name,
    namespace,
    on_the_wire,
    operation_name,
    wrapper,
)
from webservices.operations import Operation, Operations, Verb
from webservices.soap.writing import NOTHING, Markup, join

FAULT = "BusinessLogicException"
COUNTS = ("read", "failed", "deleted", "returned", "inserted", "updated")
HELP = (
    "Every request carries a wsse:Security header with a UsernameToken of PasswordText. Header blocks of "
    "urn:counterpart:options may follow: DryRun, AllOrNone, IfMatch, IdempotencyKey. An omitted element leaves a "
    "field as it is, an empty one clears it."
)


def wsdl(operations: Operations, plural: str, address: str) -> bytes:
    """The WSDL of the service that a resource, by its plural name, has at an address."""
    described = [found for verb in VERBS if (found := operations.get(plural, verb))]
    resource = described[0].resource
    return contract.write_wsdl(
        contract.Service(
            name=wrapper(plural),
            namespace=namespace(plural),
            prefix=PREFIX,
            schema=_schema(resource, described),
            operations=[_described(operation) for operation in described],
            fault=(FAULT, "fault"),
            address=address,
            help=HELP,
        )
    )


def _described(operation: Operation) -> contract.Described:
    name = operation_name(operation)
    many = operation.resource.label_plural.lower()
    return contract.Described(name, name, f"{name}Response", SAYS[operation.verb].format(many=many))


SAYS = {
    Verb.FIND: "Finds {many} that meet all criteria; ordered by number.",
    Verb.ADD: "Adds {many}; one that is known fails.",
    Verb.UPDATE: "Changes {many}; one that is not known fails.",
    Verb.PUT: "Adds {many} that are not known and changes those that are.",
    Verb.REMOVE: "Deletes {many} that meet all criteria; those in use are made inactive instead.",
}


def _schema(resource: Resource, operations: list[Operation]) -> Markup:
    style = _style(resource)
    fields = on_the_wire(resource)
    types = [
        xsd.blank_types(PREFIX),
        xsd.entry_types(fields, style),
        _record_type(resource, style, fields),
        _criterion_type(resource),
        _status_type(),
    ]
    elements = [part for operation in operations for part in (_request(operation), _answer(operation))]
    return xsd.schema(PREFIX, namespace(resource.plural), *types, *elements, _fault())


def _style(resource: Resource) -> xsd.Style:
    return xsd.Style(PREFIX, lambda field: field_name(resource.name, field.name), lambda field: field.child.name)


def _record_type(resource: Resource, style: xsd.Style, fields: tuple[Field, ...]) -> Markup:
    elements = [xsd.field_element(field, style, required=field.name in resource.key) for field in fields]
    return xsd.sequence(*elements, name="RecordType")


def _criterion_type(resource: Resource) -> Markup:
    fields = ", ".join(field_name(resource.name, field.name) for field in on_the_wire(resource))
    field = _said("field", f"One of {fields}; price.USD is one entry of a map.")
    value = _said("value", "Blank: has no value. For IN, values with commas between them.", nillable="true")
    comparator = _said("comparator", f"One of {' '.join(Comparator)}.")
    return xsd.sequence(field, value, comparator, name="CriterionType")


def _said(name: str, text: str, **attributes: str) -> Markup:
    return xsd.structured(name, xsd.documentation(text), type="xsd:string", **attributes)


def _status_type() -> Markup:
    optional = {"minOccurs": "0", "nillable": "true"}
    texts = {name: xsd.named(name, "xsd:string", **optional) for name in ("success", "message", "detail", "warning")}
    counts = [xsd.named(f"records_{name}", "xsd:int", **optional) for name in COUNTS]
    parts = [texts["success"], texts["message"], *counts, texts["detail"], texts["warning"]]
    return xsd.everything(*parts, name="CommonStatusType")


def _request(operation: Operation) -> Markup:
    at_least_one = {} if operation.verb is not Verb.FIND else {"minOccurs": "0"}
    name, kind = (CRITERION, "CriterionType") if operation.verb in BY_CRITERIA else (RECORD, "RecordType")
    held = xsd.sequence(xsd.named(name, f"{PREFIX}:{kind}", **at_least_one, maxOccurs="unbounded"))
    parts = xsd.structured(wrapper(operation.resource.plural), held)
    return xsd.structured(operation_name(operation), xsd.sequence(parts))


def _answer(operation: Operation) -> Markup:
    status = xsd.named("status", f"{PREFIX}:CommonStatusType")
    found = NOTHING
    if operation.verb is Verb.FIND:
        record = xsd.named(RECORD, f"{PREFIX}:RecordType", minOccurs="0", maxOccurs="unbounded")
        found = xsd.structured(wrapper(operation.resource.plural), xsd.sequence(record))
    return xsd.structured(f"{operation_name(operation)}Response", xsd.sequence(join([status, found])))


def _fault() -> Markup:
    description = xsd.named("exceptionDescription", "xsd:string", minOccurs="0", nillable="true")
    code, message = xsd.named("exceptionCode", "xsd:string"), xsd.named("exceptionMessage", "xsd:string")
    return xsd.structured("fault", xsd.sequence(code, message, description))
