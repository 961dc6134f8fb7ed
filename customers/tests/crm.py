"""Customers for tests: ACME with a contact and a number of its own for the part PUMP-100, and BETA."""

from django.db import transaction

from customers.models import Contact, Customer, CustomerPart, Portal
from customers.services import CONTACTS, CUSTOMER_PARTS, CUSTOMERS
from parts.services import PARTS
from records.services import Services
from records.tests.cast import BOB, NOW

ACME = {
    "number": "ACME",
    "company": "Acme Engines",
    "first_name": "Ada",
    "city": "Cleveland",
    "country": "USA",
    "state": "OH",
    "customer_type": "Bill To",
}


def added(services: Services, *records: dict) -> None:
    """Adds records as bob over a wire."""
    with transaction.atomic():
        outcomes = services.add(records=records, by=BOB, at=NOW)
    assert not [problem for outcome in outcomes for problem in outcome.problems]


def build() -> None:
    """All of it."""
    Portal.objects.create(name="Shop")
    Portal.objects.create(name="Help")
    added(PARTS, {"number": "PUMP-100", "description": {"en": "Pump, small"}, "price": {"USD": "250"}})
    added(CUSTOMERS, ACME, {"number": "BETA"})
    ada = {"portal": "Shop", "email": "ada@acme.example", "password": "a-long-secret"}
    added(CONTACTS, {"number": "A1", "customer": "ACME", "last_name": "Byron", "portals": [ada]})
    added(CUSTOMER_PARTS, {"customer": "ACME", "part": "PUMP-100", "number": "OUR-PUMP", "discount": "2.5"})


def acme() -> Customer:
    return Customer.objects.get(number="ACME")


def contact() -> Contact:
    return Contact.objects.get(number="A1")


def customer_part() -> CustomerPart:
    return CustomerPart.objects.get(number="OUR-PUMP")
