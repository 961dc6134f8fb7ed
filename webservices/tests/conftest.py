"""The cast as users of the database: `ada` (`ada-ada!`) may do everything, `bob` (`bob-bob!`) nothing."""

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User

from webservices.access.verification import VERIFIER


@pytest.fixture(scope="session")
def stored_hash():
    """The hash of a password, computed once per run: hashing is slow on purpose."""
    known: dict[str, str] = {}

    def of(password: str) -> str:
        if password not in known:
            known[password] = make_password(password)
        return known[password]

    return of


@pytest.fixture
def ada(db, stored_hash):
    return User.objects.create(username="ada", password=stored_hash("ada-ada!"), is_superuser=True, is_staff=True)


@pytest.fixture
def bob(db, stored_hash):
    return User.objects.create(username="bob", password=stored_hash("bob-bob!"))


@pytest.fixture(autouse=True)
def _nobody_known():
    """Each test begins as a process that has verified nobody."""
    VERIFIER.forget()
