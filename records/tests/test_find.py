"""Finding: in an order that was asked for, from an offset, whether there is more, and bit by bit."""

import pytest
from django.db import ProgrammingError, connection, transaction

from customers.services import CONTACTS, CUSTOMER_PARTS, CUSTOMERS
from parts.resources import PART
from parts.services import PARTS
from records.find import Search
from records.shapes.fields import ScalarField
from records.shapes.problems import ProblemError
from records.shapes.streams import Stream
from records.tests.cast import ADA, NOW, table

pytestmark = pytest.mark.django_db

RESOURCE = PART.add_custom_fields([ScalarField("custom_tier", source="tier", custom=True, nullable=True)])


@pytest.fixture(autouse=True)
def parts():
    rows = [("C", "x", "1"), ("A", "y", "3"), ("D", "x", "2"), ("B", "", "3"), ("b", "Y", "2")]
    for number, notes, units in rows:  # one by one, so that the ids are in this order
        PARTS.add(records=[{"number": number, "notes": notes, "units": units}], by=ADA, at=NOW)


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


REFUSED = {
    "an unknown field": (("colour",), "unknown-field"),
    "a map": (("price",), "no-order"),
    "a list": (("company_associations",), "no-order"),
    "a custom field": (("custom_tier",), "no-order"),
}


@pytest.mark.parametrize("order, code", table(REFUSED))
def test_refuses_an_order_by(order, code):
    with pytest.raises(ProblemError) as refused:
        found(order=order)

    assert refused.value.problem.code == code
    assert refused.value.problem.path == order


def test_refuses_an_order_by_what_another_record_is_called():
    with pytest.raises(ProblemError, match="Records cannot be ordered by customer"):
        CONTACTS.find(search=Search(order=("customer",)))


def test_refuses_to_go_on_after_a_key_in_another_order():
    with pytest.raises(ProblemError, match="own order"):
        found(order=("notes",), after=("A",))


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
        assert isinstance(self.stream(limit=5), tuple)

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
