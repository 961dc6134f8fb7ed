"""Records that say themselves how they are found, seen through parts: several at once, by entries of maps, as new."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parts.models import Part, PartDescription
from parts.resources import PART
from parts.services import PARTS
from records.models import Change
from records.shapes.criteria import Scope
from records.shapes.matching import Matching, MatchRule
from records.shapes.values import EMPTY, MATCH_BY, MatchBy
from records.tests.cast import ADA, NOW, table
from records.write.match_fields import build_comparison, find_match_field
from records.write.plan import plan
from records.write.statements import select_matches

pytestmark = pytest.mark.django_db

BY_NUMBER = MatchRule(("number",))
BY_NAME = MatchRule(("description.en",), caseless=True, several=True)
BY_DISPLAY = MatchRule(("display_number",), blank=("partner_part_id",))
TAKEN = MatchRule(("partner_part_id",), taken=True)


@pytest.fixture(autouse=True)
def _parts():
    records = [
        {"number": "A", "description": {"en": "Pump", "de": "Pumpe"}, "display_number": "a"},
        {"number": "B", "description": {"en": "pump"}, "display_number": "a", "partner_part_id": "7"},
        {"number": "C", "description": {"en": "Valve"}, "display_number": "c", "partner_part_id": "8"},
    ]
    outcomes = PARTS.add(records=records, by=ADA, at=NOW)
    assert [str(outcome.result) for outcome in outcomes] == ["created"] * 3


def found_by(*rules, new=None, **values):
    """Return the values that name a record by rules and values; `description_en` is an entry of a map."""
    named = {name.replace("_en", ".en"): value for name, value in values.items()}
    return {MATCH_BY: MatchBy(rules, named, new or {})}


def write(verb, *records, sequential=False, **options):
    matching = Matching((BY_NUMBER,), sequential=sequential)
    return getattr(PARTS, verb)(records=records, by=ADA, at=NOW, matching=matching, **options)


def summary(outcomes):
    return [outcome.problems[0].sentence() if outcome.failed else str(outcome.result) for outcome in outcomes]


def list_notes():
    return [*Part.objects.exclude(notes="").order_by("number").values_list("number", "notes")]


FINDS = {
    "the number of the call": ({"number": "A"}, ["A"]),
    "the number that is its own": (found_by(BY_NUMBER, number="A"), ["A"]),
    "an entry of a map in another case, of several": (found_by(BY_NAME, description_en="PUMP"), ["A", "B"]),
    "an entry of a map exactly": (found_by(BY_NAME, description_en="Pump"), ["A"]),
    "the second rule where the first finds none": (
        found_by(BY_NAME, BY_NUMBER, description_en="Hose", number="C"), ["C"],
    ),
    "the first rule that finds any": (found_by(BY_NAME, BY_NUMBER, description_en="PUMP", number="C"), ["A", "B"]),
    "what lacks another value": (found_by(BY_DISPLAY, display_number="a"), ["A"]),
}  # fmt: skip


@pytest.mark.parametrize("sequential", [False, True])
@pytest.mark.parametrize("how, numbers", table(FINDS))
def test_finds(how, numbers, sequential):
    outcomes = write("put", {**how, "notes": "found"}, {"number": "D", "notes": "other"}, sequential=sequential)

    assert summary(outcomes) == ["updated", "created"]
    assert list_notes() == [*((number, "found") for number in numbers), ("D", "other")]


def test_removes_all_that_are_found():
    assert summary(write("remove", found_by(BY_NAME, description_en="PUMP"))) == ["deleted"]
    assert [part.number for part in Part.objects.all()] == ["C"]


def test_fails_where_one_of_those_found_fails_and_the_others_stand():
    record = {**found_by(BY_NAME, description_en="PUMP"), "number": "A", "notes": "found"}

    assert summary(write("put", record)) == ["The part that matches has number 'B', not 'A'; they must agree."]
    assert list_notes() == [("A", "found")]


def test_several_are_a_problem_of_a_rule_that_does_not_take_them():
    assert summary(write("put", found_by(MatchRule(("description.en",), caseless=True), description_en="PUMP"))) == [
        "2 parts match description.en 'PUMP'."
    ]


class TestNew:
    def test_has_what_it_has_besides(self):
        record = {**found_by(BY_NAME, description_en="Hose", new={"number": "H"}), "description": {"en": "Hose"}}

        assert summary(write("put", record)) == ["created"]
        assert summary(write("put", record)) == ["unchanged"]
        assert Part.objects.get(descriptions__text="Hose").number == "H"

    def test_has_what_was_sent_before_what_it_has_besides(self):
        how = found_by(BY_NAME, description_en="Hose", new={"number": "H"})

        assert [each.key for each in write("put", {**how, "number": "J"}, how)] == ["J", "H"]

    def test_has_entries_of_maps_beside_those_that_were_sent(self):
        how = found_by(BY_NUMBER, number="M", new={"description": {"de": "Rohr", "en": "Tube"}})
        record = {**how, "number": "M", "description": {"en": "Pipe"}}

        assert summary(write("put", record)) == ["created"]
        assert dict(PartDescription.objects.filter(part__number="M").values_list("language", "text")) == {
            "en": "Pipe", "de": "Rohr",
        }  # fmt: skip
        PartDescription.objects.filter(language="de").delete()
        assert summary(write("put", record)) == ["unchanged"]

    def test_tells_what_is_wrong_with_what_it_has_besides(self):
        record = found_by(BY_NAME, description_en="Hose", new={"number": "x" * 51})

        assert "at most 50 characters" in summary(write("put", record))[0]

    def test_fails_for_a_value_that_another_has(self):
        record = {**found_by(BY_NUMBER, TAKEN, number="N", partner_part_id="8"), "number": "N"}

        assert summary(write("put", record)) == ["Part C has partner_part_id '8' already."]
        assert summary(write("put", {**found_by(BY_NUMBER, TAKEN, number="C", partner_part_id="8")})) == ["unchanged"]

    @pytest.mark.parametrize(
        "path, sent, says",
        [
            (("notes",), {}, "notes is required."),
            (("description", "de"), {"description": {"en": "x"}}, "description.de is required."),
            (("description",), {}, "description is required."),
        ],
    )
    def test_needs_what_a_stored_one_does_not(self, path, sent, says):
        scope = Scope(required_new=(path,))

        assert summary(write("put", {"number": "N", **sent}, {"number": "B", "units": "2"}, scope=scope)) == [
            says,
            "updated",
        ]


class TestInSequence:
    def test_later_records_see_what_earlier_ones_did(self):
        how = found_by(BY_NAME, description_en="Hose", new={"number": "H"})
        first, second = {**how, "description": {"en": "Hose"}}, {**how, "notes": "found"}
        renamed = {"number": "A", "description": {"en": "Tube"}}
        by_old_name = {**found_by(MatchRule(("description.en",)), description_en="Tube"), "units": "3"}

        outcomes = write("put", first, second, renamed, by_old_name, sequential=True)

        assert summary(outcomes) == ["created", "updated", "updated", "updated"]
        assert (list_notes(), Part.objects.get(number="A").units) == ([("H", "found")], 3)

    def test_one_that_gets_the_value_that_must_be_blank_is_found_no_more(self):
        first = {"number": "A", "partner_part_id": "1"}
        second = {**found_by(BY_DISPLAY, display_number="a"), "notes": "found"}

        assert summary(write("update", first, second, sequential=True))[1].startswith("0 parts match")
        assert summary(write("update", {"number": "A", "partner_part_id": EMPTY}, second, sequential=True)) == [
            "updated", "updated",
        ]  # fmt: skip


def test_costs_the_same_for_few_and_many():
    def cost(count):
        names = [f"Name {n}" for n in range(count)]
        PARTS.add(
            records=[{"number": f"{count}-{n}", "description": {"en": name}} for n, name in enumerate(names)],
            by=ADA, at=NOW,
        )  # fmt: skip
        records = [{**found_by(BY_NAME, description_en=name.upper()), "notes": str(count)} for name in names]
        with CaptureQueriesContext(connection) as queries:
            write("put", *records, sequential=True)
        return len(queries)

    few = cost(3)
    PartDescription.objects.all().delete()
    assert cost(60) == few
    assert Change.objects.filter(result="updated").count() == 63


def test_finds_names_by_the_index_of_their_words():
    parts = Part.objects.bulk_create(
        Part(number=f"N{n}", created_at=NOW, changed_at=NOW, created_by="ada", changed_by="ada") for n in range(3000)
    )
    PartDescription.objects.bulk_create(PartDescription(part=p, language="en", text=p.number) for p in parts)
    where = plan(Part, PART)
    compared = build_comparison(where, find_match_field(where, "description.en"), caseless=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE parts_partdescription")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {select_matches(where.table, where.key, (compared,))}", [["Pump"]])
        assert "parts_partdescription_words" in "".join(row[0] for row in cursor.fetchall())
