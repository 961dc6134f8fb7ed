"""The site's own pages in the admin: home, definitions, changes, people; and the checks of all pages."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from parts.admin import DescriptionInline, PartAdmin
from parts.models import Part, PartDescription, Price
from parts.tests.catalogue import made
from records.checks import check_pages
from records.models import Change, CustomField, FieldRule
from records.tests.pages import errors, filled, said


class TestChecks:
    def test_let_the_sites_own_pages_pass(self):
        assert check_pages(admin.site) == []

    @pytest.mark.parametrize("model", [Part, Price, PartDescription])
    def test_refuse_a_page_that_would_go_around_the_services(self, model):
        site = admin.AdminSite("other")
        if model is not Part:
            site.register(Part, PartAdmin)
        site.register(model, type("PlainAdmin", (admin.ModelAdmin,), {}))

        (error,) = check_pages(site)

        assert error.id == "webservices.E010"
        assert error.msg == f"PlainAdmin would write parts.{model.__name__} without its services."

    def test_refuse_an_inline_whose_rows_would_be_lost(self):
        plain = type("PlainInline", (admin.TabularInline,), {"model": Price})
        unknown = type("UnknownInline", (DescriptionInline,), {"field": "descriptoin"})
        site = admin.AdminSite("other")
        site.register(Part, type("BadAdmin", (PartAdmin,), {"inlines": (DescriptionInline, plain, unknown)}))

        assert [(error.id, error.obj) for error in check_pages(site)] == [
            ("webservices.E011", plain),
            ("webservices.E011", unknown),
        ]


class TestHome:
    def test_has_the_integration_platform_with_web_services(self, ada):
        page = ada.get("/admin/")

        assert "Integration Platform lan Web Services" in said(page)
        for address in ("/admin/webservices/test/", "/v2_0/receiver/parts?wsdl", "/api/v1/docs/"):
            assert f'href="{address}"'.encode() in page.content

    def test_shows_how_many_records_there_are_and_what_happened_last(self, ada, pump):
        text = said(ada.get("/admin/"))

        assert "inventory_2 1 part Their" in text
        assert "receipt_long 0 sales orders What" in text
        assert "Part PUMP-100 created" in text

    def test_shows_only_what_one_may_see(self, person, pump):
        text = said(person("bob").get("/admin/"))

        assert "Web Services" in text
        assert "Their descriptions" not in text
        assert "PUMP-100" not in text

    def test_costs_few_queries(self, ada, pump):
        with CaptureQueriesContext(connection) as captured:
            ada.get("/admin/")

        assert len(captured) == 6

    def test_asks_nothing_of_other_hosts(self, ada):
        for address in ("/admin/", "/admin/parts/part/", "/admin/login/"):
            assert b'src="http' not in ada.get(address).content
            assert b'<link href="http' not in ada.get(address).content

    def test_sends_anonymous_to_sign_in(self, db):
        assert Client().get("/admin/").url == "/admin/login/?next=/admin/"


class TestCustomFields:
    ADD = "/admin/records/customfield/add/"

    def test_are_defined_for_a_kind_of_record(self, ada):
        typed = {
            "resource": "part",
            "name": "tier",
            "label": "Tier",
            "type": "menu",
            "choices": "gold, 1\r\nsilver\r\n",
        }

        response = ada.post(self.ADD, filled(ada.get(self.ADD), **typed))

        assert response.status_code == 302
        assert CustomField.objects.get().choices == ["gold, 1", "silver"]

    @pytest.mark.parametrize(
        "typed, name",
        [
            ({"type": "menu"}, "choices"),
            ({"type": "text", "choices": "one"}, "choices"),
            ({"name": "Tier"}, "name"),
            ({"name": "user_token"}, "name"),
            ({"label": "Pin"}, "label"),
            ({"resource": ""}, "resource"),
        ],
    )
    def test_are_refused_at_the_right_field(self, ada, typed, name):
        criteria_record = {"resource": "part", "name": "tier", "label": "Tier", "type": "text", **typed}

        response = ada.post(self.ADD, filled(ada.get(self.ADD), **criteria_record))

        assert name in errors(response)

    def test_keep_their_name_and_type(self, ada):
        field = CustomField.objects.create(resource="part", name="tier", label="Tier")

        shown = filled(ada.get(f"/admin/records/customfield/{field.pk}/change/"))

        assert {"resource", "name", "type"}.isdisjoint(shown)
        assert shown["label"] == "Tier"


class TestLimits:
    ADD = "/admin/records/fieldrule/add/"

    def test_are_for_fields_that_exist(self, ada):
        typed = {"resource": "part", "field": "notess", "max_length": "10"}

        response = ada.post(self.ADD, filled(ada.get(self.ADD), **typed))

        assert errors(response) == {"field": ["notess is not a field of a part. Did you mean notes?"]}

    def test_of_length_are_for_texts(self, ada):
        typed = {"resource": "part", "field": "units", "max_length": "10"}

        response = ada.post(self.ADD, filled(ada.get(self.ADD), **typed))

        assert list(errors(response)) == ["max_length"]

    def test_are_kept(self, ada):
        typed = {"resource": "part", "field": "notes", "max_length": "10"}

        ada.post(self.ADD, filled(ada.get(self.ADD), **typed))

        assert FieldRule.objects.get().max_length == 10


class TestChanges:
    def test_are_listed_latest_first_and_found_by_key_and_call(self, ada, pump):
        made({"number": "VALVE-1"})

        assert said(ada.get("/admin/records/change/")).index("VALVE-1") > 0
        assert "VALVE-1" not in said(ada.get("/admin/records/change/", {"q": "PUMP-100"}))
        assert "PUMP-100" in said(ada.get("/admin/records/change/", {"q": "call-2"}))

    def test_are_shown_field_by_field(self, ada, pump):
        page = ada.get(f"/admin/records/change/{Change.objects.get().pk}/change/")

        assert "— → Pump, small" in said(page)

    def test_can_be_neither_made_nor_altered_nor_removed(self, ada, pump):
        change = Change.objects.get().pk

        assert ada.get("/admin/records/change/add/").status_code == 403
        assert ada.post(f"/admin/records/change/{change}/change/", {"key": "x"}).status_code == 403
        assert ada.post(f"/admin/records/change/{change}/delete/", {"post": "yes"}).status_code == 403

    def test_cost_the_same_for_any_number(self, ada, pump):
        with CaptureQueriesContext(connection) as few:
            ada.get("/admin/records/change/")
        made(*({"number": f"P-{n}"} for n in range(50)))
        with CaptureQueriesContext(connection) as more:
            ada.get("/admin/records/change/")

        assert len(more) == len(few)


class TestPeople:
    @pytest.mark.parametrize("address", ["auth/user/", "auth/user/add/", "auth/group/", "auth/group/add/"])
    def test_have_their_pages(self, ada, address):
        assert ada.get(f"/admin/{address}").status_code == 200

    def test_are_made_with_a_password_that_is_stored_hashed(self, ada):
        typed = {"username": "carol", "password1": "a-long-secret-1", "password2": "a-long-secret-1"}

        ada.post("/admin/auth/user/add/", {**typed, "usable_password": "true"})

        assert User.objects.get(username="carol").password.startswith("argon2")
