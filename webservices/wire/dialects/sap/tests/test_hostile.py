"""Hostile requests over HTTP: each gets a SOAP fault or a Result, and nothing is half-written."""

import gzip

import pytest

from customers.models import Customer
from records.tests.cast import table
from webservices.models import Exchange
from webservices.tests.api_keys import ALL, key_for
from webservices.wire.dialects.sap.tests.calls import administration, envelope, named, post, root
from webservices.wire.soap.versions import SOAP_12

ADD = administration("ADD", root(named("A")))
DEEP = "<a>" * 1000 + "</a>" * 1000
WIDE = "<a " + " ".join(f'a{number}=""' for number in range(10_000)) + "/>"
UNDERSTAND = '<x:a xmlns:x="urn:x" soap:mustUnderstand="1"/>'

FAULTS = {
    "malformed XML": (ADD.replace(b"</action>", b"</axtion>"), {}, "malformed"),
    "an undeclared prefix": (envelope("<x:CustomerAdministration/>"), {}, "malformed"),
    "no XML": (b"hello", {}, "malformed"),
    "an empty body": (b"", {}, "empty-body"),
    "an envelope without a function": (envelope(""), {}, "empty-body"),
    "a document type": (b'<!DOCTYPE a [<!ENTITY b "c">]>' + ADD, {}, "document-type"),
    "an entity": (ADD.replace(b"Engines", b"&b;"), {}, "malformed"),
    "no envelope": (b"<a/>", {}, "not-soap"),
    "another envelope": (ADD.replace(b"xmlsoap.org/soap", b"xmlsoap.org/soup"), {}, "version-mismatch"),
    "a header block that must be understood": (administration("ADD", "", header=UNDERSTAND), {}, "must-understand"),
    "an unknown function": (envelope("<UserAdministration/>"), {}, "unknown-operation"),
    "a function of another namespace": (ADD.replace(b"webcominc.com/", b"webcominc.com"), {}, "unknown-operation"),
    "an unknown parameter": (ADD.replace(b"action>", b"acton>"), {}, "unknown-element"),
    "a parameter twice": (ADD.replace(b"<action>", b"<action>ADD</action><action>"), {}, "unknown-element"),
    "a document twice": (
        administration("ADD", f"{root(named('A'))}</xml><xml>{root(named('B'))}"),
        {},
        "unknown-element",
    ),
    "two functions": (envelope('<doUSeeMe xmlns="http://webcominc.com/"/><doUSeeMe/>'), {}, "two-operations"),
    "another function in SOAPAction": (ADD, {"soapaction": "http://webcominc.com/doUSeeMe"}, "unknown-operation"),
    "1,000 levels": (administration("ADD", root(DEEP)), {}, "too-deep"),
    "10,000 attributes": (administration("ADD", root(WIDE)), {}, "too-many-attributes"),
    "100,000 elements": (administration("ADD", "<Root>" + "<a/>" * 100_000 + "</Root>"), {}, "too-many-elements"),
    "a gzip bomb": (gzip.compress(bytes(30_000_000)), {"content_encoding": "gzip"}, "too-large"),
    "no gzip": (ADD, {"content_encoding": "gzip"}, "not-compressed"),
    "over the limit": (ADD + b" " * 3_000_000, {}, "too-large"),
}
RESULTS = {
    "a wrong password": (administration("ADD", "", word="guess"), {}, "wrong-password"),
    "a user who does not exist": (administration("ADD", "", user="eve", word="guess"), {}, "wrong-password"),
    "an empty password": (administration("ADD", "", word=""), {}, "empty-password"),
    "no credentials": (
        ADD.replace(b"<username>ada</username><password>ada-ada!</password>", b""),
        {},
        "no-credentials",
    ),
    "an inactive user": (administration("ADD", "", user="carol", word="bob-bob!"), {}, "not-active"),
    "no permission": (administration("ADD", root(named("A")), user="bob", word="bob-bob!"), {}, "forbidden"),
    "an unknown token": (ADD, {"authorization": "Bearer nobody-knows-it"}, "unknown-token"),
    "a password through an unknown proxy": (ADD, {"x_forwarded_for": "10.0.0.7"}, "clear-password"),
    "an option that is none": (ADD, {"x_dry_run": "perhaps"}, "wrong-option"),
    "an option that is empty": (ADD, {"x_dry_run": ""}, "wrong-option"),
    "a wish that is empty": (ADD, {"x_return_ids": ""}, "wrong-option"),
    "a wish that is none": (ADD, {"x_return_ids": "perhaps"}, "wrong-option"),
}


@pytest.fixture(autouse=True)
def _site(ada, bob, settings, stored_hash):
    settings.MAX_BODY_BYTES = 2_000_000
    type(bob).objects.create(username="carol", password=stored_hash("bob-bob!"), is_active=False)


def stored_exchange(response, code):
    """The exchange, when nothing else was kept."""
    exchange = Exchange.objects.get()
    assert (exchange.code, exchange.call_id) == (code, response["X-Call-Id"])
    assert b"Traceback" not in response.content
    assert not Customer.objects.exists()
    return exchange


@pytest.mark.parametrize("body, headers, code", table(FAULTS))
def test_what_is_no_call_gets_a_fault(client, body, headers, code):
    response = post(client, body, **headers)

    assert response.status_code == stored_exchange(response, code).status == 500
    assert b"<soapenv:Fault><faultcode>" in response.content


@pytest.mark.parametrize("body, headers, code", table(RESULTS))
def test_a_call_that_is_refused_gets_a_result(client, body, headers, code):
    response = post(client, body, **headers)

    assert response.status_code == stored_exchange(response, code).status == 200
    assert b"<Status>NOK</Status>" in response.content


def test_a_fault_of_soap_1_2_is_in_soap_1_2(client):
    response = post(client, envelope("<Nothing/>", soap=SOAP_12), SOAP_12.content_type)

    assert response.status_code == 400
    assert b"<soapenv:Value>soapenv:Sender</soapenv:Value>" in response.content


def test_a_bearer_token_wins_over_what_the_message_says(client, ada):
    body = administration("ADD", root(named("A")), "eve", "guess")

    response = post(client, body, authorization=f"Bearer {key_for(ada, *ALL)}")

    assert b"<Status>OK</Status>" in response.content
