"""
Nodes: the elements that a reader of XML is given, by their local names.
"""

from collections.abc import Iterator, Mapping
from typing import cast

from lxml import etree

from webservices.wire.xml.namespaces import NIL


class Node:
    """
    One element, seen through the parser's own: local name, namespace, attributes by `{namespace}name`, children, and
    its text if it has no children.

    Text and children are whole only when the element has ended.
    """

    __slots__ = ("element", "name")

    def __init__(self, element: etree._Element):
        self.element = element
        self.name = local_name(str(element.tag))

    @property
    def namespace(self) -> str:
        tag = str(self.element.tag)
        return tag[1 : tag.rindex("}")] if tag[0] == "{" else ""

    @property
    def attributes(self) -> Mapping[str, str]:
        return cast(Mapping[str, str], self.element.attrib)  # it is one; the stubs know no common base

    @property
    def children(self) -> "list[Node]":
        return list(map(Node, self.element))

    @property
    def sent_children(self) -> "list[Node]":
        """The children without those that are nil; see `sent_children`."""
        return list(map(Node, sent_children(self.element)))

    @property
    def text(self) -> str:
        return "" if len(self.element) else self.element.text or ""

    @property
    def nil(self) -> bool:
        return is_nil(self.element)

    def child(self, name: str) -> "Node | None":
        """The first child of that local name."""
        return next((child for child in self.children if child.name == name), None)

    def forget_earlier(self) -> None:
        """Free the elements before this one; the parser, which still writes behind them, needs the last alone."""
        parent = self.element.getparent()
        while parent is not None and (earlier := self.element.getprevious()) is not None:
            parent.remove(earlier)


def local_name(tag: str) -> str:
    """The name without namespace, and without the prefix that is left of one that nobody declared."""
    return tag.rpartition("}")[2].rpartition(":")[2]


def sent_children(element: etree._Element) -> Iterator[etree._Element]:
    """Yield the elements inside, without those that are nil: generated classes write nil for all that nobody set."""
    # `keys()` first: most elements have no attribute, and to look one up by name costs more than to see that.
    return (child for child in element if not (child.keys() and is_nil(child)))


def is_nil(element: etree._Element) -> bool:
    return element.get(NIL) in ("true", "1")
