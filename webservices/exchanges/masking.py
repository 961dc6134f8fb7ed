"""
Secrets out of a body before it is stored: by parsing it, never by searching its bytes.

    <wsse:Password>hunter2</wsse:Password>     is kept as     <wsse:Password>***</wsse:Password>
    {"password": "hunter2", "lead_time": 7}    is kept as     {"password": "***", "lead_time": 7}

What is a secret: what its dialect names, what is called like one (`recognition`), what stands in a WS-Security header
beside the user's name and the time, the name of a user who does not exist, and every repetition of the secret that the
caller presented. Of a request that could not be read, or whose caller was not let in, also what looks drawn by chance.
What does not parse is not kept; the reason then names the kind of error and its place, never a piece of the body.
"""

import codecs
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from records.shapes.copying import replace
from records.shapes.recognition import MASK, TELLING, has_token, is_secret_name, mask_tokens, plain_name
from webservices.wire.dialects.base import Secrets

SHORTEST = 4  # a shorter secret is masked where it is named, not wherever its letters occur
MOST = 100  # different secrets of one body: each is looked for in all of it


@dataclass(frozen=True)
class MaskedBody:
    """
    A body without its secrets: text, or None and a note that says why not.

    encoding   of the body, as `encode_text` takes it
    is_whole   the text is the complete body; else it is its beginning
    is_parsed  as much of the body as was searched for secrets could be parsed
    secrets    values that were masked because of their name: they are masked wherever else they occur, in the response
               too
    """

    text: str | None
    note: str = ""
    encoding: str = "utf-8"
    is_whole: bool = True
    is_parsed: bool = True
    secrets: frozenset[str] = frozenset()


def unparsed_body(reason: str) -> MaskedBody:
    return MaskedBody(None, f"Not kept, it does not parse: {reason}", is_parsed=False)


def too_many_secrets() -> MaskedBody:
    return MaskedBody(None, f"Not kept, it has more than {MOST} secrets.", is_parsed=False)


@dataclass(frozen=True)
class Mask:
    """
    The secrets to hide: names of elements, members and parameters, without case and punctuation; and presented values.

    declared    names that the dialect declares as secret
    containers  names of elements in which all is secret but a user's name
    names       names of elements and members that say who is calling: masked where they stand, unless it is `user_name`
    user_name   of the user who is known to exist; "": of none
    mixed       nothing is known of the request: what looks drawn by chance is masked, too
    recognizes  names count that are called like a secret, beside those that are declared
    documents   names of elements whose text may be a document
    children    of elements by their names, the names of the children that they may have
    endings     the same, of elements whose names end so
    telling     names of elements of which any of this is said
    secrets     the dialect's own, of which all of this was made; None: not of them alone
    replacement  what stands in the place of a value that is secret by its name
    """

    declared: frozenset[str]
    values: tuple[str, ...] = ()
    containers: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    documents: frozenset[str] = frozenset()
    children: Mapping[str, frozenset[str]] = field(default_factory=dict)
    endings: Mapping[str, frozenset[str]] = field(default_factory=dict)
    telling: frozenset[str] = frozenset()
    replacement: str = MASK
    user_name: str = ""
    mixed: bool = False
    recognizes: bool = True
    secrets: Secrets | None = field(default=None, compare=False, repr=False)

    def expected_children(self, name: str) -> frozenset[str] | None:
        """The children that an element may have; None: any."""
        if name in self.children or not self.endings:
            return self.children.get(name)
        return next((known for ending, known in self.endings.items() if name.endswith(ending)), None)

    def hides(self, name: str) -> bool:
        """True if an element, a member or a parameter of this plain name is secret."""
        return name in self.declared or (self.recognizes and is_secret_name(name))

    def names_stranger(self, name: str, text: str) -> bool:
        """True if the text stands where a caller names himself, and is not the name of the known user."""
        return name in self.names and text.strip() != self.user_name

    def text(self, text: str) -> str:
        """The text without the presented secrets, and without what has the form of one."""
        for value in self.values:
            text = text.replace(value, MASK)
        return mask_tokens(text, mixed=self.mixed)

    def is_harmless(self, remark: str) -> bool:
        """True if a comment neither repeats a secret nor names one, as anything in it may then be that secret."""
        plain = plain_name(remark)
        is_telling = TELLING.search(plain) or any(name in plain for name in self.declared)
        return not self.repeats(remark) and not is_telling

    def with_values(self, found: Iterable[str]) -> "Mask":
        """Return the mask with more secrets; those that are too short to be told from words are left out."""
        values = sort_secrets((*found, *self.values))
        return self if values == self.values else replace(self, values=values)

    def repeats(self, text: str) -> bool:
        """True if a secret is still there, in markup or in a spelling that was not foreseen."""
        return any(value in text for value in self.values) or has_token(text, mixed=self.mixed)


Rule = Callable[[str], bool]
LONGEST_CACHED = 200  # characters of a name that is remembered: what strangers send may not fill the memory


def remember(rule: Rule) -> Rule:
    """Return a rule about names that remembers its answers; the same few names come in all messages of a dialect."""
    known = lru_cache(maxsize=2000)(rule)
    return lambda name: known(name) if len(name) <= LONGEST_CACHED else rule(name)


def build_mask(secrets: Secrets, values: Iterable[str] = (), *, user_name: str = "", mixed: bool = False) -> Mask:
    """Return the mask of a dialect, for one call in which these values are secret; the rest as Mask has it."""
    return replace(_mask_of_names(secrets), user_name=user_name, mixed=mixed, values=sort_secrets(values))


def sort_secrets(values: Iterable[str]) -> tuple[str, ...]:
    """Return the values in the order in which they are replaced."""
    # The longest first: one secret may be part of another, whose rest would else be left in clear.
    return tuple(sorted({value for value in values if len(value) >= SHORTEST}, key=lambda value: (-len(value), value)))


@lru_cache(maxsize=64)
def _mask_of_names(secrets: Secrets) -> Mask:
    children: dict[str, frozenset[str]] = {}
    endings: dict[str, frozenset[str]] = {}
    for parent, child in secrets.children:
        known = endings if parent.startswith("*") else children
        known[plain_name(parent)] = known.get(plain_name(parent), frozenset()) | {plain_name(child)}
    containers, names, documents = map(_plain_names, (secrets.containers, secrets.names, secrets.documents))
    return Mask(
        declared=_plain_names(secrets.elements | secrets.members | secrets.parameters),
        containers=containers,
        names=names,
        documents=documents,
        telling=containers | names | documents | children.keys(),
        children=children,
        endings=endings,
        secrets=secrets,
    )


def _plain_names(names: Iterable[str]) -> frozenset[str]:
    return frozenset(map(plain_name, names))


MARKS: Mapping[str, bytes] = {
    "utf-8-sig": codecs.BOM_UTF8,
    "utf-16-le-sig": codecs.BOM_UTF16_LE,
    "utf-16-be-sig": codecs.BOM_UTF16_BE,
}  # with a byte order mark, which Python's own names tell of UTF-8 alone
UNMARKED = {b"<\0": "utf-16-le", b"\0<": "utf-16-be"}


def decode_text(body: bytes, encoding: str = "utf-8") -> tuple[str, str]:
    """Return the text of a body, and its encoding: a byte order mark goes before the one that is given."""
    for name, mark in MARKS.items():
        if body.startswith(mark):
            return body[len(mark) :].decode(name.removesuffix("-sig")), name
    encoding = UNMARKED.get(body[:2], encoding)
    return body.decode(encoding), encoding


def encode_text(text: str, encoding: str) -> bytes:
    """Return the bytes of a text: undoes `decode_text`; a character that the encoding has not becomes a reference."""
    errors = "surrogatepass" if encoding.lower().startswith("utf") else "xmlcharrefreplace"
    return MARKS.get(encoding, b"") + text.encode(encoding.removesuffix("-sig"), errors)


def storable_text(text: str, longest: int) -> str:
    """Return the text as a column takes it: no NUL, no lone surrogates, at most so many characters."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")[:longest]
