"""Exchanges of reads wait, and are stored in groups by a thread of their own."""

import threading
import time

import psycopg
import pytest
from django.contrib.auth.models import User
from django.db import connection

from records.tests.cast import NOW
from webservices import endpoint
from webservices.exchanges import queue, search, store
from webservices.exchanges.queue import COLUMNS, ExchangeQueue, QueueFull, build_row, count_bytes
from webservices.exchanges.store import body_text
from webservices.models import Exchange
from webservices.tests.test_endpoint import PARTS, envelope
from webservices.wire.dialects.oracle.dialect import ORACLE_2_0
from webservices.wire.messages import WireRequest

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

READ = "<getParts><Parts/></getParts>"


def row(number, **columns):
    """The row of a call, by a number."""
    given = {"call_id": f"{number:032x}", "at": NOW, "duration_ms": 1.5, "status": 200, "keys": ['P-1 "x"', "{,}\\"]}
    sizes = {"request_size": 1, "response_size": 1, "outcomes": [{"says": "a\tb\n\\N €"}], "request_body": b"\x00\\\n"}
    return build_row({**given, **sizes, **columns})


def list_call_ids():
    return [int(call_id, 16) for call_id in Exchange.objects.order_by("id").values_list("call_id", flat=True)]


@pytest.fixture
def waiting(settings, monkeypatch):
    """A queue of the test's own, whose rows wait as long as it says."""
    settings.EXCHANGE_DELAY_MS = 10_000
    made = ExchangeQueue()
    monkeypatch.setattr(store, "QUEUE", made)
    yield made
    made.close(20)


@pytest.fixture
def ada(stored_hash):
    return User.objects.create(username="ada", password=stored_hash("ada-ada!"), is_superuser=True)


class TestStores:
    def test_a_column_that_there_is_not_is_refused(self):
        with pytest.raises(TypeError, match="colour"):
            row(1, colour="red")

    def test_what_would_be_stored_at_once(self, waiting):
        exchange = row(1)
        queue.insert_row(exchange)
        waiting.put(row(2))
        waiting.close(20)

        one, two = Exchange.objects.order_by("id").values()

        assert {**one, "id": 0, "call_id": ""} == {**two, "id": 0, "call_id": ""}
        assert two["keys"] == ['P-1 "x"', "{,}\\"]
        assert two["outcomes"] == [{"says": "a\tb\n\\N €"}]

    def test_all_in_their_order_when_it_is_closed(self, waiting):
        for number in range(1200):
            waiting.put(row(number))

        waiting.close(20)

        assert list_call_ids() == [*range(1200)]

    def test_before_the_delay_is_over(self, waiting, settings):
        settings.EXCHANGE_DELAY_MS = 200

        waiting.put(row(1))

        assert wait_until(lambda: list_call_ids() == [1])

    def test_what_comes_after_its_end(self, waiting):
        waiting.close()
        waiting.put(row(1))

        assert list_call_ids() == [1]

    def test_the_others_of_a_group_when_the_database_refuses_one(self, waiting, caplog):
        for number in range(3):
            waiting.put(row(number, path="\x00" if number == 1 else "/p"))

        waiting.close(20)

        assert list_call_ids() == [0, 2]
        assert f"call {1:032x}: its exchange could not be kept" in caplog.text

    def test_none_twice_that_was_stored_when_the_connection_was_lost(self, waiting, monkeypatch):
        lost = []

        def copy_and_lose(statement, rows):
            real(statement, rows)
            if not lost:
                lost.append(connection.connection.info.backend_pid)
                connection.connection.close()
                queue.sql.run("SELECT 1")

        real = queue.sql.copy
        monkeypatch.setattr(queue.sql, "copy", copy_and_lose)
        waiting.put(row(1))
        waiting.put(row(2))

        waiting.close(20)

        assert lost
        assert list_call_ids() == [1, 2]


def wait_until(condition, seconds=20.0):
    until = time.monotonic() + seconds
    while not (holds := condition()) and time.monotonic() < until:
        time.sleep(0.01)
    return holds


class TestFull:
    """The table is locked by somebody, so that nothing can be stored."""

    @pytest.fixture
    def blocker(self):
        parameters = connection.get_connection_params()
        names = ("host", "port", "user", "password", "dbname")
        with psycopg.connect(**{name: parameters[name] for name in names if name in parameters}) as made:
            made.execute("LOCK TABLE webservices_exchange IN ACCESS EXCLUSIVE MODE")
            yield made

    def test_makes_callers_wait_and_drops_nothing(self, waiting, blocker, monkeypatch):
        monkeypatch.setattr(queue, "MOST_ROWS", 3)
        monkeypatch.setattr(queue, "GROUP_ROWS", 1)
        for number in range(3):
            waiting.put(row(number))
        late = threading.Thread(target=waiting.put, args=(row(3),))
        late.start()

        late.join(0.3)
        assert late.is_alive()
        blocker.rollback()
        late.join(20)
        waiting.close(20)

        assert list_call_ids() == [0, 1, 2, 3]

    def test_refuses_in_the_end(self, waiting, blocker, monkeypatch):
        monkeypatch.setattr(queue, "MOST_ROWS", 1)
        monkeypatch.setattr(queue, "PATIENCE", 0.05)
        waiting.put(row(0))

        with pytest.raises(QueueFull):
            waiting.put(row(1))

        blocker.rollback()
        waiting.close(20)
        assert list_call_ids() == [0]

    def test_by_bytes_too_but_takes_one_that_is_larger_than_all(self, waiting, blocker, monkeypatch):
        monkeypatch.setattr(queue, "MOST_BYTES", 1000)
        monkeypatch.setattr(queue, "PATIENCE", 0.05)
        waiting.put(row(0, response_body=b"x" * 5000))

        with pytest.raises(QueueFull):
            waiting.put(row(1))

        blocker.rollback()

    def test_fails_no_call(self, waiting, blocker, monkeypatch, caplog, ada):
        monkeypatch.setattr(queue, "MOST_ROWS", 1)
        monkeypatch.setattr(queue, "PATIENCE", 0.05)
        waiting.put(row(0))

        response = endpoint.serve(ORACLE_2_0, WireRequest("POST", PARTS, envelope(READ), peer="127.0.0.1"))

        assert response.status == 200
        assert f"call {response.headers['X-Call-Id']}: its exchange could not be kept" in caplog.text
        blocker.rollback()


class TestCalls:
    def serve(self, content):
        response = endpoint.serve(ORACLE_2_0, WireRequest("POST", PARTS, envelope(content), peer="127.0.0.1"))
        return response.headers["X-Call-Id"]

    def test_that_read_wait(self, waiting, ada):
        call_id = self.serve(READ)
        assert not Exchange.objects.exists()

        waiting.close(20)

        kept = Exchange.objects.get()
        assert (kept.call_id, kept.operation, kept.user_name) == (call_id, "parts.find", "ada")
        assert ">***</w:Password>" in body_text(kept.request_body)

    def test_that_write_do_not(self, waiting, ada):
        call_id = self.serve(
            "<addParts><Parts><each_record><part_number>A</part_number></each_record></Parts></addParts>"
        )

        assert Exchange.objects.get().call_id == call_id

    def test_of_pages_do_not(self, waiting, ada):
        request = WireRequest("POST", PARTS, envelope(READ), peer="127.0.0.1")

        completed = endpoint.serve_and_report(ORACLE_2_0, request)

        assert Exchange.objects.get().call_id == completed.call_id

    def test_hold_no_secret_while_they_wait(self, waiting, ada):
        self.serve(READ)
        self.serve("<frobnicate/>")

        held = "".join(map(repr, waiting.rows))
        bodies = (body for waiting_row in waiting.rows for body in waiting_row.row if isinstance(body, bytes))
        assert len(waiting.rows) == 2
        assert "ada-ada" not in held + "".join(body_text(body) for body in bodies)

    def test_are_looked_for_again_when_they_are_not_there_yet(self, waiting, ada, settings):
        settings.EXCHANGE_DELAY_MS = 200

        assert search.find_by_call_id(self.serve(READ)) is not None


def test_the_memory_of_a_row_is_counted_with_what_may_be_long():
    names = [column.name for column in COLUMNS]
    small = count_bytes(row(1))

    for name, value in {"request_body": b"x" * 9000, "keys": ["x" * 300] * 30, "outcomes": ["x" * 9000]}.items():
        assert name in names
        assert count_bytes(row(1, **{name: value})) > small + 8000
