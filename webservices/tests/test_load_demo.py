"""The demo world."""

from collections import Counter

import pytest
from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from customers.models import Contact, Customer, CustomerPart, Portal, PortalUser
from orders.models import Row, SalesOrder
from parts.models import Part
from records.models import Change, CustomField
from webservices.demo.records import STEPS, demo_records

pytestmark = pytest.mark.django_db


def everything():
    models = (Part, Customer, Contact, Portal, PortalUser, CustomerPart, SalesOrder, Row, Change, CustomField, User)
    stored = [model.objects.order_by("pk").values() for model in models]
    return [[*rows] for rows in stored]


class TestLoadDemo:
    def test_makes_parts_custom_fields_and_users(self, capsys):
        call_command("load_demo")

        assert Part.objects.count() == len(demo_records("parts"))
        assert Part.objects.filter(active=False).exists()
        assert Part.objects.get(number="PUMP-100").custom == {"tier": "Gold", "field1": "10"}
        assert User.objects.get(username="ada").is_superuser
        assert f"{len(demo_records('parts'))} created parts" in capsys.readouterr().out

    def test_makes_customers_contacts_and_customers_numbers_for_parts(self):
        call_command("load_demo")

        assert Customer.objects.count() == len(demo_records("customers"))
        assert Contact.objects.get(number="ACME-1").portal_users.count() == 2
        assert {part.customer.number for part in CustomerPart.objects.filter(part__number="PUMP-100")} == {"ACME"}

    def test_makes_orders_in_every_status(self):
        call_command("load_demo")

        stands = dict(SalesOrder.objects.values_list("number", "status__name"))
        assert stands == {order["number"]: order["status"] for order in demo_records("sales_orders")}
        assert set(stands.values()) == STEPS.keys()
        assert SalesOrder.objects.get(number="SO-1000").total == 450 + 4 * 31.5 + 960

    def test_leads_on_an_order_that_was_left_on_its_way_and_leaves_the_others(self):
        call_command("load_demo")
        SalesOrder.objects.filter(number="SO-1001").update(status=SalesOrder.objects.get(number="SO-1002").status)
        SalesOrder.objects.filter(number="SO-1007").update(subject="Mine now")

        call_command("load_demo")

        stands = Counter(SalesOrder.objects.values_list("status__name", flat=True))
        assert stands == Counter(order["status"] for order in demo_records("sales_orders"))
        assert SalesOrder.objects.get(number="SO-1007").subject == "Mine now"

    def test_changes_nothing_the_second_time(self):
        call_command("load_demo")
        before = everything()

        call_command("load_demo")

        assert everything() == before

    def test_lets_nobody_sign_in_without_a_password(self):
        call_command("load_demo")

        assert not any(user.has_usable_password() for user in User.objects.all())

    def test_gives_bob_nothing(self):
        call_command("load_demo")

        assert User.objects.get(username="bob").get_all_permissions() == set()

    def test_gives_a_password_that_was_asked_for_and_keeps_it(self):
        call_command("load_demo", ada_password="analytical engine")
        call_command("load_demo")

        assert User.objects.get(username="ada").check_password("analytical engine")

    def test_lets_a_contact_sign_in_to_a_portal_with_a_password_that_was_asked_for_and_keeps_it(self):
        call_command("load_demo")
        assert not PortalUser.objects.exclude(password="").exists()

        call_command("load_demo", portal_password="engine room")
        before = everything()
        call_command("load_demo", portal_password="engine room")
        call_command("load_demo")

        assert everything() == before
        assert check_password("engine room", PortalUser.objects.exclude(password="").get().password)
        assert Contact.objects.get(number="ACME-1").portal_users.count() == 2

    def test_journals_the_parts_as_adas(self):
        call_command("load_demo")

        assert set(Change.objects.values_list("user_name", "credential")) == {("ada", "load_demo")}

    def test_says_why_it_is_refused(self):
        CustomField.objects.create(resource="part", name="tier", label="Tier", type="menu", choices=["None"])

        with pytest.raises(CommandError, match="must be one of None"):
            call_command("load_demo")

        assert not Part.objects.exists()
