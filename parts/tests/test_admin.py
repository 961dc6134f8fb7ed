"""Saving parts in the admin: through the services, and back onto the form."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from django.urls import reverse

from parts.models import Part
from parts.services import PARTS
from records.models import Change, CustomField, FieldRule
from records.shapes.values import EMPTY
from records.tests.cast import BOB, NOW, table
from records.tests.pages import ABSENT, errors, filled, said

ADD = "/admin/parts/part/add/"


def page_of(part: Part) -> str:
    return reverse("admin:parts_part_change", args=[part.pk])


def change(client, part: Part, **typed):
    """Opens the part's page, types, and presses Save."""
    return client.post(page_of(part), filled(client.get(page_of(part)), **typed))


def changes_of(part: Part) -> list[Change]:
    return list(Change.objects.filter(record_id=part.pk).order_by("id"))


class TestSave:
    def test_adds_a_part_with_its_descriptions_and_prices(self, ada):
        typed = {
            "number": "VALVE-1",
            "units": "12",
            "attachments": "https://a.example/1\r\n\r\nhttps://a.example/2\r\n",
        }
        rows = {
            "descriptions-TOTAL_FORMS": "1", "descriptions-0-language": "en", "descriptions-0-text": "Valve",
            "prices-TOTAL_FORMS": "1", "prices-0-currency": "USD", "prices-0-minimum_quantity": "1",
            "prices-0-amount": "9.50",
        }  # fmt: skip

        response = ada.post(ADD, {**filled(ada.get(ADD), **typed), **rows})

        assert response.status_code == 302
        valve = Part.objects.get(number="VALVE-1")
        assert (valve.units, valve.active, valve.created_by) == (12, True, "ada")
        assert valve.attachments == ["https://a.example/1", "https://a.example/2"]
        assert valve.descriptions.get().text == "Valve"
        assert valve.prices.get().amount == Decimal("9.5")

    def test_journals_a_change_with_the_user_and_what_was_before_and_after(self, ada, pump):
        change(ada, pump, notes="Without a gasket.", prices_1_amount="255")

        _, changed = changes_of(pump)
        assert (changed.user_name, changed.credential, changed.result) == ("ada", "admin", "updated")
        assert changed.fields == {
            "notes": ["Comes with a gasket.\nHandle with care.", "Without a gasket."],
            "price.USD": ["250", "255"],
        }
        assert len(changed.call_id) == 32

    def test_sends_only_what_was_changed_with_the_key_and_the_version_shown(self, ada, pump, sent):
        change(ada, pump, lead_time="14")

        assert sent == [{"number": "PUMP-100", "version": "1", "lead_time": "14"}]

    def test_sends_nothing_but_the_key_and_the_version_when_nothing_was_typed(self, ada, pump, sent):
        response = change(ada, pump)

        assert response.status_code == 302
        assert sent == [{"number": "PUMP-100", "version": "1"}]
        assert len(changes_of(pump)) == 1

    def test_clears_what_was_emptied(self, ada, pump, sent):
        change(ada, pump, notes="", attachments="")

        assert sent == [{"number": "PUMP-100", "version": "1", "notes": EMPTY, "attachments": EMPTY}]
        pump.refresh_from_db()
        assert (pump.notes, pump.attachments) == ("", [])

    def test_sends_the_entries_of_a_map_that_were_changed(self, ada, pump, sent):
        change(ada, pump, descriptions_0_text="Pumpe", descriptions_1_language="fr", descriptions_1_text="Pompe")

        assert sent[0]["description"] == {"en": EMPTY, "de": "Pumpe", "fr": "Pompe"}
        assert {d.language: d.text for d in pump.descriptions.all()} == {"de": "Pumpe", "fr": "Pompe"}

    def test_sends_all_rows_of_a_list_when_one_was_removed(self, ada, pump, sent):
        change(ada, pump, prices_0_DELETE="on")

        assert [row["currency"] for row in sent[0]["prices"]] == ["USD", "USD"]
        assert sorted(pump.prices.values_list("amount", flat=True)) == [Decimal(240), Decimal(250)]

    def test_switches_a_part_off(self, ada, pump, sent):
        change(ada, pump, active=ABSENT)

        assert sent[0]["active"] == "false"
        assert not Part.objects.get().active


REFUSALS = {
    "a word for a number": (
        "lead_time", "soon", "lead_time", "Lead time must be a whole number; 'soon' is not.",
    ),
    "a number that is too small": ("units", "0", "units", "Units must be 1 or more; '0' is less."),
    "a text that is too long": (
        "display_number", "x" * 51, "display_number", "Display number may have at most 50 characters; this has 51.",
    ),
    "a decimal comma in a row": (
        "prices_2_amount", "12,50", "prices-2-amount", "Amount must be a number; '12,50' is not.",
    ),
    "a key that is too long in a row": (
        "prices_0_currency", "Euro", "prices-0-currency", "Currency may have at most 3 characters; this has 4.",
    ),
    "a row without its amount": ("prices_1_amount", "", "prices-1-amount", "Amount is required."),
    "a language that is none": (
        "descriptions_1_language", "Dutch!", "descriptions-1-language",
        "Language: 'Dutch!' is none of the active languages of this site; an admin can add it or switch it on in the "
        "admin site, under Languages.",
    ),
    "a description that is too long": (
        "descriptions_0_text", "x" * 2001, "descriptions-0-text",
        "Description may have at most 2,000 characters; this has 2,001.",
    ),
}  # fmt: skip


class TestRefusal:
    @pytest.mark.parametrize("field, typed, name, sentence", table(REFUSALS))
    def test_comes_back_to_the_right_field(self, ada, pump, field, typed, name, sentence):
        response = change(ada, pump, **{field: typed})

        assert response.status_code == 200
        assert errors(response) == {name: [sentence]}
        assert Part.objects.get().version == 1

    def test_keeps_what_was_typed(self, ada, pump):
        response = change(ada, pump, lead_time="soon", notes="New notes.", prices_0_amount="231")

        again = filled(response)
        assert (again["lead_time"], again["notes"], again["prices-0-amount"]) == ("soon", "New notes.", "231")

    def test_says_that_a_number_is_missing_or_taken(self, ada, pump):
        missing = ada.post(ADD, filled(ada.get(ADD)))
        taken = ada.post(ADD, filled(ada.get(ADD), number="PUMP-100"))

        assert errors(missing) == {"number": ["Part number is required."]}
        assert errors(taken) == {"number": ["Part PUMP-100 exists already."]}

    def test_names_both_rows_of_a_price_that_comes_twice(self, ada, pump):
        response = change(ada, pump, prices_2_minimum_quantity="1")

        assert list(errors(response)) == ["prices-2-__all__"]

    def test_names_both_rows_of_a_language_that_comes_twice(self, ada, pump):
        response = change(ada, pump, descriptions_1_language="de")

        twice = ["Language comes more than once."]
        assert errors(response) == {"descriptions-0-language": twice, "descriptions-1-language": twice}

    def test_takes_no_script_from_a_value(self, ada, pump):
        response = change(ada, pump, lead_time="<script>alert(1)</script>")

        assert b"<script>alert(1)" not in response.content


class TestStaleVersion:
    def test_says_who_changed_the_part_and_when(self, ada, pump):
        shown = filled(ada.get(page_of(pump)), notes="Mine.")
        with transaction.atomic():
            PARTS.update(records=[{"number": "PUMP-100", "notes": "Bob's."}], by=BOB, at=NOW)

        response = ada.post(page_of(pump), shown)

        assert response.status_code == 200
        text = "bob changed this part on 2026-11-21 12:00, after you had opened it. Nothing was saved."
        assert text in said(response)
        assert Part.objects.get().notes == "Bob's."

    def test_keeps_refusing_until_the_part_is_opened_again(self, ada, pump):
        shown = filled(ada.get(page_of(pump)), notes="Mine.")
        with transaction.atomic():
            PARTS.update(records=[{"number": "PUMP-100", "notes": "Bob's."}], by=BOB, at=NOW)

        again = ada.post(page_of(pump), filled(ada.post(page_of(pump), shown)))
        reopened = change(ada, pump, notes="Mine.")

        assert again.status_code == 200
        assert reopened.status_code == 302
        assert Part.objects.get().notes == "Mine."

    def test_shows_rows_that_were_removed_meanwhile(self, ada, pump):
        shown = filled(ada.get(page_of(pump)), prices_2_amount="239")
        with transaction.atomic():
            PARTS.update(records=[{"number": "PUMP-100", "prices": EMPTY}], by=BOB, at=NOW)

        response = ada.post(page_of(pump), shown)

        assert list(errors(response)) == [""]
        assert filled(response)["prices-2-amount"] == "239"


class TestCustomFields:
    @pytest.fixture(autouse=True)
    def _defined(self, db):
        for name, kind, choices in (("tier", "menu", ["gold", "silver"]), ("1", "number", []), ("delete", "date", [])):
            CustomField.objects.create(resource="part", name=name, label=f"The {name}", type=kind, choices=choices)

    def test_are_shown_by_their_type_and_saved_typed(self, ada, pump, sent):
        page = ada.get(page_of(pump))

        change(ada, pump, custom_tier="gold", custom_field1="12.50", custom_delete="2026-12-24")

        assert b'<select name="custom-tier"' in page.content
        assert sent[0].keys() == {"number", "version", "custom_tier", "custom_field1", "custom_delete"}
        assert filled(ada.get(page_of(pump)))["custom-field1"] == "12.5"
        assert Part.objects.get().custom == {"tier": "gold", "field1": "12.5", "delete": "2026-12-24"}

    def test_refuse_what_is_not_of_their_type(self, ada, pump):
        response = change(ada, pump, custom_field1="many")

        assert errors(response) == {"custom-field1": ["The 1 must be a number; 'many' is not."]}

    def test_are_never_taken_for_a_method_of_the_record(self, person, pump):
        viewer = person("vera", "view_part")

        assert "The delete" in said(viewer.get(page_of(pump)))
        assert Part.objects.exists()

    def test_show_their_value_to_those_who_only_look(self, ada, person, pump):
        change(ada, pump, custom_tier="gold")

        assert "gold" in said(person("vera", "view_part").get(page_of(pump)))


class TestSitesOwnLimits:
    def test_are_shown_and_hold(self, ada, pump):
        FieldRule.objects.create(resource="part", field="display_number", max_length=5)

        page = ada.get(page_of(pump))
        response = change(ada, pump, display_number="123456")

        assert "Text, at most 5 characters" in said(page)
        assert errors(response) == {"display_number": ["Display number may have at most 5 characters; this has 6."]}


def test_dates_come_and_go_as_they_are_written(ada, pump):
    change(ada, pump, prices_2_effective_date="2027-01-01")

    assert pump.prices.get(minimum_quantity=10).effective_date == date(2027, 1, 1)
    assert filled(ada.get(page_of(pump)))["prices-2-effective_date"] == "2027-01-01"
