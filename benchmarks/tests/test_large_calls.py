"""Large calls are measured: the time of each size, what the process grows by, and what parsing and COPY take."""

import os

import pytest
from django.contrib.auth.models import User

from benchmarks import large_calls
from benchmarks.environment import PASSWORD, USER, hub
from parts.models import Part
from webservices.access.password_cache import VERIFIER

pytestmark = pytest.mark.django_db(transaction=True)  # a request through the handler gives its connection back


def test_measures_each_size_over_each_wire(settings, monkeypatch):
    settings.ROOT_URLCONF = "benchmarks.urls"
    monkeypatch.setattr(large_calls, "WARM", (5,))
    User.objects.create_superuser(USER, password=PASSWORD)
    VERIFIER.forget()

    measured = [*large_calls.measure(hub, lambda: [os.getpid()], sizes=(10, 20))]

    assert [(each.wire, each.size) for each in measured] == [("SOAP", 10), ("SOAP", 20), ("REST", 10), ("REST", 20)]
    assert all(each.seconds > 0 and each.floor > 0 for each in measured)
    assert Part.objects.count() == 2 * 2 * (5 + 10 + 20)  # by the hub, and by COPY
    assert "| hub, REST: 20 |" in large_calls.write_section("Title", measured)
