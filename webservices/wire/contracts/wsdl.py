"""
WSDL 1.1, document/literal, with a port for SOAP 1.1 and one for SOAP 1.2: one function per section.

    definitions
      types       the schema, inline
      message     getPartsRequest, getPartsResponse … BusinessLogicException
      portType    the operations, each with input, output, fault
      binding     one per version of SOAP
      service     one port per binding, at the address
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lxml import etree

from webservices.wire.soap.versions import SOAP_11, SOAP_12, SoapVersion
from webservices.wire.xml.documents import InvalidXml, parse_document
from webservices.wire.xml.namespaces import JAX_WS, SOAP_OVER_HTTP, WSDL, WSDL_SOAP_11, WSDL_SOAP_12, XSD
from webservices.wire.xml.writing import Markup, element, join, pretty_document

BINDINGS = {
    SOAP_11: ("soap", WSDL_SOAP_11, ""),
    SOAP_12: ("soap12", WSDL_SOAP_12, "12"),
}


def schema_in(document: bytes) -> bytes:
    """The schema inside a WSDL, as a document of its own."""
    root = parse_document(document)
    return etree.tostring(next(root.iter(f"{{{XSD}}}schema")), with_tail=False)


def body_element_name(message: bytes) -> str:
    """Return the name of the element in a message's Body, `getParts`; "": there is none."""
    try:
        envelope = parse_document(message)
    except InvalidXml:
        return ""
    body = envelope.find("{*}Body")
    child = next(body.iterchildren(tag=etree.Element), None) if body is not None else None
    return "" if child is None else etree.QName(child).localname


@dataclass(frozen=True)
class OperationDescription:
    """
    One operation: its name, the elements of its request and of its answer, what it does.

    headers  the elements of the header blocks that its request may have
    action   its SOAPAction
    stem     what its messages are called, before Request and Response; "": its name
    """

    name: str
    request: str
    answer: str
    help: str = ""
    headers: Sequence[str] = ()
    action: str = ""
    stem: str = ""

    @property
    def messages(self) -> tuple[str, str]:
        """The names of the messages of its request and of its answer."""
        return f"{self.stem or self.name}Request", f"{self.stem or self.name}Response"


@dataclass(frozen=True)
class Names:
    """The endings of the names of a service's parts, after the service's own name: `PartsPort12`."""

    service: str = "Service"
    port_type: str = "PortType"
    binding: str = "Binding"
    port: str = "Port"


@dataclass(frozen=True)
class Service:
    """
    One service to be described.

    prefix     of its namespace; all elements named here are in that namespace
    schema     the whole schema
    fault      name and element of the fault that every operation may answer; None: none is declared
    names      how its parts are named
    whole      generated clients take whole messages (bare, not wrapped): Java's cannot take apart a request and an
               answer that name a child alike, .NET's cannot take apart an answer that several operations have
    """

    name: str
    namespace: str
    prefix: str
    schema: Markup
    operations: Sequence[OperationDescription]
    fault: tuple[str, str] | None
    address: str
    help: str = ""
    versions: Sequence[SoapVersion] = (SOAP_11, SOAP_12)
    names: Names = Names()
    whole: bool = False


def write_wsdl(service: Service) -> bytes:
    """The whole document."""
    namespaces = {f"xmlns:{prefix}": uri for prefix, uri, _ in (BINDINGS[version] for version in service.versions)}
    return pretty_document(
        element(
            "wsdl:definitions",
            _documentation(service.help),
            _java_bindings(service),
            element("wsdl:types", service.schema),
            _messages(service),
            _port_type(service),
            *(_binding(service, version) for version in service.versions),
            _service(service),
            attributes={
                "name": service.name,
                "targetNamespace": service.namespace,
                "xmlns:wsdl": WSDL,
                f"xmlns:{service.prefix}": service.namespace,
                **namespaces,
            },
        )
    )


def _documentation(text: str) -> Markup:
    return element("wsdl:documentation", text) if text else Markup("")


def _java_bindings(service: Service) -> Markup:
    """Tell Java's tools to pass whole messages (JAX-WS 2, 8.7.3); other tools pass over it."""
    if not service.whole:
        return Markup("")
    off = element("jaxws:enableWrapperStyle", "false")
    return element("jaxws:bindings", off, attributes={"xmlns:jaxws": JAX_WS})


def _messages(service: Service) -> Markup:
    headers = dict.fromkeys(header for operation in service.operations for header in operation.headers)
    return join(
        [
            *_both(service),
            *(_message(service.prefix, f"{header}Header", header, header) for header in headers),
            *([_message(service.prefix, service.fault[0], "fault", service.fault[1])] if service.fault else ()),
        ]
    )


def _both(service: Service) -> Iterable[Markup]:
    # By "parameters" .NET knows what it may take apart; with "message", KDSoap's classes of C++ do not compile.
    part = "body" if service.whole else "parameters"
    for operation in service.operations:
        request, response = operation.messages
        yield _message(service.prefix, request, part, operation.request)
        yield _message(service.prefix, response, part, operation.answer)


def _message(prefix: str, name: str, part: str, content: str) -> Markup:
    what = element("wsdl:part", attributes={"name": part, "element": f"{prefix}:{content}"})
    return element("wsdl:message", what, attributes={"name": name})


def _port_type(service: Service) -> Markup:
    operations = []
    for operation in service.operations:
        request, response = (f"{service.prefix}:{message}" for message in operation.messages)
        operations.append(
            element(
                "wsdl:operation",
                _documentation(operation.help),
                element("wsdl:input", attributes={"message": request}),
                element("wsdl:output", attributes={"message": response}),
                *_fault(service),
                attributes={"name": operation.name},
            )
        )
    return element("wsdl:portType", *operations, attributes={"name": service.name + service.names.port_type})


def _fault(service: Service) -> Iterable[Markup]:
    if service.fault:
        name = service.fault[0]
        yield element("wsdl:fault", attributes={"name": name, "message": f"{service.prefix}:{name}"})


def _header(service: Service, prefix: str, name: str) -> Markup:
    named = {"message": f"{service.prefix}:{name}Header", "part": name, "use": "literal"}
    return element(f"{prefix}:header", attributes=named)


def _binding(service: Service, version: SoapVersion) -> Markup:
    prefix, _, suffix = BINDINGS[version]
    literal = element(f"{prefix}:body", attributes={"use": "literal"})
    operations = [
        element(
            "wsdl:operation",
            element(f"{prefix}:operation", attributes={"soapAction": operation.action}),
            element("wsdl:input", literal, *(_header(service, prefix, header) for header in operation.headers)),
            element("wsdl:output", literal),
            *_fault_binding(service, prefix),
            attributes={"name": operation.name},
        )
        for operation in service.operations
    ]
    return element(
        "wsdl:binding",
        element(f"{prefix}:binding", attributes={"style": "document", "transport": SOAP_OVER_HTTP}),
        *operations,
        attributes={
            "name": f"{service.name}{service.names.binding}{suffix}",
            "type": f"{service.prefix}:{service.name}{service.names.port_type}",
        },
    )


def _fault_binding(service: Service, prefix: str) -> Iterable[Markup]:
    """Bind the fault in SOAP 1.1 alone: Axis refuses a WSDL with any other, and nobody needs it twice."""
    if service.fault and prefix == BINDINGS[SOAP_11][0]:
        literal = element(f"{prefix}:fault", attributes={"name": service.fault[0], "use": "literal"})
        yield element("wsdl:fault", literal, attributes={"name": service.fault[0]})


def _service(service: Service) -> Markup:
    ports = []
    for version in service.versions:
        prefix, _, suffix = BINDINGS[version]
        named = {
            "name": f"{service.name}{service.names.port}{suffix}",
            "binding": f"{service.prefix}:{service.name}{service.names.binding}{suffix}",
        }
        address = element(f"{prefix}:address", attributes={"location": service.address})
        ports.append(element("wsdl:port", address, attributes=named))
    return element("wsdl:service", *ports, attributes={"name": service.name + service.names.service})
