"""One criteria language: what it means, and that memory and the database agree on it."""

import unicodedata
from datetime import timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parts.models import Part
from parts.resources import PART
from parts.services import PARTS
from records.find import Search
from records.shapes.criteria import PATTERNS, Comparator, Criterion, matches, understand, without_case
from records.shapes.fields import Kind, ScalarField
from records.shapes.problems import ProblemError
from records.sql import rows
from records.tests.cast import ADA, NOW, table
from records.write.batch import parse
from records.write.engine import read_records
from records.write.plan import plan
from records.write.scope import criteria_record

CUSTOM = (
    ScalarField("custom_field1", source="field1", custom=True, nullable=True),
    ScalarField("custom_field5", Kind.DECIMAL, source="field5", custom=True, nullable=True),
    ScalarField("custom_since", Kind.DATE, source="since", custom=True, nullable=True),
)
RESOURCE = PART.add_custom_fields(CUSTOM).add_vendor_data("acme")

ASCII = ["", "a", "ab", "B", "a%", "a_b", "zz", "a\\b", "A\nb", "b c"]
LETTERS = ["ä", "Ä%", "Σ", "σ", "ς", "İ", "i", "ı", "ß", "ẞ", "\N{KELVIN SIGN}", "k", "Ǆ", "ǅ", "Жж", "é", "E"]
LIMITS = ["\U0010ffff", "a\U0010ffff%", "\ud7ff%"]
TEXTS = st.sampled_from(ASCII + LETTERS + LIMITS)
NUMBERS = st.sampled_from(["", "-1", "0", "2", "10"])
AMOUNTS = st.sampled_from(["", "0", "2.50", "10"])
DATES = st.sampled_from(["", "2026-01-31", "2026-02-01"])
STORED = st.fixed_dictionaries(
    {},
    optional={
        "display_number": TEXTS,
        "notes": TEXTS,
        "lead_time": st.sampled_from(["-1", "0", "2", "10"]),
        "active": st.sampled_from(["true", "false"]),
        "company_associations": st.lists(st.sampled_from(["a", "ab", "B", "a%"]), max_size=2, unique=True),
        "description": st.dictionaries(st.sampled_from(["en", "de"]), TEXTS, max_size=2),
        "price": st.dictionaries(st.sampled_from(["USD", "EUR"]), AMOUNTS, max_size=2),
        "prices": st.lists(
            st.fixed_dictionaries(
                {"currency": st.sampled_from(["JPY", "CHF"]), "amount": st.sampled_from(["0", "2", "10"])},
                optional={
                    "minimum_quantity": st.sampled_from(["1", "10"]),
                    "effective_date": DATES,
                    "price_code": TEXTS,
                },
            ),
            max_size=3,
        ),
        "custom_field1": TEXTS,
        "custom_field5": AMOUNTS,
        "custom_since": DATES,
        "vendor": st.dictionaries(st.sampled_from(["TYPE", "SIZE"]), st.one_of(TEXTS, AMOUNTS), max_size=2),
    },
)
OPERANDS = {
    ("display_number",): TEXTS,
    ("notes",): TEXTS,
    ("number",): TEXTS,
    ("lead_time",): NUMBERS,
    ("active",): st.sampled_from(["", "true", "false"]),
    ("company_associations",): TEXTS,
    ("description",): TEXTS,
    ("description", "en"): TEXTS,
    ("price",): AMOUNTS,
    ("price", "USD"): AMOUNTS,
    ("prices", "currency"): st.sampled_from(["JPY", "CHF", "USD", ""]),
    ("prices", "amount"): NUMBERS,
    ("prices", "minimum_quantity"): NUMBERS,
    ("prices", "effective_date"): DATES,
    ("prices", "price_code"): TEXTS,
    ("custom_field1",): TEXTS,
    ("custom_field5",): AMOUNTS,
    ("custom_since",): DATES,
    ("vendor",): TEXTS,
    ("vendor", "TYPE"): TEXTS,
    ("vendor", "SIZE"): AMOUNTS,
}


@st.composite
def criteria(draw, with_others=True):
    path = draw(st.sampled_from(list(OPERANDS)))
    comparator = draw(st.sampled_from(list(Comparator)))
    count = draw(st.integers(1, 3)) if comparator is Comparator.IN else 1
    values = tuple(draw(OPERANDS[path]) for _ in range(count))
    others = draw(st.lists(criteria(with_others=False), max_size=2)) if with_others else ()
    as_number = path == ("vendor", "SIZE") and comparator not in PATTERNS
    return Criterion(path, comparator, values, others=tuple(others), as_number=as_number)


@pytest.mark.django_db
@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(records=st.lists(STORED, min_size=1, max_size=4), criteria_sent=st.lists(criteria(), min_size=1, max_size=3))
def test_memory_and_the_database_agree(records, criteria_sent):
    try:
        conditions = understand(RESOURCE, criteria_sent)
    except ProblemError:
        return
    Part.objects.all().delete()
    records = [{"number": f"N{i}", **record} for i, record in enumerate(records)]
    outcomes = PARTS.add(records=records, by=ADA, at=NOW, resource=RESOURCE)
    kept = [record["number"] for record, outcome in zip(records, outcomes, strict=True) if not outcome.failed]

    found = {record["number"] for record in PARTS.find(search=Search(criteria_sent), resource=RESOURCE).records}

    assert found == {number for number in kept if matches(conditions, in_memory(number))}


def in_memory(number):
    """The stored record as a write sees it."""
    where = plan(Part, RESOURCE)
    batch = parse(where, [{"number": number}], [0])
    read_records(where, batch, "NO KEY UPDATE", set(RESOURCE.by_name))
    return criteria_record(where, batch[0].stored, batch[0].stored_children)


WITHOUT_CASE = {
    "another case": ("acme%", "ACME Engines", True),
    "a pattern in capitals": ("%EN_INES", "Acme Engines", True),
    "letters beyond ASCII": ("ÅRSTA %", "årsta Köping", True),
    "Greek": ("ΣΟΦΊΑ", "σοφία", True),
    "the final sigma, another letter": ("ΣΟΦΟΣ", "σοφος", False),
    "a letter that has no capital": ("STRASSE", "straße", False),
    "the capital of that letter": ("STRAẞE", "straße", True),
    "an accent": ("e", "é", False),
    "a capital with a dot": ("%İSTANBUL", "istanbul", True),
    "an escaped wild card": (r"A\%", "a%", True),
    "an escaped wild card that is none": (r"A\%", "ab", False),
    "nothing": ("%", "", False),
}


@pytest.mark.django_db
@pytest.mark.parametrize("pattern, company, expected", table(WITHOUT_CASE))
def test_ilike_compares_letters_without_case(pattern, company, expected):
    criteria_sent = [Criterion(("notes",), Comparator.ILIKE, (pattern,))]
    PARTS.add(records=[{"number": "A", "notes": company}], by=ADA, at=NOW)

    assert bool(PARTS.find(search=Search(criteria_sent)).records) is expected
    assert matches(understand(PART, criteria_sent), {"notes": company}) is expected


@pytest.mark.django_db
def test_memory_and_the_database_have_the_same_small_letters():
    letters = [chr(code) for code in range(1, 0x20000) if unicodedata.category(chr(code)) not in ("Cn", "Cs")]

    small = rows("""SELECT lower(c COLLATE "default") FROM unnest(%s::text[]) WITH ORDINALITY AS u(c, n) ORDER BY n""",
                 [letters])  # fmt: skip

    assert [found for (found,) in small] == [without_case(letter) for letter in letters]


MOMENTS = {
    "the day": (("created_at", "date"), Comparator.EQUAL, ("2026-11-21",), True),
    "another day": (("created_at", "date"), Comparator.NOT_EQUAL, ("2026-11-21",), False),
    "days": (("created_at", "date"), Comparator.IN, ("2026-11-20", "2026-11-21"), True),
    "until the day": (("created_at", "date"), Comparator.AT_MOST, ("2026-11-21",), True),
    "before the day": (("created_at", "date"), Comparator.LESS, ("2026-11-21",), False),
    "the time, in UTC": (("created_at", "time"), Comparator.EQUAL, ("12:00:00",), True),
    "after the time": (("created_at", "time"), Comparator.MORE, ("12:00:00",), False),
    "like the time": (("created_at", "time"), Comparator.LIKE, ("12:%",), True),
    "some moment": (("created_at", "time"), Comparator.NOT_EQUAL, ("",), True),
    "no moment": (("created_at", "date"), Comparator.EQUAL, ("",), False),
}


@pytest.mark.django_db
@pytest.mark.parametrize("path, comparator, values, met", table(MOMENTS))
def test_a_moment_is_asked_for_by_its_day_and_its_time(path, comparator, values, met):
    criteria_sent = [Criterion(path, comparator, values)]
    PARTS.add(records=[{"number": "A"}], by=ADA, at=NOW)

    found = PARTS.find(search=Search(criteria_sent)).records

    elsewhere = NOW.astimezone(timezone(timedelta(hours=-13)))
    assert bool(found) is matches(understand(PART, criteria_sent), {"created_at": elsewhere}) is met


REFUSED = {
    "a part of a moment that there is not": (
        Criterion(("created_at", "year"), Comparator.EQUAL, ("1",)),
        "not a field",
    ),
    "no time": (Criterion(("created_at", "time"), Comparator.EQUAL, ("24:00",)), "A time is HH:MM:SS."),
    "LIKE on a day": (Criterion(("created_at", "date"), Comparator.LIKE, ("2026%",)), "LIKE compares text"),
    "an unknown field": (Criterion(("colour",), Comparator.EQUAL, ("red",)), "colour is not a field of a part."),
    "an order of flags": (Criterion(("active",), Comparator.LESS, ("true",)), "has no order"),
    "ILIKE on a number": (Criterion(("lead_time",), Comparator.ILIKE, ("1%",)), "ILIKE compares text"),
    "LIKE on a number": (Criterion(("lead_time",), Comparator.LIKE, ("1%",)), "LIKE compares text"),
    "an order without a value": (Criterion(("lead_time",), Comparator.LESS, ("",)), "needs a value"),
    "a word for a number": (Criterion(("lead_time",), Comparator.EQUAL, ("soon",)), "must be a whole number"),
    "a key of what is no map": (Criterion(("units", "en"), Comparator.EQUAL, ("1",)), "not a field"),
    "rows": (Criterion(("prices",), Comparator.EQUAL, ("1",)), "not a field"),
    "a pattern with a loose end": (Criterion(("notes",), Comparator.LIKE, ("a\\",)), "backslash"),
}


@pytest.mark.parametrize("criterion, words", table(REFUSED))
def test_refuses(criterion, words):
    with pytest.raises(ProblemError) as refused:
        understand(PART, [criterion])

    assert words in refused.value.problem.sentence()


def test_a_like_pattern_full_of_wild_cards_does_not_run_away():
    [condition] = understand(PART, [Criterion(("notes",), Comparator.LIKE, ("%a" * 400 + "b",))])

    assert not matches([condition], {"notes": "a" * 30_000})


def test_a_whole_record_shows_its_maps_to_criteria():
    where = plan(Part, PART)
    children = {"prices": {("USD", "", Decimal(1), None): {"amount": Decimal(5)}}}

    assert criteria_record(where, {}, children)["price"] == {"USD": Decimal(5)}
