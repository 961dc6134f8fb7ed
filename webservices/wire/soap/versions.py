"""
The two versions of SOAP, as data.

    1.1   <soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">    text/xml
    1.2   <soapenv:Envelope xmlns:soapenv="http://www.w3.org/2003/05/soap-envelope">      application/soap+xml
"""

from collections.abc import Mapping
from dataclasses import dataclass

from webservices.wire.xml.namespaces import (
    SOAP_11_ENVELOPE,
    SOAP_11_NEXT,
    SOAP_12_ENVELOPE,
    SOAP_12_NEXT,
    SOAP_12_ULTIMATE_RECEIVER,
)


@dataclass(frozen=True)
class SoapVersion:
    """
    One version of SOAP.

    media_type      what its messages are over HTTP
    actor           the attribute that says whom a header block is for; `ours` are its values that mean this server
    statuses        HTTP status by fault code; every other code has 500
    """

    name: str
    namespace: str
    media_type: str
    actor: str
    ours: frozenset[str]
    statuses: Mapping[str, int]

    # Of the name alone: `statuses` is a dict, which has no hash.
    def __hash__(self) -> int:
        return hash(self.name)

    @property
    def content_type(self) -> str:
        """The content type of an answer."""
        return f"{self.media_type}; charset=UTF-8"


SOAP_11 = SoapVersion(
    name="1.1",
    namespace=SOAP_11_ENVELOPE,
    media_type="text/xml",
    actor="actor",
    ours=frozenset({"", SOAP_11_NEXT}),
    # SOAP 1.1 has the status 500 for every fault (6.2); SOAP 1.2 tells the sender's own with 400.
    statuses={},
)
SOAP_12 = SoapVersion(
    name="1.2",
    namespace=SOAP_12_ENVELOPE,
    media_type="application/soap+xml",
    actor="role",
    ours=frozenset({"", SOAP_12_NEXT, SOAP_12_ULTIMATE_RECEIVER}),
    statuses={"Sender": 400},
)
VERSIONS = {version.namespace: version for version in (SOAP_11, SOAP_12)}


def version_announced(content_type: str) -> SoapVersion:
    """The version that a message's content type announces, before its envelope is read."""
    return SOAP_12 if content_type.lower().startswith(SOAP_12.media_type) else SOAP_11
