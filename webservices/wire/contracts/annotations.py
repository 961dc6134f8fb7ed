"""
Comments in a message: what each field is, before the element or the member that carries it.

    <!-- optional: text, at most 50 characters. -->             // optional: text, at most 50 characters.
    <bm:part_display_number>P100</bm:part_display_number>       "display_number": "P100",

A field is known by its name on the wire; what is inside a field (languages, currencies) is not looked at again, but
of rows the first one is explained. Of several records the first is.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree

from webservices.wire.xml.documents import parse_document

Comments = Mapping[str, str]


@dataclass(frozen=True)
class MessageComments:
    """
    The comments of a message.

    comments  of each field
    notes     lines at its beginning: what this message is
    rest      lines at the end of each record: what it does not send
    rows      of a field that holds rows, the comments of the first of them
    """

    comments: Comments
    notes: Sequence[str] = ()
    rest: Sequence[str] = ()
    rows: Mapping[str, "MessageComments"] = field(default_factory=dict)


# Strings come first: `//` within one is no comment.
_TOKENS = re.compile(r'"(?:[^"\\\n]|\\.)*"?|//[^\n]*|[^"/]+|/')


def strip_comments(text: str) -> str:
    """
    JSON without its `//` comments; lines keep their numbers, and `//` inside a string stays.

    A string ends with its line, as JSON has it, so a forgotten quote swallows no more than that.
    """
    bare = "".join(token for token in _TOKENS.findall(text) if not token.startswith("//"))
    return "\n".join(line.rstrip() for line in bare.split("\n")) if bare.strip() else ""


# CDATA comes first: `<!--` within it is text.
_XML_COMMENTS = re.compile(
    r"(?P<kept><!\[CDATA\[.*?\]\]>)|^[ \t]*<!--.*?-->[ \t]*\n|<!--.*?-->", re.DOTALL | re.MULTILINE
)
_JSON_COMMENTS = re.compile(r"^[ \t]*//[^\n]*(\n|\Z)", re.MULTILINE)


def remove_comments(text: str, media: str) -> str:
    """The text, which need not be well-formed, without comments and the lines that they leave empty."""
    text = text.replace("\r\n", "\n")
    if media == "xml":
        return _XML_COMMENTS.sub(lambda found: found["kept"] or "", text)
    return strip_comments(_JSON_COMMENTS.sub("", text))


def join_comments(lines: Iterable[str]) -> str:
    """Lines of JSON comment."""
    return "".join(f"// {line}\n" for line in lines)


def annotate_xml(message: bytes, words: MessageComments) -> str:
    """
    The message indented, with the comment of each field before its element: an envelope, or a body by itself.

    Of a message without a body there are the notes alone.
    """
    if not message:
        return "".join(f"{etree.tostring(_comment(line, None), encoding='unicode')}\n" for line in words.notes)
    envelope = parse_document(message)
    etree.indent(envelope, "  ")
    _open_empty_elements(envelope)
    body = envelope[-1] if etree.QName(envelope).localname == "Envelope" else envelope
    records: list[etree._Element] = []
    # A list first: the comments go into the tree that is walked through.
    for element, comment in list(_fields(body, words.comments)):
        if records and _is_another(records[0], element):
            continue
        _insert_comments(element, [comment])
        _explain_rows(element, words.rows.get(etree.QName(element).localname))
        if not any(above in records for above in element.iterancestors()):
            records.extend(islice(element.iterancestors(), 1))
    for record in records:
        _append_comments(record, words.rest)
    if len(body):
        _insert_comments(body[0], words.notes)
    return etree.tostring(envelope, encoding="unicode") + "\n"


def _is_another(first: etree._Element, element: etree._Element) -> bool:
    """True if an element is in a record that follows the first one."""
    above = [each for each in element.iterancestors() if each.getparent() is first.getparent()]
    return any(each is not first and each.tag == first.tag for each in above)


def _open_empty_elements(envelope: etree._Element) -> None:
    """`<a></a>` instead of `<a/>`: there is a place to type into."""
    for element in envelope.iter(etree.Element):
        if not len(element) and element.text is None:
            element.text = ""


def _fields(parent: etree._Element, comments: Comments) -> Iterator[tuple[etree._Element, str]]:
    """The elements that carry a field, with its comment; `criteria` that name a field as text carry it too."""
    for element in parent.iterchildren(tag=etree.Element):
        comment = comments.get(etree.QName(element).localname)
        named = next((child.text for child in element if child.text in comments and not len(child)), None)
        if comment is not None:
            yield element, comment
        elif named is not None and not _has_fields(element, comments):
            yield element, comments[named]
        else:
            yield from _fields(element, comments)


def _explain_rows(rows: etree._Element, words: MessageComments | None) -> None:
    first = next(rows.iterchildren(tag=etree.Element), None)
    if words is not None and first is not None and len(first):
        for element in list(first.iterchildren(tag=etree.Element)):
            if comment := words.comments.get(etree.QName(element).localname):
                _insert_comments(element, [comment])
        _append_comments(first, words.rest)


def _has_fields(element: etree._Element, comments: Comments) -> bool:
    return any(etree.QName(child).localname in comments for child in element)


def _comment(line: str, tail: str | None) -> etree._Comment:
    # XML allows no `--` in a comment, and no `-` at its end.
    comment = etree.Comment(f" {re.sub('-(?=-|$)', '- ', line)} ")
    comment.tail = tail
    return comment


def _insert_comments(element: etree._Element, lines: Iterable[str]) -> None:
    previous, parent = element.getprevious(), element.getparent()
    indentation = previous.tail if previous is not None else parent.text if parent is not None else None
    for line in lines:
        element.addprevious(_comment(line, indentation))


def _append_comments(record: etree._Element, lines: Iterable[str]) -> None:
    for line in lines:
        last = record[-1]
        record.append(_comment(line, last.tail))
        last.tail = record.text


def annotate_json(message: bytes, words: MessageComments) -> str:
    """The message indented, with `//` comment lines: the notes first, each field's comment, the rest after a record."""
    if not message:
        return join_comments(words.notes)
    return join_comments(words.notes) + "".join(_value(json.loads(message, parse_float=_Number), "", words)) + "\n"


class _Number(str):
    """A decimal as it was written: `250.00` stays `250.00`."""


NOTHING = MessageComments({})


def _value(value: object, indentation: str, words: MessageComments) -> Iterator[str]:
    match value:
        case dict() if value:
            yield from _object(value, indentation, words)
        case list() if value:
            inside = indentation + "  "
            entry_words = _entry_words(value, words)
            entries = [
                inside + "".join(_value(entry, inside, each)) for entry, each in zip(value, entry_words, strict=True)
            ]
            commented = [_comment_of_criterion(entry, inside, words.comments) for entry in value]
            yield _block(
                "[", "]", [comment + entry for comment, entry in zip(commented, entries, strict=True)], indentation
            )
        case _Number():
            yield value
        case _:
            yield json.dumps(value, ensure_ascii=False)


def _entry_words(entries: list[object], words: MessageComments) -> list[MessageComments]:
    """The words for each entry: none for the records that follow the first."""
    records = [entry for entry in entries if isinstance(entry, dict) and not words.comments.keys().isdisjoint(entry)]
    # By identity: records may be equal, and the first one alone is explained.
    others = {id(record) for record in records[1:]}
    return [NOTHING if id(entry) in others else words for entry in entries]


def _comment_of_criterion(value: object, indentation: str, comments: Comments) -> str:
    """The comment of the field that an object names as text: `{"field": "number", …}`."""
    texts = [text for text in value.values() if isinstance(text, str)] if isinstance(value, dict) else []
    named = next((text for text in texts if text in comments), None)
    is_record = isinstance(value, dict) and any(name in comments for name in value)
    return "" if named is None or is_record else f"{indentation}// {_one_line(comments[named])}\n"


def _comments_of_member(name: str, comments: Comments) -> Iterator[str]:
    """The comment of a member, and those of what is inside it, `name.inner`, each with its own name."""
    if name in comments:
        yield _one_line(comments[name])
    yield from (
        f"{each[len(name) + 1 :]}: {_one_line(words)}"
        for each, words in comments.items()
        if each.startswith(f"{name}.")
    )


def _object(value: dict[str, object], indentation: str, words: MessageComments) -> Iterator[str]:
    inside = indentation + "  "
    is_record = any(name in words.comments and name not in words.rows for name in value)
    members = []
    for name, entry in value.items():
        comment = "".join(f"{inside}// {line}\n" for line in _comments_of_member(name, words.comments))
        if name in words.rows and isinstance(entry, list) and entry:
            written = _rows(entry, inside, words.rows[name])
        else:
            written = "".join(_value(entry, inside, NOTHING if is_record else words))
        members.append(f"{comment}{inside}{json.dumps(name, ensure_ascii=False)}: {written}")
    ending = "".join(f"\n{inside}// {_one_line(line)}" for line in words.rest) if is_record else ""
    yield _block("{", "}", members, indentation, ending)


def _rows(rows: list[object], indentation: str, words: MessageComments) -> str:
    inside = indentation + "  "
    entry_words = [words, *[NOTHING] * (len(rows) - 1)]
    entries = ("".join(_value(row, inside, each)) for row, each in zip(rows, entry_words, strict=True))
    return _block("[", "]", [inside + entry for entry in entries], indentation)


def _block(opening: str, closing: str, members: Sequence[str], indentation: str, ending: str = "") -> str:
    return f"{opening}\n" + ",\n".join(members) + f"{ending}\n{indentation}{closing}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
