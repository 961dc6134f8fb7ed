"""The settings, as the environment turns them."""

import json
import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.database import database, replica
from config.launch.paths import BASE_DIR


def settings_with(**environment: str) -> dict[str, object]:
    """All settings of a process with this environment."""
    code = (
        "import json, config.settings as settings\n"
        "names = [name for name in vars(settings) if name.isupper() and name != 'UNFOLD']\n"
        "print(json.dumps({name: getattr(settings, name) for name in names}, default=str))\n"
    )
    command = [sys.executable, "-c", code]
    answer = subprocess.run(command, cwd=BASE_DIR, env=os.environ | environment, capture_output=True, check=True)
    return json.loads(answer.stdout)


@pytest.fixture(scope="module")
def defaults(tmp_path_factory) -> dict[str, object]:
    return settings_with(DATA_DIR=str(tmp_path_factory.mktemp("settings") / "data"))


class TestByDefault:
    def test_shows_no_stack_traces(self, defaults):
        assert defaults["DEBUG"] is False

    def test_answers_on_this_machine_only(self, defaults):
        assert defaults["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]

    def test_believes_no_proxy(self, defaults):
        assert defaults["SECURE_PROXY_SSL_HEADER"] is None
        assert defaults["USE_X_FORWARDED_HOST"] is False

    def test_starts_and_makes_nothing(self, defaults):
        assert not os.path.exists(defaults["DATA_DIR"])

    def test_hashes_passwords_with_argon2(self, defaults):
        assert defaults["PASSWORD_HASHERS"][0].endswith("Argon2PasswordHasher")


def test_a_trusted_proxy_names_scheme_and_host():
    settings = settings_with(TRUST_PROXY="1")

    assert settings["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]
    assert settings["USE_X_FORWARDED_HOST"] is True


def test_over_tls_cookies_travel_nowhere_else():
    settings = settings_with(HTTPS="1")

    assert settings["SESSION_COOKIE_SECURE"] is settings["CSRF_COOKIE_SECURE"] is True
    assert settings["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert settings["CSRF_COOKIE_NAME"].startswith("__Host-")
    assert settings["SECURE_HSTS_SECONDS"] == 365 * 24 * 3600
    assert settings["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is False


class TestDatabase:
    def test_is_the_embedded_one_over_its_socket(self, tmp_path):
        settings = database(tmp_path)

        assert settings["HOST"] == str(tmp_path / "postgresql/socket")
        assert (settings["NAME"], settings["USER"]) == ("counterpart", "counterpart")

    def test_is_the_one_that_is_named(self, tmp_path, monkeypatch):
        monkeypatch.setenv("DATABASE_URL", "postgres://ada:secret@db.example:5433/hub?sslmode=require")

        settings = database(tmp_path)

        assert (settings["HOST"], settings["PORT"], settings["NAME"]) == ("db.example", 5433, "hub")
        assert settings["OPTIONS"]["sslmode"] == "require"
        assert settings["CONN_MAX_AGE"] > 0

    def test_takes_all_that_django_and_the_driver_do(self, tmp_path, monkeypatch):
        """A pooler wants it so, for one: its server has not seen the statements that another one has prepared."""
        query = "prepare_threshold=None&CONN_MAX_AGE=0&keepalives_idle=5&application_name=hub"
        monkeypatch.setenv("DATABASE_URL", f"postgres://ada:secret@db.example/hub?{query}")

        settings = database(tmp_path)

        options = settings["OPTIONS"]
        assert options["prepare_threshold"] is None
        assert (options["keepalives_idle"], options["application_name"]) == (5, "hub")
        assert (settings["CONN_MAX_AGE"], settings["CONN_HEALTH_CHECKS"]) == (0, True)
        assert options["connect_timeout"] == 5

    def test_there_is_no_replica_unless_it_is_named(self, monkeypatch):
        monkeypatch.delenv("DATABASE_REPLICA_URL", raising=False)

        assert replica() is None

    def test_a_replica_is_waited_for_less(self, tmp_path, monkeypatch):
        monkeypatch.setenv("DATABASE_REPLICA_URL", "postgres://ada:secret@copy.example/hub?application_name=reads")

        settings = replica()

        assert (settings["HOST"], settings["NAME"], settings["CONN_MAX_AGE"]) == ("copy.example", "hub", 600)
        assert settings["OPTIONS"]["application_name"] == "reads"
        assert settings["OPTIONS"]["connect_timeout"] < database(tmp_path)["OPTIONS"]["connect_timeout"]

    def test_a_replica_that_is_no_postgresql_is_told_by_its_variable(self, monkeypatch):
        monkeypatch.setenv("DATABASE_REPLICA_URL", "mysql://copy.example/hub")

        with pytest.raises(ImproperlyConfigured, match="DATABASE_REPLICA_URL is not of the form"):
            replica()
