"""The Web Services Test page in a real browser, against a real server: what a tester does in the first minute."""

import re

import pytest
from playwright.sync_api import expect

from config.tests.browsing import sign_in, wait_for

PAGE = "/admin/webservices/test/"
SMALL = {"width": 390, "height": 800}
WIDTH = "document.documentElement.scrollWidth"


@pytest.fixture
def signed_in(page, live_server_process):
    """
    A page of the superuser, who opens it for the first time; it fails on any error of a script, and on anything that
    the page's policy refuses.
    """
    live_server_process.manage("load_demo")
    page.errors = errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    sign_in(page, live_server_process, PAGE, marker="html.wst-scripted")
    yield page
    assert errors == []


def typed(page):
    """What the editor holds: it keeps the form's textarea, which nobody sees."""
    return page.locator("#wst-editor")


def choose(page, label, choice):
    """Choose, and wait for what follows from it: fields that are put in place meanwhile would take clicks with them."""
    page.get_by_label(label, exact=True).select_option(choice)
    settled(page)


def settled(page):
    """Every answer that was asked for is in its place."""
    expect(page.locator("#wst:not([aria-busy])")).to_be_visible()


def editor(page):
    """Where one types."""
    return page.get_by_role("textbox", name="Input", exact=True)


class TestTester:
    def test_generates_an_input_sends_it_and_sees_the_part_in_the_admin(self, signed_in):
        page = signed_in
        choose(page, "API", "addParts")
        page.get_by_label("Part number").fill("BROWSER-1")
        page.get_by_role("button", name="Generate Input").click()
        expect(typed(page)).to_have_value(re.compile("BROWSER-1"))

        page.get_by_role("button", name="Send").click()

        expect(page.get_by_text("200 OK")).to_be_visible()
        expect(page.get_by_label("Body of the answer")).to_contain_text("<bm:records_inserted>1</bm:records_inserted>")
        expect(page.get_by_role("region", name="Result of each record")).to_contain_text("BROWSER-1")
        page.goto("/admin/parts/part/?q=BROWSER-1")
        expect(page.get_by_role("link", name="BROWSER-1")).to_be_visible()

    def test_does_the_same_over_rest_with_the_keyboard_alone(self, signed_in):
        page = signed_in
        choose(page, "Web Services Version", "REST")
        expect(page.get_by_label("Server URL")).to_have_value(re.compile("/api/v1/parts/"))
        choose(page, "API", "PUT /api/v1/parts/{number}/")
        page.get_by_label("Part number").fill("BROWSER/2")
        page.get_by_label("Part number").press("Enter")
        expect(typed(page)).to_have_value(re.compile("optional: text, at most 32,765 characters"))

        editor(page).press("Control+Enter")

        expect(page.get_by_text("201 Created")).to_be_visible()
        expect(page.get_by_label("Body of the answer")).to_contain_text('"number": "BROWSER/2"')

    def test_follows_the_call_to_its_exchange(self, signed_in):
        page = signed_in
        page.get_by_role("button", name="Generate Input").click()
        expect(typed(page)).not_to_have_value("")
        page.get_by_role("button", name="Send").click()

        page.get_by_title("Explain this call").click()

        expect(page).to_have_url(re.compile("/admin/webservices/exchanges/[0-9a-f]+/"))
        expect(page.locator("body")).to_contain_text("getParts")

    def test_keeps_an_edited_input_when_the_choice_changes(self, signed_in):
        page = signed_in
        page.get_by_role("button", name="Generate Input").click()
        expect(typed(page)).to_have_value(re.compile("getParts"))
        choose(page, "API", "deleteParts")
        expect(typed(page)).to_have_value(re.compile("deleteParts"))

        editor(page).fill("my own")
        choose(page, "API", "addParts")

        expect(page).to_have_url(re.compile("api=add-0"))
        expect(typed(page)).to_have_value("my own")

    def test_keeps_a_call_with_the_keyboard_alone_and_loses_nothing_when_it_cannot(self, signed_in):
        page = signed_in
        generate(page, "getParts")
        editor(page).fill("<mine/>")
        page.locator("summary", has_text="Save").focus()
        for key in ("Enter", "Tab"):
            page.keyboard.press(key)
        expect(page.get_by_label("Name of the call")).to_be_focused()
        page.keyboard.press("Enter")
        wait_for(page.get_by_text("A name has 1 to 120 characters."))
        expect(typed(page)).to_have_value("<mine/>")

        page.locator("summary", has_text="Save").press("Enter")
        page.get_by_label(re.compile("^Collection, ")).fill("By keyboard")
        page.keyboard.press("Enter")

        expect(page.get_by_text("getParts is saved in By keyboard.")).to_be_visible()

    def test_lets_the_keyboard_out_of_the_editor(self, signed_in):
        page = signed_in
        editor(page).press_sequentially("a")
        editor(page).press("Tab")
        expect(typed(page)).to_have_value("a  ")

        editor(page).press("Escape")
        editor(page).press("Tab")

        expect(editor(page)).not_to_be_focused()
        expect(typed(page)).to_have_value("a  ")


class TestChosenEarly:
    def test_follows_a_choice_that_was_made_before_the_scripts_had_come(self, signed_in):
        page = signed_in
        held = []
        page.route(re.compile(r"/testpage[^/]*\.js"), lambda route: held.append(route))
        page.goto(PAGE, wait_until="commit")
        page.get_by_label("API", exact=True).select_option("deleteParts")
        while not held:
            page.wait_for_timeout(20)

        held.pop().continue_()

        expect(page).to_have_url(re.compile("api=remove"))


class TestSlow:
    def test_is_stopped_by_a_button(self, signed_in):
        page = signed_in
        generate(page, "getParts")
        held = []
        page.route("**/webservices/test/", lambda route: held.append(route))
        page.get_by_role("button", name="Send").click()

        page.get_by_role("button", name="Stop").click()

        expect(page.get_by_role("alert")).to_contain_text("The call may have been made")
        expect(page.get_by_role("button", name="Stop")).to_be_hidden()
        page.unroute_all()
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_text("200 OK")).to_be_visible()
        assert page.errors == ["htmx:afterRequest", "htmx:sendAbort"]  # how htmx tells the console that it was stopped
        page.errors.clear()


class TestOnATelephone:
    def test_is_as_wide_as_the_screen_and_shows_the_answer_that_came(self, signed_in):
        page = signed_in
        page.set_viewport_size(SMALL)
        generate(page, "updateParts", Records="3")
        paste(page, typed(page).input_value().replace("direct_buy>1<", "direct_buy>7<"))

        page.get_by_role("button", name="Send").click()

        expect(page.get_by_role("heading", name="Answer")).to_be_in_viewport()
        expect(page.get_by_role("region", name="Result of each record")).to_be_visible()
        assert page.evaluate(WIDTH) == SMALL["width"]


class TestWithoutScripts:
    def test_works_by_ordinary_forms(self, signed_in, browser, live_server_process):
        """But for the sign-in, which is the admin site's."""
        session = signed_in.context.storage_state()
        context = browser.new_context(
            base_url=live_server_process.url, java_script_enabled=False, storage_state=session
        )
        page = context.new_page()
        page.goto(PAGE)
        page.locator("[name=key-number]").fill("PUMP-200")
        page.locator("[value=generate]").click()
        expect(page.locator("#wst-editor")).to_have_value(re.compile("PUMP-200"))
        page.locator("[value=send]").click()

        expect(page.locator("#wst-answer")).to_contain_text("200 OK")
        expect(page.locator(".wst-body")).to_contain_text("Pumpe, mittel")
        context.close()


PASTE = """
(place, text) => {
    place.focus();
    document.execCommand("selectAll");
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    place.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}
"""


def generate(page, api, **choices):
    choose(page, "API", api)
    for label, text in choices.items():
        page.get_by_label(label).fill(text)
    page.get_by_role("button", name="Generate Input").click()
    expect(typed(page)).to_have_value(re.compile(api))
    settled(page)


def paste(page, text):
    """All of the input, from the clipboard."""
    editor(page).evaluate(PASTE, text)
    expect(typed(page)).to_have_value(text)


class TestMaking:
    def test_marks_what_is_wrong_in_the_editor_and_leads_from_an_outcome_to_its_record(self, signed_in):
        page = signed_in
        generate(page, "updateParts", Records="3")
        before, _, after = typed(page).input_value().rpartition("units>1<")
        paste(page, f"{before}units>none<{after}")
        line = before.count("\n") + 1

        page.get_by_role("button", name="Check input").click()

        found = page.get_by_role("button", name=f"Line {line}", exact=True)
        expect(found).to_be_visible()
        expect(page.locator("#wst-problems")).to_contain_text("Parts/each_record[3]/units")
        found.click()
        expect(page.locator(".cm-lintRange-error")).to_contain_text("none")

        page.get_by_label("Dry run").check()
        page.get_by_role("button", name="Send").click()

        expect(page.get_by_text("Dry run: nothing was saved", exact=True)).to_be_visible()
        outcomes = page.get_by_role("region", name="Result of each record")
        failed = outcomes.get_by_role("row").filter(has_text="failed")
        expect(failed).to_contain_text("units must be a whole number; 'none' is not.")
        failed.get_by_role("button").click()
        expect(page.locator("#wst-input .cm-activeLine")).to_contain_text("each_record")
        expect(page.get_by_role("img", name="Time by phase")).to_be_visible()

    def test_fills_the_input_from_a_table_and_takes_the_comments_out(self, signed_in):
        page = signed_in
        choose(page, "Web Services Version", "REST")
        expect(page.get_by_label("Server URL")).to_have_value(re.compile("/api/v1/parts/"))
        choose(page, "API", "POST /api/v1/parts/")
        page.get_by_text("From CSV").click()
        table = page.get_by_label("A table with a header row")
        table.fill("numbr;price.USD\nCSV-1;5")
        page.get_by_role("button", name="Generate from table").click()
        expect(page.get_by_text("There is no column numbr; nearest: number.")).to_be_visible()

        table.fill("number;price.USD\nCSV-1;5\nCSV-2;6")
        page.get_by_role("button", name="Generate from table").click()
        expect(typed(page)).to_have_value(re.compile("// required.*CSV-1.*CSV-2", re.DOTALL))
        expect(table).to_be_hidden()
        page.get_by_role("button", name="Remove comments").click()

        expect(typed(page)).not_to_have_value(re.compile("//"))
        expect(typed(page)).to_have_value(re.compile("CSV-2"))

    def test_sends_as_another_user_once(self, signed_in):
        page = signed_in
        generate(page, "getParts")
        page.get_by_label("Send as").select_option("Another user")
        page.get_by_label("User name").fill("nobody")
        page.get_by_label("Their password").fill("hunter2-hunter2")

        page.get_by_role("button", name="Send").click()

        expect(page.get_by_label("Body of the answer")).to_contain_text("The user name or the password is wrong")
        expect(page.get_by_label("Their password")).to_have_value("")
        assert "hunter2" not in page.content()

    def test_builds_a_program_in_another_language(self, signed_in):
        page = signed_in
        generate(page, "getParts")

        page.get_by_role("button", name="Build only").click()
        expect(page.get_by_label("The request in curl")).to_contain_text("curl -sS")
        page.get_by_label("Language").select_option("Java")

        expect(page.get_by_label("The request in Java")).to_contain_text("HttpRequest")

    def test_shows_the_same_in_another_version(self, signed_in):
        page = signed_in
        page.get_by_label("Part number").fill("PUMP-200")
        page.get_by_role("link", name="Compare versions").click()
        wait_for(page.get_by_label("Compared with"))
        expect(page.get_by_label("Part number")).to_have_value("PUMP-200")

        page.get_by_label("Compared with").select_option("EcoSys SOAP")

        expect(page).to_have_url(re.compile("right=ecosys"))
        expect(page.get_by_role("textbox", name="EcoSys SOAP")).to_contain_text("PartID")


class TestAccessibility:
    @pytest.mark.parametrize("theme", ["light", "dark"])
    def test_has_no_serious_fault(self, theme, signed_in, axe):
        page = signed_in
        page.evaluate(f"localStorage.setItem('_x_adminTheme', '\"{theme}\"')")
        page.reload()
        axe(page)

        generate(page, "updateParts", Records="2")
        paste(page, typed(page).input_value().replace("direct_buy>1<", "direct_buy>7<"))
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("region", name="Result of each record")).to_be_visible()
        axe(page)

        page.get_by_label("Send as").select_option("An API key")
        page.get_by_role("button", name="Build only").click()
        expect(page.get_by_label("Language")).to_be_visible()
        page.get_by_text("From CSV").click()
        axe(page)

        page.goto(f"{PAGE}beside/")
        axe(page)
