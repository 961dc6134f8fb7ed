"""
What an OpenAPI document announces is true: every operation, parameter, header, member of a batch and way to sign in.

Operations: sent as their own skeletons, in `webservices/tester/compose/tests/test_skeletons.py::TestSentUnchanged`.
Parameters of lists and names of queries: each asked for by a value, in `test_announced_filters`. Options and answers of
every write: walked here. What is left has the test that `HELD` names.
"""

import json
import re
from dataclasses import replace

import pytest
from django.db import transaction
from jsonschema import Draft202012Validator

from records.models import Change
from webservices import endpoint
from webservices.declarations import OPERATIONS
from webservices.tests.api_keys import ALL, key_for
from webservices.tests.expandable_client import Expandable
from webservices.tests.rest_client import Rest
from webservices.tests.test_announced import functions_in
from webservices.tests.test_idempotency import ADA, build_call, superuser
from webservices.wire.contracts.examples import completed_key
from webservices.wire.dialects.expandable.dialect import EXPANDABLE
from webservices.wire.dialects.expandable.openapi import document as expandable_document
from webservices.wire.dialects.rest.dialect import REST
from webservices.wire.dialects.rest.openapi.document import document as rest_document
from webservices.wire.operations import Verb
from webservices.wire.reference.skeletons import skeleton_call

DOCUMENTS = {REST: rest_document(OPERATIONS), EXPANDABLE: expandable_document(OPERATIONS)}
LISTS = {path: item["get"] for path, item in DOCUMENTS[REST]["paths"].items() if not re.search("{|batch", path)}
every_document = pytest.mark.parametrize("dialect", DOCUMENTS, ids=lambda dialect: dialect.name)
ALONE = {"search", "ordering", "cursor", "limit"}  # the parameters of a list that are no field's

HERE, REST_TESTS = "webservices/tests/test_announced_in_openapi.py", "webservices/views/rest/tests"
TOKENS = "webservices/views/tests/front/test_tokens.py"
FILTERS = "webservices/tests/test_announced_filters.py"
WRITTEN_BACK = "webservices/tests/test_write_back.py::test_a_total_that_comes_back_changed_is_a_warning"
REPEATED = "webservices/tests/test_idempotency.py::TestSentAgain"
ADDRESSED = "webservices/wire/dialects/rest/tests/test_round_trip.py::test_addresses_a_record_by_its_key"
OPTIONS = ("X-Dry-Run", "X-All-Or-None", "If-Match", "Idempotency-Key", "Prefer")
ANSWERED = ("X-Call-Id", "X-Outcome", "ETag", "Location")
WITHOUT_USER = ("api-version", "data-sources", "server-time")
# The test that holds each thing that is announced, by the name that its document has for it.
HELD = {
    **{f"parameter {name}": f"{HERE}::test_an_option_does_what_it_says" for name in OPTIONS},
    "parameter X-Import": "webservices/tests/test_announced.py::"
    "TestOptions::test_an_import_adds_a_finished_order_for_who_may",
    "parameter X-Check-Totals": f"{WRITTEN_BACK}_and_fails_where_totals_are_checked",
    "header X-Warnings": f"{WRITTEN_BACK}_and_fails_where_totals_are_checked",
    "member import": f"{REST_TESTS}/test_batch.py::TestOrders::test_takes_the_options_that_orders_have",
    "member check_totals": f"{REST_TESTS}/test_batch.py::TestOrders::test_takes_the_options_that_orders_have",
    **{f"parameter {name}": ADDRESSED for name in ("number", "id", "name", "code", "username")},
    **{f"parameter {name}": f"{FILTERS}::TestLists::test_take_words_and_come_in_pages" for name in ALONE},
    "parameter ordering": f"{FILTERS}::TestLists::test_are_ordered_by_every_field",
    **{
        f"header {name}": f"{HERE}::test_an_answer_has_the_headers_and_the_shape_that_are_announced"
        for name in ANSWERED
    },
    "header Link": f"{FILTERS}::TestLists::test_take_words_and_come_in_pages",
    "header Idempotent-Replayed": f"{REPEATED}::test_has_the_same_answer_byte_for_byte",
    "header Retry-After": f"{REPEATED}::test_while_it_runs_is_told_to_come_back",
    "header WWW-Authenticate": f"{HERE}::TestSignIn::test_nobody_is_told_how",
    "scheme basic": f"{REST_TESTS}/test_access.py::TestBasic::test_lets_a_user_in",
    "scheme bearer": f"{HERE}::TestSignIn::test_an_api_key_is_a_bearer_token",
    "scheme oauth2": f"{TOKENS}::TestClient::test_calls_every_wire_until_it_has_ended",
    "scheme session": f"{REST_TESTS}/test_access.py::TestTheAdminsSignIn::test_writes_with_the_csrf_token",
    "member verb": f"{REST_TESTS}/test_batch.py::TestBatch::test_takes_any_verb",
    "member records": f"{REST_TESTS}/test_batch.py::TestBatch::test_gives_one_outcome_for_each_in_order",
    "member criteria": f"{REST_TESTS}/test_batch.py::TestBatch::test_removes_by_criteria",
    "member search": f"{FILTERS}::TestBatches::test_find_by_words_as_a_list_does",
    "member ordering": f"{FILTERS}::TestLists::test_are_ordered_by_every_field",
    "member limit": f"{REST_TESTS}/test_batch.py::TestBatch::test_finds",
    "member cursor": f"{REST_TESTS}/test_batch.py::TestBatch::test_finds",
    "member dry_run": f"{REST_TESTS}/test_rest.py::TestDryRun::test_of_a_batch_is_asked_in_its_body",
    "member all_or_none": f"{REST_TESTS}/test_batch.py::TestBatch::test_of_all_or_none_keeps_none",
    "call auth-token-get": f"{HERE}::TestSignIn::test_a_token_goes_in_the_body",
    **{
        f"call {name}-get": "webservices/views/tests/expandable/test_calls.py::test_what_needs_nobody"
        for name in WITHOUT_USER
    },
}


def operations(dialect):
    """Every operation of a document, with its path and its method."""
    for path, item in DOCUMENTS[dialect]["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def parameters(dialect, operation) -> list[str]:
    named = DOCUMENTS[dialect]["components"]["parameters"]
    found = [
        each if "name" in each else named[each["$ref"].rpartition("/")[2]] for each in operation.get("parameters", ())
    ]
    return [each["name"] for each in found]


def list_announced_names(dialect) -> set[str]:
    """All that a document announces but operations on records and the fields by which lists are filtered."""
    found = {f"scheme {name}" for name in DOCUMENTS[dialect]["components"]["securitySchemes"]}
    found |= {f"header {name}" for name in DOCUMENTS[dialect]["components"].get("headers", {})}
    for path, _, operation in operations(dialect):
        names = parameters(dialect, operation)
        found |= {f"parameter {name}" for name in (ALONE & {*names} if path in LISTS and "search" in names else names)}
        if dialect is EXPANDABLE and operation.get("security") == []:
            found.add(f"call {operation['operationId']}")
    for name, schema in DOCUMENTS[dialect]["components"]["schemas"].items():
        if name.endswith("Batch"):
            found |= {f"member {member}" for member in schema["properties"]}
    return found


def template_of(dialect, path: str) -> str:
    fits = [each for each, _, _ in operations(dialect) if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", each), path)]
    return min(fits, key=lambda each: "{" in each)


class TestDocuments:
    def test_everything_announced_has_a_test_that_is_there(self):
        assert set.union(*map(list_announced_names, DOCUMENTS)) == set(HELD)
        for name, place in HELD.items():
            path, _, function = place.partition("::")
            assert function in functions_in(path), name

    @every_document
    def test_operations_are_those_that_are_sent_as_skeletons(self, dialect):
        sent = set()
        for operation in OPERATIONS:
            for context in dialect.contexts(operation):
                key = completed_key(operation.resource, {}) | {"id": "1"} if operation.resource.key else {}
                request = dialect.build_request(skeleton_call(dialect, operation, key, None, "ada", context), context)
                sent.add((template_of(dialect, request.path), request.method.lower()))

        assert {(path, method) for path, method, _ in operations(dialect)} == sent


@pytest.fixture
def ada(demo_world, db, stored_hash):
    return superuser("ada", stored_hash)


class TestSignIn:
    def test_an_api_key_is_a_bearer_token(self, ada):
        bearer = f"Bearer {key_for(ada, *ALL)}"

        found = Rest().get("parts/?limit=1", authorization=bearer)
        called = Expandable.post(None, "part-query", {"PART_ID": "PUMP%", "AUTH_TOKEN": ""}, authorization=bearer)

        assert (found.status, called.status_code) == (200, 200)
        assert called.json()

    def test_a_token_goes_in_the_body(self, expandable):
        without = expandable.post("part-query", {"PART_ID": "PUMP%", "AUTH_TOKEN": ""})

        assert without.status_code == 401
        assert expandable.call("part-query", PART_ID="PUMP%")

    def test_nobody_is_told_how(self, db):
        reply = Rest().get("parts/")

        assert reply.status == 401
        assert all(scheme in reply["WWW-Authenticate"] for scheme in ("Basic", "Bearer"))


SOMETIMES = {"Idempotent-Replayed", "Link", "Retry-After", "X-Warnings"}  # headers that stand on their condition alone


def cases(dialect, user):
    """Each operation on records in each context, its message, what the document says of it; what it does is undone."""
    for operation in OPERATIONS:
        for context in dialect.contexts(operation) if operation.verb in set(Verb) else ():
            with transaction.atomic():
                _, call = build_call((dialect, operation, context), user, key="")
                request = dialect.build_request(call, context)
                path = template_of(dialect, request.path)
                yield operation, request, DOCUMENTS[dialect]["paths"][path][request.method.lower()]
                transaction.set_rollback(True)


def receive(dialect, request, **headers):
    """The answer to a message with more headers: its status, its headers, its body."""
    named = request.headers | {name.replace("_", "-"): text for name, text in headers.items()}
    completed = endpoint.serve_and_report(dialect, replace(request, headers=named), ADA)
    answered = completed.response
    body = answered.body if answered.chunks is None else b"".join(answered.chunks)
    return answered.status, answered.headers, json.loads(body) if body else None


def problems(dialect, request, status, found):
    schemas = dialect.response_schemas(request, status, OPERATIONS, dialect.settings)
    return [error.message for each in schemas for error in Draft202012Validator(each).iter_errors(found)]


@every_document
def test_an_answer_has_the_headers_and_the_shape_that_are_announced(ada, dialect):
    wrong = {}
    for operation, request, described in cases(dialect, ada):
        status, headers, found = receive(dialect, request)
        # A list is posted: the document tells of it in words.
        names = (
            {"X-Call-Id"}
            if request.body.startswith(b"[")
            else {*described["responses"][str(status)].get("headers", ())}
        )
        missing = names - SOMETIMES - {*headers}
        if status >= 300 or missing or (found is not None and problems(dialect, request, status, found)):
            wrong[request.method, request.path, operation.name] = (status, missing, found)

    assert wrong == {}


def dry_run(dialect, request):
    before = Change.objects.count()
    dry = replace(request, headers=request.headers | {"x-dry-run": "true"})
    status, _, found = receive(dialect, dry)
    return status == 200 and Change.objects.count() == before and not problems(dialect, dry, status, found)


def all_or_none(dialect, request):
    body = json.loads(request.body)
    body["records"].append({"nothing_like_it": 1})
    both = replace(request, body=json.dumps(body).encode())
    before = Change.objects.count()
    status, _, found = receive(dialect, both, x_all_or_none="true")
    return status >= 400 and len(found["outcomes"]) == 2 and Change.objects.count() == before


def another_version(dialect, request):
    before = Change.objects.count()
    status, _, found = receive(dialect, request, if_match='"77"')
    return status >= 400 and "77" in json.dumps(found) and Change.objects.count() == before


def idempotency_key(dialect, request):
    (_, first, _), (_, again, _) = (receive(dialect, request, idempotency_key="k-1") for _ in range(2))
    return "Idempotent-Replayed" not in first and again.get("Idempotent-Replayed") == "true"


def preference(dialect, request):
    if json.loads(request.body)["verb"] == Verb.REMOVE:
        return True
    full, short = (receive(dialect, request, prefer=f"return={each}")[2] for each in ("representation", "minimal"))
    return ["record" in answer["outcomes"][0] for answer in (full, short)] == [True, False]


PROBES = {
    "X-Dry-Run": dry_run,
    "X-All-Or-None": all_or_none,
    "If-Match": another_version,
    "Idempotency-Key": idempotency_key,
    "Prefer": preference,
}


@every_document
@pytest.mark.parametrize("header", PROBES)
def test_an_option_does_what_it_says(ada, dialect, header):
    tried = {
        (request.method, request.path, operation.name): PROBES[header](dialect, request)
        for operation, request, described in cases(dialect, ada)
        if operation.writes and header in parameters(dialect, described)
    }

    assert all(tried.values()), [case for case, is_true in tried.items() if not is_true]
    assert tried or header not in json.dumps(DOCUMENTS[dialect]["components"]["parameters"])
