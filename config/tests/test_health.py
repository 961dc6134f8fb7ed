"""The addresses for whoever watches the process."""

import pytest
from django.db import connection

from config import health


@pytest.fixture(autouse=True)
def nothing_known():
    health._migrated.clear()


class TestAlive:
    def test_asks_no_database(self, client):
        answer = client.get("/healthz", headers={"host": "not-allowed.example"})

        assert (answer.status_code, answer.content) == (200, b"alive\n")


@pytest.mark.django_db
class TestReady:
    def test_when_the_database_is_migrated(self, client):
        answer = client.get("/readyz", headers={"host": "not-allowed.example"})

        assert (answer.status_code, answer.content) == (200, b"ready\n")

    def test_not_while_a_migration_is_missing(self, client):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")

        answer = client.get("/readyz")

        assert (answer.status_code, answer.content) == (503, b"The database is not migrated.\n")

    def test_asks_for_migrations_until_there_are_none_missing(self, client, django_assert_num_queries):
        client.get("/readyz")

        with django_assert_num_queries(1):
            client.get("/readyz")


@pytest.mark.django_db(transaction=True)
def test_is_not_ready_without_a_database(client, monkeypatch):
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")

    answer = client.get("/readyz")

    monkeypatch.undo()
    assert (answer.status_code, answer.content) == (503, b"The database is not reachable.\n")
