"""The pages of parts in the admin: list, search, history, who may see them, and what they cost."""

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from parts.admin import DescriptionInline, PartAdmin, PriceInline
from parts.models import Part
from parts.services import PARTS
from parts.tests.catalogue import made
from records.tests.cast import BOB, NOW
from records.tests.pages import filled, said

LIST = "/admin/parts/part/"
PAGES = {"list": "changelist", "page": "change", "history": "history", "delete": "delete"}


def page_of(part: Part, page: str = "change") -> str:
    return reverse(f"admin:parts_part_{page}", args=[part.pk])


def queries(client, address: str) -> int:
    """What a page costs, once the site's definitions are known to the process."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def many(number: int, start: int = 0) -> None:
    made(
        *(
            {"number": f"P-{n:05}", "description": {"en": f"Part {n}"}, "price": {"USD": "1"}}
            for n in range(start, start + number)
        )
    )


class TestList:
    def test_shows_the_description_and_the_price_of_the_site(self, ada, pump):
        text = said(ada.get(LIST))

        assert "Pump, small" in text
        assert "250.00" in text
        assert "Pumpe" not in text

    def test_costs_the_same_for_any_number_of_parts(self, ada, pump):
        few = queries(ada, LIST)
        many(40)
        assert queries(ada, LIST) == few == 3
        many(60, start=40)

        assert queries(ada, LIST) == 4  # and how many there are on all pages

    @pytest.mark.parametrize("words", ["PUMP-1", "pump", "small", "pumpe kl", "gask care"])
    def test_finds_by_the_beginning_of_a_number_and_by_words(self, ada, pump, words):
        made({"number": "VALVE-1", "description": {"en": "Valve"}})

        text = said(ada.get(LIST, {"q": words}))

        assert "PUMP-100" in text
        assert "VALVE-1" not in text

    @pytest.mark.parametrize("words", ["'", "& | !", "a:*b", "\\", '"', "%", "<->"])
    def test_takes_any_text_to_search_for(self, ada, pump, words):
        assert ada.get(LIST, {"q": words}).status_code == 200

    def test_narrows_to_the_inactive_ones(self, ada, pump):
        made({"number": "OLD-1", "active": "false"})

        text = said(ada.get(LIST, {"active__exact": "0"}))

        assert "OLD-1" in text
        assert "PUMP-100" not in text


class TestPage:
    def test_costs_the_same_for_any_number_of_children(self, ada, pump):
        few = queries(ada, page_of(pump))
        prices = [{"currency": "USD", "minimum_quantity": str(n), "amount": "1"} for n in range(1, 40)]
        with transaction.atomic():
            PARTS.update(records=[{"number": "PUMP-100", "prices": prices}], by=BOB, at=NOW)

        assert queries(ada, page_of(pump)) == few == 9

    def test_shows_the_key_of_a_part_that_exists_to_read_only(self, ada, pump):
        assert "number" not in filled(ada.get(page_of(pump)))

    def test_offers_a_new_part_its_defaults(self, ada):
        shown = filled(ada.get("/admin/parts/part/add/"))

        assert (shown["units"], shown["lead_time"], shown["direct_buy"], shown["active"]) == ("1", "-1", "1", "on")


class TestUnlistedFields:
    """A field that the page does not list is shown all the same: a new one must not be missing."""

    @pytest.fixture(autouse=True)
    def _short_page(self, monkeypatch):
        monkeypatch.setattr(PartAdmin, "fieldsets", ((None, {"fields": ["number", "active"]}),))
        monkeypatch.setattr(PartAdmin, "inlines", (DescriptionInline,))

    def test_come_in_a_section_of_their_own(self, ada, pump):
        fieldsets = {fieldset.name: fieldset.fields for fieldset in ada.get(page_of(pump)).context["adminform"]}

        assert "lead_time" in fieldsets["Other fields"]
        assert not {"number", "active", "prices"}.intersection(fieldsets["Other fields"])
        assert list(fieldsets) == [None, "Other fields", "Record"]

    def test_are_saved(self, ada, pump):
        ada.post(page_of(pump), filled(ada.get(page_of(pump)), lead_time="14", prices_1_amount="255"))

        pump.refresh_from_db()
        assert pump.lead_time == 14
        assert pump.prices.filter(amount=255).exists()

    def test_stay_away_when_they_are_excluded(self, ada, pump, monkeypatch):
        monkeypatch.setattr(PartAdmin, "exclude", ("lead_time", "price", "prices"))

        sent = filled(ada.get(page_of(pump)))

        assert "units" in sent
        assert not [name for name in sent if name == "lead_time" or name.startswith("prices")]

    def test_of_rows_come_as_columns(self, ada, pump, monkeypatch):
        monkeypatch.setattr(PartAdmin, "inlines", (DescriptionInline, PriceInline))
        monkeypatch.setattr(PriceInline, "fields", ("currency", "amount"))

        assert "prices-0-minimum_quantity" in filled(ada.get(page_of(pump)))


class TestHistory:
    def test_shows_each_change_field_by_field(self, ada, pump):
        ada.post(page_of(pump), filled(ada.get(page_of(pump)), lead_time="14", prices_1_amount="255"))

        text = said(ada.get(page_of(pump, "history")))

        assert "Updated, version 2" in text
        assert "by ada with admin call" in text
        assert "Lead time -1 14" in text
        assert "Price USD 250 255" in text
        assert "Created, version 1 2026-11-21 12:00 by bob with password call call-2" in text
        assert "2 changes" in text

    def test_costs_the_same_for_any_number_of_changes(self, ada, pump):
        few = queries(ada, page_of(pump, "history"))
        for lead_time in range(30):
            with transaction.atomic():
                PARTS.update(records=[{"number": "PUMP-100", "lead_time": str(lead_time)}], by=BOB, at=NOW)

        assert queries(ada, page_of(pump, "history")) == few == 6

    def test_turns_pages(self, ada, pump):
        for lead_time in range(60):
            with transaction.atomic():
                PARTS.update(records=[{"number": "PUMP-100", "lead_time": str(lead_time)}], by=BOB, at=NOW)

        assert "Created, version 1" not in said(ada.get(page_of(pump, "history")))
        assert "Created, version 1" in said(ada.get(page_of(pump, "history"), {"p": "2"}))

    def test_of_a_part_that_is_gone_leads_home(self, ada, pump):
        address = page_of(pump, "history")
        Part.objects.all().delete()

        assert ada.get(address).status_code == 302


class TestRights:
    @pytest.mark.parametrize("page", PAGES)
    def test_anonymous_is_sent_to_sign_in(self, pump, page):
        address = LIST if page == "list" else page_of(pump, PAGES[page])

        response = Client().get(address)

        assert response.status_code == 302
        assert response.url.startswith("/admin/login/")

    @pytest.mark.parametrize("page", PAGES)
    def test_bob_is_kept_out(self, person, pump, page):
        address = LIST if page == "list" else page_of(pump, PAGES[page])

        assert person("bob", is_staff=False).get(address).status_code == 302
        assert person("bob2").get(address).status_code == 403

    def test_bob_can_neither_save_nor_remove(self, ada, person, pump):
        bob = person("bob")

        assert bob.post(page_of(pump), filled(ada.get(page_of(pump)), notes="Bob's.")).status_code == 403
        assert bob.post(page_of(pump, "delete"), {"post": "yes"}).status_code == 403
        bob.post(LIST, {"action": "delete_selected", "_selected_action": [pump.pk], "post": "yes"})
        assert Part.objects.get().version == 1

    def test_who_may_only_look_sees_a_part_to_read_only(self, ada, person, pump):
        viewer = person("vera", "view_part")

        page = viewer.get(page_of(pump))
        saved = viewer.post(page_of(pump), filled(ada.get(page_of(pump)), notes="Vera's."))
        viewer.post(LIST, {"action": "deactivate", "_selected_action": [pump.pk]})

        assert {"lead_time", "prices-0-amount"}.isdisjoint(filled(page))
        assert "Pump, small" in said(page)
        assert "USD - 1 - - 250" in said(page)
        assert saved.status_code == 403
        assert Part.objects.get().version == 1

    def test_who_may_change_a_part_may_change_its_prices(self, person, pump):
        clerk = person("clerk", "view_part", "change_part")

        clerk.post(page_of(pump), filled(clerk.get(page_of(pump)), prices_1_amount="1"))

        assert pump.prices.filter(amount=1).exists()

    def test_who_may_not_delete_is_not_offered_to(self, person, pump):
        clerk = person("clerk", "view_part", "change_part")

        assert b"delete_selected" not in clerk.get(LIST).content
        assert b"deactivate" in clerk.get(LIST).content
