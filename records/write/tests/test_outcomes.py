"""The outcomes of a large call are those that were set."""

import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from records.shapes.outcomes import Outcome, OutcomeList, Result, failed_outcome, limit_problems
from records.shapes.problems import missing_problem

OUTCOMES = st.one_of(
    st.builds(
        Outcome,
        st.sampled_from([each for each in Result if each is not Result.FAILED]),
        st.text(max_size=5),
        st.none() | st.integers(1, 2**62),
        st.none() | st.integers(1, 2**31),
        by=st.sampled_from([(), ("number",)]),
        warnings=st.sampled_from([(), (missing_problem(("number",)),)]),
    ),
    st.just(failed_outcome("A", missing_problem(("number",)), id=7, version=3)),
)


@given(st.lists(OUTCOMES), st.randoms(use_true_random=False))
def test_are_those_that_were_set_in_whatever_order(outcomes, random):
    held, places = OutcomeList(len(outcomes)), list(range(len(outcomes)))
    random.shuffle(places)
    for place in places:
        held.set(place, outcomes[place])

    assert held == outcomes
    assert [each.by for each in held] == [each.by for each in outcomes]
    assert held[1:3] == outcomes[1:3]
    assert [held[place - len(outcomes)] for place in places] == [outcomes[place] for place in places]


@given(st.lists(OUTCOMES, min_size=1))
def test_set_once_more_are_the_latest(outcomes):
    held = OutcomeList(1)
    for outcome in outcomes:
        held.set(0, outcome)

    assert held == outcomes[-1:]


def test_tell_so_many_problems_and_warnings_and_how_many_more_there_are():
    warned = Outcome(Result.CREATED, "A", 7, 1, warnings=(missing_problem(("number",)),) * 2)
    failed = failed_outcome("B", missing_problem(("number",)))

    first, second, third = limit_problems([warned, failed, warned], 3)

    assert ([*map(len, (first.warnings, first.problems))], second) == ([2, 0], failed)
    assert [each.sentence() for each in third.warnings] == ["See the records before it."]
    assert (third.result, third.problems) == ("created", ())
    assert limit_problems([warned, failed, warned], 5) == [warned, failed, warned]


def test_take_less_than_fifty_bytes_each():
    keys = [f"N{number}" for number in range(10_000)]
    tracemalloc.start()
    try:
        held = OutcomeList(len(keys))
        for number, key in enumerate(keys):
            held.set(number, Outcome(Result.CREATED, key, number + 1_000_000, 1))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert most < 50 * len(keys)
    assert held[9_999].id == 1_009_999
