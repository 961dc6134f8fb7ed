"""What anybody may ask: the hub's version, its data sources, its time."""

import tomllib

import pytest
from django.conf import settings as project

from records.tests.cast import NOW, table
from webservices.models import Exchange
from webservices.tests.api_keys import SECRET, key_for
from webservices.tests.plain import ask as ask_at

PUBLIC = ("api_version.show", "data_sources.show", "server_time.show")

pytestmark = pytest.mark.django_db


def ask(operation, at=NOW, **said):
    return ask_at(operation, at=at, **said)


class TestAnswers:
    def test_the_version_of_the_project(self):
        declared = tomllib.loads((project.BASE_DIR / "pyproject.toml").read_text())["project"]["version"]

        assert ask("api_version.show").records == [{"version": declared}]

    def test_the_data_source_of_the_site(self, settings):
        assert ask("data_sources.show").records == [{"name": "DEMO"}]

        settings.DATA_SOURCE = "PROD"
        assert ask("data_sources.show").records == [{"name": "PROD"}]

    def test_the_moment_of_the_call(self):
        assert ask("server_time.show").records == [{"at": "2026-11-21T12:00:00Z"}]


WHO = {
    "nobody": (lambda ada, bob: {}, "anybody", ""),
    "bob, who may nothing": (lambda ada, bob: {"user": "bob", "password": "bob-bob!"}, "password", "bob"),
    "a key that lists nothing": (lambda ada, bob: {"apikey": key_for(ada, prefix="cp_one")}, "cp_one", "ada"),
    "a wrong password": (lambda ada, bob: {"user": "bob", "password": "wrong"}, "anybody", ""),
    "somebody who does not exist": (lambda ada, bob: {"user": "eve", "password": "wrong"}, "anybody", ""),
    "a key that nobody knows": (lambda ada, bob: {"apikey": f"cp_nobody_{SECRET}"}, "anybody", ""),
    "a token that is none": (lambda ada, bob: {"token": "nonsense"}, "anybody", ""),
    "an empty token": (lambda ada, bob: {"token": ""}, "anybody", ""),
    "an empty session": (lambda ada, bob: {"sessionid": ""}, "anybody", ""),
    "a password in clear": (
        lambda ada, bob: {"user": "bob", "password": "bob-bob!", "secure": False}, "anybody", "",
    ),
    "a bearer token in the header": (
        lambda ada, bob: {"headers": {"authorization": f"Bearer {key_for(bob, prefix='cp_two')}"}}, "cp_two", "bob",
    ),
}  # fmt: skip


@pytest.mark.parametrize("operation", PUBLIC)
@pytest.mark.parametrize("said, credential, name", table(WHO))
def test_is_answered_for(ada, bob, operation, said, credential, name):
    reply = ask(operation, **said(ada, bob))

    exchange = Exchange.objects.latest("id")
    assert reply.code == ""
    assert (exchange.credential, exchange.user_name, exchange.user_id is None) == (credential, name, not name)


@pytest.mark.parametrize("operation", ["parts.find", "crm_fields.show", "sessions.open", "auth_tokens.open"])
def test_is_nothing_else(operation):
    assert ask(operation).code == "no-credentials"


def test_costs_one_statement_and_the_exchange(django_assert_num_queries):
    ask("server_time.show")

    with django_assert_num_queries(4):  # the generation, the call's savepoint and its release, the exchange
        ask("server_time.show")
