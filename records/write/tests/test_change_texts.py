"""The compiled writer of Changes says what the plain one does, of any record."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from orders.models import SalesOrder
from orders.resources import SALES_ORDER
from parts.models import Part
from records.shapes.criteria import UNLIMITED
from records.tests.test_criteria import RESOURCE, STORED
from records.write.batch import assign_keys, parse
from records.write.blocks import CallKeys
from records.write.change_texts import change_writer, value_text
from records.write.children import journal_value
from records.write.decide import decide, diff
from records.write.drafts import DraftState, Write
from records.write.plan import plan
from records.write.scope import compile_scope
from records.write.store import change_fields

QUOTED = st.text(st.sampled_from('ab "\\/\n\té€😀{}[],:'), max_size=6)
SENT = STORED.flatmap(lambda record: st.fixed_dictionaries({}, optional={"notes": QUOTED}).map(lambda m: record | m))
VALUES = st.one_of(
    st.none(),
    QUOTED,
    st.integers(),
    st.booleans(),
    st.dates(),
    st.decimals(allow_nan=False, allow_infinity=False, places=3),
    st.lists(QUOTED),
)
PARTS = plan(Part, RESOURCE)
ORDERS = plan(SalesOrder, SALES_ORDER.add_vendor_data("acme"))
DATA = st.dictionaries(st.sampled_from(["TYPE", 'SI"ZE']), QUOTED, max_size=2)
ROW = st.fixed_dictionaries(
    {"line_number": st.sampled_from(["1", "2", "3"])},
    optional={
        "quantity": st.sampled_from(["1", "2.50"]),
        "unit_price": st.sampled_from(["0", "9.99"]),
        "vendor": DATA,
    },
)
ORDER = st.fixed_dictionaries(
    {"number": st.just("O-1")},
    optional={
        "subject": QUOTED,
        "vendor": DATA,
        "rows": st.lists(ROW, max_size=3, unique_by=lambda row: row["line_number"]),
    },
)


def decide_record(storage, record, stored=None):
    """Return the draft of a record, as it is new or beside what is stored: the draft that made that."""
    [draft] = batch = parse(storage, [record], [0])
    assign_keys(storage, batch, CallKeys([0]))
    scope = compile_scope(storage, UNLIMITED)
    if stored is not None:
        draft.id, draft.version, draft.stored = 1, 1, {**(stored.stored or {}), **stored.columns}
        draft.stored_children = {**stored.stored_children, **stored.targets}
    decide(storage, Write.PUT, draft, scope)
    diff(storage, draft, scope)
    return draft


def read_text(storage, draft: DraftState):
    return json.loads(change_writer(storage)(draft))


@settings(max_examples=150)
@given(SENT, SENT)
def test_writes_the_fields_of_a_new_part_and_of_a_changed_one(first, second):
    new = decide_record(PARTS, {"number": "P-1", **first})
    changed = decide_record(PARTS, {"number": "P-1", **second}, new)

    assert read_text(PARTS, new) == change_fields(PARTS, new)
    assert read_text(PARTS, changed) == change_fields(PARTS, changed)


@settings(max_examples=100)
@given(ORDER, ORDER)
def test_writes_the_rows_of_an_order_added_changed_and_removed(first, second):
    new = decide_record(ORDERS, first)
    changed = decide_record(ORDERS, second, new)

    assert read_text(ORDERS, new) == change_fields(ORDERS, new)
    assert read_text(ORDERS, changed) == change_fields(ORDERS, changed)


@given(VALUES)
def test_writes_a_value_as_the_journal_has_it(value):
    assert json.loads(value_text(value)) == journal_value(value)
