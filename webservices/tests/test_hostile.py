"""Hostile requests over HTTP: each gets a clear answer in its dialect's own form, and nothing is half-written."""

import gzip

import pytest
from django.test import Client

from parts.models import Part
from records.tests.cast import table
from webservices.tests.test_endpoint import ADD, PARTS, envelope, exchange, post

DIGEST = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest"
DEEP = "<a>" * 1000 + "</a>" * 1000
WIDE = "<addParts " + " ".join(f'a{number}=""' for number in range(10_000)) + "/>"
TWICE = "<each_record><part_number>P-1</part_number></each_record>" * 2

REFUSALS = {
    "a wrong password": (envelope(word="guess"), {}, "wrong-password", 500),
    "a user who does not exist": (envelope(user="eve", word="guess"), {}, "wrong-password", 500),
    "an empty password": (envelope(word=""), {}, "empty-password", 500),
    "no credentials": (envelope(user=""), {}, "no-credentials", 500),
    "a digest": (envelope(kind=DIGEST), {}, "password-type", 500),
    "an inactive user": (envelope(user="carol", word="bob-bob!"), {}, "not-active", 500),
    "no permission": (envelope(user="bob", word="bob-bob!"), {}, "forbidden", 500),
    "malformed XML": (envelope().replace(b"</e:Header>", b"</Header>"), {}, "malformed", 500),
    "an undeclared prefix": (envelope("<x:addParts/>"), {}, "malformed", 500),
    "no XML": (b"hello", {}, "malformed", 500),
    "an empty body": (b"", {}, "empty-body", 500),
    "a document type": (b"<!DOCTYPE a><a/>", {}, "document-type", 500),
    "no envelope": (b"<a/>", {}, "not-soap", 500),
    "an unknown operation": (envelope("<nothing/>"), {}, "unknown-operation", 500),
    "an unknown service": (envelope(), {"path": "/v2_0/receiver/nothing"}, "unknown-operation", 500),
    "a gzip bomb": (gzip.compress(bytes(30_000_000)), {"HTTP_CONTENT_ENCODING": "gzip"}, "too-large", 500),
    "no gzip": (envelope(), {"HTTP_CONTENT_ENCODING": "gzip"}, "not-compressed", 500),
    "gzip cut off": (gzip.compress(envelope())[:-9], {"HTTP_CONTENT_ENCODING": "gzip"}, "cut-off", 500),
    "gzip of endless members": (gzip.compress(b"") * 50, {"HTTP_CONTENT_ENCODING": "gzip"}, "too-many-members", 500),
    "an encoding that nobody knows": (envelope(), {"HTTP_CONTENT_ENCODING": "br"}, "unknown-encoding", 500),
    "1,000 levels": (envelope(ADD.replace("</each", f"{DEEP}</each")), {}, "too-deep", 500),
    "10,000 attributes": (envelope(WIDE), {}, "too-many-attributes", 500),
    "another operation in SOAPAction": (envelope(), {"HTTP_SOAPACTION": '"deleteParts"'}, "unknown-operation", 500),
    "the same part twice": (envelope(f"<addParts><Parts>{TWICE}</Parts></addParts>"), {}, "duplicate-in-call", 500),
    "over the limit": (envelope() + b" " * 3_000_000, {}, "too-large", 500),
    "a password in clear": (envelope(), {"REMOTE_ADDR": "10.0.0.7"}, "clear-password", 500),
    "a password through an unknown proxy": (envelope(), {"HTTP_X_FORWARDED_FOR": "10.0.0.7"}, "clear-password", 500),
}


class TestRefuses:
    @pytest.fixture(autouse=True)
    def _site(self, ada, bob, settings, stored_hash):
        settings.MAX_BODY_BYTES = 2_000_000
        type(bob).objects.create(username="carol", password=stored_hash("bob-bob!"), is_active=False)

    @pytest.mark.parametrize("body, extra, code, status", table(REFUSALS))
    def test_in_the_form_of_the_dialect_and_keeps_the_exchange(self, body, extra, code, status):
        response = post(body, **extra)

        kept = exchange()
        assert (response.status_code, kept.status, kept.code) == (status, status, code)
        assert b"<faultstring>" in response.content
        assert b"Traceback" not in response.content
        assert kept.call_id == response["X-Call-Id"]
        assert not Part.objects.exists()

    def test_soap_1_2_in_soap_1_2_though_the_body_was_never_read(self):
        response = post(b" " * 3_000_000, content_type="application/soap+xml")

        assert b"http://www.w3.org/2003/05/soap-envelope" in response.content

    def test_an_unknown_service_and_names_those_there_are(self):
        response = post(envelope(), path="/v2_0/receiver/nothing")

        assert b"XML-ERR" in response.content
        assert b"parts" in response.content

    @pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
    def test_other_methods_in_one_sentence(self, method):
        response = getattr(Client(), method)(PARTS)

        assert response.status_code == 405
        assert response["Allow"] == "GET, HEAD, POST"
        assert response.content.count(b".") == 1

    def test_more_than_the_limit_without_reading_it(self):
        class Body:
            taken = 0

            def read(self, size=-1):
                self.taken += size
                return b" " * size

            readline = read

        body = Body()
        Client().generic("POST", PARTS, b"", **{"wsgi.input": body, "CONTENT_LENGTH": str(10**12)})

        assert exchange().code == "too-large"
        assert body.taken < 3_000_000

    def test_nothing_for_being_sent_in_chunks(self):
        class Body:
            chunks = [envelope()]

            def read(self, size=-1):
                return self.chunks.pop() if self.chunks else b""

            readline = read

        extra = {"wsgi.input": Body(), "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
        response = Client().generic("POST", PARTS, b"", CONTENT_LENGTH="", **extra)

        assert response.status_code == 200
