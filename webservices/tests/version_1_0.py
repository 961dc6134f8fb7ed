"""What tests of version 1.0 share: messages, and a caller that keeps its session as clients do."""

from datetime import UTC, datetime, timedelta

from lxml import etree

from webservices import endpoint
from webservices.wire.dialects.oracle.dialect import ORACLE_1_0
from webservices.wire.messages import WireRequest

RECEIVER = "/v1_0/receiver"
BM = "urn:soap.bigmachines.com"
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def envelope(body: str, header: str = "") -> bytes:
    return (
        f'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:bm="{BM}">'
        f"<e:Header>{header}</e:Header><e:Body>{body}</e:Body></e:Envelope>"
    ).encode()


def session_block(token: str) -> str:
    return f"<bm:userInfo><bm:sessionId>{token}</bm:sessionId></bm:userInfo>"


def login(user: str, word: str, more: str = "") -> str:
    return (
        f"<bm:login><bm:userInfo><bm:username>{user}</bm:username><bm:password>{word}</bm:password>{more}</bm:userInfo>"
        "</bm:login>"
    )


def number_of(plural: str = "parts", number: str = "%") -> str:
    """A search by number."""
    wrapper = "".join(map(str.capitalize, plural.split("_")))
    return (
        f"<bm:get{wrapper}><bm:{wrapper}><bm:criteria><bm:field>{plural[:-1]}_number</bm:field><bm:value>{number}"
        f"</bm:value><bm:comparator>LIKE</bm:comparator></bm:criteria></bm:{wrapper}></bm:get{wrapper}>"
    )


class Client:
    """A client of version 1.0 with a clock of its own."""

    def __init__(self, at: datetime = NOON):
        self.at = at
        self.token = ""
        self.response = None

    def wait(self, **span: float) -> None:
        self.at += timedelta(**span)

    def send(self, body: str, header: str | None = None, **headers: str) -> etree._Element:
        """The Body's only child of the answer."""
        if header is None:
            header = session_block(self.token) if self.token else ""
        request = WireRequest("POST", RECEIVER, envelope(body, header), {"content-type": "text/xml", **headers})
        self.response = endpoint.serve(ORACLE_1_0, request, clock=lambda: self.at)
        return etree.fromstring(self.response.body).find("{*}Body")[0]

    def login(self, user: str = "ada", word: str = "ada-ada!", more: str = "") -> etree._Element:
        answer = self.send(login(user, word, more), "")
        self.token = answer.findtext(".//{*}sessionId") or ""
        return answer

    def code(self, body: str, header: str | None = None, **headers: str) -> str:
        """The exception code of the answer; "" when it is no fault."""
        return self.send(body, header, **headers).findtext(".//{*}exceptionCode") or ""
