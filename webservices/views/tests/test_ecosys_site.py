"""What EcoSys has of the site: its batch jobs, what it costs, and what is published the moment before."""

import json

import pytest
from django.test import Client

from webservices.models import BatchJob
from webservices.tests.ecosys import REST_JSON, SOAP, basic, call, customer, inside, post, publish_sample, results
from webservices.wire.dialects.ecosys.tests.apis import request

pytestmark = pytest.mark.django_db
LOGGED = "<LogLevel>{}</LogLevel><LogTitle>Nightly load</LogTitle>"
TWO = (
    "<SampleObject><CostObjectID>A</CostObjectID><CostObjectName>New</CostObjectName></SampleObject>",
    "<SampleObject><CostObjectID>B</CostObjectID><Site>Oslo</Site><Colour>red</Colour></SampleObject>",
)


@pytest.fixture(autouse=True)
def _site(ada):
    publish_sample()
    customer("A")
    customer("B")


def entries(job):
    return [
        (each.number, each.level, each.key, [message["code"] for message in each.messages])
        for each in job.entries.all()
    ]


class TestJobs:
    def test_tell_reason_codes_and_columns(self):
        call("SampleObject", "Update", *TWO, options=LOGGED.format("DETAIL"))

        job = BatchJob.objects.get()
        assert (job.title, job.succeeded, job.failed) == ("Nightly load", 1, 1)
        assert entries(job) == [
            (0, "INFO", "A", []),
            (1, "ERROR", "B", ["ESRC_VALIDATION_FAULT", "ESRC_DISALLOWED_BY_CONDFORMAT"]),
        ]
        assert [each["text"] for each in job.entries.last().messages] == [
            "Colour is not a column here.",
            "Site may not be changed by this call; leave it out, or send what it holds.",
        ]

    def test_hold_objects_as_they_were_sent(self):
        options = LOGGED.format("FAIL") + "<LogDebug>INPUT_DATA</LogDebug>"
        call("SampleObject", "Update", *TWO, options=options)

        inputs = [json.loads(each.input) for each in BatchJob.objects.get().entries.exclude(input="")]

        assert inputs == [
            {"CostObjectID": "A", "CostObjectName": "New"},
            {"CostObjectID": "B", "Site": "Oslo", "Colour": "red"},
        ]

    def test_warn_of_what_was_made_inactive_instead(self):
        call("Contact", "Create", "<Contact><ContactID>C</ContactID><CustomerID>A</CustomerID></Contact>")
        key = "<SampleObjectKey><CostObjectID>A</CostObjectID></SampleObjectKey>"
        call("SampleObject", "Delete", key, options=LOGGED.format("DETAIL"))

        (entry,) = BatchJob.objects.get().entries.all()
        assert (entry.level, entry.outcome) == ("WARNING", "inactivated")
        assert "is in use" in entry.messages[0]["text"]

    @pytest.mark.parametrize("media", ["json", "xml"])
    def test_are_asked_for_in_an_address(self, media):
        object_ = {"json": '{"CustomerList":[{"CostObjectID":"A","Colour":"red"}]}',
                   "xml": "<SampleObjectRequest><SampleObject><CostObjectID>A</CostObjectID><Colour>red</Colour>"
                          "</SampleObject></SampleObjectRequest>"}[media]  # fmt: skip
        query = "_logLevel=FAIL&_logTitle=Nightly+load&_username=ada&_password=ada-ada!"

        Client().post(f"/ecosys/api/rest{media}/SampleObject/?{query}", object_, content_type=f"application/{media}")

        job = BatchJob.objects.get()
        assert (job.title, job.dialect, job.operation) == ("Nightly load", f"ecosys-rest-{media}", "customers.put")
        assert entries(job) == [(0, "ERROR", "A", ["ESRC_VALIDATION_FAULT"])]

    def test_are_not_made_of_reads(self):
        call("SampleObject", "Read", options=LOGGED.format("DETAIL"))

        assert not BatchJob.objects.exists()

    def test_repeat_no_password_in_their_title(self):
        call("SampleObject", "Update", TWO[0], options="<LogLevel>SUMMARY</LogLevel><LogTitle>by ada-ada!</LogTitle>")

        assert BatchJob.objects.get().title == "by ***"


class TestCost:
    def test_of_a_read(self, django_assert_num_queries):
        body = request("SampleObject", "Read")
        post(body)

        with django_assert_num_queries(4):  # the generation, the caller, the customers, the exchange
            post(body)

    def test_of_a_log(self, django_assert_max_num_queries):
        body = request("SampleObject", "Update", TWO[0])
        logged = request("SampleObject", "Update", TWO[0], options=LOGGED.format("DETAIL"))
        post(body)
        with django_assert_max_num_queries(99) as plain:
            post(body)

        with django_assert_max_num_queries(len(plain) + 3):  # the log, in a savepoint
            post(logged)


class TestPublishing:
    def test_is_seen_by_the_next_call(self):
        address, headers = f"{REST_JSON}SampleObject/", {"authorization": basic("ada", "ada-ada!")}
        api = publish_sample("Other")
        assert Client().get(address.replace("SampleObject", "Other"), headers=headers).status_code == 200

        api.columns.filter(name="Site").update(name="City")
        api.may_insert = False
        api.save()

        first = Client().get(address.replace("SampleObject", "Other"), headers=headers).json()["CustomerList"][0]
        assert set(first) == {"CostObjectID", "CostObjectName", "City"}
        assert b"not enabled" in post(request("Other", "Create", "<Other/>"), "Other").content

    def test_is_seen_in_the_contract(self):
        before = Client().get(f"{SOAP}SampleObject?wsdl")
        publish_sample("Other")
        api = publish_sample("Third")
        api.columns.filter(name="Site").delete()

        other, third = (Client().get(f"{SOAP}{name}?wsdl").content for name in ("Other", "Third"))

        assert b'name="Site"' in other
        assert b'name="Site"' not in third
        assert Client().get(f"{SOAP}SampleObject?wsdl")["ETag"] == before["ETag"]

    def test_tells_the_time_that_a_call_took(self):
        answer = call("SampleObject", "Update", TWO[0], options="<IncludeMetaData>true</IncludeMetaData>")

        elapsed, cpu, database = (float(answer.findtext(f"Performance/{n}Seconds")) for n in ("Elapsed", "Cpu", "Db"))
        assert elapsed >= database > 0
        assert cpu <= elapsed + 0.01
        assert results(answer) == [(True, [])]
        assert inside(post(request("SampleObject", "Update", TWO[0]))).find("Performance") is None
