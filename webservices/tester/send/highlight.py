"""
Highlighting of an answer: indent_message, its tokens in spans. Everything is escaped here.
"""

import re
from collections.abc import Iterator

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from webservices.wire.contracts.pretty import indent_message

MAX_HIGHLIGHTED = 500_000  # characters: longer text stays plain, since each token becomes an element of the page

_XML_COLOURS = re.compile(
    r"(?P<comment><!--.*?-->)|(?P<tag></?[\w.:-]+|/?>|<\?.*?\?>)|(?P<name>[\w.:-]+(?==\"))|(?P<text>(?<==)\"[^\"<]*\")",
    re.DOTALL,
)
_JSON_COLOURS = re.compile(
    r'(?P<comment>^\s*//[^\n]*)|(?P<name>"(?:[^"\\\n]|\\.)*"(?=\s*:))|(?P<text>"(?:[^"\\\n]|\\.)*")'
    r"|(?P<tag>\b(?:true|false|null)\b|-?\b[0-9][0-9.eE+-]*)",
    re.MULTILINE,
)


def indent_body(body: str, content_type: str) -> str:
    """The body indent_message, unless it is very long."""
    return body if len(body) > MAX_HIGHLIGHTED else indent_message(body, content_type)


def highlight(text: str, content_type: str) -> SafeString:
    """The text as HTML, its tokens in `<span class="wst-tag">` and the like."""
    colours = _JSON_COLOURS if "json" in content_type else _XML_COLOURS if "xml" in content_type else None
    if colours is None or len(text) > MAX_HIGHLIGHTED:
        return escape(text)
    return mark_safe("".join(_spans(text, colours)))  # noqa: S308 - each part is escaped in _spans


def _spans(text: str, colours: re.Pattern[str]) -> Iterator[str]:
    position = 0
    for match in colours.finditer(text):
        # The text between two tokens may hold markup of the sender as well: it is escaped like them.
        yield escape(text[position : match.start()])
        yield f'<span class="wst-{match.lastgroup}">{escape(match[0])}</span>'
        position = match.end()
    yield escape(text[position:])


def format_size(length: int) -> str:
    """`812 bytes`, `14.2 kB`."""
    return f"{length:,} bytes" if length < 1000 else f"{length / 1000:,.1f} kB"
