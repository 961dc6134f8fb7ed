"""The page of one exchange: explained, opened as an input, sent again, compared, kept."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from parts.models import Part
from records.models import Change
from records.tests.cast import table
from webservices.dialects.sap.tests.calls import add, customer, search
from webservices.dialects.sap.tests.calls import result as sap_result
from webservices.dialects.table import DIALECTS
from webservices.models import Exchange
from webservices.testpage.explaining import explain
from webservices.tests.test_door import ADD, PARTS, envelope, post

TWO = """<modifyParts><Parts>
  <each_record><part_number>P-1</part_number><units>{units}</units></each_record>
  <each_record><part_number>P-2</part_number><units>none</units></each_record>
</Parts></modifyParts>"""


@pytest.fixture
def tester(ada):
    client = Client()
    client.force_login(ada)
    return client


def call(units="1"):
    """A call of two records, of which the second fails."""
    return Exchange.objects.get(call_id=post(envelope(TWO.format(units=units)))["X-Call-Id"])


def address(exchange, rest=""):
    return f"/admin/webservices/exchanges/{exchange.call_id}/{rest}"


def said(response):
    assert response.status_code == 200
    return response.content.decode()


class TestExplanation:
    def test_says_of_each_record_what_became_of_it_and_why(self, ada):
        call()

        first, second = explain(call(units="2")).records

        assert (first.became, first.key, first.version) == ("updated", "P-1", 2)
        assert [(change.name, change.before, change.after) for change in first.changes] == [("units", "1", "2")]
        assert first.record.endswith("/change/")
        assert first.history.endswith("/history/")
        assert (second.became, second.codes) == ("failed", ["not-a-number: A value does not fit its field."])
        assert second.why == ["units must be a whole number; 'none' is not."]

    @pytest.mark.parametrize(
        "sent, became",
        table(
            {
                "a new one": (("1",), "created"),
                "the same again": (("1", "1"), "unchanged"),
                "a change": (("1", "2"), "updated"),
            }
        ),
    )
    def test_has_a_reason_for_whatever_becomes_of_it(self, ada, sent, became):
        for units in sent:
            exchange = call(units)

        record = explain(exchange).records[0]

        assert record.became == became
        assert "by part_number" in record.why[0]
        assert record.why[0].endswith(".")

    def test_says_by_which_fields_a_record_was_found_that_its_call_named(self, ada):
        add({"last_name": "Byron", "company": "Engines", "city": "Bern"})
        sent = sap_result(Client(), "UPDATE", customer(City="Bern", Province="North"), search=search("City"))

        (record,) = explain(Exchange.objects.get()).records

        assert sent.codes == []
        assert record.why == ["Found by City; something that was sent differs from what was stored."]

    def test_says_of_what_was_to_be_added_that_it_was_not_there(self, ada):
        post(envelope(ADD))

        assert explain(Exchange.objects.get()).records[0].why == ["It was to be added, and no record has its key."]

    def test_shows_changes_of_its_own_kind_of_record_alone(self, ada):
        """A price's change moves its part, too: two records, which may have the same number."""
        exchange = call(units="2")
        change = Change.objects.get(call_id=exchange.call_id)
        Change.objects.filter(pk=change.pk).update(resource="price")

        assert explain(exchange).records[0].changes == []

    def test_says_who_asked_what_and_where_the_time_went(self, ada):
        said = explain(call())

        assert said.who == "ada with a password from 127.0.0.1"
        assert said.what == "asked to put parts over Oracle CPQ 2.0"
        assert said.rest_ms > 0

    def test_takes_one_statement(self, ada, django_assert_num_queries):
        exchange = call()

        with django_assert_num_queries(1):
            explain(exchange)

    def test_keeps_no_more_than_some_outcomes(self, ada):
        records = "".join(f"<each_record><part_number>P-{n}</part_number></each_record>" for n in range(150))
        post(envelope(f"<addParts><Parts>{records}</Parts></addParts>"))

        exchange = Exchange.objects.get()
        assert len(exchange.outcomes) == 100
        assert explain(exchange).not_told == 50


class TestPage:
    def test_explains_the_call(self, tester):
        page = said(tester.get(address(call())))

        for shown in ("ada with a password", "created", "units must be a whole number", "part_number", "History"):
            assert shown in page
        assert "ada-ada!" not in page

    def test_is_where_the_admin_site_leads(self, tester):
        exchange = call()

        response = tester.get(f"/admin/webservices/exchange/{exchange.pk}/change/")

        assert response.url == address(exchange)

    def test_of_a_call_that_could_not_be_read_still_opens(self, tester):
        post(b"<a>ada-ada!")

        page = said(tester.get(address(Exchange.objects.get())))

        assert "cannot be sent again" in page

    def test_needs_the_right_to_see_exchanges(self, db, ada):
        client, exchange = Client(), call()
        client.force_login(User.objects.create(username="staff", is_staff=True))

        assert client.get(address(exchange)).status_code == 403
        assert client.post(address(exchange, "again/")).status_code == 403

    def test_is_opened_as_an_input(self, tester):
        exchange = call()
        opened = tester.get(address(exchange)).context["opened"]

        page = said(tester.post("/admin/webservices/test/", {**opened, "do": "open"}))

        assert "P-2" in page
        assert "Opened as an input" in page
        assert "***" not in page


def again(tester, exchange, **asked):
    return said(tester.post(address(exchange, "again/"), asked, follow=True))


class TestSentAgain:
    def test_unchanged_as_whoever_sends_it(self, tester):
        exchange = call()

        page = again(tester, exchange)

        latest = Exchange.objects.latest("id")
        assert (latest.unchanged, latest.failed, latest.credential) == (1, 1, "ticket")
        assert "records_updated" in page
        assert "2 differences in meaning" in page

    def test_means_the_same_when_nothing_has_changed_meanwhile(self, tester):
        call()
        exchange = call()

        assert "The answer means the same." in again(tester, exchange)

    def test_as_a_dry_run(self, tester):
        post(envelope(ADD))
        exchange = Exchange.objects.get()
        Part.objects.all().delete()

        again(tester, exchange, dry="on")

        assert Exchange.objects.latest("id").dry
        assert not Part.objects.exists()

    def test_with_only_the_failed_records(self, tester):
        exchange = call()

        again(tester, exchange, failed="on")

        latest = Exchange.objects.latest("id")
        assert (latest.records_in, latest.failed, latest.keys) == (1, 1, ["P-2"])

    def test_without_what_is_marked(self, tester):
        exchange = call()

        page = again(tester, exchange, ignored="*.records_inserted\n*.records_updated")

        assert "The answer means the same; other things became of 1 record." in page

    @pytest.mark.parametrize("version", ["rest", "oracle-1.0", "ecosys"])
    def test_in_another_version(self, tester, version):
        post(envelope(ADD))
        exchange = Exchange.objects.get()

        again(tester, exchange, version=version)

        latest = Exchange.objects.latest("id")
        assert (latest.dialect, latest.keys) == (version, ["P-1"])

    @pytest.mark.parametrize("version", [dialect.name for dialect in DIALECTS])
    def test_in_every_version_or_says_why_not(self, tester, version):
        page = again(tester, call(), version=version)

        assert "Not sent." in page or Exchange.objects.latest("id").dialect == version

    def test_says_when_no_record_failed(self, tester):
        post(envelope(ADD))

        assert "No record of this call failed." in again(tester, Exchange.objects.get(), failed="on")

    def test_reads_again_with_criteria(self, tester):
        post(envelope(ADD))
        criteria = "<criteria><field>part_number</field><value>P-1</value><comparator>=</comparator></criteria>"
        post(envelope(f"<getParts><Parts>{criteria}</Parts></getParts>"), path=PARTS)
        exchange = Exchange.objects.latest("id")

        again(tester, exchange, version="rest")

        latest = Exchange.objects.latest("id")
        assert (latest.dialect, latest.operation, latest.returned) == ("rest", "parts.find", 1)
