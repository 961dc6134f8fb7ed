"""The log of batch jobs in the admin site."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client, RequestFactory

from parts.models import Part
from records.tests.cast import table
from records.tests.pages import queries, said
from webservices.jobs.tests.test_jobs import DETAIL, FINE, WRONG, ask, parts
from webservices.models import BatchJob, Exchange
from webservices.tests.test_endpoint import envelope
from webservices.wire.messages import LogOptions

LIST = "/admin/webservices/batchjob/"


@pytest.fixture
def signed_in(ada):
    client = Client()
    client.force_login(ada)
    return client


def one(job):
    return f"{LIST}{job.pk}/change/"


class TestList:
    def test_shows_what_was_asked_when_and_how_it_ended(self, signed_in, ada):
        ask(ada, parts(FINE, WRONG), LogOptions("FAIL", title="Nightly load"))

        shown = said(signed_in.get(LIST))

        for text in ("Nightly load", "parts.add", "ada", "partly failed", "2 received, 1 succeeded, 1 failed", " s "):
            assert text in shown

    @pytest.mark.parametrize("term", ["Night", "ada", "its call id"])
    def test_is_searched(self, signed_in, ada, bob, term):
        job = ask(ada, parts(FINE), LogOptions("FAIL", title="Nightly load"))
        ask(bob, parts(FINE), LogOptions("FAIL", title="Daily load"))
        term = job.call_id if term == "its call id" else term

        shown = said(signed_in.get(f"{LIST}?q={term}"))

        assert "Nightly load" in shown
        assert "Daily load" not in shown

    def test_is_filtered(self, signed_in, ada, bob):
        ask(ada, parts(FINE), LogOptions("FAIL", title="fine job"))
        ask(ada, parts(WRONG), LogOptions("FAIL", title="failed job"))
        ask(bob, parts(FINE, operation="updateParts"), LogOptions("FAIL", title="refused job"))

        failed = said(signed_in.get(f"{LIST}?result=failed"))
        added = said(signed_in.get(f"{LIST}?operation=parts.add"))

        assert [name in failed for name in ("fine job", "failed job", "refused job")] == [False, True, True]
        assert [name in added for name in ("fine job", "failed job", "refused job")] == [True, True, False]

    @pytest.mark.parametrize(
        "query, index",
        table(
            {
                "failed": ("result=failed", "batchjob_failed"),
                "an operation": ("operation=parts.add", "batchjob_operation"),
                "a day": ("began__gte=2026-11-21T00:00:00%2B00:00", "batchjob_began"),
                "a term": ("q=Night", "batchjob_title"),
            }
        ),
    )
    def test_is_filtered_by_an_index(self, signed_in, ada, query, index):
        ask(ada, parts(FINE), DETAIL)
        request = RequestFactory().get(f"{LIST}?{query}")
        request.user = ada
        found = admin.site._registry[BatchJob].get_changelist_instance(request).queryset
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            if query.startswith("began"):
                found = found.order_by("began")

        assert index in found.explain()

    def test_takes_as_many_statements_for_many_as_for_one(self, signed_in, ada):
        ask(ada, parts(FINE), DETAIL)
        few = queries(signed_in, LIST)
        for number in range(9):
            ask(ada, parts(FINE.replace("P-", f"Q{number}-")), DETAIL)

        assert queries(signed_in, LIST) == few <= 6


class TestOne:
    def test_shows_its_entries_with_their_records_and_messages(self, signed_in, ada):
        job = ask(ada, parts(FINE, WRONG), LogOptions("DETAIL", input=True))

        response = signed_in.get(one(job))
        shown, content = said(response), response.content.decode()

        assert "Result partly failed " in shown
        assert "2026-11-21 12:00:00.000000 to 2026-11-21 12:00:00." in shown
        assert "All 4 Error 1 Info 3" in shown
        assert f'href="/admin/parts/part/{Part.objects.get().pk}/change/">P-0</a>' in content
        assert "too-small units must be 1 or more" in shown
        assert "&quot;part_number&quot;: &quot;P-1&quot;" in content
        assert f'href="/admin/webservices/exchange/{Exchange.objects.get().pk}/change/"' in content
        assert "in the database" in shown

    def test_shows_one_level(self, signed_in, ada):
        job = ask(ada, parts(FINE, WRONG), DETAIL)

        shown = said(signed_in.get(f"{one(job)}?level=ERROR"))

        assert "P-1" in shown
        assert "P-0" not in shown

    def test_links_to_no_record_that_is_gone(self, signed_in, ada):
        job = ask(ada, parts(FINE), DETAIL)
        Part.objects.all().delete()

        assert "/admin/parts/part/" not in signed_in.get(one(job)).content.decode().partition('id="entries"')[2]

    def test_links_to_no_record_that_the_user_may_not_see(self, ada, bob):
        job = ask(ada, parts(FINE), DETAIL)
        type(bob).objects.filter(pk=bob.pk).update(is_staff=True)
        bob.user_permissions.add(Permission.objects.get(codename="view_batchjob"))
        client = Client()
        client.force_login(bob)

        content = client.get(one(job)).content.decode()

        assert "P-0" in content
        assert "/admin/parts/part/" not in content

    def test_is_paged_when_there_are_many_and_costs_no_more(self, signed_in, ada):
        few = queries(signed_in, one(ask(ada, parts(FINE), DETAIL)))
        job = ask(ada, parts(*[FINE.replace("P-", "Q-")] * 205), DETAIL)

        assert queries(signed_in, one(job)) == few <= 8
        first, last = (said(signed_in.get(f"{one(job)}?p={page}")) for page in (1, 3))
        assert ("Q-99" in first, "Q-100" in first) == (True, False)
        assert ("Q-204" in last, "Q-199" in last) == (True, False)

    @pytest.mark.parametrize(
        "wish, records, words",
        table(
            {
                "a summary": (LogOptions("SUMMARY"), [FINE], "requested a summary only"),
                "no failure": (LogOptions("FAIL"), [FINE], "No record failed."),
            }
        ),
    )
    def test_says_why_there_is_no_entry(self, signed_in, ada, wish, records, words):
        assert words in said(signed_in.get(one(ask(ada, parts(*records), wish))))

    def test_says_why_the_whole_call_failed(self, signed_in, bob):
        shown = said(signed_in.get(one(ask(bob, parts(FINE), DETAIL))))

        assert "bob may not add parts (addParts)." in shown
        assert "not read" in shown
        assert "refused as a whole" in shown

    def test_escapes_what_callers_sent(self, signed_in, ada):
        sent = "<part_number>&lt;script&gt;alert({})&lt;/script&gt;</part_number><units>&lt;b&gt;</units>"
        job = ask(ada, parts(sent), LogOptions("DETAIL", title="<script>alert(2)</script>", input=True))

        content = signed_in.get(one(job)).content.decode() + signed_in.get(LIST).content.decode()

        assert "<script>alert" not in content
        assert "<b>" not in content.partition('id="entries"')[2].partition("</section>")[0].replace("<b aria", "")

    def test_says_when_its_exchange_is_gone(self, signed_in, ada):
        job = ask(ada, parts(FINE), DETAIL)
        Exchange.objects.all().delete()

        assert "Exchange deleted" in said(signed_in.get(one(job)))


class TestRights:
    def test_nobody_changes_or_removes_one(self, signed_in, ada):
        job = ask(ada, parts(FINE), DETAIL)

        assert signed_in.post(one(job), {"title": "other"}).status_code == 403
        assert signed_in.post(f"{LIST}{job.pk}/delete/", {"post": "yes"}).status_code == 403
        assert signed_in.get(f"{LIST}add/").status_code == 403

    def test_only_who_may_view_them_does(self, bob):
        type(bob).objects.filter(pk=bob.pk).update(is_staff=True)
        client = Client()
        client.force_login(bob)

        assert client.get(LIST).status_code == 403
        assert "Batch jobs" not in said(client.get("/admin/"))
        bob.user_permissions.add(Permission.objects.get(codename="view_batchjob"))
        assert client.get(LIST).status_code == 200


def test_a_read_is_no_job(ada):
    assert ask(ada, envelope("<getParts><Parts/></getParts>"), DETAIL) is None
