"""
Secrets out of a body before it is stored: by parsing it, never by searching its bytes.

    <wsse:Password>hunter2</wsse:Password>     is kept as     <wsse:Password>***</wsse:Password>
    {"password": "hunter2", "lead_time": 7}    is kept as     {"password": "***", "lead_time": 7}

What is a secret: what its dialect names, what is called a secret anywhere, what stands in a WS-Security header beside
the user's name and the time, and every repetition of the secret that the caller presented. What does not parse is not
kept; the reason then names the kind of error and its place, never a piece of the body.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from webservices.wire.dialects.base import Secrets

MASK = "***"
ANYWHERE = frozenset(
    {
        *("password", "passwd", "passphrase", "pwd", "secret", "clientsecret", "authorization", "credentials"),
        *("token", "accesstoken", "refreshtoken", "authtoken", "sessionid", "apikey"),
    }
)
SHORTEST = 4  # a shorter secret is masked where it is named, not wherever its letters occur


@dataclass(frozen=True)
class Kept:
    """
    What is kept of a body: text, or None and a note that says why not.

    whole   it is the complete body; else it is its beginning
    parsed  what was looked at of the body could be parsed
    hidden  what was masked because of its name: it is masked wherever else it occurs, in the response too
    """

    text: str | None
    note: str = ""
    whole: bool = True
    parsed: bool = True
    hidden: frozenset[str] = frozenset()


def unparsed(reason: str) -> Kept:
    return Kept(None, f"Not kept, it does not parse: {reason}", parsed=False)


@dataclass(frozen=True)
class Mask:
    """
    What to hide: names of elements, members and parameters, without case and punctuation; and presented values.

    containers  names of elements in which all is secret but a user's name
    names       names of elements that are masked where they stand, and nowhere else
    documents   names of elements whose text may be a document
    children    of elements by their names, the names of the children that they may have
    endings     the same, of elements whose names end so
    """

    elements: frozenset[str]
    members: frozenset[str]
    parameters: frozenset[str]
    values: tuple[str, ...] = ()
    containers: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    documents: frozenset[str] = frozenset()
    children: Mapping[str, frozenset[str]] = field(default_factory=dict)
    endings: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def expected(self, name: str) -> frozenset[str] | None:
        """The children that an element may have; None: any."""
        if name in self.children or not self.endings:
            return self.children.get(name)
        return next((known for ending, known in self.endings.items() if name.endswith(ending)), None)

    def text(self, text: str) -> str:
        """The text without the presented secrets."""
        for value in self.values:
            text = text.replace(value, MASK)
        return text

    def with_values(self, found: Iterable[str]) -> "Mask":
        """The mask with more secrets; those that are too short to be told from words are left out."""
        values = {value for value in found if len(value) >= SHORTEST} | set(self.values)
        return replace(self, values=tuple(sorted(values, key=len, reverse=True)))

    def repeats(self, text: str) -> bool:
        """Whether a presented secret is still there, in markup or in a spelling that was not foreseen."""
        return any(value in text for value in self.values)


def mask(secrets: Secrets, presented: Iterable[str] = ()) -> Mask:
    """The mask of a dialect, for one call that presented these secrets."""
    return _named(secrets).with_values(presented)


@lru_cache(maxsize=64)
def _named(secrets: Secrets) -> Mask:
    names = (secrets.elements, secrets.members, secrets.parameters)
    named = Mask(*(ANYWHERE | {plain(name) for name in group} for group in names))
    others = {"containers": secrets.containers, "names": secrets.names, "documents": secrets.documents}
    children: dict[str, frozenset[str]] = {}
    endings: dict[str, frozenset[str]] = {}
    for parent, child in secrets.children:
        known = endings if parent.startswith("*") else children
        known[plain(parent)] = known.get(plain(parent), frozenset()) | {plain(child)}
    groups = {group: frozenset(map(plain, names)) for group, names in others.items()}
    return replace(named, children=children, endings=endings, **groups)


def plain(name: str) -> str:
    """`Session-ID`, `session_id` and `sessionId` are one name."""
    return re.sub(r"[^a-z0-9]", "", name.lower())
