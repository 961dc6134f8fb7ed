"""Filters of lists: by the indexes that are made for them, whatever value a prepared statement gets."""

import re

import pytest
from django.db import connection

from parts.models import Part
from parts.resources import PART
from records import sql
from records.conditions import LAST_CHARACTER, _prefix_bounds
from records.find import Search, build_statement
from records.shapes.criteria import Comparator, Criterion
from records.tests.cast import table
from records.tests.rows import insert_rows
from records.write.plan import plan

COUNT = 4_000
ROW = {
    "number": "'P-' || lpad(n::text, 6, '0')",
    "display_number": "'D' || n",
    "partner_part_id": "CASE WHEN n %% 10 = 0 THEN 'CRM-' || n ELSE '' END",
    "company_associations": "CASE WHEN n %% 500 = 0 THEN '{Acme}'::text[] ELSE '{}'::text[] END",
    "active": "n %% 200 <> 0",
    "created_at": "now()",
    "changed_at": "now() - n * interval '1 second'",
}


@pytest.fixture
def catalogue(db):
    insert_rows(Part, ROW, "generate_series(1, %(count)s) AS n", {"count": COUNT})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT gin_clean_pending_list(i::regclass) FROM unnest(%s::text[]) i", [["parts_part_companies"]]
        )
        cursor.execute("ANALYZE parts_part")


def criterion(field: str, comparator: Comparator, *values: str) -> Criterion:
    return Criterion((field,), comparator, values)


FILTERS = {
    "another number": (criterion("display_number", Comparator.EQUAL, "D7"), "parts_part_display"),
    "other numbers": (criterion("display_number", Comparator.IN, "D7", "D8"), "parts_part_display"),
    "a number elsewhere": (criterion("partner_part_id", Comparator.EQUAL, "CRM-70"), "parts_part_partner"),
    "the beginning of a number": (criterion("number", Comparator.LIKE, "P-0012%"), "parts_part_number"),
    "a number in any case": (criterion("number", Comparator.ILIKE, "p-000012"), "parts_part_number_caseless"),
    "a company": (criterion("company_associations", Comparator.EQUAL, "Acme"), "parts_part_companies"),
    "companies": (criterion("company_associations", Comparator.IN, "Acme", "Beta"), "parts_part_companies"),
}


@pytest.mark.parametrize("criterion, index", table(FILTERS))
def test_are_answered_by_their_index_for_any_value(catalogue, criterion, index):
    statement, _ = build_statement(plan(Part, PART), Search((criterion,), limit=50), keys_only=True)
    number = iter(range(1, 20))

    # As PostgreSQL plans a statement that comes again and again: without its parameters.
    prepared = re.sub("%s", lambda _: f"${next(number)}", statement)
    lines = [line for (line,) in sql.rows(f"EXPLAIN (GENERIC_PLAN) {prepared}")]

    assert [line for line in lines if index in line and "Scan" in line]
    assert [line for line in lines if "Cond:" in line]
    assert not [line for line in lines if "Seq Scan" in line]


def test_inactive_ones_come_in_the_order_of_the_list_by_their_index(catalogue):
    found = Part.objects.filter(active=False).order_by("number")[:50]

    assert "parts_part_inactive" in found.explain()
    assert "Sort" not in found.explain()


def test_the_latest_changes_come_by_their_index(catalogue):
    found = Part.objects.order_by("-changed_at", "-pk")[:50].explain()

    assert "Index Scan Backward using parts_part_changed_id" in found
    assert "Sort" not in found


BOUNDS = {
    "a beginning": ("P-12%", ("P-12", "P-13")),
    "one character": ("P_1", ("P", "Q")),
    "no wild card": ("P", ("P", "Q")),
    "an escaped wild card": (r"50\%_", ("50%", "50&")),
    "an escaped backslash": (r"a\\%", ("a\\", "a]")),
    "the last character": (f"a{LAST_CHARACTER}%", (f"a{LAST_CHARACTER}", "b")),
    "nothing but that": (f"{LAST_CHARACTER}%", None),
    "before the surrogates": ("\ud7ff%", ("\ud7ff", "\ue000")),
    "a wild card first": ("%a", None),
    "a line": ("a\nb%", ("a\nb", "a\nc")),
}


@pytest.mark.parametrize("pattern, bounds", table(BOUNDS))
def test_a_pattern_has_the_bounds_of_its_beginning(pattern, bounds):
    assert _prefix_bounds(pattern) == bounds
