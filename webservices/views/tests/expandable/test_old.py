"""The older generation of Expandable's API: its addresses, its header, its dates and errors; the same records."""

import json

import pytest
from django.test import Client

from customers.models import Contact
from records.tests.cast import table
from webservices.exchanges.store import body_text
from webservices.models import Exchange

LOGIN = {"DataSource": "DEMO", "UserName": "ada", "Password": "ada-ada!"}
PRICE = {"PART_ID": "646-7202", "PRICE_CODE": "LP", "EFFECTIVE_DATE": "10/10/2014", "ORDER_QTY": "1000"}


class Old:
    """A caller with a token in its header; `call` gives the answer's JSON, or status, reason and body of a failure."""

    def __init__(self):
        response = self.post("Security/Login", LOGIN)
        assert (response.status_code, response.json()) == (200, {})
        self.token = response["AuthToken"]

    def post(self, name, body, **headers):
        content = json.dumps(body).encode()
        return Client().generic("POST", f"/api/{name}", content, content_type="application/json", headers=headers)

    def call(self, name, members=None, **more):
        response = self.post(name, {**(members or {}), **more}, authtoken=self.token)
        answer = response.json()
        return answer if response.status_code == 200 else (response.status_code, response.reason_phrase, answer)


@pytest.fixture
def old(acme):
    acme.call("part-create", PART_ID="646-7202", PART_DESC="Camera")
    return Old()


class TestToken:
    @pytest.mark.parametrize(
        "name, value",
        [("Password", "guess"), ("DataSource", "OTHER")],
    )
    def test_is_not_given_for_a_wrong_login(self, name, value, old):
        response = old.post("Security/Login", {**LOGIN, name: value})

        assert (response.status_code, response.json()["MessageCode"]) == (500, "LOGIN_FAILURE")
        assert "AuthToken" not in response

    def test_is_needed(self, old):
        response = old.post("Part/Query", {"PART_ID": "%"})

        assert (response.status_code, response.reason_phrase) == (401, "Auth Token was not provided.")
        assert [*response.json()] == ["Message", "MessageCode"]

    def test_is_retired_by_a_logout(self, old):
        assert old.call("Security/Logout") == {}

        status, reason, answer = old.call("Part/Query", PART_ID="%")

        assert (status, reason) == (401, "AuthToken is expired.")
        assert answer["Message"].startswith("AuthToken is expired. ")

    def test_is_kept_nowhere_in_clear_nor_is_the_password(self, old):
        old.call("Part/Query", PART_ID="%")

        kept = json.dumps(
            [
                [body_text(row.request_body), body_text(row.response_body), str(vars(row))]
                for row in Exchange.objects.all()
            ]
        )
        assert old.token not in kept
        assert LOGIN["Password"] not in kept


class TestRecords:
    def test_are_the_same_as_in_the_newer_generation(self, old, acme):
        made = old.call("CustomerContact/Create", CUSTOMER_ID="ACME", CUST_CONTACT="ADA", SLX_ID="7", COUNTRY="USA")

        assert [*made] == [*sorted([*made][:-9]), *[*made][-9:]]
        assert (made["SLX_ID"], Contact.objects.get().code) == ("7", "ADA")
        assert [each["CUST_CONTACT"] for each in acme.call("customer-contact-query", COUNTRY="USA")] == ["ADA"]
        assert old.call("CustomerContact/Query", COUNTRY="USA", CUSTOMER_ID="ACME") == [made]
        assert old.call("CustomerContact/Delete", CUSTOMER_ID="ACME", CUST_CONTACT="ADA") == {}

    def test_have_days_as_americans_write_them(self, old, acme):
        made = old.call("ProductPrice/Create", PRICE, SO_UNIT_PRICE="15", END_DATE="1/31/2030")

        shown = [made[name] for name in ("EFFECTIVE_DATE", "END_DATE", "SO_UNIT_PRICE")]
        assert shown == ["10/10/2014", "1/31/2030", "15.00"]
        assert {"DATE_LAST_UPDT", "TIME_LAST_UPDT", "PART_DESC"}.isdisjoint(made)
        assert made["DATE_CREATED"].count("/") == 2
        [found] = acme.call("product-price-query", END_DATE=">=2030-01-01")
        assert (found["EFFECTIVE_DATE"], found["END_DATE"]) == ("2014-10-10", "2030-01-31")
        assert old.call("ProductPrice/Query", SO_UNIT_PRICE="BETWEEN 10 AND 20", END_DATE=">1/30/2030") == [made]
        assert old.call("ProductPrice/Update", PRICE, SALES_COMM="2")["SALES_COMM"] == "2"
        assert old.call("ProductPrice/Delete", PRICE) == {}

    def test_of_a_customer_part_have_the_older_names(self, old):
        key = {"PART_ID": "PUMP-100", "CUSTOMER_ID": "ACME", "CUST_PART_ID": "X"}
        old.call("CustomerPart/Create", key)

        assert old.call("CustomerPart/Update", key, SALE_DEC="2")["SALE_DEC"] == "2"
        status, _, answer = old.call("CustomerPart/Update", key, SO_ORDER_QTY="2")
        assert (status, answer["MessageCode"]) == (500, "UNKNOWN_FIELD")

    def test_are_found_or_made_as_a_part_is_by_a_client_that_asks_first(self, old):
        part = {"PART_ID": "NEW-1", "PART_DESC": "New"}
        assert old.call("Part/Query", PART_ID="NEW-1") == []
        assert old.call("Part/Create", part)["PART_ID"] == "NEW-1"
        assert old.call("part/update/", PART_ID="NEW-1", PART_UM="EA")["PART_UM"] == "EA"
        status, reason, answer = old.call("Part/Create", part)
        assert (status, answer["MessageCode"]) == (500, "DUPLICATE")
        assert reason.startswith("Part already exists. ")
        assert old.call("Part/Delete", PART_ID="NEW-1") == {}

    def test_of_an_order_have_their_head_beside_their_lists(self, old):
        order = {
            "SalesOrder": {"SO_ID": "9", "CUSTOMER_ID": "ACME", "DUE_DATE": "12/31/2026", "ORDER_DATE": "1/2/2026"}
        }
        order |= {"SalesOrderLine": [{"PART_ID": "PUMP-100", "REQ_SHIP_DATE": "12/1/2026"}]}

        made = old.call("SalesOrder/Create", order)

        assert (made["SalesOrder"]["DUE_DATE"], made["SalesOrder"]["ORDER_DATE"]) == ("12/31/2026", "1/2/2026")
        assert made["SalesOrderLine"][0]["REQ_SHIP_DATE"] == "12/1/2026"
        assert old.call("SalesOrder/Delete", SalesOrder={"SO_ID": "9"}) == {}
        status, reason, _ = old.call("SalesOrder/Delete", SalesOrder={})
        assert (status, reason) == (400, "Request Sales Order Header has no SO_ID.")


REFUSED = {
    "a call that is not served": ("VendorPart/Delete", {}, 404, "NOT_FOUND"),
    "a verb that there is not": ("part/List", {}, 404, "NOT_FOUND"),
    "a token in the body": ("Part/Query", {"PART_ID": "%", "AUTH_TOKEN": "x"}, 500, "UNKNOWN_FIELD"),
}


@pytest.mark.parametrize("name, body, status, code", table(REFUSED))
def test_refuses(name, body, status, code, old):
    response = old.post(name, body, authtoken=old.token)

    assert (response.status_code, response.json()["MessageCode"]) == (status, code)
