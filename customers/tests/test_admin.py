"""Customers, contacts and customer parts in the admin: saving, naming other records, removing."""

import pytest
from django.contrib.auth.hashers import check_password

from customers.models import Contact, Customer, CustomerPart, PortalUser
from customers.services import CUSTOMERS
from customers.tests import crm
from records.models import Change, CustomField
from records.tests.cast import table
from records.tests.pages import ABSENT, change, errors, filled, page_of, said

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world(db):
    crm.build()


def add(client, address: str, **typed):
    return client.post(address, filled(client.get(address), **typed))


def latest() -> dict:
    return Change.objects.latest("id").fields


class TestCustomer:
    ADD = "/admin/customers/customer/add/"

    def test_draws_its_number_when_none_is_typed(self, ada):
        response = add(ada, self.ADD, company="Drawn Inc.", country="DEU")

        assert response.status_code == 302
        drawn = Customer.objects.get(company="Drawn Inc.")
        assert drawn.number.isdigit()
        assert drawn.country.name == "Germany"

    def test_keeps_the_number_that_is_typed(self, ada):
        add(ada, self.ADD, number="GAMMA")

        assert Customer.objects.filter(number="GAMMA").exists()

    def test_shows_its_number_to_read_only(self, ada):
        assert "number" not in filled(ada.get(page_of(crm.acme())))

    def test_names_other_records_by_what_they_go_by(self, ada):
        shown = filled(ada.get(page_of(crm.acme())))

        assert (shown["country"], shown["customer_type"], shown["territory"], shown["owner"]) == (
            "USA", "Bill To", "", "",
        )  # fmt: skip

    def test_journals_what_was_named_before_and_after(self, ada):
        change(ada, crm.acme(), customer_type="Ship To", owner="ada")

        assert latest() == {"customer_type": ["Bill To", "Ship To"], "owner": [None, "ada"]}
        assert "Customer type Bill To Ship To" in said(ada.get(page_of(crm.acme(), "history")))

    def test_clears_what_was_named(self, ada):
        change(ada, crm.acme(), customer_type="")

        assert crm.acme().customer_type is None

    REFUSALS = {
        "a country that is none": ("country", "XXX", "country", "Country names no country: 'XXX' is not known."),
        "a state of another country": ("state", "QQ", "state", "State 'QQ' is no state of USA; nearest are "),
        "no address": ("email", "nowhere", "email", "E-mail does not take 'nowhere'"),
    }

    @pytest.mark.parametrize("field, typed, name, words", table(REFUSALS))
    def test_refuses_at_the_right_field(self, ada, field, typed, name, words):
        found = errors(change(ada, crm.acme(), **{field: typed}))

        assert list(found) == [name]
        assert words in found[name][0]

    def test_keeps_a_choice_that_was_refused(self, ada):
        again = filled(change(ada, crm.acme(), country="DEU", state="OH"))

        assert (again["country"], again["state"]) == ("DEU", "OH")

    def test_has_custom_fields_and_limits(self, ada):
        CustomField.objects.create(resource="customer", name="tier", label="Tier")

        change(ada, crm.acme(), custom_tier="gold")

        assert crm.acme().custom == {"tier": "gold"}

    def test_in_use_is_made_inactive_and_the_page_says_so_beforehand(self, ada):
        asked = said(ada.get(page_of(crm.acme(), "delete")))
        response = ada.post(page_of(crm.acme(), "delete"), {"post": "yes"}, follow=True)

        assert "ACME (Acme Engines) is in use: it will not be deleted, but made inactive." in asked
        assert "1 customer in use: made inactive instead of deleted." in said(response)
        assert not crm.acme().active

    def test_out_of_use_is_deleted(self, ada):
        beta = Customer.objects.get(number="BETA")

        asked = said(ada.get(page_of(beta, "delete")))
        ada.post(page_of(beta, "delete"), {"post": "yes"})

        assert "is in use" not in asked
        assert not Customer.objects.filter(number="BETA").exists()

    def test_is_only_asked_about_when_the_page_of_deletion_is_opened(self, ada):
        changes = Change.objects.count()

        ada.get(page_of(crm.acme(), "delete"))

        assert (crm.acme().active, crm.acme().version, Change.objects.count()) == (True, 1, changes)

    def test_is_switched_off_with_others(self, ada):
        chosen = {"action": "deactivate", "_selected_action": list(Customer.objects.values_list("pk", flat=True))}

        response = ada.post("/admin/customers/customer/", chosen, follow=True)

        assert not Customer.objects.filter(active=True).exists()
        assert "2 customers changed." in said(response)


class TestAddresses:
    WORKS = {"label": "Works", "kind": "shipping", "city": "Akron", "country": "USA", "state": "OH"}

    @pytest.fixture(autouse=True)
    def address(self, world):
        crm.added(CUSTOMERS, {"number": "GAMMA", "addresses": [self.WORKS]})

    @property
    def customer(self):
        return Customer.objects.get(number="GAMMA")

    def test_are_named_by_what_tells_them_apart(self, ada):
        assert "Works: shipping, Akron" in said(ada.get(page_of(self.customer)))

    def test_are_changed_added_and_removed_with_their_customer(self, ada):
        new = {"addresses-TOTAL_FORMS": "2", "addresses-1-label": "Office", "addresses-1-active": "on"}
        change(ada, self.customer, addresses_0_city="Toledo", addresses_1_kind="billing", **new)
        changed = latest()
        change(ada, self.customer, addresses_1_DELETE="on")

        assert changed == {
            "addresses.Works.city": ["Akron", "Toledo"],
            "addresses.Office.kind": [None, "billing"],
            "addresses.Office.active": [None, "true"],
        }
        # The rows are in the order of their labels: Office, Works.
        assert [address.label for address in self.customer.addresses.all()] == ["Office"]

    def test_show_what_is_wrong_beside_the_field(self, ada):
        response = change(ada, self.customer, addresses_0_state="NSW")

        [sentence] = errors(response)["addresses-0-state"]
        assert sentence.startswith("State 'NSW' is no state of USA; nearest are ")


class TestContact:
    ADD = "/admin/customers/contact/add/"

    def test_belongs_to_a_customer(self, ada):
        missing = add(ada, self.ADD, last_name="Nobody")
        response = add(ada, self.ADD, customer="BETA", last_name="Beta")

        assert errors(missing) == {"customer": ["Customer is required."]}
        assert response.status_code == 302
        assert Contact.objects.get(last_name="Beta").customer.number == "BETA"

    def test_comes_with_the_customer_that_its_address_names(self, ada):
        assert filled(ada.get(self.ADD, {"customer": "BETA"}))["customer"] == "BETA"

    def test_never_shows_a_password(self, ada):
        page = ada.get(page_of(crm.contact()))

        assert b'<input type="password" name="portal_users-0-password"' in page.content
        assert "portal_users-0-password" not in filled(page)
        assert b"argon2" not in page.content
        assert "a-long-secret" not in page.content.decode()

    def test_keeps_a_password_out_of_the_history(self, ada):
        page = ada.get(page_of(crm.contact(), "history"))

        assert "Portals Shop, e-mail — ada@acme.example" in said(page)
        assert "Portals Shop, password" not in said(page)
        assert b"argon2" not in page.content

    def test_keeps_a_password_that_is_left_blank(self, ada):
        before = PortalUser.objects.get().password

        change(ada, crm.contact(), portal_users_0_email="Ada@New.Example")

        user = PortalUser.objects.get()
        assert (user.email, user.password) == ("ada@new.example", before)

    def test_takes_a_new_password_and_tells_nobody(self, ada):
        change(ada, crm.contact(), portal_users_0_password="another-secret")

        assert check_password("another-secret", PortalUser.objects.get().password)
        assert "another-secret" not in str(list(Change.objects.values_list("fields", flat=True)))

    def test_shows_no_password_again_that_was_refused_with_the_rest(self, ada):
        response = change(ada, crm.contact(), portal_users_0_password="another-secret", email="nowhere")

        assert list(errors(response)) == ["email"]
        assert b"another-secret" not in response.content

    def test_enters_another_portal(self, ada):
        page = ada.get(page_of(crm.contact()))
        typed = {
            "portal_users-TOTAL_FORMS": "2", "portal_users-1-portal": "Help", "portal_users-1-active": "on",
            "portal_users-1-email": "help@acme.example", "portal_users-1-password": "third-secret",
        }  # fmt: skip

        response = ada.post(page_of(crm.contact()), {**filled(page), **typed})

        assert response.status_code == 302
        assert set(PortalUser.objects.values_list("portal__name", "active")) == {("Shop", True), ("Help", True)}

    def test_keeps_the_portal_of_a_row_that_exists(self, ada):
        before = PortalUser.objects.get().password

        change(ada, crm.contact(), portal_users_0_portal="Help", portal_users_0_active=ABSENT)

        user = PortalUser.objects.get()
        assert (user.portal.name, user.active, user.password) == ("Shop", False, before)

    def test_refuses_an_unknown_portal_at_its_row(self, ada):
        page = ada.get(page_of(crm.contact()))
        typed = {"portal_users-TOTAL_FORMS": "2", "portal_users-1-portal": "None", "portal_users-1-email": "a@b.c"}

        response = ada.post(page_of(crm.contact()), {**filled(page), **typed})

        assert errors(response) == {"portal_users-1-portal": ["Portal names no portal: 'None' is not known."]}


class TestCustomerPart:
    ADD = "/admin/customers/customerpart/add/"

    def test_is_known_by_customer_part_and_number(self, ada):
        response = add(ada, self.ADD, customer="BETA", part="PUMP-100", number="B-1", discount="5")
        taken = add(ada, self.ADD, customer="BETA", part="PUMP-100", number="B-1")

        assert response.status_code == 302
        assert CustomerPart.objects.get(number="B-1").customer.number == "BETA"
        assert "Customer part BETA / PUMP-100 / B-1 exists already." in str(errors(taken))

    def test_shows_its_key_to_read_only_and_as_links(self, ada):
        page = ada.get(page_of(crm.customer_part()))

        assert {"customer", "part", "number"}.isdisjoint(filled(page))
        assert f'href="{page_of(crm.acme())}"' in page.content.decode()
        assert "ACME (Acme Engines)" in said(page)

    def test_is_changed_by_its_key(self, ada):
        change(ada, crm.customer_part(), discount="3", partial_shipment="true", early_shipment="")

        stored = crm.customer_part()
        assert (stored.discount, stored.partial_shipment, stored.early_shipment) == (3, True, None)
        assert latest() == {"discount": ["2.5", "3"], "partial_shipment": [None, "true"]}

    def test_has_two_answers_and_none_for_a_flag(self, ada):
        change(ada, crm.customer_part(), partial_shipment="false")

        assert crm.customer_part().partial_shipment is False
        assert filled(ada.get(page_of(crm.customer_part())))["partial_shipment"] == "false"

    def test_is_deleted_with_others(self, ada):
        chosen = {"action": "delete_selected", "_selected_action": [crm.customer_part().pk], "post": "yes"}

        ada.post("/admin/customers/customerpart/", chosen)

        assert not CustomerPart.objects.exists()


class TestNames:
    CUSTOMERS = "/admin/customers/contact/names/customer/"

    def names(self, client, address: str, **asked) -> list[str]:
        return [choice["id"] for choice in client.get(address, asked).json()["results"]]

    def test_are_found_by_the_beginning_of_a_number_and_by_words(self, ada):
        assert self.names(ada, self.CUSTOMERS) == ["ACME", "BETA"]
        assert self.names(ada, self.CUSTOMERS, term="BE") == ["BETA"]
        assert self.names(ada, self.CUSTOMERS, term="engines") == ["ACME"]

    def test_that_begin_with_what_is_typed_come_first(self, ada):
        crm.added(CUSTOMERS, {"number": "AAA", "company": "Zeta Ltd"}, {"number": "ZETA"})

        assert self.names(ada, self.CUSTOMERS, term="zeta") == ["ZETA", "AAA"]

    def test_come_with_what_they_stand_for_and_where_it_is(self, ada):
        [choice] = ada.get(self.CUSTOMERS, {"term": "ACME"}).json()["results"]

        assert choice == {"id": "ACME", "text": "ACME (Acme Engines)", "address": page_of(crm.acme())}

    def test_of_parts_show_their_descriptions_and_are_found_by_customers_numbers(self, ada):
        address = "/admin/customers/customerpart/names/part/"

        [choice] = ada.get(address, {"term": "OUR-P"}).json()["results"]

        assert choice["text"] == "PUMP-100 (Pump, small)"

    def test_of_countries_are_their_codes(self, ada):
        assert self.names(ada, "/admin/customers/customer/names/country/", term="Germ") == ["DEU"]

    def test_leave_out_what_is_inactive(self, ada):
        change(ada, Customer.objects.get(number="BETA"), active=ABSENT)

        assert self.names(ada, self.CUSTOMERS) == ["ACME"]

    def test_of_rows_are_found_too(self, ada):
        assert self.names(ada, "/admin/customers/contact/names/portals.portal/") == ["Help", "Shop"]

    @pytest.mark.parametrize("path", ["number", "nothing", "portals.email", "customer.number", "portals.portal.name"])
    def test_are_only_of_fields_that_name_records(self, ada, path):
        assert ada.get(f"/admin/customers/contact/names/{path}/").status_code == 404

    def test_are_for_those_who_may_see_what_is_named(self, person):
        clerk = person("clerk", "view_contact", "change_contact")

        assert clerk.get(self.CUSTOMERS).status_code == 403

    def test_are_typed_by_those_who_may_not(self, person):
        clerk = person("clerk", "view_contact", "change_contact")

        page = clerk.get(page_of(crm.contact()))
        change(clerk, crm.contact(), customer="BETA")

        assert b'<input type="text" name="customer" value="ACME"' in page.content
        assert crm.contact().customer.number == "BETA"

    def test_are_not_for_strangers(self, client):
        assert client.get(self.CUSTOMERS).status_code == 302
