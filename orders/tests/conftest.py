"""The fixtures of these tests."""

import pytest

from customers.services import CONTACTS, CUSTOMER_PARTS, CUSTOMERS
from orders.tests.orders import sentences, write
from parts.services import PARTS
from parts.tests.catalogue import _nothing_defined, ada, person  # noqa: F401


@pytest.fixture
def world(db):
    """Two parts that are sold and one that is not, three customers with their contacts and their own numbers."""
    parts = [
        {"number": "PUMP", "price": {"USD": "250", "JPY": "30000"}},
        {"number": "VALVE", "prices": [
            {"currency": "USD", "amount": "10"},
            {"currency": "USD", "amount": "9", "minimum_quantity": "10"},
            {"currency": "USD", "amount": "8", "minimum_quantity": "10", "effective_date": "2026-06-01"},
            {"currency": "USD", "amount": "1", "minimum_quantity": "10", "effective_date": "2027-01-01"},
            {"currency": "USD", "amount": "2", "price_code": "FRIENDS"},
            {"currency": "USD", "amount": "3", "minimum_quantity": "100", "end_date": "2026-05-31"},
        ]},
        {"number": "OLD", "price": {"USD": "5"}, "active": "false"},
    ]  # fmt: skip
    written = [
        *write(PARTS.add, *parts),
        *write(CUSTOMERS.add, {"number": "ACME"}, {"number": "BETA"}, {"number": "GONE", "active": "false"}),
        *write(CONTACTS.add, {"number": "A1", "customer": "ACME"}, {"number": "B1", "customer": "BETA"}),
        *write(
            CUSTOMER_PARTS.add,
            {"customer": "ACME", "part": "PUMP", "number": "OUR-PUMP"},
            {"customer": "ACME", "part": "PUMP", "number": "TWICE"},
            {"customer": "ACME", "part": "VALVE", "number": "TWICE"},
            {"customer": "BETA", "part": "VALVE", "number": "OUR-PUMP"},
        ),
    ]
    assert sentences(written) == []
