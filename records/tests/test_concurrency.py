"""Writers that meet: two real processes on one database, committing for real."""

import pytest
from django.db import connection, transaction

from parts.models import Part, PartDescription, Price
from parts.services import PARTS
from records.models import Change
from records.tests.cast import ADA, NOW
from records.tests.writers import run_together

pytestmark = pytest.mark.django_db(transaction=True)


def writer(service):
    """A writer that calls a service in a transaction of its own."""

    def write(batch):
        with transaction.atomic():
            return [str(outcome.result) for outcome in service(records=batch, by=ADA, at=NOW)]

    return write


ADD, PUT, REMOVE = writer(PARTS.add), writer(PARTS.put), writer(PARTS.remove)


def parts(count, **fields):
    return [{"number": f"N{i:04}", **fields} for i in range(count)]


def test_two_processes_upsert_the_same_keys_in_opposite_orders():
    rounds = 6
    forwards = [parts(500, units=str(n + 2), price={"USD": str(n + 1)}) for n in range(rounds)]
    backwards = [[*reversed(parts(500, units=str(n + 20), price={"USD": str(n + 10)}))] for n in range(rounds)]

    result = run_together((PUT, forwards), (PUT, backwards))

    assert result["failed"] == 0
    assert result["created"] == Part.objects.count() == Price.objects.count() == 500
    assert result["updated"] + result["created"] == Change.objects.count() == 2 * rounds * 500
    assert set(Part.objects.values_list("version", flat=True)) == {2 * rounds}


def test_an_add_races_an_add_and_each_key_has_one_winner():
    rounds = 5
    batches = [[{"number": f"R{n}-{i}", "description": {"en": "x"}} for i in range(200)] for n in range(rounds)]

    result = run_together((ADD, batches), (ADD, [[*reversed(batch)] for batch in batches]))

    assert result == {"created": rounds * 200, "failed": rounds * 200}
    assert Part.objects.count() == PartDescription.objects.count() == Change.objects.count() == rounds * 200


def test_a_put_that_loses_the_race_changes_the_winners_record_and_loses_nothing():
    result = run_together(
        (PUT, [parts(300, notes="from one")] * 3), (PUT, [parts(300, display_number="from the other")] * 3)
    )

    assert result["created"] == 300
    assert not Part.objects.exclude(notes="from one", display_number="from the other").exists()


def test_removals_and_upserts_of_the_same_keys_neither_deadlock_nor_leave_orphans():
    batch = parts(200, price={"USD": "1"}, description={"en": "x"})

    result = run_together((PUT, [batch] * 6), (REMOVE, [[*reversed(batch)]] * 6))

    assert result["created"] - result["deleted"] == Part.objects.count() == Price.objects.count()


@pytest.fixture
def deferred_rule():
    """A rule that would speak only at COMMIT, after the outcomes: no part may be called forbidden."""
    with connection.cursor() as cursor:
        cursor.execute("""
            CREATE FUNCTION refuse_forbidden() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF NEW.number = 'forbidden' THEN
                    RAISE EXCEPTION 'forbidden' USING ERRCODE = 'integrity_constraint_violation';
                END IF;
                RETURN NULL;
            END $$;
            CREATE CONSTRAINT TRIGGER forbidden AFTER INSERT ON parts_part
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_forbidden();
        """)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER forbidden ON parts_part; DROP FUNCTION refuse_forbidden()")


def test_a_deferred_constraint_refuses_its_record_while_the_outcome_can_still_say_so(deferred_rule):
    with transaction.atomic():
        outcomes = PARTS.add(records=[{"number": "a"}, {"number": "forbidden"}, {"number": "z"}], by=ADA, at=NOW)

    assert [str(outcome.result) for outcome in outcomes] == ["created", "failed", "created"]
    assert sorted(Part.objects.values_list("number", flat=True)) == ["a", "z"]
    assert Change.objects.count() == 2
