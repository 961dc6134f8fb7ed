"""What a site publishes, from its rows into a dialect's terms."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from records.models import CustomField
from records.shapes.criteria import Comparator, Criterion
from records.tests.cast import table
from webservices.models import PublishedApi, PublishedColumn, PublishedParameter
from webservices.publishing import dialect_settings, published_apis
from webservices.wire.dialects.ecosys.dialect import ECOSYS, EcoSysSoap
from webservices.wire.dialects.ecosys.published import DEFAULT_APIS, Column, EcoSysSettings, Parameter
from webservices.wire.dialects.oracle.dialect import ORACLE_2_0

pytestmark = pytest.mark.django_db
EQUAL, IN = Comparator.EQUAL, Comparator.IN


def publish(
    name="SampleObject", resource="customers", columns=(), filter=(), parameters=(), **switches
) -> PublishedApi:
    """An API as an admin publishes it: columns (id, field[, read-only]), filter, parameters."""
    api = PublishedApi.objects.create(name=name, resource=resource, **switches)
    for position, (id, field, *read_only) in enumerate(columns):
        api.columns.create(position=position, name=id, field=field, read_only=any(read_only))
    for field, comparator, value in filter:
        api.filter.create(field=field, comparator=comparator, value=value)
    for position, (id, field, comparator, required) in enumerate(parameters):
        api.parameters.create(position=position, name=id, field=field, comparator=comparator, required=required)
    return api


def the(name="SampleObject"):
    """The API of this name, as a dialect gets it."""
    return next((api for api in published_apis() if api.name == name), None)


class TestAtFirst:
    def test_five_are_published(self):
        assert set(published_apis()) == set(DEFAULT_APIS)


class TestPublished:
    def test_is_what_the_rows_say(self):
        publish(
            columns=[("CostObjectName", "company"), ("CostObjectID", "number", True)],
            filter=[("territory", "=", "North"), ("customer_type", "IN", "dealer, maker")],
            parameters=[("state", "state", "LIKE", True), ("filter", "territory", "=", False)],
            may_delete=False,
        )

        api = the()

        assert api.plural == "customers"
        assert api.columns == (Column("CostObjectName", "company"), Column("CostObjectID", "number", True))
        assert api.filter == (
            Criterion(("territory",), EQUAL, ("North",)),
            Criterion(("customer_type",), IN, ("dealer", "maker")),
        )
        assert api.parameters == (
            Parameter("state", "state", Comparator.LIKE, True),
            Parameter("filter", "territory", EQUAL, False),
        )
        assert (api.may_read, api.may_update, api.may_insert, api.may_delete) == (True, True, True, False)

    def test_names_an_entry_of_a_map(self):
        publish(resource="parts", filter=[("price.USD", "<", "10")])

        assert the().filter[0].path == ("price", "USD")

    @pytest.mark.parametrize(
        "change",
        table(
            {
                "a new API": lambda api: publish("Other"),
                "another name": lambda api: PublishedApi.objects.filter(pk=api.pk).update(name="Renamed"),
                "a switch": lambda api: PublishedApi.objects.filter(pk=api.pk).update(may_read=False),
                "a column": lambda api: api.columns.create(name="Company", field="company"),
                "a column of another id": lambda api: api.columns.update(name="Number"),
                "no filter any more": lambda api: api.filter.all().delete(),
                "a parameter": lambda api: api.parameters.create(name="state", field="state"),
                "nothing left": lambda api: api.delete(),
            }
        ),
    )
    def test_is_seen_at_once(self, change):
        api = publish(columns=[("CostObjectID", "number")], filter=[("state", "=", "IN")])
        before = published_apis()

        change(api)

        assert published_apis() != before

    def test_leaves_out_a_column_whose_custom_field_is_gone(self):
        tier = CustomField.objects.create(resource="customer", name="tier", label="Tier")
        publish(columns=[("CostObjectID", "number"), ("Tier", "custom_tier")])
        assert [column.id for column in the().columns] == ["CostObjectID", "Tier"]

        tier.delete()

        assert [column.id for column in the().columns] == ["CostObjectID"]

    @pytest.mark.parametrize(
        "parts",
        table(
            {
                "its filter": {"filter": [("custom_tier", "=", "gold")]},
                "a parameter": {"parameters": [("tier", "custom_tier", "=", True)]},
                "every column": {"columns": [("Tier", "custom_tier")]},
                "its records": {"resource": "ships"},
            }
        ),
    )
    def test_is_not_there_when_it_would_show_more_than_was_meant(self, parts):
        publish(**parts)

        assert the() is None
        assert len(published_apis()) == len(DEFAULT_APIS)


class TestTerms:
    def test_hold_what_is_published(self):
        publish()

        given = dialect_settings(EcoSysSoap(EcoSysSettings(longest_page=7)))

        assert given == EcoSysSettings(apis=published_apis(), longest_page=7)

    def test_cost_one_statement(self, django_assert_num_queries):
        published_apis()

        with django_assert_num_queries(1):
            dialect_settings(ECOSYS)

    def test_of_other_dialects_cost_none(self, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert dialect_settings(ORACLE_2_0) is ORACLE_2_0.settings

    def test_are_read_with_few_statements_however_much_is_published(self, django_assert_num_queries):
        for number in range(20):
            publish(f"Api{number}", columns=[("CostObjectID", "number"), ("Company", "company")])
        CustomField.objects.create(resource="customer", name="tier", label="Tier")

        with django_assert_num_queries(10):  # the generation, twice; two of definitions; two of codes; four tables
            assert len(published_apis()) == 25


NAMES = {
    "a letter": ("a", True),
    "letters, digits, marks": ("Cost-Object_2.v1", True),
    "a digit first": ("2Cost", False),
    "two dots": ("Cost..Object", False),
    "a space": ("Cost Object", False),
    "a newline": ("Cost\n", False),
    "nothing": ("", False),
    "an umlaut": ("Köste", False),
}


class TestTheDatabaseRefuses:
    @pytest.mark.parametrize("name, fine", table(NAMES))
    def test_names_of_another_form(self, name, fine):
        if fine:
            assert publish(name)
        else:
            with pytest.raises(IntegrityError, match="is_name"), transaction.atomic():
                publish(name)

    def test_the_same_name_twice_but_not_in_another_case(self):
        publish("Cost")
        publish("COST")

        with pytest.raises(IntegrityError, match="publishedapi_name"), transaction.atomic():
            publish("Cost")

    @pytest.mark.parametrize("model", [PublishedColumn, PublishedParameter])
    def test_ids_that_are_no_names_of_elements_or_come_twice(self, model):
        api = publish()
        model.objects.create(api=api, name="Cost", field="number")

        for name in ("Cost", "1st", "a b", "<a>", ""):
            with pytest.raises(IntegrityError), transaction.atomic():
                model.objects.create(api=api, name=name, field="number")


def test_whoever_deletes_one_of_the_first_keeps_it_deleted():
    PublishedApi.objects.get(name="Part").delete()

    call_command("migrate", verbosity=0)

    assert the("Part") is None
