"""
The places of elements in a text of XML: what is changed or cut out there leaves all else as it was written.

    <a x='1'><!-- why --><b>1</b>,<c/></a>
             ^inside     ^text_end  ^outside

The text must have been read before by the entrance of XML: well-formed, without a document type.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from webservices.wire.xml.writing import escape

# In XML that is well-formed no `<` stands in a value, but a `>` may.
MARKUP = re.compile(
    r"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>"
    r"|<(?P<end>/?)(?P<name>[^\s/>]+)(?P<attributes>[^<>\"']*(?:(?:\"[^\"]*\"|'[^']*')[^<>\"']*)*)>",
    re.DOTALL,
)
ATTRIBUTE = re.compile(r"([^\s=/]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
DECLARATION = re.compile(r"\ufeff?<\?xml\s")
CHARACTER = re.compile(r"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[|\]\]>|&(?P<entity>[^;]*);|\r\n?|.", re.DOTALL)
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}


class Edit(NamedTuple):
    """A piece of a text, from its first character to before its last, and what stands there instead."""

    begin: int
    end: int
    text: str = ""


@dataclass(slots=True)
class Span:
    """
    The place of an element.

    begin, end       of the whole element
    inside, outside  of its content; the same where it has none
    text_end         the end of the text before its first child
    tail_end         the end of the text behind the element
    """

    begin: int
    inside: int
    text_end: int = -1
    outside: int = -1
    end: int = -1
    tail_end: int = -1


def find_spans(text: str) -> list[Span]:
    """Return the place of each element, in the order in which they start, which is lxml's order of `iter`."""
    spans: list[Span] = []
    path: list[Span] = []
    ended: Span | None = None  # the element whose tail is read
    for markup in MARKUP.finditer(text):
        if markup["name"] is None:
            continue
        begin, end = markup.span()
        if ended is not None:
            ended.tail_end = begin
        elif path:
            path[-1].text_end = begin
        if markup["end"]:
            ended = path.pop()
            ended.outside, ended.end = begin, end
            continue
        spans.append(Span(begin, end))
        path.append(spans[-1])
        ended = None
        if text[end - 2] == "/":
            ended = path.pop()
            ended.text_end = ended.outside = ended.end = end
    if ended is not None:
        ended.tail_end = len(text)
    return spans


def find_remarks(text: str) -> Iterator[Edit]:
    """Yield each comment and processing instruction with its markup and its place; the XML declaration is none."""
    start = 0 if DECLARATION.match(text) is None else text.index("?>") + 2
    if text.find("<!--", start) < 0 and text.find("<?", start) < 0:
        return
    for markup in MARKUP.finditer(text, start):
        if markup["name"] is None and not markup[0].startswith("<!["):
            yield Edit(*markup.span(), markup[0])


def replace_text(text: str, span: Span, value: str) -> Edit:
    """Return the edit that gives an element this text, in the place of that before its first child."""
    if span.inside != span.end:
        return Edit(span.inside, span.text_end, escape(value))
    start = text[span.begin : span.end]
    name = re.match(r"<([^\s/>]+)", start)
    assert name is not None
    return Edit(span.begin, span.end, f"{start[:-2]}>{escape(value)}</{name[1]}>")


def replace_content(text: str, span: Span, value: str) -> Edit:
    """Return the edit that gives an element this text and nothing else."""
    edit = replace_text(text, span, value)
    return edit if span.inside == span.end else edit._replace(end=span.outside)


def replace_attributes(text: str, span: Span, values: Sequence[str | None]) -> Iterator[Edit]:
    """Yield the edits of an element's attributes, without its namespaces; None: the attribute stays as it is."""
    written = (
        found
        for found in ATTRIBUTE.finditer(text, span.begin, span.inside)
        if found[1] != "xmlns" and not found[1].startswith("xmlns:")
    )
    for found, value in zip(written, values, strict=True):
        if value is not None:
            yield Edit(found.start(2) + 1, found.end(2) - 1, escape(value).replace("'", "&apos;"))


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Return the text with its edits, which may touch but not overlap; one inside another's place is left out."""
    parts, position = [], 0
    for edit in sorted(edits, key=lambda each: (each.begin, -each.end)):
        if edit.begin >= position:
            parts += [text[position : edit.begin], edit.text]
            position = edit.end
    return "".join([*parts, text[position:]])


class Characters:
    """
    The characters of an element without children, as a reader gets them, and where each of them was written.

    text  with entities replaced, comments dropped, and line ends as XML has them
    """

    def __init__(self, source: str, span: Span):
        self._begins: list[int] = []
        self._ends: list[int] = []
        self._literal: list[bool] = []
        found: list[str] = []
        literal = False
        position = span.inside
        while position < span.outside:
            piece = CHARACTER.match(source, position, span.outside)
            assert piece is not None  # the last branch matches any character
            position, is_mark = piece.end(), len(piece[0]) > 1 and piece[0] != "\r\n"
            if literal and is_mark and piece[0] != "]]>":
                # In CDATA neither a comment nor an entity is one: its first character stands for itself.
                position, is_mark = piece.start() + 1, False
            if is_mark and not piece["entity"]:
                literal = {"<![CDATA[": True, "]]>": False}.get(piece[0], literal)
                continue
            found.append(_read_character(piece, literal))
            self._begins.append(piece.start())
            self._ends.append(position)
            self._literal.append(literal)
        self.text = "".join(found)

    def map_edit(self, edit: Edit) -> Edit:
        """Return the same edit in the text around it."""
        begin = self._begins[edit.begin]
        return Edit(
            begin,
            self._ends[edit.end - 1] if edit.end > edit.begin else begin,
            edit.text if self._literal[edit.begin] else escape(edit.text),
        )


def _read_character(piece: re.Match[str], literal: bool) -> str:
    entity = piece["entity"]
    if literal or not entity:
        return "\n" if piece[0].startswith("\r") else piece[0][0]
    if entity.startswith("#"):
        return chr(int(entity[2:], 16) if entity[1] in "xX" else int(entity[1:]))
    return NAMED[entity]


def shift_edits(edits: Iterable[Edit], offset: int) -> Iterator[Edit]:
    """Yield the edits of a part of a text as those of the whole."""
    return (Edit(edit.begin + offset, edit.end + offset, edit.text) for edit in edits)
