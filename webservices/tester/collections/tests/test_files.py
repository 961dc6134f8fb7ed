"""Collections as files: written and read again, and as Postman, SoapUI and OpenAPI have them."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from lxml import etree
from openapi_spec_validator import validate

from records.tests.cast import table
from webservices.tester.collections.export_soapui import SOAPUI
from webservices.tester.collections.exports import EXPORTS
from webservices.tester.collections.files import (
    CallContent,
    CollectionContent,
    read_collection,
    read_file,
    save_content,
    write_file,
)
from webservices.tester.errors import TesterError
from webservices.tester.models import Collection

TEXT = {"content-type": "text/xml; charset=UTF-8", "soapaction": '""'}
WHOLE = CollectionContent(
    "Parts & more",
    "What every release must do.",
    {"number": "P-1"},
    [
        CallContent(
            "adds a part",
            "POST",
            "/v2_0/receiver/parts",
            "oracle-2.0",
            "parts.add",
            TEXT,
            "<a>{{number}} &amp; more</a>",
            [
                {"kind": "status", "value": "200"},
                {"kind": "time", "comparator": "<", "value": "500"},
                {"kind": "valid"},
            ],
            [{"name": "id", "path": "//id"}],
            ["*.message"],
        ),
        CallContent("finds it", "GET", "/api/v1/parts/{{number}}/?units=1", headers={"accept": "application/json"}),
        CallContent(
            "changes it", "PATCH", "/api/v1/parts/{{number}}/", headers={"content-type": "application/json"}, body="{}"
        ),
    ],
)
CALL = {"name": "a", "method": "POST", "target": "/x"}
WRONG = {
    "no JSON": (b"{", "The body is not JSON"),
    "a list": (b"[]", 'it has no "counterpart": 1'),
    "another format": ({"counterpart": 2}, 'it has no "counterpart": 1'),
    "no name": ({"counterpart": 1, "calls": []}, "has a name"),
    "no calls": ({"counterpart": 1, "name": "x"}, "a list of calls"),
    "values that are no object": ({"counterpart": 1, "name": "x", "calls": [], "values": []}, "are an object"),
    "a value without a name": ({"counterpart": 1, "name": "x", "calls": [], "values": {"1": ""}}, "is no name"),
    "a NUL": (b'{"counterpart": 1, "name": "x", "calls": [{"name": "a\\u0000"}]}', "holds a NUL"),
    "a call that is no object": ({"counterpart": 1, "name": "x", "calls": [1]}, "Call 1 is no object"),
    "a call without a target": ({"counterpart": 1, "name": "x", "calls": [{"name": "a"}]}, "Call 1 is not complete"),
    "an unknown member": ({"counterpart": 1, "name": "x", "calls": [{**CALL, "colour": 1}]}, "Call 1 has 'colour'"),
    "another method": ({"counterpart": 1, "name": "x", "calls": [{**CALL, "method": "TRACE"}]}, "A method is one of"),
    "a wrong check": ({"counterpart": 1, "name": "x", "calls": [{**CALL, "checks": [{"kind": "?"}]}]}, "the kinds"),
    "a wrong capture": ({"counterpart": 1, "name": "x", "calls": [{**CALL, "captures": [{"name": "a"}]}]}, "a path"),
    "a body that is no text": ({"counterpart": 1, "name": "x", "calls": [{**CALL, "body": 1}]}, "are texts"),
    "headers that are no object": ({"counterpart": 1, "name": "x", "calls": [{**CALL, "headers": 1}]}, "not complete"),
    "two calls of one name": ({"counterpart": 1, "name": "x", "calls": [CALL, CALL]}, "Two calls have the name 'a'"),
}


@pytest.mark.parametrize("file, sentence", table(WRONG))
def test_a_file_that_is_no_collection_says_why(file, sentence):
    with pytest.raises(TesterError, match=r"\.$") as refused:
        read_file(file if isinstance(file, bytes) else json.dumps(file).encode())

    assert sentence in str(refused.value)


def test_a_collection_is_written_and_read_again():
    assert read_file(write_file(WHOLE).encode()) == WHOLE


TEXTS = some.text(some.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=40)


@settings(max_examples=50)
@given(TEXTS, TEXTS)
def test_whatever_is_in_it(name, body):
    content = CollectionContent("x", "", {}, [CallContent(name, "POST", "/x", body=body)])

    assert read_file(write_file(content).encode()) == content
    for export in EXPORTS:
        assert export.write(content, "https://hub.example")[0]


def test_a_collection_is_kept_under_a_free_name(db):
    kept = [save_content(WHOLE, owner_id=None) for _ in range(3)]

    assert [collection.name for collection in kept] == ["Parts & more", "Parts & more 2", "Parts & more 3"]
    again = read_collection(Collection.objects.get(pk=kept[0].pk))
    assert again == WHOLE


def written(name):
    return next(export for export in EXPORTS if export.name == name).write(WHOLE, "https://hub.example")[0]


def test_postman_has_requests_variables_and_tests():
    collection = json.loads(written("postman"))

    first, second, _ = collection["item"]
    assert collection["info"]["schema"].endswith("/v2.1.0/collection.json")
    assert {"key": "number", "value": "P-1"} in collection["variable"]
    assert first["request"]["url"] == "{{hub-address}}/v2_0/receiver/parts"
    assert first["request"]["body"]["raw"] == "<a>{{number}} &amp; more</a>"
    assert "to.have.status(200)" in "".join(first["event"][0]["script"]["exec"])
    assert "body" not in second["request"]


def test_soapui_has_steps_and_properties():
    project = etree.fromstring(written("soapui").encode())

    names = {"con": SOAPUI}
    steps = project.findall(".//con:testStep[@type='httprequest']", names)
    assert [step.get("name") for step in steps] == ["adds a part", "finds it", "changes it"]
    assert project.findtext(".//con:endpoint", namespaces=names) == "${#Project#hub-address}/v2_0/receiver/parts"
    assert project.findtext(".//con:request", namespaces=names) == "<a>${#Project#number} &amp; more</a>"
    properties = {each[0].text: each[1].text for each in project.findall("con:properties/con:property", names)}
    assert (properties["hub-address"], properties["number"]) == ("https://hub.example", "P-1")
    assert project.findtext(".//con:assertion/con:configuration/codes", namespaces=names) == "200"


def test_openapi_is_valid():
    has_schema = json.loads(written("openapi"))

    validate(has_schema)
    patched = has_schema["paths"]["/api/v1/parts/{number}/"]["patch"]
    assert patched["requestBody"]["content"]["application/json"]["examples"]["changes it"] == {"value": "{}"}
    assert {each["name"] for each in has_schema["paths"]["/api/v1/parts/{number}/"]["get"]["parameters"]} == {
        "number",
        "units",
    }
