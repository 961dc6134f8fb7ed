"""Contracts as files: indented, without an XML declaration, their schema as a document of its own."""

from lxml import etree

from webservices.wire.xml.documents import parse_document
from webservices.wire.xml.namespaces import XSD

SCHEMA = f"{{{XSD}}}schema"


def xml_file(document: bytes) -> str:
    """An XML document as the text of a file."""
    root = parse_document(document)
    etree.indent(root, "  ")
    return etree.tostring(root, encoding="unicode") + "\n"


def schema_file(wsdl: bytes) -> str:
    """The schema inside a WSDL, with the namespaces that it uses."""
    root = parse_document(wsdl)
    schema = parse_document(etree.tostring(next(root.iter(SCHEMA)), with_tail=False))
    # lxml sees no use of a prefix in an attribute's value, which is how XSD names types: those must be kept by hand.
    used = (XSD, schema.get("targetNamespace"))
    etree.cleanup_namespaces(
        schema, keep_ns_prefixes=[prefix for prefix, uri in schema.nsmap.items() if prefix and uri in used]
    )
    etree.indent(schema, "  ")
    return etree.tostring(schema, encoding="unicode") + "\n"
