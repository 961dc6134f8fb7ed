"""Oracle CPQ's REST interface as its clients call it: plain HTTP, by Basic, `q` often as it is typed."""

from functools import partialmethod

import pytest

from parts.services import PARTS
from records.models import CustomField
from records.tests.cast import ADA, NOW
from webservices import publishing
from webservices.tests.rest_client import Rest

PARTS_OF_TESTS = [
    {
        "number": "PUMP-100",
        "display_number": "P100",
        "description": {"en": "Pump, small", "de": "Pumpe, klein"},
        "price": {"USD": "250.00", "EUR": "230.00"},
        "lead_time": "14",
        "units": "2",
        "external_key_1": "PIM-1",
        "eligible_to_sell": "true",
        "notes": "Comes with a gasket.",
        "company_associations": ["Acme"],
        "extended_description_1": {"en": "Cast iron.", "de": "Gusseisen."},
    },
    {"number": "PUMP-200", "description": {"en": "Pump, medium"}, "lead_time": "3", "direct_buy": "2"},
    {"number": "HOSE", "lead_time": "3"},
    {"number": "4711", "lead_time": "7"},
]


class Setups(Rest):
    """Calls as ada; a path begins behind the version: `cpq.get("partSetups?q={partNumber:'X'}")`."""

    version = 19

    def send(self, method, path, body=None, **headers):
        whole = path if path.startswith("/") else f"/rest/v{self.version}/{path}"
        return super().send(method, whole, body, **headers)

    def part(self, number):
        """The part as it is answered."""
        (found,) = self.get(f"partSetups?q={{partNumber:'{number}'}}").json["items"]
        return found

    def id(self, number):
        return self.part(number)["id"]

    get = partialmethod(send, "GET")
    post = partialmethod(send, "POST")
    put = partialmethod(send, "PUT")
    patch = partialmethod(send, "PATCH")
    delete = partialmethod(send, "DELETE")


@pytest.fixture
def cpq(ada):
    PARTS.add(records=PARTS_OF_TESTS, by=ADA, at=NOW)
    return Setups("ada", "ada-ada!")


@pytest.fixture
def custom_fields(db):
    """A number, a text and a menu, as a site of Oracle's has them."""
    defined = [
        CustomField(resource="part", name="5", label="Cost", type="number"),
        CustomField(resource="part", name="9", label="Product", type="text"),
        CustomField(resource="part", name="10", label="Type", type="menu", choices=["External", "Internal"]),
    ]
    CustomField.objects.bulk_create(defined)
    return publishing.current_operations()
