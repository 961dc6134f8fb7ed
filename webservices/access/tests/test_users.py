"""A user by name, over Oracle's wire: Users.getUser, as the scripts of an integrator send it."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client as Browser
from lxml import etree

from records.tests.cast import table
from webservices.models import Exchange
from webservices.tests.test_endpoint import envelope
from webservices.tests.version_1_0 import BM, Client, session_block

GET = "<bm:getUser><bm:userInfo><bm:login>{}</bm:login></bm:userInfo></bm:getUser>"
HEADER = (
    "<bm:category>Users</bm:category><bm:xsdInfo><bm:schemaLocation>"
    "https://shop.example/bmfsweb/shop/schema/v1_0/users/Users.xsd</bm:schemaLocation></bm:xsdInfo>"
)


@pytest.fixture
def client(ada, bob):
    User.objects.filter(pk=bob.pk).update(first_name="Bob", email="bob@hub.example")
    User.objects.create(username="dora", is_active=False).groups.add(Group.objects.create(name="Sales"))
    client = Client()
    client.login()
    return client


READ = ("login", "status", "type", "first_name", "email", "super_user_access_perm", "approval_delegate")
SHOWN = {
    "another": ("bob", ["bob", "Active", "RestrictedAccess", "Bob", "bob@hub.example", "0", ""]),
    "oneself": ("ada", ["ada", "Active", "FullAccess", "", "", "1", ""]),
    "one who may not sign in": ("dora", ["dora", "Inactive", "RestrictedAccess", "", "", "0", ""]),
}


@pytest.mark.parametrize("login, values", table(SHOWN))
def test_shows_what_scripts_read(client, login, values):
    action = {"soapaction": '"urn:soap.bigmachines.com#getUser"'}

    answer = client.send(GET.format(login), session_block(client.token) + HEADER, **action)

    user = next(answer.iter(f"{{{BM}}}userInfo"))
    assert [user.findtext(f"{{*}}{name}") for name in READ] == values
    groups = [each.findtext("{*}variable_name") for each in user.find("{*}group_list")]
    assert groups == (["Sales"] if login == "dora" else [])
    assert answer.findtext("{*}status/{*}success") == "true"


REFUSED = {
    "a login that nobody has": ("nobody", "USERS-ERR", "There is no user 'nobody'."),
    "a login in another case": ("BOB", "USERS-ERR", "There is no user 'BOB'."),
    "no login": ("", "USERS-ERR", "login is required"),
}


@pytest.mark.parametrize("login, code, sentence", table(REFUSED))
def test_refuses(client, login, code, sentence):
    answer = client.send(GET.format(login))

    assert client.response.status == 500
    assert answer.findtext(".//{*}exceptionCode") == code
    assert sentence in answer.findtext(".//{*}exceptionMessage")


class TestPermission:
    @pytest.fixture
    def bobs(self, client, bob):
        bob.user_permissions.add(*Permission.objects.filter(codename__in=("view_own_user", "open_session")))
        client.login("bob", "bob-bob!")
        return client

    def test_is_not_needed_for_oneself(self, bobs):
        assert bobs.code(GET.format("bob")) == ""

    @pytest.mark.parametrize("login", ["ada", "nobody"])
    def test_is_needed_for_others_be_there_one_or_not(self, bobs, login):
        assert bobs.code(GET.format(login)) == "SECURITY-ERR"

    def test_is_that_of_viewing_users(self, bobs, bob):
        bob.user_permissions.add(Permission.objects.get(codename="view_user"))

        assert bobs.code(GET.format("ada")) == ""


def test_is_there_in_version_2_0(client):
    body = envelope(GET.replace("bm:", "").format("bob"))

    response = Browser().generic("POST", "/v2_0/receiver/users", body, content_type="text/xml")

    user = etree.fromstring(response.content).find(".//{http://xmlns.oracle.com/cpqcloud/users}userInfo")
    assert user.findtext("{*}first_name") == "Bob"
    assert Exchange.objects.latest("pk").operation == "user_accounts.show"
