"""
The one writer of XML: text is escaped exactly once, because what is XML already says so by its type.

    element("bm:price", element("bm:USD", "250.00"))    <bm:price><bm:USD>250.00</bm:USD></bm:price>
    element("bm:notes", "a < b")                        <bm:notes>a &lt; b</bm:notes>
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from lxml import etree

from webservices.wire.xml.documents import parse_document

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
# A carriage return too: parsers read a bare one as a line feed. And `>`, since `]]>` may not stand in text.
ESCAPED = re.compile('[&<>"\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]')
ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"}
MARKS = '&<>"'
NOT_XML = "\ufffd"  # for a character that XML cannot carry: an answer that no parser reads would hide the record's key


class Markup(str):
    """Text that is XML already."""

    __slots__ = ()


NOTHING = Markup("")


def _escape_one(found: re.Match[str]) -> str:
    return ESCAPES.get(found[0], NOT_XML)


def escape(text: str) -> str:
    """Escape a text as element content or attribute value."""
    return ESCAPED.sub(_escape_one, text) if ESCAPED.search(text) else text


def escape_column(texts: Sequence[str | None]) -> Sequence[str | None]:
    """Escape many texts; None where there is none."""
    # All at once, as most need nothing. What must be escaped besides the marks is not printable, and to ask for that
    # takes a tenth of the time of a search.
    joined = "".join(filter(None, texts))
    if joined.isprintable() and not any(mark in joined for mark in MARKS):
        return texts
    return [text and escape(text) for text in texts]


def join(parts: Iterable[str]) -> Markup:
    """Join parts of content; what is not Markup is escaped."""
    return Markup("".join(part if isinstance(part, Markup) else escape(part) for part in parts))


def element(name: str, *content: str, attributes: Mapping[str, str] | None = None) -> Markup:
    """Return an element with its content: text is escaped, Markup is not; without content it is `<name/>`."""
    start = _start(name, attributes)
    inner = join(content)
    return Markup(f"<{start}>{inner}</{name}>" if inner else f"<{start}/>")


def element_texts(name: str, content: Iterable[str], attributes: Mapping[str, str] | None = None) -> Iterator[Markup]:
    """Yield the texts of an element, one by one, as its content comes."""
    start, empty = _start(name, attributes), True
    for part in (join([part]) for part in content):
        if part and empty:
            empty = False
            yield Markup(f"<{start}>")
        yield part
    yield Markup(f"<{start}/>" if empty else f"</{name}>")


def _start(name: str, attributes: Mapping[str, str] | None) -> str:
    start = name
    for attribute, value in (attributes or {}).items():
        start += f' {attribute}="{escape_attribute(value)}"'
    return start


def escape_attribute(value: str) -> str:
    """Escape an attribute value; a parser keeps its white space only as references."""
    return escape(value).replace("\n", "&#10;").replace("\t", "&#9;")


def document(root: Markup) -> bytes:
    """Return a whole document in UTF-8."""
    return (DECLARATION + root).encode()


def document_texts(root: Iterable[Markup]) -> Iterator[str]:
    """Yield the texts of a whole document."""
    yield DECLARATION
    yield from root


def pretty_document(root: Markup) -> bytes:
    """Return a whole document, indented for people: for contracts, whose white space between elements means nothing."""
    tree = parse_document(root.encode())
    etree.indent(tree, "  ")
    return etree.tostring(tree, encoding="UTF-8", xml_declaration=True) + b"\n"
