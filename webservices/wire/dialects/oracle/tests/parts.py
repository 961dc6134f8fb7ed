"""What the tests of this dialect share: parts with custom fields, the spec's own messages, and shorthands."""

from datetime import UTC, datetime

from lxml import etree

from records.shapes.fields import Kind, ScalarField
from webservices.declarations import OPERATIONS
from webservices.wire.dialects.oracle.dialect import ORACLE_2_0
from webservices.wire.dialects.oracle.names import SERVICES
from webservices.wire.messages import WireRequest
from webservices.wire.operations import Verb

NOW = datetime(2017, 6, 4, 18, 43, 24, tzinfo=UTC)

CUSTOM = [
    ScalarField("custom_field1", label="Family", max_length=255, custom=True, nullable=True),
    ScalarField("custom_field5", Kind.DECIMAL, label="Weight", custom=True, nullable=True),
    ScalarField("custom_until", Kind.DATE, label="Until", custom=True, nullable=True),
    ScalarField(
        "custom_tier", label="Tier", choices=(("Gold", "Gold"), ("Tin & lead", "")), custom=True, nullable=True
    ),
]
PART = OPERATIONS.get("parts", Verb.FIND).resource.add_custom_fields(CUSTOM, 7)
EXTENDED = OPERATIONS.replace_resources({"parts": PART}, 7)
PLURALS = tuple(SERVICES)  # of the records that have a service

ADDRESS = "https://hub.example/v2_0/receiver/parts"
PARTS = "http://xmlns.oracle.com/cpqcloud/parts"
OLD = "urn:soap.bigmachines.com"
BM = {"bm": PARTS}

GET_PARTS = b"""\
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">
  <soapenv:Header>
    <wsse:Security
        xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
        xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd">
      <wsse:UsernameToken wsu:Id="UsernameToken-2">
        <wsse:Username>erp_sync</wsse:Username>
        <wsse:Password
          Type="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText"
          >s3cret</wsse:Password>
      </wsse:UsernameToken>
    </wsse:Security>
  </soapenv:Header>
  <soapenv:Body>
    <bm:getParts xmlns:bm="http://xmlns.oracle.com/cpqcloud/parts">
      <bm:Parts>
        <bm:criteria>
          <bm:field>part_number</bm:field><bm:value>PUMP-100</bm:value><bm:comparator>=</bm:comparator>
        </bm:criteria>
      </bm:Parts>
    </bm:getParts>
  </soapenv:Body>
</soapenv:Envelope>
"""

ENVELOPE = (
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">'
    "<soapenv:Header>{header}</soapenv:Header><soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>"
)


def message(body: str, header: str = "") -> bytes:
    return ENVELOPE.format(header=header, body=body).encode()


def asked(name: str, content: str, namespace: str = PARTS) -> str:
    """An operation with the content of its Parts."""
    return f'<bm:{name} xmlns:bm="{namespace}"><bm:Parts>{content}</bm:Parts></bm:{name}>'


def record(content: str, name: str = "modifyParts") -> str:
    return asked(name, f"<bm:each_record>{content}</bm:each_record>")


def criterion(field: str, value: str, comparator: str) -> str:
    return (
        f"<bm:criteria><bm:field>{field}</bm:field><bm:value>{value}</bm:value>"
        f"<bm:comparator>{comparator}</bm:comparator></bm:criteria>"
    )


def request(body: bytes, path: str = "/v2_0/receiver/parts", **headers: str) -> WireRequest:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return WireRequest("POST", path, body, {"content-type": "text/xml; charset=UTF-8", **named})


def read(body: bytes, path: str = "/v2_0/receiver/parts", settings=ORACLE_2_0.settings, **headers: str):
    return ORACLE_2_0.read(request(body, path, **headers), EXTENDED, settings)


def operation(verb: Verb, plural: str = "parts"):
    return EXTENDED.get(plural, verb)


def resource(plural: str):
    """The resource as the tests' site has extended it."""
    return operation(Verb.FIND, plural).resource


def context(verb: Verb = Verb.PUT, which: int = 0):
    """SOAP 1.1, or 1.2 when `which` is 1."""
    return ORACLE_2_0.contexts(operation(verb))[which]


def body_of(response) -> etree._Element:
    """The Body's only child."""
    return etree.fromstring(response.body).find("{*}Body")[0]


def text(element: etree._Element, path: str, namespaces=None) -> str | None:
    return element.findtext(path, namespaces=namespaces or BM)
