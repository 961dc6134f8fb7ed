"""Orders of Expandable's beside other things: the contact that one names, the lines that its lists are about."""

import pytest

from customers.models import Contact
from records.tests.cast import table

ORDER = {"SO_ID": "SO-1", "CUSTOMER_ID": "ACME", "LINES": [{"PART_ID": "PUMP-100", "ORDER_QTY": "2"}]}


@pytest.fixture
def people(acme):
    """ADA and BOB at ACME, another ADA at ZENITH."""
    acme.call("customer-create", CUSTOMER_ID="ZENITH", CUSTOMER_NAME="Zenith")
    for customer, code in (("ACME", "ADA"), ("ACME", "BOB"), ("ZENITH", "ADA"), ("ZENITH", "ZOE")):
        acme.call("customer-contact-create", CUSTOMER_ID=customer, CUST_CONTACT=code)
    return acme


class TestContact:
    def test_is_named_by_its_code_at_the_customer_of_the_order(self, people):
        made = people.call("sales-order-create", ORDER, CUST_CONTACT="ADA")
        moved = people.call("sales-order-update", SO_ID="SO-1", CUST_CONTACT="BOB")
        stays = people.call("sales-order-update", SO_ID="SO-1", SUBJECT="Spring")
        cleared = people.call("sales-order-update", SO_ID="SO-1", CUST_CONTACT="")

        assert [each["CUST_CONTACT"] for each in (made, moved, stays, cleared)] == ["ADA", "BOB", "BOB", ""]

    def test_changes_with_the_customer(self, people):
        people.call("sales-order-create", ORDER, CUST_CONTACT="ADA")

        moved = people.call("sales-order-update", SO_ID="SO-1", CUSTOMER_ID="ZENITH", CUST_CONTACT="ADA")

        assert (moved["CUSTOMER_ID"], moved["CUST_CONTACT"]) == ("ZENITH", "ADA")

    def test_is_asked_for_by_its_code(self, people):
        people.call("sales-order-create", ORDER, CUST_CONTACT="ADA")
        people.call("sales-order-create", SO_ID="SO-2", CUSTOMER_ID="ZENITH", CUST_CONTACT="ADA")
        people.call("sales-order-create", SO_ID="SO-3", CUSTOMER_ID="ACME")

        numbers = {
            criterion: [each["SO_ID"] for each in people.call("sales-order-query", CUST_CONTACT=criterion, SO_ID="%")]
            for criterion in ("ADA", "A%", "IN ADA,BOB", "''", "<>ADA")
        }

        both, none = ["SO-1", "SO-2"], ["SO-3"]
        assert numbers == {"ADA": both, "A%": both, "IN ADA,BOB": both, "''": none, "<>ADA": none}

    @pytest.mark.parametrize(
        "members, words",
        table(
            {
                "that there is not": ({"CUST_CONTACT": "JIM"}, "names no contact of customer ACME: 'JIM' is not known"),
                "of another customer": (
                    {"CUST_CONTACT": "ZOE"}, "CUST_CONTACT names no contact of customer ACME: 'ZOE' is not known there."
                ),
                "that is inactive": ({"CUST_CONTACT": "BOB"}, "CUST_CONTACT BOB is inactive."),
                "of the customer that the order had": (
                    {"CUSTOMER_ID": "ZENITH"}, "CUST_CONTACT 2 is no contact of customer ZENITH."
                ),
                "of no customer": ({"CUSTOMER_ID": "NONE", "CUST_CONTACT": "ADA"}, "CUSTOMER_ID names no customer: "),
            }
        ),
    )  # fmt: skip
    def test_is_refused(self, members, words, people):
        people.call("sales-order-create", ORDER, CUST_CONTACT="ADA")
        Contact.objects.filter(code="BOB").update(active=False)
        Contact.objects.filter(code="ADA", customer__number="ACME").update(number="2")

        _, code, message = people.call("sales-order-update", {"SO_ID": "SO-1", **members})

        assert (code in ("UNKNOWN_REFERENCE", "INVALID_VALUE"), words in message) == (True, True), message
        assert message.count("CUST_CONTACT") <= 1


COMMENT = {"PRINT_INVOICE": "O", "COMMENT_TEXT": "Careful."}
NOTES = {
    "COMMENTS": [{"SO_LINE_NO": "0", **COMMENT}, {"SO_LINE_NO": "2", **COMMENT}, {"SO_LINE_NO": "1", **COMMENT}],
    "EXTENDED_USER": [{"SO_LINE_NO": "2", "SOFDXU_USER_1": "a"}],
}
LINES = [{"SO_LINE_NO": number, "PART_ID": "PUMP-100", "ORDER_QTY": "1"} for number in ("1", "2")]


def lines_of(order):
    return {name: [entry["SO_LINE_NO"] for entry in order[name]] for name in NOTES}


class TestNotesOfLines:
    @pytest.fixture
    def order_with_notes(self, acme):
        acme.made = acme.call("sales-order-create", {**ORDER, "LINES": LINES, **NOTES})
        return acme

    def test_come_back_in_the_order_in_which_they_were_sent(self, order_with_notes):
        assert {name: order_with_notes.made[name] for name in NOTES} == NOTES

    @pytest.mark.parametrize("member, entry", [("COMMENTS", COMMENT), ("EXTENDED_USER", {"SOFDXU_USER_1": "a"})])
    def test_are_refused_for_a_line_that_there_is_not(self, member, entry, order_with_notes):
        entries = [{"SO_LINE_NO": "1", **entry}, {"SO_LINE_NO": "3", **entry}]

        answer = order_with_notes.call("sales-order-update", {"SO_ID": "SO-1", member: entries})

        assert answer == (500, "UNKNOWN_REFERENCE", f"{member}[2] is about line 3, which there is not.")
        [stored] = order_with_notes.call("sales-order-query", SO_ID="SO-1")
        assert stored == order_with_notes.made

    def test_are_refused_in_the_words_of_the_older_generation(self, acme):
        comments = [{"SO_LINE_NO": "9", **COMMENT}]

        answer = acme.call("sales-order-create", SalesOrder={"CUSTOMER_ID": "ACME"}, SalesOrderComment=comments)

        assert answer[2] == "SalesOrderComment[1] is about line 9, which there is not."

    def test_may_come_with_their_line_whose_number_is_drawn(self, order_with_notes):
        lines = [*LINES, {"PART_ID": "PUMP-100"}]

        told = order_with_notes.call(
            "sales-order-update", SO_ID="SO-1", LINES=lines, COMMENTS=[{"SO_LINE_NO": "3", **COMMENT}]
        )

        assert lines_of(told)["COMMENTS"] == ["3"]

    def test_go_with_their_line_and_do_not_come_back_with_another(self, order_with_notes):
        without = order_with_notes.call("sales-order-update", SO_ID="SO-1", LINES=LINES[:1])
        again = order_with_notes.call("sales-order-update", SO_ID="SO-1", LINES=LINES)

        assert lines_of(without) == {"COMMENTS": ["0", "1"], "EXTENDED_USER": []}
        assert lines_of(again) == lines_of(without)

    def test_go_with_a_line_that_another_api_removes(self, order_with_notes, rest):
        rows = [{"line_number": 1, "part_number": "PUMP-100", "quantity": "1"}]
        for sent in (rows, [*rows, {**rows[0], "line_number": 2}]):
            assert rest.patch("sales-orders/SO-1/", {"rows": sent}).status == 200

        [stored] = order_with_notes.call("sales-order-query", SO_ID="SO-1")

        assert lines_of(stored) == {"COMMENTS": ["0", "1"], "EXTENDED_USER": []}

    def test_may_come_back_as_they_were_when_their_line_is_removed(self, order_with_notes):
        changed = order_with_notes.call(
            "sales-order-update", {**order_with_notes.made, "LINES": order_with_notes.made["LINES"][:1]}
        )

        assert lines_of(changed) == {"COMMENTS": ["0", "1"], "EXTENDED_USER": []}
