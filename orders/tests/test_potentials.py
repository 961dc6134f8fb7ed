"""Potentials: quotes for the customers that their companies are, in a fixed number of statements."""

from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from customers.models import Customer
from customers.services import CUSTOMERS
from orders.models import SalesOrder
from orders.potentials import OF_ORDER, POTENTIAL, add_potentials
from orders.services import SALES_ORDERS
from records.shapes.outcomes import Result
from records.tests.cast import ADA, NOW, table

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme():
    CUSTOMERS.add(records=[{"number": "ACME", "company": "Acme"}], by=ADA, at=NOW)
    return Customer.objects.get()


def add(*potentials):
    with transaction.atomic():
        return add_potentials(records=potentials, by=ADA, at=NOW)


def add_one(**values):
    [outcome] = add({"subject": "Ten pumps", **values})
    assert outcome.result is Result.CREATED, outcome.problems
    return SalesOrder.objects.get(id=outcome.id)


def sentences(outcome):
    return [problem.sentence() for problem in outcome.problems]


class TestTheOrder:
    def test_is_a_quote_with_what_is_said(self, acme):
        order = add_one(company="ACME", due_date="2026-12-31", description="At the end of the year.")

        found = (order.status.name, order.customer, order.subject, order.due_date.isoformat(), order.description)
        assert found == ("Quote", acme, "Ten pumps", "2026-12-31", "At the end of the year.")

    def test_has_one_row_without_a_part_for_the_amount(self):
        order = add_one(amount="2500.5")
        [row] = order.rows.all()

        assert (row.part, row.description, row.quantity, row.unit_price) == (None, "Ten pumps", 1, Decimal("2500.5"))
        assert order.total == Decimal("2500.50")

    @pytest.mark.parametrize("amount", ["", " "])
    def test_has_no_row_without_an_amount(self, amount):
        assert add_one(amount=amount).rows.count() == 0


class TestTheCustomer:
    def test_is_added_once_with_the_type_lead(self):
        outcomes = add({"subject": "A", "company": "New"}, {"subject": "B", "company": "NEW"})

        customer = Customer.objects.get()
        assert (customer.company, customer.customer_type.name) == ("New", "Lead")
        assert customer.orders.count() == len(outcomes)

    def test_has_the_name_of_the_potential_where_none_is_named(self):
        assert add_one(subject="x" * 200).customer.company == "x" * 100


class TestRefusals:
    WRONG = {
        "no subject": ({"subject": ""}, ["subject is required."]),
        "no number": ({"amount": "many"}, ["amount must be a number; 'many' is not."]),
        "less than nothing": ({"amount": "-1"}, ["amount must be 0 or more; '-1' is less."]),
        "too many places": (
            {"amount": "1.000001"},
            ["amount may have 14 digits before and 5 after the point; '1.000001' has more."],
        ),
        "no day": ({"due_date": "soon"}, ["due_date must be a date such as 2026-01-31; 'soon' is not."]),
        "a number that is taken": ({"number": "TAKEN"}, ["Sales order TAKEN exists already."]),
        "a name that is no field": ({"colour": "red"}, ["colour is not a field of a potential."]),
    }

    @pytest.mark.parametrize("values, expected", table(WRONG))
    def test_leave_nothing_behind(self, values, expected, acme):
        SALES_ORDERS.add(records=[{"number": "TAKEN", "customer": "ACME"}], by=ADA, at=NOW)

        right, wrong = add({"subject": "A", "company": "Acme"}, {"subject": "Ten pumps", "company": "New", **values})

        assert (right.result, wrong.result) == (Result.CREATED, Result.FAILED)
        assert sentences(wrong) == expected
        assert Customer.objects.count() == 1

    def test_are_about_the_amount_where_the_row_is_refused(self):
        [outcome] = add({"subject": "A", "amount": "9" * 14, "company": "New"})
        [refused] = add({"subject": "A", "amount": "9" * 15, "company": "New"})

        assert not outcome.failed
        assert [problem.path for problem in refused.problems] == [("amount",)]


def test_fields_have_the_limits_of_those_that_hold_them():
    assert {field.name for field in POTENTIAL.fields} == {*OF_ORDER, "company", "amount"}
    assert {*POTENTIAL.limits_from} == {*OF_ORDER, "company"}


def test_the_number_of_statements_does_not_depend_on_that_of_potentials(acme):
    def count(number):
        potentials = [
            {"subject": f"S{each}", "company": name, "amount": "1"}
            for each in range(number)
            for name in ("Acme", f"C{each}")
        ]
        with CaptureQueriesContext(connection) as queries:
            assert not any(outcome.failed for outcome in add(*potentials))
        Customer.objects.filter(company__startswith="C").update(company="")
        return len(queries)

    count(1)
    assert count(1) == count(40)
