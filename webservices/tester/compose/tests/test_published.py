"""The Web Services Test page offers what the site publishes, under the names that an admin gave it."""

from html import unescape

import pytest
from django.contrib.auth.models import User

from customers.models import Customer
from webservices.models import Exchange, PublishedApi
from webservices.publishing import current_operations, for_site
from webservices.tests.test_publishing import publish
from webservices.wire.dialects.ecosys.dialect import ECOSYS, ECOSYS_REST_JSON, ECOSYS_REST_XML
from webservices.wire.reference.catalog import offers

PAGE = "/admin/webservices/test/"
WIRES = (ECOSYS, ECOSYS_REST_XML, ECOSYS_REST_JSON)
COLUMNS = [("CostObjectID", "number"), ("CostObjectName", "company"), ("Stamp", "changed_by", True)]
every_wire = pytest.mark.parametrize("dialect", WIRES, ids=lambda dialect: dialect.name)


@pytest.fixture
def ada(demo_world, db, client):
    client.force_login(User.objects.get(username="ada"))
    return client


def offered(dialect, name):
    """What the page offers of an API."""
    operations = current_operations()
    found = offers(for_site(dialect, operations.generation), "customers", operations)
    return [offer for offer in found if offer.context.api.name == name]


def generated(client, dialect, offer):
    """The form after Generate Input for a customer that exists."""
    chosen = {"version": dialect.name, "tab": "customers", "api": offer.name, "key-number": "ACME"}
    page = client.post(PAGE, {**chosen, "do": "generate"}).context["page"]
    return {**chosen, "url": page.url, "method": page.method, "input": page.text, "made-for": page.offer_name}


class TestOffers:
    @every_wire
    def test_every_operation_that_the_api_allows(self, db, dialect):
        publish(columns=COLUMNS, may_delete=False)

        offer = offered(dialect, "SampleObject")

        assert [each.operation.verb for each in offer] == ["find", "add", "update", "put"]
        assert len({each.label for each in offer}) == 4
        assert all("SampleObject" in each.label for each in offer)

    @every_wire
    def test_an_input_that_is_taken_as_it_is(self, ada, dialect):
        publish(columns=COLUMNS)

        for offer in offered(dialect, "SampleObject"):
            form = generated(ada, dialect, offer)
            answer = ada.post(PAGE, {**form, "do": "send"})
            exchange = Exchange.objects.first()

            assert answer.context["page"].problem == ""
            assert (exchange.status, exchange.failed, exchange.dialect) == (200, 0, dialect.name), form["input"]
            assert exchange.operation == offer.operation.name
            assert "SampleObject" in form["url"]
            assert "LastName" not in form["input"]

    @every_wire
    def test_an_input_with_the_names_and_rules_of_its_own_api(self, ada, dialect):
        own = [("Firma", "company"), ("Ort", "city", True), ("Land", "country"), ("CostObjectID", "number")]
        publish(columns=own, parameters=[("Region", "country", "=", True)])

        for offer in offered(dialect, "SampleObject"):
            form = generated(ada, dialect, offer)
            answer = ada.post(PAGE, {**form, "do": "send"})
            exchange, shown = Exchange.objects.first(), unescape(form["input"])

            assert answer.context["page"].problem == ""
            assert (exchange.status, exchange.failed) == (200, 0), form["input"]
            assert (exchange.created, bool(exchange.returned)) == (
                offer.operation.verb == "add", offer.operation.verb == "find",
            )  # fmt: skip
            assert "Region" in form["input"] + form["url"]
            if offer.operation.verb in ("add", "update", "put"):
                assert "optional: text, at most 100 characters" in shown[: shown.rindex("Firma")]
                assert "Ort, not sent here, is read only: text, at most" in shown
                assert "City" not in shown
                assert "Company" not in shown

    def test_an_event_that_is_taken_as_it_is(self, ada):
        publish("Validate", "customers", event="check", parameters=[("Kunde", "number", "=", True)])

        for dialect in WIRES:
            (offer,) = offered(dialect, "Validate")
            form = generated(ada, dialect, offer)
            chosen = ada.get(f"{PAGE}?version={dialect.name}&tab=customers&api={offer.name}").context["page"]
            assert "/Validate?" in chosen.contract
            ada.post(PAGE, {**form, "do": "send"})
            exchange = Exchange.objects.first()

            assert (exchange.status, exchange.operation, exchange.dialect) == (200, "customers.check", dialect.name)
            assert "ACME" in form["input"] + form["url"]
            assert "Checks what it finds against its rules, and changes nothing" in form["input"]
            page = ada.get(f"/docs/reference/{dialect.name}/customers/").content.decode()
            assert "Checks the customers that it is about against their rules" in page
            assert "Validate" in page

    def test_says_why_an_input_would_fail(self, ada):
        publish(columns=COLUMNS, filter=[("territory", "=", "Nowhere")])
        (update,) = [offer for offer in offered(ECOSYS, "SampleObject") if offer.operation.verb == "update"]

        shown = generated(ada, ECOSYS, update)["input"]

        assert "Sent as it is, it fails: Customer ACME is outside of what this call may see and write." in shown
        assert Customer.objects.get(number="ACME").version == 1

    @every_wire
    def test_nothing_of_an_api_that_is_published_no_more(self, ada, dialect):
        PublishedApi.objects.filter(name="Customer").delete()

        assert offered(dialect, "Customer") == []
        assert ada.get(f"{PAGE}?version={dialect.name}").status_code == 200

    def test_no_wire_that_has_nothing_to_offer(self, ada):
        PublishedApi.objects.all().delete()

        names = [version.name for version in ada.get(PAGE).context["page"].versions]

        assert "oracle-2.0" in names
        assert not {dialect.name for dialect in WIRES} & set(names)

    @every_wire
    def test_the_contract_of_what_is_published(self, ada, dialect):
        PublishedApi.objects.filter(name="Customer").delete()
        publish()

        page = ada.get(f"{PAGE}?version={dialect.name}&tab=customers").context["page"]

        assert "/SampleObject" in page.contract
        assert ada.get(page.contract).status_code == 200
