"""
Every operation in every context of every dialect, over HTTP, with the whole cast (SOAP 1.2 differs from 1.1 in its
envelope alone, so the one stands for both):

    ada     may do everything
    bob     nothing
    carol   what her API key names, and no more than her groups may
"""

from dataclasses import replace
from datetime import UTC, datetime
from types import NoneType

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from records.tests.cast import NOW
from webservices import gateway
from webservices.access.identify import identify
from webservices.access.sessions import new_session
from webservices.access.signed_tokens import signed_token
from webservices.access.users import find_user_by_name
from webservices.declarations import OPERATIONS
from webservices.models import Exchange
from webservices.tests.api_keys import ALL, find_key, key_for, permission
from webservices.tests.test_round_trip import CASES, sample
from webservices.wire.credentials import Bearer, Password, SessionToken, SignedIn, SignedToken
from webservices.wire.messages import Call, Failure, Options
from webservices.wire.soap.versions import SOAP_12

ANYBODY = {"api_version.show", "data_sources.show", "server_time.show"}
REFUSED = ("forbidden", "not-listed")
LABELS = {Password: "password", SessionToken: "session", SignedToken: "token", NoneType: "anybody"}
WHOLE = [case for case in CASES if getattr(case.values[2], "version", None) is not SOAP_12]
NARROW = [case for case in WHOLE if not case.values[1].public]
PUBLIC = [case for case in WHOLE if case.values[1].public]


@pytest.fixture
def carol(db):
    return User.objects.create(username="carol")


def code_of(dialect, operation, context, credentials=None, token=""):
    """The problem code that the call was kept with; "" when it was answered."""
    call = replace(sample(dialect, operation, context), credentials=credentials, options=Options(dry_run=True))
    asked = dialect.build_request(call, context)
    headers = {**asked.headers, **({"authorization": f"Bearer {token}"} if token else {})}
    path = f"{asked.path}?{asked.query}" if asked.query else asked.path
    content_type = headers.pop("content-type", "application/json")

    Client().generic(asked.method, path, asked.body, content_type=content_type, headers=headers)

    exchange = Exchange.objects.latest("id")
    assert (exchange.dialect, exchange.operation) == (dialect.name, operation.name)
    token = token or (credentials.token if isinstance(credentials, Bearer) else "")
    assert exchange.credential == (find_key(token).prefix if token else LABELS[type(credentials)])
    return exchange.code


def joined(user, *permissions):
    """The user, in a group that has these permissions."""
    group = Group.objects.create(name=f"of {user.username}")
    group.permissions.set([permission(each) for each in permissions])
    user.groups.set([group])
    return user


@pytest.mark.parametrize("dialect, operation, context", NARROW)
def test_with_a_key(dialect, operation, context, ada, bob, carol):
    joined(carol, *operation.permissions)
    others = [name for name in ALL if name != operation.name]

    def code(user, *operations):
        return code_of(dialect, operation, context, token=key_for(user, *operations))

    assert code(ada, *ALL) not in REFUSED
    assert code(ada, *others) == "not-listed"
    assert code(bob, *ALL) == "forbidden"
    assert code(carol, operation.name) not in REFUSED
    assert code(carol, *others) == "not-listed"


@pytest.mark.parametrize("dialect, operation, context", NARROW)
def test_with_a_password_a_session_or_a_signed_token(dialect, operation, context, ada, bob):
    def code(user, word):
        return code_of(dialect, operation, context, carried(dialect, operation, context, user, word))

    assert code("ada", "ada-ada!") not in REFUSED
    assert code("bob", "bob-bob!") == "forbidden"


@pytest.mark.parametrize("dialect, operation, context", PUBLIC)
def test_what_anybody_may_ask(dialect, operation, context, ada, bob):
    """Answered for everybody who is known, whatever a key lists, and for nobody at all."""
    assert code_of(dialect, operation, context, token=key_for(ada, *ALL)) == ""
    assert code_of(dialect, operation, context, token=key_for(bob)) == ""
    assert code_of(dialect, operation, context) == ""


def carried(dialect, operation, context, user, word):
    """The user's credentials of the kind that a request of this operation has: a password, or what it has opened."""
    asked = dialect.build_request(
        replace(sample(dialect, operation, context), credentials=Password(user, word)), context
    )
    known = find_user_by_name(user)
    match dialect.read(asked, OPERATIONS, dialect.settings).credentials:
        case SessionToken():
            return SessionToken(new_session(known.id, known.proof, currency="", at=datetime.now(UTC)))
        case Bearer():
            return Bearer(key_for(User.objects.get(username=user), *ALL))
        case SignedToken():
            return SignedToken(signed_token(known.id, known.proof, at=datetime.now(UTC)))
    return Password(user, word)


@pytest.mark.parametrize("operation", [*OPERATIONS], ids=lambda operation: operation.name)
class TestRights:
    def test_are_the_same_from_groups_and_from_the_user(self, operation, bob, carol):
        joined(carol, *operation.permissions)
        bob.user_permissions.set([permission(each) for each in operation.permissions])

        assert permissions(carol) == permissions(bob) == {*operation.permissions}

    def test_are_all_needed(self, operation, carol):
        for lacking in operation.permissions:
            joined(carol, *({*operation.permissions} - {lacking}))

            answer = gateway.answer(Call(operation), caller(carol), at=NOW)

            assert isinstance(answer, Failure)
            assert answer.problems[0].code == "forbidden"
            carol.groups.all().delete()

    def test_are_needed_but_for_what_anybody_may_ask(self, operation):
        assert bool(operation.permissions) != operation.public
        assert operation.public == (operation.name in ANYBODY)


def caller(user):
    return identify(SignedIn(user.pk), call_id="call-1", secure=True, at=NOW)


def permissions(user):
    return caller(user).permissions
