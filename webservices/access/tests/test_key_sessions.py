"""Sessions that an API key has opened: narrowed as the key is, and ended with it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from records.tests.cast import NOW, table
from webservices import gateway
from webservices.access import sessions
from webservices.access.identify import identify, issue_ticket
from webservices.access.identity import AuthenticationFailed
from webservices.access.users import find_user_by_name
from webservices.declarations import OPERATIONS
from webservices.models import ApiKey, Session
from webservices.tests.api_keys import find_key, key_for, permission
from webservices.wire.credentials import Bearer, Password, SessionToken, SignedIn
from webservices.wire.messages import Call
from webservices.wire.operations import Action, Verb

OPEN, CLOSE = (OPERATIONS.get("sessions", verb) for verb in (Action.OPEN, Action.CLOSE))
LISTED = ("sessions.open", "sessions.close", "parts.find")
MINUTE = timedelta(minutes=1)


def enter(credentials, *, at=NOW, secure=True):
    return identify(credentials, call_id="call-1", secure=secure, at=at)


def opened(credentials, *, at=NOW):
    """The id of a session that these credentials open."""
    return gateway.answer(Call(OPEN), enter(credentials, at=at), at=at).records[0]["id"]


def refused(session, *, at=NOW):
    with pytest.raises(AuthenticationFailed) as caught:
        enter(SessionToken(session), at=at)
    return caught.value.problem.code


def problem_of(operation, session, *, at=NOW):
    answer = gateway.answer(Call(operation), enter(SessionToken(session), at=at), at=at)
    return answer.problems[0] if hasattr(answer, "problems") else None


def code_of(operation, session, *, at=NOW):
    problem = problem_of(operation, session, at=at)
    return problem.code if problem else ""


@pytest.fixture
def key(ada):
    return key_for(ada, *LISTED)


@pytest.fixture
def session(key):
    return opened(Bearer(key))


class TestOfAKey:
    def test_allows_what_the_key_lists_and_nothing_more(self, session):
        assert enter(SessionToken(session)).operations == {*LISTED}
        assert code_of(OPERATIONS.get("parts", Verb.FIND), session) == ""
        assert code_of(OPERATIONS.get("parts", Verb.ADD), session) == "not-listed"

    def test_allows_no_more_than_the_user_may(self, bob):
        bob.user_permissions.set([permission("webservices.open_session")])
        session = opened(Bearer(key_for(bob, *LISTED)))

        assert code_of(OPERATIONS.get("parts", Verb.FIND), session) == "forbidden"
        bob.user_permissions.add(permission("parts.view_part"))
        assert code_of(OPERATIONS.get("parts", Verb.FIND), session) == ""

    def test_follows_the_list_of_the_key(self, session):
        ApiKey.objects.update(operations=["parts.add"])

        assert enter(SessionToken(session)).operations == {"parts.add"}

    def test_of_a_key_that_lists_nothing_allows_nothing(self, session):
        ApiKey.objects.update(operations=[])

        assert enter(SessionToken(session)).operations == frozenset()

    def test_shows_the_prefix_of_the_key(self, session, key):
        assert enter(SessionToken(session)).credential == find_key(key).prefix

    def test_needs_a_key_that_lists_it(self, ada):
        answer = gateway.answer(Call(OPEN), enter(Bearer(key_for(ada, "parts.find"))), at=NOW)

        assert answer.problems[0].code == "not-listed"
        assert not Session.objects.exists()

    def test_opens_no_other_session(self, session):
        assert code_of(OPEN, session) == "needs-a-password"
        assert problem_of(OPEN, session).sentence().startswith("A session is opened with")
        assert Session.objects.count() == 1

    def test_is_read_with_the_key_in_one_statement(self, session, django_assert_num_queries):
        with django_assert_num_queries(1):
            enter(SessionToken(session))

    def test_is_not_taken_in_clear(self, session):
        with pytest.raises(AuthenticationFailed, match="TLS"):
            enter(SessionToken(session), secure=False)

    def test_is_kept_as_a_hash(self, session):
        assert session not in str([*Session.objects.values()])

    def test_stamps_the_key_as_well_at_most_once_a_minute(self, session, django_assert_num_queries):
        with django_assert_num_queries(3):
            enter(SessionToken(session), at=NOW + MINUTE)
        with django_assert_num_queries(1):
            enter(SessionToken(session), at=NOW + 1.5 * MINUTE)

        assert Session.objects.get().used_at == ApiKey.objects.get().used_at == NOW + MINUTE


ENDS = {
    "revoked": lambda: ApiKey.objects.update(revoked_at=NOW),
    "expired": lambda: ApiKey.objects.update(expires_at=NOW),
    "deleted": lambda: ApiKey.objects.all().delete(),
    "with the user disabled": lambda: User.objects.update(is_active=False),
    "with the password changed": lambda: User.objects.update(password="another"),
    "with the user deleted": lambda: User.objects.all().delete(),
}


class TestEnd:
    @pytest.mark.parametrize("end", table(ENDS))
    def test_when_the_key_is(self, session, end):
        end()

        assert refused(session) == "session-ended"

    def test_when_it_is_closed_by_a_key_that_lists_that(self, session):
        assert code_of(CLOSE, session) == ""
        assert refused(session) == "session-ended"

    def test_not_by_a_key_that_does_not_list_it(self, session):
        ApiKey.objects.update(operations=["parts.find"])

        assert code_of(CLOSE, session) == "not-listed"
        assert enter(SessionToken(session))

    def test_an_hour_after_it_was_last_used(self, session):
        for number in range(1, 4):
            assert enter(SessionToken(session), at=NOW + number * 60 * MINUTE)

        assert refused(session, at=NOW + (180 + 61) * MINUTE) == "session-ended"

    def test_after_as_many_minutes_as_the_site_says(self, key, settings):
        settings.KEY_SESSION_MINUTES = 5
        session = opened(Bearer(key))

        assert enter(SessionToken(session), at=NOW + 5 * MINUTE)
        assert refused(session, at=NOW + 11 * MINUTE) == "session-ended"

    def test_sweeps_away_only_what_has_ended(self, session, settings):
        settings.SESSION_MINUTES = 30
        opened(Password("ada", "ada-ada!"))

        opened(Password("ada", "ada-ada!"), at=NOW + 45 * MINUTE)
        assert Session.objects.count() == 2
        assert enter(SessionToken(session), at=NOW + 45 * MINUTE)

        Session.objects.update(used_at=NOW)
        opened(Password("ada", "ada-ada!"), at=NOW + 61 * MINUTE)
        assert Session.objects.count() == 1

    def test_is_there_in_no_session_of_a_user_who_is_not_active(self, key):
        User.objects.update(is_active=False)
        ada = find_user_by_name("ada")

        assert sessions.new_session(ada.id, "", key=find_key(key).pk, at=NOW) is None


OTHERS = {
    "a password": lambda ada: Password("ada", "ada-ada!"),
    "who is signed in": lambda ada: SignedIn(ada.pk),
    "a ticket in the place of the password": lambda ada: Password("ada", issue_ticket(ada.pk, at=NOW)),
    "a ticket in the place of the key": lambda ada: Bearer(issue_ticket(ada.pk, at=NOW)),
    "a ticket in the place of the session": lambda ada: SessionToken(issue_ticket(ada.pk, at=NOW)),
}


@pytest.mark.parametrize("credentials", table(OTHERS))
def test_is_opened_with_all_rights_by(credentials, ada):
    session = opened(credentials(ada))

    caller = enter(SessionToken(session))
    assert (caller.user_name, caller.operations, caller.credential) == ("ada", None, "session")
    assert Session.objects.get().minutes is None


class TestTicketInThePlaceOfAKey:
    def test_is_good_once(self, ada):
        ticket = Bearer(issue_ticket(ada.pk, at=NOW))

        caller = enter(ticket, secure=False)
        assert (caller.user_name, caller.credential) == ("ada", "ticket")
        with pytest.raises(AuthenticationFailed):
            enter(ticket)
