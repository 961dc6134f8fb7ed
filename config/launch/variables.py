"""
The environment variables that hold a number, a yes or no, or one of a few words, checked before anything is started.

A value that is none is told in a sentence, where `int` would end in a traceback and django-environ take it for a no.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass

from config.launch.errors import StartError

WORDS = ("true", "on", "ok", "y", "yes", "1", "false", "off", "n", "no", "0", "")


@dataclass(frozen=True)
class Number:
    """A whole number between two, and what it is without the variable."""

    least: int
    most: int
    default: int


NUMBERS = {
    "PORT": Number(0, 65_535, 8000),
    "WEB_CONCURRENCY": Number(1, 128, min(os.cpu_count() or 2, 8)),
    "WEB_THREADS": Number(1, 256, 4),
    "WEB_CONNECTIONS": Number(10, 100_000, 900),
    "WEB_HEAD_SECONDS": Number(1, 3600, 10),
    "WEB_IDLE_SECONDS": Number(1, 3600, 15),
    "WEB_GRACE_SECONDS": Number(1, 3600, 20),
    "WEB_LEAST_RATE": Number(1, 1_000_000_000, 1000),
    "WEB_UNREAD_MB": Number(1, 1_000_000, 1024),
    "WEB_MEMORY_MB": Number(64, 1_000_000, 512),
    "HSTS_DAYS": Number(0, 3650, 365),
    "DATABASE_REPLICA_LAG_SECONDS": Number(1, 86_400, 5),
    "DISK_LOW_MB": Number(0, 1_000_000_000, 1024),
    # Seconds that a statement may run, and wait for a lock, by the kind of work; 0: as long as it takes.
    "CALL_STATEMENT_SECONDS": Number(0, 86_400, 60),
    "CALL_LOCK_SECONDS": Number(0, 86_400, 5),
    "PAGE_STATEMENT_SECONDS": Number(0, 86_400, 60),
    "PAGE_LOCK_SECONDS": Number(0, 86_400, 5),
    "JOB_STATEMENT_SECONDS": Number(0, 86_400, 600),
    "JOB_LOCK_SECONDS": Number(0, 86_400, 60),
    "MIGRATION_STATEMENT_SECONDS": Number(0, 86_400, 3600),
    "MIGRATION_LOCK_SECONDS": Number(0, 86_400, 30),
    "MAX_BODY_BYTES": Number(1, 2**31, 50 * 1024 * 1024),
    "MAX_RECORDS": Number(1, 1_000_000, 20_000),
    "MAX_FIELDS": Number(100, 1_000_000, 50_000),
    "MAX_PROBLEMS": Number(1, 1_000_000, 1_000),
    "EXCHANGE_BODY_BYTES": Number(0, 2**31, 64 * 1024),
    "EXCHANGE_DAYS": Number(0, 36_500, 30),
    "EXCHANGE_DELAY_MS": Number(0, 10_000, 200),
    "IDEMPOTENCY_HOURS": Number(0, 876_000, 24),
    "JOB_DAYS": Number(0, 36_500, 30),
    "ADMIN_SESSION_MINUTES": Number(1, 5_256_000, 8 * 60),
    "SIGN_IN_QUEUE": Number(1, 10_000, 64),
    "SESSION_MINUTES": Number(1, 5_256_000, 30),
    "KEY_SESSION_MINUTES": Number(1, 5_256_000, 60),
    "TOKEN_MINUTES": Number(1, 5_256_000, 8 * 60),
    "ACCESS_TOKEN_MINUTES": Number(1, 1440, 60),
    "USERNAME_TOKEN_MINUTES": Number(0, 1440, 5),
}
SWITCHES = (
    *("DEBUG", "TRUST_PROXY", "HTTPS", "HSTS_SUBDOMAINS", "DEMO", "ALLOW_CLEAR_PASSWORDS", "PUBLIC_CONTRACTS"),
    *("JOB_INPUTS", "PASSWORD_GRANT", "CHECK_STATES", "CHECK_TOTALS"),
)
CHOICES = {
    "LOG_LEVEL": ("critical", "error", "warning", "info", "debug"),
    "ORDER_ROUNDING": ("row", "order"),
}


def check_variables() -> None:
    """Raise StartError with a sentence for each variable whose value cannot be."""
    if problems := [*_list_problems()]:
        raise StartError("\n".join(problems))


def read_number(name: str) -> int:
    """Return the number of a variable, or its default; raises StartError when it is none or too small or large."""
    number = NUMBERS[name]
    text = os.environ.get(name, "").strip()
    if not text:
        return number.default
    if not (text.isascii() and text.isdecimal() and number.least <= int(text) <= number.most):
        raise StartError(
            f"{name} is {text!r}, which is no whole number from {number.least} to {number.most}: "
            f"set it to one, or leave it out for {number.default}."
        )
    return int(text)


def _list_problems() -> Iterator[str]:
    for name in NUMBERS:
        try:
            read_number(name)
        except StartError as error:
            yield str(error)
    for name in SWITCHES:
        if (text := os.environ.get(name, "")).strip().lower() not in WORDS:
            yield f"{name} is {text!r}, which is neither yes nor no: set it to 1 or 0, or leave it out."
    for name, words in CHOICES.items():
        if (text := os.environ.get(name, words[0])).lower() not in words:
            yield f"{name} is {text!r}, which is none of {', '.join(words)}."
