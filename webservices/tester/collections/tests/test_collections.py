"""The pages of collections: kept from the test page and from exchanges, changed, shared, exported, run."""

import json

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from parts.models import Part
from records.tests.cast import table
from webservices.models import Exchange
from webservices.tester.collections.exports import EXPORTS
from webservices.tester.collections.files import CallContent, read_collection
from webservices.tester.collections.services import save_call
from webservices.tester.models import Collection, Run, SavedCall
from webservices.tests.api_keys import permission
from webservices.tests.test_endpoint import envelope, post

PAGE = "/admin/webservices/collections/"
SOAP = {
    "version": "oracle-2.0",
    "tab": "parts",
    "api": "add-0",
    "made-for": "add-0",
    "method": "POST",
    "url": "http://testserver/v2_0/receiver/parts",
    "input": envelope().decode(),
}
TYPED = {
    "name": "reads",
    "method": "GET",
    "target": "/api/v1/parts/",
    "checks": "status = 200",
    "headers": "accept: a/b",
}


@pytest.fixture
def tester(ada):
    client = Client()
    client.force_login(ada)
    return client


@pytest.fixture
def collection(db):
    collection = Collection.objects.create(name="Parts", values={"units": "3"})
    put = CallContent(
        "puts", "PUT", "/api/v1/parts/C-1/", headers={"content-type": "application/json"}, body='{"units": {{units}}}'
    )
    save_call(collection, put)
    return collection


def address(collection, rest=""):
    return f"{PAGE}{collection.link}/{rest}"


def said(response):
    """The page that a request ends on, after whatever redirects."""
    assert response.status_code == 200
    return response.content.decode()


class TestAll:
    def test_lists_collections_in_a_fixed_number_of_statements(self, tester, collection, django_assert_max_num_queries):
        for number in range(5):
            Collection.objects.create(name=f"More {number}")

        with django_assert_max_num_queries(8):
            page = said(tester.get(PAGE))

        assert "Parts" in page
        assert "More 4" in page

    def test_makes_an_empty_one(self, tester):
        page = said(tester.post(PAGE, {"do": "new", "name": "  New  one "}, follow=True))

        assert Collection.objects.get().name == "New one"
        assert "No call yet." in page

    def test_reads_what_was_exported(self, tester, collection):
        file = tester.get(address(collection, "counterpart/")).content

        tester.post(PAGE, {"do": "import", "file": SimpleUploadedFile("x.json", file)})

        again = Collection.objects.get(name="Parts 2")
        assert read_collection(again).calls == read_collection(collection).calls

    @pytest.mark.parametrize(
        "sent, sentence",
        table(
            {
                "no name": ({"do": "new", "name": " "}, "A name has 1 to 120 characters."),
                "a name that is taken": (
                    {"do": "new", "name": "Parts"},
                    "There is a collection &#x27;Parts&#x27; already.",
                ),
                "no file": ({"do": "import"}, "Choose a file"),
                "another file": ({"do": "import", "file": SimpleUploadedFile("x", b"{}")}, "no collection of this hub"),
            }
        ),
    )
    def test_says_what_cannot_be(self, tester, collection, sent, sentence):
        assert sentence in said(tester.post(PAGE, sent))


class TestKeep:
    def test_the_input_of_the_page_without_its_password(self, tester):
        tester.post(f"{PAGE}keep/", {**SOAP, "collection": "Release", "call-name": "adds a part"})

        (kept,) = Collection.objects.get(name="Release").calls.all()
        assert (kept.name, kept.dialect, kept.operation) == ("adds a part", "oracle-2.0", "parts.add")
        assert kept.target == "/v2_0/receiver/parts"
        assert "ada-ada!" not in kept.body
        assert "P-1" in kept.body

    def test_an_exchange_without_its_password(self, tester):
        call_id = post(envelope())["X-Call-Id"]

        page = said(tester.post(f"{PAGE}keep/", {"collection": "Found", "call-id": call_id}, follow=True))

        (kept,) = Collection.objects.get(name="Found").calls.all()
        assert (kept.call_id, kept.name, kept.method) == (call_id, "parts.add", "POST")
        assert "***" not in kept.body
        assert "parts.add is saved in Found." in page

    def test_what_was_kept_is_run_as_whoever_runs_it(self, tester):
        tester.post(f"{PAGE}keep/", {**SOAP, "collection": "Release"})
        tester.post(address(Collection.objects.get(), "run/"))

        assert Part.objects.get().number == "P-1"
        assert Exchange.objects.get().user_name == "ada"


class TestOne:
    def test_shows_its_calls_with_their_checks(self, tester, collection):
        page = said(tester.get(address(collection)))

        for shown in ("puts", "PUT /api/v1/parts/C-1/", "status = 2xx", "units = 3", "run_collection"):
            assert shown in page

    def test_adds_changes_copies_moves_and_deletes_calls(self, tester, collection):
        tester.post(address(collection), {"do": "add-call", **TYPED})
        reads = collection.calls.get(name="reads")
        assert (reads.headers, reads.checks) == (
            {"accept": "a/b"},
            [{"kind": "status", "comparator": "=", "value": "200"}],
        )

        tester.post(address(collection), {"do": "change-call", "call": reads.pk, **TYPED, "captures": "id = $.id"})
        tester.post(address(collection), {"do": "copy-call", "call": reads.pk})
        tester.post(address(collection), {"do": "move-call", "call": reads.pk, "to": "up"})
        assert list(collection.calls.values_list("name", flat=True)) == ["reads", "puts", "reads 2"]
        assert collection.calls.get(name="reads 2").captures == [{"name": "id", "path": "$.id"}]

        tester.post(address(collection), {"do": "delete-call", "call": reads.pk})
        assert list(collection.calls.values_list("name", flat=True)) == ["puts", "reads 2"]

    @pytest.mark.parametrize(
        "sent, sentence",
        table(
            {
                "a wrong check": ({"checks": "it works"}, "Line 1, &#x27;it works&#x27;: A check is one of"),
                "a wrong capture": ({"captures": "x"}, "a value is captured by a name and a path"),
                "a wrong header": ({"headers": "x"}, "&#x27;x&#x27; is no header"),
                "credentials": ({"headers": "Authorization: Basic x"}, "Authorization is no header to be typed"),
                "a wrong method": ({"method": "TRACE"}, "A method is one of"),
                "no address": ({"target": " "}, "An address has 1 to"),
                "a name that is taken": ({"name": "puts"}, "has a call &#x27;puts&#x27; already"),
            }
        ),
    )
    def test_says_what_a_call_cannot_be(self, tester, collection, sent, sentence):
        page = said(tester.post(address(collection), {"do": "add-call", **TYPED, **sent}))

        assert sentence in page
        assert collection.calls.count() == 1

    def test_is_renamed_described_and_given_values(self, tester, collection):
        tester.post(
            address(collection), {"do": "change", "name": "Other", "description": "d", "values": "a = 1\nb=x = y"}
        )

        collection.refresh_from_db()
        assert (collection.name, collection.description, collection.values) == ("Other", "d", {"a": "1", "b": "x = y"})

    def test_is_deleted(self, tester, collection):
        assert "is deleted" in said(tester.post(address(collection), {"do": "delete"}, follow=True))
        assert not Collection.objects.exists()

    @pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.name)
    def test_is_exported(self, tester, collection, export):
        response = tester.get(address(collection, f"{export.name}/"))

        assert response["Content-Disposition"] == f'attachment; filename="parts.{export.suffix}"'
        assert b"/api/v1/parts/C-1/" in response.content


class TestTyped:
    def test_what_could_not_be_kept_stays_in_its_form(self, tester, collection):
        kept = collection.calls.get()

        page = said(
            tester.post(address(collection), {"do": "change-call", "call": kept.pk, **TYPED, "checks": "it works"})
        )

        assert "it works" in page
        assert 'value="reads"' in page
        assert f'id="call-{kept.pk}" open' in page

    def test_a_new_call_that_could_not_be_kept_stays_too(self, tester, collection):
        page = said(tester.post(address(collection), {"do": "add-call", **TYPED, "target": ""}))

        assert 'value="reads"' in page

    def test_lines_end_as_they_do_here_and_no_nul_gets_in(self, tester, collection):
        tester.post(address(collection), {"do": "add-call", **TYPED, "body": "<a>\r\n\x00</a>"})

        assert collection.calls.get(name="reads").body == "<a>\n</a>"

    def test_a_call_is_opened_as_an_input_of_the_test_page(self, tester, collection):
        (call,) = tester.get(address(collection)).context["calls"]

        page = said(tester.post("/admin/webservices/test/", {"version": "rest", **call["reopen_fields"], "do": "open"}))

        assert "/api/v1/parts/C-1/" in page
        assert "{{units}}" in page


class TestRun:
    def test_ends_on_the_page_of_its_results(self, tester, collection):
        page = said(tester.post(address(collection, "run/"), follow=True))

        assert "1 of 1 calls passed" in page
        assert Part.objects.get().units == 3

    def test_is_told_call_by_call_to_a_script(self, tester, collection):
        save_call(collection, CallContent("reads", "GET", "/api/v1/parts/nothing/"))

        response = tester.post(address(collection, "run/"), {"dry": "on"}, headers={"accept": "application/x-ndjson"})
        events = [json.loads(line) for line in b"".join(response.streaming_content).decode().splitlines()]

        assert [(each["done"], each["of"], each["name"], each["met"]) for each in events] == [
            (1, 2, "puts", True),
            (2, 2, "reads", False),
        ]
        assert events[-1]["results"] == address(collection, f"runs/{Run.objects.get().pk}/")
        assert not Part.objects.exists()

    def test_of_many_calls_is_shown_in_as_many_statements_as_of_few(self, tester, collection):
        def statements():
            tester.post(address(collection, "run/"))
            with CaptureQueriesContext(connection) as shown:
                tester.get(address(collection, f"runs/{Run.objects.first().pk}/"))
                return len(shown)

        tester.post(address(collection, "run/"))
        few = statements()
        for number in range(5):
            save_call(collection, CallContent(f"reads {number}", "GET", "/api/v1/parts/C-1/"))

        assert statements() == statements() == few

    def test_shows_what_differs_from_the_last(self, tester, collection):
        tester.post(address(collection, "run/"))

        page = said(tester.post(address(collection, "run/"), follow=True))

        assert "passed in the previous run" not in page
        assert "Differences from the previous run" in page or "means the same" in page

    def test_shows_what_was_found_instead(self, tester, collection):
        collection.calls.update(checks=[{"kind": "status", "value": "404"}])

        page = said(tester.post(address(collection, "run/"), follow=True))

        assert "0 of 1 calls passed" in page
        assert "status is 404" in page


class TestLearnt:
    """What a result teaches its call."""

    @pytest.fixture
    def result(self, tester, collection):
        tester.post(address(collection, "run/"))
        return address(collection, f"runs/{Run.objects.get().pk}/0/")

    def update_expectations(self, tester, result, **lines):
        page = said(tester.post(f"{result}learn/", lines, follow=True))
        return page, SavedCall.objects.get()

    def test_that_what_was_found_is_expected(self, tester, collection, result):
        page, kept = self.update_expectations(tester, result, expect="all")

        assert "status = 201" in page
        assert {"kind": "outcome", "path": "created", "comparator": "=", "value": "1"} in kept.checks
        assert {"kind": "valid", "comparator": "="} in kept.checks
        tester.post(address(collection, "run/"))
        assert "status is 201" in said(tester.get(address(collection, f"runs/{Run.objects.first().pk}/")))

    def test_a_value_that_is_expected_or_taken(self, tester, result):
        assert "$.number" in said(tester.get(result))

        self.update_expectations(tester, result, check="$.number = C-1")
        self.update_expectations(tester, result, check="$.number = C-1")
        self.update_expectations(tester, result, capture="id = $.number")
        _, kept = self.update_expectations(tester, result, capture="id = $.id")

        assert [check["value"] for check in kept.checks if check["kind"] == "value"] == ["C-1"]
        assert kept.captures == [{"name": "id", "path": "$.id"}]

    def test_what_is_not_compared(self, tester, collection, result):
        tester.post(address(collection, "run/"))
        latest = address(collection, f"runs/{Run.objects.first().pk}/")
        before = said(tester.get(latest))

        page, kept = self.update_expectations(tester, f"{latest}0/", ignored="*.version")

        assert 'value="version"' in before or "means the same" in before
        assert kept.ignored == ["*.version"]
        assert "<code>version</code>" not in page

    def test_nothing_that_means_nothing(self, tester, result):
        page, kept = self.update_expectations(tester, result, check="it works")

        assert "A check is one of" in page
        assert len(kept.checks) == 2

    def test_nothing_when_the_call_is_gone(self, tester, collection, result):
        collection.calls.all().delete()

        assert "no longer in the collection" in said(tester.post(f"{result}learn/", {"expect": "all"}, follow=True))

    def test_nothing_from_somebody_who_may_not_change_it(self, result, collection):
        client = Client()
        user = User.objects.create(username="staff", is_staff=True)
        user.user_permissions.add(permission("tester.view_collection"))
        client.force_login(user)

        assert "Expect this answer" not in said(client.get(result))
        assert client.post(f"{result}learn/", {"expect": "all"}).status_code == 403


class TestRights:
    @pytest.fixture
    def stranger(self, collection):
        client = Client()
        client.force_login(User.objects.create(username="staff", is_staff=True))
        return client

    def test_are_needed_for_everything(self, stranger, collection):
        assert stranger.get(PAGE).status_code == 403
        assert stranger.get(address(collection)).status_code == 403
        assert stranger.get(address(collection, "postman/")).status_code == 403
        assert stranger.post(address(collection, "run/")).status_code == 403
        assert stranger.post(f"{PAGE}keep/", SOAP).status_code == 403
        assert not Run.objects.exists()

    def test_to_look_are_not_those_to_change(self, stranger, collection):
        user = User.objects.get(username="staff")
        user.user_permissions.add(permission("tester.view_collection"))

        assert stranger.get(address(collection)).status_code == 200
        assert stranger.post(address(collection), {"do": "delete"}).status_code == 403
        assert Collection.objects.exists()
