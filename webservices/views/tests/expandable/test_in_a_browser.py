"""The consoles of Expandable's help pages in a real browser: they call this server alone."""

import json

import pytest
from playwright.sync_api import expect

from config.tests.browsing import wait_for
from webservices.views.rest.tests.test_in_a_browser import is_elsewhere


@pytest.fixture
def pages(page, live_server_process):
    """A page that fails on any error and on any request to elsewhere; a refused call is no error."""
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: is_elsewhere(request.url, live_server_process.url) and wrong.append(request.url))
    yield page
    assert wrong == []


def send(page, name, **members):
    """Fill in and send from the console of a call, by keyboard; the answer's JSON."""
    page.goto(f"/help/{name}")
    request = page.get_by_label("Request JSON")
    request.fill(json.dumps({**json.loads(request.input_value()), **members}))
    request.press("Control+Enter")
    expect(page.locator("#status")).to_be_visible()
    return json.loads(page.locator("#body").text_content())


def test_a_token_a_customer_part_and_a_query(pages, live_server_process, account):
    user, password = account

    refused = send(pages, "part-query", PART_ID="%")
    expect(pages.locator("#status")).to_have_text("401/Auth Token was not provided.")
    token = send(pages, "auth-token-get", USER_NAME=user, PASSWORD=password)["AUTH_TOKEN"]
    expect(pages.locator("#status")).to_have_text("200/OK")
    send(pages, "part-create", PART_ID="BROWSED-1", PART_DESC="x")
    send(pages, "customer-create", CUSTOMER_ID="BROWSED", CUSTOMER_NAME="x")
    key = {"PART_ID": "BROWSED-1", "CUSTOMER_ID": "BROWSED", "CUST_PART_ID": "MINE"}
    made = send(pages, "customer-part-create", **key)
    found = send(pages, "customer-part-query", **{**key, "CURR_CODE": "", "PART_ID": "BROWSED%"})

    assert refused["MESSAGE_CODE"] == "TOKEN_MISSING"
    assert token not in json.dumps(made)
    assert found == [made]
    pages.get_by_text("Headers").click()
    expect(pages.locator("#headers")).to_contain_text("x-call-id")


def test_the_button_sends_and_the_menu_leads_on(pages):
    pages.goto("/help/")
    pages.get_by_role("link", name="server-time-get").click()
    wait_for(pages.get_by_label("Request JSON"))
    pages.get_by_role("button", name="Send").click()
    expect(pages.locator("#body")).to_contain_text("SERVER_TIME")

    pages.get_by_role("navigation", name="Calls").get_by_role("link", name="Query").first.click()

    expect(pages.get_by_role("heading", name="Part, Query", exact=True)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_is_as_light_or_dark_as_the_readers_system_and_as_narrow_as_the_screen(pages, scheme, axe):
    pages.emulate_media(color_scheme=scheme)
    pages.set_viewport_size({"width": 390, "height": 800})
    pages.goto("/help/customer-part-query")

    colour = pages.evaluate("getComputedStyle(document.body).backgroundColor")
    assert colour == {"light": "rgb(247, 247, 251)", "dark": "rgb(18, 18, 26)"}[scheme]
    assert pages.evaluate("document.documentElement.scrollWidth") <= 390
    axe(pages)
