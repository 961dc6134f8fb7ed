"""The cast as users of the database: `ada` (`ada-ada!`) may do everything, `bob` (`bob-bob!`) nothing."""

import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
import requests
from argon2 import PasswordHasher
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import transaction

from records.models import CustomField
from webservices.access.password_cache import VERIFIER
from webservices.tests.api_keys import ALL, key_for
from webservices.tests.expandable_client import Expandable
from webservices.tests.full_order import FullOrder
from webservices.tests.openapi.generators import GENERATORS, generated_client
from webservices.tests.rest_client import Rest


@pytest.fixture(scope="session")
def stored_hash():
    """The hash of a password as Django keeps it, but quick: a hash says itself how much work it is."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return lambda password: "argon2" + quick.hash(password)


@pytest.fixture(scope="module")
def demo_world(django_db_setup, django_db_blocker):
    """The demo world, loaded once for a module: each test is undone up to here, and this at the module's end."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_demo", stdout=StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def ada(db, stored_hash):
    return User.objects.create(username="ada", password=stored_hash("ada-ada!"), is_superuser=True, is_staff=True)


@pytest.fixture
def bob(db, stored_hash):
    return User.objects.create(username="bob", password=stored_hash("bob-bob!"))


@pytest.fixture
def rest(ada) -> Rest:
    """REST, called by ada."""
    return Rest("ada", "ada-ada!")


@pytest.fixture
def expandable(ada) -> Expandable:
    """Expandable's calls, made by ada."""
    return Expandable("ada", "ada-ada!")


@pytest.fixture
def acme(expandable) -> Expandable:
    """The same, where there are a customer ACME and a part PUMP-100."""
    expandable.call("part-create", PART_ID="PUMP-100", PART_DESC="Pump")
    expandable.call("product-price-create", PART_ID="PUMP-100", PRICE_CODE="LP", SO_UNIT_PRICE="250")
    expandable.call("customer-create", CUSTOMER_ID="ACME", CUSTOMER_NAME="Acme")
    return expandable


@pytest.fixture(autouse=True)
def _nobody_known():
    """Each test begins as a process that has verified nobody."""
    VERIFIER.forget()


@pytest.fixture
def account(live_server_process) -> tuple[str, str]:
    """
    Name and password, once the server takes them in each of its processes.

    A process lets an address wait for a second that has guessed wrong, as the test before may have done.
    """
    account = live_server_process.username, live_server_process.password
    time.sleep(1.1)
    taken = 0
    for _ in range(60):
        answer = requests.get(f"{live_server_process.url}/api/v1/parts/?limit=1", auth=account, timeout=30)
        taken = taken + 1 if answer.ok else 0
        if taken == 8:
            return account
        if not answer.ok:
            time.sleep(0.5)
    raise AssertionError("The server does not take the account of the tests.")


@pytest.fixture(scope="module")
def no_custom_fields(live_server_process) -> Iterator[None]:
    """The live site without custom fields, those of the demo world included, which another test may have loaded."""
    with live_server_process.database():
        fields = [*CustomField.objects.all()]
        CustomField.objects.all().delete()
    yield
    with live_server_process.database():
        CustomField.objects.bulk_create(fields)


@pytest.fixture
def find_client(request):
    """`find_client(generator, document)` is the folder of a client of an OpenAPI document; see `generators.py`."""

    def find(generator: str, document: str) -> Path:
        if program := GENERATORS[generator].program:
            request.getfixturevalue(program)
        return generated_client(generator, document)

    return find


@pytest.fixture
def full_order(live_server_process, account) -> FullOrder:
    """An order and a part with everything in them, at the live server."""
    with live_server_process.database():
        key = key_for(User.objects.get(username=live_server_process.username), *ALL)
    order = FullOrder(live_server_process.url, account, key)
    order.restore()
    return order
