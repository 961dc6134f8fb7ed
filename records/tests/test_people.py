"""Users and groups in the admin: nobody gives, takes or comes by rights that he lacks himself."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client

from records.tests.pages import errors, filled, said

PASSWORD = {"password1": "a-long-secret-1", "password2": "a-long-secret-1", "usable_password": "true"}
MINE = ("view_user", "add_user", "change_user", "delete_user", "view_group", "add_group", "change_group")
MINE += ("delete_group", "view_part")


def permission(codename):
    return Permission.objects.get(codename=codename)


@pytest.fixture
def mary(db):
    """She may change users and groups, and see parts; no more."""
    mary = User.objects.create(username="mary", is_staff=True)
    mary.user_permissions.set(Permission.objects.filter(codename__in=MINE))
    return mary


@pytest.fixture
def browser(mary):
    client = Client()
    client.force_login(mary)
    return client


@pytest.fixture
def owner(db):
    return User.objects.create(username="owner", is_staff=True, is_superuser=True, password="kept")


def clerk(codename, *, active=True, by_group=False):
    """A user with one permission."""
    user = User.objects.create(username="clerk", is_active=active, password="kept")
    if by_group:
        group = Group.objects.create(name="clerks")
        group.permissions.add(permission(codename))
        user.groups.add(group)
    else:
        user.user_permissions.add(permission(codename))
    return user


def address(user, page="change"):
    return f"/admin/auth/{user._meta.model_name}/{user.pk}/{page}/"


def may(client, user):
    """True if the user can be changed, removed and given a password, each of them; False: none of them."""
    tried = {
        "password": client.post(address(user, "password"), PASSWORD).status_code == 302,
        "change": client.post(address(user), {"username": "renamed"}).status_code != 403,
        "delete": client.post(address(user, "delete"), {"post": "yes"}).status_code == 302,
    }
    assert len(set(tried.values())) == 1, tried
    return tried["change"]


class TestOthers:
    def test_with_no_further_rights_may_be_changed_and_removed(self, browser):
        assert may(browser, clerk("view_part"))

    @pytest.mark.parametrize("by_group", [False, True], ids=["directly", "by a group"])
    @pytest.mark.parametrize("active", [True, False], ids=["active", "inactive"])
    def test_with_further_rights_may_not(self, browser, active, by_group):
        user = clerk("delete_part", active=active, by_group=by_group)

        assert not may(browser, user)
        user.refresh_from_db()
        assert (user.username, user.password) == ("clerk", "kept")

    def test_who_are_superusers_may_not(self, browser, owner):
        assert not may(browser, owner)
        owner.refresh_from_db()
        assert (owner.username, owner.password) == ("owner", "kept")

    def test_are_not_removed_among_others_either(self, browser, owner):
        user = clerk("view_part")
        chosen = {"action": "delete_selected", "_selected_action": [owner.pk, user.pk], "post": "yes"}

        browser.post("/admin/auth/user/", chosen)

        assert User.objects.filter(pk__in=[owner.pk, user.pk]).count() == 2

    def test_can_be_looked_at_and_the_page_says_why(self, browser, owner):
        assert "owner has rights that you lack, so you can only look at this." in said(browser.get(address(owner)))

    def test_may_all_be_changed_by_a_superuser(self, owner):
        client = Client()
        client.force_login(owner)

        assert may(client, clerk("delete_part"))


class TestRightsGiven:
    @pytest.mark.parametrize("whom", ["another", "oneself"])
    @pytest.mark.parametrize(
        "field, wanted",
        [("user_permissions", "delete_part"), ("groups", "admins")],
    )
    def test_are_those_that_one_has(self, browser, mary, whom, field, wanted):
        admins = Group.objects.create(name="admins")
        admins.permissions.add(permission("delete_part"))
        user = mary if whom == "oneself" else clerk("view_part")
        chosen = admins if field == "groups" else permission(wanted)

        page = browser.post(address(user), filled(browser.get(address(user)), **{field: [chosen.pk]}))

        assert "is not one of the available choices" in errors(page)[field][0]
        assert not getattr(user, field).filter(pk=chosen.pk).exists()

    def test_may_be_given(self, browser):
        readers = Group.objects.create(name="readers")
        readers.permissions.add(permission("view_part"))
        user = clerk("view_user")
        sent = filled(browser.get(address(user)), groups=[readers.pk], user_permissions=[permission("add_user").pk])

        assert browser.post(address(user), sent).status_code == 302
        assert (user.groups.get(), user.user_permissions.get().codename) == (readers, "add_user")

    @pytest.mark.parametrize("whom", ["another", "oneself"])
    def test_do_not_make_a_superuser(self, browser, mary, whom):
        user = mary if whom == "oneself" else clerk("view_part")

        browser.post(address(user), filled(browser.get(address(user)), is_superuser="on"))

        user.refresh_from_db()
        assert not user.is_superuser


class TestGroups:
    def test_with_further_rights_may_not_be_changed_or_removed(self, browser):
        admins = Group.objects.create(name="admins")
        admins.permissions.add(permission("delete_part"))

        assert browser.post(address(admins), {"name": "renamed"}).status_code == 403
        assert browser.post(address(admins, "delete"), {"post": "yes"}).status_code == 403
        assert Group.objects.get().name == "admins"

    def test_get_no_further_rights(self, browser):
        readers = Group.objects.create(name="readers")

        page = browser.post(address(readers), {"name": "readers", "permissions": [permission("delete_part").pk]})

        assert "is not one of the available choices" in errors(page)["permissions"][0]
        assert not readers.permissions.exists()
