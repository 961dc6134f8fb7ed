"""
An input as it may be shown again: what was typed into a place for secrets is gone.

It works on text that need not be well-formed, for a tester makes mistakes.
"""

import re

from webservices.wire.dialects.base import Secrets

ALWAYS = frozenset({"Password"})
_IN_ELEMENT = r"(<(?:[\w.-]+:)?(?:%s)\b[^>]*(?<!/)>)(?:<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|[^<]++)*+"
_IN_MEMBER = r'("(?:%s)"\s*:\s*)(?:"(?:[^"\\\n]|\\.)*"?|[^\s",{}\[\]]+)'
_USER = re.compile(r"//[^/?#]*@")


def redact(text: str, secrets: Secrets) -> str:
    """The text without the content of its secret elements and members."""
    elements = re.compile(_IN_ELEMENT % _names(secrets.elements | ALWAYS), re.IGNORECASE | re.DOTALL)
    members = re.compile(_IN_MEMBER % _names(secrets.members | ALWAYS), re.IGNORECASE)
    return members.sub(r'\1""', elements.sub(r"\1", text))


def _names(names: frozenset[str]) -> str:
    return "|".join(sorted(map(re.escape, names)))


def remove_user(url: str) -> str:
    """The address without a user and a password in it, which would have been refused."""
    return _USER.sub("//", url, count=1)
