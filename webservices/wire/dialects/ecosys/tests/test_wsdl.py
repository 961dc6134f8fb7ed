"""The WSDL of an API, and the schema of REST XML: made of its columns, switches and parameters."""

from dataclasses import replace

import pytest
from lxml import etree

from webservices.declarations import OPERATIONS
from webservices.wire.contracts.examples import stored_example
from webservices.wire.dialects.ecosys.context import RestContext, SoapContext
from webservices.wire.dialects.ecosys.dialect import ECOSYS_REST_XML
from webservices.wire.dialects.ecosys.names import DEFAULT_APIS_BY_PLURAL
from webservices.wire.dialects.ecosys.schema import rest_schema
from webservices.wire.dialects.ecosys.tests.apis import READ_ONLY, SAMPLE, STRICT
from webservices.wire.dialects.ecosys.tests.seed import DELETE, UPDATE
from webservices.wire.dialects.ecosys.wsdl import wsdl
from webservices.wire.messages import Answer
from webservices.wire.operations import Verb

WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
XSD = "{http://www.w3.org/2001/XMLSchema}"
ADDRESS = "https://hub.example/ecosys/api/soap/SampleObject"


def parse_wsdl(api=SAMPLE):
    return etree.fromstring(wsdl(SoapContext(api), ADDRESS, OPERATIONS))


def names(root, path):
    return [each.get("name") for each in root.iterfind(path)]


def schema(api=SAMPLE):
    return etree.XMLSchema(etree.fromstring(etree.tostring(parse_wsdl(api).find(f".//{XSD}schema"))))


class TestWsdl:
    def test_names_operations_messages_and_elements_as_the_vendor_does(self):
        root = parse_wsdl()

        assert names(root, f"{WSDL}portType/{WSDL}operation") == [
            "ReadSampleObject", "CreateSampleObject", "UpdateSampleObject", "CreateOrUpdateSampleObject",
            "DeleteSampleObject",
        ]  # fmt: skip
        messages = {
            message.get("name"): message[0].get("element").partition(":")[2]
            for message in root.iterfind(f"{WSDL}message")
        }
        assert messages == {
            "SampleObjectReadRequest": "SampleObjectReadRequestElement",
            "SampleObjectReadResponse": "SampleObjectReadResponseElement",
            "SampleObjectCreateRequest": "SampleObjectCreateRequestElement",
            "SampleObjectCreateResponse": "SampleObjectWriteResponseElement",
            "SampleObjectUpdateRequest": "SampleObjectUpdateRequestElement",
            "SampleObjectUpdateResponse": "SampleObjectWriteResponseElement",
            "SampleObjectCreateOrUpdateRequest": "SampleObjectCreateOrUpdateRequestElement",
            "SampleObjectCreateOrUpdateResponse": "SampleObjectWriteResponseElement",
            "SampleObjectDeleteRequest": "SampleObjectDeleteRequestElement",
            "SampleObjectDeleteResponse": "SampleObjectWriteResponseElement",
        }

    def test_has_the_operations_alone_that_are_switched_on(self):
        root = parse_wsdl(READ_ONLY)

        assert names(root, f"{WSDL}portType/{WSDL}operation") == ["ReadReadOnly"]
        assert names(root, f".//{XSD}schema/{XSD}element") == [
            "ReadOnlyReadRequestElement",
            "ReadOnlyReadResponseElement",
        ]

    def test_leaves_what_is_inside_the_wrapper_in_no_namespace(self):
        found = parse_wsdl().find(f".//{XSD}schema")

        assert found.get("elementFormDefault") == found.get("attributeFormDefault") == "unqualified"
        assert found.get("targetNamespace") == "http://ecosys.net/api/SampleObject"

    def test_has_parameters_where_the_api_has_some(self):
        assert "SampleObjectParametersType" in names(parse_wsdl(), f".//{XSD}complexType")
        without = parse_wsdl(replace(SAMPLE, parameters=()))
        assert "SampleObjectParametersType" not in names(without, f".//{XSD}complexType")
        assert "SampleObjectParameters" not in names(without, f".//{XSD}element")

    def test_asks_for_parameters_that_are_required(self):
        given = parse_wsdl(STRICT).find(f".//{XSD}element[@name='StrictParameters']")

        assert given.get("minOccurs") is None
        assert parse_wsdl().find(f".//{XSD}element[@name='SampleObjectParameters']").get("minOccurs") == "0"

    @pytest.mark.parametrize("message", [UPDATE, DELETE], ids=["update", "delete"])
    def test_the_base_text_is_valid(self, message):
        schema().assertValid(etree.fromstring(etree.tostring(etree.fromstring(message)[-1][0])))


class TestRestSchema:
    @pytest.mark.parametrize("plural, api", DEFAULT_APIS_BY_PLURAL.items())
    def test_answers_are_valid(self, plural, api):
        found = etree.XMLSchema(etree.fromstring(rest_schema(RestContext(api), OPERATIONS)))
        find = OPERATIONS.get(plural, Verb.FIND)
        context = RestContext(api, meta=True, address="https://hub.example/a", page_size=1)

        answer = ECOSYS_REST_XML.write(Answer(find, records=(stored_example(find.resource),), cut=True), context)

        found.assertValid(etree.fromstring(answer.body))
        assert b"<nextPage>" in answer.body
