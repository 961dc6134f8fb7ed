"""Events of EcoSys: what an admin publishes to be triggered, over SOAP and REST, and what becomes of the records."""

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection
from django.test import Client
from lxml import etree

from customers.models import Customer
from records.models import Change, FieldRule
from records.shapes.outcomes import Result
from records.tests.cast import ADA, NOW, table
from webservices.declarations import OPERATIONS, RECORDS
from webservices.gateway import answer
from webservices.models import BatchJob, Exchange
from webservices.tests.ecosys import REST_JSON, REST_XML, SOAP, basic, customer, fault, inside, post
from webservices.tests.test_publishing import publish, the
from webservices.wire.dialects.ecosys.tests.apis import request
from webservices.wire.messages import Call
from webservices.wire.operations import Action

pytestmark = pytest.mark.django_db
PROVINCE = ("Region", "province", "=", True)
API = "{http://ecosys.net/api/Validate}"
EVENTS = {
    "Validate": {"event": "check", "log_level": "DETAIL"},
    "Retire": {"event": "inactivate"},
    "Note": {"event": "log", "log_level": "SUMMARY"},
}


@pytest.fixture(autouse=True)
def _site(ada):
    for name, event in EVENTS.items():
        publish(name, "customers", parameters=[PROVINCE], **event)
    for number, province in (("A", "N"), ("B", "N"), ("C", "S")):
        customer(number, province=province, company=f"{number} & Co")


def trigger(name, region="N", who="ada:ada-ada!", **extra):
    body = request(name, "Trigger", parameters=f"<Region>{region}</Region>" if region else "", **extra)
    user, _, word = who.partition(":")
    return post(body.replace(b">ada<", f">{user}<".encode()).replace(b">ada-ada!<", f">{word}<".encode()), name)


def rest(media, name, query="Region=N", body=b"", method="POST", who=("ada", "ada-ada!")):
    path = f"/ecosys/api/rest{media}/{name}/?{query}"
    return Client().generic(method, path, body, headers={"authorization": basic(*who)})


def forbid_companies():
    """A rule of today that the stored records break: they were made before it."""
    FieldRule.objects.create(resource="customer", field="company", max_length=3)


class TestSucceed:
    @pytest.mark.parametrize("name", EVENTS)
    def test_over_soap_with_an_empty_element(self, name):
        response = trigger(name)

        answer = inside(response)
        assert (response.status_code, answer.tag) == (
            200, f"{{http://ecosys.net/api/{name}}}{name}TriggerResponseElement",
        )  # fmt: skip
        assert not len(answer)

    @pytest.mark.parametrize("name", EVENTS)
    def test_over_rest_in_xml_with_a_flag(self, name):
        response = rest("xml", name, body=f'<{name}Result xmlns="http://ecosys.net/api/{name}"/>'.encode())

        assert (response.status_code, dict(etree.fromstring(response.content).attrib)) == (200, {"successFlag": "true"})

    @pytest.mark.parametrize("body", [b"", b"{}", b"whatever"])
    def test_over_rest_in_json_with_a_flag_whatever_is_posted(self, body):
        response = rest("json", "Validate", body=body)

        assert (response.status_code, response.json()) == (200, {"Result": {"successFlag": True}})

    def test_with_the_time_that_it_took_when_that_is_asked_for(self):
        options = "<IncludeMetaData>true</IncludeMetaData>"

        assert [each.tag for each in inside(trigger("Validate", options=options))] == ["Performance"]
        assert rest("json", "Validate", "Region=N&_includeMetaData=true").json()["Result"].keys() == {
            "successFlag", "Performance",
        }  # fmt: skip

    def test_of_what_the_path_names(self):
        assert Client().post(
            f"{REST_XML}Retire/S", headers={"authorization": basic("ada", "ada-ada!")}
        ).status_code == 200  # fmt: skip
        assert [*Customer.objects.filter(active=False).values_list("number", flat=True)] == ["C"]


class TestSessions:
    def test_are_opened_and_used_by_events(self):
        kept = trigger("Note", options="<LogoutSession>false</LogoutSession>")
        cookie = kept["Set-Cookie"].partition(";")[0]

        by_cookie = Client().post(f"{REST_JSON}Note/?Region=N&_logoutSession=false", headers={"cookie": cookie})

        assert by_cookie.json() == {"Result": {"successFlag": True}}


class TestDo:
    def test_make_inactive_what_the_parameters_name(self):
        trigger("Retire")

        assert dict(Customer.objects.values_list("number", "active")) == {"A": False, "B": False, "C": True}
        assert Exchange.objects.get().operation == "customers.inactivate"
        assert Exchange.objects.get().updated == 2

    def test_make_all_inactive_or_none(self):
        with connection.cursor() as cursor:
            condition = "active OR number <> 'B'"
            cursor.execute(f"ALTER TABLE {Customer._meta.db_table} ADD CONSTRAINT stays CHECK ({condition})")

        response = trigger("Retire")

        assert (response.status_code, fault(response)[1][:50]) == (
            500,
            "1 of 2 customers failed, so nothing was done. Cust",
        )
        assert not Customer.objects.filter(active=False).exists()
        assert (Exchange.objects.get().updated, Exchange.objects.get().failed) == (0, 2)

    def test_check_and_change_nothing(self):
        before, changes = [*Customer.objects.order_by("number").values()], Change.objects.count()

        assert trigger("Validate").status_code == 200
        assert ([*Customer.objects.order_by("number").values()], Change.objects.count()) == (before, changes)

    def test_a_dry_run_keeps_nothing(self):
        path = f"{REST_JSON}Retire/?Region=N"

        response = Client().post(path, headers={"authorization": basic("ada", "ada-ada!"), "x-dry-run": "true"})

        assert response.json() == {"Result": {"successFlag": True}}
        assert not Customer.objects.filter(active=False).exists()

    def test_a_key_of_idempotency_counts(self):
        headers = {"authorization": basic("ada", "ada-ada!"), "idempotency-key": "retire-1"}
        first, again = (Client().post(f"{REST_JSON}Retire/?Region=N", headers=headers) for _ in range(2))

        assert "Idempotent-Replayed" not in first
        assert again["Idempotent-Replayed"] == "true"


class TestFail:
    SENTENCE = (
        "2 of 2 customers failed, so nothing was done. Customer A: Company may have at most 3 characters; this has 6. "
        "Customer B: Company may have at most 3 characters; this has 6."
    )

    @pytest.fixture
    def failed(self):
        forbid_companies()

    def test_over_soap_with_a_fault(self, failed):
        response = trigger("Validate")

        assert (response.status_code, *fault(response)) == (500, "soapenv:Client", self.SENTENCE)

    def test_over_rest_with_an_error(self, failed):
        over_xml, over_json = rest("xml", "Validate"), rest("json", "Validate")

        assert (over_xml.status_code, over_json.status_code) == (400, 400)
        assert etree.fromstring(over_xml.content).findtext(f"{API}ValidateError") == self.SENTENCE
        assert over_json.json() == {"Result": {"successFlag": False}, "ValidateError": self.SENTENCE}

    def test_and_tell_the_exchange_and_the_job_of_each_record(self, failed):
        trigger("Validate")

        assert (Exchange.objects.get().failed, Exchange.objects.get().status) == (2, 500)
        job = BatchJob.objects.get()
        assert (job.title, job.level, job.received, job.failed) == ("TriggerValidate", "DETAIL", 2, 2)
        assert [(each.key, each.level) for each in job.entries.all()] == [("A", "ERROR"), ("B", "ERROR")]

    def test_where_more_match_than_a_call_may_be_about(self, settings):
        settings.MAX_RECORDS = 1

        assert fault(trigger("Retire"))[1] == "More than 1 customers match; narrow the call down."
        assert not Customer.objects.filter(active=False).exists()


class TestLog:
    @pytest.mark.parametrize("name, levels", {"Validate": ["DETAIL"], "Retire": [], "Note": ["SUMMARY"]}.items())
    def test_says_what_the_event_was_published_with(self, name, levels):
        trigger(name, options="<LogLevel>FAIL</LogLevel><LogTitle>Nightly</LogTitle>")

        assert [(job.level, job.title) for job in BatchJob.objects.all()] == [(each, "Nightly") for each in levels]


class TestRefuse:
    METHODS = ("GET", "PUT", "PATCH", "DELETE")

    @pytest.mark.parametrize("media", ["xml", "json"])
    def test_all_methods_but_post(self, media):
        by_method = [rest(media, "Validate", method=method) for method in self.METHODS]
        by_override = rest(media, "Validate", "Region=N&_method=DELETE")

        for response in (*by_method, by_override):
            assert (response.status_code, response["Allow"]) == (405, "POST")
            assert b"ValidateError" in response.content

    REFUSALS = {
        "another operation": (request("Validate", "Read"), "requests are ValidateTriggerRequestElement."),
        "objects": (
            request("Validate", "Trigger", "<Validate/>", parameters="<Region>N</Region>"),
            "takes ValidateOptions, ValidateParameters, not 'Validate'.",
        ),
        "no parameter": (request("Validate", "Trigger"), "The runtime parameter Region of Validate is required."),
        "another parameter": (
            request("Validate", "Trigger", parameters="<Colour>red</Colour>"),
            "'Colour' is no runtime",
        ),
    }

    @pytest.mark.parametrize("body, sentence", table(REFUSALS))
    def test_over_soap(self, body, sentence):
        response = post(body, "Validate")

        assert response.status_code == 500
        assert sentence in fault(response)[1]

    def test_a_trigger_of_what_is_no_event(self):
        assert "is no request of the API Part" in fault(post(request("Part", "Trigger"), "Part"))[1]

    def test_who_may_not_do_what_it_does(self, bob):
        bob.user_permissions.add(Permission.objects.get(codename="view_customer"))

        assert trigger("Validate", who="bob:bob-bob!").status_code == 200
        assert fault(trigger("Retire", who="bob:bob-bob!"))[1].startswith("bob may not inactivate customers")


class TestPublished:
    def test_is_there_once_it_cannot_make_everything_inactive(self):
        everything = publish(
            "Everything", "customers", event="inactivate", parameters=[("Region", "province", "=", False)]
        )
        assert the("Everything") is None

        everything.filter.create(field="province", comparator="=", value="S")

        assert the("Everything").event == "inactivate"

    def test_has_a_contract_of_its_own(self):
        xsd = "{http://www.w3.org/2001/XMLSchema}"
        wsdl = etree.fromstring(Client().get(f"{SOAP}Validate?wsdl").content)
        schema = wsdl.find(f".//{xsd}schema")

        assert [each.get("name") for each in wsdl.iterfind("{*}portType/{*}operation")] == ["TriggerValidate"]
        assert {each.get("name") for each in wsdl.iterfind("{*}message")} == {
            "ValidateTriggerRequest", "ValidateTriggerResponse",
        }  # fmt: skip
        sent = etree.fromstring(request("Validate", "Trigger", parameters="<Region>N</Region>"))[-1][0]
        validator = etree.XMLSchema(etree.fromstring(etree.tostring(schema)))
        for content in (sent, inside(trigger("Validate", options="<IncludeMetaData>true</IncludeMetaData>"))):
            validator.assertValid(etree.fromstring(etree.tostring(content)))

    def test_has_a_schema_of_its_own(self):
        schema = etree.XMLSchema(etree.fromstring(Client().get(f"{REST_XML}Validate/?xsd").content))

        for response in (rest("xml", "Validate"), rest("xml", "Validate", "Region=N&_includeMetaData=true"),
                         rest("xml", "Validate", "Colour=red")):  # fmt: skip
            schema.assertValid(etree.fromstring(response.content))

    def test_is_named_among_the_apis(self):
        assert "The API Validate; enabled: Trigger." in Client().get("/ecosys/api/").content.decode()


def test_costs_no_statement_for_a_record(django_assert_max_num_queries):
    def count():
        with django_assert_max_num_queries(99) as captured:
            assert trigger("Retire").status_code == 200
        return len(captured)

    for number in "DEFGH":
        customer(number, province="N")
    count()
    Customer.objects.update(active=True)
    many = count()
    Customer.objects.update(active=True)
    Customer.objects.exclude(number="A").update(province="S")

    assert count() == many


def test_a_check_finds_nothing_wrong_with_what_a_site_has():
    call_command("load_demo", verbosity=0)
    plurals = [services.resource.plural for services in RECORDS]

    answered = {each: answer(Call(OPERATIONS.get(each, Action.CHECK), criteria=()), ADA, at=NOW) for each in plurals}

    assert all(each.dry for each in answered.values())
    results = {plural: {outcome.result for outcome in each.outcomes} for plural, each in answered.items()}
    assert results == {plural: {Result.UNCHANGED} for plural in plurals}
