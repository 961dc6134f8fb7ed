"""
Redaction of what is shown again or saved in a collection: the secrets of an input, an address and headers are emptied.

It works on text, not on a tree: a tester's input need not be well-formed. A placeholder, `{{name}}`, is no secret.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from urllib.parse import unquote_plus

from records.shapes.recognition import mask_tokens, plain_name
from webservices.exchanges.masking import build_mask
from webservices.wire.dialects.base import Secrets

# Possessive quantifiers (++, *+) keep the time linear for a text with many unclosed elements.
_ELEMENT = re.compile(
    r"(<(?:[\w.-]+:)?([\w.-]+)\b[^<>]*(?<!/)>)((?:<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|[^<]++)*+)", re.DOTALL
)
_ATTRIBUTE = re.compile(r"(\s(?:[\w.-]+:)?([\w.-]+)\s*=\s*)(\"[^\"<]*\"|'[^'<]*')")
_MEMBER = re.compile(r'("([^"\\\n]{1,200})"\s*:\s*)("(?:[^"\\\n]|\\.)*"?|[^\s",{}\[\]]+)')
_PARAMETER = re.compile(r"((?:^|[?&;\s])([\w.%\[\]-]{1,200})=)([^&;\s\"'<>]*)")
_PLACEHOLDER = re.compile(r"\s*[\"']?\{\{[\w-]+\}\}[\"']?\s*")
_USER = re.compile(r"//[^/?#]*@")
NO_SECRETS = Secrets()


def redact(text: str, secrets: Secrets = NO_SECRETS) -> str:
    """Return the text without tokens, and without what its secret elements, attributes, members and parameters hold."""
    hides = _hides(secrets)
    for pattern, emptied in ((_ELEMENT, ""), (_ATTRIBUTE, '""'), (_MEMBER, '""'), (_PARAMETER, "")):
        text = pattern.sub(lambda found, emptied=emptied: _empty(found, emptied, hides), text)  # type: ignore[misc]
    return mask_tokens(text, mask="")


def _empty(found: re.Match[str], emptied: str, hides: Callable[[str], bool]) -> str:
    is_secret = found[3].strip() and not _PLACEHOLDER.fullmatch(found[3]) and hides(plain_name(unquote_plus(found[2])))
    return found[1] + emptied if is_secret else found[0]


@lru_cache(maxsize=64)
def _hides(secrets: Secrets) -> Callable[[str], bool]:
    return build_mask(secrets).hides


def redact_address(address: str) -> str:
    """Return the address, or its path and query, without a user and without the values of secret parameters."""
    return redact(remove_user(address))


def redact_values(values: Mapping[str, str]) -> dict[str, str]:
    """Return headers, or values by their names, with nothing in the place of a secret."""
    hides = _hides(NO_SECRETS)
    return {name: "" if hides(plain_name(name)) and not _PLACEHOLDER.fullmatch(value) else redact(value)
            for name, value in values.items()}  # fmt: skip


def remove_user(url: str) -> str:
    """Return the address without a user and password in it; such an address is refused when it is sent."""
    return _USER.sub("//", url, count=1)
