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
    NAME_LENGTH,
    MAX_CALLS,
    CallContent,
    CollectionContent,
    check_call,
    read_file,
    reject_nul,
)
from webservices.tester.collections.import_postman import is_postman, import_postman
from webservices.tester.collections.import_soapui import import_soapui
from webservices.tester.collections.files import DEFAULT_CHECKS
from webservices.tester.compose.headers import check_header
from webservices.tester.compose.redact import redact
from webservices.tester.errors import TesterError
from webservices.tester.send.routing import find_dialect
from webservices.wire.json import read_json

HOST = re.compile(r"(?:https?://[^/?#]*|\{\{[^}]*\}\})(?=[/?]|$)")
ADDRESS = "address"  # what our own exports call this server


def import_file(body: bytes) -> CollectionContent:
    """The collection of a file; raises TesterError."""
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _adapt(import_soapui(body))
    try:
        found = read_json(body)
    except ProblemError as refused:
        raise TesterError(refused.problem.sentence()) from None
    if not is_postman(found):
        return read_file(body)
    reject_nul(found)
    return _adapt(import_postman(found))


def _adapt(content: CollectionContent) -> CollectionContent:
    """The same as collections are here; raises TesterError."""
    if not 0 < len(content.calls) <= MAX_CALLS:
        raise TesterError(f"The file has {len(content.calls):,} requests; a collection has 1 to {MAX_CALLS:,}.")
    values = {name: value for name, value in content.values.items() if NAME.fullmatch(name) and name != ADDRESS}
    name, calls = content.name.strip()[:NAME_LENGTH], [*_make_names_unique(map(_call, content.calls))]
    return CollectionContent(name or "Imported", content.description[:2000], values, calls)


def _call(call: CallContent) -> CallContent:
    target = HOST.sub("", call.target.strip(), count=1) or "/"
    dialect = find_dialect(urlsplit(target).path)
    adapted = replace(
        call,
        name=call.name.strip()[:NAME_LENGTH] or "call",
        target=target,
        dialect=dialect.name if dialect else "",
        headers=dict(_allowed_headers(call.headers)),
        body=redact(call.body, dialect.secrets) if dialect else call.body,
        checks=call.checks or DEFAULT_CHECKS,
    )
    try:
        check_call(adapted)
    except TesterError as wrong:
        raise TesterError(f"{quoted(to_json.name)}: {wrong}") from None
    return adapted


def _allowed_headers(headers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Those that a call may have."""
    for name, value in headers.items():
        try:
            yield check_header(name, value)
        except TesterError:
            continue


def _make_names_unique(calls: Iterable[CallContent]) -> Iterator[CallContent]:
    """Each by a name of its own."""
    capture_values: set[str] = set()
    for call in calls:
        names = (call.name, *(f"{call.name[: NAME_LENGTH - 10]} {number}" for number in range(2, len(capture_values) + 3)))
        name = next(each for each in names if each not in capture_values)
        capture_values.add(name)
        yield replace(call, name=name)
