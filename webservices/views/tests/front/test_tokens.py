"""Access tokens: got by a client of OAuth 2.0, taken by every wire, ended with what they were got with."""

import json
import logging
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from urllib.parse import urlencode, urlsplit

import pytest
from django.contrib.auth.models import User
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import Client
from django.utils import timezone
from oauthlib.oauth2 import BackendApplicationClient, LegacyApplicationClient, OAuth2Error
from requests import Response
from requests.adapters import BaseAdapter
from requests_oauthlib import OAuth2Session

from config.front import build_front
from records.tests.cast import table
from webservices.access.access_tokens import SWEPT_AT_ONCE
from webservices.access.password_cache import VERIFIER
from webservices.access.sign_in_queue import Busy
from webservices.exchanges.sign_ins import count_failures
from webservices.exchanges.tests.test_canary import everything_stored
from webservices.models import AccessToken, ApiKey, Exchange
from webservices.tests.api_keys import ALL, SECRET, find_key, key_for, permission
from webservices.tests.test_round_trip import CASES, sample
from webservices.views.tokens import serve_token
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.dialects.sap.dialect import SAP
from webservices.wire.messages import WireRequest
from webservices.wire.oauth import PATHS
from webservices.wire.operations import Action, Verb

TOKEN_PATH = PATHS[0]
NAME = "ERP, nightly"
URL = "https://localhost"
USER = {"grant_type": "password", "username": "ada", "password": "ada-ada!"}


class FrontAdapter(BaseAdapter):
    """Sends requests of `requests` to the front, in this process and in the test's transaction."""

    def __init__(self):
        super().__init__()
        self._front = build_front(WSGIHandler())

    def send(self, request, **_):
        address, body = urlsplit(request.url), request.body or b""
        body = body.encode() if isinstance(body, str) else body
        environ = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in request.headers.items()} | {
            "REQUEST_METHOD": request.method,
            "PATH_INFO": address.path,
            "QUERY_STRING": address.query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "443",
            "HTTP_HOST": "localhost",
            "REMOTE_ADDR": "10.0.0.7",
            "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": request.headers.get("Content-Type", ""),
            "wsgi.url_scheme": "https",
            "wsgi.input": BytesIO(body),
        }
        started = []
        answer = self._front(environ, lambda *arguments: started.append(arguments))
        response = Response()
        response.raw = BytesIO(b"".join(answer))
        response.status_code, response.request = int(started[0][0][:3]), request
        response.headers.update(dict(started[0][1]))
        answer.close()
        return response

    def close(self):
        pass


def build_session(client):
    session = OAuth2Session(client=client)
    session.mount("https://", FrontAdapter())
    return session


def fetch(token, name=NAME, **more):
    """Get an access token as a client in Python does; return its session."""
    session = build_session(BackendApplicationClient(name))
    session.fetch_token(f"{URL}{TOKEN_PATH}", client_secret=token, **more)
    return session


def ask(form, *, path=TOKEN_PATH, secure=True, headers=None, peer="10.0.0.7"):
    headers = {"content-type": "application/x-www-form-urlencoded", **(headers or {})}
    body = urlencode(form).encode()
    response = serve_token(WireRequest("POST", path, body, headers, secure=secure, peer=peer))
    return response.status, json.loads(response.body)


def client_form(token, **more):
    return {"grant_type": "client_credentials", "client_id": NAME, "client_secret": token, **more}


def given(token, **more):
    """The access token for a key."""
    return ask(client_form(token, **more))[1]["access_token"]


def code_of(token, method="GET", path="/api/v1/parts/", body=None):
    """The code of the problem with which a call by this token is refused; "": it is not."""
    answer = Client().generic(
        method, path, body or b"", "application/json", headers={"authorization": f"Bearer {token}"}
    )
    return Exchange.objects.get(call_id=answer["X-Call-Id"]).code


@pytest.fixture(autouse=True)
def surroundings(settings, monkeypatch):
    """Exchanges are stored at once, and the front leaves the test its connection."""
    settings.EXCHANGE_DELAY_MS = 0
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)


@pytest.fixture
def key(ada):
    return key_for(ada, *ALL, name=NAME)


class TestClient:
    @pytest.mark.parametrize("dialect", DIALECTS, ids=lambda each: each.name)
    def test_calls_every_wire_until_it_has_ended(self, key, dialect):
        session = fetch(key)
        reads = (each.values for each in CASES if each.values[0] is dialect)
        _, operation, context = next(each for each in reads if each[1].verb in (Verb.FIND, Action.SHOW))
        call = replace(sample(dialect, operation, context), credentials=None)
        wire = dialect.build_request(call, context)
        address = f"{URL}{wire.path}" + (f"?{wire.query}" if wire.query else "")

        def code():
            answer = session.request(wire.method, address, data=wire.body or None, headers=dict(wire.headers))
            exchange = Exchange.objects.get(call_id=answer.headers["X-Call-Id"])
            return exchange.code, exchange.credential

        assert code() == ("", find_key(key).prefix)
        AccessToken.objects.update(expires_at=timezone.now())
        assert code() == ("access-token-ended", "")

    def test_by_basic_and_by_the_body(self, key):
        assert fetch(key, include_client_id=True).authorized
        assert fetch(key, include_client_id=False).authorized

    def test_is_told_what_the_rfc_names(self, key):
        with pytest.raises(OAuth2Error, match="invalid_client"):
            fetch(f"{key}x")
        with pytest.raises(OAuth2Error, match="invalid_scope"):
            fetch(key, scope=["parts.fly"])

    def test_gets_one_for_a_password_where_the_site_allows_it(self, ada, settings):
        session = build_session(LegacyApplicationClient("cli"))
        with pytest.raises(OAuth2Error, match="unsupported_grant_type"):
            session.fetch_token(f"{URL}{PATHS[1]}", username="ada", password="ada-ada!")

        settings.PASSWORD_GRANT = True
        session.fetch_token(f"{URL}{PATHS[1]}", username="ada", password="ada-ada!")

        assert session.get(f"{URL}/api/v1/parts/").status_code == 200


class TestAnswer:
    @pytest.mark.parametrize("path", PATHS)
    def test_is_that_of_the_rfc(self, key, path, settings):
        settings.ACCESS_TOKEN_MINUTES = 5

        status, told = ask(client_form(key), path=path)

        assert status == 200
        assert told == {"access_token": told["access_token"], "token_type": "Bearer", "expires_in": 300}

    def test_is_the_same_by_django(self, key):
        told = Client().post(f"{TOKEN_PATH}/", urlencode(client_form(key)), FORM_TYPE, secure=True)

        assert told.status_code == 200
        assert told["Cache-Control"] == "no-store"
        assert code_of(told.json()["access_token"]) == ""

    def test_of_another_method_names_post(self, db):
        told = Client().get(TOKEN_PATH)

        assert (told.status_code, told["Allow"], told.json()["error"]) == (405, "POST", "invalid_request")

    def test_of_plain_http_names_tls(self, key, settings):
        assert ask(client_form(key), secure=False)[1]["error_description"].startswith("Passwords and tokens")
        settings.HTTPS = True
        told = Client().post(TOKEN_PATH, urlencode(client_form(key)), FORM_TYPE, REMOTE_ADDR="10.0.0.7")
        assert (told.status_code, told.json()["error"]) == (400, "invalid_request")
        assert told.json()["error_description"].startswith("This site is reached over HTTPS")

    def test_of_a_server_that_verifies_others_says_when_to_come_back(self, key, monkeypatch):
        def refuse(*_, **__):
            raise Busy

        monkeypatch.setattr(VERIFIER, "fits", refuse)
        response = serve_token(WireRequest("POST", TOKEN_PATH, urlencode(client_form(key)).encode()))

        assert (response.status, response.headers["Retry-After"]) == (503, "1")
        assert json.loads(response.body)["error"] == "temporarily_unavailable"


FORM_TYPE = "application/x-www-form-urlencoded"
WRONG = {
    "another name": {"client_id": "ERP"},
    "another secret": {"client_secret": "cp_key0_x"},
    "no key": {"client_secret": "s3cret"},
    "a secret that is no text": {"client_secret": "\x00"},
}


class TestKey:
    @pytest.mark.parametrize("changes", WRONG.values(), ids=WRONG)
    def test_is_known_by_name_and_text(self, key, changes):
        status, told = ask(client_form(key) | changes)

        assert (status, told["error"]) == (401, "invalid_client")
        assert Exchange.objects.get().code == "wrong-client"

    ENDED = {
        "revoked": (lambda: ApiKey.objects.update(revoked_at=timezone.now()), "was revoked"),
        "expired": (lambda: ApiKey.objects.update(expires_at=timezone.now()), "has expired"),
        "of a user who is not active": (lambda: User.objects.update(is_active=False), "not active"),
    }

    @pytest.mark.parametrize("end, words", table(ENDED))
    def test_that_has_ended_gets_none_and_ends_those_it_has_got(self, key, end, words):
        token = given(key)
        end()

        status, told = ask(client_form(key))

        assert (status, told["error"]) == (401, "invalid_client")
        assert words in told["error_description"]
        assert code_of(token) == "access-token-ended"

    def test_that_was_deleted_takes_them_along(self, key):
        token = given(key)
        find_key(key).delete()

        assert code_of(token) == "access-token-ended"
        assert not AccessToken.objects.exists()

    def test_narrows_them_by_what_it_lists_now(self, key):
        token = given(key)
        ApiKey.objects.update(operations=["customers.find"])

        assert code_of(token) == "not-listed"
        assert code_of(token, path="/api/v1/customers/") == ""

    def test_may_no_more_than_its_user(self, bob):
        token = given(key_for(bob, *ALL, name=NAME))

        assert code_of(token) == "forbidden"
        bob.user_permissions.add(permission("parts.view_part"))
        assert code_of(token) == ""

    def test_stays_when_the_password_changes(self, key, ada):
        token = given(key)
        ada.set_password("another-1")
        ada.save()

        assert code_of(token) == ""

    def test_does_not_come_back_with_its_user(self, key, ada):
        token = given(key)
        for is_active in (False, True):
            User.objects.filter(pk=ada.pk).update(is_active=is_active)

        assert code_of(token) == "access-token-ended"

    def test_is_used_by_its_tokens(self, key):
        token = given(key)
        ApiKey.objects.update(used_at=None)

        code_of(token)

        assert find_key(key).used_at is not None


class TestGuesses:
    def test_are_verified_as_those_of_calls_and_once_for_both(self, key, monkeypatch):
        """One memory, one queue: a secret that calls have shown costs nothing here, and a wrong one as much."""
        hashed = []
        check = VERIFIER._check
        monkeypatch.setattr(VERIFIER, "_check", lambda *each: hashed.append(each[0]) or check(*each))
        VERIFIER.forget()
        wrong = f"{key}x"

        for token in (key, wrong):
            code_of(token)
            ask(client_form(token))

        assert hashed == [SECRET, f"{SECRET}x"]

    def test_of_a_key_that_is_not_known_cost_no_hash(self, key, monkeypatch):
        monkeypatch.setattr(VERIFIER, "_check", lambda *_: pytest.fail("a hash"))

        assert ask(client_form("cp_nobody_x"))[0] == 401

    def test_are_counted_at_the_entrance_of_the_site(self, key):
        ask(client_form(f"{key}x"))
        ask(client_form("cp_nobody_x"))

        assert count_failures(since=timezone.now() - timedelta(hours=1)) == 2


class TestUser:
    @pytest.fixture(autouse=True)
    def _allowed(self, ada, settings):
        settings.PASSWORD_GRANT = True

    def test_gets_all_that_the_user_may(self):
        assert code_of(ask(USER)[1]["access_token"]) == ""

    WRONG = {
        "password": ({"password": "wrong"}, "wrong-password"),
        "name": ({"username": "nobody"}, "wrong-password"),
        "domain": ({"domain": "OTHER"}, "wrong-tenant"),
        "domain behind the name": ({"username": "ada#OTHER"}, "wrong-tenant"),
    }

    @pytest.mark.parametrize("changes, code", table(WRONG))
    def test_is_refused_with_a_wrong(self, changes, code, settings):
        settings.DIALECT_TERMS = {SAP.name: {"tenant": "ACME"}}

        status, told = ask(USER | changes, path=PATHS[1])

        assert (status, told["error"]) == (400, "invalid_grant")
        assert Exchange.objects.get().code == code

    @pytest.mark.parametrize("changes", [{}, {"domain": "ACME"}, {"username": "ada#ACME"}])
    def test_may_name_the_domain_of_the_site(self, changes, settings):
        settings.DIALECT_TERMS = {SAP.name: {"tenant": "ACME"}}

        assert ask(USER | changes, path=PATHS[1], headers={"content-type": "text/plain"})[0] == 200

    ENDS = {
        "another password": lambda ada: ada.set_password("another-1"),
        "disabled": lambda ada: setattr(ada, "is_active", False),
    }

    @pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
    def test_ends_it_by(self, ada, end):
        token = ask(USER)[1]["access_token"]
        end(ada)
        ada.save()

        assert code_of(token) == "access-token-ended"
        assert not AccessToken.objects.exists()

    def test_opens_no_session_with_it(self):
        token = ask(USER)[1]["access_token"]
        body = json.dumps({"DATA_SOURCE": "DEMO", "USER_NAME": "ada", "PASSWORD": ""}).encode()

        assert code_of(token, "POST", "/api/auth-token-get", body) == "needs-a-password"


class TestScope:
    def test_narrows_a_token(self, key):
        token = given(key, scope="parts.view_part customers.view_customer")

        assert code_of(token) == ""
        assert code_of(token, "DELETE", "/api/v1/parts/P-1/") == "forbidden"

    BEYOND = {
        "nobody's": (ALL, "parts.fly"),
        "of no operation": (ALL, "auth.view_user"),
        "not the key's": (["parts.find"], "parts.view_part parts.add_part"),
        "not the user's": (ALL, "parts.delete_part"),
    }

    @pytest.mark.parametrize("operations, scope", table(BEYOND))
    def test_is_refused_beyond_the_rights_of_its_holder(self, bob, operations, scope):
        bob.user_permissions.add(permission("parts.view_part"), permission("parts.add_part"))

        status, told = ask(client_form(key_for(bob, *operations, name=NAME), scope=scope))

        assert (status, told["error"]) == (400, "invalid_scope")
        assert not AccessToken.objects.exists()


class TestStorage:
    def test_has_hashes_alone(self, key, caplog):
        with caplog.at_level(logging.DEBUG):
            token = given(key)
            ask(client_form("cp_key0_n0body-kn0ws-Th1s"))
            code_of(token)

        stored = "".join(map(str, everything_stored())) + caplog.text
        assert not [each for each in (token, token[4:], SECRET, "n0body-kn0ws-Th1s") if each in stored]

    def test_has_a_row_for_each_attempt(self, key):
        given(key)
        ask(client_form("cp_key0_x"))

        right, wrong = Exchange.objects.order_by("id")
        assert (right.operation, right.user_name, right.credential, right.peer, right.status) == (
            "site.get_access_token", "ada", find_key(key).prefix, "10.0.0.7", 200,
        )  # fmt: skip
        assert (wrong.user_name, wrong.credential, wrong.code, wrong.status) == ("", "", "wrong-client", 401)
        assert "access token" in right.request_note

    def test_is_swept_of_what_has_ended(self, key):
        for _ in range(3):
            given(key)
        AccessToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

        given(key)

        assert AccessToken.objects.count() == 1 < SWEPT_AT_ONCE

    def test_is_asked_once_for_a_call(self, key, django_assert_num_queries):
        from webservices.access.identify import identify
        from webservices.wire.credentials import Bearer

        token = given(key)
        with django_assert_num_queries(1):
            caller = identify(Bearer(token), call_id="1", secure=True, at=timezone.now())

        assert (caller.session, caller.key, caller.proof) == (None, None, "")

    def test_does_not_give_one_to_a_password_that_has_changed_meanwhile(self, ada, settings, monkeypatch):
        settings.PASSWORD_GRANT = True
        monkeypatch.setattr(VERIFIER, "fits", lambda *_, **__: bool(User.objects.update(password="!")))

        assert ask(USER)[1]["error"] == "invalid_grant"
        assert not AccessToken.objects.exists()
