"""Reads go to the replica while that is there and not too old, and to the first database otherwise."""

import logging

import pytest
from django.db import OperationalError, ProgrammingError, connections, transaction

from parts.models import Part
from parts.services import PARTS
from parts.tests.catalogue import made
from records import replica, sql, timeouts
from records.find import Search
from records.tests.cast import NOW, table

NULL = "SELECT NULL::bigint"
START = "SELECT 0::bigint"


class Clock:
    """A clock that moves when it is told to."""

    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock(replica_database, monkeypatch):
    clock = Clock()
    monkeypatch.setattr(replica, "REPLICA", replica.Replica(clock))
    return clock


@pytest.fixture
def rows(replica_database):
    """PUMP-100 in the first database, two other parts in the replica."""
    made({"number": "PUMP-100"})
    there = [Part(number=number, created_at=NOW, changed_at=NOW) for number in ("THERE-1", "THERE-2")]
    Part.objects.using(replica_database).bulk_create(there)


def find(**named):
    return replica.read(lambda: PARTS.find(search=Search(), **named)).records


def numbers(records=None):
    return [record["number"] for record in (find() if records is None else records)]


def find_database():
    """The name of the database that reads go to."""
    return replica.read(lambda: sql.rows("SELECT current_database()"))[0][0].partition("_")[0]


def test_reads_go_to_the_replica(rows):
    assert numbers() == ["THERE-1", "THERE-2"]


def test_a_stream_is_taken_from_where_it_began(rows):
    stream = find(page_size=1)

    assert len(stream) == 2
    assert numbers(stream) == ["THERE-1", "THERE-2"]


def test_a_transaction_reads_what_it_has_written(rows):
    with transaction.atomic():
        assert numbers() == ["PUMP-100"]


def test_without_a_replica_nothing_more_is_sent(transactional_db, django_assert_num_queries):
    made({"number": "PUMP-100"})

    with django_assert_num_queries(1):
        assert numbers() == ["PUMP-100"]


def test_how_far_it_is_is_asked_once_a_second(clock, django_assert_num_queries):
    find_database()

    with django_assert_num_queries(0):
        assert find_database() == "replica"
    clock.now += replica.CHECK_SECONDS
    with django_assert_num_queries(1):
        assert find_database() == "replica"


NOT_USED = {
    "it lags": (START, "it lags"),
    "it does not say how far it is, as no replica does": (NULL, "it is no replica"),
    "it cannot say how far it is": ("SELECT 1/0", ""),
}


@pytest.mark.parametrize("replayed, reason", table(NOT_USED))
def test_the_first_database_is_asked_when(clock, monkeypatch, caplog, replayed, reason):
    monkeypatch.setattr(replica, "REPLAYED", replayed)

    with caplog.at_level(logging.WARNING):
        assert [find_database(), find_database()] == ["test", "test"]

    assert [record.getMessage() for record in caplog.records] == (
        [f"Calls that only read go to the primary, not to the replica: {reason}."] if reason else []
    )


def test_it_may_be_as_old_as_the_site_allows(clock, monkeypatch, settings, caplog):
    settings.DATABASE_REPLICA_LAG_SECONDS = 3
    assert find_database() == "replica"
    monkeypatch.setattr(replica, "REPLAYED", START)

    clock.now += 2.9
    in_time = find_database()
    clock.now += 1.1
    late = find_database()
    monkeypatch.setattr(replica, "REPLAYED", replica.WRITTEN)
    clock.now += 1
    caught_up = find_database()

    assert (in_time, late, caught_up) == ("replica", "test", "replica")
    assert [record.getMessage().partition(" replica")[2] for record in caplog.records] == [": it lags.", " again."]


def test_one_that_follows_from_afar_is_as_old_as_what_it_has_passed(clock, monkeypatch, settings):
    settings.DATABASE_REPLICA_LAG_SECONDS = 3
    monkeypatch.setattr(replica, "WRITTEN", "SELECT 100::bigint")
    monkeypatch.setattr(replica, "REPLAYED", "SELECT 99::bigint")
    assert find_database() == "test"

    # Two seconds later it has passed what was written then, but not what is written now.
    clock.now += 2
    monkeypatch.setattr(replica, "WRITTEN", "SELECT 200::bigint")
    monkeypatch.setattr(replica, "REPLAYED", "SELECT 150::bigint")
    two_seconds_behind = find_database()
    clock.now += 2
    four_seconds_behind = find_database()

    assert (two_seconds_behind, four_seconds_behind) == ("replica", "test")


def test_one_that_cannot_be_reached_is_left_alone_for_a_while(clock, caplog):
    wrapper = connections[replica.ALIAS]
    there, wrapper.settings_dict = wrapper.settings_dict, wrapper.settings_dict | {"NAME": "nowhere"}

    assert [find_database(), find_database()] == ["test", "test"]
    wrapper.settings_dict = there
    clock.now += replica.PAUSE_SECONDS - 0.1
    assert find_database() == "test"
    clock.now += 0.1
    assert find_database() == "replica"

    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]


def test_one_that_is_lost_in_the_middle_costs_no_call(rows):
    assert numbers() == ["THERE-1", "THERE-2"]
    with sql.using(replica.ALIAS):
        (lost,) = sql.rows("SELECT pg_backend_pid()")[0]

    def lose_it():
        if sql.get_alias() == replica.ALIAS:
            sql.rows("SELECT pg_terminate_backend(pg_backend_pid())")
        return PARTS.find(search=Search())

    assert numbers(replica.read(lose_it).records) == ["PUMP-100"]
    with sql.using(replica.ALIAS):
        assert sql.rows("SELECT pg_backend_pid()") != [(lost,)]


def test_what_it_refuses_is_asked_of_the_first_database(rows):
    with sql.using(replica.ALIAS):
        sql.run("ALTER TABLE parts_part RENAME TO parts_part_of_tomorrow")

    assert numbers() == ["PUMP-100"]


def test_what_both_refuse_is_an_error(replica_database):
    with pytest.raises(ProgrammingError, match="no_such_table"):
        replica.read(lambda: sql.rows("SELECT * FROM no_such_table"))


def test_what_takes_too_long_there_is_not_begun_again(replica_database, settings):
    settings.CALL_STATEMENT_SECONDS = 0.2
    begun = []

    def take_long():
        begun.append(sql.get_alias())
        sql.rows("SELECT pg_sleep(30)")

    with timeouts.during(timeouts.Work.CALL), pytest.raises(OperationalError):
        replica.read(take_long)

    assert begun == [replica.ALIAS]


def test_its_connection_has_the_limits_of_the_work(replica_database, settings):
    settings.CALL_STATEMENT_SECONDS, settings.PAGE_STATEMENT_SECONDS = 7, 9

    def find_limit():
        return replica.read(lambda: sql.rows("SHOW statement_timeout"))[0][0]

    with timeouts.during(timeouts.Work.CALL):
        call = find_limit()
    with timeouts.during(timeouts.Work.PAGE):
        page = find_limit()

    assert (call, page) == ("7s", "9s")
