"""Outages of the database, as callers of every wire and people on pages meet them: come back, in so many seconds."""

import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import psycopg
import pytest
from django.db import InterfaceError, OperationalError, connection, transaction
from django.test import Client

from customers.services import CUSTOMERS
from parts.models import Part
from parts.tests.catalogue import made
from records import sql, timeouts
from records.retry import UNAVAILABLE, find_outage
from records.tests.cast import BOB, NOW, table
from records.timeouts import Work
from webservices import endpoint
from webservices.declarations import OPERATIONS
from webservices.models import Exchange
from webservices.publishing import dialect_settings
from webservices.tests.test_endpoint import envelope, post
from webservices.tests.test_idempotency import stored_record
from webservices.wire.credentials import Password
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.dialects.sap.dialect import SAP
from webservices.wire.messages import Call, Failure
from webservices.wire.operations import Verb

ADA = Password("ada", "ada-ada!")
BASIC = {"HTTP_AUTHORIZATION": "Basic YWRhOmFkYS1hZGEh"}
OUTAGES = {"55P03": ("lock-timeout", 1), "57014": ("statement-timeout", 5), "53100": ("disk-full", 60)}


@pytest.fixture(autouse=True)
def expect_no_lock():
    """No test of other modules waits less because of those here."""
    yield
    timeouts.lock_watch.expected_until = 0.0


def refuse_changes(state: str) -> None:
    """Have the database fail with this SQLSTATE whenever a customer is changed."""
    with connection.cursor() as cursor:
        cursor.execute(f"""
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$;
            CREATE TRIGGER refuse BEFORE UPDATE ON customers_customer FOR EACH ROW EXECUTE FUNCTION refuse()
        """)


def list_requests():
    """The first operation of each wire, in its first context."""
    for dialect in DIALECTS:
        spoken = dialect.for_site(dialect_settings(dialect))
        operation = next(each for each in OPERATIONS if spoken.contexts(each))
        context = spoken.contexts(operation)[0]
        call = Call(operation, [], credentials=spoken.credentials(operation, ADA))
        yield dialect, operation, context, spoken.build_request(call, context)


@pytest.fixture
def person(ada):
    """The client of ada, who has signed in to the pages."""
    client = Client(raise_request_exception=False)
    client.force_login(ada)
    return client


@contextmanager
def another_connection():
    """A connection of somebody else's to the same database."""
    place = connection.settings_dict
    with psycopg.connect(host=place["HOST"], user=place["USER"], dbname=place["NAME"]) as other:
        yield other


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
@pytest.mark.parametrize("state", OUTAGES)
def test_every_wire_says_to_come_back(dialect, state, ada, caplog):
    customer = {"number": "C-1", "external_id": "E-1", "last_name": "A", "company": "A", "country": "DE"}
    assert not CUSTOMERS.add(records=[customer], by=BOB, at=NOW)[0].failed
    spoken = dialect.for_site(dialect_settings(dialect))
    operation = OPERATIONS.get("customers", Verb.UPDATE) or OPERATIONS.get("customers", Verb.PUT)
    contexts = [*spoken.contexts(operation)]
    if not contexts:
        pytest.skip("It changes no customer.")
    live = stored_record(operation, ada)
    record = {name: live[name] for name in spoken.skeleton_hints(operation, contexts[0]).key} | {"last_name": "Changed"}
    call = Call(operation, [record], credentials=spoken.credentials(operation, ADA))
    request = spoken.build_request(call, contexts[0])
    refuse_changes(state)

    response = endpoint.serve(dialect, request, ADA)

    code, seconds = OUTAGES[state]
    # A fault of SOAP is a 500, which alone generated clients read, and SAP's Result a 200.
    assert response.status in ((200, 500) if b"nvelope" in response.body else (503,)), response.body
    assert response.headers["Retry-After"] == str(seconds)
    assert b"othing was kept" in response.body
    assert Exchange.objects.get(call_id=response.headers["X-Call-Id"]).code == code
    lines = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(lines) == 1
    assert "\n" not in lines[0].getMessage()


class TestLost:
    """The connection is lost in the commit, and the database does not say what became of it."""

    @pytest.fixture(autouse=True)
    def lose(self, ada, monkeypatch):
        class Lost(endpoint.Transaction):
            def __exit__(self, *raised):
                super().__exit__(*raised)
                raise OperationalError("server closed the connection unexpectedly")

        monkeypatch.setattr(endpoint, "Transaction", Lost)
        monkeypatch.setattr(endpoint, "is_stored", lambda call_id: False)

    @pytest.mark.parametrize(
        "options, sentence",
        table(
            {
                "with a key": ({"HTTP_IDEMPOTENCY_KEY": "K-1"}, "the same Idempotency-Key, 'K-1': it is"),
                "without": ({}, "it is not known if it was. Look first;"),
                "a dry run": ({"HTTP_X_DRY_RUN": "true"}, "Nothing was kept; send it again."),
            }
        ),
    )
    def test_is_told_as_what_it_is(self, options, sentence):
        response = post(envelope(), **options)

        assert (response.status_code, response["Retry-After"]) == (500, "5")
        assert sentence in response.content.decode()

    def test_a_refusal_stays_one(self, bob):
        response = post(envelope(user="bob", word="bob-bob!"))

        assert (response.status_code, response.has_header("Retry-After")) == (500, False)
        assert b"not known" not in response.content


@pytest.mark.django_db(transaction=True)
class TestLock:
    """Somebody has locked the table of the parts, and does not come back."""

    @pytest.fixture(autouse=True)
    def lock(self, ada, settings):
        self.part = made({"number": "P-1"})
        settings.CALL_LOCK_SECONDS = settings.PAGE_LOCK_SECONDS = 0.2
        with another_connection() as other:
            other.execute("LOCK TABLE parts_part IN ACCESS EXCLUSIVE MODE")
            yield
            other.rollback()

    def test_callers_and_people_are_told_to_come_back(self, person, caplog):
        client = person
        read = client.get("/api/v1/parts/P-1", **BASIC)
        write = client.patch("/api/v1/parts/P-1", {"notes": "x"}, content_type="application/json", **BASIC)
        page = client.get("/admin/parts/part/", headers={"accept": "text/html"})
        others = client.get("/api/v1/customers/", **BASIC)

        assert [(each.status_code, each["Retry-After"]) for each in (read, write, page)] == [(503, "1")] * 3
        assert read.json()["code"] == write.json()["code"] == "lock-timeout"
        assert b"Somebody else has locked" in page.content
        assert others.status_code == 200
        told = [record for record in caplog.records if "lock timeout" in record.getMessage()]
        assert [record.getMessage().count("\n") for record in told] == [0, 0, 0]

    def test_who_comes_after_one_that_waited_in_vain_waits_less(self, client, settings):
        settings.CALL_LOCK_SECONDS = 1

        def lock_timeout() -> str:
            timeouts.switch(Work.CALL)
            return sql.rows("SHOW lock_timeout")[0][0]

        assert lock_timeout() == "1s"
        assert client.get("/api/v1/parts/P-1", **BASIC).status_code == 503
        assert lock_timeout() == "200ms"
        timeouts.lock_watch.expected_until = 0.0  # it has not happened for a while
        assert lock_timeout() == "1s"


class TestLimits:
    def limits(self) -> tuple:
        return sql.rows("SELECT current_setting('statement_timeout'), current_setting('lock_timeout')")[0]

    @pytest.mark.django_db(transaction=True)
    def test_are_those_of_the_work_and_told_when_they_change_alone(self, monkeypatch):
        told, send = [], timeouts._send
        monkeypatch.setattr(timeouts, "_send", lambda *args, **names: (told.append(1), send(*args, **names)))
        connection.close()
        timeouts.switch(Work.CALL)
        assert (self.limits(), len(told)) == (("1min", "5s"), 1), "it opens"
        timeouts.switch(Work.PAGE)  # whose limits are the same
        timeouts.switch(Work.CALL)
        assert (self.limits(), len(told)) == (("1min", "5s"), 1)
        timeouts.switch(Work.JOB)
        assert (self.limits(), len(told)) == (("10min", "1min"), 2)
        with endpoint.Transaction():
            timeouts.switch(Work.MIGRATION)
            assert self.limits() == ("1h", "30s")
            transaction.set_rollback(True)
        timeouts.switch(Work.MIGRATION)
        assert self.limits() == ("1h", "30s"), "the transaction has taken what it was told along"

    def test_of_what_the_test_page_sends_are_those_of_a_call(self, db, settings):
        settings.PAGE_LOCK_SECONDS = 7
        timeouts.switch(Work.PAGE)
        with timeouts.during(Work.CALL):
            assert self.limits()[1] == "5s"
        assert self.limits()[1] == "7s"

    def test_of_a_statement_end_it(self, db, settings):
        settings.CALL_STATEMENT_SECONDS = 0.1
        timeouts.switch(Work.CALL)

        with pytest.raises(OperationalError) as raised, transaction.atomic():
            sql.rows("SELECT pg_sleep(5)")

        assert find_outage(raised.value).code == "statement-timeout"


@pytest.mark.django_db(transaction=True)
class TestNoConnection:
    @pytest.fixture
    def unreachable(self, person, monkeypatch):
        connection.close()
        monkeypatch.setitem(connection.settings_dict, "PORT", "1")
        yield
        connection.close()

    def test_to_a_database_that_is_down(self, unreachable, person, caplog):
        client = person
        call, soap = client.get("/api/v1/parts/", **BASIC), post(envelope())
        page = client.get("/admin/", headers={"accept": "text/html"})
        text = client.get("/v2_0/receiver/parts?wsdl", headers={"accept": "*/*"})

        assert [each.status_code for each in (call, soap, page, text)] == [503, 500, 503, 503]
        assert {each["Retry-After"] for each in (call, soap, page, text)} == {"5"}
        assert call.json()["code"] == "database-unavailable"
        assert b"cannot be reached at the moment" in soap.content
        assert text["Content-Type"].startswith("text/plain")
        assert not any("Traceback" in (record.exc_text or "") for record in caplog.records)

    def test_every_wire_says_so_in_its_own_form(self, person, monkeypatch, caplog):
        """Also where the wire asks the database how to read a request."""
        requests = [*list_requests()]
        connection.close()
        monkeypatch.setitem(connection.settings_dict, "PORT", "1")

        for dialect, operation, context, request in requests:
            given = endpoint.serve(dialect, request, ADA)
            if dialect is SAP:
                context = replace(context, function=None)  # a Result answers a function, which could not be read
            like = dialect.write(Failure((UNAVAILABLE,), operation, given.headers["X-Call-Id"], 5, NOW), context)
            assert (given.status, given.content_type) == (like.status, like.content_type), dialect.name
            assert given.headers["Retry-After"] == "5", dialect.name
            assert b"cannot be reached at the moment" in given.body, dialect.name
        assert not [record for record in caplog.records if record.levelno >= logging.ERROR]

    def test_left_for_one_more(self, ada, client):
        """The database takes no more connections, as it says when one is opened."""
        name = connection.settings_dict["NAME"]
        with another_connection() as other, ThreadPoolExecutor(1) as pool:
            other.execute(f'ALTER DATABASE "{name}" CONNECTION LIMIT 1')
            other.commit()
            try:
                answer = pool.submit(lambda: Client().get("/api/v1/parts/", **BASIC)).result()
            finally:
                other.execute(f'ALTER DATABASE "{name}" CONNECTION LIMIT -1')
                other.commit()

        assert (answer.status_code, answer["Retry-After"]) == (503, "5")
        assert answer.json()["code"] == "database-unavailable"

    def test_a_call_whose_connection_was_ended_before_it_is_answered_all_the_same(self, ada, client):
        client.get("/api/v1/parts/", **BASIC)
        with another_connection() as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])

            assert client.get("/api/v1/parts/", **BASIC).status_code == 200

    def test_in_the_middle_of_a_write(self, ada, client, monkeypatch):
        """Before its commit it is known that nothing is kept."""
        mask_call = endpoint.mask_call

        def end_connection(call):
            with another_connection() as other:
                other.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])
            monkeypatch.setattr(endpoint, "mask_call", mask_call)
            return mask_call(call)

        monkeypatch.setattr(endpoint, "mask_call", end_connection)
        answer = client.put("/api/v1/parts/P-1", {}, content_type="application/json", **BASIC)

        assert (answer.status_code, answer["Retry-After"], answer.json()["code"]) == (503, "5", "database-lost")
        assert "Nothing was kept; send it again." in answer.json()["detail"]
        assert not Part.objects.exists()


@pytest.mark.parametrize(
    "error, code",
    table(
        {
            "noticed by the driver": (OperationalError("gone"), "database-lost"),
            "closed before": (InterfaceError("the connection is closed"), "database-lost"),
            "no disk of the database's": (ZeroDivisionError(), None),
        }
    ),
)
def test_errors_without_a_state(error, code):
    problem = find_outage(error)

    assert (problem.code if problem else None) == code
