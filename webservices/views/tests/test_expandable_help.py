"""Expandable's help pages: one for every call, in the order of the base text, and what they show works."""

import json
import re
from html import unescape

import pytest
from django.test import Client

from records.models import CustomField
from webservices.declarations import OPERATIONS
from webservices.views.tests.test_expandable import AUDIT, ENDS, FIELDS
from webservices.wire.dialects.expandable.calls import calls
from webservices.wire.dialects.expandable.context import ExpandableSettings
from webservices.wire.dialects.expandable.help import help_page
from webservices.wire.operations import Verb

NAMES = [*calls(OPERATIONS)]
RECORDS = ["part", "customer", "customer-contact", "customer-part", "product-price", "sales-order"]
ALL = {f"{record}-{verb}" for record in RECORDS for verb in ("create", "update", "delete", "query")} | {
    "auth-token-get",
    "api-version-get",
    "data-sources-get",
    "server-time-get",
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
    assert found.required == ("PART_ID", "CUSTOMER_ID", "CUST_PART_ID", "AUTH_TOKEN")
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


@pytest.mark.parametrize("name", [name for name in NAMES if calls(OPERATIONS)[name].verb is not Verb.REMOVE])
def test_its_example_works(name, acme):
    acme.call("part-create", PART_ID="NUT-1")
    for made in ("customer-part", "product-price", "customer-contact", "sales-order"):
        if name == f"{made}-update":
            example = json.loads(page(f"{made}-create").example) | json.loads(page(name).example)
            head = example.get("SalesOrder")
            acme.call(
                f"{made}-create", {**example, **({"SalesOrder": {**head, "CUSTOMER_ID": "ACME"}} if head else {})}
            )
    example = json.loads(page(name).example)
    if "PASSWORD" in example:
        example |= {"USER_NAME": "ada", "PASSWORD": "ada-ada!"}

    response = acme.post(name, {**example, **({"AUTH_TOKEN": acme.token} if "AUTH_TOKEN" in example else {})})

    assert (response.status_code, response.json().get("MESSAGE") if response.status_code != 200 else None) == (
        200,
        None,
    )


@pytest.mark.parametrize("record", RECORDS)
def test_its_full_request_is_taken_and_answered_in_full(record, acme):
    create = page(f"{record}-create")
    full, example = json.loads(create.full), json.loads(create.example)
    filled = {**full, **example, "AUTH_TOKEN": acme.token}
    if "SalesOrder" in full:
        line = {**full["SalesOrderLine"][0], **example["SalesOrderLine"][0]}
        filled |= {"SalesOrder": {**full["SalesOrder"], **example["SalesOrder"]}, "SalesOrderLine": [line]}

    response = acme.post(f"{record}-create", filled)

    answer, promised = response.json(), json.loads(create.success)
    assert response.status_code == 200, answer
    assert [*answer] == [*promised]
    assert "SalesOrder" not in answer or [*answer["SalesOrder"]] == [*promised["SalesOrder"]]
    assert "SalesOrder" not in answer or [*answer["SalesOrderLine"][0]] == [*promised["SalesOrderLine"][0]]


def test_it_shows_the_fields_that_the_site_has_defined(db):
    CustomField.objects.create(resource="part", name="7", label="Colour", type="text")

    assert "ICFPM_USER_7" in get("part-create").content.decode()


def test_the_menu_is_in_the_order_of_the_base_text(db):
    heads = re.findall(r"<nav.*?</nav>", get("part-query").content.decode(), re.DOTALL)[0]

    assert re.findall(r"<h2>(.*?)</h2>", heads) == [
        *("API Version", "Auth Token", "Data Sources", "Server Time"),
        *("Part", "Customer", "Customer Contact", "Customer Part", "Product Price", "Sales Order"),
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
