"""All parts are taken over each wire, and an answer that lacks some is none."""

import os

import pytest
from django.contrib.auth.models import User
from django.db import connection

from benchmarks import exports, million
from benchmarks.environment import DIALECT_TERMS, PASSWORD, USER, hub
from parts.models import Part
from webservices.access.password_cache import VERIFIER

COUNT = 1_200

pytestmark = pytest.mark.django_db(transaction=True)  # the tables are vacuumed


@pytest.fixture
def stream(settings):
    settings.ROOT_URLCONF, settings.DIALECT_TERMS = "config.urls", DIALECT_TERMS
    User.objects.create_superuser(USER, password=PASSWORD)
    VERIFIER.forget()
    million.fill_parts(COUNT)
    wire = hub()
    return lambda request: wire.stream(request.method, request.path, request.body, request.headers)


def test_measures_every_wire(stream):
    result = exports.measure(stream, lambda: [os.getpid()], COUNT, 1)

    assert [*result.turns] == [*exports.build_exports()]
    assert [turn.parts for [turn] in result.turns.values()] == [COUNT] * len(result.turns)
    assert all(0 < turn.first < turn.seconds and turn.size > 100 * COUNT for [turn] in result.turns.values())
    assert exports.write_section("In process: one", result).count(" × COPY") == 2
    assert connection.get_autocommit()
    million.remove_parts()
    assert not Part.objects.exists()


def test_refuses_an_answer_that_lacks_parts(stream):
    with pytest.raises(AssertionError, match="1,200 of 1,201 parts have come"):
        exports.measure(stream, lambda: [os.getpid()], COUNT + 1, 1)
