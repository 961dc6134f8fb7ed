"""`read` undoes `ask`, whatever is asked; and the compiled writer writes what a plain tree would."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from records.shapes.criteria import Comparator, Criterion
from records.shapes.fields import Field, Kind
from records.shapes.resources import Resource
from records.shapes.values import EMPTY
from webservices.dialects.oracle.dialect import ORACLE_2_0
from webservices.dialects.oracle.records import read_record, record_writer
from webservices.dialects.oracle.spelling import field_name, name_of_field, on_the_wire, spell
from webservices.dialects.oracle.tests.made import calls, records
from webservices.dialects.oracle.tests.parts import EXTENDED, PART, PARTS, operation
from webservices.messages import Call
from webservices.operations import Verb
from webservices.soap.parsing import parse


@settings(max_examples=200, deadline=None)
@given(calls(), st.sampled_from([0, 1]))
def test_reads_what_it_asks(call, which):
    manner = ORACLE_2_0.manners(call.operation)[which]

    read = ORACLE_2_0.read(ORACLE_2_0.ask(call, manner), EXTENDED, ORACLE_2_0.terms)

    assert read == call
    assert read.manner == manner


def tree_of(values, namespace=PARTS):
    """The plain way: an element for each value."""
    record = etree.Element(f"{{{namespace}}}each_record", nsmap={"bm": namespace})
    for field in on_the_wire(PART):
        value = values.get(field.name)
        if value is None:
            continue
        for each in value if isinstance(value, list) else [value]:
            element = etree.SubElement(record, f"{{{namespace}}}{field_name('part', field.name)}")
            if isinstance(each, dict):
                for key, entry in each.items():
                    etree.SubElement(element, f"{{{namespace}}}{key}").text = entry or None
            elif each:
                element.text = each
    return record


@settings(max_examples=200, deadline=None)
@given(records())
def test_the_compiled_writer_writes_what_a_tree_would(values):
    written = record_writer(PART)(values).replace("<bm:each_record>", f'<bm:each_record xmlns:bm="{PARTS}">', 1)

    assert etree.tostring(etree.fromstring(written), method="c14n") == etree.tostring(tree_of(values), method="c14n")


@pytest.mark.parametrize("field", on_the_wire(PART), ids=lambda field: field.name)
def test_every_field_has_a_name_of_its_own(field):
    assert name_of_field("part", field_name("part", field.name)) == field.name
    assert spell("parts", (field.name,)) == field_name("part", field.name)


@given(st.text(st.characters(codec="ascii"), min_size=1))
def test_whatever_comes_from_the_wire_is_spelled_as_it_came(name):
    assert field_name("part", name_of_field("part", name)) == name


def test_entries_of_lists_count_from_one():
    assert spell("sales_orders", ("rows", 2, "quantity")) == "rows[3].quantity"


def test_rows_are_read_and_written():
    row = Resource("row", "rows", "Row", "Rows", (Field("part"), Field("quantity", Kind.INTEGER)), key=("line",))
    order = Resource(
        "sales_order",
        "sales_orders",
        "Order",
        "Orders",
        (Field("number"), Field("rows", Kind.ROWS, child=row)),
        ("number",),
    )
    values = {"number": "1", "rows": [{"part": "A", "quantity": "2"}, {"part": "B"}]}

    written = record_writer(order)(values)
    *_, (_, node, _) = parse(written.replace("bm:", "").encode())

    assert read_record(order, node) == values
    assert "<bm:sales_order_number>1</bm:sales_order_number><bm:rows><bm:row>" in written
    *_, (_, empty, _) = parse(b"<each_record><rows/></each_record>")
    assert read_record(order, empty) == {"rows": EMPTY}


def test_records_to_be_removed_become_criteria():
    remove = operation(Verb.REMOVE)
    manner = ORACLE_2_0.manners(remove)[0]

    one = ORACLE_2_0.ask(Call(remove, records=[{"number": "A"}]), manner)
    two = ORACLE_2_0.ask(Call(remove, records=[{"number": "A"}, {"number": "B"}]), manner)

    read = [ORACLE_2_0.read(asked, EXTENDED, ORACLE_2_0.terms).criteria for asked in (one, two)]
    assert read[0] == (Criterion(("number",), Comparator.EQUAL, ("A",)),)
    assert read[1] == (Criterion(("number",), Comparator.IN, ("A", "B")),)
