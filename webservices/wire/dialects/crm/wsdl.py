"""
The WSDL of one manager: rpc style, its types as `xsd:all`, with the fields that the site has defined.

    <xsd:complexType name="Product"><xsd:all>
      <xsd:element name="product_no" type="xsd:string" minOccurs="0" nillable="true"/>…
    <xsd:complexType name="ProductArray">…SOAP-ENC:Array, wsdl:arrayType="tns:Product[]"
"""

from collections.abc import Callable, Sequence
from urllib.parse import parse_qs

from webservices.wire.contracts import wsdl_rpc, xsd
from webservices.wire.dialects.crm.context import CrmSettings
from webservices.wire.dialects.crm.methods import MANAGERS, Method, find_operation
from webservices.wire.dialects.crm.names import NAMESPACE, PREFIX
from webservices.wire.dialects.crm.types import Array, Member, Struct, Type, collect_types
from webservices.wire.messages import WireRequest
from webservices.wire.operations import Operations
from webservices.wire.options import own_options_help
from webservices.wire.soap.options import OPTIONS_HELP
from webservices.wire.xml.namespaces import XSD
from webservices.wire.xml.writing import Markup, document, element, join

HELP = (
    "Create a session with sessionManager and send it first. Literal and encoded messages are read, parameters by "
    f"their names or in their order; every problem is a fault. {OPTIONS_HELP}"
)


def wsdl(manager: str, address: str, settings: CrmSettings, operations: Operations) -> bytes:
    """Write the WSDL of the manager at an address, its query included."""
    found = {method: operation for method in MANAGERS[manager] if (operation := find_operation(method, operations))}
    methods = [*found]
    return wsdl_rpc.write_wsdl(
        wsdl_rpc.Service(
            name=manager,
            namespace=NAMESPACE,
            prefix=PREFIX,
            schema=join(map(_declare_type, collect_types(methods, operations, settings))),
            methods=[_describe_method(method, address) for method in methods],
            address=address,
            use=settings.use,
            help=f"{HELP}{own_options_help(found.values())} {settings.limits}",
        )
    )


def _describe_method(method: Method, address: str) -> wsdl_rpc.Method:
    parts = [wsdl_rpc.Part(parameter.name, qualify_name(parameter.type)) for parameter in method.parameters]
    answer = wsdl_rpc.Part(f"{method.name}Return", qualify_name(method.answer))
    return wsdl_rpc.Method(method.name, parts, answer, method.help, f"{address}&method={method.name}")


def qualify_name(name: str) -> str:
    """Put the prefix before the name of a type; a scalar has its own."""
    return name if ":" in name else f"{PREFIX}:{name}"


def response_schemas(request: WireRequest, operations: Operations, settings: CrmSettings) -> Sequence[bytes]:
    """
    Write the answers of a manager's methods as a schema by itself; () for an unknown manager.

    In rpc style the WSDL declares them as parts of messages, against which nothing can be validated.
    """
    manager = next(iter(parse_qs(request.query).get("class", ())), "")
    methods = [method for method in MANAGERS.get(manager, ()) if find_operation(method, operations)]
    if not methods:
        return ()
    types = [_declare_type(each, wsdl_rpc.plain_array_type) for each in collect_types(methods, operations, settings)]
    attributes = {"xmlns:xsd": XSD, f"xmlns:{PREFIX}": NAMESPACE, "targetNamespace": NAMESPACE}
    return [document(element("xsd:schema", *types, *map(_declare_response, methods), attributes=attributes))]


def _declare_response(method: Method) -> Markup:
    attributes = {"name": f"{method.name}Return", "type": qualify_name(method.answer), "nillable": "true"}
    content = element("xsd:complexType", element("xsd:sequence", element("xsd:element", attributes=attributes)))
    return element("xsd:element", content, attributes={"name": f"{method.name}Response"})


def _declare_type(type: Type, array: Callable[[str, str], Markup] = wsdl_rpc.array_type) -> Markup:
    match type:
        case Array(name, item):
            return array(name, qualify_name(item))
        case Struct(name, members):
            return xsd.all_group(*map(_declare_member, members), name=name)


def _declare_member(member: Member) -> Markup:
    limits = f"{member.limits[:1].upper()}{member.limits[1:]}." if member.limits else ""
    help = xsd.documentation(member.help, limits)
    return xsd.complex_element(member.name, help, type=qualify_name(member.type), minOccurs="0", nillable="true")
