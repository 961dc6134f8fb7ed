"""Sales orders in the admin: rows, totals, steps, what their status forbids, and what they cost."""

import pytest
from django.db import transaction

from customers.services import CONTACTS, CUSTOMERS
from customers.tests import crm
from orders.models import OrderStatus, Row, SalesOrder
from orders.services import SALES_ORDERS, SHIPMENTS
from parts.models import Part
from parts.services import PARTS
from records.models import Change
from records.tests.cast import BOB, NOW, table
from records.tests.pages import change, errors, filled, page_of, queries, said

pytestmark = pytest.mark.django_db

LIST = "/admin/orders/salesorder/"
ADD = LIST + "add/"


@pytest.fixture(autouse=True)
def world(db):
    crm.build()
    crm.added(PARTS, {"number": "VALVE", "price": {"USD": "10", "EUR": "9"}})
    crm.added(CONTACTS, {"number": "B1", "customer": "BETA"})
    rows = [{"part_number": "PUMP-100", "quantity": "2"}, {"part_number": "VALVE", "quantity": "3", "discount": "10"}]
    crm.added(SALES_ORDERS, {"number": "SO-1", "customer": "ACME", "subject": "Spring", "rows": rows})


def order(number: str = "SO-1") -> SalesOrder:
    return SalesOrder.objects.select_related("status").get(number=number)


def step(*statuses: str) -> SalesOrder:
    for status in statuses:
        with transaction.atomic():
            [outcome] = SALES_ORDERS.update(records=[{"number": "SO-1", "status": status}], by=BOB, at=NOW)
        assert not outcome.problems
    return order()


def with_row(page, **typed: str) -> dict:
    """What the page sends with one more row."""
    shown = filled(page)
    place = int(shown["rows-TOTAL_FORMS"])
    row = {f"rows-{place}-{name}": value for name, value in typed.items()}
    return {**shown, "rows-TOTAL_FORMS": str(place + 1), **row}


class TestSave:
    def test_draws_number_line_and_price(self, ada):
        typed = with_row(ada.get(ADD), part_number="VALVE", quantity="4")

        response = ada.post(ADD, {**typed, "customer": "ACME", "contact": "A1", "status": "Quote"})

        assert response.status_code == 302
        new = SalesOrder.objects.exclude(number="SO-1").get()
        row = new.rows.get()
        assert (new.number.isdigit(), new.contact.number, new.total, new.currency) == (True, "A1", 40, "USD")
        assert (row.line_number, row.unit_price, row.part.number) == (1, 10, "VALVE")

    def test_names_a_part_by_the_customers_own_number(self, ada):
        page = ada.get(page_of(order()))

        ada.post(page_of(order()), with_row(page, customer_part_number="OUR-PUMP", quantity="1"))

        assert Row.objects.get(line_number=3).part.number == "PUMP-100"

    def test_follows_the_customers_own_number_that_is_typed_beside_a_part(self, ada):
        change(ada, order(), rows_1_customer_part_number="OUR-PUMP")

        assert Row.objects.get(line_number=2).part.number == "PUMP-100"

    def test_computes_the_totals_and_shows_them(self, ada):
        before = said(ada.get(page_of(order())))
        change(ada, order(), rows_0_quantity="4")

        assert "527.00 USD" in before
        assert "27.00" in before
        assert "1027.00 USD" in said(ada.get(page_of(order())))

    def test_prices_a_row_anew_when_its_price_is_cleared(self, ada):
        change(ada, order(), rows_1_unit_price="7")
        change(ada, order(), rows_1_unit_price="")

        assert Row.objects.get(line_number=2).unit_price == 10

    def test_removes_a_row(self, ada):
        change(ada, order(), rows_0_DELETE="on")

        assert list(Row.objects.values_list("line_number", "part__number")) == [(2, "VALVE")]
        assert order().total == 27

    def test_sends_nothing_when_nothing_was_typed(self, ada):
        change(ada, order())

        assert order().version == 1

    def test_journals_rows_and_names_field_by_field(self, ada):
        change(ada, order(), rows_0_part_number="VALVE", rows_0_unit_price="", contact="A1")

        assert Change.objects.latest("id").fields == {
            "contact": [None, "A1"],
            "total": ["527", "47"],
            "grand_total": ["527", "47"],
            "rows.1.part": ["PUMP-100", "VALVE"],
            "rows.1.unit_price": ["250", "10"],
            "rows.1.total": ["500", "20"],
        }
        text = said(ada.get(page_of(order(), "history")))
        assert "Rows 1, part number PUMP-100 VALVE" in text
        assert "Contact — A1" in text

    def test_keeps_the_rows_of_the_history_together_and_in_order(self, ada):
        rows = [{"part_number": "VALVE", "quantity": str(n)} for n in range(1, 12)]
        crm.added(SALES_ORDERS, {"number": "SO-2", "customer": "ACME", "rows": rows})

        text = said(ada.get(page_of(order("SO-2"), "history")))

        second, third, eleventh = (text.index(f"Rows {n}, ") for n in (2, 3, 11))
        assert second < text.index("Rows 2, total") < third < text.rindex("Rows 10, ") < eleventh


REFUSALS = {
    "an unknown part": ("rows_0_part_number", "NONE", "rows-0-part_number", "Part number names no part"),
    "another's number": ("rows_0_customer_part_number", "XX", "rows-0-customer_part_number", "XX is no number that"),
    "a quantity of nothing": ("rows_1_quantity", "0", "rows-1-quantity", "must be more than 0"),
    "no quantity": ("rows_0_quantity", "", "rows-0-quantity", "Quantity is required."),
    "a discount beyond all": ("rows_0_discount", "101", "rows-0-discount", "must be 100 or less"),
    "a contact of another customer": ("contact", "B1", "contact", "Contact B1 is no contact of customer ACME."),
    "a customer that is none": ("customer", "NONE", "customer", "Customer names no customer"),
    "a step that is not allowed": ("status", "Delivered", "status", "An order that is Quote cannot become Delivered"),
}  # fmt: skip


class TestRefusal:
    @pytest.mark.parametrize("field, typed, name, words", table(REFUSALS))
    def test_comes_back_to_its_field(self, ada, field, typed, name, words):
        response = change(ada, order(), **{field: typed})

        assert [(where, words in texts[0]) for where, texts in errors(response).items()] == [(name, True)]
        assert order().version == 1

    def test_of_a_row_without_price_lands_on_its_price(self, ada):
        typed = with_row(ada.get(ADD), part_number="PUMP-100", quantity="1")

        response = ada.post(ADD, {**typed, "customer": "ACME", "currency": "EUR"})

        assert list(errors(response)) == ["rows-0-unit_price"]
        assert filled(response)["rows-0-part_number"] == "PUMP-100"

    def test_of_a_row_without_part_lands_on_its_part(self, ada):
        response = ada.post(page_of(order()), with_row(ada.get(page_of(order())), quantity="1"))

        assert list(errors(response)) == ["rows-2-part_number"]

    def test_of_what_is_inactive_names_it(self, ada):
        with transaction.atomic():
            PARTS.remove(records=[{"number": "VALVE"}], by=BOB, at=NOW)
            CUSTOMERS.update(records=[{"number": "BETA", "active": "false"}], by=BOB, at=NOW)

        row = ada.post(
            page_of(order()), with_row(ada.get(page_of(order())), part_number="VALVE", quantity="1", unit_price="1")
        )
        customer = change(ada, order(), customer="BETA")

        assert errors(row) == {"rows-2-part_number": ["Part VALVE is inactive."]}
        assert errors(customer) == {"customer": ["Customer BETA is inactive."]}


class TestSteps:
    def steps(self, page) -> list[str]:
        from lxml import html

        return html.fromstring(page.content.decode()).xpath("//select[@name='status']/option/@value")

    def test_of_a_new_order_are_those_it_may_start_with(self, ada):
        assert self.steps(ada.get(ADD)) == ["Quote", "Created"]

    def test_are_the_present_one_and_the_next(self, ada):
        assert self.steps(ada.get(page_of(order()))) == ["Quote", "Created", "Cancelled"]
        assert self.steps(ada.get(page_of(step("Created", "Approved")))) == ["Approved", "Delivered", "Cancelled"]
        assert self.steps(ada.get(page_of(step("Delivered")))) == ["Delivered"]

    def test_are_taken(self, ada):
        change(ada, order(), status="Created", rows_0_quantity="1")

        assert (order().status.name, order().total) == ("Created", 277)

    def test_freeze_the_rows(self, ada):
        page = ada.get(page_of(step("Created", "Approved")))

        assert "This order is Approved: its rows may not change and it may not be deleted." in said(page)
        assert not [name for name in filled(page) if name.startswith("rows-0-") and name.rpartition("-")[2] != "id"]
        assert f'href="{page_of(Part.objects.get(number="VALVE"))}"' in page.content.decode()
        assert "500.00" in said(page)

    def test_let_the_rest_of_a_frozen_order_change(self, ada):
        response = change(ada, step("Created", "Approved"), subject="Summer", status="Delivered")

        assert response.status_code == 302
        assert (order().subject, order().status.name, order().total) == ("Summer", "Delivered", 527)

    def test_leave_frozen_rows_as_they_are_whatever_is_sent(self, ada):
        typed = filled(ada.get(page_of(order())), rows_0_quantity="9")
        sent = {**typed, "shown_version": str(step("Created", "Approved").version)}

        ada.post(page_of(order()), {**sent, "status": "Approved"})

        assert order().total == 527

    def test_tell_who_was_late(self, ada):
        shown = filled(ada.get(page_of(order())), rows_0_quantity="9")
        step("Created", "Approved")

        response = ada.post(page_of(order()), shown)

        assert "bob changed this sales order" in said(response)
        assert order().total == 527


class TestRemoval:
    def test_deletes_what_may_be_removed(self, ada):
        ada.post(page_of(order(), "delete"), {"post": "yes"})

        assert not SalesOrder.objects.exists()
        assert not Row.objects.exists()

    def test_says_why_an_order_may_not_be_deleted_and_does_not_ask(self, ada):
        page = ada.get(page_of(step("Created", "Approved"), "delete"))

        assert "An order that is Approved may not be removed." in said(page)
        assert "Are you sure" not in said(page)

    def test_is_refused_to_those_who_ask_all_the_same(self, ada):
        step("Created", "Approved")

        response = ada.post(page_of(order(), "delete"), {"post": "yes"}, follow=True)

        text = "1 sales order refused: SO-1: An order that is Approved may not be removed."
        assert text in said(response)
        assert SalesOrder.objects.exists()

    def test_of_many_removes_those_that_may_be_and_names_the_others(self, ada):
        step("Created", "Approved")
        crm.added(SALES_ORDERS, {"number": "SO-2", "customer": "BETA"})
        chosen = {"action": "delete_selected", "_selected_action": [order().pk, order("SO-2").pk]}

        asked = ada.post(LIST, chosen)
        response = ada.post(LIST, {**chosen, "post": "yes"}, follow=True)

        assert "made inactive" not in said(asked)
        assert "1 sales order deleted." in said(response)
        assert "1 sales order refused: SO-1:" in said(response)

    def test_has_no_active_to_switch(self, ada):
        assert b"deactivate" not in ada.get(LIST).content


class TestPages:
    def test_list_shows_customer_status_and_total(self, ada):
        text = said(ada.get(LIST))

        assert "SO-1 ACME (Acme Engines) Spring Quote" in text
        assert "527.00 USD" in text

    @pytest.mark.parametrize("words", ["SO-", "spring"])
    def test_list_finds_by_number_and_words(self, ada, words):
        assert "1 sales order" in said(ada.get(LIST, {"q": words}))

    def test_list_narrows_to_those_with_a_part(self, ada):
        crm.added(SALES_ORDERS, {"number": "SO-2", "customer": "BETA"})

        text = said(ada.get(LIST, {"rows__part__id__exact": Part.objects.get(number="VALVE").pk}))

        assert "SO-1" in text
        assert "SO-2" not in text

    def test_link_an_order_to_its_customer_and_parts_and_back(self, ada):
        customer, part = crm.acme(), Part.objects.get(number="VALVE")

        page = ada.get(page_of(order())).content.decode()
        back = ada.get(page_of(part)).content.decode()

        assert f'href="{page_of(customer)}" title="Open it"' in page
        assert f'href="{page_of(part)}" title="Open it"' in page
        assert f'href="{LIST}?rows__part__id__exact={part.pk}"' in back
        assert "1 sales order" in said(ada.get(page_of(customer)))

    def test_count_an_order_once_that_names_a_part_twice(self, ada):
        crm.added(
            SALES_ORDERS,
            {"number": "SO-2", "customer": "ACME", "rows": [{"part_number": "VALVE", "quantity": "1"}] * 2},
        )

        assert "2 sales orders" in said(ada.get(page_of(Part.objects.get(number="VALVE"))))

    def test_offer_the_contacts_of_the_orders_customer(self, ada):
        asked = {"customer": "BETA"}

        answer = ada.get(LIST + "names/contact/", asked).json()

        assert [choice["id"] for choice in answer["results"]] == ["B1"]
        assert b'data-depends-on="customer"' in ada.get(ADD).content

    def test_show_what_was_shipped_and_what_is_open(self, ada):
        crm.added(SHIPMENTS, {"number": "SH-1", "order": "SO-1", "line_number": "2", "quantity": "1.5"})

        text = said(ada.get(page_of(order())))

        assert "SH-1 2 1.5" in text
        assert "Open: 2 of row 1, 1.5 of row 2." in text

    COSTS = {"list": (LIST, 4), "page": ("change", 9), "frozen page": ("change", 9), "history": ("history", 6)}

    @pytest.mark.parametrize("page, number", table(COSTS))
    def test_cost_the_same_for_any_number_of_orders_and_rows(self, ada, page, number, request):
        if "frozen" in request.node.name:
            step("Created", "Approved")
        address = page if page == LIST else page_of(order(), page)
        few = queries(ada, address)
        more = [{"part_number": "VALVE", "quantity": "1"} for _ in range(30)]
        crm.added(SALES_ORDERS, *({"customer": "ACME", "rows": more[:3]} for _ in range(30)))
        if order().status.rows_change:
            with transaction.atomic():
                SALES_ORDERS.update(records=[{"number": "SO-1", "rows": more}], by=BOB, at=NOW)

        assert queries(ada, address) == few == number

    def test_of_saving_cost_the_same_for_any_number_of_rows(self, ada, django_assert_max_num_queries):
        typed = filled(ada.get(page_of(order())), rows_0_quantity="7")

        with django_assert_max_num_queries(40):
            ada.post(page_of(order()), typed)

    def test_are_shown_to_those_who_may_only_look(self, person):
        page = person("vera", "view_salesorder").get(page_of(order()))

        assert "VALVE" in said(page)
        assert "527.00 USD" in said(page)
        assert "subject" not in filled(page)


class TestStatuses:
    def test_are_listed_with_their_next_steps(self, ada):
        text = said(ada.get("/admin/orders/orderstatus/"))

        assert "Created, Cancelled" in text
        assert queries(ada, "/admin/orders/orderstatus/") == 4

    def test_may_get_another_next_step(self, ada):
        quote, approved = OrderStatus.objects.get(name="Quote"), OrderStatus.objects.get(name="Approved")
        shown = filled(ada.get(page_of(quote)))

        steps = shown["steps-TOTAL_FORMS"]
        typed = {**shown, "steps-TOTAL_FORMS": str(int(steps) + 1), f"steps-{steps}-status": approved.name}
        ada.post(page_of(quote), typed)

        assert Change.objects.latest("id").fields == {"next.Approved": [None, "true"]}
        assert change(ada, order(), status="Approved").status_code == 302
        assert order().status.name == "Approved"

    def test_leave_one_that_orders_may_start_with(self, ada):
        OrderStatus.objects.filter(name="Created").update(starts=False)
        quote = OrderStatus.objects.get(name="Quote")
        shown = {name: value for name, value in filled(ada.get(page_of(quote))).items() if name != "starts"}

        assert list(errors(ada.post(page_of(quote), shown))) == ["starts"]

    def test_stay_while_an_order_has_them(self, ada):
        assert "Cannot delete order status" in said(ada.get(page_of(OrderStatus.objects.get(name="Quote"), "delete")))
