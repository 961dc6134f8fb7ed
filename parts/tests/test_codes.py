"""Languages and currencies: those that a site begins with, the pages of them, the settings that name some."""

import pycountry
import pytest
from django.core import checks
from django.urls import reverse

from parts.codes import CURRENCIES
from parts.models import Currency, Language
from records.checks import UNKNOWN_CODE
from records.tests.cast import table
from records.tests.pages import errors, filled, said

# Metals, units of accounts and the code for tests: ISO 4217 has "N.A." for their digits, and pycountry has no digits.
WITHOUT_MINOR_UNIT = {"XAG", "XAU", "XBA", "XBB", "XBC", "XBD", "XDR", "XPD", "XPT", "XSU", "XTS", "XUA", "XXX"}
LISTS = {Language: "/admin/parts/language/", Currency: "/admin/parts/currency/"}


def page(code) -> str:
    return reverse(f"admin:parts_{type(code)._meta.model_name}_change", args=[code.pk])


def test_a_site_begins_with_the_currencies_of_iso_that_have_a_minor_unit():
    known = {code for names in CURRENCIES.values() for code in names}

    assert known | WITHOUT_MINOR_UNIT == {each.alpha_3 for each in pycountry.currencies}
    assert not known & WITHOUT_MINOR_UNIT


REFUSED = {
    "no code of a language": (Language, "Dutch!"),
    "capital letters": (Language, "EN"),
    "small letters": (Currency, "usd"),
    "one that is there": (Currency, "USD"),
}


class TestPages:
    def test_add_a_language(self, ada):
        add = f"{LISTS[Language]}add/"

        ada.post(add, filled(ada.get(add), code="gsw", name="Swiss German"))

        assert Language.objects.get(code="gsw").active

    @pytest.mark.parametrize("model, code", table(REFUSED))
    def test_refuse_what_is_no_code_or_is_there(self, ada, model, code):
        add = f"{LISTS[model]}add/"
        before = model.objects.count()

        response = ada.post(add, filled(ada.get(add), code=code, name="X"))

        assert "code" in errors(response)
        assert model.objects.count() == before

    def test_switch_off_and_on(self, ada):
        zloty = Currency.objects.get(code="PLN")
        for action, active in {"deactivate": False, "activate": True}.items():
            ada.post(LISTS[Currency], {"action": action, "_selected_action": [zloty.pk]})
            zloty.refresh_from_db()
            assert zloty.active is active

    def test_do_not_switch_off_what_a_setting_names(self, ada):
        dollar = Currency.objects.get(code="USD")

        response = ada.post(LISTS[Currency], {"action": "deactivate", "_selected_action": [dollar.pk]}, follow=True)
        on_its_page = ada.post(page(dollar), filled(ada.get(page(dollar)), active=""))

        assert "The setting DEFAULT_CURRENCY names USD, so it stays active." in said(response)
        assert errors(on_its_page)["active"] == ["The setting DEFAULT_CURRENCY names USD, so it stays active."]
        assert Currency.objects.get(code="USD").active

    def test_do_not_delete_what_records_or_settings_have(self, ada, pump):
        pages = [page(Currency.objects.get(code=code)).replace("change", "delete") for code in ("EUR", "USD", "PLN")]

        texts = [said(ada.get(each)) for each in pages]

        assert "EUR (Euro) is in use: it will not be deleted, but made inactive." in texts[0]
        assert "The setting DEFAULT_CURRENCY names USD, so it cannot be removed." in texts[1]
        for each in pages:
            ada.post(each, {"post": "yes"})
        left = Currency.objects.filter(code__in=["EUR", "USD", "PLN"])
        assert dict(left.values_list("code", "active")) == {"EUR": False, "USD": True}

    def test_are_for_those_with_the_right(self, person):
        assert person("eve").get(LISTS[Language]).status_code == 403
        assert person("bob", "view_language").get(LISTS[Language]).status_code == 200


class TestSettings:
    def find(self):
        return [each.msg for each in checks.run_checks(databases=["default"]) if each.id == UNKNOWN_CODE]

    def test_name_codes_of_the_site(self, db):
        assert self.find() == []

    def test_that_name_others_are_found(self, db, settings):
        settings.DEFAULT_CURRENCY = "DEM"
        settings.DIALECT_TERMS = {"ecosys": {"language": "gsw"}}

        assert self.find() == [
            "The setting DIALECT_TERMS names 'gsw', which is none of the active languages of this site.",
            "The setting DEFAULT_CURRENCY names 'DEM', which is none of the active currencies of this site.",
        ]
