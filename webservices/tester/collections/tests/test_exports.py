"""Collections for other programs: they sign in, check, say what they cannot, and come back as they were."""

import json
import re
from dataclasses import replace

import pytest
from lxml import etree

from records.tests.cast import table
from webservices.tester.collections.export_postman import MADE_OF, read_steps
from webservices.tester.collections.export_soapui import SOAPUI
from webservices.tester.collections.exports import EXPORTS
from webservices.tester.collections.files import DEFAULT_CHECKS, CallContent, CollectionContent, save_content
from webservices.tester.collections.imports import import_file
from webservices.tester.collections.tests.test_files import WHOLE
from webservices.tests.test_endpoint import ADD, PARTS, envelope

pytestmark = pytest.mark.django_db
ADDRESS = "https://hub.example"
JSON = {"content-type": "application/json"}
ORACLE_1_0 = (
    '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:bm="urn:soap.bigmachines.com"><e:Header>'
    "<bm:userInfo><bm:sessionId></bm:sessionId></bm:userInfo></e:Header><e:Body><bm:getParts/></e:Body></e:Envelope>"
)
CHECKS = [
    {"kind": "status", "value": "2xx"},
    {"kind": "fault", "value": "false"},
    {"kind": "value", "path": "//bm:status/bm:success", "comparator": "=", "value": "true"},
    {"kind": "value", "path": "//records_inserted", "comparator": ">=", "value": "1"},
    {"kind": "value", "path": "//message", "comparator": "contains", "value": "{{number}}"},
    {"kind": "value", "path": "//message[1]", "comparator": "!=", "value": "none"},
    {"kind": "value", "path": "//success", "comparator": "exists"},
    {"kind": "value", "path": "//success", "comparator": "matches", "value": "^t.*e$"},
    {"kind": "time", "comparator": "<=", "value": "5000"},
    {"kind": "outcome", "path": "created", "comparator": "=", "value": "1"},
    {"kind": "value", "path": "count(//success) ", "comparator": "=", "value": "1"},
    {"kind": "valid"},
]
FULL = CollectionContent(
    "Everything & more",
    "What is sent\nbefore a release.",
    {"number": "P-7", "address": "Main Street <1>"},
    [
        CallContent(
            "adds", "POST", PARTS, "oracle-2.0", "parts.add", {"content-type": "text/xml; charset=UTF-8"},
            envelope(ADD.replace("P-1", "{{number}}"), word="").decode(), CHECKS,
            [{"name": "done", "path": "//success"}], ["*.message"],
        ),
        CallContent(
            "finds", "GET", "/api/v1/parts/{{number}}/?a=1", "rest", "parts.show", {"accept": "application/json"}, "",
            [{"kind": "value", "path": "$.number", "comparator": "=", "value": "{{number}}"}],
            [{"name": "id", "path": "$.id"}],
        ),
        CallContent("without checks", "PUT", "/api/v1/parts/{{number}}/", "rest", "", JSON, '{"units": "{{id}}"}'),
        CallContent("in bob's name", "POST", PARTS, "oracle-2.0", "", {}, envelope(user="bob", word="").decode()),
        CallContent("with a session", "POST", "/v1_0/receiver", "oracle-1.0", "", {}, ORACLE_1_0, [CHECKS[1]]),
        CallContent("by token", "POST", "/api/part-read", "expandable", "", JSON, '{"PART_ID":"P","AUTH_TOKEN":""}'),
    ],
)  # fmt: skip


def written(name, content=FULL):
    return next(export for export in EXPORTS if export.name == name).write(content, ADDRESS)


@pytest.mark.parametrize("content", [WHOLE, FULL], ids=["small", "full"])
@pytest.mark.parametrize("name", [export.name for export in EXPORTS])
def test_what_is_exported_comes_back_as_it_was(name, content):
    known = [replace(call, dialect=call.dialect or "rest") for call in content.calls]  # an import finds it out

    again = import_file(written(name, content)[0].encode())

    assert again == (content if name in ("counterpart", "openapi") else replace(content, calls=known))


class TestCredentials:
    def test_are_variables_where_the_wire_has_them(self):
        items = {item["name"]: item["request"] for item in json.loads(written("postman")[0])["item"]}

        assert "<w:Username>{{hub-username}}</w:Username>" in items["adds"]["body"]["raw"]
        assert ">{{hub-password}}</w:Password>" in items["adds"]["body"]["raw"]
        assert "<w:Username>{{hub-username-2}}</w:Username>" in items["in bob's name"]["body"]["raw"]
        assert ">{{hub-password-2}}</w:Password>" in items["in bob's name"]["body"]["raw"]
        assert items["adds"]["auth"] == {"type": "noauth"}
        assert "auth" not in items["finds"]

    def test_of_a_session_come_from_a_call_that_opens_it(self):
        items = {item["name"]: item for item in json.loads(written("postman")[0])["item"]}

        assert list(items)[:2] == ["Sign in: Oracle CPQ 1.0", "Sign in: Expandable"]
        assert "{{hub-password}}" in items["Sign in: Oracle CPQ 1.0"]["request"]["body"]["raw"]
        assert 'pm.collectionVariables.set("hub-sessionId"' in script(items["Sign in: Oracle CPQ 1.0"])
        assert "<bm:sessionId>{{hub-sessionId}}<" in items["with a session"]["request"]["body"]["raw"]
        assert '"AUTH_TOKEN":"{{hub-AUTH_TOKEN}}"' in items["by token"]["request"]["body"]["raw"]

    @pytest.mark.parametrize("name", ["postman", "soapui", "openapi"])
    def test_are_no_empty_password_and_no_value(self, name):
        text = written(name)[0].partition("x-counterpart")[0]

        assert not re.search(r"(?:<|&lt;)(?:\w+:)?(Password|sessionId)\b[^<>&]*(?:>|&gt;)(?:<|&lt;)/", text)
        assert "hub-password" in text


def script(item):
    return "\n".join(item["event"][0]["script"]["exec"])


class TestWarnings:
    @pytest.mark.parametrize(
        "name, left_out",
        table(
            {
                "Postman": ("postman", ["records", "count(//success)", "valid", "run before"]),
                "SoapUI": ("soapui", ["records", "count(//success)", "valid", "run before"]),
            }
        ),
    )
    def test_name_each_thing_that_could_not_travel(self, name, left_out):
        file, warnings = written(name)

        assert len(warnings) == len(left_out)
        assert "count(//success)" in warnings[1]
        assert all(warning.startswith("adds: ") and warning.endswith(".") for warning in warnings)
        description = json.loads(file)["info"]["description"] if name == "postman" else etree.fromstring(
            file.encode()).findtext(f"{{{SOAPUI}}}description")  # fmt: skip
        assert "\n".join(warnings) in description

    def test_stand_on_the_page(self, client, ada):
        client.force_login(ada)
        collection = save_content(FULL, owner_id=None)

        page = client.get(f"/admin/webservices/collections/{collection.link}/").content.decode()

        assert "Postman: 4 things cannot be said in its file" in page
        assert (
            "adds: the check valid against the contract is left out, as only this hub has the contract at hand." in page
        )


class TestChangedElsewhere:
    def test_tests_of_postman_count_as_they_are_now(self):
        collection = json.loads(written("postman")[0])
        lines = collection["item"][2]["event"][0]["script"]["exec"]
        collection["item"][2]["event"][0]["script"]["exec"] = [lines[0], "pm.response.to.have.status(201);"]

        (call,) = [call for call in import_file(json.dumps(collection).encode()).calls if call.name == "adds"]

        assert lines[0].startswith(MADE_OF)
        assert call.checks == [{"kind": "status", "value": "201"}]

    def test_assertions_of_soapui_count_as_they_are_now(self):
        changed = written("soapui")[0].replace("<SLA>5000</SLA>", "<SLA>50</SLA>")

        call = import_file(changed.encode()).calls[0]

        assert call.checks == DEFAULT_CHECKS


ASSERTIONS = {
    "no fault": ("fault", "false", "not(exists(/*:Envelope/*:Body/*:Fault))"),
    "equal": ("//bm:a/b", "= x", 'exists(//*:a/*:b[normalize-space(.) = normalize-space("x")])'),
    "a number": ("//a", "> 5", 'exists(//*:a[number(.) > number("5")])'),
    "contains": ("//a[2]", "contains x", 'exists(//*:a[2][contains(., "x")])'),
    "unequal": ("//a/@b", "!= x", 'not(exists(//*:a/@*:b[normalize-space(.) = normalize-space("x")]))'),
}


@pytest.mark.parametrize("path, condition, xpath", table(ASSERTIONS))
def test_soapui_asserts_by_xpath(path, condition, xpath):
    comparator, _, value = condition.rpartition(" ")
    check = {"kind": "value", "path": path, "comparator": comparator, "value": value}
    if path == "fault":
        check = {"kind": "fault", "value": "false"}
    content = CollectionContent("x", "", {}, [CallContent("a", "POST", "/x", checks=[check])])

    project = etree.fromstring(written("soapui", content)[0].encode())

    assertions = project.findall(f".//{{{SOAPUI}}}assertion[@type='XPath Match']/{{{SOAPUI}}}configuration")
    assert [(each.findtext("path"), each.findtext("content")) for each in assertions] == [(xpath, "true")]


def test_soapui_transfers_captured_values_to_the_project():
    project = etree.fromstring(written("soapui")[0].encode())

    found = {
        each.findtext(f"{{{SOAPUI}}}targetType"): tuple(
            each.findtext(f"{{{SOAPUI}}}{name}") for name in ("sourceStep", "sourcePath", "type", "targetStep")
        )
        for each in project.iter(f"{{{SOAPUI}}}transfers")
    }
    assert found["done"] == ("adds", "//*:success", "XPATH", "#Project#")
    assert found["id"] == ("finds", "$.id", "JSONPATH", "#Project#")
    assert found["hub-sessionId"] == ("Sign in: Oracle CPQ 1.0", "//*:sessionId", "XPATH", "#Project#")


PATHS = {
    "descendants": ("//a/b", [[True, "a", []], [False, "b", []]]),
    "conditions": ("/a[2][b='x']/@c", [[False, "a", [2, ["b", "x"]]], [False, "@c", []]]),
    "a function": ("count(//a)", None),
    "a richer condition": ("//a[b and c]", None),
    "JSON": ("$.a[0]..b['c d'][*]", [[False, "a"], [False, 0], [True, "b"], [False, "c d"], [False, "*"]]),
    "a filter": ("$.a[?@.b == 1]", None),
}


@pytest.mark.parametrize("path, steps", table(PATHS))
def test_a_path_is_read_as_steps(path, steps):
    assert read_steps(path) == steps
