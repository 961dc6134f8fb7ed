"""API keys at the endpoints: who gets in with one, and what stops it."""

from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection, connections, transaction
from django.test import Client

from records.models import Change, Generation
from records.tests.cast import NOW, table
from webservices.access import keys
from webservices.access.identify import identify
from webservices.access.identity import AuthenticationFailed
from webservices.access.last_used import LastUsedColumn
from webservices.access.password_cache import VERIFIER
from webservices.models import ApiKey, Exchange
from webservices.tests.api_keys import ALL, QUICK, SECRET, find_key, key_for, permission
from webservices.tests.rest_client import Rest
from webservices.tests.test_endpoint import ADD, envelope, post
from webservices.tests.test_hostile import DIGEST
from webservices.wire.credentials import Bearer


def enter(token, *, secure=True, at=NOW):
    return identify(Bearer(token), call_id="call-1", secure=secure, at=at)


def refusal(token, **kwargs):
    """The problem for which the token is refused."""
    with pytest.raises(AuthenticationFailed) as caught:
        enter(token, **kwargs)
    return caught.value.problem


@pytest.fixture
def token(bob):
    return key_for(bob, "parts.find", "parts.put")


def rest(token):
    client = Rest()
    client.headers = {"Authorization": f"Bearer {token}"}
    return client


class TestKey:
    def test_acts_as_its_user_with_the_operations_that_it_lists(self, bob, token):
        bob.user_permissions.add(permission("parts.view_part"))

        caller = enter(token)

        assert (caller.user_id, caller.user_name, caller.credential) == (bob.pk, "bob", find_key(token).prefix)
        assert caller.permissions == {"parts.view_part"}
        assert caller.lists("parts.find")
        assert not caller.lists("parts.add")
        assert caller.generation == Generation.objects.get().number

    def test_has_its_users_rights_from_groups_too(self, bob, token):
        group = Group.objects.create(name="readers")
        group.permissions.add(permission("parts.view_part"))
        bob.groups.add(group)

        assert enter(token).permissions == {"parts.view_part"}

    def test_takes_one_statement(self, token, django_assert_num_queries):
        enter(token)

        with django_assert_num_queries(1):
            enter(token)

    def test_is_verified_once_a_minute(self, token, monkeypatch):
        hashed = []
        monkeypatch.setattr(VERIFIER, "_check", lambda secret, stored: not hashed.append(stored))

        for seconds in (0, 1, 59, 61):
            enter(token, at=NOW + timedelta(seconds=seconds))

        assert hashed == [find_key(token).hash] * 2

    def test_made_anew_is_long_and_like_no_other(self):
        made = {keys.new_token() for _ in range(100)}

        assert len(made) == len({prefix for prefix, _ in made}) == 100
        assert all(keys.parse_token(f"{prefix}_{secret}") == (prefix, secret) for prefix, secret in made)
        assert {len(secret) for _, secret in made} == {43}


class TestRefuses:
    def test_a_wrong_secret(self, token):
        assert refusal(token + "x").code == "unknown-token"
        assert refusal(token[:-1]).code == "unknown-token"

    @pytest.mark.parametrize(
        "unknown",
        ["", "cp_", "cp_nobody_" + SECRET, "cp_NOBODY_x", "cp_no\x00body_x", "cp_key1_\udc80", "cp_key1_" + "x" * 5000],
    )
    def test_what_is_no_key_without_a_hash(self, unknown, token, monkeypatch):
        monkeypatch.setattr(VERIFIER, "_check", lambda secret, stored: pytest.fail("hashed"))

        assert refusal(unknown).code == "unknown-token"

    def test_the_secret_of_another_key(self, ada, token):
        other = key_for(ada, "parts.find", secret="another")

        assert refusal(f"{find_key(token).prefix}_another").code == "unknown-token"
        assert enter(other)

    def test_a_token_in_clear_before_it_is_looked_up(self, token, settings, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert refusal(token, secure=False).code == "clear-password"

        settings.ALLOW_CLEAR_PASSWORDS = True
        assert enter(token, secure=False)

    def test_says_nothing_of_a_key_to_who_does_not_have_its_secret(self, token):
        ApiKey.objects.update(revoked_at=NOW)

        assert refusal(token + "x").code == "unknown-token"

    def test_a_password_with_a_token_in_its_place(self, bob, token):
        reply = Rest("bob", token).get("parts/")

        assert (reply.status, reply.json["code"]) == (401, "wrong-password")


class TestTakesEffectAtOnce:
    @pytest.mark.parametrize(
        "change, code, words",
        table(
            {
                "revoking": ({"revoked_at": NOW}, "key-ended", "was revoked"),
                "expiring": ({"expires_at": NOW}, "key-ended", "has expired"),
                "another hash": ({"hash": "argon2" + QUICK.hash("another")}, "unknown-token", "not known"),
                "another prefix": ({"prefix": "cp_other"}, "unknown-token", "not known"),
            }
        ),
    )
    def test_of_the_key(self, token, change, code, words):
        enter(token)
        ApiKey.objects.update(**change)

        problem = refusal(token)

        assert problem.code == code
        assert words in problem.sentence()

    def test_disabling_its_user(self, bob, token):
        enter(token)
        User.objects.filter(pk=bob.pk).update(is_active=False)

        assert refusal(token).code == "not-active"

    def test_taking_an_operation_or_a_right_away(self, bob, token):
        bob.user_permissions.add(permission("parts.view_part"))
        assert rest(token).get("parts/").status == 200

        ApiKey.objects.update(operations=["parts.put"])
        refused = rest(token).get("parts/")
        assert (refused.status, refused.json["code"]) == (403, "not-listed")
        assert refused.json["detail"] == f"The API key {find_key(token).prefix} does not list parts.find."

        ApiKey.objects.update(operations=["parts.find"])
        bob.user_permissions.clear()
        assert rest(token).get("parts/").json["code"] == "forbidden"

    def test_is_good_until_it_expires(self, token):
        ApiKey.objects.update(expires_at=NOW + timedelta(seconds=1))

        assert enter(token)


class TestLastUse:
    def test_is_kept_once_a_minute(self, token, django_assert_num_queries):
        moments = [(0, 0, 2), (59, 0, 1), (60, 60, 2)]
        for seconds, kept, statements in moments:
            with django_assert_num_queries(statements):
                enter(token, at=NOW + timedelta(seconds=seconds))
            assert find_key(token).used_at == NOW + timedelta(seconds=kept)

    def test_is_not_kept_of_who_is_not_let_in(self, bob, token):
        refusal(token + "x")
        ApiKey.objects.update(expires_at=NOW)
        refusal(token)
        ApiKey.objects.update(expires_at=None)
        User.objects.filter(pk=bob.pk).update(is_active=False)
        refusal(token)

        assert find_key(token).used_at is None

    def test_is_kept_of_a_call_that_keeps_nothing(self, token):
        rest(token).put("parts/A/", {}, x_dry_run="true")

        assert find_key(token).used_at is not None

    def test_never_fails_a_call(self, token, monkeypatch, caplog):
        monkeypatch.setattr(keys, "LAST_USED", LastUsedColumn("webservices_apikey", "no_such_column", "API key"))

        with transaction.atomic():  # Django's own around the test is left whole
            assert _entered_in_spite(token)

        assert "could not be kept" in caplog.text

    @pytest.mark.django_db(transaction=True)
    def test_waits_for_nobody(self, token):
        locked, done = Event(), Event()

        def hold():
            with transaction.atomic():
                ApiKey.objects.select_for_update().get()
                locked.set()
                done.wait(10)
            connections.close_all()

        holder = Thread(target=hold)
        holder.start()
        locked.wait(10)
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '1s'")
            assert enter(token)
            assert find_key(token).used_at is None
        finally:
            done.set()
            holder.join()


def _entered_in_spite(token):
    """Enter in a savepoint, which the failing statement may break."""
    with transaction.atomic():
        caller = enter(token)
        transaction.set_rollback(True)
    return caller


class TestAtTheDoors:
    def test_changes_and_exchanges_name_its_prefix(self, ada):
        token = key_for(ada, "parts.put")

        rest(token).put("parts/A/", {})

        prefix = find_key(token).prefix
        assert Change.objects.values_list("user_name", "credential").get() == ("ada", prefix)
        assert Exchange.objects.values_list("user_name", "credential").get() == ("ada", prefix)

    def test_wins_over_a_username_token(self, ada, bob):
        token = key_for(ada, "parts.add")

        post(envelope(ADD, user="bob", word="wrong"), HTTP_AUTHORIZATION=f"Bearer {token}")

        assert Change.objects.get().user_name == "ada"

    @pytest.mark.parametrize("unfit", [{"kind": DIGEST}, {"user": "a" * 1001}], ids=["a digest", "too long"])
    def test_wins_over_one_that_would_never_be_taken(self, ada, unfit):
        token = key_for(ada, "parts.add")

        response = post(envelope(ADD, word="wrong", **unfit), HTTP_AUTHORIZATION=f"Bearer {token}")

        assert response.status_code == 200
        assert Change.objects.get().credential == find_key(token).prefix

    def test_needs_no_username_token(self, ada):
        token = key_for(ada, "parts.add")
        bare = envelope(ADD).decode()
        body = bare[: bare.index("<e:Header")] + bare[bare.index("</e:Header>") + len("</e:Header>") :]

        response = post(body.encode(), HTTP_AUTHORIZATION=f"bearer {token}")

        assert response.status_code == 200
        assert Change.objects.get().credential == find_key(token).prefix

    def test_opens_contracts_that_are_not_public(self, bob, settings):
        settings.PUBLIC_CONTRACTS = False
        token = key_for(bob)

        for address in ("/v2_0/receiver/parts?wsdl", "/api/v1/schema/"):
            assert Client().get(address).status_code == 401
            assert Client().get(address, headers={"authorization": f"Bearer {token}"}).status_code == 200

    def test_opens_the_browsable_side(self, ada):
        token = key_for(ada, *ALL)

        response = Client().get("/api/v1/parts/", headers={"accept": "text/html", "authorization": f"Bearer {token}"})

        assert (response.status_code, response["Content-Type"]) == (200, "text/html; charset=utf-8")
        assert token not in response.content.decode()

    def test_counts_alone_beside_the_cookies_of_somebody_signed_in(self, ada, bob):
        client = Client()
        client.force_login(ada)

        reply = Rest(client=client).get("parts/", authorization=f"Bearer {key_for(bob, 'parts.find')}")

        assert reply.json["code"] == "forbidden"

    def test_does_not_open_the_admin_site(self, ada):
        response = Client().get("/admin/", headers={"authorization": f"Bearer {key_for(ada, *ALL)}"})

        assert response.status_code == 302

    def test_is_in_the_openapi_document(self, db):
        document = Rest().get("schema/").json

        assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
        assert {"bearer": []} in document["security"]

    def test_is_made_with_a_hash_like_that_of_a_password(self, ada):
        from webservices.access.services import make_key

        key = ApiKey(name="ERP", user=ada, operations=["parts.find"])
        token = make_key(key=key, by=ada, at=datetime(2026, 1, 1, tzinfo=UTC))

        assert ApiKey.objects.get().hash.startswith("argon2$argon2id$")
        assert rest(token).get("parts/").status == 200
