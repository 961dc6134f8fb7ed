"""
Send: through the door that everybody uses, inside this process; or over HTTP to a host that TEST_PAGE_HOSTS names.

The call runs as whoever its message names with a password. Where the wire has its password in the message and it is
empty, the signed-in user's single-use ticket is put there; where HTTP carries it, the door is told who is signed in.
That happens here alone, behind the page's own signed-in, CSRF-protected POST, and never for another host.

Another user, or an API key, that the sender presents for this one call goes where the wire has it (`presenting`).
"""

import http.client
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic, perf_counter

from lxml import etree

from webservices.access.identify import issue_ticket
from webservices.endpoint import passed
from webservices.exchanges.context import RequestContext
from webservices.exchanges.streaming_body import TooLong
from webservices.tester.errors import TesterError
from webservices.tester.send.addresses import Here, There
from webservices.tester.send.credentials import by_http, in_message, is_empty, places, readable
from webservices.tester.send.routing import service_at
from webservices.wire.contracts.annotations import strip_comments
from webservices.wire.credentials import Bearer, Password, SignedIn
from webservices.wire.dialects.base import Dialect
from webservices.wire.messages import WireRequest

TIMEOUT = 30.0  # seconds, of the whole answer of another host
LONGEST_ANSWER = 5 * 1024 * 1024
TOO_LONG = "The answer is longer than {:,} bytes."
ONLY_COMMENTS = re.compile(r"(\s*<!--.*?-->)*\s*", re.DOTALL)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Sender:
    """
    The signed-in user, and how their browser reached this server.

    presents  another user's name and password, or an API key, for one call; None: they call by themselves
    """

    user_id: int
    user_name: str
    address: str
    peer: str
    secure: bool
    presents: Password | Bearer | None = None


@dataclass(frozen=True)
class Sent:
    """
    What came back, and how long it took.

    passage  what became known of the call on its way, when it was this server's own
    """

    status: int
    reason: str
    body: bytes
    content_type: str
    milliseconds: float
    headers: Mapping[str, str] = field(default_factory=dict)
    elsewhere: str = ""
    passage: RequestContext | None = field(default=None, repr=False, compare=False)

    @property
    def call_id(self) -> str:
        """The id of the call, when it was this server's own."""
        return "" if self.elsewhere else self.headers.get("X-Call-Id", "")


def send(target: Here | There, method: str, text: str, headers: Mapping[str, str], sender: Sender) -> Sent:
    """Send the input; raises TesterError when no service has the address, or the host does not answer."""
    if method not in METHODS:
        raise TesterError(f"A request is one of {', '.join(METHODS)}.")
    headers = {name.lower(): value for name, value in headers.items()}
    dialect = service_at(target.path)
    if isinstance(target, There):
        body, headers = _presenting(dialect, _bare(text, "xml" in headers.get("content-type", "")), headers, sender)
        return _send_there(target, method, body, headers)
    if dialect is None:
        raise TesterError(f"No service of this server has the address {target.path}.")
    body = _bare(text, dialect.media == "xml")
    started = perf_counter()
    passage = _passed(dialect, target, method, body, headers, sender)
    milliseconds = (perf_counter() - started) * 1000
    response = passage.response
    reason = response.reason or http.client.responses.get(response.status, "")
    return Sent(
        response.status, reason, response.body, response.content_type, milliseconds, response.headers, passage=passage
    )


def _bare(text: str, is_xml: bool) -> bytes:
    """The body without the comments that only this page understands; those of XML are part of it, if there is any."""
    bare = ("" if ONLY_COMMENTS.fullmatch(text) else text) if is_xml else strip_comments(text)
    return bare.encode("utf-8", "surrogatepass")


def _presenting(
    dialect: Dialect | None, body: bytes, headers: Mapping[str, str], sender: Sender
) -> tuple[bytes, Mapping[str, str]]:
    """The request with whom the sender presents: in the message where it has a place, else by HTTP."""
    if sender.presents is None:
        return body, headers
    in_body = dialect is not None and dialect.media == "xml"
    body, placed = in_message(body, sender.presents, dialect.tickets) if in_body else (body, False)
    return body, headers if placed else {**headers, **by_http(sender.presents)}


def _passed(
    dialect: Dialect, target: Here, method: str, body: bytes, headers: Mapping[str, str], sender: Sender
) -> RequestContext:
    credentials: SignedIn | Password | None = None
    presented = sender.presents
    if presented is not None:
        body, headers = _presenting(dialect, body, headers, sender)
        by_door = isinstance(presented, Password) and "authorization" in headers
        credentials = presented if by_door else None
    elif dialect.media == "xml" and dialect.tickets:
        body = signed(body, sender, dialect.tickets)
    else:
        credentials = SignedIn(sender.user_id)
    request = WireRequest(
        method=method,
        path=target.path,
        body=body,
        headers=headers,
        query=target.query,
        address=sender.address,
        peer=sender.peer,
        secure=sender.secure,
    )
    try:
        return passed(dialect, request, credentials, longest=LONGEST_ANSWER)
    except TooLong:
        raise TesterError(TOO_LONG.format(LONGEST_ANSWER)) from None


def signed(body: bytes, sender: Sender, tickets: Mapping[str, str]) -> bytes:
    """
    The message with a single-use ticket where its secret is empty, when what stands beside it names the signed-in user.

    tickets  as a Dialect has it: `{"Password": "Username"}`; `{"sessionId": ""}` where nobody is named

    A message that cannot be read, or that has a document type, stays as it is: the door says what is wrong with it.
    """
    root = readable(body)
    for secret, name in places(root, tickets):
        if is_empty(secret) and (name is None or (name.text or "").strip() == sender.user_name):
            secret.text = issue_ticket(sender.user_id)
            return etree.tostring(root, encoding="UTF-8", xml_declaration=False)
    return body


def _send_there(target: There, method: str, body: bytes, headers: Mapping[str, str]) -> Sent:
    """One plain HTTP request without cookies or tickets; redirects are shown, not followed."""
    kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
    connection = kinds[target.scheme](target.host, target.port, timeout=TIMEOUT)
    url = f"{target.path or '/'}?{target.query}" if target.query else target.path or "/"
    started = perf_counter()
    try:
        connection.request(method, url, body or None, dict(headers))
        response = connection.getresponse()
        content = _read(response)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise TesterError(f"{target.host} does not answer: {type(error).__name__}.") from None
    finally:
        connection.close()
    milliseconds = (perf_counter() - started) * 1000
    kept = dict(response.getheaders())
    kind = response.getheader("Content-Type", "")
    return Sent(response.status, response.reason, content, kind, milliseconds, kept, elsewhere=target.host)


def _read(response: http.client.HTTPResponse) -> bytes:
    until, content = monotonic() + TIMEOUT, bytearray()
    while piece := response.read1(65536):
        content += piece
        if len(content) > LONGEST_ANSWER:
            raise TesterError(TOO_LONG.format(LONGEST_ANSWER))
        if monotonic() > until:
            raise TesterError(f"The answer takes longer than {TIMEOUT:.0f} seconds.")
    return bytes(content)
