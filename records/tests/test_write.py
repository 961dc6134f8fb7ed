"""The set-based write, seen through parts: one outcome per record, Changes with it, a fixed number of statements."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from parts.models import Part, Price
from parts.resources import PART
from parts.services import PARTS
from records.models import Change
from records.shapes.criteria import Comparator, Criterion, Scope
from records.shapes.fields import Kind, ScalarField
from records.shapes.values import EMPTY
from records.tests.cast import ADA, NOW, table
from records.write import removal

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=1)


def add(*parts, **options):
    return PARTS.add(records=parts, by=ADA, at=NOW, **options)


def update(*parts, **options):
    return PARTS.update(records=parts, by=ADA, at=LATER, **options)


def put(*parts, **options):
    return PARTS.put(records=parts, by=ADA, at=LATER, **options)


def remove(*numbers, **options):
    return PARTS.remove(records=[{"number": number} for number in numbers], by=ADA, at=LATER, **options)


def result(outcomes):
    return [str(outcome.result) for outcome in outcomes]


def reasons(outcomes):
    return [outcome.problems[0].sentence() if outcome.problems else "" for outcome in outcomes]


class TestAdd:
    def test_keeps_every_field_of_the_declared_example(self):
        [outcome] = add(PART.examples[0])

        part = Part.objects.get(id=outcome.id)
        assert (part.number, part.direct_buy, part.lead_time) == ("PUMP-100", 1, 14)
        assert {d.language: d.text for d in part.descriptions.all()} == {"en": "Pump, small", "de": "Pumpe, klein"}
        assert {p.currency: p.amount for p in part.prices.all()} == {"USD": Decimal(250), "EUR": Decimal(230)}
        assert (part.version, part.created_by, part.created_at) == (1, "ada", NOW)

    def test_gives_one_outcome_per_record_in_their_order(self):
        outcomes = add({"number": "B"}, {"number": ""}, {"number": "A"}, {"number": "C", "units": "none"})

        assert result(outcomes) == ["created", "failed", "created", "failed"]
        assert [outcome.key for outcome in outcomes] == ["B", "", "A", "C"]
        assert reasons(outcomes)[1] == "number is required."

    def test_fills_in_the_defaults(self):
        add({"number": "A"})

        assert Part.objects.values_list("direct_buy", "lead_time", "units", "active").get() == (1, -1, 1, True)

    def test_refuses_a_number_that_is_taken(self):
        add({"number": "A"})

        outcomes = add({"number": "A", "notes": "again"}, {"number": "a"})

        assert result(outcomes) == ["failed", "created"]
        assert reasons(outcomes)[0] == "Part A exists already."
        assert Part.objects.get(number="A").notes == ""

    def test_refuses_every_record_that_shares_a_key_and_names_the_others(self):
        outcomes = add({"number": "A"}, {"number": "B"}, {"number": "A"})

        assert result(outcomes) == ["failed", "created", "failed"]
        assert reasons(outcomes)[0] == "number A comes more than once in this call (also as record 3)."


class TestUpdate:
    def test_changes_what_is_sent_and_keeps_what_is_absent(self):
        add({"number": "A", "notes": "old", "units": "3"})

        [outcome] = update({"number": "A", "notes": "new"})

        part = Part.objects.get(number="A")
        assert (outcome.result, outcome.version, part.version) == ("updated", 2, 2)
        assert (part.notes, part.units, part.changed_at, part.created_at) == ("new", 3, LATER, NOW)

    def test_clears_what_is_empty(self):
        add({"number": "A", "notes": "old", "lead_time": "5", "company_associations": ["x"]})

        update({"number": "A", "notes": EMPTY, "lead_time": EMPTY, "company_associations": EMPTY})

        part = Part.objects.get(number="A")
        assert (part.notes, part.lead_time, part.company_associations) == ("", -1, [])

    def test_says_unchanged_when_nothing_changes_and_writes_no_change(self):
        add({"number": "A", "price": {"USD": "2.5"}})

        [outcome] = update({"number": "A", "price": {"USD": "2.50"}, "units": "01"})

        assert (outcome.result, outcome.version) == ("unchanged", 1)
        assert Change.objects.count() == 1

    def test_refuses_an_unknown_number(self):
        assert reasons(update({"number": "X"})) == ["There is no part with number X."]

    def test_sets_one_price_and_removes_another_and_keeps_a_third(self):
        add({"number": "A", "price": {"USD": "1", "EUR": "2", "GBP": "3"}})

        [outcome] = update({"number": "A", "price": {"USD": "9", "EUR": EMPTY}})

        assert dict(Price.objects.values_list("currency", "amount")) == {"USD": Decimal(9), "GBP": Decimal(3)}
        assert outcome.version == 2

    def test_takes_rows_as_the_whole_list(self):
        add({"number": "A", "price": {"USD": "1"}})
        rows = [{"currency": "USD", "amount": "2", "minimum_quantity": "10", "effective_date": "2027-01-01"}]

        update({"number": "A", "prices": rows})

        assert Price.objects.values_list("currency", "minimum_quantity", "amount").get() == ("USD", 10, 2)

    def test_refuses_a_price_beside_prices_that_do_not_have_it(self):
        outcomes = add({"number": "A", "price": {"EUR": "1"}, "prices": [{"currency": "USD", "amount": "1"}]})

        assert reasons(outcomes) == ["price and prices contradict each other; send one of them."]

    def test_refuses_prices_that_contradict_the_price(self):
        row = {"currency": "USD", "amount": "2"}

        outcomes = add(
            {"number": "A", "price": {"USD": "1"}, "prices": [row]},
            {"number": "B", "price": {"USD": "2"}, "prices": [row]},
            {"number": "C", "prices": [row, row]},
        )

        assert result(outcomes) == ["failed", "created", "failed"]
        assert reasons(outcomes)[0] == "price and prices contradict each other; send one of them."
        assert "same key as an earlier row" in reasons(outcomes)[2]

    def test_refuses_a_version_that_has_moved(self):
        add({"number": "A"})
        update({"number": "A", "units": "2"})

        outcomes = update({"number": "A", "version": "1", "units": "3"})

        assert reasons(outcomes) == ["Version 1 was demanded, but it is at version 2 now; read it again."]
        assert result(update({"number": "A", "version": "2", "units": "3"})) == ["updated"]


class TestPut:
    def test_adds_the_new_and_changes_the_known(self):
        add({"number": "A"})

        outcomes = put({"number": "B"}, {"number": "A", "units": "2"}, {"number": "A2"})

        assert result(outcomes) == ["created", "updated", "created"]

    def test_refuses_a_version_of_what_does_not_exist(self):
        assert "there is no such record" in reasons(put({"number": "A", "version": "1"}))[0]


class TestRemove:
    def test_deletes_with_its_children_and_journals_what_was_there(self):
        add({"number": "A", "price": {"USD": "1"}, "description": {"en": "a"}})

        [outcome] = remove("A")

        assert outcome.result == "deleted"
        assert not Part.objects.exists()
        gone = Change.objects.latest("id")
        assert (gone.result, gone.fields["price.USD"], gone.fields["number"]) == ("deleted", ["1", None], ["A", None])

    def test_refuses_what_is_not_there(self):
        assert reasons(remove("X")) == ["There is no part with number X."]

    def test_spares_what_does_not_meet_the_scope_any_more(self):
        add({"number": "A", "units": "1"}, {"number": "B", "units": "2"})
        scope = Scope(before=(Criterion(("units",), Comparator.EQUAL, ("1",)),))

        assert result(remove("A", "B", scope=scope)) == ["deleted", "failed"]


class TestRemoveWhatIsInUse:
    @pytest.fixture(autouse=True)
    def used_part(self, monkeypatch):
        """A table above refers to the part A and protects it; the apps that do so for real come above this one."""
        add({"number": "A", "price": {"USD": "1"}}, {"number": "B"})
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE above AS SELECT id AS part_id FROM parts_part WHERE number = 'A'")
        monkeypatch.setattr(removal, "protected_relations", lambda model: [("above", "part_id")])

    def test_makes_it_inactive_and_says_so(self):
        outcomes = remove("A", "B")

        assert result(outcomes) == ["inactivated", "deleted"]
        part = Part.objects.get()
        assert (part.active, part.version, part.prices.count()) == (False, 2, 1)
        assert Change.objects.get(result="inactivated").fields == {"active": ["true", "false"]}

    def test_says_the_same_when_it_is_inactive_already(self):
        remove("A")

        [outcome] = remove("A")

        assert (outcome.result, outcome.version) == ("inactivated", 2)


class TestScope:
    scope = Scope(
        before=(Criterion(("units",), Comparator.AT_LEAST, ("2",)),),
        after=(Criterion(("price", "USD"), Comparator.LESS, ("100",)),),
        locked=(Criterion(("active",), Comparator.EQUAL, ("false",)),),
    )

    def test_hides_locks_and_filters(self):
        add(
            {"number": "hidden", "units": "1"},
            {"number": "seen", "units": "2", "price": {"USD": "1"}},
            {"number": "locked", "units": "2", "price": {"USD": "1"}, "active": "false"},
        )

        outcomes = update(
            {"number": "hidden", "notes": "x"},
            {"number": "seen", "price": {"USD": "100"}},
            {"number": "locked", "notes": "x"},
            scope=self.scope,
        )

        assert [outcome.problems[0].family for outcome in outcomes] == ["not-found", "filtered", "locked"]

    @pytest.mark.parametrize("write", [add, put, update, lambda *parts, **scope: remove("outside", "absent", **scope)])
    def test_filters_what_is_there_but_outside_whatever_it_would_become(self, write):
        add({"number": "outside", "units": "1"}, {"number": "inside", "units": "2"})
        scope = Scope(within=(Criterion(("units",), Comparator.AT_LEAST, ("2",)),))

        outcomes = write({"number": "outside", "units": "5"}, {"number": "absent"}, scope=scope)

        assert outcomes[0].problems[0].family == "filtered"
        assert outcomes[0].problems[0].sentence() == "Part outside is outside of what this call may see and write."
        assert not outcomes[1].problems or outcomes[1].problems[0].family == "not-found"
        assert Part.objects.get(number="outside").units == 1


class TestCustomFields:
    resource = PART.add_custom_fields(
        [
            ScalarField("custom_field5", Kind.DECIMAL, source="field5", custom=True, nullable=True),
            ScalarField("custom_tier", choices=(("gold", ""), ("tin", "")), source="tier", custom=True, nullable=True),
        ]
    )

    def test_are_kept_typed_changed_and_cleared(self):
        add({"number": "A", "custom_field5": "2.50", "custom_tier": "tin"}, resource=self.resource)

        update({"number": "A", "custom_field5": "3", "custom_tier": EMPTY}, resource=self.resource)

        assert Part.objects.get().custom == {"field5": "3"}
        assert Change.objects.latest("id").fields == {"custom_field5": ["2.5", "3"], "custom_tier": ["tin", None]}

    def test_are_checked(self):
        outcomes = add({"number": "A", "custom_field5": "x", "custom_tier": "iron"}, resource=self.resource)

        assert [problem.code for problem in outcomes[0].problems] == ["not-a-number", "not-a-choice"]


class TestTheJournal:
    def test_names_who_when_how_and_each_field_before_and_after(self):
        add({"number": "A", "notes": "old"})

        update({"number": "A", "notes": "new", "price": {"USD": "5"}})

        change = Change.objects.latest("id")
        assert (change.resource, change.key, change.version, change.result) == ("part", "A", 2, "updated")
        assert (change.user_name, change.credential, change.call_id, change.at) == ("ada", "password", "call-1", LATER)
        assert change.fields == {"notes": ["old", "new"], "price.USD": [None, "5"]}

    def test_is_written_only_for_what_was_kept(self):
        add({"number": "A"}, {"number": "B", "units": "0"})

        assert list(Change.objects.values_list("key", flat=True)) == ["A"]


def many(count, **fields):
    return [
        {"number": f"N{i:05}", "description": {"en": f"n {i}"}, "price": {"USD": "1"}, **fields} for i in range(count)
    ]


class TestCost:
    def statements(self, write, records):
        with CaptureQueriesContext(connection) as queries:
            outcomes = write(*records)
        assert not any(outcome.failed for outcome in outcomes)
        return len(queries)

    def test_does_not_grow_with_the_number_of_records(self):
        add(*many(600))

        few = self.statements(put, self.half_new(4))
        Part.objects.filter(number__startswith="M").delete()
        many_more = self.statements(put, self.half_new(1000))

        assert few == many_more == 9

    def half_new(self, count):
        return many(count // 2, units="7") + [{"number": f"M{i}"} for i in range(count // 2)]

    def test_of_a_removal_does_not_grow_either(self):
        add(*many(500))

        few = self.statements(remove, ["N00000", "N00001"])

        assert self.statements(remove, [f"N{i:05}" for i in range(2, 500)]) == few


@pytest.fixture
def cursed_notes():
    """A rule that only the database knows."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE parts_part ADD CONSTRAINT no_curses CHECK (notes NOT LIKE '%%cursed%%')")


class TestWhatOnlyTheDatabaseRefuses:
    def test_fails_alone_in_the_middle_of_a_thousand(self, cursed_notes):
        records = many(1000)
        records[437]["notes"] = "cursed"
        records[800]["notes"] = "twice cursed"

        outcomes = add(*records)

        assert [outcome.key for outcome in outcomes if outcome.failed] == ["N00437", "N00800"]
        assert reasons(outcomes)[437] == "This record breaks a rule of the database (no_curses)."
        assert (Part.objects.count(), Price.objects.count(), Change.objects.count()) == (998, 998, 998)
        assert outcomes[437].id is None

    def test_fails_together_when_the_guilty_are_too_many_to_tell_apart(self, cursed_notes):
        records = many(256, notes="cursed")

        outcomes = add(*records)

        assert result(outcomes) == ["failed"] * 256
        assert not Part.objects.exists()
        assert outcomes[-1].problems[0].code == "refused-with-others"

    def test_leaves_no_trace_of_a_refused_update(self, cursed_notes):
        add({"number": "A", "price": {"USD": "1"}})

        outcomes = update({"number": "A", "notes": "cursed", "price": {"USD": "2"}})

        assert result(outcomes) == ["failed"]
        assert (Price.objects.get().amount, Part.objects.get().version) == (1, 1)


LIMITS = {
    "a quotation mark": 'a"b',
    "a backslash": "a\\b",
    "braces": "{a,b}",
    "a percent sign": "100%s",
    "NULL": "NULL",
    "an emoji": "🔩",
    "an apostrophe": "it's",
}


@pytest.mark.parametrize("text", table(LIMITS))
def test_any_text_comes_back_as_it_was_sent(text):
    add({"number": text, "company_associations": [text], "notes": text, "description": {"en": text}})

    part = Part.objects.get(number=text)
    assert (part.company_associations, part.notes, part.descriptions.get().text) == ([text], text, text)


@pytest.mark.django_db(transaction=True)
def test_a_write_outside_a_transaction_is_a_mistake_of_ours():
    with pytest.raises(transaction.TransactionManagementError):
        add({"number": "A"})
