"""The base text's API over customers as a site publishes it, and calls to EcoSys over HTTP."""

from base64 import b64encode

from django.test import Client
from lxml import etree

from customers.services import CUSTOMERS
from records.tests.cast import ADA, NOW
from webservices.tests.test_publishing import publish
from webservices.wire.dialects.ecosys.tests.apis import request

SOAP = "/ecosys/api/soap/"
REST_XML = "/ecosys/api/restxml/"
REST_JSON = "/ecosys/api/restjson/"


def publish_sample(name="SampleObject", filter=(), **switches):
    """SampleObject: customers, known by CostObjectID; the parameter `filter` compares their province."""
    return publish(
        name,
        "customers",
        columns=[("CostObjectID", "number"), ("CostObjectName", "company"), ("Site", "city", True)],
        filter=filter,
        parameters=[("filter", "province", "=", False)],
        **switches,
    )


def customer(number, **fields):
    (outcome,) = CUSTOMERS.add(records=[{"number": number, **fields}], by=ADA, at=NOW)
    assert not outcome.failed


def post(body, name="SampleObject", client=None, **extra):
    body = body if isinstance(body, bytes) else body.encode()
    return (client or Client()).generic("POST", f"{SOAP}{name}", body, content_type="text/xml; charset=UTF-8", **extra)


def call(name, what, *objects, client=None, **said):
    """A call by ada, and the element of its answer."""
    return inside(post(request(name, what, *objects, **said), name, client))


def inside(response):
    """What the Body of an answer holds."""
    return etree.fromstring(response.content)[-1][0]


def results(answer):
    """Of each object, whether it succeeded, and the reason codes of its messages."""
    return [
        (each.get("successFlag") == "true", [message.get("reasonCode") for message in each])
        for each in answer.iterfind("ObjectResult")
    ]


def messages(answer):
    return [each.text for each in answer.iterfind("ObjectResult/ResultMessage/Message")]


def fault(response):
    """Code and sentence of a fault."""
    found = inside(response)
    return found.findtext("faultcode"), found.findtext("faultstring")


def basic(user, word):
    """The header that says who is calling."""
    return "Basic " + b64encode(f"{user}:{word}".encode()).decode()
