"""
Every operation in every manner of every dialect, over HTTP, with the whole cast:

    ada     may do everything
    bob     nothing
    carol   what her API key names, and no more than her groups may
"""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from records.tests.cast import NOW
from webservices import gateway
from webservices.access import identify
from webservices.access.sessions import new_session, proof_of
from webservices.access.users import user_named
from webservices.declarations import OPERATIONS
from webservices.messages import Call, Failure, Options, Password, SessionToken, SignedIn
from webservices.models import Exchange
from webservices.tests.api_keys import ALL, key_for, key_of, permission
from webservices.tests.test_round_trip import CASES, sample

REFUSED = ("forbidden", "not-listed")
LABELS = {Password: "password", SessionToken: "session"}


@pytest.fixture
def carol(db):
    return User.objects.create(username="carol")


def code_of(dialect, operation, manner, credentials=None, token=""):
    """The problem code that the call was kept with; "" when it was answered."""
    call = replace(sample(dialect, operation), credentials=credentials, options=Options(dry_run=True))
    asked = dialect.ask(call, manner)
    headers = {**asked.headers, **({"authorization": f"Bearer {token}"} if token else {})}
    path = f"{asked.path}?{asked.query}" if asked.query else asked.path
    content_type = headers.pop("content-type", "application/json")

    Client().generic(asked.method, path, asked.body, content_type=content_type, headers=headers)

    exchange = Exchange.objects.latest("id")
    assert (exchange.dialect, exchange.operation) == (dialect.name, operation.name)
    assert exchange.credential == (key_of(token).prefix if token else LABELS[type(credentials)])
    return exchange.code


def joined(user, *permissions):
    """The user, in a group that has these permissions."""
    group = Group.objects.create(name=f"of {user.username}")
    group.permissions.set([permission(each) for each in permissions])
    user.groups.set([group])
    return user


@pytest.mark.parametrize("dialect, operation, manner", CASES)
def test_with_a_key(dialect, operation, manner, ada, bob, carol):
    joined(carol, *operation.permissions)
    others = [name for name in ALL if name != operation.name]

    def code(user, *operations):
        return code_of(dialect, operation, manner, token=key_for(user, *operations))

    assert code(ada, *ALL) not in REFUSED
    assert code(ada, *others) == "not-listed"
    assert code(bob, *ALL) == "forbidden"
    assert code(carol, operation.name) not in REFUSED
    assert code(carol, *others) == "not-listed"


@pytest.mark.parametrize("dialect, operation, manner", CASES)
def test_with_a_password_or_a_session(dialect, operation, manner, ada, bob):
    def code(user, word):
        credentials = Password(user, word)
        asked = dialect.ask(replace(sample(dialect, operation), credentials=credentials), manner)
        if isinstance(dialect.read(asked, OPERATIONS, dialect.terms).credentials, SessionToken):
            found = user_named(user)
            session = new_session(found.id, proof_of(found), currency="", at=datetime.now(UTC))
            credentials = SessionToken(session)
        return code_of(dialect, operation, manner, credentials)

    assert code("ada", "ada-ada!") not in REFUSED
    assert code("bob", "bob-bob!") == "forbidden"


@pytest.mark.parametrize("operation", [*OPERATIONS], ids=lambda operation: operation.name)
class TestRights:
    def test_are_the_same_from_groups_and_from_the_user(self, operation, bob, carol):
        joined(carol, *operation.permissions)
        bob.user_permissions.set([permission(each) for each in operation.permissions])

        assert rights(carol) == rights(bob) == {*operation.permissions}

    def test_are_all_needed(self, operation, carol):
        for lacking in operation.permissions:
            joined(carol, *({*operation.permissions} - {lacking}))

            answer = gateway.answer(Call(operation), caller(carol), at=NOW)

            assert isinstance(answer, Failure)
            assert answer.problems[0].code == "forbidden"
            carol.groups.all().delete()

    def test_are_needed_at_all(self, operation):
        assert operation.permissions


def caller(user):
    return identify(SignedIn(user.pk), call_id="call-1", secure=True, at=NOW)


def rights(user):
    return caller(user).rights
