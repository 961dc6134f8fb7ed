"""Expandable's help pages: one for every call, in the order of the base text, and what they show works."""

import json
import re
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.test import Client

from records.tests.cast import table
from webservices.declarations import OPERATIONS
from webservices.tests.expandable_client import Expandable
from webservices.views.tests.expandable.test_calls import AUDIT, ENDS, FIELDS
from webservices.wire.dialects.expandable.calls import calls
from webservices.wire.dialects.expandable.context import ExpandableSettings
from webservices.wire.dialects.expandable.help import help_page

NAMES = [*calls(OPERATIONS)]
NEW = {
    "part": {"PART_ID": "P1", "PART_DESC": "x"},
    "customer": {"CUSTOMER_ID": "C1", "CUSTOMER_NAME": "x"},
    "customer-contact": {"CUSTOMER_ID": "ACME", "CUST_CONTACT": "ADA"},
    "customer-part": {"PART_ID": "PUMP-100", "CUSTOMER_ID": "ACME", "CUST_PART_ID": "X"},
    "product-price": {"PART_ID": "PUMP-100", "PRICE_CODE": "VIP"},
    "sales-order": {
        "CUSTOMER_ID": "ACME",
        "LINES": [{"PART_ID": "PUMP-100"}],
        "COMMENTS": [{"SO_LINE_NO": "0", "PRINT_INVOICE": "O", "COMMENT_TEXT": "a"}],
        "EXTENDED_USER": [],
    },
}
RECORDS = ["part", "customer", "customer-contact", "customer-part", "product-price", "sales-order"]
ALL = {f"{record}-{verb}" for record in RECORDS for verb in ("create", "update", "delete", "query")} | {
    "auth-token-get",
    "api-version-get",
    "data-sources-get",
    "server-time-get",
    "shipments-entry-create",
    "shipment-transaction-query",
}


def get(name=""):
    return Client().get(f"/help/{name}")


def page(name):
    return help_page(name, OPERATIONS, ExpandableSettings())


def test_there_is_a_call_for_all_that_is_offered():
    assert set(NAMES) == ALL


@pytest.mark.parametrize("name", NAMES)
def test_every_call_has_its_page_in_the_order_of_the_base_text(name, db):
    response = get(name)

    heads = re.findall(r"<h2[^>]*>(.*?)</h2>", response.content.decode().partition("<main")[2])
    of_a_program = ["Expandable Program"] if page(name).editor else []
    of_a_query = ["Query By Example"] if name.endswith("-query") else []
    assert heads == [
        *("URL", "Request Method", *of_a_program, "Required Fields", "Auth Token", *of_a_query),
        *("Example Request JSON", "Full Request JSON", "Success Response", "Failure Response", "Try the API"),
    ]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "script-src 'self'" in response["Content-Security-Policy"]


def test_the_page_of_the_base_text_says_what_it_says(db):
    found = page("customer-part-create")

    assert (found.title, found.url) == ("Customer Part, Create", "/api/customer-part-create")
    assert found.editor == "Customer Part Editor (SOECP)"
    assert found.required == (("", ("PART_ID", "CUSTOMER_ID", "CUST_PART_ID", "AUTH_TOKEN")),)
    assert [*json.loads(found.example)] == ["PART_ID", "CUSTOMER_ID", "CUST_PART_ID", *ENDS, "AUTH_TOKEN"]
    assert json.loads(found.full) == dict.fromkeys([*FIELDS, *ENDS, "AUTH_TOKEN"], "")
    assert json.loads(found.success) == dict.fromkeys([*FIELDS, *AUDIT, *ENDS], "")
    assert [*json.loads(found.success)] == [*FIELDS, *AUDIT, *ENDS]
    assert found.failures == (
        "400/Request JSON is invalid.",
        "401/Auth Token was not provided.",
        "401/Auth Token is malformed.",
        "401/Auth Token login failure.",
        "405/Request method must be POST.",
        "500/(Error Message)",
    )
    assert json.loads(found.failure) == {"MESSAGE": "", "MESSAGE_CODE": ""}


def test_a_call_that_takes_no_token_fails_without_the_statuses_of_one():
    assert [line[:3] for line in page("auth-token-get").failures] == ["400", "405", "500"]


def test_the_console_proposes_calls_that_work_at_a_site_with_demo_data(demo_world, stored_hash):
    User.objects.create(username="eve", password=stored_hash("eve-eve!"), is_superuser=True)
    caller = Expandable("eve", "eve-eve!")

    for name in sorted(NAMES, key=lambda name: name.endswith("-delete")):
        proposal = json.loads(page(name).trial)
        if "PASSWORD" in proposal:
            proposal |= {"USER_NAME": "eve", "PASSWORD": "eve-eve!"}
        if "AUTH_TOKEN" in proposal:
            proposal["AUTH_TOKEN"] = caller.token

        response = caller.post(name, proposal)

        answer = response.json()
        assert response.status_code == 200, (name, proposal, answer)


def test_required_fields_of_an_order_are_grouped_by_the_parts_of_its_body():
    assert page("sales-order-create").required == (
        ("HEADER", ("CUSTOMER_ID",)),
        ("LINES", ("PART_ID or SO_DESC",)),
        ("COMMENTS", ("SO_LINE_NO", "PRINT_INVOICE", "COMMENT_TEXT")),
        ("EXTENDED_USER", ("SO_LINE_NO",)),
        ("", ("AUTH_TOKEN",)),
    )


def test_the_page_of_a_transaction_has_its_head_and_its_lines():
    entry = page("shipments-entry-create")

    assert entry.required == (
        ("HEADER", ("SO_ID",)),
        ("LINES", ("SO_LINE_NO", "QUANTITY")),
        ("", ("AUTH_TOKEN",)),
    )
    assert [*json.loads(entry.full)][-3:] == ["BATCH_NUMBER", "LINES", "AUTH_TOKEN"]
    assert [*json.loads(entry.success)][-2:] == ["TXNS_ACCEPTED", "LINES"]


def test_names_that_are_this_hubs_say_so():
    described = dict(page("sales-order-create").fields)

    assert "A name of this hub's" in described["CUST_CONTACT"]
    assert "A name of this hub's" not in described["CUST_PO_ID"]


FIELD_WORDS = {
    "a day of a moment": ("part-query", "DATE_CREATED", "date (YYYY-MM-DD). When it was created: the day, in UTC."),
    "a time": ("part-query", "TIME_LAST_UPDT", "text. HH:MM, in UTC; a query takes HH:MM:SS too."),
    "a flag": ("customer-part-create", "SN_REQD", "text, one of Y (yes), N (no)."),
    "a number of the vendor's": (
        "part-create", "MAX_ORDER_QTY", "number. Kept for this API alone, and given back as it was sent."
    ),
    "an unset number": ("part-create", "PLAN_LEAD_TIME", "whole number, 0 or more. In days; blank: not set."),
    "codes": (
        "sales-order-update", "SO_STATUS",
        "text, at most 30 characters. Q (Quote), O (Created), A (Approved), C (Delivered), X (Cancelled).",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name, wire, words", table(FIELD_WORDS))
def test_it_says_of_each_field_what_it_is_on_this_wire(name, wire, words):
    assert dict(page(name).fields)[wire] == words


@pytest.mark.parametrize("record", RECORDS)
def test_its_full_request_is_taken_and_answered_in_full(record, acme):
    create = page(f"{record}-create")
    full = json.loads(create.full)
    filled = {**full, **NEW[record], "AUTH_TOKEN": acme.token}
    filled = {
        name: [{**full[name][0], **entry} for entry in value] if isinstance(value, list) else value
        for name, value in filled.items()
    }

    response = acme.post(f"{record}-create", filled)

    answer, promised = response.json(), json.loads(create.success)
    assert response.status_code == 200, answer
    assert [*answer] == [*promised]
    assert all([*answer[name][0]] == [*promised[name][0]] for name in ("LINES", "COMMENTS") if name in answer)


def test_it_shows_the_names_that_the_site_has_added(db, settings):
    settings.DIALECT_TERMS = {"expandable": {"names": {"part": ["STOCK_DEC"]}}}

    assert "STOCK_DEC" in get("part-create").content.decode()
    described = get("openapi.json").json()["components"]["schemas"]
    assert ["STOCK_DEC" in described[name]["properties"] for name in ("Part", "PartCreate", "PartDelete")] == [1, 1, 0]


def test_the_menu_is_in_the_order_of_the_base_text(db):
    heads = re.findall(r"<nav.*?</nav>", get("part-query").content.decode(), re.DOTALL)[0]

    assert re.findall(r"<h2>(.*?)</h2>", heads) == [
        *("API Version", "Auth Token", "Data Sources", "Server Time"),
        *("Part", "Customer", "Customer Contact", "Customer Part", "Product Price", "Sales Order"),
        *("Shipments Entry", "Shipment Transaction"),
    ]
    assert re.findall(r"query|create|update|delete", heads)[:4] == ["create", "update", "delete", "query"]


def test_the_list_links_every_page(db):
    found = set(re.findall(r'href="/help/([^"]+)"', unescape(get().content.decode())))

    assert found == ALL | {"openapi.json"}


def test_what_is_no_call_is_said_so_and_gives_the_list(db):
    response = get("<script>")

    assert response.status_code == 404
    assert b"There is no call &lt;script&gt;." in response.content
    assert b"/help/part-create" in response.content


def test_the_openapi_document_describes_every_call(db):
    described = get("openapi.json").json()

    assert set(described["paths"]) == {f"/api/{name}" for name in ALL}


def test_pages_are_for_known_callers_where_the_site_says_so(db, settings):
    settings.PUBLIC_CONTRACTS = False

    assert {get(name).status_code for name in ("", "part-create", "openapi.json")} == {401}
