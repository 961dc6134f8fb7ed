"""Shared by the tests of this dialect: requests, the reading of answers, and customers in the database."""

from lxml import etree

from customers.services import CUSTOMERS
from records.customization import resource
from records.shapes.values import Values
from records.tests.cast import ADA, NOW
from webservices.wire.dialects.sap.functions import NAMESPACE, PATH
from webservices.wire.soap.versions import SOAP_11

ENVELOPE = (
    '<soap:Envelope xmlns:soap="{soap}"><soap:Header>{header}</soap:Header>'
    "<soap:Body>{body}</soap:Body></soap:Envelope>"
)
PARAMETERS = (
    f'<CustomerAdministration xmlns="{NAMESPACE}"><username>{{user}}</username><password>{{word}}</password>'
    "<action>{action}</action><xml>{payload}</xml></CustomerAdministration>"
)
SEE_ME = f'<doUSeeMe xmlns="{NAMESPACE}"><username>{{user}}</username><password>{{word}}</password></doUSeeMe>'


def envelope(body: str, header: str = "", soap=SOAP_11) -> bytes:
    return ENVELOPE.format(soap=soap.namespace, header=header, body=body).encode()


def root(*customers: str, search: str = "", namespace: str = ' xmlns=""') -> str:
    """The document with these customers, each as the content of its element."""
    inside = "".join(f"<Customer>{customer}</Customer>" for customer in customers)
    return f"<Root{namespace}>{search}<Customers>{inside}</Customers></Root>"


def administration(action: str, payload: str, user: str = "ada", word: str = "ada-ada!", **more) -> bytes:
    """A whole request; `more` is for `envelope`."""
    return envelope(PARAMETERS.format(user=user, word=word, action=action, payload=payload), **more)


def customer(**fields: str) -> str:
    """`customer(LastName="Byron")`: the content of a customer's element."""
    return "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())


def named(last_name: str, **fields: str) -> str:
    """A customer with all that must be there."""
    return customer(**fields, LastName=last_name, Company="Engines")


def search(*fields: str, priority: str = "1", custom: str = "") -> str:
    inside = "".join(f"<SearchField>{field}</SearchField>" for field in fields)
    if custom:
        inside += f"<SearchCustomFields><CustomField><Name>{custom}</Name></CustomField></SearchCustomFields>"
    return f'<SearchFields Priority="{priority}">{inside}</SearchFields>'


def custom(name: str, value: str) -> str:
    field = f"<CustomField><Name>{name}</Name><Value>{value}</Value></CustomField>"
    return f"<CustomFields>{field}</CustomFields>"


def post(client, body: bytes, content_type: str = SOAP_11.content_type, **headers: str):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.generic("POST", PATH, body, content_type=content_type, headers=named)


class Result:
    """The Result of an answer: its status and message, its errors, and what else it holds."""

    def __init__(self, response):
        assert response.status_code == 200, response.content
        self.root = etree.fromstring(response.content).find(".//{*}CustomerAdministrationResult")[0]
        assert self.root.tag == "Result"  # in no namespace
        self.status, self.message = self.root.findtext("Status"), self.root.findtext("Message")
        self.errors = self.root.findall("Errors/Error")

    @property
    def codes(self) -> list[str]:
        return [error.findtext("ErrorCode") for error in self.errors]

    @property
    def messages(self) -> list[str]:
        return [error.findtext("Description") for error in self.errors]

    @property
    def customers(self) -> list[dict[str, str]]:
        """The customers that failed, as they are shown."""
        return [{child.tag: child.text or "" for child in error.find("Customer")} for error in self.errors]


def result(client, action: str, *customers: str, search: str = "", **more) -> Result:
    """Send a call and return its Result."""
    return Result(post(client, administration(action, root(*customers, search=search), **more)))


def add(*records: Values) -> None:
    """Add customers as another API does."""
    outcomes = CUSTOMERS.add(records=records, by=ADA, at=NOW, resource=resource(CUSTOMERS.resource))
    assert not [problem.text for outcome in outcomes for problem in outcome.problems]
