"""
Single-use tickets of the test page: they stand in a password's place, for one call inside this process.

The page is signed in and CSRF-protected and sends through the same endpoint in the same process, so a ticket never
travels and never reaches a table.
"""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from threading import Lock

from records.shapes.lru import LruCache

PREFIX = "ticket-"
LIFETIME = timedelta(seconds=30)
AT_MOST = 1000

_lock = Lock()
_open: LruCache[bytes, tuple[int, datetime]] = LruCache(AT_MOST)


def issue(user_id: int, *, at: datetime) -> str:
    """Return a ticket for one call of this user within LIFETIME."""
    ticket = PREFIX + secrets.token_urlsafe(32)
    with _lock:
        _open.put(_digest(ticket), (user_id, at + LIFETIME))
    return ticket


def use(secret: str, *, at: datetime) -> int | None:
    """Return the id of the user whose ticket this is; None when it is none, was used, or is too old."""
    if not secret.startswith(PREFIX):
        return None
    # Taken out before it is looked at, so that of two calls with one ticket only one gets in.
    with _lock:
        user_id, until = _open.pop(_digest(secret)) or (None, at)
    return user_id if at < until else None


def _digest(ticket: str) -> bytes:
    return sha256(ticket.encode("utf-8", "surrogatepass")).digest()
