"""
A collection of a file: our own, Postman's or SoapUI's.

Of another program's are read the requests, with the statuses that they expect, and the values. Hosts are left out, for
calls are sent to this server; so are credentials, for they are sent as whoever runs them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from records.shapes.problems import ProblemError
from records.shapes.values import quoted
from webservices.tester.collections.assertions.captures import NAME
from webservices.tester.collections.files import (
    LONGEST_NAME,
    MOST_CALLS,
    Call,
    Content,
    check_call,
    read_file,
    refuse_nul,
)
from webservices.tester.collections.import_postman import is_postman, of_postman
from webservices.tester.collections.import_soapui import of_soapui
from webservices.tester.collections.services import EXPECTED
from webservices.tester.compose.headers import checked
from webservices.tester.compose.redact import blanked
from webservices.tester.errors import TesterError
from webservices.tester.send.routing import service_at
from webservices.wire.json import read_json

HOST = re.compile(r"(?:https?://[^/?#]*|\{\{[^}]*\}\})(?=[/?]|$)")
ADDRESS = "address"  # what our own exports call this server


def read_any(body: bytes) -> Content:
    """The collection of a file; raises TesterError."""
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _of_here(of_soapui(body))
    try:
        found = read_json(body)
    except ProblemError as refused:
        raise TesterError(refused.problem.sentence()) from None
    if not is_postman(found):
        return read_file(body)
    refuse_nul(found)
    return _of_here(of_postman(found))


def _of_here(content: Content) -> Content:
    """The same as collections are here; raises TesterError."""
    if not 0 < len(content.calls) <= MOST_CALLS:
        raise TesterError(f"The file has {len(content.calls):,} requests; a collection has 1 to {MOST_CALLS:,}.")
    values = {name: value for name, value in content.values.items() if NAME.fullmatch(name) and name != ADDRESS}
    name, calls = content.name.strip()[:LONGEST_NAME], [*_named_apart(map(_call, content.calls))]
    return Content(name or "Imported", content.description[:2000], values, calls)


def _call(call: Call) -> Call:
    target = HOST.sub("", call.target.strip(), count=1) or "/"
    dialect = service_at(urlsplit(target).path)
    kept = replace(
        call,
        name=call.name.strip()[:LONGEST_NAME] or "call",
        target=target,
        dialect=dialect.name if dialect else "",
        headers=dict(_usable(call.headers)),
        body=blanked(call.body, dialect.secrets) if dialect else call.body,
        checks=call.checks or EXPECTED,
    )
    try:
        check_call(kept)
    except TesterError as wrong:
        raise TesterError(f"{quoted(kept.name)}: {wrong}") from None
    return kept


def _usable(headers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Those that a call may have."""
    for name, value in headers.items():
        try:
            yield checked(name, value)
        except TesterError:
            continue


def _named_apart(calls: Iterable[Call]) -> Iterator[Call]:
    """Each by a name of its own."""
    taken: set[str] = set()
    for call in calls:
        names = (call.name, *(f"{call.name[: LONGEST_NAME - 10]} {number}" for number in range(2, len(taken) + 3)))
        name = next(each for each in names if each not in taken)
        taken.add(name)
        yield replace(call, name=name)
