"""
What tests of pages do in a browser, so that they lose no race on a busy machine.

A click that leads to another page returns before that page is there, and what is seen of a page may be there before its
scripts are. A test that goes on with something that needs them waits by `arrived`.
"""

import re

from playwright.sync_api import Locator, Page, expect

from config.tests.live_server import LiveServer


def sign_in(page: Page, server: LiveServer, at: str, *, seen: str) -> None:
    """Open an address as the superuser; `seen` is the selector of something that is on that page alone."""
    page.goto(at)
    page.get_by_label("Username").fill(server.username)
    page.get_by_label("Password").fill(server.password)
    page.get_by_role("button", name=re.compile("Log in|Sign in", re.IGNORECASE)).click()
    arrived(page.locator(seen).first)


def arrived(seen: Locator) -> None:
    """Wait until a page is there with its scripts; `seen` is on that page, and not on the one before it."""
    expect(seen).to_be_visible()
    seen.page.wait_for_load_state()
