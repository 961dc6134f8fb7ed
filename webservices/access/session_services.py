"""
The actions on a session, and the one that gives a signed token, with their fields as callers see them.

No model is behind this resource: its id is a secret that is known once, and the rest is what the hub knows of a user.
"""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import User as Account

from parts.codes import CODE_LISTS
from records.shapes.callers import Caller
from records.shapes.criteria import UNLIMITED, Scope
from records.shapes.fields import CURRENCIES, Field, Kind, ListField, ScalarField, ScalarKind
from records.shapes.parsing import is_blank, reader
from records.shapes.problems import (
    Family,
    Problem,
    ProblemError,
    invalid_problem,
    missing_problem,
    unknown_code_problem,
)
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, Value, Values, quote_text
from webservices.access import sessions
from webservices.access.session_tokens import NO_SESSION
from webservices.access.signed_tokens import signed_token
from webservices.conf import server_settings


def _user_field(name: str, label: str, kind: ScalarKind = Kind.TEXT) -> ScalarField:
    return ScalarField(name, kind, label, f"The user's {label}.", read_only=True)


CURRENCY = ScalarField(
    "currency",
    label="currency",
    help="ISO code; without one it is the site's.",
    max_length=3,
    pattern="[A-Z]{3}",
    code_list=CURRENCIES,
    example="USD",
)
SESSION = Resource(
    name="session",
    plural="sessions",
    label="Session",
    label_plural="Sessions",
    fields=(
        CURRENCY,
        ScalarField(
            "id",
            label="session id",
            help="What later calls send.",
            read_only=True,
            secret=True,
            example="Zk3vQ9wX!1!1769860800000",
        ),
        _user_field("user_name", "name"),
        _user_field("first_name", "first name"),
        _user_field("last_name", "last name"),
        _user_field("email", "e-mail"),
        _user_field("language", "language"),
        _user_field("site_currency", "currency by default"),
        _user_field("superuser", "right to do everything", Kind.BOOLEAN),
        _user_field("active", "right to sign in", Kind.BOOLEAN),
        ListField("groups", "groups", "The user's groups.", read_only=True, item=ScalarField("group", label="group")),
    ),
    key=(),
    examples=({"currency": "USD"},),
    help="A session that a user has opened with a password, or a machine with an API key.",
).apply_code_lists(CODE_LISTS)

SESSION_NEEDS_PASSWORD = Problem(
    "needs-a-password",
    Family.UNAUTHENTICATED,
    "A session is opened with a user name and password or with an API key, by nothing else.",
)


def open_session(
    *, records: Sequence[Values], by: Caller, at: datetime, resource: Resource = SESSION, scope: Scope = UNLIMITED
) -> tuple[Values, ...]:
    """
    Open a session of the caller; returns its id, and its currency if one was asked for.

    One that is opened with a password has all of the user's permissions; one that is opened with an API key allows what
    the key allows, for as long as that does. Raises ProblemError for a caller with neither.
    """
    if by.user_id is None or (not by.proof and by.key is None):
        raise ProblemError(SESSION_NEEDS_PASSWORD)
    minutes = server_settings().key_session_minutes if by.key is not None else None
    currency = _currency(records, resource)
    token = sessions.new_session(by.user_id, by.proof, currency=currency, key=by.key, minutes=minutes, at=at)
    # The user's password was changed after this call had proven it.
    if token is None:
        raise ProblemError(SESSION_NEEDS_PASSWORD)
    return ({"id": token, **({"currency": currency} if currency else {})},)


def show_session(
    *, records: Sequence[Values], by: Caller, at: datetime, resource: Resource = SESSION, scope: Scope = UNLIMITED
) -> tuple[Values, ...]:
    """Return the user who calls, and the currency of the session."""
    account = Account.objects.get(username=by.user_name)
    return ({**describe_user(account), "currency": _session_currency(by, resource)},)


def describe_user(account: Account) -> Values:
    """Return what the hub knows of a user, with the site's own currency (one query, for the groups)."""
    return {
        "user_name": account.username,
        "first_name": account.first_name,
        "last_name": account.last_name,
        "email": account.email,
        "language": settings.DEFAULT_LANGUAGE,
        "site_currency": settings.DEFAULT_CURRENCY,
        "currency": settings.DEFAULT_CURRENCY,
        "superuser": "true" if account.is_superuser else "false",
        "active": "true" if account.is_active else "false",
        "groups": list(account.groups.order_by("name").values_list("name", flat=True)),
    }


def set_currency_of_session(
    *, records: Sequence[Values], by: Caller, at: datetime, resource: Resource = SESSION, scope: Scope = UNLIMITED
) -> tuple[Values, ...]:
    """Give the caller's session another currency; raises ProblemError when there is none."""
    currency = _currency(records, resource)
    if not currency:
        raise ProblemError(missing_problem(("currency",)))
    if by.session is None:
        raise ProblemError(NO_SESSION)
    sessions.set_currency(by.session, currency)
    return ()


def close_session(
    *, records: Sequence[Values], by: Caller, at: datetime, resource: Resource = SESSION, scope: Scope = UNLIMITED
) -> tuple[Values, ...]:
    """End the caller's session; a caller without one has none to end."""
    if by.session is not None:
        sessions.close_session(by.session)
    return ()


def _currency(records: Sequence[Values], resource: Resource) -> str:
    sent = records[0].get("currency", "") if records else ""
    try:
        return "" if is_blank(sent) else str(_read_active_code(resource.by_name[CURRENCY.name], sent))
    except ProblemError as refused:
        raise ProblemError(refused.problem.under("currency")) from None


DATA_SOURCE = ScalarField(
    "data_source", label="data source", help="The site's name; without one it is meant.", example="DEMO"
)
AUTH_TOKEN = Resource(
    name="auth_token",
    plural="auth_tokens",
    label="Auth token",
    label_plural="Auth tokens",
    fields=(
        DATA_SOURCE,
        ScalarField(
            "token", label="token", help="What later calls send.", read_only=True, secret=True, example="WzFd:xyz"
        ),
    ),
    key=(),
    examples=({"data_source": "DEMO"},),
    help="What stands for a user's name and password for some hours.",
)

TOKEN_NEEDS_PASSWORD = Problem(
    "needs-a-password", Family.UNAUTHENTICATED, "An auth token is given for a user name and password, for nothing else."
)


def open_token(
    *, records: Sequence[Values], by: Caller, at: datetime, resource: Resource = AUTH_TOKEN, scope: Scope = UNLIMITED
) -> tuple[Values, ...]:
    """
    Return a token of the caller.

    Raises ProblemError for a caller with anything but a password: a token has all of a user's permissions, an API key
    may have fewer, and a token that could get another would never end.
    """
    if not by.proof or by.user_id is None:
        raise ProblemError(TOKEN_NEEDS_PASSWORD)
    requested = records[0].get(DATA_SOURCE.name, EMPTY) if records else EMPTY
    if not is_blank(requested) and requested != server_settings().data_source:
        text = f"{{field}} {quote_text(requested)} is not known."
        raise ProblemError(invalid_problem(text, code="unknown-data-source", path=(DATA_SOURCE.name,)))
    return ({"token": signed_token(by.user_id, by.proof, at=at)},)


def _read_active_code(field: Field, sent: Value) -> object:
    code = reader(field)(sent)
    if code in field.inactive:
        raise ProblemError(unknown_code_problem(field.code_list, quote_text(str(code)), ()))
    return code


def _session_currency(by: Caller, resource: Resource) -> str:
    """Return the currency of the caller's session, or the site's own if it has none that is known any more."""
    currency = sessions.session_currency(by.session)
    known = dict(resource.by_name[CURRENCY.name].choices)
    return currency if currency and currency in known else settings.DEFAULT_CURRENCY
