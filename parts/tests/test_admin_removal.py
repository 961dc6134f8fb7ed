"""Removing and switching parts in the admin: through the services, one or many."""

import pytest
from django.urls import reverse

from parts.models import Part, Price
from parts.tests.catalogue import made
from records.models import Change
from records.tests.pages import said

LIST = "/admin/parts/part/"


class TestRemove:
    def test_deletes_a_part_and_journals_it(self, ada, pump):
        response = ada.post(reverse("admin:parts_part_delete", args=[pump.pk]), {"post": "yes"}, follow=True)

        assert not Part.objects.exists()
        assert not Price.objects.exists()
        assert Change.objects.latest("id").result == "deleted"
        assert "was deleted successfully" in said(response)

    def test_makes_a_part_that_is_in_use_inactive_and_says_so(self, ada, pump, in_use):
        response = ada.post(reverse("admin:parts_part_delete", args=[pump.pk]), {"post": "yes"}, follow=True)

        pump.refresh_from_db()
        assert not pump.active
        assert "1 part in use: made inactive instead of deleted." in said(response)
        assert "deleted successfully" not in said(response)

    def test_deletes_many_in_one_batch(self, ada, pump, sent, in_use):
        other = made({"number": "VALVE-1"})
        chosen = {"action": "delete_selected", "_selected_action": [pump.pk, other.pk]}

        asked = ada.post(LIST, chosen)
        response = ada.post(LIST, {**chosen, "post": "yes"}, follow=True)

        assert "What is in use is not deleted, but made inactive." in said(asked)
        assert sent == [{"number": "PUMP-100"}, {"number": "VALVE-1"}]
        assert [(part.number, part.active) for part in Part.objects.all()] == [("PUMP-100", False)]
        assert "1 part deleted." in said(response)
        assert "1 part in use: made inactive instead of deleted." in said(response)

    @pytest.fixture
    def in_use(self, monkeypatch):
        """PUMP-100 is used by something that this app does not know."""
        used = Part.objects.filter(number="PUMP-100").values_list("pk", flat=True)
        monkeypatch.setattr("records.write.removal._find_used_ids", lambda plan, ids: set(used) & set(ids))


class TestActions:
    @pytest.mark.parametrize("action, active", [("activate", True), ("deactivate", False)])
    def test_switch_many_in_one_batch(self, ada, pump, sent, action, active):
        parts = [pump, made({"number": "VALVE-1", "active": "false"})]

        response = ada.post(LIST, {"action": action, "_selected_action": [p.pk for p in parts]}, follow=True)

        assert len(sent) == 2
        assert set(Part.objects.values_list("active", flat=True)) == {active}
        assert "1 part changed. 1 part left as they were." in said(response).replace("check_circle ", "")
        assert Change.objects.latest("id").fields == {"active": [str(not active).lower(), str(active).lower()]}
