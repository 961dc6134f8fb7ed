"""The quick path masks the same texts as the plain one: each body is read both ways."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webservices.exchanges.mask_json import mask_json
from webservices.exchanges.mask_usual_xml import _attribute_names, mask_usual_xml
from webservices.exchanges.mask_xml import mask_tree, mask_xml
from webservices.exchanges.masking import Mask, build_mask
from webservices.exchanges.streaming_body import whole_body
from webservices.exchanges.tests.test_masking import SECRETS, WSSE, XML
from webservices.tests.test_round_trip import CASES, sample
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.xml.writing import escape

ALL_SECRETS = [SECRETS, *(dialect.secrets for dialect in DIALECTS)]
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl"
VALUES = ("hunter3", "a&b<c>d", "two words", '"quoted"', "it")  # presented by the caller

ELEMENTS = (
    *("a", "b", "b", "b", "form", "s:Security", "Security", "t:Security", "security", "UsernameToken", "s:Username"),
    *("Password", "s:Nonce", "s:Created", "Timestamp", "userInfo", "sessionId", "userPin", "caller", "payload", "xDoc"),
    *("PartOptions", "LogLevel", "Username", "multiRef", "param0", "createSession", "j_password", "USER-PIN"),
    *("getParts", "CustomerAdministration", "action", "password", "passwordless", "Größe"),
)  # fmt: skip
ATTRIBUTES = ("id", "Type", "b", "s:mustUnderstand", "password", "name", "actor")
DECLARATIONS = ("", "", f" {WSSE}", ' xmlns:s="urn:other"', ' xmlns="urn:default"', " xmlns:t='urn:t'")
TEXTS = (
    *(
        "",
        "",
        " ",
        "\n",
        "1",
        "ada",
        " ada ",
        "bob",
        "hunter2",
        "hunter3",
        "so hunter3 it is",
        "two words",
        "two\nwords",
    ),
    *("a = b", "password=x", "x='1'", "it", "***", JWT, f"Bearer {JWT}", "a&b<c>d", '"quoted"', "\u00a0", "Größe 😀"),
    *("<a><pwd>hunter2</pwd></a>", "hunter2 & more"),
)
MARKUP = ("<!-- hunter2 -->", "<!---->", "<?pi x?>", "<![CDATA[hunter2]]>", "&#104;unter3", "\r\n", ">")


@st.composite
def elements(draw, depth=4):
    """An element in any spelling, with what may be secret in any place."""
    name, declared = draw(st.sampled_from(ELEMENTS)), draw(st.sampled_from(DECLARATIONS))
    names = draw(st.lists(st.sampled_from(ATTRIBUTES), max_size=2, unique=True)) if draw(st.booleans()) else []
    written = "".join(draw(attributes(each)) for each in names)
    children = st.one_of(texts(), elements(depth - 1)) if depth else texts()
    content = "".join(draw(st.lists(children, max_size=4)))
    blank = draw(st.sampled_from(("", "", " ", "\n")))
    return (
        f"<{name}{declared}{written}{blank}>{content}</{name}{blank}>" if content else f"<{name}{declared}{written}/>"
    )


@st.composite
def attributes(draw, name):
    value, equals = draw(st.sampled_from(TEXTS)), draw(st.sampled_from(("=", " = ", "=\n")))
    quoted = escape(value).replace("'", "&apos;")
    return f" {name}{equals}'{quoted}'" if draw(st.booleans()) else f'\n{name}{equals}"{quoted}"'


@st.composite
def texts(draw):
    if draw(st.integers(0, 15)) == 15:
        return draw(st.sampled_from(MARKUP))
    return escape(draw(st.sampled_from(TEXTS)))


@st.composite
def documents(draw):
    first = draw(st.sampled_from(("", "", '<?xml version="1.0"?>', "<?xml version='1.0' encoding='UTF-8'?>\n", " ")))
    inside = "".join(draw(st.lists(elements(), min_size=1, max_size=3)))
    return f'{first}<e:Envelope xmlns:e="urn:e" xmlns:t="urn:t" {WSSE}>{inside}</e:Envelope>'


@st.composite
def masks(draw):
    mask = build_mask(draw(st.sampled_from(ALL_SECRETS)), draw(st.lists(st.sampled_from(VALUES))), user_name="ada")
    other = replace(mask, replacement="", recognizes=False), replace(mask, mixed=True)
    return draw(st.sampled_from((mask, mask, *other)))


@settings(max_examples=300)
@given(documents(), masks(), st.none() | st.integers(10, 400))
def test_a_body_of_xml_is_masked_in_its_text_as_on_its_tree(document, mask, limit):
    sent = whole_body(document.encode())
    limit = limit or sent.size

    assert mask_xml(sent, mask, limit) == mask_tree(sent, mask, limit, reads_text=False)


@pytest.mark.parametrize("body", [body for body, _ in XML.values()], ids=XML)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig", "iso-8859-1"])
def test_every_example_is_masked_as_on_its_tree(body, encoding):
    sent, mask = whole_body(body.encode(encoding)), build_mask(SECRETS, ["hunter3"], user_name="ada")

    assert mask_xml(sent, mask, sent.size) == mask_tree(sent, mask, sent.size)


NAMES = (
    *("a", "a", "b", "password", "user_pin", "userPin", "caller", "USER_NAME", "AUTH_TOKEN", "secret", "töken"),
    *("hunter3", "", ":password", "\\"),
)
SCALARS = st.sampled_from((*TEXTS, *VALUES, '":password":', "\\", "password", 12345, 1.5, True, None, ""))
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=25,
)


@st.composite
def json_bodies(draw):
    return json.dumps(draw(JSON), ensure_ascii=draw(st.booleans()), indent=draw(st.none() | st.just(2))).encode()


@settings(max_examples=300)
@given(json_bodies(), masks(), st.none() | st.integers(0, 200))
def test_a_body_of_json_is_masked_as_token_by_token(body, mask, limit):
    limit = len(body) if limit is None else limit

    masked = mask_json(whole_body(body), mask, limit)

    assert masked == mask_json(whole_body(body), mask, limit, reads_all=True)


@settings(max_examples=300)
@given(json_bodies(), masks(), st.none() | st.integers(0, 200))
def test_of_an_answer_of_the_hub_the_beginning_is_masked_as_it_would_be_alone(body, mask, limit):
    """The rest behind the limit tells of no other secret, so it is not looked at."""
    limit = len(body) if limit is None else limit

    masked = mask_json(whole_body(body), mask, limit, is_own=True)

    whole = mask_json(whole_body(body), mask, limit, reads_all=True)
    assert masked == whole or len(body) > limit
    assert masked.text is None or not any(value in masked.text for value in mask.values)
    if whole.text is not None and (masked.secrets or not whole.secrets):
        assert masked.text == whole.text


def test_a_secret_that_the_limit_splits_behind_an_escape_is_masked():
    body, mask = json.dumps(['"quoted"']).encode(), build_mask(SECRETS, ['"quoted"'])

    assert mask_json(whole_body(body), mask, 3, is_own=True).text == '["*'


@pytest.mark.parametrize("secret", ['pa"ssword', "pa\\ssword", "pa/ssword", "passwörd", "pass\tword", "pass𝄞word"])
@pytest.mark.parametrize("is_own", [True, False], ids=["own", "of others"])
def test_a_secret_that_json_writes_with_escapes_is_masked(secret, is_own):
    written = {json.dumps([secret], ensure_ascii=plain) for plain in (True, False)}
    written |= {text.replace("/", "\\/") for text in written} | {text.replace("pa", "\\u0070a") for text in written}

    masked = {
        mask_json(whole_body(text.encode()), build_mask(SECRETS, [secret]), 99, is_own=is_own) for text in written
    }

    assert {body.text for body in masked} == {'["***"]'}


def test_what_comes_within_the_limit_as_the_beginning_gets_shorter_is_masked():
    body, mask = b'["a long secret", {"USER_NAME": "hunter3"}]', build_mask(SECRETS, ["a long secret"], user_name="ada")
    mask = replace(mask, names=frozenset({"username"}), secrets=None)

    masked = mask_json(whole_body(body), mask, 30, is_own=True)

    assert masked.text == '["***", {"USER_NAME": "***"}]'


def test_an_answer_that_is_read_whole_is_searched_whole():
    body, mask = b'{"caller": "x", "password": "password"}', Mask(frozenset(), names=frozenset({"caller"}))

    masked = mask_json(whole_body(body), mask, 10, is_own=True)

    assert masked.text == '{"caller":'
    assert masked == mask_json(whole_body(body), mask, 10, reads_all=True)


CALLS = [case for case in CASES if case.values[0].media == "xml"]


@pytest.mark.parametrize("dialect, operation, context", CALLS)
def test_of_the_messages_of_every_dialect_the_text_is_enough(dialect, operation, context):
    """Otherwise they would be masked as they should be, and slowly."""
    request = dialect.build_request(sample(dialect, operation, context), context)
    mask = build_mask(dialect.secrets, ["s3cret <&"], user_name="ada")

    masked = mask_usual_xml(request.body.decode(), mask)

    assert masked is not None
    assert "s3cret" not in masked[0]


def test_where_a_secret_straddles_the_limit_nothing_is_left_of_it():
    body = json.dumps({"a": "x" * 20, "notes": f"it is {JWT} indeed", "b": "y" * 20}).encode()

    for limit in range(len(body)):
        masked = mask_json(whole_body(body), build_mask(SECRETS), limit, is_own=True)
        assert "eyJ" not in masked.text


def test_values_that_end_in_a_sign_of_equality_are_no_names_of_attributes():
    start, digest = """<a xmlns:b="urn:b" b:c = '1'\n d='2'>""", """<P Type="#PasswordDigest">c2VjcmV0==</P>"""

    assert _attribute_names(f"{start}{digest}<e>x y = z</e></a>") == {"xmlns:b", "b:c", "d", "Type", "y"}
