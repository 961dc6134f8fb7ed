"""A database of an earlier version, migrated to this one, still has all that was in it."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from config.launch.embedded import test_cluster
from webservices.tester.models import Collection, Run, SavedCall

BEFORE_TESTER = ("webservices", "0009_request_headers")  # the test page had no app of its own yet


@pytest.fixture
def _empty_database(django_db_setup, django_db_blocker, worker):
    """A database without tables, in place of the worker's own."""
    name, own = f"upgrade_{worker}", connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
        test_cluster.use_database({"NAME": name})
        ContentType.objects.clear_cache()
        try:
            yield
        finally:
            test_cluster.use_database({"NAME": own})
            ContentType.objects.clear_cache()
            with connection.cursor() as cursor:
                cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def add_run_of_a_collection():
    """A collection with a call and its run, by the models as they were then."""
    model = MigrationExecutor(connection).loader.project_state(BEFORE_TESTER).apps.get_model
    collection = model("webservices", "Collection").objects.create(name="Nightly", values={"part": "P-1"})
    call = model("webservices", "KeptCall").objects.create(
        collection=collection, name="Get", target="/v2_0/receiver/parts", body="<a/>", checks=[{"kind": "status"}]
    )
    run = model("webservices", "Run").objects.create(collection=collection, began_at=timezone.now(), user_name="ada")
    model("webservices", "RunResult").objects.create(run=run, kept=call, name="Get", status=200, met=True, answer=b"x")


def grant_to_group(*codenames):
    group = Group.objects.create(name="Testers")
    group.permissions.set(Permission.objects.filter(content_type__app_label="webservices", codename__in=codenames))
    assert group.permissions.count() == len(codenames)
    User.objects.create(username="eve").groups.add(group)


@pytest.mark.usefixtures("_empty_database")
def test_the_test_pages_rows_and_permissions_move_to_its_own_app():
    call_command("migrate", *BEFORE_TESTER, verbosity=0)
    add_run_of_a_collection()
    grant_to_group("view_collection", "change_keptcall", "view_exchange")

    call_command("migrate", verbosity=0)

    collection, call, run = Collection.objects.get(), SavedCall.objects.get(), Run.objects.get()
    assert (collection.name, collection.values) == ("Nightly", {"part": "P-1"})
    assert (call.collection, call.name, call.body, call.checks) == (collection, "Get", "<a/>", [{"kind": "status"}])
    assert (run.collection, run.user_name) == (collection, "ada")
    result = run.results.get()
    assert (result.saved_call, result.status, result.passed, bytes(result.answer)) == (call, 200, True, b"x")
    assert User.objects.get().get_group_permissions() == {
        "tester.view_collection",
        "tester.change_savedcall",
        "webservices.view_exchange",
    }
    moved = ContentType.objects.filter(
        app_label="webservices", model__in=("collection", "keptcall", "run", "runresult")
    )
    assert not moved.exists()
