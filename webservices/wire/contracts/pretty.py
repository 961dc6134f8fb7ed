"""
Contracts as files and messages as text, indented for people: XML by its tree, JSON token by token, so that every number
stays as it was written.
"""

import json
import re
from codecs import BOM_UTF8
from collections.abc import Iterator

from lxml import etree

from webservices.wire.xml.documents import InvalidXml, parse_document
from webservices.wire.xml.namespaces import XSD

SCHEMA = f"{{{XSD}}}schema"


def xml_file(document: bytes) -> str:
    """An XML document as the text of a file."""
    root = parse_document(document)
    etree.indent(root, "  ")
    return etree.tostring(root, encoding="unicode") + "\n"


def schema_file(wsdl: bytes) -> str:
    """The schema inside a WSDL, with the namespaces that it uses."""
    root = parse_document(wsdl)
    schema = parse_document(etree.tostring(next(root.iter(SCHEMA)), with_tail=False))
    # lxml sees no use of a prefix in an attribute's value, which is how XSD names types: those must be kept by hand.
    used = (XSD, schema.get("targetNamespace"))
    etree.cleanup_namespaces(
        schema, keep_ns_prefixes=[prefix for prefix, uri in schema.nsmap.items() if prefix and uri in used]
    )
    etree.indent(schema, "  ")
    return etree.tostring(schema, encoding="unicode") + "\n"


JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


def indent_message(body: str, content_type: str) -> str:
    """Indent the body when it is XML or JSON that can be read; leave it as it is otherwise."""
    if "json" in content_type:
        return _indent_json(body)
    if "xml" in content_type:
        return _indent_xml(body)
    return body


def _indent_xml(body: str) -> str:
    try:
        # It is text by now: the mark of UTF-8 outranks the encoding that the body may declare.
        root = parse_document(BOM_UTF8 + body.encode("utf-8", "replace"))
    except InvalidXml:
        return body
    etree.indent(root, "  ")
    return etree.tostring(root, encoding="unicode")


def _indent_json(body: str) -> str:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return body
    return "".join(_indent_tokens(JSON_TOKEN.findall(body)))


def _indent_tokens(tokens: list[str]) -> Iterator[str]:
    depth = 0
    for token, following in zip(tokens, [*tokens[1:], ""], strict=True):
        closes = following in ("}", "]")
        opens = token in ("{", "[")
        # Empty ones stay in one line: `{}`.
        if opens and not closes:
            depth += 1
            yield f"{token}\n{'  ' * depth}"
        else:
            yield {",": f",\n{'  ' * depth}", ":": ": "}.get(token, token)
        if closes and not opens:
            depth -= 1
            yield f"\n{'  ' * depth}"
