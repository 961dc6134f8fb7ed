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
