"""
The lines of a JSON text at which its members and items begin.

    find_lines('{"a":\\n [1,\\n 2]}')    {(): 1, ("a",): 1, ("a", 0): 2, ("a", 1): 3}
"""

import json
import re
from collections.abc import Iterator

Steps = tuple[str | int, ...]

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)


def find_lines(text: str) -> dict[Steps, int]:
    """Find the line of each value of a JSON text, by the steps that lead to it; the text must be valid."""
    found: dict[Steps, int] = {}
    tokens = _Tokens(text)
    _value(tokens, (), found)
    return found


def extract_line(sentence: str) -> int:
    """The line in a sentence of `webservices.wire.json`; 1 where it has none."""
    match = re.search(r"\(line (\d+), column \d+\)", sentence)
    return int(match[1]) if match else 1


class _Tokens:
    """The tokens of a text, each with its line; `next` is the one to be taken."""

    def __init__(self, text: str):
        self._found = self._all(text)
        self.next, self.line = next(self._found)

    @staticmethod
    def _all(text: str) -> Iterator[tuple[str, int]]:
        line, position = 1, 0
        for match in _TOKEN.finditer(text):
            line += text.count("\n", position, match.start())
            position = match.start()
            yield match[0], line
        # The end comes again and again, so that looking one token ahead never fails.
        while True:
            yield "", line

    def take(self) -> tuple[str, int]:
        taken = self.next, self.line
        self.next, self.line = next(self._found)
        return taken


def _value(tokens: _Tokens, steps: Steps, found: dict[Steps, int]) -> None:
    mark, line = tokens.take()
    found.setdefault(steps, line)
    if mark == "{":
        while tokens.next not in ("}", ""):
            name, line = tokens.take()
            member = (*steps, json.loads(name, strict=False) if name[:1] == '"' else name)
            found[member] = line
            tokens.take()  # the colon
            _value(tokens, member, found)
            if tokens.next == ",":
                tokens.take()
        tokens.take()
    elif mark == "[":
        number = 0
        while tokens.next not in ("]", ""):
            _value(tokens, (*steps, number), found)
            number += 1
            if tokens.next == ",":
                tokens.take()
        tokens.take()
