"""REST's documentation in a real browser: it comes from this server alone, and calls it with the reader's sign-in."""

import pytest
from playwright.sync_api import expect

from config.tests.browsing import sign_in


@pytest.fixture
def docs(page, live_server_process):
    """The documentation as a signed-in user sees it; it fails on any error, and on any request to elsewhere."""
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: message.type == "error" and wrong.append(message.text))
    page.on("request", lambda request: is_elsewhere(request.url, live_server_process.url) and wrong.append(request.url))
    sign_in(page, live_server_process, "/admin/login/?next=/api/v1/docs/", marker="#operations-Parts-putPart")
    yield page
    assert wrong == []


def is_elsewhere(url, server):
    return not url.startswith((server, "data:", "blob:"))


class TestDocumentation:
    def test_puts_a_part_and_reads_it_back(self, docs):
        put = docs.locator("#operations-Parts-putPart")
        put.locator(".opblock-summary-control").click()
        put.get_by_role("button", name="Try it out").click()
        put.get_by_placeholder("number").fill("DOCS/1")
        put.locator("textarea").fill('{"units": 3}')
        put.get_by_role("button", name="Execute").click()
        expect(put.locator(".live-responses-table .response .response-col_status").first).to_contain_text("201")

        docs.goto("/api/v1/parts/DOCS%2F1/")

        expect(docs.locator(".response-info")).to_contain_text('"units": 3')

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_is_as_light_or_dark_as_the_readers_system(self, docs, scheme):
        docs.emulate_media(color_scheme=scheme)

        expect(docs.locator("html")).to_have_class("dark-mode" if scheme == "dark" else "")
