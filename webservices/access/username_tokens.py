"""
The age and the nonce of a UsernameToken (WS-Security), where it has them: what was heard on the way is no use later.

    Created   within USERNAME_TOKEN_MINUTES of this server's clock, before or after
    Nonce     once for each user in that time, at all processes; with an idempotency key again for the same call, which
              is done once

A nonce is remembered when the password fits, so that nobody else can use it up or fill the table.
"""

from datetime import datetime, timedelta
from hashlib import sha256

from records import sql
from records.shapes.problems import Family, Problem
from webservices.conf import server_settings
from webservices.wire.credentials import Password

SWEPT_AT_ONCE = 10

# One statement, so that a call that brings a nonce has one more and not two. The sweep leaves the row of this nonce
# alone: a row cannot be deleted and updated at once.
USE = """
WITH swept AS (
    DELETE FROM webservices_usednonce WHERE hash IN (
        SELECT hash FROM webservices_usednonce
        WHERE expires_at <= %s AND hash <> %s ORDER BY expires_at LIMIT %s FOR UPDATE SKIP LOCKED
    )
)
INSERT INTO webservices_usednonce AS n (hash, call_key, expires_at) VALUES (%s, %s, %s)
ON CONFLICT (hash) DO UPDATE SET call_key = EXCLUDED.call_key, expires_at = EXCLUDED.expires_at
WHERE n.expires_at <= %s OR (n.call_key = EXCLUDED.call_key AND n.call_key <> '')
RETURNING hash"""

WRONG_CREATED = "wrong-created"
NONCE_USED = Problem(
    "nonce-used",
    Family.UNAUTHENTICATED,
    "The Nonce of this UsernameToken was used before: make a new one for each call, or send none.",
)


def find_age_problem(password: Password, *, at: datetime) -> Problem | None:
    """Return what is wrong with the age of a token; None when it is young, or does not say when it was created."""
    lifetime = _lifetime()
    if password.created is None or not lifetime or abs(at - password.created) <= lifetime:
        return None
    created, now = (f"{each:%Y-%m-%dT%H:%M:%SZ}" for each in (password.created, at))
    return Problem(
        WRONG_CREATED,
        Family.UNAUTHENTICATED,
        f"Created of this UsernameToken is {created}, and here it is {now}: more than "
        f"{server_settings().username_token_minutes} minutes lie between. "
        "Make a new one for each call, by a right clock.",
    )


def use_nonce(user_id: int, password: Password, *, call_key: str, at: datetime) -> bool:
    """
    Remember the nonce of a token whose password fits; return False when another call had it.

    call_key  the idempotency key of a call that is done once for it; "": none
    """
    lifetime = _lifetime()
    if not password.nonce or not lifetime:
        return True
    hash, call_key = _hash(user_id, password.nonce), call_key and _hash(user_id, call_key)  # either may be anything
    # A token of a clock that is ahead is young for longer.
    expires_at = max(at, password.created or at) + lifetime
    return bool(sql.rows(USE, [at, hash, SWEPT_AT_ONCE, hash, call_key, expires_at, at]))


def _hash(user_id: int, text: str) -> str:
    return sha256(f"{user_id}:{text}".encode()).hexdigest()


def _lifetime() -> timedelta:
    return timedelta(minutes=server_settings().username_token_minutes)
