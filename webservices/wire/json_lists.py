"""
The long list of a large body of JSON, whose items are made when they are asked for, one by one.

    [{…}, {…}, …]                                  LongList
    {"verb": "put", "records": [{…}, {…}, …]}      {"verb": "put", "records": LongList}

The whole text is checked before anything of it is used. `read_json` stays the reference: it reads all that is short,
and all that is not as usual, and tells what is wrong.
"""

import re
from collections.abc import Iterator

from webservices.wire.json import DECODER, HALF, Json, Offence, decode_body, is_too_deep, read_json

LONG = 1024 * 1024  # bytes of a body, from which on memory counts for more than a second look
SPACE = re.compile(r"[ \t\n\r]*")


class _NotAsUsualError(Exception):
    """The text has another form, or something is wrong with it."""


class LongList:
    """A list of objects; each time that they are asked for they are read anew."""

    def __init__(self, text: str, start: int):
        self._text, self._start = text, start

    def __iter__(self) -> Iterator[dict[str, Json]]:
        return (item for item, _ in _walk(self._text, self._start))


LongJson = Json | LongList | dict[str, Json | LongList]


def read_long_json(body: bytes, most: int, items: int, member: str = "") -> LongJson:
    """
    Return the JSON of a body as `read_json` does, but for a long list of objects, which is a LongList.

    items   that the list may have; of one with more nothing will be used, and `read_json` is faster
    member  where the list stands in the body's object; "": the body is the list
    """
    if len(body) >= LONG:
        text = decode_body(body, most)
        try:
            return _read(text, items, member)
        except (_NotAsUsualError, Offence, RecursionError, ValueError, IndexError):
            pass
    return read_json(body, most)


def _read(text: str, items: int, member: str) -> LongJson:
    if HALF.search(text):
        raise _NotAsUsualError
    start = _skip(text, 0)
    found: LongJson
    if member:
        found, end = _read_members(text, start, items, member)
    else:
        found, end = _read_list(text, start, items)
    if _skip(text, end) != len(text):
        raise _NotAsUsualError
    return found


def _read_members(text: str, start: int, items: int, member: str) -> tuple[dict[str, Json | LongList], int]:
    """Read an object with the list among its members; return it, and where it ends."""
    found: dict[str, Json | LongList] = {}
    position = _take(text, start, "{")
    while True:
        name, position = DECODER.raw_decode(text, position)
        if not isinstance(name, str) or name in found:
            raise _NotAsUsualError
        position = _take(text, _skip(text, position), ":")
        if name == member and text[position] == "[":
            found[name], position = _read_list(text, position, items)
        else:
            value, position = DECODER.raw_decode(text, position)
            _check_depth(value)
            found[name] = value
        position = _skip(text, position)
        if text[position] == "}":
            return found, position + 1
        position = _take(text, position, ",")


def _read_list(text: str, start: int, items: int) -> tuple[LongList, int]:
    """Check a list to its end; return it, and where it ends."""
    end = 0
    for number, (item, after) in enumerate(_walk(text, start)):
        if not isinstance(item, dict) or number >= items:
            raise _NotAsUsualError
        _check_depth(item)
        end = after
    return LongList(text, start), end


def _walk(text: str, start: int) -> Iterator[tuple[dict[str, Json], int]]:
    """Yield the items of a list, each with where the next one begins; with the last, where the list ends."""
    position = _take(text, start, "[")
    while True:
        item, position = DECODER.raw_decode(text, position)
        position = _skip(text, position)
        if text[position] == "]":
            yield item, position + 1
            return
        position = _take(text, position, ",")
        yield item, position


def _check_depth(found: Json) -> None:
    if is_too_deep([[found]]):  # it may lie so deep: in a list in an object
        raise _NotAsUsualError


def _take(text: str, position: int, mark: str) -> int:
    """Return where something begins behind the mark that stands here."""
    if text[position] != mark:
        raise _NotAsUsualError
    return _skip(text, position + 1)


def _skip(text: str, position: int) -> int:
    found = SPACE.match(text, position)
    return found.end() if found else position
