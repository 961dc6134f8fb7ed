"""
Access tokens as calls see them: a token's user, with all permissions, in one statement.

    Authorization: Bearer cpt_T0bQ…        opaque to its caller

Only the hash of a token is stored. It ends after ACCESS_TOKEN_MINUTES, with the API key that it was got with, when its
user is disabled and, without a key, when the user's password changes (a trigger, migration 0019).
"""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from records import sql
from webservices.access.keys import SECRET_LENGTH, SECRET_LETTERS, Key
from webservices.access.users import COLUMNS, PROOF, User
from webservices.conf import server_settings

MARK = "cpt_"
TOKEN = re.compile(rf"{MARK}[A-Za-z0-9]{{{SECRET_LENGTH}}}")
SWEPT_AT_ONCE = 100

FIND = f"""
SELECT t.scope, k.id, k.prefix, k.operations, k.used_at, {COLUMNS}
FROM webservices_accesstoken t JOIN auth_user u ON u.id = t.user_id LEFT JOIN webservices_apikey k ON k.id = t.key_id
WHERE t.hash = %s AND t.expires_at > %s
    AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > %s)"""  # noqa: S608 - of constants
# The user's row is locked against a change of the password, whose trigger could not see this token yet.
ADD = f"""
INSERT INTO webservices_accesstoken (hash, user_id, key_id, scope, created_at, expires_at)
SELECT %s, id, %s, %s, %s, %s FROM (
    SELECT u.id FROM auth_user u WHERE u.id = %s AND (%s OR {PROOF} = %s) AND u.is_active FOR SHARE
) u
RETURNING id"""  # noqa: S608 - of constants
SWEEP = """
DELETE FROM webservices_accesstoken WHERE id IN (
    SELECT id FROM webservices_accesstoken WHERE expires_at <= %s
    ORDER BY expires_at LIMIT %s FOR UPDATE SKIP LOCKED
)"""


@dataclass(frozen=True, slots=True)
class AccessToken:
    """
    A token as one call sees it.

    user                                   narrowed to the token's scope
    key, prefix, operations, key_used_at   of the API key that it was got with
    """

    user: User
    key: int | None
    prefix: str | None
    operations: frozenset[str] | None
    key_used_at: datetime | None


def is_token(text: str) -> bool:
    """True if the text has the form of an access token."""
    return TOKEN.fullmatch(text) is not None


def find_token(token: str, *, at: datetime) -> AccessToken | None:
    """Return what is known of a token; None when it is none, or when it has ended."""
    for scope, key, prefix, operations, key_used_at, *columns in sql.rows(FIND, [_hash(token), at, at]):
        user = User.from_row(columns)
        listed = None if key is None else frozenset(operations)
        return AccessToken(user if scope is None else user.narrow(frozenset(scope)), key, prefix, listed, key_used_at)
    return None


def new_token(user: User, *, key: Key | None, scope: frozenset[str], at: datetime) -> str | None:
    """
    Give a token; returns its text, or None when the user's password has changed since it was proven, or the user was
    disabled.

    key    the API key that it is got with; None: the user's password
    scope  permissions that it is narrowed to; none: it is not

    Tokens that have ended are swept away with it, some at a time.
    """
    token = MARK + "".join(secrets.choice(SECRET_LETTERS) for _ in range(SECRET_LENGTH))
    expires_at = at + timedelta(minutes=server_settings().access_token_minutes)
    values = [_hash(token), key.id if key else None, sorted(scope) or None, at, expires_at]
    given = sql.rows(ADD, [*values, user.id, key is not None, user.proof])
    sql.run(SWEEP, [at, SWEPT_AT_ONCE])
    return token if given else None


def _hash(token: str) -> str:
    # A quick hash is enough: nobody can guess 256 random bits, and each call looks its token up by it.
    return sha256(token.encode()).hexdigest()
