"""What a site defines by itself: limits and forms of fields, by generation."""

import pytest

from customers.resources import CUSTOMER_PART
from records import customization
from records.models import CustomField, FieldRule
from records.shapes.parsing import record_reader
from records.tests.cast import table

pytestmark = pytest.mark.django_db


def problems(**values):
    _, found = record_reader(customization.resource(CUSTOMER_PART))(values)
    return [problem.sentence() for problem in found]


FORMS = {
    "a number": ("number", "12.5", "twelve"),
    "a date": ("date", "2026-01-31", "31.01.2026"),
    "a flag": ("flag", "Y", "yes"),
}


@pytest.mark.parametrize("form, good, bad", table(FORMS))
def test_a_text_takes_the_form_that_the_site_gives_it(form, good, bad):
    FieldRule.objects.create(resource="customer_part", field="user_3", form=form)

    assert problems(user_3=good, user_4=bad) == []
    assert problems(user_3=bad)[0].startswith(f"user_3 does not take '{bad}'")


def test_a_limit_is_the_sites_and_ends_with_it():
    rule = FieldRule.objects.create(resource="customer_part", field="contract", max_length=3)
    assert problems(contract="ABCD") == ["contract may have at most 3 characters; this has 4."]

    rule.delete()

    assert problems(contract="ABCD") == []


def test_a_resource_is_the_same_one_within_a_generation_and_another_in_the_next():
    before = customization.resource(CUSTOMER_PART)
    assert customization.resource(CUSTOMER_PART) is before

    CustomField.objects.create(resource="customer_part", name="tier", label="Tier")

    after = customization.resource(CUSTOMER_PART)
    assert (after.base, after.generation > before.generation) == (CUSTOMER_PART, True)
    assert "custom_tier" in after.by_name
