"""`read` undoes `ask`, whatever is asked; and the compiled writer writes what a plain tree would."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from records.shapes.criteria import Comparator, Criterion
from records.shapes.fields import Field, Kind, RowsField, ScalarField
from records.shapes.resources import Resource
from records.tests.cast import table
from webservices.wire.dialects.oracle.dialect import ORACLE_1_0, ORACLE_2_0
from webservices.wire.dialects.oracle.names import field_name, hub_name, spell, wire_fields, wire_names
from webservices.wire.dialects.oracle.tests.parts import EXTENDED, PART, PARTS, PLURALS, operation, resource
from webservices.wire.dialects.oracle.tests.strategies import calls, records
from webservices.wire.dialects.oracle.values import record_reader, record_writer
from webservices.wire.messages import Call
from webservices.wire.operations import Verb
from webservices.wire.sparse import get_value
from webservices.wire.xml.parsing import parse

EVERY_SERVICE = pytest.mark.parametrize("plural", PLURALS)


@EVERY_SERVICE
@pytest.mark.parametrize("dialect", [ORACLE_2_0, ORACLE_1_0], ids=lambda dialect: dialect.name)
@settings(max_examples=60)
@given(st.data(), st.sampled_from([0, 1]))
def test_reads_what_it_asks(dialect, plural, data, which):
    call = data.draw(calls(plural, dialect.name))
    context = dialect.contexts(call.operation)[which]

    read = dialect.read(dialect.build_request(call, context), EXTENDED, dialect.settings)

    assert read == call
    assert read.context == context


def tree_of(resource, values, name="each_record", namespace=PARTS):
    """The plain way: an element for each value."""
    record = etree.Element(f"{{{namespace}}}{name}", nsmap={"bm": namespace})
    for field in wire_fields(resource):
        value = get_value(field)(values)
        if value is None or (field.sparse and not value):
            continue
        if field.kind is Kind.ROWS:
            rows = etree.SubElement(record, f"{{{namespace}}}{field.name}")
            rows.extend(tree_of(field.child, row, f"each_{field.child.name}", namespace) for row in value or ())
            continue
        for each in value if isinstance(value, list) else [value]:
            element = etree.SubElement(record, f"{{{namespace}}}{field_name(resource.name, field.name)}")
            if isinstance(each, dict):
                for key, entry in each.items():
                    etree.SubElement(element, f"{{{namespace}}}{key}").text = entry or None
            elif each:
                element.text = each
    return record


@EVERY_SERVICE
@settings(max_examples=100)
@given(st.data())
def test_the_compiled_writer_writes_what_a_tree_would(plural, data):
    values = data.draw(records(resource(plural)))

    written = record_writer(resource(plural))(values)

    written = written.replace("<bm:each_record>", f'<bm:each_record xmlns:bm="{PARTS}">', 1)
    tree = etree.tostring(tree_of(resource(plural), values), method="c14n")
    assert etree.tostring(etree.fromstring(written), method="c14n") == tree


FIELDS = [(resource(plural), field) for plural in PLURALS for field in wire_fields(resource(plural))]
ROW_FIELDS = [
    (field.child, inner) for _, field in FIELDS if field.kind is Kind.ROWS for inner in wire_fields(field.child)
]


@pytest.mark.parametrize(
    "record, field", [*FIELDS, *ROW_FIELDS], ids=lambda each: each.name if isinstance(each, Field) else each.plural
)
def test_every_field_has_a_name_of_its_own(record, field):
    names = [field_name(record.name, each.name) for each in wire_fields(record)]

    assert names.count(field_name(record.name, field.name)) == 1
    assert hub_name(record, field_name(record.name, field.name)) == field.name


@pytest.mark.parametrize("record, field", FIELDS, ids=lambda each: each.name if isinstance(each, Field) else "")
def test_a_reference_by_number_says_so(record, field):
    by_number = field.reference is not None and field.reference.by[0] == "number"

    assert spell(record.plural, (field.name,)) == field_name(record.name, field.name)
    assert not by_number or field_name(record.name, field.name) == f"{field.name}_number"


NAMES = {
    "a customer's number": ("customers", "number", "customer_number"),
    "an order's": ("sales_orders", "number", "sales_order_number"),
    "an order's customer": ("sales_orders", "customer", "customer_number"),
    "an order's contact": ("sales_orders", "contact", "contact_number"),
    "a user by name": ("sales_orders", "assigned_user", "assigned_user"),
    "the customer's number for a part": ("customer_parts", "number", "customer_part_number"),
    "our number of that part": ("customer_parts", "part", "part_number"),
    "a part's entry in a price book": ("parts", "partner_price_book_entry_id", "partner_std_pbook_entry_id"),
    "its unit of measure": ("parts", "default_unit_of_measure", "default_uom_code"),
    "its flag of self service": ("parts", "self_service", "enable_self_service"),
    "its first external key": ("parts", "external_key_1", "external_key1"),
    "its second long text": ("parts", "extended_description_2", "extended_description2"),
    "when it was added": ("parts", "created_at", "date_added"),
    "when it was changed": ("parts", "changed_at", "date_modified"),
}


@pytest.mark.parametrize("plural, name, spelled", table(NAMES))
def test_spells(plural, name, spelled):
    assert spell(plural, (name,)) == spelled
    assert hub_name(resource(plural), spelled) == name


@EVERY_SERVICE
@given(st.text(st.characters(codec="ascii"), min_size=1) | st.sampled_from(["part", "number", "customer", "id"]))
def test_whatever_comes_from_the_wire_is_spelled_as_it_came(plural, name):
    of = resource(plural)

    found = hub_name(of, name)

    assert field_name(of.name, found) == name
    assert found not in of.by_name or found in wire_names(of).values()


def test_a_criterion_may_ask_for_what_records_leave_out():
    assert hub_name(PART, "customer_part_numbers") == "customer_part_numbers"
    assert "customer_part_numbers" not in record_writer(PART)({"customer_part_numbers": ["A"]})


def test_entries_of_lists_count_from_one():
    assert spell("sales_orders", ("rows", 2, "quantity")) == "rows[3].quantity"


def test_rows_are_read_and_written():
    row = Resource(
        "row", "rows", "Row", "Rows", (ScalarField("part"), ScalarField("quantity", Kind.INTEGER)), key=("line",)
    )
    order = Resource(
        "sales_order",
        "sales_orders",
        "Order",
        "Orders",
        (ScalarField("number"), RowsField("rows", child=row)),
        ("number",),
    )
    values = {"number": "1", "rows": [{"part": "A", "quantity": "2"}, {"part": "B"}]}

    written = record_writer(order)(values)
    *_, (_, node, _) = parse(written.replace("bm:", "").encode())

    assert record_reader(order)(node) == values
    assert "<bm:sales_order_number>1</bm:sales_order_number><bm:rows><bm:each_row>" in written
    *_, (_, empty, _) = parse(b"<each_record><rows/></each_record>")
    assert record_reader(order)(empty) == {}


def test_records_to_be_removed_become_criteria():
    remove = operation(Verb.REMOVE)
    context = ORACLE_2_0.contexts(remove)[0]

    one = ORACLE_2_0.build_request(Call(remove, records=[{"number": "A"}]), context)
    two = ORACLE_2_0.build_request(Call(remove, records=[{"number": "A"}, {"number": "B"}]), context)

    read = [ORACLE_2_0.read(asked, EXTENDED, ORACLE_2_0.settings).criteria for asked in (one, two)]
    assert read[0] == (Criterion(("number",), Comparator.EQUAL, ("A",)),)
    assert read[1] == (Criterion(("number",), Comparator.IN, ("A", "B")),)
