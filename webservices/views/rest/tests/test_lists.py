"""REST's lists: filters, search, and paging to the end."""

import pytest

from records.tests.cast import table
from webservices.tests.rest_client import Rest
from webservices.wire.query_string import write_cursor

PARTS = [
    {"number": "BOLT-8", "lead_time": 3, "price": {"USD": "0.10"}, "notes": "Zinc", "company_associations": ["Acme"]},
    {"number": "NUT-8", "lead_time": 3, "price": {"USD": "10.00", "EUR": "9.00"}, "active": False},
    {"number": "PUMP,1", "description": {"en": "Small pump"}, "units": 2},
    {"number": "PUMP-100", "lead_time": 14, "price": {"EUR": "230.00"}, "description": {"de": "Pumpe"}},
]


@pytest.fixture
def rest(ada):
    rest = Rest("ada", "ada-ada!")
    assert rest.post("parts/", PARTS).status == 201
    return rest


FILTERS = {
    "nothing": ("", ["BOLT-8", "NUT-8", "PUMP,1", "PUMP-100"]),
    "a key": ("number=NUT-8", ["NUT-8"]),
    "a key that is not there": ("number=nut-8", []),
    "equal": ("lead_time=3", ["BOLT-8", "NUT-8"]),
    "not equal": ("lead_time__ne=3", ["PUMP,1", "PUMP-100"]),
    "less": ("lead_time__lt=3", ["PUMP,1"]),
    "at most": ("lead_time__lte=3", ["BOLT-8", "NUT-8", "PUMP,1"]),
    "more": ("lead_time__gt=3", ["PUMP-100"]),
    "at least": ("lead_time__gte=3", ["BOLT-8", "NUT-8", "PUMP-100"]),
    "like": ("number__like=PUMP%25", ["PUMP,1", "PUMP-100"]),
    "like any character": ("number__like=PUMP_1", ["PUMP,1"]),
    "in": ("number__in=NUT-8,BOLT-8,NONE", ["BOLT-8", "NUT-8"]),
    "in, with a comma": (r"number__in=PUMP\,1,NUT-8", ["NUT-8", "PUMP,1"]),
    "an entry of a map": ("price.USD__lt=10", ["BOLT-8"]),
    "any entry of a map": ("price__lt=10", ["BOLT-8", "NUT-8"]),
    "an entry that is not there": ("price.USD=", ["PUMP,1", "PUMP-100"]),
    "an entry of a list": ("company_associations=Acme", ["BOLT-8"]),
    "a blank list": ("company_associations=", ["NUT-8", "PUMP,1", "PUMP-100"]),
    "a flag": ("active=false", ["NUT-8"]),
    "a blank text": ("notes=", ["NUT-8", "PUMP,1", "PUMP-100"]),
    "a text that is not blank": ("notes__ne=", ["BOLT-8"]),
    "what is only read": ("version=1&created_by=ada&changed_at__gt=2020-01-01T00:00:00Z&units=2", ["PUMP,1"]),
    "several": ("lead_time=3&price.USD__gte=1", ["NUT-8"]),
    "the same twice": ("lead_time__gt=-1&lead_time__lt=10", ["BOLT-8", "NUT-8"]),
    "words": ("search=small+pump", ["PUMP,1"]),
    "the beginning of a key": ("search=NUT", ["NUT-8"]),
    "an order": ("ordering=-lead_time", ["PUMP-100", "NUT-8", "BOLT-8", "PUMP,1"]),
    "an order by several": ("ordering=lead_time,-number", ["PUMP,1", "NUT-8", "BOLT-8", "PUMP-100"]),
    "an order with spaces": ("ordering=-active,+number", ["BOLT-8", "PUMP,1", "PUMP-100", "NUT-8"]),
    "an order by what the hub writes": ("ordering=changed_by,-id", ["PUMP-100", "PUMP,1", "NUT-8", "BOLT-8"]),
    "a blank order": ("ordering=", ["BOLT-8", "NUT-8", "PUMP,1", "PUMP-100"]),
    "words in an order": ("search=pump&ordering=-number", ["PUMP-100", "PUMP,1"]),
    "a filter in an order": ("lead_time__gt=-1&ordering=-units,-number", ["PUMP-100", "NUT-8", "BOLT-8"]),
    "words and a filter": ("search=pump&lead_time=14", ["PUMP-100"]),
}


@pytest.mark.parametrize("query, numbers", table(FILTERS))
def test_finds_by(rest, query, numbers):
    reply = rest.get(f"parts/?{query}")

    assert [part["number"] for part in reply.json["results"]] == numbers
    assert reply.json["next"] is None


REFUSED = {
    "an unknown field": ("untis=1", 422, "untis is not a field of a part. Did you mean units?"),
    "an unknown comparator": ("units__near=1", 422, "'__near' is no comparator"),
    "text for a number": ("units__gt=many", 422, "units must be a whole number; 'many' is not."),
    "an order of flags": ("active__gt=true", 422, "has no order"),
    "like for a number": ("units__like=1%25", 422, "LIKE compares text"),
    "rows": ("prices=1", 422, "prices"),
    "a limit too large": ("limit=1001", 400, "limit must be 1 to 1,000"),
    "a forged cursor": ("cursor=abc", 400, "is no cursor that this list gave"),
    "an order by an unknown field": (
        "ordering=-lead_tme",
        422,
        "lead_tme is not a field of a part. Did you mean lead_time?",
    ),
    "an order by a map": ("ordering=price", 422, "which has several values; order them by another, such as number."),
    "a forged position": (
        f"ordering=units&cursor={write_cursor(('many', '1'), ('units',))}",
        400,
        "is none that a list",
    ),
    "a position too short": (f"ordering=units&cursor={write_cursor(('1',), ('units',))}", 400, "is none that a list"),
    "a number beyond the database's": (
        f"ordering=units&cursor={write_cursor(('9' * 19, '1'), ('units',))}",
        400,
        "is none that a list",
    ),
    "a day beyond the database's": (
        f"ordering=changed_at&cursor={write_cursor(('99999-01-01T00:00:00Z', '1'), ('changed_at',))}",
        400,
        "is none",
    ),
    "a cursor of another order": (
        f"ordering=units&cursor={write_cursor(('1', '1'), ('lead_time',))}",
        400,
        "The cursor was given by a list ordered by 'lead_time', and this one is ordered by 'units'",
    ),
    "a cursor of the own order": (
        f"ordering=units&cursor={write_cursor(('NUT-8',))}",
        400,
        "given by a list in its own order",
    ),
    "a cursor of an order, without it": (
        f"cursor={write_cursor(('1', '1'), ('units',))}",
        400,
        "this one is in its own order; begin without a cursor",
    ),
    "a NUL in a search": ("search=a%00", 422, "search may not hold the character U+0000"),
    "a NUL": ("number=%00", 422, "U+0000"),
    "what is no UTF-8": ("number=%FF", 400, "The address is not UTF-8."),
}


@pytest.mark.parametrize("query, status, reason", table(REFUSED))
def test_refuses(rest, query, status, reason):
    reply = rest.get(f"parts/?{query}")

    assert reply.status == status
    assert reason in reply.json["detail"]


class TestPaging:
    @pytest.mark.parametrize("limit", [1, 2, 3, 4, 5])
    def test_comes_to_the_end_with_each_record_once(self, rest, limit):
        numbers, address = [], f"parts/?limit={limit}&lead_time__gte=-1"
        while address:
            page = rest.get(address).json
            assert len(page["results"]) <= limit
            numbers += [part["number"] for part in page["results"]]
            address = page["next"]

        assert numbers == ["BOLT-8", "NUT-8", "PUMP,1", "PUMP-100"]

    @pytest.mark.parametrize(
        "ordering", ["units", "-lead_time", "-lead_time,number", "-number", "notes", "-external_key_1"]
    )
    @pytest.mark.parametrize("limit", [1, 3])
    def test_goes_on_in_any_order(self, rest, ordering, limit):
        whole = [part["number"] for part in rest.get(f"parts/?ordering={ordering}").json["results"]]
        numbers, address = [], f"parts/?limit={limit}&ordering={ordering}"
        while address:
            page = rest.get(address).json
            numbers += [part["number"] for part in page["results"]]
            address = page["next"]

        assert numbers == whole
        assert sorted(numbers) == ["BOLT-8", "NUT-8", "PUMP,1", "PUMP-100"]

    def test_goes_on_in_the_order_of_a_batch(self, rest):
        body = {"verb": "find", "ordering": "-lead_time", "limit": 3}
        first = rest.post("parts/batch/", body).json
        second = rest.post("parts/batch/", {**body, "cursor": first["cursor"]}).json

        assert [part["number"] for part in first["results"]] == ["PUMP-100", "NUT-8", "BOLT-8"]
        assert [part["number"] for part in second["results"]] == ["PUMP,1"]
        assert second["cursor"] is None

    def test_goes_on_where_it_was_when_records_come_and_go(self, rest):
        first = rest.get("parts/?limit=2").json
        rest.delete("parts/NUT-8/")
        rest.put("parts/AAA/", {})

        assert [part["number"] for part in rest.get(first["next"]).json["results"]] == ["PUMP,1", "PUMP-100"]

    def test_keeps_the_filters(self, rest):
        page = rest.get("parts/?number__like=PUMP%25&limit=1").json

        assert [part["number"] for part in rest.get(page["next"]).json["results"]] == ["PUMP-100"]

    def test_has_a_hundred_records_unless_asked_otherwise(self, rest):
        rest.batch("add", *({"number": f"N{n:04}"} for n in range(120)))

        assert len(rest.get("parts/").json["results"]) == 100
        assert len(rest.get("parts/?limit=1000").json["results"]) == 124

    def test_asks_the_database_as_often_for_many_as_for_few(self, rest, django_assert_max_num_queries):
        rest.batch("add", *({"number": f"N{n:04}", "price": {"USD": n}} for n in range(120)))
        rest.get("parts/?limit=1")

        with django_assert_max_num_queries(20) as for_few:
            rest.get("parts/?limit=2")
        with django_assert_max_num_queries(20) as for_many:
            rest.get("parts/?limit=100")

        assert len(for_many) == len(for_few)
