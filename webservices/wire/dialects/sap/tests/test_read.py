"""The forms in which a request may come: SOAP 1.1 and 1.2, qualified or not, elements or text; and what is searched."""

import codecs
from dataclasses import replace

import pytest

from records.shapes.fields import ScalarField
from records.shapes.matching import BY_KEY, Matching, MatchRule
from records.shapes.values import EMPTY, InvalidValue
from records.tests.cast import table
from webservices.declarations import OPERATIONS
from webservices.wire.credentials import Password
from webservices.wire.dialects.sap.criteria import BY_ID
from webservices.wire.dialects.sap.dialect import SAP
from webservices.wire.dialects.sap.functions import NAMESPACE, PATH
from webservices.wire.dialects.sap.tests.calls import (
    PARAMETERS,
    SEE_ME,
    administration,
    custom,
    customer,
    envelope,
    named,
    root,
    search,
)
from webservices.wire.messages import Call, Options, RequestError, WireRequest
from webservices.wire.operations import Action, Verb
from webservices.wire.soap.versions import SOAP_11, SOAP_12
from webservices.wire.xml.writing import escape

TIER = ScalarField("custom_tier", label="Tier of sales", max_length=255, custom=True, nullable=True)
NINTH = ScalarField("custom_field9", label="Since", max_length=255, custom=True, nullable=True)
CUSTOMER = OPERATIONS.get("customers", Verb.PUT).resource.add_custom_fields([TIER, NINTH], 7)
EXTENDED = OPERATIONS.replace_resources({"customers": CUSTOMER}, 7)

# The vendor's example, with an address of ours.
EXAMPLE = b"""\
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">
  <soap:Body>
    <CustomerAdministration xmlns="http://webcominc.com/">
      <username>api_admin#ACME</username>
      <password>s3cret</password>
      <action>ADDORUPDATE</action>
      <xml>
        <Root xmlns="">
          <SearchFields Priority="1">
            <SearchField>CRMAccountId</SearchField>
            <SearchField>LastName</SearchField>
          </SearchFields>
          <Customers>
            <Customer>
              <ExternalId>C-0007</ExternalId><FirstName>Ada</FirstName><LastName>Byron</LastName>
              <Company>Engines &amp; Co</Company><StateAbbrev>OH</StateAbbrev><CountryAbbrev>USA</CountryAbbrev>
              <EMail>ada@example.org</EMail><CRMAccountId>A1</CRMAccountId>
              <CustomFields>
                <CustomField>
                  <Name>tier</Name>
                  <Value>Gold</Value>
                </CustomField>
              </CustomFields>
            </Customer>
          </Customers>
        </Root>
      </xml>
    </CustomerAdministration>
  </soap:Body>
</soap:Envelope>
"""
VALUES = {
    "external_id": "C-0007",
    "first_name": "Ada",
    "last_name": "Byron",
    "company": "Engines & Co",
    "state": "OH",
    "country": "USA",
    "email": "ada@example.org",
    "crm_account_id": "A1",
    "custom_tier": "Gold",
}


def by_fields(*names: str) -> MatchRule:
    return MatchRule(names, caseless=True)


def read(body: bytes, settings=SAP.settings, **headers: str) -> Call:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return SAP.read(WireRequest("POST", PATH, body, {"content-type": "text/xml", **named}), EXTENDED, settings)


def values(sent: str, action: str = "UPDATE", settings=SAP.settings):
    [record] = read(administration(action, root(sent)), settings).records
    return record


def refusal(body: bytes, **headers: str) -> RequestError:
    with pytest.raises(RequestError) as raised:
        list(read(body, **headers).records)
    return raised.value


def test_reads_the_vendors_example():
    call = read(EXAMPLE)

    assert (call.operation.name, call.credentials) == ("customers.put", Password("api_admin", "s3cret"))
    assert call.matching == Matching((by_fields("crm_account_id", "last_name"), BY_ID), sequential=True)
    assert call.scope.required == ("last_name", "company")
    assert list(call.records) == [VALUES]


CUSTOMERS = root(named("Byron", City="A &amp; B"))
LITERAL = escape(CUSTOMERS)
DECLARED = '<?xml version="1.0" encoding="utf-16"?>\n'
FORMS = {
    "in no namespace": CUSTOMERS,
    "in the namespace of the function": root(named("Byron", City="A &amp; B"), namespace=""),
    "with a prefix": f'<r:Root xmlns:r="urn:r">{root(named("Byron", City="A &amp; B"))[14:-7]}</r:Root>',
    "with white space around it": f"\n\t{CUSTOMERS}\n",
    "with comments": CUSTOMERS.replace("Byron", "By<!-- -->ron").replace("<Customers>", "<!-- a --><Customers>"),
    "as text": LITERAL,
    "as text with white space around it": f"\n  {LITERAL}  ",
    "as CDATA": f"<![CDATA[{CUSTOMERS}]]>",
    "as text that declares another encoding": escape(DECLARED + CUSTOMERS),
    "as CDATA in the namespace of the function": f"<![CDATA[{root(named('Byron', City='A &amp; B'), namespace='')}]]>",
}


class TestForms:
    @pytest.mark.parametrize("payload", FORMS.values(), ids=FORMS)
    @pytest.mark.parametrize("soap", [SOAP_11, SOAP_12], ids=lambda soap: soap.name)
    def test_of_the_customers_mean_the_same(self, payload, soap):
        call = read(administration("ADD", payload, soap=soap))

        assert list(call.records) == [{"last_name": "Byron", "company": "Engines", "city": "A & B"}]
        assert call.context.version is soap

    QUALIFIED = PARAMETERS.format(user="ada", word="x", action="ADD", payload=CUSTOMERS)
    PREFIXED = QUALIFIED.replace(f' xmlns="{NAMESPACE}"', "").replace("<xml>", "<w:xml>").replace("</xml>", "</w:xml>")
    BODIES = {
        "unqualified": QUALIFIED.replace(f' xmlns="{NAMESPACE}"', ""),
        "a prefix at the function alone": PREFIXED.replace(
            "<CustomerAdministration>", f'<w:CustomerAdministration xmlns:w="{NAMESPACE}">'
        ).replace("</CustomerA", "</w:CustomerA"),
        "in another order": QUALIFIED.replace("<action>ADD</action>", "").replace(
            "</CustomerA", "<action>ADD</action></CustomerA"
        ),
    }

    @pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
    def test_of_the_function_mean_the_same(self, body):
        assert len(read(envelope(body)).records) == 1

    @pytest.mark.parametrize("action", ["ADDORUPDATE", "AddOrUpdate", " addorupdate "])
    def test_of_the_action_mean_the_same(self, action):
        assert read(administration(action, CUSTOMERS)).operation.verb is Verb.PUT

    def test_in_utf_16(self):
        assert len(read(codecs.BOM_UTF16_LE + administration("ADD", LITERAL).decode().encode("utf-16-le")).records) == 1

    def test_of_the_health_check_has_no_customers(self):
        call = read(envelope(SEE_ME.format(user="ada", word="x")))

        assert (call.operation.verb, list(call.records), call.matching) == (Action.SHOW, [{}], BY_KEY)


class TestSoapAction:
    @pytest.mark.parametrize(
        "action",
        ['"http://webcominc.com/CustomerAdministration"', '""', "", "urn:other#thing", "CustomerAdministration"],
    )
    def test_may_be_any_but(self, action):
        assert len(read(administration("ADD", CUSTOMERS), soapaction=action).records) == 1

    @pytest.mark.parametrize("body", [administration("ADD", CUSTOMERS), administration("ADD", LITERAL)])
    def test_another_function_of_this_address(self, body):
        assert refusal(body, soapaction='"http://webcominc.com/doUSeeMe"').problem.code == "unknown-operation"


FIELDS = {
    "an empty field": (customer(City=""), {"city": EMPTY}),
    "a field of white space": (customer(City=" "), {"city": " "}),
    "a field that is nil": ('<City xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/>', {}),
    "an empty id": (customer(Id=""), {}),
    "an empty flag": (customer(Active=" "), {}),
    "a flag": (customer(Active="True"), {"active": "True"}),
    "the other name of the address": (customer(Email="a@b.example"), {"email": "a@b.example"}),
    "an owner by both": (customer(OwnerID="7", OwnerUserName="ada"), {"owner_id": "7", "owner": "ada"}),
    "a custom field by its name": (custom("tier", "Gold"), {"custom_tier": "Gold"}),
    "a custom field by its label": (custom(" Tier of sales ", "Gold"), {"custom_tier": "Gold"}),
    "a custom field by its number": (custom("9", "Gold"), {"custom_field9": "Gold"}),
    "an empty custom field": (custom("tier", ""), {"custom_tier": EMPTY}),
    "a custom field without a value": ("<CustomFields><CustomField><Name>tier</Name></CustomField></CustomFields>", {}),
    "an id": (customer(Id=" 17 "), {"id": " 17 "}),
}


@pytest.mark.parametrize("sent, expected", table(FIELDS))
def test_reads(sent, expected):
    assert values(sent) == expected


def test_matches_a_custom_field_by_its_exact_name_alone():
    assert isinstance(values(custom("TIER", "x"))[":CustomFields"], InvalidValue)


SEARCHES = {
    "nothing said": ("", (BY_ID,)),
    "fields first": (search("CRMAccountId", "LastName"), (by_fields("crm_account_id", "last_name"), BY_ID)),
    "fields last": (
        search("EMail", priority="0"),
        (
            BY_ID,
            by_fields(
                "email",
            ),
        ),
    ),
    "any other priority": (
        search("Email", priority="high"),
        (
            BY_ID,
            by_fields(
                "email",
            ),
        ),
    ),
    "no fields": (search(), (BY_ID,)),
    "blank fields": (
        search(" ", "City"),
        (
            by_fields(
                "city",
            ),
            BY_ID,
        ),
    ),
    "a field twice": (
        search("City", "City"),
        (
            by_fields(
                "city",
            ),
            BY_ID,
        ),
    ),
    "a custom field": (
        search(custom="tier"),
        (
            by_fields(
                "custom_tier",
            ),
            BY_ID,
        ),
    ),
    "a custom field by its label": (
        search("City", custom="Tier of sales"),
        (by_fields("city", "custom_tier"), BY_ID),
    ),
}


@pytest.mark.parametrize("sent, ways", table(SEARCHES))
@pytest.mark.parametrize("action", ["UPDATE", "ADDORUPDATE", "DELETE"])
def test_searches(action, sent, ways):
    call = read(administration(action, root(named("A") + custom("tier", "x"), search=sent)))

    assert call.matching == Matching(ways, sequential=True)
    assert not any(isinstance(value, InvalidValue) for value in call.records[0].values())


def test_whoever_does_not_carry_the_custom_field_that_is_searched_fails():
    sent = root(named("A") + custom("tier", "x"), named("B"), search=search(custom="tier"))

    first, second = read(administration("DELETE", sent)).records

    assert first["custom_tier"] == "x"
    assert isinstance(second["custom_tier"], InvalidValue)


class TestCredentials:
    def test_is_nobody_when_nobody_is_named(self):
        content = f"<action>ADD</action><xml>{CUSTOMERS}</xml>"
        body = f'<CustomerAdministration xmlns="{NAMESPACE}">{content}</CustomerAdministration>'

        assert read(envelope(body)).credentials is None

    def test_keeps_the_white_space_of_a_password_but_not_of_a_name(self):
        assert read(administration("ADD", CUSTOMERS, " ada ", " x ")).credentials == Password("ada", " x ")

    def test_leaves_the_tenant_out(self):
        assert read(administration("ADD", CUSTOMERS, "ada#ACME#2")).credentials.user_name == "ada"


class TestLimit:
    def test_is_held_while_the_document_is_read(self):
        body = administration("ADD", root(*[named("A")] * 5000))

        call = read(body)

        assert len(call.context.records) == 50
        assert refusal(body).problem.code == "too-many-customers"

    @pytest.mark.parametrize("write", [str, escape], ids=["elements", "text"])
    def test_is_also_one_of_elements(self, write):
        body = administration("ADD", write(root(*["<City><a/></City>" * 9000] * 8)))

        assert refusal(body).problem.code in ("unreadable-xml", "too-many-elements")


HOSTILE = {
    "a document type": ('<!DOCTYPE Root [<!ENTITY a "b">]><Root/>', "document-type"),
    "an entity bomb": ('<!DOCTYPE r [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><Root>&b;</Root>', "document-type"),
    "an unknown entity": ("<Root>&evil;</Root>", "malformed"),
    "no XML": ("hello", "malformed"),
    "cut off": ("<Root><Customers>", "malformed"),
    "1,000 levels": ("<Root><Customers><Customer>" + "<a>" * 1000, "too-deep"),
    "10,000 attributes": (
        "<Root " + " ".join(f'a{number}=""' for number in range(10_000)) + "/>", "too-many-attributes",
    ),
    "a bad character": ("<Root>\ufffd&#0;</Root>", "malformed"),
}  # fmt: skip


@pytest.mark.parametrize("text, code", table(HOSTILE))
def test_the_document_as_text_is_held_to_the_same_limits(text, code):
    refused = refusal(administration("ADD", escape(text)))

    assert refused.problem.code == code
    assert refused.problem.text.startswith("In xml: ")
    assert "evil" not in refused.problem.text


CONTEXTS = [
    replace(context, escaped=escaped, return_ids=escaped)
    for context in SAP.contexts(OPERATIONS.get("customers", Verb.PUT))
    for escaped in (False, True)
]
CALLS = {
    "a search by fields": (Verb.PUT, Matching((by_fields("city", "custom_tier"), BY_ID), sequential=True)),
    "a search by fields, later": (
        Verb.REMOVE,
        Matching(
            (
                BY_ID,
                by_fields(
                    "last_name",
                ),
            ),
            sequential=True,
        ),
    ),
    "a search by id": (Verb.UPDATE, Matching((BY_ID,), sequential=True)),
    "no search": (Verb.ADD, BY_KEY),
}


@pytest.mark.parametrize("context", CONTEXTS, ids=lambda each: f"{each.version.name}-{each.escaped}")
@pytest.mark.parametrize("verb, matching", table(CALLS))
def test_reads_what_it_asks(context, verb, matching):
    odd = {"last_name": "]]> <&> \u2028", "city": EMPTY, "custom_tier": "a", "custom_field9": "b"}
    call = Call(EXTENDED.get("customers", verb), [odd, odd], options=Options(all_or_none=True), matching=matching)

    asked = SAP.build_request(call, context)
    again = SAP.read(asked, EXTENDED, SAP.settings)

    assert (list(again.records), again.matching, again.options) == ([odd, odd], matching, call.options)
    assert (again.context.escaped, again.context.return_ids) == (context.escaped, context.return_ids)
    assert SAP.build_request(again, again.context).body == asked.body
