"""The demo world."""

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from parts.models import Part
from records.models import Change, CustomField
from webservices.demo import demo_parts

pytestmark = pytest.mark.django_db


def everything():
    stored = [model.objects.order_by("pk").values() for model in (Part, Change, CustomField, User)]
    return [[*rows] for rows in stored]


class TestLoadDemo:
    def test_makes_parts_custom_fields_and_users(self, capsys):
        call_command("load_demo")

        assert Part.objects.count() == len(demo_parts())
        assert Part.objects.filter(active=False).exists()
        assert Part.objects.get(number="PUMP-100").custom == {"tier": "Gold", "field1": "10"}
        assert User.objects.get(username="ada").is_superuser
        assert f"{len(demo_parts())} created parts" in capsys.readouterr().out

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

    def test_journals_the_parts_as_adas(self):
        call_command("load_demo")

        assert set(Change.objects.values_list("user_name", "credential")) == {("ada", "load_demo")}

    def test_says_why_it_is_refused(self):
        CustomField.objects.create(resource="part", name="tier", label="Tier", type="menu", choices=["None"])

        with pytest.raises(CommandError, match="must be one of None"):
            call_command("load_demo")

        assert not Part.objects.exists()
