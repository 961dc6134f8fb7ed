"""Taking an order in the admin with a real browser: boxes that search for what is named, and rows that are added."""

import re

import pytest
from playwright.sync_api import expect

from config.tests.browsing import sign_in, wait_for


@pytest.fixture
def clerk(page, live_server_process):
    """A page of the superuser, with the demo's parts; it fails on any error of a script."""
    live_server_process.manage("load_demo")
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    sign_in(page, live_server_process, "/admin/", marker="text=Sales orders")
    yield page
    assert errors == []


def choose(page, name: str, term: str, choice: str) -> None:
    """Opens the box of a field, types, and takes what is offered first."""
    page.locator(f"select[name='{name}'] + .select2").click()
    page.locator(".select2-search__field").fill(term)
    first = page.locator(".select2-results__option").first
    expect(first).to_have_text(re.compile(re.escape(choice)))
    first.click()
    expect(page.locator(f"select[name='{name}'] + .select2")).to_contain_text(choice)


def save(page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was added successfully")).to_be_visible()


def test_a_clerk_takes_an_order(clerk):
    page = clerk
    for number in ("WEB-A", "WEB-B"):
        page.goto("/admin/customers/customer/add/")
        page.locator("[name=number]").fill(number)
        page.locator("[name=company]").fill(f"Company of {number}, whose name is longer than its box")
        save(page)
        page.goto("/admin/customers/contact/add/")
        page.locator("[name=number]").fill(f"{number}-1")
        choose(page, "customer", "company of " + number.lower(), f"{number} (Company of {number},")
        save(page)

    page.goto("/admin/orders/salesorder/add/")
    choose(page, "customer", "WEB-B", "WEB-B (Company of WEB-B,")
    box = page.locator(".field-customer .record-reference-box").bounding_box()
    assert box["x"] + box["width"] <= page.locator(".field-contact label").bounding_box()["x"]
    choose(page, "contact", "", "WEB-B-1")
    page.get_by_text("Add another Row").click()
    choose(page, "rows-0-part_number", "PUMP-100", "PUMP-100")
    page.locator("[name=rows-0-quantity]").fill("2")
    page.get_by_role("button", name="Save and continue editing").click()

    wait_for(page.get_by_text("was added successfully"))
    expect(page.get_by_text("500.00 USD")).to_be_visible()
    # The dates that follow it may need a scroll on a small screen, the total of a row does not.
    total, table = page.locator("table.formset .field-row_total").first.bounding_box(), page.locator("#rows-group")
    assert total["x"] + total["width"] <= table.bounding_box()["x"] + table.bounding_box()["width"]
    page.locator(".record-reference-box a[title='Open it']").first.click()
    expect(page.get_by_role("link", name="1 sales order", exact=True)).to_be_visible()


PAGES = ("customers/customer/add/", "orders/salesorder/", "parts/part/")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_of_records_have_no_serious_fault(theme, clerk, axe):
    page = clerk
    page.evaluate(f"localStorage.setItem('_x_adminTheme', '\"{theme}\"')")
    for path in PAGES:
        page.goto(f"/admin/{path}")
        axe(page)
    page.get_by_role("link", name="PUMP-100", exact=True).click()
    history = page.get_by_role("link", name="history History")
    expect(history).to_be_visible()
    axe(page)
    history.click()
    expect(page.get_by_role("link", name="Back to the record")).to_be_visible()
    axe(page)
    page.goto("/admin/orders/salesorder/?status__id__exact=1")
    page.get_by_role("link", name=re.compile("^SO-")).first.click()
    expect(page.get_by_text("Add another Row")).to_be_visible()
    axe(page)
