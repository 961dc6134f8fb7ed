"""Warnings of records that did not fail: in the body of an answer where its wire has a place for them."""

import json

import pytest

from records.shapes.outcomes import Outcome, Result
from records.shapes.problems import invalid_problem
from records.tests.cast import table
from webservices.declarations import OPERATIONS
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.messages import Answer
from webservices.wire.operations import Verb
from webservices.wire.record_notes import write_record_notes

BY_NAME = {dialect.name: dialect for dialect in DIALECTS}
WARNING = invalid_problem("{field} is <odd>.", path=("number",), code="odd")
OUTCOMES = (
    Outcome(Result.UPDATED, "A", 1, 2, warnings=(WARNING,)),
    Outcome(Result.UNCHANGED, "B", 2, 2),
)
# By dialect: the kind of record, and what an answer has of the warning.
WRITTEN = {
    "oracle-1.0": ("sales_orders", "<bm:warning>Record 1 (A): sales_order_number is &lt;odd&gt;.</bm:warning>"),
    "oracle-2.0": ("sales_orders", "<bm:warning>Record 1 (A): sales_order_number is &lt;odd&gt;.</bm:warning>"),
    "ecosys": (
        "sales_orders",
        '<ResultMessage level="WARNING"><KeyName>A</KeyName><Message>OrderID is &lt;odd&gt;.</Message></ResultMessage>',
    ),
    "ecosys-rest-xml": (
        "sales_orders",
        '<ResultMessage Level="WARNING"><KeyName>Order ID &quot;A&quot;</KeyName>'
        "<Message>OrderID is &lt;odd&gt;.</Message></ResultMessage>",
    ),
    "ecosys-rest-json": (
        "sales_orders",
        '"Level":"WARNING","KeyName":"Order ID \\"A\\"","Message":"OrderID is <odd>."',
    ),
    "sap-cpq": ("customers", "<Message>Action successful. number is &lt;odd&gt;. (A)</Message>"),
    "rest": (
        "sales_orders",
        '"warnings":[{"code":"odd","family":"invalid","detail":"number is <odd>.","field":"number",'
        '"pointer":"#/number"}]',
    ),
}


@pytest.mark.parametrize("name, expected", table({name: (name, each) for name, each in WRITTEN.items()}))
def test_are_written(name, expected):
    plural, text = expected
    dialect = BY_NAME[name]
    operation = OPERATIONS.get(plural, Verb.PUT)
    context = dialect.contexts(operation)[0]

    response = dialect.write(Answer(operation, OUTCOMES), context)

    assert text in response.body.decode()


def test_of_many_records_fit_into_a_header():
    notes = [(number, "é" * 300) for number in range(1, 101)]

    text = write_record_notes("warning", notes)

    *entries, last = json.loads(text)
    assert text.isascii()
    assert len(text) < 4_100
    assert entries == [{"record": number, "warning": sentence} for number, sentence in notes[: len(entries)]]
    assert last == {"more": 100 - len(entries)}
    assert write_record_notes("warning", []) == ""
