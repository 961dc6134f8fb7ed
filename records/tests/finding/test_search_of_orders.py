"""Orders are found by the words of their customers, the customers' numbers for them, and the parts on their rows."""

import pytest

from customers.services import CUSTOMERS
from orders.models import SalesOrder
from orders.services import SALES_ORDERS
from parts.services import PARTS
from records import find, sql
from records.admin import search
from records.admin.search import search_records
from records.find import Search
from records.tests.cast import ADA, NOW, table
from records.words import read_words
from records.write.plan import plan

pytestmark = pytest.mark.django_db

# (how many records are looked at one by one, how many ids are taken, and at last): each way alone
WAYS = {
    "one record after the other": ((1_000, 1_000), 0, 0),
    "the ids": ((0, 0), 1_000, 0),
    "all": ((0, 0), 0, 0),
}
SEARCHES = {
    "the beginning of a number": ("SO", "SO-1 SO-2 SO-3 SO-4"),
    "a word of the subject": ("spring", "SO-1 SO-4"),
    "the company of the customer": ("globex", "SO-2 SO-3"),
    "the beginnings of two words of it": ("cor glo", "SO-2 SO-3"),
    "the customer's first and last name": ("ada love", "SO-1"),
    "the customer's number": ("C-1", "SO-1"),
    "a word of the customer, and one of the order": ("ada spring", ""),
    "the customer's number for the order": ("4500", "SO-1 SO-3"),
    "all of it": ("4500-12", "SO-1"),
    "its end": ("12", ""),
    "a part's number": ("PUMP-100", "SO-1 SO-2"),
    "its beginning": ("PUMP", "SO-1 SO-2 SO-4"),
    "a part that is on no order": ("NUT", ""),
    "what the number of a part and a text begin with": ("S", "SO-1 SO-2 SO-3 SO-4"),
    "signs alone": ("- .", ""),
    "a word that none has": ("nobody", ""),
}


@pytest.fixture
def orders():
    customers = [
        {"number": "C-1", "first_name": "Ada", "last_name": "Lovelace"},
        {"number": "C-2", "company": "Globex Corporation"},
        {"number": "C-3"},
    ]
    parts = [{"number": number, "price": {"USD": "1"}} for number in ("PUMP-100", "PUMP-200", "NUT")]
    records = [
        ("SO-1", "C-1", "4500-12", "Spring", ["PUMP-100", "PUMP-200"]),
        ("SO-2", "C-2", "", "", ["PUMP-100"]),
        ("SO-3", "C-2", "4500-13", "", []),
        ("SO-4", "C-3", "S-9", "Spring again", ["PUMP-200"]),
    ]
    written = [
        *CUSTOMERS.add(records=customers, by=ADA, at=NOW),
        *PARTS.add(records=parts, by=ADA, at=NOW),
        *SALES_ORDERS.add(
            records=[
                {
                    "number": number, "customer": customer, "purchase_order_number": purchase, "subject": subject,
                    "rows": [{"part_number": part, "quantity": "1"} for part in on_rows],
                }
                for number, customer, purchase, subject, on_rows in records
            ],
            by=ADA,
            at=NOW,
        ),
    ]  # fmt: skip
    assert not [outcome for outcome in written if outcome.failed]


@pytest.mark.parametrize("windows, most_ids, many_ids", table(WAYS))
@pytest.mark.parametrize("words, numbers", table(SEARCHES))
def test_finds_by(orders, monkeypatch, windows, most_ids, many_ids, words, numbers):
    for module in (find, search):
        monkeypatch.setattr(module, "WINDOWS", windows)
        monkeypatch.setattr(module, "MOST_IDS", most_ids)
        monkeypatch.setattr(module, "MANY_IDS", many_ids)
    monkeypatch.setattr(search, "FREQUENT", 1)

    found = SALES_ORDERS.find(search=Search(words=words, limit=100)).records
    in_admin, _ = search_records(SALES_ORDERS.resource, SalesOrder.objects.order_by("number"), words)

    assert [record["number"] for record in found] == numbers.split()
    assert [order.number for order in in_admin] == numbers.split()


@pytest.mark.parametrize("words, number", [("ada", "SO-1"), ("4500", "SO-1"), ("PUMP-200", "SO-1"), ("glob", "SO-2")])
def test_looks_at_one_order_after_the_other_where_many_have_the_words(orders, words, number):
    found = SALES_ORDERS.find(search=Search(words=words, limit=0))
    statement, parameters = find.build_statement(
        plan(SalesOrder, SALES_ORDERS.resource), Search(words=words, limit=1), keys_only=True, window=1_000
    )

    assert found.cut
    assert sql.rows(statement, parameters)[0][0] == number


def test_looks_in_a_branch_for_each():
    branches = read_words(plan(SalesOrder, SALES_ORDERS.resource), "pump").branches

    assert len(branches) == 5  # the number, the words, the customer's number, the customer's words, the parts
