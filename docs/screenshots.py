"""
The pictures of the README, taken from a running server that has the demo world:

    ADMIN_PASSWORD=… ./start &
    ADMIN_PASSWORD=… .venv/bin/python docs/screenshots.py http://127.0.0.1:8000

They show the Web Services Test page after an input was generated and sent, the same in two versions, and a tester's day
(`testing_pictures`): each in the light theme and in the dark.
"""

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import testing_pictures
from playwright.sync_api import Browser, Page, sync_playwright

IMAGES = Path(__file__).parent / "images"
PAGE = "/admin/webservices/test/"
SIZE = {"width": 1440, "height": 1000}
OPTIONS = [
    # Chromium refuses to run as root with its sandbox.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@dataclass(frozen=True)
class Picture:
    """
    A selection of the page, and the text that the editor is scrolled to.

    count        number of records
    replacement  a text and another one in its place; then it is a dry run
    """

    theme: str
    version: str
    tab: str
    api: str
    key: str
    scroll_to: str
    count: int = 1
    replacement: tuple[str, str] = ("", "")


PICTURES = {
    "test-page.png": Picture("light", "oracle-2.0", "parts", "modifyParts", "PUMP-100", "bm:modifyParts"),
    "test-page-wrong.png": Picture(
        *("light", "oracle-2.0", "parts", "updateParts", "PUMP-100", "bm:each_record"),
        count=3,
        replacement=("<bm:direct_buy>1<", "<bm:direct_buy>7<"),
    ),
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
            page = sign_in(browser, address, picture.theme)
            generate_and_send(page, picture)
            page.screenshot(path=IMAGES / name)
        for theme in ("light", "dark"):
            page = sign_in(browser, address, theme)
            page.goto(f"{PAGE}beside/?asked=sales_orders.put&key-number=SO-1000&left=oracle-2.0&right=rest")
            page.wait_for_selector(".cm-content")
            settle(page)
            page.screenshot(path=IMAGES / f"beside-{theme}.png")
            testing_pictures.take(page, IMAGES, theme, os.environ["ADMIN_PASSWORD"])
        browser.close()


def sign_in(browser: Browser, address: str, theme: str) -> Page:
    context = browser.new_context(base_url=address, viewport=SIZE, color_scheme=theme)
    page = context.new_page()
    page.goto(PAGE)
    page.locator("[name=username]").fill("admin")
    page.locator("[name=password]").fill(os.environ["ADMIN_PASSWORD"])
    page.locator("[name=password]").press("Enter")
    page.wait_for_selector("#wst")
    return page


def generate_and_send(page: Page, picture: Picture) -> None:
    """Generate an input, send it, and scroll the editor to the interesting line."""
    page.goto(f"{PAGE}?version={picture.version}&tab={picture.tab}&key-number={picture.key}&count={picture.count}")
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.locator("#wst-api").select_option(label=picture.api)
    page.locator("[value=generate]").click()
    page.wait_for_function("document.getElementById('wst-editor').value.length > 100")
    if picture.replacement[0]:
        page.locator("#wst-input .cm-content").evaluate(CHANGE, [*picture.replacement])
        page.locator("[name=dry]").check()
    page.locator("[value=send]").click()
    page.wait_for_selector(".wst-reader .cm-content")
    page.evaluate(SCROLL, picture.scroll_to)
    settle(page)


def settle(page: Page) -> None:
    page.evaluate("window.scrollTo(0, 0)")
    page.evaluate("document.fonts.ready")
    # Away from everything: what the mouse is over looks another way.
    page.mouse.move(0, 0)
    page.wait_for_timeout(500)


# CodeMirror holds the text by itself: from outside, another one gets in as a paste.
CHANGE = """
(place, [before, after]) => {
    const text = document.getElementById("wst-editor").value.replace(before, after);
    place.focus();
    document.execCommand("selectAll");
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    place.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    place.blur();
}
"""
# CodeMirror has in the page only the lines that can be seen, so it is scrolled until the one appears.
SCROLL = """
async (text) => {
    const editor = document.querySelector("#wst-input .cm-scroller");
    const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    for (let top = 0; top < editor.scrollHeight; top += 150) {
        editor.scrollTop = top;
        await drawn();
        const line = [...editor.querySelectorAll(".cm-line")].find((each) => each.textContent.includes(text));
        if (line) {
            editor.scrollTop += line.getBoundingClientRect().top - editor.getBoundingClientRect().top - 8;
            break;
        }
    }
    await drawn();
}
"""


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
