"""Names and values that are taken for secrets, and ordinary ones that must not be."""

import logging
import sys

import pytest

from records.shapes.recognition import (
    MASK,
    MaskingFormatter,
    _is_known_secret_name,
    is_secret_name,
    mask_log,
    mask_pairs,
    mask_tokens,
    plain_name,
)
from records.tests.cast import table

SECRET_NAMES = """
password j_password userPassword PASSWORD2 pwd user_pwd passwd Passwort passcode pass pin PIN-code otp auth
authorization X-Auth-Token access_token refreshToken tokenId jwt bearer api.key apiKey X-API-Key client_secret
secretKey private-key credentials sessionId JSESSIONID session_key X-Amz-Security-Token X-Amz-Signature sig pasword
passwrod pssword passwordd paswd tokne tken secert scret sesionId sessoinId crediential
"""
ORDINARY_NAMES = """
part_number number id uuid hash sha256 checksum etag version key primary_key keyword keyboard passage passport
passport_number passenger compass bypass pin_count pinion spin pitch author authority authorizer auth_number
secretary secretariat taken broken ticket session session_count possession_id profession_id concession_id
signature_date signed design assign sign signal certificate license_key serial_number order_number customer
customer_part_number lot_code barcode zip_code postcode passdown credit creditor accredited description notes
custom_tier custom_field1 attachment content digest fingerprint revision drawing_number idempotency_key
"""


@pytest.mark.parametrize("name", SECRET_NAMES.split())
def test_is_the_name_of_a_secret(name):
    assert is_secret_name(plain_name(name))


@pytest.mark.parametrize("name", ORDINARY_NAMES.split())
def test_is_an_ordinary_name(name):
    assert not is_secret_name(plain_name(name))


def test_remembers_names_and_no_keys_of_records():
    mask_pairs("/api/v1/parts/EX-0/?password=x")
    before = _is_known_secret_name.cache_info().currsize

    for number in range(100):
        assert mask_pairs(f"/api/v1/parts/EX-{number}/?password=x").endswith(f"EX-{number}/?password={MASK}")

    assert _is_known_secret_name.cache_info().currsize == before


TOKENS = {
    "a signed token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "an API key": "cp_robot_Zk3vX9qLm2Rt7Yb4Nc8Hd6Wf",
    "a key of Amazon's": "AKIAIOSFODNN7EXAMPLE",
    "a bearer's": "Bearer 8f3Kq02zLw",
    "basic credentials": "Basic YWRhOmFkYS1hZGEh",
    "a private key": "-----BEGIN RSA PRIVATE KEY-----\nMIIE",
}
MIXED = {
    "a drawn password": "kAnArY-7Qz-xXx-31337",
    "a drawn key": "Zk3vX9qLm2Rt7Yb4Nc8Hd6Wf",
    "one of small letters and digits": "q7w3e9r1t5y2u8i4o6p0a3s7d1f9g5h2j8k4l6z0",
}


@pytest.mark.parametrize("text", table({name: (text,) for name, text in TOKENS.items()}))
def test_is_a_token_wherever_it_stands(text):
    masked = mask_tokens(f"it is '{text}'.")

    assert MASK in masked
    assert text[-4:] not in masked


@pytest.mark.parametrize("text", table({name: (text,) for name, text in MIXED.items()}))
def test_is_a_secret_where_nothing_is_known_of_it(text):
    assert mask_tokens(f"so {text} it is", mixed=True) == f"so {MASK} it is"
    assert mask_tokens(text) == text


# Stay as they are also in a call of which nothing is known: one that does not parse, or whose caller was not let in.
VISIBLE = {
    "a part number": "HX-200-A12/B",
    "a long part number": "SAP-4711-0815-AB12-CD34-EF56",
    "in camel case": "HydraulicPumpHousingLeft2",
    "a number of many parts": "PN-2024-000123-REV-B-DE-01",
    "a UUID": "8e03a1b2-77c4-4f0e-9a51-0d3c6b2e9f10",
    "a UUID in capitals": "8E03A1B2-77C4-4F0E-9A51-0D3C6B2E9F10",
    "a ULID": "01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "MD5": "9e107d9d372bb6826bd81d3542a419d6",
    "SHA-1": "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12",
    "SHA-256": "d7a8fbb307d7809469ca9abcb0082e4f8d5651e46d3cdb762d02d0bf37c9e592",
    "an IBAN": "DE89370400440532013000",
    "a VIN": "1HGBH41JXMN109186",
    "a date": "2026-11-29T05:39:13.123+00:00",
    "an address of mail": "ada.lovelace+orders@example.com",
    "an address of a page": "https://www.example.com/Parts/HX-200?lang=en&page=12",
    "a namespace": "http://xmlns.oracle.com/cpqcloud/2026/partsService_v2",
    "a tag": '"4711"',
    "a name of a file": "Drawing_HX200_RevB_2026-11-29.pdf",
    "a phone": "+49 (0)30 901820-4711",
    "prose": "The secretary takes the token of the passage; pass it on.",
    "an amount": "1234567890123456.7890",
    "a class": "webservices.wire.dialects.oracle.OracleSettings2",
    "a lot": "LOT20261129A0042",
    "an attachment": "JVBERi0xLjQKJcfsj6IKNSAwIG9iago8PC9MZW5ndGggNiAwIFIvRmls" * 8,
    "an attachment in lines": "JVBERi0xLjQKJcfsj6IKNSAwIG9iago8PC9MZW5ndGggNiAwIFIvRmlsJVBERi0xLjQKJcfs\n" * 5,
}


@pytest.mark.parametrize("text", table({name: (text,) for name, text in VISIBLE.items()}))
def test_stays_visible(text):
    assert mask_tokens(text, mixed=True) == text
    assert mask_pairs(text) == text


LINES = {
    "a pair": ("refused: password=hunter2, units=7", "refused: password=***, units=7"),
    "JSON": ('{"api_key": "hunter2", "units": "7"}', '{"api_key": "***", "units": "7"}'),
    "an address": ("Not Found: /a?j_password=hunter2&units=7", "Not Found: /a?j_password=***&units=7"),
    "escaped": ("/a?next=/b%3Fpassword%3Dhunter2", "/a?next=/b%3Fpassword%3D***"),
    "what looks drawn": ("nobody is called kAnArY-7Qz-xXx-31337", "nobody is called ***"),
    "a folder": ('File "django/contrib/auth/hashers.py", line 7', 'File "django/contrib/auth/hashers.py", line 7'),
    "a call": (
        "call=8e03a1b277c44f0e9a510d3c6b2e9f10 operation=parts.put user=ada status=200 ms=12.3",
        "call=8e03a1b277c44f0e9a510d3c6b2e9f10 operation=parts.put user=ada status=200 ms=12.3",
    ),
}


class TestLog:
    @pytest.mark.parametrize("text, logged", table(LINES))
    def test_has(self, text, logged):
        assert mask_log(text) == logged

    def test_has_no_secret_in_a_traceback(self):
        formatter = MaskingFormatter("{name}: {message}", style="{")
        try:
            raise ValueError('invalid input: "kAnArY-7Qz-xXx-31337", password=hunter2')
        except ValueError:
            record = logging.LogRecord("a.token", logging.ERROR, "", 1, "no %s", ("hunter",), sys.exc_info())

        line = formatter.format(record)

        assert line.startswith("a.token: no hunter\nTraceback")
        assert line.endswith('ValueError: invalid input: "***", password=***')

    def test_of_the_hub_is_written_so(self, settings):
        assert settings.LOGGING["formatters"]["line"]["class"].endswith(MaskingFormatter.__name__)
