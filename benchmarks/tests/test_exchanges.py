"""The pages that are measured open, and find what they should among what the measurement has filled in."""

import pytest
from django.contrib.auth.models import User

from benchmarks.environment import PASSWORD, USER
from benchmarks.exchanges import PAGES, fill_table, measure
from webservices.models import Exchange

COUNT = 300


@pytest.mark.django_db(transaction=True)  # the table is vacuumed
def test_every_page_opens_on_a_table_that_was_filled(settings):
    settings.ROOT_URLCONF = "config.urls"
    User.objects.create_superuser(USER, password=PASSWORD)
    fill_table(COUNT, say=lambda text: None)

    measured = measure(1)

    assert [page for page, _ in measured] == list(PAGES)
    assert Exchange.objects.count() == COUNT
    assert Exchange.objects.filter(status__gte=400).count() == COUNT // 50
