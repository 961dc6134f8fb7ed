"""The WSDL: one self-contained document, which strangers' clients load and our own messages obey."""

import io

import pytest
import zeep
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from records.shapes.fields import Field, Kind
from records.shapes.outcomes import Became, Outcome, failed
from records.shapes.problems import Family, Problem, invalid
from records.shapes.values import EMPTY
from webservices.contracts.keys import currencies, known_keys, languages
from webservices.dialects.oracle.dialect import ORACLE_2_0
from webservices.dialects.oracle.spelling import on_the_wire
from webservices.dialects.oracle.tests.made import CHARACTERS, records
from webservices.dialects.oracle.tests.parts import (
    ADDRESS,
    EXTENDED,
    NOW,
    PART,
    PARTS,
    body_of,
    manner,
    operation,
    read,
)
from webservices.dialects.oracle.wsdl import wsdl
from webservices.messages import Answer, Call, Failure, Password
from webservices.operations import Verb

DOCUMENT = wsdl(EXTENDED, "parts", ADDRESS)
ROOT = etree.fromstring(DOCUMENT)
SCHEMA = etree.XMLSchema(ROOT.find(".//{*}schema"))
OPERATIONS = ["getParts", "addParts", "updateParts", "modifyParts", "deleteParts"]
WSDL = "{http://schemas.xmlsoap.org/wsdl/}"


def valid(element):
    SCHEMA.assertValid(etree.fromstring(etree.tostring(element)))
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
        assert b'<xsd:enumeration value="Tin &amp; lead"/>' in DOCUMENT

    def test_leaves_out_what_the_wire_does_not_carry(self):
        names = {each.get("name") for each in ROOT.iterfind(".//{*}complexType[@name='RecordType']/{*}sequence/*")}

        assert "part_number" in names
        assert names.isdisjoint(ORACLE_2_0.left_out)

    def test_escapes_an_address(self):
        assert b"https://x.example/?a&amp;b" in wsdl(EXTENDED, "parts", "https://x.example/?a&b")


class TestKeys:
    def test_languages_and_currencies_are_known(self):
        assert {"en", "pt_BR", "de"} <= set(languages())
        assert {"USD", "EUR", "JPY"} <= set(currencies())
        assert "DEM" not in currencies()

    def test_choices_go_before(self):
        field = Field("m", Kind.MAP, keys=Field("language", choices=(("en", ""),)), item=Field("t"))

        assert known_keys(field) == ("en",)


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
    Kind.DECIMAL: st.decimals(0, 99999, places=2).map("{:f}".format),
    Kind.BOOLEAN: st.sampled_from(["true", "false", "1", "0"]),
    Kind.DATE: st.dates().map(str),
}


def good_text(field):
    if field.choices:
        return st.sampled_from([value for value, _ in field.choices])
    return GOOD.get(field.kind, st.text(CHARACTERS, min_size=1, max_size=min(field.max_length or 50, 50)))


def good_value(field):
    """Values that the field takes."""
    match field.kind:
        case Kind.MAP:
            entries = st.just(EMPTY) | good_text(field.item)
            return st.just(EMPTY) | st.dictionaries(st.sampled_from(known_keys(field)), entries, min_size=1, max_size=3)
        case Kind.LIST:
            return st.just(EMPTY) | st.lists(good_text(field.item), min_size=1, max_size=3)
    return good_text(field) if field.required else st.just(EMPTY) | good_text(field)


class TestSchema:
    """What we ask and answer is valid against what we describe."""

    @settings(max_examples=50, deadline=None)
    @given(st.lists(records(good_value, required=["number"]), min_size=1, max_size=3), st.sampled_from([0, 1]))
    def test_of_writes(self, given_records, which):
        for verb in (Verb.ADD, Verb.UPDATE, Verb.PUT):
            call = Call(operation(verb), records=given_records, credentials=Password("ada", ""))
            assert valid(body_of(ORACLE_2_0.ask(call, manner(verb, which))))

    @settings(max_examples=50, deadline=None)
    @given(st.lists(records(good_value, required=["number"]), max_size=3), st.booleans())
    def test_of_what_is_found(self, found, cut):
        answer = Answer(operation(Verb.FIND), records=tuple(found), cut=cut, at=NOW)

        assert valid(body_of(ORACLE_2_0.write(answer, manner(Verb.FIND))))

    @pytest.mark.parametrize("verb", [Verb.FIND, Verb.REMOVE])
    def test_of_criteria(self, verb):
        call = Call(operation(verb), records=[{"number": "A"}])

        assert valid(body_of(ORACLE_2_0.ask(call, manner(verb))))

    @pytest.mark.parametrize("verb", [Verb.ADD, Verb.UPDATE, Verb.PUT, Verb.REMOVE])
    def test_of_outcomes(self, verb):
        outcomes = (Outcome(Became.INACTIVATED, "A"), failed("B", invalid("No.")))

        assert valid(body_of(ORACLE_2_0.write(Answer(operation(verb), outcomes, at=NOW, dry=True), manner(verb))))

    @pytest.mark.parametrize("which", [0, 1])
    def test_of_faults(self, which):
        failure = Failure((Problem("x", Family.UNAUTHENTICATED, "No."),), operation(Verb.PUT))
        fault = body_of(ORACLE_2_0.write(failure, manner(which=which)))

        assert valid(fault.find(f".//{{{PARTS}}}fault"))

    REFUSED = [
        ("<bm:part_number/>", "minLength"),
        (f"<bm:part_number>{'x' * 51}</bm:part_number>", "maxLength"),
        ("<bm:part_number>A</bm:part_number><bm:direct_buy>9</bm:direct_buy>", "union"),
        ("<bm:part_number>A</bm:part_number><bm:units>0</bm:units>", "union"),
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


def test_every_field_on_the_wire_is_described():
    described = [each.get("name") for each in ROOT.iterfind(".//{*}complexType[@name='RecordType']/{*}sequence/*")]

    assert len(described) == len(on_the_wire(PART))
