"""CRM-service over HTTP: sessions and keys, searches, records, portal users, many at once; pages; hostile requests."""

import gzip
import json
import logging
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from lxml import etree

from orders.models import SalesOrder
from parts.models import Part
from records.models import CustomField
from records.tests.cast import table
from webservices.declarations import OPERATIONS
from webservices.exchanges.tests.test_canary import SECRET, leaks
from webservices.models import ApiKey, Exchange, Session
from webservices.tester.exchanges.explain import explain
from webservices.tests.api_keys import ALL, key_for
from webservices.wire.dialects.crm.methods import MANAGERS, METHODS
from webservices.wire.dialects.crm.names import PLACE, SERVICE
from webservices.wire.dialects.crm.tests.messages import envelope

OF = {method.name: method.manager for method in METHODS}


def post(manager, body, **extra):
    query = {"path": f"{SERVICE}?class={manager}", "content_type": "text/xml; charset=utf-8", **extra}
    return Client().generic("POST", query.pop("path"), body, **query)


def call(method, arguments, **extra):
    """What a method returns, or `(faultcode, faultstring)`."""
    response = post(OF[method], envelope(method, arguments), **extra)
    told = etree.fromstring(response.content)[-1][0]
    if response.status_code == 200:
        return told[0]
    return told.findtext("faultcode").removeprefix("soapenv:"), told.findtext("faultstring")


def opened(key):
    token = call("createSession", f"<apiKey>{key}</apiKey>").findtext("sessionID")
    return f"<session><sessionID>{token}</sessionID></session>"


@pytest.fixture
def world(ada):
    call_command("load_demo", verbosity=0)


@pytest.fixture
def session(world):
    """An open session of a key that lists everything."""
    return opened(key_for(User.objects.get(username="ada"), *ALL))


def search(session, what="Products", **criteria):
    members = "".join(f"<{name}>{value}</{name}>" for name, value in criteria.items())
    found = call(f"search{what}", f"{session}<criteria>{members}</criteria>")
    return found if isinstance(found, tuple) else [item.findtext("id") for item in found]


def number_of(session, what, name, id_):
    return call(f"get{what}", f"{session}<id>{id_}</id>").findtext(name)


def write_members(members):
    return "".join(f"<{name}>{text}</{name}>" for name, text in members.items())


def order_members(row):
    return f"<account_no>ACME</account_no><rows><item>{write_members(row)}</item></rows>"


class TestSessions:
    def test_live_an_hour_after_the_last_call(self, session):
        kept = Session.objects.get()
        assert kept.minutes == 60

        Session.objects.update(used_at=kept.used_at - timedelta(minutes=62))

        assert call("getProduct", f"{session}<id>1</id>")[0] == "Client.InvalidSession"

    def test_end_when_they_are_destroyed(self, session):
        assert call("destroySession", session).text == "1"
        code, sentence = call("destroySession", session)

        assert (code, sentence.endswith("call createSession again.")) == ("Client.InvalidSession", True)

    def test_need_a_key_that_is_in_use(self, session):
        ApiKey.objects.update(revoked_at="2026-01-01T00:00Z")

        assert call("createSession", "<apiKey>cp_nothing_x</apiKey>") == (
            "Client.InvalidApiKey",
            "This API key is not known.",
        )
        assert call("createSession", "<apiKey/>")[0] == "Client.InvalidApiKey"
        assert call("getProduct", f"{session}<id>1</id>")[0] == "Client.InvalidSession"

    def test_allow_the_methods_that_the_key_lists(self, world):
        mine = opened(key_for(User.objects.get(username="ada"), "sessions.open", "parts.find"))

        assert search(mine, field="product_no", value="PUMP-100")
        code, sentence = call("createProduct", f"{mine}<product><product_no>A</product_no></product>")
        assert code == "Client.MethodNotAllowed"
        assert sentence.endswith("does not list createProduct.")

    def test_allow_no_more_than_the_user_may(self, world):
        key = key_for(User.objects.get(username="bob"), *ALL)

        assert call("createSession", f"<apiKey>{key}</apiKey>")[0] == "Client.MethodNotAllowed"


class TestSearch:
    FOUND = {
        "exactly, but for case": ({"field": "product_no", "value": "pump-100"}, ["PUMP-100"]),
        "by a beginning": ({"field": "product_no", "value": "pump-1%", "limit": 1}, ["PUMP-100"]),
        "nothing by a part": ({"field": "product_no", "value": "pump-1"}, []),
        "nothing by another's wildcard": ({"field": "product_no", "value": "PUMP_100"}, []),
        "by its description": ({"field": "description", "value": "PUMP, medium"}, ["PUMP-200"]),
        "by a text of the site's": ({"field": "cf_tier", "value": "gold", "limit": 1}, ["DRIVE-150"]),
        "by a number of the site's": ({"field": "cf_field1", "value": "10.0", "limit": 1}, ["PUMP-100"]),
        "by its price": ({"field": "unit_price", "value": "250", "limit": 1}, ["PUMP-100"]),
    }

    @pytest.mark.parametrize("criteria, numbers", table(FOUND))
    def test_finds(self, session, criteria, numbers):
        found = search(session, **criteria)

        assert [number_of(session, "Product", "product_no", each) for each in found] == numbers

    COMPARED = {
        "a price": ({"field": "unit_price", "value": "250..260"}, {"PUMP-100"}),
        "a number": ({"field": "lead_time", "value": ">= 14"}, {"PUMP-100"}),
        "a number of the site's": ({"field": "cf_field1", "value": "10..10.5"}, {"PUMP-100"}),
        "by a name of the newer interface": ({"field": "entity_no", "value": "pump-100"}, {"PUMP-100"}),
        "a text of the site's that begins so": ({"field": "cf_tier", "value": ">= Gold"}, set()),
    }

    @pytest.mark.parametrize("criteria, numbers", table(COMPARED))
    def test_compares(self, session, criteria, numbers):
        found = {number_of(session, "Product", "product_no", each) for each in search(session, **criteria, limit=500)}

        assert (numbers <= found) if numbers else not found
        assert len(found) < Part.objects.count() / 2

    def test_finds_what_has_changed_since_a_moment_and_goes_on_when_it_recurs(self, session):
        since = "&gt;= 2026-11-27 00:00:00"
        Part.objects.update(changed_at="2026-11-26T23:59:59Z")
        Part.objects.filter(number="PUMP-100").update(changed_at="2026-11-27T00:00:00.5Z")

        found = [search(session, field="modifiedtime", value=since) for _ in range(4)]
        between = [search(session, field="units", value=value) for value in ("1", "1", "1", "0..0")]

        assert [[number_of(session, "Product", "product_no", id) for id in ids] for ids in found] == [["PUMP-100"]] * 4
        assert between[0]
        assert between[3] == []

    def test_is_paged_by_id(self, session):
        every = search(session, limit=500)
        pages = [search(session, limit=3, offset=offset) for offset in (0, 3)]

        assert every == sorted(every, key=int)
        assert (len(search(session)), [*pages[0], *pages[1]]) == (20, every[:6])

    REFUSED = {
        "a field that there is not": ({"field": "colour"}, "colour is no member of Product."),
        "a field that is not on this wire": (
            {"field": "company_associations"},
            "company_associations is no member of Product.",
        ),
        "a field of the site's that there is not": ({"field": "cf_teir"}, "Did you mean cf_tier?"),
        "the hub's own name": ({"field": "custom_tier"}, "custom_tier is no member of Product."),
        "a number that is none": ({"field": "cf_field1"}, "cf_field1 must be a number; 'red' is not."),
    }

    @pytest.mark.parametrize("criteria, words", table(REFUSED))
    def test_refuses(self, session, criteria, words):
        code, sentence = search(session, value="red", **criteria)

        assert (code, words in sentence) == ("Client.ValidationError", True), sentence

    WRONG = {
        "a text": ("<criteria>PRO2124</criteria>", "'PRO2124' is a text."),
        "two fields": ("<criteria><field>id</field><field>notes</field></criteria>", "Criteria have one field;"),
    }

    @pytest.mark.parametrize("criteria, words", table(WRONG))
    def test_takes_criteria_of_one_field(self, session, criteria, words):
        code, sentence = call("searchProducts", session + criteria)

        assert (code, words in sentence) == ("Client.ValidationError", True), sentence

    def test_has_no_lists_to_search_by(self, session):
        found = search(session, "SalesOrders", field="rows", value="A")

        assert found == ("Client.ValidationError", "rows cannot be searched by.")

    def test_finds_orders_of_an_account(self, session):
        account = SalesOrder.objects.get(number="SO-1000").customer_id
        found = search(session, "SalesOrders", field="account_id", value=account)

        assert "SO-1000" in {number_of(session, "SalesOrder", "salesorder_no", each) for each in found}


class TestRecords:
    def test_are_answered_as_they_are_stored(self, session):
        made = call(
            "createProduct", f"{session}<product><product_no>A</product_no><unit_price>2.5</unit_price></product>"
        )
        changed = call("updateProduct", f"{session}<product><id>{made.findtext('id')}</id><units>4</units></product>")

        assert (made.findtext("unit_price"), made.findtext("active")) == ("2.50", "1")
        assert (changed.findtext("product_no"), changed.findtext("units"), changed.findtext("unit_price")) == (
            "A",
            "4",
            "2.50",
        )

    AMOUNTS = ["12345678901234.56789", "0.00001", "0.10", "1E+3"]

    @pytest.mark.parametrize("amount", AMOUNTS)
    def test_have_money_to_the_last_digit(self, session, amount):
        members = f"<product_no>A</product_no><unit_price>{amount}</unit_price>"
        made = call("createProduct", f"{session}<product>{members}</product>")
        datas = json.dumps([{"product_no": "B", "unit_price": "#"}]).replace('"#"', amount)
        call("bulkEntitySave", f"{session}<type>Products</type><datas>{datas}</datas>")

        found = search(session, field="unit_price", value=amount)

        price = made.findtext("unit_price")
        assert Decimal(price) == Decimal(amount)
        assert [number_of(session, "Product", "unit_price", each) for each in found] == [price] * 2

    def test_are_changed_by_number_where_no_id_is_sent(self, session):
        changed = call(
            "updateProduct", f"{session}<product><product_no>PUMP-100</product_no><units>4</units></product>"
        )

        assert changed.findtext("units") == "4"

    def test_keep_their_number(self, session):
        pump = Part.objects.get(number="PUMP-100").pk

        code, sentence = call("updateProduct", f"{session}<product><id>{pump}</id><product_no>B</product_no></product>")

        assert (code, "product_no 'PUMP-100', not 'B'" in sentence) == ("Client.ValidationError", True)

    def test_that_are_used_become_inactive_and_others_are_gone(self, session):
        used, unused = (Part.objects.get(number=number).pk for number in ("PUMP-100", "PUMP-090"))
        made = call("createProduct", f"{session}<product><product_no>A</product_no></product>").findtext("id")

        assert call("deleteProduct", f"{session}<id>{used}</id>").findtext("active") == "0"
        assert len(call("deleteProduct", f"{session}<id>{made}</id>")) == 0
        assert call("deleteProduct", f"{session}<id>{made}</id>")[0] == "Client.NotFound"
        assert Part.objects.filter(pk=unused).exists()

    def test_that_are_not_there_are_faults(self, session):
        for method in ("getProduct", "deleteProduct"):
            assert call(method, f"{session}<id>999999</id>")[0] == "Client.NotFound"
        for members in ("<id>999999</id>", "<product_no>NO</product_no>"):
            assert call("updateProduct", f"{session}<product>{members}</product>")[0] == "Client.NotFound"

    def test_name_what_is_wrong_in_the_words_of_this_wire(self, session):
        row = "<rows><item><product_no>PUMP-100</product_no><qty>0</qty><unit_price>1</unit_price></item></rows>"
        order = f"<salesOrder><account_no>ACME</account_no>{row}</salesOrder>"

        assert call("createSalesOrder", session + order) == (
            "Client.ValidationError",
            "rows[1].qty must be more than 0; 0 is not.",
        )
        assert call("createSalesOrder", f"{session}<salesOrder/>")[1] == "account_no is required."

    def test_have_the_fields_of_the_site(self, session):
        CustomField.objects.create(resource="part", name="grade", label="Grade", type="menu", choices=["Gold", "Tin"])
        members = "<product_no>A</product_no><cf_grade>Gold</cf_grade>"

        made = call("createProduct", f"{session}<product>{members}</product>")

        assert made.findtext("cf_grade") == "Gold"
        assert search(session, field="cf_grade", value="g%") == [made.findtext("id")]
        told = {each.findtext("name"): each for each in call("getCrmFields", f"{session}<module>Products</module>")}
        assert (told["cf_grade"].findtext("custom"), told["cf_grade"].findtext("uitype")) == ("1", "15")
        menu = call("getPicklistValues", f"{session}<id>{told['cf_grade'].findtext('picklist_id')}</id><language/>")
        assert [each.findtext("value") for each in menu] == ["Gold", "Tin"]
        wsdl = Client().get(f"{SERVICE}?class=productManager&wsdl").content
        assert b'name="cf_grade"' in wsdl

    def test_of_orders_have_what_is_said_of_them_and_nothing_that_says_nothing(self, session):
        """A former client refuses a member that it does not know: it meets none in an order that says no more."""
        CustomField.objects.create(resource="sales_order", name="lane", label="Lane")
        later = {
            "purchaseorder_no": "4711", "orderdate": "2025-12-31", "shipdate": "2026-01-02",
            "invoicedate": "2026-01-03", "ship_method": "Truck", "tracking_no": "1Z", "territory": "North",
            "notes": "Call.", "tax": "1.50", "freight": "2.00", "cf_lane": "7",
        }  # fmt: skip
        dates = {"duedate": "2026-01-05", "shipdate": "2026-01-02"}
        row = {"product_no": "PUMP-100", "unit_price": "250", "qty": "1"}

        plain, said = (
            call("createSalesOrder", f"{session}<salesOrder>{members}</salesOrder>")
            for members in (order_members(row), order_members(row | dates) + write_members(later))
        )

        assert {each.tag: each.text for each in said if each.tag in later} == later
        assert said.findtext("grand_total") == "253.50"
        assert {each.tag: each.text for each in said.find("rows")[0] if each.tag in dates} == dates
        assert {each.tag for each in plain} & {*later, "grand_total"} == {"cf_lane"}  # which the site has defined
        assert not {each.tag for each in plain.find("rows")[0]} & {*dates}
        for name, value in {"orderdate": "&lt;2026-01-01", "purchaseorder_no": "47%", "tax": "1..2"}.items():
            assert search(session, "SalesOrders", field=name, value=value)[-1:] == [said.findtext("id")], name

    def test_have_a_name_beside_what_it_is_called_here(self, session):
        made = call("createAccount", f"{session}<account><name>Base Oy</name></account>")
        id = made.findtext("id")
        as_read = f"<id>{id}</id><company>Base Oy</company><name>Base Oy</name>"

        answers = [
            call("updateAccount", f"{session}<account>{as_read.replace(*change)}</account>")
            for change in (("<name>Base Oy", "<name>Base Ab"), ("<company>Base Oy", "<company>Base AS"))
        ]

        assert (made.findtext("company"), made.findtext("name")) == ("Base Oy", "Base Oy")
        assert answers[0].findtext("company") == "Base Ab"
        assert answers[1][0] == "Client.ValidationError"  # by now neither of its two values is stored
        assert "company and another name of it" in answers[1][1]

    def test_have_stamps_that_may_come_back_as_they_were_answered(self, session):
        made = call("createProduct", f"{session}<product><product_no>A</product_no></product>")
        stamps = "".join(f"<{name}>{made.findtext(name)}</{name}>" for name in ("createdtime", "modifiedtime"))
        sent = f"<product><id>{made.findtext('id')}</id>{stamps}<units>7</units></product>"

        assert call("updateProduct", session + sent).findtext("units") == "7"
        assert " " in made.findtext("createdtime")

    def test_are_not_kept_in_a_dry_run(self, session):
        made = call("createProduct", f"{session}<product><product_no>A</product_no></product>", HTTP_X_DRY_RUN="true")

        assert len(made) == 0
        assert not Part.objects.filter(number="A").exists()


class TestPortalUsers:
    def login(self, **changed):
        sent = {"email": "ada@acme.example.com", "password": "w-9Kz", "portal_id": "Customers", **changed}
        return "<login>" + "".join(f"<{name}>{text}</{name}>" for name, text in sent.items()) + "</login>"

    @pytest.fixture(autouse=True)
    def _password(self, world, stored_hash):
        from customers.models import PortalUser

        PortalUser.objects.filter(email="ada@acme.example.com").update(password=stored_hash("w-9Kz"))

    def test_are_signed_in(self, session):
        user = call("authenticatePortalUser", session + self.login())

        assert (user.findtext("first_name"), user.findtext("email")) == ("Ada", "ada@acme.example.com")
        assert number_of(session, "Account", "account_no", user.findtext("account_id")) == "ACME"

    def test_are_refused_with_the_same_words_whatever_is_wrong(self, session):
        wrong = [{"password": "x"}, {"email": "nobody@acme.example.com"}, {"portal_id": "None"}]

        told = {call("authenticatePortalUser", session + self.login(**each)) for each in wrong}

        assert [code for code, _ in told] == ["Client.AuthenticationFailed"]


class TestBulk:
    def save(self, session, module, *records):
        """The entries of what was saved, or a fault; the header is in `problems`."""
        datas = json.dumps(records).replace("&", "&amp;").replace("<", "&lt;")
        body = envelope("bulkEntitySave", f"{session}<type>{module}</type><datas>{datas}</datas>")
        response = post("entityManager", body)
        self.problems = json.loads(response.get("X-Problems", "[]"))
        told = etree.fromstring(response.content)[-1][0]
        if response.status_code != 200:
            return told.findtext("faultcode").removeprefix("soapenv:"), told.findtext("faultstring")
        return json.loads(told[0].text)

    def test_answers_what_was_saved_and_says_beside_it_what_was_not(self, session):
        pump = Part.objects.get(number="PUMP-100").pk
        wrong = {"product_no": "C", "units": "viele \N{EURO SIGN}"}

        told = self.save(session, "Products", {"id": pump, "units": 3}, wrong, {"product_no": "A<B"})

        assert [(each["product_no"], each["result"]) for each in told] == [("PUMP-100", "updated"), ("A<B", "created")]
        sentence = "units must be a whole number; 'viele \N{EURO SIGN}' is not."
        assert self.problems == [{"record": 2, "error": sentence}]
        [reason] = Exchange.objects.latest("id").outcomes[1]["problems"]
        assert reason["says"] == sentence
        assert Part.objects.get(pk=pump).units == 3

    def test_answers_nothing_when_nothing_was_saved(self, session):
        assert self.save(session, "Accounts", {"id": 999999, "company": "Nobody"}) == []
        assert [each["record"] for each in self.problems] == [1]
        assert "999999" in self.problems[0]["error"]

    def test_answers_as_it_did_before_where_the_site_says_so(self, session, settings):
        settings.DIALECT_TERMS = {"crm-service": {"answer_failed": True}}

        told = self.save(session, "Products", {"product_no": "A"}, {"product_no": "C", "units": "many"})
        code, sentence = self.save(session, "Accounts", {"id": 999999, "company": "Nobody"})

        assert [(each["product_no"], each["result"]) for each in told] == [("A", "created"), ("C", "failed")]
        assert told[1]["error"] == "units must be a whole number; 'many' is not."
        assert (code, "999999" in sentence) == ("Client.NotFound", True)

    def test_adds_leads_and_keeps_where_they_come_from_for_this_wire(self, session):
        lead = {"last_name": "Virtanen", "company": "acme engines & co", "leadsource": "Web", "mobile": ""}

        [entry] = self.save(session, "Leads", lead)

        contact = call("getContact", f"{session}<id>{entry['id']}</id>")
        assert (contact.findtext("contact_no"), contact.findtext("leadsource")) == (entry["contact_no"], "Web")
        assert number_of(session, "Account", "account_no", contact.findtext("account_id")) == "ACME"
        assert search(session, "Contacts", field="leadsource", value="w%") == [str(entry["id"])]
        [shown] = explain(Exchange.objects.get(operation="leads.add")).records
        assert shown.record == f"/admin/customers/contact/{entry['id']}/change/"
        assert {"last_name", "crm-service.leadsource"} <= {change.name for change in shown.changes}
        assert self.save(session, "Leads", {**lead, "id": entry["id"]}) == []
        assert "id is no member of Lead." in self.problems[0]["error"]

    def test_gives_potentials_and_contacts_the_fields_of_the_site(self, session):
        for resource in ("sales_order", "contact"):
            CustomField.objects.create(resource=resource, name="lane", label="Lane")

        [order] = self.save(session, "Potentials", {"potentialname": "Ten pumps", "cf_lane": "7"})
        [contact] = self.save(session, "Contacts", {"account_no": "ACME", "cf_lane": "8"})

        assert number_of(session, "SalesOrder", "cf_lane", order["id"]) == "7"
        assert number_of(session, "Contact", "cf_lane", contact["id"]) == "8"
        assert search(session, "Contacts", field="cf_lane", value="8") == [str(contact["id"])]

    def test_draws_numbers(self, session):
        [told] = self.save(session, "accounts", {"company": "Base Oy"})

        assert (told["result"], told["account_no"].isdigit()) == ("created", True)

    def test_needs_the_right_to_that_kind_of_record(self, world):
        mine = opened(key_for(User.objects.get(username="ada"), "sessions.open", "parts.put"))

        assert self.save(mine, "Products", {"product_no": "A"})[0]["result"] == "created"
        assert self.save(mine, "Accounts", {"company": "A"})[0] == "Client.MethodNotAllowed"


def test_the_test_page_speaks_the_language_of_the_site(world, client, settings):
    settings.DEFAULT_LANGUAGE, settings.DEFAULT_CURRENCY = "de", "EUR"
    client.force_login(User.objects.get(username="ada"))
    chosen = {"version": "crm-service", "tab": "productManager", "api": "update-0", "key-number": "PUMP-100"}

    page = client.post("/admin/webservices/test/", {**chosen, "do": "generate"}).context["page"]

    assert {tab.label for tab in page.tabs} == {*MANAGERS}
    assert ">Pumpe, klein</description>" in page.text
    assert ">230.00</unit_price>" in page.text


class TestPages:
    def test_list_every_manager_method_and_member(self, db):
        page = Client().get(PLACE).content.decode()

        assert all(f'id="{manager}"' in page for manager in MANAGERS)
        assert all(f"<strong>{method.name}</strong>" in page for method in METHODS)
        assert {"lenght", "bill_street", "value_period", "Client.InvalidApiKey"} <= set(
            page.replace("<", ">").split(">")
        )
        assert "src=" not in page
        assert "http" not in page.partition("<main>")[0].replace("http://www.w3.org", "")

    def test_are_one_for_each_manager_too(self, db):
        page = Client().get(f"{SERVICE}?class=FIELDMANAGER").content.decode()

        assert "getCrmFields" in page
        assert f'href="{SERVICE}?class=productManager"' in page
        assert "createProduct" not in page

    @pytest.mark.parametrize("minutes", [60, 10])
    def test_say_how_long_a_session_lives(self, db, settings, minutes):
        settings.KEY_SESSION_MINUTES = minutes

        assert f"{minutes} minutes after the last call" in " ".join(Client().get(PLACE).content.decode().split())

    def test_say_which_operations_a_key_lists(self, db):
        page = Client().get(PLACE).content.decode()

        meant = {OPERATIONS.get(*name).name for method in METHODS for name in method.operations}
        assert all(f"<code>{name}</code>" in page for name in meant)

    def test_of_no_manager_names_those_there_are(self, db):
        response = Client().get(f"{SERVICE}?class=nobody")

        assert (response.status_code, b"productManager" in response.content) == (404, True)

    @pytest.mark.parametrize("path", [PLACE, f"{SERVICE}?class=productManager", f"{PLACE}encoding.xsd"])
    def test_may_be_for_known_callers_only(self, db, settings, path):
        settings.PUBLIC_CONTRACTS = False

        assert Client().get(path).status_code == 401

    @pytest.mark.parametrize("manager", MANAGERS)
    def test_give_wsdls_that_name_the_host_as_it_was_reached(self, db, manager):
        root = etree.fromstring(Client().get(f"{SERVICE}?class={manager}&WSDL").content)

        address = root.find("{*}service/{*}port/{*}address").get("location")
        assert address == f"http://testserver{SERVICE}?class={manager}"
        assert Client().get(f"{PLACE}encoding.xsd").status_code == 200

    def test_answer_other_methods_in_one_sentence(self, db):
        response = Client().put(f"{SERVICE}?class=productManager")

        assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, POST")


WHO = "<session><sessionID>x</sessionID></session>"
GET = envelope("getProduct", f"{WHO}<id>1</id>")
ADD = envelope("createProduct", f"{WHO}<product><product_no>P-1</product_no></product>")
DEEP = "<a>" * 1000 + "</a>" * 1000
WIDE = "<product " + " ".join(f'a{number}=""' for number in range(10_000)) + "/>"
HOSTILE = {
    "no session": (envelope("getProduct", "<id>1</id>"), {}, "no-session"),
    "a session that is none": (GET, {}, "session-ended"),
    "a key that is none": (
        envelope("createSession", "<apiKey>x</apiKey>"), {"manager": "sessionManager"}, "unknown-token",
    ),
    "malformed XML": (GET.replace(b"</s:Body>", b"</Body>"), {}, "malformed"),
    "an undeclared prefix": (GET.replace(b"<id>", b"<x:id>"), {}, "malformed"),
    "no XML": (b"hello", {}, "malformed"),
    "an empty body": (b"", {}, "empty-body"),
    "a document type": (b"<!DOCTYPE a><a/>", {}, "document-type"),
    "no envelope": (b"<a/>", {}, "not-soap"),
    "an unknown method": (envelope("nothing", WHO), {}, "unknown-operation"),
    "an unknown manager": (ADD, {"manager": "nobody"}, "unknown-operation"),
    "no manager": (ADD, {"path": SERVICE}, "unknown-operation"),
    "another method in SOAPAction": (ADD, {"HTTP_SOAPACTION": '"x&method=deleteProduct"'}, "unknown-operation"),
    "a header that must be understood": (
        envelope("getProduct", WHO, header='<s:Header><x s:mustUnderstand="1"/></s:Header>'), {}, "must-understand",
    ),
    "a gzip bomb": (gzip.compress(bytes(30_000_000)), {"HTTP_CONTENT_ENCODING": "gzip"}, "too-large"),
    "gzip cut off": (gzip.compress(ADD)[:-9], {"HTTP_CONTENT_ENCODING": "gzip"}, "cut-off"),
    "over the limit": (ADD + b" " * 3_000_000, {}, "too-large"),
    "1,000 levels, of a stranger": (envelope("createProduct", DEEP), {}, "too-deep"),
    "10,000 attributes, of a stranger": (envelope("createProduct", WIDE), {}, "too-many-attributes"),
    "a session without end": (envelope("getProduct", f"<session>{'<a/>' * 60_000}</session>"), {}, "too-many-elements"),
    "references in a circle": (
        envelope("getProduct", '<session href="#a"/>', '<m id="a"><sessionID href="#b"/></m><m id="b" href="#a"/>'),
        {}, "no-session",
    ),
    "a session in clear": (GET, {"REMOTE_ADDR": "10.0.0.7"}, "clear-password"),
}  # fmt: skip


@pytest.mark.parametrize("body, extra, code", table(HOSTILE))
def test_refuses_in_the_form_of_the_dialect(body, extra, code, ada, settings):
    settings.MAX_BODY_BYTES = 2_000_000

    response = post(extra.pop("manager", "productManager"), body, **extra)

    kept = Exchange.objects.get()
    assert (response.status_code, kept.code, kept.dialect) == (500, code, "crm-service")
    assert b"<faultstring>" in response.content
    assert b"Traceback" not in response.content
    assert not Part.objects.exists()


def sign_in(login, beside=""):
    return "contactManager", envelope("authenticatePortalUser", f"{WHO}<login>{login}</login>", beside)


KEY = f"<apiKey>{SECRET}</apiKey>"
CANARY = {
    "a key": ("sessionManager", envelope("createSession", KEY)),
    "a key by order": ("sessionManager", envelope("createSession", f"<key>{SECRET}</key>")),
    "a key by order, with more": ("sessionManager", envelope("createSession", f"<key>{SECRET}</key><x/>")),
    "a key beside its reference": (
        "sessionManager", envelope("createSession", '<apiKey href="#a"/>', f'<multiRef id="a">{SECRET}</multiRef>'),
    ),
    "a key of another method": ("sessionManager", envelope("create", KEY)),
    "a key at another manager": ("productManager", envelope("createSession", KEY)),
    "a key in a message that is cut off": ("sessionManager", envelope("createSession", KEY)[:-40]),
    "a session": ("productManager", GET.replace(b">x<", f">{SECRET}<".encode())),
    "a session as a text": ("productManager", envelope("getProduct", f"<session>{SECRET}</session><id>1</id>")),
    "a session by order": ("productManager", envelope("getProduct", f"<param0>{SECRET}</param0><id/><x/>")),
    "a session, repeated": (
        "productManager", GET.replace(b">x<", f">{SECRET}<".encode()).replace(b">1<", f">{SECRET}<".encode()),
    ),
    "a password": sign_in(f"<email>a@b.c</email><password>{SECRET}</password><portal_id>1</portal_id>"),
    "a password of another name": sign_in(f"<pin>{SECRET}</pin>"),
    "a password beside its reference": sign_in('<password href="#p"/>', f'<multiRef id="p">{SECRET}</multiRef>'),
    "a password that refers to nothing": sign_in(f'<password href="#{SECRET}"/>'),
}  # fmt: skip


@pytest.mark.parametrize("manager, body", table(CANARY))
def test_keeps_no_secret(manager, body, ada, caplog):
    caplog.set_level(logging.DEBUG)

    post(manager, body)

    assert not leaks(caplog)
    assert Exchange.objects.count() == 1
