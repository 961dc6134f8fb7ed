"""A price by itself: writing one is a change of its part."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from parts.models import Part, Price, load_ordinary_prices
from parts.services import PARTS, PRICES
from records.find import Search
from records.models import Change
from records.shapes.criteria import Comparator, Criterion, Scope
from records.shapes.outcomes import Result
from records.shapes.values import EMPTY
from records.tests.cast import ADA, NOW, table

USD = {"part": "PUMP-100", "currency": "USD"}
TEN = {**USD, "minimum_quantity": "10", "amount": "240"}


@pytest.fixture(autouse=True)
def _catalogue(db):
    with transaction.atomic():
        records = [{"number": number, "price": {"USD": "250"}} for number in ("PUMP-100", "PUMP-200")]
        PARTS.add(records=records, by=ADA, at=NOW)


def ask(verb, *records, **more):
    with transaction.atomic():
        return getattr(PRICES, verb)(records=records, by=ADA, at=NOW, **more)


def stored(number="PUMP-100"):
    prices = Price.objects.filter(part__number=number)
    return {(p.currency, p.price_code, str(int(p.minimum_quantity))): p.amount for p in prices}


class TestAddPrice:
    def test_bumps_the_part_and_is_in_its_change(self):
        (outcome,) = ask("add", TEN)

        part = Part.objects.get(number="PUMP-100")
        change = Change.objects.latest("id")
        assert (outcome.result, outcome.version, part.version) == (Result.CREATED, 2, 2)
        assert outcome.id == Price.objects.get(minimum_quantity=10).id
        assert outcome.key == "PUMP-100 / USD / 10"
        assert (change.resource, change.key, change.fields) == ("part", "PUMP-100", {"prices.USD//10/": [None, "240"]})

    def test_leaves_the_other_prices_alone(self):
        ask("add", TEN)

        assert stored() == {("USD", "", "1"): Decimal(250), ("USD", "", "10"): Decimal(240)}

    def test_of_the_ordinary_price_is_the_one_with_the_defaults(self):
        (outcome,) = ask("add", {**USD, "price_code": EMPTY, "amount": "1"})

        assert outcome.problems[0].code == "already-exists"


REFUSED = {
    "an unknown part": ({**TEN, "part": "NOTHING"}, "unresolved", ("part",)),
    "no part": ({"currency": "USD", "amount": "1"}, "missing", ("part",)),
    "no currency": ({"part": "PUMP-100", "amount": "1"}, "missing", ("currency",)),
    "no amount": ({**USD, "minimum_quantity": "5"}, "missing", ("amount",)),
    "a negative amount": ({**TEN, "amount": "-1"}, "too-small", ("amount",)),
    "a quantity of nothing": ({**TEN, "minimum_quantity": "0"}, "too-small", ("minimum_quantity",)),
    "an unknown field": ({**TEN, "colour": "red"}, "unknown-field", ("colour",)),
    "a version that has moved": ({**TEN, "version": "9"}, "version-conflict", ("version",)),
}


@pytest.mark.parametrize("record, code, path", table(REFUSED))
def test_refuses(record, code, path):
    (outcome,) = ask("put", record)

    problem = outcome.problems[0]
    assert (outcome.result, problem.code, problem.path) == (Result.FAILED, code, path)
    assert stored() == {("USD", "", "1"): Decimal(250)}


class TestWritesABatch:
    def test_each_with_its_own_outcome(self):
        ask("add", TEN)

        outcomes = ask(
            "put",
            {**TEN, "amount": "235"},
            {**USD, "amount": "250"},
            {**USD, "price_code": "VIP", "amount": "200"},
            {**USD, "currency": "dollars", "amount": "1"},
            {"part": "PUMP-200", "currency": "EUR", "amount": "9"},
        )

        result = [outcome.result for outcome in outcomes]
        assert result == [Result.UPDATED, Result.UNCHANGED, Result.CREATED, Result.FAILED, Result.CREATED]
        assert stored()["USD", "VIP", "1"] == 200
        assert stored("PUMP-200") == {("USD", "", "1"): Decimal(250), ("EUR", "", "1"): Decimal(9)}

    def test_in_as_many_statements_as_one(self, django_assert_num_queries):
        def records(count, amount):
            return [{**USD, "minimum_quantity": str(number), "amount": amount} for number in range(2, 2 + count)]

        ask("put", *records(1, "0"))

        with django_assert_num_queries(14):
            ask("put", *records(1, "1"))
        with django_assert_num_queries(15):  # some are new, some are changed
            ask("put", *records(50, "2"))

    def test_that_names_a_price_twice_not_at_all(self):
        outcomes = ask("put", TEN, {**TEN, "amount": "1"})

        assert [outcome.problems[0].code for outcome in outcomes] == ["duplicate-in-call"] * 2

    def test_by_its_id(self):
        price = Price.objects.get(part__number="PUMP-100")

        (outcome,) = ask("update", {"id": str(price.id), "amount": "251"})

        assert (outcome.result, outcome.id, stored()["USD", "", "1"]) == (Result.UPDATED, price.id, 251)


SPRING = {**TEN, "effective_date": "2026-03-01", "end_date": "2026-05-31"}
ENDS_EARLY = "end_date 2026-02-28 is before the day from which the price is effective, 2026-03-01."


def amounts(*days):
    """What ten of the part cost on some days of 2026, month and day."""
    price_list = load_ordinary_prices(parts=[Part.objects.get(number="PUMP-100").id], currencies=["USD"])
    part = Part.objects.get(number="PUMP-100").id
    return [price_list.amount(part, "USD", Decimal(10), date(2026, *day)) for day in days]


class TestEndDate:
    def test_is_the_last_day_on_which_the_price_applies(self):
        ask("add", SPRING, {**TEN, "effective_date": "2026-04-01", "end_date": "2026-04-01", "amount": "200"})

        assert amounts((2, 28), (3, 1), (4, 1), (4, 2), (5, 31), (6, 1)) == [250, 240, 200, 240, 240, 250]

    def test_leaves_no_price_where_no_other_follows(self):
        ask("put", {**USD, "end_date": "2026-05-31"})

        assert amounts((5, 31), (6, 1)) == [250, None]

    def test_is_no_part_of_the_key_and_may_be_cleared(self):
        ask("add", SPRING)

        outcomes = ask("update", {**SPRING, "end_date": "2026-06-30"}), ask("update", {**SPRING, "end_date": EMPTY})

        assert [str(outcome.result) for (outcome,) in outcomes] == ["updated", "updated"]
        assert [*Price.objects.filter(minimum_quantity=10).values_list("end_date", flat=True)] == [None]

    def test_may_not_be_before_the_effective_date_whichever_way_the_price_is_written(self):
        ask("add", SPRING)
        early = {**SPRING, "end_date": "2026-02-28"}
        row = {name: value for name, value in early.items() if name != "part"}

        added, changed = ask("put", {**early, "currency": "EUR"}, early)
        with transaction.atomic():
            (listed,) = PARTS.put(records=[{"number": "PUMP-100", "prices": [row]}], by=ADA, at=NOW)

        assert [problem.sentence() for each in (added, changed) for problem in each.problems] == [ENDS_EARLY] * 2
        assert [problem.sentence() for problem in listed.problems] == [f"prices.0.{ENDS_EARLY}"]

    def test_that_is_wrong_fails_its_price_alone(self):
        wrong, right = ask("put", {**SPRING, "end_date": "2026-02-28"}, {**TEN, "amount": "239"})

        assert (str(wrong.result), str(right.result)) == ("failed", "created")
        assert stored()["USD", "", "10"] == 239
        assert not Price.objects.exclude(effective_date=None).exists()

    def test_stays_when_a_map_sets_the_price_and_is_told_apart_from_the_amount_in_changes(self):
        ask("put", {**USD, "end_date": "2026-05-31"})
        with transaction.atomic():
            PARTS.put(records=[{"number": "PUMP-100", "price": {"USD": "255", "EUR": "230"}}], by=ADA, at=NOW)

        repriced, ended = (change.fields for change in Change.objects.order_by("-id")[:2])
        assert ended == {"price.USD.end_date": [None, "2026-05-31"]}
        assert repriced == {"price.USD": ["250", "255"], "price.EUR": [None, "230"]}
        days = Price.objects.filter(part__number="PUMP-100").values_list("currency", "end_date")
        assert dict(days) == {"USD": date(2026, 5, 31), "EUR": None}


class TestRemovePrice:
    def test_takes_it_from_its_part(self):
        price = Price.objects.get(part__number="PUMP-100")

        (outcome,) = ask("remove", USD)

        assert (outcome.result, outcome.id) == (Result.DELETED, price.id)
        assert stored() == {}
        assert Part.objects.get(number="PUMP-100").version == 2

    def test_that_is_not_there_fails(self):
        (outcome,) = ask("remove", TEN)

        assert outcome.problems[0].code == "not-found"


class TestScope:
    OTHERS = Criterion(("price_code",), Comparator.EQUAL, ("VIP",))

    @pytest.mark.parametrize(
        "scope, code",
        [
            pytest.param(Scope(before=(OTHERS,)), "not-found", id="before"),
            pytest.param(Scope(within=(OTHERS,)), "filtered", id="within"),
            pytest.param(Scope(after=(OTHERS,)), "filtered", id="after"),
            pytest.param(Scope(read_only=("amount",)), "kept", id="kept"),
            pytest.param(Scope(required=("price_code",)), "missing", id="required"),
            pytest.param(Scope(locked=(Criterion(("part",), Comparator.LIKE, ("PUMP%",)),)), "locked", id="locked"),
        ],
    )
    def test_narrows_what_may_be_written(self, scope, code):
        (outcome,) = ask("put", {**USD, "amount": "1"}, scope=scope)

        assert outcome.problems[0].code == code
        assert stored()["USD", "", "1"] == 250


def test_is_found_with_the_stamps_of_its_part():
    found = PRICES.find(search=Search((Criterion(("part",), Comparator.EQUAL, ("PUMP-200",)),))).records

    (price,) = found
    assert (price["part"], price["currency"], price["amount"], price["version"]) == ("PUMP-200", "USD", "250.00", "1")
    assert (price["created_by"], price["price_code"]) == ("ada", EMPTY)
