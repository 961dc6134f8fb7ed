"""
API keys as a door sees them: a token's key, with the user it acts as, in one statement.

    Authorization: Bearer cp_k3m9x2aq_T0bQ…                   cp_k3m9x2aq is the prefix, the rest the secret
"""

import logging
import re
import secrets
import string
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError

from records import sql
from webservices.access.users import COLUMNS, User

log = logging.getLogger(__name__)

MARK = "cp_"  # by which people, and programs that search for leaked secrets, know our tokens
PREFIX_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is read as another
PREFIX_LENGTH = 8
SECRET_LETTERS = string.ascii_letters + string.digits
SECRET_LENGTH = 43  # 256 bits
TOKEN = re.compile(r"(cp_[a-z0-9]{1,17})_([!-~]{1,200})")
STAMPED_EVERY = timedelta(minutes=1)

KEY = f"""
SELECT k.id, k.prefix, k.hash, k.operations, k.expires_at, k.revoked_at, k.used_at, {COLUMNS}
FROM webservices_apikey k JOIN auth_user u ON u.id = k.user_id
WHERE k.prefix = %s"""  # noqa: S608 - of constants
STAMP = """
UPDATE webservices_apikey SET used_at = %s
WHERE id = (
    SELECT id FROM webservices_apikey
    WHERE id = %s AND (used_at IS NULL OR used_at <= %s)
    FOR NO KEY UPDATE SKIP LOCKED
)"""


@dataclass(frozen=True, slots=True)
class Key:
    """A key as one call sees it; `stored` is the hash of its secret."""

    id: int
    prefix: str
    stored: str
    operations: frozenset[str]
    expires_at: datetime | None
    revoked_at: datetime | None
    used_at: datetime | None
    user: User


def new_token() -> tuple[str, str]:
    """A prefix and a secret; the token is both, with `_` between."""
    prefix = "".join(secrets.choice(PREFIX_LETTERS) for _ in range(PREFIX_LENGTH))
    return MARK + prefix, "".join(secrets.choice(SECRET_LETTERS) for _ in range(SECRET_LENGTH))


def parts_of(token: str) -> tuple[str, str] | None:
    """The prefix and the secret of a token; None when it is none of ours."""
    found = TOKEN.fullmatch(token)
    return (found[1], found[2]) if found else None


def key_of(prefix: str) -> Key | None:
    """The key with this prefix, whatever its state; None when there is none."""
    found = sql.rows(KEY, [prefix])
    return next((Key(*row[:3], frozenset(row[3]), *row[4:7], User.of_row(row[7:])) for row in found), None)


def stamp(key_id: int, used_at: datetime | None, *, at: datetime) -> None:
    """Keep when a key was last used: at most once a minute, waiting for nobody, and failing no call."""
    if used_at is not None and at - used_at < STAMPED_EVERY:
        return
    try:
        sql.run(STAMP, [at, key_id, at - STAMPED_EVERY])
    except DatabaseError:
        log.exception("the last use of API key %s could not be kept", key_id)
