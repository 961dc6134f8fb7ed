"""
The pictures of the README, taken from a running server that has the demo world:

    ADMIN_PASSWORD=… ./start &
    ADMIN_PASSWORD=… .venv/bin/python docs/screenshots.py http://127.0.0.1:8000

They show the Web Services Test page after an input was generated and sent: SOAP in the light theme, REST in the dark.
"""

import os
import shutil
import sys
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

PICTURES = {
    "test-page.png": ("light", "oracle-2.0", "modifyParts", "bm:modifyParts"),
    "test-page-dark.png": ("dark", "rest", "PUT /api/v1/parts/{number}/", "The part"),
}


def main(address: str) -> None:
    IMAGES.mkdir(exist_ok=True)
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=OPTIONS)
        for name, (theme, version, api, shown_from) in PICTURES.items():
            page = signed_in(browser, address, theme)
            ask(page, version, api, shown_from)
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


def ask(page: Page, version: str, api: str, shown_from: str) -> None:
    """Generate an input for PUMP-100, send it, and scroll the editor to where it begins to be interesting."""
    page.goto(f"{PAGE}?version={version}&key-number=PUMP-100")
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.locator("#wst-api").select_option(label=api)
    page.locator("[value=generate]").click()
    page.wait_for_function("document.getElementById('wst-editor').value.includes('PUMP-100')")
    page.locator("[value=send]").click()
    page.wait_for_selector(".wst-body")
    page.evaluate(
        """(text) => {
            const editor = document.getElementById("wst-editor");
            const above = editor.value.slice(0, editor.value.indexOf(text)).split("\\n").length - 1;
            editor.scrollTop = Math.max(above, 0) * parseFloat(getComputedStyle(editor).lineHeight);
        }""",
        shown_from,
    )
    page.evaluate("document.fonts.ready")
    page.mouse.move(0, 0)
    page.wait_for_timeout(300)


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
