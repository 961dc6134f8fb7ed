"""
The arguments of a call, by name or by order, in literal or encoded style.

    <c:getProduct>                      <c:getProduct>
      <session>…</session>                <param0 href="#id1"/>
      <id>77</id>                         <param1 xsi:type="xsd:int">77</param1>
    </c:getProduct>                     </c:getProduct>
                                        <multiRef id="id1" soapenc:root="0"><sessionID>…</sessionID></multiRef>

Arguments are read one by one as `read` needs them, so that a long record stays unparsed until its caller is known.
"""

from lxml import etree

from records.shapes.problems import ProblemError, malformed_error, missing_problem
from records.shapes.values import quote_text
from webservices.wire.dialects.crm.methods import Method
from webservices.wire.messages import too_many_fields_problem
from webservices.wire.soap.envelope import Envelope
from webservices.wire.xml.nodes import Node

ABSENT = Node(etree.Element("absent"))  # compared by identity
ELEMENTS = etree.XPath("count(descendant::*)")


class Arguments:
    """The arguments of one call of a method."""

    def __init__(self, method: Method, envelope: Envelope):
        self.method = method
        self._envelope = envelope
        self._nodes = envelope.parameters()
        self._arguments: dict[str, Node] = {}  # by the name of the parameter, in the order of the message
        self._multi_refs: list[Node] = []  # the elements with an id that the encoding puts beside the method's
        self._nodes_by_id: dict[str, Node] | None = None
        self._followed = 0  # elements

    def node(self, name: str) -> Node:
        """Return the argument of a parameter; ABSENT when it was not sent, or is nil."""
        while name not in self._arguments and self._read_next():
            pass
        node = self.follow(self._arguments.get(name, ABSENT))
        return ABSENT if node.nil else node

    def text(self, name: str) -> str:
        """Return the text of a parameter, stripped; raises ProblemError when elements were sent instead."""
        node = self.node(name)
        if node.children:
            raise malformed_error(
                "wrong-shape", f"{self.method.name} takes a text as {name}, not {quote_text(node.children[0].name)}."
            )
        return node.text.strip()

    def require(self, name: str) -> str:
        """Return the text of a parameter that must be there; raises ProblemError when it is blank."""
        text = self.text(name)
        if not text:
            raise ProblemError(missing_problem((name,)))
        return text

    def read_rest(self) -> None:
        """Read the message to its end; raises ProblemError when that is malformed."""
        # Until here a stranger is held to the few elements of a header: only now may a record be long.
        self._envelope.allowance.begin_record()
        while self._read_next():
            pass

    def follow(self, node: Node) -> Node:
        """Return the element that a reference (`href="#id1"`) leads to, or the element itself if it is none."""
        reference = node.attributes.get("href", "")
        if not reference.startswith("#"):
            return node
        if self._nodes_by_id is None:
            self.read_rest()  # SOAP's encoding puts what is referred to behind the method's element
            self._nodes_by_id = _index_by_id([*self._arguments.values(), *self._multi_refs])
        if reference[1:] not in self._nodes_by_id:
            raise malformed_error(
                "reference", f"{node.name} refers to {quote_text(reference)}, which is not in the message."
            )
        found = self._nodes_by_id[reference[1:]]
        # A struct that many refer to is read once for each of them, so it counts each time.
        self._followed += 1 + int(ELEMENTS(found.element))
        if self._followed > self._envelope.allowance.record:
            raise ProblemError(too_many_fields_problem(1, self._envelope.allowance.record))
        return found

    def _read_next(self) -> bool:
        """Read one element more; False at the end of the message."""
        is_argument, node = next(self._nodes, (False, None))
        if node is not None and is_argument:
            self._arguments[self._find_parameter(node)] = node
        elif node is not None:
            self._multi_refs.append(node)
        return node is not None

    def _find_parameter(self, node: Node) -> str:
        """Return the parameter that an argument is for: by its name, else by its place."""
        names = [parameter.name for parameter in self.method.parameters]
        place = len(self._arguments)
        # PHP's SoapClient without a WSDL calls its arguments param0, param1 …
        name = node.name if node.name in names else names[place] if place < len(names) else ""
        if not name or name in self._arguments:
            accepted = ", ".join(names)
            raise malformed_error(
                "unknown-element", f"{self.method.name} takes {accepted}, not {quote_text(node.name)}."
            )
        return name


def _index_by_id(nodes: list[Node]) -> dict[str, Node]:
    found: dict[str, Node] = {}
    pending = [*nodes]
    while pending:
        node = pending.pop()
        if "id" in node.attributes:
            found[node.attributes["id"]] = node
        pending.extend(node.children)
    return found
