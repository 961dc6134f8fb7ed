"""
The contracts of both asmx files: the WSDL, in which the customers are any element, and the schema of these elements.

    CustomerAdministration            username, password, action, xml (mixed, any)
    CustomerAdministrationResponse    CustomerAdministrationResult (mixed, any)
    doUSeeMe                          username, password
    doUSeeMeResponse                  doUSeeMeResult, a text

    Root     SearchFields, Customers / Customer …        in no namespace, in a schema of its own
    Result   Status, Message, Errors / Error …
"""

from collections.abc import Iterator, Sequence

from records.shapes.fields import Field, Kind
from records.shapes.resources import Resource
from webservices.wire.contracts import wsdl as contract
from webservices.wire.contracts import xsd
from webservices.wire.dialects.sap.names import (
    ACTIONS,
    ADMINISTRATION,
    CUSTOM_FIELD,
    CUSTOM_FIELDS,
    CUSTOMERS,
    FIELDS,
    HEALTH,
    LIMITS,
    NAMESPACE,
    PARAMETERS,
    PATH,
    PRIORITY,
    SEARCH_CUSTOM,
    SEARCH_FIELD,
    SEARCH_FIELDS,
    SERVICES,
    XML,
    custom_name,
)
from webservices.wire.messages import DialectSettings, WireRequest
from webservices.wire.operations import Operations
from webservices.wire.soap.options import OPTIONS_HELP
from webservices.wire.xml.namespaces import XSD
from webservices.wire.xml.writing import Markup, element, join, pretty_document

PREFIX = "tns"
OPTIONAL = {"minOccurs": "0", "maxOccurs": "1"}
ANY_NUMBER = {"minOccurs": "0", "maxOccurs": "unbounded"}
NAMES = contract.Names(service="", port_type="Soap", binding="Soap", port="Soap")
SAYS = {
    ADMINISTRATION: f"Adds, changes and deletes customers: action is one of {', '.join(ACTIONS.values())}. xml holds a "
    "Root in no namespace with SearchFields and Customers, as elements or as text.",
    HEALTH: "Says ICANSEEYOU to whom the user name and the password let in.",
}


def wsdl(address: str, operations: Operations) -> bytes:
    """Write the WSDL at an address, which tells the service's name; the fields that a site defines do not change it."""
    service = next(name for path, name in SERVICES.items() if address.endswith(path))
    return contract.write_wsdl(
        contract.Service(
            name=service,
            namespace=NAMESPACE,
            prefix=PREFIX,
            schema=xsd.schema(PREFIX, NAMESPACE, *(part for name in PARAMETERS for part in _function(name))),
            operations=[
                contract.OperationDescription(name, name, f"{name}Response", says, action=NAMESPACE + name)
                for name, says in SAYS.items()
            ],
            fault=None,
            address=address,
            help=OPTIONS_HELP,
            names=NAMES,
        )
    )


def _function(name: str) -> Iterator[Markup]:
    answered = f"{name}Result"
    yield xsd.complex_element(name, xsd.sequence(*map(_parameter, PARAMETERS[name])))
    result = xsd.typed_element(answered, "xsd:string", **OPTIONAL) if name == HEALTH else _any(answered)
    yield xsd.complex_element(f"{name}Response", xsd.sequence(result))


def _parameter(name: str) -> Markup:
    return _any(name) if name == XML else xsd.typed_element(name, "xsd:string", **OPTIONAL)


def _any(name: str) -> Markup:
    # As ASP.NET declares a parameter that is a document, so that generated clients take one.
    some = element("xsd:any", attributes={"minOccurs": "0", "processContents": "lax"})
    mixed = element("xsd:complexType", element("xsd:sequence", some), attributes={"mixed": "true"})
    return xsd.complex_element(name, mixed, **OPTIONAL)


def schemas(request: WireRequest, operations: Operations, settings: DialectSettings) -> Sequence[bytes]:
    """Write both schemas: the functions', in which the customers are any element, and the customers'."""
    return [contract.schema_in(wsdl(request.address + PATH, operations)), schema(operations)]


def schema(operations: Operations) -> bytes:
    """Write the schema of Root and Result, with the fields that the site has defined."""
    resource = operations.resource(CUSTOMERS)
    declarations = [_customer(resource), _root(resource), _result()]
    return pretty_document(element("xsd:schema", *declarations, attributes={"xmlns:xsd": XSD}))


def _root(resource: Resource) -> Markup:
    names = _restriction("xsd:string", *(_facet("enumeration", name) for name in FIELDS))
    custom = xsd.complex_element(
        CUSTOM_FIELD, xsd.sequence(xsd.complex_element("Name", _custom_names(resource))), minOccurs="0"
    )
    search = element(
        "xsd:complexType",
        element(
            "xsd:sequence",
            xsd.complex_element(SEARCH_FIELD, names, **ANY_NUMBER),
            xsd.complex_element(SEARCH_CUSTOM, xsd.sequence(custom), minOccurs="0"),
        ),
        element("xsd:attribute", attributes={"name": PRIORITY, "type": "xsd:string", "use": "required"}),
    )
    customers = xsd.sequence(xsd.typed_element("Customer", "CustomerType", maxOccurs="unbounded"))
    return xsd.complex_element(
        "Root",
        xsd.sequence(
            xsd.complex_element(SEARCH_FIELDS, search, minOccurs="0"), xsd.complex_element("Customers", customers)
        ),
    )


def _customer(resource: Resource) -> Markup:
    """Declare a customer: its fields in their order, each once at most."""
    fields = (_field(wire, resource.by_name[name].restrict(LIMITS.get(name))) for wire, name in FIELDS.items())
    named, value = (
        xsd.complex_element("Name", _custom_names(resource)),
        xsd.typed_element("Value", "xsd:string", minOccurs="0"),
    )
    custom = xsd.complex_element(CUSTOM_FIELD, xsd.sequence(named, value), **ANY_NUMBER)
    return xsd.sequence(
        *fields, xsd.complex_element(CUSTOM_FIELDS, xsd.sequence(custom), minOccurs="0"), name="CustomerType"
    )


def _field(wire: str, field: Field) -> Markup:
    says = xsd.documentation(field.help, f"{field.limits().capitalize()}.")
    return xsd.complex_element(wire, join([says, _scalar(field)]), minOccurs="0")


def _scalar(field: Field) -> Markup:
    """Declare the type of a field: a text, as any field may be sent empty, with the field's limits as facets."""
    pattern = _PATTERNS.get(field.kind)
    facets = [_facet("pattern", pattern)] if pattern else []
    longest = [_facet("maxLength", str(field.max_length))] if field.max_length else []
    return _restriction("xsd:string", *facets, *longest)


# Any of them may be blank; .NET writes True and False with a capital.
_PATTERNS = {Kind.INTEGER: "[0-9]{0,20}", Kind.BOOLEAN: "|0|1|[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]"}


def _custom_names(resource: Resource) -> Markup:
    """Declare the custom fields by their names and their labels."""
    known = [name for field in resource.custom_fields for name in (custom_name(field.name), field.label)]
    return _restriction("xsd:string", *(_facet("enumeration", name) for name in dict.fromkeys(known)))


def _result() -> Markup:
    error = xsd.sequence(
        xsd.typed_element("ErrorCode", "xsd:string"),
        xsd.typed_element("Description", "xsd:string"),
        xsd.complex_element("Customer", xsd.sequence(_any_element()), minOccurs="0"),
    )
    added = xsd.sequence(xsd.typed_element("Position", "xsd:int"), xsd.typed_element("Id", "xsd:string"))
    return xsd.complex_element(
        "Result",
        xsd.sequence(
            xsd.complex_element(
                "Status", _restriction("xsd:string", _facet("enumeration", "OK"), _facet("enumeration", "NOK"))
            ),
            xsd.typed_element("Message", "xsd:string"),
            xsd.complex_element(
                "Errors", xsd.sequence(xsd.complex_element("Error", error, **ANY_NUMBER)), minOccurs="0"
            ),
            xsd.complex_element(
                "Added", xsd.sequence(xsd.complex_element("Customer", added, **ANY_NUMBER)), minOccurs="0"
            ),
        ),
    )


def _any_element() -> Markup:
    """Declare any element: a failed customer is shown as it was sent."""
    return element("xsd:any", attributes={"processContents": "skip", **ANY_NUMBER})


def _restriction(base: str, *facets: Markup) -> Markup:
    return element("xsd:simpleType", element("xsd:restriction", *facets, attributes={"base": base}))


def _facet(name: str, value: str) -> Markup:
    return element(f"xsd:{name}", attributes={"value": value})
