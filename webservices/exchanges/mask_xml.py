"""
A body of XML, masked.

Only the beginning that will be kept is parsed, strictly: a body that is longer ends in mid-element, and what is open
is closed. Comments and processing instructions are dropped; a body with a document type is not kept.
"""

import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

from webservices.exchanges.masking import MASK, Kept, Mask, plain, unparsed
from webservices.exchanges.streaming_body import Sent
from webservices.wire.xml.namespaces import WSSE
from webservices.wire.xml.parsing import ERROR_NAMES, STARTS, pull_parser

SECURITY = f"{{{WSSE}}}Security"
CONTAINERS = {"security", "usernametoken", "timestamp"}
HARMLESS = {"username", "created", "expires"}
ATTRIBUTES = etree.XPath("//@*", smart_strings=False)
KEPT_ATTRIBUTES = {"id", "type", "encodingtype", "nil", "mustunderstand", "actor", "role"}


def masked_xml(sent: Sent, mask: Mask, limit: int) -> Kept:
    """At most `limit` bytes of the body, parsed, masked and written again as text."""
    whole = sent.size <= limit and not sent.note
    try:
        root = _parsed(sent.beginning[:limit], whole=whole)
    except _NotParsed as error:
        return unparsed(str(error))
    if root is None:
        return unparsed("it is empty")
    if root.getroottree().docinfo.internalDTD is not None:
        return unparsed("it has a document type")
    hidden: set[str] = set()
    opened = [*_opened(root, mask, whole=whole)] if mask.documents else []
    _hide(root, mask, hidden, inside=False, security=False)
    mask = mask.with_values(hidden)
    _mask_values(root, mask)
    for element in opened:
        _close(element)
    text = etree.tostring(root, encoding="unicode", with_tail=False)
    if mask.repeats(text):
        return Kept(None, "Not kept, its markup repeats a secret.", parsed=False, hidden=frozenset(hidden))
    note = "" if sent.size <= limit else f"The first {limit:,} of {sent.size:,} bytes."
    return Kept(text, note, whole=whole, hidden=frozenset(hidden))


def _opened(root: etree._Element, mask: Mask, *, whole: bool) -> Iterator[etree._Element]:
    """
    The elements whose text is a document, which stands inside them now as elements; what cannot be read is masked.
    """
    for element in [each for each in root.iter(etree.Element) if not len(each) and (each.text or "").strip()]:
        if _plain_local(element.tag) in mask.documents:
            try:
                inner = _parsed(BOM_UTF8 + element.text.strip().encode(), whole=whole)
            except _NotParsed:
                inner = None
            readable = inner is not None and inner.getroottree().docinfo.internalDTD is None
            element.text = None if readable else MASK
            if readable:
                element.append(inner)
                yield element


def _close(element: etree._Element) -> None:
    """The document inside an element as its text again."""
    inner = element[0]
    element.remove(inner)
    element.text = etree.tostring(inner, encoding="unicode", with_tail=False)


class _NotParsed(Exception):
    """The kind of the error and its place; the parser's own sentence may quote the body."""


def _parsed(body: bytes, *, whole: bool) -> etree._Element | None:
    """The root of a body, or of the beginning of one; raises _NotParsed."""
    encoding = next((name for start, name in STARTS.items() if body.startswith(start)), None)
    parser = pull_parser(encoding)
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


def _hide(element: etree._Element, mask: Mask, hidden: set[str], *, inside: bool, security: bool) -> None:
    """
    Mask what is secret by its name, and collect it; at most 256 deep, which the parser sees to.

    inside    the element is inside one that is secret
    security  it is inside a WS-Security header, or a container that the dialect names
    """
    name = _plain_local(element.tag)
    if name in mask.names:
        inside, hidden = True, set()
    contains = name in CONTAINERS or name in mask.containers
    security = security or element.tag == SECURITY or name in mask.containers
    inside = inside or name in mask.elements or (security and not contains and name not in HARMLESS)
    for attribute, value in element.items():
        known = _plain_local(attribute)
        if value.strip() and (known in mask.elements or (inside and known not in KEPT_ATTRIBUTES)):
            element.set(attribute, _hidden(value, hidden))
    hides_text = inside or (security and contains)
    if hides_text:
        element.text = _hidden(element.text, hidden)
    expected = mask.expected(name)
    for child in element:
        if isinstance(child.tag, str):
            stranger = expected is not None and _plain_local(child.tag) not in expected
            _hide(child, mask, hidden, inside=inside or stranger, security=security)
        if hides_text:
            child.tail = _hidden(child.tail, hidden)


def _hidden(text: str | None, hidden: set[str]) -> str | None:
    if not text or not text.strip():
        return text
    hidden.add(text.strip())
    return MASK


def _mask_values(root: etree._Element, mask: Mask) -> None:
    """Mask every repetition of a known secret in texts and attributes."""
    texts = etree.tostring(root, method="text", encoding="unicode", with_tail=False)
    if not any(map(mask.repeats, (texts, *ATTRIBUTES(root)))):
        return
    for element in root.iter(etree.Element):
        for attribute, value in element.attrib.items():
            if mask.repeats(value):
                element.set(attribute, mask.text(value))
        element.text = element.text and mask.text(element.text)
        element.tail = element.tail and mask.text(element.tail)


LONGEST_KNOWN = 200  # characters of a tag that is remembered: what strangers send may not fill the memory


def _plain_local(tag: str) -> str:
    return _known_plain_local(tag) if len(tag) <= LONGEST_KNOWN else plain(_local(tag))


@lru_cache(maxsize=2000)
def _known_plain_local(tag: str) -> str:
    return plain(_local(tag))


def _local(tag: str) -> str:
    return tag.rpartition("}")[2].rpartition(":")[2]
