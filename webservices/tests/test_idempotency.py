"""A write that is sent again with its key is done once, on every wire: nobody adds a test for a new one."""

import zlib
from datetime import UTC, datetime, timedelta
from importlib import import_module
from types import SimpleNamespace

import psycopg
import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, transaction
from django.test import Client

from parts.models import Part
from records import sql
from records.models import Change
from records.shapes.criteria import Comparator, Criterion
from records.shapes.values import EMPTY
from records.write import engine
from webservices import endpoint, idempotency
from webservices.access.identify import identify
from webservices.declarations import OPERATIONS
from webservices.exchanges.tests.test_canary import SECRET, leaks
from webservices.gateway import answer
from webservices.models import Exchange, KeyedAnswer
from webservices.tester.send.addresses import LocalAddress
from webservices.tester.send.client import Sender, send_call
from webservices.tests.test_endpoint import ADD, PARTS, envelope
from webservices.tests.version_1_0 import Client as OracleClient
from webservices.tests.version_1_0 import login
from webservices.wire.contracts.examples import completed_key, example_record, free_keys
from webservices.wire.credentials import Password, SignedIn
from webservices.wire.dialects.ecosys.dialect import ECOSYS
from webservices.wire.dialects.ecosys.tests.apis import request as ecosys_request
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.dialects.rest.dialect import REST
from webservices.wire.json import write_json
from webservices.wire.messages import Call, Options, WireRequest
from webservices.wire.operations import Kind, Verb
from webservices.wire.reference.skeletons import skeleton_call

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
KEY = "8e03978e-40d5-43e8-bc93-6894a57f9324"
ADA, BOB = Password("ada", "ada-ada!"), Password("bob", "bob-bob!")
WRITES = {
    f"{dialect.name} {operation.name} {number}": (dialect, operation, context)
    for dialect in DIALECTS
    for operation in OPERATIONS
    for number, context in enumerate(dialect.contexts(operation))
    # One of the site's tables stands for all: they are records like any other.
    if operation.kind is Kind.WRITE
    and (not operation.resource.site_table or operation.resource.plural == "territories")
}
# The first operation of each wire that makes a record, and so would make two.
FIRSTS = {}
for _verb in (Verb.ADD, Verb.PUT):
    for _case in WRITES.values():
        if _case[1].verb is _verb:
            FIRSTS.setdefault(_case[0].name, _case)

every_write = pytest.mark.parametrize("case", WRITES.values(), ids=WRITES)
every_wire = pytest.mark.parametrize("case", FIRSTS.values(), ids=FIRSTS)
HTTP_STATUSES = {
    "rest": (422, 409),
    "oracle-rest": (400, 409),
    "ecosys-rest-xml": (422, 409),
    "ecosys-rest-json": (422, 409),
    "expandable": (422, 409),
}  # of a key that is another call's, of one that is in use; else both are SOAP faults, 500
FAULT = (500, 500)


@pytest.fixture
def world(demo_world, db, stored_hash):
    """The demo world, with ada and bob, who may do everything."""
    return SimpleNamespace(**{name: superuser(name, stored_hash) for name in ("ada", "bob")})


@pytest.fixture
def ada(world):
    return world.ada


def new_parts():
    return sorted(Part.objects.filter(number__startswith="P-").values_list("number", flat=True))


def superuser(name, stored_hash):
    wanted = {"password": stored_hash(f"{name}-{name}!"), "is_superuser": True, "is_active": True}
    return User.objects.update_or_create(username=name, defaults=wanted)[0]


def stored_record(operation, user):
    """A record that an update or a removal may name: the newest that nothing refers to is good enough for all."""
    find, put = (OPERATIONS.get(operation.resource.plural, verb) for verb in (Verb.FIND, Verb.PUT))
    caller = identify(SignedIn(user.pk), call_id="", secure=True, at=NOW)
    criteria = ()
    if operation.resource.site_table and put is not None:  # all that the site begins with is in use
        example = example_record(operation.resource)
        answer(Call(put, records=[example]), caller, at=NOW)
        keys = operation.resource.key
        criteria = tuple(Criterion((name,), Comparator.EQUAL, (example[name],)) for name in keys)
    found = [*answer(Call(find, criteria=criteria), caller, at=NOW).records]
    return next((each for each in found if "active" not in each or each["active"] == "true"), found[0])


def build_call(case, user, *, number="NEW-1", key=KEY, **options):
    """A call of an operation on a new record or, where it must exist, on a stored one."""
    dialect, operation, context = case
    resource = operation.resource
    live = None if operation.verb is Verb.ADD else stored_record(operation, user)
    own = next(field.name for field in reversed(resource.key_fields) if field.kind == "text")
    named = completed_key(resource, {}) | {own: number}
    if resource.writable and resource.by_name[own].pattern:
        named = next(free_keys(resource, completed_key(resource, {})))
    if live:
        named = {name: "" if live[name] is EMPTY else live[name] for name in (*resource.key, "id")}
    call = skeleton_call(dialect, operation, named, live, user.username, context)
    return case, Call(
        operation,
        records=call.records,
        criteria=call.criteria,
        credentials=dialect.credentials(operation, ADA),
        options=Options(idempotency_key=key, **options),
    )


def send(built, who=ADA, at=NOW):
    """Send a call in its wire's own form."""
    (dialect, _, context), call = built
    return endpoint.serve_and_report(dialect, dialect.build_request(call, context), who, clock=lambda: at)


def exchange_of(completed):
    return Exchange.objects.get(call_id=completed.call_id)


class TestSentAgain:
    @every_write
    def test_has_the_same_answer_byte_for_byte(self, world, case):
        built = build_call(case, world.ada)

        first = send(built)
        changes = Change.objects.count()
        again = send(built, at=NOW + timedelta(hours=23))

        assert first.response.status < 300, first.response.body
        assert "Idempotent-Replayed" not in first.response.headers
        assert again.response.headers["Idempotent-Replayed"] == "true"
        assert again.response.body == first.response.body
        assert again.response.status == first.response.status
        assert again.response.content_type == first.response.content_type
        own = {"X-Call-Id", "Server-Timing", "Idempotent-Replayed"}
        assert {k: v for k, v in again.response.headers.items() if k not in own} == {
            k: v for k, v in first.response.headers.items() if k not in own
        }
        assert again.response.headers["X-Call-Id"] == again.call_id != first.call_id
        assert Change.objects.count() == changes

    @every_wire
    def test_leaves_an_exchange_that_names_the_first_call(self, world, case):
        built = build_call(case, world.ada)

        first, again = send(built), send(built)

        assert exchange_of(first).replay_of == ""
        assert exchange_of(again).replay_of == first.call_id
        assert exchange_of(again).response_body

    @every_wire
    def test_with_another_content_is_refused(self, world, case):
        first = send(build_call(case, world.ada))
        other = send(build_call(case, world.ada, number="NEW-2", all_or_none=True))

        assert first.response.status < 300
        assert other.response.status == HTTP_STATUSES.get(case[0].name, FAULT)[0]
        assert exchange_of(other).code == "idempotency-key-reused"
        assert first.call_id.encode() in other.response.body
        assert b"needs a key of its own" in other.response.body

    @every_wire
    def test_while_it_runs_is_told_to_come_back(self, world, case, monkeypatch):
        monkeypatch.setattr(idempotency, "PATIENCE", 0.0)
        monkeypatch.setattr(idempotency, "LOCK", "SELECT %s::bigint IS NULL")

        told = send(build_call(case, world.ada))

        assert told.response.status == HTTP_STATUSES.get(case[0].name, FAULT)[1]
        assert told.response.headers["Retry-After"] == "1"
        assert exchange_of(told).code == "idempotency-key-in-use"
        assert b"still running" in told.response.body

    @every_wire
    def test_by_another_caller_is_a_call_of_its_own(self, world, case):
        send(build_call(case, world.ada))
        other = send(build_call(case, world.bob, number="NEW-2"), BOB)

        assert other.response.status < 300
        assert "Idempotent-Replayed" not in other.response.headers
        assert exchange_of(other).created == 1


CASE = FIRSTS["rest"]


class TestKeys:
    def test_are_good_for_a_day(self, world):
        send(build_call(CASE, world.ada))

        later = send(build_call(CASE, world.ada, number="NEW-2"), at=NOW + timedelta(hours=25))

        assert later.response.status == 201
        assert KeyedAnswer.objects.get().call_id == later.call_id

    def test_are_good_as_long_as_a_site_says(self, world, settings):
        settings.IDEMPOTENCY_HOURS = 1
        send(build_call(CASE, world.ada))

        later = send(build_call(CASE, world.ada, number="NEW-2"), at=NOW + timedelta(hours=2))

        assert later.response.status == 201

    def test_are_pruned_when_they_are_old(self, world, capsys):
        built = build_call(CASE, world.ada)
        send(built, at=datetime.now(UTC) - timedelta(hours=25))
        later = send(build_call(CASE, world.ada, number="NEW-2", key="k-2"), at=datetime.now(UTC))

        call_command("prune_exchanges")

        assert "Deleted 1 answers of keyed calls" in capsys.readouterr().out
        assert KeyedAnswer.objects.get().call_id == later.call_id

    def test_of_a_search_and_of_a_dry_run_do_not_count(self, world):
        find = OPERATIONS.get("parts", Verb.FIND)
        case = (REST, find, REST.contexts(find)[0])

        for _ in range(2):
            found = send((case, Call(find, options=Options(idempotency_key=KEY))))
            dry = send(build_call(CASE, world.ada, dry_run=True))

        assert (found.response.status, dry.response.status) == (200, 200)
        assert not {"Idempotent-Replayed"} & {*found.response.headers, *dry.response.headers}
        assert not KeyedAnswer.objects.exists()
        assert send(build_call(CASE, world.ada)).response.status == 201

    def test_that_are_too_long_are_refused(self, world):
        told = send(build_call(CASE, world.ada, key="x" * 256))

        assert told.response.status == 400
        assert b"Idempotency-Key has 1 to 255 printable ASCII characters" in told.response.body

    def test_are_no_way_to_an_answer_that_the_caller_may_not_have(self, world):
        built = build_call(CASE, world.ada)
        send(built)
        world.ada.is_superuser = False
        world.ada.save()

        told = send(built)

        assert told.response.status == 403

    def test_cost_nothing_where_there_are_none(self, world, django_assert_num_queries):
        send(build_call(CASE, world.ada, number="NEW-0", key=""))
        with django_assert_num_queries(WITHOUT_KEY):
            send(build_call(CASE, world.ada, key=""))

        # The lock, the look, the answer.
        with django_assert_num_queries(WITHOUT_KEY + 3):
            send(build_call(CASE, world.ada, number="NEW-2"))
        # The caller, a savepoint (the test's own is the transaction), the lock, the answer, the exchange.
        with django_assert_num_queries(6):
            send(build_call(CASE, world.ada, number="NEW-2"))


WITHOUT_KEY = 12  # a savepoint is two of them, as the test has a transaction of its own


def post(records, key=KEY, path="/api/v1/parts/batch/", **headers):
    body = write_json({"verb": "add", "records": records}).encode()
    headers = {"content-type": "application/json", "idempotency-key": key, **headers}
    return endpoint.serve_and_report(REST, WireRequest("POST", path, body, headers), ADA)


class TestFailures:
    def test_that_wrote_nothing_may_be_tried_again(self, ada):
        wrong = post([{"number": "P-1", "units": "none"}])
        right = post([{"number": "P-1", "units": "1"}])

        assert (wrong.response.status, right.response.status) == (422, 200)
        assert new_parts() == ["P-1"]

    def test_in_part_are_stored(self, ada):
        records = [{"number": "P-1"}, {"number": "P-2", "units": "none"}]
        first, again = post(records), post(records)

        assert again.response.body == first.response.body
        assert again.response.headers["Idempotent-Replayed"] == "true"
        assert new_parts() == ["P-1"]

    def test_of_all_or_none_may_be_tried_again(self, ada):
        records = [{"number": "P-1"}, {"number": "P-2", "units": "none"}]
        post(records, **{"x-all-or-none": "true"})

        assert not KeyedAnswer.objects.exists()
        assert post(records[:1]).response.status == 200

    def test_of_an_answer_that_cannot_be_written_undo_the_call(self, ada, monkeypatch):
        broken = {"is": True}
        write = type(REST).write

        def write_or_fail(self, answer, context):
            if broken["is"] and not hasattr(answer, "problems"):
                raise RuntimeError("no bytes today")
            return write(self, answer, context)

        monkeypatch.setattr(type(REST), "write", write_or_fail)

        assert post([{"number": "P-1"}]).response.status == 500
        assert new_parts() == []
        broken["is"] = False
        assert post([{"number": "P-1"}]).response.status == 200

    def test_of_storing_the_answer_undo_the_call(self, ada, monkeypatch):
        def full(*args):
            raise DatabaseError("no space left")

        monkeypatch.setattr(idempotency, "store_answer", full)

        assert post([{"number": "P-1"}]).response.status == 500
        assert new_parts() == []

    def test_against_others_are_retried_inside(self, ada, monkeypatch):
        """A deadlock rolls the call back, which then runs again."""
        begin, times = engine.begin, []

        def lose_once():
            begin()
            times.append(1)
            if len(times) == 1:
                raise OperationalError("deadlock detected") from psycopg.errors.DeadlockDetected()

        monkeypatch.setattr(engine, "begin", lose_once)

        assert post([{"number": "P-1"}]).response.status == 200
        assert len(times) == 2
        assert (KeyedAnswer.objects.count(), new_parts()) == (1, ["P-1"])
        assert transaction.get_connection().in_atomic_block  # the test's own, still usable

    def test_of_the_database_are_told_as_what_they_are(self, ada, monkeypatch):
        """It is lost at the commit: nobody knows if the call was kept, and only the key makes it safe to ask again."""

        class Lost(endpoint.Transaction):
            def __exit__(self, *raised):
                super().__exit__(*raised)
                raise OperationalError("server closed the connection unexpectedly")

        monkeypatch.setattr(endpoint, "Transaction", Lost)
        monkeypatch.setattr(endpoint, "is_stored", lambda call_id: False)  # it is still away
        monkeypatch.setattr(endpoint, "store_exchange", lambda call, masked, waits: None)
        told = post([{"number": "P-1"}])
        monkeypatch.undo()
        again = post([{"number": "P-1"}])

        assert (told.response.status, told.response.headers["Retry-After"]) == (503, "5")
        assert b"database-lost" in told.response.body
        assert (again.response.status, again.replay_of) == (200, told.call_id)
        assert new_parts() == ["P-1"]


class TestSecrets:
    def test_of_the_caller_and_of_the_record_are_in_no_stored_answer(self, world):
        for number, case in enumerate(FIRSTS.values()):
            send(build_call(case, world.ada, number=f"NEW-{number}", key=f"k-{number}"))
        portals = [{"portal": "Customers", "email": "a@b.example", "active": True, "password": "kAnArY-7Qz-xXx"}]
        record = {"number": "CANARY-1", "customer": "ACME", "last_name": "Bird", "portals": portals}
        done = post([record], path="/api/v1/contacts/batch/", prefer="return=representation")

        assert done.response.status == 200, done.response.body
        stored = [zlib.decompress(each.body) + str(each.headers).encode() for each in KeyedAnswer.objects.all()]
        assert len(stored) == len(FIRSTS) + 1
        assert not [each for each in stored if b"ada-ada!" in each or b"kAnArY" in each]

    def test_that_are_sent_as_the_key_are_stored_nowhere(self, ada, caplog):
        first, again, other = (post([{"number": number}], key=SECRET) for number in ("P-1", "P-1", "P-2"))

        assert (again.replay_of, other.response.status) == (first.call_id, 422)
        assert SECRET.encode() in other.response.body
        assert not leaks(caplog)

    def test_of_answers_that_an_earlier_version_stored_are_found_by_their_key(self, ada):
        first = post([{"number": "P-1"}])
        KeyedAnswer.objects.update(key_hash=KEY)

        sql.run(import_module("webservices.migrations.0016_key_hash").HASH_KEYS)

        assert post([{"number": "P-1"}]).replay_of == first.call_id

    def test_of_a_session_that_the_call_opens_are_not_stored(self, ada):
        keep = "<LogoutSession>false</LogoutSession>"
        body = ecosys_request("Part", "Create", "<Part><PartID>P-1</PartID></Part>", options=keep)
        message = WireRequest("POST", "/ecosys/api/soap/Part", body, {"idempotency-key": KEY})

        first, again = (endpoint.serve_and_report(ECOSYS, message) for _ in range(2))

        assert "ECOSYSSESSION=" in first.response.headers["Set-Cookie"]
        assert "Set-Cookie" not in again.response.headers
        assert again.response.body == first.response.body
        assert KeyedAnswer.objects.get().headers == {}


def test_a_client_that_has_signed_in_anew_is_the_one_that_asked(ada):
    record = "<bm:each_record><bm:part_number>P-1</bm:part_number></bm:each_record>"
    bodies = []
    for _ in range(2):
        client = OracleClient()
        client.token = client.send(login("ada", "ada-ada!")).findtext(".//{*}sessionId")
        client.send(f"<bm:addParts><bm:Parts>{record}</bm:Parts></bm:addParts>", **{"idempotency-key": KEY})
        bodies.append(client.response.body)

    assert client.response.headers["Idempotent-Replayed"] == "true"
    assert bodies[0] == bodies[1]


def test_a_call_of_the_test_page_is_one_like_others(ada):
    sender = Sender(ada.pk, "ada", "http://testserver", "127.0.0.1", secure=True)
    body = envelope(ADD, word="").decode()

    first, again = (
        send_call(LocalAddress(PARTS, ""), "POST", body, {"Idempotency-Key": KEY}, sender) for _ in range(2)
    )

    assert first.status == 200, first.body
    assert (again.headers["Idempotent-Replayed"], again.body) == ("true", first.body)
    page = Client()
    page.force_login(ada)
    shown = page.get(f"/admin/webservices/exchanges/{again.call_id}/").content.decode()
    assert f'The stored answer of <a href="/admin/webservices/exchanges/{first.call_id}/">' in shown


@pytest.mark.parametrize(
    "same, other",
    [
        ({"a": "1", "b": "2"}, {"a": "1", "b": EMPTY}),
        ({"a": EMPTY}, {"a": "EMPTY"}),
        ({"a": ["1", "2"]}, {"a": ["2", "1"]}),
        ({"a": {"USD": "1"}}, {"a": {"EUR": "1"}}),
    ],
)
def test_the_hash_is_of_what_a_call_means(same, other):
    operation = OPERATIONS.get("parts", Verb.ADD)

    def hash_of(record, **more):
        return idempotency.hash_call(Call(operation, [record], **more), REST)

    turned = dict(reversed(same.items()))
    assert hash_of(same) == hash_of(turned, credentials=ADA, options=Options(idempotency_key=KEY))
    assert hash_of(same) != hash_of(other)
    assert hash_of(same) != hash_of(same, options=Options(all_or_none=True))
    assert hash_of(same) != hash_of({}, criteria=())
