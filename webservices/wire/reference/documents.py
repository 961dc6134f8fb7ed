"""
Every contract as a file, by its path under `docs/reference/`: made from the declarations alone, so that a test can
compare the committed files with them.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from lxml import etree

from webservices.wire.contracts import xsd
from webservices.wire.contracts.wsdl_rpc import ENCODING_FILE, encoding_schema
from webservices.wire.dialects.base import Dialect
from webservices.wire.dialects.crm.methods import MANAGERS
from webservices.wire.dialects.crm.names import SERVICE
from webservices.wire.dialects.crm.wsdl import wsdl as crm_wsdl
from webservices.wire.dialects.ecosys.context import RestContext, SoapContext
from webservices.wire.dialects.ecosys.names import DEFAULT_APIS, SOAP_PATH
from webservices.wire.dialects.ecosys.schema import rest_schema
from webservices.wire.dialects.ecosys.wsdl import wsdl as ecosys_wsdl
from webservices.wire.dialects.expandable import openapi as expandable
from webservices.wire.dialects.oracle.headers import VERSION_1_0, VERSION_2_0, Version
from webservices.wire.dialects.oracle.wsdl import wsdl
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.dialects.rest.openapi.document import document as rest_document
from webservices.wire.dialects.sap import wsdl as sap
from webservices.wire.dialects.sap.names import PATH
from webservices.wire.json import write_json
from webservices.wire.operations import Operations

ADDRESS = "https://hub.example"
SCHEMA = f"{{{xsd.XSD}}}schema"

Documents = Mapping[str, str]


def documents(operations: Operations) -> Documents:
    """Every contract by its path, `oracle-2.0/parts.wsdl`."""
    return {
        f"{dialect.name}/{name}": text
        for dialect in DIALECTS
        for name, text in _CONTRACTS.get(dialect.name, _none)(dialect, operations)
    }


def _oracle(version: Version, dialect: Dialect, operations: Operations) -> Iterator[tuple[str, str]]:
    for plural, service in version.services.items():
        root = etree.fromstring(wsdl(version, operations, plural, ADDRESS + version.address(plural)))
        etree.indent(root, "  ")
        yield f"{service}.wsdl", etree.tostring(root, encoding="unicode") + "\n"
        yield f"{service}.xsd", schema_of(root)


def schema_of(wsdl_root: etree._Element) -> str:
    """The schema inside a WSDL as a document of its own."""
    schema = etree.fromstring(etree.tostring(next(wsdl_root.iter(SCHEMA)), with_tail=False))
    used = (xsd.XSD, schema.get("targetNamespace"))  # by the names of types, which are attributes
    etree.cleanup_namespaces(schema, keep_ns_prefixes=[prefix for prefix, uri in schema.nsmap.items() if uri in used])
    etree.indent(schema, "  ")
    return etree.tostring(schema, encoding="unicode") + "\n"


def _ecosys(dialect: Dialect, operations: Operations) -> Iterator[tuple[str, str]]:
    for plural, api in DEFAULT_APIS.items():
        root = etree.fromstring(ecosys_wsdl(SoapContext(api), f"{ADDRESS}{SOAP_PATH}{api.name}", operations))
        etree.indent(root, "  ")
        yield f"{service_name(plural)}.wsdl", etree.tostring(root, encoding="unicode") + "\n"
        yield f"{service_name(plural)}.xsd", schema_of(root)


def _ecosys_rest_xml(dialect: Dialect, operations: Operations) -> Iterator[tuple[str, str]]:
    for plural, api in DEFAULT_APIS.items():
        root = etree.fromstring(rest_schema(RestContext(api), operations))
        yield f"{service_name(plural)}.xsd", etree.tostring(root, encoding="unicode") + "\n"


def service_name(plural: str) -> str:
    """`customerParts`: what the contract of a kind of record is called."""
    first, *others = plural.split("_")
    return first + "".join(map(str.capitalize, others))


def _rest(dialect: Dialect, operations: Operations) -> Iterator[tuple[str, str]]:
    yield "openapi.json", write_json(rest_document(operations), indent=2) + "\n"


def _sap(dialect: Dialect, operations: Operations) -> Iterator[tuple[str, str]]:
    yield "CPQAPI.wsdl", _without_declaration(sap.wsdl(ADDRESS + PATH, operations))
    yield "customers.xsd", _without_declaration(sap.schema(operations))


def _without_declaration(document: bytes) -> str:
    return etree.tostring(etree.fromstring(document), encoding="unicode") + "\n"


def _crm(dialect: Dialect, operations: Operations) -> Iterator[tuple[str, str]]:
    for manager in MANAGERS:
        address = f"{ADDRESS}{SERVICE}?class={manager}"
        yield f"{manager}.wsdl", crm_wsdl(manager, address, dialect.settings, operations).decode()
    yield ENCODING_FILE, encoding_schema().decode()


def _none(dialect: Dialect, operations: Operations) -> Iterator[tuple[str, str]]:
    yield from ()


def _expandable(dialect: Dialect, operations: Operations) -> Iterator[tuple[str, str]]:
    yield "openapi.json", write_json(expandable.document(operations), indent=2) + "\n"


_CONTRACTS: Mapping[str, Callable[[Dialect, Operations], Iterator[tuple[str, str]]]] = {
    "oracle-1.0": partial(_oracle, VERSION_1_0),
    "oracle-2.0": partial(_oracle, VERSION_2_0),
    "ecosys": _ecosys,
    "ecosys-rest-xml": _ecosys_rest_xml,
    "expandable": _expandable,
    "rest": _rest,
    "sap-cpq": _sap,
    "crm-service": _crm,
}
