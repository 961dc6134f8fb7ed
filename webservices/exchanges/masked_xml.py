"""
A body of XML, masked.

Only the beginning that will be kept is parsed, strictly: a body that is longer ends in mid-element, and what is open
is closed. Comments and processing instructions are dropped; a body with a document type is not kept.
"""

import re

from lxml import etree

from webservices.exchanges.masking import MASK, Kept, Mask, plain, unparsed
from webservices.soap.parsing import ERROR_NAMES, STARTS

SECURITY = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd}Security"
CONTAINERS = {"security", "usernametoken", "timestamp"}
HARMLESS = {"username", "created", "expires"}
KEPT_ATTRIBUTES = {"id", "type", "encodingtype", "nil", "mustunderstand", "actor", "role"}


def masked_xml(body: bytes, mask: Mask, limit: int) -> Kept:
    """At most `limit` bytes of the body, parsed, masked and written again as text."""
    whole = len(body) <= limit
    try:
        root = _parsed(body[:limit], whole=whole)
    except _NotParsed as error:
        return unparsed(str(error))
    if root is None:
        return unparsed("it is empty")
    if root.getroottree().docinfo.internalDTD is not None:
        return unparsed("it has a document type")
    _mask(root, mask, hidden=False, security=False)
    text = etree.tostring(root, encoding="unicode", with_tail=False)
    if mask.repeats(text):
        return Kept(None, "Not kept, its markup repeats a secret.", parsed=False)
    return Kept(text, "" if whole else f"The first {limit:,} of {len(body):,} bytes.", whole=whole)


class _NotParsed(Exception):
    """The kind of the error and its place; the parser's own sentence may quote the body."""


def _parsed(body: bytes, *, whole: bool) -> etree._Element | None:
    """The root of a body, or of the beginning of one; raises _NotParsed."""
    encoding = next((name for start, name in STARTS.items() if body.startswith(start)), None)
    parser = etree.XMLPullParser(
        events=("start",), encoding=encoding, resolve_entities=False, no_network=True, load_dtd=False,
        dtd_validation=False, huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        parser.feed(body)
        root = parser.close() if whole else next((element for _, element in parser.read_events()), None)
    except etree.XMLSyntaxError as error:
        raise _not_parsed(parser) or _NotParsed("line {}, column {}".format(*error.position)) from None
    if wrong := _not_parsed(parser):  # an undeclared prefix, for one, is let pass as part of a name
        raise wrong
    return root


def _not_parsed(parser: etree.XMLPullParser) -> _NotParsed | None:
    for entry in parser.feed_error_log:
        if entry.level >= etree.ErrorLevels.ERROR:
            name = ERROR_NAMES.get(entry.type, "ERR_NOT_WELL_FORMED")
            kind = re.sub(r"^(NS_)?(ERR|WAR)_", "", name).replace("_", " ").lower()
            return _NotParsed(f"{kind} (line {entry.line}, column {entry.column})")
    return None


def _mask(element: etree._Element, mask: Mask, *, hidden: bool, security: bool) -> None:
    """Mask an element and what is inside it; at most 256 deep, which the parser sees to."""
    name = plain(_local(element.tag))
    security = security or element.tag == SECURITY
    hidden = hidden or name in mask.elements or (security and name not in CONTAINERS | HARMLESS)
    _mask_attributes(element, mask, hidden=hidden)
    hides_text = hidden or (security and name in CONTAINERS)
    element.text = _masked(element.text, mask, hidden=hides_text)
    for child in element:
        if isinstance(child.tag, str):
            _mask(child, mask, hidden=hidden, security=security)
        child.tail = _masked(child.tail, mask, hidden=hides_text)


def _mask_attributes(element: etree._Element, mask: Mask, *, hidden: bool) -> None:
    for attribute, value in element.attrib.items():
        name = plain(_local(attribute))
        secret = name in mask.elements or (hidden and name not in KEPT_ATTRIBUTES)
        masked = _masked(value, mask, hidden=secret)
        if masked != value:
            element.set(attribute, masked)


def _masked(text: str | None, mask: Mask, *, hidden: bool) -> str | None:
    if not text or not text.strip():
        return text
    return MASK if hidden else mask.text(text)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2].rpartition(":")[2]
