"""The life of an API key in a real browser and at a real server: made, shown once, used, revoked."""

import re
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect

from config.tests.browsing import sign_in, wait_for

PATH = "/admin/webservices/apikey/"


@pytest.fixture
def admin(page, live_server_process):
    """The form of a new key, as the superuser sees it; it fails on any error of the page."""
    wrong, page.asked = [], []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: message.type == "error" and wrong.append(message.text))
    page.on("dialog", lambda dialog: page.asked.append(dialog.message) or dialog.accept())
    sign_in(page, live_server_process, f"{PATH}add/", marker="[name=name]")
    yield page
    assert wrong == []


def status_of(server, token):
    """What the server says to a machine that has this token."""
    request = Request(f"{server.url}/api/v1/parts/", headers={"Authorization": f"Bearer {token}"})
    try:
        with urlopen(request) as response:
            return response.status
    except HTTPError as refused:
        return refused.code


def test_a_key_lives_from_its_making_to_its_end(admin, live_server_process):
    admin.locator("[name=name]").fill("Nightly")
    admin.locator(".select2-selection").click()
    admin.get_by_role("option", name="admin").click()
    admin.get_by_role("button", name="Contacts").click()
    admin.get_by_role("row", name="Parts", exact=False).first.get_by_label("find").check()
    expect(admin.locator("input[name=operations]:checked")).to_have_count(9)
    admin.get_by_role("button", name="Save").click()

    token = admin.locator("#token").text_content()
    assert re.fullmatch(r"cp_[a-z0-9]{8}_[A-Za-z0-9]{43}", token)
    assert status_of(live_server_process, token) == 200

    admin.get_by_role("link", name="Done. Open the key").click()
    wait_for(admin.locator("[name=name]"))
    expect(admin.locator("[name=name]")).to_have_value("Nightly")
    assert token not in admin.content()
    admin.get_by_role("button", name="Lock", exact=True).click()
    expect(admin.get_by_role("button", name="Unlock", exact=True)).to_be_visible()
    admin.get_by_role("button", name="Revoke", exact=True).click()
    expect(admin.get_by_text("Revoked: Nightly")).to_be_visible()
    assert admin.asked == ["Revoke this key for good? Whoever uses it is refused from the next call on."]
    assert status_of(live_server_process, token) == 401
