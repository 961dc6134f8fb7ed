"""What the readers take, what they refuse, and in which words."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.shapes.fields import TEXT_FORMS, Kind, ListField, MapField, RowsField, ScalarField
from records.shapes.parsing import completer, reader, record_reader, remembering_reader
from records.shapes.problems import Family, Problem, ProblemError, invalid_problem
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, InvalidValue
from records.tests.cast import table

CURRENCY = ScalarField("currency", label="Currency", pattern="[A-Z]{3}", help="ISO code.")
AMOUNT = ScalarField("amount", Kind.DECIMAL, digits=6, places=2, minimum=0)
ROW = Resource(
    "row",
    "rows",
    "Row",
    "Rows",
    (ScalarField("line", Kind.INTEGER, required=True), ScalarField("note", default="")),
    ("line",),
)
FIELDS = {
    "text": ScalarField("f", max_length=5),
    "lines": ScalarField("f", multiline=True),
    "choice": ScalarField("f", choices=(("a", "A"), ("b", "B"))),
    "integer": ScalarField("f", Kind.INTEGER, minimum=-1, maximum=99),
    "decimal": AMOUNT,
    "boolean": ScalarField("f", Kind.BOOLEAN),
    **{f"{form} as text": ScalarField("f", pattern=TEXT_FORMS[form][0], help="So.") for form in TEXT_FORMS},
    "date": ScalarField("f", Kind.DATE),
    "moment": ScalarField("f", Kind.DATETIME),
    "list": ListField("f", item=ScalarField("i", max_length=3)),
    "map": MapField("f", keys=CURRENCY, item=AMOUNT),
    "rows": RowsField("f", child=ROW),
}

TAKEN = {
    "text with spaces around it": ("text", "  abc ", "abc"),
    "lines as they are": ("lines", " a\nb ", " a\nb "),
    "a choice": ("choice", "b", "b"),
    "a whole number": ("integer", "+07", 7),
    "a decimal": ("decimal", "12.50", Decimal("12.50")),
    "zeros that say nothing": ("decimal", "0001.50000", Decimal("1.5")),
    "an exponent": ("decimal", "1.25E3", Decimal("1250")),
    "a negative exponent": ("decimal", "1.0E-1", Decimal("0.1")),
    "a capital and no point": ("decimal", " 5e-02 ", Decimal("0.05")),
    "no exponent to speak of": ("decimal", "0E999", Decimal("0")),
    "a whole number with a point": ("integer", "5.0", 5),
    "a whole number with an exponent": ("integer", " 2.5E1 ", 25),
    "true": ("boolean", "TRUE", True),
    "one": ("boolean", " 1 ", True),
    "zero": ("boolean", "0", False),
    "a date": ("date", "2026-02-28", date(2026, 2, 28)),
    "a date in UTC": ("date", "2026-12-24Z", date(2026, 12, 24)),
    "a date in a zone": ("date", "2026-12-24-03:00", date(2026, 12, 24)),
    "midnight": ("date", "2026-12-24T00:00:00", date(2026, 12, 24)),
    "midnight in a zone": ("date", " 2026-12-24T00:00:00.000+02:00 ", date(2026, 12, 24)),
    "a day for a moment": ("moment", "2026-02-28-02:00", datetime(2026, 2, 28, 2, tzinfo=UTC)),
    "a moment in UTC": ("moment", "2026-02-28T12:00:00Z", datetime(2026, 2, 28, 12, tzinfo=UTC)),
    "a moment elsewhere": ("moment", "2026-02-28T12:00:00+02:00", datetime(2026, 2, 28, 10, tzinfo=UTC)),
    "a text that is a number": ("number as text", "12.50", "12.50"),
    "a text that is a number, with an exponent": ("number as text", "1.25E7", "12500000"),
    "a text that is a date": ("date as text", "2026-12-24T00:00:00Z", "2026-12-24"),
    "a text that is a flag": ("flag as text", "true", "Y"),
    "a list": ("list", ["a", "b"], ["a", "b"]),
    "one text as a list": ("list", "a", ["a"]),
    "a map with one entry removed": ("map", {"USD": "1", "EUR": EMPTY}, {"USD": Decimal(1), "EUR": None}),
    "rows as they were sent": (
        "rows",
        [{"line": "1"}, {"line": "2", "note": "x"}],
        [{"line": 1}, {"line": 2, "note": "x"}],
    ),
}

REFUSED = {
    "text too long": ("text", "abcdef", "{field} may have at most 5 characters; this has 6."),
    "a control character": ("text", "a\x01b", "U+0001"),
    "a lone surrogate": ("text", "a\ud800", "U+D800"),
    "a map for text": ("text", {"a": "b"}, "takes text, not a group of fields"),
    "a list for text": ("text", ["a"], "takes text, not a list"),
    "no choice": ("choice", "c", "one of a, b; 'c' is not"),
    "letters for a number": ("integer", "twelve", "'twelve' is not"),
    "a fraction for a whole number": ("integer", "1.5", "must be a whole number"),
    "an underscore in a number": ("integer", "1_0", "must be a whole number"),
    "digits of another script": ("integer", "١", "must be a whole number"),
    "a number too small": ("integer", "-2", "must be -1 or more; '-2' is less"),
    "a number too large": ("integer", "100", "must be 99 or less"),
    "NaN": ("decimal", "NaN", "must be a number; 'NaN' is not"),
    "infinity": ("decimal", "INF", "must be a number"),
    "an exponent too large": ("decimal", "1e4", "4 digits before"),
    "an exponent of many digits": ("decimal", "1e999", "4 digits before"),
    "an exponent too small": ("decimal", "1E-9", "2 after the point"),
    "an exponent that is none": ("decimal", "1e", "must be a number"),
    "a whole number with a fraction": ("integer", "1.05E1", "must be a whole number; '1.05E1' is not"),
    "a whole number of many digits": ("integer", "1E30", "must be a whole number"),
    "a time of day for a date": ("date", "2026-12-24T13:00:00", "'2026-12-24T13:00:00' has a time of day"),
    "a zone that is none": ("date", "2026-12-24+25:00", "must be a date such as 2026-01-31"),
    "the end of a day for a date": ("date", "2026-12-24T24:00:00", "has a time of day"),
    "too many places": ("decimal", "1.234", "2 after the point"),
    "too many digits": ("decimal", "12345", "4 digits before"),
    "a negative amount": ("decimal", "-1", "must be 0 or more"),
    "maybe": ("boolean", "maybe", "must be true or false"),
    "a day that is none": ("date", "2026-02-30", "must be a date"),
    "a date the other way round": ("date", "28.02.2026", "must be a date"),
    "a moment that is none": ("moment", "noon", "must be a moment"),
    "a text that is no number": ("number as text", "1E-9", "does not take '1E-9': So."),
    "a text that is no flag": ("flag as text", "2", "does not take '2': So."),
    "an empty item": ("list", ["a", ""], "is empty; leave it out"),
    "an item too long": ("list", ["abcd"], "at most 3 characters"),
    "text for a map": ("map", "1", "one entry for each currency"),
    "a currency that is none": ("map", {"usd": "1"}, "'usd'"),
    "rows that are none": ("rows", ["1"], "takes a list of rows"),
    "a row without its key": ("rows", [{"note": "x"}], "is required"),
}


@pytest.mark.parametrize("field, value, expected", table(TAKEN))
def test_takes(field, value, expected):
    assert reader(FIELDS[field])(value) == expected


@pytest.mark.parametrize("field, value, words", table(REFUSED))
def test_refuses(field, value, words):
    with pytest.raises(ProblemError) as refused:
        reader(FIELDS[field])(value)

    assert words in refused.value.problem.text


class TestARecord:
    resource = Resource(
        "part",
        "parts",
        "Part",
        "Parts",
        (
            ScalarField("number", required=True, max_length=5),
            ScalarField("units", Kind.INTEGER, default="1"),
            MapField("price", keys=CURRENCY, item=AMOUNT),
            ScalarField("id", Kind.INTEGER, read_only=True),
            ScalarField("version", Kind.INTEGER, read_only=True),
        ),
        ("number",),
    )

    def read(self, values):
        return record_reader(self.resource)(values)

    def test_reports_every_problem_with_its_path(self):
        _, problems = self.read({"number": "abcdef", "price": {"USD": "x"}})

        assert [problem.path for problem in problems] == [("number",), ("price", "USD")]

    def test_refuses_a_field_that_there_is_not(self):
        _, [problem] = self.read({"nmber": "a"})

        assert problem.sentence() == "nmber is not a field of a part."

    def test_reports_what_a_wire_does_not_take_whatever_the_field_is(self):
        misfit = InvalidValue(invalid_problem("{field} is too much for this wire."))

        parsed, problems = self.read({"id": misfit, "colour": misfit})

        assert (parsed, [problem.path for problem in problems]) == ({}, [("id",), ("colour",)])

    def test_clears_a_field_to_its_default(self):
        parsed, _ = self.read({"number": "a", "units": EMPTY})

        assert parsed["units"] == 1

    def test_refuses_to_clear_a_required_field(self):
        _, [problem] = self.read({"number": "  "})

        assert problem.sentence() == "number is required."

    def test_passes_over_fields_that_are_only_read_but_takes_the_version(self):
        parsed, problems = self.read({"number": "a", "id": "7", "version": "3"})

        assert (parsed, problems) == ({"number": "a", "version": 3}, [])

    def test_completes_a_new_record_with_defaults(self):
        parsed = {"number": "a"}

        assert completer(self.resource)(parsed) == []
        assert parsed == {"number": "a", "units": 1, "price": EMPTY}


def test_a_sentence_spells_both_fields_as_the_dialect_does():
    problem = Problem("contradiction", Family.INVALID, "{field} and {other} differ.", ("a",), ("b",), hint="C")

    assert problem.sentence(lambda path: "_".join(("part", *path))) == "part_a and part_b differ. Did you mean C?"


def read_or_refuse(read, value):
    """Return the value that is read, with its type, or the codes of what is wrong."""
    try:
        found = read(value)
        return type(found), found, str(found)
    except ProblemError as error:
        return [problem.code for problem in error.problems]


NUMBERS = st.from_regex(r"[0-9]{0,6}(\.[0-9]{0,4})?", fullmatch=True)


@given(NUMBERS)
def test_a_number_as_most_are_written_is_read_as_any_other(text):
    # With a sign it is no usual number, and its digits are counted.
    assert read_or_refuse(reader(AMOUNT), text) == read_or_refuse(reader(AMOUNT), "+" + text)


@given(st.lists(st.one_of(NUMBERS, st.sampled_from(["true", "0", " 1 ", "2026-02-30", "2026-02-28"])), max_size=8))
def test_values_that_are_remembered_are_read_as_before(values):
    for name in ("integer", "boolean", "date"):
        read, remembering = reader(FIELDS[name]), remembering_reader(FIELDS[name])

        for value in values * 2:
            assert read_or_refuse(remembering, value) == read_or_refuse(read, value)
