"""
A program that evaluates what testers write: XPath, JSONPath, regular expressions.

It reads a request a line, `{"kind": "xpath", "text": "<a>…</a>", "expression": "//b"}`, and answers each with a line,
`{"found": ["…"]}` or `{"wrong": "…"}`. It ends with its input, or when nothing is asked for a while.

It is a process because neither XPath nor JSONPath can be stopped from within: the kernel ends it when one request has
used SECONDS of the processor, and gives it no more than BYTES of memory. Free of Django.
"""

import json
import os
import resource
import select
import signal
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, cast

import regex
from jsonpath_rfc9535 import JSONPathError
from jsonpath_rfc9535 import find as find_json
from lxml import etree

from records.shapes.problems import ProblemError
from records.shapes.values import quote_text
from webservices.wire.json import Json, read_json, write_json
from webservices.wire.xml.documents import InvalidXml, parse_document

SECONDS = 2.0  # of the processor, for one request
BYTES = 1 << 30  # of memory, all in all
IDLE_SECONDS = 60
MAX_FOUND = 1_000_000  # characters of all texts that one expression finds
PRIORITY = 10  # below that of calls


class WrongExpressionError(ValueError):
    """An expression that cannot be evaluated; the sentence says why."""


def main() -> None:
    """Answer requests until there are no more."""
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    os.nice(PRIORITY)
    # The kernel's own action, which ends a process that computes in C, too.
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which closes our input
    while select.select([sys.stdin], [], [], IDLE_SECONDS)[0] and (line := sys.stdin.buffer.readline()):
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        answer = _answer(cast(Mapping[str, str], json.loads(line)))
        signal.setitimer(signal.ITIMER_PROF, 0)
        sys.stdout.write(answer + "\n")
        sys.stdout.flush()


def _answer(request: Mapping[str, str]) -> str:
    try:
        found = FINDERS[request["kind"]](request["text"], request["expression"])
        return write_json({"found": cast(Json, _limit(found))})
    except WrongExpressionError as wrong:
        return write_json({"wrong": str(wrong)})
    except MemoryError:
        return write_json({"wrong": f"{quote_text(request['expression'])} needs too much memory."})


def _limit(found: Iterable[str]) -> list[str]:
    texts, room = [], MAX_FOUND
    for text in found:
        room -= len(text)
        if room < 0:
            raise WrongExpressionError(f"It finds more than {MAX_FOUND:,} characters.")
        texts.append(text)
    return texts


def find_by_xpath(text: str, path: str) -> Iterable[str]:
    """Find the texts at an XPath in a document whose names have lost their namespaces."""
    root = _parse_last(text)
    if root is None:
        raise WrongExpressionError("The answer is not XML.")
    try:
        # regexp=False: the tester's own regular expressions are those of `matches`.
        # smart_strings=False: texts that know their element would keep the whole tree in memory.
        found: Any = etree.XPath(path, regexp=False, smart_strings=False)(root)
    except etree.XPathError as error:
        raise WrongExpressionError(f"{path} is no XPath: {error}.") from None
    return map(_text, found) if isinstance(found, list) else [_text(found)]


def find_by_jsonpath(text: str, path: str) -> Iterable[str]:
    """Find the values at a JSONPath; what is no text is written as JSON."""
    try:
        # Its types know no Decimal, which it passes through untouched.
        found = find_json(path, cast(Any, _parse_json(text))).values()
    except JSONPathError as error:
        raise WrongExpressionError(f"{path} is no JSONPath: {error}.") from None
    except ProblemError as refused:
        raise WrongExpressionError(refused.problem.sentence()) from None
    except RecursionError:
        raise WrongExpressionError(f"{path} goes too deep.") from None
    return (each if isinstance(each, str) else write_json(cast(Json, each)) for each in found)


def find_by_pattern(text: str, pattern: str) -> Iterable[str]:
    """Return what a regular expression matches first in a text, if anything."""
    try:
        match = regex.search(pattern, text)
    except regex.error as error:
        raise WrongExpressionError(f"{quote_text(pattern)} is no regular expression: {error}.") from None
    return [match[0]] if match else []


FINDERS: Mapping[str, Callable[[str, str], Iterable[str]]] = {
    "xpath": find_by_xpath,
    "jsonpath": find_by_jsonpath,
    "pattern": find_by_pattern,
}


def parse_bare(text: str) -> etree._Element | None:
    """Parse a document and drop its namespaces, so that paths need no prefixes; None: it is no XML."""
    try:
        root = parse_document(text.strip().encode(), remove_comments=True, remove_pis=True)
    except InvalidXml:
        return None
    for element in root.iter(etree.Element):
        element.tag = etree.QName(element).localname
        # A list first: an element's attributes cannot be renamed while they are iterated.
        for name in [name for name in element.attrib if name.startswith("{")]:
            element.set(etree.QName(name).localname, element.attrib.pop(name))
    return root


_parse_last = lru_cache(maxsize=1)(parse_bare)  # the checks of one answer come one after the other


@lru_cache(maxsize=1)
def _parse_json(text: str) -> Json:
    return read_json(text.encode())


def _text(found: object) -> str:
    match found:
        case bool():
            return "true" if found else "false"
        # XPath has floats only: the `count()` of two elements is 2.0, and a tester writes 2.
        case float():
            return f"{found:g}"
        case str():
            return found
    return "".join(found.itertext()).strip() if isinstance(found, etree._Element) else str(found)


if __name__ == "__main__":
    main()
