"""The sign-in to the admin site, and the page of the own password: the rules and records of all other entrances."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth import aauthenticate, authenticate
from django.contrib.auth.models import User
from django.test import Client, RequestFactory

from records.tests.cast import table
from records.tests.pages import said
from webservices.access.identity import NOT_ACTIVE
from webservices.access.password_cache import VERIFIER
from webservices.access.passwords import NOT_STAFF, WRONG_PASSWORD
from webservices.access.sign_in_queue import Source
from webservices.access.verification import BUSY, IN_CLEAR
from webservices.admin.sign_in import PasswordBackend
from webservices.exchanges.tests.test_canary import everything_stored
from webservices.models import Exchange
from webservices.tests.test_endpoint import envelope, post

PAGE = "/admin/login/"
OWN = "/admin/password_change/"
NEW = {"new_password1": "a-long-secret-1", "new_password2": "a-long-secret-1"}
GUESS = "hunter2-hunter2"
FAR = {"REMOTE_ADDR": "10.0.0.66"}

pytestmark = pytest.mark.usefixtures("ada")


def sign_in(name="ada", secret="ada-ada!", **meta):
    return Client().post(PAGE, {"username": name, "password": secret, "next": "/admin/jsi18n/"}, **meta)


def lines(caplog):
    return [record.getMessage() for record in caplog.records if record.name == "webservices.calls"]


@pytest.fixture
def compared_secrets(monkeypatch):
    """The secrets that were compared with a stored hash."""
    secrets, check = [], VERIFIER._check
    monkeypatch.setattr(VERIFIER, "_check", lambda secret, stored: secrets.append(secret) or check(secret, stored))
    return secrets


@pytest.fixture
def signed_in(ada):
    client = Client()
    client.force_login(ada)
    return client


REFUSED = {
    "a wrong password": (("ada", GUESS), {}, WRONG_PASSWORD, "ada"),
    "a user who is not there": (("eve", GUESS), {}, WRONG_PASSWORD, ""),
    "a password in the place of the name": ((GUESS, "x"), {}, WRONG_PASSWORD, ""),
    "a name of any length": (("e" * 10_000, GUESS), {}, WRONG_PASSWORD, ""),
    "a disabled user": (("carl", "ada-ada!"), {}, NOT_ACTIVE, "carl"),
    "a user who may not enter": (("bob", "bob-bob!"), {}, NOT_STAFF, "bob"),
    "a password in clear": (("ada", "ada-ada!"), FAR, IN_CLEAR, ""),
    "a password through an unnamed proxy": (("ada", "ada-ada!"), {"HTTP_X_FORWARDED_FOR": "10.0.0.7"}, IN_CLEAR, ""),
    "a proxy that only says its name": (("ada", "ada-ada!"), {"HTTP_VIA": "1.1 proxy"}, IN_CLEAR, ""),
}


class TestRefused:
    @pytest.mark.parametrize("typed, meta, problem, user", table(REFUSED))
    def test_is_told_on_the_page_recorded_and_logged_without_a_secret(
        self, typed, meta, problem, user, ada, bob, caplog
    ):
        User.objects.create(username="carl", password=ada.password, is_active=False)
        caplog.set_level(logging.DEBUG)

        answer = sign_in(*typed, **meta)

        assert (answer.status_code, "Set-Cookie: sessionid" in str(answer.cookies)) == (403, False)
        assert said(answer).count(problem.sentence()) == 1
        row = Exchange.objects.get()
        assert (row.dialect, row.operation, row.path, row.status) == ("site", "site.sign_in", PAGE, 403)
        assert (row.code, row.user_name, row.request_body, row.request_size) == (problem.code, user, None, 0)
        peer = meta.get("REMOTE_ADDR", "127.0.0.1")
        (line,) = lines(caplog)
        assert line.startswith(f"call={row.call_id} operation=site.sign_in user={user or '-'} status=403 ms=")
        assert line.endswith(f" code={problem.code} peer={peer}")
        assert [record.name for record in caplog.records if record.levelno >= logging.WARNING] == []
        assert not [text for text in (*everything_stored(), caplog.text) if GUESS in text or "ada-ada!" in text]

    def test_where_no_password_is_taken_none_is_asked_for(self):
        far = Client().get(PAGE, **FAR)

        assert IN_CLEAR.sentence() in said(far)
        assert b'name="password"' not in far.content
        assert b'name="password"' in Client().get(PAGE, **FAR, secure=True).content
        assert b'name="password"' in Client().get(PAGE).content

    def test_over_tls_or_where_the_site_says_so_it_is_taken(self, settings):
        assert sign_in(**FAR, secure=True).status_code == 302
        settings.ALLOW_CLEAR_PASSWORDS = True
        assert sign_in(**FAR).status_code == 302


class TestVerification:
    def test_a_password_is_hashed_once_whoever_asks_next(self, compared_secrets):
        assert sign_in().status_code == 302
        assert post(envelope()).status_code == 200
        assert sign_in().status_code == 302

        assert compared_secrets == ["ada-ada!"]

    def test_a_call_hashes_its_password_once(self, compared_secrets):
        assert post(envelope()).status_code == 200

        assert compared_secrets == ["ada-ada!"]

    def test_a_guess_is_hashed_once_whoever_there_is(self, compared_secrets):
        for name in ("ada", "eve"):
            sign_in(name, GUESS, secure=True, REMOTE_ADDR=f"10.0.0.{len(compared_secrets)}")
            sign_in(name, GUESS, secure=True, REMOTE_ADDR=f"10.0.0.{len(compared_secrets)}")

        assert compared_secrets == [GUESS, GUESS]

    def test_a_secret_that_no_password_can_be_costs_no_hash(self, compared_secrets):
        assert sign_in(secret="x" * 100_000).status_code == 403

        assert compared_secrets == []

    def test_a_sign_in_that_succeeds_is_recorded_too(self, ada, caplog):
        caplog.set_level(logging.INFO)

        sign_in()

        row = Exchange.objects.get()
        assert (row.status, row.code, row.user_id, row.user_name, row.credential) == (
            200,
            "",
            ada.id,
            "ada",
            "password",
        )
        assert [line.rpartition(" ms=")[0] for line in lines(caplog)] == [
            f"call={row.call_id} operation=site.sign_in user=ada status=200"
        ]

    def test_by_djangos_own_function_takes_the_same_way(self, ada, compared_secrets):
        request = RequestFactory().post("/", REMOTE_ADDR="127.0.0.1")

        assert authenticate(request, username="ada", password="ada-ada!") == ada
        assert authenticate(request, username="ada", password=GUESS) is None
        assert authenticate(None, username="ada", password="ada-ada!") is None
        assert compared_secrets == ["ada-ada!", GUESS]
        assert [*Exchange.objects.order_by("id").values_list("code", flat=True)] == ["", "wrong-password"]

    def test_and_so_does_its_asynchronous_one(self, monkeypatch):
        monkeypatch.setattr(PasswordBackend, "authenticate", lambda self, request, name, secret: None)

        # In a thread of its own: a browser of another test may have left a loop running in this one.
        signing_in = aauthenticate(None, username="ada", password="ada-ada!")
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(asyncio.run, signing_in).result() is None


class TestBusy:
    """At the sign-in it is told likewise (`webservices/access/tests/test_guessing.py`)."""

    def test_changes_no_password(self, signed_in, settings, ada):
        settings.SIGN_IN_QUEUE = 0

        with VERIFIER.queue.turn(Source("another"), proven=False):
            answer = signed_in.post(OWN, {"old_password": "ada-ada!", **NEW})

        assert (answer.status_code, answer["Retry-After"]) == (503, "1")
        assert BUSY.sentence() in said(answer)
        assert Exchange.objects.get().code == "busy"
        assert User.objects.get(pk=ada.pk).password == ada.password


class TestOwnPassword:
    def test_the_old_one_is_verified_like_any_other(self, signed_in, compared_secrets, ada):
        answers = [signed_in.post(OWN, {"old_password": GUESS, **NEW}) for _ in range(2)]

        assert [answer.status_code for answer in answers] == [403, 403]
        assert "Your old password was entered incorrectly" in said(answers[0])
        assert compared_secrets == [GUESS]
        rows = [*Exchange.objects.values_list("operation", "code", "user_name")]
        assert rows == [("site.change_password", "wrong-password", "ada")] * 2

    def test_is_changed(self, signed_in):
        assert signed_in.get(OWN).status_code == 200
        answer = signed_in.post(OWN, {"old_password": "ada-ada!", **NEW}, follow=True)

        assert answer.redirect_chain == [("/admin/password_change/done/", 302)]
        assert sign_in(secret="a-long-secret-1").status_code == 302

    def test_is_for_who_has_signed_in(self):
        assert Client().get(OWN)["Location"] == f"{PAGE}?next={OWN}"


class TestAdminSees:
    def test_failed_sign_ins_of_all_entrances(self, signed_in):
        sign_in(secret=GUESS)
        post(envelope(word="another guess"))
        assert sign_in().status_code == 302

        listed = said(signed_in.get("/admin/webservices/exchange/?result=sign-in"))

        assert "2 failed sign-ins in the last 24 hours" in said(signed_in.get("/admin/"))
        assert listed.count("wrong-password") == 2
        assert "Pages of this site" in listed

    def test_nothing_of_them_while_there_are_none(self, signed_in):
        assert "failed sign-in" not in said(signed_in.get("/admin/"))

    def test_one_on_a_page_of_its_own(self, signed_in):
        sign_in(secret=GUESS)
        row = Exchange.objects.get()

        page = said(signed_in.get(f"/admin/webservices/exchanges/{row.call_id}/"))

        assert "ada from 127.0.0.1 asked to sign in to the admin site" in page
        assert WRONG_PASSWORD.sentence() in page
        assert "It cannot be sent again. It was no call, but a page of this site." in page

    def test_who_failed_to_read_a_contract(self, settings, caplog):
        settings.PUBLIC_CONTRACTS = False
        caplog.set_level(logging.INFO)

        for address in ("/v2_0/receiver/parts?wsdl", "/api/v1/schema/"):
            assert Client().get(address).status_code == 401
            assert Client().get(address, headers={"Authorization": "Bearer cp_unknown"}).status_code == 401

        rows = [*Exchange.objects.order_by("id").values_list("operation", "code", "path")]
        assert rows == [
            ("site.read_contract", "unknown-token", "/v2_0/receiver/parts"),
            ("site.read_contract", "unknown-token", "/api/v1/schema/"),
        ]
        assert len(lines(caplog)) == 2

    def test_why_a_call_was_refused_and_where_it_came_from(self, caplog):
        caplog.set_level(logging.INFO)

        post(envelope(word=GUESS))

        (line,) = lines(caplog)
        assert line.partition(" code=")[2] == "wrong-password peer=127.0.0.1"
