"""
Steps of tests in a browser that lose no race on a busy machine.

A click that leads to another page returns before that page is there, and an element of the page may be visible before
its scripts have run. A test that needs them goes on after `wait_for`.
"""

import re

from playwright.sync_api import Locator, Page, expect

from config.tests.live_server import LiveServer


def sign_in(page: Page, server: LiveServer, address: str, *, marker: str) -> None:
    """Open an address as the superuser; `marker` is the selector of an element that is on that page alone."""
    page.goto(address)
    page.get_by_label("Username").fill(server.username)
    page.get_by_label("Password").fill(server.password)
    page.get_by_role("button", name=re.compile("Log in|Sign in", re.IGNORECASE)).click()
    wait_for(page.locator(marker).first)


def wait_for(marker: Locator) -> None:
    """Wait until a page is there with its scripts; `marker` is on that page, and not on the one before it."""
    expect(marker).to_be_visible()
    marker.page.wait_for_load_state()
