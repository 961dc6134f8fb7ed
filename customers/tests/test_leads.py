"""Leads: contacts of the customers that their companies are, in a fixed number of statements."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from customers.leads import LEAD, OF_CONTACT, OF_CUSTOMER, add_leads
from customers.models import Contact, Customer, CustomerType
from customers.resources import CONTACT, CUSTOMER
from customers.services import CONTACTS, CUSTOMERS
from records.customization import current_generation, definitions
from records.models import Change, CustomField, FieldRule
from records.shapes.callers import Caller
from records.shapes.criteria import Comparator, Criterion, Scope
from records.shapes.outcomes import Result
from records.shapes.problems import ProblemError
from records.tests.cast import ADA, NOW, table
from records.tests.writers import run_together

pytestmark = pytest.mark.django_db

ADDRESS = {"street": "1 Main Street", "city": "Cleveland", "postcode": "44101", "country": "USA"}


@pytest.fixture
def acme():
    """A customer of the company Acme, the oldest of three of whom one is inactive."""
    records = [
        {"number": "OLD", "company": "Acme", "active": "false"},
        {"number": "ACME", "company": "Acme"},
        {"number": "ACME-2", "company": "ACME"},
    ]
    CUSTOMERS.add(records=records, by=ADA, at=NOW)
    return Customer.objects.get(number="ACME")


def add(*leads, by=ADA):
    with transaction.atomic():
        return add_leads(records=leads, by=by, at=NOW)


def add_one(**values):
    [outcome] = add({"last_name": "Byron", **values})
    assert outcome.result is Result.CREATED, outcome.problems
    return Contact.objects.select_related("customer__country", "customer__customer_type").get(id=outcome.id)


def sentences(outcome):
    return [problem.sentence() for problem in outcome.problems]


class TestTheContact:
    def test_has_what_is_said_of_the_person(self):
        values = {name: text for name, text in LEAD.examples[0].items() if name in OF_CONTACT}

        contact = add_one(**values)

        assert {name: getattr(contact, OF_CONTACT[name]) for name in values} == values

    def test_has_a_number_that_is_drawn(self):
        assert add_one().number.isdigit()


class TestTheCompany:
    @pytest.mark.parametrize("name", ["Acme", "ACME", " acme "])
    def test_is_the_oldest_active_customer_of_its_name_in_any_case(self, acme, name):
        assert add_one(company=name).customer == acme
        assert Customer.objects.count() == 3

    def test_is_a_new_customer_of_the_type_lead_where_none_has_the_name(self, acme):
        customer = add_one(company="Åström & Co", **ADDRESS).customer

        found = (customer.company, customer.customer_type.name, customer.address_1, customer.city, customer.postcode)
        assert found == ("Åström & Co", "Lead", "1 Main Street", "Cleveland", "44101")
        assert (customer.country.code, customer.last_name) == ("USA", "")

    def test_is_added_once_for_all_leads_that_name_it(self):
        outcomes = add(*({"last_name": "Byron", "company": name} for name in ("Åström", "ÅSTRÖM", "Other")))

        customers = Contact.objects.filter(id__in=[each.id for each in outcomes]).values_list("customer__company")
        assert sorted(customers) == [("Other",), ("Åström",), ("Åström",)]
        assert Customer.objects.count() == 2

    def test_is_the_person_where_there_is_none(self):
        customers = [add_one(first_name="Ada", city="London").customer for _ in range(2)]

        assert [(each.company, each.first_name, each.last_name, each.city) for each in customers] == [
            ("", "Ada", "Byron", "London")
        ] * 2
        assert customers[0] != customers[1]

    def test_keeps_the_type_that_the_site_has_already(self):
        CustomerType.objects.create(name="Lead")

        assert add_one(company="New").customer.customer_type.name == "Lead"


class TestNotes:
    def test_have_the_address_of_a_company_that_is_known(self, acme):
        notes = add_one(company="Acme", description="Please call.", **ADDRESS).notes

        assert notes == "Please call.\n\nStreet: 1 Main Street\nCity: Cleveland\nPostcode: 44101\nCountry: USA"
        acme.refresh_from_db()
        assert (acme.address_1, acme.version) == ("", 1)

    COUNTRIES = {
        "its code": ("FIN", "FIN", ""),
        "its short code": ("fi", "FIN", ""),
        "its name, in any case": ("finland", "FIN", ""),
        "a name that is not known": ("Suomi", None, "Country: Suomi"),
    }

    @pytest.mark.parametrize("country, code, notes", table(COUNTRIES))
    def test_have_a_country_that_is_not_known_by(self, country, code, notes):
        contact = add_one(company="New", country=country)

        assert (contact.customer.country and contact.customer.country.code, contact.notes) == (code, notes)

    def test_have_what_a_site_asks_of_customers_where_the_company_is_known(self, acme):
        CustomField.objects.create(resource="customer", name="tier", label="tier", type="menu", choices=["Gold"])
        resource = definitions(current_generation()).extend(LEAD)
        values = {"last_name": "Byron", "custom_tier": "Gold"}
        by = Caller(1, "ada", superuser=True, generation=current_generation())

        with transaction.atomic():
            outcomes = add_leads(records=[{**values, "company": "Acme"}, values], by=by, at=NOW, resource=resource)

        known, new = (Contact.objects.get(id=outcome.id) for outcome in outcomes)
        assert (known.notes, known.customer.custom) == ("Tier: Gold", {})
        assert (new.notes, new.customer.custom) == ("", {"tier": "Gold"})


class TestRefusals:
    WRONG = {
        "no last name": ({"last_name": ""}, "last_name is required."),
        "no e-mail address": ({"email": "none"}, "email does not take 'none'"),
        "a street that is too long": ({"street": "x" * 101}, "street may have at most 100 characters"),
        "a name that is no field": ({"colour": "red"}, "colour is not a field of a lead."),
        "a number that is taken": ({"number": "TAKEN"}, "Contact TAKEN exists already."),
        "two lists": ({"title": ["a", "b"]}, "title takes text, not a list."),
    }

    @pytest.mark.parametrize("values, sentence", table(WRONG))
    def test_leave_nothing_behind(self, values, sentence, acme):
        CONTACTS.add(records=[{"number": "TAKEN", "customer": "ACME", "last_name": "X"}], by=ADA, at=NOW)

        right, wrong = add(
            {"last_name": "Lovelace", "company": "Acme"}, {"last_name": "Byron", "company": "New", **values}
        )

        assert (right.result, wrong.result) == (Result.CREATED, Result.FAILED)
        assert any(each.startswith(sentence) for each in sentences(wrong)), sentences(wrong)
        assert not Customer.objects.filter(company="New").exists()

    def test_name_all_that_is_wrong(self):
        [outcome] = add({"email": "none", "city": "x" * 101})

        assert [problem.path for problem in outcome.problems] == [("email",), ("city",), ("last_name",)]

    def test_do_not_take_a_company_from_a_lead_that_is_right(self):
        wrong, right = add(
            {"last_name": "Byron", "company": "New", "number": "A"}, {"last_name": "Byron", "company": "New"},
            {"last_name": "Byron", "company": "New", "number": "A"},
        )[:2]  # fmt: skip

        assert (wrong.failed, right.failed) == (True, False)
        assert Customer.objects.get(company="New").contacts.count() == 1

    def test_come_from_a_required_field_of_the_site_for_a_new_customer_alone(self, acme):
        CustomField.objects.create(resource="customer", name="tier", label="tier", type="text", required=True)
        by = Caller(1, "ada", superuser=True, generation=current_generation())

        known, new = add({"last_name": "Byron", "company": "Acme"}, {"last_name": "Byron", "company": "New"}, by=by)

        assert not known.failed
        assert sentences(new) == ["custom_tier is required."]

    def test_have_no_scope_to_look_into(self):
        scope = Scope(before=(Criterion(("last_name",), Comparator.EQUAL, ("X",)),))

        with pytest.raises(ProblemError, match="only added"):
            add_leads(records=[], by=ADA, at=NOW, scope=scope)


class TestLimits:
    def test_are_those_of_the_records_that_hold_the_fields(self):
        FieldRule.objects.create(resource="contact", field="last_name", max_length=5)
        FieldRule.objects.create(resource="customer", field="address_1", max_length=200)

        lead = definitions(current_generation()).extend(LEAD)

        assert (lead.by_name["last_name"].max_length, lead.by_name["street"].max_length) == (5, 200)

    def test_have_a_field_for_each_field_of_a_lead(self):
        held = {**dict.fromkeys(OF_CONTACT, CONTACT), **dict.fromkeys(OF_CUSTOMER, CUSTOMER)}

        assert {field.name for field in LEAD.fields} == held.keys()
        assert all(OF_CONTACT.get(name, OF_CUSTOMER.get(name)) in held[name].by_name for name in held)


def test_the_number_of_statements_does_not_depend_on_that_of_leads(acme):
    def count(number):
        leads = [
            {"last_name": str(each), "company": name, **ADDRESS}
            for each in range(number)
            for name in ("Acme", f"C{each}", "")
        ]
        with CaptureQueriesContext(connection) as queries:
            assert not any(outcome.failed for outcome in add(*leads))
        Customer.objects.filter(company__startswith="C").update(company="")
        return len(queries)

    count(1)
    few, many = count(1), count(40)
    assert few == many <= 25


def test_a_lead_is_told_as_changes_of_the_records_that_it_becomes():
    contact = add_one(company="New")

    changes = Change.objects.values_list("resource", "record_id", "result").order_by("id")
    assert [*changes] == [("customer", contact.customer_id, "created"), ("contact", contact.id, "created")]


@pytest.mark.django_db(transaction=True)
def test_two_calls_at_once_add_a_company_once():
    def write(leads):
        return [str(outcome.result) for outcome in add(*leads)]

    forwards = [[{"last_name": "Byron", "company": f"C{each}"} for each in range(50)]]
    backwards = [[{**lead, "company": lead["company"].lower()} for lead in reversed(forwards[0])]]

    assert run_together((write, forwards), (write, backwards)) == {"created": 100}
    assert (Customer.objects.count(), Contact.objects.count()) == (50, 100)
