"""A write is tried without savepoints first; where the database refuses anything, it is made again with them."""

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from psycopg.errors import QueryCanceled

from parts.models import Part
from records.models import Change
from records.write import engine
from webservices import endpoint
from webservices.endpoint import serve
from webservices.exchanges.store import body_text
from webservices.models import Exchange
from webservices.wire.credentials import SignedIn
from webservices.wire.dialects.rest.dialect import REST
from webservices.wire.json import read_json, write_json
from webservices.wire.messages import WireRequest

pytestmark = pytest.mark.django_db


@pytest.fixture
def rule_of_the_database():
    """A rule that only the database knows."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE parts_part ADD CONSTRAINT no_curses CHECK (notes NOT LIKE '%%cursed%%')")


@pytest.fixture
def attempts(monkeypatch):
    """Counts the attempts at a write."""
    begin, found = engine.begin, []

    def count():
        found.append(True)
        begin()

    monkeypatch.setattr(engine, "begin", count)
    return found


def write(ada, *records, verb="add", **options):
    body = write_json({"verb": verb, "records": records, **options}).encode()
    request = WireRequest("POST", "/api/v1/parts/batch/", body, {"content-type": "application/json"})
    return serve(REST, request, SignedIn(ada.pk))


def find_outcomes(response):
    return [(each["became"], each.get("problems", [])) for each in read_json(response.body)["outcomes"]]


RECORDS = ({"number": "A"}, {"number": "B", "notes": "cursed"}, {"number": "C", "price": {"USD": "1"}})


def test_needs_no_savepoint(ada, attempts):
    with CaptureQueriesContext(connection) as captured:
        response = write(ada, {"number": "A", "price": {"USD": "1"}})

    savepoints = [query for query in captured.captured_queries if "SAVEPOINT" in (query["sql"] or "")]
    assert response.status == 200
    assert len(savepoints) == 2  # the test's own transaction makes one of the call's
    assert len(attempts) == 1


def test_is_made_again_where_the_database_refuses_a_record(ada, rule_of_the_database, attempts):
    response = write(ada, *RECORDS)

    assert [status for status, _ in find_outcomes(response)] == ["created", "failed", "created"]
    assert sorted(Part.objects.values_list("number", flat=True)) == ["A", "C"]
    assert Change.objects.count() == 2
    assert len(attempts) == 2
    exchange = Exchange.objects.get()
    assert (exchange.created, exchange.failed) == (2, 1)
    assert body_text(exchange.response_body) == response.body.decode()


def test_means_the_same_with_savepoints_from_the_beginning(ada, rule_of_the_database, monkeypatch):
    answers = []
    for name in ("without_savepoints", None):
        if name is None:
            monkeypatch.setattr(endpoint, "without_savepoints", _with_savepoints)
        answers.append(find_outcomes(write(ada, *RECORDS)))
        Part.objects.all().delete()

    assert answers[0] == answers[1]


class _with_savepoints:
    def __enter__(self):
        return None

    def __exit__(self, *raised):
        return None


@pytest.mark.parametrize("options", [{"dry_run": True}, {"all_or_none": True}], ids=str)
def test_begins_with_savepoints_where_records_are_undone(ada, rule_of_the_database, attempts, options):
    write(ada, *RECORDS, **options)

    assert len(attempts) == 1
    assert not Part.objects.exists()
    assert Exchange.objects.get().records_in == 3


def test_is_not_made_again_after_an_outage(ada, attempts, monkeypatch):
    begin = engine.begin

    def cancel():
        begin()
        raise OperationalError("canceling statement due to statement timeout") from QueryCanceled()

    monkeypatch.setattr(engine, "begin", cancel)
    response = write(ada, {"number": "A"})

    assert response.status == 503
    assert len(attempts) == 1
    assert not Part.objects.exists()
    assert Exchange.objects.get().status == 503


def test_is_undone_and_not_made_again_after_an_error_of_our_own(ada, monkeypatch):
    store, times = engine.store, []

    def stumble(*arguments, **options):
        store(*arguments, **options)
        times.append(True)
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr(engine, "store", stumble)
    response = write(ada, {"number": "A"})

    assert response.status == 500
    assert len(times) == 1
    assert (Part.objects.count(), Change.objects.count()) == (0, 0)
    assert Exchange.objects.get().code == "unexpected"
