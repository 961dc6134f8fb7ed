"""The page of one exchange: explained, opened as an input, sent again, compared, kept."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from lxml import html

from parts.models import Part
from records.models import Change
from records.tests.cast import table
from webservices.models import Exchange
from webservices.publishing import current_operations
from webservices.tester.collections.assertions.proposals import list_values, propose_for_exchange
from webservices.tester.collections.files import CallContent
from webservices.tester.collections.reopen import build_form_fields
from webservices.tester.exchanges.comparison import compare_exchanges
from webservices.tester.exchanges.explain import explain
from webservices.tester.models import Collection, RunResult
from webservices.tester.send.parsed_answer import ParsedAnswer, find_values
from webservices.tests.rest_client import Rest
from webservices.tests.test_endpoint import ADD, PARTS, envelope, post
from webservices.wire.dialects.oracle.dialect import ORACLE_2_0
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.dialects.sap.tests.calls import add, customer, search
from webservices.wire.dialects.sap.tests.calls import result as sap_result
from webservices.wire.reference.catalog import service_offers

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

        assert (first.result, first.key, first.version) == ("updated", "P-1", 2)
        assert [(change.name, change.before, change.after) for change in first.changes] == [("units", "1", "2")]
        assert first.record.endswith("/change/")
        assert first.history.endswith("/history/")
        assert (second.result, second.codes) == ("failed", ["not-a-number: A value does not fit its field."])
        assert second.reasons == ["units must be a whole number; 'none' is not."]

    @pytest.mark.parametrize(
        "sent, result",
        table(
            {
                "a new one": (("1",), "created"),
                "the same again": (("1", "1"), "unchanged"),
                "a change": (("1", "2"), "updated"),
            }
        ),
    )
    def test_has_a_reason_for_whatever_becomes_of_it(self, ada, sent, result):
        for units in sent:
            exchange = call(units)

        record = explain(exchange).records[0]

        assert record.result == result
        assert "by part_number" in record.reasons[0]
        assert record.reasons[0].endswith(".")

    def test_says_by_which_fields_a_record_was_found_that_its_call_named(self, ada):
        add({"last_name": "Byron", "company": "Engines", "city": "Bern"})
        sent = sap_result(Client(), "UPDATE", customer(City="Bern", Province="North"), search=search("City"))

        (record,) = explain(Exchange.objects.get()).records

        assert sent.codes == []
        assert record.reasons == ["Found by City; something that was sent differs from what was stored."]

    def test_has_the_warnings_of_a_record_and_the_options_of_its_call(self, ada):
        rest = Rest("ada", "ada-ada!")
        rest.put("customers/ACME/", {})
        headers = {"x_import": "true", "x_check_totals": "False", "x_other": "true"}
        rest.post("sales-orders/", {"number": "SO-1", "customer": "ACME", "total": "5"}, **headers)
        exchange = Exchange.objects.get(operation="sales_orders.add")

        (record,) = explain(exchange).records

        assert (record.result, record.codes) == ("created", [])
        assert record.reasons[-1] == "total is sent as '5', but comes to 0.00."
        assert exchange.request_headers.items() >= {"x-import": "true", "x-check-totals": "False"}.items()
        assert "x-other" not in exchange.request_headers

    def test_says_of_what_was_to_be_added_that_it_was_not_there(self, ada):
        post(envelope(ADD))

        assert explain(Exchange.objects.get()).records[0].reasons == ["It was to be added, and no record has its key."]

    def test_shows_changes_of_its_own_kind_of_record_alone(self, ada):
        """A price's change moves its part, too: two records, which may have the same number."""
        exchange = call(units="2")
        change = Change.objects.get(call_id=exchange.call_id)
        Change.objects.filter(pk=change.pk).update(resource="price")

        assert explain(exchange).records[0].changes == []

    def test_says_who_asked_what_and_where_the_time_went(self, ada):
        said = explain(call())

        assert said.caller == "ada with a password from 127.0.0.1"
        assert said.request == "asked to put parts over Oracle CPQ 2.0"
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
        assert explain(exchange).omitted == 50


class TestPage:
    def test_explains_the_call(self, tester):
        page = said(tester.get(address(call())))

        for shown in ("ada with a password", "created", "units must be a whole number", "part_number", "History"):
            assert shown in page
        assert "ada-ada!" not in page

    def test_is_named_by_the_api_as_its_wire_spells_it(self, tester):
        title = re.search("<h1.*?</h1>", tester.get(address(call())).text, re.S)[0]

        assert ">modifyParts · 200 · 1 of 2 failed<" in re.sub(r"\s*\n\s*", "", title)

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

        page = said(tester.post(address(exchange, "open/")))

        assert "P-2" in page
        assert "Opened as an input" in page
        assert "***" not in page


def form_of(page):
    """The fields of the test page's form."""
    form = html.fromstring(page).xpath("//form[.//textarea[@name='input']]")[0]
    return {name: value for name, value in form.form_values() if name != "csrfmiddlewaretoken"}


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

        assert "The answer means the same; 1 record had another result." in page

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

    def test_a_dry_run_as_a_dry_run_unless_somebody_wants_it_for_good(self, tester):
        post(envelope(ADD), headers={"x-dry-run": "true"})
        exchange = Exchange.objects.get()

        assert 'name="dry" checked' in said(tester.get(address(exchange)))
        again(tester, exchange, dry="on")
        assert not Part.objects.exists()
        again(tester, exchange)
        assert Part.objects.exists()

    def test_all_or_none_as_it_was(self, tester):
        post(envelope(TWO.format(units="1")), headers={"x-all-or-none": "true"})
        exchange = Exchange.objects.get()

        again(tester, exchange)

        assert Exchange.objects.latest("id").failed == 2

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


class TestCompared:
    @pytest.fixture
    def two(self, ada):
        return call(), call(units="2")

    def compared(self, tester, two, **asked):
        earlier, later = two
        return said(tester.get(address(earlier, f"with/{later.call_id}/"), asked))

    def test_shows_what_became_of_each_record_and_where_the_answers_differ(self, tester, two):
        page = self.compared(tester, two)

        for shown in ("2 differences in meaning", "<strong>updated</strong>", "records_inserted"):
            assert shown in page

    def test_leaves_out_a_place_that_is_marked_by_a_click(self, tester, two):
        place = "Envelope.Body.modifyPartsResponse.status.records_inserted"

        page = self.compared(tester, two, mark=place, ignored="*.nothing")

        assert "1 difference in meaning" in page
        assert f"*.nothing\n{place}" in page

    def test_leaves_out_everything_of_a_name(self, tester, two):
        page = self.compared(tester, two, mark="*.records_inserted", ignored="*.records_updated")

        assert "The answer means the same; 1 record had another result." in page

    def test_pairs_records_by_their_keys(self, ada):
        earlier = call()
        post(
            envelope(
                "<modifyParts><Parts><each_record><part_number>P-2</part_number></each_record></Parts></modifyParts>"
            )
        )

        records = compare_exchanges(earlier, Exchange.objects.latest("id")).records

        assert [(each.key, each.before, each.after) for each in records] == [
            ("P-1", "created", ""),
            ("P-2", "failed", "created"),
        ]

    def test_needs_both(self, tester, two):
        assert tester.get(address(two[0], f"with/{'0' * 32}/")).status_code == 404


class TestEdited:
    def test_is_compared_with_the_call_that_it_was_made_of(self, tester):
        exchange = call()
        opened = said(tester.post(address(exchange, "open/")))
        fields = form_of(opened)
        assert fields["original"] == exchange.call_id

        edited = {**fields, "input": fields["input"].replace(">none<", ">3<"), "do": "send"}
        page = said(tester.post("/admin/webservices/test/", edited))

        latest = Exchange.objects.latest("id")
        assert "differences from the answer of the previous call" in page
        assert address(exchange, f"with/{latest.call_id}/") in page

    def test_a_new_input_is_made_of_none(self, tester):
        exchange = call()
        fields = form_of(said(tester.post(address(exchange, "open/"))))

        page = said(tester.post("/admin/webservices/test/", {**fields, "do": "generate"}))

        assert 'name="original"' not in page

    @pytest.mark.parametrize("original", ["0" * 32, "x", "a\x00b"])
    def test_of_a_call_that_is_no_longer_kept_is_sent_all_the_same(self, tester, original):
        fields = form_of(said(tester.post(address(call(), "open/"))))

        page = said(tester.post("/admin/webservices/test/", {**fields, "original": original, "do": "send"}))

        assert "200 OK" in page
        assert "from the answer of the previous call" not in page

    @pytest.mark.parametrize("plural", ["parts", "customers"])
    @pytest.mark.parametrize("verb", ["find", "add", "put"])
    def test_is_opened_as_the_api_that_it_was(self, tester, plural, verb):
        for offer in service_offers(ORACLE_2_0, plural, current_operations()):
            if offer.operation.verb == verb:
                kept = CallContent("a", "POST", offer.request.path, "oracle-2.0", offer.operation.name)
                fields = build_form_fields(kept, current_operations().generation)
                assert (fields["tab"], fields["api"]) == (plural, offer.name)


class TestExpected:
    def test_is_proposed_from_what_was_found(self, ada):
        lines = [check.words() for check in propose_for_exchange(call(), current_operations())]

        assert lines == [
            "status is 200", "no fault", "records created = 1", "records failed = 1", "valid against the contract",
        ]  # fmt: skip

    def test_is_what_a_second_call_meets_too(self, tester):
        page = tester.get(address(call()))

        assert page.context["checks"].splitlines() == ["status = 2xx", "fault = false", "records failed = 1", "valid"]
        assert page.context["more"] == ["status = 200", "records created = 1"]

    def test_is_kept_with_the_call(self, tester):
        exchange = call()
        page = tester.get(address(exchange))
        sent = {
            "call-id": exchange.call_id,
            "collection": "Release",
            "checks": page.context["checks"] + "\n//records_read = 2",
            "captures": "read = //records_read",
            "ignored": "*.message",
        }

        tester.post("/admin/webservices/collections/keep/", sent)

        (kept,) = Collection.objects.get().calls.all()
        assert len(kept.checks) == 5
        assert kept.captures == [{"name": "read", "path": "//records_read"}]
        assert kept.ignored == ["*.message"]
        tester.post(f"/admin/webservices/collections/{kept.collection.link}/run/")
        assert [finding["met"] for finding in RunResult.objects.get().findings] == [True] * 5


VALUES = {
    "an element that is there once": ("<a><b>1</b></a>", "text/xml", [("//b", "1", "b")]),
    "elements that repeat": (
        "<a><r><n>1</n></r><r><n>2</n></r></a>", "text/xml", [("//a/r[1]/n", "1", "n"), ("//a/r[2]/n", "2", "n")],
    ),
    "members": ('{"a": {"b-c": [true, "x"]}}', "application/json", [
        ('$.a["b-c"][0]', "true", "b_c"), ('$.a["b-c"][1]', "x", "b_c"),
    ]),
    "nothing empty or of several lines": ('{"a": "", "b": "x\\ny"}', "application/json", []),
    "neither": ("hello", "text/plain", []),
}  # fmt: skip


@pytest.mark.parametrize("body, kind, values", table(VALUES))
def test_the_values_of_an_answer_are_found_where_they_are_said_to_be(body, kind, values):
    found = list_values(body, kind)

    assert [(each.path, each.value, each.name) for each in found] == values
    for each in found:
        assert find_values(ParsedAnswer(200, body, kind), each.path) == [each.value]


def test_every_page_of_testers_has_the_strict_policy(tester):
    exchange = call()
    tester.post("/admin/webservices/collections/keep/", {"call-id": exchange.call_id, "collection": "Release"})
    collection = Collection.objects.get()
    tester.post(f"/admin/webservices/collections/{collection.link}/run/")
    of_run = f"/admin/webservices/collections/{collection.link}/runs/{collection.runs.get().pk}/"
    pages = [
        address(exchange), address(exchange, f"with/{exchange.call_id}/"), "/admin/webservices/collections/",
        f"/admin/webservices/collections/{collection.link}/", of_run, f"{of_run}0/",
    ]  # fmt: skip

    for each in pages:
        response = tester.get(each)
        assert response.status_code == 200, each
        assert "script-src 'self' 'unsafe-eval';" in response["Content-Security-Policy"], each
        assert not html.fromstring(response.content).xpath("//main//@onclick | //main//script[not(@src)]"), each
