"""What a call may write: fields that no record of it may change, and fields that must have a value afterwards."""

import pytest

from customers.models import Customer
from customers.services import CONTACTS, CUSTOMERS
from customers.tests.crm import build
from orders.models import SalesOrder
from orders.services import SALES_ORDERS
from parts.models import Part
from parts.resources import PART
from parts.services import PARTS
from records.shapes.criteria import Comparator, Criterion, Scope
from records.shapes.fields import ScalarField
from records.shapes.problems import ProblemError
from records.shapes.values import EMPTY
from records.tests.cast import ADA, NOW, table

pytestmark = pytest.mark.django_db

RESOURCE = PART.add_custom_fields([ScalarField("custom_tier", source="tier", custom=True, nullable=True)])
STORED = {
    "number": "A",
    "notes": "old",
    "lead_time": "7",
    "company_associations": ["x"],
    "description": {"en": "a"},
    "price": {"USD": "1"},
    "custom_tier": "gold",
}


def write(verb, record, scope, services=PARTS, resource=RESOURCE):
    [outcome] = getattr(services, verb)(records=[record], by=ADA, at=NOW, scope=scope, resource=resource)
    return outcome


def problems_of(outcome):
    return [(problem.code, problem.family, problem.path) for problem in outcome.problems]


@pytest.fixture
def stored():
    assert write("add", STORED, Scope()).result == "created"


UNCLEARABLE = {
    "a value that goes": (("notes",), {"notes": EMPTY}, [("missing", "missing", ("notes",))]),
    "a value that changes": (("notes",), {"notes": "new"}, []),
    "a value that is not sent": (("notes",), {"units": "2"}, []),
    "an entry that goes": (("price", "USD"), {"price": {"USD": EMPTY}}, [("missing", "missing", ("price", "USD"))]),
    "an entry that was not there": (("price", "EUR"), {"price": {"EUR": EMPTY}}, []),
}


@pytest.mark.parametrize("path, sent, problems", table(UNCLEARABLE))
def test_a_field_may_not_lose_its_value(path, sent, problems, stored):
    outcome = write("update", {"number": "A", **sent}, Scope(unclearable=(path,)))

    assert problems_of(outcome) == problems


KEPT = {
    "a column that changes": ("notes", {"notes": "new"}, "kept"),
    "a column that is cleared": ("notes", {"notes": EMPTY}, "kept"),
    "a column as it is": ("notes", {"notes": "old", "units": "2"}, "updated"),
    "a number in another spelling": ("lead_time", {"lead_time": "07", "units": "2"}, "updated"),
    "a column that is not sent": ("notes", {"units": "2"}, "updated"),
    "nothing changes at all": ("notes", {"notes": "old"}, "unchanged"),
    "a list": ("company_associations", {"company_associations": ["x", "y"]}, "kept"),
    "an entry of a map": ("price", {"price": {"EUR": "2"}}, "kept"),
    "an entry that goes": ("price", {"price": {"USD": EMPTY}}, "kept"),
    "a map as it is": ("price", {"price": {"USD": "1.00"}, "units": "2"}, "updated"),
    "a map that rows change": ("price", {"prices": [{"currency": "USD", "amount": "2"}]}, "kept"),
    "a map beside rows of another kind": (
        "price",
        {"prices": [{"currency": "USD", "amount": "1"}, {"currency": "USD", "price_code": "X", "amount": "2"}]},
        "updated",
    ),
    "rows that a map changes": ("prices", {"price": {"USD": "2"}}, "kept"),
    "rows as they are": ("prices", {"prices": [{"currency": "USD", "amount": "1.0"}], "units": "2"}, "updated"),
    "rows that are cleared": ("prices", {"prices": []}, "kept"),
    "a custom field": ("custom_tier", {"custom_tier": "tin"}, "kept"),
    "a custom field as it is": ("custom_tier", {"custom_tier": "gold", "notes": "new"}, "updated"),
    "a field that is only read": ("changed_by", {"notes": "new", "changed_by": "ada"}, "updated"),
}


@pytest.mark.parametrize("verb", ["update", "put"])
@pytest.mark.parametrize("field, sent, expected", table(KEPT))
def test_a_kept_field_may_not_change(stored, verb, field, sent, expected):
    outcome = write(verb, {"number": "A", **sent}, Scope(read_only=(field,)))

    if expected == "kept":
        assert problems_of(outcome) == [("kept", "locked", (field,))]
        assert Part.objects.get().version == 1
    else:
        assert outcome.result == expected


KEPT_ON_ADD = {
    "a value": ("notes", {"notes": "x"}, "failed"),
    "no value": ("notes", {}, "created"),
    "an empty value": ("notes", {"notes": EMPTY}, "created"),
    "the default": ("lead_time", {"lead_time": "-1"}, "created"),
    "not the default": ("lead_time", {"lead_time": "1"}, "failed"),
    "a flag that is not the default": ("active", {"active": "false"}, "failed"),
    "a map": ("price", {"price": {"USD": "1"}}, "failed"),
    "an empty map": ("price", {"price": {}}, "created"),
    "rows": ("prices", {"price": {"USD": "1"}}, "failed"),
    "a custom field": ("custom_tier", {"custom_tier": "tin"}, "failed"),
    "an empty custom field": ("custom_tier", {"custom_tier": EMPTY}, "created"),
}


@pytest.mark.parametrize("verb", ["add", "put"])
@pytest.mark.parametrize("field, sent, expected", table(KEPT_ON_ADD))
def test_a_kept_field_of_a_new_record_is_what_it_is_by_itself(verb, field, sent, expected):
    outcome = write(verb, {"number": "N", **sent}, Scope(read_only=(field,)))

    assert outcome.result == expected
    assert problems_of(outcome) == ([("kept", "locked", (field,))] if expected == "failed" else [])


REQUIRED = {
    "a column that is sent": ("partner_part_id", {"partner_part_id": "x"}, "updated"),
    "a column that it has already": ("notes", {"units": "2"}, "updated"),
    "a column that it has, and nothing changes": ("notes", {}, "unchanged"),
    "a column that it never had": ("partner_part_id", {"units": "2"}, "missing"),
    "a column that it never had, and nothing changes": ("partner_part_id", {}, "missing"),
    "a column that is cleared": ("notes", {"notes": EMPTY}, "missing"),
    "a list that is cleared": ("company_associations", {"company_associations": EMPTY}, "missing"),
    "a map that it has": ("description", {"units": "2"}, "updated"),
    "a map that is cleared": ("description", {"description": EMPTY}, "missing"),
    "a map whose last entry goes": ("price", {"price": {"USD": EMPTY}}, "missing"),
    "rows that it has": ("prices", {"units": "2"}, "updated"),
    "rows that are cleared": ("prices", {"prices": []}, "missing"),
    "a custom field that it has": ("custom_tier", {"units": "2"}, "updated"),
    "a custom field that is cleared": ("custom_tier", {"custom_tier": EMPTY}, "missing"),
    "a number that is never blank": ("lead_time", {"units": "2"}, "updated"),
}


@pytest.mark.parametrize("verb", ["update", "put"])
@pytest.mark.parametrize("field, sent, expected", table(REQUIRED))
def test_a_required_field_has_a_value_afterwards_sent_or_not(stored, verb, field, sent, expected):
    outcome = write(verb, {"number": "A", **sent}, Scope(required=(field,)))

    if expected == "missing":
        assert problems_of(outcome) == [("missing", "missing", (field,))]
        assert Part.objects.get().version == 1
    else:
        assert outcome.result == expected


@pytest.mark.parametrize("verb", ["add", "put"])
def test_a_new_record_is_told_each_required_field_that_it_lacks(verb):
    scope = Scope(required=("last_name", "company", "number", "customer_type"))

    outcome = write(verb, {"company": "Acme"}, scope, CUSTOMERS, None)

    assert problems_of(outcome) == [("missing", "missing", ("last_name",)), ("missing", "missing", ("customer_type",))]
    assert not Customer.objects.exists()


def test_a_relation_is_kept_and_required_like_any_field():
    build()
    acme = {"number": "ACME"}

    assert problems_of(
        write("update", acme | {"customer_type": "Ship To"}, Scope(read_only=("customer_type",)), CUSTOMERS, None)
    )
    assert problems_of(
        write("update", acme | {"customer_type": EMPTY}, Scope(required=("customer_type",)), CUSTOMERS, None)
    )
    assert write(
        "update", acme | {"customer_type": "Bill To"}, Scope(read_only=("customer_type",)), CUSTOMERS, None
    ).result


def test_what_the_rules_fill_in_is_neither_missing_nor_the_records_doing():
    build()
    scope = Scope(read_only=("status", "currency"), required=("status", "currency"))

    outcome = write("add", {"customer": "ACME"}, scope, SALES_ORDERS, None)

    assert outcome.result == "created"
    assert SalesOrder.objects.get().currency == "USD"


def test_kept_rows_may_be_sent_as_they_are_while_their_totals_follow_the_currency():
    build()
    row = {"line_number": "1", "part_number": "PUMP-100", "quantity": "1", "unit_price": "2.5"}
    number = write("add", {"customer": "ACME", "rows": [row]}, Scope(), SALES_ORDERS, None).key

    outcome = write("update", {"number": number, "currency": "JPY"}, Scope(read_only=("rows",)), SALES_ORDERS, None)

    assert outcome.result == "updated"
    assert problems_of(write("update", {"number": number, "rows": []}, Scope(read_only=("rows",)), SALES_ORDERS, None))


def test_portal_users_are_children_too():
    build()

    outcome = write("update", {"number": "A1", "portals": []}, Scope(read_only=("portals",)), CONTACTS, None)

    assert problems_of(outcome) == [("kept", "locked", ("portals",))]


@pytest.mark.parametrize("scope", [Scope(read_only=("colour",)), Scope(required=("colour",))])
def test_an_unknown_field_fails_the_call(scope):
    with pytest.raises(ProblemError) as refused:
        write("add", {"number": "A"}, scope)

    assert refused.value.problem.code == "unknown-field"


def test_what_is_locked_says_so_first(stored):
    locked = (Criterion(("notes",), Comparator.EQUAL, ("old",)),)

    outcome = write("update", {"number": "A", "notes": EMPTY}, Scope(locked=locked, read_only=("notes",)))

    assert [code for code, *_ in problems_of(outcome)] == ["locked"]
