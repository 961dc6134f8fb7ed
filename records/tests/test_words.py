"""Words of a search: the same records whichever way they are found, and by the indexes, however many there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.services import CUSTOMER_PARTS, CUSTOMERS
from parts.models import Part, PartDescription
from parts.services import PARTS
from records import find, sql
from records.find import Search
from records.shapes.criteria import Comparator, Criterion
from records.tests.cast import ADA, NOW, table
from records.tests.rows import insert_rows
from records.words import read_words
from records.write.plan import plan
from webservices.declarations import PARTS_BY_ANY_NUMBER

pytestmark = pytest.mark.django_db

COUNT = 4_000
WORD_INDEXES = ["parts_part_words", "parts_partdescription_words"]
STAMPS = {"created_at": "now()", "changed_at": "now()"}

# (how many records are looked at one by one, how many ids are taken): each way alone, and none
WAYS = {
    "one record after the other": ((1_000, 1_000), 0),
    "a few records, then the ids": ((1, 1), 1_000),
    "a few records, no ids, then more records": ((1, 1_000), 0),
    "a few records, no ids, then all": ((1, 1), 0),
}
SEARCHES = {
    "a frequent word": ({"words": "pump"}, "A1 A2 B1 C1 D1"),
    "a rare word": ({"words": "brass"}, "C1"),
    "the beginnings of two words": ({"words": "pum ste"}, "A1 B1"),
    "the beginning of a number": ({"words": "A"}, "A1 A2"),
    "a customer's number": ({"words": "THEIRS-2"}, "D1"),
    "a word that none has": ({"words": "glass"}, ""),
    "a word of several, its beginning": ({"words": "B1-x"}, "B1"),
    "the rest of a word of several": ({"words": "77"}, ""),
    "words of several": ({"words": "B1-x gask"}, "B1"),
    "signs alone": ({"words": "- ."}, ""),
    "signs and a word": ({"words": "- brass"}, "C1"),
    "the parts of a word elsewhere": ({"words": "77-B1"}, ""),
    "operators alone": ({"words": "& | !"}, ""),
    "a limit": ({"words": "pump", "limit": 2}, "A1 A2 …"),
    "a limit and an offset": ({"words": "pump", "limit": 2, "offset": 2}, "B1 C1 …"),
    "the last ones": ({"words": "pump", "limit": 2, "offset": 3}, "C1 D1"),
    "what comes after a key": ({"words": "pump", "limit": 2, "after": ("A2",)}, "B1 C1 …"),
    "the end after a key": ({"words": "pump", "limit": 9, "after": ("C1",)}, "D1"),
    "another order": ({"words": "pump", "limit": 2, "order": ("units",)}, "D1 C1 …"),
    "criteria": (
        {"words": "pump", "limit": 1, "criteria": [Criterion(("units",), Comparator.LESS, ("4",))]},
        "B1 …",
    ),
    "ids": ({"words": "pump", "ids": []}, ""),
}


@pytest.fixture
def parts():
    """Five pumps and a valve."""
    texts = {"A1": "steel pump", "A2": "iron pump", "B1": "steel pump", "C1": "brass pump", "D1": "pump", "V": "valve"}
    units = {"A1": 5, "A2": 4, "B1": 3, "C1": 2, "D1": 1, "V": 1}
    records = [{"number": n, "description": {"en": text}, "units": str(units[n])} for n, text in texts.items()]
    records[2]["notes"] = "Gasket B1-x77"
    PARTS.add(records=records, by=ADA, at=NOW)
    CUSTOMERS.add(records=[{"number": "X"}], by=ADA, at=NOW)
    CUSTOMER_PARTS.add(records=[{"customer": "X", "part": "D1", "number": "THEIRS-2"}], by=ADA, at=NOW)


@pytest.fixture
def catalogue():
    """Thousands of parts; every one is a pump, the last one of brass."""
    source, count = "generate_series(1, %(count)s) AS n", {"count": COUNT}
    insert_rows(Part, {"number": "'P-' || lpad(n::text, 6, '0')", **STAMPS}, source, count)
    text = f"CASE WHEN number = 'P-{COUNT:06}' THEN 'Pump of brass' ELSE 'Pump of size ' || id END"
    insert_rows(PartDescription, {"part": "id", "language": "'en'", "text": text}, "parts_part", {})
    with connection.cursor() as cursor:
        # What autovacuum does: new words wait in a list of their own, which makes the index look expensive.
        cursor.execute("SELECT gin_clean_pending_list(i::regclass) FROM unnest(%s::text[]) i", [WORD_INDEXES])
        cursor.execute("ANALYZE parts_part, parts_partdescription, customers_customerpart")


def find_numbers(**search) -> tuple[str, int]:
    """The numbers that are found, `…` if there are more, and how many statements it took."""
    with CaptureQueriesContext(connection) as captured:
        found = PARTS_BY_ANY_NUMBER.find(search=Search(**search))
    numbers = [str(record["number"]) for record in found.records]
    return " ".join([*numbers, "…"] if found.cut else numbers), len(captured)


@pytest.mark.parametrize("many_ids", [0, 1_000])
@pytest.mark.parametrize("windows, most_ids", table(WAYS))
@pytest.mark.parametrize("search, numbers", table(SEARCHES))
def test_finds_the_same_by_every_way(parts, monkeypatch, windows, most_ids, many_ids, search, numbers):
    monkeypatch.setattr(find, "WINDOWS", windows)
    monkeypatch.setattr(find, "MOST_IDS", most_ids)
    monkeypatch.setattr(find, "MANY_IDS", many_ids)

    assert find_numbers(**search)[0] == numbers


@pytest.mark.parametrize("most_ids", [0, 1_000])
def test_streams_the_same_by_every_way(parts, monkeypatch, most_ids):
    monkeypatch.setattr(find, "MOST_IDS", most_ids)

    stream = PARTS_BY_ANY_NUMBER.find(search=Search(words="pump"), page_size=2).records

    assert [record["number"] for record in stream] == ["A1", "A2", "B1", "C1", "D1"]


COSTS = {
    "a frequent word": ("pump", "P-000001 P-000002 …", 1),
    "a rare word": ("brass", f"P-{COUNT:06}", 3),
    "a number": (f"P-{COUNT:06}", f"P-{COUNT:06}", 3),
    "a word that none has": ("glass", "", 3),
}


@pytest.mark.parametrize("words, numbers, statements", table(COSTS))
def test_takes_few_statements_however_many_records_there_are(catalogue, words, numbers, statements):
    assert find_numbers(words=words, limit=2) == (numbers, statements)


@pytest.mark.parametrize("many_ids", [11, COUNT])
def test_a_word_that_too_many_have_and_none_of_the_first_takes_five(catalogue, monkeypatch, many_ids):
    monkeypatch.setattr(find, "WINDOWS", (1, 2))
    monkeypatch.setattr(find, "MOST_IDS", 10)
    monkeypatch.setattr(find, "MANY_IDS", many_ids)

    assert find_numbers(words="pump", limit=2) == ("P-000001 P-000002 …", 5)


@pytest.mark.parametrize("words", ["brass", "P-004", "glass"])
def test_the_ids_of_a_rare_word_come_from_the_indexes(catalogue, words):
    statement, parameters = read_words(plan(Part, PARTS_BY_ANY_NUMBER.resource), words).ids(100)

    lines = [line for (line,) in sql.rows(f"EXPLAIN {statement}", parameters)]

    assert not [line for line in lines if "Seq Scan on parts" in line]
    assert [line for line in lines if "parts_partdescription_words" in line]


def test_one_record_after_the_other_is_looked_at_without_reading_the_others(catalogue):
    where = plan(Part, PARTS_BY_ANY_NUMBER.resource)
    statement, parameters = find.build_statement(where, Search(words="pump", limit=50), keys_only=False, window=1_000)

    lines = [line for (line,) in sql.rows(f"EXPLAIN {statement}", parameters)]

    assert not [line for line in lines if "Seq Scan on parts_part" in line or "hashed SubPlan" in line]
    assert [line for line in lines if "parts_part_number" in line]
