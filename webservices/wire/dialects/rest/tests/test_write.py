"""What each answer and each failure is over HTTP."""

import json

import pytest

from records.shapes.outcomes import ROLLED_BACK, Outcome, Result, failed_outcome
from records.shapes.problems import Family, Problem
from records.shapes.values import Precondition, Tags
from records.tests.cast import table
from webservices.wire.dialects.rest.codes import FAMILIES, PROBLEM_STATUSES
from webservices.wire.dialects.rest.context import RestContext
from webservices.wire.dialects.rest.dialect import REST
from webservices.wire.dialects.rest.names import Entry
from webservices.wire.dialects.rest.tests.parts import operation
from webservices.wire.messages import Answer, Failure

RECORD = {"number": "A/B", "id": "7", "version": "2", "active": "true"}
ONE = RestContext(Entry.ONE, address="https://hub.example", path="/api/v1/parts/A%2FB/", key="A/B")
MANY = RestContext(Entry.MANY, address="https://hub.example", path="/api/v1/parts/", query=(("number__like", "A%"),))
BATCH = RestContext(Entry.BATCH)
MINIMAL = RestContext(Entry.ONE, prefer="minimal")

TOO_SMALL = Problem("too-small", Family.INVALID, "{field} must be 1 or more.", ("units",))
STALE = Problem("version-conflict", Family.CONFLICT, "It is at version 3.", ("version",))
UNKNOWN = Problem("not-found", Family.NOT_FOUND, "There is no part with {field} A/B.", ("number",))


def outcome(result, version=2):
    return Outcome(Result(result), "A/B", 7, version)


def answer(verb, *outcomes, records=(RECORD,), **more):
    return Answer(operation(verb), outcomes, tuple(records), call_id="7c1e", **more)


def written(given, context):
    response = REST.write(given, context)
    return response, json.loads(response.body or b"null")


LOCATION = {"Location": "https://hub.example/api/v1/parts/A%2FB/"}
ETAG = {"ETag": '"2"'}

SINGLE = {
    "found": (answer("find"), ONE, 200, ETAG, "record"),
    "created": (answer("add", outcome("created")), ONE, 201, ETAG | LOCATION | {"X-Outcome": "created"}, "record"),
    "put into being": (
        answer("put", outcome("created")),
        ONE,
        201,
        ETAG | LOCATION | {"X-Outcome": "created"},
        "record",
    ),
    "updated": (answer("put", outcome("updated")), ONE, 200, ETAG | {"X-Outcome": "updated"}, "record"),
    "unchanged": (answer("update", outcome("unchanged")), ONE, 200, ETAG | {"X-Outcome": "unchanged"}, "record"),
    "deleted": (answer("remove", outcome("deleted"), records=({},)), ONE, 204, {"X-Outcome": "deleted"}, None),
    "inactivated": (answer("remove", outcome("inactivated")), ONE, 200, ETAG | {"X-Outcome": "inactivated"}, "record"),
    "created, no more": (
        answer("add", outcome("created")),
        MINIMAL,
        201,
        {
            "ETag": '"2"',
            "Location": "/api/v1/parts/A%2FB/",
            "X-Outcome": "created",
            "Preference-Applied": "return=minimal",
        },
        None,
    ),
    "updated, no more": (
        answer("update", outcome("updated"), records=()),
        MINIMAL,
        204,
        {"ETag": '"2"', "X-Outcome": "updated", "Preference-Applied": "return=minimal"},
        None,
    ),
}


@pytest.mark.parametrize("given, context, status, headers, body", table(SINGLE))
def test_answers_one_record(given, context, status, headers, body):
    response, found = written(given, context)

    assert (response.status, response.headers) == (status, headers)
    assert (found["number"] if body else found) == ("A/B" if body else None)


class TestAList:
    def test_has_the_records_and_says_that_there_is_no_more(self):
        response, found = written(answer("find", records=(RECORD, RECORD)), MANY)

        assert response.status == 200
        assert [record["number"] for record in found["results"]] == ["A/B", "A/B"]
        assert found["next"] is None

    def test_says_where_it_goes_on(self):
        response, found = written(answer("find", cut=True), MANY)

        assert found["next"] == "https://hub.example/api/v1/parts/?number__like=A%25&cursor=WyJBL0IiXQ"
        assert response.headers == {"Link": f'<{found["next"]}>; rel="next"'}

    def test_may_be_empty(self):
        assert written(answer("find", records=()), MANY)[1] == {"results": [], "next": None}

    def test_of_a_batch_gives_the_cursor_alone(self):
        assert written(answer("find", cut=True), BATCH)[1]["cursor"] == "WyJBL0IiXQ"


class TestABatch:
    def test_has_one_outcome_for_each(self):
        given = answer("put", outcome("created", 1), failed_outcome("X", TOO_SMALL), records=())

        response, found = written(given, BATCH)

        assert response.status == 200
        assert found == {
            "dry_run": False,
            "outcomes": [
                {"became": "created", "key": "A/B", "id": 7, "version": 1, "problems": []},
                {
                    "became": "failed",
                    "key": "X",
                    "id": None,
                    "version": None,
                    "problems": [
                        {
                            "code": "too-small",
                            "family": "invalid",
                            "detail": "units must be 1 or more.",
                            "field": "units",
                            "pointer": "#/records/1/units",
                        }
                    ],
                },
            ],
        }

    def test_carries_the_records_when_it_is_asked_for_them(self):
        context = RestContext(Entry.BATCH, prefer="representation")

        found = written(
            answer("put", outcome("created"), failed_outcome("X", TOO_SMALL), records=(RECORD, {})), context
        )[1]

        assert found["outcomes"][0]["record"]["number"] == "A/B"
        assert "record" not in found["outcomes"][1]

    @pytest.mark.parametrize(
        "outcomes, status",
        [(["created", "created"], 201), (["created", "failed"], 200), ([], 200)],
    )
    def test_of_a_posted_list_is_created_when_all_are(self, outcomes, status):
        response, _ = written(answer("add", *map(outcome, outcomes), records=()), MANY)

        assert response.status == status

    def test_of_one_that_is_dry_says_so(self):
        given = answer("put", Outcome(Result.CREATED, "A/B"), records=(), dry=True)

        response, found = written(given, ONE)

        assert response.status == 200
        assert found == {
            "dry_run": True,
            "outcomes": [{"became": "created", "key": "A/B", "id": None, "version": None, "problems": []}],
        }


class TestFailures:
    def test_of_one_record_is_its_problem(self):
        response, found = written(answer("put", failed_outcome("A/B", TOO_SMALL, UNKNOWN), records=()), ONE)

        assert response.content_type == "application/problem+json"
        assert found == {
            "type": "urn:counterpart:problem:too-small",
            "title": "A value is not valid",
            "status": 422,
            "detail": "units must be 1 or more.",
            "instance": "urn:counterpart:call:7c1e",
            "code": "too-small",
            "errors": [
                {
                    "code": "too-small",
                    "family": "invalid",
                    "detail": "units must be 1 or more.",
                    "field": "units",
                    "pointer": "#/units",
                },
                {
                    "code": "not-found",
                    "family": "not-found",
                    "detail": "There is no part with number A/B.",
                    "field": "number",
                    "pointer": "#/number",
                },
            ],
        }

    def test_of_all_of_a_batch_tell_the_guilty_and_list_every_outcome(self):
        given = answer("put", failed_outcome("A", ROLLED_BACK), failed_outcome("B", TOO_SMALL), records=())

        response, found = written(given, BATCH)

        assert response.status == found["status"] == 422
        assert found["detail"] == "None of the 2 records was kept. Record 2: units must be 1 or more."
        assert [error["pointer"] for error in found["errors"]] == ["#/records/1/units"]
        assert [each["became"] for each in found["outcomes"]] == ["failed", "failed"]

    def test_of_all_for_one_reason_have_its_status(self):
        given = answer("update", failed_outcome("A", UNKNOWN), failed_outcome("B", UNKNOWN), records=())

        assert written(given, BATCH)[0].status == 404

    def test_of_all_for_several_reasons_are_unprocessable(self):
        given = answer("update", failed_outcome("A", UNKNOWN), failed_outcome("B", STALE), records=())

        assert written(given, BATCH)[0].status == 422

    def test_to_find_one_is_not_found(self):
        response, found = written(answer("find", records=()), ONE)

        assert response.status == 404
        assert found["detail"] == "There is no part with number 'A/B'."

    @pytest.mark.parametrize("demanded, status", [(False, 409), (True, 412)])
    def test_of_a_version_depend_on_who_demanded_it(self, demanded, status):
        context = RestContext(Entry.ONE, condition=Precondition(Tags((7,))) if demanded else None)

        assert written(answer("put", failed_outcome("A", STALE), records=()), context)[0].status == status

    def test_tell_the_pointer_where_the_body_is_wrong_and_the_field_where_a_filter_is(self):
        shape = Problem("wrong-shape", Family.MALFORMED, "Record 2 must be an object.", ("records", 1))

        in_body = written(Failure((shape,)), BATCH)[1]["errors"][0]
        in_filter = written(Failure((TOO_SMALL,), operation("find")), MANY)[1]["errors"][0]

        assert (in_body["pointer"], "field" in in_body) == ("#/records/1", False)
        assert (in_filter["field"], "pointer" in in_filter) == ("units", False)

    def test_say_who_may_come_in_and_when_to_come_back(self):
        unknown = Failure((Problem("wrong-password", Family.UNAUTHENTICATED, "Wrong."),))
        busy = Failure((Problem("busy", Family.BUSY, "Busy."),), retry_after=2)

        refused, waiting = REST.write(unknown, ONE), REST.write(busy, ONE)

        assert (refused.status, waiting.status) == (401, 503)
        assert refused.headers["WWW-Authenticate"].startswith("Basic realm=")
        assert waiting.headers["Retry-After"] == "2"

    def test_name_the_methods_of_an_address(self):
        problem = Problem("method-not-offered", Family.UNKNOWN_OPERATION, "Not here.")

        response = REST.write(Failure((problem,)), RestContext(allow=("GET", "POST")))

        assert (response.status, response.headers["Allow"]) == (405, "GET, POST")


STATUSES = {
    "missing": 422, "invalid": 422, "duplicate": 409, "not-found": 404, "ambiguous": 409, "unresolved": 422,
    "in-use": 409, "filtered": 422, "locked": 409, "conflict": 409, "rolled-back": 409, "internal": 500,
    "malformed": 400, "unknown-operation": 405, "too-large": 413, "unauthenticated": 401, "forbidden": 403, "busy": 503,
}  # fmt: skip


@pytest.mark.parametrize("family", Family)
def test_every_family_has_its_status(family):
    response, found = written(Failure((Problem("some-code", family, "Some sentence."),)), ONE)

    assert response.status == found["status"] == STATUSES[family] == FAMILIES[family].status


@pytest.mark.parametrize("code, status", PROBLEM_STATUSES.items())
def test_some_codes_have_a_status_of_their_own(code, status):
    assert written(Failure((Problem(code, Family.MALFORMED, "Some sentence."),)), ONE)[0].status == status


@pytest.mark.parametrize(
    "path, pointer",
    [(("price", "USD"), "#/price/USD"), (("prices", 0, "amount"), "#/prices/0/amount"), (("a/b~ c",), "#/a~1b~0%20c")],
)
def test_a_pointer_is_escaped(path, pointer):
    problem = Problem("x", Family.INVALID, "X.", path)

    assert written(answer("put", failed_outcome("A", problem), records=()), ONE)[1]["errors"][0]["pointer"] == pointer
