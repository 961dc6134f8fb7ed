"""Nobody wins by doing less: the rivals store the same; and the hub asks the database as often for many as for few."""

import pytest
from django.contrib.auth.models import User

from benchmarks import contests, order_contests
from benchmarks.environment import PASSWORD, USER, baseline, hub
from benchmarks.measure import statements
from benchmarks.stored import list_orders, list_parts
from webservices.access.password_cache import VERIFIER

pytestmark = pytest.mark.django_db(transaction=True)  # a request through the handler gives its connection back


@pytest.fixture(autouse=True)
def _ground(settings):
    settings.ROOT_URLCONF = "benchmarks.urls"
    User.objects.create_superuser(USER, password=PASSWORD)
    VERIFIER.forget()


STORED = {
    contests.write_parts: list_parts,
    order_contests.write_one_by_one: list_orders,
    order_contests.put_new_orders: list_orders,
    order_contests.put_known_orders: list_orders,
}
SIDES = [
    (contests.write_parts, "hub, SOAP"),
    (order_contests.write_one_by_one, "hub, SOAP"),
    (order_contests.put_new_orders, "hub, REST"),
    (order_contests.put_new_orders, order_contests.WHOLE),
    (order_contests.put_known_orders, "hub, SOAP"),
    (order_contests.put_known_orders, "hub, REST"),
]


@pytest.mark.parametrize("build, stored", STORED.items())
def test_stores_the_same_whoever_does_it(build, stored):
    contest, found = build(hub(), baseline()), {}
    for number, (name, side) in enumerate(contest.sides.items()):
        side(f"SIDE{number}", 6)()
        found[name] = stored(f"SIDE{number}-")

    found.pop("COPY", None)  # all of its parts are new
    first, *others = found.values()
    assert len(first) == 6
    assert all(other == first for other in others)


@pytest.mark.parametrize("build, side", SIDES)
def test_asks_the_database_as_often_for_many_as_for_few(build, side):
    contest = build(hub(), baseline())

    assert statements(contest.sides[side], "MANY", 40) == statements(contest.sides[side], "FEW", 4)


@pytest.mark.parametrize("build", [order_contests.read_one_order, order_contests.list_orders])
def test_reads_orders_with_all_of_their_rows_in_one_statement(build):
    contest = build(hub(), baseline())

    for side in contest.sides.values():
        side("READ", 1)()  # which raises what is wrong with its answer
    assert statements(contest.sides["hub, REST"], "READ", 1) == 3  # one finds the caller, one stores the exchange
