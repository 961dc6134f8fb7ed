"""Query by example: the whole notation, and that `parse` undoes `write`."""

from contextlib import suppress

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from records.shapes.criteria import Comparator
from records.shapes.problems import ProblemError
from records.tests.cast import table
from webservices.wire.dialects.expandable.criteria import parse_criterion, write_criterion

EQUAL, NOT_EQUAL, LIKE, IN = Comparator.EQUAL, Comparator.NOT_EQUAL, Comparator.LIKE, Comparator.IN
MORE, LESS, AT_LEAST, AT_MOST = Comparator.MORE, Comparator.LESS, Comparator.AT_LEAST, Comparator.AT_MOST


def span(low, high):
    return [(AT_LEAST, (low,)), (AT_MOST, (high,))]


ASKED = {
    "equal": ("PUMP002", [(EQUAL, ("PUMP002",))]),
    "not equal": ("<>X", [(NOT_EQUAL, ("X",))]),
    "greater": (">0", [(MORE, ("0",))]),
    "greater or equal": (">=2016-01-01", [(AT_LEAST, ("2016-01-01",))]),
    "less": ("<100", [(LESS, ("100",))]),
    "less or equal": ("<=2019-05-30", [(AT_MOST, ("2019-05-30",))]),
    "between": ("BETWEEN 10 AND 100", span("10", "100")),
    "between, in any case": ("between 10 and 100", span("10", "100")),
    "between texts in quotes": ("BETWEEN 'A AND B' AND 'C'", span("A AND B", "C")),
    "in": ("IN A,C", [(IN, ("A", "C"))]),
    "in, with quotes": ("IN 'CA','NV'", [(IN, ("CA", "NV"))]),
    "in, with brackets": ("in ('CA', NV)", [(IN, ("CA", "NV"))]),
    "in, without a blank": ("IN'CA'", [(IN, ("CA",))]),
    "in, with a comma in quotes": ("IN 'A,B' , C", [(IN, ("A,B", "C"))]),
    "like any text": ("MOTOR%", [(LIKE, ("MOTOR%",))]),
    "like one character": ("GC0000406_", [(LIKE, ("GC0000406_",))]),
    "like, with a backslash": ("D:\\%", [(LIKE, ("D:\\\\%",))]),
    "a text in quotes": ("'IN STOCK'", [(EQUAL, ("IN STOCK",))]),
    "a wild card in quotes": ("'A_1'", [(EQUAL, ("A_1",))]),
    "a quote in quotes": ("'it''s'", [(EQUAL, ("it's",))]),
    "a comparator in quotes": ("<>'<>X'", [(NOT_EQUAL, ("<>X",))]),
    "a wild card in quotes after a comparator": ("<>'50%'", [(NOT_EQUAL, ("50%",))]),
    "an underscore after a comparator": ("<>A_1", [(NOT_EQUAL, ("A_1",))]),
    "no value": ("''", [(EQUAL, ("",))]),
    "some value": ("<>''", [(NOT_EQUAL, ("",))]),
    "blanks around": ("  > 5 ", [(MORE, ("5",))]),
    "the state of Indiana": ("IN", [(EQUAL, ("IN",))]),
    "a word that begins like a keyword": ("INDIA", [(EQUAL, ("INDIA",))]),
    "a keyword alone": ("between", [(EQUAL, ("between",))]),
    "nothing": ("   ", []),
}


@pytest.mark.parametrize("text, conditions", table(ASKED))
def test_reads(text, conditions):
    assert parse_criterion(text) == conditions


NUMBERS = {
    "an underscore": ("1_0", [(EQUAL, ("1_0",))]),
    "a per cent sign": ("1%", [(EQUAL, ("1%",))]),
    "a range": ("BETWEEN -1 AND 1", span("-1", "1")),
}


@pytest.mark.parametrize("text, conditions", table(NUMBERS))
def test_has_no_wild_cards_where_there_is_no_text(text, conditions):
    assert parse_criterion(text, is_text=False) == conditions


REFUSED = {
    "a comparator without a value": (">=", "needs a value"),
    "between without and": ("BETWEEN 10 TO 20", "BETWEEN 10 AND 100"),
    "between two ands": ("BETWEEN A AND B AND C", "with AND in it goes in quotes"),
    "an empty entry of a list": ("IN A,,B", "IN A,C"),
    "a comma at the end of a list": ("IN A,", "IN A,C"),
    "brackets that hold nothing": ("IN ()", "IN A,C"),
    "a list that does not end its quotes": ("IN 'A,B", "IN A,C"),
    "text after quotes": ("IN 'A'B", "IN A,C"),
    "a wild card after a comparator": ("<>MOTOR%", "write 'MOTOR%'"),
    "a wild card in a list": ("IN A%,B", "write 'A%'"),
    "quotes that do not end": ("'abc", "does not end its quotes"),
    "a quote that is not doubled": ("'it's'", "does not end its quotes"),
    "too much": ("A" * 20_001, "at most 20,000"),
}


@pytest.mark.parametrize("text, words", table(REFUSED))
def test_refuses(text, words):
    with pytest.raises(ProblemError) as refused:
        parse_criterion(text)

    assert words in refused.value.problem.sentence(lambda path: "PART_ID")


VALUES = st.text(st.sampled_from("AB 1_%'<>=,()\\-") | st.characters(codec="utf-8"), max_size=12).map(str.strip)
KEYWORDS = st.sampled_from(["IN A", "BETWEEN", "between 1 and 2", "AND", "a AND b", "'", "''", "<>", "IN", "x' AND 'y"])
OPERANDS = VALUES | KEYWORDS
CONDITIONS = (
    st.tuples(st.sampled_from([EQUAL, NOT_EQUAL, MORE, LESS, AT_LEAST, AT_MOST]), st.tuples(OPERANDS)).map(
        lambda c: [c]
    )
    | st.tuples(st.just(IN), st.lists(OPERANDS, min_size=1, max_size=4).map(tuple)).map(lambda c: [c])
    | st.builds(span, OPERANDS, OPERANDS)
)


@given(CONDITIONS, st.booleans())
def test_reads_what_it_writes(conditions, is_text):
    assert parse_criterion(write_criterion(conditions, is_text), is_text) == conditions


@given(st.text("AB%_\\' ", min_size=1, max_size=10))
def test_writes_what_it_reads_as_a_pattern(text):
    try:
        conditions = parse_criterion(text)
    except ProblemError:
        assume(False)

    assert parse_criterion(write_criterion(conditions)) == conditions if conditions else not text.strip()


@given(st.text("IN BETWEEN AND'%_,<>=()1 ", max_size=40))
def test_reads_or_refuses_whatever_is_typed(text):
    with suppress(ProblemError):
        assert all(operands for _, operands in parse_criterion(text))


INEXPRESSIBLE = {
    "a pattern with an escaped wild card": [(LIKE, ("50\\%",))],
    "a pattern without a wild card": [(LIKE, ("A",))],
    "a pattern that begins like a comparator": [(LIKE, (">%",))],
    "no letters' case": [(Comparator.ILIKE, ("a%",))],
    "two of one": [(EQUAL, ("A",)), (EQUAL, ("B",))],
}


@pytest.mark.parametrize("conditions", INEXPRESSIBLE.values(), ids=INEXPRESSIBLE)
def test_says_what_the_notation_cannot_say(conditions):
    with pytest.raises(ValueError, match="no way to say"):
        write_criterion(conditions)


def test_does_not_run_away():
    for text in ("BETWEEN " + " AND" * 4_000, "IN " + " " * 15_000 + "'", "IN " + "'" * 15_001, "'" * 19_999):
        with suppress(ProblemError):
            parse_criterion(text)
