"""
A text of XML as most are written, masked without a tree.

Something can be secret only inside elements with certain names. So the names are looked at first, all at once, and only
the text from the first to the last of those elements is read tag by tag; most answers have none.

    <e:Envelope><e:Header><w:Security>…<w:Password>hunter2</w:Password>…</w:Security></e:Header><e:Body>…
                          ^ from here                                   to here ^

What is written in any other way (comments, CDATA, references by number, documents inside of texts, a secret that comes
again) is None here, and is left to `mask_xml`, whose rules these are.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache, partial

from records.shapes.recognition import plain_name
from webservices.exchanges.masking import LONGEST_CACHED, MOST, Mask, Rule, build_mask, remember
from webservices.wire.dialects.base import Secrets
from webservices.wire.xml.namespaces import WSSE
from webservices.wire.xml.spans import ATTRIBUTE, MARKUP, Edit, apply_edits
from webservices.wire.xml.writing import escape

CONTAINERS = frozenset({"security", "usernametoken", "timestamp"})
HARMLESS = frozenset({"created", "expires"})
USER_NAME = "username"
KEPT_ATTRIBUTES = frozenset({"id", "type", "encodingtype", "nil", "mustunderstand", "actor", "role"})

DECLARATION = re.compile(r"<\?xml\s[^<>]*\?>")
ELEMENT_NAME = re.compile(r"<([^\s/>!?][^\s/>]*)")
REFERENCE = re.compile(r"&(?!(?:lt|gt|amp|quot|apos);)")
MOST_NAMES = 50  # of elements that tell of secrets; some messages have as many


class _Unusual(Exception):
    """The text is written in a way that is not read here."""


def mask_usual_xml(text: str, mask: Mask) -> tuple[str, frozenset[str]] | None:
    """
    Return the text without its secrets, and those that were found by their names; None: it is no usual one.

    text  of a document that is well-formed
    """
    if mask.mixed or not _is_usual(text):
        return None
    hides, tells = _find_rules(mask)
    if any(map(hides, _attribute_names(text))):
        return None
    names = [name for name in set(ELEMENT_NAME.findall(text)) if tells(name)]
    secrets: set[str] = set()
    if names:
        try:
            edits = _Reader(text, mask, secrets).read(*_find_zone(text, names))
        except _Unusual:
            return None
        text = apply_edits(text, edits)
    if len(secrets) > MOST or repeats_secret(text, mask.with_values(secrets) if secrets else mask):
        return None
    return text, frozenset(secrets)


def _is_usual(text: str) -> bool:
    declaration = DECLARATION.match(text)
    start = declaration.end() if declaration else 0
    if text.find("<!", start) >= 0 or text.find("<?", start) >= 0 or "\r" in text:
        return False
    return "&" not in text or REFERENCE.search(text) is None


def _attribute_names(text: str) -> set[str]:
    """Return the names of all attributes, and words of texts that stand before a `=` as well."""
    words = {words[-1] for part in text.split("=") if (words := part.rsplit(None, 1))}
    # White space stands before an attribute. What has a quote or a bracket is a value that ends in `=`, a digest for
    # one: it differs from call to call, and nobody shall remember it.
    return {word for word in words if '"' not in word and ">" not in word}


def _tells(mask: Mask, name: str) -> bool:
    """True if there may be a secret in an element of this name."""
    plain = plain_local(name)
    return (
        plain in mask.telling
        or mask.hides(plain)
        or plain == "security"
        or (bool(mask.endings) and mask.expected_children(plain) is not None)
    )


def _find_rules(mask: Mask) -> tuple[Rule, Rule]:
    """Return what is true of the name of an attribute that is secret, and of an element that tells of secrets."""
    if mask.secrets is not None and mask.recognizes:
        return _remembering_rules(mask.secrets)
    return partial(_hides, mask), partial(_tells, mask)


@lru_cache(maxsize=64)
def _remembering_rules(secrets: Secrets) -> tuple[Rule, Rule]:
    """Return the rules of a dialect; the same few names come in all of its messages."""
    mask = build_mask(secrets)
    return remember(partial(_hides, mask)), remember(partial(_tells, mask))


def _hides(mask: Mask, name: str) -> bool:
    return mask.hides(plain_local(name))


def _find_zone(text: str, names: list[str]) -> tuple[int, int]:
    """Return the place of all elements with these names: from the first one's start to the last one's end."""
    if len(names) > MOST_NAMES:
        raise _Unusual
    first = last = None
    for last in _tags(tuple(sorted(names))).finditer(text):
        first = first or last
    if first is None or last is None:
        raise _Unusual
    tag = MARKUP.match(text, last.start())
    if tag is None:
        raise _Unusual
    return first.start(), tag.end()


@lru_cache(maxsize=256)
def _tags(names: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of the tags, starts and ends, of elements with these names."""
    return re.compile(rf"</?(?:{'|'.join(map(re.escape, names))})(?=[\s/>])")


@dataclass(slots=True)
class _Element:
    """
    An element that has not ended: what is true of its content, as `mask_xml` has it.

    inside      it is inside an element that is secret
    security    it is inside a WS-Security header, or a container that the dialect names
    hides_text  its own text is secret
    collects    what is secret in it is secret elsewhere, too
    expected    the children that it may have; None: any
    """

    inside: bool = False
    security: bool = False
    hides_text: bool = False
    collects: bool = True
    expected: frozenset[str] | None = None


@dataclass(slots=True)
class _Reader:
    """Reads a part of a text, outside of which no element tells of secrets."""

    text: str
    mask: Mask
    secrets: set[str]
    edits: list[Edit] = field(default_factory=list)
    path: list[_Element] = field(default_factory=lambda: [_Element()])

    def read(self, begin: int, end: int) -> list[Edit]:
        """Return the edits of a part of the text; collect the secrets."""
        position = begin
        for markup in MARKUP.finditer(self.text, begin, end):
            if self.path[-1].hides_text and position < markup.start():
                self._hide(Edit(position, markup.start()), self.path[-1])
            position = markup.end()
            if markup["end"]:
                if len(self.path) > 1:  # else it is that of an element around the part
                    self.path.pop()
            else:
                is_empty = self.text[position - 2] == "/"
                element = self._open(markup["name"], position, is_empty)
                if element.inside and markup["attributes"]:
                    self._hide_attributes(element, markup.start("attributes"), markup.end("attributes"))
                if not is_empty:
                    self.path.append(element)
        return self.edits

    def _open(self, name: str, position: int, is_empty: bool) -> _Element:
        """Return the element of a start tag that ends at this position."""
        parent, mask, plain = self.path[-1], self.mask, plain_local(name)
        inside = parent.inside or (parent.expected is not None and plain not in parent.expected)
        collects, is_container = parent.collects, plain in mask.containers
        is_name = plain in mask.names or (plain == USER_NAME and (parent.security or is_container))
        if is_name and not self._is_user(position, is_empty):
            # A user's name is an ordinary word elsewhere, so it does not join the secrets to search for.
            inside, collects = True, False
        contains = is_container or plain in CONTAINERS
        security = parent.security or is_container or (plain == "security" and self._is_header(name))
        inside = (
            inside
            or (not contains and mask.hides(plain))
            or (security and not contains and not is_name and plain not in HARMLESS)
        )
        if plain in mask.documents:
            self._check_document(position, is_empty)
        hides_text = inside or (security and contains)
        return _Element(inside, security, hides_text, collects, mask.expected_children(plain))

    def _own_text(self, position: int, is_empty: bool) -> tuple[str, bool]:
        """Return the text before the first tag inside of an element, and if that is its end."""
        if is_empty:
            return "", True
        end = self.text.index("<", position)
        return _unescape(self.text[position:end]), self.text[end + 1] == "/"

    def _is_user(self, position: int, is_empty: bool) -> bool:
        text, is_all = self._own_text(position, is_empty)
        return is_all and text.strip() == self.mask.user_name

    def _check_document(self, position: int, is_empty: bool) -> None:
        text, is_all = self._own_text(position, is_empty)
        if is_all and text.strip():
            raise _Unusual

    def _is_header(self, name: str) -> bool:
        """True for the name of a WS-Security header, in its namespace."""
        prefix, _, local = name.rpartition(":")
        if local != "Security":
            return False
        pattern = rf"\sxmlns{':' if prefix else ''}{re.escape(prefix)}\s*=\s*(?:\"([^\"]*)\"|'([^']*)')"
        found = {one or other for one, other in re.findall(pattern, self.text)}
        if found > {WSSE} or any("&" in each for each in found):
            raise _Unusual  # a prefix may be another namespace's elsewhere
        return found == {WSSE}

    def _hide(self, place: Edit, element: _Element) -> None:
        text = _unescape(self.text[place.begin : place.end]).strip()
        if text:
            self.edits.append(place._replace(text=escape(self.mask.replacement)))
            if element.collects:
                self.secrets.add(text)

    def _hide_attributes(self, element: _Element, begin: int, end: int) -> None:
        for found in ATTRIBUTE.finditer(self.text, begin, end):
            name, value = found[1], _normalize(_unescape(found[2][1:-1])).strip()
            if name == "xmlns" or name.startswith("xmlns:") or not value or plain_local(name) in KEPT_ATTRIBUTES:
                continue
            replacement = escape(self.mask.replacement).replace("'", "&apos;")
            self.edits.append(Edit(found.start(2) + 1, found.end(2) - 1, replacement))
            if element.collects:
                self.secrets.add(value)


def repeats_secret(text: str, mask: Mask) -> bool:
    """True if a secret is still in the text, in one of the spellings that a usual one may have."""
    return any(map(mask.repeats, _spellings(text, mask.values)))


def _spellings(text: str, values: Iterable[str]) -> Iterator[str]:
    yield text
    if "&" in text:
        text = _unescape(text)
        yield text
    if any(" " in value for value in values):  # in an attribute a line's end is a blank
        yield _normalize(text)


def _unescape(text: str) -> str:
    if "&" not in text:
        return text
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&apos;", "'")
    return text.replace("&amp;", "&")


def _normalize(value: str) -> str:
    return value.replace("\n", " ").replace("\t", " ")


def plain_local(tag: str) -> str:
    """Return the plain name of a tag, without namespace or prefix."""
    return _cached_plain_local(tag) if len(tag) <= LONGEST_CACHED else plain_name(_local(tag))


@lru_cache(maxsize=2000)
def _cached_plain_local(tag: str) -> str:
    return plain_name(_local(tag))


def _local(tag: str) -> str:
    return tag.rpartition("}")[2].rpartition(":")[2]
