"""Records written in sequence: the outcome of each is that of a call of its own."""

import re
from functools import partial

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.models import Customer
from customers.resources import CUSTOMER
from customers.services import CUSTOMERS
from customers.tests.crm import build
from orders.services import SALES_ORDERS
from records.shapes.fields import ScalarField
from records.shapes.matching import Matching, MatchRule
from records.shapes.values import EMPTY
from records.tests.cast import ADA, NOW, table
from records.write.drafts import Write
from records.write.plan import plan
from records.write.sequential import run_in_sequence

RESOURCE = CUSTOMER.add_custom_fields([ScalarField("custom_tier", source="tier", custom=True, nullable=True)])
FIELDS = ("crm_account_id", "last_name")
IDS = MatchRule(("id", "external_id"), first_only=True)
RULES = (
    (IDS,),
    (MatchRule(FIELDS), IDS),
    (IDS, MatchRule(FIELDS)),
    (MatchRule(("last_name",)),),
    (MatchRule(("active", "external_id")), MatchRule(("custom_tier",))),
    (MatchRule(("owner", "last_name")),),
    (MatchRule(("country",)), MatchRule(("owner_id",))),
    (MatchRule(("number", "external_id"), first_only=True),),
    (MatchRule(("last_name",), caseless=True), MatchRule(("custom_tier",), caseless=True)),
    (),
)

NUMBERS = Customer.objects.values_list("id", "number")
DRAWN = re.compile(r"\b1[0-9]{6}\b")
ABSENT = None
STORED = st.fixed_dictionaries(
    {
        "external_id": st.sampled_from([ABSENT, "1", "2"]),
        "crm_account_id": st.sampled_from([ABSENT, "x", "y"]),
        "last_name": st.sampled_from([ABSENT, "p", "P", "q"]),
        "active": st.sampled_from(["true", "false"]),
        "owner": st.sampled_from([ABSENT, "ada", "bob"]),
        "country": st.sampled_from([ABSENT, "USA", "DEU"]),
        "custom_tier": st.sampled_from([ABSENT, "gold"]),
    }
)
SENT = st.fixed_dictionaries(
    {
        "id": st.sampled_from([ABSENT, ABSENT, "N0", "N1", "N2", "0", "seven", EMPTY]),
        "number": st.sampled_from([ABSENT, ABSENT, ABSENT, "N0", "N1", "M0", "M1"]),
        "external_id": st.sampled_from([ABSENT, "1", "2", "3", EMPTY]),
        "crm_account_id": st.sampled_from([ABSENT, "x", "y", " y ", "z", EMPTY]),
        "last_name": st.sampled_from([ABSENT, "p", "P", "q", "r", EMPTY]),
        "active": st.sampled_from([ABSENT, ABSENT, "true", "1", "false", EMPTY]),
        "owner": st.sampled_from([ABSENT, ABSENT, "ada", "bob", "nobody"]),
        "owner_id": st.sampled_from([ABSENT, ABSENT, ABSENT, "ada", "bob", "0"]),
        "country": st.sampled_from([ABSENT, ABSENT, "USA", "US", "DE", EMPTY]),
        "custom_tier": st.sampled_from([ABSENT, ABSENT, "gold", "Gold", "tin", EMPTY]),
        "email": st.sampled_from([ABSENT, ABSENT, ABSENT, "nobody"]),
        "version": st.sampled_from([ABSENT, ABSENT, ABSENT, ABSENT, "1", "2"]),
        "notes": st.sampled_from([ABSENT, "a", "b", "c"]),
    }
)
COLUMNS = (
    "external_id", "crm_account_id", "last_name", "active", "owner__username", "country__code", "custom", "notes",
    "version",
)  # fmt: skip


def without_absent(record):
    return {name: value for name, value in record.items() if value is not ABSENT}


def sent_ids(record, ids):
    """The record with the ids of those that are named in their place."""
    return {name: ids.get(value, value) if name in ("id", "owner_id") else value for name, value in record.items()}


@pytest.fixture
def people(db):
    with connection.cursor() as cursor:  # numbers that are drawn are like no other number of these tests
        cursor.execute("SELECT setval('customers_customer_numbers', 1000000)")
    return {name: str(User.objects.create(username=name).id) for name in ("ada", "bob")}


def problem_text(problem, outcome):
    return problem.sentence().replace(f"'{outcome.id}'", "its id")


def summarize(outcomes, numbers):
    """The outcomes, with new records by the place at which they came into being, as ids and numbers are drawn."""
    new = {
        outcome.id: f"new {place}"
        for place, outcome in enumerate(outcomes)
        if outcome.result == "created" and DRAWN.fullmatch(outcome.key)
    }
    named = {numbers[id_]: place for id_, place in new.items() if id_ in numbers}

    def shown(text):
        return DRAWN.sub(lambda found: named.get(found[0], "drawn for nothing"), text)

    said = [
        (
            str(outcome.result),
            shown(outcome.key),
            outcome.id and shown(numbers[outcome.id]),
            outcome.version,
            [(problem.code, problem.path, shown(problem_text(problem, outcome))) for problem in outcome.problems],
        )
        for outcome in outcomes
    ]
    kept = sorted((shown(number), *map(str, row)) for number, *row in Customer.objects.values_list("number", *COLUMNS))
    return said, kept


class RolledBack(Exception):
    pass


def rolled_back(run):
    """What a run gives; nothing of it is kept."""
    given = []
    try:
        with transaction.atomic():
            given.append(run())
            raise RolledBack
    except RolledBack:
        return given[0]


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    stored=st.lists(STORED, max_size=4),
    records=st.lists(SENT, min_size=2, max_size=6),
    rules=st.sampled_from(RULES),
    verb=st.sampled_from(["add", "update", "put", "put", "remove"]),
)
def test_a_sequence_is_as_one_call_after_the_other(people, stored, records, rules, verb):
    Customer.objects.all().delete()
    there = [{"number": f"N{n}", **without_absent(record)} for n, record in enumerate(stored)]
    CUSTOMERS.add(records=there, by=ADA, at=NOW, resource=RESOURCE)
    ids = people | {number: str(id_) for number, id_ in Customer.objects.values_list("number", "id")}

    compare(verb, [sent_ids(without_absent(record), ids) for record in records], rules)


def service(verb):
    return partial(getattr(CUSTOMERS, verb), by=ADA, at=NOW, resource=RESOURCE)


def compare(verb, records, rules):
    """Write records in sequence, and in calls of their own; return their results and the sizes of the batches."""
    sequential, batches = rolled_back(lambda: run_sequential(verb, records, rules))
    one_by_one = rolled_back(lambda: run_one_by_one(verb, records, rules))
    assert sequential == one_by_one
    return [result for result, *_ in sequential[0]], batches


def run_sequential(verb, records, rules):
    numbers, batches, matching = dict(NUMBERS.all()), [], Matching(rules, sequential=True)

    def run(independent):
        batches.append(len(independent))
        return service(verb)(records=independent, matching=Matching(rules))

    where, write = plan(Customer, RESOURCE), None if verb == "remove" else Write(verb)
    outcomes = run_in_sequence(where, write, records, matching, set(), run)
    return summarize(outcomes, numbers | dict(NUMBERS.all())), batches


def run_one_by_one(verb, records, rules):
    numbers, outcomes = dict(NUMBERS.all()), []
    for record in records:
        outcomes += service(verb)(records=[record], matching=Matching(rules))
        numbers |= dict(NUMBERS.all())
    return summarize(outcomes, numbers)


@pytest.fixture
def stored(people):
    records = [
        {"number": "N0", "external_id": "1", "last_name": "p", "crm_account_id": "x"},
        {"number": "N1", "external_id": "2", "last_name": "p"},
        {"number": "N2", "last_name": "q"},
    ]
    CUSTOMERS.add(records=records, by=ADA, at=NOW, resource=RESOURCE)
    return {number: str(id_) for number, id_ in Customer.objects.values_list("number", "id")}


SEQUENCES = {
    "nothing shared": ("put", [{"external_id": "1"}, {"external_id": "2"}, {"external_id": "8"}, {}], (IDS,), [4]),
    "the same match, found alike": (
        "update", [{"external_id": "1", "notes": "a"}, {"external_id": "1"}], (IDS,), [1, 1],
    ),
    "the same match, found otherwise": ("update", [{"external_id": "1", "notes": "a"}, {"id": "N0"}], (IDS,), [1, 1]),
    "the match that the first one makes": ("put", [{"external_id": "9"}, {"external_id": "9"}], (IDS,), [1, 1]),
    "a value that the first one gives away": (
        "update", [{"id": "N0", "external_id": "5"}, {"external_id": "1", "notes": "a"}], (IDS,), [1, 1],
    ),
    "a value that the first one takes": (
        "update", [{"id": "N2", "external_id": "1"}, {"external_id": "1", "notes": "a"}], (IDS,), [1, 1],
    ),
    "a value that a later one takes while another waits": (
        "put", [{"external_id": "9"}, {"external_id": "9"}, {"id": "N0", "external_id": "9"}], (IDS,), [1, 1, 1],
    ),
    "one of two that are found goes": (
        "remove", [{"external_id": "1"}, {"last_name": "p"}, {"external_id": "1"}], (MatchRule(FIELDS), IDS), [1, 2],
    ),
    "a default": (
        "put", [{"external_id": "9"}, {"active": "true", "last_name": "q"}], (MatchRule(("active",)),), [1, 1],
    ),
    "one waits and others do not": (
        "put", [{"external_id": "9"}, {"external_id": "8"}, {"external_id": "9"}, {"external_id": "7"}], (IDS,), [3, 1],
    ),
    "a number, taken by the first one": ("add", [{"number": "M"}, {"number": "M"}, {"number": "N0"}], (), [2, 1]),
    "a number, made by the first one": ("put", [{"number": "M"}, {"number": "M", "notes": "a"}], (), [1, 1]),
    "a number and its id": ("update", [{"number": "N0", "notes": "a"}, {"id": "N0", "notes": "b"}], (), [1, 1]),
    "a number that the first one's match has": ("put", [{"external_id": "1"}, {"number": "N0"}], (IDS,), [1, 1]),
    "removals of nothing": ("remove", [{"external_id": "9"}, {"external_id": "9"}, {"external_id": "8"}], (IDS,), [3]),
    "additions that search nothing": ("add", [{"external_id": "9"}, {"external_id": "9"}, {"id": "x"}], (IDS,), [3]),
    "one alone": ("put", [{"external_id": "9"}], (IDS,), [1]),
    "none at all": ("put", [], (IDS,), [0]),
}  # fmt: skip


@pytest.mark.parametrize("verb, records, rules, expected", table(SEQUENCES))
def test_a_record_waits_for_those_that_concern_it_and_for_no_other(stored, verb, records, rules, expected):
    _, batches = compare(verb, [sent_ids(record, stored) for record in records], rules)

    assert batches == expected


def test_the_same_record_may_come_several_times(stored):
    result, _ = compare("put", [{"number": "N0", "notes": note} for note in "aab"], ())

    assert result == ["updated", "unchanged", "updated"]


def test_what_a_failed_record_would_have_changed_stays(stored):
    records = [{"external_id": "1", "email": "nobody"}, {"external_id": "1", "notes": "a"}]

    assert compare("put", records, (IDS,))[0] == ["failed", "updated"]


def test_what_the_rules_fill_in_is_found_by_the_next_one(db):
    build()
    matching = Matching((MatchRule(("currency",)),), sequential=True)

    outcomes = SALES_ORDERS.put(
        records=[{"customer": "ACME"}, {"currency": "USD", "subject": "found"}], by=ADA, at=NOW, matching=matching
    )

    assert [str(outcome.result) for outcome in outcomes] == ["created", "updated"]


@pytest.mark.parametrize("verb", ["put", "update", "remove"])
def test_costs_by_batches_and_not_by_records(stored, verb):
    def statements(records):
        with CaptureQueriesContext(connection) as queries:
            outcomes = service(verb)(records=records, matching=Matching((MatchRule(FIELDS), IDS), sequential=True))
        assert outcomes[0].result in ("updated", "deleted")
        return len(queries)

    def some(count, times=1):
        prefix = next(prefixes)
        CUSTOMERS.add(records=[{"external_id": f"{prefix}{n}"} for n in range(count)], by=ADA, at=NOW)
        return [{"external_id": f"{prefix}{n}", "notes": f"{time}"} for time in range(times) for n in range(count)]

    prefixes = iter("abcd")
    one_batch = statements(some(50))
    three_batches = statements(some(30, times=3))

    assert one_batch == statements(some(3))
    assert three_batches == statements(some(3, times=3))
    assert three_batches <= 3 * one_batch + 1  # all matches are locked beforehand


def test_matches_are_locked_before_the_first_batch_in_the_order_of_their_keys(stored):
    said = []

    def listen(execute, statement, *rest):
        said.append(statement)
        return execute(statement, *rest)

    with connection.execute_wrapper(listen):
        records = [{"external_id": "2"}, {"external_id": "1"}, {"external_id": "2"}]
        service("put")(records=records, matching=Matching((IDS,), sequential=True))

    lock = next(statement for statement in said if " FOR " in statement)
    assert lock.endswith('ORDER BY t."number" FOR NO KEY UPDATE OF t')
    assert said.index(lock) < next(n for n, statement in enumerate(said) if statement.startswith("SET CONSTRAINTS"))
