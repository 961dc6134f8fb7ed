"""The columns of a new record are those of the record that is completed field by field."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customers.services import CUSTOMERS
from parts.services import PARTS as PART_SERVICES
from records.shapes.fields import Kind, ScalarField
from records.shapes.parsing import completer
from records.shapes.resources import VENDOR
from records.write.batch import complete_record, parse
from records.write.children import build_new_row, merge_vendor_data
from records.write.decide import _merge_custom, build_new_columns
from records.write.plan import plan
from records.write.tests.test_change_texts import ORDER, ORDERS, PARTS, SENT

WITH_DEFAULT = ScalarField("custom_size", Kind.INTEGER, source="size", custom=True, default="7", required=False)
SIZED = plan(PARTS.model, PARTS.resource.add_custom_fields((WITH_DEFAULT,)))
SIZES = st.sampled_from([{}, {"custom_size": ""}, {"custom_size": "8"}])


def check(storage, record):
    [draft] = parse(storage, [record], [0], draw=True)

    columns, problems = build_new_columns(storage, draft.parsed)

    completed, expected = complete_record(storage, draft.parsed)
    plain = {name: completed.get(name) for name in storage.columns if name not in ("custom", "vendor")}
    if "custom" in storage.columns:
        plain["custom"] = _merge_custom(storage, completed, {})
    plain["vendor"] = merge_vendor_data(storage.vendor_field, completed["vendor"], {}) if storage.vendor_field else {}
    assert (columns, problems) == (plain, expected)
    for name in storage.list_columns:
        assert columns[name] is not build_new_columns(storage, {})[0][name]


@settings(max_examples=150)
@given(SENT, SIZES, st.sampled_from([{}, {"number": "P-1"}]))
def test_of_parts(sent, size, key):
    check(PARTS, {**sent, **key})
    check(SIZED, {**sent, **size, **key})


@given(ORDER, st.sampled_from([{}, {"customer": ""}, {"status": "Created"}]))
def test_of_orders(sent, more):
    check(ORDERS, {**sent, **more})


TABLES = {
    f"{storage.resource.name}.{table.rows.name}": table
    for storage in (ORDERS, *(plan(each.model, each.resource) for each in (CUSTOMERS, PART_SERVICES)))
    for table in storage.children
    if table.rows is not None
}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
@given(data=st.data())
def test_of_rows(table, data):
    # The caller merges the vendor's data.
    columns = [name for name in table.value_names if name != VENDOR]
    names = (*table.key_names, *columns)
    row = data.draw(st.dictionaries(st.sampled_from(names), st.sampled_from([None, "", "sent"])))

    values, problems = build_new_row(table, row)

    completed = dict(row)
    assert problems == completer(table.rows.child)(completed)
    assert {name: values[name] for name in columns} == {name: completed.get(name) for name in columns}
    for name in table.list_columns:
        assert values[name] is not build_new_row(table, {})[0][name]
