"""The parameters of a list, both ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.shapes.criteria import Comparator, Criterion
from webservices.wire.dialects.rest.criteria import read_criteria, write_parameters
from webservices.wire.dialects.rest.tests.parts import CUSTOMER_PART, PART
from webservices.wire.query_string import cursor_after, read_cursor, read_parameters

FILTERS = [
    ("number=PUMP-100", ("number",), "=", ("PUMP-100",)),
    ("number__eq=PUMP-100", ("number",), "=", ("PUMP-100",)),
    ("number__ne=PUMP-100", ("number",), "!=", ("PUMP-100",)),
    ("lead_time__lt=3", ("lead_time",), "<", ("3",)),
    ("lead_time__lte=3", ("lead_time",), "<=", ("3",)),
    ("lead_time__gt=3", ("lead_time",), ">", ("3",)),
    ("lead_time__gte=3", ("lead_time",), ">=", ("3",)),
    ("number__like=PUMP-%25", ("number",), "LIKE", ("PUMP-%",)),
    ("number__ilike=pump-%25", ("number",), "ILIKE", ("pump-%",)),
    ("number__in=A,B", ("number",), "IN", ("A", "B")),
    (r"number__in=A\,B,C\\", ("number",), "IN", ("A,B", "C\\")),
    ("number__in=", ("number",), "IN", ("",)),
    ("price.USD__lt=10", ("price", "USD"), "<", ("10",)),
    ("price__lt=10", ("price",), "<", ("10",)),
    ("display_number=", ("display_number",), "=", ("",)),
    ("limit__eq=5", ("limit",), "=", ("5",)),
    ("unknown__lt=5", ("unknown",), "<", ("5",)),
    ("unknown__near=5", ("unknown__near",), "=", ("5",)),
    ("number=a%2Bb+c", ("number",), "=", ("a+b c",)),
]


@pytest.mark.parametrize("query, path, comparator, values", FILTERS)
def test_reads_a_filter(query, path, comparator, values):
    assert read_criteria(PART, read_parameters(query)) == (Criterion(path, Comparator(comparator), values),)


names = st.sampled_from([("number",), ("limit",), ("price",)]) | st.tuples(st.just("price"), st.text(min_size=1))
texts = st.text(st.characters(exclude_categories=["Cs"]))


@st.composite
def criteria(draw):
    comparator = draw(st.sampled_from(Comparator))
    count = draw(st.integers(1, 3)) if comparator is Comparator.IN else 1
    return Criterion(draw(names), comparator, tuple(draw(texts) for _ in range(count)))


@given(st.lists(criteria()))
def test_reads_the_filters_that_it_writes(asked):
    assert read_criteria(PART, write_parameters(asked)) == tuple(asked)


@pytest.mark.parametrize(
    "resource, key", [(PART, ("PUMP 100/Ω",)), (CUSTOMER_PART, ("7", "A", "")), (CUSTOMER_PART, ("7", "A", "x"))]
)
def test_a_cursor_is_the_key_that_it_was_made_of(resource, key):
    cursor = cursor_after(resource, dict(zip(resource.key, key, strict=True)))

    assert read_cursor(resource, cursor) == key
    assert cursor.isascii()
    assert "=" not in cursor
