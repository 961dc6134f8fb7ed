"""The requests that are measured on a million parts are answered, and find what they should among a few hundred."""

import pytest
from django.contrib.auth.models import User
from django.db import DEFAULT_DB_ALIAS, connections

from benchmarks.environment import PASSWORD, USER
from benchmarks.million import REQUESTS, Side, fill_tables, measure, section
from customers.models import CustomerPart
from parts.models import Part
from records.models import Change

COUNT = 300


@pytest.mark.django_db(transaction=True)  # the tables are vacuumed
def test_every_request_is_answered_on_tables_that_were_filled(settings):
    settings.ROOT_URLCONF = "config.urls"
    User.objects.create_superuser(USER, password=PASSWORD)
    fill_tables(COUNT, say=lambda text: None)
    side = Side(COUNT, connections[DEFAULT_DB_ALIAS])

    measured = measure([side, side], 1, warm=0)

    assert [request for request, _ in measured] == list(REQUESTS)
    assert section(measured).count(" ms | **") == len(REQUESTS)
    assert Part.objects.filter(active=False).count() == COUNT // 50
    assert CustomerPart.objects.count() == COUNT // 10
    assert Change.objects.count() == COUNT + COUNT // 10
