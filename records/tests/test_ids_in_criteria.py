"""A record that a criterion names: by its own name or, if that is nobody's and the criterion lets it, by its id."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Contact, Customer
from customers.services import CONTACTS, CUSTOMERS
from records.find import Search
from records.shapes.criteria import Comparator, Criterion, Scope
from records.tests.cast import ADA, NOW, table

pytestmark = pytest.mark.django_db
EQUAL, NOT_EQUAL, IN = Comparator.EQUAL, Comparator.NOT_EQUAL, Comparator.IN


@pytest.fixture(autouse=True)
def ids():
    """Ids by the numbers of three customers, of which one is called by the id of another; each has a contact."""
    for number in ("ACME", "BETA"):
        CUSTOMERS.add(records=[{"number": number}], by=ADA, at=NOW)
    ids = dict(Customer.objects.values_list("number", "id"))
    ids["NAMED"] = str(ids["BETA"])
    CUSTOMERS.add(records=[{"number": ids["NAMED"]}], by=ADA, at=NOW)
    customers = ("ACME", "BETA", ids["NAMED"])
    CONTACTS.add(records=[{"number": f"C-{each}", "customer": each} for each in customers], by=ADA, at=NOW)
    return ids


NAMES = {
    "a name": (EQUAL, "ACME", {"ACME"}),
    "an id": (EQUAL, "{ACME}", {"ACME"}),
    "an id that is the name of another": (EQUAL, "{BETA}", {"{BETA}"}),
    "several": (IN, "BETA,{ACME}", {"ACME", "BETA"}),
    "all others": (NOT_EQUAL, "{ACME}", {"BETA", "{BETA}"}),
    "an id of nobody": (EQUAL, "999999999", set()),
    "digits beyond any id": (EQUAL, "9" * 30, set()),
    "digits as nobody writes an id": (EQUAL, "0{ACME}", set()),
}


@pytest.mark.parametrize("comparator, value, expected", table(NAMES))
@pytest.mark.parametrize("services, field", [(CUSTOMERS, "number"), (CONTACTS, "customer")], ids=["own", "another's"])
def test_finds(ids, services, field, comparator, value, expected):
    criterion = Criterion((field,), comparator, tuple(value.format(**ids).split(",")), or_id=True)

    found = services.find(search=Search([criterion])).records

    assert {record[field] for record in found} == {each.format(**ids) for each in expected}


def test_is_by_names_alone_unless_the_criterion_lets_it(ids):
    criterion = Criterion(("customer",), EQUAL, (str(ids["ACME"]),))

    assert CONTACTS.find(search=Search([criterion])).records == ()


def test_limits_writes_likewise(ids):
    scope = Scope(before=(Criterion(("customer",), EQUAL, (str(ids["ACME"]),), or_id=True),))
    records = [{"number": f"C-{customer}", "title": "Dr."} for customer in ("ACME", "BETA")]

    outcomes = CONTACTS.update(records=records, by=ADA, at=NOW, scope=scope)

    assert [outcome.failed for outcome in outcomes] == [False, True]
    assert [*Contact.objects.filter(title="Dr.").values_list("number", flat=True)] == ["C-ACME"]


@pytest.mark.parametrize("value, queries", [("ACME", 1), ("7", 2)])
def test_costs_a_query_for_digits_alone(value, queries):
    with CaptureQueriesContext(connection) as captured:
        CUSTOMERS.find(search=Search([Criterion(("number",), EQUAL, (value,), or_id=True)]))

    assert len(captured) == queries
