"""
Records cut out of a message as it was written: in XML, in JSON, and in a document that stands in an element as text.

    <Parts>                                       [{"number": "A"}, {"number": "B"}]
      <Part>A</Part>
      <Part>B</Part>          without the 1st     [ {"number": "B"}]
    </Parts>

No dialect says where its records lie. Every group of siblings that has as many members as the call had records may be
them; the caller reads the message without some of the members, and finds out whether they were.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field

from lxml import etree

from webservices.wire.contracts.pretty import JSON_TOKEN
from webservices.wire.xml.documents import InvalidXml, has_document_type, parse_document
from webservices.wire.xml.spans import Characters, Edit, Span, apply_edits, find_spans

MAX_GROUPS = 50  # each is read by its dialect


@dataclass(frozen=True)
class Group:
    """
    Siblings that may be records: their places in the text.

    separators  the places of what stands between two of them; none in XML
    """

    members: Sequence[Edit]
    separators: Sequence[Edit] = ()

    def remove(self, kept: Collection[int]) -> Iterator[Edit]:
        """Yield the edits that leave only the members with these indexes."""
        last = max(kept)
        for index, member in enumerate(self.members):
            if index in kept:
                continue
            yield member
            if self.separators:
                # The one behind it; where nothing is left behind it, the one before it.
                yield self.separators[index if index < last else index - 1]

    def map(self, map_edit: Callable[[Edit], Edit]) -> "Group":
        return Group([*map(map_edit, self.members)], [*map(map_edit, self.separators)])


def cut_records(
    text: str, media: str, kept: Collection[int], count: int, is_right: Callable[[str], bool]
) -> str | None:
    """
    Return the text with only those of its `count` records that have these indexes, all else as it was.

    is_right  reads a text and says whether it holds them and all else; None is returned when no cut is right
    """
    for number, group in enumerate(find_groups(text, media, count)):
        if number == MAX_GROUPS:
            break
        rest = apply_edits(text, group.remove(kept))
        if is_right(rest):
            return rest
    return None


def find_groups(text: str, media: str, count: int) -> Iterator[Group]:
    """Yield the groups of `count` siblings in a text of XML or JSON."""
    return (_find_in_json if media == "json" else _find_in_xml)(text, count)


def _find_in_xml(text: str, count: int) -> Iterator[Group]:
    try:
        root = parse_document(b"\xef\xbb\xbf" + text.encode("utf-8", "replace"))
    except InvalidXml:
        return
    if has_document_type(root):
        return
    spans = find_spans(text)
    places = dict(zip(root.iter(etree.Element), spans, strict=True))
    for parent, place in places.items():
        children = [*parent.iterchildren(tag=etree.Element)]
        groups: dict[str, list[Edit]] = {"": [Edit(places[child].begin, places[child].end) for child in children]}
        for child, edit in zip(children, groups[""], strict=True):
            groups.setdefault(str(child.tag), []).append(edit)
        yield from (Group(members) for members in groups.values() if len(members) == count)
        if not children and (start := (parent.text or "").lstrip()[:1]):
            yield from _find_in_characters(text, place, start, count)


def _find_in_characters(text: str, place: Span, start: str, count: int) -> Iterator[Group]:
    """Yield the groups of a document that stands in an element as text."""
    if start in ("<", "[", "{"):
        inner = Characters(text, place)
        blanks = len(inner.text) - len(inner.text.lstrip())
        found = find_groups(inner.text.lstrip(), "xml" if start == "<" else "json", count)
        for group in found:
            yield group.map(lambda edit: inner.map_edit(Edit(edit.begin + blanks, edit.end + blanks)))


@dataclass
class _List:
    """A list or an object of JSON that has not ended; of a list, its members so far and the commas between them."""

    is_list: bool
    begin: int = -1
    members: list[Edit] = field(default_factory=list)
    commas: list[Edit] = field(default_factory=list)

    def end_member(self, end: int) -> None:
        if self.is_list and self.begin >= 0:
            self.members.append(Edit(self.begin, end))
        self.begin = -1


def _find_in_json(text: str, count: int) -> Iterator[Group]:
    path: list[_List] = []
    end = 0
    for token in JSON_TOKEN.finditer(text):
        mark = token[0]
        if mark in ("]", "}"):
            if not path:
                return
            path[-1].end_member(end)
            closed = path.pop()
            if closed.is_list and len(closed.members) == count:
                yield Group(closed.members, closed.commas)
        elif mark == "," and path:
            path[-1].end_member(end)
            path[-1].commas.append(Edit(*token.span()))
        else:
            if path and path[-1].begin < 0:
                path[-1].begin = token.start()
            if mark in ("[", "{"):
                path.append(_List(mark == "["))
        end = token.end()
