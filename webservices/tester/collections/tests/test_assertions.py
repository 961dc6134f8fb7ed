"""Checks of an answer, and values taken out of it."""

import pytest

from records.tests.cast import table
from webservices.tester.collections.assertions.captures import capture_values, fill_placeholders
from webservices.tester.collections.assertions.checks import Check, evaluate, read_check
from webservices.tester.errors import TesterError
from webservices.tester.send.parsed_answer import ParsedAnswer, find_values

XML = """<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>
  <bm:answer xmlns:bm="urn:x"><bm:status><bm:success>true</bm:success><bm:count>10</bm:count></bm:status>
    <bm:Parts><bm:each_record n="1"><bm:number>A</bm:number></bm:each_record>
      <bm:each_record><bm:number>B<!-- --></bm:number></bm:each_record></bm:Parts></bm:answer></e:Body></e:Envelope>"""
FAULT = '<e:Envelope xmlns:e="urn:e"><e:Body><e:Fault><faultstring>No.</faultstring></e:Fault></e:Body></e:Envelope>'
JSON = '{"records": [{"number": "A", "price": {"USD": 250.00}, "active": true}, {"number": "B", "notes": null}]}'

SOAP = ParsedAnswer(200, XML, "text/xml; charset=UTF-8", 12.3, {"created": 2, "failed": 0})
REST = ParsedAnswer(200, JSON, "application/json", 12.3)

FOUND = {
    "an element": (SOAP, "//success", ["true"]),
    "several": (SOAP, "//each_record/number", ["A", "B"]),
    "an attribute": (SOAP, "//each_record/@n", ["1"]),
    "prefixes of the answer": (SOAP, "/e:Envelope/e:Body//bm:each_record[bm:number='A']/bm:number", ["A"]),
    "prefixes of one's own": (SOAP, "//ns1:each_record[1]/child::ns1:number", ["A"]),
    "everything of a prefix": (SOAP, "//bm:status/bm:*", ["true", "10"]),
    "an attribute with a prefix": (ParsedAnswer(200, '<a xmlns:x="urn:x" x:nil="1"/>'), "/a/@x:nil", ["1"]),
    "a colon in a text": (ParsedAnswer(200, "<a><b>x:y</b></a>"), "//b[. = 'x:y']", ["x:y"]),
    "a count": (SOAP, "count(//each_record)", ["2"]),
    "a truth": (SOAP, "//success = 'true'", ["true"]),
    "nothing": (SOAP, "//nothing", []),
    "a member": (REST, "$.records[0].number", ["A"]),
    "several members": (REST, "$..number", ["A", "B"]),
    "a number as it was written": (REST, "$.records[0].price.USD", ["250.00"]),
    "a filter": (REST, "$.records[?@.number == 'B'].number", ["B"]),
    "true and null": (REST, "$.records[*]['active', 'notes']", ["true", "null"]),
    "an object": (REST, "$.records[0].price", ['{"USD":250.00}']),
}
WRONG_PATHS = {
    "no XPath": (SOAP, "//["),
    "an unknown function": (SOAP, "document('/etc/passwd')"),
    "no JSONPath": (REST, "records[0]"),
    "what is not XML": (ParsedAnswer(200, "hello", "text/plain"), "//a"),
    "too long a path": (SOAP, "/a" * 400),
}


@pytest.mark.parametrize("seen, path, found", table(FOUND))
def test_a_path_finds(seen, path, found):
    assert find_values(seen, path) == found


@pytest.mark.parametrize("seen, path", table(WRONG_PATHS))
def test_a_path_that_cannot_be_looked_up_says_why(seen, path):
    with pytest.raises(TesterError, match=r"\."):
        find_values(seen, path)


def valid(seen):
    return []


def misfit(seen):
    return ["Line 3: number is missing."]


MET = {
    "a status": (Check("status", value="200"), SOAP, True, "200"),
    "another status": (Check("status", value="201"), SOAP, False, "200"),
    "any of the good ones": (Check("status", value="2xx"), SOAP, True, "200"),
    "no fault": (Check("fault", value="false"), SOAP, True, "false"),
    "a fault": (Check("fault", value="true"), ParsedAnswer(200, FAULT, "text/xml"), True, "true"),
    "a refusal as a fault": (Check("fault", value="true"), ParsedAnswer(422, "{}", "application/json"), True, "true"),
    "a value": (Check("value", "//success", "=", "true"), SOAP, True, "true"),
    "a number however written": (Check("value", "$..USD", "=", "250"), REST, True, "250.00"),
    "a lower number": (Check("value", "//count", "<", "9"), SOAP, False, "10"),
    "one of several": (Check("value", "//number", "=", "B"), SOAP, True, "A, B"),
    "none of several": (Check("value", "//number", "!=", "B"), SOAP, False, "A, B"),
    "a piece": (Check("value", "//success", "contains", "ru"), SOAP, True, "true"),
    "a pattern": (Check("value", "//success", "matches", "^t.*e$"), SOAP, True, "true"),
    "no pattern": (Check("value", "//success", "matches", "("), SOAP, False, None),
    "a pattern without end": (
        Check("value", "//success", "matches", "^(r|rr)+$"),
        ParsedAnswer(200, f"<a><success>{'r' * 60}x</success></a>"),
        False,
        "'^(r|rr)+$' takes too long.",
    ),
    "something at all": (Check("value", "//number", "exists"), SOAP, True, "A, B"),
    "something that is not there": (Check("value", "//nothing", "exists"), SOAP, False, "nothing"),
    "outcomes": (Check("outcome", "created", "=", "2"), SOAP, True, "2"),
    "outcomes of another server": (Check("outcome", "created", "=", "2"), REST, False, None),
    "an outcome that there is not": (Check("outcome", "lost", "=", "2"), SOAP, False, None),
    "a time": (Check("time", "", "<=", "500"), SOAP, True, "12.3 ms"),
    "too long a time": (Check("time", "", "<", "12"), SOAP, False, "12.3 ms"),
}


@pytest.mark.parametrize("check, seen, met, found", table(MET))
def test_a_check_is_met(check, seen, met, found):
    (finding,) = evaluate([check], seen, valid)

    assert finding.passed is met
    assert found is None or finding.found == found
    assert finding.check == check.words()


def test_a_check_of_validity_says_what_does_not_fit():
    fine, wrong = (evaluate([Check("valid")], SOAP, validate)[0] for validate in (valid, misfit))

    assert (fine.passed, wrong.passed, wrong.found) == (True, False, "Line 3: number is missing.")


WRONG_CHECKS = {
    "another kind": {"kind": "colour"},
    "another comparator": {"kind": "value", "path": "//a", "comparator": "~", "value": "1"},
    "no path": {"kind": "value", "value": "1"},
    "no value": {"kind": "value", "path": "//a"},
    "no status": {"kind": "status", "value": "fine"},
    "another member": {"kind": "valid", "colour": "red"},
}


@pytest.mark.parametrize("kept", table(WRONG_CHECKS))
def test_a_check_that_means_nothing_says_why(kept):
    with pytest.raises(TesterError, match=r"\.$"):
        read_check(kept)


@pytest.mark.parametrize("check", [case[0] for case in MET.values() if case[0].kind != "colour"], ids=Check.words)
def test_a_check_is_kept_and_read_again(check):
    assert read_check(check.to_json()) == check


class TestCaptures:
    def test_take_the_first_value(self):
        assert capture_values([{"name": "number", "path": "//number"}], SOAP) == {"number": "A"}

    @pytest.mark.parametrize("path", ["//nothing", "//["])
    def test_say_what_was_not_taken(self, path):
        with pytest.raises(TesterError, match="number was not found"):
            capture_values([{"name": "number", "path": path}], SOAP)

    @pytest.mark.parametrize(
        "media, text",
        [("xml", 'a &lt; "b"'.replace('"', "&quot;")), ("json", 'a < \\"b\\"'), ("", 'a < "b"')],
    )
    def test_are_filled_in_as_the_message_needs_them(self, media, text):
        assert fill_placeholders("[{{ number }}]", {"number": 'a < "b"'}, media) == f"[{text}]"

    def test_that_have_no_value_are_told(self):
        with pytest.raises(TesterError, match=r"\{\{order\}\} has no value; there are: number"):
            fill_placeholders("{{order}}", {"number": "1"})
