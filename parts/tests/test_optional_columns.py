"""The optional columns of a part: eligibility, keys in other systems, long texts by language."""

import pytest
from django.db import transaction

from parts.models import ExtendedDescription, Part
from parts.services import PARTS
from parts.tests.catalogue import made
from parts.tests.test_admin import change, changes_of
from records.find import Search
from records.models import Change
from records.shapes.criteria import Comparator, Criterion
from records.shapes.values import EMPTY
from records.tests.cast import BOB, NOW, table

pytestmark = pytest.mark.django_db

FULL = {
    "number": "P",
    "partner_price_book_entry_id": "01u",
    "external_key_1": "K1",
    "external_key_2": "K2",
    "default_unit_of_measure": "EA",
    "eligible_to_sell": "true",
    "self_service": "false",
    "extended_description_1": {"en": "One", "de": "Eins"},
    "extended_description_2": {"en": "Two"},
}


def update(**values):
    with transaction.atomic():
        (outcome,) = PARTS.update(records=[{"number": "P", **values}], by=BOB, at=NOW)
    return outcome


def find(**wanted):
    criteria = [Criterion(tuple(name.split("__")), Comparator.EQUAL, (value,)) for name, value in wanted.items()]
    return [each["number"] for each in PARTS.find(search=Search(criteria)).records]


def texts(part: Part) -> dict:
    return {(each.number, each.language): each.text for each in part.extended_descriptions.all()}


def test_are_kept_and_found_as_they_were_sent():
    made(FULL)

    (found,) = PARTS.find(search=Search()).records

    assert {name: found[name] for name in FULL} == FULL
    assert found["eligible_for_service"] in (None, EMPTY, "")


WRITES = {
    "an entry, and the others stay": (
        {"extended_description_1": {"de": "Neu"}},
        {(1, "en"): "One", (1, "de"): "Neu", (2, "en"): "Two"},
    ),
    "both texts": (
        {"extended_description_1": {"fr": "Un"}, "extended_description_2": {"en": EMPTY, "fr": "Deux"}},
        {(1, "en"): "One", (1, "de"): "Eins", (1, "fr"): "Un", (2, "fr"): "Deux"},
    ),
    "one text cleared": ({"extended_description_1": EMPTY}, {(2, "en"): "Two"}),
    "neither": ({"notes": "x"}, {(1, "en"): "One", (1, "de"): "Eins", (2, "en"): "Two"}),
}


@pytest.mark.parametrize("sent, left", table(WRITES))
def test_long_texts_are_written_one_by_one(sent, left):
    part = made(FULL)

    assert not update(**sent).failed

    assert texts(part) == left


def test_a_long_text_is_in_the_change_by_its_name_and_language():
    made(FULL)

    update(extended_description_2={"en": "2"})

    assert Change.objects.latest("id").fields == {"extended_description_2.en": ["Two", "2"]}


REFUSED = {
    "a long text of 4,001": ({"extended_description_1": {"en": "x" * 4001}}, "4,000"),
    "a long text in a language that is none": ({"extended_description_2": {"xx": "x"}}, "language"),
    "a unit of 11": ({"default_unit_of_measure": "x" * 11}, "10 characters"),
    "an external key of 101": ({"external_key_1": "x" * 101}, "100 characters"),
    "a flag that is a word": ({"eligible_to_sell": "maybe"}, "true or false"),
}


@pytest.mark.parametrize("sent, reason", table(REFUSED))
def test_refuses(sent, reason):
    made(FULL)

    outcome = update(**sent)

    assert reason in outcome.problems[0].sentence()


FOUND = {
    "an external key, which several may have": ({"external_key_1": "K1"}, ["P", "Q"]),
    "a flag that is unset": ({"eligible_for_service": ""}, ["P", "Q"]),
    "a flag": ({"self_service": "false"}, ["P"]),
    "a long text in a language": ({"extended_description_1__de": "Eins"}, ["P"]),
    "no text in any": ({"extended_description_2": ""}, ["Q"]),
}


@pytest.mark.parametrize("wanted, numbers", table(FOUND))
def test_are_found_by(wanted, numbers):
    made(FULL, {"number": "Q", "external_key_1": "K1"})

    assert find(**wanted) == numbers


def test_are_gone_with_their_part():
    made(FULL)

    with transaction.atomic():
        PARTS.remove(records=[{"number": "P"}], by=BOB, at=NOW)

    assert not ExtendedDescription.objects.exists()


def test_are_typed_on_the_parts_page(ada):
    part = made(FULL)

    change(
        ada, part, eligible_to_sell="false", self_service="", external_key_2="K3",
        extended_descriptions_0_text="Eins!", **{"extended_descriptions-2-0-text": "Two!"},
    )  # fmt: skip

    part.refresh_from_db()
    assert (part.eligible_to_sell, part.self_service, part.external_key_2) == (False, None, "K3")
    assert texts(part) == {(1, "de"): "Eins!", (1, "en"): "One", (2, "en"): "Two!"}
    assert changes_of(part)[-1].user_name == "ada"
