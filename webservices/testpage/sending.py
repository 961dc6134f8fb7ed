"""
Send: through the door that everybody uses, inside this process; or over HTTP to a host that TEST_PAGE_HOSTS names.

The call runs as whoever its message names with a password. Where the wire has its password in the message and it is
empty, the signed-in user's single-use ticket is put there; where HTTP carries it, the door is told who is signed in.
That happens here alone, behind the page's own signed-in, CSRF-protected POST, and never for another host.
"""

import http.client
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic, perf_counter

from lxml import etree

from webservices.access import issue_ticket
from webservices.contracts.annotations import strip_comments
from webservices.dialects.shape import Dialect
from webservices.door import serve
from webservices.messages import SignedIn, WireRequest
from webservices.testpage.addresses import Here, OutOfReach, There
from webservices.testpage.services import service_at

TIMEOUT = 30.0  # seconds, of the whole answer of another host
LONGEST_ANSWER = 5 * 1024 * 1024
ONLY_COMMENTS = re.compile(r"(\s*<!--.*?-->)*\s*", re.DOTALL)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Sender:
    """The signed-in user, and how their browser reached this server."""

    user_id: int
    user_name: str
    address: str
    peer: str
    secure: bool


@dataclass(frozen=True)
class Sent:
    """What came back, and how long it took."""

    status: int
    reason: str
    body: bytes
    content_type: str
    milliseconds: float
    headers: Mapping[str, str] = field(default_factory=dict)
    elsewhere: str = ""

    @property
    def call_id(self) -> str:
        """The id of the call, when it was this server's own."""
        return "" if self.elsewhere else self.headers.get("X-Call-Id", "")


def send(target: Here | There, method: str, text: str, headers: Mapping[str, str], sender: Sender) -> Sent:
    """Send the input; raises OutOfReach when no service has the address, or the host does not answer."""
    if method not in METHODS:
        raise OutOfReach(f"A request is one of {', '.join(METHODS)}.")
    headers = {name.lower(): value for name, value in headers.items()}
    if isinstance(target, There):
        return _send_there(target, method, _bare(text, "xml" in headers.get("content-type", "")), headers)
    dialect = service_at(target.path)
    if dialect is None:
        raise OutOfReach(f"No service of this server has the address {target.path}.")
    body = _bare(text, dialect.media == "xml")
    started = perf_counter()
    response = _serve(dialect, target, method, body, headers, sender)
    milliseconds = (perf_counter() - started) * 1000
    reason = response.reason or http.client.responses.get(response.status, "")
    return Sent(response.status, reason, response.body, response.content_type, milliseconds, response.headers)


def _bare(text: str, is_xml: bool) -> bytes:
    """The body without the comments that only this page understands; those of XML are part of it, if there is any."""
    bare = ("" if ONLY_COMMENTS.fullmatch(text) else text) if is_xml else strip_comments(text)
    return bare.encode("utf-8", "surrogatepass")


def _serve(dialect: Dialect, target: Here, method: str, body: bytes, headers: Mapping[str, str], sender: Sender):
    in_message = dialect.media == "xml" and bool(dialect.tickets)
    request = WireRequest(
        method=method,
        path=target.path,
        body=signed(body, sender, dialect.tickets) if in_message else body,
        headers=headers,
        query=target.query,
        address=sender.address,
        peer=sender.peer,
        secure=sender.secure,
    )
    return serve(dialect, request, None if in_message else SignedIn(sender.user_id))


def signed(body: bytes, sender: Sender, tickets: Mapping[str, str]) -> bytes:
    """
    The message with a single-use ticket where its secret is empty, when what stands beside it names the signed-in user.

    tickets  as a Dialect has it: `{"Password": "Username"}`; `{"sessionId": ""}` where nobody is named

    A message that cannot be read, or that has a document type, stays as it is: the door says what is wrong with it.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return body
    if root.getroottree().docinfo.doctype:
        return body
    for place, beside in tickets.items():
        for secret in root.iter(f"{{*}}{place}"):
            if _is_empty(secret) and (not beside or _named_before(secret, beside) == sender.user_name):
                secret.text = issue_ticket(sender.user_id)
                return etree.tostring(root, encoding="UTF-8", xml_declaration=False)
    return body


def _is_empty(secret: etree._Element) -> bool:
    return not len(secret) and not (secret.text or "").strip()


def _named_before(secret: etree._Element, beside: str) -> str:
    """Whom the element before the secret names."""
    names = [each.text or "" for each in secret.itersiblings(f"{{*}}{beside}", preceding=True)]
    return names[0].strip() if names else ""


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
        raise OutOfReach(f"{target.host} does not answer: {type(error).__name__}.") from None
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
            raise OutOfReach(f"The answer is longer than {LONGEST_ANSWER:,} bytes.")
        if monotonic() > until:
            raise OutOfReach(f"The answer takes longer than {TIMEOUT:.0f} seconds.")
    return bytes(content)
