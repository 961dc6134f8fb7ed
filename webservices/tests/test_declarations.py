"""What is put together across apps: a part is found by any customer's number for it."""

import pytest

from customers.services import CUSTOMER_PARTS, CUSTOMERS
from parts.services import PARTS
from records.find import Search
from records.shapes.criteria import Comparator, Criterion
from records.tests.cast import ADA, NOW, table
from webservices.declarations import PARTS_BY_ANY_NUMBER

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world():
    for services, records in (
        (CUSTOMERS, [{"number": "ACME"}, {"number": "BETA"}]),
        (PARTS, [{"number": "PUMP"}, {"number": "VALVE"}]),
        (
            CUSTOMER_PARTS,
            [
                {"customer": "ACME", "part": "PUMP", "number": "P2"},
                {"customer": "ACME", "part": "PUMP", "number": "P1"},
                {"customer": "BETA", "part": "PUMP", "number": "P1"},
            ],
        ),
    ):
        services.add(records=records, by=ADA, at=NOW)


def numbers(**search):
    return [part["number"] for part in PARTS_BY_ANY_NUMBER.find(search=Search(**search)).records]


def test_a_part_shows_each_number_once():
    pump, valve = PARTS_BY_ANY_NUMBER.find(search=Search()).records

    assert pump["customer_part_numbers"] == ["P1", "P2"]
    assert not valve["customer_part_numbers"]


CRITERIA = {
    "one of its numbers": ("=", "P2", ["PUMP"]),
    "another number": ("=", "P3", []),
    "the beginning of one": ("LIKE", "P%", ["PUMP"]),
    "some of them": ("IN", "P1", ["PUMP"]),
    "not that number": ("!=", "P1", ["VALVE"]),
    "no number": ("=", "", ["VALVE"]),
    "any number": ("!=", "", ["PUMP"]),
}


@pytest.mark.parametrize("comparator, value, found", table(CRITERIA))
def test_is_found_by(comparator, value, found):
    assert numbers(criteria=[Criterion(("customer_part_numbers",), Comparator(comparator), (value,))]) == found


def test_is_searched_by_the_beginning_of_a_customers_number():
    assert numbers(words="P2") == ["PUMP"]
    assert numbers(words="V") == ["VALVE"]
