"""
Sessions as calls see them: a session id's user, with all permissions, in one statement.

    fMnrZ…!48213!1496619804692      a random part, a number, the milliseconds of the login: opaque to its caller

Only the hash of an id is kept. A session ends when it is closed, when it was not used for so many minutes (its own, or
the setting SESSION_MINUTES), and when its user's password changes or the user is disabled (a trigger, migration 0002).
One that an API key has opened also ends when the key is revoked, expires or is deleted.
"""

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from records import sql
from webservices.access import keys
from webservices.access.last_used import LastUsedColumn
from webservices.access.users import COLUMNS, PROOF, User
from webservices.conf import server_settings

log = logging.getLogger(__name__)

SWEPT_AT_ONCE = 100
LAST_USED = LastUsedColumn("webservices_session", "used_at", "session")

# Who used a session a minute after it was stamped has left no trace of it, and shall not be thrown out.
LIVES = "make_interval(mins => COALESCE(s.minutes, %s) + 1)"
SESSION = f"""
SELECT s.id, s.used_at, k.id, k.prefix, k.operations, k.used_at, {COLUMNS}
FROM webservices_session s JOIN auth_user u ON u.id = s.user_id LEFT JOIN webservices_apikey k ON k.id = s.key_id
WHERE s.hash = %s AND s.used_at > %s - {LIVES}
    AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > %s)"""  # noqa: S608 - of constants
# The user's row is locked against a change of the password, whose trigger could not see this session yet.
OPEN = f"""
INSERT INTO webservices_session (hash, user_id, key_id, minutes, currency, opened_at, used_at)
SELECT %s, id, %s, %s, %s, %s, %s FROM (
    SELECT u.id FROM auth_user u WHERE u.id = %s AND (%s OR {PROOF} = %s) AND u.is_active FOR SHARE
) u
RETURNING id"""  # noqa: S608 - of constants
SWEEP = f"""
DELETE FROM webservices_session WHERE id IN (
    SELECT s.id FROM webservices_session s
    WHERE s.used_at <= %s - {LIVES} ORDER BY s.used_at LIMIT %s FOR UPDATE SKIP LOCKED
)"""  # noqa: S608 - of constants


@dataclass(frozen=True, slots=True)
class Session:
    """
    A session as one call sees it.

    key, prefix, operations, key_used_at   of the API key that has opened it
    """

    id: int
    used_at: datetime
    key: int | None
    prefix: str | None
    operations: frozenset[str] | None
    key_used_at: datetime | None
    user: User


def find_session(token: str, *, at: datetime) -> Session | None:
    """Return the session of this id; None when there is none, or when it has ended."""
    found = sql.rows(SESSION, [_hash(token), at, server_settings().session_minutes, at])
    for id, used_at, key, prefix, operations, key_used_at, *user in found:
        listed = None if key is None else frozenset(operations)
        return Session(id, used_at, key, prefix, listed, key_used_at, User.from_row(user))
    return None


def record_use(session: Session, *, at: datetime) -> None:
    """Record that it was used, and the key with it."""
    LAST_USED.renew(session.id, session.used_at, at=at)
    if session.key is not None:
        keys.LAST_USED.renew(session.key, session.key_used_at, at=at)


def new_session(
    user_id: int,
    proof: str,
    *,
    currency: str = "",
    key: int | None = None,
    minutes: int | None = None,
    at: datetime,
) -> str | None:
    """
    Open a session; returns its id, or None when the user's password has changed since it was proven, or the user was
    disabled.

    proof    the user's, from when the password was proven
    key      the API key that opens it, without a password
    minutes  how long it lasts without being used; None: as the setting says

    Sessions that nobody uses any more are swept away with it, some at a time.
    """
    token = f"{secrets.token_urlsafe(36)}!{secrets.randbelow(90_000) + 10_000}!{int(at.timestamp() * 1000)}"
    values = [_hash(token), key, minutes, currency, at, at]
    opened = sql.rows(OPEN, [*values, user_id, key is not None, proof])
    sql.run(SWEEP, [at, server_settings().session_minutes, SWEPT_AT_ONCE])
    return token if opened else None


def close_session(session_id: int) -> None:
    """End a session."""
    sql.run("DELETE FROM webservices_session WHERE id = %s", [session_id])


def session_currency(session_id: int | None) -> str:
    """The currency that a session was given; "" when it has none."""
    found = sql.rows("SELECT currency FROM webservices_session WHERE id = %s", [session_id])
    return found[0][0] if found else ""


def set_currency(session_id: int, currency: str) -> None:
    """Give a session another currency."""
    sql.run("UPDATE webservices_session SET currency = %s WHERE id = %s", [currency, session_id])


def _hash(text: str) -> str:
    # A quick hash is enough: nobody can guess 288 random bits, and each call looks its session up by it.
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
