"""The WSDL: one self-contained document, which strangers' clients load and our own messages obey."""

import io
from functools import cache

import pytest
import zeep
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from records.shapes.fields import Kind, MapField, ScalarField
from records.shapes.outcomes import Outcome, Result, failed_outcome
from records.shapes.problems import Family, Problem, invalid_problem
from records.shapes.values import EMPTY
from webservices.wire.contracts.xsd import known_keys
from webservices.wire.credentials import Password, SessionToken
from webservices.wire.dialects.oracle.dialect import ORACLE_1_0, ORACLE_2_0
from webservices.wire.dialects.oracle.headers import VERSION_1_0, VERSION_2_0
from webservices.wire.dialects.oracle.names import answer_fields
from webservices.wire.dialects.oracle.tests.parts import (
    ADDRESS,
    EXTENDED,
    NOW,
    PARTS,
    PLURALS,
    body_of,
    context,
    operation,
    read,
    resource,
)
from webservices.wire.dialects.oracle.tests.strategies import CHARACTERS, records
from webservices.wire.dialects.oracle.wsdl import wsdl
from webservices.wire.messages import Answer, Call, Failure
from webservices.wire.operations import Verb

DOCUMENT = wsdl(VERSION_2_0, "parts", ADDRESS, EXTENDED)
ROOT = etree.fromstring(DOCUMENT)
OPERATIONS = ["getParts", "addParts", "updateParts", "modifyParts", "deleteParts"]
WSDL = "{http://schemas.xmlsoap.org/wsdl/}"


@cache
def schema_of(version, plural):
    root = etree.fromstring(wsdl(version, plural, ADDRESS, EXTENDED))
    return etree.XMLSchema(root.find(".//{*}schema"))


def valid(element, version=VERSION_2_0, plural="parts"):
    schema_of(version, plural).assertValid(etree.fromstring(etree.tostring(element)))
    return True


class TestDocument:
    def test_has_the_five_operations_once_and_bound_twice(self):
        names = [each.get("name") for each in ROOT.iterfind(f"{WSDL}portType/{WSDL}operation")]

        assert names == OPERATIONS
        for binding in ROOT.iterfind(f"{WSDL}binding"):
            assert [each.get("name") for each in binding.iterfind(f"{WSDL}operation")] == OPERATIONS

    def test_declares_its_faults(self):
        faults = ROOT.findall(f"{WSDL}portType/{WSDL}operation/{WSDL}fault")

        assert {fault.get("name") for fault in faults} == {"BusinessLogicException"}
        assert len(faults) == 5

    def test_is_self_contained_and_qualified(self):
        schema = ROOT.find(".//{*}schema")

        assert b"import" not in DOCUMENT
        assert b"include" not in DOCUMENT
        assert (schema.get("elementFormDefault"), schema.get("attributeFormDefault")) == ("qualified", "qualified")

    def test_says_its_address_for_both_versions(self):
        ports = ROOT.findall(f"{WSDL}service/{WSDL}port/*")

        assert [port.get("location") for port in ports] == [ADDRESS, ADDRESS]

    def test_lists_the_custom_fields_of_the_site(self):
        assert b'name="_part_custom_field1"' in DOCUMENT
        assert b"Gold|Tin &amp; lead" in DOCUMENT

    def test_leaves_out_what_the_wire_does_not_carry(self):
        names = {each.get("name") for each in ROOT.iterfind(".//{*}complexType[@name='RecordType']/{*}sequence/*")}

        assert "part_number" in names
        assert names.isdisjoint(ORACLE_2_0.left_out)

    def test_escapes_an_address(self):
        assert b"https://x.example/?a&amp;b" in wsdl(VERSION_2_0, "parts", "https://x.example/?a&b", EXTENDED)


class TestKeys:
    def test_are_the_codes_that_the_field_may_have(self):
        field = MapField("m", keys=ScalarField("language", choices=(("en", ""),)), item=ScalarField("t"))

        assert known_keys(field) == ("en",)
        assert {"USD", "EUR", "JPY"} < {*known_keys(resource("parts").by_name["price"])}


@pytest.fixture(scope="module")
def client():
    return zeep.Client(io.BytesIO(DOCUMENT))


class TestZeep:
    @pytest.mark.parametrize("port", ["PartsPort", "PartsPort12"])
    def test_loads_it_and_makes_messages_that_are_read(self, client, port):
        service = client.bind("PartsService", port)
        record = {
            "part_number": "A",
            "direct_buy": 1,
            "price": {"USD": "10.5", "EUR": ""},
            "company_associations": ["X", "Y"],
            "active": True,
            "_part_custom_tier": "Gold",
        }

        message = client.create_message(service, "modifyParts", Parts={"each_record": [record]})
        call = read(etree.tostring(message))

        assert list(call.records) == [
            {
                "number": "A",
                "direct_buy": "1",
                "price": {"USD": "10.5", "EUR": EMPTY},
                "company_associations": ["X", "Y"],
                "active": "true",
                "custom_tier": "Gold",
            }
        ]


GOOD = {
    Kind.INTEGER: st.sampled_from(["1", "2"]),
    Kind.BOOLEAN: st.sampled_from(["true", "false", "1", "0"]),
    Kind.DATE: st.dates().map(str),
}


def good_text(field):
    if field.choices:
        return st.sampled_from([value for value, _ in field.choices])
    if field.kind is Kind.DECIMAL:
        most = 99 if field.maximum is None else field.maximum
        return st.decimals(field.minimum or 0, most, places=2).map("{:f}".format)
    return GOOD.get(field.kind, st.text(CHARACTERS, min_size=1, max_size=min(field.max_length or 50, 50)))


def good_value(field):
    """Values that the field takes."""
    match field.kind:
        case Kind.MAP:
            entries = st.just(EMPTY) | good_text(field.item)
            return st.just(EMPTY) | st.dictionaries(st.sampled_from(known_keys(field)), entries, min_size=1, max_size=3)
        case Kind.LIST:
            return st.just(EMPTY) | st.lists(good_text(field.item), min_size=1, max_size=3)
        case Kind.ROWS:
            needed = [each.name for each in field.child.fields if each.required]
            return st.just(EMPTY) | st.lists(records(field.child, good_value, needed), min_size=1, max_size=2)
    has_always_one = field.required or (field.kind is Kind.BOOLEAN and not field.nullable)
    return good_text(field) if has_always_one else st.just(EMPTY) | good_text(field)


EVERYWHERE = pytest.mark.parametrize(
    "dialect, version, plural",
    [
        pytest.param(dialect, version, plural, id=f"{version.name}-{plural}")
        for dialect, version in ((ORACLE_2_0, VERSION_2_0), (ORACLE_1_0, VERSION_1_0))
        for plural in PLURALS
    ],
)


def made(plural):
    """Good records, with their keys."""
    of = resource(plural)
    return records(of, good_value, required=of.key)


class TestSchema:
    """What we ask and answer is valid against what we describe."""

    @EVERYWHERE
    @settings(max_examples=20)
    @given(st.data(), st.sampled_from([0, 1]))
    def test_of_writes(self, dialect, version, plural, data, which):
        given_records = data.draw(st.lists(made(plural), min_size=1, max_size=3))
        for verb in (Verb.ADD, Verb.UPDATE, Verb.PUT):
            asked = operation(verb, plural)
            call = Call(asked, records=given_records, credentials=dialect.credentials(asked, Password("ada", "x")))
            assert valid(body_of(dialect.build_request(call, dialect.contexts(asked)[which])), version, plural)

    @EVERYWHERE
    @settings(max_examples=20)
    @given(st.data(), st.booleans())
    def test_of_what_is_found(self, dialect, version, plural, data, cut):
        asked = operation(Verb.FIND, plural)
        found = data.draw(st.lists(made(plural), max_size=3))
        answer = Answer(asked, records=tuple(found), cut=cut, at=NOW)

        assert valid(body_of(dialect.write(answer, dialect.contexts(asked)[0])), version, plural)

    @EVERYWHERE
    @pytest.mark.parametrize("verb", [Verb.FIND, Verb.REMOVE])
    def test_of_criteria(self, dialect, version, plural, verb):
        asked = operation(verb, plural)
        call = Call(asked, records=[dict.fromkeys(asked.resource.key, "A")])

        assert valid(body_of(dialect.build_request(call, dialect.contexts(asked)[0])), version, plural)

    @pytest.mark.parametrize("verb", [Verb.ADD, Verb.UPDATE, Verb.PUT, Verb.REMOVE])
    def test_of_outcomes(self, verb):
        outcomes = (Outcome(Result.INACTIVATED, "A"), failed_outcome("B", invalid_problem("No.")))

        assert valid(body_of(ORACLE_2_0.write(Answer(operation(verb), outcomes, at=NOW, dry=True), context(verb))))

    @pytest.mark.parametrize("which", [0, 1])
    def test_of_faults(self, which):
        failure = Failure((Problem("x", Family.UNAUTHENTICATED, "No."),), operation(Verb.PUT))
        fault = body_of(ORACLE_2_0.write(failure, context(which=which)))

        assert valid(fault.find(f".//{{{PARTS}}}fault"))

    REFUSED = [
        ("<bm:part_number/>", "minLength"),
        (f"<bm:part_number>{'x' * 51}</bm:part_number>", "maxLength"),
        ("<bm:part_number>A</bm:part_number><bm:direct_buy>two</bm:direct_buy>", "pattern"),
        ("<bm:part_number>A</bm:part_number><bm:price><bm:USD>1,5</bm:USD></bm:price>", "pattern"),
        ("<bm:part_number>A</bm:part_number><bm:colour>red</bm:colour>", "colour"),
    ]

    @pytest.mark.parametrize("content, reason", REFUSED)
    def test_refuses_what_the_core_would(self, content, reason):
        asked = (
            f'<bm:addParts xmlns:bm="{PARTS}"><bm:Parts><bm:each_record>{content}</bm:each_record>'
            "</bm:Parts></bm:addParts>"
        )

        with pytest.raises(etree.DocumentInvalid, match=reason):
            valid(etree.fromstring(asked))


@EVERYWHERE
def test_every_field_is_described(dialect, version, plural):
    root = etree.fromstring(wsdl(version, plural, ADDRESS, EXTENDED))
    described = [each.get("name") for each in root.iterfind(".//{*}complexType[@name='RecordType']/{*}sequence/*")]

    assert len(described) == len(answer_fields(resource(plural)))


def test_a_number_that_is_drawn_may_be_left_out():
    record = '<a:addCustomers xmlns:a="http://xmlns.oracle.com/cpqcloud/customers"><a:Customers><a:each_record>{}'
    record += "</a:each_record></a:Customers></a:addCustomers>"

    assert valid(etree.fromstring(record.format("<a:company>Acme</a:company>")), plural="customers")
    assert valid(etree.fromstring(record.format("<a:customer_number/>")), plural="customers")


class TestHeaders:
    """Version 1.0 declares its header blocks."""

    @pytest.mark.parametrize("plural", VERSION_1_0.services)
    def test_are_declared_for_every_operation_but_the_session_for_login(self, plural):
        root = etree.fromstring(wsdl(VERSION_1_0, plural, ADDRESS, EXTENDED))

        for operation_bound in root.iterfind(f"{WSDL}binding/{WSDL}operation"):
            parts = [each.get("part") for each in operation_bound.iterfind(f"{WSDL}input/{{*}}header")]
            session = [] if operation_bound.get("name") == "login" else ["userInfo"]
            assert parts == [*session, "category", "xsdInfo"]

    def test_are_valid_as_we_ask_them(self):
        asked = operation(Verb.PUT)
        call = Call(asked, records=[{"number": "A"}], credentials=SessionToken("a!1!2"))
        message = etree.fromstring(ORACLE_1_0.build_request(call, ORACLE_1_0.contexts(asked)[0]).body)

        assert all(valid(block, VERSION_1_0) for block in message[0])

    def test_may_have_an_actor(self):
        block = (
            '<bm:category xmlns:bm="urn:soap.bigmachines.com" xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" '
            's:actor="http://schemas.xmlsoap.org/soap/actor/next" s:mustUnderstand="1">Parts</bm:category>'
        )

        assert valid(etree.fromstring(block), VERSION_1_0)
