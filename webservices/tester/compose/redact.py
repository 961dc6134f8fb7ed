"""
Redaction of an input that is shown again: secret elements and members are emptied.

It works on text, not on a tree: a tester's input need not be well-formed.
"""

import re

from webservices.wire.dialects.base import Secrets

ALWAYS_SECRET = frozenset({"Password"})
# Possessive quantifiers (++, *+) keep the time linear for a text with many unclosed elements.
_ELEMENT_CONTENT = r"(<(?:[\w.-]+:)?(?:%s)\b[^>]*(?<!/)>)(?:<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|[^<]++)*+"
_MEMBER_VALUE = r'("(?:%s)"\s*:\s*)(?:"(?:[^"\\\n]|\\.)*"?|[^\s",{}\[\]]+)'
_USER = re.compile(r"//[^/?#]*@")


def redact(text: str, secrets: Secrets) -> str:
    """Return the text without the content of its secret elements and members."""
    elements = re.compile(_ELEMENT_CONTENT % _names(secrets.elements | ALWAYS_SECRET), re.IGNORECASE | re.DOTALL)
    members = re.compile(_MEMBER_VALUE % _names(secrets.members | ALWAYS_SECRET), re.IGNORECASE)
    return members.sub(r'\1""', elements.sub(r"\1", text))


def _names(names: frozenset[str]) -> str:
    return "|".join(sorted(map(re.escape, names)))


def remove_user(url: str) -> str:
    """Return the address without a user and password in it; such an address is refused when it is sent."""
    return _USER.sub("//", url, count=1)
