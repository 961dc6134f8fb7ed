"""
The answer as it is shown: indented, and coloured by what each token is. Everything is escaped here.
"""

import json
import re
from collections.abc import Iterator

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from lxml import etree

LONGEST = 500_000  # characters: more than this is shown as it came, uncoloured

_JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_XML_COLOURS = re.compile(
    r"(?P<comment><!--.*?-->)|(?P<tag></?[\w.:-]+|/?>|<\?.*?\?>)|(?P<name>[\w.:-]+(?==\"))|(?P<text>(?<==)\"[^\"<]*\")",
    re.DOTALL,
)
_JSON_COLOURS = re.compile(
    r'(?P<comment>^\s*//[^\n]*)|(?P<name>"(?:[^"\\\n]|\\.)*"(?=\s*:))|(?P<text>"(?:[^"\\\n]|\\.)*")'
    r"|(?P<tag>\b(?:true|false|null)\b|-?\b[0-9][0-9.eE+-]*)",
    re.MULTILINE,
)


def pretty(body: str, content_type: str) -> str:
    """The body indented when it is XML or JSON that can be read; otherwise as it is."""
    if len(body) > LONGEST:
        return body
    if "json" in content_type:
        return _pretty_json(body)
    if "xml" in content_type:
        return _pretty_xml(body)
    return body


def _pretty_xml(body: str) -> str:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(body.encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return body
    etree.indent(root, "  ")
    return etree.tostring(root, encoding="unicode")


def _pretty_json(body: str) -> str:
    try:
        json.loads(body)
    except ValueError:
        return body
    return "".join(_indented(_JSON_TOKEN.findall(body)))


def _indented(tokens: list[str]) -> Iterator[str]:
    """Token by token, so that every number stays as it was written."""
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


def coloured(text: str, content_type: str) -> SafeString:
    """The text as HTML, its tokens in `<span class="wst-tag">` and the like."""
    colours = _JSON_COLOURS if "json" in content_type else _XML_COLOURS if "xml" in content_type else None
    if colours is None or len(text) > LONGEST:
        return escape(text)
    return mark_safe("".join(_spans(text, colours)))  # noqa: S308 - every piece is escaped in _spans


def _spans(text: str, colours: re.Pattern[str]) -> Iterator[str]:
    position = 0
    for match in colours.finditer(text):
        yield escape(text[position : match.start()])
        yield f'<span class="wst-{match.lastgroup}">{escape(match[0])}</span>'
        position = match.end()
    yield escape(text[position:])


def size_words(length: int) -> str:
    """`812 bytes`, `14.2 kB`."""
    return f"{length:,} bytes" if length < 1000 else f"{length / 1000:,.1f} kB"
