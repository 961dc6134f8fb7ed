"""Postman's own runner runs an exported collection: green as it is, red as soon as a check does not hold."""

import json
import subprocess
from dataclasses import replace

import pytest

from webservices.tester.collections.export_postman import write_postman
from webservices.tester.collections.files import CallContent, CollectionContent
from webservices.tester.collections.tests.test_exports import CHECKS, JSON, ORACLE_1_0
from webservices.tests.test_endpoint import ADD, PARTS, envelope

SUCCESS = [{"kind": "status", "value": "200"}, {"kind": "fault", "value": "false"}]


def value(path, comparator, text=""):
    return {"kind": "value", "path": path, "comparator": comparator, "value": text}


CRITERIA = (
    "<bm:getParts><bm:Parts><bm:criteria><bm:field>part_number</bm:field><bm:value>{{number}}</bm:value>"
    "<bm:comparator>=</bm:comparator></bm:criteria></bm:Parts></bm:getParts>"
)
COLLECTION = CollectionContent(
    "A day in Postman",
    "",
    {"number": "NEWMAN-1", "units": "7"},
    [
        CallContent(
            "removes it, if it is there", "DELETE", "/api/v1/parts/{{number}}/", "rest",
            checks=[{"kind": "time", "comparator": "<", "value": "60000"}],
        ),
        CallContent(
            "adds it, with WS-Security", "POST", PARTS, "oracle-2.0", "parts.add",
            {"content-type": "text/xml; charset=UTF-8"}, envelope(ADD.replace("P-1", "{{number}}"), word="").decode(),
            [*(check for check in CHECKS if "message" not in check.get("path", "")),
             value("//errors/*[1]/@a", "!=", "x")],
            [{"name": "inserted", "path": "//bm:records_inserted"}],
        ),
        CallContent(
            "changes it", "PATCH", "/api/v1/parts/{{number}}/", "rest", "", JSON,
            '{"lead_time": {{inserted}}, "units": "{{units}}"}',
            [*SUCCESS, value("$.number", "=", "{{number}}"), value("$.lead_time", "=", "1.0"),
             value("$..units", "<=", "7"), value("$['number']", "matches", "^NEWMAN-\\d$"),
             value("$.colour", "!=", "red")],
            [{"name": "id", "path": "$.id"}],
        ),
        CallContent(
            "finds it in a session", "POST", "/v1_0/receiver", "oracle-1.0", "", {"content-type": "text/xml"},
            ORACLE_1_0.replace("<bm:getParts/>", CRITERIA),
            [*SUCCESS, value("//each_record/part_number", "=", "{{number}}"),
             value("//each_record[2]", "!=", "x"),
             value("//each_record[part_number='NEWMAN-1']/lead_time", "=", "1")],
        ),
        CallContent(
            "finds it by a token", "POST", "/api/part-query", "expandable", "", JSON,
            '{"PART_ID": "{{number}}", "AUTH_TOKEN": ""}', [*SUCCESS, value("$..PART_ID", "contains", "NEWMAN")],
        ),
    ],
)  # fmt: skip


@pytest.mark.process
def test_an_exported_collection_is_green_and_turns_red_with_a_check(newman, live_server_process, account, tmp_path):
    def run(content):
        collection, report = tmp_path / "collection.json", tmp_path / "report.json"
        text, _ = write_postman(content, live_server_process.url)
        collection.write_text(text)
        who = [f"hub-{name}={text}" for name, text in zip(("username", "password"), account, strict=True)]
        options = ["--reporters", "json", "--reporter-json-export", str(report)]
        for each in who:
            options += ["--env-var", each]
        done = subprocess.run([*newman, str(collection), *options], capture_output=True, text=True, timeout=120)
        assert report.exists(), done.stdout + done.stderr
        found = json.loads(report.read_text())["run"]
        assert found["stats"]["requests"]["total"] == len(content.calls) + 2  # two that sign in
        failures = [
            (each["source"]["name"], each["error"]["test"], each["error"]["message"]) for each in found["failures"]
        ]
        return done.returncode, found["stats"]["assertions"]["total"], failures

    code, asserted, failures = run(COLLECTION)
    assert failures == []
    assert (code, asserted) == (0, 30)

    wrong = [*SUCCESS, value("$.number", "=", "OTHER"), value("$.lead_time", ">", "1"), value("$.colour", "exists")]
    calls = [replace(call, checks=wrong) if call.name == "changes it" else call for call in COLLECTION.calls]
    code, _, failures = run(replace(COLLECTION, calls=calls))
    assert code == 1
    assert [name for name, _, _ in failures] == ["changes it"] * 3
    assert "= OTHER, found NEWMAN-1" in failures[0][2]
