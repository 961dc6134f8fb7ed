"""SimpleProductAdministration and ImportMaterialsFromERP, rule by rule, over HTTP and in the database."""

import pytest

from customers.tests.crm import build
from parts.models import Language, Part
from parts.services import PARTS
from records.tests.cast import ADA, NOW, table
from webservices.wire.dialects.sap.tests.calls import envelope, named
from webservices.wire.dialects.sap.tests.calls import result as customer_result
from webservices.wire.dialects.sap.tests.products import (
    EXAMPLE,
    Result,
    document,
    new,
    node,
    post,
    product,
    request,
    send,
    send_materials,
)
from webservices.wire.soap.versions import SOAP_11, SOAP_12
from webservices.wire.xml.writing import escape


@pytest.fixture(autouse=True)
def _users(ada, bob):
    """The callers of all requests."""


def one(number: str) -> Part:
    return Part.objects.get(number=number)


def vendor(number: str) -> dict[str, str]:
    return one(number).vendor.get("sap-cpq", {})


def names(number: str) -> dict[str, str]:
    return dict(one(number).descriptions.values_list("language", "text"))


def add_parts(*records):
    outcomes = PARTS.add(records=records, by=ADA, at=NOW)
    assert not [problem.text for outcome in outcomes for problem in outcome.problems]


def change_settings(settings, **changes):
    settings.DIALECT_TERMS = {"sap-cpq": changes}


@pytest.mark.parametrize("soap", [SOAP_11, SOAP_12], ids=lambda soap: soap.name)
def test_the_vendors_example_adds_a_product_and_changes_it(client, soap):
    for _ in range(2):
        answered = Result(post(client, envelope(EXAMPLE, soap=soap), content_type=soap.content_type))
        assert (answered.status, answered.message, answered.code) == ("OK", "Action successful.", "")

    part = one("PUMP-100")
    assert (part.default_unit_of_measure, part.prices.get().amount, part.active) == ("PC", 250, True)
    assert names("PUMP-100") == {"en": "Pump, small"}
    assert vendor("PUMP-100") == {"ProductType": "Hardware", "Categories": "<USEnglish>Everything&gt;Pumps</USEnglish>"}


def test_the_vendors_example_of_a_failure(client):
    answered = send(client, product("PUMP-100", "Pump, small", Categories="<USEnglish>Pumps</USEnglish>"))

    assert (answered.status, answered.message) == ("NOK", "ADDORUPDATE failed")
    assert (answered.code, answered.description) == ("100000", "ProductType is required. (PUMP-100)")


FORMS = {
    "as elements": str,
    "as text": escape,
    "as CDATA": lambda text: f"<![CDATA[{text}]]>",
    "in the namespace of the function": lambda text: text.replace(' xmlns=""', ""),
    "in other cases": lambda text: text.replace("Products", "products").replace("PartNumber", "PARTNUMBER"),
    "with blanks": lambda text: text.replace("P-1", "\n  P-1 ").replace("USEnglish", "usenglish"),
    "with the sample's other name": lambda text: text.replace("ProductType", "ProductTypes"),
}


@pytest.mark.parametrize("write", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("action", ["ADDORUPDATE", "AddOrUpdate"])
def test_forms_of_a_document_mean_the_same(client, write, action):
    answered = Result(post(client, request(write(document(new("P-1", "Pump &amp; Co"))), action)))

    assert answered.status == "OK", answered.description
    assert (names("P-1"), vendor("P-1")["ProductType"]) == ({"en": "Pump & Co"}, "Hardware")


FIELDS = {
    "a price": ({"Price": "1.5E2"}, lambda part: part.prices.get().amount == 150),
    "an empty price": ({"Price": ""}, lambda part: not part.prices.exists()),
    "a lead time in days": ({"LeadTime": "21"}, lambda part: part.lead_time == 21),
    "a lead time in words": (
        {"LeadTime": "3 weeks"}, lambda part: part.lead_time == 14 and part.vendor["sap-cpq"]["LeadTime"] == "3 weeks",
    ),
    "inactive": ({"Active": "False"}, lambda part: not part.active),
    "an empty flag": ({"Active": ""}, lambda part: part.active),
    "an external id": ({"ExternalId": "E-1"}, lambda part: part.external_key_1 == "E-1"),
    "a unit": ({"UnitOfMeasure": " KGM "}, lambda part: part.default_unit_of_measure == "KGM"),
    "a long text": (
        {"LongDescription": "<German>Lang</German>"},
        lambda part: [*part.extended_descriptions.values_list("number", "language", "text")] == [(2, "de", "Lang")],
    ),
    "a text without a language": (
        {"Description": "Short"},
        lambda part: [*part.extended_descriptions.values_list("number", "language", "text")] == [(1, "en", "Short")],
    ),
    "a name in one more language": (
        {"ProductName": "<PortugueseBrasil>Bomba</PortugueseBrasil>"},
        lambda part: dict(part.descriptions.values_list("language", "text")) == {"en": "Pump", "pt_BR": "Bomba"},
    ),
    "a name by the language's code": (
        {"ProductName": "<eo>Pumpilo</eo>"}, lambda part: part.descriptions.filter(language="eo").exists(),
    ),
    "vendor data": ({"PricingCode": "X"}, lambda part: part.vendor["sap-cpq"]["PricingCode"] == "X"),
    "a type of display": ({"DisplayType": "System"}, lambda part: part.vendor["sap-cpq"]["DisplayType"] == "System"),
    "a date": ({"StartDate": "1/31/2026"}, lambda part: part.vendor["sap-cpq"]["StartDate"] == "1/31/2026"),
    "a date of two digits": ({"EndDate": "1/31/26"}, lambda part: part.vendor["sap-cpq"]["EndDate"] == "1/31/26"),
    "an older name": (
        {"IsSAPProduct": "TRUE"}, lambda part: part.vendor["sap-cpq"]["IsSyncedFromBackOffice"] == "TRUE",
    ),
    "a tree": (
        {"Tabs": '<Tab Id="1"><Name> A &amp; B </Name></Tab>'},
        lambda part: part.vendor["sap-cpq"]["Tabs"] == '<Tab Id="1"><Name>A &amp; B</Name></Tab>',
    ),
    "an empty node": ({"ProductType": ""}, lambda part: "ProductType" not in part.vendor["sap-cpq"]),
    "an absent node": ({}, lambda part: part.vendor["sap-cpq"]["ProductType"] == "Hardware" and part.lead_time == 14),
}  # fmt: skip


@pytest.mark.parametrize("nodes, holds", table(FIELDS))
def test_a_node_is_kept_cleared_or_left(client, nodes, holds):
    assert send(client, new("P", "Pump", Price="5", LeadTime="14")).status == "OK"

    answered = send(client, product("P", **nodes))

    assert answered.status == "OK", answered.description
    assert holds(one("P"))


REFUSED = {
    "no product type": (product("P", "x", Categories="c"), "ProductType is required. (P)"),
    "nothing": (product("P"), "ProductName is required. Categories is required. ProductType is required. (P)"),
    "a name in another language alone": (
        product("P", Categories="c", ProductType="t", ProductName="<German>x</German>"), "ProductName is required. (P)",
    ),
    "no number": (new(""), "PartNumber is required."),
    "an unknown node": (new("P", PartNummer="x"), "PartNummer is not a field of a part. Did you mean PartNumber? (P)"),
    "a field that only the hub has": (new("P", notes="x"), "notes is not a field of a part."),
    "an unknown type of display": (new("P", DisplayType="Round"), "DisplayType is one of Simple, Configurable"),
    "no flag": (new("P", Obsolete="perhaps"), "Obsolete is 1, 0, true or false; 'perhaps' is not. (P)"),
    "no date": (new("P", StartDate="tomorrow"), "StartDate is a date such as 1/31/2026"),
    "no price": (new("P", Price="cheap"), "Price must be a number; 'cheap' is not."),
    "a language that is none": (new("P", ProductName="<Klingon>x</Klingon>"), "Klingon"),
    "elements in a field": (new("P", Price="<b>1</b>"), "Price takes a text, not elements."),
    "a node twice": (new("P") + node("PartNumber", "Q"), "PartNumber comes more than once."),
    "too much": (new("P", Image="x" * 65536), "may have 65,536 bytes in all"),
    "a name to search by without a word": (
        new("", "---", identificator="ProductName", ProductSystemId="S"), "ProductName needs a letter or a digit",
    ),
}  # fmt: skip


@pytest.mark.parametrize("sent, says", table(REFUSED))
def test_a_product_fails_and_the_others_stand(client, sent, says):
    answered = send(client, new("A"), sent, new("Z"))

    assert (answered.status, answered.message, answered.code) == ("NOK", "ADDORUPDATE failed", "100000")
    assert says in answered.description
    assert [part.number for part in Part.objects.all()] == ["A", "Z"]


def test_all_failures_are_in_one_description_each_with_its_part_number(client):
    answered = send(client, product("A", "x", ProductType="t"), new("B"), product("", "x", CPQProductID="7"))

    assert answered.description == (
        "Categories is required. (A) "
        "PartNumber is required. Categories is required. ProductType is required. (7)"
    )  # fmt: skip


@pytest.fixture
def parts():
    """A part of the hub alone, two of one name, one that has a system id and a price code."""
    add_parts({"number": "HUB", "description": {"en": "Hub"}})
    own = {"ProductSystemId": "S-1", "PricingCode": "PC"}
    PARTS.add(
        records=[
            {"number": "A", "description": {"en": "Pump"}, "vendor": own},
            {"number": "B", "description": {"en": "pump"}},
        ],
        by=ADA, at=NOW, resource=PARTS.resource.add_vendor_data("sap-cpq"),
    )  # fmt: skip


def hits() -> list[str]:
    return [*Part.objects.filter(units=1, default_unit_of_measure="HIT").values_list("number", flat=True)]


SEARCHES = {
    "the part number": (product("A"), ["A"]),
    "the part number, said so": (product("A", identificator="PartNumber"), ["A"]),
    "the part number, exactly": (product("a"), []),
    "the name, exactly": (product("", "Pump", identificator="ProductName"), ["A"]),
    "the name in any case, of several": (product("", "PUMP", identificator="productname"), ["A", "B"]),
    "the price code": (product("", PricingCode="PC", identificator="PriceCode"), ["A"]),
    "the price code with another number": (product("B", PricingCode="PC", identificator="PriceCode"), []),
    "the system id": (product("", ProductSystemId="s-1", identificator="ProductSystemId"), ["A"]),
    "the system id that was made up": (
        product("", ProductSystemId="HUB_cpq", identificator="ProductSystemId"), ["HUB"],
    ),
    "the one made up of a part that has another": (
        product("", ProductSystemId="A_cpq", identificator="ProductSystemId"), [],
    ),
    "the id": (product("", CPQProductID="{HUB}", identificator="Anything"), ["HUB"]),
    "the id where the number finds none": (product("", CPQProductId="{HUB}"), ["HUB"]),
    "nothing": (product("", Price="5"), []),
}  # fmt: skip


@pytest.mark.parametrize("sent, found", table(SEARCHES))
@pytest.mark.parametrize("action", ["ADDORUPDATE", "DELETE"])
def test_products_are_found_by(client, parts, action, sent, found):
    sent = sent.replace("{HUB}", str(one("HUB").id))

    answered = send(client, sent + node("UnitOfMeasure", "HIT"), action=action)

    assert answered.status == ("OK" if found else "NOK")
    if action == "DELETE":
        assert [part.number for part in Part.objects.all()] == [n for n in ("A", "B", "HUB") if n not in found]
    else:
        assert hits() == found


def test_several_fail_where_the_site_wants_it(client, parts, settings):
    change_settings(settings, several_products=False)

    answered = send(client, product("", "PUMP", identificator="ProductName", UnitOfMeasure="HIT"))

    assert answered.description == "2 parts match ProductName 'PUMP'."
    assert hits() == []


class TestNew:
    def test_takes_its_system_id_for_a_number(self, client):
        assert send(client, new("", ProductSystemId="S-9")).status == "OK"
        assert vendor("S-9")["ProductSystemId"] == "S-9"

    def test_fails_for_a_system_id_that_another_has(self, client, parts):
        answered = send(client, new("N", ProductSystemId="S-1"))

        assert answered.description == "Part A has ProductSystemId 'S-1' already. (N)"

    def test_has_no_made_up_system_id(self, client):
        send(client, new("N"))

        assert "ProductSystemId" not in vendor("N")

    def test_ignores_an_id(self, client):
        assert send(client, new("N", CPQProductID="99999999")).status == "OK"

    def test_needs_other_nodes_where_the_site_says_so(self, client, settings):
        change_settings(settings, required_of_products=("UnitOfMeasure",))

        assert send(client, product("N")).description == "UnitOfMeasure is required. (N)"
        assert send(client, product("N", UnitOfMeasure="PC")).status == "OK"


def test_a_part_that_another_api_made_needs_nothing_more(client, parts):
    assert send(client, product("HUB", Price="7")).status == "OK"


def test_an_unknown_node_is_passed_over_where_the_site_says_so(client, settings):
    change_settings(settings, unknown_nodes=True)

    assert send(client, new("P", Colour="red")).status == "OK"
    assert customer_result(client, "ADD", named("A", Colour="red")).status == "OK"


@pytest.mark.parametrize("spelled", ["SkipCategoriesOnProductUpdate", "SkipCategoriesonProductUpdate"])
def test_a_stored_product_keeps_what_the_document_skips(client, spelled):
    skip = f' {spelled}="TRUE" SkipPermissionsOnProductUpdate="1"'
    other = {"Categories": "<USEnglish>Other</USEnglish>", "Permissions": "<All/>", "ProductType": "Software"}

    assert send(client, new("P"), attributes=skip).status == "OK"
    assert send(client, product("P", **other), attributes=skip).status == "OK"
    assert vendor("P") == {"Categories": "<USEnglish>All</USEnglish>", "ProductType": "Software"}
    assert send(client, product("P", **other), attributes=f' {spelled}="false"').status == "OK"
    assert vendor("P")["Categories"] == "<USEnglish>Other</USEnglish>"


def test_later_products_see_what_earlier_ones_did(client):
    first, rename = new("P", "Pump"), product("P", "Hose")
    by_name = product("", "Hose", identificator="ProductName", UnitOfMeasure="HIT")

    assert send(client, first, rename, by_name, product("P", UnitOfMeasure="HIT")).status == "OK"
    assert (hits(), Part.objects.count()) == (["P"], 1)


def test_a_part_in_use_is_inactivated(client):
    build()

    answered = send(client, product("PUMP-100"), action="delete")

    assert (answered.status, answered.message) == ("OK", "Action successful.")
    assert one("PUMP-100").active is False


def test_an_unknown_product_cannot_be_deleted(client):
    answered = send(client, product("X"), action="DELETE")

    assert (answered.status, answered.message) == ("NOK", "DELETE failed")
    assert answered.description == "0 parts match PartNumber 'X'. (X)"


def test_the_languages_are_named_the_sites_own_first(client):
    Language.objects.exclude(code__in=["en", "de", "eo"]).update(active=False)

    answered = Result(post(client, request("", "GetLanguages")))

    assert (answered.status, answered.message) == ("OK", "USEnglish, German, eo")


MATERIALS = {
    "a new one": (new("", ProductSystemId="M-1"), "M-1", "OK"),
    "a new one with a number": (new("N", ProductSystemId="M-1"), "N", "OK"),
    "one by its system id": (product("", ProductSystemId="S-1", IsSubscription="true"), "A", "OK"),
    "one that another api made": (product("HUB", ProductSystemId="M-2", HasUsagePricing="0"), "HUB", "OK"),
    "one without a system id": (new("N"), "", "ProductSystemId is required. (N)"),
    "a new one without what it must have": (
        product("N", "x", Categories="c", ProductSystemId="M"), "", "ProductType is required. (N)",
    ),
    "another number": (product("B", ProductSystemId="S-1"), "", "The part that matches has PartNumber 'A', not 'B'"),
}  # fmt: skip


@pytest.mark.parametrize("sent, number, says", table(MATERIALS))
def test_materials_are_imported(client, parts, sent, number, says):
    answered = send_materials(client, sent)

    assert says in (answered.status, answered.description) or answered.description.startswith(says)
    assert answered.message == ("Action successful." if says == "OK" else "ADDORUPDATE failed")
    if number:
        assert "ProductSystemId" in vendor(number)


def test_a_list_of_a_material_replaces_the_stored_one_unless_it_is_skipped(client):
    def cycle(code):
        return f"<Values><Value><ValueCode>{code}</ValueCode><Unit>MON</Unit></Value></Values>"

    send_materials(client, new("N", ProductSystemId="M", BillingCycle=cycle("1")))
    send_materials(client, product("", ProductSystemId="M", BillingCycle=cycle("3")))
    assert vendor("N")["BillingCycle"] == cycle("3")

    skip = ' SkipServiceOrSubscriptionContractAttributeValuesOnProductUpdate="true"'
    assert (
        send_materials(client, product("", ProductSystemId="M", BillingCycle=cycle("6")), attributes=skip).status
        == "OK"
    )
    assert vendor("N")["BillingCycle"] == cycle("3")
