"""The throw-away cluster that tests run on."""

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import connection


@pytest.mark.django_db
class TestThrowAwayCluster:
    def test_is_not_the_database_of_a_user(self, run_folder):
        assert connection.settings_dict["HOST"].startswith(str(run_folder))
        assert connection.settings_dict["NAME"].startswith("test_")

    def test_is_used_by_a_role_that_is_no_superuser(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user")

            assert cursor.fetchone() == (False, True)

    @pytest.mark.parametrize("turn", [1, 2])
    def test_is_empty_for_each_test(self, turn):
        User.objects.create(username="ada")

        assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_is_as_migrated_again_after_a_test_that_commits(turn):
    assert User.objects.count() == 0
    assert ContentType.objects.exists()

    ContentType.objects.all().delete()

    User.objects.create(username="ada")
