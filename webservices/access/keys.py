"""
API keys as calls see them: a token's key, with the user it acts as, in one statement.

    Authorization: Bearer cp_k3m9x2aq_T0bQ…                   cp_k3m9x2aq is the prefix, the rest the secret
"""

import re
import secrets
import string
from dataclasses import dataclass
from datetime import datetime

from records import sql
from webservices.access.last_used import LastUsedColumn
from webservices.access.users import COLUMNS, User

MARK = "cp_"  # by which people, and programs that search for leaked secrets, know our tokens
PREFIX_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is read as another
PREFIX_LENGTH = 8
SECRET_LETTERS = string.ascii_letters + string.digits
SECRET_LENGTH = 43  # 256 bits
TOKEN = re.compile(r"(cp_[a-z0-9]{1,17})_([!-~]{1,200})")

KEY = f"""
SELECT k.id, k.name, k.prefix, k.hash, k.operations, k.expires_at, k.revoked_at, k.used_at, {COLUMNS}
FROM webservices_apikey k JOIN auth_user u ON u.id = k.user_id
WHERE k.prefix = %s"""  # noqa: S608 - of constants
LAST_USED = LastUsedColumn("webservices_apikey", "used_at", "API key")


@dataclass(frozen=True, slots=True)
class Key:
    """An API key as one call sees it; `stored` is the hash of its secret."""

    id: int
    name: str
    prefix: str
    stored: str
    operations: frozenset[str]
    expires_at: datetime | None
    revoked_at: datetime | None
    used_at: datetime | None
    user: User


def new_token() -> tuple[str, str]:
    """Return a prefix and a secret; the token is both, with `_` between."""
    prefix = "".join(secrets.choice(PREFIX_LETTERS) for _ in range(PREFIX_LENGTH))
    return MARK + prefix, "".join(secrets.choice(SECRET_LETTERS) for _ in range(SECRET_LENGTH))


def parse_token(token: str) -> tuple[str, str] | None:
    """Return the prefix and the secret of a token; None when it is none of ours."""
    found = TOKEN.fullmatch(token)
    return (found[1], found[2]) if found else None


def find_key(prefix: str) -> Key | None:
    """Return the key with this prefix, revoked and expired ones too; None when there is none."""
    for id, name, own_prefix, stored, operations, expires_at, revoked_at, used_at, *user in sql.rows(KEY, [prefix]):
        owner = User.from_row(user)
        return Key(id, name, own_prefix, stored, frozenset(operations), expires_at, revoked_at, used_at, owner)
    return None
