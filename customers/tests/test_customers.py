"""Customers, contacts and customer parts: places, numbers, portals, composite keys, removal."""

import pytest
from django.contrib.auth.hashers import check_password
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Contact, Country, Customer, CustomerPart, PortalUser, State
from customers.services import CONTACTS, CUSTOMER_PARTS, CUSTOMERS
from parts.services import PARTS
from records.find import Search
from records.models import Change
from records.shapes.criteria import Comparator, Criterion, Scope
from records.shapes.values import EMPTY
from records.tests.cast import ADA, NOW, table

pytestmark = pytest.mark.django_db


def done(service, *records):
    return service(records=records, by=ADA, at=NOW)


def said(outcomes):
    return [problem.sentence() for outcome in outcomes for problem in outcome.problems]


def found(services, *criteria):
    return services.find(search=Search([Criterion((f,), Comparator(c), (v,)) for f, c, v in criteria])).records


class TestPlaces:
    def test_are_those_of_iso_3166(self):
        assert Country.objects.count() > 240
        known = {
            ("USA", "OH", "Ohio"),
            ("AUS", "NSW", "New South Wales"),
            ("GBR", "ENG", "England"),
            ("FRA", "91", "Essonne"),
        }
        assert known <= set(State.objects.values_list("country__code", "code", "name"))
        assert State.objects.count() > 5000

    @pytest.mark.parametrize(
        "country, state", [("AUS", "NSW"), ("GB", "ENG"), ("FRA", "91"), ("ESP", "B"), ("", "NSW")]
    )
    def test_states_are_kept_as_they_were_sent(self, country, state):
        assert said(done(CUSTOMERS.add, {"number": "A", "country": country, "state": state})) == []
        assert found(CUSTOMERS)[0]["state"] == state

    def test_states_are_not_checked_for_a_country_without_any(self):
        State.objects.filter(country__code="MCO").delete()

        assert said(done(CUSTOMERS.add, {"number": "A", "country": "MC", "state": "X1"})) == []

    def test_states_are_not_checked_on_a_site_that_says_so(self, settings):
        settings.CHECK_STATES = False

        assert said(done(CUSTOMERS.add, {"number": "A", "country": "USA", "state": "QQ"})) == []

    def test_states_of_a_batch_are_checked_in_one_query(self, django_assert_num_queries):
        records = [{"number": f"N{n}", "country": "AUS" if n % 2 else "USA", "state": "WA"} for n in range(50)]
        plain = [{**record, "number": f"P{record['number']}", "state": ""} for record in records]
        with CaptureQueriesContext(connection) as without:
            done(CUSTOMERS.add, *plain)
        with django_assert_num_queries(len(without) + 1):
            assert said(done(CUSTOMERS.add, *records)) == []

    @pytest.mark.parametrize("code", ["USA", "US"])
    def test_country_is_taken_with_three_letters_or_two_and_kept_one_way(self, code):
        assert said(done(CUSTOMERS.add, {"number": "A", "country": code, "state": "OH"})) == []
        assert found(CUSTOMERS)[0]["country"] == "USA"

    REFUSED = {
        "an unknown country": ({"country": "XX"}, "country names no country: 'XX' is not known."),
        "a state of another country": (
            {"country": "CAN", "state": "OH"},
            "state 'OH' is no state of CAN; nearest are ON (Ontario), ",
        ),
        "a state in small letters": (
            {"country": "AUS", "state": "nsw"},
            "state does not take 'nsw': A state is a code of ISO 3166-2",
        ),
        "a longer state": ({"country": "AUS", "state": "NSWX"}, "state may have at most 3 characters; this has 4."),
        "an unknown type": ({"customer_type": "Enemy"}, "customer_type names no customer type: 'Enemy' is not known."),
        "an unknown owner": ({"owner": "nobody"}, "owner names no user: 'nobody' is not known."),
        "no e-mail": ({"email": "ada"}, "email does not take 'ada': An e-mail address has one @ and a domain."),
    }

    @pytest.mark.parametrize("fields, sentence", table(REFUSED))
    def test_refuses(self, fields, sentence):
        assert said(done(CUSTOMERS.add, {"number": "A", **fields}))[0].startswith(sentence)

    def test_a_country_that_changes_takes_its_state_along(self):
        done(CUSTOMERS.add, {"number": "A", "country": "USA", "state": "OH"})

        assert said(done(CUSTOMERS.update, {"number": "A", "country": "DEU"})) == [
            "state 'OH' is no state of DEU; nearest are HB (Bremen), HE (Hessen), HH (Hamburg)."
        ]
        assert said(done(CUSTOMERS.update, {"number": "A", "country": EMPTY, "state": EMPTY})) == []


class TestCustomer:
    def test_needs_nothing_but_a_number_and_that_may_be_drawn(self):
        outcomes = done(CUSTOMERS.add, {}, {"company": "Acme"})

        assert [outcome.result for outcome in outcomes] == ["created", "created"]
        assert {outcome.key for outcome in outcomes} == set(Customer.objects.values_list("number", flat=True))

    def test_is_not_drawn_the_number_that_another_of_the_same_call_comes_with(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval('customers_customer_numbers', 5000)")

        outcomes = done(CUSTOMERS.add, {"company": "drawn"}, {"number": "5001", "company": "given"})

        assert [(outcome.result, outcome.key) for outcome in outcomes] == [("created", "5002"), ("created", "5001")]
        assert all(outcome.id for outcome in outcomes)

    def test_may_share_an_external_id(self):
        done(CUSTOMERS.add, {"number": "A", "external_id": "7"}, {"number": "B", "external_id": "7"})

        assert [customer["number"] for customer in found(CUSTOMERS, ("external_id", "=", "7"))] == ["A", "B"]

    def test_is_found_by_what_it_refers_to(self):
        done(CUSTOMERS.add, {"number": "A", "country": "USA"}, {"number": "B", "country": "DEU"}, {"number": "C"})

        assert [c["number"] for c in found(CUSTOMERS, ("country", "=", "USA"))] == ["A"]
        assert [c["number"] for c in found(CUSTOMERS, ("country", "!=", "USA"))] == ["B", "C"]
        assert [c["number"] for c in found(CUSTOMERS, ("country", "=", ""))] == ["C"]
        assert [c["number"] for c in found(CUSTOMERS, ("country", "LIKE", "%S%"))] == ["A"]

    NAMED = {"=": ("US", ["A"]), "!=": ("US", ["B", "C"]), "IN": ("US,DEU", ["A", "B"])}

    @pytest.mark.parametrize("comparator, names, numbers", [(each, *expected) for each, expected in NAMED.items()])
    def test_is_found_by_the_short_code_of_its_country(self, comparator, names, numbers):
        done(CUSTOMERS.add, {"number": "A", "country": "USA"}, {"number": "B", "country": "DEU"}, {"number": "C"})
        criteria = (Criterion(("country",), Comparator(comparator), tuple(names.split(","))),)

        searched = CUSTOMERS.find(search=Search(criteria)).records
        changed = CUSTOMERS.update(
            records=[{"number": each, "company": "x"} for each in "ABC"], by=ADA, at=NOW, scope=Scope(before=criteria)
        )

        assert [each["number"] for each in searched] == numbers
        assert [outcome.key for outcome in changed if not outcome.failed] == numbers

    def test_journals_names_not_ids(self):
        done(CUSTOMERS.add, {"number": "A", "country": "US"})
        done(CUSTOMERS.update, {"number": "A", "country": "DE"})

        assert Change.objects.latest("id").fields == {"country": ["USA", "DEU"]}

    def test_with_contacts_is_inactivated(self):
        done(CUSTOMERS.add, {"number": "A"})
        done(CONTACTS.add, {"number": "A1", "customer": "A"})

        assert [str(outcome.result) for outcome in done(CUSTOMERS.remove, {"number": "A"})] == ["inactivated"]


class TestContact:
    PORTALS = [{"portal": "Customers", "email": "Ada@Acme.example", "password": "pass-word-1"}]

    @pytest.fixture(autouse=True)
    def world(self):
        from customers.models import Portal

        Portal.objects.create(name="Customers")
        Portal.objects.create(name="Partners")
        done(CUSTOMERS.add, {"number": "ACME"})
        assert said(done(CONTACTS.add, {"number": "A1", "customer": "ACME", "portals": self.PORTALS})) == []

    def test_signs_in_with_a_password_that_is_stored_hashed(self):
        user = PortalUser.objects.get()

        assert user.email == "ada@acme.example"
        assert user.password.startswith("argon2")
        assert check_password("pass-word-1", user.password)

    def test_shows_its_password_nowhere(self):
        [contact] = found(CONTACTS)

        assert "password" not in contact["portals"][0]
        assert "pass-word-1" not in str(list(Change.objects.values()))
        assert "argon2" not in str(list(Change.objects.values()))

    def test_keeps_its_password_when_none_is_sent(self):
        before = PortalUser.objects.get().password
        again = [{"portal": "Customers", "active": "false"}, {"portal": "Partners", "email": "a@b.example"}]

        assert said(done(CONTACTS.update, {"number": "A1", "portals": again})) == []

        assert dict(PortalUser.objects.values_list("portal__name", "password")) == {"Customers": before, "Partners": ""}

    TAKEN = {
        "by another contact": [{"number": "A2", "email": "ADA@acme.example"}],
        "by another of the same call": [{"number": "A2", "email": "b@c.de"}, {"number": "A3", "email": "B@c.de"}],
    }

    @pytest.mark.parametrize("contacts", table({name: (contacts,) for name, contacts in TAKEN.items()}))
    def test_signs_in_with_an_address_of_its_own(self, contacts):
        records = [
            {"number": each["number"], "customer": "ACME", "portals": [{"portal": "Customers", "email": each["email"]}]}
            for each in contacts
        ]

        assert said(done(CONTACTS.add, *records)) == [
            f"portals.0.email {each['email'].lower()} is another contact's in portal Customers." for each in contacts
        ]
        assert PortalUser.objects.count() == 1

    def test_may_have_the_same_address_in_two_portals_and_send_it_again(self):
        again = [{"portal": name, "email": "ada@acme.example"} for name in ("Customers", "Partners")]

        assert said(done(CONTACTS.update, {"number": "A1", "portals": again})) == []
        assert PortalUser.objects.count() == 2

    CODES = {
        "an own one": ("C2", {"code": "ADA"}, "ADA"),
        "none: its number": ("C2", {}, "C2"),
        "one that another customer's contact has": ("C2", {"customer": "DELTA", "code": "BYRON"}, "BYRON"),
    }

    @pytest.mark.parametrize("number, fields, code", table(CODES))
    def test_has_a_code(self, number, fields, code):
        assert said(done(CUSTOMERS.add, {"number": "GAMMA"}, {"number": "DELTA"})) == []
        assert said(done(CONTACTS.add, {"number": "C1", "customer": "GAMMA", "code": "BYRON"})) == []

        assert said(done(CONTACTS.add, {"number": number, "customer": "GAMMA", **fields})) == []
        assert Contact.objects.get(number=number).code == code

    def test_has_a_drawn_number_as_its_code(self):
        done(CUSTOMERS.add, {"number": "GAMMA"})
        [outcome] = done(CONTACTS.add, {"customer": "GAMMA"})

        assert Contact.objects.get(code=outcome.key).customer.number == "GAMMA"

    def test_has_its_number_again_when_its_code_is_cleared(self):
        done(CUSTOMERS.add, {"number": "GAMMA"})
        done(CONTACTS.add, {"number": "C1", "customer": "GAMMA", "code": "BYRON"})

        assert said(done(CONTACTS.update, {"number": "C1", "code": EMPTY})) == []
        assert Contact.objects.get(number="C1").code == "C1"

    SHARED = {
        "that is stored": [{"number": "C2", "code": "BYRON"}],
        "of another of the call": [{"number": "C2", "code": "ADA"}, {"number": "C3", "code": "ADA"}],
        "that is another's number": [{"number": "C2", "code": "C3"}, {"number": "C3"}],
    }

    @pytest.mark.parametrize("contacts", table(SHARED))
    def test_shares_no_code_with_one_of_its_customer(self, contacts):
        done(CUSTOMERS.add, {"number": "GAMMA"})
        done(CONTACTS.add, {"number": "C1", "customer": "GAMMA", "code": "BYRON"})

        outcomes = done(CONTACTS.add, *({"customer": "GAMMA", **contact} for contact in contacts))

        assert all("is that of another contact of customer GAMMA" in sentence for sentence in said(outcomes))
        assert all(outcome.failed for outcome in outcomes)

    def test_needs_a_customer_that_exists(self):
        assert said(done(CONTACTS.add, {"customer": "NONE"}, {"number": "X"})) == [
            "customer names no customer: 'NONE' is not known.",
            "customer is required.",
        ]


class TestCustomerPart:
    @pytest.fixture(autouse=True)
    def world(self):
        done(CUSTOMERS.add, {"number": "ACME"}, {"number": "BETA"})
        done(PARTS.add, {"number": "PUMP"}, {"number": "VALVE"})
        self.made = done(
            CUSTOMER_PARTS.add,
            {"customer": "ACME", "part": "PUMP", "number": "P1", "currency": "USD"},
            {"customer": "ACME", "part": "PUMP", "number": "P2"},
            {"customer": "BETA", "part": "PUMP", "number": "P1"},
        )
        assert said(self.made) == []

    def test_is_known_by_customer_part_and_number_together(self):
        outcomes = done(
            CUSTOMER_PARTS.put,
            {"customer": "ACME", "part": "PUMP", "number": "P1", "currency": "EUR"},
            {"customer": "ACME", "part": "VALVE", "number": "P1"},
        )

        assert [(str(outcome.result), outcome.key) for outcome in outcomes] == [
            ("updated", "ACME / PUMP / P1"),
            ("created", "ACME / VALVE / P1"),
        ]
        assert CustomerPart.objects.count() == 4

    def test_is_refused_twice_in_one_call(self):
        twice = {"customer": "ACME", "part": "VALVE", "number": "X"}

        assert len(said(done(CUSTOMER_PARTS.add, twice, twice))) == 2

    def test_is_reached_by_its_id(self):
        id_ = str(self.made[0].id)

        assert said(done(CUSTOMER_PARTS.update, {"id": id_, "contract": "C-1"})) == []
        assert found(CUSTOMER_PARTS, ("contract", "=", "C-1"))[0]["number"] == "P1"
        assert [str(o.result) for o in done(CUSTOMER_PARTS.remove, {"id": id_})] == ["deleted"]
        assert said(done(CUSTOMER_PARTS.update, {"id": id_}, {"id": "x"})) == [
            f"There is no customer part with id '{id_}'.",
            "There is no customer part with id 'x'.",
        ]

    def test_keeps_its_part_from_being_removed(self):
        outcomes = done(PARTS.remove, {"number": "PUMP"}, {"number": "VALVE"})

        assert [str(outcome.result) for outcome in outcomes] == ["inactivated", "deleted"]

    def test_is_paged_by_id(self):
        page = CUSTOMER_PARTS.find(search=Search(limit=2))
        rest = CUSTOMER_PARTS.find(search=Search(limit=2, after=(page.records[-1]["id"],)))

        assert (page.cut, rest.cut) == (True, False)
        assert [r["id"] for r in (*page.records, *rest.records)] == [str(outcome.id) for outcome in self.made]
