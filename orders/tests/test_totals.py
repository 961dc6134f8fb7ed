"""Totals: those that are sent are compared with the computed ones; rounded row by row or order by order."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.models import Row, SalesOrder
from orders.services import SALES_ORDERS
from orders.tests.orders import order, row, sentences, write
from records.find import Search
from records.models import Change
from records.shapes.options import WriteOptions
from records.shapes.values import EMPTY
from records.tests.cast import ADA, NOW, table

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

PRICED = {"quantity": "1", "unit_price": "450.33"}
SAME = {
    "the same": ("450.33", {}),
    "with needless digits": ("450.330000", {}),
    "with an exponent": ("4.5033e2", {}),
    "more exactly": ("450.3259", {}),
    "without needless digits": ("500", {"unit_price": "500"}),
    "of a currency without digits": ("450.4", {"currency": "JPY", "unit_price": "450"}),
    "nothing at all": (EMPTY, {}),
    "a blank text": (" ", {}),
}
OTHER = {
    "a cent less": ("450.32", "450.33"),
    "as a whole number": ("450", "450.33"),
    "with too few digits": ("450.3", "450.33"),
    "nought": ("0", "450.33"),
    "less than nothing": ("-450.33", "450.33"),
    "more than any column holds": ("9" * 40, "450.33"),
}


def write_checked(service, *records):
    return service(records=records, by=ADA, at=NOW, options=WriteOptions(check_totals=True))


def list_warnings(outcomes):
    return [warning.sentence() for outcome in outcomes for warning in outcome.warnings]


def build(total, *, of_row=False, currency="USD", unit_price="450.33"):
    """An order of one row, with its total or that of its row."""
    fields = {} if of_row else {"total": total}
    own = {"total": total} if of_row else {}
    return order(row(unit_price=unit_price, **own), currency=currency, **fields)


of_both = pytest.mark.parametrize("of_row", [False, True], ids=["order", "row"])


class TestThatIsSent:
    @of_both
    @pytest.mark.parametrize("total, fields", table(SAME))
    def test_as_it_is_computed_is_passed_over(self, total, fields, of_row):
        outcomes = write_checked(SALES_ORDERS.add, build(total, of_row=of_row, **fields))

        assert (sentences(outcomes), list_warnings(outcomes)) == ([], [])

    @of_both
    @pytest.mark.parametrize("total, computed", table(OTHER))
    def test_otherwise_is_a_warning_with_both_figures(self, total, computed, of_row):
        [outcome] = write(SALES_ORDERS.add, build(total, of_row=of_row))

        name = "rows.0.total" if of_row else "total"
        assert (outcome.result, outcome.problems) == ("created", ())
        assert list_warnings([outcome]) == [f"{name} is sent as '{total}', but comes to {computed}."]
        assert SalesOrder.objects.get().total == Decimal(computed)

    @of_both
    @pytest.mark.parametrize("total, computed", table(OTHER))
    def test_otherwise_fails_where_totals_are_checked(self, total, computed, of_row):
        [outcome] = write_checked(SALES_ORDERS.add, build(total, of_row=of_row))

        assert [problem.code for problem in outcome.problems] == ["total-differs"]
        assert sentences([outcome])[0].endswith(f"'{total}', but comes to {computed}. Leave it out, or send that.")
        assert (outcome.warnings, SalesOrder.objects.count()) == ((), 0)

    def test_otherwise_fails_where_the_site_checks_them(self, settings):
        settings.CHECK_TOTALS = True

        [outcome] = write(SALES_ORDERS.add, build("1"))

        assert [problem.code for problem in outcome.problems] == ["total-differs"]

    @of_both
    @pytest.mark.parametrize("total", ["much", "450,33", "NaN", "1e900", ["450.33"]])
    def test_must_be_a_number(self, total, of_row):
        [outcome] = write(SALES_ORDERS.add, build(total, of_row=of_row))

        assert [problem.path for problem in outcome.problems] == [("rows", 0, "total") if of_row else ("total",)]

    # What is sent to a stored order of 500.00, what it warns of, and its total afterwards.
    STORED = {
        "as it is": ({"total": "500"}, [], "500"),
        "alone": ({"total": "1"}, ["total is sent as '1', but comes to 500.00."], "500"),
        "with other rows, as they make it": ({"rows": [row(quantity="3")], "total": "750"}, [], "750"),
        "with other rows, as it was": (
            {"rows": [row(quantity="3", total="500")], "total": "500"},
            ["total is sent as '500', but comes to 750.00.", "rows.0.total is sent as '500', but comes to 750.00."],
            "750",
        ),
        "of a row that changes": (
            {"rows": [{"line_number": "1", "quantity": "1", "total": "2"}]},
            ["rows.0.total is sent as '2', but comes to 250.00."],
            "250",
        ),
    }

    @pytest.mark.parametrize("verb", ["update", "put"])
    @pytest.mark.parametrize("sent, warnings, total", table(STORED))
    def test_for_a_stored_order_is_compared_with_what_it_comes_to(self, sent, warnings, total, verb):
        write(SALES_ORDERS.add, order(row(quantity="2")))

        outcomes = write(getattr(SALES_ORDERS, verb), {"number": "SO-1", **sent})

        assert (sentences(outcomes), list_warnings(outcomes)) == ([], warnings)
        assert SalesOrder.objects.get().total == Decimal(total)

    def test_warns_of_an_order_that_stays_as_it_is_and_changes_nothing(self):
        write(SALES_ORDERS.add, order(row()))
        before = Change.objects.count()

        [outcome] = write(SALES_ORDERS.update, {"number": "SO-1", "total": "1"})

        assert (outcome.result, len(outcome.warnings), Change.objects.count()) == ("unchanged", 1, before)

    # The grand total that is sent with an order of 500.00, 40.005 of tax and 9.99 of freight.
    GRAND = {"exactly": ("549.995", []), "as money": ("550.00", []), "without freight": ("540", ["549.995"])}

    @pytest.mark.parametrize("sent, computed", table(GRAND))
    def test_is_the_grand_total_with_tax_and_freight(self, sent, computed):
        outcomes = write(
            SALES_ORDERS.add, order(row(quantity="2"), tax="40.005", freight="9.99", grand_total=sent, total="500")
        )

        assert list_warnings(outcomes) == [
            f"grand_total is sent as '{sent}', but comes to {each}." for each in computed
        ]

    def test_of_orders_costs_no_query(self):
        def count_queries(**fields):
            with CaptureQueriesContext(connection) as captured:
                write(SALES_ORDERS.put, *(order(row(**fields), **fields, number=f"SO-{n}") for n in range(3)))
            SalesOrder.objects.all().delete()
            return len(captured)

        assert count_queries(total="1") == count_queries()


class TestRounding:
    # Three rows of 0.125: by default each of them is rounded, 0.13; by order their sum, 0.375.
    ROWS = [{"quantity": "0.125", "unit_price": "1"}] * 3

    @pytest.fixture
    def by_order(self, settings):
        settings.ORDER_ROUNDING = "order"

    def totals(self):
        found = SALES_ORDERS.find(search=Search()).records[0]
        return found["total"], [each["total"] for each in found["rows"]]

    def test_is_row_by_row_by_default(self):
        write(SALES_ORDERS.add, order(*(row(**each) for each in self.ROWS)))

        assert self.totals() == ("0.39", ["0.13"] * 3)

    def test_of_the_order_keeps_five_places_of_its_rows(self, by_order):
        write(SALES_ORDERS.add, order(*(row(**each) for each in self.ROWS)))

        assert self.totals() == ("0.38", ["0.125"] * 3)
        write(SALES_ORDERS.put, order(row(quantity="1", unit_price="0.12345", discount="50"), currency="JPY"))
        assert self.totals() == ("0", ["0.06173"])

    def test_compares_what_is_sent_with_as_many_digits(self, by_order):
        totals = ("0.13", "0.125", "0.12500", "0.12")
        rows = (row(quantity="0.125", unit_price="1", total=total) for total in totals)

        outcomes = write(SALES_ORDERS.add, order(*rows, total="0.50"))

        assert list_warnings(outcomes) == ["rows.3.total is sent as '0.12', but comes to 0.125."]

    @pytest.mark.parametrize("other", ["row", "order"])
    def test_once_it_is_another_leaves_rows_as_they_are_until_they_change(self, settings, other):
        settings.ORDER_ROUNDING = {"row": "order", "order": "row"}[other]
        sent = [row(**each, line_number=str(number)) for number, each in enumerate(self.ROWS, 1)]
        write(SALES_ORDERS.add, order(*sent))
        stored, before = self.totals(), Change.objects.count()

        settings.ORDER_ROUNDING = other
        again = write(SALES_ORDERS.put, order(*sent))
        unrelated = write(SALES_ORDERS.update, {"number": "SO-1", "subject": "Another"})

        assert ([again[0].result, unrelated[0].result], self.totals()) == (["unchanged", "updated"], stored)
        assert Change.objects.count() == before + 1
        write(SALES_ORDERS.put, order({**sent[0], "quantity": "0.375"}, *sent[1:]))
        changed, kept = {"row": ("0.38", "0.125"), "order": ("0.375", "0.13")}[other]
        total = sum(map(Decimal, (changed, kept, kept)))
        assert self.totals() == (str(round(total, 2)), [changed, kept, kept])

    def test_of_a_currency_comes_with_it(self, by_order):
        write(SALES_ORDERS.add, order(row(quantity="1", unit_price="100.5")))

        write(SALES_ORDERS.update, {"number": "SO-1", "currency": "JPY"})

        assert (self.totals(), Row.objects.get().total) == (("101", ["100.5"]), Decimal("100.5"))
