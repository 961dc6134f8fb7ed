"""Lists in any order, page by page: each record once, where a sort in Python has it."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.models import Contact, Customer
from orders.models import OrderStatus, SalesOrder
from orders.resources import SALES_ORDER
from orders.services import SALES_ORDERS
from records.find import Search
from records.shapes.ordering import understand_order
from records.tests.cast import NOW

pytestmark = pytest.mark.django_db

FIELDS = (
    "subject", "order_date", "due_date", "customer", "customer_id", "contact", "contact_id", "assigned_user", "total",
    "created_at", "changed_by", "number", "id",
)  # fmt: skip
ROWS = st.fixed_dictionaries(
    {
        "subject": st.sampled_from(["", "a", "B", "ä", "a,b"]),
        "order_date": st.sampled_from([date(2026, 1, 1), date(2026, 1, 2)]),
        "due_date": st.sampled_from([None, date(2026, 1, 31), date(2026, 2, 1)]),
        "customer": st.integers(0, 2),
        "contact": st.none() | st.integers(0, 2),
        "assigned_user": st.none() | st.integers(0, 1),
        "total": st.sampled_from([Decimal(0), Decimal("9.5"), Decimal(10)]),
        "created_at": st.sampled_from([NOW, NOW + timedelta(microseconds=1), NOW + timedelta(days=1)]),
        "changed_by": st.sampled_from(["ada", "bob"]),
    }
)
ORDERS = st.lists(st.tuples(st.sampled_from(["", "-"]), st.sampled_from(FIELDS)).map("".join), min_size=1, max_size=4)


@pytest.fixture
def world():
    customers = [Customer(number=number, created_at=NOW, changed_at=NOW) for number in ("b", "A", "a")]
    Customer.objects.bulk_create(customers)
    stamps = {"customer": customers[0], "created_at": NOW, "changed_at": NOW}
    contacts = [Contact(number=number, code=number, **stamps) for number in ("2", "10", "B")]
    Contact.objects.bulk_create(contacts)
    users = [User.objects.create(username=name) for name in ("Zoe", "adam")]
    return {"customer": customers, "contact": contacts, "assigned_user": users, "status": OrderStatus.objects.first()}


def build_order(number, row, world):
    named = {
        name: None if row[name] is None else world[name][row[name]] for name in ("customer", "contact", "assigned_user")
    }
    fields = {**row, **named, "number": number, "status": world["status"], "currency": "USD", "changed_at": NOW}
    return SalesOrder(**fields)


def sort_value(order, name):
    """Return what Python sorts by: a pair, whose first says if there is a value."""
    value = getattr(order, name)
    if name in ("customer", "contact", "assigned_user"):
        value = "" if value is None else str(getattr(value, "number", "") or value.username)
    return (value is not None, value if value is not None else 0)


def sort_orders(orders, names):
    for key in reversed(understand_order(SALES_ORDER, names)):
        orders = sorted(orders, key=partial(sort_value, name=key.field.name), reverse=key.descending)
    return orders


def find_page(names, position, limit):
    """Return the numbers of a page, whether there is more, and the position after its last record."""
    found = SALES_ORDERS.find(search=Search(order=names, after=position, limit=limit))
    records = list(found.records)
    last = tuple(str(records[-1][key.field.name] or "") for key in understand_order(SALES_ORDER, names))
    return [record["number"] for record in records], found.cut, last


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ROWS, min_size=1, max_size=9), ORDERS.map(tuple), st.integers(1, 3), ROWS)
def test_pages_of_any_order_have_each_record_once_and_in_its_place(world, rows, names, limit, late_row):
    with transaction.atomic():
        # The ids go the other way round than the numbers.
        orders = [build_order(f"SO-{9 - place}", row, world) for place, row in enumerate(rows)]
        SalesOrder.objects.bulk_create(orders)
        sorted_numbers = [order.number for order in sort_orders(orders, names)]

        numbers, more, position = find_page(names, (), limit)
        SalesOrder.objects.bulk_create([build_order("late", late_row, world)])
        while more:
            page, more, position = find_page(names, position, limit)
            numbers += page

        # One that came meanwhile may be there, or be on a page that was read before; it moves no other.
        assert [number for number in numbers if number != "late"] == sorted_numbers
        assert numbers.count("late") <= 1
        transaction.set_rollback(True)


def test_ends_with_what_no_two_records_share():
    fields = {"number": ("number",), "id": ("id",), "due_date": ("due_date", "id"), "-due_date": ("-due_date", "-id")}

    for name, completed in fields.items():
        assert tuple(map(str, understand_order(SALES_ORDER, (name,)))) == completed
    assert tuple(map(str, understand_order(SALES_ORDER, ()))) == ("number",)
