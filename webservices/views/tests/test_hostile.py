"""Hostile requests to every wire: each gets an answer in the wire's own form, and nothing is half-written or told."""

import gzip
import json
import random
import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

import pytest
from django.urls import URLResolver, get_resolver
from lxml import etree

from records.models import Change
from records.shapes.fields import Kind
from webservices import endpoint
from webservices.models import Exchange
from webservices.publishing import current_operations, dialect_settings
from webservices.tests.test_idempotency import ADA, stored_record, superuser
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.messages import Call
from webservices.wire.operations import Verb

SECRETS = ("Traceback", "site-packages", "psycopg", "django.", 'File "', "SELECT ", "root:x:0")
NOISE = random.Random(11).randbytes(20_000)  # the same bytes in every run
DEEP = 20_000


def in_middle(insert: bytes) -> Callable[[bytes], bytes]:
    return lambda body: body[: len(body) // 2] + insert + body[len(body) // 2 :]


def text_of_value(insert: bytes) -> Callable[[bytes], bytes]:
    """Return a change of the text that the record's last field has, as bytes that its notation may not know."""
    return lambda body: body.replace(b"VALUE", insert)


def declared(declaration: str, encoding: str = "utf-8") -> Callable[[bytes], bytes]:
    return lambda body: declaration.encode() + re.sub(rb"^\s*<\?xml[^>]*\?>", b"", body).decode().encode(encoding)


def doctype(subset: str, text: str) -> Callable[[bytes], bytes]:
    return lambda body: declared(f'<?xml version="1.0"?><!DOCTYPE e {subset}>')(body).replace(b"VALUE", text.encode())


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
BROKEN = {
    "nothing": lambda body: b"",
    "blanks": lambda body: b" \r\n\t" * 100,
    "a byte": lambda body: b"\0",
    "noise": lambda body: NOISE,
    "noise in the middle": in_middle(NOISE[:50]),
    "half of it": lambda body: body[: len(body) // 2],
    "all but a byte": lambda body: body.rstrip()[:-1],
    "twice": lambda body: body + body,
    "something behind it": lambda body: body + b"x",
    "bytes that are no UTF-8": text_of_value(b"\xff\xfe\xfd"),
    "UTF-8 that is too long": text_of_value(b"\xc0\xaf\xe0\x80\xaf"),
    "half a character": text_of_value(b"\xe2\x82"),
    "surrogates in UTF-8": text_of_value(b"\xed\xa0\x80\xed\xb0\x80"),
    "a zero byte": text_of_value(b"a\0b"),
    "a control character": text_of_value(b"a\x1bb"),
    "UTF-16 without a mark": lambda body: body.decode().encode("utf-16-le")[1:],
    "UTF-32": lambda body: body.decode().encode("utf-32"),
    "EBCDIC": lambda body: body.decode().encode("cp037", "replace"),
    "gzip that is not announced": gzip.compress,
}
BROKEN_XML = {
    "a document type": doctype("", "x"),
    "an entity": doctype('[<!ENTITY a "b">]', "&a;"),
    "a billion laughs": doctype(f'[<!ENTITY a0 "ha">{LAUGHS}]', "&a9;"),
    "a file of the server": doctype('[<!ENTITY a SYSTEM "file:///etc/passwd">]', "&a;"),
    "a parameter entity": doctype('[<!ENTITY % a SYSTEM "http://127.0.0.1:9/a">%a;]', "x"),
    "an entity that nobody declared": text_of_value(b"&nbsp;"),
    "a character that XML has not": text_of_value(b"&#0;"),
    "a surrogate": text_of_value(b"&#xD800;"),
    "no character of Unicode": text_of_value(b"&#xFFFF;"),
    "a character beyond all": text_of_value(b"&#x110000;"),
    "an open CDATA": text_of_value(b"<![CDATA[x"),
    "the end of CDATA": text_of_value(b"]]>"),
    "two comments in one": text_of_value(b"<!-- a -- b -->"),
    "deep elements": text_of_value(b"<a>" * DEEP + b"</a>" * DEEP),
    "deep elements that stay open": text_of_value(b"<a>" * DEEP),
    "attributes without end": text_of_value(b"<a " + b" ".join(b'a%d="1"' % n for n in range(5000)) + b"/>"),
    "an attribute twice": text_of_value(b'<a b="1" b="2"/>'),
    "namespaces without end": text_of_value(b"".join(b'<a xmlns:n%d="urn:%d"/>' % (n, n) for n in range(3000))),
    "a prefix that nobody declared": text_of_value(b"<n:a/>"),
    "the XML prefix for something else": text_of_value(b'<a xmlns:xml="urn:a"/>'),
    "XInclude": text_of_value(
        b'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
    ),
    "an encoding that nobody knows": declared('<?xml version="1.0" encoding="x-rot13"?>'),
    "an encoding that it has not": declared('<?xml version="1.0" encoding="UTF-16"?>'),
    "UTF-7": declared('<?xml version="1.0" encoding="UTF-7"?>', "utf-7"),
    "JSON": lambda body: b'{"a": 1}',
    "HTML": lambda body: b"<!doctype html><html><body><p>Hello<br></body></html>",
}
BROKEN_JSON = {
    "XML": lambda body: b"<a/>",
    "no value": lambda body: body.replace(b'"VALUE"', b""),
    "NaN": lambda body: body.replace(b'"VALUE"', b"NaN"),
    "Infinity": lambda body: body.replace(b'"VALUE"', b"-Infinity"),
    "a number as C writes it": lambda body: body.replace(b'"VALUE"', b"0x10"),
    "a number that begins with zero": lambda body: body.replace(b'"VALUE"', b"007"),
    "a comma too many": lambda body: body.replace(b'"VALUE"', b'"VALUE",'),
    "a comment": lambda body: body.replace(b'"VALUE"', b'"VALUE" /* a */'),
    "single quotes": lambda body: body.replace(b'"VALUE"', b"'VALUE'"),
    "a surrogate alone": text_of_value(rb"\ud800"),
    "a zero character": text_of_value(rb"a\u0000b"),
    "an escape that JSON has not": text_of_value(rb"\x41"),
    "an escape cut off": text_of_value(rb"\u12"),
    "deep lists": lambda body: body.replace(b'"VALUE"', b"[" * DEEP + b"]" * DEEP),
    "deep lists that stay open": lambda body: b"[" * DEEP,
    "deep objects": lambda body: b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "an object for a text": lambda body: body.replace(b'"VALUE"', b'{"a": {"b": "VALUE"}}'),
    "a list for a text": lambda body: body.replace(b'"VALUE"', b'["VALUE", ["VALUE"]]'),
    "only null": lambda body: b"null",
    "only a text": lambda body: b'"text"',
    "only a number": lambda body: b"1e400",
    "lists of nothing": lambda body: b"[[],[[]],{},null]",
    "the parent of all objects": lambda body: body.replace(b'"VALUE"', b'"VALUE", "__proto__": {"is_superuser": true}'),
    "a class of Python": lambda body: body.replace(b'"VALUE"', b'"VALUE", "__class__": "os.system"'),
}
# What a text may be: it is stored as it is or refused, and nothing else happens.
VALUES = {
    "SQL": "'; DROP TABLE parts_part; --",
    "SQL that waits": "1' OR pg_sleep(9) IS NULL OR '1'='1",
    "a template": "{{7*7}}${7*7}#{7*7}<%= 7*7 %>{% debug %}",
    "a format": "%s%n{0.__class__}%(a)s",
    "a script": "</textarea><script>alert(1)</script>",
    "markup in an attribute": "\" onmouseover='alert(1)' x=\"",
    "a path": "../../../../etc/passwd",
    "a shell": "$(id)`id`|id;id",
    "a formula": '=HYPERLINK("http://a.example","b")',
    "a lookup": "${jndi:ldap://127.0.0.1/a}",
    "letters from right to left": "\u202eabc\u2066\u200b\ufeff",
    "a flag and a family": "\U0001f1e9\U0001f1ea\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "digits of others": "\u0661\u0662\u0663\uff11",
    "marks on marks": "Z" + "\u0351\u036f" * 50,
    "lines": "a\r\nX-Evil: 1\r\n\r\n<a>",
    "a text of a megabyte": "x" * 1_000_000,
    "no character of Unicode": "a\ufdd0b",
}  # fmt: skip
HEADERS = {
    "no type": {"content-type": ""},
    "a type that is none": {"content-type": "x" * 5000},
    "text": {"content-type": "text/plain"},
    "parts of a form": {"content-type": "multipart/form-data; boundary=x"},
    "a charset that nobody knows": {"content-type": "application/xml; charset=rot13"},
    "two lengths of compression": {"content-encoding": "gzip, gzip"},
    "compression that it has not": {"content-encoding": "deflate"},
    "an action of nobody": {"soapaction": '"urn:nothing#drop"'},
    "an open quote": {"soapaction": '"'},
    "a dry run of its own": {"x-dry-run": "maybe"},
    "a key that is too long": {"idempotency-key": "k" * 5000},
    "a key with a control character": {"idempotency-key": "a\x01b"},
    "no name and password": {"authorization": "Basic "},
    "no base64": {"authorization": "Basic !!!!"},
    "a name and no colon": {"authorization": "Basic YWRh"},
    "a name of bytes": {"authorization": "Basic /////zp4"},
    "a zero byte for a name": {"authorization": "Basic ADph"},
    "a token that is too long": {"authorization": "Bearer " + "x" * 60_000},
    "a token that nobody issued": {"authorization": "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."},
    "another scheme": {"authorization": "Digest username=ada"},
    "conditions of noise": {"if-match": '"' + "\xff" * 20, "if-none-match": "W/"},
    "cookies of noise": {"cookie": "=;;; sessionid=\x01; ECOSYSSESSION=" + "x" * 4000},
    "languages without end": {"accept-language": "a;q=0.1," * 2000, "accept": "*/*;q=x"},
}
QUERIES = {
    "no UTF-8": "a=%ff&%fe=1",
    "a zero byte": "a=%00&%00=1",
    "many names": "a=1&" * 3000,
    "attributes of Python": "__class__=1&id__password__startswith=a&%24where=1",
    "numbers too large": f"limit={'9' * 400}&page=-1&offset=1e9",
    "SQL": "number=%27%3B+DROP+TABLE+parts_part%3B--&order_by=number);--",
    "no pairs": "&&==&=&;;%",
}

PARAMETERS = ("1", "9" * 30, "a\x00'\u202e<")  # of addresses
INPUTS = len(DIALECTS) * sum(map(len, (BROKEN, BROKEN_XML, VALUES, HEADERS, QUERIES)))


class Wire:
    """A write of one text in a dialect's form, and what may be done to it."""

    def __init__(self, dialect, caller):
        self.dialect, self.caller = dialect, caller
        self.spoken = dialect.for_site(dialect_settings(dialect))
        found = (current_operations().get(plural, Verb.UPDATE) for plural in ("parts", "customers"))
        self.operation = next(each for each in found if self.spoken.contexts(each))
        self.context = self.spoken.contexts(self.operation)[0]
        self.key = self.read_record()["id"]
        self.field = next(filter(self.is_free, self.operation.resource.writable))

    def is_free(self, field):
        bounds = field.reference or field.choices or field.pattern or field.required or field.code_list
        is_carried = self.dialect.carries(self.operation.resource.plural, field)
        return field.kind is Kind.TEXT and not bounds and is_carried and field.name not in self.operation.resource.key

    def read_record(self):
        return stored_record(self.operation, self.caller)

    def build_request(self, text="VALUE"):
        record = self.read_record()
        key = {name: record[name] for name in self.spoken.skeleton_hints(self.operation, self.context).key}
        credentials = self.spoken.credentials(self.operation, ADA)
        call = Call(self.operation, records=[key | {self.field.name: text}], credentials=credentials)
        return self.spoken.build_request(call, self.context)

    def find_faults(self, changed, may_write=False):
        """Send requests by name, and return a sentence for each that had a bad answer, whatever it says."""
        faults = {}
        for name, request in changed:
            before = Change.objects.count()
            completed = endpoint.serve_and_report(self.dialect, request, ADA)
            fault = find_fault(completed)
            if not fault and not may_write and Change.objects.count() != before:
                fault = "it wrote"
            if fault:
                faults[name] = fault, completed.response.body[:400]
        return faults


def find_fault(completed):
    response, exchange = completed.response, Exchange.objects.filter(call_id=completed.call_id).first()
    if exchange is None:
        return "it has no exchange"
    if exchange.code == "unexpected":
        return "nobody anticipated it"
    if told := [word for word in SECRETS if word in response.body.decode()]:
        return f"it tells {told}"
    if any(re.search(r"[\r\n]", value) for value in response.headers.values()):
        return "a header has a line end"
    try:
        json.loads(response.body) if "json" in response.content_type else etree.fromstring(response.body)
    except (ValueError, etree.XMLSyntaxError) as error:
        return f"{response.content_type} cannot be read: {error}"
    return ""


@pytest.fixture(params=DIALECTS, ids=lambda dialect: dialect.name)
def wire(request, demo_world, db, stored_hash):
    return Wire(request.param, superuser("ada", stored_hash))


def test_what_cannot_be_read_is_refused(wire):
    request = wire.build_request()
    is_json = request.body.lstrip()[:1] in (b"{", b"[")
    own = BROKEN_JSON if is_json else BROKEN_XML
    assert b"VALUE" in request.body

    assert not wire.find_faults(
        (name, replace(request, body=change(request.body))) for name, change in (BROKEN | own).items()
    )


def test_a_text_is_stored_as_it_is_or_refused(wire):
    others = {}
    for name, text in VALUES.items():
        before = Change.objects.count()
        faults = wire.find_faults([(name, wire.build_request(text))], may_write=True)
        assert not faults
        if Change.objects.count() > before and wire.read_record()[wire.field.name] != text:
            others[name] = wire.read_record()[wire.field.name]

    assert not others


def test_headers_and_queries_are_understood_or_refused(wire):
    request = wire.build_request()

    assert not wire.find_faults(
        [
            *((name, replace(request, headers={**request.headers, **more})) for name, more in HEADERS.items()),
            *((name, replace(request, query=query)) for name, query in QUERIES.items()),
        ],
        may_write=True,
    )


def test_there_are_four_hundred_of_them():
    assert INPUTS >= 400


ANCHORS = str.maketrans("", "", "^$\\")  # of regular expressions


def list_addresses(patterns=None, prefix=""):
    """List every address of the site, with noise for each part of it that is a parameter."""
    for each in patterns if patterns is not None else get_resolver().url_patterns:
        route = str(each.pattern)
        if isinstance(each, URLResolver):
            yield from list_addresses(each.url_patterns, prefix + route)
        else:
            parts = re.split(r"<[^>]*>|\(\?P<[^)]*\)", (prefix + route).translate(ANCHORS))
            yield from ("/" + quote(noise).join(parts) for noise in PARAMETERS)


@pytest.mark.parametrize("who", ["nobody", "a superuser"])
def test_no_address_stumbles(demo_world, db, stored_hash, who, client):
    if who == "a superuser":
        client.force_login(superuser("ada", stored_hash))
    client.raise_request_exception = False
    faults = {}

    for address in sorted(set(list_addresses())):
        response = client.get(f"{address}?{QUERIES['a zero byte']}&{QUERIES['attributes of Python']}")
        text = b"".join(response) if response.streaming else response.content
        if response.status_code >= 500 or b"Traceback" in text:
            faults[address] = response.status_code, text[:200]

    assert not faults
