"""API keys in the admin site: made, shown once, locked, revoked."""

import logging
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from records.tests.cast import table
from records.tests.pages import errors, filled, said
from webservices.access import services
from webservices.exchanges.tests.test_canary import everything_stored
from webservices.models import ApiKey
from webservices.tests.api_keys import ALL, find_key, key_for, permission
from webservices.tests.rest_client import Rest

LIST = "/admin/webservices/apikey/"
ADD = f"{LIST}add/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(key: ApiKey, page: str = "change") -> str:
    return f"{LIST}{key.pk}/{page}/"


def staff(name: str, *permissions: str) -> User:
    """Somebody who may enter the site, and change API keys."""
    user = User.objects.create(username=name, is_staff=True)
    verbs = [f"webservices.{verb}_apikey" for verb in ("view", "add", "change", "delete")]
    user.user_permissions.set([permission(each) for each in (*verbs, *permissions)])
    return user


def do(client: Client, key: ApiKey, what: str):
    return client.post(page_of(key, f"do/{what}"), follow=True)


@pytest.fixture
def browser(ada):
    return signed_in(ada)


@pytest.fixture
def grace(db):
    """A second superuser."""
    return User.objects.create(username="grace", is_staff=True, is_superuser=True)


@pytest.fixture
def key(bob):
    return find_key(key_for(bob, "parts.find", "parts.put", name="ERP"))


class TestMaking:
    @pytest.fixture
    def made(self, browser, bob, caplog):
        caplog.set_level(logging.DEBUG)
        typed = {"name": "ERP", "user": str(bob.pk), "operations": ["parts.find", "parts.put"]}
        return browser.post(ADD, filled(browser.get(ADD), **typed))

    @pytest.fixture
    def token(self, made):
        return made.context["token"]

    def test_keeps_what_was_typed_and_ticked(self, made, bob):
        key = ApiKey.objects.get()

        assert (key.name, key.user, key.operations) == ("ERP", bob, ["parts.find", "parts.put"])
        assert (key.created_by, key.locked_by, key.revoked_at, key.used_at) == ("ada", None, None, None)

    def test_shows_the_token_once(self, made, token, browser):
        key = ApiKey.objects.get()

        assert token in said(made)
        assert "no-store" in made["Cache-Control"]
        for address in (LIST, page_of(key), page_of(key, "history"), page_of(key, "delete"), "/admin/"):
            assert token.rpartition("_")[2] not in browser.get(address).content.decode()

    def test_lets_the_token_in(self, token, bob):
        bob.user_permissions.add(permission("parts.view_part"))

        assert Rest().get("parts/", authorization=f"Bearer {token}").status == 200

    def test_stores_the_secret_nowhere(self, made, token, caplog):
        secret = token.rpartition("_")[2]

        assert not [*get_messages(made.wsgi_request)]
        assert secret not in made.wsgi_request.session.values()
        assert secret not in "".join([*everything_stored(), caplog.text, str(made.headers), str(made.cookies)])

    def test_is_in_the_sites_log(self, made):
        assert LogEntry.objects.get().object_repr == str(ApiKey.objects.get())

    def test_sent_again_makes_no_second_key(self, made, browser, bob):
        again = browser.post(ADD, {"name": "ERP", "user": bob.pk, "operations": ["parts.find"]})

        assert errors(again) == {"": ["A key of this name is in use."]}
        assert ApiKey.objects.count() == 1

    def test_of_a_name_whose_key_was_revoked_goes(self, made, browser, bob):
        ApiKey.objects.update(revoked_at=timezone.now())

        browser.post(ADD, {"name": "ERP", "user": bob.pk, "operations": ["parts.find"]})

        assert ApiKey.objects.count() == 2

    def test_tells_what_each_system_calls_an_operation(self, browser):
        page = browser.get(ADD).content.decode()

        told = next(label for label in page.split("<label") if 'value="parts.find"' in label).partition(">")[0]
        assert "CRM-service: searchProducts, getProduct" in told
        assert "Oracle CPQ 2.0: getParts" in told

    def test_offers_every_operation_by_kind_of_record(self, browser):
        response = browser.get(ADD)

        groups = dict(response.context["adminform"].form.fields["operations"].choices)
        assert sorted(name for boxes in groups.values() for name, _ in boxes) == sorted(ALL)
        assert groups["Sales orders"][-1] == ("sales_orders.import", "import")
        assert groups["Parts"][0] == ("parts.find", "find")
        assert groups["Portal users"] == [("portal_users.sign_in", "sign in")]
        assert groups["Sessions"][2] == ("sessions.set_currency", "set currency")
        assert "Server time" not in groups
        assert "Sales orders" in said(response)
        assert 'title="The option Import (X-Import): ' in response.content.decode()

    @pytest.mark.parametrize(
        "typed, field, words",
        table(
            {
                "an operation that there is not": ({"operations": ["parts.paint"]}, "operations", "parts.paint"),
                "no operation": ({"operations": []}, "operations", "required"),
                "no name": ({"name": ""}, "name", "required"),
                "no user": ({"user": ""}, "user", "required"),
                "an end in the past": (
                    {"expires_at_0": "2020-01-01", "expires_at_1": "00:00"},
                    "expires_at",
                    "revoke it",
                ),
            }
        ),
    )
    def test_refuses(self, browser, bob, typed, field, words):
        response = browser.post(ADD, {"name": "ERP", "user": bob.pk, "operations": ["parts.find"], **typed})

        assert words in errors(response)[field][0]
        assert not ApiKey.objects.exists()


class TestChanging:
    def test_changes_what_was_changed_and_nothing_else(self, browser, key):
        page = filled(browser.get(page_of(key)), operations=["parts.find"], name="ERP 2")
        ApiKey.objects.update(used_at=timezone.now(), hash="another")

        browser.post(page_of(key), page)

        key.refresh_from_db()
        assert (key.name, key.operations, key.hash) == ("ERP 2", ["parts.find"], "another")
        assert key.used_at is not None

    def test_never_moves_a_key_to_another_user(self, browser, ada, key, bob):
        browser.post(page_of(key), {"name": "ERP", "operations": ["parts.find"], "user": ada.pk})

        key.refresh_from_db()
        assert key.user == bob

    def test_of_one_that_was_revoked_is_refused(self, browser, key):
        do(browser, key, "revoke")

        assert browser.post(page_of(key), {"name": "x", "operations": ALL}).status_code == 403
        assert "Parts: find, put" in said(browser.get(page_of(key)))


class TestLock:
    @pytest.fixture
    def locked(self, browser, key):
        do(browser, key, "lock")
        key.refresh_from_db()
        return key

    @pytest.fixture(params=["a superuser", "somebody who may change keys"])
    def other(self, request, grace, locked):
        return signed_in(grace if request.param == "a superuser" else staff("eve"))

    def test_names_who_locked_it(self, locked, ada, browser):
        assert locked.locked_by == ada
        assert LogEntry.objects.get().get_change_message() == "Locked."
        assert "Locked by ada" in said(browser.get(page_of(locked)))

    def test_lets_its_owner_change_it(self, locked, browser):
        browser.post(page_of(locked), filled(browser.get(page_of(locked)), name="ERP 2"))

        assert ApiKey.objects.get().name == "ERP 2"

    def test_lets_its_owner_delete_it(self, locked, browser):
        browser.post(page_of(locked, "delete"), {"post": "yes"})

        assert not ApiKey.objects.exists()

    def test_lets_nobody_else_change_it(self, locked, other):
        assert other.post(page_of(locked), {"name": "mine", "operations": ALL}).status_code == 403
        assert "Parts: find, put" in said(other.get(page_of(locked)))
        assert ApiKey.objects.get().name == "ERP"

    def test_lets_nobody_else_delete_it(self, locked, other):
        assert other.post(page_of(locked, "delete"), {"post": "yes"}).status_code == 403
        other.post(LIST, {"action": "delete_selected", "_selected_action": [locked.pk], "post": "yes"})

        assert ApiKey.objects.exists()

    @pytest.mark.parametrize("what", ["lock", "unlock"])
    def test_lets_nobody_else_take_it(self, locked, other, ada, what):
        response = do(other, locked, what)

        assert "Not " in said(response)
        assert ApiKey.objects.get().locked_by == ada

    def test_keeps_its_user_from_being_deleted(self, locked, grace, bob):
        signed_in(grace).post(f"/admin/auth/user/{bob.pk}/delete/", {"post": "yes"})

        assert User.objects.filter(pk=bob.pk).exists()

    def test_is_taken_away_by_who_locked_it(self, locked, browser, grace):
        do(browser, locked, "unlock")

        assert ApiKey.objects.get().locked_by is None
        assert signed_in(grace).get(page_of(locked, "delete")).status_code == 200

    def test_does_not_keep_a_superuser_from_revoking(self, locked, grace):
        do(signed_in(grace), locked, "revoke")

        locked.refresh_from_db()
        assert locked.revoked_by == "grace"

    def test_keeps_others_from_revoking(self, locked):
        response = do(signed_in(staff("eve")), locked, "revoke")

        assert "Not revoked: ERP" in said(response)
        assert ApiKey.objects.get().revoked_at is None


class TestRevoking:
    def test_ends_it_at_once_and_for_good(self, browser, ada):
        token = key_for(ada, "parts.find")
        key = find_key(token)
        assert Rest().get("parts/", authorization=f"Bearer {token}").status == 200

        do(browser, key, "revoke")

        assert Rest().get("parts/", authorization=f"Bearer {token}").json["code"] == "key-ended"
        assert "Not revoked" in said(do(browser, key, "revoke"))

    def test_of_many_from_the_list(self, browser, key, bob, ada, grace):
        held = find_key(key_for(bob, "parts.find", name="Held"))
        services.lock_keys(ids=[held.pk], by=grace)
        eve = signed_in(staff("eve"))

        response = eve.post(LIST, {"action": "revoke_selected", "_selected_action": [key.pk, held.pk]}, follow=True)

        assert f"Revoked: {key}." in said(response)
        assert f"Not revoked: {held}:" in said(response)
        assert [each.name for each in ApiKey.objects.filter(revoked_at=None)] == ["Held"]

    def test_and_locking_of_many_from_the_list(self, browser, key, ada):
        browser.post(LIST, {"action": "lock_selected", "_selected_action": [key.pk]})
        assert ApiKey.objects.get().locked_by == ada

        browser.post(LIST, {"action": "unlock_selected", "_selected_action": [key.pk]})
        assert ApiKey.objects.get().locked_by is None

    def test_is_no_matter_of_a_link(self, browser, key):
        assert browser.get(page_of(key, "do/revoke")).status_code == 405
        assert Client(enforce_csrf_checks=True).post(page_of(key, "do/revoke")).status_code == 403
        assert browser.post(page_of(key, "do/paint")).status_code == 403
        assert ApiKey.objects.get().revoked_at is None

    def test_needs_the_right_to_change_keys(self, key):
        viewer = User.objects.create(username="eve", is_staff=True)
        viewer.user_permissions.add(permission("webservices.view_apikey"))

        assert signed_in(viewer).post(page_of(key, "do/revoke")).status_code == 403
        assert "Revoke" not in said(signed_in(viewer).get(page_of(key)))


class TestWhoMayGiveWhat:
    @pytest.mark.parametrize(
        "rights_of_bob, gives",
        table({"fewer rights": ([], True), "the same": (["view_part"], True), "more": (["add_part"], False)}),
    )
    def test_nobody_gives_a_key_that_may_do_more_than_they(self, bob, rights_of_bob, gives):
        bob.user_permissions.set([permission(f"parts.{each}") for each in rights_of_bob])
        eve = signed_in(staff("eve", "parts.view_part", "auth.view_user"))

        response = eve.post(ADD, {"name": "ERP", "user": bob.pk, "operations": ["parts.find"]})

        assert ApiKey.objects.exists() == gives
        assert gives or "may do more than you" in errors(response)["user"][0]

    def test_nor_one_of_a_superuser(self, ada):
        eve = signed_in(staff("eve", "auth.view_user"))

        eve.post(ADD, {"name": "ERP", "user": ada.pk, "operations": ["parts.find"]})

        assert not ApiKey.objects.exists()

    def test_nor_widens_or_revokes_one(self, ada):
        key = find_key(key_for(ada, "parts.find"))
        eve = signed_in(staff("eve"))

        assert eve.post(page_of(key), {"name": "x", "operations": ALL}).status_code == 403
        assert eve.post(page_of(key, "delete"), {"post": "yes"}).status_code == 403
        do(eve, key, "revoke")
        assert ApiKey.objects.get().revoked_at is None

    def test_who_may_not_see_users_gives_keys_of_their_own(self, bob):
        eve = staff("eve")
        client = signed_in(eve)

        client.post(ADD, {"name": "ERP", "user": bob.pk, "operations": ["parts.find"]})
        assert not ApiKey.objects.exists()
        client.post(ADD, {"name": "ERP", "user": eve.pk, "operations": ["parts.find"]})
        assert ApiKey.objects.get().user == eve

    def test_nobody_without_the_permission_sees_any(self, key):
        plain = User.objects.create(username="eve", is_staff=True)

        assert signed_in(plain).get(LIST).status_code == 403
        assert "API keys" not in said(signed_in(plain).get("/admin/"))


class TestList:
    def test_shows_state_and_use(self, browser, bob, ada):
        now = timezone.now()
        key_for(bob, *ALL, name="Good", used_at=now)
        key_for(bob, "parts.find", name="Old", expires_at=now - timedelta(days=1))
        key_for(bob, "parts.find", name="Gone", revoked_at=now)

        text = said(browser.get(LIST))

        for shown in ("Good", "Old", "Gone", "active", "expired", "revoked", "bob", str(len(ALL))):
            assert shown in text
        for state, name in (("active", "Good"), ("expired", "Old"), ("revoked", "Gone")):
            found = browser.get(LIST, {"state": state}).context["cl"].queryset
            assert [key.name for key in found] == [name]

    def test_costs_the_same_for_any_number(self, browser, bob):
        def queries():
            browser.get(LIST)
            with CaptureQueriesContext(connection) as captured:
                browser.get(LIST)
            return len(captured)

        key_for(bob, "parts.find")
        few = queries()
        for _ in range(20):
            key_for(bob, "parts.find")

        assert queries() == few

    @pytest.mark.parametrize("words", ["erp", "cp_key", "bob"])
    def test_finds(self, browser, key, words):
        assert browser.get(LIST, {"q": words}).context["cl"].result_count == 1


class TestInTheDatabase:
    def test_no_two_keys_have_one_prefix(self, bob, key):
        with pytest.raises(IntegrityError), transaction.atomic():
            key_for(bob, "parts.find", prefix=key.prefix)

    def test_a_lock_ends_with_the_user_who_held_it(self, key, grace):
        services.lock_keys(ids=[key.pk], by=grace)

        grace.delete()

        key.refresh_from_db()
        assert key.locked_by is None

    def test_a_key_ends_with_its_user(self, key, bob):
        bob.delete()

        with pytest.raises(ObjectDoesNotExist):
            key.refresh_from_db()
