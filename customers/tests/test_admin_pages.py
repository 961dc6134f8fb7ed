"""The pages of customers, contacts, customer parts and the tables that they name: lists, links, what they cost."""

import pytest
from lxml import html

from customers.models import Contact, Country, Customer, CustomerPart, State
from customers.services import CONTACTS, CUSTOMER_PARTS, CUSTOMERS
from customers.tests import crm
from parts.models import Part
from records.models import Change
from records.tests.cast import table
from records.tests.pages import errors, filled, page_of, queries, said

pytestmark = pytest.mark.django_db

LISTS = {model: f"/admin/customers/{model._meta.model_name}/" for model in (Customer, Contact, CustomerPart)}


@pytest.fixture(autouse=True)
def world(db):
    crm.build()


def grow() -> None:
    """More of everything, each naming others."""
    numbers = [f"{n:04}" for n in range(40)]
    added = crm.added
    added(CUSTOMERS, *({**crm.ACME, "number": f"C{n}", "territory": "", "owner": ""} for n in numbers))
    added(CONTACTS, *({"number": f"K{n}", "customer": "ACME", "last_name": "Byron"} for n in numbers))
    added(CUSTOMER_PARTS, *({"customer": "ACME", "part": "PUMP-100", "number": f"N{n}"} for n in numbers))


class TestLists:
    FOUND = {
        "a customer by its number": (Customer, "ACM", "ACME"),
        "a customer by its city": (Customer, "cleve", "ACME"),
        "a contact by name": (Contact, "byr", "A1"),
        "a contact by e-mail": (Contact, "A1", "A1"),
        "a customer part by its number": (CustomerPart, "OUR", "OUR-PUMP"),
        "a customer part by our number": (CustomerPart, "PUMP", "OUR-PUMP"),
        "a customer part by its customer": (CustomerPart, "ACME", "OUR-PUMP"),
    }

    @pytest.mark.parametrize("model, words, shown", table(FOUND))
    def test_find(self, ada, model, words, shown):
        text = said(ada.get(LISTS[model], {"q": words}))

        assert shown in text
        assert f"1 {model._meta.verbose_name}" in text

    @pytest.mark.parametrize("model", LISTS)
    def test_find_nothing_by_other_words(self, ada, model):
        assert f"0 {model._meta.verbose_name_plural}" in said(ada.get(LISTS[model], {"q": "zebra"}))

    def test_show_whom_and_what_a_record_names(self, ada):
        text = said(ada.get(LISTS[CustomerPart]))

        assert "ACME (Acme Engines)" in text
        assert "PUMP-100" in text

    COSTS = {"customers": (Customer, 4), "contacts": (Contact, 3), "customer parts": (CustomerPart, 3)}

    @pytest.mark.parametrize("model, number", table(COSTS))
    def test_cost_the_same_for_any_number(self, ada, model, number):
        few = queries(ada, LISTS[model])
        grow()

        assert queries(ada, LISTS[model]) == few == number

    def test_narrow_to_one_customer(self, ada):
        crm.added(CONTACTS, {"number": "B1", "customer": "BETA"})

        text = said(ada.get(LISTS[Contact], {"customer__id__exact": crm.acme().pk}))

        assert "A1" in text
        assert "B1" not in text


class TestPages:
    COSTS = {"a customer": (crm.acme, 6), "a contact": (crm.contact, 6), "a customer part": (crm.customer_part, 4)}

    @pytest.mark.parametrize("record, number", table(COSTS))
    def test_cost_the_same_for_any_number(self, ada, record, number):
        few = queries(ada, page_of(record()))
        grow()

        assert queries(ada, page_of(record())) == few == number

    @pytest.mark.parametrize("record", [crm.acme, crm.contact, crm.customer_part])
    def test_have_a_history_that_costs_little(self, ada, record):
        assert queries(ada, page_of(record(), "history")) == 6

    @pytest.mark.parametrize("record", [crm.acme, crm.contact, crm.customer_part])
    def test_are_shown_to_those_who_may_only_look(self, person, record):
        name = record()._meta.model_name
        page = person("vera", f"view_{name}").get(page_of(record()))

        assert page.status_code == 200
        assert "ACME" in said(page)
        assert {"email", "description", "active"}.isdisjoint(filled(page))


class TestLinks:
    def test_of_a_customer_lead_to_what_names_it(self, ada):
        page = ada.get(page_of(crm.acme()))

        assert "1 contact 1 customer part 0 sales orders" in said(page)
        assert f'href="/admin/customers/contact/?customer__id__exact={crm.acme().pk}"' in page.content.decode()

    def test_of_a_part_lead_to_what_names_it(self, ada):
        page = ada.get(page_of(Part.objects.get()))

        assert "1 customer part 0 sales orders" in said(page)

    def test_are_for_those_who_may_see_what_they_lead_to(self, person):
        text = said(person("vera", "view_customer", "view_contact").get(page_of(crm.acme())))

        assert "1 contact" in text
        assert "1 customer part" not in text

    def test_lead_from_a_contact_to_its_customer(self, ada):
        page = ada.get(page_of(crm.contact())).content.decode()

        assert f'href="{page_of(crm.acme())}" title="Open it"' in page

    def test_of_a_new_record_are_none(self, ada):
        assert "0 contacts" not in said(ada.get("/admin/customers/customer/add/"))


class TestTables:
    PLACES = ("country", "state", "territory", "customertype", "portal")

    @pytest.mark.parametrize("name", PLACES)
    def test_have_their_pages(self, ada, name):
        assert ada.get(f"/admin/customers/{name}/").status_code == 200
        assert ada.get(f"/admin/customers/{name}/", {"q": "x"}).status_code == 200
        assert ada.get(f"/admin/customers/{name}/add/").status_code == 200

    def test_of_states_take_a_new_one(self, ada):
        add = "/admin/customers/state/add/"

        ada.post(add, filled(ada.get(add), country="DEU", code="ZZ", name="Elsewhere"))

        state = State.objects.get(country__code="DEU", code="ZZ")
        assert (state.name, state.version, state.created_by) == ("Elsewhere", 1, "ada")
        assert "Elsewhere" in said(ada.get(page_of(state, "history")))

    def test_rename_what_records_name_and_journal_it(self, ada):
        bill_to = crm.acme().customer_type

        ada.post(page_of(bill_to), filled(ada.get(page_of(bill_to)), name="Payer"))

        assert crm.acme().customer_type.name == "Payer"
        assert Change.objects.latest("id").fields == {"name": ["Bill To", "Payer"]}

    def test_refuse_a_name_that_is_taken(self, ada):
        page = page_of(crm.acme().customer_type)

        response = ada.post(page, filled(ada.get(page), name="Ship To"))

        assert errors(response)["name"] == ["Another customer type has this Name already."]

    def test_refuse_a_code_that_is_none(self, ada):
        add = "/admin/customers/country/add/"

        response = ada.post(add, filled(ada.get(add), code="xx", code2="x", name="Nowhere"))

        assert set(errors(response)) == {"code", "code2"}

    def test_keep_what_a_record_names(self, ada):
        country = Country.objects.get(code="USA")

        text = said(ada.get(page_of(country, "delete")))
        ada.post(page_of(country, "delete"), {"post": "yes"})

        assert "Cannot delete country" in text
        assert Country.objects.filter(code="USA").exists()

    def test_cost_little(self, ada):
        assert queries(ada, "/admin/customers/country/") == 4


class TestDefinitions:
    CHOICES = {
        "custom fields are for what can hold them": (
            "customfield",
            ["", "contact", "customer", "customer_part", "part", "sales_order"],
        ),
        "limits are for all": (
            "fieldrule",
            ["", "contact", "customer", "customer_part", "part", "sales_order", "shipment"],
        ),
    }

    @pytest.mark.parametrize("page, offered", table(CHOICES))
    def test_are_offered(self, ada, page, offered):
        shown = html.fromstring(ada.get(f"/admin/records/{page}/add/").content.decode())

        assert shown.xpath("//select[@name='resource']/option/@value") == offered


def test_names_cost_the_same_for_any_number(ada):
    address = "/admin/customers/contact/names/customer/?term=A"
    few = queries(ada, address)
    grow()

    assert queries(ada, address) == few == 5
