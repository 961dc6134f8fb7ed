"""Every WSDL and schema keeps to what generators survive, and to WS-I's Basic Profile 1.1 where a test can tell."""

import re
from collections.abc import Callable, Iterable

import pytest
from lxml import etree

from records.shapes.fields import Kind, ScalarField
from webservices.declarations import OPERATIONS
from webservices.wire.reference.catalog import documents

X, W = "{http://www.w3.org/2001/XMLSchema}", "{http://schemas.xmlsoap.org/wsdl/}"
S = "{http://schemas.xmlsoap.org/wsdl/soap/}"
NAME, BINDING = "name", "binding"
CUSTOM = [
    ScalarField("custom_tier", label="Tier", choices=(("", ""), ("A+ (new)", ""), ("B|C", "")), custom=True),
    ScalarField("custom_size", Kind.INTEGER, label="Size", choices=(("1", ""), ("2", "")), custom=True, nullable=True),
    ScalarField("custom_kind", label="Kind", choices=(("", ""),), custom=True),
    ScalarField("custom_fits", Kind.BOOLEAN, label="Fits", custom=True, nullable=True),
]
SITE = OPERATIONS.replace_resources(
    {
        plural: OPERATIONS.resource(plural).add_custom_fields(CUSTOM, 3)
        for plural in ("parts", "customers", "customer_parts")
    },
    3,
)
CONTRACTS = {
    f"{name}{' of a site with fields of its own' if operations is SITE else ''}": etree.fromstring(text.encode())
    for operations in (OPERATIONS, SITE)
    for name, text in documents(operations).items()
    if name.endswith((".wsdl", ".xsd"))
}
ENCODED_ARRAYS = {"crm-service"}  # the vendor's: arrays of SOAP's encoding, for PHP makes plain arrays of them
ANSWERED = "successFlag"  # the one default, of an attribute of answers alone: EcoSys' clients have a getter for it
Found = Iterable[object]


def schemas(root) -> list:
    return [root] if root.tag == f"{X}schema" else root.findall(f"{W}types/{X}schema")


def parts(root) -> dict:
    return {message.get(NAME): message.findall(f"{W}part") for message in root.findall(f"{W}message")}


def local(name: str | None) -> str:
    return (name or "").rpartition(":")[2]


def soap_bindings(root) -> list:
    """The bindings of SOAP 1.1: those of 1.2 are none of the profile's."""
    return [each for each in root.findall(f"{W}{BINDING}") if each.find(f"{S}{BINDING}") is not None]


def style(binding) -> str:
    return binding.find(f"{S}{BINDING}").get("style", "document")


def bodies(root) -> list:
    return [
        (style(binding), each)
        for binding in soap_bindings(root)
        for tag in ("body", "header", "headerfault", "fault")
        for each in binding.iter(f"{S}{tag}")
    ]


def undefined(root) -> Found:
    """QNames of schema components that are neither defined here nor XML Schema's own, nor of an imported namespace."""
    for schema in schemas(root):
        own = schema.get("targetNamespace") or ""
        imported = {each.get("namespace") for each in schema.findall(f"{X}import")}
        defined = {each.get(NAME) for each in schema if each.get(NAME)}
        for each in schema.iter(etree.Element):
            for attribute in ("type", "base", "ref"):
                prefix, _, name = (each.get(attribute) or "").rpartition(":")
                space = each.nsmap.get(prefix or None) or ""
                if not name or f"{{{space}}}" == X or space in imported:
                    continue
                if space != own or name not in defined:
                    yield each.get(attribute)
    known = {each.get(NAME) for schema in schemas(root) for each in schema}
    for part in root.iter(f"{W}part"):
        name = part.get("element") or part.get("type")
        if not name.startswith("xsd:") and local(name) not in known:
            yield name


def invalid(root) -> Found:
    """Schemas that libxml2 does not take; it has no schema of SOAP's encoding."""
    for schema in schemas(root):
        if schema.find(f"{X}import") is None:
            try:
                etree.XMLSchema(etree.fromstring(etree.tostring(schema)))
            except etree.XMLSchemaParseError as error:
                yield error


def different(binding, root) -> bool:
    port_type = next(each for each in root.findall(f"{W}portType") if each.get(NAME) == local(binding.get("type")))
    names = [[each.get(NAME) for each in holder.findall(f"{W}operation")] for holder in (binding, port_type)]
    return sorted(names[0]) != sorted(names[1])


def signatures(root) -> list:
    known = parts(root)
    inputs = root.findall(f"{W}portType/{W}operation/{W}input")
    return [
        tuple(part.get("element") or part.getparent().get(NAME) for part in known[local(i.get("message"))])
        for i in inputs
    ]


RULES: dict[str, Callable[[etree._Element], Found]] = {
    "every complex type has a name and stands at the top": lambda root: root.xpath(
        "//*[local-name() = 'complexType'][not(@name) or local-name(..) != 'schema']"
    ),
    "every simple type has a name and stands at the top": lambda root: root.xpath(
        "//*[local-name() = 'simpleType'][not(@name) or local-name(..) != 'schema']"
    ),
    "no union, no list": lambda root: [*root.iter(f"{X}union", f"{X}list")],
    "no enumeration with an empty value": lambda root: [e for e in root.iter(f"{X}enumeration") if not e.get("value")],
    "no restriction that says nothing": lambda root: [
        each for each in root.iter(f"{X}restriction") if not len(each) and each.get("base") == "xsd:string"
    ],
    "no type is defined twice": lambda root: [
        names
        for schema in schemas(root)
        for tag in ("complexType", "simpleType")
        if len(names := [each.get(NAME).lower() for each in schema.iter(X + tag)]) != len(set(names))
    ],
    "what may be nil has a type by reference": lambda root: [
        each for each in root.iter(f"{X}element") if each.get("nillable") and not each.get("type")
    ],
    "every attribute has a type by reference": lambda root: [
        each for each in root.iter(f"{X}attribute") if len(each) or not (each.get("type") or each.get("ref"))
    ],
    "nothing that is sent has a default": lambda root: [
        each
        for each in root.iter(f"{X}element", f"{X}attribute")
        if (each.get("default") and each.get("name") != ANSWERED) or each.get("fixed")
    ],
    "R2001 no schema by wsdl:import, R2007 no import without a place": lambda root: [*root.iter(f"{W}import")],
    "R2023 types come before all but documentation": lambda root: [
        each.tag
        for each in (root.find(f"{W}types").itersiblings(preceding=True) if root.find(f"{W}types") is not None else ())
        if each.tag.startswith(W) and each.tag != f"{W}documentation"
    ],
    "R2026 no extension is required": lambda root: [each for each in root.iter() if each.get(f"{W}required")],
    "R2101 R2102 no name without a definition or an import": undefined,
    "R2105 every schema in types has a target namespace": lambda root: [
        each for each in root.iterfind(f"{W}types/{X}schema") if not each.get("targetNamespace")
    ],
    "R2110 no array of SOAP's encoding is restricted": lambda root: [
        each for each in root.iter(f"{X}restriction", f"{X}extension") if each.get("base", "").endswith(":Array")
    ],
    "R2111 no wsdl:arrayType": lambda root: [each for each in root.iter() if each.get(f"{W}arrayType")],
    "R2112 no ArrayOf": lambda root: [each for each in root.iter() if (each.get(NAME) or "").startswith("ArrayOf")],
    "R2203 rpc: parts have types; R2204 document: parts have elements; R2306 not both": lambda root: [
        part
        for binding in soap_bindings(root)
        for part in root.iter(f"{W}part")
        if (part.get("type") is None) == (style(binding) == "rpc") or (part.get("type") and part.get("element"))
    ],
    "no part is called message, which KDSoap's classes call something else": lambda root: [
        part for part in root.iter(f"{W}part") if part.get(NAME) == "message"
    ],
    "R2205 headers and faults are elements": lambda root: [
        part
        for _, each in bodies(root)
        for part in parts(root).get(local(each.get("message")), ())
        if not part.get("element")
    ],
    "R2210 document: one part at most in a body": lambda root: [
        name
        for each in root.findall(f"{W}portType/{W}operation/*")
        for name, found in parts(root).items()
        if name == local(each.get("message")) and len(found) > 1 and style(soap_bindings(root)[0]) == "document"
    ],
    "R2303 every operation begins with its input": lambda root: [
        each
        for each in root.iterfind(f"{W}portType/{W}operation")
        if [child.tag for child in each if child.tag != f"{W}documentation"][:1] != [f"{W}input"]
    ],
    "R2304 no name of an operation comes twice": lambda root: [
        names
        for port_type in root.findall(f"{W}portType")
        if len(names := [each.get(NAME) for each in port_type.findall(f"{W}operation")]) != len(set(names))
    ],
    "R2401 a binding is SOAP's": lambda root: [
        each
        for each in root.findall(f"{W}{BINDING}")
        if not etree.QName(each[0]).namespace.startswith(f"{W[1:-1]}soap")
    ],
    "R2701 R2702 the transport is HTTP": lambda root: [
        each for each in root.iter(f"{S}{BINDING}") if each.get("transport") != "http://schemas.xmlsoap.org/soap/http"
    ],
    "R2705 one style in a binding": lambda root: [
        binding
        for binding in soap_bindings(root)
        if {each.get("style", style(binding)) for each in binding.iter(f"{S}operation")} > {style(binding)}
    ],
    "R2706 all is literal": lambda root: [each for _, each in bodies(root) if each.get("use", "literal") != "literal"],
    "R2710 no two operations look alike on the wire": lambda root: [
        each for each in signatures(root) if signatures(root).count(each) > 1
    ],
    "R2716 document: no namespace on a body; R2717 rpc: one on each": lambda root: [
        each
        for how, each in bodies(root)
        if (each.get("namespace") is not None) != (how == "rpc" and each.tag == f"{S}body")
    ],
    "R2718 a binding has the operations of its port type": lambda root: [
        binding.get(NAME) for binding in soap_bindings(root) if different(binding, root)
    ],
    "R2721 R2754 a fault is bound by its name": lambda root: [
        each for each in root.iter(f"{S}fault") if each.get(NAME) != each.getparent().get(NAME)
    ],
    "R2740 every fault is bound": lambda root: [
        fault
        for binding in soap_bindings(root)
        for fault in root.iterfind(f"{W}portType/{W}operation/{W}fault")
        if fault.get(NAME) not in {each.get(NAME) for each in binding.iter(f"{W}fault")}
    ],
    "R2801 every schema is one": invalid,
    "R4003 in UTF-8": lambda root: [] if (root.getroottree().docinfo.encoding or "UTF-8") == "UTF-8" else [root],
}
# The rules that the vendor's encoded arrays break, by their numbers.
EXCEPTED = re.compile("R2110|R2111")


@pytest.mark.parametrize("rule", RULES)
def test_every_contract_keeps_to(rule):
    broken = {
        name: [etree.tostring(each)[:200] if isinstance(each, etree._Element) else each for each in found]
        for name, root in CONTRACTS.items()
        if not (EXCEPTED.match(rule) and name.partition("/")[0] in ENCODED_ARRAYS)
        if (found := [*RULES[rule](root)])
    }

    assert broken == {}


def test_they_are_those_of_all_services_and_all_versions():
    folders = {name.partition("/")[0] for name in CONTRACTS}

    assert folders == {"oracle-1.0", "oracle-2.0", "ecosys", "ecosys-rest-xml", "sap-cpq", "crm-service"}
    assert len(CONTRACTS) > 60


BROKEN = {
    "every complex type has a name and stands at the top": "<xsd:element name='a'><xsd:complexType/></xsd:element>",
    "every simple type has a name and stands at the top": "<xsd:element name='a'><xsd:simpleType/></xsd:element>",
    "no union, no list": "<xsd:simpleType name='a'><xsd:union memberTypes='xsd:int xsd:string'/></xsd:simpleType>",
    "no enumeration with an empty value": "<xsd:enumeration value=''/>",
    "no restriction that says nothing": "<xsd:restriction base='xsd:string'/>",
    "what may be nil has a type by reference": "<xsd:element name='a' nillable='true'/>",
    "every attribute has a type by reference": "<xsd:attribute name='a'><xsd:simpleType/></xsd:attribute>",
    "R2101 R2102 no name without a definition or an import": "<xsd:element name='a' type='nobody'/>",
    "R2801 every schema is one": "<xsd:element name='a' type='xsd:nothing'/>",
    "no part is called message, which KDSoap's classes call something else": (
        "<wsdl:part xmlns:wsdl='http://schemas.xmlsoap.org/wsdl/' name='message'/>"
    ),
}


@pytest.mark.parametrize("rule", BROKEN)
def test_a_rule_finds_what_breaks_it(rule):
    schema = f"<xsd:schema xmlns:xsd='{X[1:-1]}'>{BROKEN[rule]}</xsd:schema>"

    assert [*RULES[rule](etree.fromstring(schema))]
