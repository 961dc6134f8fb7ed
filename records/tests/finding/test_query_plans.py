"""Lists, filters, orders and searches of large tables: none that is usual reads a whole one."""

import re

import pytest
from django.db import connection, transaction

from customers.models import Contact, Customer, CustomerPart
from customers.services import CONTACTS, CUSTOMER_PARTS, CUSTOMERS
from orders.models import OrderStatus, Row, SalesOrder, Shipment
from orders.services import SALES_ORDERS, SHIPMENTS
from parts.models import Part, Price
from parts.services import PARTS, PRICES
from records import sql
from records.find import Search, build_statement
from records.shapes.criteria import Comparator, Criterion
from records.shapes.ordering import understand_order
from records.tests.rows import insert_rows
from records.words import read_words
from records.write.plan import plan

COUNT = 4_000
LARGE = (Part, Price, Customer, Contact, CustomerPart, SalesOrder, Row, Shipment)
SERVICES = {
    "parts": PARTS,
    "prices": PRICES,
    "customers": CUSTOMERS,
    "contacts": CONTACTS,
    "customer_parts": CUSTOMER_PARTS,
    "sales_orders": SALES_ORDERS,
    "shipments": SHIPMENTS,
}
STAMPS = {
    "created_at": "'2026-01-01'::timestamptz + n * interval '1 minute'",
    "changed_at": "'2026-06-01'::timestamptz + (n * 7919 %% 4000) * interval '1 minute'",
}
# A few orders are open, the latest; the others are done with.
STATUS = "(SELECT id FROM orders_orderstatus WHERE name = CASE WHEN n > 3900 THEN 'Created' ELSE 'Delivered' END)"
OTHER = "(n * 31 %% 4000) + 1"  # another number from 1 to 4,000, for each n


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Thousands of each kind of record, for all tests of this module."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            build_world()
            yield
            transaction.set_rollback(True)
        # How many rows a table has stays as ANALYZE has found it, though the transaction is undone.
        analyze(*LARGE)


def analyze(*models):
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(f"ANALYZE {model._meta.db_table}")


def build_world():
    """Add records as a site has them: most fields are filled in, the ids go with the numbers."""
    with connection.cursor() as cursor:
        for model in LARGE:
            cursor.execute(f"ALTER SEQUENCE {model._meta.db_table}_id_seq RESTART")
    source, count = "generate_series(1, %(count)s) AS n", {"count": COUNT}

    def insert(model, **expressions):
        stamps = STAMPS if hasattr(model, "changed_at") else {}
        insert_rows(model, {**stamps, **expressions}, source, count)

    insert(Part, number="'P-' || lpad(n::text, 6, '0')", notes="'part ' || n", active="n %% 100 <> 0")
    insert(Price, part="n", currency="'USD'", amount="n")
    insert(
        Customer, number="'C-' || lpad(n::text, 6, '0')", company="'Company ' || n", last_name="'Name' || n",
        active="n %% 100 <> 0",
    )  # fmt: skip
    insert(
        Contact, number="'K-' || lpad(n::text, 6, '0')", customer=OTHER, code="'k' || n",
        email="'k' || n || '@x.example'", last_name="'Person' || n", active="n %% 100 <> 0",
    )  # fmt: skip
    insert(CustomerPart, customer=OTHER, part="n", number="'T-' || n")
    insert(
        SalesOrder, number="'SO-' || lpad(n::text, 6, '0')", customer=OTHER, contact=OTHER, currency="'USD'",
        status=STATUS, subject="'order ' || n", order_date="'2026-01-01'::date + n / 20",
        due_date="CASE WHEN n %% 10 > 0 THEN '2026-02-01'::date + n / 20 END", purchase_order_number="'PO' || n",
    )  # fmt: skip
    insert(Row, order="n", line_number="1", part=OTHER, quantity="n", unit_price="1", total="n")
    insert(
        Shipment, number="'SH-' || lpad(n::text, 6, '0')", order="n", line_number="1", quantity="1",
        ship_date="'2026-03-01'::date + n / 20", batch="'SH-' || n",
    )  # fmt: skip
    with connection.cursor() as cursor:
        for model in LARGE:
            # What autovacuum does: new words wait in a list of their own, which makes the index look expensive.
            if any(field.name == "words" for field in model._meta.fields):
                cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [f"{model._meta.db_table}_words"])
    analyze(*LARGE, OrderStatus)


def find_scans(statement, parameters=None) -> list[str]:
    """Return what a plan reads of a large table without an index; the first rows of it, whatever they are, are few."""
    lines = [line.strip() for (line,) in sql.rows(f"EXPLAIN {statement}", parameters)]
    tables = "|".join(model._meta.db_table for model in LARGE)
    triples = zip(["", *lines], lines, [*lines[1:], ""], strict=False)
    return [
        " ".join(line.split()[:5])
        for before, line, after in triples
        if re.search(rf"Seq Scan on ({tables})\b", line)
        and not (re.search(r"\bLimit\b", before) and not after.startswith("Filter"))
    ]


# By plural name: the orders that have an index, and the filters by query string.
ORDERS = {
    "parts": "number id changed_at created_at",
    "prices": "id",
    "customers": "number id changed_at created_at",
    "contacts": "number id changed_at created_at customer",
    "customer_parts": "id changed_at created_at customer",
    "sales_orders": "number id changed_at created_at order_date due_date customer customer_id",
    "shipments": "number id changed_at created_at ship_date order",
}
FILTERS = {
    "parts": [
        "number = P-000123", "number LIKE P-0001%", "id = 7", "changed_at >= 2026-06-03T16:00:00Z",
        "created_at >= 2026-01-03T16:00:00Z", "active = false", "number IN P-000123,P-000124",
    ],
    "prices": ["part = P-000123", "id = 7"],
    "customers": [
        "number = C-000123", "number LIKE C-0001%", "company ILIKE company 7", "changed_at >= 2026-06-03T16:00:00Z",
        "created_at >= 2026-01-03T16:00:00Z", "active = false",
    ],
    "contacts": [
        "number = K-000123", "customer = C-000123", "customer_id = 123", "email = k7@x.example", "active = false",
        "changed_at >= 2026-06-03T16:00:00Z", "created_at >= 2026-01-03T16:00:00Z",
    ],
    "customer_parts": [
        "customer = C-000123", "part = P-000123", "number = T-7",
        "changed_at >= 2026-06-03T16:00:00Z", "created_at >= 2026-01-03T16:00:00Z",
    ],
    "sales_orders": [
        "number = SO-000123", "customer = C-000123", "customer_id = 123", "contact = K-000123", "status = Created",
        "status = Delivered",
        "purchase_order_number = PO77", "order_date = 2026-02-01", "order_date >= 2026-07-18", "due_date = 2026-03-01",
        "due_date < 2026-02-03", "changed_at >= 2026-06-03T16:00:00Z", "created_at >= 2026-01-03T16:00:00Z",
        "rows.part_number = P-000123", "rows.part_id = 123",
    ],
    "shipments": [
        "number = SH-000123", "order = SO-000123", "batch = SH-77", "ship_date = 2026-04-01",
        "changed_at >= 2026-06-03T16:00:00Z", "created_at >= 2026-01-03T16:00:00Z",
    ],
}  # fmt: skip


def criterion(text):
    name, comparator, value = text.split(" ", 2)
    values = tuple(value.split(",")) if comparator == "IN" else (value,)
    return Criterion(tuple(name.split(".")), Comparator(comparator), values)


@pytest.mark.parametrize("plural", SERVICES)
def test_lists_of_apis_read_no_table(world, db, plural):
    services = SERVICES[plural]
    where, resource = plan(services.model, services.resource), services.resource
    searches = {"the list": Search(), "a late page": Search(after=(find_key(services, COUNT // 2),))}
    for name in ORDERS[plural].split():
        for order in ((name,), (f"-{name}",)):
            searches[f"by {order[0]}"] = Search(order=order)
            keys = understand_order(resource, order)
            last = list(services.find(search=Search(order=order, limit=20)).records)[-1]
            after = tuple(str(last[key.field.name] or "") for key in keys)
            searches[f"after {after} by {order[0]}"] = Search(order=order, after=after)
    searches |= {text: Search(criteria=[criterion(text)]) for text in FILTERS[plural]}

    scans = {
        name: find_scans(*build_statement(where, Search(**{**vars(search), "limit": 100})))
        for name, search in searches.items()
    }

    assert {name: found for name, found in scans.items() if found} == {}


def find_key(services, offset):
    record = next(iter(services.find(search=Search(limit=1, offset=offset)).records))
    return str(record[services.resource.order[0]])


WORDS = {
    "parts": ["P-0001", "P-000123", "part", "77", "nothing"],
    "customers": ["C-000123", "company", "name77", "nothing"],
    "contacts": ["K-000123", "person77", "nothing"],
    "customer_parts": ["T-77", "nothing"],
    "sales_orders": ["SO-000123", "order", "name77", "PO77", "P-000123", "company 77", "nothing"],
    "shipments": ["SH-000123", "nothing"],
}


@pytest.mark.parametrize("plural", WORDS)
def test_searches_read_no_table(world, db, plural):
    where = plan(SERVICES[plural].model, SERVICES[plural].resource)
    scans = {}
    for words in WORDS[plural]:
        scans[words, "ids"] = find_scans(*read_words(where, words).ids(5_001))
        scans[words, "window"] = find_scans(*build_statement(where, Search(words=words, limit=100), window=1_000))

    assert {key: found for key, found in scans.items() if found} == {}
