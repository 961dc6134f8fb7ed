"""
Addresses that testers may send to: this server's own service addresses, dispatched by path, whatever host is typed;
and the hosts in the setting TEST_PAGE_HOSTS.

    https://hub.example/v2_0/receiver/parts     local: the endpoint at that path, without HTTP
    /v2_0/receiver/parts                        the same
    https://twin.example/v2_0/receiver/parts    remote, when TEST_PAGE_HOSTS has twin.example; else local
    https://hub.example/admin/                  refused: no service has this address
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import SplitResult, quote, unquote, urlsplit

from records.customization import current_generation
from webservices.declarations import OPERATIONS
from webservices.publishing import for_site
from webservices.tester.errors import TesterError
from webservices.wire.dialects.base import Dialect
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.operations import Operation
from webservices.wire.reference.skeletons import skeleton_call

MAX_LENGTH = 4000
SCHEMES = ("http", "https")
FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\]")
WELL_ESCAPED = re.compile(r"(?:[^%]|%[0-9A-Fa-f]{2})*")


@dataclass(frozen=True)
class LocalAddress:
    """An address of this server: path and query as they were typed, percent-encoding included."""

    path: str
    query: str = ""


@dataclass(frozen=True)
class RemoteAddress:
    """An address of a host in TEST_PAGE_HOSTS."""

    scheme: str
    host: str
    port: int | None
    path: str
    query: str = ""


def parse_address(text: str, hosts: Collection[str] = (), here: str = "") -> LocalAddress | RemoteAddress:
    """
    Parse an address as it was typed; raises TesterError for one that is no plain http address.

    hosts  as in TEST_PAGE_HOSTS: `twin.example` (any port) or `twin.example:8443`
    here   scheme and host of this server, which is never reached over HTTP, whatever the setting names
    """
    text = text.strip()
    if not text:
        raise TesterError("Enter the address of a service.")
    if len(text) > MAX_LENGTH or FORBIDDEN.search(text):
        raise TesterError("An address holds no blanks, control characters or backslashes, and is at most 4,000 long.")
    split = _split(text)
    _check_path(split.path)
    # This server's own host stays local even when the setting names it: a call over HTTP to itself could wait for
    # the very worker that makes it.
    if split.netloc and _host_and_port(split) != _host_and_port(urlsplit(here)) and _is_allowed(split, hosts):
        return RemoteAddress(split.scheme, split.hostname or "", split.port, split.path, split.query)
    return LocalAddress(split.path, split.query)


def _split(text: str) -> SplitResult:
    try:
        split = urlsplit(text)
        _ = split.port  # urlsplit checks a port only when it is read
    except ValueError:
        raise TesterError("This is not an address.") from None
    if text.startswith("/") and not split.netloc and not text.startswith("//"):
        return split
    if split.scheme not in SCHEMES or not split.hostname:
        raise TesterError("An address begins with http://, https:// or a single slash.")
    if split.username is not None or split.password is not None:
        raise TesterError("An address names no user: credentials go into the message.")
    if split.fragment or "#" in text:
        raise TesterError("An address has no fragment; a # in a key is written %23.")
    return split


def _check_path(path: str) -> None:
    """Raise TesterError for a path with empty steps, `.` or `..`, however often they are encoded."""
    if not WELL_ESCAPED.fullmatch(path):
        raise TesterError("A % in an address begins two hexadecimal digits; by itself it is %25.")
    # Proxies and frameworks decode a path more than once: `%252e%252e` may become `..` behind this check.
    decoded = path
    for _ in range(3):
        if "//" in path or FORBIDDEN.search(decoded.replace(" ", "")) or {".", ".."} & set(decoded.split("/")):
            raise TesterError("The path of an address holds no empty step, no . and no ..")
        decoded = unquote(decoded)


def _is_allowed(split: SplitResult, hosts: Collection[str]) -> bool:
    host, port = _host_and_port(split)
    allowed = {name.strip().lower() for name in hosts}
    return host in allowed or f"{host}:{port}" in allowed


def _host_and_port(split: SplitResult) -> tuple[str, int | None]:
    return (split.hostname or "").lower().rstrip("."), split.port or {"http": 80, "https": 443}.get(split.scheme)


ANY_KEY = "{any key}"


def find_dialect(path: str) -> Dialect | None:
    """Find the dialect at a path (percent-encoded, with or without a slash at its end); None: it is no service."""
    return next((dialect for pattern, dialect in _routes(current_generation()) if pattern.fullmatch(path)), None)


# Custom fields and published APIs change the addresses: a generation has routes of its own.
@lru_cache(maxsize=4)
def _routes(generation: int) -> tuple[tuple[re.Pattern[str], Dialect], ...]:
    dialects = [for_site(dialect, generation) for dialect in DIALECTS]
    pairs = [(dialect, operation) for dialect in dialects for operation in OPERATIONS]
    found = {path: dialect for dialect, operation in pairs for path in _paths(dialect, operation)}
    # Operations come first: an extra path is a pattern, which may fit the address of an operation too.
    others = ((re.compile(pattern), dialect) for dialect in dialects for pattern in dialect.extra_paths)
    return (*((_pattern(path), dialect) for path, dialect in found.items()), *others)


def _paths(dialect: Dialect, operation: Operation) -> set[str]:
    key = dict.fromkeys((*operation.resource.key, "id"), ANY_KEY)
    calls = {
        context: skeleton_call(dialect, operation, key, None, "", context) for context in dialect.contexts(operation)
    }
    return {dialect.build_request(call, context).path for context, call in calls.items()}


def _pattern(path: str) -> re.Pattern[str]:
    # A key may hold an escaped slash, so it matches anything, not one step.
    fixed = re.escape(path.removesuffix("/"))
    return re.compile(fixed.replace(re.escape(quote(ANY_KEY, safe="")), ".+") + "/?")
