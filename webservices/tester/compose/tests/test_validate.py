"""What the page says of an input before it is sent: a skeleton is right, what is wrong is told by line and path."""

import json
import re

import pytest
from django.contrib.auth.models import User

from webservices.publishing import current_operations
from webservices.tester.compose.inputs import InputOptions, generate_input
from webservices.tester.compose.validate import inputs, json_schema
from webservices.tester.compose.validate.positions import find_lines
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.reference.catalog import offers
from webservices.wire.reference.pages import resource_plurals

WISHES = {"one": InputOptions(), "required only": InputOptions(required_only=True), "several": InputOptions(count=3)}


@pytest.fixture
def world(demo_world, db):
    return User.objects.get(username="ada")


def checked(dialect, offer, made, text=None):
    return inputs.validate_input(
        dialect,
        made.skeleton.method,
        made.skeleton.target,
        made.skeleton.text if text is None else text,
        current_operations(),
        offer.operation,
        made.skeleton.headers,
    ).problems


class TestSkeletons:
    @pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
    @pytest.mark.parametrize("options", WISHES.values(), ids=WISHES)
    def test_are_as_their_contract_has_them(self, options, dialect, world):
        operations = current_operations()
        wrong = {}
        for plural in resource_plurals(dialect, operations):
            for offer in offers(dialect, plural, operations):
                made = generate_input(dialect, offer, {}, world.pk, operations, dry_run=False, options=options)
                if problems := checked(dialect, offer, made):
                    wrong[plural, offer.label] = problems

        assert wrong == {}


X60, X101 = "x" * 60, "x" * 101
MANY = "units: 'many' is not a value that it may have. Allowed: whole number, 1 or more, default 1."
NAMED = {dialect.name: dialect for dialect in DIALECTS}
WRONG = {
    "a choice": (
        "oracle-2.0 parts add 0",
        "direct_buy>1<",
        "direct_buy>7<",
        "Parts/each_record/direct_buy",
        "'7' is not",
    ),
    "a type": ("oracle-1.0 parts add 0", "units>1<", "units>many<", "Parts/each_record/units", MANY),
    "a name": ("oracle-2.0 parts add 0", "bm:units>", "bm:unitz>", "Parts/each_record/unitz", "expected: units"),
    "a length": (
        *("oracle-2.0 parts add 0", "part_number>[^<]*<", f"part_number>{X60}<", "Parts/each_record/part_number"),
        "part_number has 60 characters, at most 50 are allowed.",
    ),
    "a currency": (
        "oracle-2.0 parts add 0",
        "bm:USD>",
        "bm:XXX>",
        "Parts/each_record/price/XXX",
        "XXX is not expected",
    ),
    "no XML": ("oracle-2.0 parts add 0", "</bm:units>", "</bm:unitz>", "", "This is not XML"),
    "an operation": ("oracle-2.0 parts find 0", "bm:getParts", "bm:getPartz", "", "'getPartz' is no operation"),
    "a document type": ("oracle-2.0 parts find 0", "^", "<!DOCTYPE a>", "", "document type"),
    "EcoSys over SOAP": ("ecosys parts put 0", "LeadTime>[^<]*<", "LeadTime>x<", "Part/LeadTime", "'x' is not"),
    "EcoSys REST XML": ("ecosys-rest-xml parts put 0", "LeadTime>[^<]*<", "LeadTime>x<", "Part/LeadTime", "'x' is not"),
    "EcoSys REST JSON": ("ecosys-rest-json parts put 0", r"\]", "", "", "The body is not JSON"),
    "SAP's any": (
        *("sap-cpq customers put 0", "<LastName>[^<]*<", f"<LastName>{X101}<", "Customers/Customer/LastName"),
        "LastName has 101 characters, at most 100 are allowed.",
    ),
    "JSON's type": ("rest parts put 0", '"units": 1', '"units": "many"', "units", "a text, not a whole number"),
    "JSON's name": ("rest parts put 0", '"units"', '"unitz"', "unitz", "nearest: units"),
    "JSON's map": ("rest parts put 0", r'"USD": "250\.00"', '"USD": [1]', "price.USD", "USD is a list"),
    "JSON's choice": ("rest parts put 0", '"direct_buy": 1', '"direct_buy": 9', "direct_buy", "one of 0, 1, 2."),
    "one of a batch": ("rest parts put 1", '"units": 1', '"units": "many"', "records[1].units", "a whole number"),
    "a missing member": ("rest parts add 0", '"number"', '"numbers"', "", "number is missing"),
    "no JSON": ("rest parts put 0", '"units": 1,', '"units": 1', "", "The body is not JSON"),
    "Expandable": (
        "expandable parts update 0",
        '"PLAN_LEAD_TIME"',
        '"PLAN_LEAD_TIMER"',
        "PLAN_LEAD_TIMER",
        "nearest: PLAN_LEAD_TIME",
    ),
}


class TestProblem:
    @pytest.mark.parametrize("offered, pattern, typed, path, words", WRONG.values(), ids=WRONG)
    def test_says_line_path_and_what_is_wrong(self, offered, pattern, typed, path, words, world):
        name, plural, verb, number = offered.split()
        dialect, operations = NAMED[name], current_operations()
        asked = [each for each in offers(dialect, plural, operations) if each.operation.verb == verb]
        made = generate_input(dialect, asked[int(number)], {}, world.pk, operations)
        before = made.skeleton.text
        line = before[: re.search(pattern, before).start()].count("\n") + 1

        problems = checked(dialect, asked[int(number)], made, re.sub(pattern, typed, before))

        found = [problem for problem in problems if words in problem.message]
        assert found, problems
        assert found[0].path == path
        if path:
            assert found[0].line == line

    def test_is_told_at_most_fifty_times(self, world):
        dialect, operations = NAMED["rest"], current_operations()
        offer = next(each for each in offers(dialect, "parts", operations) if each.name == "put-1")
        made = generate_input(dialect, offer, {}, world.pk, operations, options=InputOptions(count=30))
        wrong = re.sub('"(units|lead_time|active)"', r'"\1z"', made.skeleton.text)

        assert len(checked(dialect, offer, made, wrong)) == 50

    def test_looks_for_near_names_of_so_many_and_no_endless_ones(self, monkeypatch):
        names = []
        monkeypatch.setattr(json_schema, "get_close_matches", lambda name, known, **more: names.append(name) or [])
        body = json.dumps(dict.fromkeys(["n" * 1_000, *(f"a{number}" for number in range(20_000))], 1))
        schema = {"type": "object", "properties": {"number": {}}, "additionalProperties": False}

        problems = json_schema.validate(body.encode(), [schema], {})

        assert len(problems) == json_schema.MOST_PROBLEMS
        assert max(map(len, names)) < 60
        assert len(names) < json_schema.MOST_PROBLEMS


class TestLines:
    def test_are_those_of_members_and_items(self):
        text = '{"a":\n [1,\n {"b": "\\"x\\n"}],\n\n "c": {}}'

        assert find_lines(text) == {(): 1, ("a",): 1, ("a", 0): 2, ("a", 1): 3, ("a", 1, "b"): 3, ("c",): 5}
