"""What a SOAP message calls: the name of its Body's first child, which alone decides."""

from lxml import etree


def name_of_call(message: bytes) -> str:
    """`getParts`; "": it cannot be told."""
    try:
        envelope = etree.fromstring(message, etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError):
        return ""
    body = envelope.find("{*}Body")
    child = next(body.iterchildren(tag=etree.Element), None) if body is not None else None
    return "" if child is None else etree.QName(child).localname
