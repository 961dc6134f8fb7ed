"""The door over HTTP: what callers get, whatever they send."""

import gzip
import logging
import zlib

import pytest
from django.db import DatabaseError
from django.test import Client

from parts.models import Part
from records.tests.cast import table
from webservices import door, exchanges, gateway
from webservices.checks import check_terms
from webservices.dialects.oracle.dialect import ORACLE_2_0
from webservices.messages import Password, SignedIn, WireRequest
from webservices.models import Exchange
from webservices.terms import server_terms, terms_of, unknown_terms

PARTS = "/v2_0/receiver/parts"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
DIGEST = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest"
ADD = "<addParts><Parts><each_record><part_number>P-1</part_number></each_record></Parts></addParts>"


def envelope(content=ADD, user="ada", word="ada-ada!", kind=""):
    """A request to the parts service."""
    security = (
        f'<w:Security xmlns:w="{WSSE}"><w:UsernameToken><w:Username>{user}</w:Username>'
        f'<w:Password Type="{kind}">{word}</w:Password></w:UsernameToken></w:Security>'
    )
    return (
        '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/">'
        f"<e:Header>{security if user else ''}</e:Header><e:Body>{content}</e:Body></e:Envelope>"
    ).encode()


def post(body, path=PARTS, content_type="text/xml; charset=UTF-8", **extra):
    return Client().generic("POST", path, body, content_type=content_type, **extra)


def exchange():
    """The only one that was kept."""
    return Exchange.objects.get()


class TestAnswers:
    def test_a_call_and_names_it(self, ada):
        response = post(envelope())

        assert response.status_code == 200
        assert b"<bm:records_inserted>1</bm:records_inserted>" in response.content
        assert len(response["X-Call-Id"]) == 32
        assert Part.objects.get().created_by == "ada"

    def test_by_the_body_whatever_the_content_type(self, ada):
        for content_type in ("application/soap+xml", "application/json", "text/plain", "application/octet-stream", ""):
            assert post(envelope(), content_type=content_type).status_code in (200, 500)
        assert Part.objects.count() == 1

    @pytest.mark.parametrize(
        "encoding, pack",
        table(
            {
                "gzip": ("gzip", gzip.compress),
                "gzip in two members": ("gzip", lambda body: gzip.compress(body[:50]) + gzip.compress(body[50:])),
                "deflate": ("deflate", zlib.compress),
                "bare deflate": ("Deflate", lambda body: zlib.compress(body)[2:-4]),
                "identity": ("identity", bytes),
            }
        ),
    )
    def test_compressed_requests(self, ada, encoding, pack):
        response = post(pack(envelope()), HTTP_CONTENT_ENCODING=encoding)

        assert response.status_code == 200
        assert exchange().request_size == len(envelope())

    def test_utf_16(self, ada):
        body = envelope().decode().encode("utf-16")

        assert post(body, content_type="text/xml").status_code == 200

    def test_a_bearer_token_before_what_the_message_carries(self, ada):
        response = post(envelope(), HTTP_AUTHORIZATION="Bearer nobody-knows-it")

        assert response.status_code == 500
        assert exchange().code == "unknown-token"

    def test_whom_the_mounting_view_names_before_all_others(self, ada, bob):
        request = WireRequest("POST", PARTS, envelope(user="bob", word="bob-bob!"))

        response = door.serve(ORACLE_2_0, request, SignedIn(ada.pk))

        assert response.status == 200
        assert exchange().credential == "session"

    def test_in_three_statements(self, ada, django_assert_num_queries):
        get = envelope("<getParts><Parts/></getParts>")
        post(get)

        with django_assert_num_queries(3):  # the caller, the parts, the exchange
            post(get)

        assert Exchange.objects.count() == 2


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


class TestWhatNobodyAnticipated:
    SECRET_OF_THE_HOUSE = "the table is on fire"

    @pytest.mark.parametrize("place", ["identify", "decoded", "terms_of"])
    def test_is_logged_with_the_call_and_not_told(self, ada, monkeypatch, caplog, place):
        def broken(*args, **kwargs):
            raise RuntimeError(self.SECRET_OF_THE_HOUSE)

        monkeypatch.setattr(door, place, broken)

        response = post(envelope())

        call_id = response["X-Call-Id"]
        assert response.status_code == 500
        assert self.SECRET_OF_THE_HOUSE.encode() not in response.content
        assert self.SECRET_OF_THE_HOUSE in caplog.text
        assert call_id in caplog.text
        assert exchange().code == "unexpected"

    def test_is_answered_in_plain_text_when_the_dialect_cannot(self, ada, caplog):
        def broken(*args):
            raise RuntimeError(self.SECRET_OF_THE_HOUSE)

        mute = type(ORACLE_2_0)(**{**vars(ORACLE_2_0), "write": broken})
        response = door.serve(mute, WireRequest("POST", PARTS, envelope()))

        assert response.status == 500
        assert response.content_type.startswith("text/plain")
        assert response.headers["X-Call-Id"].encode() in response.body

    def test_says_nothing_of_the_callers_secret(self, ada, monkeypatch, caplog):
        def broken(credentials, **kwargs):
            raise RuntimeError(f"cannot verify {credentials.secret}")

        monkeypatch.setattr(door, "identify", broken)

        post(envelope())

        assert "cannot verify ***" in caplog.text
        assert "ada-ada!" not in caplog.text

    def test_an_exchange_that_cannot_be_kept_fails_no_call(self, ada, monkeypatch, caplog):
        def full(*args, **kwargs):
            raise DatabaseError("no space left")

        monkeypatch.setattr(exchanges, "insert", full)

        response = post(envelope())

        assert response.status_code == 200
        assert Part.objects.exists()
        assert "could not be kept" in caplog.text


class TestLogLine:
    def test_one_for_each_call(self, ada, caplog):
        caplog.set_level(logging.INFO, logger="webservices.calls")

        response = post(envelope())

        lines = [record.getMessage() for record in caplog.records if record.name == "webservices.calls"]
        assert len(lines) == 1
        assert lines[0].startswith(f"call={response['X-Call-Id']} operation=parts.add user=ada status=200 ms=")


class TestTerms:
    def test_a_site_may_replace_a_dialects_terms(self, ada, settings):
        settings.DIALECT_TERMS = {"oracle-2.0": {"get_limit": 1}}
        post(envelope(ADD.replace("</Parts>", "<each_record><part_number>P-2</part_number></each_record></Parts>")))

        response = post(envelope("<getParts><Parts/></getParts>"))

        assert terms_of(ORACLE_2_0).get_limit == 1
        assert b"<bm:records_returned>1</bm:records_returned>" in response.content

    def test_what_is_not_a_term_is_named(self, settings):
        settings.DIALECT_TERMS = {"oracle-2.0": {"getlimit": 1}, "orakel": {}}

        sentences = unknown_terms([ORACLE_2_0])

        assert len(sentences) == 2
        assert "'getlimit'" in sentences[0]
        assert "get_limit" in sentences[0]
        assert "'orakel'" in sentences[1]

    def test_are_checked_before_the_first_request(self, settings):
        settings.DIALECT_TERMS = {"oracle-2.0": {"getlimit": 1}}

        assert [message.id for message in check_terms(None)] == ["webservices.E007"]

    def test_have_defaults(self, settings):
        assert server_terms().max_body_bytes == 50 * 1024 * 1024


def test_a_refusal_while_the_records_are_read_keeps_nothing_and_becomes_a_fault(ada):
    body = envelope().replace(b"</Parts>", b"<each_record><part_number>P-2</part_number></wrong></Parts>")

    response = post(body)

    assert response.status_code == 500
    assert exchange().code == "malformed"
    assert exchange().operation == "parts.add"
    assert not Part.objects.exists()


def test_the_gateway_and_the_door_say_the_same_of_what_nobody_anticipated():
    assert "call-9" in gateway.unexpected("call-9").sentence()


def test_a_message_does_not_show_its_secret():
    assert "hunter2" not in repr(Password("ada", "hunter2"))
