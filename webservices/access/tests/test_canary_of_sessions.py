"""
The secrets that come and go with portals, tokens and sessions: none is kept or logged, sent or given, right or wrong.
"""

import logging

import pytest
from django.contrib.auth.models import User
from django.core.signing import Signer

from customers.models import Contact, Customer, Portal, PortalUser
from records.tests.cast import NOW, table
from webservices.access.signed_tokens import SALT
from webservices.exchanges.tests.test_canary import SECRET, everything_stored, leaks
from webservices.models import Exchange
from webservices.tests.api_keys import ALL, key_for
from webservices.tests.plain import ask as ask_at

ADA = {"user": "ada", "password": "ada-ada!"}
TOKEN = f"cp_canary_{SECRET}"


def ask(operation, **said):
    return ask_at(operation, at=NOW, **said)


@pytest.fixture
def _world(db, stored_hash):
    ada = User.objects.create(username="ada", password=stored_hash("ada-ada!"), is_superuser=True)
    key_for(ada, *ALL, prefix="cp_canary", secret=SECRET)
    acme = Customer.objects.create(number="ACME", created_at=NOW, changed_at=NOW)
    grace = Contact.objects.create(number="A-1", customer=acme, created_at=NOW, changed_at=NOW)
    PortalUser.objects.create(
        portal=Portal.objects.create(name="Customers"),
        contact=grace,
        email="g@acme.example",
        password=stored_hash(SECRET),
    )


def entry(**changed):
    return {"record": {"email": "g@acme.example", "password": SECRET, "portal_id": "Customers", **changed}, **ADA}


SENT = {
    "a portal's password": ("portal_users.sign_in", entry()),
    "a portal's wrong password": ("portal_users.sign_in", entry(password=f"{SECRET}x")),
    "a portal's password of nobody": ("portal_users.sign_in", entry(email="nobody@acme.example")),
    "a portal's password, repeated as the portal": ("portal_users.sign_in", entry(portal_id=SECRET)),
    "a portal's password, repeated as the address": ("portal_users.sign_in", entry(email=SECRET)),
    "a portal's password with a control character": ("portal_users.sign_in", entry(password=f"{SECRET}\x00")),
    "a portal's password as a list": ("portal_users.sign_in", entry(password=[SECRET])),
    "a portal's password from who may not": ("portal_users.sign_in", {**entry(), "user": "nobody"}),
    "a portal's password in a dry run": ("portal_users.sign_in", {**entry(), "dry": True}),
    "a malformed token": ("parts.find", {"token": SECRET}),
    "a token that is refused": ("parts.find", {"token": Signer(salt=SALT).sign(SECRET)}),
    "a token, repeated": ("crm_fields.show", {"token": SECRET, "record": {"module": SECRET}}),
    "a token for what anybody may ask": ("server_time.show", {"token": SECRET}),
    "a key": ("parts.find", {"apikey": TOKEN}),
    "a key that opens a session": ("sessions.open", {"apikey": TOKEN}),
    "a key, repeated": ("crm_fields.show", {"apikey": TOKEN, "record": {"module": TOKEN}}),
    "a key, its secret repeated": ("crm_fields.show", {"apikey": TOKEN, "record": {"module": SECRET}}),
    "a key in the place of a session": ("parts.find", {"sessionid": TOKEN}),
    "a key in the place of a token": ("parts.find", {"token": TOKEN}),
    "a session that is none": ("parts.find", {"sessionid": SECRET}),
    "a session that is none, for what anybody may ask": ("server_time.show", {"sessionid": SECRET}),
    "a password for a token of another data source": (
        "auth_tokens.open", {"user": "ada", "password": SECRET, "record": {"data_source": SECRET}},
    ),
}  # fmt: skip


@pytest.mark.usefixtures("_world")
@pytest.mark.parametrize("operation, said", table(SENT))
def test_nothing_is_kept_that_was_sent(operation, said, caplog):
    caplog.set_level(logging.DEBUG)

    ask(operation, **said)

    assert not leaks(caplog)
    assert Exchange.objects.count() == 1


GIVEN = {
    "a session of a key": ("sessions.open", {"apikey": TOKEN}, lambda reply: reply.records[0]["id"], "sessionid"),
    "a session that was kept": ("parts.find", {"session": "keep", **ADA}, lambda reply: reply.session, "sessionid"),
    "a token": ("auth_tokens.open", ADA, lambda reply: reply.records[0]["token"], "token"),
}


@pytest.mark.usefixtures("_world")
@pytest.mark.parametrize("operation, said, given, name", table(GIVEN))
def test_nothing_is_kept_that_was_given(operation, said, given, name, caplog):
    """What the server made up is found nowhere but in its answer, nor when it comes back and is repeated."""
    caplog.set_level(logging.DEBUG)
    secret = given(ask(operation, **said))

    later = ask("crm_fields.show", **{name: secret}, record={"module": secret})

    assert later.code == "unknown-module"
    stored = "\n".join([*everything_stored(), caplog.text])
    chunks = [piece for piece in secret.replace(":", "!").split("!") if len(piece) > 20]
    assert chunks
    assert not [piece for piece in chunks if piece in stored or piece[:20] in stored]


@pytest.mark.usefixtures("_world")
def test_nothing_is_logged_with_an_error_that_nobody_anticipated(caplog, monkeypatch):
    def broken(call, caller, given, **named):
        raise KeyError(call.records[0]["password"])

    monkeypatch.setattr("webservices.endpoint.open_or_end_session", broken)
    caplog.set_level(logging.DEBUG)

    assert ask("portal_users.sign_in", **entry()).code == "unexpected"

    assert "KeyError" in caplog.text
    assert not leaks(caplog)
