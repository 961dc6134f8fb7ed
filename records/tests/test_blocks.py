"""A large call is written in blocks: what its records have to do with each other does not depend on where one ends."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from customers.models import Customer
from customers.services import CUSTOMERS
from parts.models import Part, Price
from parts.services import PARTS, PRICES
from records.models import Change
from records.shapes.matching import Matching, MatchRule
from records.shapes.problems import ProblemError
from records.tests.cast import ADA, NOW, table
from records.tests.writers import run_together
from records.write import blocks
from records.write.blocks import CallKeys, run_in_blocks

pytestmark = pytest.mark.django_db


def write(service, verb, records, **options):
    return getattr(service, verb)(records=records, by=ADA, at=NOW, **options)


def parts(count, **fields):
    return [{"number": f"N{number:04}", **fields} for number in range(count)]


def numbers_of(records, *numbers, **fields):
    """Return records, some of which are other ones."""
    changed = list(records)
    for number in numbers:
        changed[number] = fields
    return changed


def read_blocks(result):
    """Return what is told and what is stored, without what no caller counts on: ids."""
    told = [(str(o.result), o.key, o.version, [problem.sentence() for problem in o.problems]) for o in result]
    return told, sorted(Part.objects.values_list("number", "notes", "version"))


def stored_id():
    """Return the id of N0001, which is stored."""
    [outcome] = write(PARTS, "add", [{"number": "N0001"}])
    return str(outcome.id)


MIXED = [*parts(7, notes="1"), {"number": ""}, {"number": "A", "units": "x"}, {"notes": "no key"}]
CALLS = {
    "good records": lambda: parts(7, notes="1"),
    "records that fail": lambda: MIXED,
    "a key that comes again": lambda: [*MIXED, {"number": "N0002"}, {"number": "N0002", "notes": "3"}],
    "a key and its id": lambda: [{"id": stored_id(), "notes": "by id"}, *parts(7)],
    "a key of a record that fails": lambda: [{"number": "N0005", "units": "x"}, *parts(7)],
}


@pytest.mark.parametrize("build", table(CALLS))
@pytest.mark.parametrize("size", [1, 2, 5])
def test_a_call_in_blocks_says_and_does_what_it_does_in_one(build, size, monkeypatch):
    records = build()
    with transaction.atomic():
        in_one = read_blocks(write(PARTS, "put", records))
        transaction.set_rollback(True)

    monkeypatch.setattr(blocks, "RECORDS", size)
    in_blocks = read_blocks(write(PARTS, "put", records))

    assert in_blocks == in_one


@pytest.mark.parametrize("verb", ["update", "remove"])
def test_updates_and_removals_are_the_same_too(verb, monkeypatch):
    write(PARTS, "add", parts(7))
    records = [*parts(9), {"number": "N0003"}]
    with transaction.atomic():
        in_one = read_blocks(write(PARTS, verb, records))
        transaction.set_rollback(True)

    monkeypatch.setattr(blocks, "RECORDS", 2)

    assert read_blocks(write(PARTS, verb, records)) == in_one


def test_records_that_match_the_same_stored_one_fail_in_whatever_blocks_they_are(monkeypatch):
    monkeypatch.setattr(blocks, "RECORDS", 2)
    write(CUSTOMERS, "add", [{"number": "A", "external_id": "1", "crm_account_id": "z"}])
    rules = (MatchRule(("external_id",)), MatchRule(("crm_account_id",)))
    records = [{"external_id": str(number), "number": f"N{number}", "last_name": "x"} for number in range(1, 6)]
    del records[0]["number"]
    records.append({"crm_account_id": "z", "last_name": "y"})

    outcomes = write(CUSTOMERS, "put", records, matching=Matching(rules))

    assert [str(outcome.result) for outcome in outcomes] == ["failed", *["created"] * 4, "failed"]
    assert "record 6" in outcomes[0].problems[0].sentence()
    assert "record 1" in outcomes[-1].problems[0].sentence()
    assert Customer.objects.get(number="A").last_name == ""


def test_a_number_is_drawn_that_no_record_of_the_call_comes_with(monkeypatch):
    monkeypatch.setattr(blocks, "RECORDS", 2)
    [drawn] = write(CUSTOMERS, "add", [{"last_name": "x"}])
    following = str(int(drawn.key) + 2)

    # Without keys they come first, so that the number is drawn before its block is reached.
    outcomes = write(
        CUSTOMERS, "put", [{"last_name": "y"}] * 3 + [{"number": following, "last_name": "z"}] + [{"last_name": "y"}]
    )

    assert [str(outcome.result) for outcome in outcomes] == ["created"] * 5
    assert len({outcome.key for outcome in outcomes}) == 5
    assert Customer.objects.get(number=following).last_name == "z"


def test_the_children_of_a_parent_move_its_version_once(monkeypatch):
    monkeypatch.setattr(blocks, "RECORDS", 2)
    write(PARTS, "add", parts(3))
    currencies = ("USD", "EUR", "CHF", "GBP")
    prices = [
        {"part": part["number"], "currency": currency, "amount": "1", "version": "1"}
        for currency in currencies
        for part in parts(3)
    ]

    outcomes = write(PRICES, "put", prices)

    assert {str(outcome.result) for outcome in outcomes} == {"created"}
    assert [outcome.version for outcome in outcomes] == [2] * 12
    assert set(Part.objects.values_list("version", flat=True)) == {2}
    assert Price.objects.count() == 12


def test_statements_grow_with_the_blocks(monkeypatch):
    monkeypatch.setattr(blocks, "RECORDS", 10)

    def count(number):
        with transaction.atomic(), CaptureQueriesContext(connection) as queries:
            write(PARTS, "put", parts(number, notes="x"))
            transaction.set_rollback(True)
        return len(queries)

    one, four = count(10), count(40)

    assert four <= 4 * one + 2  # the savepoint of all blocks


def test_a_call_that_is_never_complete_is_refused_and_leaves_nothing(monkeypatch):
    monkeypatch.setattr(blocks, "RECORDS", 2)

    def run(records, *, keys: CallKeys):
        keys.is_complete = False
        return write(PARTS, "add", records)

    with pytest.raises(ProblemError, match="Others are changing the same records"):
        run_in_blocks(("number",), run, parts(3))

    assert not Part.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_large_calls_on_the_same_records_in_opposite_orders_meet_in_one(monkeypatch):
    monkeypatch.setattr(blocks, "RECORDS", 100)

    def put(batch):
        with transaction.atomic():
            return [str(outcome.result) for outcome in write(PARTS, "put", batch)]

    forwards = [parts(500, units=str(number + 2)) for number in range(3)]
    backwards = [[*reversed(parts(500, units=str(number + 20)))] for number in range(3)]

    result = run_together((put, forwards), (put, backwards))

    assert result["failed"] == 0
    assert result["created"] == Part.objects.count() == 500
    assert result["updated"] + result["created"] == Change.objects.count() == 6 * 500
