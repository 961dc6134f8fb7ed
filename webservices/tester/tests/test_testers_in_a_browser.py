"""A tester's day in a real browser: what is kept, searched, sent again, compared, checked, run and explained."""

import json
import re
from base64 import b64encode

import pytest
from playwright.sync_api import expect

from config.tests.browsing import wait_for
from webservices.tester.tests.test_page_in_a_browser import PAGE, SMALL, WIDTH, choose, editor, signed_in, typed  # noqa: F401

EXCHANGES, COLLECTIONS = "/admin/webservices/exchange/", "/admin/webservices/collections/"
JSON = {"content-type": "application/json"}
THREE = {
    "counterpart": 1,
    "name": "Three",
    "values": {"number": "THREE-1"},
    "calls": [
        {
            "name": "puts a part",
            "method": "PUT",
            "target": "/api/v1/parts/{{number}}/",
            "headers": JSON,
            "body": '{"units": 3}',
            "captures": [{"name": "id", "path": "$.id"}],
        },
        {
            "name": "finds it by its id",
            "method": "GET",
            "target": "/api/v1/parts/?id={{id}}",
            "checks": [{"kind": "value", "path": "$.results[0].number", "value": "{{number}}"}, {"kind": "valid"}],
        },
        {
            "name": "removes it",
            "method": "DELETE",
            "target": "/api/v1/parts/{{number}}/",
            "checks": [{"kind": "status", "value": "204"}],
        },
    ],
}


def called(page, number, **values):
    """A call of another client's; gives its call id."""
    answer = page.request.put(f"/api/v1/parts/{number}/", data=values, headers=page.basic)
    assert answer.ok
    return answer.headers["x-call-id"]


@pytest.fixture
def tester(signed_in, account):  # noqa: F811
    """The page of somebody who is signed in, beside whom other clients call."""
    signed_in.basic = {"authorization": "Basic " + b64encode(":".join(account).encode()).decode()}
    return signed_in


class TestNewcomer:
    def test_comes_from_the_first_input_to_a_collection_that_is_run_replayed_and_exported(self, tester):
        """By what can be read on the pages alone."""
        page = tester
        choose(page, "API", "modifyParts")
        page.get_by_label("Part number").fill("PUMP-100")
        page.get_by_role("button", name="Generate Input").click()
        expect(typed(page)).to_have_value(re.compile("modifyParts"))
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_text("200 OK")).to_be_visible()

        page.locator("summary", has_text="Save").click()
        page.get_by_label("Name of the call").fill("changes a pump")
        page.get_by_label(re.compile("^Collection")).fill("My first")
        page.get_by_role("button", name="Save in collection").click()
        expect(page.get_by_text("changes a pump is saved in My first.")).to_be_visible()

        call = page.locator("details[id^=call-]")
        checks = call.get_by_label("Checks, a line each")
        checks.fill(checks.input_value() + "\nrecords failed = 0\n//records_read = 1\nvalid")
        call.get_by_role("button", name="Save call").click()
        expect(page.get_by_text("5 checks")).to_be_visible()

        page.get_by_role("button", name="Run 1 call").click()
        expect(page.get_by_role("heading", name="1 of 1 calls passed")).to_be_visible()
        page.locator("summary", has_text="changes a pump").click()
        expect(page.get_by_role("cell", name="records failed = 0")).to_be_visible()

        page.get_by_role("link", name="Find exchange").click()
        expect(page.get_by_role("heading", name=re.compile("asked to put parts over Oracle CPQ 2.0"))).to_be_visible()
        page.get_by_role("button", name="Send again").click()
        expect(page.get_by_role("heading", name="The answer means the same.")).to_be_visible()

        page.get_by_role("link", name="Collections").click()
        page.get_by_role("link", name="My first").click()
        with page.expect_download() as download:
            page.get_by_role("link", name="Postman").click()
        exported = json.loads(download.value.path().read_text())
        assert [item["name"] for item in exported["item"]] == ["changes a pump"]
        assert "ada-ada!" not in json.dumps(exported)


class TestKept:
    def test_an_exchange_is_searched_by_several_criteria_and_opened_by_its_call_id(self, tester):
        page = tester
        call_id = called(page, "SEARCHED-1", units=7)
        called(page, "SEARCHED-2", units=7)

        page.goto(EXCHANGES)
        page.locator("a", has_text="Filters").click()
        page.locator("[name=key]").fill("SEARCHED-1")
        page.locator("[name=text]").fill('"units":7')
        page.get_by_role("button", name="Apply Filters").click()
        expect(page).to_have_url(re.compile("key=SEARCHED-1"))
        rows = page.locator("#result_list tbody tr")
        expect(rows).to_have_count(1)
        rows.get_by_role("link").first.click()
        expect(page).to_have_url(re.compile(call_id))

        page.goto(f"{EXCHANGES}?q={call_id}")
        expect(page.get_by_role("heading", name=re.compile("asked to put parts over REST"))).to_be_visible()

    def test_an_exchange_is_opened_edited_sent_and_compared(self, tester):
        page = tester
        page.goto(f"/admin/webservices/exchanges/{called(page, 'EDITED-1', units=1)}/")
        page.get_by_role("button", name="Open as an input").click()
        expect(typed(page)).to_have_value(re.compile('"units": 1'))
        expect(page.get_by_label("Server URL")).to_have_value(re.compile("/api/v1/parts/EDITED-1/"))

        editor(page).fill('{"units": 2, "display_number": "E"}')
        page.get_by_role("button", name="Send").click()

        expect(page.get_by_text("differences from the answer of the previous call")).to_be_visible()
        page.get_by_role("link", name="Compare", exact=True).click()
        expect(page.get_by_role("heading", name=re.compile("differences in meaning"))).to_be_visible()
        expect(page.locator(".wse-compare")).to_contain_text('"display_number": "E"')


class TestReplayed:
    def test_what_differs_is_marked_by_a_click_and_not_compared(self, tester):
        page = tester
        first = called(page, "MARKED-1", units=1)
        second = called(page, "MARKED-1", units=2)
        page.goto(f"/admin/webservices/exchanges/{first}/with/{second}/")
        before = page.locator(".wse-differences tbody tr").count()

        page.get_by_role("button", name="everywhere *.units").click()

        expect(page.locator(".wse-differences tbody tr")).to_have_count(before - 1)
        expect(page.get_by_label("Not compared, a path each")).to_have_value("*.units")
        expect(page).to_have_url(re.compile(r"mark=\*.units"))

    def test_in_another_version_as_a_dry_run(self, tester):
        page = tester
        page.goto(f"/admin/webservices/exchanges/{called(page, 'TWICE-1', units=1)}/")

        page.get_by_label("In version").select_option("Oracle CPQ 2.0")
        page.get_by_label("Dry run").check()
        page.get_by_role("button", name="Send again").click()

        expect(page.get_by_text("The calls were sent in different versions")).to_be_visible()
        expect(page.get_by_role("row", name=re.compile("Now .* Oracle CPQ 2.0"))).to_contain_text("dry run")


class TestChecked:
    def test_a_collection_runs_with_its_progress_and_is_compared_with_the_last_run(self, tester):
        page = tester
        page.goto(COLLECTIONS)
        content = {"name": "three.json", "mimeType": "application/json", "buffer": json.dumps(THREE).encode()}
        page.get_by_label("A file of this hub, Postman or SoapUI").set_input_files(content)
        page.get_by_role("button", name="Import file").click()
        wait_for(page.get_by_role("button", name="Run 3 calls"))
        told = []
        page.expose_function("tell", lambda done: told.append(done))
        page.evaluate(
            """new MutationObserver(() => window.tell(document.querySelector("progress").value))
               .observe(document.querySelector(".wsc-progress ol"), {childList: true})"""
        )
        page.get_by_role("button", name="Run 3 calls").click()
        expect(page.get_by_role("heading", name="3 of 3 calls passed")).to_be_visible()
        assert told[-1] == 3

        page.get_by_role("link", name="Three", exact=True).click()
        wait_for(page.get_by_role("button", name="Run 3 calls"))
        page.get_by_role("button", name="Run 3 calls").click()
        expect(page.get_by_text("Compared with the previous run")).to_be_visible()
        first = page.locator("#result-0")
        first.get_by_role("button", name="everywhere *.id").click()
        expect(page.get_by_text("The call puts a part was changed.")).to_be_visible()
        expect(first.get_by_role("button", name="everywhere *.id")).to_have_count(0)

    def test_what_was_found_is_expected_by_a_click(self, tester):
        page = tester
        page.goto(f"/admin/webservices/exchanges/{called(page, 'LEARNT-1', units=5)}/")
        page.get_by_label("Collection", exact=True).fill("Learnt")
        page.locator("summary", has_text="Values in the answer").click()
        page.get_by_role("button", name="Expect $.units").click()
        page.get_by_role("button", name="Use $.id").click()
        expect(page.get_by_label("Values to use from the answer")).to_have_value("id = $.id\n")
        page.get_by_role("button", name="Save", exact=True).click()
        page.get_by_role("button", name="Run 1 call").click()
        expect(page.get_by_role("heading", name="1 of 1 calls passed")).to_be_visible()

        page.locator("summary", has_text="parts.put").click()
        expect(page.get_by_role("cell", name="$.units = 5")).to_be_visible()
        page.get_by_role("link", name="Show answer and checks").click()
        page.get_by_role("button", name="Expect this answer").click()

        expect(page.get_by_text("The checks of the call")).to_contain_text("records unchanged = 1")


class TestSeen:
    def test_one_exchange_is_explained_down_to_the_history_of_its_records(self, tester):
        page = tester
        called(page, "SEEN-1", units=1)
        page.goto(f"/admin/webservices/exchanges/{called(page, 'SEEN-1', units=2)}/")

        row = page.get_by_role("row", name=re.compile("SEEN-1"))
        expect(row).to_contain_text("updated")
        expect(row).to_contain_text("Found by number; something that was sent differs from what was stored.")
        expect(row).to_contain_text("units: 1 → 2")
        expect(page.get_by_text("SQL", exact=True)).to_be_visible()
        row.get_by_role("link", name="History").click()
        expect(page.get_by_role("heading", name="Updated, version 2")).to_be_visible()


def check(page, axe):
    """Nothing serious for axe-core, and nothing beside the screen of a telephone."""
    axe(page)
    size = page.viewport_size
    page.set_viewport_size(SMALL)
    assert page.evaluate(WIDTH) == SMALL["width"], page.url
    page.set_viewport_size(size)


class TestAccessibility:
    @pytest.mark.parametrize("theme", ["light", "dark"])
    def test_has_no_serious_fault(self, theme, tester, axe):
        page = tester
        page.evaluate(f"localStorage.setItem('_x_adminTheme', '\"{theme}\"')")
        first, second = (called(page, f"AXE-{theme}", units=units) for units in (1, 2))
        page.goto(f"/admin/webservices/exchanges/{second}/")
        page.locator("summary", has_text="Values in the answer").click()
        check(page, axe)

        page.goto(f"/admin/webservices/exchanges/{first}/with/{second}/")
        check(page, axe)

        page.goto(f"/admin/webservices/exchanges/{first}/")
        page.get_by_label("Collection", exact=True).fill(f"Axe {theme}")
        page.get_by_role("button", name="Save", exact=True).click()
        wait_for(page.locator("summary", has_text="Write a call"))
        page.locator("summary", has_text="Write a call").click()
        check(page, axe)

        page.get_by_role("button", name="Run 1 call").click()
        # The link stands on the page before the run, too: a click there would leave while the run goes on.
        wait_for(page.get_by_role("heading", name="1 of 1 calls passed"))
        page.get_by_role("link", name=f"Axe {theme}").click()
        page.get_by_role("button", name="Run 1 call").click()
        wait_for(page.get_by_role("heading", name="1 of 1 calls passed"))
        # Not by a click: a result that differs from the previous one is open already.
        page.locator("details.wsc-call").first.evaluate("each => { each.open = true }")
        check(page, axe)

        page.get_by_role("link", name="Show answer and checks").click()
        wait_for(page.get_by_role("button", name="Expect this answer"))
        check(page, axe)
        page.goto(COLLECTIONS)
        check(page, axe)
