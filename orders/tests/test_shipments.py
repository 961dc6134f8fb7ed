"""Shipments: so many of a row of an order, on a day; all of a row are at most what was ordered."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from customers.services import CUSTOMERS
from orders.models import SalesOrder, Shipment
from orders.services import SALES_ORDERS, SHIPMENTS
from parts.services import PARTS
from records.find import Search
from records.shapes.values import EMPTY
from records.tests.cast import ADA, NOW, table

pytestmark = pytest.mark.django_db


def done(service, *records):
    return service(records=records, by=ADA, at=NOW)


def list_sentences(outcomes):
    return [problem.sentence() for outcome in outcomes for problem in outcome.problems]


def shipment(quantity="1", **fields):
    return {"order": "SO-1", "line_number": "1", "quantity": quantity, **fields}


def open_quantities():
    [order] = SALES_ORDERS.find(search=Search()).records
    return [row["open_quantity"] for row in order["rows"]]


@pytest.fixture(autouse=True)
def order():
    rows = [{"part_number": "PUMP", "quantity": "6"}, {"description": "Freight", "quantity": "1"}]
    with transaction.atomic():
        written = add_order(rows)
    assert list_sentences(written) == []


def add_order(rows):
    return [
        *done(PARTS.add, {"number": "PUMP", "price": {"USD": "250"}}, {"number": "VALVE", "price": {"USD": "9"}}),
        *done(CUSTOMERS.add, {"number": "ACME"}),
        *done(SALES_ORDERS.add, {"number": "SO-1", "customer": "ACME", "currency": "USD", "rows": rows}),
    ]


class TestShipment:
    def test_leaves_open_what_was_not_shipped(self):
        assert list_sentences(done(SHIPMENTS.add, shipment("2", reference="1Z 999"), shipment("1.5"))) == []

        assert open_quantities() == ["2.5", "1"]

    def test_is_tied_to_others_of_its_order_in_the_same_call_unless_it_names_a_batch(self):
        done(SALES_ORDERS.add, {"number": "SO-2", "customer": "ACME", "currency": "USD", "rows": [
            {"part_number": "PUMP", "quantity": "6"}
        ]})  # fmt: skip
        assert (
            list_sentences(done(SHIPMENTS.add, *(shipment(number=n) for n in "AB"), shipment(number="C", order="SO-2")))
            == []
        )
        assert list_sentences(done(SHIPMENTS.add, shipment(number="D", batch="A"), shipment(number="E"))) == []

        batches = dict(Shipment.objects.values_list("number", "batch"))

        assert batches == {"A": "A", "B": "A", "C": "C", "D": "A", "E": "E"}

    def test_has_a_number_and_a_day_by_itself(self):
        [outcome] = done(SHIPMENTS.add, shipment())

        found = Shipment.objects.get(number=outcome.key)
        assert (found.ship_date, found.line_number) == (NOW.date(), 1)

    def test_keeps_its_day_when_none_is_sent(self):
        done(SHIPMENTS.add, shipment(number="S", ship_date="2026-01-31"))

        assert list_sentences(done(SHIPMENTS.update, {"number": "S", "quantity": "2"})) == []
        assert Shipment.objects.get().ship_date.isoformat() == "2026-01-31"

    def test_gives_its_quantity_back_when_it_is_removed(self):
        done(SHIPMENTS.add, shipment("6", number="S"))
        done(SHIPMENTS.remove, {"number": "S"})

        assert open_quantities() == ["6", "1"]

    REFUSED = {
        "more than was ordered": ([shipment("7")], "With quantity 7, 7 would have been shipped of row 1 of order SO-1"),
        "more than is open, together": ([shipment("4"), shipment("3")], "With quantity 3, 7 would have been shipped"),
        "a row that there is not": ([shipment(line_number="3")], "line_number 3 is that of no row of order SO-1."),
        "nothing": ([shipment("0")], "quantity must be more than 0; 0 is not."),
        "an unknown order": ([shipment(order="SO-9")], "order names no sales order: 'SO-9' is not known."),
        "no row at all": ([{"order": "SO-1", "quantity": "1"}], "line_number is required"),
    }

    @pytest.mark.parametrize("records, sentence", table(REFUSED))
    def test_is_refused(self, records, sentence):
        outcomes = done(SHIPMENTS.add, *records)

        assert all(outcome.failed for outcome in outcomes)
        assert any(each.startswith(sentence) for each in list_sentences(outcomes)), list_sentences(outcomes)

    def test_may_become_as_many_as_are_open_and_no_more(self):
        done(SHIPMENTS.add, shipment("2", number="A"), shipment("2", number="B"))

        assert list_sentences(done(SHIPMENTS.update, {"number": "A", "quantity": "4"})) == []
        assert (
            "7 would have been shipped" in list_sentences(done(SHIPMENTS.update, {"number": "B", "quantity": "3"}))[0]
        )


class TestOrder:
    @pytest.fixture(autouse=True)
    def _shipment(self):
        assert list_sentences(done(SHIPMENTS.add, shipment("4"))) == []

    CHANGES = {
        "fewer than were shipped": ([{"line_number": "1", "quantity": "3"}], False),
        "as many as were shipped": ([{"line_number": "1", "quantity": "4"}], True),
        "another part": ([{"line_number": "1", "part_number": "VALVE"}], False),
        "no such row any more": ([{"line_number": "2"}], False),
        "another price": ([{"line_number": "1", "unit_price": "1"}], True),
    }

    @pytest.mark.parametrize("rows, taken", table(CHANGES))
    def test_keeps_what_was_shipped(self, rows, taken):
        [outcome] = done(SALES_ORDERS.update, {"number": "SO-1", "rows": rows})

        assert outcome.failed is not taken
        assert taken or list_sentences([outcome])[0].startswith("Of row 1 of the order 4 have been shipped")

    def test_with_shipments_is_not_removed(self):
        [outcome] = done(SALES_ORDERS.remove, {"number": "SO-1"})

        assert outcome.failed
        assert SalesOrder.objects.exists()

    def test_takes_its_open_quantity_back_as_it_is_and_no_other(self):
        rows = [{"line_number": "1", "open_quantity": "2"}, {"line_number": "2", "open_quantity": EMPTY}]
        assert list_sentences(done(SALES_ORDERS.update, {"number": "SO-1", "subject": "x", "rows": rows})) == []

        rows[0]["open_quantity"] = "3"
        assert "open_quantity" in list_sentences(done(SALES_ORDERS.update, {"number": "SO-1", "rows": rows}))[0]


def test_the_cost_does_not_grow_with_the_number_of_shipments():
    counts = []
    for number in (1, 5):
        with CaptureQueriesContext(connection) as captured:
            assert list_sentences(done(SHIPMENTS.add, *(shipment("0.1") for _ in range(number)))) == []
        counts.append(len(captured))

    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_two_callers_never_ship_more_than_was_ordered():
    def ship(_):
        try:
            with transaction.atomic():
                return [outcome.failed for outcome in done(SHIPMENTS.add, shipment("2"))]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        failed = [each for result in pool.map(ship, range(8)) for each in result]

    assert (failed.count(False), failed.count(True)) == (3, 5)
    assert open_quantities()[0] == "0"
