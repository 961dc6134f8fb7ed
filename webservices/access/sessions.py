"""
Sessions as a door sees them: a session id's user, with all rights, in one statement.

    fMnrZ…!48213!1496619804692      a random part, a number, the milliseconds of the login: opaque to its caller

Only the hash of an id is kept. A session ends when it is closed, when it was not used for the setting
SESSION_MINUTES, and when its user's password changes or the user is disabled (a trigger, migration 0002).
"""

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import DatabaseError

from records import sql
from webservices.access.users import COLUMNS, User
from webservices.terms import server_terms

log = logging.getLogger(__name__)

STAMPED_EVERY = timedelta(minutes=1)
SWEPT_AT_ONCE = 100

SESSION = f"""
SELECT s.id, s.used_at, {COLUMNS}
FROM webservices_session s JOIN auth_user u ON u.id = s.user_id
WHERE s.hash = %s AND s.used_at > %s"""  # noqa: S608 - of constants
STAMP = """
UPDATE webservices_session SET used_at = %s
WHERE id = (
    SELECT id FROM webservices_session WHERE id = %s AND used_at <= %s FOR NO KEY UPDATE SKIP LOCKED
)"""
# The user's row is locked against a change of the password, whose trigger could not see this session yet.
OPEN = """
INSERT INTO webservices_session (hash, user_id, currency, opened_at, used_at)
SELECT %s, id, %s, %s, %s FROM (
    SELECT id FROM auth_user
    WHERE id = %s AND encode(sha256(convert_to(password, 'UTF8')), 'hex') = %s AND is_active
    FOR SHARE
) u
RETURNING id"""
SWEEP = """
DELETE FROM webservices_session WHERE id IN (
    SELECT id FROM webservices_session WHERE used_at <= %s ORDER BY used_at LIMIT %s FOR UPDATE SKIP LOCKED
)"""


@dataclass(frozen=True, slots=True)
class Session:
    """A session as one call sees it."""

    id: int
    used_at: datetime
    user: User


def session_of(token: str, *, at: datetime) -> Session | None:
    """The session of this id; None when there is none, or when it has ended."""
    found = sql.rows(SESSION, [_hash(token), _ended_before(at)]) if token else []
    return next((Session(*row[:2], User.of_row(row[2:])) for row in found), None)


def stamp(session: Session, *, at: datetime) -> None:
    """Keep that it was used: at most once a minute, waiting for nobody, and failing no call."""
    if at - session.used_at < STAMPED_EVERY:
        return
    try:
        sql.run(STAMP, [at, session.id, at - STAMPED_EVERY])
    except DatabaseError:
        log.exception("the last use of session %s could not be kept", session.id)


def proof_of(user: User) -> str:
    """What stands for the password that a user has just shown to know: it is another when the password is."""
    return _hash(user.stored)


def new_session(user_id: int, proof: str, *, currency: str, at: datetime) -> str | None:
    """
    Open a session; gives its id. None when the user's password has changed since it was proven.

    Sessions that nobody uses any more are swept away with it, some at a time.
    """
    token = f"{secrets.token_urlsafe(36)}!{secrets.randbelow(90_000) + 10_000}!{int(at.timestamp() * 1000)}"
    opened = sql.rows(OPEN, [_hash(token), currency, at, at, user_id, proof])
    sql.run(SWEEP, [_ended_before(at), SWEPT_AT_ONCE])
    return token if opened else None


def close_session(session_id: int) -> None:
    """End a session."""
    sql.run("DELETE FROM webservices_session WHERE id = %s", [session_id])


def currency_of(session_id: int | None) -> str:
    """The currency that a session was given; "" when it has none."""
    found = sql.rows("SELECT currency FROM webservices_session WHERE id = %s", [session_id])
    return found[0][0] if found else ""


def set_currency(session_id: int, currency: str) -> None:
    """Give a session another currency."""
    sql.run("UPDATE webservices_session SET currency = %s WHERE id = %s", [currency, session_id])


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _ended_before(at: datetime) -> datetime:
    """Who used a session a minute after it was stamped has left no trace of it, and shall not be thrown out."""
    return at - timedelta(minutes=server_terms().session_minutes) - STAMPED_EVERY
