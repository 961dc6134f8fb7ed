"""CRM-service requests as Calls: literal and encoded, by name and by order, and what is refused."""

import pytest

from records.shapes.criteria import Comparator, Criterion
from records.shapes.matching import Matching, MatchRule
from records.shapes.problems import Family
from records.shapes.values import EMPTY
from records.tests.cast import table
from webservices.declarations import OPERATIONS
from webservices.wire.credentials import Bearer, SessionToken
from webservices.wire.dialects.crm.context import CrmSettings
from webservices.wire.dialects.crm.dialect import CRM
from webservices.wire.dialects.crm.tests.messages import SESSION, SOAP_11, envelope, read, request
from webservices.wire.messages import Options, RequestError

PRODUCTS, ORDERS, ENTITIES = "productManager", "salesorderManager", "entityManager"

# The example of the vendor's text, as its reconstruction has it.
ORDER = (
    "<salesOrder><account_id>10000</account_id><contact_id>10001</contact_id><assigned_user_id>1</assigned_user_id>"
    "<subject>Spring order</subject><status>Created</status><duedate>2024-04-15</duedate>"
    "<rows><item><productid>77</productid><qty>2</qty><unit_price>200</unit_price><value_period>1</value_period></item>"
    "</rows></salesOrder>"
)
ORDER_VALUES = {
    "customer_id": "10000",
    "contact_id": "10001",
    "assigned_user_id": "1",
    "subject": "Spring order",
    "status": "Created",
    "due_date": "2024-04-15",
    "rows": [{"part_id": "77", "quantity": "2", "unit_price": "200", "value_period": "1"}],
}


def product(members: str) -> dict:
    [record] = read(PRODUCTS, "updateProduct", f"{SESSION}<product>{members}</product>").records
    return record


class TestACall:
    def test_is_that_of_the_example(self):
        call = read(ORDERS, "createSalesOrder", SESSION + ORDER)

        assert list(call.records) == [ORDER_VALUES]
        assert (call.operation.name, call.credentials) == ("sales_orders.add", SessionToken("6f1c0a"))
        assert call.options == Options(echo=True)
        assert call.options.echo

    STYLES = {
        "encoded": (
            '<session xsi:type="c:CrmIntegrationWebserviceSession"><sessionID xsi:type="xsd:string">6f1c0a</sessionID>'
            '</session><id xsi:type="xsd:int">77</id>',
            "",
        ),
        "by order": (
            "<param0><sessionID>6f1c0a</sessionID></param0><param1>77</param1>",
            "",
        ),
        "by name, in another order": (f"<id>77</id>{SESSION}", ""),
        "a session that is a text": ("<session>6f1c0a</session><id>77</id>", ""),
        "with references": (
            '<session href="#a"/><id href="#b"/>',
            '<multiRef id="a" enc:root="0"><sessionID href="#c"/></multiRef><multiRef id="b">77</multiRef>'
            '<multiRef id="c">6f1c0a</multiRef>',
        ),
        "with a reference inside": ('<session><sessionID id="a">6f1c0a</sessionID></session><id>77</id>', ""),
    }

    @pytest.mark.parametrize("arguments, multi_refs", table(STYLES))
    def test_may_be_written_in_any_style(self, arguments, multi_refs):
        call = read(PRODUCTS, "getProduct", arguments, multi_refs)

        assert call.credentials == SessionToken("6f1c0a")
        assert call.criteria == (Criterion(("id",), Comparator.EQUAL, ("77",)),)

    @pytest.mark.parametrize("manager", ["productManager", "ProductManager", "PRODUCTMANAGER"])
    def test_finds_its_manager_in_any_case(self, manager):
        assert read(manager, "getProduct", f"{SESSION}<id>77</id>").operation.name == "parts.find"

    def test_opens_a_session_with_a_key(self):
        call = read("sessionManager", "createSession", "<apiKey> cp_key1_x </apiKey>")

        assert (call.operation.name, call.credentials) == ("sessions.open", Bearer("cp_key1_x"))

    def test_without_a_session_is_read_for_the_door_to_refuse(self):
        assert read(PRODUCTS, "getProduct", "<id>7</id>").credentials == SessionToken("")

    def test_takes_the_options_of_every_door(self):
        dry = '<o:DryRun xmlns:o="urn:counterpart:options">true</o:DryRun>'
        body = envelope("getProduct", f"{SESSION}<id>77</id>", header=f"<s:Header>{dry}</s:Header>")

        assert CRM.read(request(PRODUCTS, body), OPERATIONS, CRM.settings).options.dry_run

    def test_ignores_a_soap_action_that_names_no_other_method(self):
        action = '"http://hub/CrmIntegrationWebservice/service.php?class=productManager&method=getProduct"'

        assert read(PRODUCTS, "getProduct", f"{SESSION}<id>77</id>", soapaction=action).operation.name == "parts.find"


class TestMembers:
    VALUES = {
        "a text": ("<notes>a</notes>", {"notes": "a"}),
        "an empty text is cleared": ("<notes/>", {"notes": EMPTY}),
        "nil is not sent": ('<notes xsi:nil="true"/>', {}),
        "the description of the site's language": ("<description>Pump</description>", {"description": {"en": "Pump"}}),
        "no description any more": ("<description/>", {"description": {"en": EMPTY}}),
        "a price of the site's currency": ("<unit_price>250</unit_price>", {"price": {"USD": "250"}}),
        "a flag": ("<active>0</active>", {"active": "false"}),
        "a flag in words": ("<active>true</active>", {"active": "true"}),
        "a field of the site": ("<cf_tier>Gold</cf_tier>", {"custom_tier": "Gold"}),
        "no flag": ("<active/>", {}),
        "a member twice": ("<notes>a</notes><notes>b</notes>", {"notes": ["a", "b"]}),
        "a group in place of a text": ("<notes><a>b</a></notes>", {"notes": {"a": "b"}}),
        "a name": ("<name>Pump</name>", {"description": {"en": "Pump"}}),
        "a name that is the first line": (
            "<name>Pump</name><description>Pump\nsmall</description>",
            {"description": {"en": "Pump\nsmall"}},
        ),
        "a name beside a blank": ("<name>Pump</name><description/>", {"description": {"en": "Pump"}}),
        "a blank name": ("<name/><description>Pump</description>", {"description": {"en": "Pump"}}),
        "a number by its other name": ("<entity_no>A</entity_no>", {"number": "A"}),
        "a number by both": ("<entity_no>A</entity_no><product_no>A</product_no>", {"number": "A"}),
        "a name that is another": (
            "<name>Valve</name><description>Pump\nsmall</description>",
            {"description": {"en": "Pump\nsmall"}, "other values": {"description": {"en": "Valve\nsmall"}}},
        ),
    }

    @pytest.mark.parametrize("members, values", table(VALUES))
    def test_become(self, members, values):
        assert product(members) == values

    NONE = {
        "a name that is none": ("<colour>red</colour>", "colour is no member of Product."),
        "one that is like another": (
            "<product_nr>A</product_nr>",
            "product_nr is no member of Product.",
        ),
        "the hub's name of a field": ("<number>A</number>", "number is no member of Product."),
        "a field that is not on this wire": (
            "<company_associations>A</company_associations>",
            "company_associations is no member of Product.",
        ),
    }

    @pytest.mark.parametrize("members, sentence", table(NONE))
    def test_are_refused_in_the_words_of_this_wire(self, members, sentence):
        [(name, misfit)] = product(members).items()

        assert CRM.spell("parts", (name,)) + misfit.problem.text.removeprefix("{field}") == sentence

    def test_of_one_field_must_agree(self):
        values = product("<entity_no>A</entity_no><product_no>B</product_no>")

        sentence = "product_no is sent as product_no, too, with another value; they must agree."
        assert values["number"].problem.sentence(lambda path: "product_no") == sentence

    def test_of_an_account_are_one_whatever_they_are_called(self):
        members = "<name>Acme</name><accountname>Acme</accountname><owner_id>1</owner_id>"
        [record] = read("accountManager", "createAccount", f"{SESSION}<account>{members}</account>").records

        assert record == {"company": "Acme", "owner_id": "1"}

    def test_that_this_wire_alone_has_are_kept_for_it(self):
        sent = "<contact><leadsource>Web</leadsource><title/></contact>"
        call = read("contactManager", "updateContact", SESSION + sent)

        assert (call.vendor, list(call.records)) == (
            "crm-service",
            [{"title": EMPTY, "vendor": {"leadsource": "Web"}}],
        )
        again = CRM.read(CRM.build_request(call, call.context), OPERATIONS, CRM.settings)
        assert list(again.records) == list(call.records)

    def test_are_found_by_id_or_number(self):
        call = read(PRODUCTS, "updateProduct", f"{SESSION}<product><id>7</id></product>")

        assert call.matching == Matching((MatchRule(("id", "number"), first_only=True, existing=("id",)),))

    @pytest.mark.parametrize(
        "rows, values",
        table(
            {
                "an array of any items": (
                    '<rows enc:arrayType="c:R[1]"><x><qty>2</qty></x></rows>',
                    {"rows": [{"quantity": "2"}]},
                ),
                "an empty array": ("<rows/>", {}),
                "items that are nil": ('<rows><item xsi:nil="true"/></rows>', {}),
                "none that stay": ("<clear_rows>false</clear_rows>", {}),
                "none that nobody set": ('<clear_rows xsi:nil="true"/>', {}),
                "cleared": ("<clear_rows>true</clear_rows>", {"rows": EMPTY}),
                "cleared beside an empty array": ("<rows/><clear_rows>1</clear_rows>", {"rows": EMPTY}),
            }
        ),
    )
    def test_of_rows(self, rows, values):
        [record] = read(ORDERS, "updateSalesOrder", f"{SESSION}<salesOrder>{rows}</salesOrder>").records

        assert record == values

    def test_of_rows_that_are_sent_and_cleared_is_refused(self):
        members = "<rows><item><qty>2</qty></item></rows><clear_rows>true</clear_rows>"
        [record] = read(ORDERS, "updateSalesOrder", f"{SESSION}<salesOrder>{members}</salesOrder>").records

        assert record["rows"].problem.code == "cleared-and-sent"

    def test_of_a_site_with_other_words(self):
        settings = CrmSettings(language="fi", currency="EUR", statuses={"Luotu": "Created"})
        sent = "<salesOrder><status>Luotu</status></salesOrder>"
        [order] = read(ORDERS, "createSalesOrder", SESSION + sent, settings=settings).records
        sent = "<product><description>Pumppu</description><unit_price>1</unit_price></product>"
        [part] = read(PRODUCTS, "createProduct", SESSION + sent, settings=settings).records

        assert order == {"status": "Created"}
        assert part == {"description": {"fi": "Pumppu"}, "price": {"EUR": "1"}}


def search(members: str, settings: CrmSettings = CRM.settings):
    return read(PRODUCTS, "searchProducts", f"{SESSION}<criteria>{members}</criteria>", settings=settings)


class TestSearch:
    ASKED = {
        "a text, without regard to case": ("product_no", "pro2124", ("number",), Comparator.ILIKE, "pro2124"),
        "what would be a wildcard elsewhere": ("product_no", "a_b\\%", ("number",), Comparator.ILIKE, "a\\_b\\\\%"),
        "a description": ("description", "Pump%", ("description", "en"), Comparator.ILIKE, "Pump%"),
        "a price": ("unit_price", "250", ("price", "USD"), Comparator.EQUAL, "250"),
        "an id": ("id", "7", ("id",), Comparator.EQUAL, "7"),
        "no value": ("notes", "", ("notes",), Comparator.EQUAL, ""),
    }

    @pytest.mark.parametrize("field, value, path, comparator, operand", table(ASKED))
    def test_asks_for(self, field, value, path, comparator, operand):
        call = search(f"<field>{field}</field><value>{value}</value>")

        assert call.criteria == (Criterion(path, comparator, (operand,)),)

    def test_takes_a_field_of_the_site_for_a_text_unless_it_is_none(self):
        call = search("<field>cf_tier</field><value>gold</value>")

        equal = Criterion(("custom_tier",), Comparator.EQUAL, ("gold",))
        assert call.criteria == (Criterion(("custom_tier",), Comparator.ILIKE, ("gold",), if_no_text=(equal,)),)

    COMPARED = {
        "more": ("units", "> 4", "units", [(">", "4")]),
        "at least a moment": ("modifiedtime", ">=2026-11-27 00:00:00", "changed_at", [(">=", "2026-11-27 00:00:00")]),
        "at most, by another name": ("updated_at", "<= 2026-11-27", "changed_at", [("<=", "2026-11-27")]),
        "less than a price": ("unit_price", "<250", "price", [("<", "250")]),
        "what lies between": ("units", "1 .. 5", "units", [(">=", "1"), ("<=", "5")]),
        "what is equal": ("units", "4", "units", [("=", "4")]),
        "a range without an end": ("units", "1..", "units", [("=", "1..")]),
        "a text that begins so": ("notes", ">=4", "notes", [("ILIKE", ">=4")]),
        "a text with two points": ("name", "a..b", "description", [("ILIKE", "a..b")]),
    }

    @pytest.mark.parametrize("field, value, path, compared", table(COMPARED))
    def test_compares(self, field, value, path, compared):
        members = f"<field>{field}</field><value>{value.replace('<', '&lt;')}</value>"
        call = search(members)

        assert [(each.comparator, each.values[0]) for each in call.criteria] == compared
        assert {each.path[0] for each in call.criteria} == {path}
        again = CRM.read(CRM.build_request(call, call.context), OPERATIONS, CRM.settings)
        assert again.criteria == call.criteria

    PAGES = {
        "nothing said": ("", 20, 0),
        "both": ("<limit>500</limit><offset>40</offset>", 500, 40),
        "nil": ('<limit xsi:nil="true"/><offset/>', 20, 0),
    }

    @pytest.mark.parametrize("members, limit, offset", table(PAGES))
    def test_is_paged_in_the_order_of_ids(self, members, limit, offset):
        call = search(members)

        assert (call.limit, call.offset, call.order, call.criteria) == (limit, offset, ("id",), ())


REFUSED = {
    "no such manager": ("nobody", "getProduct", SESSION, Family.UNKNOWN_OPERATION, "There is no manager 'nobody'"),
    "a method of another manager": (PRODUCTS, "createSession", "", Family.UNKNOWN_OPERATION, "is no method of product"),
    "a third argument": (PRODUCTS, "getProduct", f"{SESSION}<id>1</id><x/>", Family.MALFORMED, "takes session, id"),
    "an argument twice": (PRODUCTS, "getProduct", f"{SESSION}<id>1</id><id>2</id>", Family.MALFORMED, "not 'id'"),
    "a reference to nothing": (PRODUCTS, "getProduct", '<session href="#a"/>', Family.MALFORMED, "'#a', which is not"),
    "a limit of none": (PRODUCTS, "searchProducts", f"{SESSION}<c><limit>0</limit></c>", Family.INVALID, "1 to 500"),
    "a limit of all": (PRODUCTS, "searchProducts", f"{SESSION}<c><limit>501</limit></c>", Family.INVALID, "1 to 500"),
    "an offset below": (PRODUCTS, "searchProducts", f"{SESSION}<c><offset>-1</offset></c>", Family.INVALID, "0 to"),
    "a value of nothing": (PRODUCTS, "searchProducts", f"{SESSION}<c><value>a</value></c>", Family.INVALID, "blank"),
    "no criteria": (PRODUCTS, "searchProducts", f"{SESSION}<c><order>a</order></c>", Family.MALFORMED, "Criteria have"),
    "a type that is none": (ENTITIES, "bulkEntitySave", f"{SESSION}<type>Ledger</type>", Family.INVALID, "Products, "),
    "a module that is none": ("fieldManager", "getCrmFields", f"{SESSION}<x>y</x>", Family.INVALID, "Products, "),
    "a login with more": (
        "contactManager", "authenticatePortalUser", f"{SESSION}<login><pin>1</pin></login>", Family.MALFORMED, "'pin'",
    ),
}  # fmt: skip


class TestRefuses:
    @pytest.mark.parametrize("manager, method, arguments, family, words", table(REFUSED))
    def test(self, manager, method, arguments, family, words):
        with pytest.raises(RequestError) as refused:
            read(manager, method, arguments)

        assert refused.value.problem.family is family
        assert words in refused.value.problem.sentence()

    LATER = {
        "no record": (PRODUCTS, "createProduct", SESSION, "has no product"),
        "no id": (PRODUCTS, "deleteProduct", SESSION, "is required"),
        "no JSON": (ENTITIES, "bulkEntitySave", f"{SESSION}<type>Products</type><datas>[</datas>", "datas is not JSON"),
        "no array": (ENTITIES, "bulkEntitySave", f"{SESSION}<type>Products</type><datas>1</datas>", "array of objects"),
        "a second method": (
            PRODUCTS,
            "createProduct",
            f"{SESSION}<product/></c:createProduct><c:x>",
            "second operation",
        ),
    }

    @pytest.mark.parametrize("manager, method, arguments, words", table(LATER))
    def test_when_the_caller_is_known(self, manager, method, arguments, words):
        body = envelope(method, arguments).replace(b"<c:x></c:createProduct>", b"<c:x></c:x>")
        call = CRM.read(request(manager, body), OPERATIONS, CRM.settings)

        with pytest.raises(RequestError) as refused:
            list(call.records)
        assert words in refused.value.problem.sentence()

    def test_soap_1_2(self):
        body = envelope("getProduct", SESSION).replace(SOAP_11.encode(), b"http://www.w3.org/2003/05/soap-envelope")

        with pytest.raises(RequestError) as refused:
            CRM.read(request(PRODUCTS, body), OPERATIONS, CRM.settings)
        assert refused.value.problem.code == "version-mismatch"

    def test_a_soap_action_that_names_another_method(self):
        with pytest.raises(RequestError) as refused:
            read(PRODUCTS, "getProduct", f"{SESSION}<id>77</id>", soapaction='"…&method=deleteProduct"')
        assert "names deleteProduct" in refused.value.problem.sentence()


def bulk(module: str, datas: str) -> list:
    call = read(ENTITIES, "bulkEntitySave", f"{SESSION}<type>{module}</type><datas>{datas}</datas>")
    return [call.operation.name, *call.records]


class TestBulk:
    def test_reads_records_of_a_type(self):
        datas = '[{"id": 7, "unit_price": 2.50, "active": false, "notes": "", "lead_time": null}, {"product_no": "A"}]'

        assert bulk("product", datas) == [
            "parts.put",
            {"id": "7", "price": {"USD": "2.50"}, "active": "false", "notes": EMPTY},
            {"number": "A"},
        ]

    CHOICES = {
        "several": ('["red", "blue"]', "red |##| blue"),
        "one": ('["red"]', "red"),
        "none": ("[]", EMPTY),
        "blanks among them": ('["", "red", null]', "red"),
        "numbers and flags": ("[1.50, true]", "1.50 |##| true"),
        "what is no choice": ('["red", {"a": "b"}]', ["red", {"a": "b"}]),
    }

    @pytest.mark.parametrize("choices, value", table(CHOICES))
    def test_makes_one_text_of_the_choices_of_an_array(self, choices, value):
        datas = f'[{{"cf_colours": {choices}, "notes": {choices}}}]'

        assert bulk("Products", datas)[1] == {"custom_colours": value, "notes": value}
