"""Contacts sign in to their portals; whatever is wrong, it reads the same."""

import threading
from datetime import timedelta

import pytest
from django.db import connections, transaction

from customers.models import Contact, Customer, Portal, PortalUser
from records.models import Change
from records.tests.cast import NOW, table
from webservices.access.password_cache import VERIFIER
from webservices.access.portal_services import SIGN_IN_FAILED
from webservices.tests.api_keys import permission
from webservices.tests.plain import ask

MINUTE = timedelta(minutes=1)
GRACE = {"email": "grace@acme.example.com", "password": "portal-Pass", "portal_id": "Customers"}


@pytest.fixture
def world(ada, stored_hash):
    return made(stored_hash)


def made(stored_hash):
    """Grace of ACME may sign in to the portal Customers; the dealers know her by another password."""
    customer = Customer.objects.create(number="ACME", created_at=NOW, changed_at=NOW)
    contact = Contact.objects.create(
        number="ACME-2", customer=customer, first_name="Grace", last_name="Murray", email="other@acme.example.com",
        created_at=NOW, changed_at=NOW,
    )  # fmt: skip
    for name, word in (("Customers", "portal-Pass"), ("Dealers", "dealer-Pass")):
        PortalUser.objects.create(
            portal=Portal.objects.create(name=name), contact=contact, email=GRACE["email"], password=stored_hash(word)
        )
    return contact


ADA = {"user": "ada", "password": "ada-ada!"}
BOB = {"user": "bob", "password": "bob-bob!"}


def sign_in(at=NOW, by=ADA, **changed):
    return ask("portal_users.sign_in", at=at, record={**GRACE, **changed}, **by)


def entry(portal="Customers"):
    return PortalUser.objects.get(portal__name=portal)


class TestSigningIn:
    def test_says_who_it_is(self, world):
        reply = sign_in()

        assert reply.records == [
            {
                "email": "grace@acme.example.com",
                "portal_id": str(entry().portal_id),
                "contact_id": str(world.pk),
                "customer_id": str(world.customer_id),
                "first_name": "Grace",
                "last_name": "Murray",
            }
        ]

    WAYS = {
        "the portal's id": lambda: {"portal_id": str(entry().portal_id)},
        "an address in any case": lambda: {"email": "Grace@ACME.example.com"},
        "white space around it": lambda: {"email": f" {GRACE['email']} ", "portal_id": " Customers "},
        "another portal's own password": lambda: {"portal_id": "Dealers", "password": "dealer-Pass"},
    }

    @pytest.mark.parametrize("changed", table(WAYS))
    def test_with(self, world, changed):
        assert sign_in(**changed()).code == ""

    def test_takes_a_number_for_an_id_before_it_takes_it_for_a_name(self, world):
        Portal.objects.create(name=str(entry().portal_id))
        assert sign_in(portal_id=str(entry().portal_id)).code == ""

        Portal.objects.filter(name="Dealers").update(name="9999")
        assert sign_in(portal_id="9999", password="dealer-Pass").code == ""

    def test_needs_the_right_to(self, world, bob):
        assert sign_in(by=BOB).code == "forbidden"

        bob.user_permissions.add(permission("webservices.sign_in_portal_user"))
        assert sign_in(by=BOB).code == ""

    def test_counts_at_once_when_the_password_changes(self, world, stored_hash):
        assert sign_in().code == ""

        PortalUser.objects.update(password=stored_hash("another"))

        assert sign_in(at=NOW + MINUTE).code == "sign-in-failed"
        assert sign_in(at=NOW + 2 * MINUTE, password="another").code == ""

    MISSING = {
        "no address": ({"email": ""}, "missing"),
        "no password": ({"password": " "}, "missing"),
        "no portal": ({"portal_id": ""}, "missing"),
        "a NUL": ({"email": "a\x00b"}, "control-character"),
        "half a character": ({"password": "\udc80"}, "control-character"),
        "an endless password": ({"password": "a" * 2000}, "too-long"),
        "a list": ({"email": ["a"]}, "wrong-shape"),
    }

    @pytest.mark.parametrize("changed, code", table(MISSING))
    def test_asks_for_what_is_missing(self, world, changed, code):
        assert sign_in(**changed).code == code


def inactive(model):
    return lambda: model.objects.update(active=False)


WRONG = {
    "no such address": ({"email": "nobody@acme.example.com"}, None),
    "a wrong password": ({"password": "portal-pass"}, None),
    "the password of another portal": ({"password": "dealer-Pass"}, None),
    "a portal that there is not": ({"portal_id": "Partners"}, None),
    "a number that no portal has": ({"portal_id": "999999999999999999"}, None),
    "the contact's own address": ({"email": "other@acme.example.com"}, None),
    "an inactive entry": ({}, inactive(PortalUser)),
    "an inactive contact": ({}, inactive(Contact)),
    "an inactive customer": ({}, inactive(Customer)),
    "an inactive portal": ({}, inactive(Portal)),
    "an entry that was removed": ({}, lambda: PortalUser.objects.all().delete()),
    "an entry without a password": ({}, lambda: PortalUser.objects.update(password="")),
}


class TestFailure:
    @pytest.mark.parametrize("changed, happened", table(WRONG))
    def test_reads_the_same_and_costs_one_hash(self, world, changed, happened, monkeypatch):
        if happened:
            happened()
        hashed, check = [], VERIFIER._check
        monkeypatch.setattr(VERIFIER, "_check", lambda *given: hashed.append(given) or check(*given))

        reply = sign_in(**changed)

        assert (reply.code, reply.problem) == ("sign-in-failed", SIGN_IN_FAILED.sentence())
        assert [secret for secret, _ in hashed] == ["ada-ada!", {**GRACE, **changed}["password"]]
        assert not PortalUser.objects.exclude(last_sign_in=None).exists()

    @pytest.mark.parametrize("changed, happened", table(WRONG))
    def test_is_known_as_long_whatever_it_was(self, world, changed, happened, monkeypatch):
        """Whom a right password would have let in is told apart by nobody who measures a second attempt."""
        if happened:
            happened()
        sign_in(**changed)
        hashed, check = [], VERIFIER._check
        monkeypatch.setattr(VERIFIER, "_check", lambda *given: hashed.append(given) or check(*given))

        sign_in(at=NOW + timedelta(seconds=29), **changed)
        assert hashed == []
        sign_in(at=NOW + timedelta(seconds=45), **changed)
        assert len(hashed) == 1

    def test_keeps_nobody_of_the_portal_out(self, world, stored_hash):
        other = Contact.objects.create(
            number="A-3", code="A-3", customer=world.customer, created_at=NOW, changed_at=NOW
        )
        PortalUser.objects.create(
            portal=entry().portal, contact=other, email="eve@acme.example.com", password=stored_hash("eve-Pass")
        )

        assert [sign_in(password=f"guess {number}").code for number in range(3)] == ["sign-in-failed"] * 3
        assert sign_in(email="eve@acme.example.com", password="eve-Pass").code == ""


@pytest.mark.django_db(transaction=True)
class TestStamp:
    @pytest.fixture(autouse=True)
    def _world(self, transactional_db, ada, stored_hash):
        made(stored_hash)

    def test_is_written_at_most_once_a_minute(self):
        for seconds in (0, 59, 60):
            assert sign_in(at=NOW + timedelta(seconds=seconds)).code == ""
            stamped = NOW + timedelta(seconds=60 * (seconds // 60))
            assert entry().last_sign_in == stamped

        assert entry("Dealers").last_sign_in is None
        assert not Change.objects.exists()

    def test_is_not_written_by_a_dry_run(self):
        assert sign_in(by={**ADA, "dry": True}).code == ""
        assert entry().last_sign_in is None

    def test_waits_for_nobody(self):
        codes = []

        def call():
            codes.append(sign_in().code)
            connections.close_all()

        with transaction.atomic():
            PortalUser.objects.select_for_update().get(portal__name="Customers")
            other = threading.Thread(target=call)
            other.start()
            other.join(timeout=20)

        assert codes == [""]
        assert entry().last_sign_in is None
