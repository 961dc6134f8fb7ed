"""Calls of a hub with a replica: what only reads is answered there, all else is the primary's."""

import pytest
from django.contrib.auth.models import User

from parts.models import Part
from parts.tests.catalogue import made
from records.tests.cast import NOW
from webservices.models import Exchange
from webservices.tests.rest_client import Rest

THERE = ["THERE-1"]


@pytest.fixture
def rest(replica_database, stored_hash):
    """A client as ada, whom the primary alone knows; PUMP-100 is there, and THERE-1 in the replica."""
    User.objects.create(username="ada", password=stored_hash("ada-ada!"), is_superuser=True)
    made({"number": "PUMP-100", "notes": "primary"})
    Part.objects.using(replica_database).create(number="THERE-1", created_at=NOW, changed_at=NOW)
    return Rest("ada", "ada-ada!")


def numbers(reply):
    assert reply.status == 200, reply.json
    return [record["number"] for record in reply.json["results"]]


def test_a_list_and_a_record_are_read_there(rest):
    assert numbers(rest.get("parts/")) == THERE
    assert rest.get("parts/THERE-1/").status == 200
    assert rest.get("parts/PUMP-100/").status == 404


def test_the_exchange_is_stored_at_the_primary(rest, replica_database):
    call_id = rest.get("parts/")["X-Call-Id"]

    assert Exchange.objects.filter(call_id=call_id).count() == 1
    assert Exchange.objects.using(replica_database).count() == 0


def test_a_write_finds_and_echoes_its_record_at_the_primary(rest):
    changed = rest.patch("parts/PUMP-100/", {"notes": "changed"})

    assert (changed.status, changed.json["notes"]) == (200, "changed")
    assert rest.patch("parts/THERE-1/", {"notes": "changed"}).status == 404


def test_an_idempotency_key_is_looked_up_at_the_primary(rest):
    first = rest.post("parts/", {"number": "NEW-1"}, idempotency_key="once")
    again = rest.post("parts/", {"number": "NEW-1"}, idempotency_key="once")

    assert (first.status, again.status) == (201, 201)
    assert Part.objects.filter(number="NEW-1").count() == 1


def test_a_read_after_a_write_may_answer_what_was_before(rest):
    """The promise is the age that the site allows, not the caller's own writes."""
    assert rest.post("parts/", {"number": "NEW-1"}).status == 201

    assert numbers(rest.get("parts/")) == THERE


def test_the_time_at_the_replica_is_time_in_the_database(rest, settings):
    timing = rest.get("parts/")["Server-Timing"]

    assert float(timing.partition("db;dur=")[2].partition(",")[0]) > 0
