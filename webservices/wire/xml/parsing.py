"""
The entrance of messages in XML: a body becomes a stream of steps, and the memory of what the reader has used is freed.

lxml builds the elements, chunk by chunk; the reader is given the outer ones as they start and end.

No document type, no entities, no network; comments and processing instructions are dropped before text is put
together, so that `PUMP<!-- -->-100` is `PUMP-100`. Bodies that are too deep or too wide are refused as they are read.
"""

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, cast

from lxml import etree

from records.shapes.problems import ProblemError, malformed_error
from records.shapes.values import quote_text
from webservices.wire.messages import DialectSettings
from webservices.wire.xml.documents import SAFE
from webservices.wire.xml.nodes import Node, local_name

MAX_DEPTH = 100
MAX_ATTRIBUTES = 200
MAX_HEADER = 20_000  # more elements than one chunk can hold, as a chunk is read before its reader can say anything
CHUNK = 1 << 16
PER_FIELD = 6  # elements and attributes: SOAP's encoding writes item, name, value, and the type of each
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
WIDE_ENCODINGS = {"UTF-16", "UTF-16LE", "UTF-16BE"}
# The root of most bodies, whose name comes at once, or after nothing but a declaration: no document type was before it.
PLAIN_ROOT = re.compile(
    rb"\s*+(?:<\?xml\s[^<>]{0,200}\?>\s*+)?<(?:[A-Za-z_][\w.-]*+:)?([A-Za-z_][\w.-]*+)[\s/>]", re.ASCII
)
END = b""  # fed as the last chunk
# A name of a namespace takes as much memory as an element, and no XPath counts them one by one.
DECLARATIONS = (b"xmlns", "xmlns".encode("utf-16-le").rstrip(b"\0"))
# In XPath, and so in C: a walk in Python over each chunk's elements would take longer than parsing them. None looks at
# more than what is new, else a record of many chunks would be looked at once for each of them.
ELEMENTS = etree.XPath("count(descendant::*) + count(following::*)")
ATTRIBUTES = etree.XPath("count(descendant-or-self::*/@*) + count(following::*/@*)")
WIDE = etree.XPath(
    "boolean(descendant-or-self::*[{0}]) or boolean(following::*[{0}])".format(f"@*[{MAX_ATTRIBUTES + 1}]")
)
INSIDE, BESIDE = (
    # By the depth of the element that they start at.
    [etree.XPath(f"boolean({axis}::*{'/*' * (MAX_DEPTH - depth + shift)})") for depth in range(MAX_DEPTH + 1)]
    for axis, shift in (("child", 0), ("following-sibling", 1))
)
TOO_DEEP = ("too-deep", f"The body has more than {MAX_DEPTH} levels.")
TOO_WIDE = ("too-many-attributes", f"An element has more than {MAX_ATTRIBUTES} attributes.")
TOO_MANY = ("too-many-elements", "The header, or a single record, has too many elements.")
TOO_MANY_IN_ALL = ("too-many-elements", "The body has more elements than all records of a call may have.")


Step = tuple[bool, Node, int]  # True: it starts, False: it ends; the element; its depth, the root has 1


@dataclass
class Allowance:
    """
    The number of elements that may still come before the reader frees some and raises it.

    An element of four bytes on the wire takes a hundred in memory; a stranger's header may not make use of that.
    Attributes and declared namespaces count like elements.

    record  elements that a record may have: it is found to have more once it is read
    total   elements that may still come: the parser remembers each name that it has met
    """

    elements: int = MAX_HEADER
    record: int = DialectSettings.fields_limit
    total: int = PER_FIELD * DialectSettings().values_limit

    @classmethod
    def for_site(cls, settings: DialectSettings) -> "Allowance":
        """Return the allowance of a message in a site's settings."""
        return cls(record=settings.fields_limit, total=PER_FIELD * settings.values_limit + MAX_HEADER)

    def begin_record(self) -> None:
        """Let a record come. What is read at once is counted before its reader can say where a record ends."""
        self.elements = self.record + MAX_HEADER


def parse(body: bytes, charset: str = "", allowance: Allowance | None = None, watched: int = WATCHED) -> Iterator[Step]:
    """
    Yield the starts and ends of the outer elements, as the body is read chunk by chunk.

    charset    of the HTTP header, for a body that declares no encoding itself
    allowance  of elements, raised by the reader as it goes; None: those of a header
    watched    the number of levels that the steps tell of

    Raise ProblemError for a body that is not well-formed or not allowed, after the steps that come before the fault.
    """
    encoding = _find_encoding(body, charset)
    tree = _Tree(allowance or Allowance(), watched)
    # An event for the root alone: lxml builds an object for each element that it tells of, and one is enough.
    parser = pull_parser(encoding, tag=_find_root_tag(body, encoding))
    for chunk in chain(_split(body), [END]):
        problem = _feed(parser, chunk)
        # Grow before raising: records before the fault were good, and their reader counts them in its answer.
        problem = tree.grow(parser, sum(map(chunk.count, DECLARATIONS))) or problem
        yield from tree.steps()
        if problem is not None:
            raise problem
    tree.whole = True
    yield from tree.steps()


def pull_parser(encoding: str | None, tag: str | None = None) -> etree.XMLPullParser:
    """
    Return a parser to be fed piece by piece; it tells the start of the elements that have this tag, or of all.

    Comments and processing instructions are dropped while it reads, so that the text around them is one text.
    """
    return etree.XMLPullParser(
        events=("start",), tag=tag, encoding=encoding, remove_comments=True, remove_pis=True, **SAFE
    )


def _split(body: bytes) -> Iterator[bytes]:
    return (body[start : start + CHUNK] for start in range(0, len(body), CHUNK))


def _feed(parser: etree.XMLPullParser, chunk: bytes) -> ProblemError | None:
    """Feed one chunk, or END; return what is wrong with it."""
    try:
        if chunk == END:
            parser.close()
        else:
            parser.feed(chunk)
    except etree.XMLSyntaxError as error:
        return _first_problem(parser) or _not_well_formed(error.code, *error.position)
    # lxml raises nothing for an undeclared prefix in a pull parser; its log has it all the same.
    return _first_problem(parser)


class _PrologTarget:
    """The target of a parser up to the root: a document type stops it, before an entity in it comes to exist."""

    root: str | None = None

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        raise malformed_error("document-type", "The body has a document type; they are not read here.")

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.root = tag
        raise _RootReached

    def close(self) -> None:
        """Do nothing; lxml demands the method."""


class _RootReached(Exception):
    """The root has been reached."""


def _find_root_tag(body: bytes, encoding: str) -> str | None:
    """Return the root's tag in any namespace, None without a root; raise ProblemError for a document type."""
    if encoding not in WIDE_ENCODINGS and (root := PLAIN_ROOT.match(body)):
        return "{*}" + root[1].decode()
    # A parser of its own, with a target: it tells of a document type before libxml2 has read the entities inside, and
    # it is left at the root, which costs one chunk at most.
    target = _PrologTarget()
    # lxml asks a target which methods it has; its stubs demand them all.
    parser = etree.XMLParser(target=cast(Any, target), encoding=encoding, **SAFE)
    try:
        for chunk in _split(body):
            parser.feed(chunk)
    except (_RootReached, etree.XMLSyntaxError):
        pass  # what is wrong with it, the next parser says with its place
    return target.root and "{*}" + local_name(target.root)


class _Tree:
    """
    The elements that were read and are not freed yet; it grows chunk by chunk, behind its last element.

    last     the last element of the chunks so far: what is new will be in it or follow it
    watched  the lowest level whose elements are steps of their own
    whole    nothing more will come
    """

    def __init__(self, allowance: Allowance, watched: int):
        self.allowance = allowance
        self.watched = watched
        self.last: etree._Element | None = None
        self.whole = False
        self._walk: Iterator[Step | None] = iter(())

    def grow(self, parser: etree.XMLPullParser, declarations: int) -> ProblemError | None:
        """Take over what the parser has read, with the namespaces declared there; return what is too much."""
        for _, element in parser.read_events():
            if self.last is None:
                self.last = element
                self.allowance.elements -= 1
                self._walk = self._outer(element)
        if self.last is None:
            return None
        attributes = int(ATTRIBUTES(self.last))
        new = int(ELEMENTS(self.last)) + attributes + declarations
        self.allowance.elements -= new
        self.allowance.total -= new
        excess = None
        if _is_too_deep(self.last):
            excess = TOO_DEEP
        elif attributes > MAX_ATTRIBUTES and WIDE(self.last):
            excess = TOO_WIDE
        elif self.allowance.elements < 0:
            excess = TOO_MANY
        elif self.allowance.total < 0:
            excess = TOO_MANY_IN_ALL
        # Down the last children from the root: the last element may have been freed by the reader, with its record.
        self.last = self.last.getroottree().getroot()
        while (child := next(self.last.iterchildren(reversed=True), None)) is not None:
            self.last = child
        return malformed_error(*excess) if excess else None

    def steps(self) -> Iterator[Step]:
        """Yield the steps that are known by now."""
        # The walk yields None where it must wait for more; it is the same walk that goes on after the next chunk.
        return iter(self._walk.__next__, None)

    def _outer(self, root: etree._Element) -> Iterator[Step | None]:
        """Yield the steps from the root on; None: to know the next one, more must be read."""
        path = [Node(root)]
        latest: list[etree._Element | None] = [
            None
        ]  # by depth: the element that has not ended, the child that was given last
        yield True, path[0], 1
        while path:
            element, child = path[-1].element, latest[-1]
            following = None
            if len(path) < self.watched:  # asking for the number of children would count them each time
                following = next(element.iterchildren(), None) if child is None else child.getnext()
            if following is not None:
                latest[-1] = following
                path.append(Node(following))
                latest.append(None)
                yield True, path[-1], len(path)
            elif self._has_ended(element):
                latest.pop()
                yield False, path.pop(), len(path) + 1
            else:
                yield None

    def _has_ended(self, element: etree._Element | None) -> bool:
        """True if something follows the element, or an element around it: libxml2 tells no end of its own accord."""
        while element is not None:
            if element.getnext() is not None:
                return True
            element = element.getparent()
        return self.whole


def _is_too_deep(last: etree._Element) -> bool:
    """True if an element that is new behind this one, or in it, lies too deep."""
    path = [last, *last.iterancestors()]
    depth = len(path)
    return bool(INSIDE[depth](last)) or any(
        BESIDE[depth - above](element) for above, element in enumerate(path) if element.getnext() is not None
    )


def _first_problem(parser: etree.XMLPullParser) -> ProblemError | None:
    errors = (entry for entry in parser.feed_error_log if entry.level >= etree.ErrorLevels.ERROR)
    return next((_not_well_formed(entry.type, entry.line, entry.column) for entry in errors), None)


def _not_well_formed(code: int, line: int, column: int) -> ProblemError:
    """
    Return the error of a body that is not well-formed: the parser's reason by its name and place.

    The parser's own sentence quotes the body, where a badly escaped password may have become a name.
    """
    name = ERROR_NAMES.get(code, "ERR_DOCUMENT_END")
    reason = re.sub(r"^(NS_)?(ERR|WAR)_", "", name).replace("_", " ").lower()
    return malformed_error("malformed", f"The body is not well-formed XML: {reason} at line {line}, column {column}.")


def _find_encoding(body: bytes, charset: str) -> str:
    """Return the parser's encoding: a byte order mark goes before the declaration, that before the HTTP header."""
    for start, encoding in STARTS.items():
        if body.startswith(start):
            return encoding
    declared = DECLARED.match(body)
    name = declared[1].decode() if declared else charset or "UTF-8"
    try:
        return ENCODINGS[codecs.lookup(name).name]
    except (LookupError, ValueError):
        raise malformed_error(
            "encoding", f"The encoding {quote_text(name)} is not read here; UTF-8 and UTF-16 are."
        ) from None
