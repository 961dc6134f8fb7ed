"""Vendor data: what one vendor's wire says of a record that no field holds, kept beside it for that wire alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.services import CUSTOMERS
from orders.models import OrderStatus
from orders.services import SALES_ORDERS
from parts.models import Part
from parts.services import PARTS, PRICES
from records.find import Search
from records.models import Change
from records.shapes.criteria import Comparator, Criterion
from records.shapes.values import EMPTY
from records.tests.cast import ADA, NOW, table

pytestmark = pytest.mark.django_db

RESOURCES = {services: services.resource.add_vendor_data("acme") for services in (PARTS, PRICES, SALES_ORDERS)}
OTHERS = PARTS.resource.add_vendor_data("zenith")
DATA = {"TYPE": "M", "SIZE": "007.50", "NOTE": " as sent\n"}


def write(verb, record, services=PARTS, resource=None):
    [outcome] = getattr(services, verb)(records=[record], by=ADA, at=NOW, resource=resource or RESOURCES[services])
    return [problem.text for problem in outcome.problems] if outcome.failed else outcome.result


def find(services=PARTS, resource=None, criteria=()):
    return services.find(search=Search(criteria), resource=resource or RESOURCES[services]).records


def read(services=PARTS, resource=None):
    [record] = find(services, resource)
    return record.get("vendor")


def last_change():
    return Change.objects.latest("id").fields


@pytest.fixture
def part():
    assert write("add", {"number": "A", "price": {"USD": "1"}, "vendor": DATA}) == "created"


@pytest.fixture
def order(part):
    OrderStatus.objects.get_or_create(name="Created", defaults={"starts": True, "rows_change": True})
    CUSTOMERS.add(records=[{"number": "ACME"}], by=ADA, at=NOW)
    rows = [{"line_number": "1", "part_number": "A", "quantity": "2", "vendor": {"LOT": "L1"}}]
    order = {"number": "1", "customer": "ACME", "currency": "USD", "rows": rows, "vendor": {"CLASS": "X"}}
    assert write("add", order, SALES_ORDERS) == "created"


SENT = {
    "nothing of it": ({"notes": "new"}, DATA),
    "one name: the others stay": ({"vendor": {"SIZE": "8"}}, {**DATA, "SIZE": "8"}),
    "an empty text, which removes the name": ({"vendor": {"TYPE": EMPTY}}, {"SIZE": "007.50", "NOTE": " as sent\n"}),
    "nothing at all, which removes all names": ({"vendor": EMPTY}, EMPTY),
}


@pytest.mark.parametrize("sent, expected", table(SENT))
@pytest.mark.parametrize("verb", ["update", "put"])
def test_a_write_sends(part, verb, sent, expected):
    assert write(verb, {"number": "A", **sent}) == "updated"

    assert read() == expected


def test_the_same_again_changes_nothing(part):
    assert write("update", {"number": "A", "vendor": DATA}) == "unchanged"


class TestOtherWires:
    def test_neither_see_it_nor_change_it(self, part):
        assert "vendor" not in find(resource=PARTS.resource)[0]
        assert write("put", {"number": "A", "notes": "new"}, resource=PARTS.resource) == "updated"
        assert read() == DATA

    def test_do_not_know_the_field(self, part):
        [refused] = write("update", {"number": "A", "vendor": DATA}, resource=PARTS.resource)

        assert refused == "{field} is not a field of a part."

    def test_of_another_vendor_have_their_own(self, part):
        assert read(resource=OTHERS) is EMPTY
        assert write("update", {"number": "A", "vendor": {"TYPE": "Z"}}, resource=OTHERS) == "updated"
        assert (read(), read(resource=OTHERS)) == (DATA, {"TYPE": "Z"})


class TestChanges:
    def test_tell_of_each_name(self, part):
        assert last_change()["acme.SIZE"] == [None, "007.50"]

        write("update", {"number": "A", "vendor": {"SIZE": "8", "TYPE": EMPTY}})

        assert last_change() == {"acme.SIZE": ["007.50", "8"], "acme.TYPE": ["M", None]}

    def test_of_a_removal_tell_what_is_gone_whichever_wire_removed_it(self, part):
        write("remove", {"number": "A"}, resource=PARTS.resource)

        assert last_change()["acme.SIZE"] == ["007.50", None]

    def test_tell_of_rows(self, order):
        assert last_change()["rows.1.acme.LOT"] == [None, "L1"]


class TestRows:
    def test_have_their_own_and_keep_them_where_none_are_sent(self, order):
        row = {"line_number": "1", "quantity": "3"}
        assert write("update", {"number": "1", "rows": [row]}, SALES_ORDERS, SALES_ORDERS.resource) == "updated"

        [found] = find(SALES_ORDERS)

        assert (found["rows"][0]["vendor"], found["vendor"]) == ({"LOT": "L1"}, {"CLASS": "X"})

    def test_take_a_name_that_is_sent(self, order):
        row = {"line_number": "1", "vendor": {"BIN": "7"}}
        assert write("update", {"number": "1", "rows": [row]}, SALES_ORDERS) == "updated"

        assert find(SALES_ORDERS)[0]["rows"][0]["vendor"] == {"LOT": "L1", "BIN": "7"}

    def test_that_are_new_have_none(self, order):
        rows = [{"line_number": "1"}, {"line_number": "2", "part_number": "A", "quantity": "1"}]
        assert write("update", {"number": "1", "rows": rows}, SALES_ORDERS, SALES_ORDERS.resource) == "updated"

        assert [row["vendor"] for row in find(SALES_ORDERS)[0]["rows"]] == [{"LOT": "L1"}, EMPTY]


class TestPrices:
    PRICE = {"part": "A", "currency": "USD"}

    def test_have_their_own_and_keep_it_when_the_part_gets_another_amount(self, part):
        assert write("update", {**self.PRICE, "vendor": {"END": "2029-12-31"}}, PRICES) == "updated"
        assert write("update", {"number": "A", "price": {"USD": "2", "EUR": "1"}}) == "updated"

        assert [(price["amount"], price["vendor"]) for price in find(PRICES)] == [
            ("2.00", {"END": "2029-12-31"}),
            ("1.00", EMPTY),
        ]

    def test_tell_of_it_in_the_parts_change(self, part):
        write("update", {**self.PRICE, "vendor": {"END": "2029-12-31"}}, PRICES)

        assert last_change() == {"price.USD.acme.END": [None, "2029-12-31"]}


CRITERIA = {
    "a text": (Criterion(("vendor", "TYPE"), Comparator.EQUAL, ("M",)), True),
    "a text that another vendor has": (Criterion(("vendor", "TYPE"), Comparator.EQUAL, ("Z",)), False),
    "a pattern": (Criterion(("vendor", "NOTE"), Comparator.LIKE, ("%sent%",)), True),
    "a name that has no value": (Criterion(("vendor", "COLOUR"), Comparator.EQUAL), True),
    "numbers as texts": (Criterion(("vendor", "SIZE"), Comparator.LESS, ("10",)), True),
    "numbers": (Criterion(("vendor", "SIZE"), Comparator.EQUAL, ("7.5",), as_number=True), True),
    "numbers in their order": (Criterion(("vendor", "SIZE"), Comparator.MORE, ("10",), as_number=True), False),
    "a text beside a number": (Criterion(("vendor", "TYPE"), Comparator.MORE, ("10",), as_number=True), True),
}


@pytest.mark.parametrize("criterion, expected", table(CRITERIA))
def test_a_search_compares(part, criterion, expected):
    write("add", {"number": "B", "vendor": {"TYPE": "Z"}}, resource=OTHERS)

    assert ("A" in [record["number"] for record in find(criteria=[criterion])]) is expected


def test_writes_and_searches_take_the_statements_that_they_take_without(part):
    statements = []
    for resource, vendor in ((PARTS.resource, {}), (RESOURCES[PARTS], {"vendor": {"SIZE": "9"}})):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            records = [{"number": f"N{n}", "notes": "x", **vendor} for n in range(3)]
            PARTS.put(records=records, by=ADA, at=NOW, resource=resource)
            find(resource=resource)
        statements.append(len(captured))

    assert statements[0] == statements[1]
    assert Part.objects.filter(vendor__acme__SIZE="9").count() == 3
