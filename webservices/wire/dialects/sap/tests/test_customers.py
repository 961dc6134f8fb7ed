"""Searches of customers and changes of their fields, over HTTP and in the database."""

import pytest
from django.contrib.auth.models import User

from customers.models import Customer, Territory
from records.models import CustomField
from records.tests.cast import table
from webservices.wire.dialects.sap.tests.calls import (
    Result,
    add,
    administration,
    custom,
    customer,
    named,
    post,
    result,
    root,
    search,
)
from webservices.wire.xml.writing import escape

HIT = "hit"


@pytest.fixture(autouse=True)
def _site(ada, bob):
    CustomField.objects.create(resource="customer", name="tier", label="Tier")
    people = [
        ("A", {"external_id": "C-1", "crm_account_id": "X", "city": "Bern", "custom_tier": "Gold"}),
        ("B", {"external_id": "C-2", "crm_account_id": "X", "city": "Basel", "custom_tier": "Tin"}),
        ("C", {"external_id": "C-2", "crm_account_id": "Y", "city": "Bern", "country": "CHE", "owner": "ada"}),
        ("D", {"owner": "bob"}),
        ("E", {"owner": "bob"}),
    ]
    add(*({"last_name": name, "company": "Engines", **more} for name, more in people))


def find_hits() -> list[str]:
    """The customers that the last call has found."""
    return [*Customer.objects.filter(province=HIT).values_list("last_name", flat=True)]


def one(last_name: str) -> Customer:
    return Customer.objects.get(last_name=last_name)


BY_ACCOUNT = search("CRMAccountId", "City")
LATER = search("CRMAccountId", "City", priority="0")
SEARCHES = {
    # what is searched by, the customer, who is found: a name, or how many are
    "the external id": ("", {"ExternalId": "C-1"}, "A"),
    "the id, whatever the external id is": ("", {"Id": "{A}", "ExternalId": "C-2"}, "A"),
    "an unknown id, whatever the external id is": ("", {"Id": "999999", "ExternalId": "C-1"}, 0),
    "an empty id": ("", {"Id": "", "ExternalId": "C-1"}, "A"),
    "fields, all of which must fit": (BY_ACCOUNT, {"CRMAccountId": "X", "City": "Bern"}, "A"),
    "fields before the id": (BY_ACCOUNT, {"CRMAccountId": "X", "City": "Bern", "Id": "{C}"}, "A"),
    "fields that find none, then the id": (BY_ACCOUNT, {"CRMAccountId": "Z", "City": "Bern", "Id": "{C}"}, "C"),
    "fields that find several, then the id": (BY_ACCOUNT, {"CRMAccountId": "X", "Id": "{C}"}, "C"),
    "fields that find several": (BY_ACCOUNT, {"CRMAccountId": "X"}, 2),
    "an empty field": (BY_ACCOUNT, {"CRMAccountId": "Y", "City": ""}, "C"),
    "empty fields, then the id": (BY_ACCOUNT, {"CRMAccountId": "", "City": "", "Id": "{B}"}, "B"),
    "empty fields alone": (BY_ACCOUNT, {"CRMAccountId": "", "City": " "}, 0),
    "the id before fields": (LATER, {"CRMAccountId": "X", "City": "Bern", "Id": "{C}"}, "C"),
    "an id that finds none, then fields": (LATER, {"CRMAccountId": "X", "City": "Bern", "Id": "999999"}, "A"),
    "an external id that finds several, then fields": (LATER, {"CRMAccountId": "Y", "ExternalId": "C-2"}, "C"),
    "the external id in another case": ("", {"ExternalId": "c-1"}, "A"),
    "fields in another case": (BY_ACCOUNT, {"CRMAccountId": " x ", "City": "BASEL"}, "B"),
    "a custom field in another case": (search(custom="Tier"), {"Tier": "TIN"}, "B"),
    "fields in another case that find several": (BY_ACCOUNT, {"CRMAccountId": "x"}, 2),
    "a country": (search("CountryAbbrev"), {"CountryAbbrev": "CH"}, "C"),
    "an owner": (search("OwnerUserName"), {"OwnerUserName": "ada"}, "C"),
    "an owner that several have": (search("OwnerID"), {"OwnerID": "{bob}"}, 2),
    "a custom field": (search(custom="Tier"), {"Tier": "Tin"}, "B"),
    "a custom field and another": (search("City", custom="tier"), {"Tier": "Gold", "City": "Basel"}, 0),
    "no custom field": (search(custom="Tier"), {"Id": "{A}"}, "Tier"),
}


class TestSearch:
    @pytest.mark.parametrize("searched, sent, found", table(SEARCHES))
    def test_by(self, client, searched, sent, found):
        ids = {each.last_name: each.id for each in Customer.objects.all()} | {
            "bob": User.objects.get(username="bob").id
        }
        fields = {name: value.format(**ids) for name, value in sent.items() if name != "Tier"}
        asked = customer(**fields, Province=HIT) + (custom("Tier", sent["Tier"]) if "Tier" in sent else "")

        answered = result(client, "UPDATE", asked, search=searched)

        if isinstance(found, int):
            assert (answered.codes, answered.messages[0].partition(" ")[0], find_hits()) == (["104005"], str(found), [])
        elif found == "Tier":
            assert (answered.codes, answered.messages, find_hits()) == (["104008"], ["tier is required."], [])
        else:
            assert (answered.codes, find_hits()) == ([], [found])

    @pytest.mark.parametrize("action", ["DELETE", "ADDORUPDATE"])
    def test_never_takes_nothing_to_search_by_for_everybody(self, client, action):
        answered = result(client, action, named(" "), customer(City=""), search=search("City"))

        assert answered.status == "NOK"
        assert Customer.objects.count() == 5

    def test_that_lacks_its_custom_field_deletes_nothing(self, client):
        answered = result(client, "DELETE", customer(ExternalId="C-1"), search=search(custom="Tier"))

        assert (answered.codes, Customer.objects.count()) == (["104008"], 5)

    def test_adds_where_an_id_is_unknown(self, client):
        answered = result(client, "ADDORUPDATE", named("New", Id="999999"))

        assert answered.status == "OK"
        assert one("New").id != 999999


class TestFields:
    @pytest.mark.parametrize(
        "spelled, active", [("1", True), ("TRUE", True), ("true", True), ("0", False), ("False", False)]
    )
    def test_active_is_spelled_in_many_ways(self, client, spelled, active):
        assert result(client, "ADD", named("New", Active=spelled)).status == "OK"
        assert one("New").active is active

    @pytest.mark.parametrize("sent", ["", None])
    def test_active_stays_when_it_is_empty_or_absent(self, client, sent):
        Customer.objects.filter(last_name="A").update(active=False)

        fields = {} if sent is None else {"Active": sent}
        assert result(client, "UPDATE", customer(ExternalId="C-1", City="x", **fields)).status == "OK"

        assert (one("A").active, one("A").city) == (False, "x")

    @pytest.mark.parametrize("code", ["US", "USA"])
    def test_a_country_has_two_letters_or_three(self, client, code):
        assert result(client, "ADD", named("New", CountryAbbrev=code, StateAbbrev="OH")).status == "OK"
        assert (one("New").country.code, one("New").state) == ("USA", "OH")

    @pytest.mark.parametrize("name", ["EMail", "Email"])
    def test_an_address_has_two_names(self, client, name):
        assert result(client, "ADD", named("New", **{name: "a@b.example"})).status == "OK"
        assert one("New").email == "a@b.example"

    def test_an_owner_is_named_by_id_or_by_name_and_stays_when_it_is_not(self, client):
        bob = User.objects.get(username="bob")

        by_id = result(client, "UPDATE", customer(ExternalId="C-1", OwnerID=bob.id))
        by_name = result(client, "UPDATE", customer(Id=one("B").id, OwnerUserName="bob"))
        unsaid = result(client, "UPDATE", customer(Id=one("C").id, City="x"))

        assert [each.status for each in (by_id, by_name, unsaid)] == ["OK"] * 3
        assert [one(name).owner.username for name in "ABC"] == ["bob", "bob", "ada"]

    def test_an_empty_owner_makes_a_customer_everybodys(self, client):
        assert result(client, "UPDATE", customer(Id=one("C").id, OwnerUserName="")).status == "OK"
        assert one("C").owner is None

    def test_two_owners_must_agree(self, client):
        bob = User.objects.get(username="bob")

        answered = result(client, "UPDATE", customer(ExternalId="C-1", OwnerID=bob.id, OwnerUserName="ada"))

        assert answered.status == "NOK"
        assert "they must agree" in answered.messages[0]

    def test_a_territory_is_one_that_there_is(self, client):
        Territory.objects.get_or_create(name="North & South")

        assert result(client, "UPDATE", customer(ExternalId="C-1", TerritoryName="North &amp; South")).status == "OK"
        assert one("A").territory.name == "North & South"

    def test_custom_fields_are_kept_cleared_or_left(self, client):
        done = result(
            client, "UPDATE", customer(ExternalId="C-1", City="x"), customer(Id=one("B").id) + custom("Tier", "")
        )

        assert done.status == "OK"
        assert (one("A").custom, one("B").custom.get("tier")) == ({"tier": "Gold"}, None)


class TestForms:
    @pytest.mark.parametrize(
        "write", [str, escape, lambda text: f"<![CDATA[{text}]]>"], ids=["elements", "text", "CDATA"]
    )
    def test_of_the_document_mean_the_same(self, client, write):
        body = administration("ADD", write(root(named("New &amp; Co"))))

        assert Result(post(client, body)).status == "OK"
        assert one("New & Co").company == "Engines"


class TestIds:
    def test_of_added_customers_are_told_to_who_asks(self, client):
        sent = administration("ADDORUPDATE", root(named("New"), named("A", ExternalId="C-1"), named("Newer")))

        answered = Result(post(client, sent, x_return_ids="true"))

        added = [(each.findtext("Position"), each.findtext("Id")) for each in answered.root.iterfind("Added/Customer")]
        assert added == [("1", str(one("New").id)), ("3", str(one("Newer").id))]

    def test_are_not_told_to_others(self, client, settings):
        assert result(client, "ADD", named("New")).root.find("Added") is None

        settings.DIALECT_TERMS = {"sap-cpq": {"return_ids": True}}
        assert result(client, "ADD", named("New")).root.find("Added/Customer/Id").text.isdigit()
