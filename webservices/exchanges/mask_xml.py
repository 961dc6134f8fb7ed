"""
A body of XML, masked.

Of most bodies the text is enough (`mask_usual_xml`). Of all others what is secret is found on the parsed tree, and
replaced in its place in the text: all else stays as it was written.

Only the beginning that will be kept is parsed, strictly: a body that is longer ends in mid-element; it is written anew,
with what is open closed and without comments. A body with a document type is not kept.
"""

import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass

from lxml import etree

from records.shapes.recognition import MASK
from webservices.exchanges.mask_usual_xml import (
    CONTAINERS,
    HARMLESS,
    KEPT_ATTRIBUTES,
    USER_NAME,
    mask_usual_xml,
    plain_local,
)
from webservices.exchanges.masking import MOST, Mask, MaskedBody, decode_text, too_many_secrets, unparsed_body
from webservices.exchanges.streaming_body import SentBody
from webservices.wire.xml.documents import InvalidXml, parse_document
from webservices.wire.xml.namespaces import WSSE
from webservices.wire.xml.parsing import DECLARED, ERROR_NAMES, STARTS, pull_parser
from webservices.wire.xml.spans import (
    Characters,
    Edit,
    apply_edits,
    find_remarks,
    find_spans,
    replace_attributes,
    replace_text,
    shift_edits,
)
from webservices.wire.xml.writing import escape

SECURITY = f"{{{WSSE}}}Security"
ATTRIBUTES = etree.XPath("//@*", smart_strings=False)
FIRST_NAME = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)", re.ASCII)
PLAIN_STARTS = b"< \t\n"  # of a body without a byte order mark


def mask_xml(sent: SentBody, mask: Mask, limit: int, *, is_parsed: bool = False) -> MaskedBody:
    """
    Mask at most `limit` bytes of the body, and write them again as text.

    is_parsed  all of it was parsed before, or written here: it is well-formed
    """
    is_whole = sent.size <= limit and not sent.note
    masked = _mask_text(sent.beginning, mask, is_parsed=is_parsed) if is_whole else None
    return masked or mask_tree(sent, mask, limit)


def _mask_text(body: bytes, mask: Mask, *, is_parsed: bool) -> MaskedBody | None:
    """Return a whole body masked in its text; None: it does not parse, or is not written as most are."""
    if body[:1] not in PLAIN_STARTS:
        return None
    try:
        encoding = _declared_encoding(body) if is_parsed else _parsed_encoding(body)
        if encoding.lower() != "utf-8":
            return None
        masked = mask_usual_xml(body.decode(), mask)
    except (InvalidXml, UnicodeDecodeError):
        return None
    return masked and MaskedBody(masked[0], encoding=encoding, secrets=masked[1])


def _declared_encoding(body: bytes) -> str:
    """Return the encoding of a well-formed body without a byte order mark, as `_parsed_encoding` does."""
    declared = DECLARED.match(body)
    return declared[1].decode() if declared else "utf-8"


def _parsed_encoding(body: bytes) -> str:
    """Parse a body and return its encoding; raises InvalidXml."""
    root = parse_document(body, remove_comments=True, remove_pis=True)
    return root.getroottree().docinfo.encoding or "utf-8"


def mask_tree(sent: SentBody, mask: Mask, limit: int, *, reads_text: bool = True) -> MaskedBody:
    """
    Parse and mask at most `limit` bytes of the body, and write them again as text.

    reads_text  the text of a beginning is enough, where it is written as most are
    """
    is_whole = sent.size <= limit and not sent.note
    note = "" if sent.size <= limit else f"The first {limit:,} of {sent.size:,} bytes."
    try:
        root = _parse(sent.beginning[:limit], is_whole=is_whole)
    except _ParseError as error:
        return unparsed_body(str(error))
    if root is None:
        return unparsed_body("it is empty")
    if root.getroottree().docinfo.internalDTD is not None:
        return unparsed_body("it has a document type")
    if reads_text and not is_whole and (masked := mask_usual_xml(_as_text(root), mask)):
        return MaskedBody(masked[0], note, is_whole=False, secrets=masked[1])
    secrets: set[str] = set()
    before = deepcopy(root) if is_whole else root
    documents = [*_open_documents(root, mask, is_whole=is_whole)] if mask.documents else []
    hidden: list[etree._Element] = []
    _hide(root, mask, secrets, hidden, inside=False, security=False)
    if len(secrets) > MOST:
        return too_many_secrets()
    mask = mask.with_values(secrets)
    _mask_values(root, mask)
    try:
        text, encoding = (
            _write(sent.beginning, before, root, documents, hidden, mask) if is_whole else _cut_text(root, documents)
        )
    except (LookupError, ValueError):
        return unparsed_body("its encoding is not read here")
    if mask.repeats(text):
        # The name of an element, a namespace, or a secret that stands in several texts side by side.
        return MaskedBody(None, "Not kept, its markup repeats a secret.", is_parsed=False, secrets=frozenset(secrets))
    return MaskedBody(text, note, encoding, is_whole, secrets=frozenset(secrets))


@dataclass(frozen=True)
class _Document:
    """A document that stands as text in an element: the text, and its root before it was masked."""

    element: etree._Element
    text: str
    before: etree._Element


def _open_documents(root: etree._Element, mask: Mask, *, is_whole: bool) -> Iterator[_Document]:
    """Put each document that stands as text into its element, as elements, and yield it; mask what cannot be read."""
    for element in [each for each in root.iter(etree.Element) if not len(each) and (each.text or "").strip()]:
        if plain_local(str(element.tag)) in mask.documents:
            text = element.text or ""
            inner: etree._Element | None = None
            with suppress(_ParseError):
                # The mark of UTF-8 overrides the encoding that the inner declaration names: it was decoded already.
                inner = _parse(BOM_UTF8 + text.strip().encode(), is_whole=is_whole)
            if inner is None or inner.getroottree().docinfo.internalDTD is not None:
                element.text = MASK
                continue
            element.text = None
            before = deepcopy(inner) if is_whole else inner
            element.append(inner)
            yield _Document(element, text, before)


def _cut_text(root: etree._Element, documents: Sequence[_Document]) -> tuple[str, str]:
    """The beginning of a body as a document of its own, and its encoding."""
    for document in documents:
        inner = _take_out(document.element)
        document.element.text = _as_text(inner)
    return _as_text(root), "utf-8"


def _as_text(root: etree._Element) -> str:
    return etree.tostring(root, encoding="unicode", with_tail=False)


def _write(
    body: bytes,
    before: etree._Element,
    after: etree._Element,
    documents: Sequence[_Document],
    hidden: Sequence[etree._Element],
    mask: Mask,
) -> tuple[str, str]:
    """The text of the body with its secrets replaced in their places, and its encoding."""
    text, encoding = decode_text(body, before.getroottree().docinfo.encoding or "utf-8")
    inner_edits: dict[etree._Element, list[Edit]] = {}
    for document in documents:
        # An element without tail, in the place where the parser had it: its places are those of its own text.
        inner, source = _take_out(document.element), document.text
        start = len(source) - len(source.lstrip())
        found = _find_edits(source.strip(), document.before, inner, hidden, mask, {})
        inner_edits[document.element] = [*shift_edits(found, start)]
        document.element.text = source
    return apply_edits(text, _find_edits(text, before, after, hidden, mask, inner_edits)), encoding


def _take_out(element: etree._Element) -> etree._Element:
    inner = element[0]
    element.remove(inner)
    return inner


def _find_edits(
    text: str,
    before: etree._Element,
    after: etree._Element,
    hidden: Sequence[etree._Element],
    mask: Mask,
    inner_edits: Mapping[etree._Element, Sequence[Edit]],
) -> Iterator[Edit]:
    """Yield what the text must be changed in to be that of the masked tree."""
    spans = find_spans(text)
    places = dict(zip(after.iter(etree.Element), spans, strict=True))
    for old, (new, span) in zip(before.iter(etree.Element), places.items(), strict=True):
        if inner := inner_edits.get(new):
            characters = Characters(text, span)
            yield from map(characters.map_edit, inner)
        elif (old.text or "") != (new.text or ""):
            yield replace_text(text, span, new.text or "")
        if (old.tail or "") != (new.tail or "") and new is not after:
            yield Edit(span.end, span.tail_end, escape(new.tail or ""))
        if old.attrib != new.attrib:
            values = zip(old.attrib.values(), new.attrib.values(), strict=True)
            yield from replace_attributes(text, span, [value if value != was else None for was, value in values])
    covered = [places[element] for element in hidden if element in places]
    for remark in find_remarks(text):
        secret = any(span.begin < remark.begin < span.end for span in covered)
        if secret or not mask.is_harmless(remark.text):
            # An instruction goes altogether, as its name may be the secret; a comment shows that there was one.
            yield remark._replace(text="" if remark.text.startswith("<?") else f"<!--{MASK}-->")


class _ParseError(Exception):
    """The kind of the error and its place; the parser's own sentence may quote the body."""


def _parse(body: bytes, *, is_whole: bool) -> etree._Element | None:
    """Return the root of a body, or of the beginning of one; raises _ParseError."""
    encoding = next((name for start, name in STARTS.items() if body.startswith(start)), None)
    # lxml builds an object for each element that it tells of: one will do, to get at the root of what is never closed.
    first = FIRST_NAME.search(body)
    for tag in (f"{{*}}{first[1].decode()}", None) if first else (None,):
        parser = pull_parser(encoding, tag)
        try:
            parser.feed(body)
            root = parser.close() if is_whole else next((element for _, element in parser.read_events()), None)
        except etree.XMLSyntaxError as error:
            raise _logged_error(parser) or _ParseError("line {}, column {}".format(*error.position)) from None
        if logged := _logged_error(parser):  # an undeclared prefix, for one, is let pass as part of a name
            raise logged
        if root is not None:
            return root.getroottree().getroot()
    return None


def _logged_error(parser: etree.XMLPullParser) -> _ParseError | None:
    for entry in parser.feed_error_log:
        if entry.level >= etree.ErrorLevels.ERROR:
            name = ERROR_NAMES.get(entry.type, "ERR_NOT_WELL_FORMED")
            kind = re.sub(r"^(NS_)?(ERR|WAR)_", "", name).replace("_", " ").lower()
            return _ParseError(f"{kind} (line {entry.line}, column {entry.column})")
    return None


def _hide(
    element: etree._Element,
    mask: Mask,
    secrets: set[str],
    hidden: list[etree._Element],
    *,
    inside: bool,
    security: bool,
) -> None:
    """
    Mask the values that are secret by their name, and collect them; at most 256 deep, which the parser sees to.

    hidden    the elements in which a remark may be a secret, too, are added to it
    inside    the element is inside one that is secret
    security  it is inside a WS-Security header, or a container that the dialect names
    """
    name = plain_local(str(element.tag))
    is_name = name in mask.names or (name == USER_NAME and (security or name in mask.containers))
    if is_name and (len(element) or (element.text or "").strip() != mask.user_name):
        # Masked here only: a user's name is an ordinary word elsewhere, so it does not join the secrets to search for.
        inside, secrets = True, set()
    contains = name in CONTAINERS or name in mask.containers
    security = security or element.tag == SECURITY or name in mask.containers
    inside = (
        inside
        or (mask.hides(name) and not contains)
        or (security and not contains and not is_name and name not in HARMLESS)
    )
    if inside or security:
        hidden.append(element)
    for attribute, value in element.items():
        plain = plain_local(attribute)
        if value.strip() and (mask.hides(plain) or (inside and plain not in KEPT_ATTRIBUTES)):
            element.set(attribute, _hide_text(value, mask, secrets))
    hides_text = inside or (security and contains)
    if hides_text:
        element.text = element.text and _hide_text(element.text, mask, secrets)
    expected = mask.expected_children(name)
    for child in element:
        if isinstance(child.tag, str):
            stranger = expected is not None and plain_local(child.tag) not in expected
            _hide(child, mask, secrets, hidden, inside=inside or stranger, security=security)
        if hides_text:
            child.tail = child.tail and _hide_text(child.tail, mask, secrets)


def _hide_text(text: str, mask: Mask, secrets: set[str]) -> str:
    if not text.strip():
        return text
    secrets.add(text.strip())
    return mask.replacement


def _mask_values(root: etree._Element, mask: Mask) -> None:
    """Mask every repetition of a known secret in texts and attributes."""
    # Most bodies repeat nothing: one pass over the joined texts is quicker than one over each element.
    texts = etree.tostring(root, method="text", encoding="unicode", with_tail=False)
    if not mask.repeats("\n".join((texts, *ATTRIBUTES(root)))):
        return
    for element in root.iter(etree.Element):
        for attribute, value in element.attrib.items():
            if mask.repeats(value):
                element.set(attribute, mask.text(value))
        element.text = element.text and mask.text(element.text)
        element.tail = element.tail and mask.text(element.tail)
