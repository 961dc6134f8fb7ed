"""JSON's entrance and writer: what is read, what is refused and where, and that both undo each other."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.shapes.problems import Family, ProblemError
from records.shapes.values import EMPTY
from records.tests.cast import table
from webservices.wire.json import read_json, to_values, write_json

READ = {
    "an object": (b'{"a": 1, "b": [true, null, "x"]}', {"a": 1, "b": [True, None, "x"]}),
    "an exact number": (b"0.10", Decimal("0.10")),
    "an exponent": (b"1.5E+3", Decimal("1500")),
    "a byte order mark": (b"\xef\xbb\xbf[]", []),
    "a pair of escaped surrogates": (rb'"\ud83d\ude00"', "😀"),
    "an escaped backslash before what looks like a surrogate": (rb'"\\ud83d"', r"\ud83d"),
    "one hundred levels": (b"[" * 100 + b"]" * 100, None),
    "the same name in two objects": (b'[{"a": 1}, {"a": {"a": 2}}]', [{"a": 1}, {"a": {"a": 2}}]),
    "a text that is also a name": (b'{"a": "a"}', {"a": "a"}),
}

REFUSED = {
    "nothing": (b"", "The body is empty; it must be JSON."),
    "white space": (b" \r\n\t", "The body is empty; it must be JSON."),
    "half an object": (b'{"a": 1', "The body is not JSON: Expecting ',' delimiter (line 1, column 8)."),
    "a comment": (b"// x\n{}", "The body is not JSON: Expecting value (line 1, column 1)."),
    "two values": (b"{}\n {}", "The body is not JSON: Extra data (line 2, column 2)."),
    "a comma too much": (b'{"a": 1,}', "(line 1, column "),
    "single quotes": (b"{'a': 1}", "(line 1, column 2)"),
    "a line end inside a text": (b'"a\nb"', "Invalid control character (line 1, column 3)."),
    "Latin-1": ('{\n "a": "é"}'.encode("latin-1"), "The body is not UTF-8 (line 2, column 8)."),
    "UTF-16": ("{}".encode("utf-16"), "The body is not UTF-8 (line 1, column 1)."),
    "UTF-16 without a mark": ("{}".encode("utf-16-le"), "The body is not JSON"),
    "UTF-8 of a surrogate": (b'"\xed\xa0\x80"', "The body is not UTF-8 (line 1, column 2)."),
    "a name that comes twice": (
        b'{"a": 1,\n "b": {"a": 2},\n "a": 3}',
        "The name 'a' comes twice in one object (line 3, column 2).",
    ),
    "a name that comes twice, once escaped": (rb'{"a": 1, "\u0061": 2}', "The name 'a' comes twice"),
    "half a character": (rb'{"a": "x\ud800"}', "A text holds half a character (a lone surrogate) (line 1, column 7)."),
    "half a character as a name": (rb'{"\udc00": 1}', "A text holds half a character"),
    "the halves in the wrong order": (rb'"\ude00\ud83d"', "A text holds half a character"),
    "NaN": (b'{"a": NaN}', "JSON has no number NaN (line 1, column 7)."),
    "Infinity": (b"[Infinity]", "JSON has no number Infinity (line 1, column 2)."),
    "minus infinity": (b"[\n-Infinity]", "JSON has no number -Infinity (line 2, column 1)."),
    "101 levels": (b"[" * 101 + b"]" * 101, "The body nests deeper than 100 levels (line 1, column 101)."),
    "a million levels": (b"[" * 1_000_000, "The body nests deeper than 100 levels (line 1, column 101)."),
    "a million objects": (b'{"a":' * 1_000_000, "The body nests deeper than 100 levels (line 1, column 501)."),
    "a number of a million digits": (b"[1" + b"0" * 1_000_000 + b"]", "at most 100 digits, written out (line 1, col"),
    "a small exponent that is a large number": (b"1e101", "at most 100 digits, written out (line 1, column 1)."),
    "an exponent that explodes": (b'{"a": 1e999999999}', "at most 100 digits, written out (line 1, column 7)."),
    "an exponent that vanishes": (b"1e-999999999", "at most 100 digits, written out"),
    "a fraction without end": (b"0." + b"3" * 200, "at most 100 digits, written out"),
}


@pytest.mark.parametrize("body, found", table(READ))
def test_reads(body, found):
    read = read_json(body)

    assert found is None or (read == found and type(read) is type(found))


@pytest.mark.parametrize("body, reason", table(REFUSED))
def test_refuses(body, reason):
    with pytest.raises(ProblemError) as refused:
        read_json(body)

    assert reason in refused.value.problem.sentence()
    assert refused.value.problem.family is Family.MALFORMED


def test_turns_json_into_values():
    found = read_json(b'{"a": 250.00, "b": 3, "c": true, "d": null, "e": "", "f": [1, null], "g": {"h": -1e2}}')

    assert to_values(found) == {
        "a": "250.00",
        "b": "3",
        "c": "true",
        "d": EMPTY,
        "e": EMPTY,
        "f": ["1", EMPTY],
        "g": {"h": "-100"},
    }


def test_writes_for_people_to_read():
    assert write_json({"a": [1, {"b": Decimal("2.50")}], "c": [], "d": {}}, indent=2) == (
        '{\n  "a": [\n    1,\n    {\n      "b": 2.50\n    }\n  ],\n  "c": [],\n  "d": {}\n}'
    )


def test_writes_only_json():
    with pytest.raises(TypeError, match="float has no place in JSON"):
        write_json({"a": 0.1})


numbers = st.integers(-(10**50), 10**50) | st.decimals(allow_nan=False, allow_infinity=False, places=5)
documents = st.recursive(
    st.none() | st.booleans() | numbers | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(documents, st.sampled_from([None, 2]))
def test_reads_what_it_writes(document, indent):
    assert read_json(write_json(document, indent).encode()) == document
