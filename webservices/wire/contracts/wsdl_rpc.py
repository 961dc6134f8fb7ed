"""
WSDL 1.1 in rpc style, SOAP 1.1 alone: one function per section.

    definitions
      types       the schema, inline; what it needs of SOAP's encoding is imported from beside the WSDL
      message     createProductRequest, a part for each parameter; createProductResponse, the part createProductReturn
      portType    the methods
      binding     rpc, literal or encoded
      service     one port, at the address
"""

from collections.abc import Sequence
from dataclasses import dataclass

from webservices.wire.xml.namespaces import SOAP_11_ENCODING, SOAP_OVER_HTTP, WSDL, WSDL_SOAP_11, XSD
from webservices.wire.xml.writing import Markup, element, pretty_document

ENCODING_FILE = "encoding.xsd"  # beside the WSDL
ENCODED = "encoded"


@dataclass(frozen=True)
class Part:
    """A parameter or an answer: its name and its type, with the prefix."""

    name: str
    type: str


@dataclass(frozen=True)
class Method:
    """One method: what it takes, what it answers, what it does, and its SOAPAction."""

    name: str
    parts: Sequence[Part]
    answer: Part
    help: str
    action: str


@dataclass(frozen=True)
class Service:
    """
    One service to be described.

    schema  the types of the namespace, as declarations
    use     `literal` or `encoded`
    """

    name: str
    namespace: str
    prefix: str
    schema: Markup
    methods: Sequence[Method]
    address: str
    use: str
    help: str = ""


def write_wsdl(service: Service) -> bytes:
    """The whole document."""
    namespaces = {
        "targetNamespace": service.namespace,
        "xmlns:wsdl": WSDL,
        "xmlns:soap": WSDL_SOAP_11,
        "xmlns:xsd": XSD,
        "xmlns:SOAP-ENC": SOAP_11_ENCODING,
        f"xmlns:{service.prefix}": service.namespace,
    }
    return pretty_document(
        element(
            "wsdl:definitions",
            element("wsdl:documentation", service.help),
            element("wsdl:types", _schema(service)),
            *(message for method in service.methods for message in _messages(method)),
            _port_type(service),
            _binding(service),
            _service(service),
            attributes={"name": service.name, **namespaces},
        )
    )


def array_type(name: str, item: str) -> Markup:
    """An array of SOAP's encoding, of items of a type with its prefix."""
    attribute = element("xsd:attribute", attributes={"ref": "SOAP-ENC:arrayType", "wsdl:arrayType": f"{item}[]"})
    restriction = element("xsd:restriction", _items(item), attribute, attributes={"base": "SOAP-ENC:Array"})
    return element("xsd:complexType", element("xsd:complexContent", restriction), attributes={"name": name})


def plain_array_type(name: str, item: str) -> Markup:
    """The same for a schema that knows nothing of SOAP's encoding."""
    any_attribute = element("xsd:anyAttribute", attributes={"namespace": "##any", "processContents": "skip"})
    return element("xsd:complexType", _items(item), any_attribute, attributes={"name": name})


def _items(item: str) -> Markup:
    many = {"name": "item", "type": item, "minOccurs": "0", "maxOccurs": "unbounded", "nillable": "true"}
    return element("xsd:sequence", element("xsd:element", attributes=many))


def encoding_schema() -> bytes:
    """The type that arrays restrict, served beside a WSDL: a client without it would look for it elsewhere."""
    some = {"namespace": "##any", "processContents": "lax", "minOccurs": "0", "maxOccurs": "unbounded"}
    anything = element("xsd:sequence", element("xsd:any", attributes=some))
    attribute = element("xsd:attribute", attributes={"name": "arrayType", "type": "xsd:string"})
    # Not a reference to the attribute itself: zeep would fetch this namespace from the network to resolve it.
    any_attribute = element("xsd:anyAttribute", attributes={"namespace": "##any", "processContents": "lax"})
    array = element("xsd:complexType", anything, any_attribute, attributes={"name": "Array"})
    named = {"xmlns:xsd": XSD, "targetNamespace": SOAP_11_ENCODING}
    return pretty_document(element("xsd:schema", attribute, array, attributes=named))


def _schema(service: Service) -> Markup:
    imported = element("xsd:import", attributes={"namespace": SOAP_11_ENCODING, "schemaLocation": ENCODING_FILE})
    return element("xsd:schema", imported, service.schema, attributes={"targetNamespace": service.namespace})


def _messages(method: Method) -> Sequence[Markup]:
    return [
        element("wsdl:message", *map(_part, method.parts), attributes={"name": f"{method.name}Request"}),
        element("wsdl:message", _part(method.answer), attributes={"name": f"{method.name}Response"}),
    ]


def _part(part: Part) -> Markup:
    return element("wsdl:part", attributes={"name": part.name, "type": part.type})


def _port_type(service: Service) -> Markup:
    operations = [
        element(
            "wsdl:operation",
            element("wsdl:documentation", method.help),
            element("wsdl:input", attributes={"message": f"{service.prefix}:{method.name}Request"}),
            element("wsdl:output", attributes={"message": f"{service.prefix}:{method.name}Response"}),
            attributes={"name": method.name},
        )
        for method in service.methods
    ]
    return element("wsdl:portType", *operations, attributes={"name": f"{service.name}PortType"})


def _binding(service: Service) -> Markup:
    style = {"encodingStyle": SOAP_11_ENCODING} if service.use == ENCODED else {}
    body = element("soap:body", attributes={"use": service.use, "namespace": service.namespace, **style})
    operations = [
        element(
            "wsdl:operation",
            element("soap:operation", attributes={"soapAction": method.action, "style": "rpc"}),
            element("wsdl:input", body),
            element("wsdl:output", body),
            attributes={"name": method.name},
        )
        for method in service.methods
    ]
    named = {"name": f"{service.name}Binding", "type": f"{service.prefix}:{service.name}PortType"}
    spoken = element("soap:binding", attributes={"style": "rpc", "transport": SOAP_OVER_HTTP})
    return element("wsdl:binding", spoken, *operations, attributes=named)


def _service(service: Service) -> Markup:
    address = element("soap:address", attributes={"location": service.address})
    named = {"name": f"{service.name}Port", "binding": f"{service.prefix}:{service.name}Binding"}
    port = element("wsdl:port", address, attributes=named)
    return element("wsdl:service", port, attributes={"name": service.name})
