"""Names by rule, and ids of children."""

import pytest

from records.shapes.fields import ScalarField
from records.tests.cast import table
from webservices.declarations import OPERATIONS
from webservices.wire.dialects.oracle_rest.names import (
    CHILDREN,
    EXTENDED_DESCRIPTIONS,
    EXTENDED_TRANSLATIONS,
    PRICES,
    TRANSLATIONS,
    child_id,
    field_name,
    find_codes,
    hub_name,
    spell,
    split_child_id,
)
from webservices.wire.operations import Verb

PART = OPERATIONS.get("parts", Verb.PUT).resource
NAMES = {
    "the key": ("number", "partNumber"),
    "by rule": ("lead_time", "leadTime"),
    "as in SOAP": ("custom_field25", "_part_custom_field25"),
    "a name of Oracle's": ("default_unit_of_measure", "defaultUOMCode"),
    "a field that comes later": ("shelf_life_days", "shelfLifeDays"),
    "an external key": ("external_key_1", "externalKey1"),
}


@pytest.mark.parametrize("name, spelled", table(NAMES))
def test_spells(name, spelled):
    assert field_name(name) == spell((name,)) == spelled


def test_names_are_undone_and_others_are_never_taken_for_the_hubs():
    resource = PART.add_custom_fields([ScalarField("custom_field5", custom=True)])

    assert hub_name(resource, "_part_custom_field5") == "custom_field5"
    for sent in ("number", "lead_time", "price", "prices", "custom_field5"):
        assert hub_name(resource, sent) not in resource.by_name
        assert spell((hub_name(resource, sent),)) == sent


PATHS = {
    "the description in the site's language": (("description", "en"), "description"),
    "in another": (("description", "de"), "translations[de]"),
    "a price": (("price", "USD"), "prices[USD]"),
    "one of two": (("extended_description_2", "de"), "extendedDescriptions.partExtendedDescription2[de]"),
    "an entry of a list": (("company_associations", 1), "companyAssociations[1]"),
}


@pytest.mark.parametrize("path, spelled", table(PATHS))
def test_spells_paths(path, spelled):
    assert spell(path, "en") == spelled


def test_no_two_codes_of_a_new_site_have_the_same_hash():
    for child in CHILDREN:
        for code in child.codes(PART) if not child.is_one else [""]:
            part, hashed = split_child_id(child_id(2**29 - 1, child, code))

            assert (part, find_codes(child, hashed, PART)) == (2**29 - 1, [code])


IDS = {
    "a price": (PRICES, "EUR", 118540933),
    "a translation": (TRANSLATIONS, "de", 122689003),
    "the extended descriptions": (EXTENDED_DESCRIPTIONS, "", 133974122),
    "a translation of these": (EXTENDED_TRANSLATIONS, "de", 124238740),
}


@pytest.mark.parametrize("child, code, expected", table(IDS))
def test_ids_never_change(child, code, expected):
    """Clients store them."""
    assert child_id(7, child, code) == expected
