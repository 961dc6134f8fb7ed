"""Every code of the vendor's table, reached over HTTP; and how a failed call and a failed customer look."""

import pytest
from django.db import connection

from customers.models import Customer, Territory
from records.models import CustomField
from records.tests.cast import table
from webservices.models import Exchange
from webservices.wire.dialects.sap.codes import FAMILIES, FIELD_CODES, PROBLEM_CODES
from webservices.wire.dialects.sap.tests.calls import (
    SEE_ME,
    Result,
    add,
    administration,
    custom,
    customer,
    envelope,
    named,
    post,
    result,
    root,
    search,
)
from webservices.wire.soap.versions import SOAP_11, SOAP_12

DIALECT_TERMS = "sap-cpq"


@pytest.fixture(autouse=True)
def _site(ada, bob):
    Territory.objects.get_or_create(name="North")
    add({"external_id": "C-7", "last_name": "Byron", "company": "Engines"})


def change_settings(settings, **changed):
    settings.DIALECT_TERMS = {DIALECT_TERMS: changed}


def byron(**fields):
    return customer(ExternalId="C-7", **fields)


LONG = "x" * 101
CUSTOMERS = {
    # the action, a customer, the code, what is said of it
    "no territory": ("ADD", named("A", TerritoryName="Nowhere"), "104006", "TerritoryName names no territory:"),
    "no country": ("ADD", named("A", CountryAbbrev="XXX"), "104007", "CountryAbbrev names no country:"),
    "no state": ("ADD", named("A", CountryAbbrev="USA", StateAbbrev="XX"), "104007", "StateAbbrev 'XX' is no state"),
    "no owner of the name": ("ADD", named("A", OwnerUserName="nobody"), "104009", "OwnerUserName names no user"),
    "no owner of the id": ("ADD", named("A", OwnerID="999999"), "104010", "OwnerID names no user"),
    "an owner's id that is none": ("ADD", named("A", OwnerID="ada"), "104010", "OwnerID must be a whole number"),
    "a flag that is none": ("ADD", named("A", Active="perhaps"), "104008", "Active must be true or false"),
    "no e-mail address": ("ADD", named("A", EMail="ada"), "104008", "EMail does not take 'ada'"),
    "no customer type": ("ADD", named("A", CustomerType="Friend"), "104008", "CustomerType names no customer"),
    "a name too long": ("ADD", named(LONG), "104008", "LastName may have at most 100 characters"),
    "an owner's name too long": (
        "ADD", named("A", OwnerUserName="x" * 21), "104008", "OwnerUserName may have at most 20 characters"
    ),
    "an external id too long": ("ADD", named("A", ExternalId="x" * 21), "104008", "ExternalId may have at most 20"),
    "a field twice": ("ADD", named("A") + "<LastName>B</LastName>", "104008", "LastName comes more than once."),
    "an address under both names": (
        "ADD", named("A", EMail="a@b.example", Email="a@b.example"), "104008", "EMail comes more than once."
    ),
    "elements in a field": ("ADD", named("A", City="<b>x</b>"), "104008", "City takes text"),
    "an unknown field": ("ADD", named("A", Adress1="x"), "104008", "Adress1 is not a field"),
    "a field that only the hub has": ("ADD", named("A", notes="x"), "104008", "notes is not a field of a customer"),
    "a required field missing": ("ADD", customer(LastName="A"), "104008", "Company is required."),
    "an unknown custom field": ("ADD", named("A") + custom("Tier", "x"), "104014", "no custom field 'Tier'"),
    "a custom field without a name": ("ADD", named("A") + custom(" ", "x"), "104008", "holds a CustomField"),
    "nobody found": ("UPDATE", customer(ExternalId="C-0"), "104005", "0 customers match ExternalId 'C-0'."),
    "nothing to search by": ("DELETE", customer(City="x"), "104005", "0 customers match"),
    "an id that is none": ("UPDATE", customer(Id="seven"), "104008", "Id is a whole number, not 'seven'."),
    "an id that is too long": ("UPDATE", customer(Id="9" * 20), "104005", "0 customers match Id"),
}  # fmt: skip


class TestCustomer:
    @pytest.mark.parametrize("action, sent, code, words", table(CUSTOMERS))
    def test_fails_with_a_code_and_why(self, client, action, sent, code, words):
        before = Customer.objects.count()

        answered = result(client, action, sent)

        assert (answered.status, answered.message, answered.codes) == ("NOK", f"{action} failed", [code])
        assert words in answered.messages[0]
        assert Customer.objects.count() == before

    @pytest.mark.parametrize("action, code", [("UPDATE", "104004"), ("DELETE", "104003")])
    def test_of_another_version_is_not_saved_and_not_deleted(self, client, action, code):
        answered = result(client, action, byron(), header='<o:IfMatch xmlns:o="urn:counterpart:options">9</o:IfMatch>')

        assert answered.codes == [code]
        assert Customer.objects.count() == 1

    def test_with_an_id_may_not_be_added_where_the_site_is_strict(self, client, settings):
        change_settings(settings, id_on_add=True)

        answered = result(client, "ADD", named("A", Id="17"), named("B", Id=""))

        assert (answered.codes, answered.messages) == (
            ["104013"],
            ["Id is given by the server: a customer that is added has none."],
        )
        assert [*Customer.objects.values_list("last_name", flat=True)] == ["Byron", "B"]

    def test_is_shown_as_it_was_sent(self, client):
        CustomField.objects.create(resource="customer", name="tier", label="Tier")
        sent = named("A &amp; B", Active="1", TerritoryName="Nowhere") + custom("Tier", "x &lt; y")

        answered = result(client, "ADD", sent)

        customers = answered.errors[0].find("Customer")
        assert [child.tag for child in customers] == ["Active", "TerritoryName", "LastName", "Company", "CustomFields"]
        assert (customers.findtext("LastName"), customers.findtext("CustomFields/CustomField/Value")) == (
            "A & B",
            "x < y",
        )

    def test_is_shown_without_what_the_schema_lacks_where_the_site_wants_it(self, client, settings):
        change_settings(settings, whole_echo=False)

        answered = result(client, "ADD", named("A", Active="1", TerritoryName="Nowhere") + custom("Tier", "x"))

        assert [child.tag for child in answered.errors[0].find("Customer")] == ["TerritoryName", "LastName", "Company"]


CALLS = {
    "a wrong password": (administration("ADD", root(named("A")), word="guess"), "ADD failed", "101001"),
    "a user who may not": (
        administration("ADD", root(named("A")), user="bob", word="bob-bob!"), "ADD failed", "101001",
    ),
    "no customers": (administration("DELETE", root()), "DELETE failed", "104011"),
    "no document": (administration("ADD", ""), "ADD failed", "104011"),
    "no known action": (administration("UPSERT", root(named("A"))), "Action failed", "104012"),
    "no action": (administration("", root(named("A"))), "Action failed", "104012"),
    "too many": (administration("add", root(*[named("A")] * 51)), "ADD failed", "104002"),
    "another document": (administration("ADD", "<Rooted/>"), "ADD failed", "104008"),
    "another element in the document": (administration("ADD", "<Root><Client/></Root>"), "ADD failed", "104008"),
    "another element among customers": (
        administration("ADD", "<Root><Customers><Client/></Customers></Root>"), "ADD failed", "104008",
    ),
    "search fields without a priority": (
        administration("UPDATE", root(byron(), search="<SearchFields/>")), "UPDATE failed", "104008",
    ),
    "a search field that is none": (
        administration("UPDATE", root(byron(), search=search("Colour"))), "UPDATE failed", "104008",
    ),
    "a search custom field that is none": (
        administration("UPDATE", root(byron(), search=search(custom="Tier"))), "UPDATE failed", "104014",
    ),
    "two search custom fields": (
        administration("UPDATE", root(byron(), search=search(custom="A</Name><Name>B"))), "UPDATE failed", "104008",
    ),
}  # fmt: skip


class TestCall:
    @pytest.mark.parametrize("body, message, code", table(CALLS))
    def test_fails_as_a_whole_with_a_code(self, client, body, message, code):
        answered = Result(post(client, body))

        assert (answered.status, answered.message, answered.codes) == ("NOK", message, [code])
        assert answered.errors[0].find("Customer") is None
        assert answered.messages[0].endswith(".")
        assert [*Customer.objects.values_list("last_name", flat=True)] == ["Byron"]

    def test_says_who_is_calling_first(self, client):
        for body in (
            administration("ADD", root(*[named("A")] * 51), word="guess"),
            administration("ADD", "", word="no"),
        ):
            assert Result(post(client, body, x_forwarded="")).codes in (["101001"], ["100000"])

    def test_that_nobody_anticipated_says_no_more_than_its_id(self, client):
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE customers_customer RENAME COLUMN city TO town")

        answered = result(client, "ADD", named("A"))

        assert (answered.status, answered.codes) == ("NOK", ["100000"])
        assert Exchange.objects.get().call_id in answered.messages[0]
        assert "town" not in answered.messages[0]

    def test_may_have_more_customers_where_the_site_lets_it(self, client, settings):
        change_settings(settings, customers_limit=2)

        assert result(client, "ADD", *[named("A")] * 3).codes == ["104002"]
        assert result(client, "ADD", *[named("A")] * 2).status == "OK"

    def test_needs_other_fields_where_the_site_says_so(self, client, settings):
        change_settings(settings, required=("city",))

        assert result(client, "ADD", customer(LastName="A")).messages == ["City is required."]
        assert result(client, "ADD", customer(City="A")).status == "OK"


TENANTS = {
    "none, and none is asked for": ("ada", "", True),
    "any, where none is asked for": ("ada#ACME", "", True),
    "the right one": ("ada#ACME", "ACME", True),
    "none, where one is asked for": ("ada", "ACME", True),
    "another": ("ada#EVIL", "ACME", False),
    "none behind the mark": ("ada#", "ACME", False),
}


@pytest.mark.parametrize("user, tenant, let_in", table(TENANTS))
def test_a_tenant_may_follow_the_user_name(client, settings, user, tenant, let_in):
    change_settings(settings, tenant=tenant)

    answered = result(client, "ADD", named("A"), user=user)

    assert answered.codes == ([] if let_in else ["101001"])


@pytest.mark.parametrize("sent", [{"user": "a" * 51}, {"word": "b" * 51}])
def test_parameters_have_50_characters(client, sent):
    answered = result(client, "ADD", named("A"), **sent)

    assert answered.codes == ["101001"]
    assert "at most 50 characters" in answered.messages[0]


class TestHealth:
    @pytest.mark.parametrize("soap", [SOAP_11, SOAP_12], ids=lambda soap: soap.name)
    def test_is_said_in_xml_as_a_text(self, client, soap):
        body = envelope(SEE_ME.format(user="ada", word="ada-ada!"), soap=soap)

        response = post(client, body, soap.content_type)

        assert response.status_code == 200
        assert b"<doUSeeMeResult>&lt;ICANSEEYOU&gt;&lt;UserName&gt;ada&lt;/UserName&gt;" in response.content

    def test_is_not_said_to_strangers(self, client):
        response = post(client, envelope(SEE_ME.format(user="ada", word="guess")))

        assert response.status_code == 200
        assert b"ICANSEEYOU" not in response.content
        assert b"&lt;ErrorCode&gt;101001&lt;/ErrorCode&gt;" in response.content

    def test_needs_its_right(self, client):
        response = post(client, envelope(SEE_ME.format(user="bob", word="bob-bob!")))

        assert b"101001" in response.content


def test_every_code_of_the_vendors_table_is_reached():
    reached = {case.values[2] for case in table(CUSTOMERS)} | {case.values[2] for case in table(CALLS)}
    alone = {"100000", "104003", "104004", "104013"}  # each has a test of its own
    known_codes = {
        code.text for group in (FAMILIES, PROBLEM_CODES, FIELD_CODES) for code in group.values() if code.text
    }

    assert known_codes <= reached | alone
