"""A database of an earlier version, migrated to this one, still has all that was in it."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from config.launch.embedded import test_cluster
from config.tests.fixtures import forget_definitions
from customers.models import Contact
from orders.models import SalesOrder
from parts.codes import CURRENCIES, LANGUAGES
from parts.models import Currency, Language, Price
from webservices import endpoint
from webservices.declarations import OPERATIONS
from webservices.publishing import current_operations
from webservices.tester.compose.validate.answers import validate_answer
from webservices.tester.models import Collection, Run, SavedCall
from webservices.tester.send.parsed_answer import ParsedAnswer
from webservices.tests.rest_client import Rest
from webservices.tests.test_idempotency import superuser
from webservices.wire.credentials import Password
from webservices.wire.dialects.oracle.dialect import ORACLE_2_0
from webservices.wire.messages import Call
from webservices.wire.operations import Verb

BEFORE_CODES = [
    ("parts", "0002_above_zero"),
    ("orders", "0002_numbers_and_statuses"),
    ("customers", "0004_above_zero"),
]  # any code of its form was taken
BEFORE_CONTACT_CODES = ("customers", "0009_caseless_ids")
BEFORE_ORDER_DATES = ("orders", "0009_shipment_batches")
BEFORE_PRICE_ENDS = ("parts", "0008_external_key_indexes")
BEFORE_TESTER = ("webservices", "0009_request_headers")  # the test page had no app of its own yet


def forget_database():
    """Let the process forget what it knows of a database: another one counts ids and generations alike."""
    ContentType.objects.clear_cache()
    forget_definitions()


@pytest.fixture
def _empty_database(django_db_setup, django_db_blocker, worker):
    """A database without tables, in place of the worker's own."""
    name, own = f"upgrade_{worker}", connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
        test_cluster.use_database({"NAME": name})
        forget_database()
        try:
            yield
        finally:
            test_cluster.use_database({"NAME": own})
            forget_database()
            with connection.cursor() as cursor:
                cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def add_run_of_a_collection():
    """A collection with a call and its run, by the models as they were then."""
    model = MigrationExecutor(connection).loader.project_state(BEFORE_TESTER).apps.get_model
    collection = model("webservices", "Collection").objects.create(name="Nightly", values={"part": "P-1"})
    call = model("webservices", "KeptCall").objects.create(
        collection=collection, name="Get", target="/v2_0/receiver/parts", body="<a/>", checks=[{"kind": "status"}]
    )
    run = model("webservices", "Run").objects.create(collection=collection, began_at=timezone.now(), user_name="ada")
    model("webservices", "RunResult").objects.create(run=run, kept=call, name="Get", status=200, met=True, answer=b"x")


def add_contact():
    """A contact as it was before contacts had codes."""
    model = MigrationExecutor(connection).loader.project_state(BEFORE_CONTACT_CODES).apps.get_model
    stamps = {"created_at": timezone.now(), "changed_at": timezone.now()}
    customer = model("customers", "Customer").objects.create(number="ACME", **stamps)
    model("customers", "Contact").objects.create(number="7", customer=customer, **stamps)


# Of an order over Expandable: what columns hold since then, and what none takes.
MOVED = {"CUST_PO_ID": " PO-77", "SHIP_METHOD": "Truck", "NOTES": " Call.\nFirst."}
NOT_MOVED = {"ORDER_DATE": "2025-02-30", "SALES_REGION": "N"}
MOVED_OF_ROW = {"REQ_SHIP_DATE": "2026-01-05Z", "SCH_SHIP_DATE": " 2026-01-02"}


def add_order():
    """An order of the last day of a year, in UTC, as it was before orders had days and grand totals."""
    model = MigrationExecutor(connection).loader.project_state(BEFORE_ORDER_DATES).apps.get_model
    moment = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
    references = {
        "customer_id": model("customers", "Customer").objects.get().pk,
        "status_id": model("orders", "OrderStatus").objects.first().pk,
    }
    orders = model("orders", "SalesOrder").objects
    stamps = {"created_at": moment, "changed_at": moment}
    order = orders.create(
        number="SO-1", currency="USD", total="12.5", vendor={"expandable": MOVED | NOT_MOVED}, **stamps, **references
    )
    values = {"description": "Packing", "quantity": 1, "unit_price": "12.5", "total": "12.5"}
    model("orders", "Row").objects.create(order=order, line_number=1, vendor={"expandable": MOVED_OF_ROW}, **values)
    vendor = {"expandable": {"ORDER_DATE": "2025-11-30", "CUST_PO_ID": "x" * 61}, "crm-service": {"leadsource": "Web"}}
    orders.create(number="SO-2", currency="USD", vendor=vendor, **stamps, **references)


def add_prices():
    """Prices whose last day Expandable's wire had kept as its own; one of them ends before it begins."""
    model = MigrationExecutor(connection).loader.project_state(BEFORE_PRICE_ENDS).apps.get_model
    stamps = {"created_at": timezone.now(), "changed_at": timezone.now()}
    part = model("parts", "Part").objects.create(number="PUMP", **stamps)
    for code, kept in {
        "": {"END_DATE": "2026-12-31"},
        "A": {"END_DATE": "2026-12-31", "SALES_COMM": "5"},
        "B": {"END_DATE": "2025-12-31"},
        "C": {"SALES_COMM": "5"},
    }.items():
        model("parts", "Price").objects.create(
            part=part, currency="USD", amount=1, price_code=code, effective_date=date(2026, 1, 1) if code else None,
            vendor={"expandable": kept},
        )  # fmt: skip


def grant_to_group(*codenames):
    group = Group.objects.create(name="Testers")
    group.permissions.set(Permission.objects.filter(content_type__app_label="webservices", codename__in=codenames))
    assert group.permissions.count() == len(codenames)
    User.objects.create(username="eve").groups.add(group)


@pytest.mark.usefixtures("_empty_database")
def test_the_test_pages_rows_and_permissions_move_to_its_own_app():
    call_command("migrate", *BEFORE_TESTER, verbosity=0)
    call_command("migrate", *BEFORE_PRICE_ENDS, verbosity=0)
    call_command("migrate", *BEFORE_CONTACT_CODES, verbosity=0)
    add_run_of_a_collection()
    add_contact()
    call_command("migrate", *BEFORE_ORDER_DATES, verbosity=0)
    add_prices()
    add_order()
    grant_to_group("view_collection", "change_keptcall", "view_exchange")

    call_command("migrate", verbosity=0)

    collection, call, run = Collection.objects.get(), SavedCall.objects.get(), Run.objects.get()
    assert (collection.name, collection.values) == ("Nightly", {"part": "P-1"})
    assert (call.collection, call.name, call.body, call.checks) == (collection, "Get", "<a/>", [{"kind": "status"}])
    assert (run.collection, run.user_name) == (collection, "ada")
    assert Contact.objects.get().code == "7"
    order, long = SalesOrder.objects.order_by("number")
    assert (order.order_date, order.grand_total) == (date(2025, 12, 31), Decimal("12.5"))
    assert (order.purchase_order_number, order.ship_method, order.notes) == ("PO-77", "Truck", " Call.\nFirst.")
    assert (order.vendor, long.vendor) == (
        {"expandable": NOT_MOVED},
        {"expandable": {"CUST_PO_ID": "x" * 61}, "crm-service": {"leadsource": "Web"}},
    )
    assert (long.order_date, long.purchase_order_number) == (date(2025, 11, 30), "")
    [row] = order.rows.all()
    assert (row.due_date, row.ship_date, row.vendor) == (date(2026, 1, 5), date(2026, 1, 2), {})
    assert {price.price_code: (price.end_date, price.vendor) for price in Price.objects.all()} == {
        "": (date(2026, 12, 31), {}),
        "A": (date(2026, 12, 31), {"expandable": {"SALES_COMM": "5"}}),
        "B": (None, {"expandable": {"END_DATE": "2025-12-31"}}),
        "C": (None, {"expandable": {"SALES_COMM": "5"}}),
    }
    result = run.results.get()
    assert (result.saved_call, result.status, result.passed, bytes(result.answer)) == (call, 200, True, b"x")
    assert User.objects.get().get_group_permissions() == {
        "tester.view_collection",
        "tester.change_savedcall",
        "webservices.view_exchange",
    }
    moved = ContentType.objects.filter(
        app_label="webservices", model__in=("collection", "keptcall", "run", "runresult")
    )
    assert not moved.exists()


def add_records_in_other_codes():
    """
    A part described in `gsw` with a price in `DEM`, an order in `XXQ`, customer parts in `ITL` and in no currency.

    They are written by the models as they were then.
    """
    model = MigrationExecutor(connection).loader.project_state(BEFORE_CODES).apps.get_model
    now = timezone.now()
    stamps = {"created_at": now, "changed_at": now}
    part = model("parts", "Part").objects.create(number="OLD", **stamps)
    model("parts", "PartDescription").objects.create(part=part, language="gsw", text="Pumpi")
    model("parts", "Price").objects.create(part=part, currency="DEM", amount=7)
    customer = model("customers", "Customer").objects.create(number="ACME", **stamps)
    status = model("orders", "OrderStatus").objects.first()
    model("orders", "SalesOrder").objects.create(
        number="SO-OLD", customer=customer, status=status, currency="XXQ", **stamps
    )
    for number, currency in {"THEIRS-1": "ITL", "THEIRS-2": ""}.items():
        model("customers", "CustomerPart").objects.create(
            customer=customer, part=part, number=number, currency=currency, **stamps
        )


@pytest.mark.usefixtures("_empty_database")
def test_languages_and_currencies_that_records_have_become_the_sites(stored_hash):
    for place in BEFORE_CODES:
        call_command("migrate", *place, verbosity=0)
    add_records_in_other_codes()

    call_command("migrate", verbosity=0)

    superuser("ada", stored_hash)
    rest = Rest("ada", "ada-ada!")
    part = rest.get("parts/OLD/").json
    assert (part["description"], part["price"]) == ({"gsw": "Pumpi"}, {"DEM": "7.00"})
    assert (part["external_key_1"], part["eligible_to_sell"], part["extended_description_1"]) == ("", None, {})
    assert rest.get("sales-orders/SO-OLD/").json["currency"] == "XXQ"
    assert rest.put("parts/OLD/", part | {"notes": "written back"}).status == 200
    for plural, codes in {"parts": {"gsw", "DEM"}, "sales_orders": {"XXQ"}, "customer_parts": {"ITL"}}.items():
        call = Call(OPERATIONS.get(plural, Verb.FIND), criteria=())
        request = ORACLE_2_0.build_request(call, ORACLE_2_0.contexts(call.operation)[0])
        answer = endpoint.serve_and_report(ORACLE_2_0, request, Password("ada", "ada-ada!")).response
        found = ParsedAnswer(answer.status, answer.body.decode(), answer.content_type)
        assert validate_answer(ORACLE_2_0, request, found, current_operations()) == []
        assert all(code in found.body for code in codes)


@pytest.mark.usefixtures("_empty_database")
def test_a_new_database_begins_with_the_codes_that_resources_have():
    call_command("migrate", verbosity=0)

    assert dict(Language.objects.values_list("code", "name")) == LANGUAGES
    currencies = Currency.objects.values_list("code", "name", "digits")
    assert {*currencies} == {
        (code, name, digits) for digits, names in CURRENCIES.items() for code, name in names.items()
    }
