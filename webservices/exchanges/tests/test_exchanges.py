"""What is kept of a call, and for how long."""

import zlib
from datetime import timedelta
from hashlib import sha256

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.utils import timezone

from records.tests.cast import NOW, table
from webservices import endpoint
from webservices.exchanges import store
from webservices.exchanges.store import KEYS, body_text
from webservices.models import Exchange
from webservices.tests.test_endpoint import ADD, PARTS, envelope, post
from webservices.wire.credentials import SignedIn
from webservices.wire.dialects.oracle.dialect import ORACLE_2_0
from webservices.wire.messages import WireRequest

RECORD = "<each_record><part_number>{}</part_number></each_record>"


def parts(operation, *numbers):
    return f"<{operation}><Parts>{''.join(map(RECORD.format, numbers))}</Parts></{operation}>"


def criterion(number):
    return f"<criteria><field>part_number</field><value>{number}</value><comparator>=</comparator></criteria>"


def exchange_of(body, **extra):
    """What was kept of a call."""
    return Exchange.objects.get(call_id=post(body, **extra)["X-Call-Id"])


class TestKeeps:
    def test_who_what_when_and_from_where(self, ada):
        before = timezone.now()

        kept = exchange_of(envelope(), HTTP_USER_AGENT="zeep", path=f"{PARTS}?a=1&password=x")

        assert (kept.user_id, kept.user_name, kept.credential, kept.peer) == (ada.pk, "ada", "password", "127.0.0.1")
        assert (kept.dialect, kept.operation, kept.status) == ("oracle-2.0", "parts.add", 200)
        assert (kept.method, kept.path) == ("POST", f"{PARTS}?a=1&password=***")
        assert before <= kept.at <= timezone.now()
        assert 0 < kept.duration_ms < 60_000

    def test_both_bodies_masked(self, ada):
        kept = exchange_of(envelope())

        request, response = body_text(kept.request_body), body_text(kept.response_body)
        assert ADD in request
        assert ">***</w:Password>" in request
        assert "<bm:records_inserted>1</bm:records_inserted>" in response
        assert (kept.request_note, kept.response_note, kept.request_hash) == ("", "", "")
        assert kept.request_size == len(envelope())
        assert kept.response_size == len(response.encode())

    def test_bodies_up_to_the_limit(self, ada, settings):
        settings.EXCHANGE_BODY_BYTES = 600
        body = envelope(parts("addParts", *(f"P-{number}" for number in range(50))))

        kept = exchange_of(body)

        assert len(body_text(kept.request_body)) < 800
        assert kept.request_note == f"The first 600 of {len(body):,} bytes."
        assert kept.request_hash == sha256(body).hexdigest()
        assert zlib.decompress(kept.request_body).startswith(b"<e:Envelope")

    def test_of_what_does_not_parse_size_hash_and_reason(self, ada):
        body = envelope().replace(b"</e:Header>", b"</Header>")

        kept = exchange_of(body)

        assert (kept.request_body, kept.request_size) == (None, len(body))
        assert kept.request_hash == sha256(body).hexdigest()
        assert "tag name mismatch" in kept.request_note
        assert "tag name mismatch" in kept.problem
        assert "tag name mismatch" in body_text(kept.response_body)

    def test_nothing_of_a_body_that_was_not_read(self, ada, settings):
        settings.MAX_BODY_BYTES = 100

        kept = exchange_of(envelope())

        assert kept.request_body is None
        assert "longer than 100 bytes" in kept.request_note
        assert b"longer than 100 bytes" in zlib.decompress(kept.response_body)

    def test_who_was_named_when_the_password_is_wrong(self, ada):
        kept = exchange_of(envelope(word="guess"))

        assert (kept.user_id, kept.user_name, kept.credential) == (ada.pk, "ada", "")

    def test_no_name_that_nobody_has_for_it_may_be_a_password(self, ada):
        kept = exchange_of(envelope(user="hunter2hunter2", word="ada"))

        assert kept.user_name == ""
        assert "hunter2" not in body_text(kept.request_body)


COUNTS = {
    "created": (parts("addParts", "A", "B"), {"records_in": 2, "created": 2}, ["A", "B"]),
    "unchanged": (parts("modifyParts", "P-1", "C"), {"records_in": 2, "unchanged": 1, "created": 1}, ["P-1", "C"]),
    "updated": (
        parts("updateParts", "P-1").replace("</each", "<units>7</units></each"),
        {"records_in": 1, "updated": 1},
        ["P-1"],
    ),
    "failed": (parts("addParts", "P-1", "A"), {"records_in": 2, "failed": 1, "created": 1}, ["P-1", "A"]),
    "deleted": (
        f"<deleteParts><Parts>{criterion('P-1')}</Parts></deleteParts>",
        {"records_in": 1, "deleted": 1},
        ["P-1"],
    ),
    "returned": (f"<getParts><Parts>{criterion('P-1')}</Parts></getParts>", {"returned": 1}, ["P-1"]),
    "none": (f"<getParts><Parts>{criterion('X')}</Parts></getParts>", {}, []),
}
NUMBERS = ("records_in", "created", "updated", "unchanged", "deleted", "inactivated", "failed", "returned")


class TestCounts:
    @pytest.mark.parametrize("content, counts, keys", table(COUNTS))
    def test_records_and_their_keys(self, ada, content, counts, keys):
        post(envelope())

        kept = exchange_of(envelope(content))

        assert {name: getattr(kept, name) for name in NUMBERS} == {**dict.fromkeys(NUMBERS, 0), **counts}
        assert kept.keys == keys

    def test_the_problem_of_the_first_record_that_failed(self, ada):
        post(envelope())

        kept = exchange_of(envelope(parts("addParts", "P-1", "A")))

        assert kept.code
        assert "P-1" in kept.problem

    def test_keys_up_to_a_hundred(self, ada):
        kept = exchange_of(envelope(parts("addParts", *(f"P-{number:03}" for number in range(150)))))

        assert (kept.records_in, len(kept.keys)) == (150, KEYS)

    def test_finds_an_exchange_by_a_key_in_it(self, ada):
        kept = exchange_of(envelope())

        assert Exchange.objects.get(keys__contains=["P-1"]) == kept
        assert not Exchange.objects.filter(keys__contains=["P-2"]).exists()

    def test_says_when_nothing_was_kept_of_a_dry_run(self, ada):
        assert exchange_of(envelope(), HTTP_X_DRY_RUN="true").dry


class TestStores:
    def test_in_one_statement_of_its_own(self, ada, django_capture_on_commit_callbacks, django_assert_num_queries):
        request = WireRequest("POST", PARTS, b"<a/>")

        with django_assert_num_queries(1):
            endpoint.serve(ORACLE_2_0, request)

    def test_what_the_database_could_not_hold(self, ada):
        path = f"{PARTS}/%00\x00?\udc80"
        request = WireRequest("POST", path, envelope(), query="a=\x00&b=%00&c=%ff", peer="1" * 100)

        response = endpoint.serve(ORACLE_2_0, request, SignedIn(ada.pk))

        assert Exchange.objects.get().call_id == response.headers["X-Call-Id"]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_row_that_the_database_refuses_fails_no_call(stored_hash, caplog, monkeypatch):
    User.objects.create(username="ada", password=stored_hash("ada-ada!"), is_superuser=True)
    request = WireRequest("POST", PARTS, envelope(), peer="127.0.0.1")
    with monkeypatch.context() as patch:
        patch.setattr(store, "storable_text", lambda text, longest: "\x00")
        response = endpoint.serve(ORACLE_2_0, request)

    assert response.status == 200
    assert "could be kept" in caplog.text
    kept = Exchange.objects.get()
    assert (kept.call_id, kept.operation, kept.user_name) == (response.headers["X-Call-Id"], "parts.add", "ada")
    assert (kept.created, kept.path, kept.request_body, kept.response_body) == (1, "", None, None)
    assert kept.request_note == kept.response_note == store.BARE
    assert endpoint.serve(ORACLE_2_0, request).status == 500  # the part is there


class TestPrune:
    @pytest.fixture(autouse=True)
    def _exchanges(self, db):
        Exchange.objects.bulk_create(
            Exchange(
                call_id=str(days), at=timezone.now() - timedelta(days=days), duration_ms=1, status=200,
                request_size=0, response_size=0,
            )
            for days in range(10)
        )  # fmt: skip

    def test_deletes_what_is_older_than_the_setting(self, settings, capsys):
        settings.EXCHANGE_DAYS = 4

        call_command("prune_exchanges")

        assert sorted(Exchange.objects.values_list("call_id", flat=True)) == ["0", "1", "2", "3"]
        assert "Deleted 6 exchanges" in capsys.readouterr().out

    def test_in_batches(self, capsys, django_assert_num_queries):
        with django_assert_num_queries(7):  # one of batch jobs, one of answers
            call_command("prune_exchanges", days=1, batch=2)

        assert Exchange.objects.count() == 1

    def test_keeps_a_dialect_as_long_as_its_own_setting_says(self, settings, capsys):
        settings.EXCHANGE_DAYS, settings.EXCHANGE_DAYS_OF = 4, {"rest": 5}
        Exchange.objects.filter(call_id__in=["3", "4", "9"]).update(dialect="rest")

        call_command("prune_exchanges")

        assert sorted(Exchange.objects.values_list("call_id", flat=True)) == ["0", "1", "2", "3", "4"]
        assert "exchanges of rest" in capsys.readouterr().out

    def test_refuses_nonsense(self):
        with pytest.raises(CommandError):
            call_command("prune_exchanges", days=-1)


def test_the_clock_is_the_doors_parameter(ada):
    endpoint.serve(ORACLE_2_0, WireRequest("POST", PARTS, envelope()), clock=lambda: NOW)

    assert Exchange.objects.get().at == NOW
