"""
Import of a collection from a file: our own, Postman's or SoapUI's.

Files of other programs give requests, the statuses that they expect, and values. Hosts are left out, since calls are
sent to this server; so are credentials, since calls are sent as the user who runs them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from records.shapes.problems import ProblemError
from records.shapes.values import quote_text
from webservices.tester.collections.assertions.captures import NAME
from webservices.tester.collections.files import (
    MAX_CALLS,
    NAME_LENGTH,
    CallContent,
    CollectionContent,
    check_call,
    read_file,
    reject_nul,
)
from webservices.tester.collections.import_postman import import_postman, is_postman
from webservices.tester.collections.import_soapui import import_soapui
from webservices.tester.collections.sign_in import remove_credentials
from webservices.tester.compose.headers import check_header
from webservices.tester.errors import TesterError
from webservices.tester.send.addresses import find_dialect
from webservices.wire.json import read_json

# Many files of Postman have the host in a variable: `{{baseUrl}}/parts`.
HOST = re.compile(r"(?:https?://[^/?#]*|\{\{[^}]*\}\})(?=[/?]|$)")


def import_file(body: bytes) -> CollectionContent:
    """Import a collection from a file; raises TesterError."""
    # A byte order mark may come before the first sign of the file.
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _adapt(import_soapui(body))
    try:
        found = read_json(body)
    except ProblemError as refused:
        raise TesterError(refused.problem.sentence()) from None
    if not isinstance(found, dict) or not is_postman(found):
        return read_file(body)
    reject_nul(found)
    return _adapt(import_postman(found))


def _adapt(content: CollectionContent) -> CollectionContent:
    """Adapt the content to the limits of collections here; raises TesterError."""
    if not 0 < len(content.calls) <= MAX_CALLS:
        raise TesterError(f"The file has {len(content.calls):,} requests; a collection has 1 to {MAX_CALLS:,}.")
    content = remove_credentials(content)
    values = {name: value for name, value in content.values.items() if NAME.fullmatch(name)}
    name, calls = content.name.strip()[:NAME_LENGTH], [*_make_names_unique(map(_call, content.calls))]
    return CollectionContent(name or "Imported", content.description[:2000], values, calls)


def _call(call: CallContent) -> CallContent:
    target = HOST.sub("", call.target.strip(), count=1) or "/"
    dialect = find_dialect(urlsplit(target).path)
    adapted = replace(
        call,
        name=call.name.strip()[:NAME_LENGTH] or "call",
        target=target,
        dialect=call.dialect or (dialect.name if dialect else ""),
        headers=dict(_allowed_headers(call.headers)),
    )
    try:
        check_call(adapted)
    except TesterError as wrong:
        raise TesterError(f"{quote_text(adapted.name)}: {wrong}") from None
    return adapted


def _allowed_headers(headers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Leave out the headers that testers may not set."""
    for name, value in headers.items():
        try:
            yield check_header(name, value)
        except TesterError:
            continue


def _make_names_unique(calls: Iterable[CallContent]) -> Iterator[CallContent]:
    """Give each call a name of its own."""
    used: set[str] = set()
    for call in calls:
        names = (call.name, *(f"{call.name[: NAME_LENGTH - 10]} {number}" for number in range(2, len(used) + 3)))
        name = next(each for each in names if each not in used)
        used.add(name)
        yield replace(call, name=name)
