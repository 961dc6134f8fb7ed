"""A long list that is read item by item is what it is when it is read at once, and so is what is wrong with it."""

import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.shapes.problems import ProblemError
from records.tests.cast import table
from webservices.wire import json_lists
from webservices.wire.json import read_json
from webservices.wire.json_lists import LongList, read_long_json

MOST = 1_000
NAMES = st.sampled_from(["number", "records", "units", "verb", 'a"b', "é"])
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-99, 99), st.text(max_size=3), st.sampled_from([0.5, 1e9]))
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=6
)
ITEMS = st.lists(st.dictionaries(NAMES, VALUES, max_size=3), min_size=1, max_size=4)
BATCHES = st.builds(lambda items, others: {**others, "records": items}, ITEMS, st.dictionaries(NAMES, VALUES))
BODIES = st.tuples(st.one_of(ITEMS, BATCHES, VALUES), st.sampled_from([None, 1]), st.booleans()).map(
    lambda drawn: json.dumps(drawn[0], indent=drawn[1], ensure_ascii=drawn[2])
)


@pytest.fixture(autouse=True, scope="module")
def _every_body_is_long():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_lists, "LONG", 0)
        yield


def read_all(read, body, *arguments):
    """Return what is read of a body, all of it, or the sentences of what is wrong."""
    try:
        return whole(read(body, MOST, *arguments))
    except ProblemError as error:
        return [problem.sentence() for problem in error.problems]


def whole(found):
    if isinstance(found, LongList):
        return list(found)
    if isinstance(found, dict):
        return {name: whole(value) for name, value in found.items()}
    return found


@given(BODIES, st.sampled_from(["", "records"]))
def test_reads_what_is_read_at_once(text, member):
    body = text.encode("utf-8", "surrogatepass")

    assert read_all(read_long_json, body, 3, member) == read_all(read_json, body)


@given(
    BODIES, st.sampled_from(["", "records"]), st.integers(0, 200), st.sampled_from(["", ",", "]", "}", '"', "{", "x"])
)
def test_refuses_in_the_same_words(text, member, place, other):
    place %= max(len(text), 1)
    body = (text[:place] + other + text[place + 1 :]).encode("utf-8", "surrogatepass")

    assert read_all(read_long_json, body, 3, member) == read_all(read_json, body)


UNUSUAL = {
    "an empty list": b"[]",
    "a list of lists": b"[[], {}]",
    "a list that goes on": b"[{}] x",
    "a comma too many": b"[{},]",
    "a name that comes twice": b'{"records": [{}], "records": [{}]}',
    "a number that is too long": b'[{"units": ' + b"9" * 200 + b"}]",
    "half a character": b'[{"notes": "\\ud800"}]',
    "too deep": b'[{"a": ' + b"[" * 200 + b"]" * 200 + b"}]",
    "too deep for Python": b'[{"a": ' + b"[" * 200_000,
    "not a number": b'[{"a": NaN}]',
    "more values than it may have": b"[" + b"{}," * 2_000 + b"{}]",
    "no text": b"\xff",
    "nothing": b" ",
    "a text that does not end": b'[{"a": "',
}


@pytest.mark.parametrize("body", table(UNUSUAL))
@pytest.mark.parametrize("member", ["", "records"])
def test_leaves_what_is_unusual_to_the_usual_reader(body, member):
    assert read_all(read_long_json, body, 3, member) == read_all(read_json, body)


def test_items_are_read_as_often_as_they_are_asked_for():
    found = read_long_json(b'{"verb": "put", "records": [{"number": "A"}, {"number": "B"}]}', MOST, 3, "records")

    assert isinstance(found["records"], LongList)
    assert list(found["records"]) == list(found["records"]) == [{"number": "A"}, {"number": "B"}]


def test_no_more_than_an_item_is_held():
    body = b"[%s]" % b",".join(b'{"number": "N%06d", "notes": "%s"}' % (n, b"x" * 100) for n in range(10_000))
    tracemalloc.start()
    try:
        numbers = sum(1 for _ in read_long_json(body, 100_000, 10_000))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert numbers == 10_000
    assert most < len(body) + 200_000  # its text, and some items
