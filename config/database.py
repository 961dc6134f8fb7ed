"""The one database as Django's settings name it: `DATABASE_URL`, else the embedded server. Nothing is started here."""

import os
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from config.launch.embedded import address, place_under

FORM = "postgres://user:password@host:5432/database"


def database(data_folder: Path) -> dict[str, object]:
    """
    The value of DATABASES["default"].

    One connection per thread, kept: a new one per request costs five times the whole request. Statements that are
    prepared by hand (a `psycopg.Cursor`) are prepared at their second run; the ORM binds on this side, as ever.
    """
    url = os.environ.get("DATABASE_URL", "")
    found = _named_by(url) if url else address(place_under(data_folder))
    return found | {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, "prepare_threshold": 1} | found.get("OPTIONS", {}),
    }


def _named_by(url: str) -> dict[str, object]:
    if not url.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured(f"DATABASE_URL is not of the form {FORM}")
    try:
        return environ.Env.db_url_config(url)
    except ValueError as error:
        raise ImproperlyConfigured(f"DATABASE_URL is not of the form {FORM}: {error}") from None
