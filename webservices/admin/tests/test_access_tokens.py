"""Access tokens in the admin site: those that live, without their text; revoked by who has their user's rights."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone

from webservices.access.access_tokens import find_token, new_token
from webservices.access.keys import find_key
from webservices.access.users import find_user_by_name
from webservices.models import AccessToken
from webservices.tests.api_keys import key_for, permission

LIST = "/admin/webservices/accesstoken/"


@pytest.fixture
def token(ada):
    """A token for a key of ada's."""
    key = find_key(key_for(ada, "parts.find", name="ERP, nightly").rpartition("_")[0])
    return new_token(key.user, key=key, scope=frozenset({"parts.view_part"}), at=timezone.now())


@pytest.fixture
def browser(ada):
    client = Client()
    client.force_login(ada)
    return client


def staff(*names):
    user = User.objects.create(username="carol", is_staff=True)
    user.user_permissions.set([permission(f"webservices.{each}_accesstoken") for each in names])
    client = Client()
    client.force_login(user)
    return client


def revoke(client):
    ids = [*AccessToken.objects.values_list("pk", flat=True)]
    return client.post(LIST, {"action": "revoke_selected", "_selected_action": ids})


def is_live(token):
    return find_token(token, at=timezone.now()) is not None


def test_the_list_names_key_user_and_scope_and_no_text(browser, token):
    stored = AccessToken.objects.get()
    pages = [browser.get(LIST).content.decode(), browser.get(f"{LIST}{stored.pk}/change/").content.decode()]

    for page in pages:
        assert all(each in page for each in ("ERP, nightly", "ada", "parts.view_part"))
        assert not [each for each in (token, token[4:], stored.hash) if each in page]


def test_the_list_has_none_that_has_ended(browser, token):
    AccessToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert "ERP, nightly" not in browser.get(LIST).content.decode()


def test_they_are_found_by_key_and_user(browser, token):
    assert "parts.view_part" in browser.get(LIST, {"q": "nightly"}).content.decode()
    assert "parts.view_part" not in browser.get(LIST, {"q": "bob"}).content.decode()


def test_nobody_makes_or_changes_one(browser, token):
    assert browser.get(f"{LIST}add/").status_code == 403
    assert browser.post(f"{LIST}{AccessToken.objects.get().pk}/change/", {"scope": ""}).status_code == 403


def test_revoked_it_is_refused_from_the_next_call_on(browser, token):
    answer = revoke(browser)

    assert [str(each) for each in get_messages(answer.wsgi_request)] == ["Revoked: 1."]
    assert not is_live(token)
    assert "ERP, nightly" in LogEntry.objects.get().change_message


def test_who_lacks_rights_of_its_user_cannot_revoke_it(token):
    answer = revoke(staff("view", "delete"))

    assert "it may do more than you" in str(next(iter(get_messages(answer.wsgi_request))))
    assert is_live(token)


def test_who_may_do_as_much_can_revoke_it(bob, stored_hash):
    user = find_user_by_name("bob")
    token = new_token(user, key=None, scope=frozenset(), at=timezone.now())

    revoke(staff("view", "delete"))

    assert not is_live(token)


def test_who_may_only_see_them_cannot(token):
    client = staff("view")

    assert client.get(LIST).status_code == 200
    revoke(client)
    assert is_live(token)
