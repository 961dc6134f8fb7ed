"""Collections that are run: by the page's own function and by the command, kept and compared with the run before."""

import pytest
from django.core.management import CommandError, call_command
from lxml import etree

from parts.models import Part
from webservices.exchanges.store import body_text
from webservices.models import Exchange
from webservices.tester.collections.runs import runner
from webservices.tester.collections.runs.results import compare_runs, find_previous_run, report, run_and_save
from webservices.tester.collections.runs.views import stream_events
from webservices.tester.models import Collection, Run, RunResult, SavedCall
from webservices.tester.send.client import Sender
from webservices.tests import version_1_0
from webservices.tests.test_endpoint import ADD, envelope
from webservices.tests.version_1_0 import login, session_block

JSON = {"content-type": "application/json"}
XML = {"content-type": "text/xml; charset=UTF-8"}
OK = {"kind": "status", "value": "2xx"}


@pytest.fixture
def collection(ada):
    """A collection of three calls: the second uses what the first has answered."""
    collection = Collection.objects.create(name="Parts", values={"number": "R-1", "units": 3})
    save(
        collection,
        "puts a part",
        "/api/v1/parts/{{number}}/",
        '{"units": {{units}}}',
        method="PUT",
        checks=[
            OK,
            {"kind": "outcome", "path": "created", "value": "1"},
            {"kind": "time", "comparator": "<", "value": "60000"},
        ],
        captures=[{"name": "id", "path": "$.id"}],
    )
    save(
        collection,
        "finds it by its id",
        "/api/v1/parts/?id={{id}}",
        method="GET",
        checks=[OK, {"kind": "value", "path": "$.results[0].number", "value": "{{number}}"}],
    )
    body = envelope(ADD.replace("P-1", "{{number}}-2"), word="").decode()
    checks = [OK, {"kind": "value", "path": "//records_inserted", "value": "1"}, {"kind": "fault", "value": "false"}]
    save(collection, "adds another over SOAP", "/v2_0/receiver/parts", body, headers=XML, checks=checks)
    return collection


def save(collection, name, target, body="", *, method="POST", headers=JSON, **more):
    place = collection.calls.count()
    return SavedCall.objects.create(
        collection=collection, place=place, name=name, method=method, target=target, body=body, headers=headers, **more
    )


def sender(user):
    return Sender(user.pk, user.username, "http://testserver", "127.0.0.1", secure=True)


def ran(collection, user, **options):
    return [result for _, result in run_and_save(collection, runner.RunState(sender(user), **options), via="page")]


def of_1_0(body, header=""):
    return version_1_0.envelope(body, header).decode()


class TestRun:
    def test_sends_the_calls_in_order_with_values_of_earlier_answers(self, collection, ada):
        results = ran(collection, ada)

        assert [(result.passed, result.problem) for result in results] == [(True, "")] * 3
        assert sorted(Part.objects.values_list("number", "units")) == [("R-1", 3), ("R-1-2", 1)]

    def test_fills_values_into_headers(self, collection, ada):
        collection.calls.filter(place=0).update(captures=[{"name": "version", "path": "$.version"}])
        headers = {**JSON, "if-match": '"{{version}}"'}
        collection.calls.filter(place=1).update(
            target="/api/v1/parts/R-1/", method="PATCH", body='{"units": 4}', headers=headers, checks=[OK]
        )

        assert [result.passed for result in ran(collection, ada)] == [True] * 3

    def test_keeps_nothing_of_a_dry_one(self, collection, ada):
        collection.calls.filter(name="finds it by its id").delete()

        ran(collection, ada, dry=True)

        assert not Part.objects.exists()
        assert Run.objects.get().dry

    def test_goes_on_after_a_call_that_fails(self, collection, ada):
        collection.calls.filter(place=0).update(target="/api/v1/parts/{{nothing}}/")

        results = ran(collection, ada)

        assert [result.passed for result in results] == [False, False, True]
        assert results[0].problem == "{{nothing}} has no value; there are: number, units."

    @pytest.mark.parametrize(
        "change, problem",
        [
            ({"target": "/admin/"}, "No service of this server has the address /admin/."),
            ({"checks": [{"kind": "colour"}]}, "A check is of one of the kinds"),
            ({"captures": [{"name": "id", "path": "$.nothing"}]}, "id was not found: $.nothing is not in the answer."),
        ],
    )
    def test_says_what_is_wrong_with_a_call(self, collection, ada, change, problem):
        collection.calls.filter(place=0).update(**change)

        assert ran(collection, ada)[0].problem.startswith(problem)

    def test_without_checks_is_content_with_any_answer_that_is_no_fault(self, collection, ada):
        collection.calls.update(checks=[])
        save(collection, "asks for nothing", "/api/v1/parts/nothing/", method="GET")

        assert [result.passed for result in ran(collection, ada)] == [True, True, True, False]

    def test_has_no_more_rights_than_its_user(self, collection, bob):
        results = ran(collection, bob)

        assert [result.passed for result in results] == [False] * 3
        assert not Part.objects.exists()

    def test_goes_on_when_nobody_listens_any_more(self, collection, ada):
        told = stream_events(collection, run_and_save(collection, runner.RunState(sender(ada)), via="page"))
        assert '"done":1' in next(told)

        told.close()

        run = Run.objects.get()
        assert [result.passed for result in run.results.all()] == [True] * 3
        assert run.ended_at is not None

    def test_is_kept_without_secrets(self, collection, ada):
        ran(collection, ada)

        run = Run.objects.get()
        kept = [(each.name, each.status, each.passed, bool(each.call_id)) for each in run.results.all()]
        assert kept[2] == ("adds another over SOAP", 200, True, True)
        assert run.ended_at is not None
        assert Exchange.objects.count() == 3
        assert "ticket" not in str(list(run.results.values_list("findings", "problem")))


def beside_the_last():
    latest = Run.objects.first()
    return compare_runs(latest, find_previous_run(latest))

    def test_lets_a_session_travel_and_tells_it_nowhere(self, ada):
        collection = Collection.objects.create(name="Sessions")
        captures = [{"name": "session", "path": "//sessionId"}]
        checks = [{"kind": "value", "path": "//sessionId", "comparator": "exists"}]
        path = "/v1_0/receiver"
        save(collection, "logs in", path, of_1_0(login("ada", "")), headers=XML, checks=checks, captures=captures)
        used = [{"kind": "value", "path": "//success", "value": "true"}]
        same = [*used, {"kind": "value", "path": "//success", "comparator": "!=", "value": "{{session}}"}]
        save(
            collection,
            "uses it",
            path,
            of_1_0("<bm:getUserInfo/>", session_block("{{session}}")),
            headers=XML,
            checks=same,
        )
        state = runner.RunState(sender(ada))

        results = [result for _, result in run_and_save(collection, state, via="page")]

        assert [(result.passed, result.problem) for result in results] == [(True, "")] * 2
        assert len(state.values["session"]) > 10
        kept = str([*RunResult.objects.values_list("findings", "problem")]) + report("Sessions", results).decode()
        assert state.values["session"] not in kept
        assert "***" in kept
        assert all(state.values["session"] not in body_text(each.answer) for each in RunResult.objects.all())


class TestComparedWithLast:
    def test_says_what_turned_and_where_the_answers_differ(self, collection, ada, django_assert_num_queries):
        ran(collection, ada)
        run = Run.objects.get()
        assert [(each.previous, each.trend) for each in compare_runs(run, find_previous_run(run))] == [(None, "")] * 3

        ran(collection, ada)
        latest = Run.objects.first()
        with django_assert_num_queries(3):
            compared = compare_runs(latest, find_previous_run(latest))

        assert [each.trend for each in compared] == ["worse", "", "worse"]
        assert compared[1].differences == ()

    def test_leaves_out_what_the_tester_marks(self, collection, ada):
        ran(collection, ada)
        ran(collection, ada)
        collection.calls.filter(place=2).update(ignored=["*.Fault", "*.addPartsResponse"])

        assert beside_the_last()[2].differences != ()
        collection.calls.filter(place=2).update(ignored=["Envelope.Body"])
        assert beside_the_last()[2].differences == ()


class TestCommand:
    def test_runs_a_collection_and_writes_a_report(self, collection, ada, tmp_path, capsys):
        call_command("run_collection", "Parts", user="ada", junit=tmp_path / "report.xml")

        suite = etree.parse(tmp_path / "report.xml").getroot()
        assert {name: suite.get(name) for name in ("name", "tests", "failures", "errors")} == {
            "name": "Parts",
            "tests": "3",
            "failures": "0",
            "errors": "0",
        }
        assert "All 3 calls passed." in capsys.readouterr().out
        assert Run.objects.get().via == "command"

    def test_fails_when_a_check_is_not_met(self, collection, ada, tmp_path, capsys):
        collection.calls.filter(place=0).update(checks=[{"kind": "status", "value": "404"}])

        with pytest.raises(CommandError, match="1 of 3 calls failed"):
            call_command("run_collection", str(collection.link), user="ada", junit=tmp_path / "report.xml")

        failure = etree.parse(tmp_path / "report.xml").find("testcase/failure")
        assert (failure.get("message"), failure.text) == ("status is 404", "found 201")
        assert "status is 404: found 201" in capsys.readouterr().out

    def test_takes_values(self, collection, ada):
        call_command("run_collection", "Parts", user="ada", set=["number=OTHER"], verbosity=0)

        assert Part.objects.filter(number="OTHER").exists()

    @pytest.mark.parametrize(
        "arguments, options, sentence",
        [
            (["Nothing"], {"user": "ada"}, "There is no collection 'Nothing'; there are: Parts."),
            (["Parts"], {"user": "eve"}, "There is no active user 'eve'."),
            (["Parts"], {"user": "ada", "set": ["x"]}, "A value is given as NAME=VALUE, not 'x'."),
        ],
    )
    def test_says_what_it_does_not_understand(self, collection, arguments, options, sentence):
        with pytest.raises(CommandError, match=sentence):
            call_command("run_collection", *arguments, **options)
