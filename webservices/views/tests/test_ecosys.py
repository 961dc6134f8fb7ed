"""EcoSys through the real endpoint: the base text's own requests, the reason codes, what a site publishes, sessions."""

import json

import pytest
from django.contrib.auth.models import User
from django.test import Client
from lxml import etree

from customers.models import Customer
from customers.services import CONTACTS
from orders.services import SALES_ORDERS
from parts.models import Part
from parts.services import PARTS
from records.models import CustomField
from records.tests.cast import ADA, NOW, table
from webservices.exchanges.store import body_text
from webservices.models import BatchJob, Exchange, Session
from webservices.tests.ecosys import (
    REST_JSON,
    REST_XML,
    SOAP,
    basic,
    call,
    customer,
    fault,
    inside,
    messages,
    post,
    publish_sample,
    results,
)
from webservices.tests.test_publishing import publish
from webservices.wire.dialects.ecosys.tests.apis import request
from webservices.wire.dialects.ecosys.tests.seed import DELETE, RESPONSE, UPDATE


class TestTheBaseText:
    @pytest.fixture(autouse=True)
    def _site(self, db, stored_hash):
        User.objects.create(username="admin", password=stored_hash("secret"), is_superuser=True)
        publish_sample()
        customer("Project ABC", province="ABC")
        customer("Project DEF", province="DEF")

    def test_update(self):
        response = post(UPDATE)

        answer = inside(response)
        shape = [(etree.QName(each).localname, list(each.attrib)) for each in answer.iter(etree.Element)]
        assert (response.status_code, shape) == (200, RESPONSE)
        assert results(answer) == [(True, []), (False, ["ESRC_OBJECT_NOT_FOUND_BY_KEY"])]
        assert answer[0].get("internalId") == str(Customer.objects.get(number="Project ABC").pk)
        assert answer.findtext(".//KeyName") == "Project DEF"
        names = dict(Customer.objects.values_list("number", "company"))
        assert names == {"Project ABC": "Project ABC New Name", "Project DEF": ""}

    def test_update_is_logged_as_a_job(self):
        post(UPDATE)

        job = BatchJob.objects.get()
        assert (job.title, job.level, job.dialect) == ("UpdateSampleObject", "DETAIL", "ecosys")
        assert (job.received, job.succeeded, job.failed) == (2, 1, 1)

    def test_delete(self):
        answer = inside(post(DELETE))

        assert results(answer) == [(True, []), (False, ["ESRC_OBJECT_NOT_FOUND_BY_KEY"])]
        assert [*Customer.objects.values_list("number", flat=True)] == ["Project DEF"]

    def test_leaves_no_password_behind(self):
        post(UPDATE)

        kept = Exchange.objects.get()
        assert (kept.dialect, kept.operation, kept.user_name) == ("ecosys", "customers.update", "admin")
        assert (kept.updated, kept.failed) == (1, 1)
        assert "secret" not in body_text(kept.request_body)


def part(content):
    return f"<Part>{content}</Part>"


def contact(content):
    return f"<Contact>{content}</Contact>"


REASONS = {
    "an unknown key": ("Part", "Update", part("<PartID>P-9</PartID>"), "ESRC_OBJECT_NOT_FOUND_BY_KEY"),
    "an unknown key to delete": (
        "Part", "Delete", "<PartKey><PartID>P-9</PartID></PartKey>", "ESRC_OBJECT_NOT_FOUND_BY_KEY",
    ),
    "a value that does not fit": (
        "Part", "Update", part("<PartID>P-1</PartID><LeadTime>soon</LeadTime>"), "ESRC_VALIDATION_FAULT",
    ),
    "an unknown column": ("Part", "Update", part("<PartID>P-1</PartID><Unit>2</Unit>"), "ESRC_VALIDATION_FAULT"),
    "an unknown customer": (
        "Contact", "Create", contact("<CustomerID>NOBODY</CustomerID>"), "ESRC_UNRESOLVED_IDENTIFIER",
    ),
    "a key that is taken": ("Part", "Create", part("<PartID>P-1</PartID>"), "ESRC_DUPLICATE_IDENTIFIER"),
    "no key": ("Part", "Create", part("<Notes>x</Notes>"), "ESRC_MISSING_REQUIRED_VALUE"),
    "a required value cleared": (
        "Contact", "Update", contact("<ContactID>C-1</ContactID><CustomerID/>"), "ESRC_MISSING_REQUIRED_VALUE",
    ),
    "a new object outside the filter": (
        "North", "Create", "<North><CostObjectID>N</CostObjectID></North>", "ESRC_DISALLOWED_BY_FILTER",
    ),
    "an object outside the filter": (
        "North", "CreateOrUpdate", "<North><CostObjectID>SOUTH</CostObjectID></North>", "ESRC_DISALLOWED_BY_FILTER",
    ),
    "an object outside the filter, to update": (
        "North", "Update", "<North><CostObjectID>SOUTH</CostObjectID></North>", "ESRC_DISALLOWED_BY_FILTER",
    ),
    "an object outside the filter, to delete": (
        "North", "Delete", "<NorthKey><CostObjectID>SOUTH</CostObjectID></NorthKey>", "ESRC_DISALLOWED_BY_FILTER",
    ),
    "a key that is taken outside the filter": (
        "North", "Create", "<North><CostObjectID>SOUTH</CostObjectID></North>", "ESRC_DISALLOWED_BY_FILTER",
    ),
    "an object that would leave the filter": (
        "Full", "Update", "<Full><CostObjectID>NORTH</CostObjectID><Province>S</Province></Full>",
        "ESRC_DISALLOWED_BY_FILTER",
    ),
    "a read-only column": (
        "SampleObject", "Update",
        "<SampleObject><CostObjectID>NORTH</CostObjectID><Site>Oslo</Site></SampleObject>",
        "ESRC_DISALLOWED_BY_CONDFORMAT",
    ),
}  # fmt: skip


class TestReasonCodes:
    @pytest.fixture(autouse=True)
    def _site(self, ada):
        north = [("province", "=", "N")]
        publish_sample()
        publish_sample("North", filter=north)
        publish("Full", "customers", columns=[("CostObjectID", "number"), ("Province", "province")], filter=north)
        customer("NORTH", province="N")
        customer("SOUTH", province="S")
        PARTS.add(records=[{"number": "P-1"}], by=ADA, at=NOW)
        CONTACTS.add(records=[{"number": "C-1", "customer": "NORTH"}], by=ADA, at=NOW)

    @pytest.mark.parametrize("name, what, content, reason", table(REASONS))
    def test_of_one_object_that_fails(self, name, what, content, reason):
        answer = call(name, what, content)

        assert results(answer) == [(False, [reason])]
        assert all(messages(answer))

    def test_of_an_order_whose_state_forbids_the_change(self):
        for name in ("Created", "Approved", "Delivered"):
            order = {"number": "S", "customer": "NORTH", "status": name}
            (outcome,) = SALES_ORDERS.put(records=[order], by=ADA, at=NOW)
            assert not outcome.failed
        row = "<Rows><Row><PartID>P-1</PartID><Quantity>1</Quantity><UnitPrice>1</UnitPrice></Row></Rows>"

        answer = call("SalesOrder", "Update", f"<SalesOrder><OrderID>S</OrderID>{row}</SalesOrder>")

        assert results(answer) == [(False, ["ESRC_DISALLOWED_BY_CONDFORMAT"])]

    def test_a_read_only_column_may_be_sent_back_as_it_is(self):
        same = (
            "<SampleObject><CostObjectID>NORTH</CostObjectID><Site/><CostObjectName>New</CostObjectName></SampleObject>"
        )

        assert results(call("SampleObject", "Update", same)) == [(True, [])]

    def test_what_is_in_use_is_made_inactive_with_a_warning(self):
        answer = call("Customer", "Delete", "<CustomerKey><CustomerID>NORTH</CustomerID></CustomerKey>")

        assert answer.find("ObjectResult").get("successFlag") == "true"
        assert answer.find("ObjectResult/ResultMessage").get("level") == "WARNING"
        assert not Customer.objects.get(number="NORTH").active

    def test_an_object_that_fails_without_a_key_has_none(self):
        answer = call("Contact", "Create", contact("<LastName>Byron</LastName>"))

        assert answer.find("ObjectResult").get("externalId") == answer.findtext(".//KeyName") == ""

    def test_sentences_name_columns(self):
        unknown = call("Part", "Update", part("<PartID>P-1</PartID><Unit>2</Unit>"))
        outside = call("North", "CreateOrUpdate", "<North><CostObjectID>SOUTH</CostObjectID></North>")

        assert messages(unknown) == ["Unit is not a column here. Did you mean Units?"]
        assert messages(outside) == ["Customer SOUTH is outside of what this call may see and write."]


class TestReads:
    @pytest.fixture(autouse=True)
    def _site(self, ada):
        publish_sample(filter=[("territory", "=", "")])
        for number, province in (("A", "ABC"), ("B", "ABC"), ("C", "DEF")):
            customer(number, province=province, company=f"{number} & Co")

    def ids(self, answer):
        return [each.text for each in answer.iterfind("SampleObject/CostObjectID")]

    def test_what_the_parameters_allow(self):
        assert self.ids(call("SampleObject", "Read")) == ["A", "B", "C"]
        assert self.ids(call("SampleObject", "Read", parameters="<filter>ABC</filter>")) == ["A", "B"]

    def test_by_the_display_id_or_the_internal_id(self):
        publish("Costs", "contacts", parameters=[("RootCostObject", "customer", "=", True)])
        CONTACTS.add(records=[{"number": f"C-{name}", "customer": name} for name in "AB"], by=ADA, at=NOW)
        internal = Customer.objects.get(number="A").pk

        for value in ("A", internal):
            path, ada = f"{REST_JSON}Costs?RootCostObject={value}", "&_username=ada&_password=ada-ada!"
            assert [each["ContactID"] for each in Client().get(path + ada).json()["ContactList"]] == ["C-A"]
            over_soap = call("Costs", "Read", parameters=f"<RootCostObject>{value}</RootCostObject>")
            assert over_soap.findtext("Costs/ContactID") == "C-A"
        written = [f"<Costs><ContactID>C-{name}</ContactID><Title>Dr.</Title></Costs>" for name in "AB"]
        answer = call("Costs", "Update", *written, parameters=f"<RootCostObject>{internal}</RootCostObject>")
        assert results(answer) == [(True, []), (False, ["ESRC_OBJECT_NOT_FOUND_BY_KEY"])]

    def test_by_the_moment_of_a_change_and_by_the_rows_of_an_order(self):
        publish("Changed", "customers", parameters=[("Since", "changed_at", ">=", False)])
        publish("Lines", "sales_orders", parameters=[("Part", "rows.part_number", "=", True)])
        PARTS.add(records=[{"number": number, "price": {"USD": "1"}} for number in ("PUMP", "BOLT")], by=ADA, at=NOW)
        orders = [
            {
                "number": f"SO-{part}",
                "customer": "A",
                "currency": "USD",
                "rows": [{"part_number": part, "quantity": "1"}],
            }
            for part in ("PUMP", "BOLT")
        ]
        SALES_ORDERS.add(records=orders, by=ADA, at=NOW)
        Customer.objects.filter(number="B").update(changed_at="2027-01-01T00:00:00Z")

        changed = call("Changed", "Read", parameters="<Since>2027-01-01T00:00:00Z</Since>")
        ordered = call("Lines", "Read", parameters="<Part>PUMP</Part>")
        written = [f"<Lines><OrderID>{each['number']}</OrderID><Subject>x</Subject></Lines>" for each in orders]
        updated = call("Lines", "Update", *written, parameters="<Part>PUMP</Part>")

        assert [each.text for each in changed.iterfind("Changed/CustomerID")] == ["B"]
        assert [each.text for each in ordered.iterfind("Lines/OrderID")] == ["SO-PUMP"]
        assert results(updated) == [(True, []), (False, ["ESRC_OBJECT_NOT_FOUND_BY_KEY"])]

    def test_meta_and_performance(self):
        answer = call("SampleObject", "Read", options="<IncludeMetaData>true</IncludeMetaData>")

        assert [each.tag for each in answer] == ["Meta", *["SampleObject"] * 3, "Performance"]
        assert answer.findtext("Meta/ObjectCount") == "3"
        assert float(answer.findtext("Performance/ElapsedSeconds")) >= float(answer.findtext("Performance/DbSeconds"))

    def test_page_by_page(self):
        client, address, seen = Client(), f"{REST_JSON}SampleObject/?_pageSize=2", []
        while address:
            page = client.get(address, headers={"authorization": basic("ada", "ada-ada!")}).json()
            seen.append([each["CostObjectID"] for each in page["CustomerList"]])
            address = page.get("nextPage", "").removeprefix("http://testserver")

        assert seen == [["A", "B"], ["C"]]

    def test_by_the_path(self):
        found = Client().get(f"{REST_XML}SampleObject/ABC", headers={"authorization": basic("ada", "ada-ada!")})

        root = etree.fromstring(found.content)
        assert root.get("successFlag") == "true"
        ids = root.findall("{http://ecosys.net/api/SampleObject}SampleObject/{*}CostObjectID")
        assert [each.text for each in ids] == ["A", "B"]


class TestPublished:
    def test_with_a_switch_off_is_a_fault(self, ada):
        publish_sample(may_insert=False)

        response = post(request("SampleObject", "CreateOrUpdate", "<SampleObject/>"))

        code, sentence = fault(response)
        assert (response.status_code, code) == (500, "soapenv:Client")
        assert sentence == "CreateOrUpdate is not enabled for the API SampleObject; enabled are Read, Update, Delete."

    def test_no_longer_is_a_fault(self, ada):
        publish_sample().delete()

        assert fault(post(request("SampleObject", "Read")))[0] == "soapenv:Client"

    def test_shows_the_fields_that_the_site_has_defined(self, ada):
        CustomField.objects.create(resource="part", name="tier", label="Tier", type="menu", choices=["Gold"])
        publish("Tiers", "parts", columns=[("PartID", "number"), ("Level", "custom_tier")])
        made = call("Part", "Create", part("<PartID>P</PartID><CustomTier>Gold</CustomTier>"))
        assert results(made) == [(True, [])]

        assert call("Tiers", "Read").findtext("Tiers/Level") == "Gold"
        wrong = call("Tiers", "Update", "<Tiers><PartID>P</PartID><Level>Tin</Level></Tiers>")
        assert messages(wrong) == ["Level must be one of Gold; 'Tin' is not."]

    def test_reads_and_writes_the_sites_own_language_and_currency(self, ada, settings):
        settings.DEFAULT_LANGUAGE, settings.DEFAULT_CURRENCY = "de", "EUR"
        publish("Both", "parts", columns=[("PartID", "number"), ("Price", "price"), ("Dollar", "price.USD")])

        call("Part", "Create", part("<PartID>P</PartID><Description>Pumpe</Description><Price>5</Price>"))

        assert call("Both", "Read").findtext("Both/Price") == "5.00"
        assert call("Both", "Read").findtext("Both/Dollar") == ""
        assert Part.objects.get().descriptions.get().language == "de"


class TestSessions:
    KEEP = "<LogoutSession>false</LogoutSession>"

    @pytest.fixture(autouse=True)
    def _site(self, ada):
        publish_sample()

    def kept(self, **extra):
        """The cookie of a call that asks for it, and all that it says."""
        response = post(request("SampleObject", "Read", options=self.KEEP), **extra)
        cookie, _, said = response["Set-Cookie"].partition("; ")
        return cookie, said

    def silent(self, cookie, query=""):
        return post(request("SampleObject", "Read", options=None), f"SampleObject{query}", HTTP_COOKIE=cookie)

    def test_are_kept_by_a_cookie_until_a_call_lets_them_end(self):
        cookie, said = self.kept()
        assert said == "Path=/ecosys; HttpOnly; SameSite=Lax"

        again = Client().get(f"{REST_JSON}SampleObject/?_logoutSession=false", headers={"cookie": cookie})
        assert again.status_code == 200
        assert "Set-Cookie" not in again
        last = self.silent(cookie)
        assert last.status_code == 200
        assert last["Set-Cookie"].startswith("ECOSYSSESSION=; ")
        assert not Session.objects.exists()
        assert self.silent(cookie).status_code == 401

    def test_are_not_kept_unless_it_is_asked(self):
        response = post(request("SampleObject", "Read"))

        assert "Set-Cookie" not in response
        assert not Session.objects.exists()

    def test_ids_are_kept_nowhere(self):
        cookie, _ = self.kept()
        token = cookie.partition("=")[2]

        Client().get(f"{REST_JSON}SampleObject/?filter={token}&_logoutSession=false", headers={"cookie": cookie})

        for exchange in Exchange.objects.all():
            assert token not in exchange.path + body_text(exchange.request_body) + body_text(exchange.response_body)

    def test_over_tls_go_back_by_tls_alone(self):
        assert self.kept(secure=True)[1].endswith("; Secure")


class TestCredentials:
    def test_in_the_address_are_masked(self, ada):
        response = Client().get(f"{REST_XML}Part/?_username=ada&_password=ada-ada!&__password=ada-ada!")

        assert response.status_code == 200
        assert Exchange.objects.get().path == f"{REST_XML}Part/?_username=ada&_password=***&__password=***"

    @pytest.mark.parametrize("path", [f"{REST_XML}Part/", f"{REST_JSON}Part/"])
    def test_that_are_wrong_are_challenged(self, ada, path):
        response = Client().get(path, headers={"authorization": basic("ada", "wrong")})

        assert (response.status_code, response["WWW-Authenticate"][:5]) == (401, "Basic")

    def test_by_basic_over_soap(self, ada):
        body = request("Part", "Read", options=None)

        assert post(body, "Part", HTTP_AUTHORIZATION=basic("ada", "ada-ada!")).status_code == 200
        assert post(body, "Part").status_code == 401


class TestRest:
    @pytest.mark.parametrize("media", ["xml", "json"])
    def test_a_day(self, ada, media):
        client = Client(headers={"authorization": basic("ada", "ada-ada!")})

        def asked(method, query="", **part):
            path = f"/ecosys/api/rest{media}/Part/{query}"
            if media == "json":
                body = json.dumps({"PartList": [part]}) if part else ""
            else:
                content = "".join(f"<{name}>{value}</{name}>" for name, value in part.items())
                body = f"<PartRequest><Part>{content}</Part></PartRequest>" if part else ""
            response = client.generic(method, path, body.encode())
            assert response.status_code == 200
            return response.content.decode()

        assert "P-1" in asked("PUT", PartID="P-1", Units=2)
        assert "ESRC_DUPLICATE_IDENTIFIER" in asked("PUT", PartID="P-1")
        asked("POST", PartID="P-1", Units=3)
        asked("POST", PartID="P-2")
        assert "ESRC_OBJECT_NOT_FOUND_BY_KEY" in asked("PATCH", PartID="P-3")
        asked("POST", "?_method=PATCH", PartID="P-2", Units=7)
        assert dict(Part.objects.values_list("number", "units")) == {"P-1": 3, "P-2": 7}
        assert "P-2" in asked("GET")
        assert "P-2" not in asked("GET", "?PartID=P-1")
        asked("DELETE", PartID="P-2")
        asked("POST", "?_method=DELETE", PartID="P-1")
        assert not Part.objects.exists()


class TestWords:
    PLACES = {
        "what is published": ("/ecosys/api/", 200, "The API SampleObject; enabled: Read, Create, Update,"),
        "an API": ("/ecosys/api/soap/SampleObject", 200, "http://testserver/ecosys/api/soap/SampleObject?wsdl"),
        "an unknown API": ("/ecosys/api/soap/Nothing", 404, "There is no API 'Nothing' here."),
        "a WSDL": ("/ecosys/api/soap/SampleObject?WSDL", 200, "CreateOrUpdateSampleObject"),
        "a schema": ("/ecosys/api/restxml/SampleObject/?xsd", 200, "SampleObjectResult"),
        "an unknown schema": ("/ecosys/api/restxml/Nothing/?xsd", 404, "There is no API 'Nothing' here."),
    }

    @pytest.mark.parametrize("path, status, words", table(PLACES))
    def test_say(self, db, path, status, words):
        publish_sample()

        response = Client().get(path)

        assert (response.status_code, words in response.content.decode()) == (status, True)

    @pytest.mark.parametrize("method, path", [("put", SOAP), ("delete", SOAP), ("options", REST_XML)])
    def test_refuse_other_methods(self, db, method, path):
        response = getattr(Client(), method)(f"{path}Part")

        assert response.status_code == 405
        assert response["Allow"]
