"""
The contracts of both asmx files: the WSDLs, in which documents are any element, and the schema of customers.

    CustomerAdministration            username, password, action, xml (mixed, any)
    CustomerAdministrationResponse    CustomerAdministrationResult (mixed, any)
    doUSeeMe                          username, password
    doUSeeMeResponse                  doUSeeMeResult, a text

    Root     SearchFields, Customers / Customer …        in no namespace, in a schema of its own
    Result   Status, Message, Errors / Error …
"""

from collections.abc import Iterator

from records.shapes.fields import Field, Kind
from records.shapes.resources import Resource
from webservices.wire.contracts import wsdl as contract
from webservices.wire.contracts import xsd
from webservices.wire.dialects.sap.functions import (
    CUSTOMERS,
    HEALTH,
    NAMESPACE,
    PATH,
    SERVICES,
    Function,
    functions_at,
)
from webservices.wire.dialects.sap.names import (
    CUSTOM_FIELD,
    CUSTOM_FIELDS,
    FIELDS,
    LIMITS,
    PRIORITY,
    SEARCH_CUSTOM,
    SEARCH_FIELD,
    SEARCH_FIELDS,
    custom_name,
)
from webservices.wire.messages import CALL_LIMITS, WireRequest
from webservices.wire.operations import Operations
from webservices.wire.soap.options import OPTIONS_HELP
from webservices.wire.xml.namespaces import XSD
from webservices.wire.xml.writing import Markup, element, pretty_document

PREFIX, DOCUMENT = "tns", "DocumentType"
OPTIONAL = {"minOccurs": "0", "maxOccurs": "1"}
ANY_NUMBER = {"minOccurs": "0", "maxOccurs": "unbounded"}
NAMES = contract.Names(service="", port_type="Soap", binding="Soap", port="Soap")


def wsdl(address: str, operations: Operations, limits: str = CALL_LIMITS) -> bytes:
    """Write the WSDL at an address, which tells the service; the fields that a site defines do not change it."""
    path = next(path for path in SERVICES if address.endswith(path))
    functions = functions_at(path)
    return contract.write_wsdl(
        contract.Service(
            name=SERVICES[path],
            namespace=NAMESPACE,
            prefix=PREFIX,
            schema=xsd.schema(
                PREFIX, NAMESPACE, _document_type(), *(part for function in functions for part in _declare(function))
            ),
            operations=[
                contract.OperationDescription(
                    each.name, each.name, f"{each.name}Response", each.says, action=NAMESPACE + each.name
                )
                for each in functions
            ],
            fault=None,
            address=address,
            help=f"{OPTIONS_HELP} {limits}",
            names=NAMES,
        )
    )


def _declare(function: Function) -> Iterator[Markup]:
    name, answered = function.name, f"{function.name}Result"
    yield xsd.message_element(PREFIX, name, *(_parameter(function, each) for each in function.parameters))
    kind = "xsd:string" if function is HEALTH else f"{PREFIX}:{DOCUMENT}"
    yield xsd.message_element(PREFIX, f"{name}Response", xsd.typed_element(answered, kind, **OPTIONAL))


def _parameter(function: Function, name: str) -> Markup:
    kind = f"{PREFIX}:{DOCUMENT}" if name == function.document else "xsd:string"
    return xsd.typed_element(name, kind, **OPTIONAL)


def _document_type() -> Markup:
    # As ASP.NET declares a parameter that is a document, so that generated clients take one.
    some = element("xsd:any", attributes={"minOccurs": "0", "processContents": "lax"})
    return element("xsd:complexType", element("xsd:sequence", some), attributes={"name": DOCUMENT, "mixed": "true"})


def functions_schema(request: WireRequest, operations: Operations) -> bytes:
    """Write the schema of the functions at the address of a request, in which documents are any element."""
    path = next((path for path in SERVICES if path.lower() == request.path.rstrip("/").lower()), PATH)
    return contract.schema_in(wsdl(request.address + path, operations))


def schema(operations: Operations) -> bytes:
    """Write the schema of Root and Result, with the fields that the site has defined."""
    resource = operations.resource(CUSTOMERS)
    declarations = [*_customer_types(resource), *_root_types(), *_result_types()]
    return pretty_document(element("xsd:schema", *declarations, attributes={"xmlns:xsd": XSD}))


def _root_types() -> list[Markup]:
    custom = xsd.typed_element(CUSTOM_FIELD, "SearchCustomFieldType", minOccurs="0")
    priority = element("xsd:attribute", attributes={"name": PRIORITY, "type": "xsd:string", "use": "required"})
    search = [
        xsd.typed_element(SEARCH_FIELD, "SearchFieldType", **ANY_NUMBER),
        xsd.typed_element(SEARCH_CUSTOM, "SearchCustomFieldList", minOccurs="0"),
    ]
    return [
        xsd.enumeration_type("SearchFieldType", FIELDS),
        xsd.sequence(xsd.typed_element("Name", "CustomFieldName"), name="SearchCustomFieldType"),
        xsd.sequence(custom, name="SearchCustomFieldList"),
        xsd.sequence(*search, name="SearchFieldList", attributes=[priority]),
        xsd.sequence(xsd.typed_element("Customer", "CustomerType", maxOccurs="unbounded"), name="CustomerList"),
        *_element_with_type(
            "Root",
            xsd.typed_element(SEARCH_FIELDS, "SearchFieldList", minOccurs="0"),
            xsd.typed_element("Customers", "CustomerList"),
        ),
    ]


def _element_with_type(name: str, *particles: Markup) -> list[Markup]:
    return [xsd.sequence(*particles, name=f"{name}Type"), xsd.typed_element(name, f"{name}Type")]


def _customer_types(resource: Resource) -> list[Markup]:
    """Declare a customer: its fields in their order, each once at most, and the types of these."""
    fields = {wire: resource.by_name[name].restrict(LIMITS.get(name)) for wire, name in FIELDS.items()}
    types = dict(scalar_type(field) for field in fields.values())
    named, value = (
        xsd.typed_element("Name", "CustomFieldName"),
        xsd.typed_element("Value", "xsd:string", minOccurs="0"),
    )
    return [
        *types.values(),
        _custom_names(resource),
        xsd.sequence(named, value, name="CustomFieldType"),
        xsd.sequence(xsd.typed_element(CUSTOM_FIELD, "CustomFieldType", **ANY_NUMBER), name="CustomFieldList"),
        xsd.sequence(
            *(field_element(wire, field) for wire, field in fields.items()),
            xsd.typed_element(CUSTOM_FIELDS, "CustomFieldList", minOccurs="0"),
            name="CustomerType",
        ),
    ]


def field_element(wire: str, field: Field) -> Markup:
    says = xsd.documentation(field.help, f"{xsd.capitalize(field.limits())}.")
    return xsd.complex_element(wire, says, type=scalar_type(field)[0], minOccurs="0")


def scalar_type(field: Field) -> tuple[str, Markup]:
    """Give name and declaration of a type: a text with the limits as facets, as any field may be sent empty."""
    word, pattern = _PATTERNS.get(field.kind, ("String", ""))
    facets = {"pattern": pattern, "maxLength": str(field.max_length or "")}
    name = word + (f"To{field.max_length}" if field.max_length else "")
    return name, xsd.text_type(name, {facet: value for facet, value in facets.items() if value})


_PATTERNS = {
    Kind.INTEGER: ("NumberOrBlank", "[0-9]{0,20}"),
    Kind.BOOLEAN: ("FlagOrBlank", "|0|1|[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]"),
}


def _custom_names(resource: Resource) -> Markup:
    """Declare the custom fields by their names and their labels; where the site has none, no name is valid."""
    known = [name for field in resource.custom_fields for name in (custom_name(field.name), field.label)]
    if not known:
        return xsd.text_type("CustomFieldName", {"length": "0"})
    return xsd.enumeration_type("CustomFieldName", dict.fromkeys(known))


def _result_types() -> list[Markup]:
    # Any element: a failed customer is shown as it was sent.
    sent = element("xsd:any", attributes={"processContents": "skip", **ANY_NUMBER})
    return [
        xsd.enumeration_type("StatusType", ("OK", "NOK")),
        xsd.sequence(sent, name="SentCustomerType"),
        xsd.sequence(
            xsd.typed_element("ErrorCode", "xsd:string"),
            xsd.typed_element("Description", "xsd:string"),
            xsd.typed_element("Customer", "SentCustomerType", minOccurs="0"),
            name="ErrorType",
        ),
        xsd.sequence(xsd.typed_element("Error", "ErrorType", **ANY_NUMBER), name="ErrorList"),
        xsd.sequence(
            xsd.typed_element("Position", "xsd:int"), xsd.typed_element("Id", "xsd:string"), name="AddedCustomerType"
        ),
        xsd.sequence(xsd.typed_element("Customer", "AddedCustomerType", **ANY_NUMBER), name="AddedCustomerList"),
        *_element_with_type(
            "Result",
            xsd.typed_element("Status", "StatusType"),
            xsd.typed_element("Message", "xsd:string"),
            xsd.typed_element("Errors", "ErrorList", minOccurs="0"),
            xsd.typed_element("Added", "AddedCustomerList", minOccurs="0"),
        ),
    ]
