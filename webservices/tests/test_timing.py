"""How long a call takes, as it is measured."""

import time

import pytest
from django.db import connection

from webservices import endpoint
from webservices.tests.test_endpoint import PARTS, envelope
from webservices.timing import Stopwatch, Transaction
from webservices.wire.credentials import SignedIn
from webservices.wire.dialects.oracle.dialect import ORACLE_2_0, Oracle20
from webservices.wire.messages import Answer, WireRequest


def slept(seconds: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s)", [seconds])


@pytest.mark.django_db
class TestStopwatch:
    def test_tells_waiting_from_working_and_from_the_database(self):
        with Stopwatch() as watch:
            time.sleep(0.05)
            slept(0.05)
            timing = watch.timing()

        assert 0.1 <= timing.elapsed < 5
        assert 0.05 <= timing.database < timing.elapsed - 0.04
        assert timing.cpu < timing.elapsed - 0.09

    def test_counts_work_as_time_of_the_processor(self):
        watch = Stopwatch()
        sum(range(2_000_000))

        assert 0.005 < watch.timing().cpu <= watch.elapsed + 0.01

    def test_counts_statements_only_while_it_is_entered(self):
        with Stopwatch() as watch:
            pass
        slept(0.02)

        assert watch.database == 0

    def test_counts_a_statement_that_fails(self):
        with Stopwatch() as watch, pytest.raises(Exception, match="division"), Transaction():
            connection.cursor().execute("SELECT pg_sleep(0.02); SELECT 1 / 0")

        assert watch.database >= 0.02


@pytest.mark.django_db(transaction=True)
def test_the_end_of_a_transaction_is_time_in_the_database_and_counted_once():
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE late (id int);"
            "CREATE FUNCTION pg_temp.wait() RETURNS trigger LANGUAGE plpgsql AS"
            " $$BEGIN PERFORM pg_sleep(0.1); RETURN NULL; END$$;"
            "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON late DEFERRABLE INITIALLY DEFERRED"
            " FOR EACH ROW EXECUTE FUNCTION pg_temp.wait()"
        )
    with Stopwatch() as watch, Transaction():
        connection.cursor().execute("INSERT INTO late VALUES (1)")
        before = watch.database

    assert before < 0.1
    assert 0.1 <= watch.database <= watch.elapsed


class TestOfACall:
    def test_is_in_its_answer(self, ada):
        seen = []

        class Watched(Oracle20):
            def write(self, answer, context):
                seen.append(answer)
                return super().write(answer, context)

        endpoint.serve(Watched(), WireRequest("POST", PARTS, envelope()), SignedIn(ada.pk))

        (answer,) = seen
        assert isinstance(answer, Answer)
        assert 0 < answer.timing.database < answer.timing.elapsed
        assert answer.timing.cpu > 0

    def test_leaves_nothing_on_the_connection(self, ada):
        endpoint.serve(ORACLE_2_0, WireRequest("POST", PARTS, b"<a/>"))

        assert connection.execute_wrappers == []
