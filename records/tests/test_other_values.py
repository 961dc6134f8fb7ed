"""A field that a wire has under two names: the value that came back as it was gives way to the one that was changed."""

import pytest

from customers.models import Customer
from customers.services import CUSTOMERS
from parts.models import PartDescription
from parts.services import PARTS
from records.shapes.values import EMPTY
from records.tests.cast import ADA, NOW, table

pytestmark = pytest.mark.django_db

DISAGREE = "company and another name of it are sent with two values, neither of which is stored; they must agree."


def write(verb, record, services=CUSTOMERS):
    [outcome] = getattr(services, verb)(records=[{"number": "A", **record}], by=ADA, at=NOW)
    return [problem.sentence() for problem in outcome.problems]


def both(value, other):
    return {"company": value, "other values": {"company": other}}


@pytest.fixture
def acme():
    assert write("add", {"company": "Acme"}) == []


CHANGES = {
    "the one name": ("Acme & Co", "Acme", "Acme & Co"),
    "the other name": ("Acme", "Acme & Co", "Acme & Co"),
    "both, alike": ("Acme & Co", "Acme & Co", "Acme & Co"),
    "neither": ("Acme", "Acme", "Acme"),
    "the one, which is cleared": (EMPTY, "Acme", ""),
    "the other, which is cleared": ("Acme", EMPTY, ""),
}


@pytest.mark.parametrize("value, other, stored", table(CHANGES))
@pytest.mark.parametrize("verb", ["update", "put"])
def test_a_record_takes_what_was_changed(acme, verb, value, other, stored):
    assert write(verb, both(value, other)) == []
    assert Customer.objects.get().company == stored


@pytest.mark.parametrize("verb", ["update", "put"])
def test_two_new_values_must_agree(acme, verb):
    assert write(verb, both("B", "C")) == [DISAGREE]
    assert Customer.objects.get().company == "Acme"


def test_a_new_record_has_nothing_to_choose_by():
    assert write("add", both("B", "C")) == [DISAGREE]
    assert write("add", both("B", "B")) == []


def test_what_cannot_be_read_is_told(acme):
    assert write("update", both("Acme", ["a"])) == ["other values.company takes text, not a list."]


ENTRIES = {
    "the entry": ({"en": "Valve"}, {"en": "Pump"}, "Valve"),
    "the other name of the entry": ({"en": "Pump"}, {"en": "Valve"}, "Valve"),
}


@pytest.mark.parametrize("value, other, stored", table(ENTRIES))
def test_an_entry_of_a_map_likewise(value, other, stored):
    write("add", {"description": {"en": "Pump", "de": "Pumpe"}}, PARTS)

    assert write("update", {"description": value, "other values": {"description": other}}, PARTS) == []
    assert dict(PartDescription.objects.values_list("language", "text")) == {"en": stored, "de": "Pumpe"}


def test_an_entry_that_is_new_must_agree():
    write("add", {"description": {"de": "Pumpe"}}, PARTS)

    [sentence] = write("update", {"description": {"en": "A"}, "other values": {"description": {"en": "B"}}}, PARTS)
    assert sentence.startswith("description and another name of it")
