"""An API key is sent in every way that a caller may send or misplace one; then everything that is kept is searched."""

import json
import logging
from base64 import b64encode

import pytest
from django.contrib.auth.models import User
from django.test import Client

from records.tests.cast import NOW, table
from webservices.exchanges.tests.test_canary import SECRET, leaks
from webservices.models import ApiKey, Exchange
from webservices.tests.api_keys import ALL, key_for
from webservices.tests.test_endpoint import ADD, PARTS, envelope

PREFIX = "cp_canary"
TOKEN = f"{PREFIX}_{SECRET}"
BEARER = {"authorization": f"Bearer {TOKEN}"}
NOTED = ADD.replace("</each", "<notes>%s</notes></each")

SOAP = {
    "alone": (envelope(user=""), BEARER),
    "beside a password": (envelope(), BEARER),
    "repeated": (envelope(NOTED % TOKEN, user=""), BEARER),
    "its secret repeated": (envelope(NOTED % SECRET, user=""), BEARER),
    "repeated as a key": (envelope(ADD.replace("P-1", TOKEN), user=""), BEARER),
    "its secret repeated as an element": (envelope(ADD.replace("part_number", SECRET), user=""), BEARER),
    "with a wrong end": (envelope(NOTED % f"{SECRET}x", user=""), {"authorization": f"Bearer {TOKEN}x"}),
    "of nobody": (envelope(user=""), {"authorization": f"Bearer cp_nobody_{SECRET}"}),
    "without its prefix": (envelope(user=""), {"authorization": f"Bearer {SECRET}"}),
    "as a password": (envelope(word=TOKEN), {}),
    "as a password, its secret repeated": (envelope(NOTED % SECRET, word=TOKEN), {}),
    "as a name": (envelope(user=TOKEN), {}),
    "as basic authorization": (envelope(), {"authorization": "Basic " + b64encode(f"{TOKEN}:".encode()).decode()}),
    "in a malformed message": (envelope(NOTED % TOKEN, user="")[:-9], BEARER),
    "in a header of its own": (envelope(user=""), {"x-api-key": TOKEN}),
    "in the query": (envelope(user=""), {"path": f"{PARTS}?access_token={TOKEN}"}),
    "in the query, too": (envelope(user=""), {**BEARER, "path": f"{PARTS}?q={TOKEN}&r={SECRET}"}),
}
RECORD = {"number": "P-1", "units": "2"}
REST = {
    "alone": (RECORD, BEARER),
    "repeated": ({**RECORD, "notes": f"it is {TOKEN}"}, BEARER),
    "its secret repeated": ({**RECORD, "notes": f"it is {SECRET}"}, BEARER),
    "its secret repeated as a name": ({**RECORD, SECRET: "1"}, BEARER),
    "of nobody": ({**RECORD, "notes": SECRET}, {"authorization": f"Bearer cp_nobody_{SECRET}"}),
    "as a member": ({**RECORD, "api_key": TOKEN}, {}),
    "as a user of basic authorization": (
        RECORD,
        {"authorization": "Basic " + b64encode(f"{TOKEN}:x".encode()).decode()},
    ),
    "in the query": (RECORD, {**BEARER, "path": f"/api/v1/parts/?token={TOKEN}"}),
}
STATES = {
    "active": {},
    "revoked": {"revoked_at": NOW},
    "expired": {"expires_at": NOW},
    "listing nothing": {"operations": []},
}


@pytest.fixture
def _key(db, stored_hash):
    ada = User.objects.create(username="ada", password=stored_hash("ada-ada!"), is_superuser=True)
    key_for(ada, *ALL, prefix=PREFIX, secret=SECRET)


def assert_kept_nowhere(caplog, path, body, content_type, headers):
    caplog.set_level(logging.DEBUG)

    Client().generic("POST", headers.pop("path", path), body, content_type=content_type, headers=headers)

    assert not leaks(caplog)
    assert Exchange.objects.count() == 1


@pytest.mark.usefixtures("_key")
@pytest.mark.parametrize("body, headers", table(SOAP))
def test_no_key_is_kept_of_soap(body, headers, caplog):
    assert_kept_nowhere(caplog, PARTS, body, "text/xml", {**headers})


@pytest.mark.usefixtures("_key")
@pytest.mark.parametrize("body, headers", table(REST))
@pytest.mark.parametrize("path", ["/api/v1/parts/", "/api/v1/parts/batch/"])
def test_no_key_is_kept_of_rest(path, body, headers, caplog):
    assert_kept_nowhere(caplog, path, json.dumps(body), "application/json", {**headers})


@pytest.mark.usefixtures("_key")
@pytest.mark.parametrize("columns", table({name: (columns,) for name, columns in STATES.items()}))
def test_no_key_is_kept_in_any_state(columns, caplog):
    ApiKey.objects.update(**columns)

    assert_kept_nowhere(caplog, PARTS, envelope(NOTED % SECRET, user=""), "text/xml", {**BEARER})


@pytest.mark.usefixtures("_key")
def test_no_key_is_kept_in_clear(caplog):
    caplog.set_level(logging.DEBUG)

    Client().post(PARTS, envelope(NOTED % TOKEN, user=""), "text/xml", headers=BEARER, REMOTE_ADDR="10.0.0.7")

    assert Exchange.objects.get().code == "clear-password"
    assert not leaks(caplog)


@pytest.mark.usefixtures("_key")
def test_no_key_is_logged_with_an_error_that_nobody_anticipated(caplog, monkeypatch):
    def broken(credentials, **kwargs):
        raise KeyError(credentials.token, SECRET)

    monkeypatch.setattr("webservices.requests.identify", broken)

    assert_kept_nowhere(caplog, PARTS, envelope(user=""), "text/xml", {**BEARER})

    assert "KeyError" in caplog.text


@pytest.mark.usefixtures("_key")
def test_the_prefix_is_kept(caplog):
    Client().post(PARTS, envelope(user=""), "text/xml", headers=BEARER)

    assert Exchange.objects.get().credential == PREFIX
