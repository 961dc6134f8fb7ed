"""The addresses that a customer has beside its own: rows that are known by their labels."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.addresses import Address
from customers.models import Customer
from customers.services import CONTACTS, CUSTOMERS
from records.models import Change
from records.shapes.values import EMPTY
from records.tests.cast import ADA, NOW, table

pytestmark = pytest.mark.django_db

WORKS = {"label": "Works", "kind": "shipping", "city": "Akron", "state": "OH", "country": "US"}
OFFICE = {"label": "Office", "city": "Lyon", "country": "FRA"}


def write(verb, *records):
    return getattr(CUSTOMERS, verb)(records=records, by=ADA, at=NOW)


def sentences(outcomes):
    return [problem.sentence() for outcome in outcomes for problem in outcome.problems]


def read_addresses():
    return {each.label: (each.kind, each.city, each.state, each.active) for each in Address.objects.all()}


@pytest.fixture
def customer(db):
    assert sentences(write("add", {"number": "A", "city": "Cleveland", "addresses": [WORKS, OFFICE]})) == []


@pytest.mark.usefixtures("customer")
class TestAddresses:
    def test_are_stored_with_their_customer_and_leave_its_own_address_alone(self):
        assert read_addresses() == {"Works": ("shipping", "Akron", "OH", True), "Office": ("other", "Lyon", "", True)}
        assert Customer.objects.get().city == "Cleveland"

    KEPT = {
        "absent": ({"city": "Dayton"}, ["Office", "Works"]),
        "sent as they are": ({"addresses": [{"label": "Works"}, {"label": "Office"}]}, ["Office", "Works"]),
        "the whole list": ({"addresses": [{"label": "Works", "city": "Toledo"}]}, ["Works"]),
        "an empty list": ({"addresses": []}, []),
        "empty": ({"addresses": EMPTY}, []),
    }

    @pytest.mark.parametrize("change, labels", table(KEPT))
    def test_that_are_sent_are_the_whole_list_and_absent_ones_stay(self, change, labels):
        assert sentences(write("update", {"number": "A", **change})) == []

        assert sorted(read_addresses()) == labels

    def test_keep_what_is_not_sent_of_them(self):
        write("update", {"number": "A", "addresses": [{"label": "Works", "city": "Toledo", "active": "false"}]})

        assert read_addresses() == {"Works": ("shipping", "Toledo", "OH", False)}

    def test_move_the_version_and_are_in_the_change(self):
        works = {"label": "Works", "city": "Toledo"}

        (outcome,) = write("update", {"number": "A", "addresses": [works, {"label": "Office", "country": "DE"}]})

        assert outcome.version == 2
        assert Change.objects.latest("id").fields == {
            "addresses.Works.city": ["Akron", "Toledo"],
            "addresses.Office.country": ["FRA", "DEU"],
        }

    def test_that_come_back_as_they_are_change_nothing(self):
        (outcome,) = write("update", {"number": "A", "addresses": [{**WORKS, "country": "USA"}, OFFICE]})

        assert (str(outcome.result), outcome.version) == ("unchanged", 1)

    def test_go_with_their_customer(self):
        (outcome,) = write("remove", {"number": "A"})

        assert (str(outcome.result), read_addresses()) == ("deleted", {})
        gone = Change.objects.latest("id").fields
        assert (gone["addresses.Works.city"], gone["addresses.Office.country"]) == (["Akron", None], ["FRA", None])

    def test_stay_with_a_customer_that_is_inactivated(self):
        CONTACTS.add(records=[{"number": "A1", "customer": "A"}], by=ADA, at=NOW)

        (outcome,) = write("remove", {"number": "A"})

        assert (str(outcome.result), sorted(read_addresses())) == ("inactivated", ["Office", "Works"])

    def test_of_two_customers_may_have_the_same_label(self):
        assert sentences(write("put", {"number": "B", "addresses": [WORKS]})) == []

    def test_with_a_state_that_has_been_dropped_may_keep_it(self):
        Address.objects.filter(label="Works").update(state="ZZ")

        assert sentences(write("update", {"number": "A", "addresses": [{"label": "Works", "city": "Toledo"}]})) == []


REFUSED = {
    "no label": ({"city": "Akron"}, ["addresses.0.label is required."]),
    "an empty label": ({"label": EMPTY}, ["addresses.0.label is required."]),
    "a long label": ({"label": "x" * 51}, ["addresses.0.label may have at most 50 characters; this has 51."]),
    "a kind that is none": (
        {"label": "W", "kind": "private"},
        ["addresses.0.kind must be one of billing, shipping, other; 'private' is not."],
    ),
    "an unknown country": (
        {"label": "W", "country": "XX"},
        ["addresses.0.country names no country: 'XX' is not known."],
    ),
    "a state of another country": (
        {"label": "W", "country": "CAN", "state": "OH"},
        ["addresses.0.state 'OH' is no state of CAN; nearest are ON (Ontario), AB (Alberta), BC (British Columbia)."],
    ),
    "all that is wrong at once": (
        {"label": "W", "kind": "private", "country": "CAN", "state": "OH"},
        [
            "addresses.0.kind must be one of billing, shipping, other; 'private' is not.",
            "addresses.0.state 'OH' is no state of CAN; nearest are ON (Ontario), AB (Alberta), BC (British Columbia).",
        ],
    ),
    "a long postcode, as of a customer": (
        {"label": "W", "postcode": "x" * 11},
        ["addresses.0.postcode may have at most 10 characters; this has 11."],
    ),
}


@pytest.mark.parametrize("address, expected", table(REFUSED))
def test_refuses(address, expected):
    assert sentences(write("add", {"number": "A", "addresses": [address]})) == expected
    assert read_addresses() == {}


def test_refuses_a_label_that_comes_twice():
    (problem,) = sentences(write("add", {"number": "A", "addresses": [WORKS, WORKS]}))

    assert problem == "addresses.1 has the same key as an earlier row; each key may come once."


def test_tells_of_states_of_a_customer_and_of_its_addresses_at_once():
    place = {"country": "CAN", "state": "TX"}

    found = sentences(write("add", {"number": "A", **place, "addresses": [{"label": "W", **place}]}))

    assert [each.split(" is no state")[0] for each in found] == ["state 'TX'", "addresses.0.state 'TX'"]


class TestStatements:
    def run(self, verb, *records):
        with CaptureQueriesContext(connection) as queries:
            assert sentences(write(verb, *records)) == []
        return [str(query["sql"]) for query in queries]

    def records(self, number, city):
        address = {**WORKS, "city": city}
        return [{"number": f"C{n}", "addresses": [address, {**OFFICE, "city": city}]} for n in range(number)]

    def test_are_as_many_for_many_customers_as_for_one(self):
        write("add", *self.records(50, "a"))

        one, many = (len(self.run("update", *self.records(number, city))) for number, city in ((1, "b"), (50, "c")))

        assert one == many

    def test_do_not_read_addresses_that_are_not_sent(self, customer):
        sent, absent = (
            [each for each in self.run("update", {"number": "A", **change}) if "customers_address" in each]
            for change in ({"addresses": [WORKS]}, {"city": "Dayton"})
        )

        assert sent
        assert not absent
