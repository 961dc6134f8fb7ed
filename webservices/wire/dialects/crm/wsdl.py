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
from webservices.wire.dialects.crm.methods import MANAGERS, Method, operation_of
from webservices.wire.dialects.crm.names import NAMESPACE, PREFIX
from webservices.wire.dialects.crm.types import Array, Member, Struct, Type, types_of
from webservices.wire.messages import WireRequest
from webservices.wire.operations import Operations
from webservices.wire.xml.writing import Markup, document, element, join

HELP = (
    "Create a session with sessionManager and send it first. Literal and encoded messages are read, parameters by "
    "their names or in their order; every problem is a fault."
)


def wsdl(manager: str, address: str, settings: CrmSettings, operations: Operations) -> bytes:
    """The WSDL of the manager that is at an address, its query included."""
    methods = [method for method in MANAGERS[manager] if operation_of(method, operations)]
    return wsdl_rpc.write_wsdl(
        wsdl_rpc.Service(
            name=manager,
            namespace=NAMESPACE,
            prefix=PREFIX,
            schema=join(map(_declared, types_of(methods, operations, settings))),
            methods=[_described(method, address) for method in methods],
            address=address,
            use=settings.use,
            help=HELP,
        )
    )


def _described(method: Method, address: str) -> wsdl_rpc.Method:
    parts = [wsdl_rpc.Part(parameter.name, prefixed(parameter.type)) for parameter in method.parameters]
    answer = wsdl_rpc.Part(f"{method.name}Return", prefixed(method.answer))
    return wsdl_rpc.Method(method.name, parts, answer, method.help, f"{address}&method={method.name}")


def prefixed(name: str) -> str:
    """The name of a type with its prefix."""
    return name if ":" in name else f"{PREFIX}:{name}"


def answer_schemas(request: WireRequest, status: int, operations: Operations, settings: CrmSettings) -> Sequence[bytes]:
    """What the methods of a manager answer, as a schema by itself: WSDL says it as parts, which no schema is."""
    manager = next(iter(parse_qs(request.query).get("class", ())), "")
    methods = [method for method in MANAGERS.get(manager, ()) if operation_of(method, operations)]
    if not methods:
        return ()
    types = [_declared(each, wsdl_rpc.plain_array_type) for each in types_of(methods, operations, settings)]
    named = {"xmlns:xsd": xsd.XSD, f"xmlns:{PREFIX}": NAMESPACE, "targetNamespace": NAMESPACE}
    return [document(element("xsd:schema", *types, *map(_answered, methods), attributes=named))]


def _answered(method: Method) -> Markup:
    named = {"name": f"{method.name}Return", "type": prefixed(method.answer), "nillable": "true"}
    part = element("xsd:element", attributes=named)
    inside = element("xsd:complexType", element("xsd:sequence", part))
    return element("xsd:element", inside, attributes={"name": f"{method.name}Response"})


def _declared(type: Type, array: Callable[[str, str], Markup] = wsdl_rpc.array_type) -> Markup:
    match type:
        case Array(name, item):
            return array(name, prefixed(item))
        case Struct(name, members):
            return xsd.everything(*map(_element, members), name=name)


def _element(member: Member) -> Markup:
    limits = f"{member.limits[:1].upper()}{member.limits[1:]}." if member.limits else ""
    says = xsd.documentation(member.help, limits)
    return xsd.structured(member.name, says, type=prefixed(member.type), minOccurs="0", nillable="true")
