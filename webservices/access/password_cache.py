"""
The comparison of secrets with stored hashes, at a cost that no caller can make others pay.

Hashing is slow on purpose. So in one process

    one hash is computed at a time;
    what fitted is known for a minute and what did not for 30 seconds, while the stored hash is the same;
    callers with the credential that is being hashed wait for its result;
    a credential that fitted before waits for its turn, and goes before the strangers;
    strangers are told to come back, and so is, for a second, an address that has just guessed wrong.

What is remembered is an HMAC of the credential under a key of this process, never the secret.
"""

import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from threading import Condition
from time import monotonic

from django.contrib.auth.hashers import check_password, identify_hasher, make_password

from webservices.access.lru import LruCache

KNOWN_FOR = timedelta(minutes=1)
REFUSED_FOR = timedelta(seconds=30)
PAUSE = timedelta(seconds=1)
AT_MOST = 10_000
PATIENCE = 10.0  # seconds that a caller waits for a result or for its turn


class Busy(Exception):
    """Another credential is being verified: come back in `retry_after` seconds."""

    retry_after = 1


class Verifier:
    """The knowledge of one process about credentials; `check(secret, stored)` is the slow comparison."""

    def __init__(self, check: Callable[[str, str], bool]):
        self._check = check
        self._key = secrets.token_bytes(32)
        self._turn = Condition()
        self._hashing: bytes | None = None
        self._waiting = 0  # proven credentials in line
        self._fitted: LruCache[bytes, tuple[str, datetime]] = LruCache(AT_MOST)
        self._refused: LruCache[bytes, tuple[str, datetime]] = LruCache(AT_MOST)
        self._pauses: LruCache[str, datetime] = LruCache(AT_MOST)

    def fits(self, scheme: str, name: str, secret: str, stored: str, *, at: datetime, peer: str = "") -> bool:
        """
        Return True if the secret fits the stored hash; raises Busy.

        scheme, name  tell credentials apart: `password` of `ada`, `key` of `cp_k3m9x2aq`
        peer          the address that is slowed down when the secret is wrong; "": none
        """
        key = self._digest(scheme, name, secret)
        with self._turn:
            known = self._wait_for_turn(key, stored, at, peer)
            if known is not None:
                return known
            self._hashing = key
        # The lock is not held while the hash is computed: what is known already is answered meanwhile.
        fitted = None
        try:
            fitted = self._check(secret, stored)
        finally:
            with self._turn:
                # Also after an error, or no hash would ever be computed again in this process.
                self._hashing = None
                if fitted is not None:
                    self._remember(key, stored, fitted, at, peer)
                self._turn.notify_all()
        return fitted

    def forget(self) -> None:
        """Begin anew, as after a restart."""
        with self._turn:
            for memory in (self._fitted, self._refused, self._pauses):
                memory.clear()

    def _digest(self, *parts: str) -> bytes:
        # With their lengths, so that no two lists of parts give one text.
        text = "".join(f"{len(part)}:{part}" for part in parts)
        return hmac.digest(self._key, text.encode("utf-8", "surrogatepass"), sha256)

    def _wait_for_turn(self, key: bytes, stored: str, at: datetime, peer: str) -> bool | None:
        """Return the result when it is known or becomes known; None when it is this caller's turn to hash."""
        patient_until = monotonic() + PATIENCE
        while True:
            known = self._recall(key, stored, at)
            if known is not None:
                return known
            # A credential that fitted before cannot be a guess, so it may wait; strangers go, or they would fill all
            # threads of the process with waiting.
            proven = self._is_proven(key, stored)
            if self._hashing is None and (proven or not (self._waiting or self._is_paused(peer, at))):
                return None
            if not proven and self._hashing != key:
                raise Busy
            self._wait(patient_until, in_line=proven)

    def _wait(self, until: float, *, in_line: bool) -> None:
        self._waiting += in_line
        try:
            if not self._turn.wait(until - monotonic()):
                raise Busy
        finally:
            self._waiting -= in_line

    def _recall(self, key: bytes, stored: str, at: datetime) -> bool | None:
        for memory, span, result in ((self._fitted, KNOWN_FOR, True), (self._refused, REFUSED_FOR, False)):
            remembered = memory.get(key)
            # The stored hash belongs to what is known: a changed password counts with the next call.
            if remembered and hmac.compare_digest(remembered[0], stored) and at - remembered[1] < span:
                return result
        return None

    def _is_proven(self, key: bytes, stored: str) -> bool:
        remembered = self._fitted.get(key)
        # However long ago: the time only decides whether it is hashed again.
        return remembered is not None and hmac.compare_digest(remembered[0], stored)

    def _is_paused(self, peer: str, at: datetime) -> bool:
        paused = self._pauses.get(peer)
        # A clock that was set back must not lock an address out until it has caught up.
        return paused is not None and timedelta(0) <= at - paused < PAUSE

    def _remember(self, key: bytes, stored: str, fitted: bool, at: datetime, peer: str) -> None:
        if fitted:
            self._fitted.put(key, (stored, at))
        else:
            self._refused.put(key, (stored, at))
            if peer:
                self._pauses.put(peer, at)


def hash_fits(secret: str, stored: str) -> bool:
    """
    Compare a password with its hash as Django does.

    A user who does not exist, or who has no usable password, costs one hash like everybody else.
    """
    nobody = _hash_of_nobody()
    try:
        identify_hasher(stored)
    except ValueError:
        # Django itself would answer at once, and the time would tell which users there are.
        check_password(secret, nobody)
        return False
    return check_password(secret, stored)


@cache
def _hash_of_nobody() -> str:
    return make_password(secrets.token_urlsafe(32))


VERIFIER = Verifier(hash_fits)
