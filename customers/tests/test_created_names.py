"""Territories and customer types that calls create by naming them, where the site's CREATE_NAMED lists the tables."""

from threading import Barrier, Thread

import pytest
from django.core.checks import run_checks
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from customers.models import Customer, CustomerType, Territory
from customers.services import CUSTOMERS
from records.models import Change
from records.tests.cast import ADA, NOW

pytestmark = pytest.mark.django_db


def write(service, *records):
    return service(records=records, by=ADA, at=NOW)


def sentences(outcomes):
    return [problem.sentence() for outcome in outcomes for problem in outcome.problems]


@pytest.fixture
def created_names(settings):
    settings.CREATE_NAMED = ["territories", "customer_types"]


class TestAllowed:
    def test_are_created_once_for_a_batch_and_journaled(self, created_names):
        records = [{"number": f"N{n}", "territory": "North", "customer_type": "Reseller"} for n in range(5)]

        assert sentences(write(CUSTOMERS.add, *records)) == []

        north = Territory.objects.get()
        assert (north.name, north.version, north.created_by, north.created_at) == ("North", 1, "ada", NOW)
        assert {*Customer.objects.values_list("territory__name", "customer_type__name")} == {("North", "Reseller")}
        created = Change.objects.filter(resource__in=["territory", "customer_type"]).order_by("resource")
        assert [(each.key, each.version, each.result, each.fields, each.call_id) for each in created] == [
            ("Reseller", 1, "created", {"name": [None, "Reseller"]}, "call-1"),
            ("North", 1, "created", {"name": [None, "North"]}, "call-1"),
        ]

    @pytest.mark.parametrize("verb", ["put", "update"])
    def test_are_created_by_every_write(self, created_names, verb):
        write(CUSTOMERS.add, {"number": "A"})

        assert sentences(write(getattr(CUSTOMERS, verb), {"number": "A", "territory": "North"})) == []
        assert Territory.objects.get().name == "North"

    def test_of_records_that_fail_are_not_left_behind(self, created_names):
        bad = {"number": "A", "territory": "North", "country": "XX"}
        unknown = {"number": "B", "territory": "South"}

        assert len(sentences([*write(CUSTOMERS.add, bad), *write(CUSTOMERS.update, unknown)])) == 2
        assert not Territory.objects.exists()
        assert not Change.objects.exists()

    def test_are_left_where_another_record_of_the_call_succeeds(self, created_names):
        bad, good = {"number": "A", "territory": "North", "country": "XX"}, {"number": "B", "territory": "North"}

        assert [outcome.failed for outcome in write(CUSTOMERS.add, bad, good)] == [True, False]
        assert Customer.objects.get().territory.name == "North"

    def test_keep_to_the_limits_of_their_names(self, created_names):
        sentence = "customer_type may have at most 10 characters; this has 11."
        assert sentences(write(CUSTOMERS.add, {"number": "A", "customer_type": "Distributor"})) == [sentence]

    def test_are_not_created_by_a_search_or_a_removal(self, created_names):
        write(CUSTOMERS.remove, {"number": "A", "territory": "North"})

        assert not Territory.objects.exists()

    def test_cost_two_statements_for_a_table(self, created_names):
        def count(prefix, **fields):
            records = [{"number": f"{prefix}{n}", **fields} for n in range(30)]
            with CaptureQueriesContext(connection) as found:
                assert sentences(write(CUSTOMERS.add, *records)) == []
            return len(found)

        write(CUSTOMERS.add, {"number": "first", "territory": "Known"})

        assert count("a", territory="New") == count("b", territory="Known") + 2


class TestNotAllowed:
    def test_is_refused_and_named(self, settings):
        settings.CREATE_NAMED = ["territories"]

        outcomes = write(CUSTOMERS.add, {"number": "A", "customer_type": "Reseller", "territory": "North"})

        assert sentences(outcomes) == ["customer_type names no customer type: 'Reseller' is not known."]
        assert not Territory.objects.exists()
        assert not CustomerType.objects.filter(name="Reseller").exists()

    def test_tables_are_found_by_a_check(self, settings):
        settings.CREATE_NAMED = ["territories", "countries"]

        (error,) = [each for each in run_checks() if each.id == "webservices.E016"]

        assert (
            error.msg == "The setting CREATE_NAMED names 'countries'; calls may create customer_types and territories."
        )


@pytest.mark.django_db(transaction=True)
def test_two_calls_that_create_the_same_names_at_once_both_succeed(created_names):
    barrier, refusals = Barrier(2), []

    def add(caller: str) -> None:
        try:
            for n in range(20):
                records = [{"number": f"{caller}{n}-{each}", "territory": f"T{n}-{each}"} for each in (1, 2, 3)]
                barrier.wait(timeout=60)
                with transaction.atomic():
                    mine = records if caller == "A" else reversed(records)
                    refusals.extend(sentences(write(CUSTOMERS.add, *mine)))
        finally:
            connection.close()

    threads = [Thread(target=add, args=(caller,)) for caller in "AB"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)

    assert refusals == []
    assert (Territory.objects.count(), Customer.objects.count()) == (60, 120)
    assert Change.objects.filter(resource="territory").count() == 60
