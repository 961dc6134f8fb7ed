"""
Messages that recur: the same markup with other texts, which is read once.

    …<wsse:Username>|ada|</wsse:Username>…<bm:value>|PUMP-100|</bm:value>…        what stands between the bars is a text

    recurrences = Recurrences()
    found = recurrences.find(dialect, request, operations, settings)     # None: it must be read
    recurrences.learn(dialect, request, operations, settings, call)      # after it was read, and its caller let in

Where a text goes in a Call is found out by reading the message again with that text replaced: no dialect says it twice.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from records.shapes.copying import replace
from records.shapes.fields import Kind as FieldKind
from records.shapes.lru import LruCache
from webservices.wire.credentials import Bearer, Password, SessionToken, SignedToken
from webservices.wire.dialects.base import Dialect
from webservices.wire.messages import Call, DialectSettings, WireRequest
from webservices.wire.operations import Kind, Operations

LONGEST = 8192  # bytes of a body that is remembered
MOST_MARKUPS, MOST_READINGS = 500, 8
# The whole text of an element without children, if it has neither blanks nor references: it means what it says.
TEXT = re.compile(rb">([!-%'-;=?-~]{1,200})</")
# No two points: some wires take `1..5` for what lies between.
VALUE = re.compile(r"(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
PROBES = ("Zq7-probe.x", "k3_Probe-9")
# What tells messages apart, or one hop from another, and says nothing of what is asked.
IGNORED = frozenset(
    {"content-length", "traceparent", "tracestate", "x-request-id", "x-correlation-id", "x-forwarded-for"}
)

CREDENTIALS = ("user_name", "secret", "nonce", "token")
Hole = tuple[Any, ...]  # ("value", number of the criterion, number of the value), or the name of a part of credentials
Key = tuple[object, ...]


@dataclass(frozen=True)
class Message:
    """A body, split: its markup, and the texts between."""

    markup: tuple[bytes, ...]
    texts: tuple[bytes, ...]

    def join(self, texts: Sequence[bytes]) -> bytes:
        """Return the body with these texts in the places of its own."""
        parts = [self.markup[0]]
        for text, markup in zip(texts, self.markup[1:], strict=True):
            parts += (b">", text, b"</", markup)
        return b"".join(parts)


def split_body(body: bytes) -> Message:
    parts = TEXT.split(body)
    return Message(tuple(parts[::2]), tuple(parts[1::2]))


@dataclass(eq=False)
class Reading:
    """
    The call that messages of one markup make.

    holes      the places of texts that may differ, and where each goes
    constants  all other texts, by their places
    hidden     by the name of a known user, the places of what is secret in such a message, once that is known; and the
    encoding   that it is written in
    """

    operations: Operations
    settings: DialectSettings
    call: Call
    holes: dict[int, Hole]
    constants: dict[int, bytes]
    hidden: dict[str, frozenset[int]] = field(default_factory=dict)
    encoding: str = ""

    def fits(self, message: Message, operations: Operations, settings: DialectSettings) -> bool:
        """True if the message is read as this one was, whatever stands in the holes."""
        texts = message.texts
        return (
            self.operations is operations
            and (self.settings is settings or self.settings == settings)
            and all(texts[place] == text for place, text in self.constants.items())
            and all(hole[0] != "value" or VALUE.fullmatch(texts[place].decode()) for place, hole in self.holes.items())
        )

    def fill(self, message: Message) -> Call:
        """Return the call with a message's own texts."""
        call = self.call
        for place, hole in self.holes.items():
            call = put(call, hole, message.texts[place].decode())
        return call


@dataclass(frozen=True)
class Occurrence:
    """A message of a markup that is known, its reading, and the call that it makes."""

    message: Message
    reading: Reading
    call: Call


@dataclass
class Recurrences:
    """The markups that a process knows, the latest of them; None: it came once."""

    readings: LruCache[Key, list[Reading] | None] = field(default_factory=lambda: LruCache(MOST_MARKUPS))
    lock: Lock = field(default_factory=Lock)

    def find(
        self, dialect: Dialect, request: WireRequest, operations: Operations, settings: DialectSettings
    ) -> Occurrence | None:
        """Return the call of a request whose markup is known; None: it must be read."""
        if not _may_recur(dialect, request):
            return None
        message = split_body(request.body)
        with self.lock:
            known = self.readings.get(_key(dialect, request, message))
        for reading in known or ():
            if reading.fits(message, operations, settings):
                return Occurrence(message, reading, reading.fill(message))
        return None

    def learn(
        self, dialect: Dialect, request: WireRequest, operations: Operations, settings: DialectSettings, call: Call
    ) -> None:
        """Remember how a request was read, if its markup has come before; the first time, that it came."""
        if not _may_recur(dialect, request) or not _is_search(call):
            return
        message = split_body(request.body)
        key = _key(dialect, request, message)
        with self.lock:
            is_new = key not in self.readings
            # What was read before the site's definitions changed fits no more.
            known = [each for each in self.readings.get(key) or () if each.operations is operations]
            if is_new:
                self.readings.put(key, None)
        if not is_new and len(known) < MOST_READINGS:
            learned = _learn(dialect, request, operations, settings, replace(call, criteria=tuple(call.criteria or ())))
            with self.lock:
                self.readings.put(key, [*known, learned])


def _may_recur(dialect: Dialect, request: WireRequest) -> bool:
    return dialect.recurs and 0 < len(request.body) <= LONGEST and b"<!" not in request.body


def _key(dialect: Dialect, request: WireRequest, message: Message) -> Key:
    headers = tuple([item for item in request.headers.items() if item[0] not in IGNORED])
    return (dialect.name, request.method, request.path, request.query, request.address, headers, message.markup)


def _is_search(call: Call) -> bool:
    return call.operation.kind is Kind.SEARCH and isinstance(call.records, tuple) and not call.records


def _learn(
    dialect: Dialect, request: WireRequest, operations: Operations, settings: DialectSettings, call: Call
) -> Reading:
    message = split_body(request.body)

    def read(texts: Sequence[bytes]) -> Call | None:
        try:
            probed = dialect.read(replace(request, body=message.join(texts)), operations, settings)
        except Exception:  # whatever a reader stumbles over, that text is none that may differ
            return None
        return replace(probed, name=call.name, criteria=tuple(probed.criteria or ()))

    def goes_to(place: int, hole: Hole) -> bool:
        before, after = message.texts[:place], message.texts[place + 1 :]
        return all(_is_same(read([*before, each.encode(), *after]), put(call, hole, each)) for each in PROBES)

    holes: dict[int, Hole] = {}
    for place, text in enumerate(message.texts):
        for hole in _find_places(call, text.decode()):
            if goes_to(place, hole):
                holes[place] = hole
    constants = {place: text for place, text in enumerate(message.texts) if place not in holes}
    return Reading(operations, settings, call, holes, constants)


def _find_places(call: Call, text: str) -> Iterator[Hole]:
    """Yield where a text stands in a call."""
    fields = call.operation.resource.by_name
    for number, criterion in enumerate(call.criteria or ()):
        asked = fields.get(str(criterion.path[0]))
        if asked is not None and asked.kind is FieldKind.TEXT and len(criterion.path) == 1:
            yield from (("value", number, place) for place, value in enumerate(criterion.values) if value == text)
    match call.credentials:
        case Password() | SessionToken() | SignedToken() | Bearer():
            yield from ((name,) for name in CREDENTIALS if getattr(call.credentials, name, None) == text)


def put(call: Call, hole: Hole, text: str) -> Call:
    """Return the call with a text in one of its places."""
    if hole[0] != "value":
        return replace(call, credentials=replace(call.credentials, **{hole[0]: text}))
    _, number, place = hole
    criteria = [*(call.criteria or ())]
    values = criteria[number].values
    criteria[number] = replace(criteria[number], values=(*values[:place], text, *values[place + 1 :]))
    return replace(call, criteria=tuple(criteria))


def _is_same(one: Call | None, other: Call) -> bool:
    """True if both calls are the same, and are answered in the same way."""
    return one is not None and one == other and one.context == other.context and one.streamable == other.streamable
