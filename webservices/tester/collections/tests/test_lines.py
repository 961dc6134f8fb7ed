"""Checks and captures as people type them."""

import pytest

from records.tests.cast import table
from webservices.tester.collections.assertions.notation import (
    format_captures,
    format_checks,
    parse_captures,
    parse_checks,
)
from webservices.tester.errors import TesterError

TYPED = {
    "a status": ("status = 2xx", {"kind": "status", "comparator": "=", "value": "2xx"}),
    "no fault": ("fault=false", {"kind": "fault", "comparator": "=", "value": "false"}),
    "a value": ("//count >= 2", {"kind": "value", "path": "//count", "comparator": ">=", "value": "2"}),
    "a filter in a path": (
        "$.r[?@.n == 'B'].id != 7",
        {"kind": "value", "path": "$.r[?@.n == 'B'].id", "comparator": "!=", "value": "7"},
    ),
    "a predicate in a path": (
        "//a[b='1']/c contains x = y",
        {"kind": "value", "path": "//a[b='1']/c", "comparator": "contains", "value": "x = y"},
    ),
    "a count": ("count(//a) = 3", {"kind": "value", "path": "count(//a)", "comparator": "=", "value": "3"}),
    "prefixes": ("//bm:a = 3", {"kind": "value", "path": "//bm:a", "comparator": "=", "value": "3"}),
    "a function": (
        "starts-with(//a, 'x') = true",
        {"kind": "value", "path": "starts-with(//a, 'x')", "comparator": "=", "value": "true"},
    ),
    "something at all": ("//a exists", {"kind": "value", "path": "//a", "comparator": "exists"}),
    "outcomes": ("records failed = 0", {"kind": "outcome", "path": "failed", "comparator": "=", "value": "0"}),
    "a time": ("time <= 500", {"kind": "time", "comparator": "<=", "value": "500"}),
    "validity": ("valid", {"kind": "valid", "comparator": "="}),
}
WRONG = {
    "words": "it should work",
    "no comparator": "//count",
    "another comparator for a status": "status < 300",
    "no status": "status = fine",
    "no value": "//count =",
}


@pytest.mark.parametrize("line, kept", table(TYPED))
def test_is_read_and_written_again(line, kept):
    found = parse_checks(f"\n  {line}  \n")

    assert found == [kept]
    assert parse_checks(format_checks(found)) == found


@pytest.mark.parametrize("line", table(WRONG))
def test_says_which_line_is_wrong(line):
    with pytest.raises(TesterError, match=r"^Line 2, .*\.$"):
        parse_checks(f"valid\n{line}")


class TestCaptures:
    def test_are_read_and_written_again(self):
        found = parse_captures("order = //order_number\nid=$.results[?@.n == 'x'].id\n")

        assert found == [
            {"name": "order", "path": "//order_number"},
            {"name": "id", "path": "$.results[?@.n == 'x'].id"},
        ]
        assert parse_captures(format_captures(found)) == found

    def test_say_which_line_is_wrong(self):
        with pytest.raises(TesterError, match="Line 1, '1st = //a'"):
            parse_captures("1st = //a")
