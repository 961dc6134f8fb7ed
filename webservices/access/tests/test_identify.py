"""From credentials to a Caller."""

from base64 import b64encode
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import connection

from records.models import CustomField, Generation
from records.shapes.lru import LruCache
from records.tests.cast import NOW, table
from webservices.access import tickets
from webservices.access.identify import identify, issue_ticket
from webservices.access.identity import AuthenticationFailed
from webservices.access.verification import LONGEST_SECRET
from webservices.wire.credentials import Bearer, Password, SignedIn, read_authorization

ADA = Password("ada", "ada-ada!")


def enter(credentials, *, secure=True, at=NOW, peer=""):
    return identify(credentials, call_id="call-1", secure=secure, at=at, peer=peer)


def refusal(credentials, **kwargs):
    """The code of the problem for which the credentials are refused."""
    with pytest.raises(AuthenticationFailed) as caught:
        enter(credentials, **kwargs)
    return caught.value.problem.code


class TestPassword:
    def test_says_who_is_calling(self, ada):
        caller = enter(ADA)

        assert (caller.user_id, caller.user_name, caller.credential) == (ada.id, "ada", "password")
        assert (caller.call_id, caller.superuser) == ("call-1", True)
        assert caller.has_perm("parts.add_part")

    def test_rights_are_the_users_own_and_those_of_the_groups(self, bob):
        group = Group.objects.create(name="readers")
        group.permissions.add(Permission.objects.get(codename="view_part"))
        bob.groups.add(group)
        bob.user_permissions.add(Permission.objects.get(codename="add_part"))

        caller = enter(Password("bob", "bob-bob!"))

        assert caller.permissions == {"parts.view_part", "parts.add_part"}
        assert not caller.superuser

    def test_takes_one_statement(self, ada, bob, django_assert_num_queries):
        with django_assert_num_queries(1):
            enter(ADA)
        with django_assert_num_queries(1):
            enter(ADA)
        with django_assert_num_queries(1):
            refusal(Password("nobody", "guess"))

    def test_names_the_generation_of_the_definitions(self, ada):
        before = enter(ADA).generation
        CustomField.objects.create(resource="part", name="tier", label="Tier")

        assert before != enter(ADA).generation == Generation.objects.get().number

    @pytest.mark.parametrize(
        "credentials, code",
        table(
            {
                "a wrong password": (Password("ada", "ada-ada?"), "wrong-password"),
                "another's password": (Password("ada", "bob-bob!"), "wrong-password"),
                "a user who does not exist": (Password("eve", "ada-ada!"), "wrong-password"),
                "a name in another case": (Password("Ada", "ada-ada!"), "wrong-password"),
                "no name": (Password("", "ada-ada!"), "wrong-password"),
                "a name with NUL": (Password("ada\x00", "ada-ada!"), "wrong-password"),
                "a name with half a character": (Password("ada\udc80", "ada-ada!"), "wrong-password"),
                "a password with half a character": (Password("ada", "\udc80"), "wrong-password"),
                "an endless password": (Password("ada", "a" * (LONGEST_SECRET + 1)), "wrong-password"),
                "an empty password": (Password("ada", ""), "empty-password"),
                "nothing": (None, "no-credentials"),
                "a token that nobody knows": (Bearer("cp_1234"), "unknown-token"),
                "a session of nobody": (SignedIn(0), "not-signed-in"),
            }
        ),
    )
    def test_refuses(self, ada, bob, credentials, code):
        assert refusal(credentials) == code

    def test_refuses_a_user_without_a_password(self, db):
        User.objects.create_user("robot", password=None)

        assert refusal(Password("robot", "!")) == "wrong-password"


class TestTakesEffectAtOnce:
    def test_a_changed_password(self, ada, stored_hash):
        enter(ADA)
        User.objects.filter(pk=ada.pk).update(password=stored_hash("brand new"))

        assert refusal(ADA) == "wrong-password"
        assert enter(Password("ada", "brand new"))

    def test_a_disabled_user(self, ada):
        enter(ADA)
        User.objects.filter(pk=ada.pk).update(is_active=False)

        assert refusal(ADA) == "not-active"
        assert refusal(SignedIn(ada.pk)) == "not-active"
        assert refusal(Password("ada", issue_ticket(ada.pk, at=NOW))) == "not-active"

    def test_a_permission_that_was_taken_away(self, bob):
        bob.user_permissions.add(Permission.objects.get(codename="add_part"))
        assert enter(SignedIn(bob.pk)).has_perm("parts.add_part")

        bob.user_permissions.clear()

        assert not enter(SignedIn(bob.pk)).has_perm("parts.add_part")


class TestPasswordsInClear:
    def test_are_refused_before_anybody_is_looked_up(self, ada, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert refusal(ADA, secure=False) == "clear-password"

    def test_are_taken_where_the_site_allows_them(self, ada, settings):
        settings.ALLOW_CLEAR_PASSWORDS = True

        assert enter(ADA, secure=False)

    def test_do_not_concern_a_session_or_a_ticket(self, ada):
        assert enter(SignedIn(ada.pk), secure=False).credential == "session"
        assert enter(Password("ada", issue_ticket(ada.pk, at=NOW)), secure=False).credential == "ticket"


class TestTicket:
    def test_is_good_once(self, ada):
        ticket = Password("ada", issue_ticket(ada.pk, at=NOW))

        assert enter(ticket).credential == "ticket"
        assert refusal(ticket) == "wrong-password"

    def test_is_good_for_its_user_only(self, ada, bob):
        ticket = issue_ticket(ada.pk, at=NOW)

        assert refusal(Password("bob", ticket)) == "wrong-password"
        assert refusal(Password("ada", ticket)) == "wrong-password"

    @pytest.mark.parametrize("seconds, good", [(29, True), (30, False)])
    def test_is_good_for_30_seconds(self, ada, seconds, good):
        ticket = Password("ada", issue_ticket(ada.pk, at=NOW))
        later = NOW + timedelta(seconds=seconds)

        assert (enter(ticket, at=later).credential == "ticket") if good else refusal(ticket, at=later)

    def test_is_one_of_a_bounded_number(self):
        for user_id in range(tickets.AT_MOST + 5):
            issue_ticket(user_id, at=NOW)

        assert len(tickets._open) == tickets.AT_MOST

    def test_is_issued_by_the_clock_when_no_moment_is_given(self, ada):
        assert tickets.use(issue_ticket(ada.pk), at=NOW - timedelta(days=365 * 50)) == ada.pk


class TestBounded:
    def test_forgets_what_was_touched_longest_ago(self):
        memory = LruCache(2)
        memory.put("a", 1)
        memory.put("b", 2)
        memory.get("a")
        memory.put("c", 3)

        assert [memory.get(key) for key in "abc"] == [1, None, 3]


HEADERS = {
    "bearer": ("Bearer cp_1", Bearer("cp_1")),
    "bearer in another case": ("bearer  cp_1 ", Bearer("cp_1")),
    "bearer without a token": ("Bearer ", None),
    "basic": ("Basic " + b64encode("ada:p:ß".encode()).decode(), Password("ada", "p:ß")),
    "basic without a colon": ("Basic " + b64encode(b"ada").decode(), None),
    "basic that is no base64": ("Basic ada:pass", None),
    "basic that is no UTF-8": ("Basic " + b64encode(b"ada:\xff").decode(), None),
    "digest": ('Digest username="ada"', None),
    "nothing": ("", None),
}


@pytest.mark.parametrize("header, credentials", table(HEADERS))
def test_authorization_headers(header, credentials):
    assert read_authorization(header) == credentials


def test_the_database_is_not_asked_for_names_it_cannot_hold(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        refusal(Password("ada\x00", "guess"))
    assert not connection.needs_rollback
