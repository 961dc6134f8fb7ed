"""The OpenAPI document: valid, true of real answers and real requests, and its pages."""

import json
from datetime import date
from functools import cache

import pytest
from django.test import Client
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import validate

from records.models import CustomField
from records.tests.cast import table
from webservices.declarations import OPERATIONS
from webservices.tests.rest_client import Rest
from webservices.wire.dialects.rest.openapi.document import document
from webservices.wire.json import write_json


@pytest.fixture
def rest(ada):
    return Rest("ada", "ada-ada!")


@cache
def openapi():
    """The document, made once: nobody here changes it."""
    return json.loads(write_json(document(OPERATIONS)))


def problems(schema, found, whole=None):
    """What jsonschema says against a value, its references resolved in the document."""
    whole = whole or openapi()
    validator = Draft202012Validator({**schema, "components": whole["components"]}, format_checker=FormatChecker())
    return [f"{list(error.path)}: {error.message}" for error in validator.iter_errors(found)]


def schema_of(reply, method, path):
    """The schema that the document gives to an answer."""
    response = openapi()["paths"][path][method]["responses"][str(reply.status)]
    if "$ref" in response:
        response = openapi()["components"]["responses"][response["$ref"].rpartition("/")[2]]
    return response["content"][reply["Content-Type"]]["schema"]


class TestTheDocument:
    def test_is_openapi_3_1(self):
        validate(openapi())

    def test_has_examples_that_are_valid(self):
        checked = [*examples(openapi())]

        assert [problems(schema, example) for schema, example in checked] == [[]] * len(checked)
        assert len(checked) > 20

    def test_has_a_parameter_for_every_filter(self):
        found = openapi()["paths"]["/api/v1/parts/"]["get"]

        names = {each["name"] for each in found["parameters"]}
        assert {"number", "price", "changed_at", "search", "cursor", "limit"} <= names
        assert "?lead_time__gt=3" in found["description"]

    def test_says_that_absent_stays(self):
        assert (
            "What is absent from the body stays" in openapi()["paths"]["/api/v1/parts/{number}/"]["put"]["description"]
        )

    def test_is_written_from_the_fields(self):
        fields = openapi()["components"]["schemas"]["PartInput"]["properties"]

        assert fields["number"] == {
            "title": "Part number",
            "description": "Unique and case-sensitive. Text, at most 50 characters",
            "type": "string",
            "maxLength": 50,
            "minLength": 1,
            "pattern": r"^\s*\S[\s\S]*$",
            "examples": ["PUMP-100"],
        }
        assert fields["direct_buy"]["type"] == ["integer", "null"]
        assert fields["direct_buy"]["then"] == {"enum": [0, 1, 2]}
        assert "default 1" in fields["direct_buy"]["description"]


def examples(found, schema=None):
    """Every example of a document, with the schema that it must meet."""
    if isinstance(found, dict):
        for example in found.get("examples", []) if isinstance(found.get("examples"), list) else []:
            yield {name: each for name, each in found.items() if name != "examples"}, example
        if "example" in found and "schema" in found:
            yield found["schema"], found["example"]
        for each in found.values():
            yield from examples(each)
    elif isinstance(found, list):
        for each in found:
            yield from examples(each)


FULL = {
    "number": "A",
    "units": 2,
    "price": {"USD": "1"},
    "description": {"en": "x"},
    "attachments": ["https://a.example"],
}

ANSWERS = {
    "a list": ("get", "parts/", None, "/api/v1/parts/"),
    "an empty list": ("get", "parts/?number=none", None, "/api/v1/parts/"),
    "one": ("get", "parts/FULL/", None, "/api/v1/parts/{number}/"),
    "one without values": ("get", "parts/BARE/", None, "/api/v1/parts/{number}/"),
    "none": ("get", "parts/NONE/", None, "/api/v1/parts/{number}/"),
    "an add": ("post", "parts/", {"number": "NEW"}, "/api/v1/parts/"),
    "an add that fails": ("post", "parts/", {"number": "BARE"}, "/api/v1/parts/"),
    "a put": ("put", "parts/FULL/", {"units": 7}, "/api/v1/parts/{number}/"),
    "a put that creates": ("put", "parts/NEW/", {}, "/api/v1/parts/{number}/"),
    "an update": ("patch", "parts/FULL/", {"units": 7}, "/api/v1/parts/{number}/"),
    "a batch": ("post", "parts/batch/", {"verb": "put", "records": [{"number": "N"}]}, "/api/v1/parts/batch/"),
    "a batch that finds": ("post", "parts/batch/", {"verb": "find"}, "/api/v1/parts/batch/"),
    "a batch that fails": ("post", "parts/batch/", {"verb": "put", "records": [{}, {}]}, "/api/v1/parts/batch/"),
    "a body that is none": ("post", "parts/", b"{", "/api/v1/parts/"),
    "a filter that is none": ("get", "parts/?x=1", None, "/api/v1/parts/"),
}


@pytest.mark.parametrize("method, target, body, path", table(ANSWERS))
def test_is_true_of_answers(rest, method, target, body, path):
    rest.post("parts/", [FULL | {"number": "FULL"}, {"number": "BARE"}])

    reply = getattr(rest, method)(target, body)

    assert problems(schema_of(reply, method, path), reply.json) == []


SENT = {
    "what a get answered": ("PartInput", None, True),
    "every kind of value": ("NewPart", FULL, True),
    "what clears": ("PartInput", {"units": None, "notes": "", "price": {"USD": None}, "attachments": None}, True),
    "money as text": ("PartInput", {"price": {"USD": "1.50"}}, True),
    "a batch": ("PartBatch", {"verb": "put", "records": [{"number": "A", "version": 3}], "dry_run": True}, True),
    "a removal by criteria": ("PartBatch", {"verb": "remove", "criteria": [{"field": "number", "value": "A"}]}, True),
    "no number": ("NewPart", {"units": 1}, False),
    "an unknown field": ("PartInput", {"untis": 1}, False),
    "too long": ("PartInput", {"number": "A" * 51}, False),
    "too small": ("PartInput", {"units": 0}, False),
    "a choice that is none": ("PartInput", {"direct_buy": 3}, False),
    "a currency that is none": ("PartInput", {"price": {"Dollar": "1"}}, False),
    "a number that is none": ("PartInput", {"price": {"USD": "one"}}, False),
    "an unknown verb": ("PartBatch", {"verb": "upsert", "records": []}, False),
    "a batch without a number": ("PartBatch", {"verb": "put", "records": [{}]}, False),
    "nothing to remove": ("PartBatch", {"verb": "remove"}, False),
}


@pytest.mark.parametrize("name, body, taken", table(SENT))
def test_says_what_is_taken(rest, name, body, taken):
    if body is None:
        body = rest.put("parts/FULL/", FULL | {"number": "FULL"}).json

    assert (problems(openapi()["components"]["schemas"][name], body) == []) is taken


class TestCustomFields:
    @pytest.fixture(autouse=True)
    def _defined(self, db):
        CustomField.objects.create(resource="part", name="tier", label="Tier", type="menu", choices=["gold", "tin"])
        CustomField.objects.create(resource="part", name="7", label="Weight", type="number")
        CustomField.objects.create(resource="part", name="sold", label="Sold", type="date", required=True)

    def test_are_in_the_document_and_in_the_records(self, rest):
        schema = Client().get("/api/v1/schema/").json()
        names = {
            field.get("title"): name
            for name, field in schema["components"]["schemas"]["PartInput"]["properties"].items()
        }
        tier, weight, sold = names["Tier"], names["Weight"], names["Sold"]

        reply = rest.put("parts/A/", {tier: "gold", weight: 1.5, sold: date(2026, 1, 31).isoformat()})

        assert reply.status == 201
        assert (reply.json[tier], reply.json[weight], reply.json[sold]) == ("gold", "1.5", "2026-01-31")
        assert problems(schema["components"]["schemas"]["Part"], reply.json, schema) == []
        assert rest.put("parts/A/", reply.response.content)["X-Outcome"] == "unchanged"
        assert [part["number"] for part in rest.get(f"parts/?{tier}=gold&{weight}__gt=1").json["results"]] == ["A"]

    def test_leave_the_document_valid(self):
        schema = Client().get("/api/v1/schema/").json()

        validate(schema)
        assert [problems(*each, schema) for each in examples(schema)] == [[]] * len([*examples(schema)])


class TestThePages:
    def test_need_no_credentials(self, db):
        assert Client().get("/api/v1/schema/").status_code == 200
        assert Client().get("/api/v1/docs/").status_code == 200

    def test_need_them_when_the_site_says_so(self, ada, settings):
        settings.PUBLIC_CONTRACTS = False
        browser = Client()
        browser.force_login(ada)

        for page in ("schema/", "docs/"):
            assert Rest().get(page).status == 401
            assert Rest("ada", "ada-ada!").get(page).status == 200
            assert Rest(client=browser).get(page).status == 200
        assert Rest("ada", "wrong").get("schema/").status == 401

    def test_are_not_sent_twice(self, db):
        first = Client().get("/api/v1/schema/")

        again = Client().get("/api/v1/schema/", headers={"if-none-match": first["ETag"]})

        assert again.status_code == 304

    def test_of_the_documentation_come_from_this_machine_alone(self, db):
        response = Client().get("/api/v1/docs/")

        page = response.content.decode()
        assert "http" not in page
        assert page.count("<script") == page.count("<script src=")
        assert "script-src 'self';" in response["Content-Security-Policy"]
        assert "unsafe" not in response["Content-Security-Policy"]
