"""Nobody wins by doing less: the rivals store the same; and the hub asks the database as often for many as for few."""

import pytest
from django.contrib.auth.models import User

from benchmarks.contests import list_contests
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


@pytest.fixture
def by_title():
    return {contest.title.split()[2]: contest for contest in list_contests(hub(), baseline())}


@pytest.mark.parametrize("title, stored", [("modifyParts", list_parts), ("1,000", list_orders)])
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
