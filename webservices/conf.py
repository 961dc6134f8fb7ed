"""
The settings of the web services: each is a Django setting of the same name in capitals, with a default here.

They are read when they are used, so that nothing must be restarted in tests.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import cast

from django.conf import settings

from webservices.wire.dialects.base import Dialect
from webservices.wire.messages import DialectSettings


@dataclass(frozen=True)
class ServerSettings:
    """
    allow_clear_passwords  take passwords, and calls, over plain HTTP from other machines
    https                  the site is reached over TLS: no calls over plain HTTP from other machines
    public_contracts       give WSDLs to anybody
    trust_proxy            believe X-Forwarded-For, -Proto and -Host
    max_body_bytes         longest request, after it was decompressed
    exchange_body_bytes    how much of each body an exchange stores
    sign_in_queue          how many sign-ins of strangers may wait in a process
    session_minutes        how long a session lasts without being used
    key_session_minutes    how long one lasts that an API key has opened
    token_minutes          how long a signed token lasts
    access_token_minutes   how long an access token lasts
    password_grant         give access tokens for a user's name and password, too
    username_token_minutes  how long before or after this moment a UsernameToken may have been created; 0: at any time
    data_source            the name of the site, where a caller names one
    exchange_days          how long exchanges are stored
    exchange_delay_ms      how long the exchange of a call that wrote nothing may wait to be stored with others; 0: not
    exchange_days_of       the same by a dialect's name, where it is another
    idempotency_hours      how long the answer of a call with a key is stored, to be sent again
    job_days               how long the log of batch jobs is stored
    job_inputs             log the records of a batch job as they were sent, when a caller asks for that
    dialect_terms          by a dialect's name, the fields of its DialectSettings that this site sets
    """

    allow_clear_passwords: bool = False
    https: bool = False
    public_contracts: bool = True
    trust_proxy: bool = False
    max_body_bytes: int = 50 * 1024 * 1024
    exchange_body_bytes: int = 64 * 1024
    exchange_days: int = 30
    exchange_delay_ms: int = 200
    exchange_days_of: Mapping[str, int] = field(default_factory=dict)
    sign_in_queue: int = 64
    session_minutes: int = 30
    key_session_minutes: int = 60
    token_minutes: int = 8 * 60
    access_token_minutes: int = 60
    password_grant: bool = False
    username_token_minutes: int = 5
    data_source: str = "DEMO"
    idempotency_hours: int = 24
    job_days: int = 30
    job_inputs: bool = True
    # Sites set DIALECT_TERMS, and a setting has the name of its field: so it keeps this word.
    dialect_terms: Mapping[str, Mapping[str, object]] = field(default_factory=dict)


USUAL = ServerSettings()
SITE_SETTINGS = {
    "language": "DEFAULT_LANGUAGE",
    "currency": "DEFAULT_CURRENCY",
    "data_source": "DATA_SOURCE",
    "records_limit": "MAX_RECORDS",
    "fields_limit": "MAX_FIELDS",
    "problems_limit": "MAX_PROBLEMS",
}  # settings that any dialect may have
SETTINGS = {each.name: (each.name.upper(), getattr(USUAL, each.name)) for each in fields(ServerSettings)}


class _Now:
    """The settings as they are when they are read: a call reads few, and Django is slow to give all."""

    def __getattr__(self, name: str) -> object:
        if name not in SETTINGS:
            raise AttributeError(f"There is no setting {name}.")
        setting, usual = SETTINGS[name]
        return getattr(settings, setting, usual)


NOW = cast(ServerSettings, _Now())


def server_settings() -> ServerSettings:
    """Return the settings as they are now."""
    return NOW


def configured_settings(dialect: Dialect) -> DialectSettings:
    """
    Return the dialect's settings with the site's language and currency, and what DIALECT_TERMS replaces.

    `webservices.publishing.dialect_settings` adds what the database holds of them.
    """
    usual = dialect.settings
    site = {name: getattr(settings, setting) for name, setting in SITE_SETTINGS.items() if hasattr(usual, name)}
    wanted = {**site, **server_settings().dialect_terms.get(dialect.name, {})}
    replaced = {name: value for name, value in wanted.items() if value != getattr(usual, name, None)}
    return replace(dialect.settings, **replaced) if replaced else dialect.settings


def unknown_settings(dialects: Iterable[Dialect]) -> list[str]:
    """Return a sentence for each dialect or setting that DIALECT_TERMS names and that there is not."""
    sentences = []
    known_dialects = {dialect.name: dialect for dialect in dialects}
    for name, replaced in server_settings().dialect_terms.items():
        if name not in known_dialects:
            sentences.append(f"DIALECT_TERMS names {name!r}; the dialects are {', '.join(sorted(known_dialects))}.")
            continue
        known = {each.name for each in fields(known_dialects[name].settings)}
        for term in sorted(set(replaced) - known):
            sentences.append(f"DIALECT_TERMS[{name!r}] names {term!r}; its terms are {', '.join(sorted(known))}.")
    return sentences
