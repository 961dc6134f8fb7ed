"""The connections of threads that wait beside the pool, as the database counts them."""

from contextlib import ExitStack

import pytest
from django.db import connection

from config.launch.thread_pool import ThreadPool


@pytest.fixture
def pool():
    pool = ThreadPool(2)
    yield pool
    pool.shutdown()


def backend():
    """The id of this thread's process at the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def test_who_waits_keeps_its_connection_while_few_wait(transactional_db, pool):
    before = backend()

    with pool.extra_thread():
        assert connection.connection is not None

    assert backend() == before


def test_who_waits_beside_many_gives_its_connection_back(transactional_db, pool):
    with ExitStack() as stack:
        for _ in range(pool.size):
            stack.enter_context(pool.extra_thread())
        backend()

        with pool.extra_thread():
            assert connection.connection is None


def test_who_waits_in_a_transaction_keeps_its_connection(db, pool):
    with ExitStack() as stack:
        for _ in range(pool.size + 1):
            stack.enter_context(pool.extra_thread())

        assert connection.connection is not None
