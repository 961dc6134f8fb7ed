"""
HTTP headers as testers type them, a line each:

    If-Match: "7"
    Idempotency-Key: 8e03
"""

import re
from collections.abc import Mapping

from records.shapes.values import quote_text
from webservices.tester.errors import TesterError

NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
# No line break: behind it another header could begin, one of those that are refused below.
VALUE = re.compile(r"[\t\x20-\x7e]{0,2000}")
# A tester must not act as another user by a header: the sender is selected, and the server checks who it is.
IDENTITY_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization"})
CONNECTION_HEADERS = frozenset({"connection", "content-length", "host", "transfer-encoding", "upgrade"})
DRY = "x-dry-run"


def parse_headers(text: str) -> dict[str, str]:
    """Parse headers, by their names in lower case; raises TesterError."""
    return dict(_header(line.strip()) for line in text.splitlines() if line.strip())


def _header(line: str) -> tuple[str, str]:
    name, colon, value = (part.strip() for part in line.partition(":"))
    if not colon:
        raise TesterError(f"{quote_text(line)} is no header, Name: value.")
    return check_header(name, value)


def check_header(name: str, value: str) -> tuple[str, str]:
    """Return the header, its name in lower case; raises TesterError for one that a tester may not set."""
    if not NAME.fullmatch(name):
        raise TesterError(f"{quote_text(name)} is no name of a header.")
    if name.lower() in IDENTITY_HEADERS:
        raise TesterError(f"{name} is no header to be typed: the sender is selected when the call is sent.")
    if name.lower() in CONNECTION_HEADERS:
        raise TesterError(f"{name} is no header to be typed: it follows from the address and the input.")
    if not VALUE.fullmatch(value):
        raise TesterError(f"The value of {name} has characters that a header cannot carry, or too many.")
    return name.lower(), value


def format_headers(headers: Mapping[str, str]) -> str:
    """Write headers as they are typed; undoes `parse_headers`."""
    return "\n".join(f"{name}: {value}" for name, value in headers.items())


def additional_headers(headers: Mapping[str, str], defaults: Mapping[str, str]) -> dict[str, str]:
    """The headers of a call that its API does not send by itself, without that of the dry run, which has a checkbox."""
    known = {name.lower(): value for name, value in defaults.items()}
    return {name: value for name, value in headers.items() if name != DRY and known.get(name) != value}
