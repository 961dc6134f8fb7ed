"""Sessions that a call asks for beside its own operation: kept for the next call, or ended."""

from datetime import timedelta

import pytest

from records.tests.cast import NOW, table
from webservices.access.identify import issue_ticket
from webservices.models import Exchange, Session
from webservices.tests.api_keys import ALL, key_for
from webservices.tests.plain import Plain
from webservices.tests.plain import ask as ask_at
from webservices.wire.messages import DialectSettings

ADA = {"user": "ada", "password": "ada-ada!"}
MINUTE = timedelta(minutes=1)


def ask(operation="parts.find", at=NOW, **said):
    return ask_at(operation, at=at, **said)


@pytest.fixture
def session(ada):
    return ask(session="keep", **ADA).session


class TestKept:
    def test_lets_its_user_in_afterwards(self, session):
        assert ask(sessionid=session).code == ""
        assert Exchange.objects.latest("id").credential == "session"

    def test_is_kept_by_a_call_that_comes_with_it(self, session):
        reply = ask(sessionid=session, session="keep")

        assert (reply.code, reply.session) == ("", "")
        assert ask(sessionid=session).code == ""
        assert Session.objects.count() == 1

    def test_lives_as_long_as_the_dialects_terms_say(self, ada):
        short = Plain(DialectSettings(session_minutes=2))
        session = ask(session="keep", dialect=short, **ADA).session

        assert ask(sessionid=session, at=NOW + 2 * MINUTE).code == ""
        assert ask(sessionid=session, at=NOW + 6 * MINUTE).code == "session-ended"

    def test_lives_as_long_as_the_site_says_otherwise(self, session):
        assert ask(sessionid=session, at=NOW + 30 * MINUTE).code == ""
        assert ask(sessionid=session, at=NOW + 62 * MINUTE).code == "session-ended"

    OPENED_BY = {
        "a ticket": lambda ada: {"user": "ada", "password": issue_ticket(ada.pk, at=NOW)},
        "a password, by a call some records of which failed": lambda ada: {
            **ADA, "operation": "parts.add", "record": {"number": ""},
        },
    }  # fmt: skip

    @pytest.mark.parametrize("said", table(OPENED_BY))
    def test_is_opened_by(self, ada, said):
        reply = ask(session="keep", **said(ada))

        assert ask(sessionid=reply.session).code == ""

    OPENED_BY_NO = {
        "call that fails": lambda ada: {**ADA, "operation": "crm_fields.show", "record": {"module": "nothing"}},
        "call that does not ask for it": lambda ada: {**ADA, "session": "none"},
        "call that asks for its end": lambda ada: {**ADA, "session": "end"},
        "dry run": lambda ada: {**ADA, "dry": True},
        "wrong password": lambda ada: {"user": "ada", "password": "wrong"},
        "API key": lambda ada: {"apikey": key_for(ada, *ALL)},
        "caller whom nobody knows": lambda ada: {"operation": "server_time.show"},
    }

    @pytest.mark.parametrize("said", table(OPENED_BY_NO))
    def test_is_opened_by_no(self, ada, said):
        reply = ask(**{"session": "keep", **said(ada)})

        assert reply.session == ""
        assert not Session.objects.exists()

    @pytest.mark.django_db(transaction=True)
    def test_fails_no_call_that_it_cannot_be_opened_for(self, ada, caplog):
        endless = Plain(DialectSettings(session_minutes=10**12))

        reply = ask("parts.add", session="keep", record={"number": "A"}, dialect=endless, **ADA)

        assert (reply.outcomes, reply.session) == (["created"], "")
        assert "could not be settled" in caplog.text


class TestEnded:
    def test_by_the_call_that_asks_for_it(self, session):
        assert ask(sessionid=session, session="end").code == ""

        assert ask(sessionid=session).code == "session-ended"
        assert not Session.objects.exists()

    def test_even_if_that_call_fails(self, session):
        reply = ask("crm_fields.show", record={"module": "nothing"}, sessionid=session, session="end")

        assert reply.code == "unknown-module"
        assert ask(sessionid=session).code == "session-ended"

    def test_not_by_a_dry_run(self, session):
        ask(sessionid=session, session="end", dry=True)

        assert ask(sessionid=session).code == ""

    def test_not_by_a_call_that_comes_with_a_password(self, session):
        ask(session="end", **ADA)

        assert ask(sessionid=session).code == ""
