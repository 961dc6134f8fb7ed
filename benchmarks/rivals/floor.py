"""
The floor: the least that answers in the contract of Oracle CPQ 2.0, for one part or one order of a superuser.

    POST   an Envelope with a UsernameToken and getParts by part_number, addParts, updateParts or addSalesOrders
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from time import gmtime, strftime
from typing import Any

from lxml import etree

from benchmarks.rivals.database import find_part
from benchmarks.rivals.floor_writes import WRITERS

SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"
WSSE = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd}"
COLUMNS = (
    *("part_number", "part_display_number", "direct_buy", "lead_time", "units", "partner_part_id"),
    *("partner_organization_id", "notes", "active"),
)
# In the order of the contract; what is no column is a map, or empty here.
ANSWERED = (
    *("part_number", "part_display_number", "direct_buy", "description", "price", "lead_time", "units"),
    *("company_associations", "partner_part_id", "partner_organization_id", "notes", "attachments", "active"),
)
PARSER = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)


def application(environ: Mapping[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    try:
        status, content = "200 OK", _answer(body, environ)
    except PermissionError:
        status, content = "500 Internal Server Error", _fault("The user name or the password is wrong.")
    headers = [("Content-Type", "text/xml; charset=UTF-8"), ("Content-Length", str(len(content)))]
    start_response(status, headers)
    return [content]


def _answer(body: bytes, environ: Mapping[str, Any]) -> bytes:
    envelope = etree.fromstring(body, PARSER)
    token = envelope.find(f"{SOAP}Header/{WSSE}Security/{WSSE}UsernameToken")
    user_name, password = token.findtext(f"{WSSE}Username"), token.findtext(f"{WSSE}Password")
    call = envelope.find(f"{SOAP}Body")[0]
    namespace, name = call.tag[1:].split("}")
    if name in WRITERS:
        return WRITERS[name](call, namespace, user_name, password, body, environ, write_answer)
    return _get_parts(call, namespace, user_name, password)


def _get_parts(call: Any, namespace: str, user_name: str, password: str) -> bytes:
    criteria = call.find(f"{{{namespace}}}Parts/{{{namespace}}}criteria")
    if criteria.findtext(f"{{{namespace}}}field") != "part_number" or len(call[0]) != 1:
        raise NotImplementedError("The floor answers one criterion, on the part number, and nothing else.")
    row = find_part(user_name, password, criteria.findtext(f"{{{namespace}}}value"))

    def records(root: Any) -> None:
        parts = etree.SubElement(root, f"{{{namespace}}}Parts")
        if row is not None:
            _write_part(etree.SubElement(parts, f"{{{namespace}}}each_record"), namespace, row)

    return write_answer("getParts", namespace, {"records_returned": str(int(row is not None))}, records)


def _write_part(record: Any, namespace: str, row: tuple[Any, ...]) -> None:
    values = dict(zip(COLUMNS, row, strict=False))
    maps = {"description": row[-2], "price": row[-1]}
    for name in ANSWERED:
        element = etree.SubElement(record, f"{{{namespace}}}{name}")
        for key, text in maps.get(name, ()):
            etree.SubElement(element, f"{{{namespace}}}{key}").text = text
        element.text = values.get(name) or None


def write_answer(
    name: str, namespace: str, counts: Mapping[str, str], fill: Callable[[Any], None] | None = None
) -> bytes:
    """Write the Envelope of an answer: its status with the counts, and what `fill` adds behind it."""
    envelope = etree.Element(f"{SOAP}Envelope", nsmap={"soapenv": SOAP[1:-1]})
    body = etree.SubElement(envelope, f"{SOAP}Body")
    root = etree.SubElement(body, f"{{{namespace}}}{name}Response", nsmap={"bm": namespace})
    status = etree.SubElement(root, f"{{{namespace}}}status")
    for key, text in _list_status(name, counts):
        etree.SubElement(status, f"{{{namespace}}}{key}").text = text
    if fill:
        fill(root)
    return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")


def _list_status(name: str, counts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield "success", "true"
    yield "message", f"{strftime('%a %b %d %H:%M:%S UTC %Y', gmtime())} - Counterpart processed {name}"
    yield from counts.items()


def _fault(sentence: str) -> bytes:
    envelope = etree.Element(f"{SOAP}Envelope", nsmap={"soapenv": SOAP[1:-1]})
    fault = etree.SubElement(etree.SubElement(envelope, f"{SOAP}Body"), f"{SOAP}Fault")
    etree.SubElement(fault, "faultcode").text = "soapenv:Client"
    etree.SubElement(fault, "faultstring").text = sentence
    return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")
