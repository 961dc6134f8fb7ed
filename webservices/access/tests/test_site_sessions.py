"""Sessions with the admin site: who uses one stays, who leaves it is signed out, and nobody's outlives his rights."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from records.tests.cast import NOW, table
from webservices.access.site_sessions import SessionStore
from webservices.models import SiteSession

PAGE = "/admin/jsi18n/"
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


class Clock:
    def __init__(self):
        self.at = NOW

    def __call__(self):
        return self.at


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until it is moved."""
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock)
    return clock


def sign_in(user, password="ada-ada!"):
    client = Client()
    answer = client.post("/admin/login/", {"username": user.username, "password": password, "next": PAGE})
    assert answer.status_code == 302, answer.content
    return client


def is_signed_in(client):
    return client.get(PAGE).status_code == 200


class TestIdle:
    def test_a_session_that_nobody_uses_ends_after_eight_hours(self, ada, clock):
        browser = sign_in(ada)

        clock.at += 8 * HOUR
        assert is_signed_in(browser)
        clock.at += 8 * HOUR + 61 * SECOND

        answer = browser.get(PAGE)
        assert (answer.status_code, answer["Location"]) == (302, f"/admin/login/?next={PAGE}")
        assert browser.get("/api/v1/parts/").status_code == 401

    def test_a_session_that_is_used_goes_on(self, ada, clock):
        browser = sign_in(ada)

        for _ in range(20):
            clock.at += 7 * HOUR
            assert is_signed_in(browser)

    def test_a_call_is_a_use(self, ada, clock):
        browser = sign_in(ada)

        for _ in range(3):
            clock.at += 7 * HOUR
            assert browser.get("/api/v1/parts/").status_code == 200

    def test_the_site_says_how_long(self, ada, clock, settings):
        settings.SESSION_COOKIE_AGE = 600
        browser = sign_in(ada)

        clock.at += 662 * SECOND

        assert not is_signed_in(browser)

    def test_a_page_writes_at_most_once_a_minute(self, ada, clock):
        browser = sign_in(ada)
        ends = [SiteSession.objects.get().expire_date]
        for _ in range(13):
            clock.at += 10 * SECOND
            with CaptureQueriesContext(connection) as statements:
                assert is_signed_in(browser)
            ends.append(SiteSession.objects.get().expire_date)
            assert len(statements) == (3 if ends[-1] > ends[-2] else 2)

        assert [later > end for end, later in pairwise(ends)] == [*[False] * 5, True] * 2 + [False]

    def test_moving_the_end_loses_nothing_that_another_page_has_stored(self, ada, clock):
        key = sign_in(ada).session.session_key
        other = SessionStore(key)
        other["draft"] = "of another page"
        other.save()
        reader = SessionStore(key)

        clock.at += 2 * HOUR
        assert reader["draft"]
        other["draft"] = "later"
        other.save()

        assert SessionStore(key)["draft"] == "later"
        assert not reader.modified

    def test_what_has_ended_is_swept_away(self, ada, clock):
        sign_in(ada)
        clock.at += 9 * HOUR
        kept = sign_in(ada)

        assert [each.session_key for each in SiteSession.objects.all()] == [kept.session.session_key]

    def test_the_cookie_is_the_browsers_until_it_is_closed(self, ada):
        cookie = sign_in(ada).cookies[settings.SESSION_COOKIE_NAME]

        assert (cookie["max-age"], cookie["expires"]) == ("", "")
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def disable_and_enable(user):
    User.objects.filter(pk=user.pk).update(is_active=False)
    User.objects.filter(pk=user.pk).update(is_active=True)


ENDS = {
    "the user is disabled": lambda user: User.objects.filter(pk=user.pk).update(is_active=False),
    "the user is disabled and enabled again": disable_and_enable,
    "the user is deleted": lambda user: user.delete(),
    "the password changes": lambda user: User.objects.filter(pk=user.pk).update(password="another"),
}


class TestEnds:
    @pytest.mark.parametrize("end", table(ENDS))
    def test_for_good_when(self, end, ada, bob, stored_hash):
        User.objects.filter(pk=bob.pk).update(is_staff=True)
        browser, other = sign_in(ada), sign_in(bob, "bob-bob!")

        end(ada)

        assert not is_signed_in(browser)
        assert is_signed_in(other)

    def test_when_the_user_signs_in_again(self, ada):
        browser, stolen = sign_in(ada), Client()
        name, first = settings.SESSION_COOKIE_NAME, browser.cookies[settings.SESSION_COOKIE_NAME].value
        stolen.cookies[name] = first

        browser.post("/admin/login/", {"username": "ada", "password": "ada-ada!", "next": PAGE})

        assert browser.cookies[name].value != first
        assert is_signed_in(browser)
        assert not is_signed_in(stolen)

    def test_when_the_user_signs_out(self, ada):
        browser, stolen = sign_in(ada), Client()
        stolen.cookies[settings.SESSION_COOKIE_NAME] = browser.cookies[settings.SESSION_COOKIE_NAME].value

        assert is_signed_in(stolen)
        browser.post("/admin/logout/")

        assert not is_signed_in(stolen)

    def test_everywhere_else_when_the_user_changes_the_password(self, ada):
        browser, other = sign_in(ada), sign_in(ada)

        passwords = {"old_password": "ada-ada!", "new_password1": "a-long-secret-1", "new_password2": "a-long-secret-1"}
        answer = browser.post("/admin/password_change/", passwords)

        assert answer["Location"] == "/admin/password_change/done/"
        assert is_signed_in(browser)
        assert not is_signed_in(other)
        assert is_signed_in(sign_in(ada, "a-long-secret-1"))

    def test_not_when_something_else_of_the_user_changes(self, ada):
        browser = sign_in(ada)

        User.objects.filter(pk=ada.pk).update(first_name="Ada", last_login=NOW)

        assert is_signed_in(browser)
