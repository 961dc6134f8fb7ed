"""Finding: in an order that was asked for, from an offset, whether there is more, and bit by bit."""

import pytest
from django.db import ProgrammingError, connection, connections, transaction

from customers.services import CUSTOMER_PARTS, CUSTOMERS
from parts.resources import PART
from parts.services import PARTS
from records import cursor
from records.find import Search
from records.shapes.criteria import Comparator, Criterion
from records.shapes.fields import ScalarField
from records.shapes.problems import ProblemError
from records.shapes.streams import Stream
from records.shapes.values import EMPTY
from records.tests.cast import ADA, NOW, table

pytestmark = pytest.mark.django_db

RESOURCE = PART.add_custom_fields([ScalarField("custom_tier", source="tier", custom=True, nullable=True)])


@pytest.fixture(autouse=True)
def parts():
    rows = [("C", "x", "1", "z"), ("A", "y", "3", "zz"), ("D", "x", "2", ""), ("B", "", "3", ""), ("b", "Y", "2", "a")]
    with transaction.atomic():
        for number, notes, units, tier in rows:  # one by one, so that the ids are in this order
            part = {"number": number, "notes": notes, "units": units, "custom_tier": tier}
            PARTS.add(records=[part], by=ADA, at=NOW, resource=RESOURCE)


def found(**search):
    answer = PARTS.find(search=Search(**search), resource=RESOURCE)
    return "".join(record["number"] for record in answer.records), answer.cut


ORDERS = {
    "none: its own": ((), "ABCDb"),
    "by id": (("id",), "CADBb"),
    "by a text, by code points, blank first": (("notes",), "BbCDA"),
    "by a number": (("units",), "CDbAB"),
    "by two": (("units", "notes"), "CbDBA"),
    "by a field and the id": (("units", "id"), "CDbAB"),
    "down, and so the ids": (("-notes",), "ADCbB"),
    "down and up": (("-units", "notes"), "BAbDC"),
    "up and down": (("units", "-notes"), "CDbAB"),
    "by the key": (("-number",), "bDCBA"),
    "by the key, which says all, and another": (("number", "notes"), "ABCDb"),
    "by a field twice": (("notes", "-notes"), "BbCDA"),
    "by a custom text, blank first": (("custom_tier",), "DBbCA"),
    "by a custom text, down": (("-custom_tier",), "ACbBD"),
    "down the ids": (("-id",), "bBDAC"),
}


@pytest.mark.parametrize("order, numbers", table(ORDERS))
def test_orders_by_fields_and_at_last_by_id(order, numbers):
    assert found(order=order) == (numbers, False)


PAGES = {
    "from the beginning": (0, 2, "Bb", True),
    "from the middle": (2, 2, "CD", True),
    "to the end": (3, 2, "DA", False),
    "the last one": (4, 2, "A", False),
    "beyond the end": (5, 2, "", False),
    "all from the middle": (2, None, "CDA", False),
    "none at all": (0, 0, "", True),
}


@pytest.mark.parametrize("offset, limit, numbers, cut", table(PAGES))
def test_pages_by_offset_and_says_when_there_is_more(offset, limit, numbers, cut):
    assert found(order=("notes",), offset=offset, limit=limit) == (numbers, cut)


def test_an_offset_goes_with_the_own_order_and_with_a_cursor():
    assert found(offset=1, limit=2) == ("BC", True)
    assert found(after=("A",), offset=1, limit=2) == ("CD", True)


def test_what_has_no_value_comes_first():
    CUSTOMERS.add(records=[{"number": "X"}], by=ADA, at=NOW)
    quoted = {"A": "2026-02-01", "B": "", "C": "2026-01-01"}
    settings = [{"customer": "X", "part": part, "number": part, "last_quote_date": on} for part, on in quoted.items()]
    CUSTOMER_PARTS.add(records=settings, by=ADA, at=NOW)

    answer = CUSTOMER_PARTS.find(search=Search(order=("last_quote_date",)))

    assert [record["number"] for record in answer.records] == ["B", "C", "A"]
    down = CUSTOMER_PARTS.find(search=Search(order=("-last_quote_date",)))
    assert [record["number"] for record in down.records] == ["A", "C", "B"]


XS = (Criterion(("notes",), Comparator.EQUAL, ("x",)),)
COUNTS = {
    "all on one page": ({}, 5, 1),
    "a page with more behind it": ({"limit": 2}, 5, 2),
    "the last page": ({"limit": 2, "offset": 4}, 5, 1),
    "beyond the end": ({"limit": 2, "offset": 9}, 5, 2),
    "of criteria": ({"criteria": XS, "limit": 1}, 2, 2),
    "of words": ({"words": "x", "limit": 1}, 2, 4),
}


@pytest.mark.parametrize("search, total, most", table(COUNTS))
def test_counts_all_that_is_found(search, total, most, django_assert_max_num_queries):
    with django_assert_max_num_queries(most):
        answer = PARTS.find(search=Search(**search, count=True), resource=RESOURCE)

    assert answer.total == total


def test_counts_only_what_is_to_be_counted():
    assert PARTS.find(search=Search(limit=1), resource=RESOURCE).total is None


REFUSED = {
    "an unknown field": (("colour",), "unknown-field"),
    "a map": (("price",), "no-order"),
    "a list": (("company_associations",), "no-order"),
}


@pytest.mark.parametrize("order, code", table(REFUSED))
def test_refuses_an_order_by(order, code):
    with pytest.raises(ProblemError) as refused:
        found(order=order)

    assert refused.value.problem.code == code
    assert refused.value.problem.path == order


def test_names_a_field_to_order_by_instead():
    with pytest.raises(ProblemError, match=r"ordered by price, which has several values; .* such as number"):
        found(order=("price",))


class TestStreams:
    """Five parts, of which at most two are held at once."""

    def stream(self, page_size=2, **search):
        return PARTS.find(search=Search(**search), resource=RESOURCE, page_size=page_size).records

    def numbers(self, records):
        return "".join(record["number"] for record in records)

    @pytest.mark.parametrize("search", [{}, {"order": ("units", "notes")}, {"offset": 1}, {"words": "x"}])
    def test_have_the_same_records_in_the_same_order(self, search):
        stream = self.stream(page_size=1, **search)

        assert isinstance(stream, Stream)
        assert [*stream] == [*PARTS.find(search=Search(**search), resource=RESOURCE).records]

    def test_are_made_where_there_are_more_records_than_may_be_held(self):
        assert isinstance(self.stream(page_size=4), Stream)
        assert isinstance(self.stream(page_size=5), tuple)
        assert isinstance(self.stream(limit=2), tuple)
        assert isinstance(self.stream(limit=3), Stream)

    @pytest.mark.parametrize("limit, numbers, cut", [(3, "ABC", True), (4, "ABCD", True), (5, "ABCDb", False)])
    def test_end_at_the_limit_and_say_when_there_is_more(self, limit, numbers, cut):
        stream = self.stream(limit=limit)

        assert (len(stream), stream.cut) == (len(numbers), cut)
        assert self.numbers(stream) == numbers

    def test_give_blocks_whose_columns_have_what_the_records_have(self):
        blocks = [*self.stream().blocks()]

        assert [len(block) for block in blocks] == [2, 2, 1]
        for block in blocks:
            for name in block.layout.column_presenters:
                assert [value or EMPTY for value in block.column(name)] == [each[name] for each in block.records()]

    def test_know_their_length_before_and_afterwards(self):
        stream = self.stream()

        assert len(stream) == 5
        assert self.numbers(stream) == "ABCDb"
        assert (len(stream), self.numbers(stream.first)) == (5, "AB")
        assert [*stream] == []

    def test_that_are_closed_give_no_more(self):
        stream = self.stream()
        taken = next(iter(stream))

        stream.close()

        assert (taken["number"], len(stream), [*stream]) == ("A", 1, [])

    def test_are_as_of_the_moment_when_they_were_looked_at(self):
        stream = self.stream()
        assert len(stream) == 5
        PARTS.remove(records=[{"number": "D"}], by=ADA, at=NOW)
        PARTS.add(records=[{"number": "E"}], by=ADA, at=NOW)

        assert self.numbers(stream) == "ABCDb"

    def test_whose_rows_the_database_has_lost_say_so(self):
        stream = self.stream()
        records = iter(stream)
        next(records)
        with connection.cursor() as cursor:
            cursor.execute("CLOSE ALL")

        with pytest.raises(ProgrammingError, match="held_"), transaction.atomic():
            next(record for record in records if record["number"] > "B")

    def test_leave_nothing_behind(self):
        for stream in (self.stream(), self.stream()):
            next(iter(stream))
            stream.close()
            stream.close()
        assert len([*self.stream()]) == 5

        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM pg_cursors WHERE name LIKE 'held%'")
            assert cursor.fetchall() == []


@pytest.mark.django_db(transaction=True)
class TestStreamsOutsideOfATransaction:
    """A stream opens a transaction, and ends it."""

    def stream(self, **search):
        return PARTS.find(search=Search(**search), resource=RESOURCE, page_size=2).records

    def numbers(self, records):
        return "".join(record["number"] for record in records)

    def test_end_it_with_their_last_record(self):
        stream = self.stream()
        records = iter(stream)

        first = next(records)
        is_open = not connection.get_autocommit()
        rest = self.numbers(records)

        assert (first["number"], is_open, rest) == ("A", True, "BCDb")
        assert connection.get_autocommit()

    def test_end_it_when_they_are_closed_or_fail(self):
        closed, failed = self.stream(), self.stream()
        next(iter(closed))
        closed.close()
        assert connection.get_autocommit()
        with connection.cursor() as cursor:
            next(records := iter(failed))
            cursor.execute("CLOSE ALL")
            with pytest.raises(ProgrammingError, match="held_"):
                next(record for record in records if record["number"] > "B")

        failed.close()

        assert connection.get_autocommit()
        assert PARTS.find(search=Search()).records

    def test_that_are_counted_have_as_many_records_whatever_others_write_meanwhile(self, others):
        stream = self.stream()
        assert len(stream) == 5
        others("DELETE FROM parts_part WHERE number = 'b'")

        assert self.numbers(stream) == "ABCDb"

    def test_take_what_is_left_without_a_transaction_after_a_while(self, monkeypatch, others):
        monkeypatch.setattr(cursor, "LONGEST_TRANSACTION", 0)
        records = iter(self.stream())

        taken = [next(records)]
        others("DELETE FROM parts_part WHERE number = 'b'")

        assert connection.get_autocommit()
        assert self.numbers([*taken, *records]) == "ABCDb"

    @pytest.fixture
    def others(self):
        """Run statements on another connection."""
        wrapper = connections.create_connection("default")
        wrapper.settings_dict = {**connection.settings_dict}

        def run(statement):
            with wrapper.cursor() as cursor:
                cursor.execute(statement)

        yield run
        wrapper.close()
