"""Secrets out of bodies and addresses, by parsing."""

import codecs
import re

import pytest
from django.conf import settings

from records.shapes.fields import Kind
from records.shapes.recognition import is_secret_name, plain_name
from records.tests.cast import table
from webservices.declarations import OPERATIONS
from webservices.exchanges.mask_json import LONGEST, mask_json
from webservices.exchanges.mask_xml import mask_xml
from webservices.exchanges.masked_call import mask_address
from webservices.exchanges.masking import build_mask, encode_text
from webservices.exchanges.streaming_body import whole_body
from webservices.wire.dialects.base import Secrets
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.operations import Kind as OperationKind

SECRETS = Secrets(
    elements=frozenset({"userPin"}),
    members=frozenset({"user_pin"}),
    parameters=frozenset({"userPin"}),
    names=frozenset({"caller"}),
    documents=frozenset({"payload"}),
    children=frozenset({("form", "a"), ("form", "b")}),
)
WSSE = 'xmlns:s="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"'

XML = {
    "a named element": ("<a><userPin>hunter2</userPin><b>1</b></a>", "<a><userPin>***</userPin><b>1</b></a>"),
    "in any namespace and case": (
        '<x:USER-PIN xmlns:x="u">hunter2</x:USER-PIN>',
        '<x:USER-PIN xmlns:x="u">***</x:USER-PIN>',
    ),
    "what is a secret anywhere": ("<a><sessionId>hunter2</sessionId></a>", "<a><sessionId>***</sessionId></a>"),
    "all that is inside": (
        "<a><password x='hunter2'>hunter2<b>hunter2</b>hunter2</password>tail</a>",
        "<a><password x='***'>***<b>***</b>***</password>tail</a>",
    ),
    "an attribute": ("<a password='hunter2' b='1'/>", "<a password='***' b='1'/>"),
    "CDATA": ("<a><pwd><![CDATA[hunter2]]></pwd></a>", "<a><pwd>***</pwd></a>"),
    "a name, where it stands alone": (
        "<a><caller>ada!</caller><b>ada!</b></a>",
        "<a><caller>***</caller><b>ada!</b></a>",
    ),
    "a child that is not expected": (
        "<form><a>1</a><c>hunter2</c><b>2</b></form>",
        "<form><a>1</a><c>***</c><b>2</b></form>",
    ),
    "a document in a text": (
        "<payload>&lt;a b='hunter3'>&lt;pwd>hunter2&lt;/pwd> hunter2&lt;/a></payload>",
        "<payload>&lt;a b='***'>&lt;pwd>***&lt;/pwd> ***&lt;/a></payload>",
    ),
    "a document of elements": ("<payload><pwd>hunter2</pwd></payload>", "<payload><pwd>***</pwd></payload>"),
    "a document that cannot be read": ("<payload>&lt;a>hunter2</payload>", "<payload>***</payload>"),
    "a document with a type": ("<payload>&lt;!DOCTYPE a>&lt;a/></payload>", "<payload>***</payload>"),
    "an empty secret stays empty": ("<a><password/></a>", "<a><password/></a>"),
    "a document in CDATA": (
        "<payload><![CDATA[ <a><pwd>hunter2</pwd>&amp;</a> ]]></payload>",
        "<payload><![CDATA[ <a><pwd>***</pwd>&amp;</a> ]]></payload>",
    ),
    "a comment that names a secret": ("<a><!-- the Pass-Word: x -->1</a>", "<a><!--***-->1</a>"),
    "a comment that repeats one": (
        "<a><!-- hunter3 -->1<pwd>hunter2</pwd><!-- hunter2 --></a>",
        "<a><!--***-->1<pwd>***</pwd><!--***--></a>",
    ),
    "a comment inside a secret": ("<a><pwd><b/><!-- it --></pwd></a>", "<a><pwd><b/><!--***--></pwd></a>"),
    "an instruction that names or repeats a secret": ("<?hunter3?><a><?pwd it?>1</a>", "<a>1</a>"),
    "no harmless comment or instruction": (
        "<?a b?><a><!-- c <d> -->1</a><!---->",
        "<?a b?><a><!-- c <d> -->1</a><!---->",
    ),
    "a presented secret, wherever it is": ("<a b='so hunter3 it is'>hunter3</a>", "<a b='so *** it is'>***</a>"),
    "nothing of how the rest is written": (
        "<?xml version='1.0'?>\n<a  b = 'x>y'\n><![CDATA[<b>]]>&#65;<c/><pwd >hunter2</pwd\n>\r\n</a >\n",
        "<?xml version='1.0'?>\n<a  b = 'x>y'\n><![CDATA[<b>]]>&#65;<c/><pwd >***</pwd\n>\r\n</a >\n",
    ),
    "a presented secret around a comment": ("<a>hun<!-- -->ter3</a>", "<a>***</a>"),
    "WS-Security, but for the name and the time": (
        f'<s:Security {WSSE}><s:UsernameToken Id="t1"><s:Username>ada</s:Username><s:Passwort>hunter2</s:Passwort>'
        "hunter2"
        "<s:Created>2026</s:Created></s:UsernameToken>hunter2</s:Security>",
        f'<s:Security {WSSE}><s:UsernameToken Id="t1"><s:Username>ada</s:Username><s:Passwort>***</s:Passwort>'
        "***"
        "<s:Created>2026</s:Created></s:UsernameToken>***</s:Security>",
    ),
}


def masked_bytes(body, encoding):
    """The bytes of a body, but for the secret."""
    secret, mask = (
        ("hunter2".encode(encoding), "***".encode(encoding)) if "sig" not in encoding else (b"hunter2", b"***")
    )
    return body.replace(secret.removeprefix(codecs.BOM_UTF16), mask.removeprefix(codecs.BOM_UTF16))


class TestXml:
    @pytest.mark.parametrize("body, kept", table(XML))
    def test_masks(self, body, kept):
        assert (
            mask_xml(whole_body(body.encode()), build_mask(SECRETS, ["hunter3"], user_name="ada"), 10_000).text == kept
        )

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "iso-8859-1"])
    def test_reads_encodings(self, encoding):
        declared = '<?xml version="1.0" encoding="ISO-8859-1"?>' if encoding == "iso-8859-1" else ""
        body = f"{declared}<a><b>Größe</b><password>hunter2</password></a>".encode(encoding)

        masked = mask_xml(whole_body(body), build_mask(SECRETS), 10_000)

        assert masked.text == f"{declared}<a><b>Größe</b><password>***</password></a>"
        assert encode_text(masked.text, masked.encoding) == masked_bytes(body, encoding)

    @pytest.mark.parametrize(
        "body, reason",
        table(
            {
                "a tag that is not closed": (b"<a><password>hunter2</a>", "tag name mismatch (line 1, column "),
                "an undeclared prefix": (b"<a><s:password>hunter2</s:password></a>", "undefined namespace"),
                "a secret as a tag": (b"<a><password><hunter2</password></a>", "(line 1, column "),
                "text only": (b"hunter2", "document empty (line 1"),
                "cut off": (b"<a><password>hunt", "(line 1, column "),
                "a document type": (b"<!DOCTYPE a [<!ENTITY e 'hunter2'>]><a>&e;</a>", "document type"),
                "an unknown entity": (b"<a>&hunter2;</a>", "undeclared entity"),
                "nothing but blanks": (b"   ", "(line 1"),
            }
        ),
    )
    def test_keeps_nothing_of_what_does_not_parse_and_quotes_nothing_of_it(self, body, reason):
        masked = mask_xml(whole_body(body), build_mask(SECRETS), 10_000)

        assert masked.text is None
        assert not masked.is_parsed
        assert reason in masked.note
        assert "hunter2" not in masked.note

    @pytest.mark.parametrize("limit", range(8, 75))
    def test_a_long_body_is_kept_up_to_the_limit_wherever_that_cuts_it(self, limit):
        body = b"<a><b>text</b><password x='1'>hunter2</password><c>more text</c></a>" + b" " * 20

        masked = mask_xml(whole_body(body), build_mask(SECRETS), limit)

        assert "hunter" not in (masked.text or "")
        assert not masked.is_whole or masked.text is None
        assert masked.text is None or masked.text.startswith("<a")

    def test_a_long_body_is_not_kept_when_its_beginning_does_not_parse(self):
        masked = mask_xml(whole_body(b"<a><b>hunter2</a>" + b"x" * 1000), build_mask(SECRETS), 100)

        assert masked.text is None

    def test_markup_that_repeats_a_presented_secret_is_not_kept(self):
        assert mask_xml(whole_body(b"<a><hunter3/></a>"), build_mask(SECRETS, ["hunter3"]), 100).text is None


JSON = {
    "a member": ('{"user_pin": "hunter2", "units": 1.50}', '{"user_pin": "***", "units": 1.50}'),
    "in any case and punctuation": ('{"USER-PIN": "hunter2"}', '{"USER-PIN": "***"}'),
    "a name that is escaped": ('{"p\\u0061ssword": "hunter2"}', '{"p\\u0061ssword": "***"}'),
    "a number": ('{"password": 12345, "a": 1}', '{"password": "***", "a": 1}'),
    "all that is inside": (
        '{"secret": {"a": ["hunter2", {"b": true}], "c": "hunter2"}, "d": ["x"]}',
        '{"secret": {"a": ["***", {"b": "***"}], "c": "***"}, "d": ["x"]}',
    ),
    "in a list of objects": ('[{"token":"hunter2"},{"a":[1,2]}]', '[{"token":"***"},{"a":[1,2]}]'),
    "with quotes inside": ('{"pwd": "hun\\"ter2", "b": "\\\\"}', '{"pwd": "***", "b": "\\\\"}'),
    "a name said as a value": ('{"a": "password", "b": "c"}', '{"a": "password", "b": "c"}'),
    "a presented secret": ('{"a": "so hunter3 it is"}', '{"a": "so *** it is"}'),
    "nothing but a text": ('"hunter3"', '"***"'),
    "a number of endless digits": (f'{{"password": {"9" * 5000}, "a": 1}}', '{"password": "***", "a": 1}'),
    "twice the same name": ('{"password":"hunter2","password":"hunter2"}', '{"password":"***","password":"***"}'),
}


class TestJson:
    @pytest.mark.parametrize("body, kept", table(JSON))
    def test_masks(self, body, kept):
        assert (
            mask_json(whole_body(body.encode()), build_mask(SECRETS, ["hunter3"], user_name="ada"), 10_000).text == kept
        )

    def test_reads_utf_16(self):
        assert (
            mask_json(whole_body('{"pwd":"hunter2"}'.encode("utf-16")), build_mask(SECRETS), 100).text
            == '{"pwd":"***"}'
        )

    @pytest.mark.parametrize(
        "body, reason",
        table(
            {
                "cut off": (b'{"password": "hunt', "line 1, column 14"),
                "bare words": (b"{password: hunter2}", "line 1, column 2"),
                "too deep": (b"[" * 100_000, "too deep"),
                "no characters": (b'{"password": "\xff"}', "characters"),
            }
        ),
    )
    def test_keeps_nothing_of_what_does_not_parse(self, body, reason):
        masked = mask_json(whole_body(body), build_mask(SECRETS), 10_000)

        assert (masked.text, masked.is_parsed) == (None, False)
        assert reason in masked.note

    def test_a_long_body_is_kept_up_to_the_limit(self):
        masked = mask_json(
            whole_body(b'{"password": "hunter2", "notes": "%s"}' % (b"n" * 100)), build_mask(SECRETS), 50
        )

        assert masked.text == '{"password": "***", "notes": "' + "n" * 20
        assert not masked.is_whole
        assert masked.note == "The first 50 of 132 characters."

    def test_a_body_too_long_to_parse_is_not_kept(self):
        assert mask_json(whole_body(b'"%s"' % (b"n" * LONGEST)), build_mask(SECRETS), 50).text is None


ADDRESSES = {
    "no query": ("", "/p"),
    "a secret parameter": ("userPin=hunter2&a=1", "/p?userPin=***&a=1"),
    "in another case": ("USER_PIN=hunter2", "/p?USER_PIN=***"),
    "escaped": ("%70assword=hunter2", "/p?password=***"),
    "a presented secret": ("q=hunter%33", "/p?q=***"),
    "a name without a value": ("wsdl", "/p?wsdl"),
    "no UTF-8": ("a=%ff", "/p?a=%EF%BF%BD"),
}


@pytest.mark.parametrize("query, address", table(ADDRESSES))
def test_masks_addresses(query, address):
    assert mask_address("/p", query, build_mask(SECRETS, ["hunter3"])) == address


def test_a_short_secret_is_masked_where_it_is_named_only():
    body = b"<a><password>it</password><b>with it</b></a>"

    assert (
        mask_xml(whole_body(body), build_mask(SECRETS, ["it"]), 100).text
        == "<a><password>***</password><b>with it</b></a>"
    )


def spelled_fields(dialect, operation, context):
    """Yield the fields of an operation's records and rows, each with its name on the wire."""
    spell = dialect.speller(context, operation)
    for field in operation.resource.fields:
        if dialect.carries(operation.resource.plural, field):
            yield field, spell((field.name,))
            for child in field.child.fields if field.kind is Kind.ROWS else ():
                yield child, spell((field.name, 0, child.name))


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_no_field_that_is_none_is_named_like_a_secret(dialect):
    """Such a field would be masked in every exchange, and missing from a call that is sent again."""
    mask = build_mask(dialect.secrets)
    walked = [
        (operation.name, name)
        for operation in OPERATIONS
        for context in dialect.contexts(operation)
        for field, name in spelled_fields(dialect, operation, context)
        if not field.secret and operation.kind is not OperationKind.ACTION
    ]

    assert walked
    assert not [each for each in walked if mask.hides(plain_name(each[1].rpartition(".")[2]))]


CREDENTIALS = {
    *("PASSWORD", "Password", "password", "partner_password", "apiKey", "bearer", "AUTH_TOKEN", "Auth Token"),
    *("sessionID", "sessionId", "sessionid"),
    *("/api/auth-token-get", "AuthTokenAnswer", "AuthTokenGet"),  # no names on the wire
}


def names_of_contract(path):
    text = path.read_text()
    if path.suffix == ".json":
        return {*re.findall(r'"([^"\s][^"]*)":', text), *re.findall(r'"name": "([^"]+)"', text)}
    return {*re.findall(r'\b(?:name|ref|element)="([^"]+)"', text)}


def test_no_name_of_a_contract_is_that_of_a_secret_unless_it_is_one():
    files = [path for path in (settings.BASE_DIR / "docs" / "reference").rglob("*") if path.is_file()]
    names = {name.rpartition(":")[2] for path in files for name in names_of_contract(path)}

    assert len(names) > 1000
    words_of_openapi = {"tokenUrl", "clientCredentials"}  # in no message
    assert {name for name in names if is_secret_name(plain_name(name))} == CREDENTIALS | words_of_openapi
