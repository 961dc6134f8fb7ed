"""Signed tokens: got with a password, taken for some hours, dead when the password changes."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.signing import Signer

from records.tests.cast import NOW, table
from webservices.access import sessions
from webservices.access.identify import identify, issue_ticket
from webservices.access.identity import AuthenticationFailed
from webservices.access.signed_tokens import SALT, read_token, signed_token
from webservices.access.users import find_user_by_name
from webservices.models import Exchange
from webservices.tests.api_keys import ALL, key_for, permission
from webservices.tests.plain import ask as ask_at
from webservices.wire.credentials import SignedToken

ADA = {"user": "ada", "password": "ada-ada!"}


def ask(operation, at=NOW, **said):
    return ask_at(operation, at=at, **said)


def got(**said):
    return ask("auth_tokens.open", **said)


@pytest.fixture
def token(ada):
    return got(**ADA).records[0]["token"]


def code_of(token, at=NOW, secure=True):
    """Why a token is refused; "" when it lets its user in."""
    try:
        identify(SignedToken(token), call_id="call-1", secure=secure, at=at)
    except AuthenticationFailed as refused:
        return refused.problem.code
    return ""


def disable_for_a_while():
    for is_active in (False, True):
        User.objects.update(is_active=is_active)


class TestGetting:
    def test_with_the_name_of_the_data_source(self, ada, settings):
        settings.DATA_SOURCE = "PROD"

        token = got(**ADA, record={"data_source": "PROD"}).records[0]["token"]

        assert code_of(token) == ""

    REFUSED = {
        "another data source": (lambda ada: {**ADA, "record": {"data_source": "OTHER"}}, "unknown-data-source"),
        "a wrong password": (lambda ada: {"user": "ada", "password": "wrong"}, "wrong-password"),
        "an API key": (lambda ada: {"apikey": key_for(ada, *ALL)}, "needs-a-password"),
        "a session": (
            lambda ada: {"sessionid": ask("parts.find", session="keep", **ADA).session}, "needs-a-password",
        ),
        "another token": (lambda ada: {"token": got(**ADA).records[0]["token"]}, "needs-a-password"),
        "nothing": (lambda ada: {}, "no-credentials"),
    }  # fmt: skip

    @pytest.mark.parametrize("said, code", table(REFUSED))
    def test_is_refused_for(self, ada, said, code):
        assert got(**said(ada)).code == code

    def test_needs_the_right_to(self, bob):
        said = {"user": "bob", "password": "bob-bob!"}
        assert got(**said).code == "forbidden"

        bob.user_permissions.add(permission("webservices.get_auth_token"))
        assert got(**said).code == ""

    def test_with_a_ticket_of_the_test_page(self, ada):
        assert got(token=issue_ticket(ada.pk, at=NOW)).code == ""

    def test_gives_none_in_a_dry_run(self, ada):
        assert got(**ADA, dry=True).records == [{"token": ""}]


class TestToken:
    def test_lets_its_user_in_in_one_statement(self, token, ada, django_assert_num_queries):
        with django_assert_num_queries(1):
            caller = identify(SignedToken(token), call_id="call-1", secure=True, at=NOW)

        assert (caller.user_id, caller.credential, caller.operations) == (ada.pk, "token", None)

    def test_gives_the_rights_that_its_user_has_now(self, bob):
        token = signed_token(bob.pk, find_user_by_name("bob").proof, at=NOW)

        assert ask("parts.find", token=token).code == "forbidden"
        bob.user_permissions.add(permission("parts.view_part"))
        assert ask("parts.find", token=token).code == ""
        assert Exchange.objects.latest("id").credential == "token"

    def test_may_be_a_ticket_of_the_test_page_once(self, ada):
        ticket = issue_ticket(ada.pk, at=NOW)

        assert ask("parts.find", token=ticket).code == ""
        assert ask("parts.find", token=ticket).code == "token-malformed"

    def test_says_nothing_of_the_password(self, token, ada):
        assert ada.password not in token
        assert find_user_by_name("ada").proof not in str(Signer(salt=SALT).unsign_object(token))

    def test_lives_as_long_as_the_site_says(self, token, settings):
        assert code_of(token, NOW + timedelta(hours=7, minutes=59)) == ""
        assert code_of(token, NOW + timedelta(hours=8)) == "token-refused"
        settings.TOKEN_MINUTES = 5
        assert code_of(token, NOW + timedelta(minutes=5)) == "token-refused"

    MALFORMED = {
        "blank": ("", "no-token"),
        "nonsense": ("nonsense", "token-malformed"),
        "too long": ("a" * 2000, "token-malformed"),
        "half a character": ("a:\udc80", "token-malformed"),
        "no content": (":", "token-malformed"),
        "of another shape": (Signer(salt=SALT).sign_object({"user": 1}), "token-malformed"),
        "signed for something else": (Signer(salt="other").sign_object([1, "", "DEMO", 0]), "token-malformed"),
        "signed with another key": (Signer(key="x" * 50, salt=SALT).sign_object([1, "", "", 0]), "token-malformed"),
    }

    @pytest.mark.parametrize("token, code", table(MALFORMED))
    def test_is_refused_when_it_is(self, db, token, code):
        assert code_of(token) == code

    def test_is_malformed_when_anything_of_it_is_changed(self, token):
        for place in (0, len(token) // 2, len(token) - 2):
            other = "A" if token[place] != "A" else "B"
            assert code_of(token[:place] + other + token[place + 1 :]) == "token-malformed"

    REVOKED = {
        "the password has changed": lambda: User.objects.update(password="another"),
        "the user is disabled": lambda: User.objects.update(is_active=False),
        "the user is disabled and enabled": disable_for_a_while,
        "that happens twice": lambda: (disable_for_a_while(), disable_for_a_while()),
        "the user is gone": lambda: User.objects.all().delete(),
    }

    @pytest.mark.parametrize("happened", table(REVOKED))
    def test_is_refused_when(self, token, happened):
        happened()

        assert code_of(token) == "token-refused"

    def test_is_taken_when_it_was_got_after_the_user_was_enabled_again(self, ada):
        disable_for_a_while()

        assert code_of(got(**ADA).records[0]["token"]) == ""

    def test_is_refused_when_its_password_was_proven_before_the_user_was_disabled(self, ada):
        before = find_user_by_name("ada")
        disable_for_a_while()

        assert code_of(signed_token(ada.pk, before.proof, at=NOW)) == "token-refused"
        assert sessions.new_session(ada.pk, before.proof, at=NOW) is None

    def test_is_refused_at_another_data_source(self, token, settings):
        settings.DATA_SOURCE = "OTHER"

        assert code_of(token) == "token-refused"

    def test_is_not_taken_in_clear(self, token, settings):
        assert code_of(token, secure=False) == "clear-password"
        settings.ALLOW_CLEAR_PASSWORDS = True
        assert code_of(token, secure=False) == ""

    def test_outlives_a_change_of_the_secret_key_that_keeps_the_old_one_for_a_while(self, token, settings):
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "y" * 50

        assert read_token(token) is not None
        settings.SECRET_KEY_FALLBACKS = []
        assert code_of(token) == "token-malformed"
