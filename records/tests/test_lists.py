"""The admin's lists of records: pages by key, forth and back; what they count; frequent words and rare ones."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from lxml import html

from customers.tests import crm
from orders.models import SalesOrder
from orders.services import SALES_ORDERS
from parts.models import Part
from parts.tests.catalogue import made
from records.admin import paging, search
from records.admin.base import RecordAdmin
from records.admin.paging import Number, Order, UncountedPaginator, count_each, estimate_records
from records.tests.cast import NOW, table
from records.tests.pages import said

pytestmark = pytest.mark.django_db

PARTS, ORDERS = "/admin/parts/part/", "/admin/orders/salesorder/"
COUNT = 23


@pytest.fixture(autouse=True)
def _short_pages(monkeypatch):
    monkeypatch.setattr(RecordAdmin, "list_per_page", 5)


@pytest.fixture
def parts():
    """Parts of which many were changed at the same moment; every third is of brass, every fourth is inactive."""
    made(
        *(
            {
                "number": f"P-{n:03}",
                "description": {"en": f"Pump {n} of {'brass' if n % 3 == 0 else 'steel'}"},
                "active": "false" if n % 4 == 0 else "true",
            }
            for n in range(COUNT)
        )
    )
    for part in Part.objects.filter(number__gte="P-017"):
        Part.objects.filter(pk=part.pk).update(changed_at=NOW + timedelta(microseconds=part.pk % 3))


@pytest.fixture
def orders():
    """Orders of which some are due on the same day, and some on none."""
    crm.build()
    days = ["2027-01-02", "", "2027-01-01", "2027-01-02", ""]
    crm.added(
        SALES_ORDERS,
        *({"number": f"SO-{n:03}", "customer": "ACME", "due_date": days[n % 5]} for n in range(COUNT)),
    )


def numbers(response) -> list[str]:
    return [record.number for record in response.context["cl"].result_list]


def link(response, relation: str) -> str:
    """The address of the next or the previous page; empty when there is none."""
    found = html.fromstring(response.content.decode()).xpath(f"//nav[@aria-label='Pages']//a[@rel='{relation}']/@href")
    return found[0] if found else ""


def walk(client, address: str, relation: str, query: str) -> list[tuple[str, list[str]]]:
    """The pages from one on, each with its query and its numbers."""
    pages = []
    while True:
        response = client.get(address + query)
        pages.append((query, numbers(response)))
        if not (query := link(response, relation)):
            return pages


LISTS = {
    "all parts": (PARTS, "?", Part, {}, ["number"]),
    "downwards": (PARTS, "?o=-1", Part, {}, ["-number"]),
    "by a moment that many have": (PARTS, "?o=5", Part, {}, ["changed_at", "pk"]),
    "by it downwards": (PARTS, "?o=-5", Part, {}, ["-changed_at", "-pk"]),
    "by a column without an index": (PARTS, "?o=2", Part, {}, ["-pk"]),
    "active ones": (PARTS, "?active__exact=1", Part, {"active": True}, ["number"]),
    "active ones, by a moment": (PARTS, "?active__exact=1&o=-5", Part, {"active": True}, ["-changed_at", "-pk"]),
    "words": (PARTS, "?q=brass", Part, {"descriptions__text__contains": "brass"}, ["number"]),
    "words, by a moment": (
        PARTS, "?q=brass&o=5", Part, {"descriptions__text__contains": "brass"}, ["changed_at", "pk"],
    ),
    "words among active ones": (
        PARTS, "?q=brass&active__exact=1", Part, {"descriptions__text__contains": "brass", "active": True}, ["number"],
    ),
    "a day that some have": (ORDERS, "?o=6", SalesOrder, {}, [F("due_date").asc(nulls_first=True), "pk"]),
    "a day downwards": (ORDERS, "?o=-6", SalesOrder, {}, [F("due_date").desc(nulls_last=True), "-pk"]),
    "two columns": (ORDERS, "?o=-6.1", SalesOrder, {}, [F("due_date").desc(nulls_last=True), "number"]),
    "orders of a part": (ORDERS, "?rows__part__id__exact=0", SalesOrder, {"pk": 0}, ["number"]),
}  # fmt: skip


@pytest.mark.parametrize("frequent", [50, 1])
@pytest.mark.parametrize("address, query, model, condition, ordering", table(LISTS))
def test_pages_go_forth_and_back(ada, parts, orders, monkeypatch, frequent, address, query, model, condition, ordering):
    monkeypatch.setattr(search, "FREQUENT", frequent)
    expected = [record.number for record in model.objects.filter(**condition).order_by(*ordering)]

    forth = walk(ada, address, "next", query)
    back = walk(ada, address, "prev", forth[-1][0])

    assert [number for _, page in forth for number in page] == expected
    assert [page for _, page in reversed(back[1:])] == [page for _, page in forth[:-1]]
    assert link(ada.get(address + back[-1][0]), "prev") == ""


def test_a_page_goes_on_where_the_last_one_ended_though_records_are_added_and_removed(ada, parts):
    following = link(ada.get(PARTS), "next")
    Part.objects.filter(number__in=["P-001", "P-004"]).delete()
    made({"number": "P-0005"}, {"number": "P-0045"})

    page = ada.get(PARTS + following)

    assert numbers(page) == ["P-0045", "P-005", "P-006", "P-007", "P-008"]
    assert numbers(ada.get(PARTS + link(page, "prev"))) == ["P-000", "P-0005", "P-002", "P-003", "P-0045"]


def test_the_page_before_the_first_records_is_the_first(ada, parts):
    page = ada.get(PARTS, {"before": '["P-002"]'})

    assert numbers(page) == ["P-000", "P-001", "P-002", "P-003", "P-004"]
    assert link(page, "prev") == ""


def test_behind_the_end_is_an_empty_page_that_leads_back(ada, parts):
    page = ada.get(PARTS, {"after": '["Z"]'})

    assert numbers(page) == []
    assert numbers(ada.get(PARTS + link(page, "prev"))) == [f"P-{n:03}" for n in range(COUNT - 5, COUNT)]


POSITIONS = {
    "no JSON": "P-001",
    "another order's": '["P-001","2"]',
    "no list": '{"a":1}',
    "a list in it": '[["P-001"]]',
    "a NUL": '["\\u0000"]',
    "deep": "[" * 5000,
    "nothing": "",
}


@pytest.mark.parametrize("relation", ["after", "before"])
@pytest.mark.parametrize("position", table(POSITIONS))
def test_what_is_no_position_is_the_first_page(ada, parts, relation, position):
    assert numbers(ada.get(PARTS, {relation: position})) == [f"P-{n:03}" for n in range(5)]


@pytest.mark.parametrize("position", ['["soon","1"]', '["2026-01-01T00:00:00Z","x"]', "[1,2]"])
def test_what_is_no_moment_is_the_first_page(ada, parts, position):
    assert numbers(ada.get(PARTS, {"o": "5", "after": position})) == numbers(ada.get(PARTS, {"o": "5"}))


def test_links_to_orders_and_filters_begin_anew(ada, parts):
    page = ada.get(PARTS + link(ada.get(PARTS), "next"))

    assert not [href for href in re.findall(rb'href="(\?[^"]*)"', page.content) if b"o=" in href and b"after=" in href]


class TestNumbers:
    def test_of_a_short_list_are_said(self, ada, parts):
        assert "23 parts" in said(ada.get(PARTS))
        assert "6 parts" in said(ada.get(PARTS, {"active__exact": "0"}))
        assert "1 part" in said(ada.get(PARTS, {"q": "P-001"}))

    def test_of_a_long_list_are_cut(self, ada, parts, monkeypatch):
        monkeypatch.setattr(paging, "MOST_COUNTED", 10)

        page = ada.get(PARTS, {"active__exact": "1"})

        assert "10+ parts" in said(page)
        assert "Select all 10+ parts" in said(page)

    def test_of_a_whole_table_are_about(self, ada, parts, monkeypatch):
        monkeypatch.setattr(paging, "MOST_COUNTED", 10)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE parts_part")

        assert "about 23 parts" in said(ada.get(PARTS))
        assert "about 23 parts" in said(ada.get("/admin/"))
        assert "10+ parts" in said(ada.get(PARTS, {"active__exact": "1"}))

    def test_of_a_frequent_word_are_not_counted(self, ada, parts, monkeypatch):
        monkeypatch.setattr(search, "FREQUENT", 5)

        assert "5+ parts" in said(ada.get(PARTS, {"q": "pump"}))
        assert "1 part" in said(ada.get(PARTS, {"q": "P-001"}))

    def test_are_three_digits_of_an_estimate(self):
        assert [paging._round(number) for number in (1234, 99_949, 1_234_567)] == [1230, 99_900, 1_230_000]

    def test_of_several_kinds_take_one_query(self, parts, django_assert_num_queries):
        with django_assert_num_queries(1):
            found = count_each([Part.objects.all(), SalesOrder.objects.all(), Part.objects.filter(active=False)])

        assert found == [23, 0, 6]
        assert count_each([]) == []

    def test_of_a_table_that_was_never_analyzed_are_not_estimated(self):
        assert estimate_records(SalesOrder) == {}

    def test_write_themselves(self):
        assert [str(Number(1234)), str(Number(1000, "1,000+")), Number(5) + 1] == ["1,234", "1,000+", 6]


ADDRESSES = [PARTS, f"{PARTS}?active__exact=1", f"{PARTS}?q=brass", f"{PARTS}?q=P-01", "/admin/", ORDERS]


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_page_counts_a_table(ada, parts, orders, address):
    with CaptureQueriesContext(connection) as captured:
        assert ada.get(address).status_code == 200

    counting = [query["sql"] for query in captured if "COUNT(" in query["sql"].upper()]
    assert not [sql for sql in counting if "LIMIT" not in sql and "webservices_exchange" not in sql]


class TestSearch:
    WAYS = {
        "by ids": (50, 1_000, 1_000),
        "one by one": (1, 1_000, 1_000),
        "by many ids": (50, 0, 1_000),
        "by a union": (50, 0, 0),
    }
    FOUND = {
        "a word": ("brass", ["P-000", "P-003", "P-006", "P-009", "P-012"]),
        "a number": ("P-011", ["P-011"]),
        "two words": ("pump 7", ["P-007"]),
        "signs and a word": ("- brass 21", ["P-021"]),
        "nothing": ("glass", []),
        "signs": ("- .", []),
    }

    @pytest.mark.parametrize("frequent, most_ids, many_ids", table(WAYS))
    @pytest.mark.parametrize("words, found", table(FOUND))
    def test_finds_the_same_by_every_way(self, ada, parts, monkeypatch, frequent, most_ids, many_ids, words, found):
        monkeypatch.setattr(search, "FREQUENT", frequent)
        monkeypatch.setattr(search, "MOST_IDS", most_ids)
        monkeypatch.setattr(search, "MANY_IDS", many_ids)

        assert numbers(ada.get(PARTS, {"q": words})) == found

    def test_takes_few_statements(self, ada, parts, monkeypatch, django_assert_num_queries):
        ada.get(PARTS, {"q": "brass"})

        with django_assert_num_queries(6):  # session, user, a look at the first, ids, page, number
            ada.get(PARTS, {"q": "brass"})
        monkeypatch.setattr(search, "FREQUENT", 5)
        with django_assert_num_queries(4):  # session, user, a look at the first, page
            ada.get(PARTS, {"q": "pump"})

    @pytest.mark.parametrize("frequent", [50, 5])
    def test_of_choices_turns_pages_without_a_count(self, ada, parts, monkeypatch, frequent):
        monkeypatch.setattr(search, "FREQUENT", frequent)
        address = "/admin/customers/customerpart/names/part/"

        first = ada.get(address, {"term": "pump"}).json()
        second = ada.get(address, {"term": "pump", "page": "2"}).json()

        active = [f"P-{n:03}" for n in range(COUNT) if n % 4]
        assert [choice["id"] for choice in first["results"]] == active[:20]
        assert (first["pagination"]["more"], second["pagination"]["more"]) == (False, False)
        assert second["results"] == []


class TestPaginator:
    def test_knows_if_there_is_a_next_page(self, parts):
        pages = UncountedPaginator(Part.objects.order_by("number"), 10)

        assert [(len(pages.page(n).object_list), pages.page(n).has_next()) for n in (1, 2, 3, 4)] == [
            (10, True), (10, True), (3, False), (0, False),
        ]  # fmt: skip

    @pytest.mark.parametrize("number", ["x", None, "0", "-3"])
    def test_takes_what_is_no_number_for_the_first_page(self, parts, number):
        assert UncountedPaginator(Part.objects.order_by("number"), 10).get_page(number).number == 1


class TestPositions:
    def test_are_read_as_they_were_written(self, parts):
        part = Part.objects.order_by("-changed_at").first()
        order = Order.read(Part, ["-changed_at", "-pk"])

        assert order.read_position(order.position(part)) == [part.changed_at, part.pk]

    def test_are_compared_as_rows_by_the_index(self, parts):
        order = Order.read(Part, ["-changed_at", "-pk"])
        found = Part.objects.filter(order.beyond([NOW, 7], backwards=False))

        assert '("parts_part"."changed_at", "parts_part"."id") < (' in str(found.query)
