"""The database of Django's settings: that of `DATABASE_URL`, else the embedded one. Nothing is started here."""

import os
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from config.launch.embedded import cluster_location, connection_settings

# A server that is silent for a minute is gone: nothing else would end the wait for a machine that lost its power.
SILENCE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 60_000}
URL_FORMAT = "postgres://user:password@host:5432/database"


def database(data_folder: Path) -> dict[str, Any]:
    """
    Return the value of DATABASES["default"]; raises ImproperlyConfigured for a DATABASE_URL that is none.

    Each thread keeps its connection: a new one per request costs five times the whole request. Statements that go
    through a `psycopg.Cursor` are prepared by the server at their second run; the ORM binds on this side, as ever. The
    query of a DATABASE_URL says otherwise, by the names that Django (in capitals) and psycopg have.
    """
    url = os.environ.get("DATABASE_URL", "")
    settings: dict[str, Any] = _parse_url(url) if url else {**connection_settings(cluster_location(data_folder))}
    named = {name: None if value == "None" else value for name, value in settings.get("OPTIONS", {}).items()}
    options = {"connect_timeout": 5, "prepare_threshold": 1, **SILENCE, **named}
    usual = {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    return usual | settings | {"ENGINE": "django.db.backends.postgresql", "OPTIONS": options}


def _parse_url(url: str) -> dict[str, Any]:
    # django-environ takes every database it knows (SQLite, Redis …); only PostgreSQL will do here.
    if not url.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured(f"DATABASE_URL is not of the form {URL_FORMAT}")
    try:
        return environ.Env.db_url_config(url)
    except ValueError as error:
        raise ImproperlyConfigured(f"DATABASE_URL is not of the form {URL_FORMAT}: {error}") from None
