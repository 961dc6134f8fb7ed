"""A request for a token: what is read of it, and what is refused."""

import gzip
import json
from base64 import b64encode
from urllib.parse import urlencode

import pytest

from records.shapes.problems import Family, Problem
from records.tests.cast import table
from webservices.wire.credentials import Password
from webservices.wire.messages import WireRequest
from webservices.wire.oauth import (
    INVALID_CLIENT,
    LONGEST,
    TEMPORARILY_UNAVAILABLE,
    Client,
    TokenError,
    read_token_request,
    write_refusal,
    write_token,
)

NAME, SECRET = "ERP, nightly: 2", "cp_k3m9x2aq_T0bQ"
CLIENT = {"grant_type": "client_credentials", "client_id": NAME, "client_secret": SECRET}
USER = {"grant_type": "password", "username": "ada", "password": "s3cret <&"}
FORM = "application/x-www-form-urlencoded"


def basic(name, secret):
    return "Basic " + b64encode(f"{name}:{secret}".encode()).decode()


def build(form, *, content_type=FORM, authorization="", **changes):
    body = form if isinstance(form, bytes) else urlencode(form).encode()
    headers = {"content-type": content_type, "authorization": authorization} | changes.pop("headers", {})
    return WireRequest(**{"method": "POST", "path": "/oauth2/token", "body": body, "headers": headers, **changes})


def read(request):
    return read_token_request(request, takes_passwords=True)


GRANT = {"grant_type": "client_credentials"}
ENCODED = urlencode({"": NAME})[1:]
CLIENTS = {
    "in the body": build(CLIENT),
    "by Basic, encoded as the RFC says": build(GRANT, authorization=basic(ENCODED, SECRET)),
    "by Basic and its name in the body": build(GRANT | {"client_id": NAME}, authorization=basic(ENCODED, SECRET)),
    "as text": build(CLIENT, content_type="text/plain"),
    "as what nobody said": build(CLIENT, content_type=""),
    "with a charset": build(CLIENT, content_type=f"{FORM}; charset=UTF-8"),
    "with what is not known": build(CLIENT | {"audience": "hub", "resource": "x"}),
    "with what has no value": build(CLIENT | {"scope": "", "username": ""}),
    "compressed": build(gzip.compress(urlencode(CLIENT).encode()), headers={"content-encoding": "gzip"}),
    "with a line's end": build(urlencode(CLIENT).encode() + b"\r\n"),
}


@pytest.mark.parametrize("request_", CLIENTS.values(), ids=CLIENTS)
def test_reads_a_client(request_):
    found = read(request_)

    assert isinstance(found.credentials, Client)
    assert NAME in found.credentials.names
    assert (found.credentials.secret, found.scope) == (SECRET, frozenset())


def test_reads_a_client_by_basic_whose_name_nobody_encoded():
    found = read(build(GRANT, authorization=basic("ERP nightly", SECRET)))

    assert "ERP nightly" in found.credentials.names


def test_reads_the_scope():
    assert read(build(CLIENT | {"scope": "parts.view_part  parts.add_part"})).scope == {
        "parts.view_part",
        "parts.add_part",
    }


USERS = {
    "alone": (USER, "", ""),
    "with a domain": (USER | {"domain": "ACME"}, "", "ACME"),
    "with a domain behind the name": (USER | {"username": "ada#ACME"}, "", "ACME"),
    "with the same domain twice": (USER | {"username": "ada#ACME", "domain": "ACME"}, "", "ACME"),
    "of a client without a secret": (USER | {"client_id": "cli"}, basic("cli", ""), ""),
}


@pytest.mark.parametrize("form, authorization, domain", table(USERS))
def test_reads_a_user(form, authorization, domain):
    found = read(build(form, authorization=authorization))

    assert found.credentials == Password("ada", "s3cret <&")
    assert found.domain == domain


REFUSALS = {
    "no POST": (build(CLIENT, method="GET"), "invalid_request", "POST"),
    "JSON": (build(b"{}", content_type="application/json"), "invalid_request", "form"),
    "noise": (build(b"\xff=\xff"), "invalid_request", "no form"),
    "noise that is encoded": (build(b"grant_type=%ff"), "invalid_request", "no form"),
    "too much": (build(b"a=" + b"b" * LONGEST), "invalid_request", "no form"),
    "too many": (build({f"a{number}": "b" for number in range(60)}), "invalid_request", "no form"),
    "no gzip": (build(b"a=b", headers={"content-encoding": "gzip"}), "invalid_request", "no form"),
    "nothing": (build(b""), "invalid_request", "grant_type is missing"),
    "a grant without a value": (build(CLIENT | {"grant_type": ""}), "invalid_request", "grant_type is missing"),
    "another grant": (build({"grant_type": "refresh_token"}), "unsupported_grant_type", "client_credentials"),
    "a parameter twice": (build([*CLIENT.items(), ("client_id", NAME)]), "invalid_request", "twice"),
    "in the address": (build(CLIENT, query=urlencode(CLIENT)), "invalid_request", "address"),
    "a password in the address": (build(USER, query="password=x"), "invalid_request", "address"),
    "no client": (build({"grant_type": "client_credentials"}), "invalid_client", "client_secret"),
    "a client without a secret": (build(CLIENT | {"client_secret": ""}), "invalid_client", "client_secret"),
    "a bearer": (build(CLIENT, authorization="Bearer x"), "invalid_client", "Basic"),
    "broken Basic": (build(CLIENT, authorization="Basic !"), "invalid_client", "Basic"),
    "two secrets": (build(CLIENT, authorization=basic(NAME, SECRET)), "invalid_request", "not by both"),
    "two names": (
        build(GRANT | {"client_id": "x"}, authorization=basic(NAME, SECRET)), "invalid_request", "not by both"
    ),
    "a user without a password": (build(USER | {"password": ""}), "invalid_request", "username and password"),
    "a password without a user": (build(USER | {"username": "#ACME"}), "invalid_request", "username and password"),
    "a user and a client": (build(USER | {"client_secret": "x"}), "invalid_request", "no client_secret"),
    "a user and a client by Basic": (build(USER, authorization=basic("a", "b")), "invalid_request", "no client_secret"),
    "two domains": (build(USER | {"username": "ada#ACME", "domain": "x"}), "invalid_request", "another"),
}  # fmt: skip


@pytest.mark.parametrize("request_, error, words", table(REFUSALS))
def test_refuses(request_, error, words):
    with pytest.raises(TokenError, match=words) as caught:
        read(request_)

    assert caught.value.error == error
    told = write_refusal(caught.value)
    assert json.loads(told.body)["error"] == error
    assert told.status == {"invalid_client": 401}.get(error, 405 if words == "POST" else 400)


def test_refuses_passwords_where_the_site_does():
    with pytest.raises(TokenError, match=r"The grant_type is client_credentials here\.") as caught:
        read_token_request(build(USER), takes_passwords=False)

    assert caught.value.error == "unsupported_grant_type"


def test_writes_a_token_that_nobody_stores_on_the_way():
    response = write_token("cpt_x", 3600)

    assert json.loads(response.body) == {"access_token": "cpt_x", "token_type": "Bearer", "expires_in": 3600}
    assert (response.status, response.headers["Cache-Control"]) == (200, "no-store")


def test_writes_words_that_the_rfc_allows():
    problem = Problem("x", Family.BUSY, 'The key "Größe" is no C:\\key.')

    response = write_refusal(TokenError(TEMPORARILY_UNAVAILABLE, problem, retry_after=1))

    assert json.loads(response.body)["error_description"] == "The key 'Gr??e' is no C:/key."
    assert (response.status, response.headers["Retry-After"]) == (503, "1")


def test_tells_how_a_client_gets_in():
    response = write_refusal(TokenError(INVALID_CLIENT, Problem("x", Family.UNAUTHENTICATED, "No.")))

    assert response.headers["WWW-Authenticate"].startswith("Basic ")
