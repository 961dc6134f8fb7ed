"""The live server process that strangers' clients and the browser are tested against."""

import urllib.request

from django.contrib.auth.models import User


class TestLiveServerProcess:
    def test_answers(self, live_server_process):
        with urllib.request.urlopen(f"{live_server_process.url}/readyz") as answer:
            assert answer.status == 200

    def test_sees_what_a_test_commits(self, live_server_process):
        with live_server_process.database():
            User.objects.create(username="committed-by-a-test")

        found = live_server_process.manage("dumpdata", "auth.user")

        assert "committed-by-a-test" in found


def test_a_browser_signs_in_as_the_superuser(page, live_server_process):
    page.goto("/")
    page.click("text=Admin")
    page.fill("[name=username]", live_server_process.username)
    page.fill("[name=password]", live_server_process.password)
    page.click("[type=submit]")
    page.wait_for_url("**/admin/")

    assert "Counterpart" in page.title()
