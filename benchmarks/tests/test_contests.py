"""Nobody wins by doing less: the rivals store the same; and the hub asks the database as often for many as for few."""

import pytest
from django.contrib.auth.models import User

from benchmarks.contests import list_contests
from benchmarks.environment import PASSWORD, USER, baseline, hub
from benchmarks.measure import statements
from orders.models import SalesOrder
from parts.models import Part
from webservices.access.password_cache import VERIFIER

pytestmark = pytest.mark.django_db(transaction=True)  # a request through the handler gives its connection back


@pytest.fixture(autouse=True)
def _ground(settings):
    settings.ROOT_URLCONF = "benchmarks.urls"
    User.objects.create_superuser(USER, password=PASSWORD)
    VERIFIER.forget()


@pytest.fixture
def by_title():
    return {contest.title.split()[0]: contest for contest in list_contests(hub(), baseline())}


def stored_parts(name):
    parts = Part.objects.filter(number__startswith=name).prefetch_related("descriptions", "prices")
    return [
        (
            part.number.removeprefix(name), part.lead_time, part.notes, part.units, part.version,
            [(each.language, each.text) for each in part.descriptions.all()],
            [(each.currency, each.amount) for each in part.prices.all()],
        )
        for part in parts
    ]  # fmt: skip


def stored_orders(name):
    orders = SalesOrder.objects.filter(number__startswith=name).select_related("customer", "status")
    return [
        (
            order.number.removeprefix(name), order.customer.number, order.status.name, order.total, order.due_date,
            list(order.rows.values_list("line_number", "part__number", "quantity", "unit_price", "discount", "total")),
        )
        for order in orders.prefetch_related("rows")
    ]  # fmt: skip


@pytest.mark.parametrize("title, stored", [("modifyParts", stored_parts), ("1,000", stored_orders)])
def test_stores_the_same_whoever_does_it(by_title, title, stored):
    contest, found = by_title[title], {}
    for number, (name, side) in enumerate(contest.sides.items()):
        side(f"SIDE{number}", 6)()
        found[name] = stored(f"SIDE{number}-")

    found.pop("COPY", None)  # all of its parts are new
    first, *others = found.values()
    assert len(first) == 6
    assert all(other == first for other in others)


@pytest.mark.parametrize("title, side", [("modifyParts", "hub, SOAP"), ("1,000", "hub, SOAP"), ("1,000", "hub, REST")])
def test_asks_the_database_as_often_for_many_as_for_few(by_title, title, side):
    contest = by_title[title]

    assert statements(contest.sides[side], "MANY", 40) == statements(contest.sides[side], "FEW", 4)
