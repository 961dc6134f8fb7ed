"""Statements in a pipeline give their rows when they are fetched, and their errors before it is too late."""

import logging

import pytest
from django.db import IntegrityError, connection, transaction

from records import sql

pytestmark = pytest.mark.django_db


def test_what_is_sent_ahead_gives_its_rows_when_they_are_fetched():
    with sql.pipeline():
        first = sql.run("SELECT %s::int", [1])
        second = sql.run("SELECT %s::int", [2])

        assert second.fetchall() == [(2,)]
    assert first.fetchall() == [(1,)]


def send_what_is_refused(*, fetch):
    with transaction.atomic(), sql.pipeline():
        sql.run("INSERT INTO records_generation (id, number) VALUES (2, %s)", [1])
        following = sql.run("SELECT 1")
        if fetch:
            following.fetchall()


def test_an_error_comes_at_the_end_at_the_latest_and_the_connection_goes_on():
    with pytest.raises(IntegrityError) as refused:
        send_what_is_refused(fetch=False)

    assert refused.value.__cause__.sqlstate == "23514"
    assert sql.rows("SELECT 1") == [(1,)]
    assert not connection.connection.pgconn.pipeline_status


def test_an_error_that_is_noticed_inside_is_the_only_one_that_is_told(caplog):
    with caplog.at_level(logging.WARNING), pytest.raises(IntegrityError):
        send_what_is_refused(fetch=True)

    assert not caplog.records
    assert sql.rows("SELECT 1") == [(1,)]
