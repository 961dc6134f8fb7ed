"""Orders: numbers, parts named in three ways, prices, totals, steps, and what goes on no order."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Contact, Customer, Territory
from customers.services import CONTACTS, CUSTOMER_PARTS, CUSTOMERS
from orders.models import Row, SalesOrder
from orders.services import SALES_ORDERS
from orders.tests.orders import order, row, sentences, write
from parts.models import Part
from parts.services import PARTS
from records.find import Search
from records.models import Change
from records.shapes.criteria import Comparator, Criterion, Scope
from records.shapes.values import EMPTY
from records.tests.cast import ADA, NOW, table

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


class TestNumber:
    def test_is_taken_when_it_is_given(self):
        [outcome] = write(SALES_ORDERS.add, order())

        assert (outcome.result, outcome.key) == ("created", "SO-1")

    def test_is_drawn_when_it_is_absent_and_passes_over_what_is_taken(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT last_value FROM orders_salesorder_numbers")
            after_next = cursor.fetchone()[0] + 1
        write(SALES_ORDERS.add, order(number=str(after_next)))

        outcomes = write(SALES_ORDERS.add, {"customer": "ACME"}, {"customer": "ACME"}, {"customer": "ACME"})

        assert [outcome.result for outcome in outcomes] == ["created"] * 3
        assert len({outcome.key for outcome in outcomes}) == 3
        assert str(after_next) not in {outcome.key for outcome in outcomes}

    def test_is_needed_to_change_an_order(self):
        assert sentences(write(SALES_ORDERS.update, {"subject": "x"})) == ["number is required."]


class TestWho:
    """A customer, a contact and a user may each be named by id instead."""

    def ids(self):
        found = SALES_ORDERS.find(search=Search()).records[0]
        return {name: found[f"{name}_id"] for name in ("customer", "contact", "assigned_user")}

    def test_by_id_is_who_is_found_by_name(self):
        user = User.objects.create(username="eve")
        acme, a1 = Customer.objects.get(number="ACME"), Contact.objects.get(number="A1")
        record = {"number": "SO-1", "customer_id": str(acme.id), "contact_id": str(a1.id)}

        write(SALES_ORDERS.add, {**record, "assigned_user_id": str(user.id)})

        found = SALES_ORDERS.find(search=Search((Criterion(("customer_id",), Comparator.EQUAL, (str(acme.id),)),)))
        assert self.ids() == {"customer": str(acme.id), "contact": str(a1.id), "assigned_user": str(user.id)}
        assert [(each["customer"], each["contact"], each["assigned_user"]) for each in found.records] == [
            ("ACME", "A1", "eve")
        ]

    WRONG = {
        "nobody": ({"customer_id": "0"}, "customer_id names no customer: '0' is not known."),
        "no customer at all": ({}, "customer is required."),
        "a blank id": ({"customer_id": EMPTY}, "customer_id is required."),
    }

    @pytest.mark.parametrize("record, sentence", table(WRONG))
    def test_must_be_somebody(self, record, sentence):
        assert sentences(write(SALES_ORDERS.add, record)) == [sentence]

    def test_may_come_with_a_blank_id(self):
        assert sentences(write(SALES_ORDERS.add, {"customer": "ACME", "customer_id": EMPTY})) == []

    def test_in_two_ways_is_the_same_one(self):
        beta = str(Customer.objects.get(number="BETA").id)

        [sentence] = sentences(write(SALES_ORDERS.add, {"customer": "ACME", "customer_id": beta}))

        assert sentence == "customer_id names BETA, but another field of the same record names ACME; they must agree."

    def test_by_id_counts_in_a_scope(self):
        acme, beta = (str(Customer.objects.get(number=number).id) for number in ("ACME", "BETA"))
        scope = Scope(after=(Criterion(("customer_id",), Comparator.EQUAL, (acme,)),))

        by_number = SALES_ORDERS.add(
            records=[order(), order(number="SO-2", customer="BETA")], by=ADA, at=NOW, scope=scope
        )
        by_id = SALES_ORDERS.add(records=[{"customer_id": beta}], by=ADA, at=NOW, scope=scope)

        assert [outcome.result for outcome in (*by_number, *by_id)] == ["created", "failed", "failed"]


class TestPlaces:
    TAKEN = {
        "a code": {"billing_country": "United States", "billing_state": "OH"},
        "the name of a state": {"billing_country": "GB", "billing_state": "Isle of Wight"},
        "a country that is not known": {"shipping_country": "Freedonia", "shipping_state": "QQ"},
        "no country": {"shipping_state": "QQ"},
    }
    REFUSED = {
        "of a country by its name": ("shipping", "United States", "QQ"),
        "of a country by its code": ("billing", "AUS", "QQ"),
        "in small letters": ("billing", "US", "oh"),
    }

    @pytest.mark.parametrize("fields", table({name: (fields,) for name, fields in TAKEN.items()}))
    def test_take_a_state(self, fields):
        assert sentences(write(SALES_ORDERS.add, order(row(), **fields))) == []

    @pytest.mark.parametrize("kind, country, state", table(REFUSED))
    def test_refuse_a_code_that_the_country_does_not_have(self, kind, country, state):
        sent = order(row(), **{f"{kind}_country": country, f"{kind}_state": state})

        (sentence,) = sentences(write(SALES_ORDERS.add, sent))

        assert sentence.startswith(f"{kind}_state '{state}' is no state of {country}; nearest are ")

    def test_leave_what_is_stored_as_it_is(self, settings):
        settings.CHECK_STATES = False
        sent = {"number": "S", "billing_country": "US", "billing_state": "QQ"}
        assert sentences(write(SALES_ORDERS.add, order(row(), **sent))) == []
        settings.CHECK_STATES = True

        assert sentences(write(SALES_ORDERS.update, {**sent, "subject": "Again"})) == []
        assert "is no state of AUS" in sentences(write(SALES_ORDERS.update, {**sent, "billing_country": "AUS"}))[0]


class TestParts:
    WAYS = {
        "by our number": {"part_number": "PUMP"},
        "by the customer's own number": {"customer_part_number": "OUR-PUMP"},
        "in two ways that agree": {"part_number": "PUMP", "customer_part_number": "OUR-PUMP"},
        "by a number that is only so clear": {"part_number": "VALVE", "customer_part_number": "TWICE"},
    }

    @pytest.mark.parametrize("ways", table({name: (way,) for name, way in WAYS.items()}))
    def test_are_named(self, ways):
        write(SALES_ORDERS.add, order({"quantity": "1", **ways}))

        assert Row.objects.get().part.number == ways.get("part_number", "PUMP")

    def test_are_named_by_id(self):
        write(SALES_ORDERS.add, order({"part_id": str(Part.objects.get(number="PUMP").id), "quantity": "1"}))

        assert Row.objects.get().part.number == "PUMP"

    REFUSED = {
        "an unknown part": (row("NONE"), "rows.0.part_number names no part: 'NONE' is not known."),
        "an unknown id": ({"part_id": "0", "quantity": "1"}, "rows.0.part_id names no part: '0' is not known."),
        "no part": ({"quantity": "1"}, "A row names its part by rows.0.part_number"),
        "an inactive part": (row("OLD"), "Part OLD is inactive."),
        "another customer's number": (
            {"customer_part_number": "NONE", "quantity": "1"},
            "NONE is no number that customer ACME has for a part.",
        ),
        "a number for two parts": ({"customer_part_number": "TWICE", "quantity": "1"}, "for more than one part."),
        "ways that contradict": (row("VALVE", customer_part_number="OUR-PUMP"), "they must agree."),
        "no quantity": ({"part_number": "PUMP"}, "rows.0.quantity is required."),
        "a negative quantity": (row(quantity="-1"), "rows.0.quantity must be more than 0; -1 is not."),
        "a quantity of nothing": (row(quantity="0"), "must be more than 0"),
        "a negative price": (row(unit_price="-1"), "rows.0.unit_price must be 0 or more"),
        "a discount beyond all": (row(discount="101"), "rows.0.discount must be 100 or less"),
        "an unknown field": (row(colour="red"), "rows.0.colour is not a field of a row."),
        "a total": (row(totl="1"), "rows.0.totl is not a field of a row."),
    }

    @pytest.mark.parametrize("bad, words", table(REFUSED))
    def test_refuses_the_order_and_names_the_row(self, bad, words):
        outcomes = write(SALES_ORDERS.add, order(bad), order(row(), number="SO-2"))

        assert [str(outcome.result) for outcome in outcomes] == ["failed", "created"]
        assert any(words in sentence for sentence in sentences(outcomes)), sentences(outcomes)
        assert SalesOrder.objects.get().number == "SO-2"

    def test_of_a_stored_row_follow_a_number_that_is_sent_alone_and_contradict_one_that_is_sent_beside(self):
        write(SALES_ORDERS.add, order(row("VALVE")))
        number = {"line_number": "1", "customer_part_number": "OUR-PUMP"}

        beside = write(SALES_ORDERS.update, {"number": "SO-1", "rows": [{**number, "part_number": "VALVE"}]})
        alone = write(SALES_ORDERS.update, {"number": "SO-1", "rows": [number]})

        assert sentences([*beside, *alone]) == [
            "rows.0.customer_part_number OUR-PUMP names PUMP, but the row names part VALVE; they must agree."
        ]
        assert Row.objects.get().part.number == "PUMP"

    def test_of_stored_rows_are_those_of_the_customer_that_an_order_goes_to(self):
        by_number = {"customer_part_number": "OUR-PUMP", "quantity": "1"}
        write(SALES_ORDERS.add, order(row()), order(by_number, number="SO-2"), order(row(), by_number, number="SO-3"))
        write(CUSTOMER_PARTS.remove, {"customer": "BETA", "part": "VALVE", "number": "OUR-PUMP"})
        to_beta = [{"number": f"SO-{n}", "customer": "BETA"} for n in (1, 2)]

        outcomes = write(SALES_ORDERS.update, *to_beta)
        write(CUSTOMER_PARTS.add, {"customer": "BETA", "part": "VALVE", "number": "OUR-PUMP"})
        outcomes += write(SALES_ORDERS.update, {"number": "SO-3", "customer": "BETA"})

        assert [str(outcome.result) for outcome in outcomes] == ["updated", "failed", "failed"]
        assert sentences(outcomes) == [
            "rows.0.customer_part_number OUR-PUMP is no number that customer BETA has for a part.",
            "rows.1.customer_part_number OUR-PUMP names VALVE, but the row names part PUMP; they must agree.",
        ]
        write(CUSTOMER_PARTS.add, {"customer": "BETA", "part": "PUMP", "number": "OUR-PUMP"})
        assert sentences(write(SALES_ORDERS.update, {"number": "SO-2", "customer": "BETA"})) == []


class TestRowWithoutPart:
    """A charge or a service: a description names what it is."""

    def test_costs_what_is_sent_or_nothing(self):
        rows = [
            {"description": "Freight", "quantity": "2", "unit_price": "15"},
            {"description": "Wrap", "quantity": "1"},
        ]
        assert sentences(write(SALES_ORDERS.add, order(*rows))) == []

        [stored] = SALES_ORDERS.find(search=Search()).records

        assert stored["total"] == "30.00"
        assert [(r["description"], r["unit_price"], r["part_number"], r["part_id"]) for r in stored["rows"]] == [
            ("Freight", "15.00", EMPTY, EMPTY),
            ("Wrap", "0.00", EMPTY, EMPTY),
        ]

    def test_may_take_a_part_later_and_give_it_up(self):
        write(SALES_ORDERS.add, order({"description": "Something", "quantity": "1"}))
        for number, part in (("PUMP", "PUMP"), (EMPTY, None)):
            sent = {"line_number": "1", "part_number": number}
            assert sentences(write(SALES_ORDERS.update, {"number": "SO-1", "rows": [sent]})) == []
            assert Row.objects.values_list("part__number", flat=True).get() == part

    def test_must_say_what_it_is(self):
        write(SALES_ORDERS.add, order(row()))
        sent = {"line_number": "1", "part_number": EMPTY}

        [sentence] = sentences(write(SALES_ORDERS.update, {"number": "SO-1", "rows": [sent]}))

        assert sentence.endswith("by its id, or has a description.")


class TestPrice:
    CASES = {
        "the ordinary one": ("VALVE", "1", "10"),
        "of a quantity, on a day": ("VALVE", "10", "8"),
        "of more than a quantity": ("VALVE", "10.5", "8"),
        "not one that has ended": ("VALVE", "100", "8"),
    }

    @pytest.mark.parametrize("part, quantity, amount", table(CASES))
    def test_is_the_parts_when_it_is_absent(self, part, quantity, amount):
        write(SALES_ORDERS.add, order(row(part, quantity)))

        assert Row.objects.get().unit_price == Decimal(amount)

    # An order's day, and the price of ten valves on it.
    DAYS = {
        "long ago": ("2001-01-01", "9"),
        "the day before a price begins": ("2026-05-31", "9"),
        "the day on which it begins": ("2026-06-01", "8"),
        "a day that is yet to come": ("2027-01-01", "1"),
    }

    @pytest.mark.parametrize("day, amount", table(DAYS))
    def test_is_that_of_the_orders_day(self, day, amount):
        write(SALES_ORDERS.add, order(row("VALVE", "10"), order_date=day))

        assert Row.objects.get().unit_price == Decimal(amount)

    def test_stays_when_the_orders_day_becomes_another_and_is_that_days_for_new_rows(self):
        first = row("VALVE", "10", line_number="1")
        write(SALES_ORDERS.add, order(first, order_date="2026-06-01"))

        write(SALES_ORDERS.update, {"number": "SO-1", "order_date": "2026-01-01"})
        write(SALES_ORDERS.put, order(first, row("VALVE", "10", line_number="2")))

        assert [*Row.objects.order_by("line_number").values_list("unit_price", flat=True)] == [8, 9]

    def test_of_a_day_that_is_none_is_not_looked_up(self):
        [sentence] = sentences(write(SALES_ORDERS.add, order(row("VALVE", "10"), order_date="soon")))

        assert sentence.startswith("order_date must be a date")

    def test_is_what_is_sent_down_to_nothing(self):
        write(SALES_ORDERS.add, order(row(unit_price="0")))

        assert Row.objects.get().unit_price == 0

    def test_must_be_sent_in_a_currency_that_the_part_has_none_in(self):
        assert sentences(write(SALES_ORDERS.add, order(row("VALVE"), currency="EUR"))) == [
            "Part VALVE has no price in EUR for that quantity and day; send rows.0.unit_price."
        ]

    def test_stays_when_the_row_is_sent_again_without_it(self):
        write(SALES_ORDERS.add, order(row(unit_price="7")))

        write(SALES_ORDERS.update, {"number": "SO-1", "rows": [{"line_number": "1", "quantity": "2"}]})

        assert Row.objects.values_list("part__number", "unit_price", "total").get() == ("PUMP", 7, 14)


class TestTotals:
    CASES = {
        "a half rounds up": ("USD", "1", "0.005", "0", "0.01"),
        "a third of a discount": ("USD", "3", "9.99", "33.3333", "19.98"),
        "no digits": ("JPY", "3", "100.5", "0", "302"),
        "three digits": ("BHD", "1", "1.0005", "0", "1.001"),
        "a fraction of a quantity": ("USD", "0.125", "10", "0", "1.25"),
    }

    @pytest.mark.parametrize("currency, quantity, price, discount, total", table(CASES))
    def test_are_rounded_half_up_to_the_currencys_digits(self, currency, quantity, price, discount, total):
        write(
            SALES_ORDERS.add,
            order(row(quantity=quantity, unit_price=price, discount=discount), currency=currency),
        )

        assert Row.objects.get().total == SalesOrder.objects.get().total == Decimal(total)

    def test_are_those_of_all_rows_and_follow_them(self):
        write(SALES_ORDERS.add, order(row(quantity="2"), row("VALVE", "3")))
        before = SalesOrder.objects.get().total

        write(SALES_ORDERS.update, {"number": "SO-1", "rows": [{"line_number": "2", "quantity": "1"}]})

        assert (before, SalesOrder.objects.get().total) == (Decimal(530), Decimal(10))
        write(SALES_ORDERS.update, {"number": "SO-1", "rows": EMPTY})
        assert (SalesOrder.objects.get().total, Row.objects.count()) == (0, 0)

    HUGE = {"quantity": "99999999999", "unit_price": "99999999999999"}
    TOO_LARGE = {
        "in one row": ([HUGE], "rows.0.total"),
        "in the second row": ([{}, HUGE], "rows.1.total"),
        "together": ([{"quantity": "9000000000", "unit_price": "999999999"}] * 2, "total"),
    }

    @pytest.mark.parametrize("rows, field", table(TOO_LARGE))
    def test_that_no_column_holds_are_refused(self, rows, field):
        outcomes = write(SALES_ORDERS.add, order(*(row(**each) for each in rows)), order(number="SO-2"))

        assert sentences(outcomes) == [f"{field} would have more than 19 digits before its point."]

    def test_are_shown_as_money_and_taken_from_nobody(self):
        write(SALES_ORDERS.add, order(row(quantity="2", total="1"), total="1"))

        [found] = SALES_ORDERS.find(search=Search()).records
        assert (found["total"], found["rows"][0]["total"], found["rows"][0]["unit_price"]) == (
            "500.00",
            "500.00",
            "250.00",
        )


class TestSteps:
    @pytest.mark.parametrize("status", ["Quote", "Created"])
    def test_begin_with(self, status):
        write(SALES_ORDERS.add, order(status=status))

        assert SalesOrder.objects.get().status.name == status

    def test_begin_by_themselves_with_the_first(self):
        write(SALES_ORDERS.add, order())

        assert SalesOrder.objects.get().status.name == "Quote"

    @pytest.mark.parametrize("status", ["Approved", "Delivered", "Cancelled"])
    def test_do_not_begin_with(self, status):
        assert sentences(write(SALES_ORDERS.add, order(status=status))) == ["A new order starts as Quote, Created."]

    def test_follow_the_table_and_nothing_else(self):
        write(SALES_ORDERS.add, order(row()))
        step = lambda status: write(SALES_ORDERS.update, {"number": "SO-1", "status": status})  # noqa: E731

        assert sentences(step("Delivered")) == [
            "An order that is Quote cannot become Delivered; it can become Created, Cancelled."
        ]
        assert sentences([*step("Created"), *step("Approved"), *step("Delivered")]) == []
        assert sentences(step("Cancelled")) == [
            "An order that is Delivered cannot become Cancelled; it can become nothing else."
        ]

    def test_freeze_the_rows_of_what_is_approved(self):
        write(SALES_ORDERS.add, order(row(), status="Created"))
        write(SALES_ORDERS.update, {"number": "SO-1", "status": "Approved"})

        assert sentences(write(SALES_ORDERS.update, order(row(quantity="2", line_number="1")))) == [
            "The rows of an order that is Approved may not change."
        ]
        assert sentences(write(SALES_ORDERS.update, order(row(line_number="1"), subject="the same rows"))) == []

    def test_allow_the_removal_of_two(self):
        write(SALES_ORDERS.add, order(row(), status="Created"), order(number="SO-2"))
        write(SALES_ORDERS.update, {"number": "SO-1", "status": "Cancelled"})

        outcomes = write(SALES_ORDERS.remove, {"number": "SO-1"}, {"number": "SO-2"})

        assert sentences(outcomes) == ["An order that is Cancelled may not be removed."]
        assert SalesOrder.objects.get().number == "SO-1"


class TestInactive:
    def test_customers_go_on_no_order(self):
        assert sentences(write(SALES_ORDERS.add, order(customer="GONE"))) == ["customer GONE is inactive."]

    def test_parts_and_customers_stay_on_the_orders_they_are_on(self):
        write(SALES_ORDERS.add, order(row()))
        outcomes = [*write(PARTS.remove, {"number": "PUMP"}), *write(CUSTOMERS.remove, {"number": "ACME"})]

        assert [str(outcome.result) for outcome in outcomes] == ["inactivated"] * 2
        again = order(row(line_number="1", quantity="3"), subject="again")
        assert sentences(write(SALES_ORDERS.update, again)) == []
        assert sentences(write(SALES_ORDERS.update, order(row(line_number="1"), row()))) == ["Part PUMP is inactive."]

    def test_contacts_are_the_customers_own(self):
        assert sentences(write(SALES_ORDERS.add, order(contact="B1"))) == ["contact B1 is no contact of customer ACME."]
        assert sentences(write(SALES_ORDERS.add, order(contact="A1"))) == []


def test_a_change_of_a_row_is_in_the_orders_change():
    write(SALES_ORDERS.add, order(row(unit_price="5")))

    write(SALES_ORDERS.update, {"number": "SO-1", "rows": [{"line_number": "1", "quantity": "2"}]})

    assert Change.objects.latest("id").fields == {
        "total": ["5", "10"],
        "grand_total": ["5", "10"],
        "rows.1.quantity": ["1", "2"],
        "rows.1.total": ["5", "10"],
    }


def test_the_cost_does_not_grow_with_the_number_of_orders_and_rows():
    def statements(count):
        orders = [
            {"customer": "ACME", "rows": [row(), {"customer_part_number": "OUR-PUMP", "quantity": "2"}] * 3}
            for _ in range(count)
        ]
        with CaptureQueriesContext(connection) as queries:
            assert sentences(write(SALES_ORDERS.add, *orders)) == []
        return len(queries)

    assert statements(2) == statements(200) <= 18


def test_contacts_that_are_named_by_code_cost_one_query_for_all():
    resource = SALES_ORDERS.resource.add_vendor_data("acme")

    def statements(count, **contact):
        orders = [{"customer": customer, **contact} for customer in ("ACME", "BETA") * count]
        with CaptureQueriesContext(connection) as queries:
            assert sentences(SALES_ORDERS.add(records=orders, by=ADA, at=NOW, resource=resource)) == []
        return len(queries)

    write(CONTACTS.add, {"customer": "ACME", "code": "ADA"}, {"customer": "BETA", "code": "ADA"})
    # One finds them, the other, as for any contact, looks whose they are.
    assert statements(1, contact_code="ADA") == statements(50, contact_code="ADA") == statements(1) + 2
    assert {*SalesOrder.objects.values_list("customer__number", "contact__customer__number")} == {
        ("ACME", "ACME"), ("BETA", "BETA"), ("ACME", None), ("BETA", None)
    }  # fmt: skip


def test_a_used_customer_is_inactivated_and_an_unused_one_removed():
    write(SALES_ORDERS.add, order(), at=NOW + timedelta(days=1))

    outcomes = write(CUSTOMERS.remove, {"number": "ACME"}, {"number": "GONE"})

    assert [str(outcome.result) for outcome in outcomes] == ["inactivated", "deleted"]
    assert set(Customer.objects.values_list("number", "active")) == {("ACME", False), ("BETA", True)}


# All that can be wrong with one order, by what is said of it: fault by fault, in one answer.
WRONG = {
    "customer": "NOBODY",
    "contact": "NONE",
    "status": "Delivered",
    "subject": "x" * 1000,
    "due_date": "soon",
    "colour": "red",
    "billing_country": "Utopia" * 100,
    "rows": [
        {"quantity": "many", "part_number": "NOPE", "hue": "blue"},
        {"quantity": "-1"},
        {"part_number": "OLD", "quantity": "1", "unit_price": "1.234567"},
    ],
}
FOUND = [
    "customer names no customer",
    "contact names no contact",
    "A new order starts as",
    "subject may have at most",
    "due_date must be a date",
    "colour is not a field",
    "billing_country may have at most",
    "rows.0.quantity must be a whole number|rows.0.quantity must be a number",
    "rows.0.part_number names no part",
    "rows.0.hue is not a field",
    "rows.1.quantity must be",
    "rows.1.part_number|A row names its part by rows.1",
    "Part OLD is inactive",
    "rows.2.unit_price",
]


class TestProblems:
    def test_of_an_order_are_told_all_at_once(self):
        [outcome] = write(SALES_ORDERS.add, {"number": "SO-1", **WRONG})

        found = sentences([outcome])
        for each in FOUND:
            assert any(part in sentence for sentence in found for part in each.split("|")), (each, found)

    def test_of_a_stored_order_are_told_with_what_is_only_read(self):
        write(SALES_ORDERS.add, order(row()))
        stamps = {"created_by": "bob", "changed_at": "2001-01-01T00:00:00Z", "id": "0"}

        [outcome] = write(SALES_ORDERS.update, {"number": "SO-1", "due_date": "soon", "contact": "B1", **stamps})

        assert {problem.path for problem in outcome.problems} == {
            ("due_date",), ("contact",), ("created_by",), ("changed_at",), ("id",),
        }  # fmt: skip
        assert Change.objects.count() == Change.objects.exclude(version__gt=1).count()

    def test_of_a_new_order_are_told_with_what_it_lacks(self):
        [outcome] = write(SALES_ORDERS.add, {"number": "SO-1", "due_date": "soon"})

        assert {(problem.code, problem.path) for problem in outcome.problems} == {
            ("not-a-date", ("due_date",)),
            ("missing", ("customer",)),
        }

    @pytest.mark.parametrize("service", [SALES_ORDERS.add, SALES_ORDERS.put])
    def test_cost_no_query_for_each(self, service):
        def queries(number):
            with CaptureQueriesContext(connection) as captured:
                outcomes = write(service, *({"number": f"SO-{n}", **WRONG} for n in range(number)))
            assert all(outcome.failed for outcome in outcomes)
            return len(captured)

        queries(1)  # what is asked once, and remembered
        assert queries(20) == queries(1) <= 16

    def test_of_what_is_only_read_cost_one_query_for_all(self):
        write(SALES_ORDERS.add, *(order(row(), number=f"SO-{n}") for n in range(20)))

        def queries(number, **stamps):
            with CaptureQueriesContext(connection) as captured:
                write(SALES_ORDERS.update, *({"number": f"SO-{n}", "subject": "x", **stamps} for n in range(number)))
            return len(captured)

        queries(20)
        without = queries(20)
        assert queries(20, created_by="ADA") == queries(1, created_by="bob") == without + 1


DATES_AND_AMOUNTS = {
    "order_date": "2024-02-29",
    "due_date": "2024-03-31",
    "ship_date": "2024-03-15",
    "invoice_date": "2024-03-16",
    "purchase_order_number": "4500012345",
    "ship_method": "Truck",
    "tracking_number": "1Z 999",
    "territory": "North",
    "notes": "Call first.",
    "tax": "85.5",
    "freight": "20",
}


class TestDaysAndAmounts:
    def read(self, number="SO-1"):
        (found,) = SALES_ORDERS.find(search=Search([Criterion(("number",), Comparator.EQUAL, (number,))])).records
        return found

    def test_are_kept_and_read_again(self):
        Territory.objects.get_or_create(name="North")
        dates = {"due_date": "2024-03-31", "ship_date": "2024-03-14"}
        assert sentences(write(SALES_ORDERS.add, order(row(**dates), **DATES_AND_AMOUNTS))) == []

        found = self.read()
        assert {name: found[name] for name in DATES_AND_AMOUNTS} == {
            **DATES_AND_AMOUNTS, "tax": "85.50", "freight": "20.00",
        }  # fmt: skip
        assert (found["total"], found["grand_total"]) == ("250.00", "355.50")
        assert found["rows"][0].items() >= dates.items()

    def test_an_order_is_of_the_day_on_which_it_is_added(self):
        write(SALES_ORDERS.add, order(row()))
        assert self.read()["order_date"] == f"{NOW:%Y-%m-%d}"

        later = NOW + timedelta(days=9)
        write(SALES_ORDERS.update, {"number": "SO-1", "order_date": "2024-01-01"}, at=later)
        write(SALES_ORDERS.update, {"number": "SO-1", "order_date": EMPTY}, at=later)
        assert self.read()["order_date"] == f"{NOW:%Y-%m-%d}"

    def test_the_grand_total_follows_tax_freight_and_rows(self):
        write(SALES_ORDERS.add, order(row()))
        write(SALES_ORDERS.update, {"number": "SO-1", "freight": "7.5"})
        assert self.read()["grand_total"] == "257.50"

        write(SALES_ORDERS.update, {"number": "SO-1", "rows": [row(quantity="2")]})
        assert self.read()["grand_total"] == "507.50"

        write(SALES_ORDERS.update, {"number": "SO-1", "freight": EMPTY})
        assert self.read()["grand_total"] == "500.00"

    @pytest.mark.parametrize("name", ["tax", "freight"])
    def test_amounts_are_not_below_zero(self, name):
        (problem,) = sentences(write(SALES_ORDERS.add, order(row(), **{name: "-0.01"})))
        assert problem == f"{name} must be 0 or more; '-0.01' is less."
