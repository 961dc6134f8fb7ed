"""Stored records found by other fields than their key, seen through customers."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Customer
from customers.resources import CUSTOMER
from customers.services import CUSTOMER_PARTS, CUSTOMERS
from parts.services import PARTS
from records.models import Change
from records.shapes.fields import Kind, ScalarField
from records.shapes.matching import Matching, MatchRule
from records.shapes.problems import ProblemError, invalid_problem
from records.shapes.values import EMPTY, InvalidValue
from records.tests.cast import ADA, NOW, table
from records.write.plan import plan
from records.write.statements import Comparison, select_matches

pytestmark = pytest.mark.django_db

CUSTOM = (
    ScalarField("custom_tier", source="tier", custom=True, nullable=True),
    ScalarField("custom_rank", Kind.DECIMAL, source="rank", custom=True, nullable=True),
)
RESOURCE = CUSTOMER.add_custom_fields(CUSTOM)
ID_ELSE_EXTERNAL = MatchRule(("id", "external_id"), first_only=True)
BY_IDS = Matching((ID_ELSE_EXTERNAL,))
FIELDS_FIRST = Matching((MatchRule(("crm_account_id", "last_name")), ID_ELSE_EXTERNAL))
FIELDS_LAST = Matching((ID_ELSE_EXTERNAL, MatchRule(("crm_account_id", "last_name"))))


def write(verb, *records, matching=BY_IDS, **options):
    return getattr(CUSTOMERS, verb)(
        records=records, by=ADA, at=NOW + timedelta(1), resource=RESOURCE, matching=matching, **options
    )


def by(*fields):
    return Matching((MatchRule(fields),))


def result(outcomes):
    return [str(outcome.result) for outcome in outcomes]


def problems_of(outcome):
    return [(problem.code, str(problem.family), problem.sentence()) for problem in outcome.problems]


@pytest.fixture(autouse=True)
def stored():
    """A and B share an external id, C has its own; B and D share what a CRM knows them by."""
    User.objects.create(username="eve")
    records = [
        {"number": "A", "external_id": "1", "last_name": "Byron", "crm_account_id": "x"},
        {"number": "B", "external_id": "1", "last_name": "Boole", "crm_account_id": "y", "country": "USA"},
        {"number": "C", "external_id": "3", "last_name": "Byron", "crm_account_id": "z", "owner": "eve"},
        {"number": "D", "last_name": "Boole", "crm_account_id": "y", "custom_tier": "gold", "custom_rank": "1.50"},
    ]
    outcomes = CUSTOMERS.add(records=records, by=ADA, at=NOW, resource=RESOURCE)
    assert result(outcomes) == ["created"] * 4


def id_of(number):
    return str(Customer.objects.get(number=number).id)


FINDS = {
    "a column": (by("external_id"), {"external_id": "3"}, "C"),
    "a column with blanks around": (by("external_id"), {"external_id": " 3 "}, "C"),
    "two columns": (by("crm_account_id", "last_name"), {"crm_account_id": "z", "last_name": "Byron"}, "C"),
    "the one that is sent": (by("crm_account_id", "last_name"), {"crm_account_id": "z"}, "C"),
    "the one that is not empty": (by("crm_account_id", "city"), {"crm_account_id": "z", "city": EMPTY}, "C"),
    "the one that is not blank": (by("crm_account_id", "city"), {"crm_account_id": "z", "city": " "}, "C"),
    "a relation by what it shows": (by("country"), {"country": "USA"}, "B"),
    "a relation by another name": (by("country"), {"country": "US"}, "B"),
    "a relation by its id": (by("owner_id"), {"owner_id": "eve"}, "C"),
    "a custom text": (by("custom_tier"), {"custom_tier": "gold"}, "D"),
    "a custom number in another spelling": (by("custom_rank"), {"custom_rank": "01.5"}, "D"),
    "the number": (by("number"), {"number": "C"}, "C"),
    "the id": (BY_IDS, {"id": "C"}, "C"),
    "the id, whatever the external id": (BY_IDS, {"id": "C", "external_id": "1"}, "C"),
    "the external id when the id is empty": (BY_IDS, {"id": EMPTY, "external_id": "3"}, "C"),
    "the second way when the first finds none": (
        FIELDS_FIRST,
        {"crm_account_id": "q", "last_name": "Byron", "external_id": "3"},
        "C",
    ),
    "the second way when the first finds several": (
        FIELDS_FIRST,
        {"crm_account_id": "y", "last_name": "Boole", "external_id": "3"},
        "C",
    ),
    "the first way that finds one": (
        FIELDS_FIRST,
        {"crm_account_id": "x", "last_name": "Byron", "external_id": "3"},
        "A",
    ),
    "the fields when the ids find several": (
        FIELDS_LAST,
        {"crm_account_id": "x", "last_name": "Byron", "external_id": "1"},
        "A",
    ),
}


def as_sent(record):
    """The record, with ids in the place of the names that stand for them here."""
    ids = {"id": id_of(record["id"])} if record.get("id") else {}
    owner = {"owner_id": str(User.objects.get().id)} if "owner_id" in record else {}
    return record | ids | owner


@pytest.mark.parametrize("verb", ["update", "put", "remove"])
@pytest.mark.parametrize("matching, record, number", table(FINDS))
def test_finds_by(verb, matching, record, number):
    expected = int(id_of(number))

    [outcome] = write(verb, as_sent(record) | {"company": "found"}, matching=matching)

    assert (outcome.key, outcome.problems) == (number, ())
    if verb == "remove":
        assert not Customer.objects.filter(id=expected).exists()
    else:
        assert outcome.id == expected
        assert Customer.objects.get(company="found").number == number
    assert Customer.objects.count() == (3 if verb == "remove" else 4)


NONE = {
    "no such value": (BY_IDS, {"external_id": "9"}, "0 customers match external_id '9'."),
    "another case": (by("last_name"), {"last_name": "byron"}, "0 customers match last_name 'byron'."),
    "no such id": (BY_IDS, {"id": "0", "external_id": "3"}, "0 customers match id '0'."),
    "an id that is no number": (BY_IDS, {"id": "seven", "external_id": "3"}, "0 customers match id 'seven'."),
    "an id beyond all numbers": (BY_IDS, {"id": "9" * 30}, "0 customers match id"),
    "values of two records": (
        by("crm_account_id", "last_name"),
        {"crm_account_id": "x", "last_name": "Boole"},
        "0 customers match crm_account_id 'x' and last_name 'Boole'.",
    ),
    "three values": (
        by("company", "city", "last_name"),
        {"company": "a", "city": "b", "last_name": "c"},
        "0 customers match company 'a' and city 'b' and 1 more field.",
    ),
    "nothing to look for": (BY_IDS, {"company": "x"}, "0 customers match, for there is nothing to look for; send id."),
    "nothing but blanks": (BY_IDS, {"external_id": " ", "id": EMPTY}, "0 customers match, for there is nothing"),
    "the first of two ways is told": (FIELDS_FIRST, {"last_name": "q", "id": "0"}, "0 customers match last_name 'q'."),
    "what is sent is told": (FIELDS_FIRST, {"external_id": "q"}, "0 customers match external_id 'q'."),
}


@pytest.mark.parametrize("verb", ["update", "remove"])
@pytest.mark.parametrize("matching, record, sentence", table(NONE))
def test_what_finds_none_fails(verb, matching, record, sentence):
    [outcome] = write(verb, record, matching=matching)

    [(code, family, said)] = problems_of(outcome)
    assert (code, family) == ("no-match", "not-found")
    assert said.startswith(sentence)
    assert Change.objects.count() == 4


@pytest.mark.parametrize("matching, record, sentence", table(NONE))
def test_what_finds_none_is_added_by_put_and_its_number_is_drawn(matching, record, sentence):
    [outcome] = write("put", record, matching=matching)

    assert (outcome.result, outcome.version) == ("created", 1)
    assert Customer.objects.get(id=outcome.id).number == outcome.key
    assert Customer.objects.count() == 5


SEVERAL = {
    "a column": (BY_IDS, {"external_id": "1"}, "2 customers match external_id '1'."),
    "two columns": (
        by("crm_account_id", "last_name"),
        {"crm_account_id": "y", "last_name": "Boole"},
        "2 customers match crm_account_id 'y' and last_name 'Boole'.",
    ),
    "several, then none": (
        FIELDS_FIRST,
        {"last_name": "Boole", "external_id": "9"},
        "2 customers match last_name 'Boole'.",
    ),
    "none, then several": (
        FIELDS_FIRST,
        {"last_name": "q", "external_id": "1"},
        "2 customers match external_id '1'.",
    ),
    "several, then several": (FIELDS_LAST, {"last_name": "Boole", "external_id": "1"}, "2 customers match external_id"),
}


@pytest.mark.parametrize("verb", ["update", "put", "remove"])
@pytest.mark.parametrize("matching, record, sentence", table(SEVERAL))
def test_what_finds_several_fails_and_says_how_many(verb, matching, record, sentence):
    [outcome] = write(verb, record, matching=matching)

    [(code, family, said)] = problems_of(outcome)
    assert (code, family) == ("ambiguous", "ambiguous")
    assert said.startswith(sentence)
    assert Change.objects.count() == 4


@pytest.mark.parametrize("record", [{"id": "0"}, {"id": "0", "number": "NEW"}, {"id": "0", "external_id": "3"}])
def test_what_says_an_id_is_there_is_not_new(record):
    existing = Matching((MatchRule(("id", "external_id"), first_only=True, existing=("id",)),))

    failed, new = write("put", record, {"number": "OTHER"}, matching=existing)

    assert problems_of(failed) == [("no-match", "not-found", "0 customers match id '0'.")]
    assert result([new]) == ["created"]


class TestTheKey:
    def test_that_is_sent_agrees_with_that_of_the_match(self):
        outcomes = write("update", {"external_id": "3", "number": "C"}, {"number": "B", "external_id": "3"})

        assert result(outcomes) == ["unchanged", "failed"]
        assert problems_of(outcomes[1]) == [
            ("keys-disagree", "invalid", "The customer that matches has number 'C', not 'B'; they must agree.")
        ]

    def test_of_a_new_record_is_the_one_that_is_sent(self):
        assert [outcome.key for outcome in write("put", {"external_id": "9", "number": "N"})] == ["N"]

    def test_that_another_record_has_is_taken(self):
        [outcome] = write("put", {"external_id": "9", "number": "A"})

        assert problems_of(outcome) == [("already-exists", "duplicate", "Customer A exists already.")]

    def test_that_cannot_be_drawn_is_missed_only_by_what_is_new(self):
        PARTS.add(records=[{"number": "P", "display_number": "p"}], by=ADA, at=NOW)
        records = [{"display_number": "p", "notes": "found"}, {"display_number": "q"}]

        outcomes = PARTS.put(records=records, by=ADA, at=NOW, matching=by("display_number"))

        assert result(outcomes) == ["updated", "failed"]
        assert problems_of(outcomes[1]) == [("missing", "missing", "number is required.")]

    def test_may_name_other_records(self):
        PARTS.add(records=[{"number": "P"}], by=ADA, at=NOW)
        CUSTOMER_PARTS.add(records=[{"customer": "A", "part": "P", "number": "1", "contract": "k"}], by=ADA, at=NOW)
        changes = [{"contract": "k", "notes": "found"}]

        [outcome] = CUSTOMER_PARTS.put(records=changes, by=ADA, at=NOW, matching=by("contract"))

        assert (outcome.result, outcome.key) == ("updated", "A / P / 1")


def caseless(*fields):
    return Matching((MatchRule(fields, caseless=True),))


IN_ANY_CASE = {
    "another case": (caseless("crm_account_id"), {"crm_account_id": "Z"}, ["C"]),
    "several in another case": (caseless("last_name"), {"last_name": "BYRON"}, ["A", "C", "E"]),
    "an exact one among several": (caseless("last_name"), {"last_name": "byron"}, ["E"]),
    "two fields, each in another case": (
        caseless("last_name", "crm_account_id"), {"last_name": "BOOLE", "crm_account_id": "Y"}, ["B", "D"],
    ),
    "fields of which one is exact alone": (
        caseless("last_name", "crm_account_id"), {"last_name": "byron", "crm_account_id": "x"}, ["A"],
    ),
    "a custom field": (caseless("custom_tier"), {"custom_tier": "GOLD"}, ["D"]),
    "no text": (caseless("custom_rank"), {"custom_rank": "1.5"}, ["D"]),
    "letters beyond ASCII": (caseless("last_name"), {"last_name": "ÄRA"}, ["F"]),
}  # fmt: skip


class TestInAnyCase:
    @pytest.fixture(autouse=True)
    def more(self, stored):
        write("add", {"number": "E", "last_name": "byron"}, {"number": "F", "last_name": "ära"})

    @pytest.mark.parametrize("matching, record, numbers", table(IN_ANY_CASE))
    def test_finds(self, matching, record, numbers):
        [outcome] = write("update", record | {"city": "found"}, matching=matching)

        if len(numbers) == 1:
            assert [*Customer.objects.filter(city="found").values_list("number", flat=True)] == numbers
        else:
            assert [(code, said[0]) for code, _, said in problems_of(outcome)] == [("ambiguous", str(len(numbers)))]

    def test_costs_a_query_more_where_nothing_is_exact(self):
        cost = TestCost().statements

        def build_records(*names):
            return [{"last_name": name, "city": "x"} for name in names]

        exact = cost("update", build_records("byron"), matching=caseless("last_name"))
        folded = cost("update", build_records("ÄRA"), matching=caseless("last_name"))
        both = cost("put", build_records("byron", "ÄRA", "New"), matching=caseless("last_name"))

        assert folded == exact + 1
        assert cost("put", build_records("Newer", *"abcdefg"), matching=caseless("last_name")) <= both

    def test_uses_the_indexes_without_case(self):
        for name in ("external_id", "crm_account_id", "last_name", "company"):
            compared = (Comparison(f't."{name}"', "text", caseless=True),)
            statement = select_matches("customers_customer", plan(Customer, RESOURCE).key, compared)
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL enable_seqscan = off")
                cursor.execute(f"EXPLAIN {statement}", [["x"]])
                assert "_caseless" in "".join(row[0] for row in cursor.fetchall())


def test_add_looks_for_nothing_and_passes_the_id_over():
    outcomes = write("add", {"external_id": "3"}, {"external_id": "3", "id": id_of("C")}, {"id": "seven"})

    assert result(outcomes) == ["created"] * 3
    assert Customer.objects.filter(external_id="3").count() == 3


def test_records_that_find_the_same_one_fail_each_other():
    outcomes = write("put", {"external_id": "3"}, {"external_id": "9"}, {"id": id_of("C")})

    assert result(outcomes) == ["failed", "created", "failed"]
    assert problems_of(outcomes[0])[0][2] == "number C comes more than once in this call (also as record 3)."


def test_a_record_that_cannot_be_read_fails_for_all_that_is_wrong_with_it():
    [outcome] = write("put", {"external_id": "3", "email": "nobody", "country": "XX"})

    assert [code for code, *_ in problems_of(outcome)] == ["wrong-form", "unresolved"]


def test_a_removal_looks_at_nothing_but_what_it_is_found_by():
    [outcome] = write("remove", {"external_id": "3", "email": "nobody", "country": "XX"})

    assert outcome.result == "deleted"


@pytest.mark.parametrize("verb", ["update", "put", "remove"])
def test_what_the_wire_does_not_take_fails_the_record(verb):
    misfit = InvalidValue(invalid_problem("{field} is too much for this wire.", code="too-much"))

    [outcome] = write(verb, {"external_id": misfit, "id": id_of("A")})

    assert problems_of(outcome) == [("too-much", "invalid", "external_id is too much for this wire.")]


def test_a_version_may_be_demanded():
    outcomes = write("update", {"external_id": "3", "version": "2"}, {"last_name": "q", "external_id": ""})

    assert [code for code, *_ in problems_of(outcomes[0])] == ["version-conflict"]


REFUSED = {
    "an unknown field": ("colour", "unknown-field"),
    "a list": ("attachments", "no-match-field"),
    "what is only read": ("changed_by", "no-match-field"),
}


@pytest.mark.parametrize("verb", ["update", "put", "remove"])
@pytest.mark.parametrize("field, code", table(REFUSED))
def test_refuses_to_find_by(verb, field, code):
    with pytest.raises(ProblemError) as refused:
        write(verb, {field: "x"}, matching=by(field))

    assert refused.value.problem.code == code


class TestCost:
    def statements(self, verb, records, **options):
        with CaptureQueriesContext(connection) as queries:
            write(verb, *records, **options)
        return len(queries)

    @pytest.mark.parametrize("verb", ["update", "put", "remove"])
    def test_is_one_query_for_each_set_of_fields(self, verb):
        def record(n):
            return {"crm_account_id": f"{n}", "last_name": "q"} if n % 2 else {"external_id": f"e{n}", "country": "USA"}

        CUSTOMERS.add(records=[record(n) for n in range(400)], by=ADA, at=NOW)

        few = self.statements(verb, [record(n) | {"city": "x"} for n in range(4)], matching=FIELDS_FIRST)
        many = self.statements(verb, [record(n) | {"city": "x"} for n in range(4, 400)], matching=FIELDS_FIRST)

        assert few == many

    def test_uses_the_indexes_that_leave_out_blanks(self):
        where = plan(Customer, RESOURCE)
        statement = select_matches(where.table, where.key, (Comparison('t."external_id"', "text"),))
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {statement}", ["{3}"])
            assert "customers_customer_external" in str(cursor.fetchall())
