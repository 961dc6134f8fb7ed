"""A list in a file is a list."""

import tracemalloc
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.shapes.problems import invalid_problem
from records.shapes.values import EMPTY, InvalidValue, Precondition, Tags
from webservices.wire.messages import Records
from webservices.wire.spool import IN_MEMORY, SpooledList

VALUES = st.recursive(
    st.one_of(
        st.text(max_size=5),
        st.just(EMPTY),
        st.just(InvalidValue(invalid_problem("{field} is none."))),
        st.just(Precondition(if_match=Tags((7,)), version="7")),
    ),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
RECORDS = st.lists(st.dictionaries(st.sampled_from(["number", "notes", "price"]), VALUES, max_size=3), max_size=8)


def spool(items, before=0):
    spooled = SpooledList()
    for item in chain(({"number": str(n)} for n in range(before)), items):
        spooled.append(item)
    return spooled


@given(RECORDS)
def test_gives_back_what_it_was_given(records):
    spooled = spool(records, before=IN_MEMORY - 2)

    assert list(spooled)[IN_MEMORY - 2 :] == records
    assert len(spooled) == IN_MEMORY - 2 + len(records)


def test_has_the_places_of_a_list():
    spooled = spool([], before=IN_MEMORY + 5)

    assert spooled[-1] == spooled[IN_MEMORY + 4] == {"number": str(IN_MEMORY + 4)}
    assert spooled[IN_MEMORY - 1 : IN_MEMORY + 2] == [{"number": str(IN_MEMORY + n)} for n in (-1, 0, 1)]
    for place in (IN_MEMORY + 5, -IN_MEMORY - 6):
        with pytest.raises(IndexError):
            spooled[place]


def test_takes_more_after_it_was_read():
    spooled = spool([], before=IN_MEMORY + 1)
    assert spooled[IN_MEMORY] == {"number": str(IN_MEMORY)}

    spooled.append({"number": "later"})

    assert spooled[IN_MEMORY + 1] == {"number": "later"}
    assert spooled[IN_MEMORY] == {"number": str(IN_MEMORY)}


def test_is_what_the_records_of_a_large_call_are():
    many = [{"number": str(n), "notes": EMPTY} for n in range(IN_MEMORY + 3)]

    assert Records(iter(many)) == many
    assert Records(iter(many))[-1] == many[-1]


def measure_peak(run):
    """Return how many bytes of Python's a function holds at most, its result included."""
    tracemalloc.start()
    try:
        held = run()
        return tracemalloc.get_traced_memory()[1], held
    finally:
        tracemalloc.stop()


def test_takes_the_same_memory_for_four_times_as_many():
    few, many = (
        measure_peak(lambda count=count: spool([], before=count))[0] for count in (5 * IN_MEMORY, 20 * IN_MEMORY)
    )

    # But for where each begins.
    assert many - few < 20 * 15 * IN_MEMORY
