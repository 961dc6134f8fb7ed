"""
The one entrance of XML: a body becomes a stream of steps, and nothing is kept that the reader lets go.

No document type, no entities, no network; comments and processing instructions are dropped before text is put
together, so that `PUMP<!-- -->-100` is `PUMP-100`. Bodies that are too deep or too wide are refused as they are read.
"""

import codecs
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from records.shapes.problems import Family, Problem, Refused
from records.shapes.values import quoted

MAX_DEPTH = 100
MAX_ATTRIBUTES = 200
MAX_HEADER = 20_000  # more elements than one piece can hold, as a piece is read before its reader can say anything
MAX_RECORD = 1_000_000
CHUNK = 1 << 16
WATCHED = 5  # Envelope, Body, operation, wrapper, record: what lies deeper comes complete with its record

ENCODINGS = {"utf-8": "UTF-8", "utf-16": "UTF-16", "iso8859-1": "ISO-8859-1", "ascii": "ASCII", "cp1252": "CP1252"}
DECLARED = re.compile(rb"""\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
STARTS = {
    codecs.BOM_UTF8: "UTF-8",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
    b"<\0": "UTF-16LE",
    b"\0<": "UTF-16BE",
}
ERROR_NAMES = {code: name for name, code in vars(etree.ErrorTypes).items() if isinstance(code, int)}
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"


class Node:
    """
    One element: local name, namespace, attributes by `{namespace}name`, children, and its text if it has no children.

    Text is whole only when the element has ended.
    """

    __slots__ = ("attributes", "children", "name", "namespace", "text")

    def __init__(self, namespace: str, name: str, attributes: Mapping[str, str]):
        self.namespace = namespace
        self.name = name
        self.attributes = attributes
        self.children: Sequence[Node] = ()
        self.text = ""

    @property
    def nil(self) -> bool:
        return self.attributes.get(NIL) in ("true", "1")

    def child(self, name: str) -> "Node | None":
        """The first child of that local name."""
        return next((child for child in self.children if child.name == name), None)


Step = tuple[bool, Node, int]  # whether it starts (else it ends), the element, its depth: the root has 1


@dataclass
class Allowance:
    """
    How many more elements may come before the reader lets some go and allows for more.

    A few bytes on the wire are a hundred in memory; a stranger's header may not make use of that.
    """

    elements: int = MAX_HEADER


class _Builder:
    """What lxml calls while it reads; collects nodes and steps."""

    def __init__(self, allowance: Allowance, watched: int):
        self.allowance = allowance
        self.watched = watched
        self.path: list[Node] = []
        self.names: dict[str, tuple[str, str]] = {}
        self.steps: list[Step] = []
        self.texts: list[str] = []
        self.data = self.texts.append  # a piece of text, one call less for each

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        raise refused("document-type", "The body has a document type; they are not read here.")

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        names = self.names.get(tag)
        if names is None:
            namespace, _, name = tag.rpartition("}")
            names = self.names[tag] = (namespace[1:], name)
        node = Node(*names, attributes)
        path = self.path
        if path:
            parent = path[-1]
            if parent.children:
                parent.children.append(node)
            else:
                parent.children = [node]
        path.append(node)
        self.allowance.elements -= 1
        if self.allowance.elements < 0:
            raise refused("too-many-elements", "The header, or a single record, has too many elements.")
        depth = len(path)
        if depth > MAX_DEPTH:
            raise refused("too-deep", f"The body has more than {MAX_DEPTH} levels.")
        if len(attributes) > MAX_ATTRIBUTES:
            raise refused("too-many-attributes", f"An element has more than {MAX_ATTRIBUTES} attributes.")
        if self.texts:
            self.texts.clear()
        if depth <= self.watched:
            self.steps.append((True, node, depth))

    def end(self, tag: str) -> None:
        depth = len(self.path)
        node = self.path.pop()
        if self.texts:
            if not node.children:
                node.text = "".join(self.texts)
            self.texts.clear()
        if depth <= self.watched:
            self.steps.append((False, node, depth))

    def close(self) -> None:
        """Nothing: the steps have been taken."""

    def taken(self) -> list[Step]:
        steps, self.steps = self.steps, []
        return steps


def parse(body: bytes, charset: str = "", allowance: Allowance | None = None, watched: int = WATCHED) -> Iterator[Step]:
    """
    The starts and ends of the outer elements, as the body is read piece by piece.

    charset    of the HTTP header, for a body that declares no encoding itself
    allowance  of elements, raised by the reader as it goes; None: those of a record
    watched    how many levels the steps tell of

    Raises Refused for a body that is not well-formed or not allowed; what comes before the fault is given first.
    """
    builder = _Builder(allowance or Allowance(MAX_RECORD), watched)
    parser = etree.XMLParser(
        target=builder, encoding=_encoding(body, charset), resolve_entities=False, no_network=True, huge_tree=False,
        load_dtd=False, dtd_validation=False,
    )  # fmt: skip
    problem = None
    try:
        for start in range(0, len(body), CHUNK):
            parser.feed(body[start : start + CHUNK])
            if first := _first_error(parser):  # such as an undeclared prefix, which lxml lets pass here
                raise _malformed(first.type, first.line, first.column)
            yield from builder.taken()
        parser.close()
    except Refused as too_much:
        problem = too_much
    except etree.XMLSyntaxError as error:
        first = _first_error(parser)
        problem = _malformed(first.type, first.line, first.column) if first else _malformed(error.code, *error.position)
    yield from builder.taken()
    if problem is not None:
        raise problem


def _first_error(parser: etree.XMLParser) -> etree._LogEntry | None:
    return next((entry for entry in parser.feed_error_log if entry.level >= etree.ErrorLevels.ERROR), None)


def refused(code: str, sentence: str) -> Refused:
    """A refusal of the whole message."""
    return Refused(Problem(code, Family.MALFORMED, sentence))


def _malformed(code: int, line: int, column: int) -> Refused:
    """
    The parser's reason by its name and place.

    The parser's own sentence quotes the body, where a badly escaped password may have become a name.
    """
    name = ERROR_NAMES.get(code, "ERR_DOCUMENT_END")
    reason = re.sub(r"^(NS_)?(ERR|WAR)_", "", name).replace("_", " ").lower()
    return refused("malformed", f"The body is not well-formed XML: {reason} at line {line}, column {column}.")


def _encoding(body: bytes, charset: str) -> str:
    """The encoding for the parser: a byte order mark goes before the declaration, that before the HTTP header."""
    for start, encoding in STARTS.items():
        if body.startswith(start):
            return encoding
    declared = DECLARED.match(body)
    name = declared[1].decode() if declared else charset or "UTF-8"
    try:
        return ENCODINGS[codecs.lookup(name).name]
    except (LookupError, ValueError):
        raise refused("encoding", f"The encoding {quoted(name)} is not read here; UTF-8 and UTF-16 are.") from None
