"""Sparse fields in XML: former clients meet a new element only where somebody gave it a value that says something."""

import pytest

from orders.resources import SALES_ORDER
from records.shapes.blocks import Block, Layout
from records.tests.cast import table
from webservices.wire.dialects.ecosys import values as ecosys
from webservices.wire.dialects.ecosys.columns import row_columns
from webservices.wire.dialects.oracle import values as oracle
from webservices.wire.sparse import get_column, get_value

ORDER = {
    "created_at": "2026-11-29T08:00:00Z", "order_date": "2026-11-29", "due_date": None, "ship_date": None,
    "total": "450.00", "tax": "0.00", "freight": "0.00", "grand_total": "450.00", "currency": "USD", "notes": "",
}  # fmt: skip

SAID = {
    "nothing": ({}, set()),
    "a tax, and so a grand total": ({"tax": "0.01", "grand_total": "450.01"}, {"tax", "grand_total"}),
    "a freight of another currency's digits": (
        {"freight": "0.001", "grand_total": "450.001"},
        {"freight", "grand_total"},
    ),
    "another day": ({"order_date": "2026-11-28"}, {"order_date"}),
    "a day and notes": ({"ship_date": "2026-11-30", "notes": "0"}, {"ship_date", "notes"}),
}
SPARSE = {field.name for field in SALES_ORDER.fields if field.sparse}
WRITERS = {
    "Oracle": lambda record: oracle.record_writer(SALES_ORDER)(record),
    "EcoSys": lambda record: ecosys.xml_writer(row_columns(SALES_ORDER), "SalesOrder")(record),
}


@pytest.mark.parametrize("said, shown", table(SAID))
def test_a_field_that_says_nothing_is_left_out(said, shown):
    record = ORDER | said
    block = Block(Layout(SALES_ORDER, tuple(record), {}), [tuple(record.values())])

    for field in SALES_ORDER.fields:
        if field.name in SPARSE & record.keys():
            assert bool(get_value(field)(record)) == (field.name in shown), field.name
            assert bool(get_column(field)(block)[0]) == (field.name in shown), field.name


@pytest.mark.parametrize("write", table({name: (write,) for name, write in WRITERS.items()}))
def test_xml_has_what_says_something(write):
    assert "otal>450.00<" in write(ORDER)
    for name in ("tax", "Tax", "grand_total", "GrandTotal", "order_date", "OrderDate", "notes", "Notes"):
        assert f"{name}>" not in write(ORDER)
    written = write(ORDER | {"tax": "19.00", "grand_total": "469.00", "order_date": "2026-11-01"})
    for value in ("19.00", "469.00", "2026-11-01"):
        assert f">{value}<" in written
