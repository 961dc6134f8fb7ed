"""A UsernameToken's Created and Nonce: neither an old message nor the same one a second time lets anybody in."""

from datetime import timedelta
from threading import Thread

import pytest
from django.contrib.auth.models import User
from django.db import connection

from parts.models import Part
from records.tests.cast import NOW, table
from webservices import endpoint
from webservices.access.identify import issue_ticket
from webservices.access.password_cache import VERIFIER
from webservices.models import Exchange, UsedNonce
from webservices.tests.test_endpoint import ADD, PARTS, envelope
from webservices.wire.dialects.oracle.dialect import ORACLE_2_0
from webservices.wire.messages import WireRequest
from webservices.wire.xml.namespaces import WSSE, WSU

GET = "<getParts><Parts/></getParts>"
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def ask(content=GET, *, created=None, nonce="", at=NOW, user="ada", word="ada-ada!", **headers):
    """Call with a token that has these; return the code of the refusal ("": none) and the response."""
    text = created if created is None or isinstance(created, str) else created.strftime("%Y-%m-%dT%H:%M:%SZ")
    more = f'<n:Nonce xmlns:n="{WSSE}">{nonce}</n:Nonce>' if nonce else ""
    more += f'<u:Created xmlns:u="{WSU}">{text}</u:Created>' if text is not None else ""
    body = envelope(content, user, word).replace(b"</w:UsernameToken>", f"{more}</w:UsernameToken>".encode())
    response = endpoint.serve(ORACLE_2_0, WireRequest("POST", PARTS, body, headers), clock=lambda: at)
    return Exchange.objects.get(call_id=response.headers["X-Call-Id"]).code, response


def code(*arguments, **said):
    return ask(*arguments, **said)[0]


class TestCreated:
    AGES = {
        "now": (NOW, ""),
        "five minutes ago": (NOW - 5 * MINUTE, ""),
        "in five minutes": (NOW + 5 * MINUTE, ""),
        "a second earlier": (NOW - 5 * MINUTE - SECOND, "wrong-created"),
        "a second later": (NOW + 5 * MINUTE + SECOND, "wrong-created"),
        "in another zone": ("2026-11-21T14:00:00.123+02:00", ""),
        "without a zone, which is UTC": ("2026-11-21T12:00:00", ""),
        "in the zone of a client that says it is UTC": ("2026-11-21T14:00:00Z", "wrong-created"),
        "blank": (" ", ""),
        "no moment": ("yesterday", "wrong-created"),
        "the last moment of all": ("9999-12-31T23:59:59-01:00", "wrong-created"),
    }

    @pytest.mark.parametrize("created, refusal", table(AGES))
    def test_is_of_the_last_five_minutes(self, ada, created, refusal):
        assert code(created=created) == refusal

    def test_is_refused_in_the_words_of_the_wire(self, ada):
        _, response = ask(created=NOW - 6 * MINUTE)

        assert response.status == 500
        assert b":FailedAuthentication<" in response.body
        assert b"<bm:exceptionCode>SECURITY-ERR</bm:exceptionCode>" in response.body
        assert (
            b"Created of this UsernameToken is 2026-11-21T11:54:00Z, and here it is 2026-11-21T12:00:00Z: more than 5 "
            b"minutes lie between. Make a new one for each call, by a right clock."
        ) in response.body

    def test_costs_no_hash_when_it_is_too_old(self, ada, monkeypatch):
        monkeypatch.setattr(VERIFIER, "_check", lambda secret, stored: pytest.fail("it was hashed"))

        assert code(created=NOW - 6 * MINUTE) == "wrong-created"

    def test_may_be_as_old_as_the_site_says(self, ada, settings):
        settings.USERNAME_TOKEN_MINUTES = 60
        assert code(created=NOW - 60 * MINUTE) == ""

        settings.USERNAME_TOKEN_MINUTES = 0
        assert [code(created=NOW - 3000 * MINUTE, nonce="a") for _ in range(2)] == ["", ""]
        assert not UsedNonce.objects.exists()


class TestNonce:
    def test_is_taken_once_whichever_process_hears_it(self, ada):
        assert code(created=NOW, nonce="kOFTNB6q") == ""
        VERIFIER.forget()  # as another process, or this one after a restart, which knows nothing

        refusal, response = ask(created=NOW, nonce="kOFTNB6q", at=NOW + 4 * MINUTE)

        assert refusal == "nonce-used"
        assert b":FailedAuthentication<" in response.body
        assert b"The Nonce of this UsernameToken was used before: make a new one for each call" in response.body
        assert code(created=NOW, nonce="another") == ""

    def test_of_another_user_is_another(self, ada, bob):
        assert code(nonce="a") == ""

        assert code(nonce="a", user="bob", word="bob-bob!") == "forbidden"

    def test_is_not_used_up_by_who_does_not_know_the_password(self, ada):
        assert code(nonce="a", word="guess") == "wrong-password"
        assert not UsedNonce.objects.exists()

        assert code(nonce="a") == ""

    @pytest.mark.parametrize("created, minutes", [(None, 5), (NOW, 5), (NOW + 4 * MINUTE, 9)])
    def test_is_remembered_for_as_long_as_its_token_is_young(self, ada, created, minutes):
        assert code(created=created, nonce="a") == ""

        assert code(created=created, nonce="a", at=NOW + minutes * MINUTE - SECOND) == "nonce-used"
        assert code(nonce="a", at=NOW + minutes * MINUTE) == ""

    def test_is_forgotten_some_time_later(self, ada):
        for number in range(5):
            code(nonce=f"a{number}")

        assert code(nonce="b", at=NOW + 5 * MINUTE) == ""
        assert UsedNonce.objects.count() == 1

    def test_may_come_again_with_the_same_call_that_is_done_once(self, ada):
        first = ask(ADD, nonce="a", **{"idempotency-key": "K-1"})[1]
        again = ask(ADD, nonce="a", **{"idempotency-key": "K-1"})[1]

        assert (again.body, again.headers["Idempotent-Replayed"]) == (first.body, "true")
        assert code(ADD, nonce="a", **{"idempotency-key": "K-2"}) == "nonce-used"
        assert code(ADD, nonce="a") == "nonce-used"
        assert code(GET, nonce="a", **{"idempotency-key": "K-1"}) == "nonce-used"
        assert Part.objects.count() == 1

    def test_costs_one_statement_where_there_is_one(self, ada, django_assert_num_queries):
        code(nonce="a")

        with django_assert_num_queries(4):  # the user, what is found, the exchange, and here the test's own
            code()
        with django_assert_num_queries(5):
            code(nonce="b")

    def test_of_a_message_with_a_ticket_of_the_test_page_does_not_count(self, ada):
        def send():
            return code(created=NOW - 60 * MINUTE, nonce="a", word=issue_ticket(ada.pk, at=NOW))

        assert [send(), send()] == ["", ""]
        assert not UsedNonce.objects.exists()


def test_of_many_at_once_one_is_taken(transactional_db, django_db_serialized_rollback, stored_hash):
    User.objects.create(username="ada", password=stored_hash("ada-ada!"), is_superuser=True)
    codes = []

    def call():
        try:
            codes.append(code(nonce="a"))
        finally:
            connection.close()

    threads = [Thread(target=call) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert sorted(codes) == ["", *["nonce-used"] * 5]
