"""Hostile requests to EcoSys: each gets a clear answer in its wire's own form, and nothing is half-written."""

import gzip
import json
import re

import pytest
from django.test import Client

from parts.models import Part
from records.tests.cast import table
from webservices.models import Exchange
from webservices.tests.ecosys import REST_JSON, REST_XML, SOAP, basic
from webservices.wire.dialects.ecosys.tests.apis import request

ADD = "<Part><PartID>P-1</PartID></Part>"
XML = f"<PartRequest>{ADD}</PartRequest>".encode()
JSON = b'{"PartList": [{"PartID": "P-1"}]}'
DEEP = "<a>" * 1000 + "</a>" * 1000
WIDE = "<Part " + " ".join(f'a{number}=""' for number in range(10_000)) + "/>"
GZIP = {"HTTP_CONTENT_ENCODING": "gzip"}
ADA = {"HTTP_AUTHORIZATION": basic("ada", "ada-ada!")}


def soap(*objects, who="ada", word="ada-ada!"):
    body = request("Part", "Create", *(objects or (ADD,)))
    return body.replace(b">ada<", f">{who}<".encode()).replace(b">ada-ada!<", f">{word}<".encode())


def who(name, word):
    return {"HTTP_AUTHORIZATION": basic(name, word)}


BARE = request("Part", "Create", ADD, options=None)
SOAP_REFUSALS = {
    "a wrong password": (soap(word="guess"), {}, "wrong-password", 500),
    "a wrong password by HTTP": (BARE, who("ada", "guess"), "wrong-password", 401),
    "a wrong password in the address": (
        soap(), {"path": f"{SOAP}Part?_username=ada&_password=guess"}, "wrong-password", 401,
    ),
    "a bearer that there is not": (soap(), {"HTTP_AUTHORIZATION": "Bearer guess"}, "unknown-token", 401),
    "a user who does not exist": (soap(who="eve", word="guess"), {}, "wrong-password", 500),
    "an empty password": (soap(word=""), {}, "empty-password", 500),
    "no credentials": (BARE, {}, "no-credentials", 401),
    "an inactive user": (soap(who="carol", word="bob-bob!"), {}, "not-active", 500),
    "a session that there is not": (BARE, {"HTTP_COOKIE": "ECOSYSSESSION=x"}, "session-ended", 401),
    "no permission": (soap(who="bob", word="bob-bob!"), {}, "forbidden", 500),
    "malformed XML": (soap().replace(b"</e:Body>", b"</Body>"), {}, "malformed", 500),
    "an undeclared prefix": (soap("<x:Part/>"), {}, "malformed", 500),
    "no XML": (b"hello", {}, "malformed", 500),
    "an empty body": (b"", {}, "empty-body", 500),
    "a document type": (b"<!DOCTYPE a><a/>", {}, "document-type", 500),
    "no envelope": (b"<a/>", {}, "not-soap", 500),
    "an unknown operation": (soap().replace(b"Create", b"Destroy"), {}, "unknown-operation", 500),
    "an unknown API": (soap(), {"path": f"{SOAP}Nothing"}, "unknown-api", 500),
    "a gzip bomb": (gzip.compress(bytes(30_000_000)), GZIP, "too-large", 500),
    "no gzip": (soap(), GZIP, "not-compressed", 500),
    "gzip cut off": (gzip.compress(soap())[:-9], GZIP, "cut-off", 500),
    "an encoding that nobody knows": (soap(), {"HTTP_CONTENT_ENCODING": "br"}, "unknown-encoding", 500),
    "1,000 levels": (soap(f"<Part>{DEEP}</Part>"), {}, "too-deep", 500),
    "10,000 attributes": (soap(WIDE), {}, "too-many-attributes", 500),
    "options without end": (
        request("Part", "Create", options="<a/>" * 60_000), {}, "too-many-elements", 500,
    ),
    "another operation in SOAPAction": (soap(), {"HTTP_SOAPACTION": '"DeletePart"'}, "unknown-operation", 500),
    "over the limit": (soap() + b" " * 3_000_000, {}, "too-large", 500),
    "a password in clear": (soap(), {"REMOTE_ADDR": "10.0.0.7"}, "clear-password", 500),
    "a password through an unknown proxy": (soap(), {"HTTP_X_FORWARDED_FOR": "10.0.0.7"}, "clear-password", 500),
}  # fmt: skip


def rest_refusals(body, path, malformed):
    """What both forms of REST refuse alike, and what each cannot read, with its code."""
    cases = {
        "a wrong password": (body, who("ada", "guess"), "wrong-password", 401),
        "a user who does not exist": (body, who("eve", "guess"), "wrong-password", 401),
        "an empty password": (body, who("ada", ""), "empty-password", 401),
        "no credentials": (body, {"HTTP_AUTHORIZATION": ""}, "no-credentials", 401),
        "an inactive user": (body, who("carol", "bob-bob!"), "not-active", 401),
        "no permission": (body, who("bob", "bob-bob!"), "forbidden", 403),
        "an unknown API": (body, {"path": path.replace("Part", "Nothing")}, "unknown-api", 404),
        "an unknown option": (body, {"path": f"{path}?_colour=red"}, "wrong-option", 400),
        "an address that is no UTF-8": (body, {"path": f"{path}?PartID=%ff"}, "wrong-parameter", 400),
        "1,000 parameters": (body, {"path": f"{path}?{'a=1&' * 1000}"}, "wrong-parameter", 400),
        "a gzip bomb": (gzip.compress(bytes(30_000_000)), GZIP, "too-large", 413),
        "no gzip": (body, GZIP, "not-compressed", 400),
        "over the limit": (body + b" " * 3_000_000, {}, "too-large", 413),
        "a password in clear": (body, {"REMOTE_ADDR": "10.0.0.7"}, "clear-password", 403),
    }
    return cases | {name: (sent, {}, code, 400) for name, (sent, code) in malformed.items()}


MALFORMED_XML = {
    "malformed XML": (XML[:-3], "malformed"),
    "no XML": (b"hello", "malformed"),
    "an empty body": (b"", "empty-body"),
    "a document type": (b"<!DOCTYPE a><a/>", "document-type"),
    "another root": (b"<a/>", "unknown-element"),
    "1,000 levels": (XML.replace(b"<PartID>", DEEP.encode() + b"<PartID>"), "too-deep"),
    "10,000 attributes": (XML.replace(ADD.encode(), WIDE.encode()), "too-many-attributes"),
}
MALFORMED_JSON = {
    "no JSON": (b"hello", "malformed-json"),
    "an empty body": (b"", "malformed-json"),
    "1,000 levels": (b'{"PartList":' + b"[" * 1000 + b"]" * 1000 + b"}", "malformed-json"),
    "a name twice": (b'{"PartList": [], "PartList": []}', "malformed-json"),
    "half a character": (b'{"PartList": [{"PartID": "\\ud800"}]}', "malformed-json"),
    "no number": (b'{"PartList": [{"Units": NaN}]}', "malformed-json"),
    "no list": (b"[]", "wrong-shape"),
}


@pytest.fixture(autouse=True)
def _site(ada, bob, settings, stored_hash):
    settings.MAX_BODY_BYTES = 2_000_000
    type(bob).objects.create(username="carol", password=stored_hash("bob-bob!"), is_active=False)


def refused(method, body, content_type, extra, code, status):
    """The answer, and that its exchange is kept, and nothing else."""
    path = extra.pop("path")
    response = Client().generic(method, path, body, content_type=content_type, **extra)

    kept = Exchange.objects.get()
    assert (response.status_code, kept.status, kept.code) == (status, status, code)
    assert kept.call_id == response["X-Call-Id"]
    assert b"Traceback" not in response.content
    assert not Part.objects.exists()
    return response.content


@pytest.mark.parametrize("body, extra, code, status", table(SOAP_REFUSALS))
def test_soap_refuses(body, extra, code, status):
    content = refused("POST", body, "text/xml", {"path": f"{SOAP}Part", **extra}, code, status)

    assert b"<faultstring>" in content


def test_soap_challenges_all_whom_it_refuses_where_the_site_says_so(settings):
    settings.DIALECT_TERMS = {"ecosys": {"always_challenge": True}}

    refused("POST", soap(word="guess"), "text/xml", {"path": f"{SOAP}Part"}, "wrong-password", 401)


@pytest.mark.parametrize("body, extra, code, status", table(rest_refusals(XML, f"{REST_XML}Part/", MALFORMED_XML)))
def test_rest_xml_refuses(body, extra, code, status):
    content = refused("PUT", body, "text/xml", {"path": f"{REST_XML}Part/", **ADA, **extra}, code, status)

    assert re.search(rb'successFlag="false"><(Part|Nothing)Error>', content)


@pytest.mark.parametrize("body, extra, code, status", table(rest_refusals(JSON, f"{REST_JSON}Part/", MALFORMED_JSON)))
def test_rest_json_refuses(body, extra, code, status):
    content = refused("PUT", body, "application/json", {"path": f"{REST_JSON}Part/", **ADA, **extra}, code, status)

    found = json.loads(content)
    assert found.pop("Result") == {"successFlag": False}
    assert found.keys() <= {"PartError", "NothingError"}


TWICE = {
    "SOAP": (f"{SOAP}Part", "POST", soap(ADD, ADD)),
    "REST XML": (f"{REST_XML}Part/", "PUT", XML.replace(ADD.encode(), ADD.encode() * 2)),
    "REST JSON": (f"{REST_JSON}Part/", "PUT", json.dumps({"PartList": [{"PartID": "P-1"}] * 2}).encode()),
}


@pytest.mark.parametrize("path, method, body", table(TWICE))
def test_the_same_part_twice_fails_twice(path, method, body):
    response = Client().generic(method, path, body, **ADA)

    assert response.status_code == 200
    assert response.content.count(b"ESRC_DUPLICATE_IDENTIFIER") == 2
    assert not Part.objects.exists()
