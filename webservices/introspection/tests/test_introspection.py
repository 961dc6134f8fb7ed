"""What the hub says of the fields of its records, as the site has them."""

import pytest

from parts.models import Currency
from records.customization import current_generation
from records.models import CustomField, FieldRule
from records.shapes.callers import Caller
from records.tests.cast import NOW, table
from webservices.declarations import KINDS
from webservices.introspection.fields import show_fields
from webservices.introspection.picklists import MENUS_FROM, PICKLISTS, TABLES
from webservices.tests.plain import ask as ask_at

ADA = {"user": "ada", "password": "ada-ada!"}

pytestmark = pytest.mark.usefixtures("ada")


def ask(operation, record=None):
    return ask_at(f"{operation}.show", at=NOW, record=record, **ADA)


def fields(module):
    return {field["name"]: field for field in ask("crm_fields", {"module": module}).records}


def values(number, **record):
    return ask("picklist_values", {"picklist_id": str(number), **record}).records


class TestFields:
    def test_say_what_the_declaration_does(self):
        assert fields("customers")["customer_type"] == {
            "module": "customers", "name": "customer_type", "label": "Customer type",
            "help": "Such as Bill To or Ship To.", "kind": "text", "length": "10", "places": "", "default": "",
            "required": "false", "read_only": "false", "custom": "false", "active": "true",
            "names": "customer type", "picklist_id": "1",
        }  # fmt: skip

    @pytest.mark.parametrize("module", [*KINDS])
    def test_are_those_of_every_kind_of_record_but_its_secrets(self, module):
        declared = [field.name for field in KINDS[module].fields if not field.secret]

        assert [*fields(module)] == declared

    TOLD = {
        "a required field": ("parts", "number", {"required": "true", "length": "50", "read_only": "false"}),
        "a number that is drawn": ("customers", "number", {"required": "false"}),
        "a stamp": ("parts", "changed_at", {"read_only": "true", "kind": "moment"}),
        "a figure that is computed": ("sales_orders", "total", {"read_only": "true", "kind": "decimal"}),
        "a flag": ("parts", "active", {"kind": "boolean", "default": "true"}),
        "a decimal": ("customer_parts", "quote_quantity", {"kind": "decimal", "places": "4"}),
        "choices": ("parts", "direct_buy", {"kind": "integer", "picklist_id": "6", "default": "1"}),
        "what names no picklist": ("contacts", "customer", {"names": "customer", "picklist_id": ""}),
    }

    @pytest.mark.parametrize("module, name, told", table(TOLD))
    def test_tell_of(self, module, name, told):
        assert told.items() <= fields(module)[name].items()

    def test_follow_what_the_site_defines(self):
        assert "custom_tier" not in fields("parts")
        menu = CustomField.objects.create(
            resource="part", name="tier", label="Tier", type="menu", choices=["A", "B"], required=True
        )
        CustomField.objects.create(resource="part", name="1", label="Pressure", type="number")
        FieldRule.objects.create(resource="part", field="notes", max_length=80, required=True)

        found = fields("parts")
        tier = found["custom_tier"]
        assert (tier["label"], tier["custom"], tier["required"]) == ("Tier", "true", "true")
        assert tier["picklist_id"] == str(MENUS_FROM + menu.pk)
        assert (found["custom_field1"]["kind"], found["custom_field1"]["picklist_id"]) == ("decimal", "")
        assert (found["notes"]["length"], found["notes"]["required"]) == ("80", "true")

    def test_are_read_again_only_when_the_generation_has_moved(self, django_assert_num_queries):
        caller = Caller(1, "ada", superuser=True, generation=current_generation())
        fields("parts")

        with django_assert_num_queries(0):
            show_fields(KINDS, records=[{"module": "parts"}], by=caller, at=NOW)

    REFUSED = {
        "another module": ({"module": "vouchers"}, "unknown-module"),
        "a module in another case": ({"module": "Parts"}, "unknown-module"),
        "a list": ({"module": ["parts"]}, "unknown-module"),
        "no module": ({"module": " "}, "missing"),
        "nothing": (None, "missing"),
    }

    @pytest.mark.parametrize("record, code", table(REFUSED))
    def test_are_refused_for(self, record, code):
        assert ask("crm_fields", record).code == code

    def test_name_the_modules_that_there_are(self):
        assert "parts, prices, customers" in ask("crm_fields", {"module": "vouchers"}).problem


class TestPicklists:
    def test_of_a_table_are_its_rows(self):
        assert [value["value"] for value in values(1)] == ["Bill To", "End User", "Ship To"]
        assert [value["value"] for value in values(2)] == ["Quote", "Created", "Approved", "Delivered", "Cancelled"]
        assert {"value": "USA", "label": "United States"}.items() <= next(
            value for value in values(3) if value["value"] == "USA"
        ).items()
        assert "OH" in {value["value"] for value in values(4)}

    def test_of_codes_are_those_that_are_active(self):
        Currency.objects.filter(code="PLN").update(active=False)

        found = {value["value"]: value["label"] for value in values(7)}

        assert found["USD"] == "US Dollar"
        assert "PLN" not in found

    def test_of_choices_are_those(self):
        assert values(6) == [
            {"id": "1", "label": "Not direct", "value": "0"},
            {"id": "2", "label": "Direct buy", "value": "1"},
            {"id": "3", "label": "Recommended only", "value": "2"},
        ]

    def test_of_a_menu_are_its_choices_as_they_are_now(self):
        menu = CustomField.objects.create(resource="part", name="tier", label="Tier", type="menu", choices=["A", "B"])
        assert [value["value"] for value in values(MENUS_FROM + menu.pk)] == ["A", "B"]

        CustomField.objects.update(choices=["B", "C"])
        assert [value["value"] for value in values(MENUS_FROM + menu.pk)] == ["B", "C"]

    def test_are_the_same_in_every_language(self):
        assert values(2, language="fi_fi") == values(2)

    REFUSED = {
        "a number that none has": ("99", "unknown-picklist"),
        "a menu that there is not": ("99999", "unknown-picklist"),
        "a number below": ("-1", "unknown-picklist"),
        "a word": ("status", "not-a-number"),
        "nothing": ("", "missing"),
    }

    @pytest.mark.parametrize("number, code", table(REFUSED))
    def test_are_refused_for(self, number, code):
        assert ask("picklist_values", {"picklist_id": number}).code == code

    def test_of_a_field_that_is_no_menu_any_more_are_refused(self):
        text = CustomField.objects.create(resource="part", name="tier", label="Tier", type="text", choices=["A"])

        assert ask("picklist_values", {"picklist_id": str(MENUS_FROM + text.pk)}).code == "unknown-picklist"

    def test_belong_to_every_field_that_has_choices(self):
        """A number is given by hand, once and for good: a new field with choices needs a new one."""
        with_choices = {
            (plural, field.name) for plural, resource in KINDS.items() for field in resource.fields if field.choices
        }

        assert with_choices <= PICKLISTS.keys()
        assert all(name in KINDS[plural].by_name for plural, name in PICKLISTS)
        assert max(PICKLISTS.values()) < MENUS_FROM
        assert TABLES.keys() <= {*PICKLISTS.values()}
