"""Processes of their own that meet: orders while their parts are changed and removed, and one call that comes twice."""

import json

import pytest
from django.db import transaction

from customers.services import CUSTOMERS
from orders.models import Row, SalesOrder
from parts.models import Part
from parts.services import PARTS
from records.tests.cast import ADA, NOW
from records.tests.writers import run_together
from webservices import endpoint, gateway, idempotency
from webservices.declarations import OPERATIONS
from webservices.models import Exchange, KeyedAnswer
from webservices.wire.credentials import SignedIn
from webservices.wire.dialects.rest.dialect import REST
from webservices.wire.messages import Call, Failure, WireRequest
from webservices.wire.operations import Verb

pytestmark = pytest.mark.django_db(transaction=True)

PART_NUMBERS = [f"N{i:02}" for i in range(30)]


def writer(plural, verb):
    """Sends its batches as calls; gives what became of each record, with the problem's family when it failed."""

    def write(batch):
        given = gateway.answer(Call(OPERATIONS.get(plural, verb), batch), ADA, at=NOW)
        if isinstance(given, Failure):
            return [f"{plural} {given.problems[0].family}"]
        return [f"{plural} {o.problems[0].code if o.failed else o.result}" for o in given.outcomes]

    return write


def orders(prefix, numbers):
    rows = [{"part_number": number, "quantity": "1", "unit_price": "1"} for number in numbers]
    return [{"number": f"{prefix}-{i}", "customer": "ACME", "rows": rows[i : i + 5]} for i in range(20)]


def test_every_order_is_placed_whole_or_refused_with_a_reason():
    with transaction.atomic():
        CUSTOMERS.add(records=[{"number": "ACME"}], by=ADA, at=NOW)
        PARTS.add(records=[{"number": number} for number in PART_NUMBERS], by=ADA, at=NOW)
    rounds = 4
    place, change, remove = (
        writer("sales_orders", Verb.ADD),
        writer("parts", Verb.PUT),
        writer("parts", Verb.REMOVE),
    )
    removals = [{"number": number} for number in PART_NUMBERS[::3]]

    result = run_together(
        (place, [orders(f"A{n}", PART_NUMBERS) for n in range(rounds)]),
        (place, [orders(f"B{n}", [*reversed(PART_NUMBERS)]) for n in range(rounds)]),
        (change, [[{"number": number, "units": str(n + 2)} for number in PART_NUMBERS] for n in range(rounds)]),
        (remove, [[*reversed(removals)]] * rounds),
    )

    told = {"created", "updated", "unchanged", "deleted", "inactivated"}
    reasons = {"inactive", "unresolved", "not-found", "contended", "busy"}
    assert {outcome.split()[1] for outcome in result} <= told | reasons, result
    assert result["sales_orders created"] == SalesOrder.objects.count()
    assert Row.objects.count() == sum(order.rows.count() for order in SalesOrder.objects.all())
    assert all(order.rows.count() == 5 == order.total for order in SalesOrder.objects.all())
    assert not set(PART_NUMBERS) - set(Part.objects.values_list("number", flat=True)) & set(
        Row.objects.values_list("part__number", flat=True)
    )


def sender(user_id, patience):
    """Sends batches of orders, each with its key, through the endpoint; gives what each was answered."""

    def send(batch):
        idempotency.PATIENCE = patience
        told = []
        for key in batch:
            rows = [{"part_number": number, "quantity": 1, "unit_price": 1} for number in PART_NUMBERS]
            body = json.dumps({"customer": "ACME", "rows": rows}).encode()
            headers = {"content-type": "application/json", "idempotency-key": key}
            request = WireRequest("POST", "/api/v1/sales-orders/", body, headers)
            response = endpoint.serve(REST, request, SignedIn(user_id))
            told.append(f"{response.status} {'replayed' if 'Idempotent-Replayed' in response.headers else ''}".strip())
        return told

    return send


@pytest.mark.parametrize("patience, told", [(10.0, {"201", "201 replayed"}), (0.0, {"201", "201 replayed", "409"})])
def test_a_call_that_comes_twice_at_once_is_done_once(ada, patience, told):
    with transaction.atomic():
        CUSTOMERS.add(records=[{"number": "ACME"}], by=ADA, at=NOW)
        PARTS.add(records=[{"number": number} for number in PART_NUMBERS], by=ADA, at=NOW)
    keys = [[f"key-{number}"] for number in range(12)]

    result = run_together(*[(sender(ada.pk, patience), keys)] * 3)

    assert set(result) <= told
    assert result["201"] == SalesOrder.objects.count() == KeyedAnswer.objects.count() == len(keys)
    assert sum(result.values()) == 3 * len(keys)
    assert Exchange.objects.exclude(replay_of="").count() == result["201 replayed"]
