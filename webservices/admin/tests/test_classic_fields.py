"""The button that defines the classic custom fields of parts."""

import pytest

from parts.tests.catalogue import _nothing_defined, person  # noqa: F401 - fixtures
from records.models import CustomField
from records.tests.pages import said

pytestmark = pytest.mark.django_db
LIST, ADD = "/admin/records/customfield/", "/admin/records/customfield/classic/"
BUTTON = "Add the classic fields"


def test_defines_those_that_are_missing_and_leaves_the_others(person):  # noqa: F811 - the fixture
    ada = person("ada", is_superuser=True)
    CustomField.objects.create(resource="part", name="5", label="Weight", type="text")
    CustomField.objects.create(resource="customer", name="1", label="Tier")
    assert "29 of them are not defined" in said(ada.get(LIST))

    response = ada.post(ADD, follow=True)

    fields = CustomField.objects.filter(resource="part")
    assert {each.name for each in fields} == {*map(str, range(1, 31))}
    assert {each.name for each in fields if each.type == CustomField.Type.NUMBER} == {"6", "7"}
    assert not any(each.required for each in fields)
    assert fields.get(name="5").label == "Weight"
    assert "29 custom fields of parts were added." in said(response)
    assert BUTTON not in said(response)


def test_is_for_those_who_may_add_custom_fields(person):  # noqa: F811 - the fixture
    carol = person("carol", "view_customfield")

    assert BUTTON not in said(carol.get(LIST))
    assert carol.post(ADD).status_code == 403
    assert not CustomField.objects.exists()


def test_is_pressed_not_followed(person):  # noqa: F811 - the fixture
    assert person("ada", is_superuser=True).get(ADD).status_code == 405
