"""
The schema of products, in no namespace: their nodes in any order, by their usual names.

    Products @SkipCategoriesOnProductUpdate …    Product    Identificator …, PartNumber, ProductName, …

Requests may spell names in any case; a schema has one spelling.
"""

from collections.abc import Iterator

from records.shapes.resources import Resource
from webservices.wire.contracts import xsd
from webservices.wire.dialects.sap.functions import PARTS
from webservices.wire.dialects.sap.nodes import (
    DISPLAY_TYPE,
    DISPLAY_TYPES,
    FIELDS,
    IDENTIFICATOR,
    LEAD_TIME,
    PRICE,
    PRODUCT_ID,
    TEXTS,
    VENDOR_NODES,
    Form,
)
from webservices.wire.dialects.sap.wsdl import field_element, scalar_type
from webservices.wire.operations import Operations
from webservices.wire.xml.namespaces import XSD
from webservices.wire.xml.writing import Markup, element, pretty_document

ATTRIBUTES = (
    "SkipCategoriesOnProductUpdate", "SkipPermissionsOnProductUpdate", "skipCategoriesOnProductUpdate",
    "SkipServiceOrSubscriptionContractAttributeValuesOnProductUpdate",
)  # fmt: skip
TEXT = "xsd:string"
TYPES = {Form.TEXT: TEXT, Form.TEXTS: "ContentType", Form.XML: "ContentType", Form.FLAG: "Flag", Form.DATE: "Date"}


def product_schema(operations: Operations) -> bytes:
    """Write the schema of Products."""
    resource = operations.resource(PARTS)
    declarations = [*_types(resource), _product(resource), *_products()]
    return pretty_document(element("xsd:schema", *declarations, attributes={"xmlns:xsd": XSD}))


def _types(resource: Resource) -> Iterator[Markup]:
    anything = element("xsd:any", attributes={"processContents": "skip", "minOccurs": "0", "maxOccurs": "unbounded"})
    yield element(
        "xsd:complexType", element("xsd:sequence", anything), attributes={"name": "ContentType", "mixed": "true"}
    )
    yield xsd.text_type("Flag", {"pattern": "|0|1|[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]"})
    yield xsd.text_type("Date", {"pattern": "|[0-9]{1,2}/[0-9]{1,2}/([0-9]{2}|[0-9]{4})|[0-9]{4}-[0-9]{2}-[0-9]{2}"})
    yield xsd.enumeration_type("DisplayType", DISPLAY_TYPES)
    yield from dict(scalar_type(resource.by_name[name]) for node, name in FIELDS.items() if _is_typed(node)).values()


def _is_typed(node: str) -> bool:
    return node not in TEXTS and node not in (PRICE, LEAD_TIME)


def _product(resource: Resource) -> Markup:
    nodes = [
        xsd.typed_element(IDENTIFICATOR, TEXT),
        xsd.typed_element(PRODUCT_ID, TEXT),
        *(_declare_field(node, resource) for node in FIELDS),
        *(xsd.typed_element(node, _vendor_type(node, form)) for node, form in VENDOR_NODES.items()),
    ]
    choice = element("xsd:choice", *nodes, attributes={"minOccurs": "0", "maxOccurs": "unbounded"})
    return element("xsd:complexType", choice, attributes={"name": "ProductType"})


def _declare_field(node: str, resource: Resource) -> Markup:
    if not _is_typed(node):
        return xsd.typed_element(node, TYPES[Form.TEXTS] if node in TEXTS else TEXT)
    return field_element(node, resource.by_name[FIELDS[node]])


def _vendor_type(node: str, form: Form) -> str:
    return "DisplayType" if node == DISPLAY_TYPE else TYPES[form]


def _products() -> Iterator[Markup]:
    attributes = [element("xsd:attribute", attributes={"name": name, "type": "xsd:string"}) for name in ATTRIBUTES]
    product = xsd.typed_element("Product", "ProductType", minOccurs="1", maxOccurs="unbounded")
    yield xsd.sequence(product, name="ProductsType", attributes=attributes)
    yield xsd.typed_element("Products", "ProductsType")
