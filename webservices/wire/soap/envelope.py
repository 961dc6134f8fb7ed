"""
Envelopes: the header first, then the operation, then its records as a stream.

    <soapenv:Envelope>
      <soapenv:Header>…</soapenv:Header>
      <soapenv:Body>
        <bm:addParts>               the operation: the Body's only child
          <bm:Parts>                a wrapper
            <bm:each_record>…       level 2 below the operation
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from records.shapes.problems import Family, Problem, ProblemError, malformed_error
from records.shapes.values import quote_text
from webservices.wire.messages import DialectSettings
from webservices.wire.soap.versions import VERSIONS, SoapVersion, version_announced
from webservices.wire.xml.nodes import Node
from webservices.wire.xml.parsing import WATCHED, Allowance, Step, parse
from webservices.wire.xml.writing import NOTHING, Markup, document, document_texts, element, element_texts

USUAL_SETTINGS = DialectSettings()
VERSION_MISMATCH = "version-mismatch"
MUST_UNDERSTAND = "must-understand"
PARAMETER = re.compile(r';\s*([A-Za-z-]{1,40})\s*=\s*(?:"([^"]*)"|([^;\s]*))')


class Envelope:
    """
    A message that is being read: after `open`, its header blocks and its operation are known, and nothing more is read.

    version    what the content type announces until the root element says it
    allowance  of elements, raised by the reader as it goes
    watched    the number of levels that `content` tells of, counted from the root
    settings   of the site, for its limits
    """

    def __init__(
        self, body: bytes, content_type: str = "", watched: int = WATCHED, settings: DialectSettings = USUAL_SETTINGS
    ):
        media = parameters(content_type)
        self.version = version_announced(content_type)
        # SOAP 1.2 has no header SOAPAction: the action is a parameter of the media type.
        self.action = media.get("action", "")
        self.blocks: list[Node] = []
        self._operation: Node | None = None
        self.allowance = Allowance.for_site(settings)
        self._body = body
        self._steps = parse(body, media.get("charset", ""), self.allowance, watched)

    @property
    def operation(self) -> Node:
        """The operation's element; known once the envelope is open."""
        if self._operation is None:
            raise RuntimeError("The envelope is not open.")
        return self._operation

    def open(self) -> None:
        """Read up to the operation; raise ProblemError for what is not an envelope with one."""
        if not self._body.strip():
            raise malformed_error("empty-body", "The request has no body.")
        _, root, _ = next(self._steps)
        self.version = _find_version(root)
        for starts, node, depth in self._steps:
            if depth == 2 and starts:
                if node.name == "Body" and node.namespace == root.namespace:
                    break
                if node.name != "Header" or node.namespace != root.namespace:
                    raise malformed_error(
                        "envelope", f"An Envelope holds a Header and a Body, not {quote_text(node.name)}."
                    )
            elif depth == 3 and not starts:
                self.blocks.append(node)
        else:
            raise malformed_error("empty-body", "The Envelope has no Body.")
        starts, node, _ = next(self._steps)
        if not starts:
            raise malformed_error("empty-body", "The Body is empty: it has no operation.")
        self._operation = node

    def check_understood(self, understood: Callable[[Node], bool]) -> None:
        """Refuse a header block that must be understood and is not; its name is the problem's path."""
        for block in self.blocks:
            namespace = self.version.namespace
            # A block for another actor is none of ours, however much it must be understood.
            must = block.attributes.get(f"{{{namespace}}}mustUnderstand", "").strip() in ("1", "true")
            actor = block.attributes.get(f"{{{namespace}}}{self.version.actor}", "").strip()
            if must and actor in self.version.ours and not understood(block):
                sentence = f"The header block {quote_text(block.name)} must be understood and is not known here."
                name = (block.namespace, block.name)
                raise ProblemError(Problem(MUST_UNDERSTAND, Family.MALFORMED, sentence, name))

    def leading_children(self, names: Collection[str]) -> list[Node]:
        """
        The complete children of the operation that come before the first that is not called so.

        Nothing of what follows is read; what a stranger sends here is held to the allowance of a header.
        """
        found = []
        for starts, node, depth in self._steps:
            if (depth == 4 and starts and node.name not in names) or depth < 4:
                break
            if depth == 4 and not starts:
                found.append(node)
        return found

    def records(self, level: int, wrappers: Collection[str] = ()) -> Iterator[Node]:
        """
        The complete elements `level` below the operation, read as they are asked for; 1 and 2 are levels.

        wrappers  the names that what is above them may have
        """
        deep = 3 + level
        # From here on it counts one record at a time, since each is freed before the next.
        self.allowance.begin_record()
        for starts, node, depth in self._steps:
            if depth == deep and not starts:
                node.forget_earlier()
                yield node
                self.allowance.begin_record()
            elif depth < deep and starts:
                _check_end(node, depth)
                if node.name not in wrappers:
                    expected = " or ".join(wrappers)
                    raise malformed_error(
                        "unknown-element", f"{self.operation.name} holds {expected}, not {quote_text(node.name)}."
                    )
                node.forget_earlier()

    def content(self) -> Iterator[Step]:
        """The content of the operation, step by step: its children have depth 1. The reader frees what it has read."""
        for starts, node, depth in self._steps:
            if depth > 3:
                yield starts, node, depth - 3
            elif starts:
                _check_end(node, depth)

    def parameters(self) -> Iterator[tuple[bool, Node]]:
        """
        The parameters of an operation in rpc style: its children, complete, each with True.

        Then, with False, what the encoding of SOAP 1.1 puts beside it: elements with an `id`, to which others refer.
        """
        of_operation = True
        for starts, node, depth in self._steps:
            if depth == 4 and not starts and of_operation:
                yield True, node
            elif depth == 3 and not starts:
                if node is not self.operation:
                    yield False, node
                of_operation = False
            elif starts and depth < 4 and (depth < 3 or "id" not in node.attributes):
                _check_end(node, depth)

    def check_action(self, headers: Mapping[str, str], known: Collection[str]) -> None:
        """
        Refuse a SOAPAction that names another operation of this address than the Body has; any other is ignored.

        headers  of HTTP, by lower-case name
        known    the operations of this address
        """
        for action in (headers.get("soapaction", ""), self.action):
            named = operation_in_action(action)
            if named in known and named != self.operation.name:
                text = f"SOAPAction names {named}, but the Body holds {self.operation.name}."
                raise ProblemError(Problem("unknown-operation", Family.UNKNOWN_OPERATION, text))


def _check_end(node: Node, depth: int) -> None:
    """Refuse what starts after the operation's element, in the Body or after it."""
    if depth == 3:
        raise malformed_error("two-operations", f"The Body has a second operation, {quote_text(node.name)}.")
    if depth == 2:
        raise malformed_error("envelope", f"After the Body comes nothing, not {quote_text(node.name)}.")


def parameters(content_type: str) -> dict[str, str]:
    """The parameters of a media type, by lower-case name: `charset`, and in SOAP 1.2 `action`."""
    return {name.lower(): quoted_text or text for name, quoted_text, text in PARAMETER.findall(content_type)}


def _find_version(root: Node) -> SoapVersion:
    if root.name != "Envelope":
        raise malformed_error("not-soap", f"The body is not a SOAP envelope: its root is {quote_text(root.name)}.")
    if root.namespace not in VERSIONS:
        sentence = (
            "The envelope is of neither SOAP 1.1 nor SOAP 1.2: its namespace is " + quote_text(root.namespace) + "."
        )
        raise ProblemError(Problem(VERSION_MISMATCH, Family.MALFORMED, sentence))
    return VERSIONS[root.namespace]


def operation_in_action(soap_action: str) -> str:
    """
    The last segment of a SOAPAction: what follows its last `/`, `#` or `method=`.

    `"urn:soap.bigmachines.com#login"` names `login`.
    """
    action = soap_action.strip().strip("\"'").strip()
    for separator in ("/", "#", "method="):
        action = action.rpartition(separator)[2]
    return action


def write_envelope(body: Markup, version: SoapVersion, header: Markup = NOTHING) -> bytes:
    """The envelope around a Body's content; always with the prefix `soapenv`."""
    parts = [element("soapenv:Header", header)] if header else []
    parts.append(element("soapenv:Body", body))
    return document(element("soapenv:Envelope", *parts, attributes={"xmlns:soapenv": version.namespace}))


def envelope_texts(body: Iterable[Markup], version: SoapVersion) -> Iterator[str]:
    """The envelope around a Body's content that comes bit by bit."""
    attributes = {"xmlns:soapenv": version.namespace}
    return document_texts(element_texts("soapenv:Envelope", element_texts("soapenv:Body", body), attributes))
