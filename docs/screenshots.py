"""
The pictures of the README, taken from a running server that has the demo world:

    ADMIN_PASSWORD=… ./start &
    ADMIN_PASSWORD=… .venv/bin/python docs/screenshots.py http://127.0.0.1:8000

They show the Web Services Test page after an input was generated and sent: SOAP in the light theme, REST in the dark.
"""

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

IMAGES = Path(__file__).parent / "images"
PAGE = "/admin/webservices/test/"
SIZE = {"width": 1440, "height": 900}
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@dataclass(frozen=True)
class Picture:
    """What is chosen on the page, and the text that the editor is scrolled to."""

    theme: str
    version: str
    tab: str
    api: str
    key: str
    shown_from: str


PICTURES = {
    "test-page.png": Picture("light", "oracle-2.0", "parts", "modifyParts", "PUMP-100", "bm:modifyParts"),
    "test-page-orders.png": Picture("light", "oracle-1.0", "sales_orders", "getSalesOrders", "SO-1000", "<soapenv"),
    "test-page-dark.png": Picture(
        "dark", "rest", "sales_orders", "PUT /api/v1/sales-orders/{number}/", "SO-1000", '"rows"'
    ),
}


def main(address: str) -> None:
    IMAGES.mkdir(exist_ok=True)
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=OPTIONS)
        for name, picture in PICTURES.items():
            page = signed_in(browser, address, picture.theme)
            ask(page, picture)
            page.screenshot(path=IMAGES / name)
        browser.close()


def signed_in(browser: Browser, address: str, theme: str) -> Page:
    context = browser.new_context(base_url=address, viewport=SIZE, color_scheme=theme)
    page = context.new_page()
    page.goto(PAGE)
    page.locator("[name=username]").fill("admin")
    page.locator("[name=password]").fill(os.environ["ADMIN_PASSWORD"])
    page.locator("[name=password]").press("Enter")
    page.wait_for_selector("#wst")
    return page


def ask(page: Page, picture: Picture) -> None:
    """Generate an input, send it, and scroll the editor to where it begins to be interesting."""
    page.goto(f"{PAGE}?version={picture.version}&tab={picture.tab}&key-number={picture.key}")
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.locator("#wst-api").select_option(label=picture.api)
    page.locator("[value=generate]").click()
    page.wait_for_function("document.getElementById('wst-editor').value.length > 100")
    page.locator("[value=send]").click()
    page.wait_for_selector(".wst-body")
    page.evaluate(
        """(text) => {
            const editor = document.getElementById("wst-editor");
            const above = editor.value.slice(0, editor.value.indexOf(text)).split("\\n").length - 1;
            editor.scrollTop = Math.max(above, 0) * parseFloat(getComputedStyle(editor).lineHeight);
        }""",
        picture.shown_from,
    )
    page.evaluate("document.fonts.ready")
    page.mouse.move(0, 0)
    page.wait_for_timeout(300)


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
