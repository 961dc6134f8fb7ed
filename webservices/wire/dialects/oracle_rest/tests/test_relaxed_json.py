"""The relaxed JSON of `q`: what is JSON is read as JSON, and so is what clients write in a hurry."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.shapes.problems import ProblemError
from records.tests.cast import table
from webservices.wire.dialects.oracle_rest.relaxed_json import read_relaxed

VALUES = st.recursive(
    st.none() | st.booleans() | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("ab$'\"\\{}:,é😀 ", max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(VALUES, st.booleans())
def test_reads_json(value, is_ascii):
    assert read_relaxed(json.dumps(value, ensure_ascii=is_ascii)) == value


READ = {
    "a bare name and single quotes": ("{partNumber:'X'}", {"partNumber": "X"}),
    "spaces anywhere": (" { partNumber : 'X' , units : 1 } ", {"partNumber": "X", "units": "1"}),
    "a quote of the other kind": ("""{a:'"',b:"'"}""", {"a": '"', "b": "'"}),
    "an escaped quote": (r"{a:'it\'s'}", {"a": "it's"}),
    "a dotted name": ("{directBuy.lookupCode:'1'}", {"directBuy.lookupCode": "1"}),
    "operators": ("{$or:[{a:{$gte:-1.50}},{b:null}]}", {"$or": [{"a": {"$gte": "-1.50"}}, {"b": None}]}),
    "a comma too much": ("{a:1,}", {"a": "1"}),
    "nothing": ("{}", {}),
}


@pytest.mark.parametrize("text, value", table(READ))
def test_reads(text, value):
    assert read_relaxed(text) == value


REFUSED = {
    "": "it ends too early",
    "{a:1": ", or } is missing",
    "{a 1}": ": is missing before '1'",
    "{a:1}}": "something follows its end",
    "{a:{b:}": "'}' is no value",
    "{:1}": "a name is missing",
    "{a:'x}": "is not closed",
    r"{a:'\ud800'}": "half a character",
    "{a:NaN}": "'NaN' is no value",
    "[" * 40: "nests deeper than 20 levels",
    "{a:'" + "x" * 20_000 + "'}": "longer than 20,000 characters",
}


@pytest.mark.parametrize("text, words", REFUSED.items(), ids=[text[:12] for text in REFUSED])
def test_refuses(text, words):
    with pytest.raises(ProblemError, match="q cannot be read") as refused:
        read_relaxed(text)

    assert words in refused.value.problem.sentence()
