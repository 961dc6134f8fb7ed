"""
The arguments of a call, by name or by order, in literal or encoded style.

    <c:getProduct>                      <c:getProduct>
      <session>…</session>                <param0 href="#id1"/>
      <id>77</id>                         <param1 xsi:type="xsd:int">77</param1>
    </c:getProduct>                     </c:getProduct>
                                        <multiRef id="id1" soapenc:root="0"><sessionID>…</sessionID></multiRef>

They are read as they are asked for, so that a long record waits until its caller is known.
"""

from lxml import etree

from records.shapes.problems import ProblemError, missing
from records.shapes.values import quoted
from webservices.wire.dialects.crm.methods import Method
from webservices.wire.soap.envelope import Envelope
from webservices.wire.xml.nodes import Node
from webservices.wire.xml.parsing import MAX_RECORD, refused

ABSENT = Node(etree.Element("absent"))


class Arguments:
    """The arguments of one call of a method."""

    def __init__(self, method: Method, envelope: Envelope):
        self.method = method
        self._envelope = envelope
        self._nodes = envelope.parameters()
        self._found: dict[str, Node] = {}
        self._beside: list[Node] = []
        self._by_id: dict[str, Node] | None = None

    def node(self, name: str) -> Node:
        """The argument of a parameter; ABSENT when it was not sent, or is nil."""
        while name not in self._found and self._read_next():
            pass
        node = self.follow(self._found.get(name, ABSENT))
        return ABSENT if node.nil else node

    def text(self, name: str) -> str:
        """The argument of a parameter that is a text; raises ProblemError when it is none."""
        node = self.node(name)
        if node.children:
            raise refused(
                "wrong-shape", f"{self.method.name} takes a text as {name}, not {quoted(node.children[0].name)}."
            )
        return node.text.strip()

    def needed(self, name: str) -> str:
        """The same; raises ProblemError when it is blank."""
        text = self.text(name)
        if not text:
            raise ProblemError(missing((name,)))
        return text

    def rest(self) -> None:
        """Read what was not asked for: it may be malformed. From here on a record may be long."""
        self._envelope.allowance.elements = MAX_RECORD
        while self._read_next():
            pass

    def follow(self, node: Node) -> Node:
        """The element that a reference leads to; any other element itself."""
        reference = node.attributes.get("href", "")
        if not reference.startswith("#"):
            return node
        if self._by_id is None:
            self.rest()
            self._by_id = _index([*self._found.values(), *self._beside])
        if reference[1:] not in self._by_id:
            raise refused("reference", f"{node.name} refers to {quoted(reference)}, which is not in the message.")
        return self._by_id[reference[1:]]

    def _read_next(self) -> bool:
        """Whether there was another element."""
        is_argument, node = next(self._nodes, (False, None))
        if node is not None and is_argument:
            self._found[self._name(node)] = node
        elif node is not None:
            self._beside.append(node)
        return node is not None

    def _name(self, node: Node) -> str:
        """The parameter that an argument is for: the one of its name, else the one of its place."""
        names = [parameter.name for parameter in self.method.parameters]
        place = len(self._found)
        name = node.name if node.name in names else names[place] if place < len(names) else ""
        if not name or name in self._found:
            taken = ", ".join(names)
            raise refused("unknown-element", f"{self.method.name} takes {taken}, not {quoted(node.name)}.")
        return name


def _index(nodes: list[Node]) -> dict[str, Node]:
    """All elements that have an id."""
    found: dict[str, Node] = {}
    waiting = [*nodes]
    while waiting:
        node = waiting.pop()
        if "id" in node.attributes:
            found[node.attributes["id"]] = node
        waiting.extend(node.children)
    return found
