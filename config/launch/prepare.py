"""
Prepare the database before `./start` serves: require its version, run the checks, migrate, and fill it once.

Several machines may start at once: all of it happens under one lock of the database itself.
"""

import io
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command, get_commands
from django.db import Error, NotSupportedError, connection

from config.launch.errors import StartError

OLDEST_MAJOR = 15
PAUSE = 0.2  # seconds between two attempts to lock
LOCK = 0x636F756E746572  # any number, the same for every start


def prepare() -> str:
    """
    Make the database ready; return what the person at the terminal must know, shown once. Raises StartError.

    No connection stays open: gunicorn forks its workers after this, and they may not share one.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        django.setup()
        try:
            with connection.cursor() as cursor:
                require_version(cursor.connection.info.server_version)
            _check()
            with _advisory_lock():
                call_command("migrate", verbosity=0, interactive=False)
                return first_run()
        finally:
            connection.close()
    except ImproperlyConfigured as error:
        raise StartError(f"The settings do not fit: {_one_line(error)}") from None
    except NotSupportedError:  # Django's own, lower, limit
        raise StartError(f"The database is too old: PostgreSQL {OLDEST_MAJOR} or newer is needed.") from None
    except Error as error:
        raise StartError(f"The database refuses: {_one_line(error)}") from None


def require_version(version: int) -> None:
    """Refuse a PostgreSQL that is too old; the version as the server counts it (150004 is 15.4)."""
    if version // 10000 < OLDEST_MAJOR:
        raise StartError(f"The database is PostgreSQL {version // 10000}: {OLDEST_MAJOR} or newer is needed.")


def first_run() -> str:
    """Fill a database without users: the demo world (unless DEMO=0), then the superuser; return its password's line."""
    from django.conf import settings
    from django.contrib.auth import get_user_model

    users = get_user_model().objects
    if users.filter(is_superuser=True).exists():
        return ""
    if settings.DEMO and "load_demo" in get_commands():
        call_command("load_demo", verbosity=0)
    password = settings.ADMIN_PASSWORD or secrets.token_urlsafe(12)
    users.create_superuser("admin", password=password)
    hint = "as ADMIN_PASSWORD says" if settings.ADMIN_PASSWORD else f"{password}   (shown only now)"
    return f"  Sign in    as admin, password {hint}\n"


def _check() -> None:
    try:
        call_command("check", databases=["default"], stdout=io.StringIO())
    except CommandError as error:
        raise StartError(f"The system checks find:\n{error}") from None


@contextmanager
def _advisory_lock() -> Iterator[None]:
    """Hold the database's own lock, for as long as this connection lives at most."""
    # An advisory lock of the session, not of a transaction: migrations commit, one by one, while it is held.
    with connection.cursor() as cursor:
        while True:  # not `pg_advisory_lock`, for which LOCK_SECONDS count: another machine may migrate for an hour
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
            if cursor.fetchone()[0]:
                break
            time.sleep(PAUSE)
        yield
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
