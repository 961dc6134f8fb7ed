"""The endpoint over HTTP: what callers get, whatever they send."""

import gzip
import logging
import zlib

import pytest
from django.db import DatabaseError, OperationalError, transaction
from django.test import Client

from parts.models import Part
from records.tests.cast import table
from webservices import endpoint, gateway, requests
from webservices.checks import check_terms
from webservices.conf import configured_settings, server_settings, unknown_settings
from webservices.exchanges import store
from webservices.models import Exchange
from webservices.wire.credentials import Password, SignedIn
from webservices.wire.dialects.ecosys.dialect import ECOSYS
from webservices.wire.dialects.oracle.dialect import ORACLE_2_0, Oracle20
from webservices.wire.messages import WireRequest

PARTS = "/v2_0/receiver/parts"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
SOAP_ADDRESSES = (
    PARTS,
    "/v1_0/receiver",
    "/ecosys/api/soap/Part",
    "/wsAPI/CPQAPI.asmx",
    "/CrmIntegrationWebservice/service.php?class=productManager",
)
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

    def test_a_message_in_parts_as_its_root_and_keeps_that(self, ada):
        notes = '<notes><x:Include xmlns:x="http://www.w3.org/2004/08/xop/include" href="cid:1"/></notes></each'
        root = b'Content-Type: application/xop+xml; type="text/xml"\r\n\r\n' + envelope(ADD.replace("</each", notes))
        body = b"--b\r\n" + root + b"\r\n--b\r\nContent-ID: <1>\r\n\r\nPump\r\n--b--"

        response = post(body, content_type="multipart/related; boundary=b; type=application/xop+xml")

        assert response.status_code == 200
        assert Part.objects.get().notes == "UHVtcA=="
        kept = zlib.decompress(exchange().request_body)
        assert kept.startswith(b"<e:Envelope")
        assert b"ada-ada!" not in kept

    @pytest.mark.parametrize("path", SOAP_ADDRESSES)
    def test_a_message_in_parts_at_every_address_of_soap(self, ada, path):
        plain = post(b"<a/>", path)

        response = post(b"--b\r\n\r\n<a/>\r\n--b--", path, content_type="multipart/related; boundary=b")

        assert b"<a/>" not in plain.content
        assert (response.status_code, response.content) == (plain.status_code, plain.content)

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

        response = endpoint.serve(ORACLE_2_0, request, SignedIn(ada.pk))

        assert response.status == 200
        assert exchange().credential == "session"

    def test_in_three_statements(self, ada, django_assert_num_queries):
        get = envelope("<getParts><Parts/></getParts>")
        post(get)

        with django_assert_num_queries(3):  # the caller, the parts, the exchange
            post(get)

        assert Exchange.objects.count() == 2


class TestWhatNobodyAnticipated:
    SECRET_OF_THE_HOUSE = "the table is on fire"

    @pytest.mark.parametrize("place", ["identify", "decompress", "dialect_settings"])
    def test_is_logged_with_the_call_and_not_told(self, ada, monkeypatch, caplog, place):
        def broken(*args, **kwargs):
            raise RuntimeError(self.SECRET_OF_THE_HOUSE)

        monkeypatch.setattr(requests, place, broken)

        response = post(envelope())

        call_id = response["X-Call-Id"]
        assert response.status_code == 500
        assert self.SECRET_OF_THE_HOUSE.encode() not in response.content
        assert self.SECRET_OF_THE_HOUSE in caplog.text
        assert call_id in caplog.text
        assert exchange().code == "unexpected"

    def test_is_answered_in_plain_text_when_the_dialect_cannot(self, ada, caplog):
        class Mute(Oracle20):
            def write(self, answer, context):
                raise RuntimeError(TestWhatNobodyAnticipated.SECRET_OF_THE_HOUSE)

        response = endpoint.serve(Mute(), WireRequest("POST", PARTS, envelope()))

        assert response.status == 500
        assert response.content_type.startswith("text/plain")
        assert response.headers["X-Call-Id"].encode() in response.body

    def test_says_nothing_of_the_callers_secret(self, ada, monkeypatch, caplog):
        def broken(credentials, **kwargs):
            raise RuntimeError(f"cannot verify {credentials.secret}")

        monkeypatch.setattr(requests, "identify", broken)

        post(envelope())

        assert "cannot verify ***" in caplog.text
        assert "ada-ada!" not in caplog.text

    def test_a_write_is_kept_with_its_exchange_or_not_at_all(self, ada, monkeypatch, caplog):
        def full(*args, **kwargs):
            raise DatabaseError("no space left")

        monkeypatch.setattr(store, "insert_row", full)

        written, read = post(envelope()), post(envelope("<getParts><Parts/></getParts>"))

        assert (written.status_code, read.status_code) == (500, 200)
        assert not Part.objects.exists()
        assert written["X-Call-Id"] in caplog.text
        assert "could not be kept" in caplog.text

    @pytest.mark.parametrize(
        "kept, options, status",
        table(
            {
                "a write": (1, {}, 200),
                "a dry run": (0, {"HTTP_X_DRY_RUN": "true"}, 200),
                "one that cannot be masked": (1, {}, 200),
                "one whose commit was answered by nobody": (1, {}, 200),
                "one that was lost before its commit": (0, {}, 500),
            }
        ),
    )
    def test_there_is_one_exchange_of(self, ada, monkeypatch, request, kept, options, status):
        case = request.node.callspec.id

        class Lost(endpoint.Transaction):
            def __exit__(self, *raised):
                if "before" in case:
                    transaction.set_rollback(True)
                super().__exit__(*raised)
                raise OperationalError("server closed the connection unexpectedly")

        if "masked" in case:
            monkeypatch.setattr(endpoint, "mask_call", lambda call: 1 / 0)
        if "commit" in case:
            monkeypatch.setattr(endpoint, "Transaction", Lost)

        response = post(envelope(), **options)

        stored = Exchange.objects.get()
        assert (stored.call_id, stored.status) == (response["X-Call-Id"], response.status_code)
        assert (response.status_code, Part.objects.count()) == (status, kept)
        assert stored.dry == bool(options)


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

        assert configured_settings(ORACLE_2_0).get_limit == 1
        assert b"<bm:records_returned>1</bm:records_returned>" in response.content

    def test_have_the_language_and_the_currency_of_the_site(self, settings):
        settings.DEFAULT_LANGUAGE, settings.DEFAULT_CURRENCY = "fi", "EUR"
        settings.DIALECT_TERMS = {"ecosys": {"currency": "SEK"}}

        given = configured_settings(ECOSYS)

        assert (given.language, given.currency) == ("fi", "SEK")

    def test_what_is_not_a_term_is_named(self, settings):
        settings.DIALECT_TERMS = {"oracle-2.0": {"getlimit": 1}, "orakel": {}}

        sentences = unknown_settings([ORACLE_2_0])

        assert len(sentences) == 2
        assert "'getlimit'" in sentences[0]
        assert "get_limit" in sentences[0]
        assert "'orakel'" in sentences[1]

    def test_are_checked_before_the_first_request(self, settings):
        settings.DIALECT_TERMS = {"oracle-2.0": {"getlimit": 1}}

        assert [message.id for message in check_terms(None)] == ["webservices.E007"]

    def test_have_defaults(self, settings):
        assert server_settings().max_body_bytes == 50 * 1024 * 1024


def test_a_refusal_while_the_records_are_read_keeps_nothing_and_becomes_a_fault(ada):
    body = envelope().replace(b"</Parts>", b"<each_record><part_number>P-2</part_number></wrong></Parts>")

    response = post(body)

    assert response.status_code == 500
    assert exchange().code == "malformed"
    assert exchange().operation == "parts.add"
    assert not Part.objects.exists()


def test_the_gateway_and_the_endpoint_say_the_same_of_what_nobody_anticipated():
    assert "call-9" in gateway.unexpected_problem("call-9").sentence()


def test_a_message_does_not_show_its_secret():
    assert "hunter2" not in repr(Password("ada", "hunter2"))
