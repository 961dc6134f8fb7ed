"""
A distinctive secret is sent in every way that a caller may send or misplace one; then everything that was stored or
logged is searched for it.
"""

import gzip
import json
import logging
import zlib
from base64 import b64encode

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from records.models import Change
from records.shapes.fields import Kind
from records.tests.cast import table
from webservices import endpoint, requests
from webservices.declarations import RECORDS
from webservices.models import Exchange
from webservices.tests.test_endpoint import ADD, PARTS, envelope
from webservices.tests.version_1_0 import envelope as versioned
from webservices.tests.version_1_0 import login, number_of, session_block
from webservices.wire.dialects.ecosys.tests.apis import request
from webservices.wire.dialects.expandable.dialect import EXPANDABLE
from webservices.wire.dialects.oracle.dialect import ORACLE_2_0
from webservices.wire.dialects.rest.dialect import REST
from webservices.wire.dialects.sap.tests import calls as sap
from webservices.wire.messages import WireRequest
from webservices.wire.xml.writing import escape

SECRET = "kAnArY-7Qz-xXx-31337"
BASIC = {"HTTP_AUTHORIZATION": "Basic " + b64encode(f"ada:{SECRET}".encode()).decode()}
BEARER = {"HTTP_AUTHORIZATION": f"Bearer {SECRET}"}
RIGHT = envelope(word=SECRET)
WRONG_USER = envelope(user="nobody", word=SECRET)
INSIDE = '<w:Password Type="">ada-ada!</w:Password>'


def header(content):
    """A message whose WS-Security header holds this in the place of the password."""
    return envelope().decode().replace(INSIDE, content).encode()


def noted(text):
    """A message that adds a part with these notes."""
    return envelope(ADD.replace("</each", f"<notes>{text}</notes></each"), word=SECRET)


OLD = "/v1_0/receiver"
IN_LOGIN = login("ada", SECRET)
IN_HEADER = versioned(number_of(), session_block(SECRET))
BROKEN_UP = versioned(number_of(), session_block(f"{SECRET[:5]}<!-- -->{SECRET[5:]}"))
MISSPELLED = versioned(number_of(), session_block(SECRET).replace("sessionId", "session"))
REPEATED = versioned(number_of(), f"<bm:category>{SECRET}</bm:category>{session_block(SECRET)}")
VERSION_1_0 = {
    "the right password of a login": (versioned(IN_LOGIN), {}),
    "a wrong password of a login": (versioned(login("ada", SECRET + "!")), {}),
    "a login of nobody": (versioned(login("nobody", SECRET)), {}),
    "a login in the place of the name": (versioned(login(SECRET, "x")), {}),
    "a login of an inactive user": (versioned(login("carol", SECRET)), {}),
    "a login with another element": (versioned(login("ada", SECRET, f"<bm:pin>{SECRET}</bm:pin>")), {}),
    "a login with a currency": (versioned(login("ada", "x", f"<bm:sessionCurrency>{SECRET}</bm:sessionCurrency>")), {}),
    "a login that does not end": (versioned(IN_LOGIN)[:-40], {}),
    "a login at the address of version 2.0": (versioned(IN_LOGIN), {"path": PARTS}),
    "a session id": (IN_HEADER, {}),
    "a session id with a comment inside": (BROKEN_UP, {}),
    "a session id as a criterion": (versioned(number_of(number=SECRET), session_block(SECRET)), {}),
    "a session id in the category": (REPEATED, {}),
    "a session id that is misspelled": (MISSPELLED, {}),
    "a session id in a header that does not end": (IN_HEADER.replace(b"</bm:sessionId>", b""), {}),
    "a session id at the address of version 2.0": (IN_HEADER, {"path": PARTS}),
    "a session id in the query": (IN_HEADER, {"path": f"{OLD}?sessionId={SECRET}"}),
    "a session id in a cookie": (versioned(number_of()), {"HTTP_COOKIE": f"JSESSIONID={SECRET}"}),
}  # fmt: skip
VERSION_1_0 = {name: (body, {"path": OLD, **extra}) for name, (body, extra) in VERSION_1_0.items()}


def administration(payload="", user="ada", word=SECRET, action="ADD", **extra):
    """A request of SAP CPQ's."""
    return sap.administration(action, payload or sap.root(sap.named("A")), user, word), {"path": sap.PATH, **extra}


SAP_CPQ = {
    "the right password": administration(),
    "a wrong password": administration(word=SECRET + "!"),
    "of nobody": administration(user="nobody"),
    "in the place of the name": administration(user=SECRET, word="x"),
    "in the place of the name, and an unknown action": administration(user=SECRET, word="x", action="NONE"),
    "in the place of the tenant": administration(user=f"ada#{SECRET}", word="x"),
    "in the place of the tenant, which is let pass": administration(user=f"ada#{SECRET}"),
    "in the place of the tenant, and a password that is too long": administration(user=f"ada#{SECRET}", word="x" * 60),
    "before the tenant": administration(user=f"{SECRET}#ACME", word="x"),
    "before the tenant, too long": administration(user=f"{SECRET}#{'x' * 50}", word="x"),
    "inside the name": administration(user=f"<b>{SECRET}</b>", word="x"),
    "as the action": administration(action=SECRET),
    "with a comment inside": administration(word=f"{SECRET[:5]}<!-- -->{SECRET[5:]}"),
    "as CDATA": administration(word=f"<![CDATA[{SECRET}]]>"),
    "in a customer": administration(sap.root(f"<LastName>A</LastName><password>{SECRET}</password>"), word="ada"),
    "in a customer that fails": administration(sap.root(f"<LastName>A</LastName><password>{SECRET}</password>")),
    "repeated in a customer": administration(sap.root(sap.named(SECRET, City="x", State=SECRET))),
    "repeated as a custom field": administration(sap.root(sap.named("A") + sap.custom(SECRET, SECRET))),
    "repeated as a search field": administration(sap.root(sap.named("A"), search=sap.search(SECRET)), action="UPDATE"),
    "in a customer of the text": administration(escape(sap.root(f"<Password>{SECRET}</Password>")), word="ada"),
    "in a customer of the CDATA": administration(f"<![CDATA[{sap.root(f'<pwd>{SECRET}</pwd>')}]]>", word="ada"),
    "repeated in the text": administration(escape(sap.root(sap.named(SECRET)))),
    "in a text that is no document": administration(f"password={SECRET}", word="ada"),
    "in a text that is cut off": administration(escape(sap.root(f"<Password>{SECRET}"))[:-40], word="ada"),
    "in a document type of the text": administration(escape(f'<!DOCTYPE a "{SECRET}"><Root/>'), word="ada"),
    "as a tag of the text": administration(escape(f"<Root><{SECRET}></Root>"), word="ada"),
    "of a health check": (sap.envelope(sap.SEE_ME.format(user="ada", word=SECRET)), {"path": sap.PATH}),
    "of a health check, as the name": (sap.envelope(sap.SEE_ME.format(user=SECRET, word="x")), {"path": sap.PATH}),
    "with the password not closed": (administration()[0].replace(b"</password>", b""), {"path": sap.PATH}),
    "as an unknown parameter": (administration()[0].replace(b"password>", b"pasword>"), {"path": sap.PATH}),
    "as a bearer token": administration(word="", HTTP_AUTHORIZATION=f"Bearer {SECRET}"),
    "in the query": administration(path=f"{sap.PATH}?password={SECRET}", word="x"),
}  # fmt: skip
SAP_CPQ = {f"SAP CPQ: {name}": case for name, case in SAP_CPQ.items()}

XML = {
    **VERSION_1_0,
    **SAP_CPQ,
    "the right password": (RIGHT, {}),
    "a wrong password": (envelope(word=SECRET + "!"), {}),
    "of nobody": (WRONG_USER, {}),
    "in the place of the name": (envelope(user=SECRET, word="ada"), {}),
    "of an inactive user": (envelope(user="carol", word=SECRET), {}),
    "without a type": (header(f"<w:Password>{SECRET}</w:Password>"), {}),
    "as a digest": (header(f'<w:Password Type="x#PasswordDigest">{SECRET}</w:Password>'), {}),
    "twice": (header(f"<w:Password>{SECRET}</w:Password><w:Password>{SECRET}</w:Password>"), {}),
    "as CDATA": (header(f"<w:Password><![CDATA[{SECRET}]]></w:Password>"), {}),
    "with a comment inside": (header(f"<w:Password>{SECRET[:5]}<!-- -->{SECRET[5:]}</w:Password>"), {}),
    "in a comment": (header(f"<!-- {SECRET} -->"), {}),
    "in an instruction": (header(f"<?password {SECRET}?>"), {}),
    "in an element that is misspelled": (header(f"<w:Pasword>{SECRET}</w:Pasword>"), {}),
    "as text beside the elements": (header(SECRET), {}),
    "in an attribute": (header(f'<w:Password value="{SECRET}"/>'), {}),
    "in a nonce": (header(f"<w:Nonce>{SECRET}</w:Nonce>"), {}),
    "deeper": (header(f"<w:Password><a><b c='{SECRET}'>{SECRET}</b>{SECRET}</a></w:Password>"), {}),
    "in the body": (envelope(f"<login><password>{SECRET}</password></login>"), {}),
    "as a session of version 1.0": (envelope(f"<a/><userInfo><sessionId>{SECRET}</sessionId></userInfo>"), {}),
    "in a record": (envelope(ADD.replace("</each", f"<password>{SECRET}</password></each")), {}),
    "repeated in a record": (noted(SECRET), {}),
    "repeated as a key": (envelope(ADD.replace("P-1", SECRET), word=SECRET), {}),
    "repeated as an element": (envelope(ADD.replace("part_number", SECRET), word=SECRET), {}),
    "repeated as an operation": (envelope(f"<{SECRET}/>", word=SECRET), {}),
    "repeated as a criterion": (
        envelope(
            f"<getParts><Parts><criteria><field>{SECRET}</field><comparator>=</comparator></criteria></Parts></getParts>",
            word=SECRET,
        ),
        {},
    ),
    "with the envelope not closed": (RIGHT[:-10], {}),
    "with the header not closed": (RIGHT.replace(b"</e:Header>", b""), {}),
    "with the password not closed": (RIGHT.replace(b"</w:Password>", b""), {}),
    "with its tag broken": (RIGHT.replace(b"</w:Password>", b"<w:Password"), {}),
    "as a tag": (header(f"<w:Password><{SECRET}</w:Password>"), {}),
    "as a tag that is closed otherwise": (header(f"<{SECRET}></w:Password>"), {}),
    "as an entity": (header(f"<w:Password>&{SECRET};</w:Password>"), {}),
    "as a prefix": (header(f"<{SECRET}:Password>x</{SECRET}:Password>"), {}),
    "behind a prefix that is not declared": (header(f"<z:Password>{SECRET}</z:Password>"), {}),
    "with a bad character": (RIGHT.replace(SECRET.encode(), SECRET.encode() + b"\x01"), {}),
    "in a document type": (f'<!DOCTYPE a [<!ENTITY e "{SECRET}">]>'.encode() + RIGHT, {}),
    "in no XML": (f"password={SECRET}".encode(), {}),
    "in JSON": (json.dumps({"password": SECRET}).encode(), {}),
    "in UTF-16": (RIGHT.decode().encode("utf-16"), {}),
    "in UTF-16 without its mark": (RIGHT.decode().encode("utf-16-le"), {}),
    "in UTF-16, the other way round": (RIGHT.decode().encode("utf-16-be"), {}),
    "in UTF-16 that is malformed": (RIGHT[:-10].decode().encode("utf-16"), {}),
    "in UTF-16 of half a character": (RIGHT.decode().encode("utf-16")[:-1], {}),
    "in an encoding that is not read": (RIGHT.decode().encode("utf-32"), {}),
    "in gzip": (gzip.compress(RIGHT), {"HTTP_CONTENT_ENCODING": "gzip"}),
    "in gzip that is cut off": (gzip.compress(RIGHT)[:-9], {"HTTP_CONTENT_ENCODING": "gzip"}),
    "in no gzip": (RIGHT, {"HTTP_CONTENT_ENCODING": "gzip"}),
    "in a message that is too long": (RIGHT + b" " * 200_000, {}),
    "in clear": (RIGHT, {"REMOTE_ADDR": "10.0.0.7"}),
    "as basic authorization": (envelope(), BASIC),
    "as a bearer token": (envelope(), BEARER),
    "as a bearer token and in the message": (envelope(ADD.replace("P-1", SECRET)), BEARER),
    "as authorization of a kind unknown": (envelope(), {"HTTP_AUTHORIZATION": f"Digest {SECRET}"}),
    "as authorization of a proxy": (envelope(), {"HTTP_PROXY_AUTHORIZATION": SECRET}),
    "in a cookie": (envelope(), {"HTTP_COOKIE": f"sessionid={SECRET}"}),
    "in a header of its own": (envelope(), {"HTTP_X_API_KEY": SECRET}),
    "in the content type": (envelope(), {"content_type": f"text/xml; password={SECRET}"}),
    "in the query": (envelope(), {"path": f"{PARTS}?password={SECRET}"}),
    "in the query, in capitals": (envelope(), {"path": f"{PARTS}?a=1&API_KEY={SECRET}"}),
    "in the query, escaped": (envelope(), {"path": f"{PARTS}?p%61ssword=%6b{SECRET[1:]}"}),
    "in the query and in the message": (RIGHT, {"path": f"{PARTS}?q={SECRET}&{SECRET}"}),
    "in the address and in the message": (RIGHT, {"path": f"{PARTS}/{SECRET}"}),
}  # fmt: skip
RELATED = {"content_type": 'multipart/related; boundary="b"; type="text/xml"'}


def parts(root, more=b""):
    """A message in parts, with one more beside its root."""
    ends = b"\r\n--b\r\nContent-ID: <1>\r\n\r\n" + more + b"\r\n--b--"
    return b"--b\r\nContent-Type: text/xml\r\n\r\n" + root + ends


XML |= {
    "in a message in parts": (parts(RIGHT), RELATED),
    "in a message in parts that is refused": (parts(WRONG_USER), RELATED),
    "in a message in parts that is malformed": (parts(RIGHT[:-10]), RELATED),
    "in a part that nothing names": (parts(envelope(), SECRET.encode()), RELATED),
    "in parts that are cut off": (parts(RIGHT)[:-9], RELATED),
    "in parts of a boundary that is none": (parts(RIGHT), {"content_type": "multipart/related; boundary=c"}),
    "in the content type of a message in parts": (parts(RIGHT), {"content_type": f"multipart/related; start={SECRET}"}),
    "as a part that is not there": (parts(noted(f'<a href="cid:{SECRET}"/>')), RELATED),
}
# Names that no dialect has: spelled as elsewhere, within others, wrongly, or not telling at all.
TELLING = ("j_password", "userPassword", "X-Amz-Security-Token", "_pwd", "sessionKey", "pass", "pin-code", "passwort",
           "pasword", "passwrod", "tokne", "secert", "sesionId", "api.key", "client_secret")  # fmt: skip
XML |= {f"in the query, as {name}": (envelope(), {"path": f"{PARTS}?{name}={SECRET}"}) for name in (*TELLING, "q")}
XML |= {
    f"in a record, as {name}": (envelope(ADD.replace("</each", f"<{name}>{SECRET}</{name}></each")), {})
    for name in (*TELLING, "colour")
}
XML |= {
    "in the query of a call that is refused": (envelope(word="x"), {"path": f"{PARTS}?q={SECRET}"}),
    "in the query, without a value": (envelope(), {"path": f"{PARTS}?{SECRET}"}),
    "in the query, inside a value": (envelope(), {"path": f"{PARTS}?next=/a%3Fpassword%3D{SECRET}"}),
    "in an operation that is not known": (envelope(f"<frobnicate><colour>{SECRET}</colour></frobnicate>"), {}),
    "as the content type": (envelope(), {"content_type": f"{SECRET}/{SECRET}"}),
    "as the name, with a digest": (
        header('<w:Password Type="x#PasswordDigest">x</w:Password>').replace(b">ada<", f">{SECRET}<".encode()), {},
    ),
    "as the name, with an unknown operation": (envelope("<frobnicate/>", user=SECRET, word="x"), {}),
    "as the name, without a password": (
        header("").replace(b">ada<", f">{SECRET}<".encode()), {},
    ),
    "as the name of a login without a password": (
        versioned(login(SECRET, "x").replace("<bm:password>x</bm:password>", "")), {"path": OLD},
    ),
}  # fmt: skip
# Headers with which a call may be named or wished for; a password that is sent as one is known by its look alone.
HEADERS = {
    **dict.fromkeys(
        ("Idempotency-Key", "If-Match", "X-Dry-Run", "X-All-Or-None", "Prefer", "Accept", "SOAPAction"), SECRET
    ),
    **dict.fromkeys(("User-Agent", "Referer", "X-Request-Id", "X-Auth-Token", "Content-Encoding", "Origin"), SECRET),
    **dict.fromkeys(("X-Forwarded-For", "Accept-Language", "Authentication", SECRET), SECRET),
    "Authorization": SECRET,
    "From": f"{SECRET}@example.com",
}
LET_IN = {"user": "dora", "word": "dora-dora!"}  # by a password of her own: nobody has presented the secret
for name, value in HEADERS.items():
    sent_header = {f"HTTP_{name.upper().replace('-', '_')}": value}
    XML |= {
        f"as the header {name}": (envelope(ADD, word="ada-ada!"), sent_header),
        f"as the header {name} of a call that is let in": (envelope(ADD, **LET_IN), sent_header),
        f"as the header {name} of a malformed call": (envelope(ADD)[:-9], sent_header),
    }
BLOCK = f'<o:IdempotencyKey xmlns:o="urn:counterpart:options">{SECRET}</o:IdempotencyKey></e:Header>'.encode()
XML |= {
    "as an idempotency key in the message": (envelope(ADD, **LET_IN).replace(b"</e:Header>", BLOCK), {}),
    "as an idempotency key beside a nonce": (
        envelope(ADD, **LET_IN).replace(b"</w:Password>", b"</w:Password><w:Nonce>bm9uY2U=</w:Nonce>"),
        {"HTTP_IDEMPOTENCY_KEY": SECRET},
    ),
    "as an idempotency key of a failure": (envelope("<a/>", **LET_IN).replace(b"</e:Header>", BLOCK), {}),
    "in the query, by somebody who is let in": (envelope(ADD, **LET_IN), {"path": f"{PARTS}?userPassword={SECRET}"}),
    "in a path, by somebody who is let in": (envelope(ADD, **LET_IN), {"path": f"{PARTS}/password/{SECRET}"}),
}
for at in range(RIGHT.index(SECRET.encode()) - 15, RIGHT.index(SECRET.encode()) + 40, 5):
    XML[f"cut off at {at}"] = (RIGHT[:at], {})

ECO = "/ecosys/api/"
PART = "<Part><PartID>P-1</PartID></Part>"


def eco(word=SECRET, content=PART, options=""):
    """A message that creates a part over EcoSys."""
    made = request("Part", "Create", content, options=f"{options}<LogLevel>DETAIL</LogLevel>")
    return made.replace(b">ada-ada!<", f">{word}<".encode())


ECOSYS = {
    "the right password": ("soap/Part", eco(), {}),
    "a wrong password": ("soap/Part", eco(f"{SECRET}!"), {}),
    "in the place of the name": ("soap/Part", eco("x").replace(b">ada<", f">{SECRET}<".encode()), {}),
    "an option that is misspelled": ("soap/Part", eco("x", options=f"<Pasword>{SECRET}</Pasword>"), {}),
    "repeated as a title": ("soap/Part", eco(options=f"<LogTitle>{SECRET}</LogTitle>"), {}),
    "repeated as a parameter": ("soap/Part", eco(content=f"<PartParameters><a>{SECRET}</a></PartParameters>"), {}),
    "repeated as an input": (
        "soap/Part", eco(content=PART.replace("</P", f"{SECRET}</P", 1), options="<LogDebug>INPUT_DATA</LogDebug>"), {},
    ),
    "a message that is cut off": ("soap/Part", eco()[:-30], {}),
    "a session": ("soap/Part", request("Part", "Read", options=None), {"HTTP_COOKIE": f"ECOSYSSESSION={SECRET}"}),
    "in the address": (f"restxml/Part/?_username=ada&_password={SECRET}&_pageSize=1", b"", {}),
    "in the address, as the name": (f"restxml/Part/?_username={SECRET}&_password=x", b"", {}),
    "in the address, as the name, without a password": (f"restxml/Part/?_username={SECRET}", b"", {}),
    "in the address, misspelled": (f"restxml/Part/?_username=ada&_pasword={SECRET}", b"", {}),
    "in the place of the name, of an API that is none": (
        "soap/Nothing", eco("x").replace(b">ada<", f">{SECRET}<".encode()), {},
    ),
    "in the address, twice": (f"restjson/Part/?__username=ada&__password={SECRET}&_password={SECRET}", b"", {}),
    "as basic authorization": (f"restjson/Part/{SECRET}?_includeMetaData=true", b"", BASIC),
}  # fmt: skip

BODY = {"number": "P-1", "units": "2"}
JSON = {
    "as basic authorization": (json.dumps(BODY), BASIC),
    "as the name of basic authorization": (
        json.dumps(BODY),
        {"HTTP_AUTHORIZATION": "Basic " + b64encode(f"{SECRET}:x".encode()).decode()},
    ),
    "as basic authorization without a name": (
        json.dumps(BODY),
        {"HTTP_AUTHORIZATION": "Basic " + b64encode(SECRET.encode()).decode()},
    ),
    "as a bearer token": (json.dumps(BODY), BEARER),
    "as a member": (json.dumps({**BODY, "password": SECRET}), {}),
    "as a member, in any case": (json.dumps({**BODY, "PassWord": SECRET}), BASIC),
    "inside a member": (json.dumps({**BODY, "credentials": {"a": [SECRET, {"b": SECRET}]}}), {}),
    "repeated": (json.dumps({**BODY, "notes": f"it is {SECRET}"}), BASIC),
    "repeated as a name": (json.dumps({**BODY, SECRET: "1"}), BASIC),
    "repeated in a list": (json.dumps([BODY, {**BODY, "number": SECRET}]), BASIC),
    "cut off": (json.dumps({**BODY, "password": SECRET})[:-3], {}),
    "malformed": (json.dumps({**BODY, "password": SECRET}) + SECRET, {}),
    "without quotes": (f"{{password: {SECRET}}}", {}),
    "in UTF-16": (json.dumps({"password": SECRET}).encode("utf-16"), BASIC),
    "in XML": (RIGHT, {}),
    "escaped": ('{"password": "' + "".join(f"\\u{ord(c):04x}" for c in SECRET) + '"}', {}),
    "in the query": (json.dumps(BODY), {**BASIC, "query": f"token={SECRET}&search={SECRET}"}),
    "in the query, under a name that is not known": (json.dumps(BODY), {**BASIC, "query": f"q={SECRET}"}),
    "as a member that is not known": (json.dumps({**BODY, "colour": SECRET}), {}),
    "as a member that is not known, of one of many": (json.dumps([BODY, {"number": "P-2", "a": {"b": SECRET}}]), BASIC),
}
for name in TELLING:
    JSON[f"as a member, {name}"] = (json.dumps({**BODY, name: SECRET}), {})
    JSON[f"in the query, as {name}"] = (json.dumps(BODY), {"query": f"{name}={SECRET}"})


LOGIN = {"DATA_SOURCE": "DEMO", "USER_NAME": "ada", "PASSWORD": SECRET}
TOKEN = {"PART_ID": "P-1", "AUTH_TOKEN": SECRET}
EXPANDABLES = {
    "the right password": ("auth-token-get", json.dumps(LOGIN)),
    "a wrong password": ("auth-token-get", json.dumps({**LOGIN, "PASSWORD": SECRET + "!"})),
    "a password of nobody": ("auth-token-get", json.dumps({**LOGIN, "USER_NAME": "nobody"})),
    "a password in the place of the name": (
        "auth-token-get",
        json.dumps({**LOGIN, "USER_NAME": SECRET, "PASSWORD": "x"}),
    ),
    "a password of an inactive user": ("auth-token-get", json.dumps({**LOGIN, "USER_NAME": "carol"})),
    "a password for another data source": ("auth-token-get", json.dumps({**LOGIN, "DATA_SOURCE": "TEST"})),
    "a password in other letters": ("auth-token-get", json.dumps({**LOGIN, "Password": SECRET})),
    "a password in an array": ("auth-token-get", json.dumps({**LOGIN, "PASSWORD": [SECRET]})),
    "a password that is sent to another call": ("part-create", json.dumps({**LOGIN, "PART_ID": "P-1"})),
    "a token": ("part-create", json.dumps(TOKEN)),
    "a token of a query": ("part-query", json.dumps(TOKEN)),
    "a token that is repeated": ("part-create", json.dumps({**TOKEN, "NOTES": f"it is {SECRET}"})),
    "a token as a name": ("part-create", json.dumps({**TOKEN, SECRET: ""})),
    "a token as a criterion": ("part-query", json.dumps({**TOKEN, "PART_ID": f"BETWEEN {SECRET}"})),
    "a token as an object": ("part-create", json.dumps({**TOKEN, "AUTH_TOKEN": {"a": SECRET}})),
    "a token of an order": ("sales-order-create", json.dumps({"SalesOrder": {"AUTH_TOKEN": SECRET}, **TOKEN})),
    "a token where none is needed": ("server-time-get", json.dumps({"AUTH_TOKEN": SECRET})),
    "a token that is sent to no call": ("lot-query", json.dumps(TOKEN)),
    "cut off": ("part-create", json.dumps(TOKEN)[:-3]),
    "malformed": ("part-create", json.dumps(TOKEN) + SECRET),
    "without quotes": ("part-create", f"{{AUTH_TOKEN: {SECRET}}}"),
    "a password in the place of the name, without a data source": (
        "auth-token-get", json.dumps({"USER_NAME": SECRET, "PASSWORD": "x"}),
    ),
    "a password in the place of the name, without a password": (
        "auth-token-get", json.dumps({"DATA_SOURCE": "DEMO", "USER_NAME": SECRET}),
    ),
    "a password in the place of the data source": ("auth-token-get", json.dumps({**LOGIN, "DATA_SOURCE": SECRET})),
    "a password that is misspelled": ("auth-token-get", json.dumps({**LOGIN, "PASSWORD": "x", "PASWORD": SECRET})),
    "a token that is misspelled": ("part-create", json.dumps({"PART_ID": "P-1", "AUTH_TOKN": SECRET})),
    "a token under a name that is not known": ("part-create", json.dumps({"PART_ID": "P-1", "COLOUR": SECRET})),
}  # fmt: skip


@pytest.fixture
def _users(db, stored_hash, settings):
    settings.MAX_BODY_BYTES = 100_000
    User.objects.create(username="ada", password=stored_hash(SECRET), is_superuser=True)
    User.objects.create(username="carol", password=stored_hash(SECRET), is_active=False)
    User.objects.create(username="dora", password=stored_hash("dora-dora!"), is_superuser=True)


def places_of_records():
    """The tables of records without a secret field, and their history: what a caller writes there is no leak."""
    without = [each for each in RECORDS if not any(has_secret(field) for field in each.resource.fields)]
    return {Change._meta.db_table} | {services.model._meta.db_table for services in without}


def has_secret(field):
    return field.secret or (field.kind is Kind.ROWS and any(map(has_secret, field.child.fields)))


def everything_stored():
    """All columns of all tables as text, what is compressed decompressed."""
    with connection.cursor() as cursor:
        for name in {*connection.introspection.table_names(cursor)} - places_of_records():
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{name}" t')
            yield from (row[0] for row in cursor.fetchall())
    for body in Exchange.objects.values_list("request_body", "response_body"):
        yield from (zlib.decompress(part).decode() for part in body if part)


def leaks(caplog):
    """Where the secret, or a good part of it, can be found."""
    places = [*everything_stored(), caplog.text]
    return [place[:2000] for place in places if SECRET[2:12].lower() in place.lower()]


@pytest.mark.usefixtures("_users")
@pytest.mark.parametrize("body, extra", table(XML))
def test_no_secret_is_kept_of_soap(body, extra, caplog):
    caplog.set_level(logging.DEBUG)
    extra = {"path": PARTS, "content_type": "text/xml; charset=utf-8", **extra}

    response = Client().generic("POST", extra.pop("path"), body, **extra)

    assert not leaks(caplog)
    assert Exchange.objects.count() == (response.status_code != 404)


@pytest.mark.usefixtures("_users")
def test_who_is_let_in_is():
    """Otherwise those rows would be about refused calls."""
    answer = Client().generic("POST", PARTS, envelope(ADD, **LET_IN), content_type="text/xml")

    assert (answer.status_code, Exchange.objects.get().created) == (200, 1)


@pytest.mark.usefixtures("_users")
@pytest.mark.parametrize("body, extra", table(JSON))
@pytest.mark.parametrize("path", ["/api/v1/parts/", "/api/v1/parts/batch/"])
def test_no_secret_is_kept_of_rest(path, body, extra, caplog):
    caplog.set_level(logging.DEBUG)
    headers = {"content-type": "application/json", "authorization": extra.get("HTTP_AUTHORIZATION", "")}
    content = body if isinstance(body, bytes) else body.encode()

    endpoint.serve(REST, WireRequest("POST", path, content, headers, query=extra.get("query", "")))

    assert not leaks(caplog)
    assert Exchange.objects.count() == 1


@pytest.mark.usefixtures("_users")
@pytest.mark.parametrize("path, body, extra", table(ECOSYS))
def test_no_secret_is_kept_of_ecosys(path, body, extra, caplog):
    caplog.set_level(logging.DEBUG)

    Client().generic("POST" if body else "GET", ECO + path, body, content_type="text/xml", **extra)

    assert not leaks(caplog)
    assert Exchange.objects.count() == 1


@pytest.mark.usefixtures("_users")
@pytest.mark.parametrize("name, body", table(EXPANDABLES))
def test_no_secret_is_kept_of_expandable(name, body, caplog):
    caplog.set_level(logging.DEBUG)

    endpoint.serve(EXPANDABLE, WireRequest("POST", f"/api/{name}", body.encode(), {"content-type": "application/json"}))

    assert not leaks(caplog)
    assert Exchange.objects.count() == 1


@pytest.mark.usefixtures("_users")
def test_no_secret_is_kept_of_a_long_message_wherever_the_limit_cuts_it(caplog, settings):
    settings.EXCHANGE_BODY_BYTES = 0
    for limit in range(RIGHT.index(b"<w:Password") - 5, RIGHT.index(b"</w:Password>") + 20):
        settings.EXCHANGE_BODY_BYTES = limit
        endpoint.serve(ORACLE_2_0, WireRequest("POST", PARTS, RIGHT))

    assert not leaks(caplog)


@pytest.mark.usefixtures("_users")
def test_no_secret_is_logged_with_an_error_that_nobody_anticipated(caplog, monkeypatch):
    def broken(credentials, **kwargs):
        raise KeyError(credentials)

    monkeypatch.setattr(requests, "identify", broken)
    caplog.set_level(logging.DEBUG)

    endpoint.serve(ORACLE_2_0, WireRequest("POST", PARTS, RIGHT))

    assert "KeyError" in caplog.text
    assert not leaks(caplog)


@pytest.mark.usefixtures("_users")
def test_no_session_id_is_kept_that_was_given(caplog):
    """The other way round: what the server made up is found nowhere but in its answer."""
    caplog.set_level(logging.DEBUG)
    answer = Client().generic("POST", OLD, versioned(IN_LOGIN), content_type="text/xml")
    token = answer.content.decode().partition("<bm:sessionId>")[2].partition("<")[0]

    later = Client().generic("POST", OLD, versioned(number_of(number=token), session_block(token)))

    assert later.status_code == 200
    stored = "\n".join([*everything_stored(), caplog.text])
    assert not [part for part in (token, token.partition("!")[0], token.partition("!")[0][:20]) if part in stored]


@pytest.mark.usefixtures("_users")
def test_what_is_written_into_a_record_with_a_secret_field_is_searched():
    assert {"parts_part", "customers_customer"} <= places_of_records()
    assert "customers_contact" not in places_of_records()


@pytest.mark.usefixtures("_users")
def test_the_search_would_find_it(caplog):
    Exchange.objects.create(
        call_id="1", at="2026-01-01T00:00Z", duration_ms=1, status=200, request_size=1, response_size=1,
        request_body=zlib.compress(SECRET.encode()), keys=[SECRET], problem=SECRET,
    )  # fmt: skip

    assert len(leaks(caplog)) == 2
