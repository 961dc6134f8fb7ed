"""
The databases of Django's settings: that of `DATABASE_URL`, else the embedded one, and that of `DATABASE_REPLICA_URL` if
there is one. Nothing is started here.
"""

import os
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from config.launch.embedded import cluster_location, connection_settings

# A server that is silent for a minute is gone: nothing else would end the wait for a machine that lost its power.
SILENCE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 60_000}
# A replica that is silent has the primary beside it: nobody waits for it for long.
IMPATIENCE = {
    "connect_timeout": 2,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 5_000,
}
URL_FORMAT = "postgres://user:password@host:5432/database"


def database(data_folder: Path) -> dict[str, Any]:
    """
    Return the value of DATABASES["default"]; raises ImproperlyConfigured for a DATABASE_URL that is none.

    Each thread keeps its connection: a new one per request costs five times the whole request. Statements that go
    through a `psycopg.Cursor` are prepared by the server at their second run; the ORM binds on this side, as ever. The
    query of a DATABASE_URL says otherwise, by the names that Django (in capitals) and psycopg have.
    """
    if os.environ.get("DATABASE_URL"):
        return _complete(_parse_url("DATABASE_URL"), {"connect_timeout": 5, **SILENCE})
    return _complete({**connection_settings(cluster_location(data_folder))}, {"connect_timeout": 5, **SILENCE})


def replica() -> dict[str, Any] | None:
    """Return the value of DATABASES["replica"], None without one; raises ImproperlyConfigured likewise."""
    if not os.environ.get("DATABASE_REPLICA_URL"):
        return None
    # It has what the primary has: tests would make a database of their own of it.
    return _complete(_parse_url("DATABASE_REPLICA_URL"), IMPATIENCE) | {"TEST": {"MIRROR": "default"}}


def _complete(settings: dict[str, Any], patience: dict[str, int]) -> dict[str, Any]:
    named = {name: None if value == "None" else value for name, value in settings.get("OPTIONS", {}).items()}
    options = {"prepare_threshold": 1, **patience, **named}
    usual = {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    return usual | settings | {"ENGINE": "django.db.backends.postgresql", "OPTIONS": options}


def _parse_url(name: str) -> dict[str, Any]:
    # django-environ takes every database it knows (SQLite, Redis …); only PostgreSQL will do here.
    url = os.environ[name]
    if not url.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured(f"{name} is not of the form {URL_FORMAT}")
    try:
        return environ.Env.db_url_config(url)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is not of the form {URL_FORMAT}: {error}") from None
