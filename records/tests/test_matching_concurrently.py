"""Calls that find the same records at once, by fields that others change meanwhile: real processes, real commits."""

from functools import partial

import pytest
from django.db import transaction

from customers.models import Customer
from customers.services import CUSTOMERS
from records.shapes.matching import BY_KEY, Matching, MatchRule
from records.tests.cast import ADA, NOW
from records.tests.writers import run_together

pytestmark = pytest.mark.django_db(transaction=True)

COUNT, ROUNDS = 60, 8
BY_EXTERNAL_ID = (MatchRule(("external_id",)),)
SEQUENTIAL = Matching(BY_EXTERNAL_ID, sequential=True)


def write(verb, matching, batch):
    with transaction.atomic():
        outcomes = getattr(CUSTOMERS, verb)(records=batch, by=ADA, at=NOW, matching=matching)
        return [outcome.problems[0].code if outcome.failed else str(outcome.result) for outcome in outcomes]


def writer(verb, matching):
    return partial(write, verb, matching)


@pytest.fixture
def stored():
    write("add", BY_KEY, [{"number": f"N{n:03}", "external_id": f"0-{n}"} for n in range(COUNT)])


def test_sequential_calls_meet_in_opposite_orders_without_a_deadlock(stored):
    few = 6
    one_account = Matching((MatchRule(("crm_account_id", "last_name")), *BY_EXTERNAL_ID), sequential=True)

    def records(note):  # all of one account, so that each waits for the one before
        return [
            {"external_id": f"0-{n}", "crm_account_id": "c", "last_name": f"{n}", "notes": note} for n in range(few)
        ]

    forwards = [records(f"a{n}") for n in range(ROUNDS)]
    backwards = [[*reversed(records(f"b{n}"))] for n in range(ROUNDS)]

    result = run_together((writer("update", one_account), forwards), (writer("put", one_account), backwards))

    assert result == {"updated": 2 * few * ROUNDS}
    assert set(Customer.objects.filter(crm_account_id="c").values_list("version", flat=True)) == {1 + 2 * ROUNDS}


@pytest.mark.parametrize("matching", [Matching(BY_EXTERNAL_ID), SEQUENTIAL], ids=["at once", "in sequence"])
def test_what_has_moved_before_it_is_locked_is_not_overwritten(stored, matching):
    def moved(to):
        return [{"number": f"N{n:03}", "external_id": f"{to}-{n}"} for n in range(COUNT)]

    def found(at):
        return [{"external_id": f"{at}-{n}", "notes": f"found at {at}"} for n in range(COUNT)]

    result = run_together(
        (writer("update", BY_KEY), [moved(n + 1) for n in range(ROUNDS)]),
        (writer("update", matching), [found(n) for n in range(ROUNDS)]),
    )

    assert set(result) <= {"updated", "no-match"}
    assert result.total() == 2 * COUNT * ROUNDS
    assert {int(external.split("-")[0]) for external in Customer.objects.values_list("external_id", flat=True)} == {
        ROUNDS
    }
