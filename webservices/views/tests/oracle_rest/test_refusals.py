"""Whom and what Oracle CPQ's REST interface refuses, and how: statuses, the body of an error, headers."""

import pytest

from records.tests.cast import table
from webservices.models import Exchange
from webservices.tests.api_keys import key_for
from webservices.tests.rest_client import Rest

pytestmark = pytest.mark.django_db

ADDRESSES = {
    "no resource": ("/rest/v19/customers", 404),
    "none at all": ("/rest/v19/", 404),
    "no version": ("/rest/partSetups", 404),
    "version 0": ("/rest/v0/partSetups", 404),
    "version 100": ("/rest/v100/partSetups", 404),
    "the first version": ("/rest/v1/partSetups", 200),
    "the last version": ("/rest/v99/partSetups", 200),
    "too deep": ("/rest/v19/partSetups/HOSE/prices/1/2", 404),
    "no UTF-8": ("/rest/v19/partSetups/%FF", 404),
}


@pytest.mark.parametrize("path, status", table(ADDRESSES))
def test_addresses(cpq, path, status):
    found = cpq.get(path)

    assert found.status == status
    if "customers" in path:
        assert found.json["title"] == "Not found"
        assert "/rest/v19/partSetups, /rest/v19/parts, /rest/v19/priceBooks" in found.json["detail"]


def test_a_wrong_password_is_refused_with_a_challenge(cpq):
    refused = Rest("ada", "wrong").get("/rest/v19/partSetups")
    nobody = Rest().get("/rest/v19/partSetups")

    for each in (refused, nobody):
        assert each.status == each.json["status"] == 401
        assert each["WWW-Authenticate"].startswith("Basic realm=")
        assert "Bearer" in each["WWW-Authenticate"]
    assert refused.json["error"] == refused.json["detail"] == "The user name or the password is wrong."
    assert refused.json["o:errorCode"] == "wrong-password"


def test_a_bearer_token_counts(cpq, ada):
    token = key_for(ada, "parts.find")
    client = Rest()
    client.headers = {"Authorization": f"Bearer {token}"}

    assert client.get("/rest/v19/partSetups").status == 200
    refused = client.delete("/rest/v19/partSetups/HOSE")
    assert (refused.status, refused.json["o:errorCode"]) == (403, "not-listed")


def test_who_may_not_is_told_so(cpq, bob):
    refused = Rest("bob", "bob-bob!").post("/rest/v19/partSetups", {"partNumber": "X"})

    assert (refused.status, refused.json["detail"]) == (403, "bob may not add parts (POST partSetups).")


MESSAGES = {
    "any media": ({"accept": "*/*"}, 200),
    "JSON among others": ({"accept": "text/html, application/json;q=0.5"}, 200),
    "Oracle's JSON": ({"accept": "application/vnd.oracle.resource+json;type=collection"}, 200),
    "XML": ({"accept": "application/xml"}, 406),
}


@pytest.mark.parametrize("headers, status", table(MESSAGES))
def test_media_that_are_accepted(cpq, headers, status):
    assert cpq.get("partSetups", **headers).status == status


def test_a_body_is_json(cpq):
    assert cpq.post("partSetups", b"<part/>", content_type="application/xml").status == 415
    assert cpq.post("partSetups", b'{"partNumber": "X"}', content_type="application/json; charset=utf-8").status == 201


def test_methods(cpq):
    refused = cpq.patch("partSetups/HOSE", {"units": "2"})

    assert (refused.status, refused["Allow"]) == (405, "GET, HEAD, PUT, DELETE")
    assert "upsertParts changes what is sent" in refused.json["detail"]
    assert cpq.post("partSetups/HOSE", {}).status == 405
    assert cpq.send("HEAD", "partSetups/HOSE").response.content == b""
    assert cpq.send("OPTIONS", "partSetups").status == 405


def test_an_exchange_holds_no_password(cpq):
    secret = "Xk9#mQ2$vL7!"
    cpq.post("partSetups", {"partNumber": "X", "password": secret})
    cpq.get(f"partSetups?password={secret}")

    texts = [f"{each.request_body} {each.response_body} {each.path} {each.__dict__}" for each in Exchange.objects.all()]
    assert len(texts) == 2
    assert not any(secret in text for text in texts)
    assert {each.dialect for each in Exchange.objects.all()} == {"oracle-rest"}
