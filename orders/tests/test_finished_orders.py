"""Finished business: orders that are added as they ended, without the steps between."""

import pytest

from customers.models import Contact
from orders.models import OrderStatus, SalesOrder
from orders.services import SALES_ORDERS
from orders.tests.orders import order, row, sentences, write
from parts.models import Part
from records.shapes.options import WriteOptions
from records.tests.cast import ADA, NOW, table

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

FINISHED = {
    "delivered": ({"status": "Delivered"}, "A new order starts as Quote, Created."),
    "cancelled": ({"status": "Cancelled"}, "A new order starts as Quote, Created."),
    "of an inactive customer": ({"customer": "GONE"}, "customer GONE is inactive."),
    "with an inactive contact": ({"contact": "A1"}, "contact A1 is inactive."),
    "of an inactive part": ({"rows": [row("OLD")]}, "Part OLD is inactive."),
}


@pytest.fixture(autouse=True)
def _inactive_contact(world):
    Contact.objects.filter(number="A1").update(active=False)


def write_finished(service, *records):
    return service(records=records, by=ADA, at=NOW, options=WriteOptions(import_finished=True))


@pytest.mark.parametrize("verb", ["add", "put"])
@pytest.mark.parametrize("fields, sentence", table(FINISHED))
def test_is_added_as_it_ended_and_refused_as_new_business(fields, sentence, verb):
    service = getattr(SALES_ORDERS, verb)

    assert sentences(write(service, {**order(row()), **fields})) == [sentence]
    assert sentences(write_finished(service, {**order(row()), **fields})) == []
    assert SalesOrder.objects.count() == 1


def test_of_any_status_is_added():
    names = [*OrderStatus.objects.values_list("name", flat=True)]
    orders = [order(row(), number=name, status=name) for name in names]

    assert sentences(write_finished(SALES_ORDERS.add, *orders)) == []
    assert dict(SalesOrder.objects.values_list("number", "status__name")) == dict(zip(names, names, strict=True))


def test_without_a_status_begins_like_any_order():
    write_finished(SALES_ORDERS.add, order(row()))

    assert SalesOrder.objects.get().status.name == "Quote"


WRONG = {
    "an unknown status": ({"status": "Lost"}, "status names no order status: 'Lost' is not known."),
    "another customer's contact": ({"contact": "B1"}, "contact B1 is no contact of customer ACME."),
    "an unknown part": ({"rows": [row("NONE")]}, "rows.0.part_number names no part: 'NONE' is not known."),
    "a part without a price": ({"currency": "EUR"}, "Part PUMP has no price in EUR for that quantity and day"),
}


@pytest.mark.parametrize("fields, sentence", table(WRONG))
def test_is_checked_in_all_else(fields, sentence):
    [found] = sentences(write_finished(SALES_ORDERS.add, {**order(row()), "status": "Delivered", **fields}))

    assert found.startswith(sentence)


LATER = {
    "another status": ({"status": "Created"}, "An order that is Delivered cannot become Created"),
    "other rows": ({"rows": [row(quantity="2")]}, "The rows of an order that is Delivered may not change."),
    "an inactive contact": ({"contact": "A1"}, "contact A1 is inactive."),
}


@pytest.mark.parametrize("fields, sentence", table(LATER))
def test_once_stored_follows_the_steps_in_every_call(fields, sentence):
    write_finished(SALES_ORDERS.add, order(row(), status="Delivered"))

    [found] = sentences(write_finished(SALES_ORDERS.put, {"number": "SO-1", **fields}))

    assert found.startswith(sentence)


def test_sent_again_as_it_is_stays_unchanged():
    rows = (row(line_number="1"), row("OLD", line_number="2"))
    sent = order(*rows, status="Delivered", customer="ACME", contact="A1")
    write_finished(SALES_ORDERS.put, sent)

    [outcome] = write_finished(SALES_ORDERS.put, sent)

    assert (sentences([outcome]), outcome.result) == ([], "unchanged")
    assert Part.objects.get(number="OLD").active is False
