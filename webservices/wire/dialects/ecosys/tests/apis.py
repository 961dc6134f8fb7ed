"""An API over customers, as the base text's examples call one, and requests to it."""

from dataclasses import replace

from records.shapes.criteria import Comparator, Criterion
from webservices.declarations import OPERATIONS
from webservices.wire.dialects.ecosys.dialect import ECOSYS, ECOSYS_REST_JSON, ECOSYS_REST_XML
from webservices.wire.dialects.ecosys.published import (
    DEFAULT_APIS,
    Column,
    EcoSysSettings,
    Parameter,
    PublishedApi,
)
from webservices.wire.messages import WireRequest
from webservices.wire.operations import Action, Verb

SAMPLE = PublishedApi(
    "SampleObject",
    "customers",
    (Column("CostObjectID", "number"), Column("CostObjectName", "company"), Column("Site", "city", read_only=True)),
    parameters=(Parameter("filter", "province"), Parameter("sites", "city", Comparator.IN)),
)
NORTH = replace(SAMPLE, name="North", filter=(Criterion(("territory",), Comparator.EQUAL, ("North",)),))
STRICT = replace(SAMPLE, name="Strict", parameters=(Parameter("filter", "province", required=True),))
READ_ONLY = replace(SAMPLE, name="ReadOnly", may_update=False, may_insert=False, may_delete=False)
PRICES = PublishedApi(
    "Price.List",
    "parts",
    (Column("PartID", "number"), Column("Price", "price"), Column("Euro", "price.EUR"), Column("Text", "description")),
)
CHECK = PublishedApi("Validate", "customers", parameters=SAMPLE.parameters, event=Action.CHECK, log_level="DETAIL")
SETTINGS = EcoSysSettings(apis=(*DEFAULT_APIS, SAMPLE, NORTH, STRICT, READ_ONLY, PRICES, CHECK))

CUSTOMERS = {verb: OPERATIONS.get("customers", verb) for verb in Verb}
ADA = "<{0}Options><Username>ada</Username><Password>ada-ada!</Password>{1}</{0}Options>"


def envelope(content: str, version="http://schemas.xmlsoap.org/soap/envelope/", header="") -> bytes:
    return f'<e:Envelope xmlns:e="{version}">{header}<e:Body>{content}</e:Body></e:Envelope>'.encode()


def request(name: str, what: str, *objects: str, options: str | None = "", parameters: str = "") -> bytes:
    """A SOAP request of an API, called by ada; `options` beside her name and password, None: there are none."""
    head = "" if options is None else ADA.format(name, options)
    given = f"<{name}Parameters>{parameters}</{name}Parameters>" if parameters else ""
    wrapper = f"p:{name}{what}RequestElement"
    return envelope(f'<{wrapper} xmlns:p="http://ecosys.net/api/{name}">{head}{given}{"".join(objects)}</{wrapper}>')


def soap(body: bytes | str, name="SampleObject", query="", **headers: str):
    """Read a SOAP request."""
    body = body.encode() if isinstance(body, str) else body
    return ECOSYS.read(WireRequest("POST", f"/ecosys/api/soap/{name}", body, headers, query), OPERATIONS, SETTINGS)


def rest(method: str, path: str, query="", body: bytes = b"", media="xml", **headers: str):
    """Read a REST request."""
    dialect = {"xml": ECOSYS_REST_XML, "json": ECOSYS_REST_JSON}[media]
    path = f"/ecosys/api/rest{media}/{path}"
    return dialect.read(WireRequest(method, path, body, headers, query, "https://hub.example"), OPERATIONS, SETTINGS)
