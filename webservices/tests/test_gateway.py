"""The gateway: rights, options, transactions, reruns, and what nobody anticipated."""

import logging
from dataclasses import replace

import pytest
from django.db import connection
from django.db.utils import DataError, OperationalError

from customers.services import CUSTOMERS
from parts.models import Part
from parts.services import PARTS
from records.models import Change, CustomField, FieldRule, Generation
from records.retry import LOST
from records.shapes.callers import Caller
from records.shapes.criteria import Comparator, Criterion
from records.shapes.matching import Matching, MatchRule
from records.shapes.problems import Family, invalid_problem
from records.shapes.values import Tags
from records.tests.cast import ADA, BOB, NOW, table
from webservices import gateway
from webservices.declarations import OPERATIONS
from webservices.wire.messages import Answer, Call, Failure, MessageContext, Options, Records, RequestError
from webservices.wire.operations import Verb

pytestmark = pytest.mark.django_db


def call(verb, *records, **fields):
    return Call(OPERATIONS.get("parts", Verb(verb)), records, **fields)


def answer(verb, *records, by=ADA, service=None, **fields):
    asked = call(verb, *records, **fields)
    if service is not None:
        asked = replace(asked, operation=replace(asked.operation, service=service))
    return gateway.answer(asked, by, at=NOW)


def result(given):
    return [str(outcome.result) for outcome in given.outcomes]


class TestRights:
    @pytest.mark.parametrize("verb", list(Verb))
    def test_bob_may_nothing(self, verb):
        given = answer(verb, {"number": "A"}, by=BOB)

        assert given.problems[0].family is Family.FORBIDDEN
        assert not Part.objects.exists()

    def test_one_right_of_two_is_not_enough(self):
        half = Caller(3, "carol", permissions=frozenset({"parts.add_part"}))

        assert isinstance(answer("put", {"number": "A"}, by=half), Failure)
        assert result(answer("add", {"number": "A"}, by=half)) == ["created"]

    def test_the_sentence_says_who_may_not_do_what(self):
        assert answer("remove", by=BOB).problems[0].sentence() == "bob may not remove parts."


class TestOwnOptions:
    """Options that go with some operations only."""

    FINISHED = Options(import_finished=True)
    ORDERS = frozenset({"orders.add_salesorder", "orders.change_salesorder"})
    IMPORTS = ORDERS | {"orders.import_finished_orders"}
    CALLERS = {
        "who may neither": (frozenset(), None, "carol may not put sales orders."),
        "who may put, and no more": (
            ORDERS, None, "carol may not put sales orders with the option Import (X-Import).",
        ),
        "a key that does not list it": (
            IMPORTS, {"sales_orders.put"}, "The API key k does not list sales_orders.import.",
        ),
        "a key whose user may not": (
            ORDERS, {"sales_orders.put", "sales_orders.import"}, "carol may not put sales orders with the option",
        ),
    }  # fmt: skip

    def put(self, permissions, listed):
        operations = None if listed is None else frozenset(listed)
        carol = Caller(3, "carol", credential="k", permissions=permissions, operations=operations)
        order = {"number": "SO-1", "customer": "ACME", "status": "Delivered"}
        call = Call(OPERATIONS.get("sales_orders", Verb.PUT), [order], options=self.FINISHED)
        return gateway.answer(call, carol, at=NOW)

    @pytest.mark.parametrize("permissions, listed, sentence", table(CALLERS))
    def test_are_refused_to(self, permissions, listed, sentence):
        [problem] = self.put(permissions, listed).problems

        assert problem.family is Family.FORBIDDEN
        assert problem.sentence().startswith(sentence)

    @pytest.mark.parametrize("listed", [None, {"sales_orders.put", "sales_orders.import"}], ids=["user", "key"])
    def test_serve_who_may(self, listed):
        CUSTOMERS.add(records=[{"number": "ACME"}], by=ADA, at=NOW)

        assert result(self.put(self.IMPORTS, listed)) == ["created"]

    @pytest.mark.parametrize("verb, words", [("put", "put parts"), ("remove", "remove parts")])
    def test_do_not_go_with_other_writes(self, verb, words):
        [problem] = answer(verb, {"number": "A"}, options=self.FINISHED).problems

        assert problem.sentence() == (f"Import (X-Import) does not go with this call: to {words} has no such option.")


class TestFind:
    def test_gives_records_in_the_order_of_their_keys_and_says_when_there_are_more(self):
        answer("add", {"number": "b"}, {"number": "B"}, {"number": "a"})

        given = answer("find", limit=2)

        assert [record["number"] for record in given.records] == ["B", "a"]
        assert given.cut
        assert [r["number"] for r in answer("find", limit=2, after=("a",)).records] == ["b"]

    def test_finds_by_the_beginning_of_the_number_and_by_words(self):
        answer("add", {"number": "PUMP-1"}, {"number": "X", "description": {"en": "small pump"}}, {"number": "Y"})

        assert [record["number"] for record in answer("find", search="pum").records] == ["PUMP-1", "X"]
        assert [record["number"] for record in answer("find", search="PUMP-").records] == ["PUMP-1", "X"]

    @pytest.mark.parametrize("words", ["' & !", "a:*|b", "((", "\\", "%", "<->"])
    def test_takes_any_words(self, words):
        assert isinstance(answer("find", search=words), Answer)

    def test_takes_another_order_and_an_offset(self):
        answer("add", {"number": "A", "units": "2"}, {"number": "B"}, {"number": "C", "units": "2"})

        given = answer("find", order=("units",), offset=1, limit=1)

        assert [record["number"] for record in given.records] == ["A"]
        assert given.cut
        assert answer("find", order=("price",)).problems[0].code == "no-order"

    def test_criteria_that_cannot_be_understood_fail_the_call(self):
        given = answer("find", criteria=(Criterion(("colour",), Comparator.EQUAL, ("red",)),))

        assert given.problems[0].code == "unknown-field"


class TestOptions:
    def test_a_dry_run_says_what_would_happen_and_keeps_nothing(self):
        answer("add", {"number": "A"})

        given = answer("put", {"number": "A", "units": "2"}, {"number": "B"}, options=Options(dry_run=True))

        assert (result(given), given.dry) == (["updated", "created"], True)
        assert [(outcome.id is None, outcome.version) for outcome in given.outcomes] == [(False, None), (True, None)]
        assert (Part.objects.get().units, Change.objects.count()) == (1, 1)

    def test_all_or_none_undoes_everything_when_one_record_fails(self):
        given = answer("add", {"number": "A"}, {"number": "B", "units": "0"}, options=Options(all_or_none=True))

        assert result(given) == ["failed", "failed"]
        assert [outcome.problems[0].family for outcome in given.outcomes] == ["rolled-back", "invalid"]
        assert not Part.objects.exists()
        assert not Change.objects.exists()

    def test_all_or_none_keeps_everything_when_none_fails(self):
        assert result(answer("add", {"number": "A"}, options=Options(all_or_none=True))) == ["created"]
        assert Part.objects.exists()

    def test_if_match_demands_the_version_of_the_only_record(self):
        answer("add", {"number": "A"})

        assert result(answer("update", {"number": "A", "units": "2"}, options=Options(if_match=Tags((1,))))) == [
            "updated"
        ]
        assert result(answer("remove", {"number": "A"}, options=Options(if_match=Tags((1,))))) == ["failed"]

    def test_if_match_does_not_go_with_several_records(self):
        given = answer("add", {"number": "A"}, {"number": "B"}, options=Options(if_match=Tags((1,))))

        assert given.problems[0].code == "if-match-needs-one-record"

    def test_the_echo_is_the_record_of_each_outcome_as_it_is_now(self):
        given = answer("add", {"number": "B"}, {"number": ""}, {"number": "A"}, options=Options(echo=True))

        assert [record.get("number") for record in given.records] == ["B", None, "A"]


class TestRemovalByCriteria:
    def test_removes_what_fits_and_nothing_else(self):
        answer("add", {"number": "A", "units": "2"}, {"number": "B"}, {"number": "C", "units": "2"})

        given = answer("remove", criteria=(Criterion(("units",), Comparator.EQUAL, ("2",)),))

        assert [outcome.key for outcome in given.outcomes] == ["A", "C"]
        assert Part.objects.get().number == "B"

    def test_that_finds_nothing_is_no_failure(self):
        assert answer("remove", criteria=(Criterion(("number",), Comparator.EQUAL, ("X",)),)).outcomes == ()


class TestMatching:
    """A call says how its records find the stored ones."""

    sequential = Matching((MatchRule(("display_number",)),), sequential=True)

    def put(self, *records, **options):
        return answer("put", *records, matching=self.sequential, options=Options(**options))

    @pytest.fixture(autouse=True)
    def stored(self):
        answer("add", {"number": "A", "display_number": "a"}, {"number": "B", "display_number": "b"})

    def twice(self):
        """One is written in the second wave, one fails in it."""
        return (
            {"display_number": "a", "units": "2"},
            {"display_number": "a", "units": "3"},
            {"display_number": "a", "version": "1"},
            {"number": "C", "display_number": "c"},
            {"display_number": "c", "units": "4"},
        )

    def test_is_by_the_key_unless_a_call_says_otherwise(self):
        record = {"display_number": "a", "units": "2"}

        assert answer("update", record).outcomes[0].problems[0].code == "missing"
        assert result(answer("update", record, matching=self.sequential)) == ["updated"]
        assert result(answer("remove", record, matching=self.sequential)) == ["deleted"]

    def test_in_turn_shows_later_records_what_became_of_earlier_ones(self):
        given = self.put(*self.twice(), echo=True)

        assert result(given) == ["updated", "updated", "failed", "created", "updated"]
        assert [outcome.version for outcome in given.outcomes] == [2, 3, 3, 1, 2]
        assert [record["units"] for record in given.records] == ["3", "3", "3", "4", "4"]

    def test_a_dry_run_goes_through_all_waves_and_keeps_nothing(self):
        given = self.put(*self.twice(), dry_run=True)

        assert result(given) == ["updated", "updated", "failed", "created", "updated"]
        assert {outcome.version for outcome in given.outcomes if not outcome.failed} == {None}
        assert list(Part.objects.values_list("number", "version")) == [("A", 1), ("B", 1)]

    def test_a_failure_in_the_last_wave_undoes_the_first_one(self):
        given = self.put(*self.twice(), all_or_none=True)

        assert [outcome.problems[0].family for outcome in given.outcomes] == [
            "rolled-back", "rolled-back", "conflict", "rolled-back", "rolled-back",
        ]  # fmt: skip
        assert list(Part.objects.values_list("number", "version")) == [("A", 1), ("B", 1)]

    def test_does_not_concern_records_that_criteria_choose(self):
        chosen = (Criterion(("display_number",), Comparator.EQUAL, ("a",)),)

        given = answer("remove", criteria=chosen, matching=Matching((MatchRule(("notes",)),)))

        assert [outcome.key for outcome in given.outcomes] == ["A"]

    def test_by_a_field_that_finds_nothing_fails_the_call(self):
        given = answer("put", {"number": "A"}, matching=Matching((MatchRule(("price",)),)))

        assert given.problems[0].code == "no-match-field"


class TestWhenThingsGoWrong:
    def test_an_unanticipated_error_keeps_nothing_tells_nothing_and_is_logged(self, caplog):
        def add_then_stumble(**asked):
            PARTS.add(**asked)
            raise RuntimeError("the secret is hunter2")

        given = answer("add", {"number": "A"}, service=add_then_stumble)

        assert given.problems[0].family is Family.INTERNAL
        assert "call-1" in given.problems[0].text
        assert "hunter2" not in given.problems[0].text
        assert "hunter2" in caplog.text
        assert not Part.objects.exists()

    def test_a_body_that_turns_out_to_be_malformed_keeps_nothing(self):
        def wire():
            yield {"number": "A"}
            raise RequestError(MessageContext(), invalid_problem("The end is missing."))

        with pytest.raises(RequestError):
            gateway.answer(Call(OPERATIONS.get("parts", Verb.ADD), Records(wire())), ADA, at=NOW)

        assert not Part.objects.exists()

    def test_bob_is_refused_before_a_record_is_read(self):
        def wire():
            raise AssertionError("read")
            yield

        given = gateway.answer(Call(OPERATIONS.get("parts", Verb.ADD), Records(wire())), BOB, at=NOW)

        assert given.problems[0].family is Family.FORBIDDEN


def refuse_with(state):
    """What the database says, for real, with this SQLSTATE."""
    with connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$")


class TestRerun:
    @pytest.mark.parametrize("state", sorted(LOST))
    def test_a_call_that_lost_against_others_is_run_again(self, state):
        attempts = []

        def add_at_last(**asked):
            attempts.append(1)
            if len(attempts) < 3:
                refuse_with(state)
            return PARTS.add(**asked)

        assert result(answer("add", {"number": "A"}, service=add_at_last)) == ["created"]
        assert len(attempts) == 3

    def test_three_times_at_most(self):
        given = answer("add", {"number": "A"}, service=lambda **asked: refuse_with("40P01"))

        assert (given.problems[0].family, given.retry_after) == (Family.BUSY, 1)

    @pytest.mark.parametrize(
        "error, family, after",
        table(
            {
                "a lost database": (OperationalError("gone"), Family.BUSY, 5),
                "any other": (DataError("bad"), Family.INTERNAL, None),
            }
        ),
    )
    def test_and_not_for_what_will_not_get_better(self, caplog, error, family, after):
        attempts = []

        def fail(**asked):
            attempts.append(1)
            raise error

        with caplog.at_level(logging.ERROR):
            given = answer("add", {"number": "A"}, service=fail)

        assert (given.problems[0].family, given.retry_after, len(attempts)) == (family, after, 1)


class TestWhatTheSiteDefines:
    def caller(self):
        return Caller(1, "ada", superuser=True, generation=Generation.objects.get().number)

    def test_a_custom_field_is_there_from_the_next_call_on(self):
        assert result(answer("add", {"number": "A", "custom_field1": "x"})) == ["failed"]
        CustomField.objects.create(resource="part", name="1", label="Colour")

        assert result(answer("add", {"number": "A", "custom_field1": "x"}, by=self.caller())) == ["created"]
        [record] = answer("find", by=self.caller()).records
        assert record["custom_field1"] == "x"

    def test_a_sites_own_limit_holds_from_the_next_call_on(self):
        FieldRule.objects.create(resource="part", field="number", max_length=3)
        FieldRule.objects.create(resource="part", field="notes", required=True)

        given = answer("add", {"number": "ABCD", "notes": "x"}, {"number": "ABC"}, by=self.caller())

        assert [outcome.problems[0].code for outcome in given.outcomes] == ["too-long", "missing"]

    def test_a_longer_limit_is_no_matter_for_the_database(self):
        FieldRule.objects.create(resource="part", field="number", max_length=400)

        assert result(answer("add", {"number": "x" * 400}, by=self.caller())) == ["created"]
