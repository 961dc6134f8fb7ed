"""Messages indented for people: XML by its tree, JSON token by token, so that every number stays as it was written."""

import json
import re
from collections.abc import Iterator

from lxml import etree

from webservices.wire.xml.documents import InvalidXml, parse_document

_JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


def indented(body: str, content_type: str) -> str:
    """The body indented when it is XML or JSON that can be read; otherwise as it is."""
    if "json" in content_type:
        return _indented_json(body)
    if "xml" in content_type:
        return _indented_xml(body)
    return body


def _indented_xml(body: str) -> str:
    try:
        root = parse_document(body.encode())
    except InvalidXml:
        return body
    etree.indent(root, "  ")
    return etree.tostring(root, encoding="unicode")


def _indented_json(body: str) -> str:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return body
    return "".join(_pieces(_JSON_TOKEN.findall(body)))


def _pieces(tokens: list[str]) -> Iterator[str]:
    depth = 0
    for piece, following in zip(tokens, [*tokens[1:], ""], strict=True):
        closes = following in ("}", "]")
        opens = piece in ("{", "[")
        if opens and not closes:
            depth += 1
            yield f"{piece}\n{'  ' * depth}"
        else:
            yield {",": f",\n{'  ' * depth}", ":": ": "}.get(piece, piece)
        if closes and not opens:
            depth -= 1
            yield f"\n{'  ' * depth}"
