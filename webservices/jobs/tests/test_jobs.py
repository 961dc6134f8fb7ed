"""The log of batch jobs: what is written of a call whose caller asked for it."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers.services import CUSTOMER_PARTS, CUSTOMERS
from orders.resources import SALES_ORDER
from parts.models import Part
from parts.services import PARTS as PARTS_SERVICES
from records.tests.cast import ADA, NOW, table
from webservices import endpoint
from webservices.exchanges.masking import build_mask
from webservices.jobs import store
from webservices.jobs.entries import input_text
from webservices.models import BatchJob, BatchJobEntry, Exchange
from webservices.tests.test_endpoint import PARTS, envelope
from webservices.wire.credentials import SignedIn
from webservices.wire.dialects.oracle.dialect import Oracle20
from webservices.wire.messages import LogOptions, WireRequest

FINE, WRONG = "<part_number>P-{}</part_number>", "<part_number>P-{}</part_number><units>0</units>"
DETAIL = LogOptions("DETAIL")


def parts(*records, operation="addParts"):
    """An envelope of records: of each, its elements, `{}` is its number."""
    each = "".join(f"<each_record>{record.format(number)}</each_record>" for number, record in enumerate(records))
    return envelope(f"<{operation}><Parts>{each}</Parts></{operation}>")


class Logged(Oracle20):
    """Oracle, but that every call asks to be logged."""

    def __init__(self, wish, options):
        super().__init__()
        self.wish, self.options = wish, options

    def read(self, request, operations, settings):
        call = super().read(request, operations, settings)
        return replace(call, log=self.wish, options=replace(call.options, **self.options))


def ask(user, body, wish, dialect=Logged, path=PARTS, **options):
    """Send a request of a dialect whose every call asks to be logged so; gives what was logged of it."""
    credentials = SignedIn(user.pk) if user else None
    response = endpoint.serve(dialect(wish, options), WireRequest("POST", path, body), credentials, clock=lambda: NOW)
    return BatchJob.objects.filter(call_id=response.headers["X-Call-Id"]).first()


def entries(job):
    """(number, level, key, outcome) of each."""
    return [(each.number, each.level, each.key, each.outcome) for each in job.entries.all()]


class TestTheJob:
    def test_says_who_asked_what_and_how_it_ended(self, ada):
        job = ask(ada, parts(FINE, WRONG, FINE), LogOptions("SUMMARY", title="Nightly load"))

        assert (job.title, job.level, job.dialect, job.operation) == (
            "Nightly load", "SUMMARY", "oracle-2.0", "parts.add",
        )  # fmt: skip
        assert (job.user_id, job.user_name, job.credential) == (ada.pk, "ada", "session")
        assert (job.received, job.succeeded, job.failed) == (3, 2, 1)
        assert job.began == NOW
        assert job.ended == NOW + timedelta(seconds=job.elapsed)
        assert 0 < job.database < job.elapsed
        assert job.cpu > 0
        assert not job.dry

    def test_has_the_operation_for_its_title_when_none_is_sent(self, ada):
        assert ask(ada, parts(FINE), DETAIL).title == "Add parts"

    def test_says_when_nothing_was_kept(self, ada):
        assert ask(ada, parts(FINE), DETAIL, dry_run=True).dry

    def test_counts_what_all_or_none_undid(self, ada):
        job = ask(ada, parts(FINE, WRONG), LogOptions("FAIL"), all_or_none=True)

        assert (job.succeeded, job.failed) == (0, 2)
        assert job.entries.all()[0].messages[0]["code"] == "rolled-back"

    def test_belongs_to_an_exchange(self, ada):
        job = ask(ada, parts(FINE), DETAIL)

        assert Exchange.objects.get().call_id == job.call_id


ENTRIES = {
    "SUMMARY": ("SUMMARY", []),
    "FAIL": ("FAIL", [(1, "ERROR", "P-1", "failed")]),
    "DETAIL": ("DETAIL", [(0, "INFO", "P-0", "created"), (1, "ERROR", "P-1", "failed"), (2, "INFO", "P-2", "created")]),
}


class TestEntries:
    @pytest.mark.parametrize("level, wanted", table(ENTRIES))
    def test_are_as_many_as_were_asked_for(self, ada, level, wanted):
        assert entries(ask(ada, parts(FINE, WRONG, FINE), LogOptions(level))) == wanted

    def test_tell_code_and_sentence_in_the_callers_own_words(self, ada):
        sent = f"<part_number>P-{{}}</part_number><part_display_number>{'x' * 500}</part_display_number>"

        failed = ask(ada, parts(sent), LogOptions("FAIL")).entries.get()

        (message,) = failed.messages
        assert message["code"] == "too-long"
        assert message["text"].startswith("part_display_number may have at most")
        assert failed.record_id is None

    def test_warn_of_a_total_of_a_finished_order(self, ada):
        CUSTOMERS.add(records=[{"number": "ACME", "active": "false"}], by=ADA, at=NOW)
        record = "<sales_order_number>SO-1</sales_order_number><customer_number>ACME</customer_number>"
        body = envelope(
            f"<addSalesOrders><SalesOrders><each_record>{record}<status>Delivered</status><total>5</total></each_record>"
            "</SalesOrders></addSalesOrders>"
        )

        entry = ask(ada, body, DETAIL, path="/v2_0/receiver/salesOrders", import_finished=True).entries.get()

        assert (entry.level, entry.outcome, entry.key) == ("WARNING", "created", "SO-1")
        assert entry.messages == [{"code": "total-differs", "text": "total is sent as '5', but comes to 0.00."}]

    def test_tell_what_the_dialect_tells_of_a_record(self, ada):
        class Talkative(Logged):
            def messages(self, outcome, operation, context):
                return [(f"{operation.verb}-{outcome.result}", context.plural)]

        job = ask(ada, parts(FINE), DETAIL, dialect=Talkative)

        assert job.entries.get().messages == [{"code": "add-created", "text": "parts"}]
        assert job.entries.get().level == "WARNING"

    def test_lead_to_the_record(self, ada):
        assert ask(ada, parts(FINE), DETAIL).entries.get().record_id == Part.objects.get().pk

    def test_warn_of_a_record_that_is_in_use(self, ada):
        customer = {"number": "C-1"}
        services = {each.resource.plural: each for each in (CUSTOMERS, PARTS_SERVICES, CUSTOMER_PARTS)}
        for plural, record in {
            "customers": customer,
            "parts": {"number": "P-0"},
            "customer_parts": {"customer": "C-1", "part": "P-0", "number": "X"},
        }.items():
            (outcome,) = services[plural].add(records=[record], by=ADA, at=NOW)
            assert not outcome.failed
        chosen = "<criteria><field>part_number</field><value>P-0</value><comparator>=</comparator></criteria>"

        job = ask(ada, envelope(f"<deleteParts><Parts>{chosen}</Parts></deleteParts>"), DETAIL)

        assert entries(job) == [(0, "WARNING", "P-0", "inactivated")]

    def test_cost_as_many_statements_for_many_as_for_one(self, ada):
        def statements(number):
            with CaptureQueriesContext(connection) as captured:
                job = ask(ada, parts(*[FINE.replace("P-", f"{number}-")] * number), LogOptions("DETAIL", input=True))
            assert job.entries.count() == 2 * number
            return [query["sql"] for query in captured if "batchjob" in (query["sql"] or "")]

        statements(1)
        assert len(statements(2)) == len(statements(60)) == 1


class TestInputs:
    WISH = LogOptions("DETAIL", input=True)

    def test_are_entries_of_their_own(self, ada):
        job = ask(ada, parts(FINE, WRONG), LogOptions("FAIL", input=True))

        assert entries(job) == [(0, "INFO", "", ""), (1, "INFO", "", ""), (1, "ERROR", "P-1", "failed")]
        assert json.loads(job.entries.all()[1].input) == {"part_number": "P-1", "units": "0"}

    @pytest.mark.parametrize(
        "wish, setting", [(LogOptions("SUMMARY", input=True), True), (WISH, False), (DETAIL, True)]
    )
    def test_are_not_logged(self, ada, settings, wish, setting):
        settings.JOB_INPUTS = setting

        job = ask(ada, parts(FINE), wish)

        assert not job.entries.exclude(input="").exists()

    def test_show_lists_and_maps_and_what_is_empty(self, ada):
        sent = (
            "<part_number>P-{}</part_number><notes/><price><USD>1</USD><EUR/></price>"
            "<company_associations>A</company_associations><company_associations>B</company_associations>"
        )

        shown = json.loads(ask(ada, parts(sent), self.WISH).entries.exclude(input="").get().input)

        assert shown == {
            "part_number": "P-0",
            "notes": "",
            "price.USD": "1",
            "price.EUR": "",
            "company_associations": ["A", "B"],
        }

    def test_show_rows_one_after_the_other(self):
        record = {"number": "SO-1", "rows": [{"part": "P-1", "quantity": "2"}]}
        spell = lambda path: ".".join(map(str, path)).upper()  # noqa: E731

        shown = json.loads(input_text(record, SALES_ORDER, spell, build_mask(Oracle20.secrets)))

        assert shown == {"NUMBER": "SO-1", "ROWS.0.PART": "P-1", "ROWS.0.QUANTITY": "2"}


class TestSecrets:
    def test_are_logged_nowhere(self, ada):
        sent = "<part_number>P-{}-ada-ada!</part_number><units>ada-ada!</units><notes>ada-ada!</notes>"
        job = ask(None, parts(sent), LogOptions("DETAIL", title="I am ada-ada!", input=True))

        logged = str(list(BatchJob.objects.values())) + str(list(BatchJobEntry.objects.values()))
        assert job.title == "I am ***"
        assert "ada-ada!" not in logged
        assert "P-0-***" in logged

    def test_are_masked_by_the_name_of_their_field(self, ada):
        class Masked(Logged):
            secrets = replace(Logged.secrets, elements=frozenset({"part_display_number"}))

        sent = "<part_number>P-{}</part_number><part_display_number>tell-nobody</part_display_number>"

        job = ask(ada, parts(sent), LogOptions("DETAIL", input=True), dialect=Masked)

        assert "tell-nobody" not in str(list(job.entries.values()))
        assert "***" in job.entries.exclude(input="").get().input


class TestAFailure:
    def test_is_a_job_with_its_sentence_and_without_entries(self, bob):
        job = ask(bob, parts(FINE), DETAIL)

        assert (job.code, job.problem) == ("forbidden", "bob may not add parts (addParts).")
        assert (job.received, job.succeeded, job.failed) == (None, 0, 0)
        assert job.user_name == "bob"
        assert not job.entries.exists()

    def test_of_a_body_that_cannot_be_read_to_its_end_quotes_nothing(self, ada):
        job = ask(ada, parts(FINE).replace(b"</addParts>", b"</ada-ada!>"), DETAIL)

        assert (job.code, job.received) == ("malformed", None)
        assert "ada-ada!" not in job.problem

    def test_leaves_no_job_when_nobody_was_let_in(self, ada):
        assert ask(None, envelope(word="guess"), DETAIL) is None


class TestIsNotWritten:
    def test_of_a_read(self, ada):
        assert ask(ada, envelope("<getParts><Parts/></getParts>"), DETAIL) is None

    def test_without_being_asked_for(self, ada):
        assert ask(ada, parts(FINE), None) is None

    def test_and_fails_no_call_when_the_database_refuses(self, ada, monkeypatch, caplog):
        monkeypatch.setattr(store, "build_job", lambda *given: 1 / 0)

        assert ask(ada, parts(FINE), DETAIL) is None
        assert Part.objects.exists()
        assert "its batch job could not be logged" in caplog.text


class TestPrune:
    @pytest.fixture(autouse=True)
    def _jobs(self, db):
        for days in range(6):
            began = timezone.now() - timedelta(days=days)
            job = BatchJob.objects.create(
                call_id=str(days), user_id=1, began=began, ended=began, elapsed=1, cpu=1, database=1
            )
            job.entries.create(number=0, level="INFO")

    def kept(self):
        return sorted(job.call_id for job in BatchJob.objects.all())

    def test_deletes_what_is_older_than_the_setting_with_its_entries(self, settings, capsys):
        settings.JOB_DAYS = 3

        call_command("prune_exchanges")

        assert self.kept() == ["0", "1", "2"]
        assert BatchJobEntry.objects.count() == 3
        assert "3 batch jobs" in capsys.readouterr().out

    def test_in_batches(self, capsys, django_assert_num_queries):
        with django_assert_num_queries(5):  # one of exchanges, three of jobs, one of answers
            call_command("prune_exchanges", days=1, batch=2)

        assert self.kept() == ["0"]

    def test_by_days_of_both(self, settings, capsys):
        settings.JOB_DAYS = 30

        call_command("prune_exchanges", days=2)

        assert self.kept() == ["0", "1"]

    def test_refuses_nonsense(self, settings):
        settings.JOB_DAYS = -1

        with pytest.raises(CommandError):
            call_command("prune_exchanges")
