"""
Send a call: to the endpoint that every caller uses, inside this process; or over HTTP to a host in TEST_PAGE_HOSTS.

The call runs as the user whose name and password are in its message. Where the wire has the password in the message and
it is empty, a single-use ticket of the signed-in user is put there; where HTTP carries it, the endpoint is told who is
signed in. Both happen here alone, behind the page's own signed-in, CSRF-protected POST, and never for another host.

Credentials that the sender typed for one call go to their place in the wire (`credentials`).
"""

import http.client
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic, perf_counter

from webservices.access.identify import issue_ticket
from webservices.endpoint import serve_and_report
from webservices.exchanges.context import CompletedCall
from webservices.exchanges.masking import encode_text
from webservices.exchanges.streaming_body import TooLong
from webservices.tester.errors import TesterError
from webservices.tester.send.addresses import LocalAddress, RemoteAddress, find_dialect
from webservices.tester.send.credentials import (
    authorization_header,
    find_secrets,
    insert_credentials,
    is_empty,
    parse_message,
    set_texts,
)
from webservices.wire.contracts.annotations import strip_comments
from webservices.wire.credentials import Bearer, Password, SignedIn
from webservices.wire.dialects.base import Dialect
from webservices.wire.messages import WireRequest

TIMEOUT_SECONDS = 30.0  # of the whole answer of another host, not of each read
MAX_ANSWER_BYTES = 5 * 1024 * 1024
TOO_LONG = "The answer is longer than {:,} bytes."
DECLARED = re.compile(r"""\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([\w.:-]+)["']""", re.ASCII)
ONLY_COMMENTS = re.compile(r"(\s*<!--.*?-->)*\s*", re.DOTALL)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Sender:
    """
    The signed-in user, and how their browser reached this server.

    credentials  another user's name and password, or an API key, for one call; None: the user's own call
    """

    user_id: int
    user_name: str
    address: str
    peer: str
    secure: bool
    credentials: Password | Bearer | None = None


@dataclass(frozen=True)
class Response:
    """
    The response to a call, with the time that it took.

    host       that answered, when it was another one than this server
    completed  the call inside this server, with its answer; None when another server answered
    """

    status: int
    reason: str
    body: bytes
    content_type: str
    milliseconds: float
    headers: Mapping[str, str] = field(default_factory=dict)
    host: str = ""
    completed: CompletedCall | None = field(default=None, repr=False, compare=False)

    @property
    def call_id(self) -> str:
        """The id of the call; "" when another server answered."""
        return "" if self.host else self.headers.get("X-Call-Id", "")


def send_call(
    target: LocalAddress | RemoteAddress,
    method: str,
    text: str,
    headers: Mapping[str, str],
    sender: Sender,
    encoding: str = "",
) -> Response:
    """
    Send a call; raises TesterError when no service has the address, or the host does not answer.

    encoding  of the body, as `encode_text` takes it; "": the one that its XML declares, or UTF-8
    """
    if method not in METHODS:
        raise TesterError(f"A request is one of {', '.join(METHODS)}.")
    headers = {name.lower(): value for name, value in headers.items()}
    dialect = find_dialect(target.path)
    if isinstance(target, RemoteAddress):
        body = _encode_body(text, "xml" in headers.get("content-type", ""), encoding)
        body, headers = _add_credentials(dialect, body, headers, sender)
        return _send_remote(target, method, body, headers)
    if dialect is None:
        raise TesterError(f"No service of this server has the address {target.path}.")
    body = _encode_body(text, dialect.media == "xml", encoding)
    started = perf_counter()
    completed = _send_local(dialect, target, method, body, headers, sender)
    milliseconds = (perf_counter() - started) * 1000
    response = completed.response
    reason = response.reason or http.client.responses.get(response.status, "")
    return Response(
        response.status,
        reason,
        response.body,
        response.content_type,
        milliseconds,
        response.headers,
        completed=completed,
    )


def _encode_body(text: str, is_xml: bool, encoding: str = "") -> bytes:
    """Encode the input as a body, without the comments of JSON, which only this page knows; XML keeps its own."""
    if encoding:  # a message as it came: it has no comments of this page
        return encode_text(text, encoding)
    bare = ("" if ONLY_COMMENTS.fullmatch(text) else text) if is_xml else strip_comments(text)
    declared = DECLARED.match(bare) if is_xml else None
    try:
        return encode_text(bare, declared[1] if declared else "utf-8")
    except (LookupError, UnicodeEncodeError):
        return bare.encode("utf-8", "surrogatepass")


def _add_credentials(
    dialect: Dialect | None, body: bytes, headers: Mapping[str, str], sender: Sender
) -> tuple[bytes, Mapping[str, str]]:
    """Add the sender's credentials: to the message where it has elements for them, else as a header."""
    if sender.credentials is None:
        return body, headers
    is_inserted = False
    if dialect is not None and dialect.media == "xml":
        body, is_inserted = insert_credentials(body, sender.credentials, dialect.tickets)
    return body, headers if is_inserted else {**headers, **authorization_header(sender.credentials)}


def _send_local(
    dialect: Dialect, target: LocalAddress, method: str, body: bytes, headers: Mapping[str, str], sender: Sender
) -> CompletedCall:
    credentials: SignedIn | Password | None = None
    if sender.credentials is not None:
        body, headers = _add_credentials(dialect, body, headers, sender)
        # A wire without HTTP Basic would ignore the header; a name and a password also go to the endpoint directly.
        if isinstance(sender.credentials, Password) and "authorization" in headers:
            credentials = sender.credentials
    elif dialect.media == "xml" and dialect.tickets:
        # The user's password is known to nobody here; a ticket stands for it once, in this process.
        body = insert_ticket(body, sender, dialect.tickets)
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
        return serve_and_report(dialect, request, credentials, longest=MAX_ANSWER_BYTES)
    except TooLong:
        raise TesterError(TOO_LONG.format(MAX_ANSWER_BYTES)) from None


def insert_ticket(body: bytes, sender: Sender, tickets: Mapping[str, str]) -> bytes:
    """
    Put a single-use ticket into the empty secret of a message whose user name is that of the signed-in user.

    tickets  as a Dialect has it: `{"Password": "Username"}`; `{"sessionId": ""}` for a secret without a user name

    A message that cannot be read, or that has a document type, stays as it is: the endpoint will refuse it.
    """
    root = parse_message(body)
    if root is None:
        return body
    for secret, name in find_secrets(root, tickets):
        if is_empty(secret) and (name is None or (name.text or "").strip() == sender.user_name):
            return set_texts(body, root, {secret: issue_ticket(sender.user_id)})
    return body


def _send_remote(target: RemoteAddress, method: str, body: bytes, headers: Mapping[str, str]) -> Response:
    """One plain HTTP request without cookies or tickets; redirects are shown, not followed."""
    kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
    connection = kinds[target.scheme](target.host, target.port, timeout=TIMEOUT_SECONDS)
    url = f"{target.path or '/'}?{target.query}" if target.query else target.path or "/"
    started = perf_counter()
    try:
        # `or None`: an empty body would give a GET a Content-Length.
        connection.request(method, url, body or None, dict(headers))
        response = connection.getresponse()
        content = _read(response)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise TesterError(f"{target.host} does not answer: {type(error).__name__}.") from None
    finally:
        connection.close()
    milliseconds = (perf_counter() - started) * 1000
    received = dict(response.getheaders())
    kind = response.getheader("Content-Type", "")
    return Response(response.status, response.reason, content, kind, milliseconds, received, host=target.host)


def _read(response: http.client.HTTPResponse) -> bytes:
    until, content = monotonic() + TIMEOUT_SECONDS, bytearray()
    # read1, not read: it returns after each packet, so that a host that sends drop by drop meets the limit of time.
    while chunk := response.read1(65536):
        content += chunk
        if len(content) > MAX_ANSWER_BYTES:
            raise TesterError(TOO_LONG.format(MAX_ANSWER_BYTES))
        if monotonic() > until:
            raise TesterError(f"The answer takes longer than {TIMEOUT_SECONDS:.0f} seconds.")
    return bytes(content)
