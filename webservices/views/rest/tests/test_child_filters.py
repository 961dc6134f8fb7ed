"""REST's lists filtered by the rows of a record: one row meets all that is said of its list."""

import pytest

from records.tests.cast import table
from webservices.tests.rest_client import Rest

ROWS = {
    "SO-1": [{"part_number": "PUMP", "quantity": 10}, {"part_number": "BOLT", "quantity": 2, "discount": 5}],
    "SO-2": [{"part_number": "PUMP", "quantity": 2}, {"description": "Setting up", "quantity": 10, "unit_price": 80}],
    "SO-3": [{"part_number": "BOLT", "quantity": 10, "description": "Zinc"}],
    "SO-4": [],
}


@pytest.fixture
def rest(ada):
    rest = Rest("ada", "ada-ada!")
    parts = [
        {"number": "PUMP", "prices": [
            {"currency": "USD", "amount": "250"}, {"currency": "USD", "amount": "9", "minimum_quantity": 100},
            {"currency": "EUR", "amount": "230", "effective_date": "2026-01-01"},
        ]},
        {"number": "BOLT", "prices": [{"currency": "USD", "amount": "1"}]},
        {"number": "NUT"},
    ]  # fmt: skip
    orders = [{"number": number, "customer": "ACME", "currency": "USD", "rows": rows} for number, rows in ROWS.items()]
    for path, records in {"parts/": parts, "customers/": [{"number": "ACME"}], "sales-orders/": orders}.items():
        reply = rest.post(path, records)
        assert reply.status == 201, reply.json
    return rest


FILTERS = {
    "the name of a row's part": ("sales-orders/?rows.part_number=PUMP", "SO-1 SO-2"),
    "the relation itself": ("sales-orders/?rows.part=PUMP", "SO-1 SO-2"),
    "a name that no part has": ("sales-orders/?rows.part_number=pump", ""),
    "some of the names": ("sales-orders/?rows.part_number__in=BOLT,NUT", "SO-1 SO-3"),
    "the beginning of a name": ("sales-orders/?rows.part_number__like=BO%25", "SO-1 SO-3"),
    "another part, or none": ("sales-orders/?rows.part_number__ne=PUMP", "SO-1 SO-2 SO-3"),
    "no part": ("sales-orders/?rows.part_number=", "SO-2"),
    "some part": ("sales-orders/?rows.part_number__ne=", "SO-1 SO-2 SO-3"),
    "a number": ("sales-orders/?rows.quantity__gte=10", "SO-1 SO-2 SO-3"),
    "a sum that is stored": ("sales-orders/?rows.total__gt=700", "SO-1 SO-2"),
    "a text": ("sales-orders/?rows.description__ilike=zinc", "SO-3"),
    "a blank text": ("sales-orders/?rows.description=", "SO-1 SO-2"),
    "the key of a row": ("sales-orders/?rows.line_number=2", "SO-1 SO-2"),
    "two conditions that one row meets": ("sales-orders/?rows.part_number=PUMP&rows.quantity__gte=10", "SO-1"),
    "two that two rows meet": ("sales-orders/?rows.part_number=BOLT&rows.discount__gt=0&rows.quantity=10", ""),
    "of rows and of the record": ("sales-orders/?rows.part_number=PUMP&number__gt=SO-1", "SO-2"),
    "of rows, in an order": ("sales-orders/?rows.quantity=10&ordering=-total", "SO-1 SO-2 SO-3"),
    "a price's currency": ("parts/?prices.currency=EUR", "PUMP"),
    "prices of one currency": ("parts/?prices.currency=USD&prices.amount__lt=10", "BOLT PUMP"),
    "prices of another": ("parts/?prices.currency=EUR&prices.amount__lt=10", ""),
    "a day": ("parts/?prices.effective_date__lte=2026-01-01", "PUMP"),
    "no day": ("parts/?prices.effective_date=", "BOLT PUMP"),
    "beside a map of the same children": ("parts/?price.EUR=&prices.currency=USD", "BOLT PUMP"),
}


@pytest.mark.parametrize("address, numbers", table(FILTERS))
def test_finds_by(rest, address, numbers):
    found = [record["number"] for record in rest.get(address).json["results"]]

    assert found == numbers.split()


def test_removes_by_rows_what_still_has_them(rest):
    criteria = [
        {"field": "rows.part_number", "value": "PUMP"},
        {"field": "rows.quantity", "comparator": ">=", "value": 10},
    ]

    removed = rest.post("sales-orders/batch/", {"verb": "remove", "criteria": criteria}).json

    assert [(outcome["key"], outcome["became"]) for outcome in removed["outcomes"]] == [("SO-1", "deleted")]


REFUSED = {
    "an unknown field": (
        "sales-orders/?rows.part_nmber=1",
        "is not a field of a row. Did you mean part_number?",
    ),
    "what is added up": ("sales-orders/?rows.open_quantity=1", "rows.open_quantity, which is no stored value"),
    "a text for a number": ("sales-orders/?rows.quantity__gt=many", "rows.quantity must be a number"),
    "a step too many": ("sales-orders/?rows.part_number.x=1", "is not a field of a row"),
    "a pattern for a day": ("parts/?prices.effective_date__like=2026%25", "prices.effective_date is not text"),
    "an order by one": ("sales-orders/?ordering=rows.quantity", "rows.quantity is not a field"),
}


@pytest.mark.parametrize("address, reason", table(REFUSED))
def test_refuses(rest, address, reason):
    reply = rest.get(address)

    assert reply.status == 422
    assert reason in reply.json["detail"]


def test_takes_no_more_queries_than_a_filter_of_the_record(rest, django_assert_max_num_queries):
    rest.get("sales-orders/?number=SO-1")

    with django_assert_max_num_queries(20) as by_record:
        rest.get("sales-orders/?customer=ACME")
    with django_assert_max_num_queries(20) as by_rows:
        rest.get("sales-orders/?rows.part_number=PUMP&rows.quantity__gte=2&rows.customer_part_number=")

    assert len(by_rows) == len(by_record)
