"""A catalogue for tests, and who looks at it: fixtures that the tests of several apps use."""

import pytest
from django.contrib.auth.models import Permission, User
from django.db import transaction
from django.test import Client

from parts.admin import PartAdmin
from parts.models import Part
from parts.resources import PART
from parts.services import PARTS
from records import customization
from records.services import Services
from records.tests.cast import BOB, NOW

PUMP = {
    "number": "PUMP-100",
    "description": {"en": "Pump, small", "de": "Pumpe, klein"},
    "prices": [
        {"currency": "EUR", "amount": "230.00"},
        {"currency": "USD", "amount": "250.00"},
        {"currency": "USD", "minimum_quantity": "10", "amount": "240.00"},
    ],
    "notes": "Comes with a gasket.\nHandle with care.",
    "attachments": ["https://docs.example.com/pump.pdf"],
}


@pytest.fixture
def pump(db) -> Part:
    """PUMP-100, made by bob over a wire."""
    return made(PUMP)


def made(*parts: dict) -> Part:
    with transaction.atomic():
        outcomes = PARTS.add(records=parts, by=BOB, at=NOW)
    assert not any(outcome.failed for outcome in outcomes)
    return Part.objects.get(pk=outcomes[0].id)


@pytest.fixture
def person(db):
    """Makes users of the admin site by name and permissions; gives a browser where they are signed in."""

    def signed_in(name: str, *permissions: str, **columns: bool) -> Client:
        user = User.objects.create(username=name, is_staff=columns.pop("is_staff", True), **columns)
        user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
        client = Client()
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def ada(person) -> Client:
    """May do everything."""
    return person("ada", is_superuser=True)


@pytest.fixture
def sent(monkeypatch) -> list:
    """The records that the admin has given to the services."""
    records: list = []

    class Listening(Services):
        def add(self, **named):
            records.extend(named["records"])
            return super().add(**named)

        def update(self, **named):
            records.extend(named["records"])
            return super().update(**named)

        def remove(self, **named):
            records.extend(named["records"])
            return super().remove(**named)

    monkeypatch.setattr(PartAdmin, "services", Listening(Part, PART))
    return records


@pytest.fixture(autouse=True)
def _nothing_defined(monkeypatch):
    """A test that defines fields is rolled back, and its generation comes again with another meaning."""
    monkeypatch.setattr(customization, "_latest", customization.Definitions())
